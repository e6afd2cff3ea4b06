//! How a call ended, as whoever led it last tells the relay: counted, and nothing of whose it was.

use lotgenoot_messages as ui;
use lotgenoot_protocol::CallId;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::call::{Step, StepCall};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::outcome::{Code, Outcome};

use super::Member;
use crate::requests::Purpose;
use crate::show;

impl Member {
    /// She says how it ended.
    pub(super) fn put_outcome(&mut self, call: &str, outcome: &ui::Outcome) {
        let known = show::unhex(call).map(CallId).and_then(|id| self.calls.get(&id));
        let Some(call) = known.filter(|call| call.outcome_due) else {
            return self.fail(ui::Failure::CallGone);
        };
        let codes = outcome.codes.iter().filter_map(|code| Code::ALL.get(*code as usize).copied()).collect();
        let step = Step::Outcome(Outcome { spoke: outcome.spoke, codes });
        let (id, room) = (call.id, call.room);
        self.requests.ask(Purpose::Outcome(room, id), Request::StepCall(StepCall { call: id, step }));
    }

    /// It was counted, or cannot be.
    pub(super) fn outcome_answered(&mut self, id: CallId, answer: &Answer) {
        match answer {
            Answer::Refused(Refused::Invalid { .. }) => return self.fail(ui::Failure::Outcome),
            Answer::Refused(Refused::NoSuchCall) => self.fail(ui::Failure::CallGone),
            Answer::Refused(_) => return self.fail(ui::Failure::Other),
            _ => {}
        }
        if let Some(call) = self.calls.get_mut(&id) {
            call.outcome_due = false;
            self.call_changed(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_mean_the_same_by_a_code() {
        let ours: Vec<String> = ui::OutcomeCode::ALL.iter().map(|code| format!("{code:?}")).collect();
        let theirs: Vec<String> = Code::ALL.iter().map(|code| format!("{code:?}")).collect();
        assert_eq!(ours, theirs);
        assert!(ui::OutcomeCode::ALL.iter().enumerate().all(|(at, code)| *code as usize == at));
    }
}
