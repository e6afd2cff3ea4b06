//! A lead's request for a colleague: its own round of paging, beside the call.

use lotgenoot_protocol::call::{Part, Why};
use lotgenoot_protocol::{AccountKey, AskId, Timestamp};
use minicbor::{Decode, Encode};

use super::{FIRST_REPLY_MS, Lead, Round};

/// A request for a colleague.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Ask {
    /// Its id.
    #[n(0)]
    pub id: AskId,
    /// What for.
    #[n(1)]
    pub part: Part,
    /// Whose ladder is called.
    #[n(2)]
    pub service: String,
    /// Only her.
    #[n(3)]
    pub only: Option<AccountKey>,
    /// Who was called. One cycle: a colleague who does not come leaves the call where it is.
    #[n(4)]
    pub round: Round,
    /// When to look again: somebody else is called, nobody came, or no words came.
    #[n(5)]
    pub due: Timestamp,
    /// Who accepted to take over. She leads from her first words on.
    #[n(6)]
    pub accepted: Option<Lead>,
}

impl Ask {
    /// A request, its first people to be called at once.
    pub fn begin(
        id: AskId,
        part: Part,
        service: String,
        only: Option<AccountKey>,
        epoch: u32,
        now: Timestamp,
    ) -> Self {
        Self { id, part, service, only, round: Round::begin(epoch, now), due: now, accepted: None }
    }

    /// Somebody takes over; what is left is her first words.
    pub fn accept(&mut self, by: Lead, now: Timestamp) {
        self.accepted = Some(by);
        self.due = now.plus_ms(FIRST_REPLY_MS);
    }

    /// Why its people are paged.
    pub fn why(&self) -> Why {
        match self.part {
            Part::TakesOver => Why::TakeOver(self.id),
            Part::Assists => Why::Assist(self.id),
        }
    }
}
