//! The relay as a whole: what `main` and the tests both use.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use lotgenoot_core::bucket::Bucket;
use lotgenoot_protocol::Timestamp;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

use crate::calendar;
use crate::config::Config;
use crate::files::Files;
use crate::help_desk::Desk;
use crate::listener;
use crate::metrics;
use crate::office::Staff;
use crate::pager::{Pager, VapidKey};
use crate::rooms::Rooms;
use crate::roster_file;
use crate::shared::{Known, Shared};
use crate::stopping::{Stop, Stopping, stopping};
use crate::store::{Broken, Ledger, RedbLedger, Writer};
use crate::vaults::Vaults;
use crate::watch::Trouble;
use crate::watch::canary::Canary;
use crate::watch::heartbeat::Heartbeat;

/// The database in the data folder.
pub(crate) const DATABASE: &str = "lotgenoot.redb";
const SECRET: &str = "secret";
const ARRIVALS_BURST: u32 = 2000;
const ARRIVALS_PER_SECOND: u64 = 200;
// Calendars look every hour or so, each by itself.
const CALENDARS_BURST: u32 = 100;
const CALENDARS_PER_SECOND: u64 = 10;
// How often what everybody has kept is taken out.
const CLEAR_EVERY: Duration = Duration::from_secs(2);
// How long sockets have to say goodbye.
const GOODBYE: Duration = Duration::from_secs(3);

/// What every connection is handed.
pub struct Parts {
    running: Option<Running>,
    /// The client's files.
    pub files: Files,
    /// Heard when the relay stops.
    pub stopping: Stopping,
    /// Host names this relay answers to.
    pub hosts: Vec<String>,
    /// What a connection costs: zero bits of each puzzle of its proof of work.
    pub work_bits: u8,
}

/// A relay that has its ledger.
pub struct Running {
    /// Shared by all tasks.
    pub shared: Arc<Shared>,
    /// Awake rooms.
    pub rooms: Arc<Rooms>,
    /// The help calls.
    pub desk: Desk,
    /// Slots and vaults.
    pub vaults: Vaults,
    /// Who is certified.
    pub staff: Staff,
    /// The ways out of the building.
    pub pager: Arc<Pager>,
    /// Makes pages and their handles.
    pub pages: [u8; 32],
    /// How often a device may say that a page has arrived: for all together, for nobody signs in for it.
    pub arrivals: Mutex<Bucket>,
    /// Makes the addresses under which staff find their duty.
    pub duty_secret: [u8; 32],
    /// How often those are looked at: for all together, for nobody signs in for it.
    pub calendars: Mutex<Bucket>,
}

impl Parts {
    /// The tasks, unless the relay is degraded.
    pub fn running(&self) -> Option<&Running> {
        self.running.as_ref()
    }

    /// Whether there is no ledger: everything is refused, and the page says so beforehand.
    pub fn is_degraded(&self) -> bool {
        self.running.is_none()
    }
}

/// A relay that listens.
pub struct Relay {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    parts: Arc<Parts>,
    stop: Stop,
    server: tokio::task::JoinHandle<()>,
    writer: Option<thread::JoinHandle<()>>,
}

