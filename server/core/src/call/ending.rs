//! How a call ended, as whoever led it last says: asked for with every ending, counted once, never before she can no longer
//! take closing back as if it had not happened.

use lotgenoot_protocol::outcome::Outcome;
use lotgenoot_protocol::{LeafKey, Timestamp};
use minicbor::{Decode, Encode};

use super::Lead;

/// How a call ended.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Ending {
    /// Whoever led it then. Absent: nobody did, and nobody is asked.
    #[n(0)]
    lead: Option<Lead>,
    /// What she says, until it is counted.
    #[n(1)]
    outcome: Option<Outcome>,
    /// It was counted.
    #[n(2)]
    counted: bool,
}

impl Ending {
    /// Nothing is said of it yet.
    pub fn of(lead: Option<Lead>) -> Self {
        Self { lead, outcome: None, counted: false }
    }

    /// Whether she led it, and nobody before her.
    pub fn is_by(&self, leaves: &[LeafKey]) -> bool {
        self.lead.is_some_and(|lead| leaves.contains(&lead.leaf))
    }

    /// She says how it ended. What was said first counts.
    pub fn said(&mut self, outcome: Outcome) {
        if !self.counted {
            self.outcome.get_or_insert(outcome);
        }
    }

    /// When it is to be counted: from `certain` on it cannot be taken back as if it had not happened.
    pub fn due(&self, certain: Timestamp) -> Option<Timestamp> {
        self.outcome.map(|_| certain)
    }

    /// What is to be counted now. Once it is, it is not kept with the call any more.
    pub fn count(&mut self, certain: Timestamp, now: Timestamp) -> Option<Outcome> {
        let outcome = self.outcome.take_if(|_| certain <= now);
        self.counted |= outcome.is_some();
        outcome
    }
}
