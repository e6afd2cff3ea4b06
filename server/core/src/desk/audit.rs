//! The auditor: proves that nothing that waits has been forgotten, and arms again what was.
//!
//! Every open call has a moment at which it is looked at next, derived from its own state. The desk wakes by an index of
//! those moments; were an entry of it ever missing, a call would be silent for ever and nobody would notice. So the index is
//! held against the calls (study: on-call, 3.5; invariant I1).

use lotgenoot_protocol::{CallId, Timestamp};

use super::HelpDesk;
use crate::call::State;

/// What the auditor found.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Audit {
    /// Calls that are open.
    pub open: u64,
    /// Open calls that nobody leads.
    pub without_lead: u64,
    /// How long the one that has waited longest has been without a lead, in milliseconds.
    pub waits_ms: u64,
    /// How much later than it should have been something is looked at, at most, in milliseconds.
    pub late_ms: u64,
    /// What had to be armed again. More than none is a defect.
    pub repaired: u64,
}

impl Audit {
    /// The same of two: calls, and pages on their way.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            open: self.open + other.open,
            without_lead: self.without_lead + other.without_lead,
            waits_ms: self.waits_ms.max(other.waits_ms),
            late_ms: self.late_ms.max(other.late_ms),
            repaired: self.repaired + other.repaired,
        }
    }
}

impl HelpDesk {
    /// Looks at every call that is open.
    pub fn audit(&mut self, now: Timestamp) -> Audit {
        let mut audit = Audit::default();
        let mut missing: Vec<(Timestamp, CallId)> = Vec::new();
        for call in self.calls.values() {
            match &call.state {
                State::Paging(_) => {
                    audit.without_lead += 1;
                    audit.waits_ms = audit.waits_ms.max(now.ms_since(call.waits_since));
                }
                State::Acknowledged(_) | State::Active(_) => {}
                State::Closed(_) | State::Resting(_) => continue,
            }
            audit.open += 1;
            // An open call without one has stopped for good: it is looked at now.
            let due = call.due().unwrap_or(now);
            if !self.deadlines.contains(&(due, call.id)) {
                missing.push((due, call.id));
            }
            audit.late_ms = audit.late_ms.max(now.ms_since(due));
        }
        audit.repaired = missing.len() as u64;
        self.deadlines.extend(missing);
        audit
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use lotgenoot_protocol::call::Urgency;
    use lotgenoot_protocol::role::Trust;
    use lotgenoot_protocol::{LeafKey, RoomId, RootKey};

    use super::*;
    use crate::call::{Closed, Ending, HelpCall, Round};
    use crate::duty::Roster;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn desk(calls: impl IntoIterator<Item = State>) -> HelpDesk {
        let trust = Trust::new(RootKey([0; 32]));
        let mut desk = HelpDesk::new(trust, Roster::new(Vec::new(), BTreeMap::new()).unwrap(), [0; 32]);
        for (at, state) in calls.into_iter().enumerate() {
            let id = CallId([at as u8; 16]);
            let call = HelpCall {
                id,
                room: RoomId([at as u8; 16]),
                service: "wijkteam".to_owned(),
                urgency: Urgency::Now,
                raised_at: NOW,
                person: LeafKey([0; 32]),
                state,
                told_still_waiting: false,
                version: 1,
                first: Vec::new(),
                hops: 0,
                quiet_since: NOW,
                recent: Vec::new(),
                waits_since: NOW,
            };
            desk.deadlines.extend(call.due().map(|due| (due, id)));
            desk.calls.insert(id, call);
        }
        desk
    }

    #[test]
    fn a_call_that_would_never_be_looked_at_again_is_found_and_armed() {
        let mut desk = desk([State::Paging(Round::begin(1, NOW)), State::Paging(Round::begin(1, NOW))]);
        assert_eq!(desk.audit(NOW).repaired, 0);
        let lost = desk.deadlines.pop_first().expect("one of two");
        let later = NOW.plus_ms(5_000);
        let found = desk.audit(later);
        assert_eq!((found.open, found.without_lead, found.repaired), (2, 2, 1));
        assert_eq!((found.waits_ms, found.late_ms), (5_000, 5_000));
        assert!(desk.deadlines.contains(&lost) && desk.poll_timeout() == Some(lost.0));
        assert_eq!(desk.audit(later).repaired, 0, "it is armed");
    }

    #[test]
    fn what_is_over_is_nobodys_to_look_at() {
        let closed = State::Closed(Closed { at: NOW, epoch: 1, before: None, ending: Ending::default() });
        let mut desk = desk([closed]);
        desk.deadlines.clear();
        assert_eq!(desk.audit(NOW), Audit::default());
    }
}
