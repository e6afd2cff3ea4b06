//! One room on the member's side: its log as far as it is known, and what is wanted of it.
//!
//! Wishes (say this, add her, carry out a leave) are kept outside MLS and tried until they happen or cannot happen
//! any more; MLS state only ever follows the log.
//!
//! - `attach`: reading it on this connection
//! - `floor`: who may speak in a peer room; `held`: words that wait for a host
//! - `log`: what an entry does
//! - `resync`: the way back after what is here was lost
//! - `work`: what is done when it is possible: leave, change members, speak
//! - `outbox`: what was said here; `said`: what of it is put away
//! - `shown`: what the interface is told, and what of it a restore shows again
//! - `saved`: the room as parts of a vault
//! - `successor`: the room a peer room goes on in

mod attach;
pub(crate) mod floor;
mod held;
mod log;
mod outbox;
mod resync;
mod said;
mod saved;
mod shown;
mod stage;
mod successor;
mod waiting;
mod work;

use std::collections::{BTreeMap, VecDeque};

use lotgenoot_messages as ui;
use lotgenoot_protocol::floor::{Floor, Measure, Ruling};
use lotgenoot_protocol::frame::{OnDuty, OneCall, Request};
use lotgenoot_protocol::limits::ADDS_PER_COMMIT_MAX;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::{RoleCertificate, Trust};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, Epoch, LeafKey, MessageId, Pseudonym, RequestId, RoomId, Seq, SessionId,
    Timestamp,
};

use crate::clock;
use crate::content::Content;
use crate::group::{Change, Group, MemberLeaf};
use crate::identity::Leaf;
use crate::member::Shown;
use crate::requests::{Purpose, Requests};
use floor::{Ends, Ruler};
pub(crate) use held::HeldWords;
use minicbor::{Decode, Encode};
pub(crate) use outbox::Item;
use outbox::{Hash, Outbox};
use resync::Resync;
use said::Said;
pub(crate) use saved::{Asked, SavedLeaf, SavedRoom, SavedWishes, Unsaved};
use shown::Transcript;
pub(crate) use stage::OnStage;
use stage::Stage;
pub(crate) use successor::Successor;
use waiting::Waiting;

// A commit that lost waits a moment before it is tried again.
const RETRY_COMMIT_MS: u64 = 150;
// KeyPackages that could not be had are asked for again.
const RESPONDERS_AGAIN_MS: u64 = 5_000;

/// What a room may touch beside itself.
pub(crate) struct World<'a> {
    pub(crate) requests: &'a mut Requests,
    pub(crate) events: &'a mut VecDeque<ui::Event>,
    pub(crate) trust: &'a Trust,
    /// In which suite rooms are opened now.
    pub(crate) suite: u16,
    pub(crate) now: Timestamp,
    /// By how much the relay's clock is ahead of this device's, milliseconds.
    pub(crate) ahead_ms: i64,
}

impl World<'_> {
    /// A moment by the relay's clock, as this device's clock will show it.
    pub(crate) fn here(&self, relays: Timestamp) -> u64 {
        relays.0.saturating_add_signed(self.ahead_ms.saturating_neg())
    }

    /// A moment by this device's clock, as the relay's will show it.
    pub(crate) fn at_relay(&self, here: Timestamp) -> Timestamp {
        clock::at_relay(here, self.ahead_ms)
    }

    /// The moment at which certificates and lifetimes are judged.
    pub(crate) fn judging(&self) -> Timestamp {
        clock::judging(self.now, self.ahead_ms)
    }
}

/// Something in the log that matters outside the room.
pub(crate) enum Happened {
    /// A content that is not words: names, an admission, an intake.
    Content { from: MemberLeaf, content: Content },
    /// A host has let these words through.
    LetThrough(MessageId),
    /// Somebody else has come in.
    Joined,
    /// Somebody said words, or we did and they came back.
    Words { from: LeafKey },
    /// The relay's word on the help call, at this place.
    Call { body: Blob },
    /// Our own commit that added these is in the log.
    Added(Vec<LeafKey>),
    /// This client is out.
    Gone(ui::Gone),
    /// Something in the log must not be followed: this client does nothing here any more.
    Stopped,
    /// An entry is missing: read again from what we have.
    Hole,
    /// Another client with our keys has changed the room: this one's state of it is of no use any more.
    Lost,
}

