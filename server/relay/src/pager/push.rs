//! Web Push: RFC 8030 over RFC 8291, always in one size.
//!
//! The address of a subscription is what a browser was told by its maker, but it is also what somebody sends us: only
//! push services the operator knows are talked to, never an address inside our own network.

use std::net::{IpAddr, SocketAddr};

use lotgenoot_core::outbox::{Job, Sent};
use lotgenoot_protocol::channel::PushSubscription;
use lotgenoot_protocol::{Refused, Timestamp};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use web_push_native::{Auth, p256};

use super::{BODY, OVER, TITLE, VapidKey, base64url, http_client, outcome, retry_after, seconds_left};
use crate::config::Paging;
use crate::store::Broken;

/// How long every page is before it is encrypted, in bytes.
pub const PLAIN_BYTES: usize = 512;
// The push services of the makers of browsers. A dot in front: any host below it.
const SERVICES: [&str; 4] =
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", ".push.apple.com", ".notify.windows.com"];
const ENDPOINT_BYTES_MAX: usize = 1024;

/// Sends to browsers.
pub struct Sender {
    client: reqwest::Client,
    key: VapidKey,
    contact: String,
    open: String,
    services: Vec<String>,
    here: Vec<String>,
}

impl Sender {
    /// With the relay's key. `host` is where a tap leads.
    pub fn new(paging: &Paging, key: VapidKey, host: &str) -> Result<Self, Broken> {
        let known = SERVICES.iter().map(|service| (*service).to_owned());
        Ok(Self {
            client: http_client(!paging.push_hosts_here.is_empty())?,
            key,
            contact: paging.contact.clone().unwrap_or_else(|| format!("https://{host}")),
            open: format!("https://{host}/"),
            services: known.chain(paging.push_hosts.iter().cloned()).collect(),
            here: paging.push_hosts_here.clone(),
        })
    }

    /// The key browsers subscribe with.
    pub fn public_key(&self) -> Vec<u8> {
        self.key.public()
    }

    /// Whether this may be talked to at all.
    pub fn check(&self, subscription: &PushSubscription) -> Result<(), Refused> {
        self.address(&subscription.endpoint)?;
        p256::PublicKey::from_sec1_bytes(&subscription.key)
            .map_err(|_| Refused::invalid("a subscription without a P-256 key"))?;
        if subscription.auth.len() != 16 {
            return Err(Refused::invalid("a subscription whose secret has not 16 bytes"));
        }
        Ok(())
    }

    fn address(&self, endpoint: &str) -> Result<Url, Refused> {
        let unknown = || Refused::invalid("a push service that this relay does not know");
        if endpoint.len() > ENDPOINT_BYTES_MAX {
            return Err(unknown());
        }
        let url = Url::parse(endpoint).map_err(|_| unknown())?;
        let host = url.host_str().ok_or_else(unknown)?.to_ascii_lowercase();
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        if with_port.is_some_and(|host| self.here.contains(&host)) {
            return Ok(url);
        }
        let is = |service: &String| match service.strip_prefix('.') {
            Some(parent) => {
                host.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
            }
            None => host == *service,
        };
        let plain = url.scheme() == "https" && url.port().is_none() && url.username().is_empty();
        if plain && self.services.iter().any(is) { Ok(url) } else { Err(unknown()) }
    }

    /// Sends one page. How long it is worth something is counted by the relay's time, `now`; the push service judges who sends it
    /// by its own, which is the machine's if anybody's.
    pub async fn send(&self, to: &PushSubscription, job: &Job, now: Timestamp, machine: Timestamp) -> Sent {
        let Ok(url) = self.address(&to.endpoint) else { return Sent::Ours };
        let Ok(key) = p256::PublicKey::from_sec1_bytes(&to.key) else { return Sent::Gone };
        if to.auth.len() != 16 {
            return Sent::Gone;
        }
        let Ok(sealed) = web_push_native::encrypt(self.page(job), &key, &Auth::clone_from_slice(&to.auth))
        else {
            return Sent::Ours;
        };
        let origin = url.origin().ascii_serialization();
        let request = self
            .client
            .post(url)
            .header("TTL", seconds_left(job.until, now))
            .header("Urgency", "high")
            .header("Topic", base64url(&job.name))
            .header("Content-Encoding", "aes128gcm")
            .header("Content-Type", "application/octet-stream")
            .header("Authorization", self.key.authorization(&origin, &self.contact, machine.0 / 1000))
            .body(sealed);
        match request.send().await {
            Ok(response) => outcome(true, response.status(), retry_after(&response)),
            Err(error) => {
                tracing::debug!(error = %error.without_url(), "a push service was not reached");
                Sent::Later(None)
            }
        }
    }

