//! The relay's process: killed without a word, started again at once on the same folder and port.

use std::ffi::OsString;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::process::RelayProcess;
use crate::relay;

// Long enough for a kill to land between the premature answer and the commit now and then.
const PLANTED_DELAY_MS: &str = "20";
// How long an aimed kill waits for a write transaction.
const AIM: Duration = Duration::from_millis(50);

/// The relay and its folder.
pub(super) struct Victim {
    process: RelayProcess,
    binary: PathBuf,
    folder: TempDir,
    // What it is told beside where everything is.
    arguments: Vec<OsString>,
    planted: Option<&'static str>,
    runs: usize,
    ended_by_itself: usize,
}

/// What a kill hit.
pub(super) struct Hit {
    /// A write transaction was open.
    pub(super) while_writing: bool,
    /// From the kill until it listened again.
    pub(super) down: Duration,
}

impl Victim {
    /// Prepares a folder; the relay starts with the roster.
    pub(super) async fn start(
        binary: &Path,
        roster: &str,
        arguments: impl FnOnce(&Path) -> Vec<OsString>,
    ) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let _written = relay::config(folder.path(), roster);
        let arguments = arguments(folder.path());
        let process = launch(binary, folder.path(), 0, &arguments, None, 0).await;
        let (binary, planted) = (binary.to_owned(), None);
        Self { process, binary, folder, arguments, planted, runs: 1, ended_by_itself: 0 }
    }

    /// Where it listens, always.
    pub(super) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// From the next start on it has this fault, or none.
    pub(super) fn plant(&mut self, planted: Option<&'static str>) {
        self.planted = planted;
    }

    /// What each of its runs so far has written of what it did.
    pub(super) fn trails(&self) -> Vec<Vec<u8>> {
        let read = |run| std::fs::read(trail(self.folder.path(), run)).unwrap_or_default();
        (0..self.runs).map(read).collect()
    }

    /// SIGKILL, then the same again. With `aimed`, not before a write transaction opens, if one does soon.
    pub(super) async fn kill(&mut self, aimed: bool) -> Hit {
        let path = witness(self.folder.path());
        let aim = Instant::now();
        while aimed && aim.elapsed() < AIM && !is_writing(&path) {
            tokio::task::yield_now().await;
        }
        let begun = Instant::now();
        if self.process.has_ended() {
            self.ended_by_itself += 1;
        } else {
            self.process.kill().await;
        }
        let while_writing = is_writing(&path);
        // The next process must not inherit what this one was doing.
        std::fs::write(&path, [0]).expect("the witness can be written");
        let (port, folder) = (self.address().port(), self.folder.path());
        self.process = launch(&self.binary, folder, port, &self.arguments, self.planted, self.runs).await;
        self.runs += 1;
        Hit { while_writing, down: begun.elapsed() }
    }

    /// What the relay itself found wrong: its errors, and ends that were not our kills.
    pub(super) fn complaints(&self) -> Vec<String> {
        let log = std::fs::read_to_string(log(self.folder.path())).unwrap_or_default();
        let errors = log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked"));
        let mut complaints: Vec<String> = errors.map(|line| format!("the relay says: {line}")).collect();
        if self.ended_by_itself > 0 {
            complaints.push(format!("the relay ended by itself {} times", self.ended_by_itself));
        }
        complaints
    }
}

async fn launch(
    binary: &Path,
    folder: &Path,
    port: u16,
    arguments: &[OsString],
    planted: Option<&'static str>,
    run: usize,
) -> RelayProcess {
    let (data, roster, client) = (folder.join("data"), folder.join("roster.toml"), folder.join("client"));
    let mut command = RelayProcess::command(binary, &data, &roster, &client, port);
    // All robots share two cores and connect anew at every kill: their proof of work would be all that happens.
    command.args(["--work-bits", "1"]).args(arguments);
    let log = File::options().create(true).append(true).open(log(folder)).expect("a log file");
    command.stderr(log).env("RUST_LOG", "warn").env("NO_COLOR", "1");
    command.env("LOTGENOOT_FAULT_WITNESS", witness(folder));
    command.env("LOTGENOOT_FAULT_TRAIL", trail(folder, run));
    if let Some(fault) = planted {
        command.env("LOTGENOOT_FAULT", fault);
        command.env("LOTGENOOT_FAULT_DELAY_MS", PLANTED_DELAY_MS);
    }
    RelayProcess::run(&mut command).await
}

fn is_writing(witness: &Path) -> bool {
    std::fs::read(witness).is_ok_and(|bytes| bytes.first() == Some(&1))
}

fn witness(folder: &Path) -> PathBuf {
    folder.join("witness")
}

fn trail(folder: &Path, run: usize) -> PathBuf {
    folder.join(format!("trail-{run}"))
}

fn log(folder: &Path) -> PathBuf {
    folder.join("relay.log")
}
