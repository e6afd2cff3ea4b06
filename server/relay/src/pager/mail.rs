//! Mail, by lettre. Its own time limit covers only the connect, so [`super::Pager::send`] has one around it.

use lettre::message::Mailbox;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{Address, AsyncTransport, Message, Tokio1Executor};
use lotgenoot_core::outbox::{Job, Sent};
use lotgenoot_protocol::Refused;

use super::{BODY, base64url};
use crate::config::Paging;
use crate::store::Broken;

const SUBJECT: &str = "Piketbericht";
const ADDRESS_BYTES_MAX: usize = 254;

/// Sends mail.
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Sender {
    /// Through the server at `url`: `smtps://user:password@host`, `smtp://host:25?tls=required`, or `smtp://127.0.0.1:25`.
    pub fn new(url: &str, paging: &Paging, host: &str) -> Result<Self, Broken> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The address may hold a password, so it is not repeated.
            .map_err(|error| Broken::new(format!("--mail is no address of a mail server: {error}")))?
            .build();
        let from = paging.mail_from.as_deref().unwrap_or_default();
        let from = from
            .parse()
            .map_err(|error| Broken::new(format!("--mail-from {from:?} is no mail address: {error}")))?;
        Ok(Self { transport, from: Mailbox::new(None, from), host: host.to_owned() })
    }

    /// Sends one page.
    pub async fn send(&self, to: &str, job: &Job) -> Sent {
        let Ok(to) = to.parse::<Address>() else { return Sent::Gone };
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            // A repeat is the same message.
            .message_id(Some(format!("<{}@{}>", base64url(&job.name), self.host)))
            .subject(SUBJECT)
            .body(format!("{BODY}\n"));
        let Ok(message) = message else { return Sent::Ours };
        match self.transport.send(message).await {
            Ok(_) => Sent::Accepted,
            // Refused for good: the mailbox (RFC 3463, 5.1.x), or us, and then an operator must look.
            Err(error) if error.is_permanent() => {
                if error.to_string().contains(" 5.1.") {
                    Sent::Gone
                } else {
                    Sent::Ours
                }
            }
            Err(error) => {
                tracing::debug!(
                    transient = error.is_transient(),
                    timeout = error.is_timeout(),
                    "a mail was not taken"
                );
                Sent::Later(None)
            }
        }
    }
}

/// Whether this is a mail address.
pub fn check(address: &str) -> Result<(), Refused> {
    let is = address.len() <= ADDRESS_BYTES_MAX && address.parse::<Address>().is_ok();
    if is { Ok(()) } else { Err(Refused::invalid("no mail address")) }
}
