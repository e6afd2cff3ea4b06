//! `cargo xtask bench`: how fast help calls are and how light the page, measured against what they may take. Run by hand, in
//! release.
#![allow(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use lotgenoot_tests::bench::{self, Calls, Fanout, Row, Table};

/// Something is too slow, or others had the machine.
const NOISY: u8 = 2;

/// Measures help calls and the page.
#[derive(Debug, Parser)]
#[command(name = "lotgenoot-bench")]
struct Cli {
    /// What is measured.
    #[command(subcommand)]
    what: What,
    /// The relay's binary; the one beside this program if it is not given.
    #[arg(long, global = true)]
    relay: Option<PathBuf>,
    /// The MLS suite of all rooms.
    #[arg(long, global = true, default_value_t = SUITE_POST_QUANTUM)]
    suite: u16,
    /// The folder in which the figures are kept, for programs.
    #[arg(long, global = true, default_value = "target/bench")]
    out: PathBuf,
    /// Draws them too.
    #[arg(long, global = true)]
    plot: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Messages to rooms: how many a second, how soon, and for how much processor, beside the ruler.
    Fanout {
        /// Only 20 rooms of ten in closed loops, in less than a minute.
        #[arg(long)]
        quick: bool,
        /// Rounds; each starts both anew.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
        /// How often each member says what it has kept, in milliseconds.
        #[arg(long, default_value_t = 5_000)]
        keep_every: u64,
    },
    /// Connections that say nothing: what each costs, and how many come in a second, beside the ruler.
    Idle {
        /// How many there are, once for each.
        #[arg(long, value_delimiter = ',', default_value = "1000,5000,9500")]
        connections: Vec<usize>,
        /// Rounds; each starts both anew.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
    },
    /// Everybody comes back at once, and fetches a hundred messages, beside the ruler.
    Storm {
        /// Rounds; each starts both anew.
        #[arg(long, default_value_t = 5, value_parser = at_least_one)]
        rounds: usize,
    },
    /// Changes of who is in a room, beside what openmls alone takes for them.
    Commits {
        /// Commits of each kind a round.
        #[arg(long, default_value_t = 200, value_parser = at_least_one)]
        commits: usize,
        /// Rounds; each starts the relay anew.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
    },
    /// The ruler, as a server.
    #[command(hide = true)]
    Ruler {
        /// Its folder.
        #[arg(long)]
        data: PathBuf,
    },
    /// From the start of a relay with many open calls until it listens and has called everybody.
    Boot {
        /// Calls that wait.
        #[arg(long, default_value_t = 10_000)]
        calls: usize,
    },
    /// From a call that comes in to the first page that leaves, and to an open desk that rings.
    Calls {
        /// Calls that wait meanwhile.
        #[arg(long, default_value_t = 1_000)]
        open: usize,
        /// Members who are connected meanwhile.
        #[arg(long, default_value_t = 2_000)]
        members: usize,
        /// Calls that are measured.
        #[arg(long, default_value_t = 200)]
        measured: usize,
        /// Rooms of ten that talk when it is measured once more, half as much as they could; none: only the quiet.
        #[arg(long, default_value_t = 20)]
        talking: usize,
    },
    /// What a delivery costs when there are many rooms, and a month of log; and who waits while that is taken out.
    Growth {
        /// Entries of the log; none: that is not measured.
        #[arg(long, default_value_t = 10_000_000)]
        entries: u64,
        /// How many rooms, once for each.
        #[arg(long, value_delimiter = ',', default_value = "100,1000")]
        rooms: Vec<usize>,
        /// Rounds; each beside a relay that has just begun.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
    },
    /// What a room asks of a phone: coming in, others who come in, words, coming back.
    Client {
        /// The folder of the built client.
        #[arg(long, env = "LOTGENOOT_CLIENT_DIR", default_value = "target/client")]
        client: PathBuf,
        /// Rounds, each with an empty profile and a relay of its own.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
    },
    /// What a person fetches, and how long she waits for it on a slow line with a slow processor.
    Web {
        /// The folder of the built client.
        #[arg(long, env = "LOTGENOOT_CLIENT_DIR", default_value = "target/client")]
        client: PathBuf,
        /// Visits, each with an empty profile.
        #[arg(long, default_value_t = 3, value_parser = at_least_one)]
        rounds: usize,
    },
}

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|it| *it > 0)
        .ok_or_else(|| "at least one: of none nothing is measured".to_owned())
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let relay = cli.relay.clone().unwrap_or_else(lotgenoot_tests::process::relay_binary);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(8 << 20).build();
    let measured = runtime.expect("a runtime").block_on(measure(&cli, &relay));
    let done = measured.and_then(|measured| match measured {
        Some(Measured::Rows(rows)) => Ok(told(&rows)),
        Some(Measured::Table(table)) => compared(&table, &cli.out, cli.plot),
        None => Ok(ExitCode::SUCCESS),
    });
    done.unwrap_or_else(|failed| {
        eprintln!("{failed}");
        ExitCode::FAILURE
    })
}

