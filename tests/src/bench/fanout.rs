//! Workload A: one of each room talks and all others listen. The relay and the ruler in turn, in the same minutes.
//!
//! In a closed loop (W) so many messages of each room are on their way; in an open one (rate) they are sent by the clock.
//! Every ratio is the relay's figure over the ruler's, round by round, and of these the median.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::sleep;

use super::load::ours::{Ours, SaidIn};
use super::load::ruled::{Ruled, Ruler};
use super::load::{Carried, Dialect, Member, Pace, Shape, machine, run};
use super::table::{Bound, Compared, Table, median};

/// More than a client does: it says what it has kept when its vault has it, some of a minute later.
pub(super) const KEEP_EVERY: Duration = Duration::from_secs(5);
// What others do with the processors beside it decides what is measured.
const OTHERS_MAX: f64 = 0.10;
// Of the machine on which the ruler took 0.15; on another one as much more than the ruler as that was.
const CPU_SECONDS: f64 = 0.20;
const CPU_RATIO: f64 = CPU_SECONDS / 0.15;

/// How much is measured.
#[derive(Clone, Debug)]
pub struct Fanout {
    /// Rounds, each with fresh processes and folders.
    pub rounds: usize,
    /// Only 20 rooms of ten in closed loops.
    pub quick: bool,
    /// How often each member says what it has kept.
    pub keep_every: Duration,
}

impl Default for Fanout {
    fn default() -> Self {
        Self { rounds: 3, quick: false, keep_every: KEEP_EVERY }
    }
}

struct Scenario {
    shape: Shape,
    paces: &'static [Pace],
}

const TWENTY: Shape = Shape { rooms: 20, members: 10 };
const QUICK: [Scenario; 1] = [Scenario { shape: TWENTY, paces: &[Pace::Window(1), Pace::Window(16)] }];
const ALL: [Scenario; 3] = [
    Scenario {
        shape: TWENTY,
        paces: &[Pace::Window(1), Pace::Window(16), Pace::Rate(200), Pace::Rate(2000)],
    },
    Scenario { shape: Shape { rooms: 100, members: 10 }, paces: &[Pace::Window(1), Pace::Window(16)] },
    Scenario { shape: Shape { rooms: 1, members: 500 }, paces: &[Pace::Window(1)] },
];

/// Measures it. `program` is this program: it starts the ruler.
///
/// # Errors
/// If a message did not arrive, or a process ended: then there is nothing to compare.
pub async fn fanout(relay: &Path, program: &Path, what: &Fanout) -> Result<Table, String> {
    let scenarios: &[Scenario] = if what.quick { &QUICK } else { &ALL };
    let cases = || scenarios.iter().flat_map(|it| it.paces.iter().map(|pace| (it.shape, *pace)));
    let mut measured: Vec<[Vec<Carried>; 2]> = cases().map(|_| Default::default()).collect();
    for round in 0..what.rounds {
        let mut case = 0;
        for Scenario { shape, paces } in scenarios {
            // Whoever comes first has the colder machine: in turn.
            let mut sides = [Side::Ours, Side::Ruler];
            if round % 2 == 1 {
                sides.reverse();
            }
            for side in sides {
                let carried = side.carries(relay, program, *shape, paces, what.keep_every).await?;
                for (at, carried) in carried.into_iter().enumerate() {
                    measured[case + at][side as usize].push(carried);
                }
            }
            case += paces.len();
        }
    }
    let mut table = Table::new("fanout", "relay", "ruler");
    let mut noisy = 0.0_f64;
    for ((shape, pace), [ours, ruler]) in cases().zip(&measured) {
        let name = name(shape, pace);
        let both = |figure: &dyn Fn(&Carried) -> f64| Compared {
            ours: ours.iter().map(figure).collect(),
            ruler: ruler.iter().map(figure).collect(),
        };
        let stored = |at: f64| both(&move |it: &Carried| it.stored.value_at_quantile(at) as f64 / 1000.0);
        match pace {
            Pace::Window(window) => {
                let rates = both(&Carried::rate);
                table.row(format!("{name} deliveries/s"), &rates, Some(Bound::AtLeast(0.8)));
                table.add_plot(name.clone(), rates);
                let cpu = Some(Bound::EitherAtMost(CPU_SECONDS, CPU_RATIO)).filter(|_| window == 16);
                table.row(format!("{name} CPU-s per 100k"), &both(&Carried::cpu_per_100k), cpu);
            }
            Pace::Rate(_) => {
                table.row(format!("{name} ack p50 ms"), &stored(0.5), Some(Bound::AtMost(1.25)));
                table.row(format!("{name} ack p99 ms"), &stored(0.99), Some(Bound::AtMost(1.25)));
                let p99 = |it: &Carried| it.delivered.value_at_quantile(0.99) as f64 / 1000.0;
                table.row(format!("{name} receive p99 ms"), &both(&p99), None);
            }
        }
        // What others had in half of the rounds is what the ratio bears.
        let others = both(&|it: &Carried| it.others);
        noisy = noisy.max(median(others.ours.into_iter().chain(others.ruler)));
        table.row(format!("{name} RSS MB"), &both(&|it: &Carried| it.server.rss as f64 / 1e6), None);
    }
    table.noisy(noisy, OTHERS_MAX);
    Ok(table)
}

fn name(Shape { rooms, members }: Shape, pace: Pace) -> String {
    match pace {
        Pace::Window(window) => format!("{rooms}x{members} W{window}"),
        Pace::Rate(rate) => format!("{rooms}x{members} {rate}/s"),
    }
}

#[derive(Clone, Copy)]
enum Side {
    Ours,
    Ruler,
}

impl Side {
    async fn carries(
        self,
        relay: &Path,
        program: &Path,
        shape: Shape,
        paces: &[Pace],
        keep_every: Duration,
    ) -> Result<Vec<Carried>, String> {
        match self {
            Self::Ours => {
                let ours = Ours::start(relay).await;
                let (said, members) = ours.members(shape).await?;
                all(&said, members, shape, paces, keep_every, ours.process()).await
            }
            Self::Ruler => {
                let folder = tempfile::tempdir().map_err(|error| format!("no temporary folder: {error}"))?;
                let ruler = Ruler::start(program, folder.path()).await?;
                let members = ruler.members(shape).await?;
                let ruled = Ruled { payload: Bytes::from(vec![7; SaidIn::BYTES]) };
                all(&ruled, members, shape, paces, keep_every, ruler.process()).await
            }
        }
    }
}

async fn all<D: Dialect>(
    dialect: &D,
    mut members: Vec<Member>,
    shape: Shape,
    paces: &[Pace],
    keep_every: Duration,
    server: machine::Process,
) -> Result<Vec<Carried>, String> {
    let mut all = Vec::new();
    for pace in paces {
        let (carried, whole) =
            run(dialect, members, shape, *pace, keep_every, server, sleep(pace.enough())).await?;
        members = whole;
        all.push(carried);
    }
    Ok(all)
}

/// Where the programs are.
pub fn own_program() -> PathBuf {
    std::env::current_exe().expect("a running program has a path")
}