#[derive(Clone, Copy, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
enum Leaving {
    #[n(0)]
    No,
    // Once everything that was said here is in the log.
    #[n(1)]
    AfterWords,
    #[n(2)]
    Wanted,
    #[n(3)]
    Asked,
}

/// Whether this client may speak here after a restore (`protocol.md`, Phrase and vault).
///
/// What comes out of a vault may be older than what was sent with it. Only a commit of this very instance, seen in the
/// log, proves that the keys it speaks with have never been used. It is therefore never part of a vault.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Renewal {
    Done,
    Needed,
    UnderWay(Hash),
}

/// A commit that was sent and has not come back.
struct Committing {
    // Absent after a restore: it is looked for in the log, and never sent again.
    request: Option<RequestId>,
    // Which wish it carries out, if any.
    want: Option<u32>,
}

/// Somebody who was called to a help room and is not in it yet.
#[derive(Clone, Encode, Decode)]
struct Responder {
    #[n(0)]
    who: OnDuty,
    // In this life.
    #[cbor(skip)]
    asked: bool,
    // Not before this moment.
    #[cbor(skip)]
    at: Timestamp,
}

/// A KeyPackage for another room, and the leaf it is for.
#[derive(Clone)]
pub(crate) struct Offered {
    pub(crate) leaf: Leaf,
    pub(crate) package: Blob,
}

/// A room.
pub(crate) struct Room {
    pub(crate) id: RoomId,
    pub(crate) leaf: Leaf,
    pub(crate) group: Option<Group>,
    /// The last entry that was applied; `None` until joined.
    pub(crate) last: Option<Seq>,
    pub(crate) names: BTreeMap<Pseudonym, String>,
    /// Help only: the leaf whose signed acknowledgement we verified.
    pub(crate) lead: Option<LeafKey>,
    /// Help only: which call, and whether the lead's first words still have to be proven.
    pub(crate) call: Option<CallId>,
    pub(crate) reply_due: bool,
    /// Line only: where its person has been let in, until she offers a KeyPackage anew.
    pub(crate) admitted_to: Option<RoomId>,
    /// Line only, at a host: her leaf there.
    pub(crate) admitted_as: Option<LeafKey>,
    /// Line only, at a host: the KeyPackage that came in it, what "admit" uses.
    pub(crate) offer: Option<Blob>,
    /// Line only, at its person: the KeyPackage she gave in it.
    pub(crate) offered: Option<Offered>,
    /// Whom we are letting in here, and in which line to say so.
    pub(crate) admitting: BTreeMap<LeafKey, RoomId>,
    /// Line only, at a host: what its person has shown.
    pub(crate) invited: Option<Shown>,
    /// Line only, at a host: what its person wants to say in a room and waits for a host.
    held: Vec<HeldWords>,
    /// Line only: rooms in which its person is not let in again before then, by the relay's clock.
    pub(crate) blocked: BTreeMap<RoomId, Timestamp>,
    /// Line only: how it stands with its person.
    waiting: Waiting,
    /// Peer only, at the host who moves a group here: what was ruled about them there, to be ruled again once they are in.
    pub(crate) ruled_before: BTreeMap<LeafKey, Vec<Measure>>,
    // Host only: who was here when it did not open.
    not_attended: Option<(u32, bool)>,
    /// Peer only: where it goes on.
    pub(crate) successor: Option<Successor>,
    // Who was here and went or was taken out: she is not asked back by herself.
    pub(crate) went: Vec<LeafKey>,
    // Somebody here could not follow a commit: a host must do something for her.
    someone_stuck: bool,
    /// Help only: who was called and is not added yet.
    responders: Vec<Responder>,
    /// The request that makes this room known to the relay, until it is answered.
    pub(crate) asked: Option<Asked>,
    /// What its vault does not have yet.
    pub(crate) unsaved: Unsaved,
    outbox: Outbox,
    // Help only, at the person: which call she closes as soon as what she said is in the log.
    closing: Option<CallId>,
    said: Said,
    wanted: VecDeque<(u32, Change)>,
    wants: u32,
    commit: Option<Committing>,
    commit_at: Option<Timestamp>,
    carry_out_at: Option<Timestamp>,
    renewal: Renewal,
    attached: bool,
    // The newest wish to read it, until it is answered.
    attaching: Option<RequestId>,
    attach_at: Option<Timestamp>,
    refusals: u32,
    // How often the relay has shown us the door since we have read anything.
    detached: u32,
    /// Stage only: she has knocked there; and for which workshop it is.
    pub(crate) knocked: bool,
    pub(crate) workshop: Option<SessionId>,
    caught_up: bool,
    stopped: bool,
    // The way back, while what is here of the room is of no use; and how often it was tried in vain.
    resync: Option<Resync>,
    resyncs: u32,
    told_while_lost: BTreeMap<Seq, Blob>,
    leaving: Leaving,
    // A refusal told us which epoch the room is in: nothing is made before we are there.
    epoch_min: Epoch,
    // Peer only: who may speak.
    floor: Floor,
    session: ui::SessionView,
    ends: Ends,
    unstaffed: bool,
    // Since when it is over, by this device's clock.
    closed_at: Option<Timestamp>,
    // Until when its hosts are in another one for whoever wants to stay, by the relay's clock.
    stays_until: Option<Timestamp>,
    // In her own line: the invitation she has shown, and its proof, for hosts who come later.
    pub(crate) showed: Option<(Blob, Blob)>,
    // How many rulings there were when the relay was last asked; and, until a host has told the floor as it was when we
    // came in, those that came since.
    rulings_told: u64,
    rulings_since: Option<Vec<(Ruling, Timestamp)>>,
    // Host only: what she has ruled and the log does not have yet.
    measures: VecDeque<Measure>,
    ruler: Ruler,
    // What the relay was told that it need not keep for us.
    acked: Option<Seq>,
    transcript: Transcript,
    /// Stage only.
    stage: Stage,
}

