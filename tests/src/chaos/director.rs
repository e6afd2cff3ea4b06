//! The load and the kills, by a seeded schedule.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lotgenoot_client::messages::{CallState, Command, Intake, Role};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::cast::{Cast, HOSTS, Tally};
use super::plan::Plan;
use super::player::Player;
use super::victim::Victim;
use crate::organisation::SERVICE;

const TICK: Duration = Duration::from_millis(5);
// How much longer than planned it may take until enough has happened, and how often that is looked at.
const PATIENCE: u32 = 3;
const LOOK_EVERY: Duration = Duration::from_millis(250);
// Words a member says in a second.
const WORDS_PER_SECOND: f64 = 1.4;
// Whoever still waits for this many of her messages says nothing more for now.
const ON_THE_WAY_MAX: usize = 4;
// Persons who go, or are removed, and come back, in a second and room.
const TURNS_PER_SECOND: f64 = 0.25;
// More of them outside than this is not a load on the rooms any more, but a queue at the door.
const OUTSIDE_MAX: usize = 20;
const CALLS_PER_SECOND: f64 = 1.2;
// Of those who are helped, how many close their call, in a second.
const CLOSINGS_PER_SECOND: f64 = 0.4;

/// What was done to the relay.
#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    /// How long it took.
    pub(super) length: Duration,
    pub(super) kills: usize,
    pub(super) kills_while_writing: usize,
    /// All the time it was down.
    pub(super) down: Duration,
    pub(super) longest_down: Duration,
}

/// Loads and kills for as long as planned, and longer on a machine that has other things to do: until enough has
/// happened for the run to prove something, but not more than [`PATIENCE`] times as long.
pub(super) async fn play(plan: &Plan, cast: &Cast, before: &Tally, victim: &mut Victim) -> Load {
    let begun = Instant::now();
    let over = AtomicBool::new(false);
    let mut director = Director {
        cast,
        rng: StdRng::seed_from_u64(plan.seed),
        words: 0,
        calls: Vec::new(),
        going: BTreeSet::new(),
    };
    let enough = async {
        tokio::time::sleep(plan.length).await;
        while begun.elapsed() < plan.length * PATIENCE && !cast.tally().is_enough(before, &plan.minimum()) {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        over.store(true, Ordering::Relaxed);
    };
    let (load, (), ()) = tokio::join!(kill(plan, victim, &over), director.direct(&over), enough);
    Load { length: begun.elapsed(), ..load }
}

// One kill in each equal part of the time, at a random moment of it: as many as planned, and never in step. Every
// third one waits for the next write transaction.
async fn kill(plan: &Plan, victim: &mut Victim, over: &AtomicBool) -> Load {
    let mut rng = StdRng::seed_from_u64(!plan.seed);
    let mut load = Load::default();
    let part = Duration::from_secs_f64(1.0 / plan.kills_per_second);
    let mut part_begins = Instant::now();
    loop {
        let moment = part_begins + part.mul_f64(rng.random());
        tokio::time::sleep_until(moment.into()).await;
        if over.load(Ordering::Relaxed) {
            return load;
        }
        let hit = victim.kill(load.kills % 3 == 2).await;
        load.kills += 1;
        load.kills_while_writing += usize::from(hit.while_writing);
        load.down += hit.down;
        load.longest_down = load.longest_down.max(hit.down);
        part_begins += part;
    }
}

struct Director<'a> {
    cast: &'a Cast,
    rng: StdRng,
    words: usize,
    // Persons who have raised a call.
    calls: Vec<usize>,
    // Persons who were told to go, or are being removed, and are still there: while the relay is slow they add up.
    going: BTreeSet<usize>,
}

impl Director<'_> {
    async fn direct(&mut self, over: &AtomicBool) {
        let mut last = Instant::now();
        let members = self.cast.persons.len() + self.cast.rooms.len() * HOSTS;
        let mut due = [0.0; 4];
        while !over.load(Ordering::Relaxed) {
            tokio::time::sleep(TICK).await;
            let now = Instant::now();
            let passed = (now - last).as_secs_f64();
            last = now;
            let rates = [
                WORDS_PER_SECOND * members as f64,
                TURNS_PER_SECOND * self.cast.rooms.len() as f64,
                CALLS_PER_SECOND,
                CLOSINGS_PER_SECOND,
            ];
            for (due, rate) in due.iter_mut().zip(rates) {
                *due += rate * passed;
            }
            for (at, act) in [Self::say, Self::turn, Self::call, Self::close].into_iter().enumerate() {
                while due[at] >= 1.0 {
                    due[at] -= 1.0;
                    act(self);
                }
            }
        }
    }

    // Somebody says something where she is.
    fn say(&mut self) {
        let room = self.rng.random_range(0..self.cast.rooms.len());
        let speaker = match self.rng.random_range(0..10) {
            0 => &self.cast.openers[room],
            1 => self.cast.doors.choose(&mut self.rng).expect("there are doors"),
            _ => match self.persons_of(room).choose(&mut self.rng) {
                Some(at) => &self.cast.persons[*at],
                None => return,
            },
        };
        let room = &self.cast.rooms[room];
        let journal = speaker.journal();
        if journal.current(room).is_some() && journal.on_the_way() < ON_THE_WAY_MAX {
            drop(journal);
            self.words += 1;
            let text = format!("woord {} van {}", self.words, speaker.name);
            speaker.act(Command::Say { room: room.clone(), text });
        }
    }

    // Somebody goes, or is removed. She comes back by herself.
    fn turn(&mut self) {
        let outside = self.cast.outside();
        self.going.retain(|at| !outside.contains(at));
        if outside.len() + self.going.len() >= OUTSIDE_MAX {
            return;
        }
        let at = self.rng.random_range(0..self.cast.persons.len());
        let (person, room) = (&self.cast.persons[at], &self.cast.guests[at].room);
        let Some(you) = person.journal().current(room).and_then(|stay| stay.you().cloned()) else { return };
        if !self.going.insert(at) {
            return;
        }
        if self.rng.random() {
            person.act(Command::Leave { room: room.clone() });
        } else if let Some(opener) = self.opener_of(room) {
            opener.act(Command::Remove { room: room.clone(), member: you });
        }
    }

    fn call(&mut self) {
        let at = self.rng.random_range(0..self.cast.persons.len());
        if self.calls.contains(&at) {
            return;
        }
        self.calls.push(at);
        let person = &self.cast.persons[at];
        let wants = format!("oproep van {}", person.name);
        let intake = Intake { nickname: person.name.clone(), wants, ..Intake::default() };
        person.act(Command::Raise { service: SERVICE.to_owned(), intake: Box::new(intake) });
    }

    fn close(&mut self) {
        let Some(at) = self.calls.choose(&mut self.rng) else { return };
        let person = &self.cast.persons[*at];
        let helped = person
            .journal()
            .calls
            .values()
            .find(|call| {
                call.own && matches!(&call.state, CallState::Active(lead) if lead.role == Role::Professional)
            })
            .map(|call| call.call.clone());
        if let Some(call) = helped {
            person.act(Command::CloseCall { call });
        }
    }

    fn persons_of(&self, room: usize) -> Vec<usize> {
        // As they were let in: by turns.
        (room..self.cast.persons.len()).step_by(self.cast.rooms.len()).collect()
    }

    fn opener_of(&self, room: &str) -> Option<&Player> {
        let at = self.cast.rooms.iter().position(|other| other == room)?;
        self.cast.openers.get(at)
    }
}
