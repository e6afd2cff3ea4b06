//! How fast help calls are, and how light the page: the real relay as a process, real client cores, real browsers, and what
//! they may take (`performance.md`, E and F; study: on-call, 3.3).
//!
//! What cannot be seen from outside is measured from earlier: a page from the moment its raise leaves the client, not from
//! the commit that answers it. So no figure is kinder than the truth.

mod boot;
mod calls;
mod client;
mod commits;
mod fanout;
mod growth;
mod idle;
pub mod load;
pub mod ruler;
pub mod slow_line;
mod stage;
mod storm;
mod table;
mod web;

pub use boot::boot;
pub use calls::{Calls, calls};
pub use client::client;
pub use commits::commits;
pub use fanout::{Fanout, fanout, own_program};
pub use growth::growth;
pub use idle::idle;
pub use storm::storm;
pub use table::Table;
pub use web::web;

use std::fmt;
use std::time::Duration;

/// What was measured, or may be at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// How long it took.
    Time(Duration),
    /// How much was carried.
    Bytes(u64),
}

impl Figure {
    // In one unit each, to be compared with another of its kind.
    fn plain(self) -> f64 {
        match self {
            Self::Time(time) => time.as_secs_f64(),
            Self::Bytes(bytes) => bytes as f64,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Time(time) => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
            Self::Bytes(bytes) => format!("{:.1} kB", *bytes as f64 / 1000.0),
        };
        f.pad(&text)
    }
}

/// One figure, and what it may be.
#[derive(Clone, Debug)]
pub struct Row {
    /// Of what.
    pub what: String,
    /// What was measured.
    pub measured: Figure,
    /// What it may be, of the same kind; none: it is only told.
    pub budget: Option<Figure>,
}

impl Row {
    fn new(what: impl Into<String>, took: Duration, budget_ms: Option<u64>) -> Self {
        let budget = budget_ms.map(|ms| Figure::Time(Duration::from_millis(ms)));
        Self { what: what.into(), measured: Figure::Time(took), budget }
    }

    /// Whether it is no more than it may be.
    pub fn is_kept(&self) -> bool {
        self.budget.is_none_or(|budget| self.measured.plain() <= budget.plain())
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<44} {:>10}", self.what, self.measured)?;
        match self.budget {
            Some(budget) => {
                let ratio = self.measured.plain() / budget.plain();
                let mark = if self.is_kept() { "" } else { "  !!" };
                write!(f, " {budget:>10} {ratio:>8.2}{mark}")
            }
            None => Ok(()),
        }
    }
}

// The value that so many in a hundred do not exceed.
fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_value_that_was_measured() {
        let mut times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(&mut times, 50), Duration::from_millis(100));
        assert_eq!(percentile(&mut times, 99), Duration::from_millis(198));
        assert_eq!(percentile(&mut [Duration::from_millis(7)], 99), Duration::from_millis(7));
        assert_eq!(percentile(&mut [], 99), Duration::ZERO);
    }
}
