//! Where the workspace is and where it builds to.

use std::env;
use std::path::{Path, PathBuf};

use crate::run::{Done, Failure};

/// The workspace's root and its target directory, both absolute.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
}

impl Place {
    pub(crate) fn find() -> Done<Self> {
        // Set by `cargo run`; the compiled-in one is for whoever starts the binary directly.
        let here = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let Some(root) = here.ancestors().nth(2).filter(|root| root.join("Cargo.lock").is_file()) else {
            return Err(Failure::new(format!("{} is not deploy/xtask of the workspace", here.display())));
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(chosen) => absolute(Path::new(&chosen))?,
            None => root.join("target"),
        };
        Ok(Self { root: root.to_owned(), target })
    }

    /// Whether the tests crate has this binary yet.
    pub(crate) fn has_tests_binary(&self, name: &str) -> bool {
        let bins = self.root.join("tests/src/bin");
        bins.join(format!("{name}.rs")).is_file() || bins.join(name).join("main.rs").is_file()
    }

    /// Where cargo leaves a native binary.
    pub(crate) fn binary(&self, name: &str, debug: bool) -> PathBuf {
        let profile = if debug { "debug" } else { "release" };
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// Paths a person gives count from where they stand, and child commands run in the root.
pub(crate) fn absolute(path: &Path) -> Done<PathBuf> {
    std::path::absolute(path).map_err(|error| Failure::about(path, &error))
}
