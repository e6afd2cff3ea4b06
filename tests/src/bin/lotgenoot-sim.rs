//! `lotgenoot-sim`: many seeds of the simulator, on all cores; prints seeds, steps and faults.

#![allow(clippy::print_stdout)] // this program talks to a person at a terminal

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use lotgenoot_tests::sim::{self, Counts};

#[derive(Parser)]
struct Args {
    /// How many seeds.
    #[arg(long, default_value_t = 500)]
    seeds: u64,
    /// The first seed; give the one that failed, with --seeds 1, to see it again.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Steps a seed.
    #[arg(long, default_value_t = 2500)]
    steps: usize,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let begun = Instant::now();
    let next = AtomicU64::new(args.from);
    let failed: Mutex<Vec<u64>> = Mutex::default();
    let total: Mutex<Counts> = Mutex::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= args.from + args.seeds {
                        return;
                    }
                    let options = sim::Options::of_seed(seed, args.steps);
                    match catch_unwind(AssertUnwindSafe(|| sim::run(options))) {
                        Ok(counts) => total.lock().expect("nobody panics with it").add(&counts),
                        Err(_) => {
                            println!("seed {seed} FAILED ({options:?})");
                            failed.lock().expect("nobody panics with it").push(seed);
                        }
                    }
                }
            });
        }
    });
    let counts = total.into_inner().expect("nobody panics with it");
    let failed = failed.into_inner().expect("nobody panics with it");
    println!("{} seeds in {:.1} s: {counts}", args.seeds, begun.elapsed().as_secs_f64());
    println!("{} passed, {} failed", args.seeds - failed.len() as u64, failed.len());
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
