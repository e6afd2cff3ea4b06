//! An honest client with a malicious relay: it hears whatever the relay likes.

use std::collections::BTreeMap;

use lotgenoot_client::messages::{Command, Connection, Delivery, Event, Gone, Note, RoomView};
use lotgenoot_client::{Identity, Member, Options, StaffSecret};
use lotgenoot_protocol::codec::{self, Received};
use lotgenoot_protocol::frame::{
    Accepted, Answer, Attached, CaughtUp, Challenge, ClientFrame, Entry, EntryKind, InboxEntry, Invitation,
    Notice, Push, RejectCommit, Request, ServerFrame, StaffRegister, Welcomed,
};
use lotgenoot_protocol::limits::MANIFEST_STEP_BYTES;
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::session::{SessionState, Stage};
use lotgenoot_protocol::sign::{Purpose, verify};
use lotgenoot_protocol::vault::{Parts, Vault};
use lotgenoot_protocol::{Blob, Epoch, LeafKey, PartId, RequestId, RoomId, RootKey, Seq, Timestamp, Version};
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{MlsMessageBodyIn, MlsMessageIn};
use sha2::{Digest as _, Sha256};

use crate::cast::{Organisation, register};

/// What the client did with an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reaction {
    /// Applied it, and speaks on.
    GoesOn,
    /// Raised an alarm, told the others with a signed rejection, and has fallen silent.
    Stops,
}

/// The client, and what it has asked and shown.
pub(crate) struct Victim {
    pub(crate) member: Member,
    pub(crate) leaf: LeafKey,
    pub(crate) packages: Vec<Blob>,
    pub(crate) views: BTreeMap<String, RoomView>,
    pub(crate) notes: Vec<Note>,
    pub(crate) gone: Vec<(String, Gone)>,
    /// Everything she was shown.
    pub(crate) events: Vec<Event>,
    pub(crate) asked: Vec<ClientFrame>,
    pub(crate) connection: Option<Connection>,
    /// How many one-time KeyPackages the relay says she has left.
    pub(crate) key_packages: u32,
    /// The certificate that the relay says is her newest.
    pub(crate) certificate: Option<Blob>,
    /// Whether slots are written at once.
    pub(crate) answers_slots: bool,
    /// What the relay's clock shows when she signs in; none: the same as hers.
    pub(crate) relays_clock: Option<Timestamp>,
    /// How much work the relay asks for.
    pub(crate) work: Option<u8>,
    vault: (u64, Version, Option<Blob>),
    parts: BTreeMap<PartId, Blob>,
    alarms: usize,
    // What others have said, by room.
    read: BTreeMap<String, Vec<String>>,
    // Staff: what brings her back after a reload.
    secret: Option<(RootKey, StaffSecret, Vec<u8>, u16)>,
    seq: Seq,
    inbox: Seq,
    pub(crate) now: Timestamp,
}

/// A vault as it was at one moment.
pub(crate) type Snapshot = (Version, Option<Blob>, BTreeMap<PartId, Blob>);

impl Victim {
    /// A member of staff who is signed in and has published KeyPackages.
    pub(crate) fn staff(organisation: &Organisation, role: Role, suite: u16, head: &RegisterHead) -> Self {
        let shown = register(organisation.trust.organisation(), head.version);
        Self::staff_who_learns(organisation, role, suite, head, &shown)
    }

    /// The same, shown this register for the head.
    pub(crate) fn staff_who_learns(
        organisation: &Organisation,
        role: Role,
        suite: u16,
        head: &RegisterHead,
        shown: &Register,
    ) -> Self {
        let secret = StaffSecret(rand::random::<[u8; 32]>().into());
        let leaf = LeafKey(secret.leaf_key().verifying_key().to_bytes());
        let certificate = organisation.sign(organisation.draft(role, leaf));
        let kept = certificate.clone();
        let identity = Identity::staff(organisation.root(), &secret, certificate).expect("her certificate");
        let now = organisation.now;
        let mut victim = Self::new(Member::new(identity, options(suite), now), leaf, now);
        victim.secret = Some((organisation.root(), secret, kept, suite));
        victim.is_welcomed(head);
        victim.learns(shown);
        let published = victim.asked.iter().find_map(|frame| match &frame.request {
            Request::PublishKeyPackages(publish) => Some((frame.request_id, publish.packages.clone())),
            _ => None,
        });
        let (request, packages) = published.expect("she publishes");
        victim.packages = packages;
        victim.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
        victim
    }

