//! The real relay as a process, killed at random moments under load, and everybody's screen judged afterwards.
//!
//! ```text
//! plan      how much, how long, which seed
//! calls     the same for help calls and their pages: `--calls`
//! victim    the relay's process: killed, started again on the same folder and port
//! cast      set-up: openers, doors, professionals, persons in their rooms
//! player    what one client does by itself (is let in, lets in, answers calls); fills its journal
//! journal   what one client has shown, in the order of the log
//! director  the load and the kills
//! verdict   pure: journals in, violations out
//! report    the table
//! ```
//!
//! "Acknowledged" means that a screen showed it as sent or stored: from then on it must never be lost, by nobody
//! who was there.

pub mod calls;
mod cast;
mod director;
mod journal;
mod plan;
mod player;
mod report;
mod verdict;
mod victim;

pub use plan::{Minimum, Plan};
pub use report::Report;

use std::time::{Duration, Instant};

use cast::Cast;
use lotgenoot::faults::ACK_BEFORE_COMMIT;

// How long everything may take to settle once nobody is killed any more.
const SETTLE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Sets up, kills for as long as planned, lets everything settle, and judges.
pub async fn run(plan: &Plan) -> Report {
    let begun = Instant::now();
    let (cast, mut victim) = Cast::enter(plan).await;
    let set_up = begun.elapsed();
    let before = cast.tally();

    victim.plant(plan.planted.then_some(ACK_BEFORE_COMMIT));
    let load = director::play(plan, &cast, &before, &mut victim).await;
    let in_time = cast.tally();

    let begun = Instant::now();
    let violations = loop {
        let violations = cast.judge();
        if violations.is_empty() || begun.elapsed() >= SETTLE {
            break violations;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    };
    let settled = begun.elapsed();
    let complaints = victim.complaints();
    Report { set_up, settled, before, in_time, after: cast.tally(), load, violations, complaints }
}
