//! One room on the member's side: its log as far as it is known, and what is wanted of it.
//!
//! Wishes (say this, add her, carry out a leave) are kept outside MLS and tried until they happen or cannot happen
//! any more; MLS state only ever follows the log.

use std::collections::{BTreeMap, VecDeque};

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::sign_reply;
use lotgenoot_protocol::frame::{
    Ack, Attach, Commit, Entry, EntryKind, Propose, RejectCommit, Request, Send,
};
use lotgenoot_protocol::mls::{RoomKind, private_header};
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::{Role, RoleCertificate, Trust};
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::{Blob, CallId, Epoch, LeafKey, Pseudonym, RequestId, RoomId, Seq, Timestamp};
use sha2::{Digest, Sha256};

use crate::content::{Content, MessageId};
use crate::group::{Change, Group, MemberLeaf, Processed, Unapplied};
use crate::identity::Leaf;
use crate::outbox::Outbox;
use crate::requests::{Purpose, Requests};
use crate::show;

// After how many entries, or how long, the relay is told what we have.
const ACK_ENTRIES: u64 = 32;
const ACK_MS: u64 = 2_000;
// Hosts carry out a leave first; the others wait their turn, so that not everybody commits at once.
const CARRY_OUT_STEP_MS: u64 = 1_500;
// A commit that lost waits a moment before it is tried again.
const RETRY_COMMIT_MS: u64 = 150;
// A refusal to let us read is asked about again, after twice as long each time.
const RETRY_ATTACH_MS: u64 = 500;
const RETRY_ATTACH_MS_MAX: u64 = 30_000;

/// What a room may touch beside itself.
pub(crate) struct World<'a> {
    pub(crate) requests: &'a mut Requests,
    pub(crate) events: &'a mut VecDeque<ui::Event>,
    pub(crate) trust: &'a Trust,
    pub(crate) now: Timestamp,
}

/// Something in the log that matters outside the room.
pub(crate) enum Happened {
    /// A content that is not words: names, an admission, an intake.
    Content { from: MemberLeaf, content: Content },
    /// Somebody said words, or we did and they came back.
    Words { from: LeafKey },
    /// The relay's word on the help call, at this place.
    Call { body: Blob },
    /// Our own commit that added these is in the log.
    Added(Vec<LeafKey>),
    /// This client is out.
    Gone(ui::Gone),
    /// An entry is missing: read again from what we have.
    Hole,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Leaving {
    No,
    Wanted,
    Asked,
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
    outbox: Outbox,
    wanted: VecDeque<Change>,
    commit_under_way: Option<RequestId>,
    // Whether the commit under way is the first of `wanted`, or only carries out what is proposed.
    commit_was_wanted: bool,
    commit_at: Option<Timestamp>,
    carry_out_at: Option<Timestamp>,
    attached: bool,
    attaching: bool,
    attach_at: Option<Timestamp>,
    refusals: u32,
    caught_up: bool,
    stopped: bool,
    leaving: Leaving,
    // A refusal told us which epoch the room is in: nothing is made before we are there.
    floor: Epoch,
    acked: Seq,
    ack_at: Option<Timestamp>,
}

impl Room {
    /// A room we opened: the group is there, entries after `last` follow once the relay has it.
    pub(crate) fn opened(id: RoomId, group: Group, last: Seq) -> Self {
        let leaf = group.leaf().clone();
        Self { group: Some(group), last: Some(last), ..Self::invited(id, leaf) }
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
            outbox: Outbox::default(),
            wanted: VecDeque::new(),
            commit_under_way: None,
            commit_was_wanted: false,
            commit_at: None,
            carry_out_at: None,
            attached: false,
            attaching: false,
            attach_at: None,
            refusals: 0,
            caught_up: false,
            stopped: false,
            leaving: Leaving::No,
            floor: Epoch(0),
            acked: Seq(0),
            ack_at: None,
        }
    }

    pub(crate) fn kind(&self) -> Option<RoomKind> {
        self.group.as_ref().map(Group::kind)
    }