impl Room {
    /// A room we opened: the group is there, entries after `last` follow once the relay has it.
    pub(crate) fn opened(id: RoomId, group: Group, last: Seq, asked: Asked) -> Self {
        let leaf = group.leaf().clone();
        let room = Self { stage: Stage::opened(), ..Self::invited(id, leaf) };
        Self { group: Some(group), last: Some(last), acked: Some(last), asked: Some(asked), ..room }
    }

    /// A room we were added to: the Welcome is to be fetched.
    pub(crate) fn invited(id: RoomId, leaf: Leaf) -> Self {
        Self {
            id,
            leaf,
            group: None,
            last: None,
            names: BTreeMap::new(),
            lead: None,
            call: None,
            reply_due: false,
            admitted_to: None,
            admitted_as: None,
            offer: None,
            offered: None,
            admitting: BTreeMap::new(),
            invited: None,
            held: Vec::new(),
            blocked: BTreeMap::new(),
            waiting: Waiting::default(),
            ruled_before: BTreeMap::new(),
            not_attended: None,
            successor: None,
            went: Vec::new(),
            someone_stuck: false,
            responders: Vec::new(),
            asked: None,
            unsaved: Unsaved::all(),
            outbox: Outbox::default(),
            said: Said::default(),
            wanted: VecDeque::new(),
            wants: 0,
            commit: None,
            commit_at: None,
            carry_out_at: None,
            renewal: Renewal::Done,
            attached: false,
            attaching: None,
            attach_at: None,
            refusals: 0,
            detached: 0,
            knocked: false,
            workshop: None,
            caught_up: false,
            stopped: false,
            resync: None,
            resyncs: 0,
            told_while_lost: BTreeMap::new(),
            leaving: Leaving::No,
            closing: None,
            epoch_min: Epoch(0),
            floor: Floor::default(),
            session: ui::SessionView::Waiting,
            ends: Ends::default(),
            unstaffed: false,
            closed_at: None,
            stays_until: None,
            showed: None,
            rulings_told: 0,
            rulings_since: None,
            measures: VecDeque::new(),
            ruler: Ruler::default(),
            acked: None,
            transcript: Transcript::default(),
            stage: Stage::default(),
        }
    }

    pub(crate) fn kind(&self) -> Option<RoomKind> {
        self.group.as_ref().map(Group::kind)
    }

    /// In which suite it is.
    pub(crate) fn suite(&self) -> Option<u16> {
        self.group.as_ref().map(Group::suite)
    }

    /// Says this to everybody here.
    pub(crate) fn say_words(&mut self, text: String, world: &mut World<'_>) -> MessageId {
        // Signed when it leaves: the vault need not hold what can be made again.
        self.say(Content::Text(Words::draft(world.requests.random(), text)), world)
    }

