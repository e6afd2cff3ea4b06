//! How long, which seed, which fault; and how much must have happened for a run to prove anything.

use std::path::PathBuf;
use std::time::Duration;

// What the figures of the full run stand for.
const FULL_SECONDS: f64 = 60.0;

/// A plan for one run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How long the relay is killed.
    pub length: Duration,
    /// Of the schedule. Keys and ciphertexts are random all the same.
    pub seed: u64,
    /// A fault of the relay, by which the run must fail.
    pub planted: Option<&'static str>,
    /// The relay's binary, built with the feature `faults`.
    pub relay: PathBuf,
    /// MLS suite of all rooms.
    pub suite: u16,
    /// A quarter of the minimum is enough.
    pub quick: bool,
}

/// What must at least have happened.
#[derive(Clone, Copy, Debug)]
pub struct Minimum {
    /// Calls that were answered "ok".
    pub calls: usize,
    /// Pages that reached a sink.
    pub pages: usize,
    /// Pages that were tried more than once.
    pub retries: usize,
    /// Kills.
    pub kills: usize,
}

impl Plan {
    /// The minimum, scaled from that of the full run.
    pub fn minimum(&self) -> Minimum {
        let share = if self.quick { 0.25 } else { 1.0 };
        let time = share * self.length.as_secs_f64() / FULL_SECONDS;
        let of = |full: f64| (full * time).floor() as usize;
        // On a machine with nothing else to do little is under way when it is killed: half of what was counted there.
        Minimum { calls: of(60.0), pages: of(200.0), retries: of(16.0), kills: of(80.0) }
    }
}
