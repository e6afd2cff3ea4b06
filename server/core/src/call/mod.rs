//! One help call: a struct for each state, a method for each thing that happens.
//!
//! ```text
//!   raise              acknowledge                first words
//!  ───────► Paging ──────────────► Acknowledged ─────────────► Active ◄──┐ hand-over, accepted and spoken;
//!          ▲  ▲  ▲                     │                        │  │ └────┘ a colleague assists
//!          │  │  └─ no words in 120 s ─┘                        │  │
//!          │  └──── given back, or gone and nothing written ────┘  │   all with the page epoch + 1
//!          │        in 60 s after she was called again             │
//!          └─────── reopened ◄── Closed ◄── the person closes ─────┤ from every state
//!          └─────── reopened ◄── Resting ◄─ 30 days of silence ────┘ from Paging and Active
//! ```
//!
//! A transition takes the state by value: what must not happen twice does not compile. Timers are timestamps that
//! live in the state they were set in, so there is no stale one. Rules (`escalation.md`): stored first, staffed
//! after; acknowledged is not helped; one owner; only the person closes.

mod ask;
mod ending;
mod led;
mod over;
mod pace;
mod round;

use lotgenoot_protocol::call::Urgency;
use lotgenoot_protocol::limits::{CLOSED_CALL_KEPT_MS, RESTING_CALL_KEPT_MS};
use lotgenoot_protocol::{AccountKey, CallId, LeafKey, RequestId, RoomId, Timestamp};
use minicbor::{Decode, Encode};

pub use ask::Ask;
pub use ending::Ending;
pub use led::{Acknowledged, Active, Lead};
pub use over::{Closed, Resting};
pub use pace::Pace;
pub use round::{Round, Track, Tracks};

/// How often it is looked up again who is on duty, in milliseconds.
pub const LOOK_UP_MS: u64 = 30_000;
/// How long a lead has for the first words, in milliseconds.
pub const FIRST_REPLY_MS: u64 = 120_000;
/// How long a lead may be away while the person writes, in milliseconds.
pub const LEAD_GONE_MS: u64 = 180_000;
/// How long a lead who was called again has to write, in milliseconds.
pub const ATTENTION_MS: u64 = 60_000;
/// How soon after the last round somebody who asks again rings nobody anew, in milliseconds.
pub const NUDGE_MS: u64 = 10_000;
/// How long the person can undo closing as if it had not happened, in milliseconds.
pub const UNDO_MS: u64 = 60_000;
/// After how long a silence a call rests, in milliseconds.
pub const REST_MS: u64 = 30 * 86_400_000;
/// More hand-overs than this bring a coordinator in.
pub const HOPS_MAX: u32 = 2;
// How exactly it is known when somebody wrote last.
const QUIET_STEP_MS: u64 = 3_600_000;
// Steps whose repeats are known.
const RECENT_MAX: usize = 16;

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
    /// She has been told that three minutes have passed in this round.
    #[n(7)]
    pub told_still_waiting: bool,
    /// Counts every change.
    #[n(8)]
    pub version: u64,
    /// Who is called first if on duty: contact person and deputy.
    #[n(9)]
    pub first: Vec<AccountKey>,
    /// How often it was handed over.
    #[n(10)]
    pub hops: u32,
    /// When somebody wrote last, to the hour.
    #[n(11)]
    pub quiet_since: Timestamp,
    /// The newest steps that were taken: a repeat has no second effect.
    #[n(12)]
    pub recent: Vec<RequestId>,
    /// Since when nobody answers: when it was raised, or when this round of paging began.
    #[n(13)]
    pub waits_since: Timestamp,
}

