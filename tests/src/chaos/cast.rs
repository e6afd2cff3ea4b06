//! Set-up: who is there. Every room has an opener, two hosts at the door, and persons who came in by lines.
//!
//! Only the two at the door are on shift, so every line goes to them and both are asked into every room. They let
//! people in by turns: a leaf may make six commits at once.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, Command, Connection, Delivery, Failure, Kind, RoomId};
use lotgenoot_protocol::RootKey;
use lotgenoot_protocol::role::Role;

use super::journal::short;
use super::plan::{Minimum, Plan};
use super::player::{Guest, Part, Player};
use super::verdict::{self, Violation};
use super::victim::Victim;
use crate::organisation::{Organisation, SERVICE, now};
use crate::robot::Robot;

/// Hosts in every room: its opener and the two at the door.
pub(super) const HOSTS: usize = 3;
const DOORS: usize = 2;
const PROFESSIONALS: usize = 3;
// The doors may be attached to 64 rooms at once; lines are short, and the rooms stay.
const LINES_AT_ONCE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Everybody.
pub(super) struct Cast {
    pub(super) openers: Vec<Player>,
    pub(super) doors: Vec<Player>,
    pub(super) persons: Vec<Player>,
    pub(super) guests: Vec<Guest>,
    pub(super) professionals: Vec<Player>,
    /// The peer room of each opener.
    pub(super) rooms: Vec<RoomId>,
}

/// What has happened so far, in numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Own messages shown as sent.
    pub(super) acknowledged: usize,
    /// Own messages refused.
    pub(super) refused: usize,
    /// Messages shown, own and others'.
    pub(super) shown: usize,
    /// Calls shown as stored.
    pub(super) calls: usize,
    /// Calls with the lead's words on the person's screen.
    pub(super) calls_active: usize,
    pub(super) calls_closed: usize,
    /// Commits merged in peer rooms.
    pub(super) commits: usize,
    /// Stays in peer rooms that began.
    pub(super) stays: usize,
    pub(super) failures: BTreeMap<String, usize>,
}

impl Tally {
    /// Whether enough has happened since `before`, as far as the screens tell.
    pub(super) fn is_enough(&self, before: &Self, minimum: &Minimum) -> bool {
        self.acknowledged - before.acknowledged >= minimum.messages
            && self.calls - before.calls >= minimum.calls
            && self.commits - before.commits >= minimum.commits
    }
}

impl Cast {
    /// Starts the relay and lets everybody in.
    pub(super) async fn enter(plan: &Plan) -> (Self, Victim) {
        let organisation = Organisation::new(now());
        let certify = |name: &str, role, count| -> Vec<_> {
            (0..count).map(|at| organisation.certify(&format!("{name} {at}"), role)).collect()
        };
        let doors = certify("deur", Role::Host, DOORS);
        let professionals = certify("piket", Role::Professional, PROFESSIONALS);
        let openers = certify("gastvrouw", Role::Host, plan.rooms);
        let on_shift: Vec<_> = doors.iter().chain(&professionals).collect();
        let victim =
            Victim::start(&plan.relay, &organisation.roster_file(&on_shift, &[]), |_| Vec::new()).await;

        let extras = Extras { root: organisation.root(), relay: victim.address(), suite: plan.suite };
        let mut cast = Self {
            openers: Vec::new(),
            doors: Vec::new(),
            persons: Vec::new(),
            guests: Vec::new(),
            professionals: Vec::new(),
            rooms: Vec::new(),
        };
        for (at, staff) in doors.iter().enumerate() {
            cast.doors.push(extras.player(&staff.alias, staff.identity(), Part::Door { at }));
        }
        for staff in &professionals {
            cast.professionals.push(extras.player(&staff.alias, staff.identity(), Part::Professional));
        }
        let services = || {
            cast.doors.iter().all(|door| {
                let journal = door.journal();
                journal.hosts && journal.services.iter().any(|service| service == SERVICE)
            })
        };
        until("doors and professionals are on duty", services).await;
        for staff in &openers {
            cast.openers.push(extras.player(&staff.alias, staff.identity(), Part::Opener));
        }
        cast.open_rooms().await;
        cast.let_everybody_in(plan, &extras).await;
        (cast, victim)
    }

    async fn open_rooms(&mut self) {
        let online = |player: &Player| player.journal().connection == Some(Connection::Online);
        until("openers are signed in", || self.openers.iter().all(online)).await;
        for opener in &self.openers {
            opener.act(Command::OpenPeerRoom { at_once: true });
        }
        let peer_rooms = |player: &Player| {
            let journal = player.journal();
            journal.stays.iter().filter(|stay| stay.kind() == Some(Kind::Peer)).count()
        };
        let rooms = self.openers.len();
        until("the doors are in all rooms", || {
            self.openers.iter().all(|opener| peer_rooms(opener) == 1)
                && self.doors.iter().all(|door| peer_rooms(door) == rooms)
        })
        .await;
        let room_of = |opener: &Player| opener.journal().stays[0].room.clone();
        self.rooms = self.openers.iter().map(room_of).collect();
    }

