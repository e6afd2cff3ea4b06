//! The help desk: the owner of all help calls and of their rooms.
//!
//! A call and its room change together, in one batch: a call that was answered "ok" is on disk with its room, its
//! intake and its first pages, or it was never answered. Nothing here sends anything: pages go to inboxes, and
//! whoever drives the desk carries them out after the commit.

mod answering;
mod asking;
mod audit;
mod calling;
mod checking_in;
mod ending;
mod ladders;
mod leading;
mod planning;
mod stepping;
mod unattended;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lotgenoot_protocol::call::{CallNotice, Why};
use lotgenoot_protocol::frame::{Accepted, Answer, OnDuty, Raise, call_notice_body};
use lotgenoot_protocol::limits::{
    FIRST_CALLED_MAX, NAME_BYTES_MAX, OPEN_CALLS_MAX, RESPONDERS_PER_RAISE_MAX,
};
use lotgenoot_protocol::mls::{RoomKind, private_header};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{AccountKey, CallId, LeafKey, Refused, RequestId, RoomId, Seq, Timestamp, codec};

use crate::call::{HelpCall, Round, State};
use crate::duty::{Colleague, HOSTS, Roster, as_told};
use crate::effect::{Batch, Op, Unwanted};
use crate::room::{Grant, Input, Room};
pub use audit::Audit;
use checking_in::CheckIn;
use ladders::Ladders;
pub use planning::Outlook;

/// All help calls, and who could answer them.
pub struct HelpDesk {
    trust: Trust,
    roster: Roster,
    // Makes page ids that nobody else can guess.
    page_secret: [u8; 32],
    calls: BTreeMap<CallId, HelpCall>,
    rooms: BTreeMap<RoomId, (CallId, Room)>,
    present: BTreeSet<AccountKey>,
    // Who has had a desk open since the relay was started.
    came: BTreeSet<AccountKey>,
    // Whether those on planned duty have said that they are there, and when that is looked at again.
    check_ins: BTreeMap<AccountKey, CheckIn>,
    check_at: Timestamp,
    // Those who are known to be reached by a channel although their desk is closed.
    on_call: BTreeSet<AccountKey>,
    coordinators: BTreeSet<AccountKey>,
    // Sessions without a host: since when, and who was told.
    unattended: BTreeMap<RoomId, (Timestamp, Vec<AccountKey>)>,
    deadlines: BTreeSet<(Timestamp, CallId)>,
    ladders: Ladders,
    // Until then whoever is not here may be on her way back.
    settles_at: Timestamp,
    // The newest answers to whether what was agreed was done.
    answered: VecDeque<RequestId>,
}

impl HelpDesk {
    /// A desk without calls.
    pub fn new(trust: Trust, roster: Roster, page_secret: [u8; 32]) -> Self {
        Self {
            trust,
            roster,
            page_secret,
            calls: BTreeMap::new(),
            rooms: BTreeMap::new(),
            present: BTreeSet::new(),
            came: BTreeSet::new(),
            check_ins: BTreeMap::new(),
            check_at: Timestamp(0),
            on_call: BTreeSet::new(),
            coordinators: BTreeSet::new(),
            unattended: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            ladders: Ladders::default(),
            settles_at: Timestamp(0),
            answered: VecDeque::new(),
        }
    }

    /// Takes back a call that was stored, with its room. What is due is derived from its state, not replayed.
    pub fn restore(&mut self, call: HelpCall, room: Room) {
        if let Some(due) = call.due() {
            self.deadlines.insert((due, call.id));
        }
        self.rooms.insert(call.room, (call.id, room));
        self.calls.insert(call.id, call);
    }

    /// Who is told when a call goes without an answer.
    pub fn set_coordinators(&mut self, coordinators: BTreeSet<AccountKey>) {
        self.coordinators = coordinators;
    }

    /// One more who is told.
    pub fn coordinator(&mut self, account: AccountKey) {
        self.coordinators.insert(account);
    }

    /// Forgets a call whose batch was refused: it was never stored, so it never was.
    pub fn forget(&mut self, call: &CallId) {
        if let Some(call) = self.calls.remove(call) {
            self.rooms.remove(&call.room);
            if let Some(due) = call.due() {
                self.deadlines.remove(&(due, call.id));
            }
        }
    }

    /// A call as its record holds it.
    pub fn from_record(record: &[u8]) -> Option<HelpCall> {
        codec::from_slice(record)
    }

    /// The roster in force.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Who would be called for `service` at `now`, level by level.
    pub fn ladder(&self, service: &str, now: Timestamp) -> Vec<Vec<&Colleague>> {
        let ladder = self.ladders.of(service, &self.roster, &self.trust, now);
        self.verified_first(service, ladder, now)
    }

