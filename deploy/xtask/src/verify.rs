//! `cargo xtask client --verify`: builds the client here and once more in another folder, and compares every file. Whoever has
//! the same source gets the same bytes, and can so check what a relay serves.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::client::{self, MANIFEST};
use crate::place::Place;
use crate::run::{self, Done, Failure};
use crate::toolchain::Wasm;

/// An error names the files that differ.
pub(crate) fn verify(place: &Place, wasm: &Wasm) -> Done {
    let here = client::build(place, wasm, None, None)?;
    let beside = place.target.join("verify");
    let elsewhere = Place { root: beside.join("another/folder"), target: beside.join("target") };
    copy(&place.root, &elsewhere.root)?;
    let there = client::build(&elsewhere, wasm, Some(&beside.join("client")), None)?;
    let (here, there) = (manifest(&here)?, manifest(&there)?);
    let differ = differences(&here, &there);
    if differ.is_empty() {
        println!(
            "    {} files, every byte the same from two folders",
            here.as_object().map_or(0, |it| it.len())
        );
        return Ok(());
    }
    Err(Failure::new(format!("built in another folder these files are other ones: {}", differ.join(", "))))
}

// What is in the repository, as it stands here, changes that are not committed included.
fn copy(from: &Path, to: &Path) -> Done {
    if to.exists() {
        fs::remove_dir_all(to).map_err(|error| Failure::about(to, &error))?;
    }
    let mut list = Command::new("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(from);
    for file in run::output(&mut list)?.split('\0').filter(|file| !file.is_empty()) {
        let (source, copy) = (from.join(file), to.join(file));
        // Deleted here, and not committed yet.
        if !source.is_file() {
            continue;
        }
        let folder = copy.parent().unwrap_or(to);
        fs::create_dir_all(folder).map_err(|error| Failure::about(folder, &error))?;
        fs::copy(&source, &copy).map_err(|error| Failure::about(&source, &error))?;
    }
    Ok(())
}

fn manifest(client: &Path) -> Done<Value> {
    let file = client.join(MANIFEST);
    let text = fs::read_to_string(&file).map_err(|error| Failure::about(&file, &error))?;
    serde_json::from_str(&text).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

fn differences(one: &Value, other: &Value) -> Vec<String> {
    let names =
        |it: &Value| it.as_object().map(|it| it.keys().cloned().collect::<BTreeSet<_>>()).unwrap_or_default();
    let all: BTreeSet<String> = names(one).union(&names(other)).cloned().collect();
    all.into_iter().filter(|name| one[name]["sha256"] != other[name]["sha256"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_file_that_is_missing_or_another_one_is_named() {
        let file = |hash: &str| json!({ "sha256": hash });
        let one = json!({ "a.js": file("1"), "b.js": file("2"), "c.js": file("3") });
        let other = json!({ "a.js": file("1"), "b.js": file("9"), "d.js": file("4") });
        assert_eq!(differences(&one, &other), ["b.js", "c.js", "d.js"]);
        assert_eq!(differences(&one, &one), [""; 0]);
    }

    #[test]
    fn what_is_copied_is_what_is_in_the_repository() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            run::output(git.args(arguments).current_dir(from.path())).unwrap();
        };
        git(&["init", "--quiet"]);
        fs::create_dir(from.path().join("src")).unwrap();
        for (file, text) in [(".gitignore", "target\n"), ("src/a.rs", "a"), ("target", "large")] {
            fs::write(from.path().join(file), text).unwrap();
        }
        let to = to.path().join("there");
        copy(from.path(), &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("src/a.rs")).unwrap(), "a");
        assert!(to.join(".gitignore").is_file() && !to.join("target").exists());
    }
}
