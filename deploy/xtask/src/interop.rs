//! Sets up what others have made for the tests: the MLS implementation that is one of a group, a mail server, a reader of
//! calendars, and the rules of WCAG.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::debian::{self, in_path};
use crate::place::Place;
use crate::run::{self, Done, Failure};

const FILES: [&str; 6] =
    ["peer.mjs", "mail.mjs", "calendar.mjs", "package.json", "package-lock.json", ".npmrc"];
/// What the packages ask for.
const NODE_MIN: (u32, u32) = (20, 19);
const STAMP: &str = "installed";

/// A folder in which `node peer.mjs` runs.
pub(crate) fn ensure(place: &Place) -> Done<PathBuf> {
    ensure_node()?;
    let from = place.root.join("tests").join("interop");
    let folder = place.target.join("interop");
    fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    for file in FILES {
        fs::copy(from.join(file), folder.join(file))
            .map_err(|error| Failure::new(format!("{}: {error}", from.join(file).display())))?;
    }
    let lock = fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    if fs::read_to_string(folder.join(STAMP)).is_ok_and(|installed| installed == lock) {
        println!("    npm packages: there");
        return Ok(folder);
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    run::run(&mut npm).map_err(|failure| {
        let folder = folder.display();
        Failure::new(format!(
            "{}\nThe tests need eleven small npm packages: see that npm reaches a registry, or run `npm ci` in {folder}",
            failure.message
        ))
    })?;
    fs::write(folder.join(STAMP), lock)
        .map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    Ok(folder)
}

fn ensure_node() -> Done {
    let by_hand = |why: &str| {
        Failure::new(format!(
            "the tests need Node.js from {}.{} and npm: {why}\nBy hand: install both into PATH",
            NODE_MIN.0, NODE_MIN.1
        ))
    };
    if in_path(&["node"]).is_none() || in_path(&["npm"]).is_none() {
        println!("    Node.js: not found; installing nodejs and npm with apt-get");
        debian::install(&["nodejs", "npm"]).map_err(|why| by_hand(&why))?;
    }
    let said = run::output(Command::new("node").arg("--version"))?;
    match version(&said) {
        Some(found) if found >= NODE_MIN => Ok(()),
        _ => Err(by_hand(&format!("{} is too old", said.trim()))),
    }
}

/// `v20.20.2` → 20.20.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert!(version("v9.30.0") < Some(NODE_MIN));
        assert_eq!(version("command not found"), None);
    }
}
