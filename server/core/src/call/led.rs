//! A call that somebody has taken.

use lotgenoot_protocol::{AccountKey, AskId, LeafKey, PageId, Timestamp};
use minicbor::{Decode, Encode};

use super::{ATTENTION_MS, Ask, Closed, Ending, FIRST_REPLY_MS, LEAD_GONE_MS, Round, Tracks};

// How exactly it is known when the lead wrote last.
const WROTE_STEP_MS: u64 = 30_000;

const HELPERS_KNOWN_MAX: usize = 8;

/// Whoever owns a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Lead {
    /// Her leaf in the room.
    #[n(0)]
    pub leaf: LeafKey,
    /// Where she is called.
    #[n(1)]
    pub account: AccountKey,
}

/// Somebody has taken it and has not written yet.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Acknowledged {
    /// The round of paging that was answered.
    #[n(0)]
    pub epoch: u32,
    /// Who leads.
    #[n(1)]
    pub lead: Lead,
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
    pub lead: Lead,
    /// Since when somebody talks with her.
    #[n(2)]
    pub since: Timestamp,
    /// Who had been called.
    #[n(3)]
    pub tracks: Tracks,
    /// Colleagues the lead asks for.
    #[n(4)]
    pub asks: Vec<Ask>,
    /// Since when no channel to the lead is open.
    #[n(5)]
    pub gone_since: Option<Timestamp>,
    /// Since when words of the person are without an answer.
    #[n(6)]
    pub unanswered_since: Option<Timestamp>,
    /// The lead was called again and must write before `due`.
    #[n(7)]
    pub attention: Option<Attention>,
    /// The lead thinks they are done.
    #[n(8)]
    pub done_proposed: bool,
    /// Counts the times the lead was called again.
    #[n(9)]
    pub attentions: u32,
    /// When the lead wrote last, to half a minute.
    #[n(11)]
    pub wrote_at: Timestamp,
    /// The newest of those who came to help, each with the request she answered: a repeat of her answer is none.
    #[n(12)]
    pub helpers: Vec<(AskId, LeafKey)>,
}

/// The lead was called again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Attention {
    /// When she must have written.
    #[n(0)]
    pub due: Timestamp,
    /// Her page.
    #[n(1)]
    pub page: PageId,
    /// It arrived on a device of hers.
    #[n(2)]
    pub received: bool,
}

impl Acknowledged {
    /// The lead's first words are in the room.
    #[must_use]
    pub fn first_words(self, is_here: bool, now: Timestamp) -> Active {
        Active {
            epoch: self.epoch,
            lead: self.lead,
            since: now,
            tracks: self.tracks,
            asks: Vec::new(),
            gone_since: (!is_here).then_some(now),
            unanswered_since: None,
            attention: None,
            done_proposed: false,
            attentions: 0,
            wrote_at: now,
            helpers: Vec::new(),
        }
    }

    /// She did not write in time: a new round, in which the old pages count for nothing.
    #[must_use]
    pub fn lost(self, now: Timestamp) -> Round {
        Round::begin(self.epoch + 1, now)
    }
}

impl Active {
    /// Somebody has come to help.
    pub fn helps(&mut self, ask: AskId, leaf: LeafKey) {
        if self.helpers.len() == HELPERS_KNOWN_MAX {
            self.helpers.remove(0);
        }
        self.helpers.push((ask, leaf));
    }

    /// When to look again.
    pub fn due(&self) -> Option<Timestamp> {
        let lead = self.attention.map(|it| it.due).or_else(|| self.gone_at());
        self.asks.iter().map(|ask| ask.due).chain(lead).min()
    }

    /// When the lead has been away too long while the person waits.
    pub fn gone_at(&self) -> Option<Timestamp> {
        let (gone, unanswered) = (self.gone_since?, self.unanswered_since?);
        Some(gone.max(unanswered).plus_ms(LEAD_GONE_MS))
    }

    /// The lead is called again.
    pub fn call_again(&mut self, page: PageId, now: Timestamp) {
        self.attentions += 1;
        self.attention = Some(Attention { due: now.plus_ms(ATTENTION_MS), page, received: false });
    }

    /// The lead wrote. Returns whether anything changed.
    pub fn lead_wrote(&mut self, now: Timestamp) -> bool {
        let waited = self.unanswered_since.take().is_some();
        let called = self.attention.take().is_some();
        let worth = waited || called || now.ms_since(self.wrote_at) >= WROTE_STEP_MS;
        if worth {
            self.wrote_at = now;
        }
        worth
    }

    /// The person wrote. Returns whether anything changed.
    pub fn person_wrote(&mut self, now: Timestamp) -> bool {
        let first = self.unanswered_since.is_none();
        self.unanswered_since.get_or_insert(now);
        std::mem::take(&mut self.done_proposed) || first
    }

    /// Whoever accepted this request has written: she leads from here.
    #[must_use]
    pub fn handed_over(mut self, ask: AskId, lead: Lead, is_here: bool, now: Timestamp) -> Self {
        self.asks.retain(|it| it.id != ask);
        Self {
            lead,
            gone_since: (!is_here).then_some(now),
            unanswered_since: None,
            attention: None,
            done_proposed: false,
            wrote_at: now,
            ..self
        }
    }

    /// The lead is lost, or gave it back: a new round.
    #[must_use]
    pub fn lost(self, now: Timestamp) -> Round {
        Round::begin(self.epoch + 1, now)
    }

    /// As [`super::HelpCall::by_clock`].
    pub fn by_clock(&mut self, now: Timestamp) {
        for at in [&mut self.since, &mut self.wrote_at] {
            *at = (*at).min(now);
        }
        for at in [&mut self.gone_since, &mut self.unanswered_since].into_iter().flatten() {
            *at = (*at).min(now);
        }
        if let Some(attention) = &mut self.attention {
            attention.due = attention.due.min(now.plus_ms(LEAD_GONE_MS));
        }
        for ask in &mut self.asks {
            ask.round.by_clock(now);
            ask.due = ask.due.min(now.plus_ms(FIRST_REPLY_MS));
        }
    }

    /// The person closes it.
    #[must_use]
    pub fn close(self, now: Timestamp) -> Closed {
        let before = Self { asks: Vec::new(), attention: None, done_proposed: false, ..self };
        let ending = Ending::of(Some(before.lead));
        Closed { at: now, epoch: before.epoch, before: Some(Box::new(before)), ending }
    }
}
