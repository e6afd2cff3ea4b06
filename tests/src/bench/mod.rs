//! How fast help calls are: the real relay as a process, real client cores, and what they may take
//! (`performance.md`, E; study: on-call, 3.3).
//!
//! What cannot be seen from outside is measured from earlier: a page from the moment its raise leaves the client, not from
//! the commit that answers it. So no figure is kinder than the truth.

mod boot;
mod calls;
mod stage;

pub use boot::boot;
pub use calls::calls;

use std::fmt;
use std::time::Duration;

/// One figure.
#[derive(Clone, Debug)]
pub struct Row {
    /// Of what.
    pub what: String,
    /// How long it took.
    pub took: Duration,
    /// How long it may take; none: it is only told.
    pub budget: Option<Duration>,
}

impl Row {
    fn new(what: impl Into<String>, took: Duration, budget_ms: Option<u64>) -> Self {
        Self { what: what.into(), took, budget: budget_ms.map(Duration::from_millis) }
    }

    /// Whether it took no longer than it may.
    pub fn is_kept(&self) -> bool {
        self.budget.is_none_or(|budget| self.took <= budget)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        write!(f, "{:<44} {:>10}", self.what, ms(self.took))?;
        match self.budget {
            Some(budget) => {
                let ratio = self.took.as_secs_f64() / budget.as_secs_f64();
                let mark = if self.is_kept() { "" } else { "  !!" };
                write!(f, " {:>10} {ratio:>8.2}{mark}", ms(budget))
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