    /// Asks to read on from what we have.
    pub(crate) fn attach(&mut self, nonce: &[u8], host: &str, world: &mut World<'_>) {
        let signature = sign(&self.leaf.key, SignFor::Attach, &[nonce, host.as_bytes(), &self.id.0]);
        let request = Attach {
            room: self.id,
            leaf: self.leaf.public(),
            signature: Blob(signature.to_vec()),
            after: self.last,
        };
        self.attached = false;
        self.attaching = true;
        self.attach_at = None;
        world.requests.ask(Purpose::Attach(self.id), Request::Attach(request));
    }

    /// The relay lets us read. It is told at once what we have: until it knows that we have joined we may not speak,
    /// and the word that said so may have been lost with the last connection.
    pub(crate) fn is_attached(&mut self, world: &mut World<'_>) {
        self.attached = true;
        self.attaching = false;
        self.refusals = 0;
        if let Some(seq) = self.last.filter(|_| self.group.is_some()) {
            self.acked = seq;
            self.ack_at = None;
            world.requests.ask(Purpose::Ack, Request::Ack(Ack { room: self.id, seq }));
        }
    }

    /// The relay does not let us read, for now: it is asked again after a while.
    pub(crate) fn not_attached(&mut self, now: Timestamp) {
        let wait = RETRY_ATTACH_MS.saturating_mul(1 << self.refusals.min(16)).min(RETRY_ATTACH_MS_MAX);
        self.attaching = false;
        self.refusals += 1;
        self.attach_at = Some(now.plus_ms(wait));
    }

    /// Whether it is time to ask again to read.
    pub(crate) fn should_attach(&self, now: Timestamp) -> bool {
        self.attach_at.is_some_and(|at| at <= now)
    }

    /// The connection is gone.
    pub(crate) fn disconnected(&mut self) {
        self.attached = false;
        self.attaching = false;
        self.caught_up = false;
        self.ack_at = None;
        self.attach_at = None;
        self.refusals = 0;
    }

    /// The Welcome worked: read from the next entry, and tell the relay that it is not needed any more.
    pub(crate) fn joined(&mut self, group: Group, since: Seq, world: &mut World<'_>) {
        self.group = Some(group);
        self.last = Some(since);
        self.acked = since;
        world.requests.ask(Purpose::Ack, Request::Ack(Ack { room: self.id, seq: since }));
        self.show(world);
    }

    /// The end of the log was reached.
    pub(crate) fn caught_up(&mut self, seq: Seq, world: &mut World<'_>) {
        if self.last == Some(seq) && !self.caught_up {
            self.caught_up = true;
            self.show(world);
        }
        self.work(world);
    }

    /// Says something.
    pub(crate) fn say(&mut self, content: Content, world: &mut World<'_>) -> MessageId {
        let id = match &content {
            Content::Text { id, .. } => *id,
            _ => MessageId(world.requests.random()),
        };
        self.outbox.push(id, content, world.now.0);
        self.show_own(id, ui::Delivery::Sending, world);
        self.work(world);
        id
    }

    /// Tries again what was refused.
    pub(crate) fn retry(&mut self, id: MessageId, world: &mut World<'_>) -> bool {
        let here = self.outbox.is_not_sent(id);
        if here {
            self.outbox.again(id);
            self.show_own(id, ui::Delivery::Sending, world);
            self.work(world);
        }
        here
    }

    /// Wants a change of members.
    pub(crate) fn want(&mut self, change: Change, world: &mut World<'_>) {
        self.wanted.push_back(change);
        self.work(world);
    }

    /// Wants to go.
    pub(crate) fn leave(&mut self, world: &mut World<'_>) {
        if self.leaving == Leaving::No {
            self.leaving = Leaving::Wanted;
            self.work(world);
        }
    }

    /// The person of this line was let in to a room, or waits again.
    pub(crate) fn is_admitted(&mut self, room: Option<RoomId>, world: &mut World<'_>) {
        if self.admitted_to != room {
            self.admitted_to = room;
            self.show(world);
        }
    }

