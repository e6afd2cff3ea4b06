//! The front door: what happened goes in, what to say, show and wait for comes out.

use std::collections::{BTreeMap, VecDeque};

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::{Acknowledgement, CallNotice};
use lotgenoot_protocol::codec::{self, Misbehaved};
use lotgenoot_protocol::frame::{
    AckInbox, Answer, AskRegister, Attached, Challenge, Entry, Hello, InboxEntry, Notice, OnDuty, OneCall,
    OpenDesk, Ping, Pong, PublishKeyPackages, Push, Receipt, Request, ServerFrame, Welcomed,
};
use lotgenoot_protocol::limits::{PING_EVERY_MS, SILENCE_MS_MAX};
use lotgenoot_protocol::mls::{RoomKind, SUITES};
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::{Role, Trust};
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::{
    Blob, CallId, LeafKey, Pseudonym, Refused, RequestId, RoomId, Seq, Timestamp, VERSION,
};

use crate::call::{Call, Phase};
use crate::content::{Content, MessageId};
use crate::group::{Change, Group, MemberLeaf};
use crate::identity::{Identity, Leaf};
use crate::keychain::Keychain;
use crate::requests::{Purpose, Requests, Wanted};
use crate::room::{Happened, Room, World};
use crate::show;

const STAFF_KEY_PACKAGES: usize = 25;
// With fewer left than 40 % new ones are published, when a connection begins: a shift begins with one too, so that the
// moment says nothing.
const STAFF_KEY_PACKAGES_LOW: u32 = 10;
// A raise that was refused is made anew after a moment, for as long as it takes.
const RAISE_AGAIN_MS: u64 = 2_000;

/// What a client is told at its birth.
#[derive(Clone, Debug)]
pub struct Options {
    /// The host name it dials: signed in the hello, so that another host cannot pass it on.
    pub host: String,
    /// The suite of rooms it opens.
    pub suite: u16,
    /// Ids follow from this instead of chance: for simulations, where a schedule must come back. Keys never do.
    pub ids: Option<[u8; 32]>,
}

/// Where a person's line to the hosts stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum OwnLine {
    None,
    Asked,
    Open(RoomId),
}

/// A member.
pub struct Member {
    pub(crate) identity: Identity,
    pub(crate) host: String,
    pub(crate) suite: u16,
    pub(crate) now: Timestamp,
    pub(crate) nickname: String,
    pub(crate) requests: Requests,
    pub(crate) rooms: BTreeMap<RoomId, Room>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) register_head: Option<RegisterHead>,
    // The head the relay has named, while its register is on its way.
    head_said: Option<RegisterHead>,
    keychain: Keychain,
    events: VecDeque<ui::Event>,
    nonce: Option<Vec<u8>>,
    connection: ui::Connection,
    inbox: Seq,
    published: bool,
    key_packages_left: u32,
    // By line: the leaf of the KeyPackage we gave in it.
    offered: BTreeMap<RoomId, Leaf>,
    // A line of our own, asked for or open: one person needs one.
    pub(crate) own_line: OwnLine,
    // KeyPackages that came in lines: what "admit" uses.
    offers: BTreeMap<RoomId, Blob>,
    // Whom we are letting in, and in which line to say so.
    admitting: BTreeMap<LeafKey, RoomId>,
    last_heard: Timestamp,
    ping_at: Option<Timestamp>,
    open: Option<Vec<String>>,
    hang_up: bool,
}

impl Member {
    /// A member who is not connected yet.
    pub fn new(identity: Identity, options: Options, now: Timestamp) -> Self {
        let mut member = Self {
            identity,
            host: options.host,
            suite: options.suite,
            now,
            nickname: String::new(),
            requests: Requests::with_ids(options.ids),
            rooms: BTreeMap::new(),
            calls: BTreeMap::new(),
            register_head: None,
            head_said: None,
            keychain: Keychain::default(),
            events: VecDeque::new(),
            nonce: None,
            connection: ui::Connection::Connecting,
            inbox: Seq(0),
            published: false,
            key_packages_left: 0,
            offered: BTreeMap::new(),
            own_line: OwnLine::None,
            offers: BTreeMap::new(),
            admitting: BTreeMap::new(),
            last_heard: now,
            ping_at: None,
            open: None,
            hang_up: false,
        };
        member.events.push_back(ui::Event::You(member.you()));
        member.show_connection(ui::Connection::Connecting);
        member
    }

