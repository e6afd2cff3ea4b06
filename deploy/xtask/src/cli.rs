//! Decides what was asked. Knows nothing of how it is done.
//!
//! By hand and not with clap: this crate stands before every other command, so it must compile quickly.

use std::path::PathBuf;

use crate::run::{Done, Failure};

pub(crate) const HELP: &str = "\
cargo xtask <command>

  demo  [--check] [--debug] [--port N]   build everything, start it, print one link per role
                                         --check: let a real browser try it, then stop
  test                                   every test, the browser ones included
  check                                  formatting and lints
  shots                                  every screen as pictures: two sizes, light and dark, into target/shots
  client [--out DIR] [--pages DIR]       the browser client, into target/client
  client --verify                        the same from another folder, and whether every byte is
  chaos [--debug] [arguments…]           real relay, real clients, bad luck; --calls: help calls and their pages
  bench [--debug] fanout|idle|storm|commits|growth|boot|calls|client|web
                                         how fast it is, beside a ruler or against what it may take; --help: more
  sim   [--debug] [arguments…]           the simulator: seeds and unkind networks
  setup                                  only what the others do first: the wasm32 target, Chromium";

/// What was asked, with its options.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Setup,
    Client { out: Option<PathBuf>, pages: Option<PathBuf> },
    Verify,
    Demo(Demo),
    Test,
    Check,
    Shots,
    Chaos { debug: bool, arguments: Vec<String> },
    Sim { debug: bool, arguments: Vec<String> },
    Bench { debug: bool, arguments: Vec<String> },
}

/// The options of `demo`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Demo {
    /// Let a real browser walk through it, then stop.
    pub(crate) check: bool,
    /// The dev profile: starts sooner after a change, runs slower.
    pub(crate) debug: bool,
    /// A fixed port instead of a free one.
    pub(crate) port: Option<u16>,
}

pub(crate) fn parse(arguments: &[String]) -> Done<Command> {
    let Some((command, rest)) = arguments.split_first() else { return Ok(Command::Help) };
    match command.as_str() {
        "help" | "--help" | "-h" => Ok(Command::Help),
        "setup" => no_options(command, rest, Command::Setup),
        "test" => no_options(command, rest, Command::Test),
        "check" => no_options(command, rest, Command::Check),
        "shots" => no_options(command, rest, Command::Shots),
        "client" => client(rest),
        "demo" => demo(rest),
        "chaos" => Ok(Command::Chaos { debug: has_debug(rest), arguments: without_debug(rest) }),
        "bench" => Ok(Command::Bench { debug: has_debug(rest), arguments: without_debug(rest) }),
        "sim" => Ok(Command::Sim { debug: has_debug(rest), arguments: without_debug(rest) }),
        other => Err(refused(format!("there is no command `{other}`"))),
    }
}

fn no_options(command: &str, rest: &[String], parsed: Command) -> Done<Command> {
    match rest.first() {
        None => Ok(parsed),
        Some(first) => Err(refused(format!("`{command}` takes no `{first}`"))),
    }
}

fn client(rest: &[String]) -> Done<Command> {
    if let [option] = rest
        && option == "--verify"
    {
        return Ok(Command::Verify);
    }
    let (mut out, mut pages) = (None, None);
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        match option.as_str() {
            "--out" => out = Some(PathBuf::from(value(option, rest.next())?)),
            "--pages" => pages = Some(PathBuf::from(value(option, rest.next())?)),
            other => return Err(refused(format!("`client` takes no `{other}`"))),
        }
    }
    Ok(Command::Client { out, pages })
}

fn demo(rest: &[String]) -> Done<Command> {
    let mut options = Demo::default();
    let mut rest = rest.iter();
    while let Some(option) = rest.next() {
        match option.as_str() {
            "--check" => options.check = true,
            "--debug" => options.debug = true,
            "--port" => {
                let given = value(option, rest.next())?;
                let port =
                    given.parse().map_err(|_| refused(format!("`{given}` is not a port (0–65535)")))?;
                options.port = Some(port);
            }
            other => return Err(refused(format!("`demo` takes no `{other}`"))),
        }
    }
    Ok(Command::Demo(options))
}

fn has_debug(rest: &[String]) -> bool {
    rest.iter().any(|argument| argument == "--debug")
}

fn without_debug(rest: &[String]) -> Vec<String> {
    rest.iter().filter(|argument| *argument != "--debug").cloned().collect()
}

fn value<'a>(option: &str, given: Option<&'a String>) -> Done<&'a str> {
    given.map(String::as_str).ok_or_else(|| refused(format!("`{option}` needs a value")))
}

fn refused(what: String) -> Failure {
    Failure { message: format!("{what}\n\n{HELP}"), code: 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Done<Command> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn nothing_asked_is_a_question_for_help() {
        assert_eq!(parsed("").unwrap(), Command::Help);
        assert_eq!(parsed("--help").unwrap(), Command::Help);
    }

    #[test]
    fn demo_takes_its_options_in_any_order() {
        let all = Command::Demo(Demo { check: true, debug: true, port: Some(8080) });
        assert_eq!(parsed("demo --port 8080 --debug --check").unwrap(), all);
        assert_eq!(parsed("demo").unwrap(), Command::Demo(Demo::default()));
    }

    #[test]
    fn chaos_keeps_debug_and_passes_on_the_rest() {
        let arguments = vec!["--seconds".to_owned(), "5".to_owned()];
        assert_eq!(parsed("chaos --seconds 5 --debug").unwrap(), Command::Chaos { debug: true, arguments });
    }

    #[test]
    fn client_may_go_elsewhere() {
        let elsewhere = Command::Client { out: Some("/tmp/c".into()), pages: None };
        assert_eq!(parsed("client --out /tmp/c").unwrap(), elsewhere);
        assert_eq!(parsed("client --verify").unwrap(), Command::Verify);
    }

    #[test]
    fn what_is_not_understood_is_named_and_exits_with_2() {
        for (line, named) in [
            ("dmeo", "`dmeo`"),
            ("demo --port", "`--port`"),
            ("demo --port x", "`x`"),
            ("test --fast", "`--fast`"),
        ] {
            let failure = parsed(line).unwrap_err();
            assert!(failure.message.contains(named), "{line}: {}", failure.message);
            assert_eq!(failure.code, 2);
        }
    }
}
