//! Finds Firefox, or installs Debian's; and what steers it, which Debian does not have: built from crates.io, once.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian::{self, in_path};
use crate::place::Place;
use crate::run::{self, Done, Failure};

const PACKAGES: [&str; 1] = ["firefox-esr"];
const DRIVER: &str = "geckodriver";
/// Pinned: another version may ask for another Firefox.
const VERSION: &str = "0.37.1";

/// A Firefox and the driver that steers it.
#[derive(Clone, Debug)]
pub(crate) struct Firefox {
    firefox: PathBuf,
    driver: PathBuf,
}

impl Firefox {
    /// Tells a child where they are, and to use them.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("LOTGENOOT_FIREFOX", &self.firefox).env("LOTGENOOT_GECKODRIVER", &self.driver);
        command.env("LOTGENOOT_BROWSER", "firefox");
    }
}

/// Makes sure that Firefox can be driven, and says in a line which.
pub(crate) fn ensure(place: &Place) -> Done<Firefox> {
    let firefox = ensure_browser()?;
    let driver = ensure_driver(place)?;
    println!("    browser: {}, {}", firefox.display(), driver.display());
    Ok(Firefox { firefox, driver })
}

fn find() -> Option<PathBuf> {
    in_path(&["firefox-esr", "firefox"])
}

fn ensure_browser() -> Done<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let by_hand = |why: &str| {
        Failure::new(format!(
            "these tests need Firefox: {why}\nBy hand: install it into PATH; on Debian `apt-get install {}`.",
            PACKAGES.join(" ")
        ))
    };
    println!("    Firefox: not found; installing {} with apt-get", PACKAGES.join(", "));
    debian::install(&PACKAGES).map_err(|why| by_hand(&why))?;
    find().ok_or_else(|| by_hand("apt-get installed something else"))
}

fn ensure_driver(place: &Place) -> Done<PathBuf> {
    let root = place.target.join("tools");
    let own = root.join("bin").join(DRIVER);
    if let Some(found) = in_path(&[DRIVER]).or_else(|| Some(own.clone()).filter(|own| own.is_file())) {
        return Ok(found);
    }
    println!("    {DRIVER}: not found; building {VERSION}, once");
    run::run(&mut install(place, &root)).map_err(|failure| {
        Failure::new(format!(
            "{}\nBy hand: put a {DRIVER} into PATH, or run `cargo install {DRIVER} --version {VERSION} --locked`",
            failure.message
        ))
    })?;
    Ok(own)
}

fn install(place: &Place, root: &Path) -> Command {
    let mut cargo = run::cargo(place, "install");
    cargo.args([DRIVER, "--version", VERSION, "--locked", "--root"]).arg(root);
    // Beside ours: another program, with features of its own.
    cargo.env("CARGO_TARGET_DIR", root.join("target"));
    cargo
}
