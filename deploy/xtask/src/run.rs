//! Runs child commands: says what it runs, and what failed.

use std::env;
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::place::Place;

pub(crate) type Done<T = ()> = Result<T, Failure>;

/// What went wrong and what to do next, for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) message: String,
    /// The exit code; a child's own where a child failed.
    pub(crate) code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: 1 }
    }

    /// A file or folder that would not be read or written.
    pub(crate) fn about(path: &Path, error: &io::Error) -> Self {
        Self::new(format!("{}: {error}", path.display()))
    }
}

/// `cargo` in the root, as if called from a shell.
pub(crate) fn cargo(place: &Place, subcommand: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(subcommand).current_dir(&place.root);
    // `cargo run` tells us who *we* are. Handed on, this would make build scripts that watch these variables run
    // again each time a build alternates between `cargo` and `cargo xtask`.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(describes_this_package) {
            cargo.env_remove(name);
        }
    }
    if env::var_os("CARGO_TARGET_DIR").is_some() || place.target != place.root.join("target") {
        cargo.env("CARGO_TARGET_DIR", &place.target);
    }
    cargo
}

fn describes_this_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
        .iter()
        .any(|prefix| variable.starts_with(prefix))
}

/// Runs to the end with our terminal; anything but success is a failure.
pub(crate) fn run(command: &mut Command) -> Done {
    println!("    $ {}", echo(command));
    let status = command.status().map_err(|error| not_started(command, &error))?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(Failure { message: format!("`{}` failed: {status}", echo(command)), code })
}

/// Runs quietly and returns what it printed.
pub(crate) fn output(command: &mut Command) -> Done<String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| not_started(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`{}` failed: {}\n{}", echo(command), output.status, said.trim_end())))
}

/// Becomes the command: its terminal, its signals and its exit code are then really its own, so Ctrl-C reaches it once
/// and nobody returns to the prompt while it still tidies up.
pub(crate) fn become_it(command: &mut Command) -> Done {
    println!("    $ {}", echo(command));
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let error = command.exec();
        Err(not_started(command, &error))
    }
    #[cfg(not(unix))]
    run(command)
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    Failure::new(format!("could not start `{}`: {error}", command.get_program().display()))
}

/// The command as one could type it.
fn echo(command: &Command) -> String {
    let variables = command.get_envs().filter_map(|(name, value)| {
        let value = value?;
        Some(format!("{}={}", name.display(), quoted(value)))
    });
    let program = match Path::new(command.get_program()).file_stem() {
        Some(name) if name == "cargo" => "cargo".to_owned(),
        _ => quoted(command.get_program()),
    };
    variables.chain([program]).chain(command.get_args().map(quoted)).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "-_=+./,:~@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_echo_can_be_pasted_into_a_shell() {
        let mut command = Command::new("/somewhere/bin/cargo");
        command.args(["build", "-p", "two words", "it's"]).env("A", "1 2").env_remove("B");
        assert_eq!(echo(&command), r"A='1 2' cargo build -p 'two words' 'it'\''s'");
    }

    #[test]
    fn a_failure_names_the_command_and_keeps_its_exit_code() {
        let failure = run(Command::new("sh").args(["-c", "exit 7"])).unwrap_err();
        assert_eq!(failure.code, 7);
        assert!(failure.message.contains("exit 7"), "{}", failure.message);
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let failure = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(failure.message.contains("no-such-program-here"), "{}", failure.message);
    }
}
