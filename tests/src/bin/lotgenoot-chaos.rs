//! `cargo xtask chaos`: kills the real relay at random moments under load, and exits non-zero if anything that was
//! acknowledged is lost, or shown twice, or seen differently by two members. With `--calls`: help calls and their pages.
#![allow(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use lotgenoot::faults::{ACK_BEFORE_COMMIT, SENT_BEFORE_SENDING};
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use lotgenoot_tests::chaos::{self, Plan, calls};

// MLS in debug builds wants room on the stack.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Kills the relay at random moments under load; nothing that was acknowledged may be lost.
#[derive(Debug, Parser)]
#[command(name = "lotgenoot-chaos")]
struct Cli {
    /// Help calls and their pages instead of rooms: killed every 50 to 600 ms.
    #[arg(long)]
    calls: bool,
    /// How long it is killed.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Peer rooms.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=24))]
    rooms: u8,
    /// Members of each, three of them hosts.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(4..=15))]
    members: u8,
    /// Kills in a second, on average.
    #[arg(long, default_value_t = 2.0)]
    kills_per_second: f64,
    /// The schedule's seed; drawn if it is not given.
    #[arg(long)]
    seed: Option<u64>,
    /// A fault to plant, to see that it is found.
    #[arg(long)]
    planted: Option<Fault>,
    /// The relay's binary, built with the feature `faults`; the one beside this program if it is not given.
    #[arg(long)]
    relay: Option<PathBuf>,
    /// The MLS suite of all rooms.
    #[arg(long, default_value_t = SUITE_POST_QUANTUM)]
    suite: u16,
    /// A quarter of the load is enough.
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
enum Fault {
    /// The relay acknowledges before it commits.
    AckBeforeCommit,
    /// With `--calls`: a page that was leaving when the relay was killed counts as sent.
    SentBeforeSending,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if cli.calls { of_calls(cli) } else { of_rooms(cli) }
}

fn of_calls(cli: Cli) -> ExitCode {
    let plan = calls::Plan {
        length: Duration::from_secs(cli.seconds),
        seed: cli.seed.unwrap_or_else(rand::random),
        planted: cli.planted.map(|fault| match fault {
            Fault::AckBeforeCommit => ACK_BEFORE_COMMIT,
            Fault::SentBeforeSending => SENT_BEFORE_SENDING,
        }),
        relay: cli.relay.unwrap_or_else(beside_this),
        suite: cli.suite,
        quick: cli.quick,
    };
    let planted = plan.planted.map(|fault| format!(", planted: {fault}")).unwrap_or_default();
    println!("chaos of calls: {} s, seed {}{planted}", plan.length.as_secs(), plan.seed);
    if !is_there(&plan.relay) {
        return ExitCode::FAILURE;
    }
    let report = runtime().block_on(calls::run(&plan));
    print!("{report}");
    end(report.is_clean(), &report.too_few(&plan.minimum()), plan.seed)
}

fn of_rooms(cli: Cli) -> ExitCode {
    let plan = plan(cli);
    println!(
        "chaos: {} rooms × {} members, {} s, {} kills/s, seed {}{}",
        plan.rooms,
        plan.members,
        plan.length.as_secs(),
        plan.kills_per_second,
        plan.seed,
        if plan.planted { ", planted: acknowledge before commit" } else { "" }
    );
    if !is_there(&plan.relay) {
        return ExitCode::FAILURE;
    }
    let report = runtime().block_on(chaos::run(&plan));
    print!("{report}");
    end(report.is_clean(), &report.too_few(&plan.minimum()), plan.seed)
}

fn is_there(relay: &Path) -> bool {
    if !relay.is_file() {
        println!("!! {} is not there: `cargo build -p lotgenoot -p lotgenoot-tests --bins`", relay.display());
    }
    relay.is_file()
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK_BYTES).build();
    runtime.expect("a runtime")
}

fn end(is_clean: bool, too_few: &[String], seed: u64) -> ExitCode {
    for line in too_few {
        println!("    !! {line}");
    }
    if is_clean && too_few.is_empty() {
        println!("nothing was lost");
        ExitCode::SUCCESS
    } else {
        println!("FAILED; again with --seed {seed}");
        ExitCode::FAILURE
    }
}

fn plan(cli: Cli) -> Plan {
    Plan {
        length: Duration::from_secs(cli.seconds),
        rooms: cli.rooms.into(),
        members: cli.members.into(),
        kills_per_second: cli.kills_per_second,
        seed: cli.seed.unwrap_or_else(rand::random),
        planted: cli.planted == Some(Fault::AckBeforeCommit),
        relay: cli.relay.unwrap_or_else(beside_this),
        suite: cli.suite,
        quick: cli.quick,
    }
}

fn beside_this() -> PathBuf {
    let here = std::env::current_exe().unwrap_or_default();
    here.with_file_name(format!("lotgenoot{}", std::env::consts::EXE_SUFFIX))
}
