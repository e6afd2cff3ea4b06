//! The table at the end, and whether the run proves anything.

use std::fmt;
use std::time::Duration;

use lotgenoot_client::messages::CallState;

use super::load::Load;
use super::plan::Minimum;
use super::sinks::Kind;
use super::verdict::{Case, Violation};

// More lines than this do not make it clearer.
const LINES_MAX: usize = 40;

/// What happened, in numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    raised: usize,
    accepted: usize,
    acknowledged: usize,
    spoken: usize,
    closed: usize,
    led_by_several: usize,
    // Per channel: pages that came, messages in all, those taken more than once.
    channels: [(usize, usize, usize); 3],
    pages: usize,
    pages_not_needed: usize,
    pages_refused: usize,
    retries: usize,
}

const KINDS: [(Kind, &str); 3] =
    [(Kind::Push, "web push"), (Kind::Mail, "mail"), (Kind::Text, "text messages")];

impl Figures {
    /// Counted when nothing happens any more.
    pub(super) fn of(case: &Case<'_>) -> Self {
        let mut figures = Self { raised: case.callers.len(), ..Self::default() };
        for caller in case.callers {
            caller.sees(|seen| {
                let Some(own) = seen.own() else { return };
                figures.accepted += usize::from(own.stored);
                figures.spoken += usize::from(seen.is_spoken(own));
                figures.closed += usize::from(own.view.state == CallState::Closed);
            });
        }
        figures.acknowledged = case.book.leads.len();
        figures.led_by_several = case.book.leads.values().filter(|leads| leads.len() > 1).count();
        for (at, (kind, _)) in KINDS.iter().enumerate() {
            let of_it = || {
                case.landed.iter().filter(|(name, it)| it.kind == *kind && case.book.left.contains_key(*name))
            };
            let (taken, all) = (of_it().filter(|(_, it)| it.taken > 0), of_it().map(|(_, it)| it.times));
            let doubled = of_it().map(|(_, it)| it.taken.saturating_sub(1));
            figures.channels[at] = (taken.count(), all.sum(), doubled.sum());
        }
        for paged in case.book.pages() {
            figures.pages += 1;
            let is_refused =
                paged.names.iter().any(|name| case.landed.get(name).is_some_and(|it| it.refused));
            let has_come = case.has_come(paged);
            figures.pages_refused += usize::from(!has_come && is_refused);
            figures.pages_not_needed += usize::from(!has_come && !is_refused);
        }
        figures.retries = case.book.left.values().map(|times| times - 1).sum();
        figures
    }

    /// Whether everybody who was told "ok" has read somebody's words.
    pub(super) fn all_are_helped(&self) -> bool {
        self.spoken >= self.accepted
    }
}

/// What a run came to.
pub struct Report {
    pub(super) set_up: Duration,
    pub(super) settled: Duration,
    pub(super) load: Load,
    pub(super) figures: Figures,
    pub(super) violations: Vec<Violation>,
    pub(super) complaints: Vec<String>,
}

impl Report {
    /// Whether nothing was lost, doubled or led by two.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.complaints.is_empty()
    }

    /// What happened too seldom for the run to prove anything.
    pub fn too_few(&self, minimum: &Minimum) -> Vec<String> {
        let came: usize = self.figures.channels.iter().map(|(taken, ..)| taken).sum();
        let counted = [
            ("help calls accepted", self.figures.accepted, minimum.calls),
            ("messages that reached a sink", came, minimum.pages),
            ("retries", self.figures.retries, minimum.retries),
            ("kills", self.load.kills, minimum.kills),
        ];
        let few = counted.into_iter().filter(|(_, count, least)| count < least);
        few.map(|(what, count, least)| format!("{what}: {count}, at least {least} are needed")).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let it = &self.figures;
        let mut rows = vec![
            ("set-up", seconds(self.set_up)),
            ("under load", seconds(self.load.length)),
            ("settled after the last kill", seconds(self.settled)),
            ("kills", self.load.kills.to_string()),
            ("  inside a write transaction", self.load.kills_while_writing.to_string()),
            ("  down, the longest", format!("{:.0?}", self.load.longest_down)),
            ("help calls raised", it.raised.to_string()),
            ("  accepted (answered \"ok\")", it.accepted.to_string()),
            ("  acknowledged", it.acknowledged.to_string()),
            ("  first words read", it.spoken.to_string()),
            ("  closed", it.closed.to_string()),
            ("  led by more than one in turn", it.led_by_several.to_string()),
            ("pages committed", it.pages.to_string()),
            ("  not needed before they came", it.pages_not_needed.to_string()),
            ("  refused for good by a provider", it.pages_refused.to_string()),
            ("messages sent again", it.retries.to_string()),
        ];
        for ((_, name), (taken, times, doubled)) in KINDS.iter().zip(&it.channels) {
            rows.push((name, format!("{taken} came, {times} tries, {doubled} twice")));
        }
        for (what, figure) in rows {
            writeln!(f, "    {what:<34} {figure:>36}")?;
        }
        let complaints = self.complaints.iter().cloned();
        let lines: Vec<String> = complaints.chain(self.violations.iter().map(ToString::to_string)).collect();
        for line in lines.iter().take(LINES_MAX) {
            writeln!(f, "    !! {line}")?;
        }
        if lines.len() > LINES_MAX {
            writeln!(f, "    !! and {} more", lines.len() - LINES_MAX)?;
        }
        Ok(())
    }
}
