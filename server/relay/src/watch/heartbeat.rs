//! The heartbeat: tells a watcher outside, once a minute, that calls are looked after. When it stops, the watcher calls an
//! operator. It is sent only while the verdict is good, so a relay that hangs is as silent as one that is down.

use std::sync::Arc;
use std::time::Duration;

use super::Watch;
use crate::clock;
use crate::pager::http_client;
use crate::stopping::Stopping;
use crate::store::Broken;

// Also how soon after a start the first one leaves: the canary has sung by then, or has not.
const EVERY: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_secs(5);

/// Whom to tell.
pub struct Heartbeat {
    url: reqwest::Url,
    client: reqwest::Client,
}

impl Heartbeat {
    /// To this address: `https`, or `http` on this machine.
    pub fn new(url: &str) -> Result<Self, Broken> {
        let url: reqwest::Url = url
            .parse()
            .map_err(|error| Broken::new(format!("the heartbeat's address {url} cannot be read: {error}")))?;
        let loopback = url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127."));
        if url.scheme() != "https" && !(url.scheme() == "http" && loopback) {
            return Err(Broken::new("the heartbeat goes to an https address, or to http on this machine"));
        }
        Ok(Self { url, client: http_client(true)? })
    }

    /// Beats until the relay stops.
    pub async fn run(self, watch: Arc<Watch>, stopping: Stopping) {
        let mut wait = SOON;
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stopping.wait() => return,
            }
            wait = EVERY;
            if let Err(trouble) = watch.verdict(clock::now()) {
                tracing::error!(%trouble, "no heartbeat");
                wait = SOON;
                continue;
            }
            match self.client.post(self.url.clone()).send().await {
                Ok(response) if response.status().is_success() => {}
                Ok(response) => {
                    tracing::warn!(status = response.status().as_u16(), "the heartbeat was refused");
                }
                Err(error) => tracing::warn!(error = %error.without_url(), "the heartbeat did not arrive"),
            }
        }
    }
}