impl Relay {
    /// Opens the ledger, takes up what is in it, and listens.
    ///
    /// A database that does not open does not stop the relay: it starts degraded, says how to restore, and refuses
    /// help calls with a clear answer instead of losing them.
    pub async fn open(config: &Config) -> Result<Self, Broken> {
        let organisation = roster_file::read(&config.roster)?;
        let files = Files::read(&config.client, organisation.trust.root(), config.zone()?)?;
        let tls = listener::tls(config)?;
        let heartbeat = config.heartbeat.as_deref().map(Heartbeat::new).transpose()?;
        let listener = listener::bind(config.listen)?;
        let address = listener.local_addr().map_err(Broken::new)?;
        let figures = config.metrics.map(listener::bind).transpose()?;
        let metrics = figures.as_ref().map(|it| it.local_addr().map_err(Broken::new)).transpose()?;

        let (stop, stopping) = stopping();
        let mut writer_thread = None;
        let before = config.data.join(DATABASE).exists();
        let running = match open_ledger(&config.data) {
            Ok(ledger) => {
                // What is there is read before anything is started: whoever cannot go on with it lets go of the database
                // at once.
                let record = ledger.office()?.map(|(_, record)| record);
                let office = organisation.office(record.as_deref())?;
                let known = Known::of(&office);
                let unreadable = || Broken::new("the calendar cannot be read; restore a backup");
                let planned = ledger.calendar()?;
                let planned =
                    planned.map(|record| calendar::stored(&record).ok_or_else(unreadable)).transpose()?;
                let (writer, thread) = Writer::start(ledger.clone());
                writer_thread = Some(thread);
                let shared = Arc::new(Shared::new(known, writer, ledger, stopping.clone()));
                planned.into_iter().for_each(|calendar| shared.plan(calendar));
                let secret = secret(&config.data)?;
                let retention_ms = config.vault_retention_ms();
                let vaults = Vaults::new(shared.clone(), derived(&secret, b"decoys"), retention_ms);
                let key = VapidKey::in_folder(&config.data)?;
                let pager = Arc::new(Pager::new(&config.paging, key, &config.public_host(address))?);
                let pages = derived(&secret, b"pages");
                let looks_ahead = config.metrics.is_some();
                let desk =
                    Desk::start(shared.clone(), office.roster(), pages, pager.clone(), before, looks_ahead)?;
                let staff = Staff::new(shared.clone(), desk.clone(), office);
                let rooms = Rooms::new(shared.clone(), desk.clone(), !config.unpaced);
                tokio::spawn(Vaults::sweep(shared.clone(), retention_ms));
                tokio::spawn(rooms.clone().sweep());
                tokio::spawn(clear(shared.clone()));
                let (watch, host) = (shared.watch.clone(), config.public_host(address));
                let canary = Canary { address, host, certificate: listener::certificate(config)? };
                tokio::spawn(canary.run(watch.clone(), stopping.clone()));
                heartbeat.map(|heartbeat| tokio::spawn(heartbeat.run(watch, stopping.clone())));
                let arrivals = Mutex::new(Bucket::new(ARRIVALS_BURST, 1000 / ARRIVALS_PER_SECOND));
                let duty_secret = derived(&secret, b"duty");
                let calendars = Mutex::new(Bucket::new(CALENDARS_BURST, 1000 / CALENDARS_PER_SECOND));
                Some(Running {
                    shared,
                    rooms,
                    desk,
                    vaults,
                    staff,
                    pager,
                    pages,
                    arrivals,
                    duty_secret,
                    calendars,
                })
            }
            Err(error) => {
                tracing::error!(%error, "starting degraded: nothing can be stored, and help calls are refused");
                None
            }
        };
        let hosts = config.hosts(address);
        let parts = Arc::new(Parts { running, files, stopping, hosts, work_bits: config.work_bits });
        let server = tokio::spawn(accept(listener, tls, parts.clone()));
        if let (Some(figures), Some(address)) = (figures, metrics) {
            tokio::spawn(metrics::listener::run(figures, address, parts.clone()));
            tracing::info!(%address, "figures are told");
        }
        tracing::info!(%address, degraded = parts.is_degraded(), "listening");
        Ok(Self { address, metrics, parts, stop, server, writer: writer_thread })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where figures are told, if they are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Whether it can be relied on now, and why not.
    pub fn verdict(&self, now: Timestamp) -> Result<(), Trouble> {
        let running = self.parts.running().ok_or(Trouble::NotAudited)?;
        running.shared.watch.verdict(now)
    }

    /// Whether it has no ledger.
    pub fn is_degraded(&self) -> bool {
        self.parts.is_degraded()
    }

    /// Lets everybody go with a word, then waits until everything is written and the database is closed.
    pub async fn shutdown(self) {
        self.stop.say();
        self.server.abort();
        // Its listener is closed when it has ended.
        let _aborted = self.server.await;
        drop(self.parts);
        // Sockets, rooms and desk hold the writer until they have ended; the thread ends with the last of them.
        if let Some(writer) = self.writer {
            let ended = tokio::task::spawn_blocking(move || writer.join());
            if tokio::time::timeout(GOODBYE, ended).await.is_err() {
                tracing::warn!("some connections did not say goodbye in time");
            }
        }
        tracing::info!("stopped");
    }
}

async fn accept(listener: TcpListener, tls: Option<tokio_rustls::TlsAcceptor>, parts: Arc<Parts>) {
    loop {
        match listener.accept().await {
            Ok((socket, _)) => {
                tokio::spawn(listener::serve(socket, tls.clone(), parts.clone()));
            }
            Err(error) => {
                // Out of descriptors, mostly: others still talk; try again in a moment.
                tracing::warn!(%error, "cannot accept");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

// For as long as the relay runs: what everybody has kept goes, whenever nobody wants to write.
async fn clear(shared: Arc<Shared>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(CLEAR_EVERY) => {}
            () = shared.stopping.wait() => return,
        }
        let ledger = shared.ledger.clone();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || ledger.look_for_trimmed()).await {
            tracing::error!(%error, "what everybody has kept cannot be looked for");
        }
        shared.writer.clear();
    }
}

fn open_ledger(data: &Path) -> Result<Arc<dyn Ledger>, Broken> {
    std::fs::create_dir_all(data).map_err(|error| {
        Broken::new(format!("the data folder {} cannot be made: {error}", data.display()))
    })?;
    Ok(Arc::new(RedbLedger::open(&data.join(DATABASE))?))
}

// Each use has a secret of its own.
fn derived(secret: &[u8; 32], label: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"Lotgenoot relay secret 1")
        .chain_update(secret)
        .chain_update(label)
        .finalize()
        .into()
}

// Drawn once and kept beside the database: page ids, and answers about what is not there, must stay equal over
// restarts.
fn secret(data: &Path) -> Result<[u8; 32], Broken> {
    let path = data.join(SECRET);
    let broken = |error| Broken::new(format!("{} cannot be read or written: {error}", path.display()));
    if let Ok(bytes) = std::fs::read(&path) {
        return bytes.try_into().map_err(|_| Broken::new(format!("{} has not 32 bytes", path.display())));
    }
    let secret = crate::clock::random();
    crate::keep::keep(&path, &secret).map_err(broken)?;
    Ok(secret)
}
