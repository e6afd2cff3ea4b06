//! Programs that are in PATH, and those that Debian can install.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run;

/// Installs packages; why not, in words for whoever must do it by hand.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    if !Path::new("/etc/debian_version").is_file() {
        return Err("it is not in PATH, and this is no Debian, so nothing was installed".to_owned());
    }
    let Some(sudo) = root() else {
        return Err("it is not in PATH, and installing takes root (or sudo without a password)".to_owned());
    };
    let installed = run::run(apt_get(sudo).arg("update")).and_then(|()| {
        run::run(apt_get(sudo).args(["install", "-y", "--no-install-recommends"]).args(packages))
    });
    installed.map_err(|failure| failure.message)
}

/// The first of these names in PATH, or in /usr/bin where a bare environment has no PATH.
pub(crate) fn in_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).chain([PathBuf::from("/usr/bin")]).collect();
    names.iter().find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}

/// How to become root: not at all, with sudo, or (None) impossible without asking someone.
fn root() -> Option<Sudo> {
    let answers = |program: &str, arguments: &[&str]| run::output(Command::new(program).args(arguments)).ok();
    if answers("id", &["-u"])?.trim() == "0" {
        return Some(Sudo::NotNeeded);
    }
    answers("sudo", &["-n", "true"]).map(|_| Sudo::Works)
}

#[derive(Clone, Copy)]
enum Sudo {
    NotNeeded,
    Works,
}

fn apt_get(sudo: Sudo) -> Command {
    let mut command = match sudo {
        Sudo::NotNeeded => Command::new("env"),
        Sudo::Works => {
            let mut command = Command::new("sudo");
            command.args(["-n", "env"]);
            command
        }
    };
    // Nobody is there to answer a question, and another apt may be busy for a moment.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]);
    command.stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_name_wins() {
        assert!(in_path(&["no-such-program-here", "sh"]).is_some_and(|found| found.ends_with("sh")));
        assert_eq!(in_path(&["no-such-program-here"]), None);
    }
}