    /// The service that answers a call for this one: itself, or, if the roster does not have it (any more), the first
    /// with somebody reachable, or else the first of all. A call is never without people because of a name.
    pub fn answering<'a>(&'a self, service: &'a str, now: Timestamp) -> &'a str {
        let all = || self.roster.services().filter(|name| *name != HOSTS);
        if all().any(|name| name == service) {
            return service;
        }
        let mut open = all().filter(|name| {
            self.ladder(name, now).iter().flatten().any(|colleague| self.reaches(&colleague.account))
        });
        open.next().or_else(|| all().next()).unwrap_or(service)
    }

    /// Who answers for `service`, as a client is told it: its ladder, and on a last level those who may come on duty
    /// while a call waits. They are let in to a call from the beginning, because later nobody may be there who could; they
    /// are called, and can read it, when they are on duty.
    pub fn told(&self, service: &str, now: Timestamp) -> Vec<OnDuty> {
        if service == HOSTS {
            return as_told(&self.ladder(service, now), |account| self.reaches(account));
        }
        let service = self.answering(service, now);
        let mut ladder = self.ladder(service, now);
        let reached = ladder.iter().flatten().any(|colleague| self.reaches(&colleague.account));
        let there = ladder.iter().flatten().count();
        let mut later = self.roster.later(service, &self.trust, now, !reached);
        later.retain(|it| !ladder.iter().flatten().any(|there| there.account == it.account));
        later.truncate(RESPONDERS_PER_RAISE_MAX.saturating_sub(there));
        ladder.extend((!later.is_empty()).then_some(later));
        as_told(&ladder, |account| self.reaches(account))
    }

    /// Whether `account` has a desk open.
    pub fn is_present(&self, account: &AccountKey) -> bool {
        self.present.contains(account)
    }

    /// Whether a page to `account` is known to arrive: at an open desk, or over a channel on which one has.
    pub fn reaches(&self, account: &AccountKey) -> bool {
        self.present.contains(account) || self.on_call.contains(account)
    }

    /// Whether this room is a help room of this desk.
    pub fn owns(&self, room: &RoomId) -> bool {
        self.rooms.contains_key(room)
    }

    /// The call this room belongs to.
    pub fn call_in(&self, room: &RoomId) -> Option<CallId> {
        self.rooms.get(room).map(|(call, _)| *call)
    }

    /// The call, if there is one.
    pub fn call(&self, call: &CallId) -> Option<&HelpCall> {
        self.calls.get(call)
    }

    /// All calls.
    pub fn calls(&self) -> impl Iterator<Item = &HelpCall> {
        self.calls.values()
    }

    /// The help room, if there is one.
    pub fn room(&self, room: &RoomId) -> Option<&Room> {
        self.rooms.get(room).map(|(_, room)| room)
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.deadlines.first().map(|(due, _)| *due).into_iter().chain(self.poll_check_ins()).min()
    }

    /// Takes up a call: stores it with its room and intake, and calls the first level, in one batch.
    ///
    /// The same call id again is the same call, whatever else the request says.
    pub fn raise(
        &mut self,
        raise: &Raise,
        request: RequestId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        if let Some(known) = self.calls.get(&raise.call) {
            return if known.room == raise.room { Ok(accepted(Seq(0))) } else { Err(Refused::Exists) };
        }
        if self.calls.values().filter(|call| !call.is_closed()).count() >= OPEN_CALLS_MAX {
            return Err(Refused::Degraded);
        }
        Refused::unless_within(raise.service.len(), NAME_BYTES_MAX, "NAME_BYTES_MAX")?;
        if self.rooms.contains_key(&raise.room) {
            return Err(Refused::Exists);
        }
        let mut made = Batch::default();
        let (mut room, _) = Room::open(raise.room, &raise.opening, request, &self.trust, now, &mut made)?;
        if room.kind() != RoomKind::Help {
            return Err(Refused::NotAllowed { rule: Rule::NotARoom });
        }
        let person = room.first_leaf().ok_or(Refused::NotAllowed { rule: Rule::Creator })?;
        // The intake has a request id of its own, derived, so that the opening and the intake do not collide.
        let intake = Input::Send(raise.intake.clone());
        room.handle(person, derived(request), &intake, None, &self.trust, now, &mut made)?;
        room.note(call_notice_body(&CallNotice::Raised), now, &mut made);

        let mut call = HelpCall {
            id: raise.call,
            room: raise.room,
            service: raise.service.clone(),
            urgency: raise.urgency,
            raised_at: now,
            person,
            state: State::Paging(Round::begin(1, now)),
            told_still_waiting: false,
            version: 1,
            first: raise.first.iter().copied().take(FIRST_CALLED_MAX).collect(),
            hops: 0,
            quiet_since: now,
            recent: Vec::new(),
            waits_since: now,
        };
        self.page_due(&mut call, &mut room, now, &mut made);
        batch.ops.append(&mut made.ops);
        batch.cuts.append(&mut made.cuts);
        self.keep(call, Some(room), batch);
        Ok(accepted(Seq(0)))
    }

