//! The help desk: the owner of all help calls and of their rooms.
//!
//! A call and its room change together, in one batch: a call that was answered "ok" is on disk with its room, its
//! intake and its first pages, or it was never answered. Nothing here sends anything: pages go to inboxes, and
//! whoever drives the desk carries them out after the commit.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_protocol::call::{Acknowledgement, CallNotice, verify_reply};
use lotgenoot_protocol::frame::{Accepted, Answer, Notice, Page, Raise, call_notice_body};
use lotgenoot_protocol::limits::OPEN_CALLS_MAX;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, LeafKey, PageId, Refused, RequestId, RoomId, Seq, Timestamp, codec,
};

use crate::call::{Closed, HelpCall, LEVEL_AT_MS, LOOK_UP_MS, Paging, STILL_WAITING_MS, State, Track};
use crate::duty::{HOSTS, Roster};
use crate::effect::{Batch, Op};
use crate::room::{Grant, Input, Room};

/// All help calls, and who could answer them.
pub struct HelpDesk {
    trust: Trust,
    roster: Roster,
    // Makes page ids that nobody else can guess.
    page_secret: [u8; 32],
    calls: BTreeMap<CallId, HelpCall>,
    rooms: BTreeMap<RoomId, (CallId, Room)>,
    present: BTreeSet<AccountKey>,
    deadlines: BTreeSet<(Timestamp, CallId)>,
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
            deadlines: BTreeSet::new(),
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

    /// Somebody was certified or revoked.
    pub fn set_trust(&mut self, trust: Trust) {
        self.trust = trust;
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

    /// Whether `account` has a channel open.
    pub fn is_present(&self, account: &AccountKey) -> bool {
        self.present.contains(account)
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
        self.deadlines.first().map(|(due, _)| *due)
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
        if raise.service == HOSTS || !self.roster.services().any(|service| service == raise.service) {
            return Err(Refused::invalid("no such service"));
        }
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
            state: State::Paging(Paging::begin(1, now)),
            told_still_waiting: false,
            version: 1,
        };
        self.page_due(&mut call, &mut room, now, &mut made);
        batch.ops.append(&mut made.ops);
        batch.cuts.append(&mut made.cuts);
        self.keep(call, Some(room), batch);
        Ok(accepted(Seq(0)))
    }

