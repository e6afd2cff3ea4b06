//! Days and times (RFC 5545, 3.3.4, 3.3.5 and 3.3.6), as the wall clock of a zone shows them.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use lotgenoot_protocol::duty::CalendarFault;

use super::lines::Read;
use super::read::Unread;

/// What is not named by the IANA database, by those of its zones that a calendar made near here may mean (Unicode CLDR,
/// windowsZones).
const OTHER_NAMES: [(&str, &str); 10] = [
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("FLE Standard Time", "Europe/Kyiv"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Turkey Standard Time", "Europe/Istanbul"),
];

/// A time of the wall clock, and of which.
#[derive(Clone, Debug)]
pub(super) struct When {
    pub(super) at: DateTime,
    pub(super) zone: TimeZone,
    /// A whole day.
    pub(super) day: bool,
}

/// Reads the times of such a property: one, or several with commas between them. What is in no zone is in `home`.
pub(super) fn times(read: &Read<'_>, home: &TimeZone) -> Result<Vec<When>, Unread> {
    let zone = match read.parameter("TZID") {
        Some(name) => named(name).ok_or_else(|| read.unread(CalendarFault::Zone))?,
        None => home.clone(),
    };
    let one = |text: &str| time(text.trim(), &zone).ok_or_else(|| read.unread(CalendarFault::Time));
    read.value().split(',').map(one).collect()
}

/// Reads one.
pub(super) fn time(text: &str, zone: &TimeZone) -> Option<When> {
    if text.len() == 8 {
        let at = Date::strptime("%Y%m%d", text).ok()?.to_datetime(Time::midnight());
        return Some(When { at, zone: zone.clone(), day: true });
    }
    let (text, zone) = match text.strip_suffix('Z') {
        Some(text) => (text, TimeZone::UTC),
        None => (text, zone.clone()),
    };
    let at = DateTime::strptime("%Y%m%dT%H%M%S", text).ok().filter(|_| text.len() == 15)?;
    Some(When { at, zone, day: false })
}

/// A time zone by its name, as the database or another program writes it.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("UTC") {
        return Some(TimeZone::UTC);
    }
    // Some programs write a path before the name: `/freeassociation.sourceforge.net/Europe/Amsterdam`.
    let last_two = name.rmatch_indices('/').nth(1).map(|(at, _)| &name[at + 1..]);
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, zone)| *zone);
    [Some(name), other, last_two].into_iter().flatten().find_map(|name| TimeZone::get(name).ok())
}

/// How long something lasts (RFC 5545, 3.3.6): `P1D`, `PT8H`, `P1W`.
pub(super) fn duration(text: &str) -> Option<Span> {
    let weeks_or_days = text.strip_prefix('+').unwrap_or(text);
    let span: Span = weeks_or_days.parse().ok().filter(|_| weeks_or_days.starts_with('P'))?;
    (span.is_positive() && span.get_months() == 0 && span.get_years() == 0).then_some(span)
}

impl When {
    /// What the clock of another zone shows then. Of the hour that comes twice: the first for what begins, the second for
    /// what ends.
    pub(super) fn in_zone(&self, zone: &TimeZone, ends: bool) -> Option<DateTime> {
        if self.zone == *zone || self.day {
            return Some(self.at);
        }
        let zoned = self.zone.to_ambiguous_zoned(self.at);
        let zoned = if ends { zoned.later() } else { zoned.compatible() };
        Some(zone.to_datetime(zoned.ok()?.timestamp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").unwrap()
    }

    #[test]
    fn a_time_is_the_wall_clocks_of_its_zone() {
        let local = time("20261201T230000", &amsterdam()).unwrap();
        assert_eq!((local.at, local.day), (datetime(2026, 12, 1, 23, 0, 0, 0), false));
        let utc = time("20261201T220000Z", &amsterdam()).unwrap();
        assert_eq!(utc.in_zone(&amsterdam(), false), Some(local.at));
        let day = time("20261201", &TimeZone::UTC).unwrap();
        assert_eq!(day.in_zone(&amsterdam(), false), Some(date(2026, 12, 1).at(0, 0, 0, 0)));
        for text in [
            "",
            "2026121",
            "20261301",
            "20261201T2300",
            "20261201T230000+01",
            "2026-12-01T23:00:00",
            "vandaag",
        ] {
            assert!(time(text, &TimeZone::UTC).is_none(), "{text}");
        }
    }

    #[test]
    fn zones_are_known_by_the_names_that_other_programs_give_them() {
        for name in [
            "Europe/Amsterdam",
            "W. Europe Standard Time",
            "/freeassociation.sourceforge.net/Europe/Paris",
            "UTC",
        ] {
            assert!(named(name).is_some(), "{name}");
        }
        for name in ["", "Europe/Nergens", "Customized Time Zone", "/"] {
            assert!(named(name).is_none(), "{name}");
        }
        assert!(OTHER_NAMES.iter().all(|(_, zone)| TimeZone::get(zone).is_ok()));
    }

    #[test]
    fn a_duration_is_of_weeks_days_hours_and_never_nothing() {
        let from = datetime(2026, 12, 1, 20, 0, 0, 0);
        for (text, until) in [("PT8H", (2, 4)), ("P1D", (2, 20)), ("P1W", (8, 20)), ("P1DT2H30M", (2, 22))] {
            let until_is = from.checked_add(duration(text).unwrap()).unwrap();
            assert_eq!((until_is.day(), until_is.hour()), until, "{text}");
        }
        for text in ["", "PT0S", "-PT1H", "P1M", "P1Y", "1 uur", "PT"] {
            assert!(duration(text).is_none(), "{text}");
        }
    }
}
