//! One room: order, epochs, and who may read what.
//!
//! Every entry gets the next place; a commit takes an epoch or nothing; a refused input leaves no trace.
//! A room does not know what is said in it, who is connected, or whether what it decided is on disk yet.

use std::collections::{BTreeMap, VecDeque};

use lotgenoot_protocol::floor::{Measure, Ruling, Silence};
use lotgenoot_protocol::frame::{
    Accepted, Answer, Attached, Bundle, Entry, EntryKind, Invitation, Notice, Opening, RejectCommit,
};
use lotgenoot_protocol::limits::{APPLICATION_BYTES_MAX, PAST_EPOCHS_ACCEPTED, ROOM_KEPT_MS, SESSION_MS_MAX};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, private_header};
use lotgenoot_protocol::policy::{CommitSummary, Rule};
use lotgenoot_protocol::role::{Role, Trust};
use lotgenoot_protocol::session::{Closed, SessionNotice, SessionState, Stage};
use lotgenoot_protocol::survey::Answers;
use lotgenoot_protocol::{
    Blob, Epoch, LeafKey, Refused, RequestId, RoomId, Seq, SessionId, Timestamp, codec,
};
use minicbor::{Decode, Encode};

use crate::effect::{Append, Batch, Cut, Op};
use crate::group::TrackedGroup;
use crate::life::{Life, Presence, Session};
use crate::replies::Replies;
use crate::seat::{Seat, StoredInvitation, StoredSeat};
use crate::survey::month_of;
use crate::waiting::Place;

/// Something a leaf wants of its room. The connection has already proven the leaf key.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Read, from after this entry or from the stored cursor.
    Attach(Option<Seq>),
    /// Say something.
    Send(Blob),
    /// Change who is in.
    Commit(Bundle),
    /// Leave.
    Propose(Blob),
    /// Everything up to here is kept.
    Ack(Seq),
    /// A commit could not be applied.
    Reject(RejectCommit),
    /// A host rules who may speak.
    Rule(Ruling),
    /// How the session was.
    Survey(Answers),
    /// What a resync needs.
    AskGroupState,
}

/// What may be read by whom: the answer to an [`Input::Attach`].
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// For the client.
    pub attached: Attached,
    /// Entries after this one.
    pub after: Seq,
    /// Up to this one, if membership has ended.
    pub until: Option<Seq>,
}

/// A room.
pub struct Room {
    id: RoomId,
    rules: RoomRules,
    group: TrackedGroup,
    head: Seq,
    seats: BTreeMap<LeafKey, Seat>,
    // The trees that waiting Welcomes need.
    trees: BTreeMap<Epoch, Blob>,
    // The newest past epochs, and whether the commit that ended each kept the same members.
    past: VecDeque<(Epoch, bool)>,
    replies: Replies,
    trimmed: Seq,
    // Peer only: whether it is open, and who may speak.
    session: Option<Session>,
    // Line only: whether its person is there.
    place: Option<Place>,
    // Stage only: which workshop it is for; since when it is over; and whether somebody leads it now, which is not stored.
    workshop: Option<SessionId>,
    ended: Option<Timestamp>,
    led: bool,
    // Line and stage: since when its person is not here, or nobody leads it.
    left_since: Option<Timestamp>,
    // Which request opened it: a repeat of that one is fine, any other is somebody else's.
    opened_by: RequestId,
    // Whether anybody can be too fast; not stored.
    paced: bool,
}

