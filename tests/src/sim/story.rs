//! One story: a cast, a schedule drawn from a seed, and the check at the end.

use std::collections::BTreeMap;
use std::sync::Arc;

use lotgenoot_client::messages::{
    CallState, CallView, Command, Connection, Delivery, Event, Failure, Intake, Kind, Measure, Note, RoomId,
};
use lotgenoot_client::{Identity, Member, Options as ClientOptions};
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::role::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::invariants::Invariants;
use super::network::{Faults, Link, Unkind};
use super::relay::{Crash, SimRelay, Socket};
use crate::organisation::{Organisation, SERVICE, now};
use crate::robot::Screen;

const HOST: &str = "praat.example";
const NICKNAMES: [&str; 5] = ["Merel", "Tulp", "Linde", "Iep", "Vlier"];

/// How a story goes.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Fixes schedule and faults.
    pub seed: u64,
    /// How many things happen before everybody is let online for the end.
    pub steps: usize,
    /// The suite of all rooms.
    pub suite: u16,
    /// How unkind the network is.
    pub unkind: Unkind,
    /// Of a thousand frames to the relay, at how many it dies.
    pub crash_per_mille: u32,
    /// Tabs are reloaded, and opened twice.
    pub tabs: bool,
    /// The relay shows vaults as they had been before.
    pub rolls_back: bool,
}

/// What happened in a story.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Steps taken, the end included.
    pub steps: u64,
    /// Messages in logs.
    pub messages: u64,
    /// Commits that took an epoch.
    pub commits: u64,
    /// Help calls stored.
    pub calls: u64,
    /// What went wrong on purpose.
    pub faults: Faults,
}

/// One tab: its client core and its socket.
pub(super) struct Tab {
    pub(super) member: Member,
    pub(super) link: Link,
    pub(super) socket: Socket,
}

pub(super) struct Client {
    pub(super) tab: Tab,
    pub(super) identity: Box<dyn Fn() -> Identity>,
    role: Option<Role>,
    nickname: &'static str,
    pub(super) screen: Screen,
    raised: bool,
    opened: bool,
    // What was said, and who could read it then.
    said: Vec<Said>,
    // How often each room was come into: who left and came back is not asked for what was said between.
    pub(super) visits: BTreeMap<RoomId, u32>,
    pub(super) tabs: super::tabs::Memory,
}

struct Said {
    room: RoomId,
    text: String,
    // Which visit of hers it was said in.
    visit: u32,
    readers: Vec<(usize, u32)>,
}

pub(super) struct Story {
    options: Options,
    pub(super) rng: StdRng,
    pub(super) now: Timestamp,
    pub(super) relay: Option<SimRelay>,
    pub(super) clients: Vec<Client>,
    /// Tabs that were left open when another one took over.
    pub(super) left_open: Vec<(usize, Tab)>,
    pub(super) sockets: Socket,
    invariants: Invariants,
    pub(super) faults: Faults,
    steps: u64,
    number: u64,
}

/// Plays one story to its end.
///
/// # Panics
/// If an invariant breaks; the message says which.
pub fn run(options: Options) -> Counts {
    let mut story = Story::new(options);
    for _ in 0..options.steps {
        story.step();
    }
    story.end();
    Counts {
        steps: story.steps,
        messages: story.invariants.messages,
        commits: story.invariants.commits,
        calls: story.invariants.calls,
        faults: story.faults,
    }
}