    pub(crate) fn new(member: Member, leaf: LeafKey, now: Timestamp) -> Self {
        Self {
            member,
            leaf,
            packages: Vec::new(),
            views: BTreeMap::new(),
            notes: Vec::new(),
            gone: Vec::new(),
            events: Vec::new(),
            asked: Vec::new(),
            connection: None,
            key_packages: 0,
            certificate: None,
            answers_slots: true,
            relays_clock: None,
            work: None,
            vault: (1, Version([0; 16]), None),
            parts: BTreeMap::new(),
            alarms: 0,
            read: BTreeMap::new(),
            secret: None,
            seq: Seq(0),
            inbox: Seq(0),
            now,
        }
    }

    /// The same mailbox after a reload: another client, which knows what is in the vault.
    pub(crate) fn returns(mut self, member: Member) -> Self {
        (self.vault.0, self.asked) = (self.vault.0 + 1, Vec::new());
        Self { member, views: BTreeMap::new(), notes: Vec::new(), connection: None, ..self }
    }

    pub(crate) fn signs_in(&mut self, head: &RegisterHead) {
        self.is_welcomed(head);
        self.learns(&register(head.issuers[0].0.organisation, head.version));
    }

    /// Signs in and is told this head.
    pub(crate) fn is_welcomed(&mut self, head: &RegisterHead) {
        self.member.connected(self.now);
        self.push(Push::Challenge(Challenge {
            nonce: Blob(vec![5; 32]),
            versions: vec![1],
            suites: vec![3],
            work: self.work,
        }));
        let hello = self.asked.last().expect("she says hello").request_id;
        let register_head = Blob(head.to_bytes());
        let welcomed = Welcomed {
            version: 1,
            now: self.relays_clock.unwrap_or(self.now),
            key_packages: self.key_packages,
            register_head,
            certificate: self.certificate.clone(),
        };
        self.reply(hello, Answer::Welcomed(welcomed));
    }

    /// Is shown this register, if she has asked for it just now.
    pub(crate) fn learns(&mut self, register: &Register) {
        let Some(ClientFrame { request_id, request: Request::AskRegister(_) }) = self.asked.last() else {
            return;
        };
        let register = Blob(register.to_bytes());
        self.reply(*request_id, Answer::StaffRegister(StaffRegister { register }));
    }

    /// Hears that she was added, attaches, and gets this Welcome.
    pub(crate) fn is_invited(&mut self, room: RoomId, invitation: Invitation, epoch: Epoch) {
        self.inbox = self.inbox.next();
        let added = InboxEntry { seq: self.inbox, notice: Notice::Added { room } };
        self.push(Push::Inbox(added));
        self.attaches(
            room,
            Attached { head: invitation.seq, epoch, invitation: Some(invitation), session: open() },
        );
    }

    /// Is answered on her wish to read a room.
    pub(crate) fn attaches(&mut self, room: RoomId, attached: Attached) {
        let wish = |request: &Request| matches!(request, Request::Attach(attach) if attach.room == room);
        let (request, _) = self.last_request(wish);
        self.seq = attached.head;
        self.reply(request, Answer::Attached(attached));
    }

    /// The latest of her requests that is like this.
    pub(crate) fn last_request(&self, like: impl Fn(&Request) -> bool) -> (RequestId, Request) {
        let found = self.asked.iter().rev().find(|frame| like(&frame.request));
        found.map(|frame| (frame.request_id, frame.request.clone())).expect("she asked")
    }

    /// Hears the next entry of the log, and tries to speak after it.
    pub(crate) fn hears(&mut self, room: RoomId, kind: EntryKind, body: &Blob) -> Reaction {
        let (alarms, asked) = (self.alarms, self.asked.len());
        self.entry(room, kind, body);
        let seq = self.seq;
        let reject = self.asked[asked..].iter().find_map(|frame| match &frame.request {
            Request::RejectCommit(reject) => Some(reject.clone()),
            _ => None,
        });
        let speaks = self.speaks(room);
        match (self.alarms - alarms, reject, speaks) {
            (0, None, true) => Reaction::GoesOn,
            (1, Some(reject), false) => {
                self.check_reject(&reject, room, seq, body);
                self.seq = Seq(seq.0 - 1);
                Reaction::Stops
            }
            other => panic!("neither on nor stopped: {other:?}"),
        }
    }