    /// Something a leaf wants of a help room. Words of the lead, or of whoever takes over, move the call on.
    #[allow(clippy::too_many_arguments)]
    pub fn handle_room(
        &mut self,
        room: RoomId,
        leaf: LeafKey,
        request: RequestId,
        input: &Input,
        lead_signature: Option<&[u8]>,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let (call_id, room) = self.rooms.get_mut(&room).ok_or(Refused::UnknownRoom)?;
        let call_id = *call_id;
        let lead = self.calls.get(&call_id).and_then(HelpCall::lead).map(|lead| lead.leaf);
        // Whoever writes where nobody reads any more learns that, and keeps her words.
        let is_closed = self.calls.get(&call_id).is_some_and(HelpCall::is_closed);
        if is_closed && is_words(input) && room.has_seat(&leaf) && !room.has_answered(&request) {
            return Err(Refused::NoSuchCall);
        }
        let before = batch.ops.len();
        let answer = room.handle(leaf, request, input, lead, &self.trust, now, batch)?;

        let is_new = batch.ops.len() > before;
        match input {
            Input::Send(message) if is_new => {
                self.heard(call_id, leaf, message, lead_signature, now, batch);
            }
            // Somebody who was called and had no seat may have been added just now.
            Input::Commit(_) if is_new => self.seat_paged(call_id, batch),
            _ => {}
        }
        Ok(answer)
    }

    /// What `leaf` may read of a help room.
    pub fn attach(&self, room: &RoomId, leaf: LeafKey, after: Option<Seq>) -> Result<Grant, Refused> {
        self.room(room).ok_or(Refused::UnknownRoom)?.attach(leaf, after)
    }

    /// Somebody was certified or revoked: a call is not left to a lead whose certificate counts no more.
    pub fn set_staff(&mut self, trust: Trust, roster: Roster, now: Timestamp, batch: &mut Batch) {
        self.trust = trust;
        self.ladders.forget();
        // The plan is the desk's: whoever changes the staff does not change it.
        let planned = roster.planned().or(self.roster.planned()).cloned();
        self.roster = roster.with_plan(planned);
        self.check_at = Timestamp(0);
        self.leads_count(now, batch);
        self.look_up_all(now, batch);
    }

    /// A new roster: whoever is on duty by it is called for whatever is open.
    pub fn set_roster(&mut self, roster: Roster, now: Timestamp, batch: &mut Batch) {
        self.set_staff(self.trust.clone(), roster, now, batch);
    }

    /// Does everything that is due. Safe to call at any time.
    pub fn handle_timeout(&mut self, now: Timestamp, batch: &mut Batch) {
        self.look_at_check_ins(now, batch);
        let due: Vec<CallId> =
            self.deadlines.iter().take_while(|(due, _)| *due <= now).map(|(_, call)| *call).collect();
        for id in due {
            self.look_at(id, now, batch);
        }
    }

    fn find(&self, call: &CallId) -> Result<HelpCall, Refused> {
        self.calls.get(call).cloned().ok_or(Refused::NoSuchCall)
    }

    fn note(&mut self, room: &RoomId, notice: &CallNotice, now: Timestamp, batch: &mut Batch) -> Seq {
        match self.rooms.get_mut(room) {
            Some((_, room)) => room.note(call_notice_body(notice), now, batch),
            None => Seq(0),
        }
    }

    fn keep(&mut self, mut call: HelpCall, room: Option<Room>, batch: &mut Batch) {
        if let Some(old) = self.calls.get(&call.id) {
            call.version = old.version + 1;
            batch.unwanted.extend(not_called_again(old, &call));
            if let Some(due) = old.due() {
                self.deadlines.remove(&(due, call.id));
            }
        }
        if let Some(due) = call.due() {
            self.deadlines.insert((due, call.id));
        }
        batch.ops.push(Op::PutCall { call: call.id, record: codec::to_vec(&call) });
        if let Some(room) = room {
            self.rooms.insert(call.room, (call.id, room));
        }
        self.calls.insert(call.id, call);
    }
}

fn is_words(input: &Input) -> bool {
    let Input::Send(message) = input else { return false };
    private_header(message).is_some_and(|header| header.words.is_some())
}

// The lead was called again, and need not be any more: she has written, or leads no more, or it is over.
fn not_called_again(before: &HelpCall, after: &HelpCall) -> Option<Unwanted> {
    let called = |call: &HelpCall| match &call.state {
        State::Active(it) => it.attention.map(|attention| (it.lead.account, attention.page)),
        _ => None,
    };
    let (account, page) = called(before)?;
    let still = called(after).is_some_and(|(_, other)| other == page);
    (!still).then_some(Unwanted { account, call: before.id, why: Why::Attention })
}

fn derived(request: RequestId) -> RequestId {
    RequestId(request.0.map(|byte| !byte))
}

fn accepted(seq: Seq) -> Answer {
    Answer::Accepted(Accepted { seq })
}
