//! `cargo xtask check`: formatting and lints, natively and for the browser.

use crate::run::{self, Done};
use crate::steps::{Step, Workshop};
use crate::test::NATIVE;

pub(crate) const STEPS: &[Step] = &[
    Step { name: "format", needs_binary: None, run: format },
    Step { name: "lints", needs_binary: None, run: lints },
    Step { name: "lints of the browser crates", needs_binary: None, run: browser_lints },
];

fn format(workshop: &mut Workshop) -> Done {
    run::run(run::cargo(&workshop.place, "fmt").args(["--all", "--check"]))
}

fn lints(workshop: &mut Workshop) -> Done {
    let mut cargo = run::cargo(&workshop.place, "clippy");
    cargo.args(NATIVE);
    run::run(cargo.args(["--all-targets", "--", "-D", "warnings"]))?;
    let mut tools = run::cargo(&workshop.place, "clippy");
    run::run(tools.args(["-p", "lotgenoot-xtask", "--all-targets", "--", "-D", "warnings"]))
}

fn browser_lints(workshop: &mut Workshop) -> Done {
    let place = workshop.place.clone();
    run::run(workshop.wasm()?.cargo(&place, "clippy").args(["--", "-D", "warnings"]))
}
