//! What a relay sends pages to: an HTTP server that writes everything down and answers as it is told. On top of it a
//! push service that checks who sends (RFC 8292) and can decrypt what it gets (RFC 8291).

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use lotgenoot_client::messages::Way;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use web_push_native::{Auth, p256 as keys};

const PATIENCE: Duration = Duration::from_secs(30);

/// How a request is answered.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// With this status.
    Status(u16),
    /// 429, after so many seconds.
    SlowDown(u64),
    /// Not at all.
    Hang,
    /// By hanging up.
    Drop,
}

impl Reply {
    /// Whether it says that what came was taken.
    pub fn takes(self) -> bool {
        matches!(self, Self::Status(200..=299))
    }
}

/// Says how the next request is answered.
pub type Mood = Box<dyn FnMut() -> Reply + Send>;

/// A request that came.
#[derive(Clone, Debug)]
pub struct Came {
    /// Its path.
    pub path: String,
    /// Its headers, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
    /// When.
    pub at: Instant,
    /// How it was answered.
    pub reply: Reply,
}

#[derive(Default)]
struct State {
    came: Vec<Came>,
    taken: usize,
    replies: BTreeMap<String, VecDeque<Reply>>,
    mood: Option<Mood>,
}

/// An HTTP server on this machine.
#[derive(Clone)]
pub struct Sink {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
}

impl Sink {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let sink = Self { address, state: Arc::default(), changed: Arc::default() };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let sink = serving.clone();
                tokio::spawn(async move {
                    let answer = |request| {
                        let sink = sink.clone();
                        async move { sink.answer(request).await }
                    };
                    let served = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(socket), service_fn(answer));
                    // Whoever sends may hang up.
                    let _gone = served.await;
                });
            }
        });
        sink
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How the next requests to `path` are answered, one after another; then 201 again.
    pub fn replies(&self, path: &str, replies: impl IntoIterator<Item = Reply>) {
        self.state().replies.entry(path.to_owned()).or_default().extend(replies);
    }

    /// How requests are answered from now on, where nothing else was said; without a mood, 201.
    pub fn is_in(&self, mood: Option<Mood>) {
        self.state().mood = mood;
    }

    /// Everything that came until now.
    pub fn came(&self) -> Vec<Came> {
        self.state().came.clone()
    }

    /// Everything that came after the first so many, once there is something; it is not taken by that.
    pub async fn came_since(&self, many: usize) -> Vec<Came> {
        loop {
            let changed = self.changed.notified();
            let came = self.state().came.get(many..).unwrap_or_default().to_vec();
            if !came.is_empty() {
                return came;
            }
            changed.await;
        }
    }

    /// The next request that nobody has taken yet.
    ///
    /// # Panics
    /// If there is none within half a minute.
    pub async fn next(&self, what: &str) -> Came {
        let came = timeout_at(Instant::now() + PATIENCE, self.next_ever()).await;
        came.unwrap_or_else(|_| panic!("nothing came within {PATIENCE:?}: {what}"))
    }

    /// The same, however long it takes.
    pub async fn next_ever(&self) -> Came {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state();
                if let Some(came) = state.came.get(state.taken).cloned() {
                    state.taken += 1;
                    return came;
                }
            }
            changed.await;
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, HungUp> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
        let headers = head
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
        let path = head.uri.path().to_owned();
        let headers = headers.collect();
        let reply = {
            let mut state = self.state();
            let told = state.replies.get_mut(&path).and_then(VecDeque::pop_front);
            let reply = told.or_else(|| state.mood.as_mut().map(|mood| mood())).unwrap_or(Reply::Status(201));
            state.came.push(Came { path, headers, body, at: Instant::now(), reply });
            reply
        };
        self.changed.notify_waiters();
        let mut response = Response::new(Full::default());
        match reply {
            Reply::Status(status) => *response.status_mut() = StatusCode::from_u16(status).expect("a status"),
            Reply::SlowDown(seconds) => {
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                response.headers_mut().insert("retry-after", seconds.to_string().parse().expect("a number"));
            }
            Reply::Hang => std::future::pending().await,
            Reply::Drop => return Err(HungUp),
        }
        Ok(response)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("nobody panics with it")
    }
}

#[derive(Debug)]
struct HungUp;

impl std::fmt::Display for HungUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("hung up")
    }
}

impl std::error::Error for HungUp {}

/// A browser that has subscribed at a push service.
pub struct Browser {
    secret: keys::SecretKey,
    auth: [u8; 16],
    path: String,
    service: SocketAddr,
    relay_key: Vec<u8>,
}