    /// Hears the next entry, whatever she makes of it.
    pub(crate) fn entry(&mut self, room: RoomId, kind: EntryKind, body: &Blob) {
        self.seq = self.seq.next();
        self.push(Push::Entry(Entry { room, seq: self.seq, kind, at: self.now, body: body.clone() }));
        self.push(Push::CaughtUp(CaughtUp { room, seq: self.seq }));
    }

    /// The relay tells her that somebody wants to come to this stage.
    pub(crate) fn is_told_of_a_knock(&mut self, room: RoomId, key_package: Blob) {
        self.inbox = self.inbox.next();
        let notice = Notice::Knock { room, key_package };
        self.push(Push::Inbox(InboxEntry { seq: self.inbox, notice }));
    }

    /// The next entry is the one after this.
    pub(crate) fn is_at(&mut self, seq: Seq) {
        self.seq = seq;
    }

    /// Until when she is who she is.
    pub(crate) fn until(&self) -> Option<u64> {
        self.events.iter().rev().find_map(|event| match event {
            Event::You(you) => Some(you.until),
            _ => None,
        })?
    }

    /// How many people she has wanted to add there.
    pub(crate) fn added(&self, room: RoomId) -> usize {
        let count =
            |welcome: &Blob| match MlsMessageIn::tls_deserialize_exact(&welcome.0).map(|it| it.extract()) {
                Ok(MlsMessageBodyIn::Welcome(welcome)) => welcome.secrets().len(),
                _ => panic!("no Welcome"),
            };
        let commits = self.asked.iter().filter_map(|frame| match &frame.request {
            Request::Commit(commit) if commit.room == room => commit.bundle.welcome.as_ref(),
            _ => None,
        });
        commits.map(count).sum()
    }

    pub(crate) fn seq(&self) -> Seq {
        self.seq
    }