impl Story {
    fn new(options: Options) -> Self {
        let start = now();
        let organisation = Organisation::seeded(start, options.seed);
        let mut rng = StdRng::seed_from_u64(options.seed);
        let staff = [
            organisation.certify("Roos", Role::Host),
            organisation.certify("Iris", Role::Host),
            organisation.certify("Noor", Role::Professional),
            organisation.certify("Fleur", Role::Professional),
        ];
        let file = organisation.roster_file(&staff.each_ref(), &[1, 2]);
        let parsed = lotgenoot::roster_file::parse(&file).expect("our own roster file is fine");
        let relay = SimRelay::start(
            Arc::new(in_memory()),
            parsed.trust,
            (parsed.register_head, parsed.register),
            parsed.roster,
            HOST.to_owned(),
            start,
        );
        let mut clients = Vec::new();
        let mut client = |identity: Box<dyn Fn() -> Identity>, role, nickname| {
            let member = Member::new(identity(), client_options(options.suite, rng.random()), start);
            let socket = clients.len();
            clients.push(Client {
                tab: Tab { member, link: Link::default(), socket },
                identity,
                role,
                nickname,
                screen: Screen::default(),
                raised: false,
                opened: false,
                said: Vec::new(),
                visits: BTreeMap::new(),
                tabs: super::tabs::Memory::default(),
            });
        };
        for person in staff {
            let role = Some(person.role);
            client(Box::new(move || person.identity()), role, "");
        }
        for nickname in NICKNAMES {
            let (root, seed) = (organisation.root(), person_seed(options.seed, nickname));
            client(Box::new(move || Identity::person(root, seed)), None, nickname);
        }
        let sockets = clients.len();
        Self {
            options,
            rng,
            now: start,
            relay: Some(relay),
            clients,
            left_open: Vec::new(),
            sockets,
            invariants: Invariants::default(),
            faults: Faults::default(),
            steps: 0,
            number: 0,
        }
    }

    fn step(&mut self) {
        self.steps += 1;
        let at = self.rng.random_range(0..self.clients.len());
        match self.rng.random_range(0..1000) {
            0..380 => (0..self.rng.random_range(1..6)).for_each(|_| self.deliver_up(at)),
            380..760 => (0..self.rng.random_range(1..6)).for_each(|_| self.deliver_down(at)),
            760..800 => self.connect(at),
            800..810 => self.disconnect(at),
            810..812 => self.crash_idle(),
            812..849 => {
                let ms = self.rng.random_range(1..4_000);
                self.pass(ms);
            }
            // Long enough for a group without a host to be frozen, and for whoever is silent to be hung up on.
            849 => {
                let ms = self.rng.random_range(30_000..90_000);
                self.pass(ms);
            }
            850..854 if self.options.tabs => self.reload(at),
            854..857 if self.options.tabs => self.open_second_tab(at),
            857..887 if self.options.rolls_back => self.roll_back(at),
            857..900 if !self.left_open.is_empty() => self.use_tab_left_open(),
            _ => self.act(at),
        }
        self.settle();
    }

    // Frames go out, screens take in what happened, and what is on disk is looked at.
    pub(super) fn settle(&mut self) {
        let relay = self.relay.as_mut().expect("it runs");
        for batch in relay.committed.drain(..) {
            self.invariants.committed(&batch);
        }
        let unkind = self.options.unkind;
        let open = self.left_open.iter_mut().map(|(_, tab)| tab);
        for tab in self.clients.iter_mut().map(|client| &mut client.tab).chain(open) {
            if tab.link.open {
                for frame in relay.take_output(tab.socket) {
                    self.invariants.shown(&frame);
                    tab.link.send_down(frame, unkind, &mut self.rng, &mut self.faults);
                }
                while tab.member.has_work() {
                    tab.member.work(64);
                }
                while let Some(frame) = tab.member.poll_transmit() {
                    tab.link.send_up(frame, unkind, &mut self.rng, &mut self.faults);
                }
            }
            if tab.member.wants_to_hang_up() {
                tab.link.cut();
                relay.disconnect(tab.socket, self.now);
                tab.member.disconnected(self.now);
            }
        }
        for client in &mut self.clients {
            while let Some(event) = client.tab.member.poll_event() {
                let rooms = client.screen.rooms.len();
                let room = match &event {
                    lotgenoot_client::messages::Event::Room(room) => Some(room.room.clone()),
                    _ => None,
                };
                client.tabs.note(&event);
                let missed = matches!(event, Event::Note { note: Note::Missed, .. });
                self.faults.resyncs += u64::from(missed);
                assert!(!missed || client.tabs.rolled_back, "a resync without a cause");
                client.screen.take(event);
                if let Some(room) = room.filter(|_| client.screen.rooms.len() > rooms)
                    && !client.tabs.comes_back(&room)
                {
                    *client.visits.entry(room).or_default() += 1;
                }
            }
            assert!(client.screen.alarms.is_empty(), "an honest client raised an alarm");
            assert!(
                client.screen.failures.iter().all(|it| !matches!(it, Failure::NotKept | Failure::Damaged))
            );
        }
        self.look_at_tabs_left_open();
    }

