//! When numbers were checked, and which should be looked at again.

use lotgenoot_messages::OwnLinesView;

use super::Model;
use crate::lines::Line;

/// Longer ago than this, somebody should look again. Months: half a year, as the design has it.
const STALE_MONTHS: u64 = 6;
const DAY_MS: u64 = 24 * 60 * 60_000;

/// A year and a month.
pub type Month = (u64, u64);

impl Model {
    /// Numbers that the organisation lists itself.
    #[must_use]
    pub fn own_lines(&self) -> &OwnLinesView {
        &self.own_lines
    }

    /// When a number that everybody has was checked: as the data file says, or by a coordinator since then.
    #[must_use]
    pub fn checked(&self, line: &Line) -> Month {
        let again = self.own_lines.checks.iter().filter(|check| check.line == line.id);
        again.map(|check| month_of(check.checked)).chain([line.checked]).max().unwrap_or(line.checked)
    }
}

/// The month of a moment, UTC: a day more or less does not matter here.
#[must_use]
pub fn month_of(at_ms: u64) -> Month {
    // Howard Hinnant's `civil_from_days` (public domain), for days since 1970.
    let days = at_ms / DAY_MS + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month)
}

/// Whether somebody should look at it again.
#[must_use]
pub fn is_stale((year, month): Month, now_ms: u64) -> bool {
    let (now_year, now_month) = month_of(now_ms);
    (now_year * 12 + now_month).saturating_sub(year * 12 + month) > STALE_MONTHS
}

/// Whether this can be dialled: three digits at least, with `+`, spaces and hyphens.
#[must_use]
pub fn is_line_number(typed: &str) -> bool {
    let dialled = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-');
    typed.len() <= 24 && typed.chars().all(dialled) && typed.chars().filter(char::is_ascii_digit).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::LINES;
    use lotgenoot_messages::{Event, LineCheckView};

    // 1 December 2026, 02:00 UTC.
    const NOW: u64 = 1_796_090_400_000;

    #[test]
    fn a_number_is_old_after_half_a_year_and_new_once_it_was_looked_at() {
        assert_eq!(month_of(0), (1970, 1));
        assert_eq!(month_of(951_782_400_000), (2000, 2), "29 February");
        assert_eq!(month_of(NOW), (2026, 12));
        assert!(!is_stale((2026, 6), NOW) && is_stale((2026, 5), NOW) && !is_stale((2027, 1), NOW));
        let line = LINES[0];
        let mut model = Model::default();
        assert_eq!(model.checked(&line), line.checked);
        let later = NOW + 365 * DAY_MS;
        let check = LineCheckView { line: line.id.to_owned(), checked: later };
        model.handle(Event::OwnLines(OwnLinesView { lines: Vec::new(), checks: vec![check] }));
        assert_eq!(model.checked(&line), (2027, 12));
    }

    #[test]
    fn what_cannot_be_dialled_is_no_number() {
        for (typed, can) in [("14 078", true), ("+31 78-770", true), ("bel", false), ("12", false)] {
            assert_eq!(is_line_number(typed), can, "{typed}");
        }
    }
}