    /// Somebody takes a call. The first is lead; a repeat by the lead is fine; anybody else is too late.
    pub fn acknowledge(
        &mut self,
        by: AccountKey,
        ack: &Acknowledgement,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.calls.get(&ack.call).cloned().ok_or(Refused::NoSuchCall)?;
        let paging = match call.state {
            State::Paging(paging) => paging,
            State::Closed(_) => return Err(Refused::NoSuchCall),
            State::Acknowledged(_) | State::Active(_) => {
                let again = call.lead() == Some(ack.leaf_key);
                return if again { Ok(accepted(Seq(0))) } else { Err(Refused::AlreadyTaken) };
            }
        };
        let stranger = Refused::NotAllowed { rule: Rule::Stranger };
        let track = paging.tracks.get(&by).ok_or_else(|| stranger.clone())?;
        let colleague = self.roster.colleague(&by).ok_or_else(|| stranger.clone())?;
        let room = self.rooms.get(&call.room).map(|(_, room)| room).ok_or(Refused::NoSuchCall)?;
        let counts = ack.page_epoch == paging.epoch
            && self.is_page_of_this_round(ack, &paging, &by)
            && ack.leaf_key == track.leaf
            && ack.leaf_key == colleague.leaf_key
            // By the certificate the others in the room see: the roster may have a newer one than she knows of.
            && room.certificate(&ack.leaf_key).is_some_and(|carried| {
                let counts = self.trust.role(carried, &ack.leaf_key, now);
                counts.is_ok_and(|certificate| certificate.serial == ack.serial)
            })
            && ack.verify(self.trust.organisation(), call.room)
            && room.has_seat(&ack.leaf_key);
        if !counts {
            return Err(stranger);
        }

        for (account, other) in paging.tracks.iter().filter(|(account, _)| **account != by) {
            let notice = Notice::Taken { call: call.id, page: other.page };
            batch.ops.push(Op::Notify { account: *account, notice });
        }
        call.state = State::Acknowledged(paging.acknowledge(ack.leaf_key, now));
        let seq = self.note(&call, &CallNotice::Acknowledged(ack.clone()), now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// A page arrived on a device.
    pub fn receipt(
        &mut self,
        by: AccountKey,
        call: CallId,
        page: PageId,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.calls.get(&call).cloned().ok_or(Refused::NoSuchCall)?;
        if let State::Paging(paging) = &mut call.state
            && let Some(track) =
                paging.tracks.get_mut(&by).filter(|track| track.page == page && !track.received)
        {
            track.received = true;
            self.keep(call, None, batch);
        }
        Ok(accepted(Seq(0)))
    }

    /// The person closes her call. Nobody else can.
    pub fn close(
        &mut self,
        by: &[LeafKey],
        call: CallId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.calls.get(&call).cloned().ok_or(Refused::NoSuchCall)?;
        if !by.contains(&call.person) {
            return Err(Refused::NoSuchCall);
        }
        let tracks = match call.state {
            State::Closed(_) => return Ok(accepted(Seq(0))),
            State::Paging(paging) => paging.tracks,
            State::Acknowledged(it) => it.tracks,
            State::Active(_) => BTreeMap::new(),
        };
        for (account, track) in tracks {
            batch.ops.push(Op::Notify { account, notice: Notice::Taken { call: call.id, page: track.page } });
        }
        call.state = State::Closed(Closed { at: now });
        let seq = self.note(&call, &CallNotice::Closed, now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// Something a leaf wants of a help room. The lead's first words move the call on.
    #[allow(clippy::too_many_arguments)]
    pub fn handle_room(
        &mut self,
        room: RoomId,
        leaf: LeafKey,
        request: RequestId,
        input: &Input,
        lead_signature: Option<&Blob>,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let (call_id, room) = self.rooms.get_mut(&room).ok_or(Refused::UnknownRoom)?;
        let call_id = *call_id;
        let lead = self.calls.get(&call_id).and_then(HelpCall::lead);
        let before = batch.ops.len();
        let answer = room.handle(leaf, request, input, lead, &self.trust, now, batch)?;

        let is_new = batch.ops.len() > before;
        let first_words = match (input, lead_signature) {
            (Input::Send(message), Some(signature)) => {
                is_new && lead == Some(leaf) && verify_reply(&leaf, call_id, message, signature)
            }
            _ => false,
        };
        let waiting =
            matches!(self.calls.get(&call_id), Some(call) if matches!(call.state, State::Acknowledged(_)));
        if first_words && waiting {
            self.activate(call_id, now, batch);
        }
        // Somebody who was called and had no seat may have been added just now.
        if matches!(input, Input::Commit(_)) && is_new {
            self.seat_paged(call_id, batch);
        }
        Ok(answer)
    }

    /// What `leaf` may read of a help room.
    pub fn attach(&self, room: &RoomId, leaf: LeafKey, after: Option<Seq>) -> Result<Grant, Refused> {
        self.room(room).ok_or(Refused::UnknownRoom)?.attach(leaf, after)
    }

    /// A channel to `account` opened or closed. Somebody on duty who comes online is called at once.
    pub fn presence(&mut self, account: AccountKey, here: bool, now: Timestamp, batch: &mut Batch) {
        let changed = if here { self.present.insert(account) } else { self.present.remove(&account) };
        if changed && here && self.roster.colleague(&account).is_some() {
            self.look_up_all(now, batch);
            self.ask_in_again(account, now, batch);
        }
    }

    // She was called before her KeyPackages were there: now somebody can let her in.
    fn ask_in_again(&mut self, account: AccountKey, now: Timestamp, batch: &mut Batch) {
        let Some(certificate) =
            self.roster.colleague(&account).map(|colleague| colleague.certificate.clone())
        else {
            return;
        };
        let unseated = |call: &&HelpCall| match &call.state {
            State::Paging(it) => it.tracks.get(&account).is_some_and(|track| !track.seated),
            State::Acknowledged(_) | State::Active(_) | State::Closed(_) => false,
        };
        let calls: Vec<HelpCall> = self.calls.values().filter(unseated).cloned().collect();
        for call in calls {
            let wanted = CallNotice::Wanted { account, certificate: certificate.clone() };
            self.note(&call, &wanted, now, batch);
        }
    }

    /// A new roster: whoever is on duty by it is called for whatever is open.
    pub fn set_roster(&mut self, roster: Roster, now: Timestamp, batch: &mut Batch) {
        self.roster = roster;
        self.look_up_all(now, batch);
    }

    /// Does everything that is due. Safe to call at any time.
    pub fn handle_timeout(&mut self, now: Timestamp, batch: &mut Batch) {
        let due: Vec<CallId> =
            self.deadlines.iter().take_while(|(due, _)| *due <= now).map(|(_, call)| *call).collect();
        for id in due {
            self.look_at(id, now, batch);
        }
    }

    fn look_up_all(&mut self, now: Timestamp, batch: &mut Batch) {
        let waiting = |call: &&HelpCall| matches!(call.state, State::Paging(_));
        let ids: Vec<CallId> = self.calls.values().filter(waiting).map(|call| call.id).collect();
        for id in ids {
            self.look_at(id, now, batch);
        }
    }

    // One call, one look: whatever its state says is due happens.
    fn look_at(&mut self, id: CallId, now: Timestamp, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        if let State::Acknowledged(it) = &call.state
            && it.due <= now
        {
            call.state = State::Paging(it.clone().no_words(now));
            self.note(&call, &CallNotice::LeadLost, now, batch);
        }
        if !matches!(call.state, State::Paging(_)) {
            return;
        }
        if !call.told_still_waiting && now >= call.raised_at.plus_ms(STILL_WAITING_MS) {
            call.told_still_waiting = true;
            self.note(&call, &CallNotice::StillWaiting, now, batch);
        }
        if let Some((_, mut room)) = self.rooms.remove(&call.room) {
            self.page_due(&mut call, &mut room, now, batch);
            self.keep(call, Some(room), batch);
        }
    }

    // Calls every level that is due and everybody at those levels who was not called in this cycle yet. Levels with
    // nobody reachable are passed at once; when nobody is reachable anywhere the call says so and looks again soon.
    fn page_due(&self, call: &mut HelpCall, room: &mut Room, now: Timestamp, batch: &mut Batch) {
        let State::Paging(paging) = &mut call.state else { return };
        let ladder = self.roster.ladder(&call.service, &self.trust, now);
        let levels = ladder.len();
        if now >= paging.cycle_end(levels) {
            // After downtime nobody waits for levels that should have been called long ago: all together, at once.
            let missed = (paging.level as usize) < levels;
            *paging = std::mem::take(paging).next_cycle(now);
            if missed {
                paging.skip_to_last(levels);
            }
        }
        let reachable =
            |level: usize| ladder[level].iter().any(|colleague| self.present.contains(&colleague.account));
        let mut level = paging.levels_due(levels, now).max(paging.level).min(levels as u32);
        while (level as usize) < levels && !(0..level as usize).any(reachable) {
            level += 1;
        }
        let unstaffed = !(0..levels).any(reachable);
        // Said when more people are called, and when there is somebody again after there was nobody.
        if level > paging.level || (paging.unstaffed && !unstaffed) {
            let notice = CallNotice::Paging { page_epoch: paging.epoch, level, cycle: paging.cycle };
            room.note(call_notice_body(&notice), now, batch);
        }
        paging.level = level;

        for colleague in ladder[..level as usize].iter().flatten() {
            let called =
                paging.tracks.get(&colleague.account).is_some_and(|track| track.cycle == paging.cycle);
            if called {
                continue;
            }
            let page = self.page_id(call.id, paging.epoch, paging.cycle, &colleague.account);
            let seated = room.has_seat(&colleague.leaf_key) && room.release(&colleague.leaf_key, batch);
            let first_time = !paging.tracks.contains_key(&colleague.account);
            paging.tracks.insert(
                colleague.account,
                Track { page, cycle: paging.cycle, leaf: colleague.leaf_key, received: false, seated },
            );
            if seated && first_time {
                let notice = Notice::Added { room: call.room };
                batch.ops.push(Op::Notify { account: colleague.account, notice });
            }
            let (room_id, page_epoch, raised_at) = (call.room, paging.epoch, call.raised_at);
            let notice = Notice::Page(Page { call: call.id, room: room_id, page, page_epoch, raised_at });
            batch.ops.push(Op::Notify { account: colleague.account, notice });
            if !seated {
                let certificate = colleague.certificate.clone();
                let wanted = CallNotice::Wanted { account: colleague.account, certificate };
                room.note(call_notice_body(&wanted), now, batch);
            }
        }

        if unstaffed && !paging.unstaffed {
            room.note(call_notice_body(&CallNotice::Unstaffed), now, batch);
        }
        paging.unstaffed = unstaffed;
        let next_at = LEVEL_AT_MS[(level as usize).min(LEVEL_AT_MS.len() - 1)];
        let next_level = Some(paging.cycle_since.plus_ms(next_at));
        let next_cycle = paging.cycle_end(levels);
        let next = next_level.filter(|at| *at > now && (level as usize) < levels).unwrap_or(next_cycle);
        let shift_change = self.roster.next_change(now);
        paging.due = shift_change.into_iter().chain([next, now.plus_ms(LOOK_UP_MS)]).min().unwrap_or(next);
    }

    // Those who were called before they had a seat get their Welcome as soon as somebody has added them.
    fn seat_paged(&mut self, id: CallId, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let Some((_, room)) = self.rooms.get_mut(&call.room) else { return };
        let tracks = match &mut call.state {
            State::Paging(it) => &mut it.tracks,
            State::Acknowledged(it) => &mut it.tracks,
            State::Active(_) | State::Closed(_) => return,
        };
        let mut changed = false;
        for (account, track) in tracks.iter_mut().filter(|(_, track)| !track.seated) {
            if room.has_seat(&track.leaf) && room.release(&track.leaf, batch) {
                track.seated = true;
                changed = true;
                batch.ops.push(Op::Notify { account: *account, notice: Notice::Added { room: call.room } });
            }
        }
        if changed {
            self.keep(call, None, batch);
        }
    }

    fn activate(&mut self, id: CallId, now: Timestamp, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let State::Acknowledged(it) = call.state else { return };
        call.state = State::Active(it.first_words(now));
        self.note(&call, &CallNotice::Active, now, batch);
        self.keep(call, None, batch);
    }

    fn note(&mut self, call: &HelpCall, notice: &CallNotice, now: Timestamp, batch: &mut Batch) -> Seq {
        match self.rooms.get_mut(&call.room) {
            Some((_, room)) => room.note(call_notice_body(notice), now, batch),
            None => Seq(0),
        }
    }

    fn keep(&mut self, mut call: HelpCall, room: Option<Room>, batch: &mut Batch) {
        if let Some(old) = self.calls.get(&call.id) {
            call.version = old.version + 1;
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

    // A page of an earlier cycle counts too: whoever answers it does not know that it rang again meanwhile.
    fn is_page_of_this_round(&self, ack: &Acknowledgement, paging: &Paging, account: &AccountKey) -> bool {
        (1..=paging.cycle).any(|cycle| ack.page == self.page_id(ack.call, paging.epoch, cycle, account))
    }

    fn page_id(&self, call: CallId, epoch: u32, cycle: u32, account: &AccountKey) -> PageId {
        use sha2::{Digest, Sha256};
        let digest = Sha256::new()
            .chain_update(self.page_secret)
            .chain_update(call.0)
            .chain_update(epoch.to_be_bytes())
            .chain_update(cycle.to_be_bytes())
            .chain_update(account.0)
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        PageId(id)
    }
}

fn derived(request: RequestId) -> RequestId {
    RequestId(request.0.map(|byte| !byte))
}

fn accepted(seq: Seq) -> Answer {
    Answer::Accepted(Accepted { seq })
}
