//! A relay for one test: port 0, a folder of its own, gone when dropped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use lotgenoot::Relay;
use lotgenoot::config::{Config, Paging};
use lotgenoot_protocol::limits::WORK_BITS;
use tempfile::TempDir;

/// A relay in this process.
pub struct TestRelay {
    relay: Option<Relay>,
    config: Config,
    folder: TempDir,
}

impl TestRelay {
    /// Starts a relay with this roster file.
    pub async fn start(roster: &str) -> Self {
        Self::start_paging(roster, |_| Paging::default()).await
    }

    /// The same with ways to call staff; `paging` is told the folder.
    pub async fn start_paging(roster: &str, paging: impl FnOnce(&Path) -> Paging) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let paging = paging(folder.path());
        let config = Config { paging, ..config(folder.path(), roster) };
        Self::start_as(folder, config).await
    }

    /// The same with figures on a port of their own.
    pub async fn start_told(roster: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let metrics = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let config = Config { metrics, ..config(folder.path(), roster) };
        Self::start_as(folder, config).await
    }

    async fn start_as(folder: TempDir, config: Config) -> Self {
        let relay = Relay::open(&config).await.expect("the relay starts");
        Self { relay: Some(relay), config, folder }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.relay.as_ref().expect("the relay runs").address()
    }

    /// Where it tells figures.
    pub fn metrics_address(&self) -> SocketAddr {
        self.relay.as_ref().and_then(Relay::metrics_address).expect("it tells them")
    }

    /// Stops it in good order and starts it again on the same folder and port.
    pub async fn restart(&mut self) {
        let address = self.address();
        self.relay.take().expect("the relay runs").shutdown().await;
        self.config.listen = address;
        let mut tries = 0;
        // The old database lock is released when its last task is gone.
        self.relay = loop {
            match Relay::open(&self.config).await {
                Ok(relay) if !relay.is_degraded() => break Some(relay),
                Ok(relay) => relay.shutdown().await,
                Err(error) => assert!(tries < 100, "the relay starts again: {error}"),
            }
            tries += 1;
            assert!(tries < 200, "the database opens again");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        };
    }

    /// The same with another roster file.
    pub async fn restart_with(&mut self, roster: &str) {
        std::fs::write(&self.config.roster, roster).expect("a file");
        self.restart().await;
    }

    /// Stops it in good order.
    pub async fn stop(&mut self) {
        self.config.listen = self.address();
        self.relay.take().expect("the relay runs").shutdown().await;
    }

    /// Starts it again with this roster file; why not, if it does not start.
    pub async fn try_start(&mut self, roster: &str) -> Result<(), String> {
        std::fs::write(&self.config.roster, roster).expect("a file");
        for _ in 0..200 {
            match Relay::open(&self.config).await {
                Ok(relay) if !relay.is_degraded() => {
                    self.relay = Some(relay);
                    return Ok(());
                }
                // The old database lock is released when its last task is gone.
                Ok(relay) => relay.shutdown().await,
                Err(error) => return Err(error.to_string()),
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Err("the database does not open again".to_owned())
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A configuration for a relay in `folder`, with a client of one page.
pub fn config(folder: &Path, roster: &str) -> Config {
    let client = folder.join("client");
    std::fs::create_dir_all(&client).expect("a folder");
    std::fs::write(client.join("index.html"), "<!doctype html><title>Agenda</title>").expect("a file");
    let file = folder.join("roster.toml");
    std::fs::write(&file, roster).expect("a file");
    Config {
        data: folder.join("data"),
        roster: file,
        client,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        host_names: Vec::new(),
        tls_cert: None,
        tls_key: None,
        vault_retention_days: 365,
        work_bits: WORK_BITS,
        unpaced: false,
        time_zone: "Europe/Amsterdam".to_owned(),
        heartbeat: None,
        metrics: None,
        paging: Paging::default(),
    }
}

/// The path of a file in a relay's data folder.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("data").join("lotgenoot.redb")
}
