//! What the person and the lead do with a call: close it, go on with it, call again, give it back.

use std::collections::BTreeMap;

use lotgenoot_protocol::call::{Alarm, CallNotice, Step, StepCall, Why};
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::limits::FIRST_CALLED_MAX;
use lotgenoot_protocol::{CallId, LeafKey, Refused, RequestId, Seq, Timestamp};

use super::{HelpDesk, accepted};
use crate::call::{Closed, Ending, HOPS_MAX, HelpCall, LEAD_GONE_MS, Lead, NUDGE_MS, Round, State};
use crate::effect::Batch;

impl HelpDesk {
    /// The person closes her call. Nobody else can.
    pub fn close(
        &mut self,
        by: &[LeafKey],
        call: CallId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&call)?;
        if !by.contains(&call.person) {
            return Err(Refused::NoSuchCall);
        }
        let epoch = call.epoch();
        let (tracks, alarmed, before, ending) = match call.state {
            State::Closed(_) => return Ok(accepted(Seq(0))),
            State::Paging(it) => (it.tracks, it.alarmed > 0, None, Ending::default()),
            State::Acknowledged(it) => (it.tracks, false, None, Ending::of(Some(it.lead))),
            // It is the same ending: what was said of it stays.
            State::Resting(it) => (BTreeMap::new(), false, None, it.ending),
            State::Active(it) => {
                self.end_asks(call.id, &call.room, &it, now, batch);
                (BTreeMap::new(), call.hops > HOPS_MAX, Some(it), Ending::default())
            }
        };
        Self::call_off(call.id, Why::Call, &tracks, None, batch);
        if alarmed {
            self.alarm(call.id, call.raised_at, Alarm::Over, batch);
        }
        let closed = Closed { at: now, epoch, before: None, ending };
        call.state = State::Closed(before.map_or(closed, |active| active.close(now)));
        let seq = self.note(&call.room, &CallNotice::Closed, now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// A step of the person or of the lead. A repeat of the request has no second effect.
    pub fn step(
        &mut self,
        by: &[LeafKey],
        step: &StepCall,
        request: RequestId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&step.call)?;
        if call.recent.contains(&request) {
            return Ok(accepted(Seq(0)));
        }
        let is_person = by.contains(&call.person);
        let leads = call.lead().is_some_and(|lead| by.contains(&lead.leaf));
        let may = match step.step {
            Step::Nudge | Step::Reopen => is_person,
            Step::ProposeDone | Step::GiveBack | Step::EndAsk(_) => leads,
            Step::Outcome(_) => call.ended_by(by),
        };
        if !may {
            return Err(Refused::NoSuchCall);
        }
        if let Step::Outcome(outcome) = &step.step {
            Self::check_outcome(&call, outcome)?;
        }
        call.is_repeat(request);
        match step.step {
            Step::Nudge => self.nudge(call, now, batch),
            Step::Reopen => self.reopen(call, now, batch),
            Step::ProposeDone => self.propose_done(call, now, batch),
            Step::GiveBack => self.give_back(call, now, batch),
            Step::Outcome(outcome) => self.put_outcome(call, outcome, now, batch),
            Step::EndAsk(ask) => {
                self.end_ask(&mut call, ask, now, batch);
                self.keep(call, None, batch);
            }
        }
        Ok(accepted(Seq(0)))
    }

    // She asks again: nobody is ever told that she already did.
    fn nudge(&mut self, mut call: HelpCall, now: Timestamp, batch: &mut Batch) {
        let pace = call.pace();
        call.heard(now);
        match call.state {
            State::Paging(round) => {
                let rings = now.ms_since(round.rang_at) >= NUDGE_MS;
                call.state = State::Paging(if rings { round.nudged(&pace, now) } else { round });
                return self.page_and_keep(call, now, batch);
            }
            // The lead has her time for the first words; then others are called without anybody asking.
            State::Acknowledged(_) | State::Closed(_) | State::Resting(_) => {}
            State::Active(ref mut it) if it.attention.is_none() => {
                let wrote_at = it.wrote_at;
                it.person_wrote(now);
                let mut active = it.clone();
                let (id, room, raised_at, urgency) = (call.id, call.room, call.raised_at, call.urgency);
                self.call_lead(&id, room, raised_at, urgency, &mut active, now, batch);
                // A lead who wrote just now is not taken for one who is gone.
                if let Some(attention) = &mut active.attention {
                    attention.due = attention.due.max(wrote_at.plus_ms(LEAD_GONE_MS));
                }
                call.state = State::Active(active);
            }
            State::Active(_) => {}
        }
        self.keep(call, None, batch);
    }

    // Closing is taken back, or she wants to go on with what was closed or at rest.
    fn reopen(&mut self, mut call: HelpCall, now: Timestamp, batch: &mut Batch) {
        Self::count_outcome(&mut call, now, batch);
        let (round, last) = match call.state {
            State::Closed(ref closed) => match closed.undone(now) {
                Some(mut active) => {
                    let gone = !self.present.contains(&active.lead.account);
                    active.gone_since = gone.then(|| active.gone_since.unwrap_or(now));
                    call.state = State::Active(active);
                    call.heard(now);
                    self.note(&call.room, &CallNotice::Reopened, now, batch);
                    return self.keep(call, None, batch);
                }
                None => {
                    let last = closed.before.as_ref().map(|active| active.lead);
                    (closed.reopen(now), last)
                }
            },
            State::Resting(ref resting) => (resting.reopen(now), None),
            // It is open.
            State::Paging(_) | State::Acknowledged(_) | State::Active(_) => {
                return self.keep(call, None, batch);
            }
        };
        self.note(&call.room, &CallNotice::Reopened, now, batch);
        self.begin_anew(call, round, last, now, batch);
    }

    fn propose_done(&mut self, mut call: HelpCall, now: Timestamp, batch: &mut Batch) {
        if let State::Active(active) = &mut call.state
            && !std::mem::replace(&mut active.done_proposed, true)
        {
            self.note(&call.room, &CallNotice::DoneProposed, now, batch);
        }
        self.keep(call, None, batch);
    }

    // She cannot go on: everybody is called anew, but not she.
    fn give_back(&mut self, mut call: HelpCall, now: Timestamp, batch: &mut Batch) {
        let Some(lead) = call.lead().copied() else { return };
        call.state = match call.state {
            State::Acknowledged(it) => self.lost(&call.room, it, now, batch),
            State::Active(it) => self.given_up(call.id, &call.room, it, now, batch),
            other => other,
        };
        if let State::Paging(round) = &mut call.state {
            round.without(lead, now);
            call.waits(now);
        }
        self.page_and_keep(call, now, batch);
    }

    // A new round, whoever led it last first, if she is on duty.
    pub(super) fn begin_anew(
        &mut self,
        mut call: HelpCall,
        round: Round,
        last: Option<Lead>,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        call.state = State::Paging(round);
        (call.raised_at, call.quiet_since) = (now, now);
        call.waits(now);
        if let Some(last) = last {
            call.first.retain(|account| *account != last.account);
            call.first.insert(0, last.account);
            call.first.truncate(FIRST_CALLED_MAX);
        }
        self.page_and_keep(call, now, batch);
    }
}