    /// Says something.
    pub(crate) fn say(&mut self, content: Content, world: &mut World<'_>) -> MessageId {
        let id = match &content {
            Content::Text(words) => words.id(),
            _ => MessageId(world.requests.random()),
        };
        self.outbox.push(id, content, world.now.0);
        self.unsaved.wishes_now();
        self.show_own(id, world);
        self.work(world);
        id
    }

    /// Tries again what was refused.
    pub(crate) fn retry(&mut self, id: MessageId, world: &mut World<'_>) -> bool {
        let here = self.outbox.is_not_sent(id);
        if here {
            self.outbox.again(id);
            self.unsaved.wishes_now();
            self.show_own(id, world);
            self.work(world);
        }
        here
    }

    /// Wants a change of members.
    pub(crate) fn want(&mut self, change: Change, world: &mut World<'_>) {
        let under_way = self.commit.as_ref().and_then(|commit| commit.want);
        match (self.wanted.back_mut(), change) {
            // Several who come at once are let in by one commit.
            (Some((id, Change::Add(waiting))), Change::Add(packages))
                if under_way != Some(*id) && waiting.len() + packages.len() <= ADDS_PER_COMMIT_MAX =>
            {
                waiting.extend(packages);
            }
            (_, change) => {
                self.wants += 1;
                self.wanted.push_back((self.wants, change));
            }
        }
        self.unsaved.wishes_now();
        self.work(world);
    }

    /// Wants to go.
    pub(crate) fn leave(&mut self, world: &mut World<'_>) {
        if matches!(self.leaving, Leaving::No | Leaving::AfterWords) {
            self.leaving = Leaving::Wanted;
            self.unsaved.wishes_now();
            self.work(world);
        }
    }

    /// Wants to go once what was said here has arrived.
    pub(crate) fn leave_after_words(&mut self, world: &mut World<'_>) {
        if self.leaving == Leaving::No {
            self.leaving = Leaving::AfterWords;
            self.unsaved.wishes_now();
            self.work(world);
        }
    }

    /// She closes her call; what she said before arrives before.
    pub(crate) fn close_after_words(&mut self, call: CallId, world: &mut World<'_>) {
        self.closing = Some(call);
        self.close_if_said(world);
    }

    // Where nothing can be said any more nothing is waited for.
    fn close_if_said(&mut self, world: &mut World<'_>) {
        let Some(call) = self.closing.filter(|_| self.stopped || !self.outbox.is_on_its_way()) else {
            return;
        };
        self.closing = None;
        world.requests.ask(Purpose::Step(self.id), Request::CloseCall(OneCall { call }));
    }

    /// The person of this line was let in to a room, or waits again.
    pub(crate) fn is_admitted(&mut self, room: Option<RoomId>, world: &mut World<'_>) {
        // As whom follows from the KeyPackage that was used for it.
        let leaf = self.offer.as_ref().and_then(|offer| Group::key_package(offer));
        let leaf = leaf.and_then(|it| LeafKey::from_slice(it.leaf_node().signature_key().as_slice()));
        if self.admitted_to != room {
            self.admitted_to = room;
            self.admitted_as = room.and(leaf.or(self.admitted_as));
            self.show(world);
        }
    }

    /// A message was accepted.
    pub(crate) fn sent(&mut self, id: MessageId, world: &mut World<'_>) {
        if self.outbox.accepted(id).is_some() {
            self.show_own(id, world);
        }
    }

    /// A message came too late for its epoch: catch up, then encrypt it again.
    pub(crate) fn send_again(&mut self, id: MessageId, current: Epoch, world: &mut World<'_>) {
        self.epoch_min = self.epoch_min.max(current);
        self.outbox.again(id);
        self.unsaved.wishes_now();
        self.work(world);
    }

    /// A message was refused for good.
    pub(crate) fn not_sent(&mut self, id: MessageId, world: &mut World<'_>) {
        let Some(item) = self.outbox.not_sent(id) else { return };
        let asked = match &item.content {
            Content::OnStage(OnStage::Ask { text, .. }) => Some(text.clone()),
            _ => None,
        };
        self.unsaved.wishes_now();
        match asked {
            // She has her text still, and asks anew.
            Some(text) => {
                self.outbox.discard(id);
                self.show_asked(text, ui::Asked::NotSent, world);
            }
            None => self.show_own(id, world),
        }
        self.close_if_said(world);
    }

    /// Our commit lost. If it is still the one under way it is made anew after a moment; an intent is never lost.
    pub(crate) fn commit_lost(&mut self, request: RequestId, current: Epoch, world: &mut World<'_>) {
        self.epoch_min = self.epoch_min.max(current);
        if self.is_committing(request) {
            self.drop_commit();
        }
        self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
    }

