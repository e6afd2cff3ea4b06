//! The table at the end, and whether the run proves anything.

use std::fmt::{self, Write as _};
use std::time::Duration;

use super::cast::Tally;
use super::director::Load;
use super::plan::Minimum;
use super::verdict::Violation;

// More lines than this do not make it clearer.
const LINES_MAX: usize = 40;

/// What a run came to.
pub struct Report {
    pub(super) set_up: Duration,
    pub(super) settled: Duration,
    pub(super) before: Tally,
    pub(super) in_time: Tally,
    pub(super) after: Tally,
    pub(super) load: Load,
    pub(super) violations: Vec<Violation>,
    pub(super) complaints: Vec<String>,
}

impl Report {
    /// Whether nothing was lost, doubled or seen differently.
    pub fn is_clean(&self) -> bool {
        self.violations.is_empty() && self.complaints.is_empty()
    }

    /// What happened too seldom for the run to prove anything.
    pub fn too_few(&self, minimum: &Minimum) -> Vec<String> {
        let counted = [
            ("acknowledged messages", self.in_time.acknowledged - self.before.acknowledged, minimum.messages),
            ("help calls", self.in_time.calls - self.before.calls, minimum.calls),
            ("commits", self.in_time.commits - self.before.commits, minimum.commits),
            ("kills", self.load.kills, minimum.kills),
            ("kills while writing", self.load.kills_while_writing, minimum.kills_while_writing),
        ];
        let few = counted.into_iter().filter(|(_, count, least)| count < least);
        few.map(|(what, count, least)| format!("{what}: {count}, at least {least} are needed")).collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let (before, in_time, after) = (&self.before, &self.in_time, &self.after);
        let mean_down = self.load.down / u32::try_from(self.load.kills.max(1)).unwrap_or(1);
        let rows = [
            ("set-up", seconds(self.set_up)),
            ("under load", seconds(self.load.length)),
            ("settled after the last kill", seconds(self.settled)),
            ("kills", self.load.kills.to_string()),
            ("  inside a write transaction", self.load.kills_while_writing.to_string()),
            ("  down, mean and longest", format!("{mean_down:.0?}, {:.0?}", self.load.longest_down)),
            ("messages acknowledged", (in_time.acknowledged - before.acknowledged).to_string()),
            ("  with those that settled", (after.acknowledged - before.acknowledged).to_string()),
            ("  refused (said while leaving)", after.refused.to_string()),
            ("lines shown on all screens", (after.shown - before.shown).to_string()),
            ("commits in peer rooms", (in_time.commits - before.commits).to_string()),
            ("stays in peer rooms", format!("{} + {}", before.stays, after.stays - before.stays)),
            ("help calls stored", (in_time.calls - before.calls).to_string()),
            ("  answered, closed", format!("{}, {}", after.calls_active, after.calls_closed)),
        ];
        for (what, figure) in rows {
            writeln!(f, "    {what:<32} {figure:>16}")?;
        }
        for (what, count) in &after.failures {
            writeln!(f, "    {:<32} {count:>16}", format!("told: {what}"))?;
        }
        let mut lines = String::new();
        for complaint in &self.complaints {
            writeln!(lines, "    !! {complaint}")?;
        }
        for violation in &self.violations {
            writeln!(lines, "    !! {violation}")?;
        }
        for line in lines.lines().take(LINES_MAX) {
            writeln!(f, "{line}")?;
        }
        let count = lines.lines().count();
        if count > LINES_MAX {
            writeln!(f, "    !! and {} more", count - LINES_MAX)?;
        }
        Ok(())
    }
}
