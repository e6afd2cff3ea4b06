//! Reaching people on duty: the line to the hosts, the help call, colleagues for a room.
//!
//! Three steps each: ask who is on duty, claim their KeyPackages, open a room with them (or add them). Nobody whose
//! certificate does not verify is ever asked in, whatever the relay says of her.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::Urgency;
use lotgenoot_protocol::frame::{AskDuty, ClaimKeyPackages, OnDuty, OpenRoom, Raise, Request};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, Blob, CallId, LeafKey, Pseudonym, RoomId, Seq};
use openmls::prelude::KeyPackage;

use crate::call::{Call, Phase, SignedIntake};
use crate::content::Content;
use crate::group::{Change, Group};
use crate::identity::Leaf;
use crate::member::{Member, OwnLine};
use crate::requests::{Purpose, Wanted};
use crate::room::{Offered, Room};

/// The service under which hosts on shift stand.
pub(crate) const HOSTS: &str = "begeleider";

impl Member {
    /// Looks up who is on duty for what is wanted.
    pub(crate) fn ask_duty(&mut self, wanted: Wanted) {
        let service = match &wanted {
            Wanted::Line | Wanted::CoHosts(_) => HOSTS.to_owned(),
            Wanted::Help(call) => match self.service_of(*call) {
                Some(service) => service,
                None => return,
            },
            Wanted::Responder(_) => return,
        };
        self.requests.ask(Purpose::Duty(wanted), Request::AskDuty(AskDuty { service }));
    }

    /// Knows who is on duty: claims the KeyPackages of those who prove to be what they are said to be.
    pub(crate) fn handle_duty(&mut self, wanted: Wanted, people: Vec<OnDuty>) {
        let role = match &wanted {
            Wanted::Line | Wanted::CoHosts(_) => Role::Host,
            Wanted::Help(_) | Wanted::Responder(_) => Role::Professional,
        };
        let own = self.identity.account_key();
        let mut proven: Vec<OnDuty> =
            people.into_iter().filter(|person| person.account != own && self.proves(person, role)).collect();
        if let Wanted::CoHosts(room) = &wanted {
            if let Some(room) = self.rooms.get(room) {
                // In a room of an older suite nobody's KeyPackage fits: none is used up for nothing.
                if room.suite() != Some(self.suite) {
                    return;
                }
                proven.retain(|person| {
                    let key = RoleCertificate::from_bytes(&person.certificate).map(|it| it.leaf_key);
                    let asked = |key: LeafKey| !room.has_or_wants(&key) && !room.went.contains(&key);
                    person.reachable && key.is_some_and(asked)
                });
            }
            if proven.is_empty() {
                return;
            }
        }
        match (&wanted, proven.is_empty()) {
            (Wanted::Line, true) => self.not_reached(&wanted, ui::Failure::NoHosts),
            (Wanted::Help(call), true) => self.open_help(*call, Vec::new(), Vec::new()),
            _ => {
                let accounts = proven.iter().map(|person| person.account).collect();
                self.requests.ask(
                    Purpose::Claim(wanted, proven),
                    Request::ClaimKeyPackages(ClaimKeyPackages { accounts }),
                );
            }
        }
    }

    /// Has their KeyPackages. One that is missing or is somebody else's costs only its owner her place.
    pub(crate) fn handle_key_packages(
        &mut self,
        wanted: Wanted,
        people: Vec<OnDuty>,
        packages: Vec<Option<Blob>>,
    ) {
        let group = |room: &RoomId| self.rooms.get(room).and_then(|room| room.group.as_ref());
        let door = match &wanted {
            Wanted::Line => Some((self.rules(RoomKind::Line, false), self.suite)),
            Wanted::Help(call) => {
                let call = self.calls.get(call);
                call.map(|call| (self.rules(RoomKind::Help, call.host_comes()), self.suite))
            }
            Wanted::CoHosts(room) | Wanted::Responder(room) => {
                group(room).map(|group| (group.rules(), group.suite()))
            }
        };
        // Each by itself, by the relay's own rules: one that it would refuse must not take the others with it.
        let mut proven: Vec<KeyPackage> = Vec::new();
        for (person, package) in people.iter().zip(packages) {
            let key =
                RoleCertificate::from_bytes(&person.certificate).map(|certificate| certificate.leaf_key);
            let package = package.and_then(|bytes| Group::key_package(&bytes));
            if let (Some(key), Some(package), Some((rules, suite))) = (key, package, door)
                && package.leaf_node().signature_key().as_slice() == key.0
                && Group::admits(rules, suite, &package, self.trust(), self.judging())
            {
                proven.push(package);
            }
        }
        match wanted {
            Wanted::Line if proven.is_empty() => self.not_reached(&wanted, ui::Failure::NoHosts),
            Wanted::Line => self.open_line(proven),
            Wanted::Help(call) => {
                let first = self.contacts.first(&people);
                self.open_help(call, proven, first);
            }
            Wanted::CoHosts(room) | Wanted::Responder(room) => self.in_room(room, |room, world| {
                proven.retain(|package| {
                    let key = LeafKey::from_slice(package.leaf_node().signature_key().as_slice());
                    key.is_some_and(|key| !room.has_or_wants(&key))
                });
                if !proven.is_empty() {
                    room.want(Change::Add(proven), world);
                }
                people.iter().for_each(|person| room.responder_is_wanted(&person.account));
            }),
        }
    }

