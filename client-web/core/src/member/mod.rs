//! The front door: what happened goes in, what to say, show and wait for comes out.
//!
//! - `sign_in`: hello, register and vault, until this client may act
//! - `keep`: what goes into the vault, and when; `restore`: how it comes out of it
//! - `answers`: what an answer of the relay means
//! - `log`: what an entry of a room means outside the room
//! - `letters`: to coordinators and hosts
//! - `lines`: in and out of rooms
//! - `aftercare`: what she is asked later
//! - `agreements`: who does what by when
//! - `calls`: what the person and professionals do with a help call
//! - `contacts`: whom she wants to be called first; `code_words`: words that mean something else
//! - `intake`: what her helpers may know, and what is changed of it
//! - `duty`: who is on duty when
//! - `devices`: where a member of staff comes back with a PIN
//! - `invited`: a partner's invitation, shown in a line
//! - `moving`: a peer room that goes on in another one
//! - `office`: what a coordinator does
//! - `outcome`: how a call ended
//! - `own_times`: how fast a professional answers, for herself
//! - `stage`: workshops
//! - `survey`: how a session was
//! - `staff`: inbox, KeyPackages, the desk

mod aftercare;
mod agreements;
mod answers;
mod calendar;
mod calls;
mod channels;
mod code_words;
mod contacts;
mod devices;
mod duty;
mod duty_file;
mod held;
mod intake;
mod invited;
mod keep;
mod letters;
mod lines;
mod log;
mod moving;
mod office;
mod outcome;
mod own_lines;
mod own_times;
mod restore;
mod sign_in;
mod staff;
mod stage;
mod survey;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::{Part, Step};
use lotgenoot_protocol::codec::{self, Misbehaved};
use lotgenoot_protocol::frame::{InboxEntry, Ping, Pong, Push, Request, ServerFrame};
use lotgenoot_protocol::limits::{PING_EVERY_MS, SILENCE_MS_MAX};
use lotgenoot_protocol::register::{Register, RegisterHead};
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::work::Work;
use lotgenoot_protocol::{
    Blob, CallId, LeafKey, MessageId, Pseudonym, RequestId, RoomId, RootKey, Seq, SlotId, Timestamp,
};
use minicbor::{Decode, Encode};

use crate::call::Call;
use crate::clock;
use crate::content::Content;
use crate::group::Change;
use crate::identity::{Identity, Leaf};
use crate::keychain::Keychain;
use crate::requests::{Purpose, Requests, Wanted};
use crate::room::floor::measure as measure_of;
use crate::room::{Room, World};
use crate::show;
use crate::vault::{Keeper, SlotKeys};
use calendar::Planned;
use code_words::CodeWords;
use contacts::Contacts;
use devices::Device;
use duty::Duties;
use invited::Carried;
pub(crate) use invited::Shown;
use keep::Due;
use letters::Letters;
use office::Office;
use own_times::OwnTimes;
use stage::Stages;

/// What a client is told at its birth.
#[derive(Clone, Debug)]
pub struct Options {
    /// The host name it dials: signed in the hello, so that another host cannot pass it on.
    pub host: String,
    /// The suite of rooms it opens, where the organisation's register says nothing about it.
    pub suite: u16,
    /// The tab it runs in has a slot, from before a reload: none is made.
    pub tab_has_slot: bool,
    /// Ids follow from this instead of chance: for simulations, where a schedule must come back. Keys never do.
    pub ids: Option<[u8; 32]>,
}

// Clocks that differ by less are the same.
const CLOCKS_AGREE_MS: i64 = 20_000;

