//! How fast people are called.

use lotgenoot_protocol::call::Urgency;

/// How fast people are called for one urgency, in milliseconds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pace {
    /// When each ladder level is called in addition, from the beginning of a cycle; the last is for all that are left.
    pub level_at_ms: [u64; 4],
    /// How long after the last level was called all are called anew.
    pub cycle_ms: u64,
    /// After how long without an answer she is told so plainly.
    pub still_waiting_ms: u64,
}

impl Pace {
    const NOW: Self =
        Self { level_at_ms: [0, 60_000, 120_000, 180_000], cycle_ms: 180_000, still_waiting_ms: 180_000 };
    // Who does not need somebody at once wakes nobody at level 2 after a minute.
    const TODAY: Self = Self {
        level_at_ms: [0, 600_000, 1_200_000, 1_800_000],
        cycle_ms: 1_800_000,
        still_waiting_ms: 1_800_000,
    };

    /// The pace of a call of this urgency.
    pub fn of(urgency: Urgency) -> Self {
        match urgency {
            Urgency::Now => Self::NOW,
            Urgency::Today | Urgency::ContactPerson => Self::TODAY,
        }
    }

    /// When the last of `levels` is called, from the beginning of a cycle.
    pub fn last_level_at_ms(&self, levels: usize) -> u64 {
        self.level_at_ms[levels.clamp(1, self.level_at_ms.len()) - 1]
    }

    /// After how long in a cycle coordinators are told.
    pub fn alarm_at_ms(&self) -> u64 {
        self.level_at_ms[2]
    }
}
