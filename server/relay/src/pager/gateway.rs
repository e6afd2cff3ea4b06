//! Text messages and phone calls, by whatever gateway the organisation has: one signed request each, in the manner of
//! Standard Webhooks, and a signed word back when it was delivered or seen.
//!
//! ```text
//! POST <gateway>
//! webhook-id: <name>                   the same for every attempt
//! webhook-timestamp: <seconds>
//! webhook-signature: v1,<base64 of HMAC-SHA256(secret, id "." timestamp "." body)>
//! {"kind":"text","to":"+31…","text":"Piketdienst: er wacht een oproep. Open de app.","reply_to":"https://…/page/status","ref":"…","valid_seconds":170}
//! ```
//!
//! The gateway answers at `reply_to` with the same three headers and `{"ref":"…","status":"delivered"|"seen"|"failed"}`.
//! *Seen* is a reply or a key that was pressed. It never takes a call: numbers can be forged.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use lotgenoot_core::outbox::{Handle, Job, Sent};
use lotgenoot_protocol::{Refused, Timestamp};
use serde::Deserialize;
use sha2::Sha256;

use super::{base64url, http_client, outcome, retry_after, seconds_left};
use crate::config::Paging;
use crate::store::Broken;

/// Where the gateway answers.
pub const STATUS_PATH: &str = "/page/status";
const TEXT: &str = "Piketdienst: er wacht een oproep. Open de app.";
const SPOKEN: &str = "Dit is de piketdienst. Er wacht een oproep. Toets 1 als u dit gehoord heeft.";
// A word that is older, or newer, than this is not believed: somebody may say it again.
const SKEW_SECONDS: u64 = 300;

/// How the gateway is to reach somebody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A text message.
    Text,
    /// A phone call.
    Voice,
}

/// Talks to the gateway.
pub struct Sender {
    client: reqwest::Client,
    url: reqwest::Url,
    secret: Vec<u8>,
    reply_to: String,
}

/// What the gateway says of a page.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Callback {
    /// Of which.
    pub handle: Handle,
    /// What.
    pub status: Status,
}

/// How far a page came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// It is said to be on the phone. Nobody believes that much: providers say so of messages that never came.
    Delivered,
    /// Somebody there has seen or heard it.
    Seen,
    /// It did not come.
    Failed,
}

#[derive(Deserialize)]
struct Said {
    r#ref: String,
    status: String,
}

impl Sender {
    /// The gateway at `url`, with the secret that was agreed with it.
    pub fn new(url: &str, paging: &Paging, host: &str) -> Result<Self, Broken> {
        let parsed = reqwest::Url::parse(url)
            .map_err(|error| Broken::new(format!("--gateway {url:?} is no address: {error}")))?;
        let path = paging.gateway_secret.as_ref().ok_or_else(|| {
            Broken::new("--gateway needs --gateway-secret: a file with the secret agreed with the gateway, 24 bytes or more")
        })?;
        let secret = std::fs::read(path)
            .map_err(|error| Broken::new(format!("{} cannot be read: {error}", path.display())))?;
        let secret = secret.trim_ascii().to_vec();
        if secret.len() < 24 {
            return Err(Broken::new(format!(
                "{} holds fewer than 24 bytes: draw a longer secret",
                path.display()
            )));
        }
        let reply_to = format!("https://{host}{STATUS_PATH}");
        Ok(Self { client: http_client(true)?, url: parsed, secret, reply_to })
    }

    /// Sends one page: what it is worth is counted by the relay's time, `now`, and who sends it is judged by the machine's.
    pub async fn send(
        &self,
        number: &str,
        kind: Kind,
        job: &Job,
        now: Timestamp,
        machine: Timestamp,
    ) -> Sent {
        let (kind, text) = match kind {
            Kind::Text => ("text", TEXT),
            Kind::Voice => ("voice", SPOKEN),
        };
        let body = serde_json::json!({
            "kind": kind,
            "to": number,
            "text": text,
            "reply_to": self.reply_to,
            "ref": base64url(&job.handle.0),
            // A page that comes hours later is worse than none.
            "valid_seconds": seconds_left(job.until, now),
        })
        .to_string();
        let id = base64url(&job.name);
        let seconds = (machine.0 / 1000).to_string();
        let signature = self.sign(&id, &seconds, body.as_bytes());
        let request = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", format!("v1,{}", STANDARD.encode(signature)))
            .body(body);
        match request.send().await {
            Ok(response) => outcome(false, response.status(), retry_after(&response)),
            Err(error) => {
                tracing::debug!(error = %error.without_url(), "the gateway was not reached");
                Sent::Later(None)
            }
        }
    }

    /// What the gateway says, if it is the gateway.
    pub fn hears(
        &self,
        id: &str,
        seconds: &str,
        signatures: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Option<Callback> {
        let said_at: u64 = seconds.parse().ok()?;
        if said_at.abs_diff(now.0 / 1000) > SKEW_SECONDS {
            return None;
        }
        let mac = self.mac(id, seconds, body);
        let signed = signatures.split(' ').filter_map(|it| STANDARD.decode(it.strip_prefix("v1,")?).ok());
        if !signed.into_iter().any(|signature| mac.clone().verify_slice(&signature).is_ok()) {
            return None;
        }
        let said: Said = serde_json::from_slice(body).ok()?;
        let status = match said.status.as_str() {
            "delivered" => Status::Delivered,
            "seen" => Status::Seen,
            "failed" => Status::Failed,
            _ => return None,
        };
        let handle = URL_SAFE_NO_PAD.decode(said.r#ref).ok()?.try_into().ok()?;
        Some(Callback { handle: Handle(handle), status })
    }

    fn sign(&self, id: &str, seconds: &str, body: &[u8]) -> Vec<u8> {
        self.mac(id, seconds, body).finalize().into_bytes().to_vec()
    }

    fn mac(&self, id: &str, seconds: &str, body: &[u8]) -> Hmac<Sha256> {
        // Keys of every length are taken.
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { unreachable!() };
        mac.chain_update(id).chain_update(".").chain_update(seconds).chain_update(".").chain_update(body)
    }
}

/// Whether this is a phone number as E.164 writes it.
pub fn check(number: &str) -> Result<(), Refused> {
    let digits = number.strip_prefix('+').unwrap_or_default();
    // Nobody is ever paged at an emergency number, and no short number is a colleague's.
    let is = (8..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    if is { Ok(()) } else { Err(Refused::invalid("no phone number: write it like +31612345678")) }
}
