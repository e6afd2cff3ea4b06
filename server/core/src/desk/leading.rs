//! Watching over a call: whether its lead writes, is there, and comes back when called.

use std::collections::BTreeSet;

use lotgenoot_protocol::call::{Alarm, CallNotice, Ended, Urgency, Why, verify_reply};
use lotgenoot_protocol::limits::SETTLING_MS;
use lotgenoot_protocol::mls::private_header;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AccountKey, CallId, LeafKey, RoomId, Timestamp};

use super::HelpDesk;
use super::calling::{Target, all_tracks, tracks_of};
use crate::call::{
    Acknowledged, Active, Ask, Ending, HOPS_MAX, HelpCall, Lead, Pace, REST_MS, Resting, State, Track,
};
use crate::effect::{Batch, Op};

// How long after it was said that somebody is wanted in a room it is said again when she comes back.
const WANTED_AGAIN_MS: u64 = 20_000;

impl HelpDesk {
    /// Nobody's channel survived a restart: whoever leads a call and does not come back is missed from now on, and
    /// whoever is on duty counts as perhaps reachable for a moment.
    pub fn restarted(&mut self, now: Timestamp, batch: &mut Batch) {
        self.settle_until(now.plus_ms(SETTLING_MS));
        self.clock_was_set_back(now, batch);
        let led: Vec<CallId> =
            self.calls.values().filter(|call| is_active(call)).map(|call| call.id).collect();
        for id in led {
            self.watch(id, now, batch);
        }
    }

    // While the relay was down nobody counted: by the clock of now, what has happened may have yet to happen.
    fn clock_was_set_back(&mut self, now: Timestamp, batch: &mut Batch) {
        let all: Vec<HelpCall> = self.calls.values().cloned().collect();
        for before in all {
            let call = before.clone().by_clock(now);
            if call != before {
                self.keep(call, None, batch);
            }
        }
        self.check_ins.values_mut().for_each(|check_in| check_in.by_clock(now));
    }

    /// Until when nobody is taken for gone.
    pub fn settles_at(&self) -> Timestamp {
        self.settles_at
    }

    /// Nobody is taken for gone until then.
    pub fn settle_until(&mut self, at: Timestamp) {
        self.settles_at = at;
    }

    /// A channel to `account` opened or closed. Somebody on duty who comes online is called at once.
    pub fn presence(&mut self, account: AccountKey, here: bool, now: Timestamp, batch: &mut Batch) {
        let changed = if here { self.present.insert(account) } else { self.present.remove(&account) };
        if here {
            self.came.insert(account);
        }
        if !changed {
            return;
        }
        let leads = |call: &&HelpCall| is_active(call) && call.lead().is_some_and(|it| it.account == account);
        let led: Vec<CallId> = self.calls.values().filter(leads).map(|call| call.id).collect();
        for id in led {
            self.watch(id, now, batch);
        }
        if here && self.roster.colleague(&account).is_some() {
            self.look_up_all(now, batch);
            self.ask_in_again(account, now, batch);
        }
    }

    /// Who is known to be reached by a channel from now on, a desk open or not.
    pub fn set_on_call(&mut self, accounts: BTreeSet<AccountKey>, now: Timestamp, batch: &mut Batch) {
        let before = std::mem::replace(&mut self.on_call, accounts);
        let new =
            |account: &AccountKey| !before.contains(account) && self.roster.colleague(account).is_some();
        if self.on_call.iter().any(new) {
            self.look_up_all(now, batch);
        }
    }

    // Whether the lead can be reached, as the call's record has it.
    fn watch(&mut self, id: CallId, now: Timestamp, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let State::Active(active) = &mut call.state else { return };
        let gone_since = if self.present.contains(&active.lead.account) {
            None
        } else {
            Some(active.gone_since.unwrap_or(now))
        };
        if gone_since != active.gone_since {
            active.gone_since = gone_since;
            self.keep(call, None, batch);
        }
    }

    /// Whoever leads, or has accepted to, and is no professional any more, is lost.
    pub(super) fn leads_count(&mut self, now: Timestamp, batch: &mut Batch) {
        let led: Vec<HelpCall> = self.calls.values().filter(|call| call.lead().is_some()).cloned().collect();
        for mut call in led {
            let (id, room) = (call.id, call.room);
            if let State::Active(active) = &mut call.state {
                let is_over =
                    |ask: &Ask| ask.accepted.is_some_and(|by| !self.counts_as_lead(&room, &by, now));
                let over: Vec<Ask> = active.asks.iter().filter(|ask| is_over(ask)).cloned().collect();
                active.asks.retain(|ask| !over.iter().any(|it| it.id == ask.id));
                for ask in &over {
                    self.ended(&call, ask, Ended::NoWords, now, batch);
                }
                if !over.is_empty() {
                    self.keep(call.clone(), None, batch);
                }
            }
            if call.lead().is_none_or(|lead| self.counts_as_lead(&room, lead, now)) {
                continue;
            }
            call.state = match call.state {
                State::Acknowledged(it) => self.lost(&room, it, now, batch),
                State::Active(it) => self.given_up(id, &room, it, now, batch),
                other => other,
            };
            call.waits(now);
            self.page_and_keep(call, now, batch);
        }
    }

