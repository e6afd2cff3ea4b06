//! `cargo xtask test`: every test, each ring after the one it stands on.

use crate::client;
use crate::run::{self, Done};
use crate::steps::{Step, Workshop};

pub(crate) const STEPS: &[Step] = &[
    Step { name: "wasm32", needs_binary: None, run: |workshop| workshop.wasm().map(|_| ()) },
    Step { name: "browser", needs_binary: None, run: |workshop| workshop.browser().map(|_| ()) },
    Step { name: "client", needs_binary: None, run: build_client },
    Step { name: "tests", needs_binary: None, run: cargo_test },
    Step { name: "a short chaos", needs_binary: Some("lotgenoot-chaos"), run: short_chaos },
];

fn build_client(workshop: &mut Workshop) -> Done {
    let place = workshop.place.clone();
    client::build(&place, workshop.wasm()?, None, None).map(|_| ())
}

fn cargo_test(workshop: &mut Workshop) -> Done {
    let mut cargo = run::cargo(&workshop.place, "test");
    cargo.args(["--workspace", "--exclude", "lotgenoot-web", "--exclude", "lotgenoot-worker"]);
    cargo.env("LOTGENOOT_CLIENT_DIR", workshop.place.target.join("client"));
    workshop.browser()?.tell(&mut cargo);
    run::run(&mut cargo)
}

fn short_chaos(workshop: &mut Workshop) -> Done {
    let place = &workshop.place;
    run::run(run::cargo(place, "build").args(["-p", "lotgenoot", "-p", "lotgenoot-tests", "--bins"]))?;
    let mut chaos = std::process::Command::new(place.binary("lotgenoot-chaos", true));
    chaos.args(["--seconds", "30"]).current_dir(&place.root);
    run::run(&mut chaos)
}
