//! When something comes again (RFC 5545, 3.3.10), counted on the wall clock alone: a rule knows no summer time. The rule is
//! handed to the library as if it were of UTC, which keeps days of 23 and 25 hours away from it (study: on-call, 4.8).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use lotgenoot_protocol::duty::CalendarFault;
use rrule::{Frequency, RRule, RRuleSet, Tz, Unvalidated};

use super::lines::Read;
use super::read::Unread;
use super::times::{When, time};

// Before this nobody begins what still lasts: a rule is counted from its beginning.
const FROM_YEAR: i16 = 2000;

// As many times as anybody is on duty in a plan (`DUTY_SHIFTS_MAX`), of one event.
const TIMES_MAX: u16 = 5_000;

/// When this rule lets something come again that first comes at `first`: between `from` and `end`, both on its own clock.
pub(super) fn expand(
    read: &Read<'_>,
    first: &When,
    from: DateTime,
    end: DateTime,
) -> Result<Vec<DateTime>, Unread> {
    let wrong = || read.unread(CalendarFault::Rule);
    let (rule, until) = without_until(read.value());
    let mut rule: RRule<Unvalidated> = rule.parse().map_err(|_unreadable| wrong())?;
    let is_coarse = matches!(
        rule.get_freq(),
        Frequency::Daily | Frequency::Weekly | Frequency::Monthly | Frequency::Yearly
    );
    // Several times a day is finer than daily; and the library would make all of a year at once, second by second.
    let is_once_a_day =
        [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()].iter().all(|times| times.len() <= 1);
    if !is_coarse || !is_once_a_day || rule.get_interval() == 0 {
        return Err(wrong());
    }
    if first.at.year() < FROM_YEAR {
        return Err(read.unread(CalendarFault::Time));
    }
    if let Some(until) = until {
        let until = time(until, &first.zone).ok_or_else(wrong)?;
        let last = if until.day {
            until.at.date().at(23, 59, 59, 0)
        } else {
            until.in_zone(&first.zone, true).ok_or_else(wrong)?
        };
        // It comes once all the same.
        if last < first.at {
            return Ok(Vec::new());
        }
        rule = rule.until(as_utc(last).ok_or_else(wrong)?);
    }
    let all = [first.at, from, end].map(as_utc);
    let [Some(first), Some(from), Some(end)] = all else { return Err(wrong()) };
    let rule = rule.validate(first).map_err(|_impossible| wrong())?;
    let found = RRuleSet::new(first).rrule(rule).after(from).before(end).all(TIMES_MAX);
    if found.limited {
        return Err(wrong());
    }
    Ok(found.dates.into_iter().filter_map(|at| wall(at.timestamp())).collect())
}

// The library wants an end in the zone of the beginning, and files do not say it so.
fn without_until(rule: &str) -> (String, Option<&str>) {
    let is_until =
        |part: &&str| part.split('=').next().is_some_and(|name| name.eq_ignore_ascii_case("UNTIL"));
    let until = rule.split(';').find(is_until).and_then(|part| part.split_once('=')).map(|(_, until)| until);
    let rest: Vec<&str> = rule.split(';').filter(|part| !is_until(part)).collect();
    (rest.join(";").to_ascii_uppercase(), until)
}

fn as_utc(at: DateTime) -> Option<chrono::DateTime<Tz>> {
    let seconds = TimeZone::UTC.to_timestamp(at).ok()?.as_second();
    Some(chrono::DateTime::from_timestamp(seconds, 0)?.with_timezone(&Tz::UTC))
}

fn wall(seconds: i64) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?))
}
