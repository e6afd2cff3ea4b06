//! `cargo xtask bench`: how fast help calls are and how light the page, measured against what they may take. Run by hand, in
//! release.
#![allow(clippy::print_stdout, reason = "this program talks to a person at a terminal")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use lotgenoot_tests::bench::{self, Row};

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
}

#[derive(Debug, Subcommand)]
enum What {
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
    },
    /// What a person fetches, and how long she waits for it on a slow line with a slow processor.
    Web {
        /// The folder of the built client.
        #[arg(long, env = "LOTGENOOT_CLIENT_DIR", default_value = "target/client")]
        client: PathBuf,
        /// Visits, each with an empty profile.
        #[arg(long, default_value_t = 3)]
        rounds: usize,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let relay = cli.relay.unwrap_or_else(lotgenoot_tests::process::relay_binary);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(8 << 20).build();
    let rows = runtime.expect("a runtime").block_on(async {
        match cli.what {
            What::Boot { calls } => Ok(bench::boot(&relay, calls, cli.suite).await),
            What::Calls { open, members, measured } => {
                println!("{open} calls wait, {members} members are connected, {measured} calls are measured");
                Ok(bench::calls(&relay, open, members, measured, cli.suite).await)
            }
            What::Web { client, rounds } => bench::web(&relay, &client, rounds).await,
        }
    });
    let rows = match rows {
        Ok(rows) => rows,
        Err(failed) => {
            eprintln!("{failed}");
            return ExitCode::FAILURE;
        }
    };
    println!("{:<44} {:>10} {:>10} {:>8}", "", "measured", "budget", "ratio");
    for row in &rows {
        println!("{row}");
    }
    if rows.iter().all(Row::is_kept) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
