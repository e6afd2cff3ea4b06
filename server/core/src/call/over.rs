//! A call that nobody works on: closed by the person, or at rest.

use lotgenoot_protocol::Timestamp;
use minicbor::{Decode, Encode};

use super::{Active, Ending, Round, UNDO_MS};

/// The person closed it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Closed {
    /// When.
    #[n(0)]
    pub at: Timestamp,
    /// The round of paging it was in.
    #[n(1)]
    pub epoch: u32,
    /// How it was led, if somebody had written.
    #[n(2)]
    pub before: Option<Box<Active>>,
    /// How it ended.
    #[cbor(n(13), default)]
    pub ending: Ending,
}

/// Nobody wrote for a long time. It is not closed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Resting {
    /// Since when.
    #[n(0)]
    pub since: Timestamp,
    /// The round of paging it was in.
    #[n(1)]
    pub epoch: u32,
    /// How it ended.
    #[cbor(n(12), default)]
    pub ending: Ending,
}

impl Closed {
    /// From when on closing cannot be taken back as if nothing had happened.
    pub fn certain_at(&self) -> Timestamp {
        self.at.plus_ms(UNDO_MS + 1)
    }

    /// How it goes on if the person takes closing back right away: as if nothing had happened.
    pub fn undone(&self, now: Timestamp) -> Option<Active> {
        self.before.as_deref().filter(|_| now < self.certain_at()).cloned()
    }

    /// The person wants to go on: a new round.
    #[must_use]
    pub fn reopen(&self, now: Timestamp) -> Round {
        Round::begin(self.epoch + 1, now)
    }
}

impl Resting {
    /// The person wants to go on: a new round.
    #[must_use]
    pub fn reopen(&self, now: Timestamp) -> Round {
        Round::begin(self.epoch + 1, now)
    }
}