    // By what her leaf carries in that room, or by what she has been given since and will put on.
    fn counts_as_lead(&self, room: &RoomId, lead: &Lead, now: Timestamp) -> bool {
        let carried = self.room(room).and_then(|room| room.certificate(&lead.leaf));
        let newer = self.roster.colleague(&lead.account).map(|colleague| &colleague.certificate.0[..]);
        let counts = |bytes: &[u8]| {
            let certificate = self.trust.role(bytes, &lead.leaf, now);
            certificate.is_ok_and(|it| it.role == Role::Professional)
        };
        carried.into_iter().chain(newer).any(counts)
    }

    // She was called before her KeyPackages were there: now somebody can let her in.
    fn ask_in_again(&mut self, account: AccountKey, now: Timestamp, batch: &mut Batch) {
        let Some(certificate) =
            self.roster.colleague(&account).map(|colleague| colleague.certificate.clone())
        else {
            return;
        };
        // Whose connection comes and goes is not wanted anew each time.
        let missing = |track: &Track| !track.seated && now.ms_since(track.wanted_at) >= WANTED_AGAIN_MS;
        let unseated = |call: &&HelpCall| {
            tracks_of(&call.state).into_iter().filter_map(|tracks| tracks.get(&account)).any(missing)
        };
        let calls: Vec<HelpCall> = self.calls.values().filter(unseated).cloned().collect();
        for mut call in calls {
            let wanted = CallNotice::Wanted { account, certificate: certificate.clone() };
            self.note(&call.room, &wanted, now, batch);
            for tracks in all_tracks(&mut call.state) {
                if let Some(track) = tracks.get_mut(&account).filter(|track| !track.seated) {
                    track.wanted_at = now;
                }
            }
            self.keep(call, None, batch);
        }
    }

    // Somebody wrote in a help room.
    pub(super) fn heard(
        &mut self,
        id: CallId,
        leaf: LeafKey,
        message: &[u8],
        signature: Option<&[u8]>,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let signed = signature.is_some_and(|signature| verify_reply(&leaf, id, message, signature));
        let mut changed = call.heard(now);
        // What a client says of itself keeps nobody waiting and answers nobody.
        let is_words = private_header(message).is_some_and(|header| header.words.is_some());
        // She has not closed it: whoever writes goes on with it, and somebody is called to read it.
        if let (State::Resting(resting), true) = (&call.state, leaf == call.person && is_words) {
            let round = resting.reopen(now);
            self.note(&call.room, &CallNotice::Reopened, now, batch);
            return self.begin_anew(call, round, None, now, batch);
        }
        call.state = match call.state {
            State::Acknowledged(it) if it.lead.leaf == leaf && signed && is_words => {
                self.note(&call.room, &CallNotice::Active, now, batch);
                changed = true;
                let is_here = self.present.contains(&it.lead.account);
                State::Active(it.first_words(is_here, now))
            }
            State::Active(mut it) if leaf == call.person && is_words => {
                changed |= it.person_wrote(now);
                State::Active(it)
            }
            State::Active(mut it) if leaf == it.lead.leaf && is_words => {
                changed |= it.lead_wrote(now);
                State::Active(it)
            }
            State::Active(it) if signed && is_words => {
                let accepted = it
                    .asks
                    .iter()
                    .find_map(|ask| ask.accepted.filter(|by| by.leaf == leaf).map(|by| (ask.id, by)));
                match accepted {
                    Some((ask, by)) => {
                        changed = true;
                        call.hops += 1;
                        self.note(&call.room, &CallNotice::HandedOver { ask }, now, batch);
                        if call.hops > HOPS_MAX {
                            self.alarm(id, call.raised_at, Alarm::HandedOverOften, batch);
                        }
                        let is_here = self.present.contains(&by.account);
                        State::Active(it.handed_over(ask, by, is_here, now))
                    }
                    None => State::Active(it),
                }
            }
            other => other,
        };
        if changed {
            self.keep(call, None, batch);
        }
    }

