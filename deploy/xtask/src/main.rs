//! Everything the project does to itself: `cargo xtask <command>`.
//!
//! ```text
//! cli        what was asked
//! steps      a table of named steps, timed and summed up        check · test · shots
//! client     the browser client: wasm → assets → compressed     layout · compress · verify
//! demo       one command that shows the whole                   chaos (and sim, bench)
//! toolchain  the wasm32 target, or std from source              rust_src
//! browser    Chromium and its driver                        firefox
//! run        child commands          place   where things are
//! ```
#![allow(clippy::print_stdout, reason = "this program talks to a person at a terminal; it has no log")]

mod browser;
mod chaos;
mod check;
mod cli;
mod client;
mod compress;
mod debian;
mod demo;
mod firefox;
mod gallery;
mod interop;
mod layout;
mod library;
mod place;
mod run;
mod rust_src;
mod steps;
mod test;
mod toolchain;
mod verify;

use std::process::ExitCode;

use cli::Command;
use place::Place;
use run::Done;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = cli::parse(&arguments).and_then(obey);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn obey(command: Command) -> Done {
    let place = Place::find()?;
    match command {
        Command::Help => println!("{}", cli::HELP),
        Command::Setup => {
            toolchain::ensure_wasm32(&place)?;
            browser::ensure_chromium()?;
        }
        Command::Verify => {
            let wasm = toolchain::ensure_wasm32(&place)?;
            verify::verify(&place, &wasm)?;
        }
        Command::Client { out, pages } => {
            let wasm = toolchain::ensure_wasm32(&place)?;
            client::build(&place, &wasm, out.as_deref(), pages.as_deref())?;
        }
        Command::Demo(options) => demo::demo(&place, &options)?,
        Command::Test => steps::run_all(&place, "test", test::STEPS, steps::AfterFailure::Stop)?,
        Command::Shots => steps::run_all(&place, "shots", test::SHOTS, steps::AfterFailure::Stop)?,
        Command::Check => steps::run_all(&place, "check", check::STEPS, steps::AfterFailure::GoOn)?,
        Command::Chaos { debug, arguments } => chaos::chaos(&place, "lotgenoot-chaos", debug, &arguments)?,
        Command::Bench { debug, arguments } => chaos::bench(&place, debug, &arguments)?,
        Command::Sim { debug, arguments } => chaos::chaos(&place, "lotgenoot-sim", debug, &arguments)?,
    }
    Ok(())
}