    fn deliver_up(&mut self, at: usize) {
        let tab = &mut self.clients[at].tab;
        if let Some(frame) = tab.link.take_up(self.options.unkind, &mut self.rng, &mut self.faults) {
            let socket = tab.socket;
            self.hand_in(socket, &frame);
        }
    }

    pub(super) fn hand_in(&mut self, socket: Socket, frame: &[u8]) {
        let dies = self.rng.random_range(0..1000) < self.options.crash_per_mille;
        let crash = match (dies, self.rng.random_bool(0.5)) {
            (false, _) => Crash::No,
            (true, true) => Crash::BeforeCommit,
            (true, false) => Crash::AfterCommit,
        };
        let relay = self.relay.as_mut().expect("it runs");
        if relay.handle(socket, frame, crash, self.now).is_err() {
            match crash {
                Crash::BeforeCommit => self.faults.crashes_before_commit += 1,
                Crash::AfterCommit => self.faults.crashes_after_commit += 1,
                Crash::No => unreachable!("it dies only when told"),
            }
            self.restart();
        }
    }

    fn deliver_down(&mut self, at: usize) {
        let tab = &mut self.clients[at].tab;
        let Some(frame) = tab.link.down.pop_front() else { return };
        tab.member.handle_frame(&frame, self.now).expect("the relay speaks the protocol");
    }

    fn connect(&mut self, at: usize) {
        let tab = &mut self.clients[at].tab;
        if tab.link.open || !tab.member.wants_connection() {
            return;
        }
        tab.link.open = true;
        self.relay.as_mut().expect("it runs").connect(tab.socket, self.rng.random());
        tab.member.connected(self.now);
    }

    pub(super) fn disconnect(&mut self, at: usize) {
        let tab = &mut self.clients[at].tab;
        if !tab.link.open {
            return;
        }
        self.faults.disconnects += 1;
        tab.link.cut();
        self.relay.as_mut().expect("it runs").disconnect(tab.socket, self.now);
        tab.member.disconnected(self.now);
    }

    fn crash_idle(&mut self) {
        self.faults.crashes_idle += 1;
        self.restart();
    }