/// Where a person's line to the hosts stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub(crate) enum OwnLine {
    #[n(0)]
    None,
    #[n(1)]
    Asked,
    #[n(2)]
    Open(#[n(0)] RoomId),
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
    // The head the relay has named, while its register is on its way; and the register, until it is known whether a
    // vault remembers a newer one.
    head_said: Option<RegisterHead>,
    register: Option<Register>,
    register_read: bool,
    keychain: Keychain,
    events: VecDeque<ui::Event>,
    nonce: Option<Vec<u8>>,
    work: Option<Work>,
    connection: ui::Connection,
    inbox: Seq,
    // What the inbox brought before this client could act on it.
    early: Vec<InboxEntry>,
    // In which suite its KeyPackages are.
    published: Option<u16>,
    published_at: Option<Timestamp>,
    key_packages_left: u32,
    /// A line of our own, asked for or open: one person needs one.
    pub(crate) own_line: OwnLine,
    last_heard: Timestamp,
    ping_at: Option<Timestamp>,
    // What the relay said last: which services there are, and which are open.
    pub(crate) open: Option<Pong>,
    hang_up: bool,
    keeper: Keeper,
    pub(crate) due: Due,
    screen: Vec<u8>,
    screen_number: u64,
    // Register read, vault restored: this client may act on this connection.
    ready: bool,
    elsewhere: bool,
    // The vault pinned another organisation, or remembers a register that this one does not continue.
    refuses: bool,
    tab_has_slot: bool,
    // Slots to be written, until the relay has them; and one that is written with the first thing that is kept.
    slots: Vec<SlotKeys>,
    slot_later: Option<SlotKeys>,
    // Which slot is a phrase's, until the relay has it.
    phrase: Option<SlotId>,
    carried: Option<Carried>,
    office: Office,
    planned: Planned,
    duties: Duties,
    letters: Letters,
    pub(crate) contacts: Contacts,
    code_words: CodeWords,
    stages: Stages,
    // What the hosts are to know, and there is no line yet.
    to_tell: Vec<Content>,
    // By how much the relay's clock is ahead of this device's.
    ahead_ms: i64,
    // Messages that were sent again although the relay had held them.
    sent_again: BTreeSet<RequestId>,
    devices: Vec<Device>,
    // A device whose slot the relay does not have yet, and what it is to keep then.
    new_device: Option<(SlotId, String)>,
    newest_certificate: Option<Blob>,
    own_times: OwnTimes,
}

