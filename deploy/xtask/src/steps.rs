//! Runs a table of named steps, each with its duration, and sums up.

use std::time::{Duration, Instant};

use crate::browser::{self, Browser};
use crate::firefox::{self, Firefox};
use crate::place::Place;
use crate::run::{Done, Failure};
use crate::toolchain::{self, Wasm};

/// One line of the table.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// A binary of the tests crate without which the step is skipped, loudly.
    pub(crate) needs_binary: Option<&'static str>,
    pub(crate) run: fn(&mut Workshop) -> Done,
}

/// What later steps have from earlier ones.
pub(crate) struct Workshop {
    pub(crate) place: Place,
    wasm: Option<Wasm>,
    browser: Option<Browser>,
    firefox: Option<Firefox>,
}

impl Workshop {
    fn new(place: &Place) -> Self {
        Self { place: place.clone(), wasm: None, browser: None, firefox: None }
    }

    /// Looked for once.
    pub(crate) fn wasm(&mut self) -> Done<&Wasm> {
        let wasm = match self.wasm.take() {
            Some(wasm) => wasm,
            None => toolchain::ensure_wasm32(&self.place)?,
        };
        Ok(self.wasm.insert(wasm))
    }

    /// Looked for once.
    pub(crate) fn browser(&mut self) -> Done<&Browser> {
        let browser = match self.browser.take() {
            Some(browser) => browser,
            None => browser::ensure_chromium()?,
        };
        Ok(self.browser.insert(browser))
    }

    /// Looked for once.
    pub(crate) fn firefox(&mut self) -> Done<&Firefox> {
        let firefox = match self.firefox.take() {
            Some(firefox) => firefox,
            None => firefox::ensure(&self.place)?,
        };
        Ok(self.firefox.insert(firefox))
    }
}

/// Whether one failure makes the rest pointless.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum AfterFailure {
    Stop,
    GoOn,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Passed,
    Failed,
    Skipped,
    NotRun,
}

pub(crate) fn run_all(place: &Place, what: &str, steps: &[Step], after_failure: AfterFailure) -> Done {
    let begin = Instant::now();
    let report = work(&mut Workshop::new(place), steps, after_failure);
    println!("\n{what}");
    for (step, (outcome, took)) in steps.iter().zip(&report) {
        println!("    {:<28} {:<8} {:>9}", step.name, word(outcome), seconds(*took));
    }
    println!("    {:<28} {:<8} {:>9}", "all", "", seconds(begin.elapsed()));
    let failed = steps.iter().zip(&report).filter(|(_, (outcome, _))| *outcome == Outcome::Failed);
    let failed: Vec<&str> = failed.map(|(step, _)| step.name).collect();
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("{what} failed: {}", failed.join(", "))))
}

fn work(workshop: &mut Workshop, steps: &[Step], after_failure: AfterFailure) -> Vec<(Outcome, Duration)> {
    let mut report = Vec::new();
    let mut stopped = false;
    for step in steps {
        if stopped {
            report.push((Outcome::NotRun, Duration::ZERO));
            continue;
        }
        println!("\n── {}", step.name);
        let begin = Instant::now();
        let outcome = one(workshop, step);
        println!("── {}: {}, {}", step.name, word(&outcome), seconds(begin.elapsed()));
        stopped = outcome == Outcome::Failed && after_failure == AfterFailure::Stop;
        report.push((outcome, begin.elapsed()));
    }
    report
}

fn one(workshop: &mut Workshop, step: &Step) -> Outcome {
    if let Some(binary) = step.needs_binary
        && !workshop.place.has_tests_binary(binary)
    {
        println!("    !! SKIPPED: tests/src/bin/{binary}.rs does not exist yet");
        return Outcome::Skipped;
    }
    match (step.run)(workshop) {
        Ok(()) => Outcome::Passed,
        Err(failure) => {
            println!("    !! {}", failure.message);
            Outcome::Failed
        }
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "FAILED",
        Outcome::Skipped => "SKIPPED",
        Outcome::NotRun => "not run",
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 3] = [
        Step { name: "absent", needs_binary: Some("no-such-binary"), run: |_| Err(Failure::new("was run")) },
        Step { name: "broken", needs_binary: None, run: |_| Err(Failure::new("broke")) },
        Step { name: "sound", needs_binary: None, run: |_| Ok(()) },
    ];

    fn outcomes(after_failure: AfterFailure) -> Vec<Outcome> {
        let place = Place { root: "/nowhere".into(), target: "/nowhere".into() };
        let report = work(&mut Workshop::new(&place), &STEPS, after_failure);
        report.into_iter().map(|(outcome, _)| outcome).collect()
    }

    #[test]
    fn a_step_whose_binary_is_absent_is_skipped_and_a_failure_stops_the_rest() {
        assert_eq!(outcomes(AfterFailure::Stop), [Outcome::Skipped, Outcome::Failed, Outcome::NotRun]);
    }

    #[test]
    fn checks_go_on_after_a_failure_and_still_fail_as_a_whole() {
        assert_eq!(outcomes(AfterFailure::GoOn), [Outcome::Skipped, Outcome::Failed, Outcome::Passed]);
        let place = Place { root: "/nowhere".into(), target: "/nowhere".into() };
        let failure = run_all(&place, "check", &STEPS, AfterFailure::GoOn).unwrap_err();
        assert_eq!(failure.message, "check failed: broken");
    }
}