enum Measured {
    Rows(Vec<Row>),
    Table(Table),
}

async fn measure(cli: &Cli, relay: &Path) -> Result<Option<Measured>, String> {
    let own = bench::own_program();
    let measured = match &cli.what {
        What::Boot { calls } => Measured::Rows(bench::boot(relay, *calls, cli.suite).await),
        What::Calls { open, members, measured, talking } => {
            println!("{open} calls wait, {members} members are connected, {measured} calls are measured");
            let (open, members, measured, talking) = (*open, *members, *measured, *talking);
            let what = Calls { open, members, talking, measured, suite: cli.suite };
            Measured::Rows(bench::calls(relay, &what).await?)
        }
        What::Growth { entries, rooms, rounds } => {
            Measured::Table(bench::growth(relay, *entries, rooms, *rounds).await?)
        }
        What::Web { client, rounds } => {
            Measured::Rows(bench::web(relay, client, *rounds).await.map_err(|error| error.to_string())?)
        }
        What::Client { client, rounds } => Measured::Rows(bench::client(relay, client, *rounds).await?),
        What::Fanout { quick, rounds, keep_every } => {
            let what =
                Fanout { quick: *quick, rounds: *rounds, keep_every: Duration::from_millis(*keep_every) };
            Measured::Table(bench::fanout(relay, &own, &what).await?)
        }
        What::Idle { connections, rounds } => {
            Measured::Table(bench::idle(relay, &own, connections, *rounds).await?)
        }
        What::Commits { commits, rounds } => Measured::Table(bench::commits(relay, *rounds, *commits).await?),
        What::Storm { rounds } => Measured::Table(bench::storm(relay, &own, *rounds).await?),
        What::Ruler { data } => {
            let announce = |address| println!("listening {address}");
            bench::ruler::serve(data, announce).await.map_err(|error| error.to_string())?;
            return Ok(None);
        }
    };
    Ok(Some(measured))
}

fn told(rows: &[Row]) -> ExitCode {
    println!("{:<44} {:>10} {:>10} {:>8}", "", "measured", "budget", "ratio");
    for row in rows {
        println!("{row}");
    }
    if rows.iter().all(Row::is_kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn compared(table: &Table, out: &Path, plot: bool) -> Result<ExitCode, String> {
    print!("{table}");
    let keep = |ending: &str, text: String| {
        let path = out.join(table.workload()).with_extension(ending);
        std::fs::create_dir_all(out)
            .and_then(|()| std::fs::write(&path, text))
            .map(|()| path.clone())
            .map_err(|error| {
                format!("{} cannot be written: {error}; give another folder with --out", path.display())
            })
    };
    println!("{}", keep("json", format!("{:#}\n", table.json()))?.display());
    if plot {
        println!("{}", keep("svg", table.svg())?.display());
    }
    Ok(if table.is_kept() {
        ExitCode::SUCCESS
    } else if table.is_noisy() {
        ExitCode::from(NOISY)
    } else {
        ExitCode::FAILURE
    })
}
