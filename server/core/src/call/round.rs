//! A round of paging: who was called when, and who is next.

use std::collections::BTreeMap;

use lotgenoot_protocol::call::Reason;
use lotgenoot_protocol::{AccountKey, LeafKey, PageId, Timestamp};
use minicbor::{Decode, Encode};

use super::{Acknowledged, FIRST_REPLY_MS, LOOK_UP_MS, Lead, Pace};

// How much longer a level has when one of it has seen her page on a channel that cannot answer.
const SEEN_MS: u64 = 60_000;

/// A round of paging.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Round {
    /// Counts the rounds of a call, from 1: an acknowledgement of an earlier one is worth nothing.
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
    /// When somebody was called last.
    #[n(7)]
    pub rang_at: Timestamp,
    /// Somebody has seen her page, and this cycle was made longer for that, once.
    #[n(8)]
    pub extended: bool,
    /// The last cycle in which coordinators were told.
    #[n(9)]
    pub alarmed: u32,
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
    /// She does not come; until the next cycle.
    #[n(5)]
    pub declined: Option<Reason>,
    /// She has seen it on a channel that cannot answer.
    #[n(6)]
    pub seen: bool,
    /// When it was last said to an open desk of hers that somebody who may add should add her; zero: never.
    #[n(7)]
    pub wanted_at: Timestamp,
    /// She came too late to lead, and has said that she helps.
    #[cbor(n(8), default)]
    pub helps: bool,
}

impl Round {
    /// A new round, due at once.
    pub fn begin(epoch: u32, now: Timestamp) -> Self {
        Self { epoch, cycle: 1, cycle_since: now, due: now, ..Self::default() }
    }

    /// Somebody takes the call. Only a round has this method, so nothing can be taken twice.
    #[must_use]
    pub fn acknowledge(self, lead: Lead, now: Timestamp) -> Acknowledged {
        Acknowledged { epoch: self.epoch, lead, due: now.plus_ms(FIRST_REPLY_MS), tracks: self.tracks }
    }

    /// All levels were called in vain: once more from the first.
    #[must_use]
    pub fn next_cycle(self, now: Timestamp) -> Self {
        Self { cycle: self.cycle + 1, cycle_since: now, level: 0, due: now, extended: false, ..self }
    }

    /// She asks again: all who were called ring anew, and one level more.
    #[must_use]
    pub fn nudged(self, pace: &Pace, now: Timestamp) -> Self {
        let level = self.level as usize;
        let mut round = self.next_cycle(now);
        round.set_back(pace, level + 1);
        round
    }

    /// Sets the cycle's beginning back so that this many levels are due now.
    pub fn set_back(&mut self, pace: &Pace, levels: usize) {
        self.cycle_since = Timestamp(self.cycle_since.0.saturating_sub(pace.last_level_at_ms(levels)));
    }

    /// Somebody has seen her page where she cannot answer it: the next level waits a little, once a cycle.
    pub fn seen(&mut self) {
        if !self.extended {
            self.extended = true;
            self.cycle_since = self.cycle_since.plus_ms(SEEN_MS);
        }
    }

    /// How many of `levels` are due `now`: after downtime all overdue levels together. The last moment of the table
    /// is for all that are left, fallback services too.
    pub fn levels_due(&self, pace: &Pace, levels: usize, now: Timestamp) -> u32 {
        let waited = now.ms_since(self.cycle_since);
        let due = pace.level_at_ms.iter().filter(|at| **at <= waited).count();
        if due == pace.level_at_ms.len() { levels as u32 } else { due.min(levels) as u32 }
    }

    /// When the level after those called so far is due.
    pub fn next_level_at(&self, pace: &Pace) -> Timestamp {
        let next = (self.level as usize).min(pace.level_at_ms.len() - 1);
        self.cycle_since.plus_ms(pace.level_at_ms[next])
    }

    /// When all of `levels` were called in vain for long enough.
    pub fn cycle_end(&self, pace: &Pace, levels: usize) -> Timestamp {
        self.cycle_since.plus_ms(pace.last_level_at_ms(levels) + pace.cycle_ms)
    }

    /// When coordinators are told in this cycle, if they were not yet.
    pub fn alarm_at(&self, pace: &Pace) -> Option<Timestamp> {
        (self.alarmed < self.cycle).then(|| self.cycle_since.plus_ms(pace.alarm_at_ms()))
    }

    /// Whether she said, in this cycle, that she does not come.
    pub fn has_declined(&self, account: &AccountKey) -> bool {
        let track = self.tracks.get(account);
        track.is_some_and(|track| track.cycle == self.cycle && track.declined.is_some())
    }

    /// Somebody gave the call back: she is not called again before the next cycle.
    pub fn without(&mut self, lead: Lead, now: Timestamp) {
        let track = Track {
            page: PageId([0; 16]),
            cycle: self.cycle,
            leaf: lead.leaf,
            received: false,
            seated: true,
            declined: Some(Reason::Other),
            seen: false,
            wanted_at: Timestamp(0),
            helps: false,
        };
        self.tracks.insert(lead.account, track);
        self.rang_at = now;
    }

    /// As [`super::HelpCall::by_clock`].
    pub fn by_clock(&mut self, now: Timestamp) {
        self.rang_at = self.rang_at.min(now);
        // Where somebody has seen her page it may begin a little later than now.
        self.cycle_since = self.cycle_since.min(if self.extended { now.plus_ms(SEEN_MS) } else { now });
        self.due = self.due.min(now.plus_ms(LOOK_UP_MS));
        self.tracks.values_mut().for_each(|track| track.wanted_at = track.wanted_at.min(now));
    }

    /// Whether she was called in this cycle.
    pub fn has_called(&self, account: &AccountKey) -> bool {
        self.tracks.get(account).is_some_and(|track| track.cycle == self.cycle)
    }
}
