//! Where pages go: a push service, a mail server and a gateway for text messages, all of them in a bad mood until they
//! are told to be kind.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::trail::Name;
use crate::mail_sink::MailSink;
use crate::sink::{Mood, Reply, Sink};

/// What the relay and the gateway have agreed on.
pub(super) const SECRET: &str = "een afgesproken geheim van de poort";
const GATEWAY_PATH: &str = "/gateway";

/// All of them.
#[derive(Clone)]
pub(super) struct Sinks {
    pub(super) push: Sink,
    pub(super) gateway: Sink,
    pub(super) mail: MailSink,
}

/// What a page came over.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    Push,
    Mail,
    Text,
}

/// What came under one name.
#[derive(Clone, Debug)]
pub(super) struct Landed {
    pub(super) kind: Kind,
    /// For whom.
    pub(super) to: String,
    /// How often it came.
    pub(super) times: usize,
    /// How often it was taken.
    pub(super) taken: usize,
    /// It was refused for good.
    pub(super) refused: bool,
}

impl Sinks {
    pub(super) async fn start() -> Self {
        Self { push: Sink::start().await, gateway: Sink::start().await, mail: MailSink::start().await }
    }

    /// What the relay must be told to find them.
    pub(super) fn arguments(&self, folder: &Path) -> Vec<OsString> {
        let secret = folder.join("gateway-secret");
        std::fs::write(&secret, SECRET).expect("a file");
        let (push, gateway, mail) = (self.push.address(), self.gateway.address(), self.mail.address());
        vec![
            "--push-host-here".into(),
            push.to_string().into(),
            "--gateway".into(),
            format!("http://{gateway}{GATEWAY_PATH}").into(),
            "--gateway-secret".into(),
            secret.into(),
            "--mail".into(),
            format!("smtp://{mail}").into(),
            "--mail-from".into(),
            "piket@example.org".into(),
        ]
    }

    /// From now on they fail, hang and hang up as the seed says.
    pub(super) fn turn_moody(&self, seed: u64) {
        let rng = Arc::new(Mutex::new(StdRng::seed_from_u64(seed)));
        let mood = || {
            let rng = rng.clone();
            Some(Box::new(move || drawn(&mut rng.lock().unwrap_or_else(PoisonError::into_inner))) as Mood)
        };
        self.push.is_in(mood());
        self.gateway.is_in(mood());
        self.mail.is_in(mood());
    }

    /// From now on they take everything.
    pub(super) fn turn_kind(&self) {
        self.push.is_in(None);
        self.gateway.is_in(None);
        self.mail.is_in(None);
    }

    /// Everything that came, by its name. What has none is under the empty one.
    pub(super) fn landed(&self) -> BTreeMap<Name, Landed> {
        let mut landed = BTreeMap::new();
        let mut lands = |kind, to: &str, name: Option<&str>, reply: Reply| {
            let name = name.and_then(|name| URL_SAFE_NO_PAD.decode(name).ok()).unwrap_or_default();
            let (to, it) = (to.to_owned(), landed.entry(name));
            let it = it.or_insert_with(|| Landed { kind, to, times: 0, taken: 0, refused: false });
            it.times += 1;
            it.taken += usize::from(reply.takes());
            it.refused |= matches!(reply, Reply::Status(400..=499));
        };
        for came in self.push.came() {
            lands(Kind::Push, &came.path, came.headers.get("topic").map(String::as_str), came.reply);
        }
        for came in self.gateway.came() {
            let to = text(&came.body).map(|(to, _)| to).unwrap_or_default();
            lands(Kind::Text, &to, came.headers.get("webhook-id").map(String::as_str), came.reply);
        }
        for mail in self.mail.came() {
            lands(Kind::Mail, &mail.to, mail.name(), mail.reply);
        }
        landed
    }
}

/// To which number the gateway was asked to send, and with what it answers for it.
pub(super) fn text(body: &[u8]) -> Option<(String, String)> {
    let said: serde_json::Value = serde_json::from_slice(body).ok()?;
    Some((said["to"].as_str()?.to_owned(), said["ref"].as_str()?.to_owned()))
}

// A little more than half is taken at once.
fn drawn(rng: &mut StdRng) -> Reply {
    match rng.random_range(0..100) {
        0..55 => Reply::Status(201),
        55..65 => Reply::Status(503),
        65..70 => Reply::Status(500),
        70..76 => Reply::SlowDown(1),
        76..78 => Reply::Status(403),
        78..89 => Reply::Hang,
        _ => Reply::Drop,
    }
}
