//! How long ago, and what time: never more exact than somebody needs, never a countdown.

/// Milliseconds of a minute.
pub const MINUTE_MS: u64 = 60_000;

/// Days before a certificate ends in which that is said.
pub const WARNED_DAYS: u64 = 14;

/// Whole days until a certificate ends, once it is time to say so.
#[must_use]
pub fn days_left(until_ms: u64, now_ms: u64) -> Option<u64> {
    let days = until_ms.saturating_sub(now_ms) / (24 * 60 * MINUTE_MS);
    (days <= WARNED_DAYS).then_some(days)
}

/// Whole minutes between two moments; none if the clocks disagree.
#[must_use]
pub fn minutes(since_ms: u64, now_ms: u64) -> u64 {
    now_ms.saturating_sub(since_ms) / MINUTE_MS
}

/// `mm:ss`, counting up; hours stay minutes, so that the width of the number tells how long it has been.
#[must_use]
pub fn stopwatch(since_ms: u64, now_ms: u64) -> String {
    let seconds = now_ms.saturating_sub(since_ms) / 1000;
    format!("{:02}:{:02}", seconds / 60, seconds % 60)
}

/// `HH:MM` where she is; `offset_minutes` is what JavaScript calls the time zone offset (UTC minus local).
#[must_use]
pub fn time_of_day(at_ms: u64, offset_minutes: i64) -> String {
    let at_minutes = i64::try_from(at_ms / MINUTE_MS).unwrap_or_default();
    let minutes = (at_minutes - offset_minutes).rem_euclid(24 * 60);
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stopwatch_counts_up_and_never_below_zero() {
        assert_eq!(stopwatch(1_000, 1_000), "00:00");
        assert_eq!(stopwatch(0, 65_999), "01:05");
        assert_eq!(stopwatch(0, 100 * MINUTE_MS), "100:00");
        assert_eq!(stopwatch(5_000, 0), "00:00");
    }

    #[test]
    fn two_weeks_before_a_certificate_ends_it_is_said() {
        let day = 24 * 60 * MINUTE_MS;
        assert_eq!(days_left(90 * day, 0), None);
        assert_eq!(days_left(90 * day, 75 * day), None);
        assert_eq!(days_left(90 * day, 76 * day), Some(14));
        assert_eq!(days_left(90 * day, 90 * day - 1), Some(0));
        assert_eq!(days_left(90 * day, 99 * day), Some(0));
    }

    #[test]
    fn the_time_is_hers() {
        assert_eq!(time_of_day(0, 0), "00:00");
        assert_eq!(time_of_day(0, -60), "01:00");
        assert_eq!(time_of_day(30 * MINUTE_MS, 60), "23:30");
    }
}
