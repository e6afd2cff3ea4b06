//! One story: a cast, a schedule drawn from a seed, and the check at the end.

use std::collections::BTreeMap;
use std::sync::Arc;

use lotgenoot_client::messages::{CallState, Command, Connection, Delivery, Intake, Kind, RoomId};
use lotgenoot_client::{Identity, Member, Options as ClientOptions};
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::role::Role;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::invariants::Invariants;
use super::network::{Faults, Link, Unkind};
use super::relay::{Crash, SimRelay};
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

struct Client {
    member: Member,
    role: Option<Role>,
    nickname: &'static str,
    link: Link,
    screen: Screen,
    raised: bool,
    opened: bool,
    // What was said, and who could read it then.
    said: Vec<Said>,
    // How often each room was come into: who left and came back is not asked for what was said between.
    visits: BTreeMap<RoomId, u32>,
}

struct Said {
    room: RoomId,
    text: String,
    // Which visit of hers it was said in.
    visit: u32,
    readers: Vec<(usize, u32)>,
}

struct Story {
    options: Options,
    rng: StdRng,
    now: Timestamp,
    relay: Option<SimRelay>,
    clients: Vec<Client>,
    invariants: Invariants,
    faults: Faults,
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
        let mut client = |identity: Identity, role, nickname| {
            let ids = Some(rng.random());
            let options = ClientOptions { host: HOST.to_owned(), suite: options.suite, ids };
            clients.push(Client {
                member: Member::new(identity, options, start),
                role,
                nickname,
                link: Link::default(),
                screen: Screen::default(),
                raised: false,
                opened: false,
                said: Vec::new(),
                visits: BTreeMap::new(),
            });
        };
        for person in &staff {
            client(person.identity(), Some(person.role), "");
        }
        for nickname in NICKNAMES {
            client(
                Identity::person(organisation.root(), person_seed(options.seed, nickname)),
                None,
                nickname,
            );
        }
        Self {
            options,
            rng,
            now: start,
            relay: Some(relay),
            clients,
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
            812..850 => {
                let ms = self.rng.random_range(1..4_000);
                self.pass(ms);
            }
            _ => self.act(at),
        }
        self.settle();
    }

    // Frames go out, screens take in what happened, and what is on disk is looked at.
    fn settle(&mut self) {
        let relay = self.relay.as_mut().expect("it runs");
        for batch in relay.committed.drain(..) {
            self.invariants.committed(&batch);
        }
        let unkind = self.options.unkind;
        for (socket, client) in self.clients.iter_mut().enumerate() {
            if client.link.open {
                for frame in relay.take_output(socket) {
                    self.invariants.shown(&frame);
                    client.link.send_down(frame, unkind, &mut self.rng, &mut self.faults);
                }
                while let Some(frame) = client.member.poll_transmit() {
                    client.link.send_up(frame, unkind, &mut self.rng, &mut self.faults);
                }
            }
            while let Some(event) = client.member.poll_event() {
                let rooms = client.screen.rooms.len();
                let room = match &event {
                    lotgenoot_client::messages::Event::Room(room) => Some(room.room.clone()),
                    _ => None,
                };
                client.screen.take(event);
                if let Some(room) = room.filter(|_| client.screen.rooms.len() > rooms) {
                    *client.visits.entry(room).or_default() += 1;
                }
            }
            assert!(client.screen.alarms.is_empty(), "an honest client raised an alarm");
            if client.member.wants_to_hang_up() {
                client.link.cut();
                relay.disconnect(socket, self.now);
                client.member.disconnected(self.now);
            }
        }
    }

    fn deliver_up(&mut self, at: usize) {
        let Some(frame) = self.clients[at].link.up.pop_front() else { return };
        let dies = self.rng.random_range(0..1000) < self.options.crash_per_mille;
        let crash = match (dies, self.rng.random_bool(0.5)) {
            (false, _) => Crash::No,
            (true, true) => Crash::BeforeCommit,
            (true, false) => Crash::AfterCommit,
        };
        let relay = self.relay.as_mut().expect("it runs");
        if relay.handle(at, &frame, crash, self.now).is_err() {
            match crash {
                Crash::BeforeCommit => self.faults.crashes_before_commit += 1,
                Crash::AfterCommit => self.faults.crashes_after_commit += 1,
                Crash::No => unreachable!("it dies only when told"),
            }
            self.restart();
        }
    }

    fn deliver_down(&mut self, at: usize) {
        let client = &mut self.clients[at];
        let Some(frame) = client.link.down.pop_front() else { return };
        client.member.handle_frame(&frame, self.now).expect("the relay speaks the protocol");
    }

    fn connect(&mut self, at: usize) {
        if self.clients[at].link.open {
            return;
        }
        self.clients[at].link.open = true;
        self.relay.as_mut().expect("it runs").connect(at, self.rng.random());
        self.clients[at].member.connected(self.now);
    }

    fn disconnect(&mut self, at: usize) {
        if !self.clients[at].link.open {
            return;
        }
        self.faults.disconnects += 1;
        self.clients[at].link.cut();
        self.relay.as_mut().expect("it runs").disconnect(at, self.now);
        self.clients[at].member.disconnected(self.now);
    }

    fn crash_idle(&mut self) {
        self.faults.crashes_idle += 1;
        self.restart();
    }

    fn restart(&mut self) {
        let relay = self.relay.take().expect("it runs");
        self.relay = Some(relay.restart(self.now));
        for client in &mut self.clients {
            if client.link.open {
                client.link.cut();
                client.member.disconnected(self.now);
            }
        }
    }

    fn pass(&mut self, ms: u64) {
        self.now = self.now.plus_ms(ms);
        self.relay.as_mut().expect("it runs").handle_timeout(self.now);
        for client in &mut self.clients {
            client.member.handle_timeout(self.now);
        }
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
                self.command(at, Command::OpenPeerRoom);
            }
            Some(Role::Host) if dice < 25 && !lines.is_empty() && !peers.is_empty() => {
                let line = lines.choose(&mut self.rng).cloned().expect("there is one");
                let room = peers.choose(&mut self.rng).cloned().expect("there is one");
                self.command(at, Command::Admit { line, room });
            }
            Some(Role::Host) if dice < 40 && !peers.is_empty() => self.remove_somebody(at, &peers),
            Some(Role::Professional) if dice < 50 => {
                let wanted = client
                    .screen
                    .calls
                    .values()
                    .find(|call| matches!(call.state, CallState::WantsYou { key_on_its_way: false }));
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
                let active =
                    |call: &&lotgenoot_client::messages::CallView| matches!(call.state, CallState::Active(_));
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

    fn say(&mut self, at: usize, room: RoomId) {
        self.number += 1;
        let text = format!("bericht {}", self.number);
        let readers = self
            .clients
            .iter()
            .enumerate()
            .filter(|(other, client)| *other != at && client.screen.rooms.contains_key(&room))
            .map(|(other, client)| (other, client.visits.get(&room).copied().unwrap_or_default()))
            .collect();
        let visit = self.clients[at].visits.get(&room).copied().unwrap_or_default();
        self.clients[at].said.push(Said { room: room.clone(), text: text.clone(), visit, readers });
        self.command(at, Command::Say { room, text });
    }

    fn command(&mut self, at: usize, command: Command) {
        self.clients[at].member.command(command, self.now);
    }

    // Everybody comes online, the network is kind, time passes: all must agree.
    fn end(&mut self) {
        self.options.unkind = Unkind::default();
        self.options.crash_per_mille = 0;
        // What is still on the way may be a frame in the wrong place: every socket begins anew once.
        for at in 0..self.clients.len() {
            self.disconnect(at);
        }
        for _ in 0..90 {
            for at in 0..self.clients.len() {
                self.connect(at);
            }
            self.settle();
            while self.clients.iter().any(|client| !client.link.up.is_empty() || !client.link.down.is_empty())
            {
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
            // Who was taken out of a room while something was on its way is told that it is not sent; nobody else is.
            let stayed = client.screen.rooms.contains_key(&said.room)
                && client.visits.get(&said.room) == Some(&said.visit);
            assert!(
                !stayed || message.state != Delivery::NotSent,
                "client {at}: “{}” was refused",
                said.text
            );
            if message.state != Delivery::Sent {
                continue;
            }
            for (reader, visit) in &said.readers {
                let other = &self.clients[*reader];
                let stayed = other.screen.rooms.contains_key(&said.room)
                    && other.visits.get(&said.room) == Some(visit);
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
                    let order = |client: &Client, with: &Client| -> Vec<String> {
                        let said = client.screen.said.get(id).cloned().unwrap_or_default();
                        let sent = said.into_iter().filter(|it| it.state == Delivery::Sent && !it.from.you);
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
        mine.dropped += theirs.dropped;
        mine.disconnects += theirs.disconnects;
        mine.crashes_idle += theirs.crashes_idle;
        mine.crashes_before_commit += theirs.crashes_before_commit;
        mine.crashes_after_commit += theirs.crashes_after_commit;
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let faults = &self.faults;
        write!(
            f,
            "{} steps, {} messages, {} commits, {} calls; {} duplicated, {} reordered, {} dropped, {} disconnects, \
             crashes {} idle / {} before commit / {} after commit",
            self.steps,
            self.messages,
            self.commits,
            self.calls,
            faults.duplicated,
            faults.reordered,
            faults.dropped,
            faults.disconnects,
            faults.crashes_idle,
            faults.crashes_before_commit,
            faults.crashes_after_commit
        )
    }
}
