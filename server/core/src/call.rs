//! One help call: a struct for each state, a method for each thing that happens.
//!
//! ```text
//!   raise                     acknowledge                  first words
//!  ───────► Paging ───────────────────────► Acknowledged ─────────────► Active
//!          ▲  │  ▲                               │                         │
//!          │  │  └──── no word in 120 s ─────────┘                         │
//!          │  │ level, cycle, nobody on duty     (page epoch + 1)          │
//!          └──┘                                                            │
//!             └──────────────── the person closes ─────────► Closed ◄──────┘
//! ```
//!
//! A transition takes the state by value: what must not happen twice does not compile. Timers are timestamps that
//! carry the state they were set in, so a stale one does nothing. Rules (`escalation.md`): stored first, staffed
//! after; acknowledged is not helped; one owner; only the person closes.

use std::collections::BTreeMap;

use lotgenoot_protocol::call::Urgency;
use lotgenoot_protocol::{AccountKey, CallId, LeafKey, PageId, RoomId, Timestamp};
use minicbor::{Decode, Encode};

/// After how long the next ladder level is called in addition, in milliseconds from the beginning of a cycle.
pub const LEVEL_AT_MS: [u64; 4] = [0, 60_000, 120_000, 180_000];
/// How long after the last level was called all are called anew, in milliseconds.
pub const CYCLE_MS: u64 = 180_000;
/// How often it is looked up again who is on duty, in milliseconds.
pub const LOOK_UP_MS: u64 = 30_000;
/// After how long without an answer she is told so plainly, in milliseconds.
pub const STILL_WAITING_MS: u64 = 180_000;
/// How long a lead has for the first words, in milliseconds.
pub const FIRST_REPLY_MS: u64 = 120_000;

/// A help call.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct HelpCall {
    /// Its id.
    #[n(0)]
    pub id: CallId,
    /// Its room.
    #[n(1)]
    pub room: RoomId,
    /// The service she asked for.
    #[n(2)]
    pub service: String,
    /// How soon.
    #[n(3)]
    pub urgency: Urgency,
    /// When it was stored.
    #[n(4)]
    pub raised_at: Timestamp,
    /// The person's leaf.
    #[n(5)]
    pub person: LeafKey,
    /// Where it stands.
    #[n(6)]
    pub state: State,
    /// She has been told that three minutes have passed.
    #[n(7)]
    pub told_still_waiting: bool,
    /// Counts every change.
    #[n(8)]
    pub version: u64,
}

/// Where a call stands.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum State {
    /// People are being called.
    #[n(0)]
    Paging(#[n(0)] Paging),
    /// Somebody has taken it and has not written yet.
    #[n(1)]
    Acknowledged(#[n(0)] Acknowledged),
    /// The lead's words are in the room.
    #[n(2)]
    Active(#[n(0)] Active),
    /// The person closed it.
    #[n(3)]
    Closed(#[n(0)] Closed),
}

/// People are being called.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Paging {
    /// Counts the rounds of paging, from 1: an acknowledgement of an earlier round is worth nothing.
    #[n(0)]
    pub epoch: u32,
    /// Counts the times all levels were called, from 1.
    #[n(1)]
    pub cycle: u32,
    /// When this cycle began.
    #[n(2)]
    pub cycle_since: Timestamp,
    /// The highest level called in this cycle, from 1; zero before the first.
    #[n(3)]
    pub level: u32,
    /// When to look again: the next level, the next cycle, or who is on duty now.
    #[n(4)]
    pub due: Timestamp,
    /// Who has been called in this round.
    #[n(5)]
    pub tracks: Tracks,
    /// Nobody could be reached anywhere when it was last looked up.
    #[n(6)]
    pub unstaffed: bool,
}

/// Who was called and how: one track each, so that stopping one never silences another.
pub type Tracks = BTreeMap<AccountKey, Track>;

/// One person's page.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Track {
    /// The page she was sent last.
    #[n(0)]
    pub page: PageId,
    /// In this cycle.
    #[n(1)]
    pub cycle: u32,
    /// The key she would answer with.
    #[n(2)]
    pub leaf: LeafKey,
    /// It arrived on a device of hers.
    #[n(3)]
    pub received: bool,
    /// She had a seat in the room and her Welcome was released.
    #[n(4)]
    pub seated: bool,
}

/// Somebody has taken it and has not written yet.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Acknowledged {
    /// The round of paging that was answered.
    #[n(0)]
    pub epoch: u32,
    /// Who leads.
    #[n(1)]
    pub lead: LeafKey,
    /// When her first words are due.
    #[n(2)]
    pub due: Timestamp,
    /// Who had been called.
    #[n(3)]
    pub tracks: Tracks,
}