    /// A message was accepted.
    pub(crate) fn sent(&mut self, id: MessageId, world: &mut World<'_>) {
        if self.outbox.accepted(id).is_some() {
            self.show_own(id, ui::Delivery::Sent, world);
        }
    }

    /// A message came too late for its epoch: catch up, then encrypt it again.
    pub(crate) fn send_again(&mut self, id: MessageId, current: Epoch, world: &mut World<'_>) {
        self.floor = self.floor.max(current);
        self.outbox.again(id);
        self.work(world);
    }

    /// A message was refused for good.
    pub(crate) fn not_sent(&mut self, id: MessageId, world: &mut World<'_>) {
        if self.outbox.not_sent(id).is_some() {
            self.show_own(id, ui::Delivery::NotSent, world);
        }
    }

    /// Our commit lost. If it is still the one under way it is made anew after a moment; an intent is never lost.
    pub(crate) fn commit_lost(&mut self, request: RequestId, current: Epoch, world: &mut World<'_>) {
        self.floor = self.floor.max(current);
        if self.commit_under_way == Some(request) {
            self.commit_under_way = None;
            if let Some(group) = &mut self.group {
                group.drop_pending_commit();
            }
        }
        self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
    }

    /// Our commit is refused for good: what it was to do cannot happen.
    pub(crate) fn commit_refused(&mut self, request: RequestId, world: &mut World<'_>) -> bool {
        if self.commit_under_way != Some(request) {
            return false;
        }
        self.commit_under_way = None;
        if let Some(group) = &mut self.group {
            group.drop_pending_commit();
        }
        self.wanted.pop_front();
        self.work(world);
        true
    }

    /// The wish to leave came in the wrong epoch: say it anew.
    pub(crate) fn leave_again(&mut self, current: Epoch, world: &mut World<'_>) {
        self.floor = self.floor.max(current);
        if self.leaving == Leaving::Asked {
            self.leaving = Leaving::Wanted;
        }
        self.work(world);
    }

    /// Applies the next entry of the log, if it is the next one.
    ///
    /// A repeat does nothing. A hole is the relay's fault: read again from what we have.
    pub(crate) fn handle_entry(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        let Some(last) = self.last.filter(|last| entry.seq > *last) else { return Vec::new() };
        if self.stopped {
            return Vec::new();
        }
        if entry.seq != last.next() {
            self.attached = false;
            return if self.attaching { Vec::new() } else { vec![Happened::Hole] };
        }
        let happened = match entry.kind {
            EntryKind::Application => self.handle_message(entry, world),
            EntryKind::Commit | EntryKind::Proposal => self.handle_handshake(entry, world),
            EntryKind::Call => vec![Happened::Call { body: entry.body.clone() }],
            EntryKind::Reject => Vec::new(),
        };
        if self.stopped {
            return happened;
        }
        self.last = Some(entry.seq);
        self.ack_at.get_or_insert(world.now.plus_ms(ACK_MS));
        if entry.seq.0 - self.acked.0 >= ACK_ENTRIES {
            self.ack(world);
        }
        happened
    }

    /// Does what is due.
    pub(crate) fn handle_timeout(&mut self, world: &mut World<'_>) {
        if self.ack_at.is_some_and(|at| at <= world.now) {
            self.ack(world);
        }
        self.work(world);
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let can_commit = self.commit_under_way.is_none() && self.caught_up;
        let commit = [self.commit_at, self.carry_out_at].into_iter().flatten().filter(|_| can_commit);
        self.ack_at.filter(|_| self.attached).into_iter().chain(commit).chain(self.attach_at).min()
    }

    /// This client is out: what was on its way is not sent, and is said to be.
    pub(crate) fn give_up(&mut self, world: &mut World<'_>) {
        for id in self.outbox.give_up() {
            self.show_own(id, ui::Delivery::NotSent, world);
        }
    }

