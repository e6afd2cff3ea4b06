//! Carries pages out of the building: Web Push, mail, and a gateway for text messages and phone calls.
//!
//! Every page says the same in the same size, whatever the case and for exercises too. Each sender has its own hard time
//! limit: what has not answered by then may have been taken, and is sent again under the same page id.

pub mod gateway;
pub mod mail;
pub mod push;
pub mod vapid;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotgenoot_core::outbox::{Job, Sent};
use lotgenoot_protocol::channel::Way;
use lotgenoot_protocol::{Refused, Timestamp};
use tokio::sync::Semaphore;

use crate::clock;
use crate::config::Paging;
use crate::store::Broken;

pub use gateway::{Callback, STATUS_PATH, Status};
pub use vapid::VapidKey;

/// The one wording of a page (`escalation.md`, channels).
pub const TITLE: &str = "Piketdienst";
/// What it says.
pub const BODY: &str = "Er wacht een oproep. Open de app.";
/// What stands in its place on a device when nobody need come any more, without a sound.
pub const OVER: &str = "Er wacht nu geen oproep voor jou.";

// Both together are less than a lease.
const TIME_LIMIT: Duration = Duration::from_secs(8);
const QUEUE_LIMIT: Duration = Duration::from_secs(10);
const PUSHES_AT_ONCE: usize = 64;
const MAILS_AT_ONCE: usize = 8;
const CALLS_AT_ONCE: usize = 16;

/// All senders.
pub struct Pager {
    push: push::Sender,
    mail: Option<mail::Sender>,
    gateway: Option<gateway::Sender>,
    pushes: Semaphore,
    mails: Semaphore,
    calls: Semaphore,
}

impl Pager {
    /// The senders that the operator has set up. `key` signs for push services, `host` is what people call this relay.
    pub fn new(paging: &Paging, key: VapidKey, host: &str) -> Result<Self, Broken> {
        provide_cryptography();
        Ok(Self {
            push: push::Sender::new(paging, key, host)?,
            mail: paging.mail.as_ref().map(|url| mail::Sender::new(url, paging, host)).transpose()?,
            gateway: paging
                .gateway
                .as_ref()
                .map(|url| gateway::Sender::new(url, paging, host))
                .transpose()?,
            pushes: Semaphore::new(PUSHES_AT_ONCE),
            mails: Semaphore::new(MAILS_AT_ONCE),
            calls: Semaphore::new(CALLS_AT_ONCE),
        })
    }

    /// The key browsers subscribe with.
    pub fn push_key(&self) -> Vec<u8> {
        self.push.public_key()
    }

    /// Whether it can send mail.
    pub fn mails(&self) -> bool {
        self.mail.is_some()
    }

    /// The gateway, if there is one.
    pub fn gateway(&self) -> Option<&gateway::Sender> {
        self.gateway.as_ref()
    }

    /// Whether this relay can and may call somebody this way.
    pub fn check(&self, way: &Way) -> Result<(), Refused> {
        match way {
            Way::Push(subscription) => self.push.check(subscription),
            Way::Mail(address) => match &self.mail {
                Some(_) => mail::check(address),
                None => Err(Refused::invalid("this relay sends no mail")),
            },
            Way::Text(number) | Way::Voice(number) => match &self.gateway {
                Some(_) => gateway::check(number),
                None => Err(Refused::invalid("this relay has no gateway for text messages and phone calls")),
            },
        }
    }

    /// Sends one message. Never takes longer than a lease.
    pub async fn send(&self, job: &Job) -> Sent {
        let many = match &job.way {
            Way::Push(_) => &self.pushes,
            Way::Mail(_) => &self.mails,
            Way::Text(_) | Way::Voice(_) => &self.calls,
        };
        // Whose turn did not come was not tried: that says nothing of the address.
        let Ok(Ok(_permit)) = tokio::time::timeout(QUEUE_LIMIT, many.acquire()).await else {
            return Sent::Untried;
        };
        let sending = async {
            match (&job.way, &self.mail, &self.gateway) {
                (Way::Push(subscription), _, _) => {
                    self.push.send(subscription, job, clock::now(), clock::machine()).await
                }
                (Way::Mail(address), Some(mail), _) => mail.send(address, job).await,
                (Way::Text(number), _, Some(gateway)) => {
                    gateway.send(number, gateway::Kind::Text, job, clock::now(), clock::machine()).await
                }
                (Way::Voice(number), _, Some(gateway)) => {
                    gateway.send(number, gateway::Kind::Voice, job, clock::now(), clock::machine()).await
                }
                (Way::Mail(_) | Way::Text(_) | Way::Voice(_), _, _) => Sent::Ours,
            }
        };
        tokio::time::timeout(TIME_LIMIT, sending).await.unwrap_or(Sent::Later(None))
    }
}

// `anywhere`: in our own network too, because the operator has named a host there.
pub(crate) fn http_client(anywhere: bool) -> Result<reqwest::Client, Broken> {
    provide_cryptography();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(TIME_LIMIT)
        .dns_resolver(std::sync::Arc::new(push::PublicOnly { anywhere }))
        .build()
        .map_err(|error| Broken::new(format!("no HTTP client can be made: {error}")))
}

// Two libraries below ask for one, whoever of them is made first; ours is the one that TLS is served with.
fn provide_cryptography() {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
}

// What an HTTP answer means for a page (study, retry matrix). `names`: the address is the receiver's own, and may be gone.
fn outcome(names: bool, status: reqwest::StatusCode, retry_after: Option<u64>) -> Sent {
    match status.as_u16() {
        200..=299 => Sent::Accepted,
        404 | 410 if names => Sent::Gone,
        // A gateway that is being moved, or its proxy: nobody's number is wrong.
        404 | 410 => Sent::Later(None),
        429 => Sent::Later(retry_after.map(|seconds| seconds.saturating_mul(1000))),
        408 | 500..=599 => Sent::Later(None),
        _ => Sent::Ours,
    }
}

fn retry_after(response: &reqwest::Response) -> Option<u64> {
    response.headers().get(reqwest::header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

fn seconds_left(until: Timestamp, now: Timestamp) -> u64 {
    (until.ms_since(now) / 1000).max(1)
}

fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