    async fn let_everybody_in(&mut self, plan: &Plan, extras: &Extras) {
        let guests = plan.members.saturating_sub(HOSTS) * plan.rooms;
        for number in 0..guests {
            let guest = Guest {
                name: format!("persoon {number}"),
                room: self.rooms[number % plan.rooms].clone(),
                door: (number / plan.rooms) % DOORS,
            };
            until("a line is free", || self.lines() < LINES_AT_ONCE).await;
            let identity = Identity::person(extras.root, rand::random());
            let name = guest.name.clone();
            let person = extras.player(&name, identity, Part::Person(guest.clone()));
            until("a host can be reached", || person.journal().hosts).await;
            person.act(Command::OpenLine { nickname: name });
            self.persons.push(person);
            self.guests.push(guest);
        }
        until("everybody is in", || self.outside().is_empty() && self.lines() == 0).await;
    }

    /// Persons who are not in their room.
    pub(super) fn outside(&self) -> Vec<usize> {
        let is_out = |at: &usize| self.persons[*at].journal().current(&self.guests[*at].room).is_none();
        (0..self.persons.len()).filter(is_out).collect()
    }

    /// Lines somebody at the door is still in, or that are being opened.
    fn lines(&self) -> usize {
        let open = |player: &Player| {
            let journal = player.journal();
            let lines = journal.stays.iter().filter(|stay| stay.kind() == Some(Kind::Line));
            lines.filter(|stay| stay.ended.is_none()).count()
        };
        let at_the_door = self.doors.iter().map(open).max().unwrap_or(0);
        at_the_door.max(self.outside().len())
    }

    /// Everybody.
    pub(super) fn players(&self) -> impl Iterator<Item = &Player> {
        self.openers.iter().chain(&self.doors).chain(&self.persons).chain(&self.professionals)
    }

    /// What has happened so far, in numbers.
    pub(super) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for player in self.players() {
            let journal = player.journal();
            tally.acknowledged += journal.acknowledged().count();
            tally.refused += journal.own.values().filter(|own| own.state == Delivery::NotSent).count();
            tally.shown += journal.stays.iter().map(|stay| stay.told.len()).sum::<usize>();
            tally.calls += journal.stored.len();
            for call in journal.calls.values().filter(|call| call.own) {
                tally.calls_active += usize::from(matches!(call.state, CallState::Active(_)));
                tally.calls_closed += usize::from(call.state == CallState::Closed);
            }
            tally.stays += journal.stays.iter().filter(|stay| stay.kind() == Some(Kind::Peer)).count();
            for failure in &journal.failures {
                *tally.failures.entry(name_of(failure).to_owned()).or_default() += 1;
            }
        }
        for (opener, room) in self.openers.iter().zip(&self.rooms) {
            let journal = opener.journal();
            tally.commits += journal.current(room).map_or(0, |stay| stay.epochs.saturating_sub(1));
        }
        tally
    }

    // What everybody has shown of the line she opened last.
    fn how_far(&self, person: &Player) -> String {
        let journal = person.journal();
        let mut lines = journal.stays.iter().filter(|stay| stay.kind() == Some(Kind::Line));
        let Some(line) = lines.next_back().map(|stay| stay.room.clone()) else { return "no line".to_owned() };
        let failures = journal.failures.clone();
        drop(journal);
        let mut got = format!("line {}, told {failures:?}", short(&line));
        for player in self.doors.iter().chain([person]) {
            let journal = player.journal();
            for stay in journal.stays.iter().filter(|stay| stay.room == line) {
                let members = stay.view.as_ref().map_or(0, |view| view.members.len());
                let caught_up = stay.view.as_ref().is_some_and(|view| view.caught_up);
                got += &format!(
                    "; {}: {members} members, caught up {caught_up}, {} lines, ended {:?}",
                    player.name,
                    stay.told.len(),
                    stay.ended
                );
            }
        }
        got
    }

    /// What is not as it must be, if nothing else happens any more.
    pub(super) fn judge(&self) -> Vec<Violation> {
        let journals: Vec<_> =
            self.players().map(|player| (player.name.as_str(), player.journal())).collect();
        let mut violations = verdict::judge(journals.iter().map(|(name, journal)| (*name, &**journal)));
        drop(journals);
        let outside = self.outside().into_iter().map(|at| &self.persons[at]);
        violations.extend(
            outside.map(|person| Violation::NotLetIn { who: person.name.clone(), got: self.how_far(person) }),
        );
        violations
    }
}

struct Extras {
    root: RootKey,
    relay: SocketAddr,
    suite: u16,
}

impl Extras {
    fn player(&self, name: &str, identity: Identity, part: Part) -> Player {
        Player::cast(name.to_owned(), Robot::with_suite(identity, self.relay, self.suite), part)
    }
}

fn name_of(failure: &Failure) -> &'static str {
    match failure {
        Failure::NoHosts => "no hosts",
        Failure::Admit => "not admitted",
        Failure::OpenRoom => "room not opened",
        Failure::NotAttended => "session not opened",
        Failure::AlreadyTaken => "call taken by a colleague",
        Failure::CallGone => "call gone",
        Failure::NotKept => "not in the vault",
        Failure::Damaged => "vault damaged",
        Failure::Plan => "session not planned",
        Failure::NoStage => "no stage",
        Failure::Letter => "letter not sent",
        Failure::Office => "office not changed",
        Failure::Channel => "no way to be called",
        Failure::AgreementsFull => "no more agreements",
        Failure::AgreementLong => "agreement too long",
        Failure::AgreementEmpty => "agreement of nothing",
        Failure::Outcome => "no such outcome",
        Failure::Other => "other",
    }
}

/// Looks again and again until it is so.
///
/// # Panics
/// If it is not so in two minutes.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "in vain: {what}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