    /// The room as the interface knows it.
    pub(crate) fn show(&self, world: &mut World<'_>) {
        let Some(group) = &self.group else { return };
        let members =
            group.members(world.trust, world.now).iter().map(|member| self.member(member)).collect();
        world.events.push_back(ui::Event::Room(ui::RoomView {
            room: show::hex(&self.id.0),
            kind: show::kind(group.kind()),
            members,
            admitted_to: self.admitted_to.map(|room| show::hex(&room.0)),
            caught_up: self.caught_up,
            epoch_code: show::epoch_code(&group.epoch_authenticator()),
        }));
    }

    /// A member as the interface knows her.
    pub(crate) fn member(&self, member: &MemberLeaf) -> ui::MemberView {
        let certificate = match &member.standing {
            Standing::Staff(certificate) => Some(certificate),
            Standing::Person | Standing::Nobody => None,
        };
        let said = || self.names.get(&member.name).cloned().unwrap_or_default();
        ui::MemberView {
            id: show::hex(&member.key.0),
            name: certificate.map_or_else(said, |certificate| certificate.alias.clone()),
            role: show::role(&member.standing),
            service: certificate.map(|certificate| certificate.service.clone()).filter(|it| !it.is_empty()),
            you: member.key == self.leaf.public(),
        }
    }

    /// The member with this key, if she is in the room.
    pub(crate) fn find(&self, key: &LeafKey, world: &World<'_>) -> Option<MemberLeaf> {
        self.group.as_ref()?.member(key, world.trust, world.now)
    }

    /// What participants here are called, as far as we know.
    pub(crate) fn known_names(&self) -> Vec<(Pseudonym, String)> {
        self.names.iter().map(|(name, said)| (*name, said.clone())).collect()
    }