    fn restart(&mut self) {
        let relay = self.relay.take().expect("it runs");
        self.relay = Some(relay.restart(self.now));
        let now = self.now;
        for tab in self.tabs().filter(|tab| tab.link.open) {
            tab.link.cut();
            tab.member.disconnected(now);
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now = self.now.plus_ms(ms);
        self.relay.as_mut().expect("it runs").handle_timeout(self.now);
        let now = self.now;
        self.tabs().for_each(|tab| tab.member.handle_timeout(now));
    }

    fn act(&mut self, at: usize) {
        let rooms: Vec<(RoomId, Kind, usize)> = self.clients[at]
            .screen
            .rooms
            .values()
            .map(|room| (room.room.clone(), room.kind, room.members.len()))
            .collect();
        let of = |kind: Kind| rooms.iter().filter(move |room| room.1 == kind).map(|room| room.0.clone());
        let peers: Vec<RoomId> = of(Kind::Peer).collect();
        let lines: Vec<RoomId> = of(Kind::Line).collect();
        let dice = self.rng.random_range(0..100);
        let client = &self.clients[at];
        let online = client.screen.connection == Some(Connection::Online);
        match client.role {
            Some(Role::Host) if online && peers.is_empty() && !client.opened && dice < 30 => {
                self.clients[at].opened = true;
                self.command(at, Command::OpenPeerRoom { at_once: true });
            }
            Some(Role::Host) if dice < 25 && !lines.is_empty() && !peers.is_empty() => {
                let line = lines.choose(&mut self.rng).cloned().expect("there is one");
                let room = peers.choose(&mut self.rng).cloned().expect("there is one");
                self.command(at, Command::Admit { line, room });
            }
            Some(Role::Host) if dice < 40 && !peers.is_empty() => self.remove_somebody(at, &peers),
            Some(Role::Host) if (41..62).contains(&dice) && !peers.is_empty() => self.rule(at, &peers),
            Some(Role::Host) if dice >= 96 && !peers.is_empty() => {
                let room = peers.choose(&mut self.rng).cloned().expect("there is one");
                self.command(at, Command::Move { room });
            }
            Some(Role::Professional) if dice < 50 => {
                let wanted = client
                    .screen
                    .calls
                    .values()
                    .find(|call| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. }));
                if let Some(call) = wanted.map(|call| call.call.clone()) {
                    self.command(at, Command::Acknowledge { call });
                }
            }
            None if lines.is_empty() && peers.is_empty() && client.screen.hosts && dice < 50 => {
                let nickname = client.nickname.to_owned();
                self.command(at, Command::OpenLine { nickname });
            }
            None if !client.raised && dice < 6 => {
                self.clients[at].raised = true;
                let intake = Box::new(Intake { wants: "praten".to_owned(), ..Intake::default() });
                self.command(at, Command::Raise { service: SERVICE.to_owned(), intake });
            }
            None if dice < 8 => {
                let active = |call: &&CallView| matches!(call.state, CallState::Active(_));
                if let Some(call) = client.screen.calls.values().find(active).map(|call| call.call.clone()) {
                    self.command(at, Command::CloseCall { call });
                }
            }
            None if dice < 22 && !peers.is_empty() => {
                let room = peers.choose(&mut self.rng).cloned().expect("there is one");
                self.command(at, Command::Leave { room });
            }
            _ => {
                if let Some((room, _, _)) = rooms.choose(&mut self.rng).cloned() {
                    self.say(at, room);
                }
            }
        }
    }

    fn remove_somebody(&mut self, at: usize, peers: &[RoomId]) {
        let room = peers.choose(&mut self.rng).cloned().expect("there is one");
        let members = &self.clients[at].screen.rooms[&room].members;
        let persons: Vec<_> =
            members.iter().filter(|member| member.role == lotgenoot_client::messages::Role::Person).collect();
        // By place in the room, not by key: keys are not fixed by the seed.
        if !persons.is_empty() {
            let which = self.rng.random_range(0..persons.len());
            let member = persons[which].id.clone();
            self.command(at, Command::Remove { room, member });
        }
    }

    // Whatever loses nobody's words for good: the pace, and what goes to the hosts first.
    fn rule(&mut self, at: usize, peers: &[RoomId]) {
        let room = peers.choose(&mut self.rng).cloned().expect("there is one");
        let screen = &self.clients[at].screen;
        let held = screen
            .rooms
            .values()
            .flat_map(|line| line.held.iter().map(|held| (line.room.clone(), held.clone())))
            .find(|(_, held)| held.room == room);
        let members = &screen.rooms[&room].members;
        let persons: Vec<String> = members
            .iter()
            .filter(|member| member.role == lotgenoot_client::messages::Role::Person)
            .map(|member| member.id.clone())
            .collect();
        let which = self.rng.random_range(0..persons.len().max(1));
        let member = persons.get(which).cloned();
        let measure = match (self.rng.random_range(0..11), held, member) {
            (0 | 1, Some((_, held)), _) => Measure::LetThrough { member: held.member, message: held.message },
            (6, Some((line, held)), _) => {
                self.faults.rulings += 1;
                let reason = "zonder je adres".to_owned();
                return self.command(at, Command::ReturnWords { line, message: held.message, reason });
            }
            (7, _, Some(member)) => Measure::Mute { member },
            (8, _, Some(member)) => Measure::Unmute { member },
            (9, _, Some(member)) => Measure::Aside { member },
            (10, _, Some(member)) => Measure::Back { member },
            (2, _, Some(member)) => Measure::Hold { member },
            (3, _, Some(member)) => Measure::Release { member },
            (4, _, _) => Measure::Slow { seconds: self.rng.random_range(0..2) * 20 },
            _ => Measure::Newcomers { words: self.rng.random_range(0..2) },
        };
        self.faults.rulings += 1;
        self.command(at, Command::Rule { room, measure });
    }

    // Before all must agree, hosts let everybody speak as she likes.
    fn let_all_speak(&mut self) {
        for at in 0..self.clients.len() {
            if self.clients[at].role != Some(Role::Host) {
                continue;
            }
            let rooms = self.clients[at].screen.rooms.values().filter(|room| room.kind == Kind::Peer);
            let rooms: Vec<_> = rooms.map(|room| (room.room.clone(), room.floor.clone())).collect();
            for (room, floor) in rooms {
                let release = floor.held.into_iter().map(|member| Measure::Release { member });
                let unmute = floor.muted.into_iter().map(|(member, _)| Measure::Unmute { member });
                let back = floor.aside.into_iter().map(|member| Measure::Back { member });
                let slow = (floor.slow_seconds > 0).then_some(Measure::Slow { seconds: 0 });
                let newcomers = (floor.newcomers > 0).then_some(Measure::Newcomers { words: 0 });
                for measure in
                    release.chain(unmute).chain(back).chain(slow).chain(newcomers).collect::<Vec<_>>()
                {
                    self.command(at, Command::Rule { room: room.clone(), measure });
                }
            }
        }
    }

    fn say(&mut self, at: usize, room: RoomId) {
        let text = self.words(at, &room);
        self.command(at, Command::Say { room, text });
    }

    // Words that nobody has said yet, and who can read them.
    pub(super) fn words(&mut self, at: usize, room: &RoomId) -> String {
        self.number += 1;
        let text = format!("bericht {}", self.number);
        let readers = self
            .clients
            .iter()
            .enumerate()
            .filter(|(other, client)| *other != at && client.screen.rooms.contains_key(room))
            .map(|(other, client)| (other, client.visits.get(room).copied().unwrap_or_default()))
            .collect();
        let visit = self.clients[at].visits.get(room).copied().unwrap_or_default();
        self.clients[at].said.push(Said { room: room.clone(), text: text.clone(), visit, readers });
        text
    }

    pub(super) fn tabs(&mut self) -> impl Iterator<Item = &mut Tab> {
        let left_open = self.left_open.iter_mut().map(|(_, tab)| tab);
        self.clients.iter_mut().map(|client| &mut client.tab).chain(left_open)
    }

    /// A tab as it is after a reload: it knows whose it is, and no more.
    pub(super) fn fresh_tab(&mut self, identity: Identity) -> Tab {
        let options = client_options(self.options.suite, self.rng.random());
        let member = Member::new(identity, ClientOptions { tab_has_slot: true, ..options }, self.now);
        self.sockets += 1;
        Tab { member, link: Link::default(), socket: self.sockets }
    }

    fn command(&mut self, at: usize, command: Command) {
        self.clients[at].tab.member.command(command, self.now);
    }

    // Everybody comes online, the network is kind, time passes: all must agree.
    fn end(&mut self) {
        self.options.unkind = Unkind::default();
        self.options.crash_per_mille = 0;
        // What is still on the way may be a frame in the wrong place: every socket begins anew once.
        for at in 0..self.clients.len() {
            self.disconnect(at);
        }
        self.close_tabs_left_open();
        for second in 0..90 {
            if second % 10 == 5 && second < 60 {
                self.let_all_speak();
            }
            for at in 0..self.clients.len() {
                self.go_on_here(at);
                self.connect(at);
            }
            self.settle();
            while self.clients.iter().any(|it| !it.tab.link.up.is_empty() || !it.tab.link.down.is_empty()) {
                for at in 0..self.clients.len() {
                    self.deliver_up(at);
                    self.deliver_down(at);
                }
                self.settle();
                self.steps += 1;
            }
            self.pass(1_000);
            self.settle();
        }
        self.all_agree();
    }

    fn all_agree(&self) {
        for (at, client) in self.clients.iter().enumerate() {
            assert_eq!(client.screen.connection, Some(Connection::Online), "client {at} is not online");
            self.nothing_is_shown_twice(client);
            self.nothing_acknowledged_is_lost(at, client);
            client.tabs.all_came_back(at, &client.screen, &client.visits);
        }
        self.rooms_agree();
        self.calls_agree();
    }

    fn nothing_is_shown_twice(&self, client: &Client) {
        let mut shown = client.screen.shown.clone();
        let count = shown.len();
        shown.sort();
        shown.dedup();
        assert_eq!(shown.len(), count, "a message was shown twice");
    }

    fn nothing_acknowledged_is_lost(&self, at: usize, client: &Client) {
        for said in &client.said {
            let Some(message) = client.screen.find(&said.room, &said.text) else { continue };
            assert!(message.state != Delivery::Sending, "client {at}: “{}” is on its way forever", said.text);
            let waits = message.state == Delivery::Held && client.screen.rooms.contains_key(&said.room);
            assert!(!waits, "client {at}: “{}” waits for a host who lets everybody speak", said.text);
            // Who was taken out of a room while something was on its way, or whose call was closed, is told that it is not
            // sent; nobody else is.
            let is_closed =
                |call: &CallView| call.room.as_ref() == Some(&said.room) && call.state == CallState::Closed;
            let stayed = client.screen.rooms.contains_key(&said.room)
                && client.visits.get(&said.room) == Some(&said.visit);
            assert!(
                !stayed || client.screen.calls.values().any(is_closed) || message.state != Delivery::NotSent,
                "client {at}: “{}” was refused",
                said.text
            );
            if message.state != Delivery::Sent {
                continue;
            }
            for (reader, visit) in &said.readers {
                let other = &self.clients[*reader];
                // Whose vault was rolled back may have had to come back without what was said meanwhile.
                let stayed = other.screen.rooms.contains_key(&said.room)
                    && other.visits.get(&said.room) == Some(visit)
                    && !other.tabs.rolled_back;
                assert!(
                    !stayed || other.screen.find(&said.room, &said.text).is_some(),
                    "client {reader} never read “{}” of client {at}, which was acknowledged",
                    said.text
                );
            }
        }
    }

    fn rooms_agree(&self) {
        for (at, client) in self.clients.iter().enumerate() {
            for (id, room) in &client.screen.rooms {
                assert!(room.caught_up, "client {at} never caught up with a {:?} room", room.kind);
                for (other_at, other) in self.clients.iter().enumerate().skip(at + 1) {
                    let Some(same) = other.screen.rooms.get(id) else { continue };
                    assert_eq!(
                        room.epoch_code, same.epoch_code,
                        "clients {at} and {other_at} are in different epochs"
                    );
                    assert_eq!(
                        room.members.len(),
                        same.members.len(),
                        "clients {at} and {other_at} see others"
                    );
                    // Whose vault was rolled back may have said something once more, after others had come in.
                    let said_once = |text: &str| {
                        let authors = self.clients.iter().filter(|it| it.tabs.rolled_back);
                        !authors.flat_map(|it| &it.said).any(|said| said.text == text)
                    };
                    let order = |client: &Client, with: &Client| -> Vec<String> {
                        let said = client.screen.said.get(id).cloned().unwrap_or_default();
                        let sent = said.into_iter().filter(|it| it.state == Delivery::Sent && !it.from.you);
                        let sent = sent.filter(|it| said_once(&it.text));
                        sent.filter(|it| with.screen.find(id, &it.text).is_some_and(|other| !other.from.you))
                            .map(|it| it.id)
                            .collect()
                    };
                    assert_eq!(
                        order(client, other),
                        order(other, client),
                        "clients {at} and {other_at} read in another order"
                    );
                }
            }
        }
    }

    fn calls_agree(&self) {
        let stored =
            self.relay.as_ref().expect("it runs").ledger().calls().expect("the model does not break");
        for (at, client) in self.clients.iter().enumerate() {
            for call in client.screen.calls.values().filter(|call| call.own) {
                assert!(
                    !matches!(call.state, CallState::NotSent),
                    "client {at}: a call is on its way forever"
                );
                let known = stored.iter().any(|(id, _)| call.call == hex(&id.0));
                assert!(known, "client {at}: a call that was stored is gone");
                let leads = self.clients.iter().filter(|other| {
                    other.screen.calls.get(&call.call).is_some_and(|seen| {
                        !seen.own && matches!(&seen.state, CallState::Taken(lead) | CallState::Active(lead) if lead.you)
                    })
                });
                assert!(leads.count() <= 1, "client {at}: two leads in one call");
            }
        }
    }
}

