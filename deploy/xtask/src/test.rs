//! `cargo xtask test`: every test, each ring after the one it stands on.

use std::process::Command;

use crate::client;
use crate::gallery;
use crate::interop;
use crate::run::{self, Done, Failure};
use crate::steps::{Step, Workshop};

pub(crate) const STEPS: &[Step] = &[
    Step { name: "wasm32", needs_binary: None, run: |workshop| workshop.wasm().map(|_| ()) },
    Step { name: "browser", needs_binary: None, run: |workshop| workshop.browser().map(|_| ()) },
    Step { name: "Firefox", needs_binary: None, run: |workshop| workshop.firefox().map(|_| ()) },
    Step {
        name: "another MLS",
        needs_binary: None,
        run: |workshop| interop::ensure(&workshop.place).map(|_| ()),
    },
    Step { name: "client", needs_binary: None, run: build_client },
    Step { name: "programs", needs_binary: None, run: build_programs },
    Step { name: "tests", needs_binary: None, run: cargo_test },
    Step { name: "tests in Firefox", needs_binary: None, run: firefox_test },
    Step { name: "tests of the tools", needs_binary: None, run: tools_test },
    Step { name: "tests of the interface", needs_binary: None, run: interface_test },
    Step { name: "simulator", needs_binary: Some("lotgenoot-sim"), run: simulator },
    Step { name: "a short chaos", needs_binary: Some("lotgenoot-chaos"), run: short_chaos },
    Step { name: "a short chaos of calls", needs_binary: Some("lotgenoot-chaos"), run: short_chaos_of_calls },
];

/// `cargo xtask shots`: every screen that a story looks at, as pictures.
pub(crate) const SHOTS: &[Step] = &[
    Step { name: "wasm32", needs_binary: None, run: |workshop| workshop.wasm().map(|_| ()) },
    Step { name: "browser", needs_binary: None, run: |workshop| workshop.browser().map(|_| ()) },
    Step {
        name: "what others have made",
        needs_binary: None,
        run: |workshop| interop::ensure(&workshop.place).map(|_| ()),
    },
    Step { name: "client", needs_binary: None, run: build_client },
    Step { name: "programs", needs_binary: None, run: build_programs },
    Step { name: "shots", needs_binary: None, run: shots },
];

fn build_client(workshop: &mut Workshop) -> Done {
    let place = workshop.place.clone();
    client::build(&place, workshop.wasm()?, None, None).map(|_| ())
}

/// The same selection for every build, so that nothing is compiled twice with other features: without the crates that
/// run in a browser only, and without this one, which was compiled before any selection.
pub(crate) const NATIVE: [&str; 11] = [
    "--workspace",
    "--exclude",
    "lotgenoot-web",
    "--exclude",
    "lotgenoot-person",
    "--exclude",
    "lotgenoot-desk",
    "--exclude",
    "lotgenoot-worker",
    "--exclude",
    "lotgenoot-xtask",
];

/// The stories start the relay as a process.
fn build_programs(workshop: &mut Workshop) -> Done {
    run::run(run::cargo(&workshop.place, "build").args(NATIVE).arg("--bins"))
}

fn cargo_test(workshop: &mut Workshop) -> Done {
    let mut cargo = run::cargo(&workshop.place, "test");
    cargo.args(NATIVE);
    run::run(told(workshop, &mut cargo)?)
}

/// What is told in both browsers: leaving, traces, reading without a script, languages, coming back, what is read when
/// something fails.
const IN_FIREFOX: [&str; 16] = [
    "arabic_page::",
    "away::",
    "browsers::",
    "english_page::",
    "exit_page::every",
    "exit_page::shift",
    "exit_page::whoever",
    "help_page::",
    "idle_page::a_",
    "idle_page::half",
    "idle_page::who",
    "library_page::",
    "own_lines::",
    "refusal_page::",
    "returning::",
    "traces::",
];

fn firefox_test(workshop: &mut Workshop) -> Done {
    let mut cargo = run::cargo(&workshop.place, "test");
    cargo.args(NATIVE).args(["--test", "it", "--"]).args(IN_FIREFOX);
    let cargo = told(workshop, &mut cargo)?;
    workshop.firefox()?.tell(cargo);
    run::run(cargo)
}

// Where everything is that the stories need.
fn told<'a>(workshop: &mut Workshop, cargo: &'a mut Command) -> Done<&'a mut Command> {
    cargo.env("LOTGENOOT_CLIENT_DIR", workshop.place.target.join("client"));
    cargo.env("LOTGENOOT_INTEROP_DIR", workshop.place.target.join("interop"));
    workshop.browser()?.tell(cargo);
    Ok(cargo)
}

/// One story after another: whoever looks at a picture is not to see what another story made slow.
fn shots(workshop: &mut Workshop) -> Done {
    let folder = workshop.place.target.join("shots");
    std::fs::create_dir_all(&folder).map_err(|error| Failure::about(&folder, &error))?;
    let mut cargo = run::cargo(&workshop.place, "test");
    cargo.args(NATIVE).args([
        "--test",
        "it",
        "--",
        "--test-threads",
        "1",
        "page",
        "evening",
        "away",
        "own_lines",
        "returning",
    ]);
    cargo.env("LOTGENOOT_PICTURES", &folder).env("LOTGENOOT_LOOKS", "all");
    run::run(told(workshop, &mut cargo)?)?;
    println!("    {}", gallery::write(&workshop.place, &folder)?.display());
    Ok(())
}

/// What builds and tests the rest.
fn tools_test(workshop: &mut Workshop) -> Done {
    run::run(run::cargo(&workshop.place, "test").args(["-p", "lotgenoot-xtask"]))
}

/// What of the interface touches no browser.
fn interface_test(workshop: &mut Workshop) -> Done {
    run::run(run::cargo(&workshop.place, "test").args(["-p", "lotgenoot-web"]))
}

fn simulator(workshop: &mut Workshop) -> Done {
    let place = &workshop.place;
    let mut simulator = Command::new(place.binary("lotgenoot-sim", true));
    simulator.args(["--seeds", "500", "--steps", "1500"]).current_dir(&place.root);
    run::run(&mut simulator)
}

fn short_chaos(workshop: &mut Workshop) -> Done {
    let place = &workshop.place;
    let mut chaos = Command::new(place.binary("lotgenoot-chaos", true));
    // A quarter of the counts: how much is carried depends on the machine, what is lost does not.
    chaos.args(["--seconds", "30", "--quick"]).current_dir(&place.root);
    run::run(&mut chaos)
}

fn short_chaos_of_calls(workshop: &mut Workshop) -> Done {
    let place = &workshop.place;
    let mut chaos = Command::new(place.binary("lotgenoot-chaos", true));
    chaos.args(["--calls", "--seconds", "10", "--quick"]).current_dir(&place.root);
    run::run(&mut chaos)
}
