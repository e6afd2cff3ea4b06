//! The relay's process: killed without a word, started again at once on the same folder and port.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::plan::Plan;
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
    planted: bool,
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
    pub(super) async fn start(plan: &Plan, roster: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let _written = relay::config(folder.path(), roster);
        let process = launch(&plan.relay, folder.path(), 0, false).await;
        Self { process, binary: plan.relay.clone(), folder, planted: false, ended_by_itself: 0 }
    }

    /// Where it listens, always.
    pub(super) fn address(&self) -> SocketAddr {
        self.process.address()
    }

    /// From the next start on it acknowledges before it commits, or does not.
    pub(super) fn plant(&mut self, planted: bool) {
        self.planted = planted;
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
        let port = self.address().port();
        self.process = launch(&self.binary, self.folder.path(), port, self.planted).await;
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

async fn launch(binary: &Path, folder: &Path, port: u16, planted: bool) -> RelayProcess {
    let (data, roster, client) = (folder.join("data"), folder.join("roster.toml"), folder.join("client"));
    let mut command = RelayProcess::command(binary, &data, &roster, &client, port);
    // All robots share two cores and connect anew at every kill: their proof of work would be all that happens.
    command.args(["--work-bits", "1"]);
    let log = File::options().create(true).append(true).open(log(folder)).expect("a log file");
    command.stderr(log).env("RUST_LOG", "warn").env("NO_COLOR", "1");
    command.env("LOTGENOOT_FAULT_WITNESS", witness(folder));
    if planted {
        command.env("LOTGENOOT_FAULT", "ack-before-commit");
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

fn log(folder: &Path) -> PathBuf {
    folder.join("relay.log")
}