fn client_options(suite: u16, ids: [u8; 32]) -> ClientOptions {
    ClientOptions { host: HOST.to_owned(), suite, tab_has_slot: false, ids: Some(ids) }
}

fn person_seed(seed: u64, nickname: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    bytes[8..8 + nickname.len()].copy_from_slice(nickname.as_bytes());
    bytes
}

// The real ledger on a disk of memory: what it does is part of the story.
fn in_memory() -> lotgenoot::store::RedbLedger {
    let backend = redb::backends::InMemoryBackend::new();
    let database = redb::Database::builder().create_with_backend(backend).expect("memory does not fail");
    lotgenoot::store::RedbLedger::with_database(database).expect("memory does not fail")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Options {
    /// What a seed means: how unkind the network is and which suite the rooms have follow from it.
    pub fn of_seed(seed: u64, steps: usize) -> Self {
        let kinds = [
            Unkind::default(),
            Unkind { duplicate: 10, ..Unkind::default() },
            Unkind { reorder: 10, ..Unkind::default() },
            Unkind { duplicate: 5, reorder: 5, ..Unkind::default() },
            Unkind { drop: 3, ..Unkind::default() },
        ];
        let suites = [
            lotgenoot_protocol::mls::SUITE_CHACHA,
            lotgenoot_protocol::mls::SUITE_AES,
            lotgenoot_protocol::mls::SUITE_POST_QUANTUM,
        ];
        Self {
            seed,
            steps,
            suite: suites[(seed / 5 % 3) as usize],
            unkind: kinds[(seed % 5) as usize],
            crash_per_mille: [0, 4, 12][(seed / 15 % 3) as usize],
            tabs: !seed.is_multiple_of(4),
            rolls_back: seed % 7 < 2,
        }
    }
}

impl Counts {
    /// Adds another story's.
    pub fn add(&mut self, other: &Self) {
        self.steps += other.steps;
        self.messages += other.messages;
        self.commits += other.commits;
        self.calls += other.calls;
        let (mine, theirs) = (&mut self.faults, &other.faults);
        mine.duplicated += theirs.duplicated;
        mine.reordered += theirs.reordered;
        mine.overtaken += theirs.overtaken;
        mine.dropped += theirs.dropped;
        mine.disconnects += theirs.disconnects;
        mine.rulings += theirs.rulings;
        mine.crashes_idle += theirs.crashes_idle;
        mine.crashes_before_commit += theirs.crashes_before_commit;
        mine.crashes_after_commit += theirs.crashes_after_commit;
        mine.reloads += theirs.reloads;
        mine.second_tabs += theirs.second_tabs;
        mine.taken_back += theirs.taken_back;
        mine.rolled_back += theirs.rolled_back;
        mine.resyncs += theirs.resyncs;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults = &self.faults;
        write!(
            f,
            "{} steps, {} messages, {} commits, {} calls; {} duplicated, {} reordered, {} overtaken, {} dropped, \
             {} disconnects, crashes {} idle / {} before commit / {} after commit; {} reloads, {} second tabs, {} taken back, \
             {} rolled back, {} resyncs; {} rulings",
            self.steps,
            self.messages,
            self.commits,
            self.calls,
            faults.duplicated,
            faults.reordered,
            faults.overtaken,
            faults.dropped,
            faults.disconnects,
            faults.crashes_idle,
            faults.crashes_before_commit,
            faults.crashes_after_commit,
            faults.reloads,
            faults.second_tabs,
            faults.taken_back,
            faults.rolled_back,
            faults.resyncs,
            faults.rulings
        )
    }
}
