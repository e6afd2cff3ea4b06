//! How calls ended, and what came of what was agreed: counted, and nothing else.

use lotgenoot_protocol::figures::PutAftercare;
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::limits::NAME_BYTES_MAX;
use lotgenoot_protocol::outcome::{Code, Outcome};
use lotgenoot_protocol::{LeafKey, Refused, RequestId, Seq, Timestamp};

use super::{HelpDesk, accepted};
use crate::call::{HelpCall, State};
use crate::duty::HOSTS;
use crate::effect::{Batch, Op};
use crate::figures::{Figure, quarter_of};

// Answers whose repeats are known: after a lost connection one comes again within moments.
const RECENT_MAX: usize = 64;

impl HelpCall {
    /// Whether one of these leaves led it when it was closed or came to rest.
    pub(super) fn ended_by(&self, leaves: &[LeafKey]) -> bool {
        match &self.state {
            State::Closed(it) => it.ending.is_by(leaves),
            State::Resting(it) => it.ending.is_by(leaves),
            State::Paging(_) | State::Acknowledged(_) | State::Active(_) => false,
        }
    }

    // What is to be counted of its ending now.
    fn outcome_due(&mut self, now: Timestamp) -> Option<Outcome> {
        match &mut self.state {
            State::Closed(it) => it.ending.count(it.certain_at(), now),
            State::Resting(it) => it.ending.count(it.since, now),
            State::Paging(_) | State::Acknowledged(_) | State::Active(_) => None,
        }
    }
}

impl HelpDesk {
    /// Whether this can be how the call ended.
    pub(super) fn check_outcome(call: &HelpCall, outcome: &Outcome) -> Result<(), Refused> {
        let codes = outcome.codes;
        if codes.has_unknown() {
            return Err(Refused::invalid("an outcome that nobody knows"));
        }
        if outcome.spoke && codes.has(Code::NotReached) {
            return Err(Refused::invalid("somebody who was spoken with and not reached"));
        }
        if codes.has(Code::HandedOver) && call.hops == 0 {
            return Err(Refused::invalid("a hand-over that nobody has accepted and written in"));
        }
        Ok(())
    }

    /// Whoever led it last says how it ended.
    pub(super) fn put_outcome(
        &mut self,
        mut call: HelpCall,
        outcome: Outcome,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        match &mut call.state {
            State::Closed(it) => it.ending.said(outcome),
            State::Resting(it) => it.ending.said(outcome),
            State::Paging(_) | State::Acknowledged(_) | State::Active(_) => {}
        }
        Self::count_outcome(&mut call, now, batch);
        self.keep(call, None, batch);
    }

    /// Counts how it ended, once that is certain. Returns whether it did.
    pub(super) fn count_outcome(call: &mut HelpCall, now: Timestamp, batch: &mut Batch) -> bool {
        let Some(outcome) = call.outcome_due(now) else { return false };
        let (quarter, service) = (quarter_of(now), call.service.clone());
        batch.ops.push(Op::CountCall { quarter, service, figure: Figure::Outcome(outcome) });
        true
    }

    /// Somebody says whether what was agreed was done. Of which call is not asked: it may be forgotten by then.
    pub fn aftercare(
        &mut self,
        put: &PutAftercare,
        request: RequestId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        Refused::unless_within(put.service.len(), NAME_BYTES_MAX, "NAME_BYTES_MAX")?;
        if !self.roster.services().any(|name| name == put.service && name != HOSTS) {
            return Err(Refused::invalid("a service that is none"));
        }
        if !self.answered.contains(&request) {
            if self.answered.len() == RECENT_MAX {
                self.answered.pop_front();
            }
            self.answered.push_back(request);
            let (quarter, service) = (quarter_of(now), put.service.clone());
            batch.ops.push(Op::CountCall { quarter, service, figure: Figure::Aftercare(put.kept) });
        }
        Ok(accepted(Seq(0)))
    }
}
