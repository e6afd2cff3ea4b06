//! Help calls and their pages under `kill -9`: persons raise, professionals are woken by what comes to their devices, take
//! the call, write, hand over and give back, while the relay is killed every 50 to 600 ms and push service, mail server
//! and gateway fail, hang and hang up.
//!
//! ```text
//! plan      how long, which seed
//! sinks     where pages go, in a bad mood
//! people    professionals and their desks, persons and their calls
//! seen      what one client has shown of calls, and does about them by itself
//! load      the calls and the kills
//! trail     pure: what the relay's runs have committed, and why each page ended
//! verdict   pure: trail, sinks and screens in, violations out
//! report    the table
//! ```
//!
//! Lost is a call that was shown as stored and is neither helped nor called for, and a page that was committed, never came
//! to its sink, and was wanted when it ended.

mod load;
mod people;
mod plan;
mod report;
mod seen;
mod sinks;
mod trail;
mod verdict;

pub use plan::{Minimum, Plan};
pub use report::Report;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use load::Door;
use people::{Caller, Duty, staff};
use report::Figures;
use sinks::Sinks;
use trail::Book;
use verdict::Case;

use super::victim::Victim;
use crate::organisation::{Organisation, now};

// How long everything may take to settle once nobody is killed any more.
const SETTLE: Duration = Duration::from_secs(60);
// A call may still wait in the end, as long as people are called for it; so long they have to take the last ones.
const LAST_HELP: Duration = Duration::from_secs(12);
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Sets up, kills for as long as planned, lets everything settle, and judges.
pub async fn run(plan: &Plan) -> Report {
    let begun = Instant::now();
    // Devices answer the relay by a library that asks for one.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let sinks = Sinks::start().await;
    let organisation = Organisation::new(now());
    let (responders, with_push) = staff(&organisation);
    let roster = organisation.roster_file(&responders.iter().map(|it| it.staff()).collect::<Vec<_>>(), &[]);
    let mut victim = Victim::start(&plan.relay, &roster, |folder| sinks.arguments(folder)).await;
    let door = Door { root: organisation.root(), relay: victim.address(), suite: plan.suite };
    let duty = Duty::begin(responders, &with_push, &sinks, door.relay, plan.suite, plan.seed).await;
    let callers = Mutex::new(Vec::new());
    let set_up = begun.elapsed();

    sinks.turn_moody(plan.seed);
    victim.plant(plan.planted);
    let plays = async {
        let load = load::play(plan, door, &duty, &callers, &mut victim).await;
        sinks.turn_kind();
        duty.all_come();
        let callers = std::mem::take(&mut *callers.lock().expect("nobody panics with it"));
        let begun = Instant::now();
        loop {
            let (violations, figures) = judged(&victim, &sinks, &duty, &callers);
            let is_over = figures.all_are_helped() || begun.elapsed() >= LAST_HELP;
            if violations.is_empty() && is_over || begun.elapsed() >= SETTLE {
                break (load, (violations, figures), begun.elapsed());
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let (load, (violations, figures), settled) = tokio::select! {
        played = plays => played,
        () = duty.is_woken(&sinks) => unreachable!("they are called for as long as it is played"),
    };
    Report { set_up, settled, load, figures, violations, complaints: victim.complaints() }
}

fn judged(
    victim: &Victim,
    sinks: &Sinks,
    duty: &Duty,
    callers: &[Caller],
) -> (Vec<verdict::Violation>, Figures) {
    // The sinks first: what has come must have left before.
    let landed = sinks.landed();
    let book = Book::read(&victim.trails());
    let case = Case { book: &book, landed: &landed, callers, responders: duty.responders() };
    (case.judge(), Figures::of(&case))
}