impl Member {
    /// A member who is not connected yet.
    pub fn new(identity: Identity, options: Options, now: Timestamp) -> Self {
        let keeper = Keeper::new(&identity.secret);
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
            register: None,
            register_read: false,
            keychain: Keychain::default(),
            events: VecDeque::new(),
            nonce: None,
            work: None,
            connection: ui::Connection::Connecting,
            inbox: Seq(0),
            early: Vec::new(),
            published: None,
            published_at: None,
            key_packages_left: 0,
            own_line: OwnLine::None,
            last_heard: now,
            ping_at: None,
            open: None,
            hang_up: false,
            keeper,
            due: Due::default(),
            screen: Vec::new(),
            screen_number: 0,
            ready: false,
            elsewhere: false,
            refuses: false,
            tab_has_slot: options.tab_has_slot,
            slots: Vec::new(),
            slot_later: None,
            phrase: None,
            carried: None,
            office: Office::default(),
            planned: Planned::default(),
            duties: Duties::default(),
            letters: Letters::default(),
            contacts: Contacts::default(),
            code_words: CodeWords::default(),
            stages: Stages::default(),
            to_tell: Vec::new(),
            ahead_ms: 0,
            sent_again: BTreeSet::new(),
            devices: Vec::new(),
            new_device: None,
            newest_certificate: None,
            own_times: OwnTimes::default(),
        };
        member.events.push_back(ui::Event::You(member.you()));
        member.show_connection(ui::Connection::Connecting);
        member
    }

    /// The organisation it trusts.
    pub fn root(&self) -> RootKey {
        *self.identity.trust.root()
    }

    /// A return phrase: from now on it leads here.
    pub fn keep_phrase(&mut self, keys: SlotKeys, now: Timestamp) {
        self.now = now;
        self.phrase = Some(keys.slot);
        self.slots.push(keys);
        // A mailbox that is worth a phrase is worth writing.
        self.due.core(now);
        self.write_slots();
    }

    /// A mailbox that begins under a phrase that nothing was kept under: written with the first thing that is kept.
    pub fn keep_phrase_later(&mut self, keys: SlotKeys) {
        self.slot_later = Some(keys);
    }

    /// A socket is open. The relay speaks first.
    pub fn connected(&mut self, now: Timestamp) {
        self.now = now;
        self.last_heard = now;
        (self.nonce, self.work) = (None, None);
        self.hang_up = false;
    }

    /// The socket is gone. Nothing that was wanted is lost.
    pub fn disconnected(&mut self, now: Timestamp) {
        self.now = now;
        (self.nonce, self.work) = (None, None);
        self.ping_at = None;
        self.hang_up = false;
        self.ready = false;
        self.early.clear();
        self.office_disconnected();
        self.calendar_disconnected();
        self.duty_disconnected();
        self.requests.disconnected();
        self.keeper.disconnected();
        for room in self.rooms.values_mut() {
            room.disconnected();
        }
        // What was said last is still so: it was refused, or she went elsewhere, or the relay can store nothing.
        let is_going_on = matches!(self.connection, ui::Connection::Connecting | ui::Connection::Online);
        if is_going_on || self.connection == ui::Connection::Lost {
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
        self.open_again_if_due();
        if self.nonce.is_some() && now >= self.last_heard.plus_ms(SILENCE_MS_MAX) {
            self.hang_up = true;
        }
        self.knock_if_due();
        if self.ping_at.is_some_and(|at| at <= now) {
            self.ping();
        }
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.in_room(id, |room, world| room.handle_timeout(world));
            if self.rooms.get(&id).is_some_and(|room| room.should_attach(now)) {
                self.attach(id);
            }
            if self.rooms.get(&id).and_then(Room::responders_due).is_some_and(|due| due <= now) {
                self.ask_responders(id);
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
        self.take_out_the_needless();
        self.tell_places();
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let silence = self.nonce.as_ref().map(|_| self.last_heard.plus_ms(SILENCE_MS_MAX));
        let rooms = self.rooms.values().filter_map(Room::poll_timeout);
        let raises = self.calls.values().filter_map(|call| call.raise_again_at);
        let tidies = self.calls.values().filter_map(Call::tidies_at);
        let vault = self.poll_vault_timeout();
        let requests = self.requests.poll_timeout();
        rooms
            .chain(raises)
            .chain(tidies)
            .chain(silence)
            .chain(self.ping_at)
            .chain(requests)
            .chain(vault)
            .chain(self.poll_knock())
            .min()
    }

    /// The next bytes for the socket.
    ///
    /// What the vault must know of goes into it first, in the same breath: the relay takes a connection's requests in
    /// their order, and takes nothing of a client whose vault was opened elsewhere.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        loop {
            let knows = self.vault_knows_enough();
            if let Some(bytes) = self.requests.poll_transmit(knows) {
                return Some(bytes);
            }
            if !self.put_if_due() {
                return None;
            }
        }
    }

    /// The next thing for the user to see.
    pub fn poll_event(&mut self) -> Option<ui::Event> {
        self.events.pop_front()
    }

    /// Whether the connection is dead although the socket does not say so: close it and connect again.
    pub fn wants_to_hang_up(&self) -> bool {
        self.hang_up
    }

    /// Whether it is signed in.
    pub fn is_signed_in(&self) -> bool {
        self.connection == ui::Connection::Online
    }

    /// Whether it wants a connection at all: not while its mailbox is open elsewhere.
    pub fn wants_connection(&self) -> bool {
        !self.elsewhere
    }

    /// What the user did.
    pub fn command(&mut self, command: ui::Command, now: Timestamp) {
        self.now = now;
        match command {
            // What is about a mailbox that is not open yet is its driver's.
            ui::Command::Start { .. }
            | ui::Command::DrawPhrase
            | ui::Command::KeepPhrase
            | ui::Command::LookAt { .. }
            | ui::Command::ReturnBy { .. }
            | ui::Command::KeepOnDevice { .. }
            | ui::Command::ReturnByDevice { .. } => {}
            ui::Command::OpenLine { nickname } => {
                self.nickname = nickname;
                self.due.core(now);
                // Pressed twice, or pressed again while it is under way: still one line.
                if self.own_line == OwnLine::None {
                    self.own_line = OwnLine::Asked;
                    self.ask_duty(Wanted::Line);
                }
            }
            ui::Command::Say { room, text } => {
                self.say(&room, text.clone());
                self.listen_for_help(room_id(&room), &text);
            }
            ui::Command::Screen { state, number } => self.keep_screen(state, number),
            ui::Command::TakeOver => self.take_over(),
            ui::Command::PutLine(line) => self.put_line(&line),
            ui::Command::RemoveLine { line } => self.remove_line(&line),
            ui::Command::CheckLine { line } => self.check_line(&line),
            ui::Command::Retry { message } => self.retry(&message),
            ui::Command::Admit { line, room } => self.admit(&line, &room),
            ui::Command::OpenPeerRoom { at_once } => drop(self.open_peer_room(at_once)),
            ui::Command::Move { room } => self.move_room(&room),
            ui::Command::Rule { room, measure: ui::Measure::UntilPlanned { at } } => {
                if let Some(room) = room_id(&room) {
                    self.in_room(room, |room, world| room.ends_as_planned(Timestamp(at), world));
                }
            }
            ui::Command::Rule { room, measure } => {
                if let (Some(room), Some(measure)) = (room_id(&room), measure_of(&measure)) {
                    self.in_room(room, |room, world| room.rule_from_here(measure, world));
                }
            }
            ui::Command::ReturnWords { line, message, reason } => self.return_words(&line, &message, reason),
            ui::Command::GoAway { room } => self.go_away(&room),
            ui::Command::Block { line, room } => self.block(&line, &room),
            ui::Command::Discard { message } => self.discard(&message),
            ui::Command::Remove { room, member } => {
                if let (Some(room), Some(leaf)) = (room_id(&room), show::unhex(&member).map(LeafKey)) {
                    self.in_room(room, |room, world| room.want(Change::Remove(leaf), world));
                }
            }
            ui::Command::Leave { room } => {
                if let Some(room) = room_id(&room) {
                    self.leave(room);
                }
            }
            ui::Command::Raise { service, intake } => self.raise(service, intake),
            ui::Command::ChooseContact { room, member, place } => self.choose_contact(&room, &member, place),
            ui::Command::DropContact { place } => self.drop_contact(place),
            ui::Command::ChangeIntake { call, intake } => self.intake_changed(&call, intake),
            ui::Command::AgreeCodeWords { words, note, service } => {
                self.agree_code_words(words, note, service);
            }
            ui::Command::Acknowledge { call } => self.acknowledge(&call),
            ui::Command::Debrief { room, how, hand_over, call_me } => {
                self.debrief(&room, how, hand_over, call_me);
            }
            ui::Command::OpenStage { session } => self.open_stage(&session),
            ui::Command::Act { room, act } => self.act(&room, act),
            ui::Command::JoinStage { session } => self.join_stage(&session),
            ui::Command::StayOn { room } => self.stay_on(&room),
            ui::Command::Survey { room, answers } => self.survey(&room, &answers),
            ui::Command::Report { room, member, message, why, to_hosts } => {
                self.report(&room, &member, message.as_deref(), why, to_hosts);
            }
            ui::Command::PutLetterAway { letter } => self.put_letter_away(&letter),
            ui::Command::Renew { colleagues } => self.renew(&colleagues),
            ui::Command::Revoke { colleague } => self.revoke(&colleague),
            ui::Command::Certify { role, alias, service } => self.certify(role, alias, service),
            ui::Command::CoSign { proposal } => self.co_sign(&proposal),
            ui::Command::Plan { session } => self.plan(&session),
            ui::Command::Unplan { session } => self.unplan(&session),
            ui::Command::AskDuty => self.want_duty_plan(),
            ui::Command::PutDuty { plan, confirmed } => self.put_duty(*plan, confirmed),
            ui::Command::CheckIn => self.check_in(),
            ui::Command::ReadDutyFile { service, zone, file } => self.read_duty_file(service, zone, file),
            ui::Command::WriteDutyFile { service } => self.write_duty_file(service),
            ui::Command::TakeDuty { service } => self.take_duty(service),
            ui::Command::Invite { partner } => self.invite(&partner),
            ui::Command::ForgetDevices => self.forget_devices(),
            ui::Command::Channel(wish) => self.channel(wish),
            ui::Command::Decline { call, reason } => self.decline(&call, reason),
            ui::Command::Assist { call } => self.assist(&call),
            ui::Command::AskColleague { call, takes_over, service } => {
                let part = if takes_over { Part::TakesOver } else { Part::Assists };
                self.ask_colleague(&call, part, service, None);
            }
            ui::Command::AskByName { call, service, account } => {
                self.ask_by_name(&call, service, &account);
            }
            ui::Command::EndAsk { call, ask } => self.end_ask(&call, &ask),
            ui::Command::ProposeDone { call } => self.step(&call, Step::ProposeDone),
            ui::Command::GiveBack { call } => self.step(&call, Step::GiveBack),
            ui::Command::Nudge { call } => self.step(&call, Step::Nudge),
            ui::Command::Reopen { call } => self.step(&call, Step::Reopen),
            ui::Command::CloseCall { call } => self.close_call(&call),
            ui::Command::Agree { call, change } => self.agree(&call, change),
            ui::Command::WantAftercare { call, at, way } => {
                self.want_aftercare(&call, at.map(|at| (at, way)));
            }
            ui::Command::AnswerAftercare { call, kept } => self.answer_aftercare(&call, kept),
            ui::Command::PutCallAway { call } => self.put_call_away(&call),
            ui::Command::PutOutcome { call, outcome } => self.put_outcome(&call, &outcome),
        }
    }

    /// Now, by the relay's clock: what is dated here is judged by that one.
    pub(crate) fn at_relay(&self) -> Timestamp {
        clock::at_relay(self.now, self.ahead_ms)
    }

    /// Now, where certificates and lifetimes are judged.
    pub(crate) fn judging(&self) -> Timestamp {
        clock::judging(self.now, self.ahead_ms)
    }

    /// By how much the relay's clock is ahead of this device's, in milliseconds, as far as is known.
    pub fn ahead_ms(&self) -> i64 {
        self.ahead_ms
    }

    // Devices are minutes wrong, and more; a moment on the way is nothing.
    pub(super) fn relay_says_it_is(&mut self, then: Timestamp) {
        let ahead = i64::try_from(then.0).unwrap_or_default() - i64::try_from(self.now.0).unwrap_or_default();
        self.ahead_ms = if ahead.abs() < CLOCKS_AGREE_MS { 0 } else { ahead };
    }

    fn handle_push(&mut self, push: Push) {
        match push {
            Push::Challenge(_) if self.elsewhere => self.hang_up = true,
            Push::Challenge(challenge) => self.sign_in(challenge),
            Push::Entry(entry) => self.handle_entry(&entry),
            Push::CaughtUp(caught_up) => {
                self.in_room(caught_up.room, |room, world| room.caught_up(caught_up.seq, world));
                self.ask_responders(caught_up.room);
                self.tell_places();
            }
            Push::Inbox(entry) if self.ready => self.handle_inbox(entry),
            Push::Inbox(entry) => self.early.push(entry),
            Push::Detached(detached) => {
                if let Some(room) = self.rooms.get_mut(&detached.room) {
                    let at_once = room.was_detached(self.now);
                    self.requests.detached(&detached.room);
                    if at_once {
                        self.attach(detached.room);
                    }
                }
            }
            Push::Open(pong) => self.handle_open(pong),
        }
    }

    /// What people were looked up for does not happen.
    pub(crate) fn not_reached(&mut self, wanted: &Wanted, failure: ui::Failure) {
        match wanted {
            // First it is stored, then people are found: the relay calls them, and asks for whoever is not in.
            Wanted::Help(call) => return self.open_help(*call, Vec::new(), Vec::new()),
            Wanted::Responder(room) => {
                let now = self.now;
                return self.in_room(*room, |room, _| room.responders_not_reached(now));
            }
            Wanted::Line | Wanted::CoHosts(_) => {}
        }
        if matches!(wanted, Wanted::Line) {
            self.own_line = OwnLine::None;
            self.due.core(self.now);
            self.nobody_sees_what_is_held();
        }
        self.fail(failure);
    }

    fn say(&mut self, room: &str, text: String) {
        let Some(room) = room_id(room) else { return };
        self.in_room(room, |room, world| {
            room.say_words(text, world);
        });
        self.goes_on_talking(room);
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

    pub(super) fn ping(&mut self) {
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
            suite: self.suite,
            now: self.now,
            ahead_ms: self.ahead_ms,
        };
        f(room, &mut world);
    }

    /// A room is no room of ours any more: the vault forgets it too.
    pub(crate) fn forget_room(&mut self, id: RoomId) -> Option<Room> {
        self.due.core(self.now);
        self.rooms.remove(&id)
    }

    /// A room of ours from now on.
    pub(crate) fn keep_room(&mut self, room: Room) {
        self.rooms.insert(room.id, room);
    }

    // Something about the call has changed that is not in the room's log.
    fn call_changed(&mut self, id: CallId) {
        let (now, room) = (self.now, self.calls.get(&id).map(|call| call.room));
        match room.and_then(|room| self.rooms.get_mut(&room)) {
            Some(room) => room.unsaved.room_by(now),
            None => self.due.core(now),
        }
        self.show_call(id);
    }

    pub(crate) fn show_call(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let world = World {
            requests: &mut self.requests,
            events: &mut self.events,
            trust: &self.identity.trust,
            suite: self.suite,
            now: self.now,
            ahead_ms: self.ahead_ms,
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
            None if self.identity.coordinator.is_some() => {
                let until =
                    self.identity.coordinator.as_ref().map(|it| it.issuer.not_after.saturating_mul(1000));
                ui::You { role: ui::Role::Coordinator, alias: None, service: None, until }
            }
            None => ui::You { role: ui::Role::Person, alias: None, service: None, until: None },
            Some(staff) => ui::You {
                role: show::certified_role(staff.read.role),
                alias: Some(staff.read.alias.clone()),
                service: Some(staff.read.service.clone()).filter(|service| !service.is_empty()),
                until: Some(staff.read.not_after.saturating_mul(1000)),
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