/// Where a call stands.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum State {
    /// People are being called.
    #[n(0)]
    Paging(#[n(0)] Round),
    /// Somebody has taken it and has not written yet.
    #[n(1)]
    Acknowledged(#[n(0)] Acknowledged),
    /// The lead's words are in the room.
    #[n(2)]
    Active(#[n(0)] Active),
    /// The person closed it.
    #[n(3)]
    Closed(#[n(0)] Closed),
    /// Nobody wrote for a long time.
    #[n(4)]
    Resting(#[n(0)] Resting),
}

impl HelpCall {
    /// Whoever leads it.
    pub fn lead(&self) -> Option<&Lead> {
        match &self.state {
            State::Acknowledged(it) => Some(&it.lead),
            State::Active(it) => Some(&it.lead),
            State::Paging(_) | State::Closed(_) | State::Resting(_) => None,
        }
    }

    /// The round of paging it is in, or was in last.
    pub fn epoch(&self) -> u32 {
        match &self.state {
            State::Paging(it) => it.epoch,
            State::Acknowledged(it) => it.epoch,
            State::Active(it) => it.epoch,
            State::Closed(it) => it.epoch,
            State::Resting(it) => it.epoch,
        }
    }

    /// When somebody must look at it again.
    pub fn due(&self) -> Option<Timestamp> {
        let rests = self.quiet_since.plus_ms(REST_MS);
        match &self.state {
            State::Paging(it) if self.told_still_waiting => Some(it.due.min(rests)),
            State::Paging(it) => Some(it.due.min(self.still_waiting_at()).min(rests)),
            State::Acknowledged(it) => Some(it.due),
            State::Active(it) => Some(it.due().map_or(rests, |due| due.min(rests))),
            State::Closed(it) => it.ending.due(it.certain_at()).into_iter().chain(self.forgotten_at()).min(),
            State::Resting(it) => it.ending.due(it.since).into_iter().chain(self.forgotten_at()).min(),
        }
    }

    /// When it is forgotten with everything in its room, if nobody goes on with it before.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
        match &self.state {
            State::Closed(it) => Some(it.at.plus_ms(CLOSED_CALL_KEPT_MS)),
            State::Resting(it) => Some(it.since.plus_ms(RESTING_CALL_KEPT_MS)),
            State::Paging(_) | State::Acknowledged(_) | State::Active(_) => None,
        }
    }

    /// When she is told that nobody has answered for long.
    pub fn still_waiting_at(&self) -> Timestamp {
        self.waits_since.plus_ms(self.pace().still_waiting_ms)
    }

    /// A new round begins: she waits anew.
    pub fn waits(&mut self, now: Timestamp) {
        (self.waits_since, self.told_still_waiting) = (now, false);
    }

    /// How fast people are called.
    pub fn pace(&self) -> Pace {
        Pace::of(self.urgency)
    }

    /// Whether the person closed it.
    pub fn is_closed(&self) -> bool {
        matches!(self.state, State::Closed(_))
    }

    /// Somebody wrote. Returns whether that is worth storing.
    pub fn heard(&mut self, now: Timestamp) -> bool {
        let worth = now.ms_since(self.quiet_since) >= QUIET_STEP_MS;
        if worth {
            self.quiet_since = now;
        }
        worth
    }

    /// The same by a clock that may have been set back since it was stored: nothing of it happened later than `now`, and
    /// nothing waits longer from now on than it would have. To look too soon is safe.
    #[must_use]
    pub fn by_clock(mut self, now: Timestamp) -> Self {
        for at in [&mut self.raised_at, &mut self.quiet_since, &mut self.waits_since] {
            *at = (*at).min(now);
        }
        match &mut self.state {
            State::Paging(it) => it.by_clock(now),
            State::Acknowledged(it) => it.due = it.due.min(now.plus_ms(FIRST_REPLY_MS)),
            State::Active(it) => it.by_clock(now),
            State::Closed(it) => {
                it.at = it.at.min(now);
                it.before.iter_mut().for_each(|before| before.by_clock(now));
            }
            State::Resting(it) => it.since = it.since.min(now),
        }
        self
    }

    /// Whether this step was taken already; if not, it is from now on.
    pub fn is_repeat(&mut self, request: RequestId) -> bool {
        if self.recent.contains(&request) {
            return true;
        }
        if self.recent.len() == RECENT_MAX {
            self.recent.remove(0);
        }
        self.recent.push(request);
        false
    }
}