/// A page as a browser reads it.
#[derive(Clone, Debug)]
pub struct Page {
    /// What it says, with its padding.
    pub plain: Vec<u8>,
    /// With what the device answers.
    pub handle: String,
    /// Ring, or stop ringing.
    pub over: bool,
    /// When that was decided.
    pub at: u64,
    /// What the push service knows a repeat by.
    pub topic: String,
}

impl Browser {
    /// A browser that subscribes at `service` for the relay whose key this is.
    pub fn subscribe(service: &Sink, name: &str, relay_key: &[u8]) -> Self {
        let secret = std::iter::repeat_with(rand::random::<[u8; 32]>)
            .find_map(|bytes| keys::SecretKey::from_slice(&bytes).ok())
            .expect("a key");
        let path = format!("/push/{name}");
        Self { secret, auth: rand::random(), path, service: service.address(), relay_key: relay_key.to_vec() }
    }

    /// What it tells its relay.
    pub fn way(&self) -> Way {
        Way::Push {
            endpoint: format!("http://{}{}", self.service, self.path),
            key: self.secret.public_key().to_sec1_bytes().to_vec(),
            auth: self.auth.to_vec(),
        }
    }

    /// Its path at the push service.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Reads what came for it.
    ///
    /// # Panics
    /// If it was not for it, not by its relay, or not as the standards want it.
    pub fn reads(&self, came: &Came) -> Page {
        assert_eq!(came.path, self.path, "it is for another browser");
        let header = |name: &str| came.headers.get(name).unwrap_or_else(|| panic!("no {name}: {came:?}"));
        assert_eq!(header("content-encoding"), "aes128gcm");
        assert_eq!(header("urgency"), "high");
        let ttl: u64 = header("ttl").parse().expect("seconds");
        assert!((1..=180).contains(&ttl), "a page that comes later is worth nothing: {ttl}");
        self.check_sender(header("authorization"));
        let auth = Auth::clone_from_slice(&self.auth);
        let plain = web_push_native::decrypt(came.body.clone(), &self.secret, &auth).expect("it decrypts");
        let said: serde_json::Value = serde_json::from_slice(&plain).expect("JSON");
        Page {
            handle: said["h"].as_str().expect("a handle").to_owned(),
            over: said["k"] == 1,
            at: said["t"].as_u64().expect("a time"),
            topic: header("topic").clone(),
            plain,
        }
    }

    // RFC 8292: a token for this push service, signed by the key it subscribed with, for a day at most.
    fn check_sender(&self, authorization: &str) {
        let rest = authorization.strip_prefix("vapid ").expect("the vapid scheme");
        let mut fields = rest.split(", ").filter_map(|field| field.split_once('='));
        let (_, token) = fields.find(|(name, _)| *name == "t").expect("a token");
        let (_, key) = fields.find(|(name, _)| *name == "k").expect("a key");
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        assert_eq!(decode(key), self.relay_key, "another relay's");
        let (signed, signature) = token.rsplit_once('.').expect("a JWT");
        let key = VerifyingKey::from_sec1_bytes(&self.relay_key).expect("a key");
        let signature = Signature::from_slice(&decode(signature)).expect("a signature");
        key.verify(signed.as_bytes(), &signature).expect("the relay signed it");
        let (_, claims) = signed.split_once('.').expect("a JWT");
        let claims: serde_json::Value = serde_json::from_slice(&decode(claims)).expect("JSON");
        assert_eq!(claims["aud"], format!("http://{}", self.service));
        let left = claims["exp"].as_u64().expect("a time") - crate::organisation::now().0 / 1000;
        assert!(left <= 24 * 3600, "push services refuse more than a day: {left}");
        let contact = claims["sub"].as_str().expect("a contact");
        assert!(contact.starts_with("https://") || contact.starts_with("mailto:"), "{contact}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    // Sender and receiver are of one library here: that both do as others do is seen by what somebody else has sealed.
    #[test]
    fn the_message_that_rfc_8291_gives_as_an_example_is_read() {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
        let secret = keys::SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"));
        let secret = secret.expect("a key");
        let public =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        assert_eq!(secret.public_key().to_sec1_bytes()[..], bytes(public));
        let auth = Auth::clone_from_slice(&bytes("BTBZMqHH6r4Tts7J_aSIgg"));
        let sealed = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        let plain = web_push_native::decrypt(bytes(sealed), &secret, &auth).expect("it decrypts");
        assert_eq!(plain, b"When I grow up, I want to be a watermelon");
    }
}
