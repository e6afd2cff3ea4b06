//! The life of a session: open while a host is here, frozen without one, closed when none comes back or the time is over.
//!
//! ```text
//!              a host opens it      a minute without a host            ten minutes more
//!   Waiting ───────────────────► Open ───────────────────────► Frozen ─────────────────────► Closed
//!      │                          ▲ │                            │                             ▲
//!      │                          │ └─ its end, or a host ends it┼─────────────────────────────┤
//!      │                          └────────── a host is back ────┘                             │
//!      └─ ten minutes without a host ──────────────────────────────────────────────────────────┘
//! ```
//!
//! It opens with two hosts and a professional who can be reached, or with less if a host explicitly says so.
//!
//! What counts is the clock, not the timer: somebody who asks after the minute is refused even if nobody has looked yet.
//! A relay that was down does not know who was here meanwhile: the minute begins when it is up again.

use lotgenoot_protocol::floor::{Floor, Silence};
use lotgenoot_protocol::limits::{ENDS_SOON_MS, FROZEN_MS, SESSION_MS_MAX, WITHOUT_HOST_MS};
use lotgenoot_protocol::session::{Closed, SessionNotice, SessionState, Stage};
use lotgenoot_protocol::{LeafKey, MessageId, Refused, SessionId, Timestamp};
use minicbor::{Decode, Encode};

/// A session: its life, and who may speak.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Session {
    /// Whether it is open.
    #[n(0)]
    pub life: Life,
    /// Who may speak while it is.
    #[n(1)]
    pub floor: Floor,
    /// Which session of the calendar it is.
    #[n(2)]
    pub plan: Option<SessionId>,
    // Who has said how it was.
    #[n(3)]
    surveyed: Option<Vec<LeafKey>>,
}

impl Session {
    /// One for which hosts gather from now on.
    pub fn begin(now: Timestamp) -> Self {
        let mut life = Life::begin();
        life.restarted(now);
        Self { life, floor: Floor::default(), plan: None, surveyed: None }
    }

    /// What whoever reads the room from now on is told.
    pub fn state(&self) -> SessionState {
        let Life { stage, ends_at, unstaffed, .. } = self.life;
        SessionState { stage, ends_at, rulings: self.floor.number(), unstaffed }
    }

    /// Somebody says how it was. Returns whether that counts: once, when it is over.
    pub fn surveys(&mut self, leaf: LeafKey) -> bool {
        let surveyed = self.surveyed.get_or_insert_default();
        let counts = matches!(self.life.stage, Stage::Closed { .. }) && !surveyed.contains(&leaf);
        if counts {
            surveyed.push(leaf);
        }
        counts
    }

    /// Whether a participant may put this in the log now. What is no words is not asked, while it is open.
    pub fn may_send(&self, leaf: &LeafKey, words: Option<&MessageId>, now: Timestamp) -> Result<(), Silence> {
        if !self.life.is_open(now) {
            return Err(Silence::NotOpen);
        }
        words.map_or(Ok(()), |words| self.floor.may_speak(leaf, words, now))
    }
}

/// Who is here for a session at this moment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Presence {
    /// Hosts who read the room.
    pub hosts: usize,
    /// A professional can be reached.
    pub professional: bool,
    /// In a line: its person reads it.
    pub person: bool,
}

impl Presence {
    /// Two hosts and a professional: nothing is missing.
    pub const FULL: Self = Self { hosts: 2, professional: true, person: true };
    /// Nobody.
    pub const NONE: Self = Self { hosts: 0, professional: false, person: false };
}

/// One session's life.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Life {
    #[n(0)]
    stage: Stage,
    // Since when no host has been here; absent while one is. Not stored: after a start nobody is here yet.
    #[cbor(skip)]
    alone_since: Option<Timestamp>,
    #[n(1)]
    ends_at: Option<Timestamp>,
    #[n(2)]
    told_it_ends: bool,
    #[n(3)]
    unstaffed: bool,
    #[cbor(skip)]
    present: Presence,
}

impl Life {
    /// A session for which hosts gather.
    pub fn begin() -> Self {
        Self {
            stage: Stage::Waiting,
            alone_since: None,
            ends_at: None,
            told_it_ends: false,
            unstaffed: false,
            present: Presence::NONE,
        }
    }

    /// A host opens it. `alone` and `unstaffed` are her explicit choice to do so with one host only, and although no
    /// professional can be reached. Returns whether it opened by that: of two hosts who open it at once, one finds it open.
    pub fn open(&mut self, alone: bool, unstaffed: bool, now: Timestamp) -> Result<bool, Refused> {
        let Presence { hosts, professional, .. } = self.present;
        match self.stage {
            Stage::Waiting => {}
            Stage::Open | Stage::Frozen { .. } => return Ok(false),
            Stage::Closed { .. } => return Err(Refused::Silenced { why: Silence::NotOpen }),
        }
        if !(alone || hosts >= 2) || !(unstaffed || professional) {
            return Err(Refused::NotAttended { hosts: hosts as u32, professional });
        }
        (self.stage, self.unstaffed) = (Stage::Open, !professional);
        // Whoever opens it is here, whatever her connection does at this moment.
        self.alone_since = (hosts == 0).then_some(now);
        Ok(true)
    }