    // Browsers that know Declarative Web Push show it even when our own worker is gone.
    fn page(&self, job: &Job) -> Vec<u8> {
        let (handle, at) = (base64url(&job.handle.0), job.at.0);
        let page = if job.over {
            let notification = serde_json::json!({ "title": TITLE, "body": OVER, "silent": true });
            serde_json::json!({ "notification": notification, "v": 1, "k": 1, "h": handle, "t": at })
        } else {
            let notification = serde_json::json!({ "title": TITLE, "body": BODY, "navigate": self.open });
            serde_json::json!({ "web_push": 8030, "notification": notification, "v": 1, "k": 0, "h": handle, "t": at })
        };
        padded(page.to_string().into_bytes())
    }
}

fn padded(mut page: Vec<u8>) -> Vec<u8> {
    debug_assert!(page.len() <= PLAIN_BYTES, "every page fits");
    page.resize(PLAIN_BYTES.max(page.len()), b' ');
    page
}

/// Looks names up, and gives only addresses outside our own network.
pub(super) struct PublicOnly {
    pub(super) anywhere: bool,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let anywhere = self.anywhere;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|at| anywhere || is_public(at.ip())).collect();
            if allowed.is_empty() {
                return Err("no address outside our own network".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            !(v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || shared)
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public(IpAddr::V4(v4)),
            None => {
                !(v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
                    || v6.is_multicast())
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sender() -> Sender {
        let paging = Paging { push_hosts_here: vec!["127.0.0.1:4000".to_owned()], ..Paging::default() };
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let key = VapidKey::from_bytes(&[7; 32]).expect("a key");
        Sender::new(&paging, key, "praat.example").expect("a sender")
    }

    #[test]
    fn only_push_services_that_are_known_are_talked_to() {
        let sender = sender();
        for known in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://web.push.apple.com/abc",
            "https://wns2-am3p.notify.windows.com/w/?token=abc",
            "http://127.0.0.1:4000/abc",
        ] {
            assert!(sender.address(known).is_ok(), "{known}");
        }
        for other in [
            "https://evil.example/a.push.apple.com/",
            "https://push.apple.com.evil.example/",
            "https://evilpush.apple.com/",
            "https://.push.apple.com/",
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/abc",
            "https://fcm.googleapis.com@evil.example/",
            "https://somebody@fcm.googleapis.com/",
            "https://127.0.0.1/abc",
            "http://127.0.0.1:4001/abc",
            "file:///etc/passwd",
            "",
        ] {
            assert!(sender.address(other).is_err(), "{other}");
        }
    }

    #[test]
    fn our_own_network_is_never_called() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["8.8.8.8", "100.128.0.1", "2a00:1450::1"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }

    #[test]
    fn every_page_is_of_one_size() {
        use lotgenoot_core::outbox::Handle;
        use lotgenoot_protocol::channel::Way;
        let job = |over| Job {
            sendings: Vec::new(),
            way: Way::Mail(String::new()),
            name: [1; 16],
            handle: Handle([3; 16]),
            until: Timestamp(0),
            at: Timestamp(1_800_000_000_000),
            over,
        };
        let (ring, over) = (sender().page(&job(false)), sender().page(&job(true)));
        assert_eq!((ring.len(), over.len()), (PLAIN_BYTES, PLAIN_BYTES));
        let said: serde_json::Value = serde_json::from_slice(&ring).expect("JSON");
        assert_eq!(said["notification"]["body"], BODY);
        assert_eq!(said["web_push"], 8030);
    }
}