    /// What others have said there.
    pub(crate) fn read(&self, room: RoomId) -> &[String] {
        self.read.get(&hex(room)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Her vault, as it is now.
    pub(crate) fn vault(&self) -> Snapshot {
        (self.vault.1, self.vault.2.clone(), self.parts.clone())
    }

    /// Another tab of hers, shown a vault as it was.
    pub(crate) fn after_a_reload(mut self, (version, manifest, parts): Snapshot) -> Self {
        let (root, secret, certificate, suite) = self.secret.clone().expect("staff");
        (self.vault.1, self.vault.2, self.parts) = (version, manifest, parts);
        let identity = Identity::staff(root, &secret, certificate).expect("her certificate");
        let (now, leaf) = (self.now, self.leaf);
        self.key_packages = 25;
        Self { leaf, ..self.returns(Member::new(identity, options(suite), now)) }
    }

    /// Says something: the message that leaves.
    pub(crate) fn says(&mut self, room: RoomId, text: &str) -> Blob {
        let before = self.asked.len();
        self.member.command(Command::Say { room: hex(room), text: text.to_owned() }, self.now);
        self.take();
        let sent = self.asked[before..].iter().find_map(|frame| match &frame.request {
            Request::Send(send) => Some(send.message.clone()),
            _ => None,
        });
        sent.expect("it leaves")
    }

    /// Whether words she says leave her client.
    pub(crate) fn speaks(&mut self, room: RoomId) -> bool {
        let before = self.asked.len();
        self.member.command(Command::Say { room: hex(room), text: "Hallo".to_owned() }, self.now);
        self.take();
        self.asked[before..].iter().any(|frame| matches!(frame.request, Request::Send(_)))
    }

    /// In which suite a host opens a peer room.
    pub(crate) fn opens(&mut self) -> u16 {
        self.member.command(Command::OpenPeerRoom { at_once: true }, self.now);
        self.take();
        let (_, request) = self.last_request(|request| matches!(request, Request::OpenRoom(_)));
        let Request::OpenRoom(open) = request else { unreachable!("it was looked for") };
        let message = MlsMessageIn::tls_deserialize_exact(&open.opening.group_info.0).expect("a message");
        let MlsMessageBodyIn::GroupInfo(info) = message.extract() else { panic!("no GroupInfo") };
        info.ciphersuite().into()
    }

    /// Whether anything of hers is in her vault.
    pub(crate) fn stored(&self) -> bool {
        self.vault.2.is_some()
    }

    /// How many alarms she has seen.
    pub(crate) fn alarms(&self) -> usize {
        self.alarms
    }

    pub(crate) fn view(&self, room: RoomId) -> &RoomView {
        self.views.get(&hex(room)).expect("she sees the room")
    }

    pub(crate) fn reply(&mut self, request: RequestId, answer: Answer) {
        self.frame(&ServerFrame::Reply(request, answer));
    }

    pub(crate) fn push(&mut self, push: Push) {
        self.frame(&ServerFrame::Push(push));
    }

    fn frame(&mut self, frame: &ServerFrame) {
        self.member.handle_frame(&codec::encode_server(frame), self.now).expect("a frame she can read");
        self.take();
    }

    pub(crate) fn take(&mut self) {
        while let Some(bytes) = self.member.poll_transmit() {
            let Ok(Received::Known(frame)) = codec::decode_client(&bytes) else { panic!("not a request") };
            match self.vault_answer(&frame.request) {
                // Her vault is honest here; what a relay may do with it is told elsewhere.
                Some(answer) => {
                    let reply = codec::encode_server(&ServerFrame::Reply(frame.request_id, answer));
                    self.member.handle_frame(&reply, self.now).expect("a frame she can read");
                }
                None => self.asked.push(frame),
            }
        }
        let mut not_sent = Vec::new();
        while let Some(event) = self.member.poll_event() {
            self.events.push(event.clone());
            match event {
                Event::Room(view) => drop(self.views.insert(view.room.clone(), view)),
                Event::RoomGone { room, why } => {
                    self.views.remove(&room);
                    self.gone.push((room, why));
                }
                Event::Note { note, .. } => self.notes.push(note),
                Event::Alarm { .. } => self.alarms += 1,
                Event::Connection(connection) => self.connection = Some(connection),
                Event::Message { room, message } if message.state == Delivery::NotSent => not_sent.push(room),
                Event::Message { room, message } if !message.from.you => {
                    self.read.entry(room).or_default().push(message.text);
                }
                _ => {}
            }
        }
        // Words are given up when their room is gone, and not before.
        assert!(
            not_sent.iter().all(|room| !self.views.contains_key(room)),
            "she sits there, and her words are not sent"
        );
    }

    fn vault_answer(&mut self, request: &Request) -> Option<Answer> {
        let accepted = Answer::Accepted(Accepted { seq: Seq(0) });
        match request {
            Request::OpenVault(open) => {
                let (fence, version, manifest) = &mut self.vault;
                *fence += u64::from(open.fence.is_none());
                let manifest = manifest.clone().unwrap_or(Blob(vec![0; MANIFEST_STEP_BYTES]));
                Some(Answer::Vault(Vault { fence: *fence, version: *version, manifest }))
            }
            Request::ReadParts(read) => {
                let parts = read.parts.iter().map(|part| self.parts.get(part).cloned()).collect();
                Some(Answer::Parts(Parts { parts }))
            }
            Request::PutVault(put) => {
                (self.vault.1, self.vault.2) = (put.version, Some(put.manifest.clone()));
                for part in &put.parts {
                    match &part.sealed {
                        Some(sealed) => drop(self.parts.insert(part.part, sealed.clone())),
                        None => drop(self.parts.remove(&part.part)),
                    }
                }
                Some(accepted)
            }
            Request::WriteSlot(_) if self.answers_slots => Some(accepted),
            _ => None,
        }
    }

    fn check_reject(&self, reject: &RejectCommit, room: RoomId, seq: Seq, body: &Blob) {
        let hash: [u8; 32] = Sha256::digest(&body.0).into();
        assert_eq!((reject.room, reject.seq, &reject.hash.0[..]), (room, seq, &hash[..]));
        let parts: [&[u8]; 3] = [&room.0, &seq.0.to_be_bytes(), &hash];
        assert!(verify(&self.leaf.0, Purpose::Reject, &parts, &reject.signature), "the rejection is signed");
    }
}

/// A session that people talk in, and in which nothing was ruled yet.
pub(crate) fn open() -> Option<SessionState> {
    Some(SessionState { stage: Stage::Open, ends_at: None, rulings: 0, unstaffed: false })
}

pub(crate) fn options(suite: u16) -> Options {
    Options { host: "localhost".to_owned(), suite, tab_has_slot: false, ids: None }
}

pub(crate) fn hex(room: RoomId) -> String {
    room.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
