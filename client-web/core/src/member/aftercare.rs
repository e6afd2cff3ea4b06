//! Later: she is asked whether what was agreed was done, if she wants that. What she answers is counted without her call.

use lotgenoot_messages as ui;
use lotgenoot_protocol::CallId;
use lotgenoot_protocol::figures::PutAftercare;
use lotgenoot_protocol::frame::Request;

use super::Member;
use super::survey::degree;
use crate::call::{Aftercare, Call};
use crate::requests::Purpose;
use crate::show;

impl Member {
    /// She chooses when and how, or not at all any more.
    pub(super) fn want_aftercare(&mut self, call: &str, wish: Option<(u64, ui::AftercareWay)>) {
        let Some(call) = self.own_call(call) else { return self.fail(ui::Failure::CallGone) };
        call.aftercare = wish.map(|(at, way)| Aftercare::new(at, way));
        let id = call.id;
        self.call_changed(id);
    }

    /// She answers.
    pub(super) fn answer_aftercare(&mut self, call: &str, kept: ui::Degree) {
        let Some(call) = self.own_call(call) else { return self.fail(ui::Failure::CallGone) };
        if !call.aftercare.as_mut().is_some_and(|aftercare| aftercare.answer(kept)) {
            return;
        }
        let (id, service) = (call.id, call.service.clone());
        let put = PutAftercare { service, kept: degree(kept) };
        self.requests.ask(Purpose::Aftercare, Request::PutAftercare(put));
        self.call_changed(id);
    }

    /// She does not want to look it up any more.
    pub(super) fn put_call_away(&mut self, call: &str) {
        let id = self.own_call(call).map(|call| (call.id, call.room));
        let Some((id, _)) = id.filter(|(_, room)| !self.rooms.contains_key(room)) else { return };
        self.calls.remove(&id);
        self.due.core(self.now);
        self.events.push_back(ui::Event::CallGone { call: show::hex(&id.0) });
    }

    fn own_call(&mut self, call: &str) -> Option<&mut Call> {
        let id = show::unhex(call).map(CallId)?;
        self.calls.get_mut(&id).filter(|call| call.own)
    }
}
