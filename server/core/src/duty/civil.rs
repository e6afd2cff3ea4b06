//! Civil time in a zone. A shift begins and ends at the wall clock's time, never "so many seconds later": on the two days a
//! year on which a day has not 24 hours, seconds make a hole (study: on-call, 1.2).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lotgenoot_protocol::Timestamp;

/// When something begins that begins at this time of the wall clock. In a gap: as much later (RFC 5545, 3.3.5); where the
/// clock shows it twice: the first time.
pub(super) fn begins(zone: &TimeZone, at: DateTime) -> Timestamp {
    moment(zone.to_ambiguous_zoned(at).compatible(), at)
}

/// When something ends that ends at this time of the wall clock. Where the clock shows it twice: the second time, so that
/// two shifts overlap for an hour and nobody is missing.
pub(super) fn ends(zone: &TimeZone, at: DateTime) -> Timestamp {
    moment(zone.to_ambiguous_zoned(at).later(), at)
}

/// What the wall clock shows.
pub(super) fn local(zone: &TimeZone, at: Timestamp) -> DateTime {
    let ms = i64::try_from(at.0).unwrap_or(i64::MAX);
    let moment = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::MAX);
    zone.to_datetime(moment)
}

// What is beyond the calendar is at its end: long ago, or never.
fn moment(zoned: Result<jiff::Zoned, jiff::Error>, at: DateTime) -> Timestamp {
    let beyond = if at.year() < 1970 { 0 } else { i64::MAX };
    let ms = zoned.map_or(beyond, |zoned| zoned.timestamp().as_millisecond());
    Timestamp(u64::try_from(ms).unwrap_or(0))
}