    /// Whether this key is in the room, or an Add of it is wanted already.
    pub(crate) fn has_or_wants(&self, key: &LeafKey) -> bool {
        let present = self.group.as_ref().is_some_and(|group| group.has(key));
        let wanted = self.wanted.iter().any(|change| match change {
            Change::Add(packages) => {
                packages.iter().any(|package| package.leaf_node().signature_key().as_slice() == key.0)
            }
            Change::Remove(_) | Change::Update => false,
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

    fn handle_message(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        if let Some((item, request)) = self.outbox.came_back(&entry.body) {
            // The entry is the answer; the reply to the request adds nothing.
            if let Some(request) = request {
                world.requests.answered(&request);
            }
            if let Content::Text { id, text } = item.content {
                let me = self.leaf.public();
                self.show_message(&me, id, text, entry.at, ui::Delivery::Sent, world);
                return vec![Happened::Words { from: me }];
            }
            return Vec::new();
        }
        // A commit or proposal that the relay calls words would be applied here without anybody seeing it.
        if private_header(&entry.body).is_none() {
            self.stop(entry, world);
            return Vec::new();
        }
        let Some(group) = &mut self.group else { return Vec::new() };
        match group.process(&entry.body, world.trust, self.lead, world.now) {
            Ok(Processed::Application { from, bytes }) => match Content::from_bytes(&bytes) {
                Some(Content::Text { id, text }) => {
                    self.show_message(&from.key, id, text, entry.at, ui::Delivery::Sent, world);
                    vec![Happened::Words { from: from.key }]
                }
                Some(content) => vec![Happened::Content { from, content }],
                None => Vec::new(),
            },
            // Another version's content, a repeat, or an epoch we no longer hold: nothing to show, and no harm.
            _ => Vec::new(),
        }
    }

    fn handle_handshake(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        let Some(group) = &mut self.group else { return Vec::new() };
        match group.process(&entry.body, world.trust, self.lead, world.now) {
            Ok(Processed::Commit { summary, gone, own }) => {
                self.carry_out_at = None;
                if own {
                    self.own_commit_merged(world);
                } else if self.commit_under_way.take().is_some() {
                    self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
                }
                self.note_changes(&summary, &gone, entry, world);
                if !self.group.as_ref().is_some_and(Group::is_active) {
                    return vec![Happened::Gone(ui::Gone::Removed)];
                }
                self.show(world);
                self.work(world);
                if own {
                    vec![Happened::Added(summary.added.iter().map(|it| it.leaf_key).collect())]
                } else {
                    Vec::new()
                }
            }
            Ok(Processed::Leaving { leaver }) if leaver == self.leaf.public() => {
                vec![Happened::Gone(ui::Gone::Left)]
            }
            Ok(Processed::Leaving { .. }) => {
                self.commit_under_way = None;
                self.carry_out_at = Some(world.now.plus_ms(self.turn_to_carry_out(world)));
                self.work(world);
                Vec::new()
            }
            Ok(Processed::Application { .. } | Processed::Own) => Vec::new(),
            Err(Unapplied::Forbidden | Unapplied::Broken | Unapplied::Unreadable) => {
                self.stop(entry, world);
                Vec::new()
            }
        }
    }

    // The relay let something pass that must not be merged, or that cannot be. Stop, say so, and say so to others.
    fn stop(&mut self, entry: &Entry, world: &mut World<'_>) {
        self.stopped = true;
        let hash: [u8; 32] = Sha256::digest(&entry.body.0).into();
        let parts: [&[u8]; 3] = [&self.id.0, &entry.seq.0.to_be_bytes(), &hash];
        let signature = Blob(sign(&self.leaf.key, SignFor::Reject, &parts).to_vec());
        let reject = RejectCommit { room: self.id, seq: entry.seq, hash: Blob(hash.to_vec()), signature };
        world.requests.ask(Purpose::Reject(self.id), Request::RejectCommit(reject));
        world.events.push_back(ui::Event::Alarm { room: show::hex(&self.id.0) });
    }

    fn own_commit_merged(&mut self, world: &mut World<'_>) {
        if let Some(request) = self.commit_under_way.take() {
            world.requests.answered(&request);
        }
        self.commit_at = None;
        if self.commit_was_wanted {
            self.commit_was_wanted = false;
            self.wanted.pop_front();
        }
    }

    fn note_changes(
        &mut self,
        summary: &lotgenoot_protocol::policy::CommitSummary,
        gone: &[MemberLeaf],
        entry: &Entry,
        world: &mut World<'_>,
    ) {
        for member in gone {
            let view = self.member(member);
            let left = summary.left.contains(&member.key);
            self.note(if left { ui::Note::Left(view) } else { ui::Note::Removed(view) }, entry.at, world);
        }
        for added in &summary.added {
            if let Some(member) = self.find(&added.leaf_key, world) {
                let view = self.member(&member);
                self.note(ui::Note::Joined(view), entry.at, world);
            }
        }
    }

    fn note(&self, note: ui::Note, at: Timestamp, world: &mut World<'_>) {
        world.events.push_back(ui::Event::Note { room: show::hex(&self.id.0), note, at: at.0 });
    }

    // Everything that can be done now, in this order: leave, change members, speak.
    pub(crate) fn work(&mut self, world: &mut World<'_>) {
        let ready = self.attached && self.caught_up && !self.stopped;
        let at_floor =
            self.group.as_ref().is_some_and(|group| group.is_active() && group.epoch() >= self.floor);
        if !ready || !at_floor {
            return;
        }
        match self.leaving {
            // A commit that is under way may be in the log already: dropped now, it could not be merged when it
            // comes back, and this client would have to stop. Its answer or its entry leads here again.
            Leaving::Wanted if self.commit_under_way.is_some() => return,
            Leaving::Wanted => {
                self.ask_to_leave(world);
                return;
            }
            Leaving::Asked => return,
            Leaving::No => {}
        }
        self.commit_if_due(world);
        self.flush(world);
    }

    fn ask_to_leave(&mut self, world: &mut World<'_>) {
        let Some(group) = &mut self.group else { return };
        group.drop_pending_commit();
        self.commit_under_way = None;
        if let Some(message) = group.leave() {
            self.leaving = Leaving::Asked;
            world.requests.ask(Purpose::Leave(self.id), Request::Propose(Propose { room: self.id, message }));
        }
    }

    fn commit_if_due(&mut self, world: &mut World<'_>) {
        let Some(group) = &mut self.group else { return };
        if self.commit_under_way.is_some() || self.commit_at.is_some_and(|at| at > world.now) {
            return;
        }
        let speaks = self.outbox.next_waiting().is_some();
        let carry_out = group.must_commit_first()
            && (speaks || !self.wanted.is_empty() || self.carry_out_at.is_none_or(|at| at <= world.now));
        let change = match self.wanted.front() {
            Some(change) => change.clone(),
            None if carry_out => Change::Update,
            None => return,
        };
        group.drop_pending_commit();
        self.commit_was_wanted = !self.wanted.is_empty();
        match group.commit(&change) {
            Some(bundle) => {
                self.commit_at = None;
                let request = Request::Commit(Commit { room: self.id, bundle });
                self.commit_under_way = Some(world.requests.ask(Purpose::Commit(self.id), request));
            }
            None if self.commit_was_wanted => {
                // What was wanted has happened already or cannot happen any more.
                self.commit_was_wanted = false;
                self.wanted.pop_front();
                self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
            }
            None => self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS)),
        }
    }

    fn flush(&mut self, world: &mut World<'_>) {
        let Some(group) = &mut self.group else { return };
        while let Some(item) = self.outbox.next_waiting() {
            let Some(message) = group.encrypt(&item.content.to_bytes()) else { return };
            let id = item.id;
            let lead_signature = match self.call {
                Some(call) if self.reply_due && matches!(item.content, Content::Text { .. }) => {
                    Some(sign_reply(&self.leaf.key, call, &message))
                }
                _ => None,
            };
            let send = Send { room: self.id, message: message.clone(), lead_signature };
            let request = world.requests.ask(Purpose::Send(self.id, id), Request::Send(send));
            self.outbox.under_way(id, request, &message);
        }
    }

    fn ack(&mut self, world: &mut World<'_>) {
        self.ack_at = None;
        if let Some(seq) = self.last.filter(|seq| self.attached && *seq > self.acked) {
            self.acked = seq;
            world.requests.ask(Purpose::Ack, Request::Ack(Ack { room: self.id, seq }));
        }
    }

    // How long to wait before carrying out somebody's leave: hosts first, then in leaf order.
    fn turn_to_carry_out(&self, world: &World<'_>) -> u64 {
        let Some(group) = &self.group else { return 0 };
        let mut members = group.members(world.trust, world.now);
        members.sort_by_key(|member| (member.standing.role() != Some(Role::Host), member.index));
        let own = self.leaf.public();
        let turn = members.iter().position(|member| member.key == own).unwrap_or(0);
        turn as u64 * CARRY_OUT_STEP_MS
    }

    // How we were shown here, for when we are not in the group any more.
    fn own_view(&self) -> ui::MemberView {
        let certificate = self.leaf.certificate.as_deref().and_then(RoleCertificate::from_bytes);
        let said = self.names.get(&self.leaf.name).cloned().unwrap_or_default();
        ui::MemberView {
            id: show::hex(&self.leaf.public().0),
            role: certificate.as_ref().map_or(ui::Role::Person, |it| show::certified_role(it.role)),
            service: certificate.as_ref().map(|it| it.service.clone()).filter(|it| !it.is_empty()),
            name: certificate.map_or(said, |it| it.alias),
            you: true,
        }
    }

    fn show_own(&self, id: MessageId, state: ui::Delivery, world: &mut World<'_>) {
        if let Some((text, said_at)) = self.outbox.text(id) {
            self.show_message(&self.leaf.public(), id, text, Timestamp(said_at), state, world);
        }
    }

    fn show_message(
        &self,
        from: &LeafKey,
        id: MessageId,
        text: String,
        at: Timestamp,
        state: ui::Delivery,
        world: &mut World<'_>,
    ) {
        let known = self.find(from, world).map(|member| self.member(&member));
        let own = || (*from == self.leaf.public()).then(|| self.own_view());
        let Some(from) = known.or_else(own) else { return };
        let message = ui::MessageView { id: show::hex(&id.0), from, text, at: at.0, state };
        world.events.push_back(ui::Event::Message { room: show::hex(&self.id.0), message });
    }
}
