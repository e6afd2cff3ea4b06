//! How much, how long, which seed; and how much of it must have happened for a run to prove anything.

use std::path::PathBuf;
use std::time::Duration;

// What the figures of the full run stand for: 20 rooms of 10 members for 30 seconds.
const FULL_SECONDS: f64 = 30.0;
const FULL_ROOMS: f64 = 20.0;
const FULL_SEATS: f64 = 200.0;

/// A plan for one run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How long the relay is killed.
    pub length: Duration,
    /// Peer rooms.
    pub rooms: usize,
    /// Members of each, three of them hosts.
    pub members: usize,
    /// Kills in a second, on average.
    pub kills_per_second: f64,
    /// Of the schedule. Keys and ciphertexts are random all the same.
    pub seed: u64,
    /// The relay acknowledges before it commits: the run must fail.
    pub planted: bool,
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
    /// Messages acknowledged.
    pub messages: usize,
    /// Help calls stored.
    pub calls: usize,
    /// Commits merged in peer rooms.
    pub commits: usize,
    /// Kills.
    pub kills: usize,
    /// Kills inside an open write transaction.
    pub kills_while_writing: usize,
}

impl Plan {
    /// The minimum, scaled from that of the full run.
    pub fn minimum(&self) -> Minimum {
        let share = if self.quick { 0.25 } else { 1.0 };
        let time = share * self.length.as_secs_f64() / FULL_SECONDS;
        let of = |full: f64, size: f64| (full * time * size.min(1.0)).floor() as usize;
        Minimum {
            messages: of(5_000.0, (self.rooms * self.members) as f64 / FULL_SEATS),
            calls: of(20.0, 1.0),
            commits: of(50.0, self.rooms as f64 / FULL_ROOMS),
            kills: of(50.0, 1.0),
            kills_while_writing: of(5.0, 1.0),
        }
    }
}
