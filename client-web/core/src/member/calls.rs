//! What the person and professionals do with a help call.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::{Acknowledgement, Alarm, AskColleague, Decline, Part, Step, StepCall, Why};
use lotgenoot_protocol::frame::{OneCall, Page, Request};
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::{AccountKey, AskId, CallId, LeafKey, PageId, Refused, RoomId, Timestamp};

use super::Member;
use crate::call::{Call, Phase, reason_meant};
use crate::content::Content;
use crate::group::Change;
use crate::requests::Purpose;
use crate::show;

impl Member {
    /// A professional is paged.
    pub(super) fn paged(&mut self, page: Page) {
        let (id, is_new) = (page.call, page.why != Why::Attention);
        let before = self.calls.remove(&id);
        // Another page of the same round, or the same one again, begins nothing anew.
        let same = |known: &&Page| known.page_epoch == page.page_epoch && known.why == page.why;
        let known = before.as_ref().filter(|before| before.page.as_ref().filter(same).is_some());
        let since = known.map_or(Some(self.now), |known| known.paged_at);
        let mut call = Call::paged(page, before);
        if is_new {
            call.paged_at = since;
        }
        self.calls.insert(id, call);
        self.link_call(id);
        self.call_changed(id);
    }

    /// A call needs a coordinator.
    pub(super) fn alarmed(&mut self, call: CallId, why: Alarm, since: Timestamp) {
        let why = match why {
            Alarm::Unanswered => ui::CallAlarm::Unanswered,
            Alarm::HandedOverOften => ui::CallAlarm::HandedOverOften,
            Alarm::Over => ui::CallAlarm::Over,
        };
        self.events.push_back(ui::Event::CallAlarm { call: show::hex(&call.0), why, since: since.0 });
    }

    pub(super) fn acknowledge(&mut self, call: &str) {
        let Some((id, ack)) = self.signed_answer(call) else { return self.fail(ui::Failure::CallGone) };
        let page = ack.page;
        // What she writes before she reads that she has it is her first words too.
        if let Some(room) = self.calls.get(&id).and_then(|call| self.rooms.get_mut(&call.room)) {
            room.reply_due = true;
            room.unsaved.room_by(self.now);
        }
        self.requests.ask(Purpose::Acknowledge(id, page), Request::Acknowledge(ack));
    }

    /// She was paged and came too late to lead: she helps.
    pub(super) fn assist(&mut self, call: &str) {
        let Some((id, ack)) = self.signed_answer(call) else { return self.fail(ui::Failure::CallGone) };
        if let Some(room) = self.calls.get(&id).map(|call| call.room) {
            self.requests.ask(Purpose::Step(room), Request::Assist(ack));
        }
    }

    pub(super) fn acknowledge_refused(&mut self, id: CallId, page: PageId, refused: &Refused) {
        // She was paged anew meanwhile: this says nothing of that page.
        let paged = self.calls.get(&id).and_then(|call| call.page.as_ref());
        if paged.is_some_and(|paged| paged.page != page) {
            return;
        }
        let (phase, failure) = match refused {
            Refused::AlreadyTaken => (Phase::NotYours, ui::Failure::AlreadyTaken),
            Refused::NoSuchCall => (Phase::Closed, ui::Failure::CallGone),
            _ => return self.fail(ui::Failure::Other),
        };
        if let Some(call) = self.calls.get_mut(&id) {
            match phase {
                Phase::NotYours => call.no_page(page, phase),
                gone => call.phase = gone,
            }
            if let Some(room) = self.rooms.get_mut(&call.room) {
                room.reply_due = false;
            }
        }
        self.call_changed(id);
        self.fail(failure);
    }

    pub(super) fn decline(&mut self, call: &str, reason: ui::Reason) {
        let Some(call) = known(call).and_then(|id| self.calls.get_mut(&id)) else { return };
        let Some(page) = call.page.as_ref().filter(|_| call.phase == Phase::WantsYou) else { return };
        let decline = Decline { call: call.id, page: page.page, reason: reason_meant(reason) };
        let otherwise = if call.lead.is_some() { Phase::Active } else { Phase::NotYours };
        call.no_page(page.page, otherwise);
        let id = call.id;
        self.requests.ask(Purpose::Decline, Request::Decline(decline));
        self.call_changed(id);
    }

    /// The lead asks a colleague by name to take over.
    pub(super) fn ask_by_name(&mut self, call: &str, service: String, account: &str) {
        let account = show::unhex(account).map(AccountKey);
        if account.is_some() {
            self.ask_colleague(call, Part::TakesOver, service, account);
        }
    }