    /// Our commit is refused for good: what it was to do cannot happen.
    pub(crate) fn commit_refused(&mut self, request: RequestId, world: &mut World<'_>) -> bool {
        if !self.is_committing(request) {
            return false;
        }
        match self.drop_commit() {
            Some(want) => self.cannot_be(want),
            None => self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS)),
        }
        self.unsaved.wishes_now();
        self.work(world);
        true
    }

    /// The wish to leave came in the wrong epoch: say it anew.
    pub(crate) fn leave_again(&mut self, current: Epoch, world: &mut World<'_>) {
        self.epoch_min = self.epoch_min.max(current);
        if self.leaving == Leaving::Asked {
            self.leaving = Leaving::Wanted;
        }
        self.work(world);
    }

    /// Does what is due.
    pub(crate) fn handle_timeout(&mut self, world: &mut World<'_>) {
        if self.over_at().is_some_and(|at| at <= world.now) {
            self.leave(world);
        }
        self.work(world);
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let can_commit = self.commit.is_none() && self.caught_up;
        let commit = [self.commit_at, self.carry_out_at].into_iter().flatten().filter(|_| can_commit);
        let place = self.place_timeout();
        let commit = commit.chain(self.responders_due());
        commit.chain(self.attach_at).chain(self.resync_at()).chain(self.over_at()).chain(place).min()
    }

    /// This client is out: what was on its way is not sent, and is said to be.
    pub(crate) fn give_up(&mut self, world: &mut World<'_>) {
        for id in self.outbox.give_up() {
            self.show_own(id, world);
        }
    }

    /// The member with this key, if she is in the room.
    pub(crate) fn find(&self, key: &LeafKey, world: &World<'_>) -> Option<MemberLeaf> {
        self.group.as_ref()?.member(key, world.trust, world.judging())
    }

    /// The same, for whoever has no world at hand.
    pub(crate) fn member_of(&self, key: &LeafKey, trust: &Trust, now: Timestamp) -> Option<MemberLeaf> {
        self.group.as_ref()?.member(key, trust, now)
    }

    /// What participants here are called, as far as we know.
    pub(crate) fn known_names(&self) -> Vec<(Pseudonym, String)> {
        self.names.iter().map(|(name, said)| (*name, said.clone())).collect()
    }

    /// Our certificate was renewed: the room learns it with our next commit.
    pub(crate) fn certified_anew(&mut self, certificate: &[u8], world: &mut World<'_>) {
        self.leaf.certificate = Some(certificate.to_vec());
        if let Some(group) = &mut self.group {
            group.certified_anew(certificate);
            self.unsaved.room_by(world.now);
            self.want(Change::Update, world);
        }
    }

    /// Whether its log has been read to the end.
    pub(crate) fn has_read_all(&self) -> bool {
        self.attached && self.caught_up
    }

    /// Everybody in it.
    pub(crate) fn members(&self, trust: &Trust, now: Timestamp) -> Vec<MemberLeaf> {
        self.group.as_ref().map(|group| group.members(trust, now)).unwrap_or_default()
    }

    /// What somebody is called whom this client has met here, if she is there or has said something.
    pub(crate) fn name_of(&self, leaf: &LeafKey, trust: &Trust, now: Timestamp) -> Option<String> {
        let there = self.member_of(leaf, trust, now).map(|member| self.member(&member).name);
        there.or_else(|| self.author(leaf))
    }

    /// Whether its Welcome is still waited for.
    pub(crate) fn is_expected(&self) -> bool {
        self.group.is_none()
    }

    /// Whether this client sits in it: it is a group, and she takes part and wants to.
    pub(crate) fn is_sat_in(&self) -> bool {
        self.kind() == Some(RoomKind::Peer) && !self.is_stopped() && !self.is_leaving()
    }

    /// Whether somebody can be let in to it: a group that is not over, and in which this client sits.
    pub(crate) fn takes_people(&self) -> bool {
        self.is_sat_in() && !self.is_over()
    }

    /// Whether it is over here.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.session, ui::SessionView::Closed { .. })
    }

    /// Whether this client has wanted to go.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leaving != Leaving::No
    }

    /// Whether nothing is done here any more, because of something that must not be followed.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether this key is in the room, or an Add of it is wanted already.
    pub(crate) fn has_or_wants(&self, key: &LeafKey) -> bool {
        let present = self.group.as_ref().is_some_and(|group| group.has(key));
        let wanted = self.wanted.iter().any(|(_, change)| match change {
            Change::Add(packages) => {
                packages.iter().any(|package| package.leaf_node().signature_key().as_slice() == key.0)
            }
            Change::Remove(_) | Change::RemoveAll(_) | Change::Update => false,
        });
        present || wanted
    }

    /// In a line: what the person is called.
    pub(crate) fn person_name(&self) -> Option<String> {
        self.names.values().next().cloned()
    }

    /// Something we said that travelled in another request: its entry is ours.
    pub(crate) fn said_elsewhere(&mut self, ciphertext: &Blob) {
        self.outbox.said_elsewhere(ciphertext);
    }

    /// Somebody was called to this room, and this client lets her in if nobody else has until then.
    pub(crate) fn responder_wanted(&mut self, who: OnDuty, at: Timestamp) {
        if !self.responders.iter().any(|responder| responder.who.account == who.account) {
            self.responders.push(Responder { who, asked: false, at });
            self.unsaved.wishes_with_the_room();
        }
    }

    /// Whose KeyPackages are to be asked for now: the log has been read to its end, and they are not in it.
    pub(crate) fn responders_to_ask(&mut self, now: Timestamp) -> Vec<OnDuty> {
        if !self.caught_up {
            return Vec::new();
        }
        let mut responders = std::mem::take(&mut self.responders);
        let key = |who: &OnDuty| RoleCertificate::from_bytes(&who.certificate).map(|it| it.leaf_key);
        responders.retain(|it| key(&it.who).is_some_and(|key| !self.has_or_wants(&key)));
        self.responders = responders;
        let due = self.responders.iter_mut().filter(|responder| !responder.asked && responder.at <= now);
        due.map(|responder| {
            responder.asked = true;
            responder.who.clone()
        })
        .collect()
    }

    /// When [`Self::responders_to_ask`] has somebody.
    pub(crate) fn responders_due(&self) -> Option<Timestamp> {
        let waiting = self.responders.iter().filter(|responder| !responder.asked);
        waiting.map(|responder| responder.at).min().filter(|_| self.caught_up)
    }

    /// Their KeyPackages could not be had: they are asked for again.
    pub(crate) fn responders_not_reached(&mut self, now: Timestamp) {
        for responder in &mut self.responders {
            (responder.asked, responder.at) = (false, responder.at.max(now.plus_ms(RESPONDERS_AGAIN_MS)));
        }
    }

    /// Nobody is to be let in any more.
    pub(crate) fn no_responders_wanted(&mut self) {
        self.responders.clear();
        self.unsaved.wishes_with_the_room();
    }

    /// Whoever sits where the room was opened.
    pub(crate) fn opener(&self, trust: &Trust, now: Timestamp) -> Option<MemberLeaf> {
        self.members(trust, now).into_iter().find(|member| member.index == 0)
    }

    /// She is in the room or wanted in it.
    pub(crate) fn responder_is_wanted(&mut self, account: &AccountKey) {
        self.responders.retain(|responder| responder.who.account != *account);
    }

    /// She is let in: the line in which to say so.
    pub(crate) fn admitted(&mut self, leaf: &LeafKey) -> Option<RoomId> {
        let line = self.admitting.remove(leaf)?;
        self.unsaved.wishes_now();
        Some(line)
    }

    // What was wanted is refused. Of several who were to be let in together it may be about one: each is tried alone.
    fn cannot_be(&mut self, want: u32) {
        let Some(at) = self.wanted.iter().position(|(id, _)| *id == want) else { return };
        let Some((_, Change::Add(packages))) = self.wanted.remove(at) else { return };
        if packages.len() > 1 {
            for package in packages {
                self.wants += 1;
                self.wanted.push_back((self.wants, Change::Add(vec![package])));
            }
        }
    }

    fn is_committing(&self, request: RequestId) -> bool {
        self.commit.as_ref().is_some_and(|commit| commit.request == Some(request))
    }

    // Forgets the commit under way; says which wish it was for.
    fn drop_commit(&mut self) -> Option<u32> {
        if let Some(group) = &mut self.group {
            group.drop_pending_commit();
        }
        if matches!(self.renewal, Renewal::UnderWay(_)) {
            self.renewal = Renewal::Needed;
        }
        self.commit.take()?.want
    }
}
