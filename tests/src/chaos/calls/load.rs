//! The load and the kills, by a seeded schedule.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lotgenoot_client::messages::{CallState, Command};
use lotgenoot_protocol::RootKey;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use super::people::{Caller, Duty};
use super::plan::Plan;
use super::seen::Seen;
use crate::chaos::victim::Victim;

// How long the relay lives before it is killed again.
const LIVES_MS: std::ops::Range<u64> = 50..600;
const TICK: Duration = Duration::from_millis(20);
const CALLS_PER_SECOND: f64 = 3.0;
// While so many wait for somebody's first words nobody else raises a call: a machine is only so fast.
const WAITING_MAX: usize = 24;
const CLOSINGS_PER_SECOND: f64 = 1.5;
const DESKS_CLOSE_PER_SECOND: f64 = 0.5;

/// What was done to the relay.
#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    pub(super) length: Duration,
    pub(super) kills: usize,
    pub(super) kills_while_writing: usize,
    pub(super) longest_down: Duration,
}

/// Whom persons reach, and how.
#[derive(Clone, Copy)]
pub(super) struct Door {
    pub(super) root: RootKey,
    pub(super) relay: SocketAddr,
    pub(super) suite: u16,
}

/// Loads and kills for as long as planned.
pub(super) async fn play(
    plan: &Plan,
    door: Door,
    duty: &Duty,
    callers: &Mutex<Vec<Caller>>,
    victim: &mut Victim,
) -> Load {
    let begun = Instant::now();
    let over = AtomicBool::new(false);
    let ends = async {
        tokio::time::sleep(plan.length).await;
        over.store(true, Ordering::Relaxed);
    };
    let (load, (), ()) =
        tokio::join!(kill(plan.seed, victim, &over), direct(plan.seed, door, duty, callers, &over), ends);
    Load { length: begun.elapsed(), ..load }
}

// Every third kill waits for the next write transaction.
async fn kill(seed: u64, victim: &mut Victim, over: &AtomicBool) -> Load {
    let mut rng = StdRng::seed_from_u64(!seed);
    let mut load = Load::default();
    loop {
        tokio::time::sleep(Duration::from_millis(rng.random_range(LIVES_MS))).await;
        if over.load(Ordering::Relaxed) {
            return load;
        }
        let hit = victim.kill(load.kills % 3 == 2).await;
        load.kills += 1;
        load.kills_while_writing += usize::from(hit.while_writing);
        load.longest_down = load.longest_down.max(hit.down);
    }
}

async fn direct(seed: u64, door: Door, duty: &Duty, callers: &Mutex<Vec<Caller>>, over: &AtomicBool) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut last = Instant::now();
    let mut due = [1.0, 0.0, 0.0];
    while !over.load(Ordering::Relaxed) {
        tokio::time::sleep(TICK).await;
        let passed = last.elapsed().as_secs_f64();
        last = Instant::now();
        let rates = [CALLS_PER_SECOND, CLOSINGS_PER_SECOND, DESKS_CLOSE_PER_SECOND];
        due.iter_mut().zip(rates).for_each(|(due, rate)| *due = (*due + rate * passed).min(2.0));
        let mut callers = callers.lock().expect("nobody panics with it");
        if due[0] >= 1.0 && callers.iter().filter(|it| it.sees(waits)).count() < WAITING_MAX {
            due[0] -= 1.0;
            let number = callers.len();
            callers.push(Caller::raises(number, door.root, door.relay, door.suite));
        }
        if due[1] >= 1.0 {
            due[1] -= 1.0;
            close_one(&callers, &mut rng);
        }
        if due[2] >= 1.0 {
            due[2] -= 1.0;
            duty.some_close();
        }
    }
}

fn waits(seen: &Seen) -> bool {
    seen.own().is_none_or(|call| !matches!(call.view.state, CallState::Active(_) | CallState::Closed))
}

fn close_one(callers: &[Caller], rng: &mut StdRng) {
    let is_active = |it: &&Caller| {
        it.sees(|seen| seen.own().is_some_and(|call| matches!(call.view.state, CallState::Active(_))))
    };
    let active: Vec<&Caller> = callers.iter().filter(is_active).collect();
    if let Some(caller) = active.choose(rng)
        && let Some(call) = caller.sees(|seen| seen.own().map(|call| call.view.call.clone()))
    {
        caller.player.act(Command::CloseCall { call });
    }
}