    /// The lead asks for a colleague: the relay calls them, and the room reads it in her own words.
    pub(super) fn ask_colleague(
        &mut self,
        call: &str,
        part: Part,
        service: String,
        account: Option<AccountKey>,
    ) {
        let Some(id) = known(call) else { return };
        let ask = AskId(self.requests.random());
        let Some(call) = self.calls.get_mut(&id) else { return self.fail(ui::Failure::CallGone) };
        let room = call.room;
        let own = self.rooms.get(&room).map(|room| room.leaf.public());
        // Her own word is not read back.
        if own.is_none_or(|own| !call.handle_asks(own, ask, part, &service)) {
            return self.fail(ui::Failure::CallGone);
        }
        let said = Content::Asks { ask, part, service: service.clone() };
        self.in_room(room, |room, world| {
            room.say(said, world);
        });
        let request = AskColleague { call: id, ask, part, service, account };
        self.requests.ask(Purpose::Step(room), Request::AskColleague(request));
        self.call_changed(id);
    }

    pub(super) fn end_ask(&mut self, call: &str, ask: &str) {
        if let Some(ask) = show::unhex(ask).map(AskId) {
            self.step(call, Step::EndAsk(ask));
        }
    }

    pub(super) fn step(&mut self, call: &str, step: Step) {
        let Some(call) = known(call).and_then(|id| self.calls.get(&id)) else { return };
        let request = Request::StepCall(StepCall { call: call.id, step });
        self.requests.ask(Purpose::Step(call.room), request);
    }

    /// The same, and nothing on the screen says so, whatever comes of it.
    pub(super) fn step_silently(&mut self, call: CallId, step: Step) {
        let Some(room) = self.calls.get(&call).map(|call| call.room) else { return };
        self.requests.ask(Purpose::StepSilently(room), Request::StepCall(StepCall { call, step }));
    }

    /// Whoever is asked whether they are done, and says something, is not.
    pub(super) fn goes_on_talking(&mut self, room: RoomId) {
        let call = self.calls.values_mut().find(|call| call.room == room && call.own && call.done_proposed);
        if let Some(call) = call {
            call.done_proposed = false;
            let id = call.id;
            self.call_changed(id);
        }
    }

    pub(super) fn close_call(&mut self, call: &str) {
        let Some(call) = known(call).and_then(|id| self.calls.get(&id)) else { return };
        let (id, room) = (call.id, call.room);
        if self.rooms.contains_key(&room) {
            self.in_room(room, |room, world| room.close_after_words(id, world));
        } else {
            self.requests.ask(Purpose::Step(room), Request::CloseCall(OneCall { call: id }));
        }
    }

    /// Half an hour after the lead's first words those who were not needed are taken out; it may begin now, or be over.
    pub(super) fn some_may_be_needless(&mut self, id: CallId, at: Timestamp) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let own = self.rooms.get(&call.room).map(|room| room.leaf.public());
        let leads = call.lead.is_some() && call.lead == own;
        let here = Timestamp(at.0.saturating_add_signed(self.ahead_ms.saturating_neg()));
        let before = call.tidies_at();
        call.half_hour(leads, here.min(self.now));
        if call.tidies_at() != before {
            self.due.core(self.now);
        }
    }

    pub(super) fn take_out_the_needless(&mut self) {
        let now = self.now;
        let due = |call: &&Call| call.tidies_at().is_some_and(|at| at <= now);
        let due: Vec<CallId> = self.calls.values().filter(due).map(|call| call.id).collect();
        for id in due {
            let Some(room) = self.calls.get(&id).map(|call| call.room) else { continue };
            // As far as the log was read: what ends the lead may stand where it was not.
            let known = self.rooms.get(&room).filter(|room| room.has_read_all());
            let members = known.map(|room| room.members(self.trust(), self.judging()));
            let Some(call) = self.calls.get_mut(&id) else { continue };
            let needless = call.needless(members.as_deref(), now);
            if !needless.is_empty() {
                self.in_room(room, |room, world| room.want(Change::RemoveAll(needless), world));
            }
            self.due.core(now);
        }
    }

    // What she signs when she answers her page.
    fn signed_answer(&self, call: &str) -> Option<(CallId, Acknowledgement)> {
        let id = known(call)?;
        let page = self.calls.get(&id)?.page.as_ref()?;
        let staff = self.identity.staff.as_ref()?;
        // As the others in the room know her; a newer certificate may not have reached it yet.
        let leaf = LeafKey(staff.leaf.verifying_key().to_bytes());
        let carried =
            self.rooms.get(&page.room).and_then(|room| room.member_of(&leaf, self.trust(), self.judging()));
        let serial = carried.and_then(|member| match member.standing {
            Standing::Staff(certificate) => Some(certificate.serial),
            Standing::Person | Standing::Nobody => None,
        });
        let serial = serial.unwrap_or(staff.read.serial);
        let organisation = self.identity.trust.organisation();
        Some((id, Acknowledgement::new(&staff.leaf, organisation, page, serial)))
    }
}

fn known(call: &str) -> Option<CallId> {
    show::unhex(call).map(CallId)
}