    /// The relay has started: nobody is here yet.
    pub fn restarted(&mut self, now: Timestamp) {
        self.alone_since = Some(now);
    }

    /// Its record was read again, but the relay knows who was here.
    pub fn here_as(&mut self, before: &Self) {
        (self.alone_since, self.present) = (before.alone_since, before.present);
    }

    /// Where it is.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// When it ends, if that was planned.
    pub fn ends_at(&self) -> Option<Timestamp> {
        self.ends_at
    }

    /// Whether participants may speak at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.stage == Stage::Open
            && self.alone_since.is_none_or(|since| now < since.plus_ms(WITHOUT_HOST_MS))
            && self.ends_at.is_none_or(|end| now < end)
    }

    /// Somebody came or went. What has become due before that happens first.
    pub fn attended(&mut self, present: Presence, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = self.handle_timeout(now);
        self.present = present;
        if present.hosts > 0 {
            self.alone_since = None;
            if matches!(self.stage, Stage::Frozen { .. }) {
                self.stage = Stage::Open;
                said.push(SessionNotice::GoesOn);
            }
        } else {
            self.alone_since.get_or_insert(now);
        }
        said
    }

    /// A host says when it ends. Nothing if it is over, or if that is no moment a session can end at.
    pub fn until(&mut self, at: Timestamp, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = self.handle_timeout(now);
        let is_over = matches!(self.stage, Stage::Closed { .. });
        if !is_over && now < at && at <= now.plus_ms(SESSION_MS_MAX) {
            (self.ends_at, self.told_it_ends) = (Some(at), false);
            said.push(SessionNotice::Ends { at });
        }
        said
    }

    /// A host ends it.
    pub fn end(&mut self, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = self.handle_timeout(now);
        said.extend(self.close(now, Closed::Ended));
        said
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let alone = match self.stage {
            Stage::Closed { .. } => return None,
            Stage::Open => self.alone_since.map(|since| since.plus_ms(WITHOUT_HOST_MS)),
            Stage::Frozen { since } => Some(since.plus_ms(FROZEN_MS)),
            Stage::Waiting => self.alone_since.map(|since| since.plus_ms(FROZEN_MS)),
        };
        let soon = self.ends_at.filter(|_| !self.told_it_ends).map(soon);
        [alone, soon, self.ends_at].into_iter().flatten().min()
    }

    /// Does what is due, in the order in which it became due. Safe to call at any time.
    pub fn handle_timeout(&mut self, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = Vec::new();
        while let Some(due) = self.poll_timeout().filter(|due| *due <= now) {
            said.extend(self.look(due));
        }
        said
    }

    // What is due at this moment, one thing at a time.
    fn look(&mut self, due: Timestamp) -> Option<SessionNotice> {
        if self.ends_at.is_some_and(|end| end <= due) {
            return self.close(due, Closed::Ended);
        }
        if let Some(end) = self.ends_at.filter(|end| !self.told_it_ends && soon(*end) <= due) {
            self.told_it_ends = true;
            // Of one that was shorter than that from the start everybody knows.
            return (soon(end) == due).then_some(SessionNotice::EndsSoon);
        }
        match self.stage {
            Stage::Open => {
                self.stage = Stage::Frozen { since: due };
                Some(SessionNotice::Frozen)
            }
            Stage::Frozen { .. } | Stage::Waiting => self.close(due, Closed::Unattended),
            Stage::Closed { .. } => None,
        }
    }

    fn close(&mut self, at: Timestamp, why: Closed) -> Option<SessionNotice> {
        if matches!(self.stage, Stage::Closed { .. }) {
            return None;
        }
        self.stage = Stage::Closed { at, why };
        Some(SessionNotice::Closed { why })
    }
}