/// The lead's words are in the room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Active {
    /// The round of paging that was answered.
    #[n(0)]
    pub epoch: u32,
    /// Who leads.
    #[n(1)]
    pub lead: LeafKey,
    /// Since when.
    #[n(2)]
    pub since: Timestamp,
}

/// The person closed it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Closed {
    /// When.
    #[n(0)]
    pub at: Timestamp,
}

impl Paging {
    /// A new round of paging, due at once.
    pub fn begin(epoch: u32, now: Timestamp) -> Self {
        Self { epoch, cycle: 1, cycle_since: now, due: now, ..Self::default() }
    }

    /// Somebody takes it. Only `Paging` has this method, so nothing can be taken twice.
    #[must_use]
    pub fn acknowledge(self, lead: LeafKey, now: Timestamp) -> Acknowledged {
        Acknowledged { epoch: self.epoch, lead, due: now.plus_ms(FIRST_REPLY_MS), tracks: self.tracks }
    }

    /// All levels were called in vain: once more from the first.
    #[must_use]
    pub fn next_cycle(self, now: Timestamp) -> Self {
        Self { cycle: self.cycle + 1, cycle_since: now, level: 0, due: now, ..self }
    }

    /// Sets the cycle's beginning back so that all of `levels` are due when it begins.
    pub fn skip_to_last(&mut self, levels: usize) {
        let last = levels.clamp(1, LEVEL_AT_MS.len()) - 1;
        self.cycle_since = Timestamp(self.cycle_since.0.saturating_sub(LEVEL_AT_MS[last]));
    }

    /// How many of `levels` are due `now`: after downtime all overdue levels together. The last moment of the table
    /// is for all that are left, fallback services too.
    pub fn levels_due(&self, levels: usize, now: Timestamp) -> u32 {
        let waited = now.ms_since(self.cycle_since);
        let due = LEVEL_AT_MS.iter().filter(|at| **at <= waited).count();
        if due == LEVEL_AT_MS.len() { levels as u32 } else { due.min(levels) as u32 }
    }

    /// When all of `levels` were called in vain for long enough.
    pub fn cycle_end(&self, levels: usize) -> Timestamp {
        let last = levels.clamp(1, LEVEL_AT_MS.len()) - 1;
        self.cycle_since.plus_ms(LEVEL_AT_MS[last] + CYCLE_MS)
    }
}

impl Acknowledged {
    /// The lead's first words are in the room.
    #[must_use]
    pub fn first_words(self, now: Timestamp) -> Active {
        Active { epoch: self.epoch, lead: self.lead, since: now }
    }

    /// She did not write in time: a new round, in which the old pages count for nothing.
    #[must_use]
    pub fn no_words(self, now: Timestamp) -> Paging {
        Paging::begin(self.epoch + 1, now)
    }
}

impl HelpCall {
    /// Whoever leads it.
    pub fn lead(&self) -> Option<LeafKey> {
        match &self.state {
            State::Acknowledged(it) => Some(it.lead),
            State::Active(it) => Some(it.lead),
            State::Paging(_) | State::Closed(_) => None,
        }
    }

    /// When somebody must look at it again.
    pub fn due(&self) -> Option<Timestamp> {
        let still_waiting = self.raised_at.plus_ms(STILL_WAITING_MS);
        match &self.state {
            State::Paging(it) if self.told_still_waiting => Some(it.due),
            State::Paging(it) => Some(it.due.min(still_waiting)),
            State::Acknowledged(it) => Some(it.due),
            State::Active(_) | State::Closed(_) => None,
        }
    }

    /// Whether it is over.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed(_))
    }
}