    /// A socket is open. The relay speaks first.
    pub fn connected(&mut self, now: Timestamp) {
        self.now = now;
        self.last_heard = now;
        self.nonce = None;
        self.hang_up = false;
    }

    /// The socket is gone. Nothing that was wanted is lost.
    pub fn disconnected(&mut self, now: Timestamp) {
        self.now = now;
        self.nonce = None;
        self.ping_at = None;
        self.requests.disconnected();
        for room in self.rooms.values_mut() {
            room.disconnected();
        }
        if self.connection != ui::Connection::Refused {
            self.show_connection(ui::Connection::Lost);
        }
    }

    /// Bytes from the socket. An error means: close it and connect again.
    pub fn handle_frame(&mut self, bytes: &[u8], now: Timestamp) -> Result<(), Misbehaved> {
        self.now = now;
        self.last_heard = now;
        match codec::decode_server(bytes)? {
            Some(ServerFrame::Push(push)) => self.handle_push(push),
            Some(ServerFrame::Reply(id, answer)) => self.handle_answer(id, answer),
            None => {}
        }
        Ok(())
    }

    /// Does what is due: pings, retries, acknowledgements.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.now = now;
        self.requests.handle_timeout(now);
        if self.nonce.is_some() && now >= self.last_heard.plus_ms(SILENCE_MS_MAX) {
            self.hang_up = true;
        }
        if self.ping_at.is_some_and(|at| at <= now) {
            self.ping();
        }
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.in_room(id, |room, world| room.handle_timeout(world));
            if self.rooms.get(&id).is_some_and(|room| room.should_attach(now)) {
                self.attach(id);
            }
        }
        let due = |call: &&mut Call| call.raise_again_at.is_some_and(|at| at <= now);
        let again: Vec<CallId> = self
            .calls
            .values_mut()
            .filter(due)
            .map(|call| {
                call.raise_again_at = None;
                call.id
            })
            .collect();
        for call in again {
            self.ask_duty(Wanted::Help(call));
        }
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let silence = self.nonce.as_ref().map(|_| self.last_heard.plus_ms(SILENCE_MS_MAX));
        let rooms = self.rooms.values().filter_map(Room::poll_timeout);
        let raises = self.calls.values().filter_map(|call| call.raise_again_at);
        rooms.chain(raises).chain(silence).chain(self.ping_at).chain(self.requests.poll_timeout()).min()
    }

    /// The next bytes for the socket.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.requests.poll_transmit()
    }

    /// The next thing for the user to see.
    pub fn poll_event(&mut self) -> Option<ui::Event> {
        self.events.pop_front()
    }

    /// Whether the connection is dead although the socket does not say so: close it and connect again.
    pub fn wants_to_hang_up(&self) -> bool {
        self.hang_up
    }

    /// What the user did.
    pub fn command(&mut self, command: ui::Command, now: Timestamp) {
        self.now = now;
        match command {
            ui::Command::Start { .. } => {}
            ui::Command::OpenLine { nickname } => {
                self.nickname = nickname;
                // Pressed twice, or pressed again while it is under way: still one line.
                if self.own_line == OwnLine::None {
                    self.own_line = OwnLine::Asked;
                    self.ask_duty(Wanted::Line);
                }
            }
            ui::Command::Say { room, text } => self.say(&room, text),
            ui::Command::Retry { message } => self.retry(&message),
            ui::Command::Admit { line, room } => self.admit(&line, &room),
            ui::Command::OpenPeerRoom => self.open_peer_room(),
            ui::Command::Remove { room, member } => {
                if let (Some(room), Some(leaf)) = (room_id(&room), show::unhex(&member).map(LeafKey)) {
                    self.in_room(room, |room, world| room.want(Change::Remove(leaf), world));
                }
            }
            ui::Command::Leave { room } => {
                if let Some(room) = room_id(&room) {
                    self.in_room(room, |room, world| room.leave(world));
                }
            }
            ui::Command::Raise { service, intake } => self.raise(service, intake),
            ui::Command::Acknowledge { call } => self.acknowledge(&call),
            ui::Command::CloseCall { call } => {
                let call = show::unhex(&call).map(CallId);
                if let Some((call, room)) = call.and_then(|id| Some((id, self.calls.get(&id)?.room))) {
                    self.requests.ask(Purpose::Close(room), Request::CloseCall(OneCall { call }));
                }
            }
        }
    }

    fn handle_push(&mut self, push: Push) {
        match push {
            Push::Challenge(challenge) => self.sign_in(challenge),
            Push::Entry(entry) => self.handle_entry(&entry),
            Push::CaughtUp(caught_up) => {
                self.in_room(caught_up.room, |room, world| room.caught_up(caught_up.seq, world));
            }
            Push::Inbox(entry) => self.handle_inbox(entry),
            Push::Detached(detached) => {
                // Cut off, or too far behind what this socket may read: ask again, and be told.
                if let Some(room) = self.rooms.get_mut(&detached.room) {
                    room.disconnected();
                    self.requests.detached(&detached.room);
                    self.attach(detached.room);
                }
            }
            Push::Open(pong) => self.handle_open(pong),
        }
    }

    fn sign_in(&mut self, challenge: Challenge) {
        let parts: [&[u8]; 2] = [&challenge.nonce, self.host.as_bytes()];
        let signature = Blob(sign(&self.identity.account, SignFor::Hello, &parts).to_vec());
        let hello = Hello {
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            account: self.identity.account_key(),
            signature,
        };
        self.nonce = Some(challenge.nonce.0);
        self.requests.ask(Purpose::Hello, Request::Hello(hello));
    }

    // Before anything else it must be known who was revoked: a head that is new wants its register.
    fn welcomed(&mut self, welcomed: &Welcomed) {
        let head = RegisterHead::from_bytes(&welcomed.register_head);
        let Some(head) = head.filter(|head| head.verify(self.trust()).is_ok()) else {
            // Without a head that our root's issuers signed this relay is not of our organisation.
            return self.show_connection(ui::Connection::Refused);
        };
        self.key_packages_left = welcomed.key_packages;
        match &self.register_head {
            Some(known) if known.version > head.version => self.begin(),
            Some(known) if (known.version, known.hash) == (head.version, head.hash) => self.begin(),
            _ => {
                self.head_said = Some(head);
                self.requests.ask(Purpose::Register, Request::AskRegister(AskRegister {}));
            }
        }
    }

    fn handle_register(&mut self, bytes: &Blob) {
        let Some(head) = self.head_said.take() else { return };
        let register = Register::from_bytes(bytes)
            .filter(|register| register.verify(&head, self.register_head.as_ref(), self.trust()).is_ok());
        let Some(register) = register else { return self.show_connection(ui::Connection::Refused) };
        register.revoked().into_iter().for_each(|serial| self.identity.trust.revoke(serial));
        self.register_head = Some(head);
        self.begin();
    }

    fn begin(&mut self) {
        // Rooms the relay does not know yet are opened first: their requests are older than these.
        self.requests.signed_in();
        if self.identity.staff.is_some() {
            let enough = self.published && self.key_packages_left >= STAFF_KEY_PACKAGES_LOW;
            if enough { self.open_desk() } else { self.publish() }
        }
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.attach(id);
        }
        self.show_connection(ui::Connection::Online);
        self.ping();
    }

    fn handle_answer(&mut self, id: RequestId, answer: Answer) {
        if let Answer::Refused(Refused::SlowDown { retry_after_ms }) = answer {
            self.requests.wait_until(&id, self.now.plus_ms(retry_after_ms.max(1)));
            return;
        }
        let Some(purpose) = self.requests.answered(&id) else { return };
        match (purpose, answer) {
            (Purpose::Hello, Answer::Welcomed(welcomed)) => self.welcomed(&welcomed),
            (Purpose::Register, Answer::StaffRegister(register)) => self.handle_register(&register.register),
            (Purpose::Hello | Purpose::Register, _) => self.show_connection(ui::Connection::Refused),
            (Purpose::Publish, Answer::Accepted(_)) => {
                self.published = true;
                self.open_desk();
            }
            (Purpose::Ping, Answer::Pong(pong)) => self.handle_open(pong),
            (Purpose::Attach(room), Answer::Attached(attached)) => self.handle_attached(room, attached),
            (Purpose::Attach(room), Answer::Refused(refused)) => self.attach_refused(room, &refused),
            (Purpose::Open(room), Answer::Accepted(_)) => self.opened(room),
            (Purpose::Open(room), Answer::Refused(_)) => {
                self.in_room(room, |room, world| room.give_up(world));
                self.rooms.remove(&room);
                self.line_gone(room);
                self.fail(ui::Failure::OpenRoom);
            }
            (Purpose::Send(room, message), Answer::Accepted(_)) => {
                self.in_room(room, |room, world| room.sent(message, world));
            }
            (Purpose::Send(room, message), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.send_again(message, current, world));
            }
            (Purpose::Send(room, message), Answer::Refused(_)) => {
                self.in_room(room, |room, world| room.not_sent(message, world));
            }
            (Purpose::Commit(room), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.commit_lost(id, current, world));
            }
            (Purpose::Commit(room), Answer::Refused(_)) => {
                let mut refused = false;
                self.in_room(room, |room, world| refused = room.commit_refused(id, world));
                if refused {
                    self.fail(ui::Failure::Other);
                }
            }
            (Purpose::Leave(room), Answer::Refused(Refused::WrongEpoch { current })) => {
                self.in_room(room, |room, world| room.leave_again(current, world));
            }
            (Purpose::Raise(call), answer) => self.raised(call, &answer),
            (Purpose::Acknowledge(call), Answer::Refused(refused)) => {
                self.acknowledge_refused(call, &refused)
            }
            (Purpose::Close(_), Answer::Refused(_)) => self.fail(ui::Failure::CallGone),
            (Purpose::Duty(wanted), Answer::Duty(duty)) => self.handle_duty(wanted, duty.people),
            (Purpose::Claim(wanted, people), Answer::KeyPackages(packages)) => {
                self.handle_key_packages(wanted, people, packages.packages);
            }
            (Purpose::Duty(wanted) | Purpose::Claim(wanted, _), _) => {
                self.not_reached(&wanted, ui::Failure::Other)
            }
            // Accepted commits come back in the log; the rest needs no answer.
            _ => {}
        }
    }

    fn handle_entry(&mut self, entry: &Entry) {
        let mut happened = Vec::new();
        self.in_room(entry.room, |room, world| happened = room.handle_entry(entry, world));
        for what in happened {
            match what {
                Happened::Content { from, content } => self.handle_content(entry.room, &from, content),
                Happened::Words { from } => {
                    let call = self.rooms.get(&entry.room).and_then(|room| room.call);
                    if let Some(call) = call
                        && self.calls.get_mut(&call).is_some_and(|call| call.handle_words(from))
                    {
                        self.show_call(call);
                    }
                }
                Happened::Call { body } => self.handle_notice(entry.room, &body),
                Happened::Added(added) => self.added(entry.room, &added),
                Happened::Hole => self.attach(entry.room),
                Happened::Gone(why) => {
                    self.in_room(entry.room, |room, world| room.give_up(world));
                    let kind = self.rooms.remove(&entry.room).and_then(|room| room.kind());
                    self.offers.remove(&entry.room);
                    self.line_gone(entry.room);
                    if kind == Some(RoomKind::Peer) {
                        self.offer_again();
                    }
                    self.events.push_back(ui::Event::RoomGone { room: show::hex(&entry.room.0), why });
                }
            }
        }
    }

    fn handle_content(&mut self, id: RoomId, from: &MemberLeaf, content: Content) {
        let kind = self.rooms.get(&id).and_then(Room::kind);
        let role = from.standing.role();
        match content {
            Content::Hello { nickname, key_package } => {
                if role.is_none() {
                    self.in_room(id, |room, world| {
                        room.names.insert(from.name, nickname);
                        room.show(world);
                    });
                }
                if let (Some(RoomKind::Line), None, Some(package)) = (kind, role, key_package) {
                    self.offers.insert(id, package);
                    self.in_room(id, |line, world| line.is_admitted(None, world));
                }
            }
            // Only a host's word counts for what others are called.
            Content::Names(names) if role == Some(Role::Host) => self.in_room(id, |room, world| {
                for (name, said) in names {
                    room.names.entry(name).or_insert(said);
                }
                room.show(world);
            }),
            Content::Admitted { room } if kind == Some(RoomKind::Line) && role == Some(Role::Host) => {
                // A colleague let her in: the KeyPackage is used up.
                self.offers.remove(&id);
                self.in_room(id, |line, world| line.is_admitted(Some(room), world));
                self.admitted(id, room);
            }
            Content::Intake(intake) if kind == Some(RoomKind::Help) && role.is_none() => {
                self.in_room(id, |room, world| {
                    room.names.insert(from.name, intake.nickname.clone());
                    room.show(world);
                });
                if let Some(call) = self.rooms.get(&id).and_then(|room| room.call) {
                    if let Some(call) = self.calls.get_mut(&call) {
                        call.intake = Some(intake);
                    }
                    self.show_call(call);
                }
            }
            Content::Text { .. } | Content::Names(_) | Content::Admitted { .. } | Content::Intake(_) => {}
        }
    }

    fn handle_notice(&mut self, room_id: RoomId, body: &Blob) {
        let Some(notice) = codec::from_slice::<CallNotice>(body) else { return };
        let Some(call_id) = self.rooms.get(&room_id).and_then(|room| room.call) else { return };
        if let CallNotice::Wanted { account, certificate } = &notice {
            self.responder_wanted(
                room_id,
                call_id,
                OnDuty { account: *account, certificate: certificate.clone(), level: 0, reachable: true },
            );
        }
        let Some(mut call) = self.calls.remove(&call_id) else { return };
        let mut changed = false;
        self.in_room(room_id, |room, world| changed = call.handle_notice(&notice, room, world));
        self.calls.insert(call_id, call);
        if changed {
            self.show_call(call_id);
        }
    }

    // The person's own client adds whoever came on duty later; the intake is said again for her.
    fn responder_wanted(&mut self, room: RoomId, call: CallId, person: OnDuty) {
        if self.calls.get(&call).is_some_and(|call| call.own) {
            self.add_responder(room, person);
        }
    }

    fn handle_inbox(&mut self, entry: InboxEntry) {
        if entry.seq <= self.inbox {
            return;
        }
        self.inbox = entry.seq;
        match entry.notice {
            Notice::Added { room } => {
                if let (false, Some(leaf)) = (self.rooms.contains_key(&room), self.staff_leaf()) {
                    self.rooms.insert(room, Room::invited(room, leaf));
                }
                self.attach(room);
            }
            Notice::Page(page) => {
                let (call, page_id) = (page.call, page.page);
                self.requests.ask(Purpose::Receipt, Request::Receipt(Receipt { call, page: page_id }));
                let known = self.calls.remove(&call);
                let intake = known.and_then(|known| known.intake);
                self.calls.insert(call, Call { intake, ..Call::paged(page) });
                self.link_call(call);
                self.show_call(call);
            }
            Notice::Taken { call, .. } => {
                if let Some(known) = self.calls.get_mut(&call).filter(|call| call.phase == Phase::WantsYou) {
                    known.phase = Phase::NotYours;
                }
                self.show_call(call);
            }
        }
        self.requests.ask(Purpose::Ack, Request::AckInbox(AckInbox { seq: self.inbox }));
    }

    fn handle_open(&mut self, pong: Pong) {
        if self.open.as_ref() != Some(&pong.open) {
            let hosts = pong.open.iter().any(|service| service == "begeleider");
            let services = pong.open.iter().filter(|service| *service != "begeleider").cloned().collect();
            self.events.push_back(ui::Event::Open { hosts, services });
        }
        self.open = Some(pong.open);
        if self.identity.staff.as_ref().is_some_and(|staff| staff.read.role == Role::Host) {
            let peer = |room: &&Room| room.kind() == Some(RoomKind::Peer);
            let rooms: Vec<RoomId> = self.rooms.values().filter(peer).map(|room| room.id).collect();
            for room in rooms {
                self.ask_duty(Wanted::CoHosts(room));
            }
        }
    }

    fn handle_attached(&mut self, id: RoomId, attached: Attached) {
        self.in_room(id, |room, world| {
            room.is_attached(world);
            world.requests.attached(id);
        });
        let waiting = self.rooms.get(&id).is_some_and(|room| room.group.is_none());
        if let (true, Some(invitation)) = (waiting, attached.invitation) {
            let leaf = self.rooms.get(&id).map(|room| room.leaf.clone());
            let joined = leaf.and_then(|leaf| {
                let keys = self.keychain.keys_for(&invitation.welcome)?;
                Group::join(id, &invitation, keys, leaf, self.trust(), self.now)
            });
            let Some(group) = joined else {
                self.rooms.remove(&id);
                self.events
                    .push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::NotJoined });
                return;
            };
            self.keychain.used(&invitation.welcome);
            self.in_room(id, |room, world| room.joined(group, invitation.seq, world));
            self.joined(id);
        }
        self.in_room(id, |room, world| room.caught_up(attached.head, world));
    }

    // A room we have just come into: say what we are called, and know which call it is about.
    fn joined(&mut self, id: RoomId) {
        let Some(kind) = self.rooms.get(&id).and_then(Room::kind) else { return };
        if kind == RoomKind::Peer && self.identity.staff.is_none() {
            let nickname = self.nickname.clone();
            self.in_room(id, |room, world| {
                room.names.insert(room.leaf.name, nickname.clone());
                room.say(Content::Hello { nickname, key_package: None }, world);
            });
        }
        let about = self.calls.values().find(|call| call.room == id).map(|call| call.id);
        if let Some(call) = about {
            self.link_call(call);
            self.show_call(call);
        }
    }

    fn attach_refused(&mut self, id: RoomId, refused: &Refused) {
        if let Some(room) = self.rooms.get_mut(&id) {
            room.not_attached(self.now);
        }
        // A room that is being opened, a Welcome that is not released yet, or too many rooms at once: asked again.
        let joined = self.rooms.get(&id).is_some_and(|room| room.group.is_some() && room.last > Some(Seq(1)));
        if joined && matches!(refused, Refused::UnknownRoom) {
            self.in_room(id, |room, world| room.give_up(world));
            self.rooms.remove(&id);
            self.events.push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::Removed });
        }
    }

    fn opened(&mut self, id: RoomId) {
        self.attach(id);
        self.in_room(id, |room, world| room.show(world));
        if self.rooms.get(&id).and_then(Room::kind) == Some(RoomKind::Peer) {
            self.ask_duty(Wanted::CoHosts(id));
        }
    }

    // Newcomers have no history: a host says what the others are called, and tells the newcomer that she is in.
    fn added(&mut self, id: RoomId, added: &[LeafKey]) {
        if added.is_empty() {
            return;
        }
        let room = self.rooms.get(&id);
        let (kind, names) = (room.and_then(Room::kind), room.map(Room::known_names).unwrap_or_default());
        let is_host = self.identity.staff.is_some();
        if kind == Some(RoomKind::Peer) && is_host && !names.is_empty() {
            self.in_room(id, |room, world| {
                room.say(Content::Names(names), world);
            });
        }
        for leaf in added {
            if let Some(line) = self.admitting.remove(leaf) {
                self.in_room(line, |line, world| {
                    line.say(Content::Admitted { room: id }, world);
                    line.is_admitted(Some(id), world);
                });
            }
        }
        let own_call =
            room_call(&self.calls, id).filter(|call| call.own).and_then(|call| call.intake.clone());
        if let (Some(RoomKind::Help), Some(intake)) = (kind, own_call) {
            self.in_room(id, |room, world| {
                room.say(Content::Intake(intake), world);
            });
        }
    }

    fn admit(&mut self, line: &str, room: &str) {
        let (Some(line), Some(room)) = (room_id(line), room_id(room)) else { return };
        let package = self.offers.remove(&line).and_then(|bytes| Group::key_package(&bytes));
        let Some(package) = package.filter(|_| self.rooms.contains_key(&room)) else {
            return self.fail(ui::Failure::Admit);
        };
        if let Some(leaf) = LeafKey::from_slice(package.leaf_node().signature_key().as_slice()) {
            self.admitting.insert(leaf, line);
        }
        let name = Pseudonym::from_slice(package.leaf_node().credential().serialized_content());
        let nickname = self.rooms.get(&line).and_then(|line| line.person_name());
        self.in_room(room, |room, world| {
            if let (Some(name), Some(nickname)) = (name, nickname) {
                room.names.insert(name, nickname);
            }
            room.want(Change::Add(vec![package]), world);
        });
    }

    fn admitted(&mut self, line: RoomId, room: RoomId) {
        if self.rooms.contains_key(&room) {
            return;
        }
        if let Some(leaf) = self.offered.remove(&line) {
            self.rooms.insert(room, Room::invited(room, leaf));
            self.attach(room);
        }
    }

    /// A KeyPackage for the peer room, to travel inside this line.
    pub(crate) fn offer(&mut self, line: RoomId) -> Option<Blob> {
        let leaf = self.fresh_leaf();
        let package = self.keychain.make(self.suite, &leaf, false, self.now)?;
        self.offered.insert(line, leaf);
        Some(package)
    }

    // Out of a room and still in the line: a fresh KeyPackage, so that a host can let her in again.
    fn offer_again(&mut self) {
        let OwnLine::Open(line) = self.own_line else { return };
        if self.offered.contains_key(&line) {
            return;
        }
        let key_package = self.offer(line);
        let hello = Content::Hello { nickname: self.nickname.clone(), key_package };
        self.in_room(line, |room, world| {
            room.say(hello, world);
        });
    }

    fn line_gone(&mut self, line: RoomId) {
        self.offered.remove(&line);
        if self.own_line == OwnLine::Open(line) {
            self.own_line = OwnLine::None;
        }
    }

    /// What people were looked up for does not happen.
    pub(crate) fn not_reached(&mut self, wanted: &Wanted, failure: ui::Failure) {
        if matches!(wanted, Wanted::Line) {
            self.own_line = OwnLine::None;
        }
        self.fail(failure);
    }

    fn publish(&mut self) {
        let Some(leaf) = self.staff_leaf() else { return };
        let make = |last_resort| self.keychain.make(self.suite, &leaf, last_resort, self.now);
        let packages = (0..STAFF_KEY_PACKAGES).filter_map(|_| make(false)).collect();
        let last_resort = make(true);
        let publish = PublishKeyPackages { packages, last_resort };
        self.requests.ask(Purpose::Publish, Request::PublishKeyPackages(publish));
    }

    // Whoever can be called must be able to come in: KeyPackages first, then the desk.
    fn open_desk(&mut self) {
        self.requests.ask(Purpose::Ack, Request::OpenDesk(OpenDesk {}));
    }

    fn say(&mut self, room: &str, text: String) {
        let Some(room) = room_id(room) else { return };
        let id = MessageId(self.requests.random());
        self.in_room(room, |room, world| {
            room.say(Content::Text { id, text }, world);
        });
    }

    fn retry(&mut self, message: &str) {
        let Some(message) = show::unhex(message).map(MessageId) else { return };
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in rooms {
            self.in_room(id, |room, world| {
                room.retry(message, world);
            });
        }
    }

    fn acknowledge(&mut self, call: &str) {
        let Some(id) = show::unhex(call).map(CallId) else { return };
        let page = self.calls.get(&id).and_then(|call| call.page.clone());
        let (Some(page), Some(staff)) = (page, &self.identity.staff) else {
            return self.fail(ui::Failure::CallGone);
        };
        let ack = Acknowledgement::new(
            &staff.leaf,
            self.identity.trust.organisation(),
            page.room,
            id,
            page.page_epoch,
            page.page,
            staff.read.serial,
        );
        self.requests.ask(Purpose::Acknowledge(id), Request::Acknowledge(ack));
    }

    fn acknowledge_refused(&mut self, id: CallId, refused: &Refused) {
        let (phase, failure) = match refused {
            Refused::AlreadyTaken => (Phase::NotYours, ui::Failure::AlreadyTaken),
            Refused::NoSuchCall => (Phase::Closed, ui::Failure::CallGone),
            _ => return self.fail(ui::Failure::Other),
        };
        if let Some(call) = self.calls.get_mut(&id) {
            call.phase = phase;
        }
        self.show_call(id);
        self.fail(failure);
    }

    fn raised(&mut self, id: CallId, answer: &Answer) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        match answer {
            Answer::Accepted(_) => {
                if call.phase == Phase::NotSent {
                    call.phase = Phase::Stored;
                }
                let room = call.room;
                self.attach(room);
                self.show_call(id);
            }
            // Somebody named in it may have gone off duty or expired meanwhile: look again and make it anew.
            _ => {
                let room = call.room;
                self.in_room(room, |room, world| room.give_up(world));
                self.rooms.remove(&room);
                let fresh = RoomId(self.requests.random());
                if let Some(call) = self.calls.get_mut(&id) {
                    call.room = fresh;
                    call.raise_again_at = Some(self.now.plus_ms(RAISE_AGAIN_MS));
                }
            }
        }
    }

    fn link_call(&mut self, id: CallId) {
        let Some(room) = self.calls.get(&id).map(|call| call.room) else { return };
        if let Some(room) = self.rooms.get_mut(&room) {
            room.call = Some(id);
        }
    }

    fn attach(&mut self, id: RoomId) {
        if let Some(nonce) = self.nonce.clone() {
            let host = self.host.clone();
            self.in_room(id, |room, world| room.attach(&nonce, &host, world));
        }
    }

    fn ping(&mut self) {
        self.ping_at = Some(self.now.plus_ms(PING_EVERY_MS));
        self.requests.ask(Purpose::Ping, Request::Ping(Ping {}));
    }

    /// The leaf staff have in every room.
    pub(crate) fn staff_leaf(&self) -> Option<Leaf> {
        let staff = self.identity.staff.as_ref()?;
        Some(Leaf {
            key: staff.leaf.clone(),
            name: Pseudonym(staff.read.serial.0),
            certificate: Some(staff.certificate.clone()),
        })
    }

    pub(crate) fn trust(&self) -> &Trust {
        &self.identity.trust
    }

    pub(crate) fn in_room(&mut self, id: RoomId, f: impl FnOnce(&mut Room, &mut World<'_>)) {
        let Some(room) = self.rooms.get_mut(&id) else { return };
        let mut world = World {
            requests: &mut self.requests,
            events: &mut self.events,
            trust: &self.identity.trust,
            now: self.now,
        };
        f(room, &mut world);
    }

    pub(crate) fn show_call(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let world = World {
            requests: &mut self.requests,
            events: &mut self.events,
            trust: &self.identity.trust,
            now: self.now,
        };
        let view = call.view(self.rooms.get(&call.room), &world);
        self.events.push_back(ui::Event::Call(view));
    }

    pub(crate) fn fail(&mut self, what: ui::Failure) {
        self.events.push_back(ui::Event::Failed { what });
    }

    fn show_connection(&mut self, connection: ui::Connection) {
        self.connection = connection;
        self.events.push_back(ui::Event::Connection(connection));
    }

    fn you(&self) -> ui::You {
        match &self.identity.staff {
            None => ui::You { role: ui::Role::Person, alias: None, service: None },
            Some(staff) => ui::You {
                role: show::certified_role(staff.read.role),
                alias: Some(staff.read.alias.clone()),
                service: Some(staff.read.service.clone()).filter(|service| !service.is_empty()),
            },
        }
    }
}

fn room_id(text: &str) -> Option<RoomId> {
    show::unhex(text).map(RoomId)
}

fn room_call(calls: &BTreeMap<CallId, Call>, room: RoomId) -> Option<&Call> {
    calls.values().find(|call| call.room == room)
}