    /// A host opens a peer room; colleagues on shift are asked in as soon as it stands.
    pub(crate) fn open_peer_room(&mut self, at_once: bool) -> Option<RoomId> {
        let opened = self.try_to_open_peer_room(at_once);
        if opened.is_none() {
            self.fail(ui::Failure::OpenRoom);
        }
        opened
    }

    fn try_to_open_peer_room(&mut self, at_once: bool) -> Option<RoomId> {
        let leaf = self.staff_leaf()?;
        let id = RoomId(self.requests.random());
        let rules = self.rules(RoomKind::Peer, false);
        let head = self.register_head.as_ref()?;
        let (group, opening) = Group::open(id, self.suite, rules, head, leaf, Vec::new(), self.at_relay())?;
        let prepared =
            self.requests.prepare(Request::OpenRoom(OpenRoom { room: id, opening, session: None }));
        let mut room = Room::opened(id, group, Seq(0), prepared.asked());
        if at_once {
            room.opens_at_once();
        }
        self.keep_room(room);
        self.requests.ask_prepared(Purpose::Open(id), prepared);
        Some(id)
    }

    /// Lets in whoever was called and is not in the help room yet, if she proves to be a professional.
    pub(crate) fn ask_responders(&mut self, id: RoomId) {
        let now = self.now;
        let Some(room) = self.rooms.get_mut(&id) else { return };
        for person in room.responders_to_ask(now) {
            let accounts = vec![person.account];
            let proven = self.proves(&person, Role::Professional);
            let purpose = Purpose::Claim(Wanted::Responder(id), vec![person]);
            if proven {
                self.requests.ask(purpose, Request::ClaimKeyPackages(ClaimKeyPackages { accounts }));
            }
        }
    }

    /// A leaf nobody has seen before.
    pub(crate) fn fresh_leaf(&mut self) -> Leaf {
        let key = ed25519_dalek::SigningKey::from_bytes(&self.requests.random_seed());
        Leaf { key, name: Pseudonym(self.requests.random()), certificate: None }
    }

    // What she asked for, if there is such a service. Else the first that is open, or the first of all: a call is never
    // without people because of a name.
    fn service_of(&mut self, id: CallId) -> Option<String> {
        let services =
            |list: &[String]| list.iter().filter(|name| *name != HOSTS).cloned().collect::<Vec<_>>();
        let known = self.open.as_ref().map(|pong| (services(&pong.open), services(&pong.services)));
        let call = self.calls.get_mut(&id)?;
        if let Some((open, all)) = known
            && !open.contains(&call.service)
            && !all.contains(&call.service)
            && let Some(other) = open.into_iter().chain(all).next()
        {
            call.service = other;
        }
        Some(call.service.clone())
    }