    // One call, one look: whatever its state says is due happens.
    pub(super) fn look_at(&mut self, id: CallId, now: Timestamp, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let counted = Self::count_outcome(&mut call, now, batch);
        if call.forgotten_at().is_some_and(|at| at <= now) {
            return self.removed(&call, batch);
        }
        let quiet = now >= call.quiet_since.plus_ms(REST_MS);
        let before = call.state.clone();
        call.state = match call.state {
            State::Paging(it) if quiet => {
                Self::call_off(id, Why::Call, &it.tracks, None, batch);
                if it.alarmed > 0 {
                    self.alarm(id, call.raised_at, Alarm::Over, batch);
                }
                self.rests(&call.room, it.epoch, None, now, batch)
            }
            State::Active(it) if quiet => {
                self.end_asks(id, &call.room, &it, now, batch);
                if call.hops > HOPS_MAX {
                    self.alarm(id, call.raised_at, Alarm::Over, batch);
                }
                self.rests(&call.room, it.epoch, Some(it.lead), now, batch)
            }
            State::Acknowledged(it) if it.due <= now => self.lost(&call.room, it, now, batch),
            State::Active(it) if it.attention.is_some_and(|attention| attention.due <= now) => {
                self.given_up(id, &call.room, it, now, batch)
            }
            State::Active(mut it) => {
                if it.attention.is_none() && it.gone_at().is_some_and(|at| at <= now) {
                    self.call_lead(&call.id, call.room, call.raised_at, call.urgency, &mut it, now, batch);
                }
                State::Active(it)
            }
            other => other,
        };
        if let State::Active(_) = &call.state {
            self.look_at_asks(&mut call, now, batch);
        }
        if !matches!(call.state, State::Paging(_)) {
            if counted || call.state != before {
                self.keep(call, None, batch);
            }
            return;
        }
        if !matches!(before, State::Paging(_)) {
            call.waits(now);
        }
        if !call.told_still_waiting && now >= call.still_waiting_at() {
            call.told_still_waiting = true;
            self.note(&call.room, &CallNotice::StillWaiting, now, batch);
        }
        self.page_and_keep(call, now, batch);
    }

    // Nobody went on with it: nothing of it is kept.
    fn removed(&mut self, call: &HelpCall, batch: &mut Batch) {
        if let Some(room) = self.room(&call.room) {
            room.remove(batch);
        }
        batch.ops.push(Op::RemoveCall { call: call.id });
        self.forget(&call.id);
    }

    // The call without a lead, its pages, and its room, stored together.
    pub(super) fn page_and_keep(&mut self, mut call: HelpCall, now: Timestamp, batch: &mut Batch) {
        if let Some((_, mut room)) = self.rooms.remove(&call.room) {
            self.page_due(&mut call, &mut room, now, batch);
            self.keep(call, Some(room), batch);
        }
    }

    // The lead is called again on everything she has.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn call_lead(
        &mut self,
        id: &CallId,
        room: RoomId,
        raised_at: Timestamp,
        urgency: Urgency,
        active: &mut Active,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let account = active.lead.account;
        let page = self.page_id(*id, Why::Attention, active.epoch, active.attentions + 1, &account);
        active.call_again(page, now);
        let pace = Pace::of(urgency);
        let target = Target { call: *id, room, raised_at, why: Why::Attention, pace };
        self.send_page(target, page, active.epoch, account, batch);
        self.note(&room, &CallNotice::Attention, now, batch);
    }

    pub(super) fn lost(
        &mut self,
        room: &RoomId,
        it: Acknowledged,
        now: Timestamp,
        batch: &mut Batch,
    ) -> State {
        self.note(room, &CallNotice::LeadLost, now, batch);
        State::Paging(it.lost(now))
    }

    // The lead is away, or gave it back: everybody is called anew.
    pub(super) fn given_up(
        &mut self,
        id: CallId,
        room: &RoomId,
        it: Active,
        now: Timestamp,
        batch: &mut Batch,
    ) -> State {
        self.end_asks(id, room, &it, now, batch);
        self.note(room, &CallNotice::LeadLost, now, batch);
        State::Paging(it.lost(now))
    }

    fn rests(
        &mut self,
        room: &RoomId,
        epoch: u32,
        lead: Option<Lead>,
        now: Timestamp,
        batch: &mut Batch,
    ) -> State {
        self.note(room, &CallNotice::Rests, now, batch);
        State::Resting(Resting { since: now, epoch, ending: Ending::of(lead) })
    }

    // Whoever leads no more wants no colleague any more.
    pub(super) fn end_asks(
        &mut self,
        id: CallId,
        room: &RoomId,
        active: &Active,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        for ask in &active.asks {
            Self::call_off(id, ask.why(), &ask.round.tracks, None, batch);
            self.note(room, &CallNotice::AskEnded { ask: ask.id, why: Ended::Withdrawn }, now, batch);
        }
    }
}

pub(super) fn is_active(call: &HelpCall) -> bool {
    matches!(call.state, State::Active(_))
}