fn soon(end: Timestamp) -> Timestamp {
    Timestamp(end.0.saturating_sub(ENDS_SOON_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: Timestamp = Timestamp(10_000_000_000);
    const MINUTE: u64 = 60_000;

    fn at(minutes: u64) -> Timestamp {
        BEGIN.plus_ms(minutes * MINUTE)
    }

    fn opened() -> Life {
        let mut life = Life::begin();
        life.attended(Presence::FULL, BEGIN);
        life.open(false, false, BEGIN).unwrap();
        life
    }

    fn of_ninety_minutes() -> Life {
        let mut life = opened();
        life.until(at(90), BEGIN);
        life
    }

    #[test]
    fn it_opens_with_two_hosts_and_a_professional_or_by_explicit_choice() {
        let here = |hosts, professional| {
            let mut life = Life::begin();
            life.attended(Presence { hosts, professional, person: false }, BEGIN);
            life
        };
        assert!(!here(2, true).is_open(BEGIN), "not by itself");
        for (hosts, professional, alone, unstaffed) in
            [(2, true, false, false), (1, true, true, false), (2, false, false, true), (1, false, true, true)]
        {
            let mut life = here(hosts, professional);
            life.open(alone, unstaffed, BEGIN).unwrap();
            assert!(life.is_open(BEGIN));
            assert_eq!(
                life.unstaffed, !professional,
                "said because it is so, not because she would not mind"
            );
        }
        for (hosts, professional, alone, unstaffed) in
            [(1, true, false, true), (2, false, true, false), (0, true, false, false)]
        {
            let mut life = here(hosts, professional);
            let missing = Refused::NotAttended { hosts: hosts as u32, professional };
            assert_eq!(life.open(alone, unstaffed, BEGIN), Err(missing));
            assert!(!life.is_open(BEGIN));
        }
        assert_eq!(opened().open(false, false, BEGIN), Ok(false), "the other host was first");
        let mut over = opened();
        over.end(BEGIN);
        assert_eq!(over.open(true, true, BEGIN), Err(Refused::Silenced { why: Silence::NotOpen }));
    }

    #[test]
    fn hosts_who_gather_and_go_leave_nothing_open() {
        let mut life = Life::begin();
        life.attended(Presence::FULL, BEGIN);
        assert_eq!(life.attended(Presence::NONE, at(5)), []);
        assert_eq!(life.handle_timeout(at(14)), []);
        assert_eq!(life.handle_timeout(at(15)), [SessionNotice::Closed { why: Closed::Unattended }]);
    }

    #[test]
    fn a_minute_without_a_host_freezes_it_and_a_host_lets_it_go_on() {
        let mut life = of_ninety_minutes();
        assert_eq!(life.attended(Presence::NONE, at(5)), []);
        assert!(life.is_open(Timestamp(at(6).0 - 1)));
        assert!(!life.is_open(at(6)), "even before anybody has looked");
        assert_eq!(life.handle_timeout(at(6)), [SessionNotice::Frozen]);
        assert_eq!(life.attended(Presence::FULL, at(15)), [SessionNotice::GoesOn]);
        assert!(life.is_open(at(15)));
    }

    #[test]
    fn ten_minutes_more_close_it_for_good() {
        let mut life = of_ninety_minutes();
        life.attended(Presence::NONE, at(5));
        let closed = SessionNotice::Closed { why: Closed::Unattended };
        assert_eq!(life.handle_timeout(at(16)), [SessionNotice::Frozen, closed]);
        assert_eq!(life.attended(Presence::FULL, at(17)), []);
        assert!(!life.is_open(at(17)));
        assert_eq!(life.poll_timeout(), None);
    }

    #[test]
    fn a_host_who_is_back_within_the_minute_changes_nothing() {
        let mut life = of_ninety_minutes();
        life.attended(Presence::NONE, at(5));
        assert_eq!(life.attended(Presence::FULL, Timestamp(at(6).0 - 1)), []);
        assert_eq!(life.handle_timeout(at(30)), []);
        assert!(life.is_open(at(30)));
    }

    #[test]
    fn it_is_told_ten_minutes_before_and_ends_in_time() {
        let mut life = of_ninety_minutes();
        assert_eq!(life.poll_timeout(), Some(at(80)));
        assert_eq!(life.handle_timeout(at(80)), [SessionNotice::EndsSoon]);
        assert_eq!(life.handle_timeout(at(81)), []);
        assert_eq!(life.handle_timeout(at(90)), [SessionNotice::Closed { why: Closed::Ended }]);
    }

    #[test]
    fn who_wants_to_stay_a_while_is_told_of_the_new_end() {
        let mut life = of_ninety_minutes();
        life.handle_timeout(at(80));
        assert_eq!(life.until(at(105), at(85)), [SessionNotice::Ends { at: at(105) }]);
        assert_eq!(life.until(at(84), at(85)), [], "it cannot have ended already");
        assert_eq!(
            life.until(Timestamp(at(85).0 + SESSION_MS_MAX + 1), at(85)),
            [],
            "nobody leads that long"
        );
        assert_eq!(life.handle_timeout(at(95)), [SessionNotice::EndsSoon]);
        assert_eq!(life.end(at(100)), [SessionNotice::Closed { why: Closed::Ended }]);
        assert_eq!(life.until(at(120), at(101)), [], "what is over stays over");
    }

    #[test]
    fn its_end_comes_also_while_it_is_frozen() {
        let mut life = of_ninety_minutes();
        life.handle_timeout(at(80));
        life.attended(Presence::NONE, at(88));
        let closed = SessionNotice::Closed { why: Closed::Ended };
        assert_eq!(life.handle_timeout(at(120)), [SessionNotice::Frozen, closed]);
    }

    #[test]
    fn after_a_start_of_the_relay_hosts_have_their_minute_again() {
        let mut life = opened();
        life.restarted(at(10));
        assert!(life.is_open(at(10)));
        assert_eq!(life.handle_timeout(at(11)), [SessionNotice::Frozen]);
        let stored = lotgenoot_protocol::codec::to_vec(&life);
        let mut again: Life = lotgenoot_protocol::codec::from_slice(&stored).unwrap();
        again.restarted(at(12));
        assert_eq!(again.stage(), Stage::Frozen { since: at(11) });
        assert_eq!(again.attended(Presence::FULL, at(13)), [SessionNotice::GoesOn]);
    }
}