impl Room {
    /// Opens a room: epoch 0, the creator's seat and the first commit, in one batch.
    ///
    /// In a help room the invitations wait until [`Self::release`].
    pub fn open(
        id: RoomId,
        opening: &Opening,
        request: RequestId,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<(Self, Seq), Refused> {
        Self::open_for(id, opening, None, request, trust, now, batch)
    }

    /// The same for a workshop of the calendar.
    #[allow(clippy::too_many_arguments)]
    pub fn open_for(
        id: RoomId,
        opening: &Opening,
        session: Option<SessionId>,
        request: RequestId,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<(Self, Seq), Refused> {
        let (group, rules, creator) = TrackedGroup::open(id, opening, trust, now)?;
        let mut room = Self {
            id,
            rules,
            group,
            head: Seq(0),
            seats: BTreeMap::from([(creator, Seat::new(Seq(0), None))]),
            trees: BTreeMap::new(),
            past: VecDeque::new(),
            replies: Replies::default(),
            trimmed: Seq(0),
            session: (rules.kind == RoomKind::Peer).then(|| Session::begin(now)),
            place: (rules.kind == RoomKind::Line).then(|| Place::begin(now)),
            workshop: None,
            ended: None,
            led: false,
            left_since: Some(now).filter(|_| matches!(rules.kind, RoomKind::Line | RoomKind::Stage)),
            opened_by: request,
            paced: true,
        };
        let mut entries = Batch::default();
        if let Some(bundle) = &opening.bundle {
            room.commit(creator, request, bundle, None, trust, now, &mut entries)?;
        }
        room.workshop = session.filter(|_| rules.kind == RoomKind::Stage);
        batch.ops.push(Op::CreateRoom { room: id, record: room.to_record() });
        let not_a_record = |op: &Op| !matches!(op, Op::PutRoom { .. });
        batch.ops.extend(entries.ops.into_iter().filter(not_a_record));
        batch.cuts.extend(entries.cuts);
        let head = room.head;
        Ok((room, head))
    }

    /// The answer to a repeated opening: fine if it is the very request that opened it.
    pub fn opened_again(&self, request: &RequestId) -> Result<Answer, Refused> {
        if self.opened_by == *request { Ok(accepted(self.head)) } else { Err(Refused::Exists) }
    }

    /// What the room is for.
    pub fn kind(&self) -> RoomKind {
        self.rules.kind
    }

    /// Its id.
    pub fn id(&self) -> RoomId {
        self.id
    }

    /// Its last place.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// The epoch it is in.
    pub fn epoch(&self) -> Epoch {
        self.group.epoch()
    }

    /// The leaf keys of its members.
    pub fn members(&self) -> Vec<LeafKey> {
        self.group.members()
    }

    /// The leaf key of the person who opened it, while she is at leaf 0.
    pub fn first_leaf(&self) -> Option<LeafKey> {
        self.group.first_leaf()
    }

    /// The certificate that the member with this key carries here.
    pub fn certificate(&self, leaf: &LeafKey) -> Option<&[u8]> {
        self.group.certificate(leaf)
    }

    /// Whether `leaf` has a seat, invited or joined, and its membership has not ended.
    pub fn has_seat(&self, leaf: &LeafKey) -> bool {
        self.seats.get(leaf).is_some_and(|seat| seat.stored.until.is_none())
    }

    /// Whether `leaf` may read: joined, or invited and released.
    pub fn may_read(&self, leaf: &LeafKey) -> bool {
        self.seats.get(leaf).is_some_and(Seat::may_read)
    }

    /// Decides one input of `leaf`. `lead` is the leaf that took the help call, if this is one and somebody has.
    ///
    /// The answer may be sent once `batch` is durable.
    #[allow(clippy::too_many_arguments)]
    pub fn handle(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        input: &Input,
        lead: Option<LeafKey>,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        if let Some(seq) = self.replies.place(&request) {
            return Ok(Answer::Accepted(Accepted { seq }));
        }
        match input {
            Input::Attach(after) => self.attach(leaf, *after).map(|grant| Answer::Attached(grant.attached)),
            Input::Send(message) => self.send(leaf, request, message, trust, now, batch).map(accepted),
            Input::Commit(bundle) => {
                self.commit(leaf, request, bundle, lead, trust, now, batch)?;
                Ok(accepted(self.head))
            }
            Input::Propose(message) => self.propose(leaf, request, message, trust, now, batch).map(accepted),
            Input::Ack(seq) => self.ack(leaf, *seq, batch).map(|()| accepted(Seq(0))),
            Input::Reject(reject) => self.reject(leaf, request, reject, now, batch).map(accepted),
            Input::Rule(ruling) => self.rule(leaf, request, ruling, trust, now, batch).map(accepted),
            Input::Survey(answers) => {
                self.survey(leaf, answers, trust, now, batch).map(|()| accepted(Seq(0)))
            }
            Input::AskGroupState => {
                self.member(&leaf)?;
                Ok(Answer::GroupState(self.group.state(self.head)))
            }
        }
    }

    /// Whether this request was accepted before: a repeat of it has no effect.
    pub fn has_answered(&self, request: &RequestId) -> bool {
        self.replies.place(request).is_some()
    }

    /// What `leaf` may read, from after `after` or from its cursor.
    pub fn attach(&self, leaf: LeafKey, after: Option<Seq>) -> Result<Grant, Refused> {
        let seat = self.seats.get(&leaf).filter(|seat| seat.may_read()).ok_or(Refused::UnknownRoom)?;
        let after = after.unwrap_or(seat.stored.cursor).max(seat.stored.since);
        if after < self.trimmed {
            return Err(Refused::Stale);
        }
        let invitation = seat.stored.invitation.as_ref().and_then(|invitation| {
            let tree = self.trees.get(&invitation.epoch)?.clone();
            Some(Invitation { welcome: invitation.welcome.clone(), tree, seq: seat.stored.since })
        });
        let head = seat.stored.until.unwrap_or(self.head);
        let session = self.session.as_ref().map(Session::state).or_else(|| self.ended_state());
        let attached = Attached { head, epoch: self.epoch(), invitation, session };
        Ok(Grant { attached, after, until: seat.stored.until })
    }

    /// Lets an invited leaf have its Welcome. Returns whether it is there to be had.
    pub fn release(&mut self, leaf: &LeafKey, batch: &mut Batch) -> bool {
        let Some(seat) = self.seats.get_mut(leaf).filter(|seat| seat.stored.until.is_none()) else {
            return false;
        };
        if let Some(invitation) = seat.stored.invitation.as_mut().filter(|invitation| !invitation.released) {
            invitation.released = true;
            self.put_record(batch);
        }
        true
    }

    /// Appends the relay's own word on a help call.
    pub fn note(&mut self, body: Blob, now: Timestamp, batch: &mut Batch) -> Seq {
        self.append(EntryKind::Call, None, body, now, batch)
    }

    /// Its session, in a peer room.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// The session of the calendar that people talk in here now.
    pub fn planned_session(&self) -> Option<SessionId> {
        if self.rules.kind == RoomKind::Stage {
            return self.workshop.filter(|_| self.led && self.ended.is_none());
        }
        let session = self.session.as_ref()?;
        session.plan.filter(|_| matches!(session.life.stage(), Stage::Open | Stage::Frozen { .. }))
    }

    /// Since when its session has been frozen, if it is.
    pub fn frozen_since(&self) -> Option<Timestamp> {
        match self.session.as_ref()?.life.stage() {
            Stage::Frozen { since } => Some(since),
            Stage::Waiting | Stage::Open | Stage::Closed { .. } => None,
        }
    }

    /// Whether this leaf is a member who leads sessions: a host, by a certificate that counts now; on a stage a presenter
    /// too.
    pub fn is_host(&self, leaf: &LeafKey, trust: &Trust, now: Timestamp) -> bool {
        let stage = self.rules.kind == RoomKind::Stage;
        let leads = |role| role == Role::Host || stage && role == Role::Presenter;
        let counts = |bytes: &[u8]| trust.role(bytes, leaf, now).is_ok_and(|it| leads(it.role));
        self.certificate(leaf).is_some_and(counts)
    }

    /// Nobody is too fast here. For measurements: what is measured would be the limits.
    pub fn unpaced(&mut self) {
        self.paced = false;
    }

    /// The relay has started: nobody is here yet.
    pub fn restarted(&mut self, now: Timestamp) {
        self.session.iter_mut().for_each(|session| session.life.restarted(now));
        self.place.iter_mut().for_each(|place| place.restarted(now));
    }

    /// The room was taken from its record again while the relay went on: who is here has not changed.
    pub fn here_as(&mut self, before: &Self) {
        if let (Some(session), Some(before)) = (&mut self.session, &before.session) {
            session.life.here_as(&before.life);
        }
        if let (Some(place), Some(before)) = (&mut self.place, &before.place) {
            place.here_as(before);
        }
        (self.led, self.left_since, self.paced) = (before.led, before.left_since, before.paced);
    }

    /// Somebody came or went who matters to its session.
    pub fn attended(&mut self, present: Presence, now: Timestamp, batch: &mut Batch) {
        self.led = present.hosts > 0;
        self.is_left(present, now, batch);
        // Of a line whose person has gone for good nothing is said any more.
        if self.first_leaf().is_none() {
            self.place = None;
        }
        self.keep_place(now, batch, |place| place.attended(present.person, now));
        self.live(now, batch, |life| life.attended(present, now));
    }

    /// Opens its session, without a word of it in the log: a host's ruling is what opens it otherwise.
    pub fn open_session(&mut self, now: Timestamp) {
        self.session.iter_mut().for_each(|session| drop(session.life.open(true, true, now)));
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let session = self.session.as_ref().and_then(|session| session.life.poll_timeout());
        session.or_else(|| self.place.as_ref()?.poll_timeout())
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Timestamp, batch: &mut Batch) {
        self.live(now, batch, |life| life.handle_timeout(now));
        self.keep_place(now, batch, |place| place.handle_timeout(now));
    }

    /// From when on nobody needs what is here any more; `None` while that is not known. A help room has its call's time.
    pub fn over_at(&self) -> Option<Timestamp> {
        let since = match (self.rules.kind, self.session.as_ref().map(|session| session.life.stage())) {
            (RoomKind::Peer, Some(Stage::Closed { at, .. })) => Some(at),
            (RoomKind::Line, _) => self.left_since,
            (RoomKind::Stage, _) => self.ended.into_iter().chain(self.left_since).min(),
            (RoomKind::Peer | RoomKind::Help, _) => None,
        };
        since.map(|since| since.plus_ms(ROOM_KEPT_MS))
    }

    /// Removes the room if it is over for long enough: everybody who still reads is shown the door. Returns whether it
    /// was; then there is nothing to own any more once the batch is durable.
    pub fn sweep(&self, now: Timestamp, batch: &mut Batch) -> bool {
        let over = self.over_at().is_some_and(|at| at <= now);
        if over {
            self.remove(batch);
        }
        over
    }

    /// Removes the room, whatever is here.
    pub fn remove(&self, batch: &mut Batch) {
        let is_this = |op: &Op| matches!(op, Op::PutRoom { room, .. } if *room == self.id);
        batch.ops.retain(|op| !is_this(op));
        batch.ops.push(Op::RemoveRoom { room: self.id });
        batch.cuts.extend(self.seats.keys().map(|leaf| Cut { room: self.id, leaf: *leaf, last: self.head }));
    }

    // Stored at once: a room that is asleep counts too.
    fn is_left(&mut self, present: Presence, now: Timestamp, batch: &mut Batch) {
        let here = match self.rules.kind {
            RoomKind::Line => present.person,
            RoomKind::Stage => present.hosts > 0,
            RoomKind::Peer | RoomKind::Help => return,
        };
        let since = if here { None } else { Some(self.left_since.unwrap_or(now)) };
        if since != self.left_since {
            self.left_since = since;
            self.put_record(batch);
        }
    }

    fn keep_place(
        &mut self,
        now: Timestamp,
        batch: &mut Batch,
        step: impl FnOnce(&mut Place) -> Vec<SessionNotice>,
    ) {
        let said = self.place.as_mut().map(step).unwrap_or_default();
        self.say_of_session(&said, now, batch);
    }

    fn say_of_session(&mut self, said: &[SessionNotice], now: Timestamp, batch: &mut Batch) {
        for notice in said {
            self.append(EntryKind::Session, None, Blob(codec::to_vec(notice)), now, batch);
        }
        if !said.is_empty() {
            self.put_record(batch);
        }
    }

    fn live(
        &mut self,
        now: Timestamp,
        batch: &mut Batch,
        step: impl FnOnce(&mut Life) -> Vec<SessionNotice>,
    ) {
        let Some(session) = &mut self.session else { return };
        let said = step(&mut session.life);
        self.say_of_session(&said, now, batch);
    }

    /// Puts a ruling in the log if it is a host's and the next one.
    fn rule(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        ruling: &Ruling,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Seq, Refused> {
        self.member(&leaf)?;
        if self.rules.kind == RoomKind::Stage {
            return self.end_stage(leaf, request, ruling, trust, now, batch);
        }
        let is_host = self.is_host(&leaf, trust, now);
        // Of those who are not here nothing is kept.
        let about_nobody = ruling.measure.about().is_some_and(|leaf| !self.has_seat(&leaf));
        let session = self.session.as_mut().ok_or(Refused::NotAllowed { rule: Rule::NotARoom })?;
        if !is_host || ruling.by != leaf {
            return Err(Refused::NotAllowed { rule: Rule::Stranger });
        }
        if !ruling.measure.is_sound() || !ruling.verify(self.id) {
            return Err(Refused::invalid("a ruling that its host did not sign, or beyond its limits"));
        }
        if about_nobody {
            return Err(Refused::UnknownRoom);
        }
        if ruling.number != session.floor.number() + 1 {
            return Err(Refused::Exists);
        }
        let seat = self.seats.get_mut(&leaf).ok_or(Refused::UnknownRoom)?;
        seat.messages.take(now).map_err(|retry_after_ms| Refused::SlowDown { retry_after_ms })?;
        // What is over by the clock opens no more, though nobody has looked yet.
        if matches!(ruling.measure, Measure::Open { .. }) {
            let mut life = session.life.clone();
            drop(life.handle_timeout(now));
            if matches!(life.stage(), Stage::Closed { .. }) {
                return Err(Refused::Silenced { why: Silence::NotOpen });
            }
        }
        let mut ends = None;
        if let Measure::Open { alone, unstaffed, session: plan } = ruling.measure
            && session.life.open(alone, unstaffed, now)?
        {
            session.plan = plan;
            // What nobody has planned an end for ends when a session must.
            ends = session.life.ends_at().is_none().then(|| now.plus_ms(SESSION_MS_MAX));
        }
        session.floor.apply(ruling, now);
        let seq = self.append(EntryKind::Ruling, Some(request), Blob(codec::to_vec(ruling)), now, batch);
        // What the relay says because of it comes after it.
        if let Some(at) = ends {
            self.live(now, batch, |life| life.until(at, now));
        }
        match ruling.measure {
            Measure::Until { at } => self.live(now, batch, |life| life.until(at, now)),
            Measure::End {} => self.live(now, batch, |life| life.end(now)),
            _ => {}
        }
        self.put_record(batch);
        Ok(seq)
    }

    // A stage is not ruled: whoever leads it ends it, once.
    fn end_stage(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        ruling: &Ruling,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Seq, Refused> {
        if ruling.measure != (Measure::End {}) {
            return Err(Refused::NotAllowed { rule: Rule::NotARoom });
        }
        if !self.is_host(&leaf, trust, now) || ruling.by != leaf {
            return Err(Refused::NotAllowed { rule: Rule::Stranger });
        }
        if !ruling.verify(self.id) {
            return Err(Refused::invalid("a ruling that its host did not sign"));
        }
        if self.ended.is_some() || ruling.number != 1 {
            return Err(Refused::Exists);
        }
        self.ended = Some(now);
        let seq = self.append(EntryKind::Ruling, Some(request), Blob(codec::to_vec(ruling)), now, batch);
        self.put_record(batch);
        Ok(seq)
    }

    // For whoever reads on from before a workshop was over.
    fn ended_state(&self) -> Option<SessionState> {
        let stage = Stage::Closed { at: self.ended?, why: Closed::Ended };
        Some(SessionState { stage, ends_at: None, rulings: 1, unstaffed: false })
    }

    // What hosts say of their own session is not asked. Said twice, it counts once.
    fn survey(
        &mut self,
        leaf: LeafKey,
        answers: &Answers,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<(), Refused> {
        self.member(&leaf)?;
        let is_host = self.is_host(&leaf, trust, now);
        let session = self.session.as_mut().filter(|_| !is_host);
        let session = session.ok_or(Refused::NotAllowed { rule: Rule::Stranger })?;
        if !matches!(session.life.stage(), Stage::Closed { .. }) {
            return Err(Refused::invalid("how a session was that is not over"));
        }
        if session.surveys(leaf) {
            batch.ops.push(Op::CountSurvey { month: month_of(now), answers: *answers });
            self.put_record(batch);
        }
        Ok(())
    }

    /// Puts a message in the log if its sender may speak and its epoch can still be read by all members, and by
    /// nobody else.
    fn send(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        message: &Blob,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Seq, Refused> {
        self.member(&leaf)?;
        Refused::unless_within(message.len(), APPLICATION_BYTES_MAX, "APPLICATION_BYTES_MAX")?;
        let header = private_header(message)
            .filter(|header| header.room == self.id)
            .ok_or_else(|| Refused::invalid("not an application message of this room"))?;
        self.check_epoch(header.epoch)?;
        let may = self.session.as_ref().map_or(Ok(()), |it| it.may_send(&leaf, header.words.as_ref(), now));
        // Hosts are not asked; whether she is one is looked up only where it matters, for that costs a signature.
        if let Err(why) = may
            && !self.is_host(&leaf, trust, now)
        {
            return Err(Refused::Silenced { why });
        }
        let seat = self.seats.get_mut(&leaf).ok_or(Refused::UnknownRoom)?;
        if self.paced {
            seat.messages.take(now).map_err(|retry_after_ms| Refused::SlowDown { retry_after_ms })?;
        }
        let seq = self.append(EntryKind::Application, Some(request), message.clone(), now, batch);
        if let (Some(session), Some(words)) = (&mut self.session, header.words) {
            let was_held = session.floor.is_held(&leaf);
            session.floor.spoke(leaf, &words, now);
            // What was let through must not be let through again after a crash.
            if was_held {
                self.put_record(batch);
            }
        }
        Ok(seq)
    }

    #[allow(clippy::too_many_arguments)]
    fn commit(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        bundle: &Bundle,
        lead: Option<LeafKey>,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<(), Refused> {
        self.member(&leaf)?;
        let checked = self.group.check_commit(bundle, trust, lead, now)?;
        if checked.summary.committer != leaf {
            return Err(Refused::NotAllowed { rule: Rule::Stranger });
        }
        let leads_stage = self.rules.kind == RoomKind::Stage && self.is_host(&leaf, trust, now);
        let seat = self.seats.get_mut(&leaf).ok_or(Refused::UnknownRoom)?;
        // Whoever leads a stage adds hundreds in a minute, twenty at a time.
        if self.paced && !leads_stage {
            seat.commits.take(now).map_err(|retry_after_ms| Refused::SlowDown { retry_after_ms })?;
        }

        let ended = self.epoch();
        let summary = self.group.merge(checked)?;
        self.past.push_front((ended, summary.keeps_members()));
        self.past.truncate(PAST_EPOCHS_ACCEPTED as usize);
        let seq = self.append(EntryKind::Commit, Some(request), bundle.commit.clone(), now, batch);
        self.seat_changes(&summary, bundle, seq, batch);
        self.put_record(batch);
        Ok(())
    }

    fn propose(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        message: &Blob,
        trust: &Trust,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Seq, Refused> {
        self.member(&leaf)?;
        let checked = self.group.check_proposal(message, trust, now)?;
        if checked.leaver != leaf {
            return Err(Refused::NotAllowed { rule: Rule::Stranger });
        }
        self.group.queue(checked)?;
        let seq = self.append(EntryKind::Proposal, Some(request), message.clone(), now, batch);
        // Delivery ends with the wish, not with the commit that carries it out.
        self.end_seat(leaf, seq, batch);
        self.put_record(batch);
        Ok(seq)
    }

    fn reject(
        &mut self,
        leaf: LeafKey,
        request: RequestId,
        reject: &RejectCommit,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Seq, Refused> {
        self.member(&leaf)?;
        if reject.seq > self.head {
            return Err(Refused::invalid("a rejection of an entry that is not there"));
        }
        let seat = self.seats.get_mut(&leaf).ok_or(Refused::UnknownRoom)?;
        seat.commits.take(now).map_err(|retry_after_ms| Refused::SlowDown { retry_after_ms })?;
        Ok(self.append(EntryKind::Reject, Some(request), Blob(codec::to_vec(reject)), now, batch))
    }

    fn ack(&mut self, leaf: LeafKey, seq: Seq, batch: &mut Batch) -> Result<(), Refused> {
        let head = self.head;
        let seat = self.seats.get_mut(&leaf).filter(|seat| seat.may_read()).ok_or(Refused::UnknownRoom)?;
        let seq = seq.min(seat.stored.until.unwrap_or(head));
        let joined = seat.stored.invitation.take().is_some();
        let moved = seq > seat.stored.cursor;
        if moved {
            seat.stored.cursor = seq;
            batch.ops.push(Op::Cursor { room: self.id, leaf, seq });
        }
        let gone = seat.stored.until.is_some_and(|until| seat.stored.cursor >= until);
        if gone {
            self.seats.remove(&leaf);
        }
        if joined || gone {
            self.drop_unneeded_trees();
            self.put_record(batch);
        }
        if moved || gone {
            self.trim(batch);
        }
        Ok(())
    }

    // An old message is still good if the members since then are the same people: newcomers could not read it,
    // removed members could.
    fn check_epoch(&self, epoch: Epoch) -> Result<(), Refused> {
        let current = self.epoch();
        if epoch == current {
            return Ok(());
        }
        let since: Vec<_> = self.past.iter().take_while(|(past, _)| *past >= epoch).collect();
        let known = since.last().is_some_and(|(past, _)| *past == epoch);
        if epoch < current && known && since.iter().all(|(_, keeps_members)| *keeps_members) {
            return Ok(());
        }
        Err(Refused::WrongEpoch { current })
    }

    fn seat_changes(&mut self, summary: &CommitSummary, bundle: &Bundle, seq: Seq, batch: &mut Batch) {
        if let Some(session) = &mut self.session {
            let gone = summary.removed.iter().chain(&summary.left);
            gone.for_each(|leaf| session.floor.gone(leaf));
            let added =
                summary.added.iter().filter(|added| self.group.certificate(&added.leaf_key).is_none());
            added.for_each(|added| session.floor.joined(added.leaf_key));
        }
        for leaf in summary.removed.iter().chain(&summary.left) {
            let until = self.seats.get(leaf).and_then(|seat| seat.stored.until).unwrap_or(seq);
            self.end_seat(*leaf, until, batch);
        }
        let Some(welcome) = bundle.welcome.as_ref().filter(|_| !summary.added.is_empty()) else { return };
        self.trees.insert(self.epoch(), Blob(self.group.tree()));
        let released = self.rules.kind != RoomKind::Help;
        for added in &summary.added {
            let invitation = StoredInvitation { welcome: welcome.clone(), epoch: self.epoch(), released };
            self.seats.insert(added.leaf_key, Seat::new(seq, Some(invitation)));
            if released {
                let notice = Notice::Added { room: self.id };
                batch.ops.push(Op::NotifyKeyPackage { key_package: added.key_package.clone(), notice });
            }
        }
    }

    fn end_seat(&mut self, leaf: LeafKey, until: Seq, batch: &mut Batch) {
        let Some(seat) = self.seats.get_mut(&leaf) else { return };
        if seat.stored.invitation.is_some() {
            // She never joined: the Welcome goes, and there is nothing to read.
            self.seats.remove(&leaf);
            self.drop_unneeded_trees();
            batch.cuts.push(Cut { room: self.id, leaf, last: Seq(0) });
            return;
        }
        seat.stored.until = Some(until);
        batch.cuts.push(Cut { room: self.id, leaf, last: until });
    }

    fn append(
        &mut self,
        kind: EntryKind,
        request: Option<RequestId>,
        body: Blob,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Seq {
        self.head = self.head.next();
        if let Some(request) = request {
            self.replies.remember(request, self.head, now);
        }
        batch.ops.push(Op::Append(Append { room: self.id, seq: self.head, kind, at: now, request, body }));
        self.head
    }

    fn trim(&mut self, batch: &mut Batch) {
        let Some(through) = self.seats.values().map(|seat| seat.stored.cursor).min() else { return };
        if through > self.trimmed {
            self.trimmed = through;
            batch.ops.push(Op::Trim { room: self.id, through });
        }
    }

    fn drop_unneeded_trees(&mut self) {
        let needed: Vec<Epoch> =
            self.seats.values().filter_map(|seat| Some(seat.stored.invitation.as_ref()?.epoch)).collect();
        self.trees.retain(|epoch, _| needed.contains(epoch));
    }

    fn member(&self, leaf: &LeafKey) -> Result<(), Refused> {
        let seat = self.seats.get(leaf).ok_or(Refused::UnknownRoom)?;
        if seat.is_member() { Ok(()) } else { Err(Refused::UnknownRoom) }
    }

    fn put_record(&self, batch: &mut Batch) {
        let is_same = |op: &Op| matches!(op, Op::PutRoom { room, .. } if *room == self.id);
        batch.ops.retain(|op| !is_same(op));
        batch.ops.push(Op::PutRoom { room: self.id, record: self.to_record() });
    }
}

/// What is stored of a room beside its log.
#[derive(Encode, Decode)]
struct Record {
    #[n(0)]
    rules: Blob,
    #[n(1)]
    snapshot: Blob,
    #[n(2)]
    group_info: Blob,
    #[n(3)]
    proposals: Vec<Blob>,
    #[n(4)]
    leaving: Vec<LeafKey>,
    #[n(5)]
    seats: Vec<(LeafKey, StoredSeat)>,
    #[n(6)]
    trees: Vec<(Epoch, Blob)>,
    #[n(7)]
    past: Vec<(Epoch, bool)>,
    #[n(8)]
    opened_by: RequestId,
    #[n(9)]
    session: Option<Session>,
    #[n(10)]
    place: Option<Place>,
    #[n(11)]
    workshop: Option<SessionId>,
    #[n(12)]
    left_since: Option<Timestamp>,
    #[n(13)]
    ended: Option<Timestamp>,
}

/// What the ledger remembers of a room beside its record.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tail {
    /// The last entry.
    pub head: Seq,
    /// The last entry whose bytes are gone.
    pub trimmed: Seq,
    /// Cursors that moved since the record was written.
    pub cursors: Vec<(LeafKey, Seq)>,
    /// Which request got which place, oldest first.
    pub replies: Vec<(RequestId, Seq, Timestamp)>,
}

impl Room {
    /// The room's record: everything but its log and what follows from it.
    pub fn to_record(&self) -> Vec<u8> {
        let (snapshot, group_info, proposals, leaving) = self.group.to_parts();
        codec::to_vec(&Record {
            rules: Blob(self.rules.to_bytes()),
            snapshot: Blob(snapshot),
            group_info: Blob(group_info),
            proposals,
            leaving,
            seats: self.seats.iter().map(|(leaf, seat)| (*leaf, seat.stored.clone())).collect(),
            trees: self.trees.iter().map(|(epoch, tree)| (*epoch, tree.clone())).collect(),
            past: self.past.iter().copied().collect(),
            opened_by: self.opened_by,
            session: self.session.clone(),
            place: self.place.clone(),
            workshop: self.workshop,
            left_since: self.left_since,
            ended: self.ended,
        })
    }

    /// The room that `record` and `tail` describe; `None` if they cannot be read.
    pub fn from_record(id: RoomId, record: &[u8], tail: Tail) -> Option<Self> {
        let record: Record = codec::from_slice(record)?;
        let group = TrackedGroup::from_parts(
            id,
            &record.snapshot,
            record.group_info.0,
            record.proposals,
            record.leaving,
        )?;
        let mut seats: BTreeMap<LeafKey, Seat> =
            record.seats.into_iter().map(|(leaf, seat)| (leaf, Seat::restore(seat))).collect();
        for (leaf, seq) in tail.cursors {
            if let Some(seat) = seats.get_mut(&leaf) {
                seat.stored.cursor = seat.stored.cursor.max(seq);
            }
        }
        let mut replies = Replies::default();
        for (request, seq, at) in tail.replies {
            replies.remember(request, seq, at);
        }
        Some(Self {
            id,
            rules: RoomRules::from_bytes(&record.rules)?,
            group,
            head: tail.head,
            seats,
            trees: record.trees.into_iter().collect(),
            past: record.past.into_iter().collect(),
            replies,
            trimmed: tail.trimmed,
            session: record.session,
            place: record.place,
            workshop: record.workshop,
            ended: record.ended,
            led: false,
            left_since: record.left_since,
            opened_by: record.opened_by,
            paced: true,
        })
    }
}

/// An appended entry as members see it.
pub fn entry(append: Append) -> Entry {
    let Append { room, seq, kind, at, body, request: _ } = append;
    Entry { room, seq, kind, at, body }
}

fn accepted(seq: Seq) -> Answer {
    Answer::Accepted(Accepted { seq })
}
