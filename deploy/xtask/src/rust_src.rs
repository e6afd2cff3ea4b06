//! Finds the source of `std` that belongs to the compiler in use: what was given, what the toolchain has, what was
//! fetched before, or Debian's package of exactly that version.
//!
//! Nothing outside the target directory is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::{Place, absolute};
use crate::run::{self, Done, Failure};
use crate::toolchain::Rustc;

/// Names the source: a tar archive of the `library` folder, or a folder that is it or holds it.
pub(crate) const GIVEN: &str = "LOTGENOOT_RUST_SRC";

/// The `library/` folder of this compiler's source.
pub(crate) fn library(place: &Place, rustc: &Rustc) -> Done<PathBuf> {
    if let Some(given) = std::env::var_os(GIVEN).filter(|given| !given.is_empty()) {
        return from_given(place, &absolute(Path::new(&given))?);
    }
    if let Some(library) = find_library(&rustc.sysroot.join("lib/rustlib/src/rust")) {
        return Ok(library);
    }
    from_debian(place, rustc)
}

/// `library/` in or at a folder. cargo wants its `Cargo.lock`; without it, it is not the whole of it.
fn find_library(folder: &Path) -> Option<PathBuf> {
    let library =
        ["", "library", "rust/library", "lib/rustlib/src/rust/library"].map(|below| folder.join(below));
    library.into_iter().find(|library| library.join("Cargo.lock").is_file() && library.join("std").is_dir())
}

fn from_given(place: &Place, given: &Path) -> Done<PathBuf> {
    let lacking =
        || Failure::new(format!("{GIVEN}={} holds no `library` with a Cargo.lock", given.display()));
    if given.is_dir() {
        return find_library(given).ok_or_else(lacking);
    }
    if !given.is_file() {
        return Err(Failure::new(format!("{GIVEN}={} does not exist", given.display())));
    }
    // Unpacked each time anew: another archive may have the same name, and it takes a second.
    let folder = fresh(&place.target.join("rust-src/given"))?;
    run::run(Command::new("tar").arg("-xf").arg(given).arg("-C").arg(&folder))?;
    find_library(&folder).ok_or_else(lacking)
}

// ---- Debian

/// Where Debian keeps compilers newer than its stable release.
const SUITE: &str = "trixie-backports";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Taken when the machine's own configuration names no Debian mirror.
const MIRROR: &str = "http://deb.debian.org/debian";

fn from_debian(place: &Place, rustc: &Rustc) -> Done<PathBuf> {
    let kept = place.target.join("rust-src").join(format!("debian-{}", rustc.release));
    let source = format!("usr/src/rustc-{}", rustc.release);
    if let Some(library) = find_library(&kept.join(&source)) {
        return Ok(library);
    }
    if !Path::new(KEYRING).is_file() {
        return Err(Failure::new(format!("no Debian package can be trusted here ({KEYRING} is missing)")));
    }
    println!("    wasm32: fetching Debian's rust-src {} from {SUITE}; nothing is installed", rustc.release);
    let apt = Apt::prepare(&place.target.join("rust-src/apt"))?;
    run::run(apt.command("apt-get").args(["-qq", "update"]))?;
    let offered = run::output(apt.command("apt-cache").args(["madison", "rust-src"]))?;
    let Some(version) = version_of(&offered, &rustc.release) else {
        return Err(Failure::new(format!("{SUITE} has no rust-src {}", rustc.release)));
    };
    run::run(apt.command("apt-get").args(["-qq", "download", &format!("rust-src={version}")]))?;
    let package = apt.downloaded()?;
    let unpacked = fresh(&apt.folder.join("unpacked"))?;
    run::run(Command::new("dpkg").arg("-x").arg(&package).arg(&unpacked))?;
    // Renamed only when whole, so that what is found next time is whole too.
    fs::rename(&unpacked, fresh(&kept)?).map_err(|error| Failure::about(&kept, &error))?;
    fs::remove_dir_all(&apt.folder).map_err(|error| Failure::about(&apt.folder, &error))?;
    find_library(&kept.join(&source))
        .ok_or_else(|| Failure::new(format!("Debian's rust-src {version} holds no {source}/library")))
}

