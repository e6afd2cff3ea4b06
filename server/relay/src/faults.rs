//! Faults for the crash tests. This file is compiled only with the feature `faults`, which no release has.
//!
//! `LOTGENOOT_FAULT_WITNESS=<file>`: the writer keeps one byte in that file, 1 while a write transaction is open and
//! 0 otherwise, so that whoever killed the process knows what it was doing.
//! `LOTGENOOT_FAULT=ack-before-commit`: the writer answers first and commits `LOTGENOOT_FAULT_DELAY_MS` later: the
//! very thing that must never be, to show that the crash test would see it.
//! `LOTGENOOT_CLOCK_AHEAD=<file>`: the clock is ahead by as many milliseconds as that file says at the moment, so that a
//! story need not wait for what takes its time.
//! `LOTGENOOT_WALL_SET=<file>`: the machine's clock was set by as many milliseconds as that file says at the moment.

use std::env;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use lotgenoot_core::effect::{Batch, Op};

use crate::store::Outcome;

const ACK_BEFORE_COMMIT: &str = "ack-before-commit";
const DELAY_MS: u64 = 20;

/// By how much the clock is ahead now.
pub(crate) fn clock_ahead_ms() -> u64 {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    said(FILE.get_or_init(|| env::var_os("LOTGENOOT_CLOCK_AHEAD").map(PathBuf::from))).unwrap_or_default()
}

/// By how much the machine's clock was set.
pub(crate) fn wall_set_by_ms() -> i64 {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    said(FILE.get_or_init(|| env::var_os("LOTGENOOT_WALL_SET").map(PathBuf::from))).unwrap_or_default()
}

fn said<T: std::str::FromStr>(file: &Option<PathBuf>) -> Option<T> {
    std::fs::read_to_string(file.as_ref()?).ok()?.trim().parse().ok()
}

/// What was asked for by the environment.
pub(crate) struct Faults {
    witness: Option<File>,
    ack_before_commit: Option<Duration>,
}

impl Faults {
    /// Reads the environment. A witness that cannot be opened ends the process: a test without it proves nothing.
    pub(crate) fn from_env() -> Self {
        let witness = env::var_os("LOTGENOOT_FAULT_WITNESS").map(|path| {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            file.unwrap_or_else(|error| {
                tracing::error!(%error, "the witness cannot be opened");
                std::process::abort()
            })
        });
        let asked = env::var("LOTGENOOT_FAULT").is_ok_and(|fault| fault == ACK_BEFORE_COMMIT);
        let delay_ms = env::var("LOTGENOOT_FAULT_DELAY_MS").ok().and_then(|ms| ms.parse().ok());
        let ack_before_commit = asked.then(|| Duration::from_millis(delay_ms.unwrap_or(DELAY_MS)));
        Self { witness, ack_before_commit }
    }

    /// Says whether a write transaction is open.
    pub(crate) fn writing(&self, open: bool) {
        if let Some(witness) = &self.witness {
            // Straight into the page cache: it is there when the process is not.
            witness.write_all_at(&[u8::from(open)], 0).expect("the witness can be written");
        }
    }

    /// The answer to give before the commit, if this fault was asked for and the answer does not depend on it.
    pub(crate) fn premature(&self, batch: &Batch) -> Option<Outcome> {
        self.ack_before_commit?;
        let depends = |op: &Op| {
            matches!(
                op,
                Op::Claim { .. }
                    | Op::CreateRoom { .. }
                    | Op::Notify { .. }
                    | Op::NotifyKeyPackage { .. }
                    | Op::Publish { .. }
            )
        };
        (!batch.ops.iter().any(depends)).then(Outcome::default)
    }

    /// Makes the moment between answer and commit long enough to be hit.
    pub(crate) fn linger(&self) {
        if let Some(delay) = self.ack_before_commit {
            thread::sleep(delay);
        }
    }
}
