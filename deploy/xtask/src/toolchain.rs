//! Decides how the browser crates get their `std`: the installed wasm32 target, or `std` built from source.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Place;
use crate::run::{self, Done, Failure};
use crate::rust_src;

const TARGET: &str = "wasm32-unknown-unknown";

/// Set to `build-std` to take the fallback although the target is there; anything else counts as not set.
const HOW: &str = "LOTGENOOT_WASM";

/// Where `std` for the browser comes from.
#[derive(Debug, PartialEq)]
pub(crate) enum Wasm {
    /// The toolchain has it.
    Installed,
    /// cargo builds it, from this `library/` folder.
    BuildStd { library: PathBuf },
}

impl Wasm {
    /// `cargo <subcommand>` for the browser crates, with the flags that this way needs.
    pub(crate) fn cargo(&self, place: &Place, subcommand: &str) -> Command {
        let mut cargo = run::cargo(place, subcommand);
        // What was compiled before must not show in what is compiled now.
        cargo.env("CARGO_INCREMENTAL", "0");
        if let Self::BuildStd { library } = self {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                // `-Z` is for nightly; a stable compiler accepts it only like this.
                .env("RUSTC_BOOTSTRAP", "1")
                // cargo's only way to read the source from anywhere but the toolchain's own folder, which is not ours
                // to write in.
                .env("__CARGO_TESTS_ONLY_SRC_ROOT", library);
        }
        cargo.args(["--profile", "wasm", "--target", TARGET, "--config", &self.anywhere(place)]);
        cargo.args(["-p", "lotgenoot-worker", "-p", "lotgenoot-person", "-p", "lotgenoot-desk"]);
        cargo
    }
}

impl Wasm {
    // Whoever builds it in another folder gets the same bytes: no path of this machine is in them. These flags go beside those
    // of `.cargo/config.toml`.
    fn anywhere(&self, place: &Place) -> String {
        let library = match self {
            Self::Installed => None,
            Self::BuildStd { library } => Some((library.clone(), "/rust/library")),
        };
        // Of several that fit the last one counts.
        let own =
            [(place.root.clone(), "/lotgenoot"), (place.target.clone(), "/target"), (cargo_home(), "/cargo")];
        let folders = own.into_iter().chain(library);
        let flags = folders.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
        format!("target.{TARGET}.rustflags={:?}", flags.collect::<Vec<_>>())
    }
}

// Where cargo keeps the sources of what is depended upon.
fn cargo_home() -> PathBuf {
    let home = || std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(home, PathBuf::from)
}

/// Where cargo leaves the browser crates' modules.
pub(crate) fn modules(place: &Place) -> PathBuf {
    place.target.join(TARGET).join("wasm")
}

/// Makes sure the browser crates can be built, and says in one line how.
pub(crate) fn ensure_wasm32(place: &Place) -> Done<Wasm> {
    let rustc = Rustc::ask(place)?;
    if std::env::var_os(HOW).is_some_and(|how| how == "build-std") {
        return build_std(place, &rustc);
    }
    if rustc.has_target() {
        println!("    wasm32: the target is installed for rustc {}", rustc.release);
        return Ok(Wasm::Installed);
    }
    println!("    wasm32: the target is not installed for rustc {}; asking rustup", rustc.release);
    let mut rustup = Command::new("rustup");
    rustup.args(["target", "add", TARGET]).current_dir(&place.root);
    match run::run(&mut rustup) {
        Ok(()) if rustc.has_target() => {
            println!("    wasm32: rustup installed the target");
            return Ok(Wasm::Installed);
        }
        Ok(()) => println!("    wasm32: rustup put the target elsewhere; building std from source instead"),
        Err(failure) => println!("    wasm32: {}; building std from source instead", failure.message),
    }
    build_std(place, &rustc)
}

fn build_std(place: &Place, rustc: &Rustc) -> Done<Wasm> {
    match rust_src::library(place, rustc) {
        Ok(library) => {
            println!("    wasm32: cargo builds std from {}", library.display());
            Ok(Wasm::BuildStd { library })
        }
        Err(failure) => Err(Failure::new(format!(
            "the browser client needs the target {TARGET}, and neither rustup nor the source of std is to be had: {}\n\
             By hand: `rustup target add {TARGET}`, or set {} to the `library` folder (or a tar archive of it) of the \
             source of rustc {}.",
            failure.message,
            rust_src::GIVEN,
            rustc.release
        ))),
    }
}

/// The compiler that the workspace uses.
pub(crate) struct Rustc {
    pub(crate) sysroot: PathBuf,
    /// Such as `1.95.0`.
    pub(crate) release: String,
}

impl Rustc {
    fn ask(place: &Place) -> Done<Self> {
        let rustc = || {
            let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
            rustc.current_dir(&place.root);
            rustc
        };
        let sysroot = run::output(rustc().args(["--print", "sysroot"]))?.trim().into();
        let about = run::output(rustc().arg("-vV"))?;
        let release =
            about.lines().find_map(|line| line.strip_prefix("release: ")).unwrap_or_default().to_owned();
        Ok(Self { sysroot, release })
    }

    /// A folder alone proves nothing (an interrupted installation leaves one); the compiled `std` does.
    fn has_target(&self) -> bool {
        has_std(&self.sysroot.join("lib/rustlib").join(TARGET).join("lib"))
    }
}

fn has_std(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        name.to_str().is_some_and(|name| name.starts_with("libstd-") && name.ends_with(".rlib"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_compiled_std_counts_as_the_target() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_std(&folder.path().join("missing")));
        fs::write(folder.path().join("libcore-12.rlib"), "").unwrap();
        assert!(!has_std(folder.path()));
        fs::write(folder.path().join("libstd-12.rlib"), "").unwrap();
        assert!(has_std(folder.path()));
    }

    #[test]
    fn the_fallback_adds_its_flags_and_leaves_the_toolchain_alone() {
        let place = Place { root: "/r".into(), target: "/t".into() };
        let words = |wasm: &Wasm| {
            wasm.cargo(&place, "build").get_args().map(|word| word.display().to_string()).collect::<Vec<_>>()
        };
        assert!(!words(&Wasm::Installed).iter().any(|word| word.starts_with("-Z")));
        let from_source = Wasm::BuildStd { library: "/l".into() };
        assert_eq!(words(&from_source)[1], "-Zbuild-std=std,panic_abort");
        let command = from_source.cargo(&place, "build");
        let library = command.get_envs().find(|(name, _)| *name == "__CARGO_TESTS_ONLY_SRC_ROOT");
        assert_eq!(library.unwrap().1.unwrap(), "/l");
    }

    #[test]
    fn no_path_of_this_machine_is_left_in_what_is_built() {
        let place = Place { root: "/a b".into(), target: "/t".into() };
        let from_source = Wasm::BuildStd { library: "/l".into() };
        let flags = from_source.anywhere(&place);
        let own = r#"target.wasm32-unknown-unknown.rustflags=["--remap-path-prefix=/a b=/lotgenoot", "#;
        assert!(flags.starts_with(own), "{flags}");
        assert!(
            flags.contains(r#""--remap-path-prefix=/t=/target""#) && flags.contains(r#"=/cargo""#),
            "{flags}"
        );
        assert!(flags.ends_with(r#""--remap-path-prefix=/l=/rust/library"]"#), "{flags}");
    }
}