    fn open_line(&mut self, hosts: Vec<KeyPackage>) {
        let leaf = self.fresh_leaf();
        let id = RoomId(self.requests.random());
        let rules = self.rules(RoomKind::Line, false);
        let opened = self
            .register_head
            .as_ref()
            .and_then(|head| Group::open(id, self.suite, rules, head, leaf, hosts, self.at_relay()));
        let Some((group, opening)) = opened else {
            return self.not_reached(&Wanted::Line, ui::Failure::OpenRoom);
        };
        self.own_line = OwnLine::Open(id);
        self.due.core(self.now);
        // Who sits in a group is not let in once more.
        let sits = self.rooms.values().any(Room::is_sat_in);
        let offered = if sits { None } else { self.offer() };
        let offered = offered.map(|(leaf, package)| Offered { leaf, package });
        let key_package = offered.as_ref().map(|offered| offered.package.clone());
        let hello = Content::Hello { nickname: self.nickname.clone(), key_package };
        let prepared =
            self.requests.prepare(Request::OpenRoom(OpenRoom { room: id, opening, session: None }));
        let mut room = Room::opened(id, group, Seq(1), prepared.asked());
        room.names.insert(room.leaf.name, self.nickname.clone());
        room.offered = offered;
        self.keep_room(room);
        self.requests.ask_prepared(Purpose::Open(id), prepared);
        self.in_room(id, |room, world| {
            room.say(hello, world);
            room.show(world);
        });
    }

    /// Makes the room of a call and raises it, with these people in it; `first` are called first.
    pub(crate) fn open_help(&mut self, id: CallId, professionals: Vec<KeyPackage>, first: Vec<AccountKey>) {
        // Asked twice and answered twice is still one call.
        let is_new = |call: &&Call| call.phase == Phase::NotSent && !self.rooms.contains_key(&call.room);
        let Some(call) = self.calls.get(&id).filter(is_new) else { return };
        let Some(intake) = call.intake.clone() else { return };
        let (room, service) = (call.room, call.service.clone());
        let rules = self.rules(RoomKind::Help, call.host_comes());
        let leaf = self.fresh_leaf();
        let open = |people: &[KeyPackage]| {
            let head = self.register_head.as_ref()?;
            Group::open(room, self.suite, rules, head, leaf.clone(), people.to_vec(), self.at_relay())
        };
        // Where something between two of them keeps the room from being made, those with whom it can be are in it.
        let opened = open(&professionals).or_else(|| {
            let mut people = Vec::new();
            for person in &professionals {
                people.push(person.clone());
                if open(&people).is_none() {
                    people.pop();
                }
            }
            open(&people)
        });
        let Some((mut group, opening)) = opened else { return self.raise_later(id) };
        let signed = Content::SignedIntake(SignedIntake::new(&leaf.key, room, &intake));
        let Some(message) = group.encrypt(&signed) else { return self.raise_later(id) };
        let urgency = urgency_meant(intake.urgency);
        let last = Seq(if opening.bundle.is_none() { 0 } else { 1 });
        let raise = Raise { call: id, service, urgency, room, opening, intake: message.clone(), first };
        let prepared = self.requests.prepare(Request::Raise(raise));
        let mut opened = Room::opened(room, group, last, prepared.asked());
        opened.call = Some(id);
        opened.names.insert(opened.leaf.name, self.nickname.clone());
        opened.said_elsewhere(&message);
        self.keep_room(opened);
        self.requests.ask_prepared(Purpose::Raise(id), prepared);
        if let Some(call) = self.calls.get_mut(&id) {
            call.raise_again_at = None;
        }
        // From now on the call is part of its room in the vault.
        self.due.core(self.now);
    }

    /// Calls for help: shown as not sent until the relay says it is stored.
    pub(crate) fn raise(&mut self, service: String, mut intake: Box<ui::Intake>) {
        self.add_what_is_kept(&mut intake);
        let id = CallId(self.requests.random());
        let room = RoomId(self.requests.random());
        if self.nickname.is_empty() {
            self.nickname = intake.nickname.clone();
        }
        self.calls.insert(id, Call::own(id, room, service, intake, self.now.0));
        self.due.core(self.now);
        self.show_call(id);
        self.ask_duty(Wanted::Help(id));
    }

    fn rules(&self, kind: RoomKind, hosts_in_help: bool) -> RoomRules {
        RoomRules { kind, organisation: self.trust().organisation(), hosts_in_help }
    }

    fn proves(&self, person: &OnDuty, role: Role) -> bool {
        RoleCertificate::from_bytes(&person.certificate)
            .and_then(|read| self.trust().role(&person.certificate, &read.leaf_key, self.judging()).ok())
            .is_some_and(|certificate| certificate.role == role)
    }
}

fn urgency_meant(urgency: ui::Urgency) -> Urgency {
    match urgency {
        ui::Urgency::Now => Urgency::Now,
        ui::Urgency::Today => Urgency::Today,
        ui::Urgency::ContactPerson => Urgency::ContactPerson,
    }
}
