//! Which moment it is. Devices are hours wrong, and more; the relay is not, but it need not be believed in everything.

use lotgenoot_protocol::Timestamp;

// What ended longer ago than this by the device's clock stays ended, whatever the relay says. Milliseconds: a day.
const BACK_MS_MAX: i64 = 86_400_000;

/// A moment by this device's clock, as the relay's shows it. What leaves here with a date on it is judged by that one.
pub(crate) fn at_relay(here: Timestamp, ahead_ms: i64) -> Timestamp {
    Timestamp(here.0.saturating_add_signed(ahead_ms))
}

/// The moment at which certificates and lifetimes are judged: the relay's, but a relay that sets its clock back brings
/// nothing to life again.
pub(crate) fn judging(here: Timestamp, ahead_ms: i64) -> Timestamp {
    at_relay(here, ahead_ms.max(-BACK_MS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_puts_a_wrong_clock_right_and_brings_nothing_to_life_that_ended_days_ago() {
        let (now, hour_ms) = (Timestamp(1_800_000_000_000), 3_600_000);
        for hours in [-24, -3, 0, 3, 1000] {
            assert_eq!(judging(now, hours * hour_ms), at_relay(now, hours * hour_ms));
        }
        assert_eq!(judging(now, -1000 * hour_ms), at_relay(now, -24 * hour_ms));
    }
}