/// The offered package version of exactly this compiler, in the words of `apt-cache madison`.
fn version_of<'a>(offered: &'a str, release: &str) -> Option<&'a str> {
    let versions = offered.lines().filter_map(|line| line.split('|').nth(1).map(str::trim));
    versions.into_iter().find(|version| {
        // `1.95.0+dfsg1-1~bpo13+1` is 1.95.0; `1.95.01` and `1.95.0.1` would not be.
        version.strip_prefix(release).is_some_and(|rest| rest.starts_with(['+', '-', '~']))
    })
}

/// An apt with its own sources, lists and cache: of the machine's own, nothing is changed and only the mirror and the
/// proxy are used.
struct Apt {
    folder: PathBuf,
}

impl Apt {
    fn prepare(folder: &Path) -> Done<Self> {
        let folder = fresh(folder)?;
        for below in ["state/lists/partial", "cache/archives/partial"] {
            let below = folder.join(below);
            fs::create_dir_all(&below).map_err(|error| Failure::about(&below, &error))?;
        }
        let sources = format!("deb [signed-by={KEYRING}] {} {SUITE} main\n", mirror());
        let files =
            [("sources.list", sources), ("status", String::new()), ("apt.conf", configuration(&folder))];
        for (name, text) in files {
            let file = folder.join(name);
            fs::write(&file, text).map_err(|error| Failure::about(&file, &error))?;
        }
        Ok(Self { folder })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).arg("-c").arg(self.folder.join("apt.conf"));
        command
    }

    fn downloaded(&self) -> Done<PathBuf> {
        let entries = fs::read_dir(&self.folder).map_err(|error| Failure::about(&self.folder, &error))?;
        let mut files = entries.flatten().map(|entry| entry.path());
        files
            .find(|file| file.extension().is_some_and(|extension| extension == "deb"))
            .ok_or_else(|| Failure::new("apt-get downloaded no package"))
    }
}

fn configuration(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        r#"
Dir::Etc {{ SourceList "{folder}/sources.list"; SourceParts "/dev/null"; Preferences "/dev/null"; PreferencesParts "/dev/null"; }};
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
// Started by root, apt would download as the user `_apt`, who cannot write here.
APT::Sandbox::User "root";
// What the machine does after its own updates is not for this one.
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"#
    )
}

/// The Debian mirror this machine already uses.
fn mirror() -> String {
    let mut known = Command::new("apt-get");
    known.args(["indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]);
    let known = run::output(&mut known).unwrap_or_default();
    known.lines().find(|uri| uri.trim_end_matches('/').ends_with("/debian")).unwrap_or(MIRROR).to_owned()
}

/// An empty folder, whatever was there.
fn fresh(folder: &Path) -> Done<PathBuf> {
    let made = match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    };
    made.map(|()| folder.to_owned()).map_err(|error| Failure::about(folder, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_without_its_lock_file_is_not_one() {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("library");
        fs::create_dir_all(library.join("std")).unwrap();
        assert_eq!(find_library(folder.path()), None);
        fs::write(library.join("Cargo.lock"), "").unwrap();
        assert_eq!(find_library(folder.path()), Some(library.clone()));
        assert_eq!(find_library(&library).unwrap().join("std"), library.join("std"));
    }

    #[test]
    fn only_the_version_of_this_very_compiler_will_do() {
        let offered = " rust-src | 1.95.01+dfsg1-1 | m trixie-backports/main amd64 Packages\n \
                       rust-src | 1.95.0+dfsg1-1~bpo13+1 | m trixie-backports/main amd64 Packages\n";
        assert_eq!(version_of(offered, "1.95.0"), Some("1.95.0+dfsg1-1~bpo13+1"));
        assert_eq!(version_of(offered, "1.94.0"), None);
        assert_eq!(version_of("", "1.95.0"), None);
    }
}
