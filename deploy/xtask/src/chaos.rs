//! `cargo xtask chaos`, `sim` and `bench`: builds the binaries of the tests crate and becomes one of them.

use std::process::Command;

use crate::place::Place;
use crate::run::{self, Done, Failure};
use crate::{browser, client, toolchain};

pub(crate) fn chaos(place: &Place, binary: &str, debug: bool, arguments: &[String]) -> Done {
    must_exist(place, binary)?;
    build(place, debug)?;
    run::become_it(Command::new(place.binary(binary, debug)).args(arguments))
}

/// What is measured is the relay as it is installed: built once more by itself, without the faults that tests want of it.
pub(crate) fn bench(place: &Place, debug: bool, arguments: &[String]) -> Done {
    const BINARY: &str = "lotgenoot-bench";
    must_exist(place, BINARY)?;
    build(place, debug)?;
    run::run(built(place, debug).args(["-p", "lotgenoot", "--bins"]))?;
    let mut bench = Command::new(place.binary(BINARY, debug));
    if arguments.first().is_some_and(|what| what == "client" || what == "web") {
        let wasm = toolchain::ensure_wasm32(place)?;
        bench.env("LOTGENOOT_CLIENT_DIR", client::build(place, &wasm, None, None)?);
        browser::ensure_chromium()?.tell(&mut bench);
    }
    run::become_it(bench.args(arguments))
}

/// Said before minutes of building, and not by cargo after them.
pub(crate) fn must_exist(place: &Place, binary: &str) -> Done {
    if place.has_tests_binary(binary) {
        return Ok(());
    }
    Err(Failure::new(format!("tests/src/bin/{binary}.rs does not exist yet")))
}

/// The relay goes with them: some start it.
pub(crate) fn build(place: &Place, debug: bool) -> Done {
    run::run(built(place, debug).args(["-p", "lotgenoot", "-p", "lotgenoot-tests", "--bins"]))
}

fn built(place: &Place, debug: bool) -> Command {
    let mut cargo = run::cargo(place, "build");
    if !debug {
        cargo.arg("--release");
    }
    cargo
}
