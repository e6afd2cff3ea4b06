//! A calendar of another program, read as duty: who is on from when until when, over the next months. All of it, or nothing
//! and the line that is in the way: half a roster would leave people uncalled, and nobody would see which half.
//!
//! A duty ends when the clock on the wall says so, as calendars show it. By the letter (RFC 5545, 3.8.5.3) what comes again
//! always lasts equally long: a night from eleven to seven would end at six on the night that has an hour more.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, ToSpan};
use lotgenoot_protocol::duty::{CalendarFault, DutyCalendarRead, ReadAttendee, ReadShift};
use lotgenoot_protocol::limits::{
    DUTY_CALENDAR_BYTES_MAX, DUTY_CALENDAR_DAYS, DUTY_EVENTS_MAX, DUTY_RULES_MAX, DUTY_SHIFTS_MAX,
    NAME_BYTES_MAX,
};
use lotgenoot_protocol::{Refused, Timestamp};

use super::lines::{Line, Read, unfolded};
use super::rules::expand;
use super::times::{When, duration, named, times};
use crate::duty::civil::local;

// Components within components; an event stands in the second.
const DEPTH_MAX: usize = 8;

/// What cannot be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Unread {
    /// At which line of the file.
    pub(super) line: u32,
    pub(super) fault: CalendarFault,
}

impl From<Unread> for Refused {
    fn from(unread: Unread) -> Self {
        Self::DutyCalendar { line: unread.line, fault: unread.fault }
    }
}

struct Event {
    at: u32,
    uid: String,
    sequence: u64,
    start: When,
    lasts: Lasts,
    starts: BTreeSet<DateTime>,
    // It takes the place of what would have begun then.
    instead_of: Option<When>,
    cancelled: bool,
    attendees: Vec<ReadAttendee>,
    level: u32,
}

// How long, on the wall clock.
enum Lasts {
    Exactly(SignedDuration),
    Spans(Span),
}

// From when until when anybody looks, on the wall clock of `zone`.
struct Frame {
    zone: TimeZone,
    now: DateTime,
    end: DateTime,
}

/// Reads a file for an organisation whose clocks show this zone, from `now` on.
pub fn read(file: &[u8], zone: &str, now: Timestamp) -> Result<DutyCalendarRead, Refused> {
    Refused::unless_within(file.len(), DUTY_CALENDAR_BYTES_MAX, "DUTY_CALENDAR_BYTES_MAX")?;
    let zone = named(zone).ok_or(Unread { line: 0, fault: CalendarFault::Zone })?;
    let now = local(&zone, now);
    let end = now.saturating_add(i64::from(DUTY_CALENDAR_DAYS).days());
    let frame = Frame { zone, now, end };
    let lines = unfolded(file)?;
    let blocks = events(&lines)?;
    Refused::unless_within(blocks.len(), DUTY_EVENTS_MAX, "DUTY_EVENTS_MAX")?;
    let rules = |block: &[Line]| block.iter().any(|line| line.read().is_ok_and(|it| it.is("RRULE")));
    let rules = blocks.iter().filter(|block| rules(block)).count();
    Refused::unless_within(rules, DUTY_RULES_MAX, "DUTY_RULES_MAX")?;
    let mut events = Vec::new();
    for block in &blocks {
        events.push(frame.event(block)?);
    }
    let found = frame.shifts(newest(events))?;
    Refused::unless_within(found.shifts.len(), DUTY_SHIFTS_MAX, "DUTY_SHIFTS_MAX")?;
    if found.shifts.is_empty() {
        return Err(Unread { line: 1, fault: CalendarFault::Empty }.into());
    }
    Ok(found)
}

// The lines of each event, the first one of them that with which it begins.
fn events(lines: &[Line]) -> Result<Vec<Vec<Line>>, Unread> {
    let no_calendar = |line: u32| Unread { line, fault: CalendarFault::NotACalendar };
    let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
    let (mut within, mut events): (Vec<&str>, Vec<Vec<Line>>) = (Vec::new(), Vec::new());
    for line in lines {
        if let Some(name) = line.begins() {
            within.push(name);
            match within[..] {
                [calendar] if !is(calendar, "VCALENDAR") => return Err(no_calendar(line.at)),
                [_, event] if is(event, "VEVENT") => events.push(vec![line.clone()]),
                _ if within.len() > DEPTH_MAX => return Err(no_calendar(line.at)),
                _ => {}
            }
        } else if let Some(name) = line.ends() {
            if !within.pop().is_some_and(|open| is(open, name)) {
                return Err(no_calendar(line.at));
            }
        } else {
            match (&within[..], events.last_mut()) {
                ([], _) => return Err(no_calendar(line.at)),
                ([_, event], Some(open)) if is(event, "VEVENT") => open.push(line.clone()),
                _ => {}
            }
        }
    }
    // It is cut off, or there is nothing in it.
    let is_whole = within.is_empty() && !lines.is_empty();
    if is_whole { Ok(events) } else { Err(no_calendar(lines.last().map_or(1, |line| line.at))) }
}

// Of each event, and of each that stands in the place of one of its times, the newest.
fn newest(events: Vec<Event>) -> Vec<Event> {
    let mut newest: BTreeMap<(String, Option<DateTime>), Event> = BTreeMap::new();
    for event in events {
        let key = (event.uid.clone(), event.instead_of.as_ref().map(|it| it.at));
        match newest.get(&key).filter(|known| known.sequence > event.sequence) {
            Some(_) => {}
            None => drop(newest.insert(key, event)),
        }
    }
    let mut newest: Vec<Event> = newest.into_values().collect();
    newest.sort_by_key(|event| event.at);
    newest
}

impl Frame {
    fn event(&self, block: &[Line]) -> Result<Event, Unread> {
        let at = block.first().map_or(1, |line| line.at);
        let missing = || Unread { line: at, fault: CalendarFault::Missing };
        let all = block.iter().skip(1).map(Line::read).collect::<Result<Vec<_>, _>>()?;
        let first = |name: &str| all.iter().find(|it| it.is(name));
        let each = |name: &'static str| all.iter().filter(move |it| it.is(name));
        let one = |read: &Read<'_>| {
            let mut times = times(read, &self.zone)?;
            let time = times.pop().filter(|_| times.is_empty());
            time.ok_or_else(|| read.unread(CalendarFault::Time))
        };
        let start = one(first("DTSTART").ok_or_else(missing)?)?;
        let lasts = match (first("DTEND"), first("DURATION")) {
            (Some(end), _) => {
                let until = one(end)?.in_zone(&start.zone, true);
                let until = until.filter(|until| *until > start.at);
                Lasts::Exactly(
                    start.at.duration_until(until.ok_or_else(|| end.unread(CalendarFault::Backwards))?),
                )
            }
            (None, Some(lasts)) => {
                let span = duration(lasts.value()).ok_or_else(|| lasts.unread(CalendarFault::Time))?;
                Lasts::Spans(span)
            }
            (None, None) if start.day => Lasts::Spans(1.day()),
            (None, None) => return Err(missing()),
        };
        let instead_of = match first("RECURRENCE-ID") {
            Some(read) if read.parameter("RANGE").is_some() => return Err(read.unread(CalendarFault::Rule)),
            Some(read) => Some(one(read)?),
            None => None,
        };
        let mut starts = BTreeSet::from([start.at]);
        let mut rules = each("RRULE");
        if let Some(rule) = rules.next() {
            // What has begun by now may last.
            let from = lasts.before(self.now);
            starts.extend(expand(rule, &start, from, self.end.saturating_add(2.days()))?);
        }
        if let Some(rule) = rules.next().or_else(|| first("EXRULE")) {
            return Err(rule.unread(CalendarFault::Rule));
        }
        for read in each("RDATE") {
            for time in times(read, &self.zone)? {
                starts.extend(time.in_zone(&start.zone, false));
            }
        }
        let mut days = BTreeSet::new();
        for read in each("EXDATE") {
            for time in times(read, &self.zone)? {
                if time.day && !start.day {
                    days.insert(time.at.date());
                } else if let Some(at) = time.in_zone(&start.zone, false) {
                    starts.remove(&at);
                }
            }
        }
        starts.retain(|at| !days.contains(&at.date()));
        let number = |name: &str| first(name).and_then(|it| it.value().parse().ok());
        Ok(Event {
            at,
            uid: first("UID").ok_or_else(missing)?.value().to_owned(),
            sequence: number("SEQUENCE").unwrap_or_default(),
            start,
            lasts,
            starts,
            instead_of,
            cancelled: first("STATUS").is_some_and(|it| it.value().eq_ignore_ascii_case("CANCELLED")),
            attendees: each("ATTENDEE").filter_map(attendee).collect(),
            level: number("PRIORITY").and_then(|it| u32::try_from(it).ok()).filter(|it| *it > 0).unwrap_or(1),
        })
    }

    // Everybody's shifts in all of them.
    fn shifts(&self, mut events: Vec<Event>) -> Result<DutyCalendarRead, Unread> {
        let moved: Vec<(String, When)> =
            events.iter().filter_map(|it| Some((it.uid.clone(), it.instead_of.clone()?))).collect();
        for event in events.iter_mut().filter(|it| it.instead_of.is_none()) {
            for (_, at) in moved.iter().filter(|(uid, _)| *uid == event.uid) {
                if let Some(at) = at.in_zone(&event.start.zone, false) {
                    event.starts.remove(&at);
                }
            }
        }
        let (mut attendees, mut shifts): (Vec<ReadAttendee>, Vec<ReadShift>) = (Vec::new(), Vec::new());
        for event in events.iter().filter(|it| !it.cancelled) {
            for (from, until) in event.starts.iter().filter_map(|at| self.stretch(event, *at)) {
                if event.attendees.is_empty() {
                    return Err(Unread { line: event.at, fault: CalendarFault::Attendee });
                }
                for attendee in &event.attendees {
                    let known = attendees.iter().position(|it| it.address == attendee.address);
                    let at = known.unwrap_or_else(|| {
                        attendees.push(attendee.clone());
                        attendees.len() - 1
                    });
                    let (from, until) = (from.to_string(), until.to_string());
                    let attendee = u32::try_from(at).unwrap_or(u32::MAX);
                    shifts.push(ReadShift { attendee, level: event.level, from, until });
                    // No more than one too many is kept.
                    if shifts.len() > DUTY_SHIFTS_MAX {
                        return Ok(DutyCalendarRead { attendees, shifts });
                    }
                }
            }
        }
        shifts.sort_by(|one, other| {
            (&one.from, one.level, &one.until).cmp(&(&other.from, other.level, &other.until))
        });
        Ok(DutyCalendarRead { attendees, shifts })
    }

    // From when until when, on the clock of the organisation; none if nobody need look.
    fn stretch(&self, event: &Event, at: DateTime) -> Option<(DateTime, DateTime)> {
        let begin = When { at, ..event.start.clone() };
        let end = When { at: event.lasts.after(at)?, ..event.start.clone() };
        let (from, until) = (begin.in_zone(&self.zone, false)?, end.in_zone(&self.zone, true)?);
        // Within the hour that comes twice: it begins in the first, and ends in the second.
        let until = if until > from { until } else { from.checked_add(1.minute()).ok()? };
        (until > self.now && from < self.end).then_some((from, until))
    }
}

impl Lasts {
    fn after(&self, at: DateTime) -> Option<DateTime> {
        match self {
            Self::Exactly(long) => at.checked_add(*long).ok(),
            Self::Spans(span) => at.checked_add(*span).ok(),
        }
    }

    // What begins before this is over at that time, in whichever zone.
    fn before(&self, at: DateTime) -> DateTime {
        let at = at.saturating_sub(2.days());
        match self {
            Self::Exactly(long) => at.saturating_sub(*long),
            Self::Spans(span) => at.saturating_sub(*span),
        }
    }
}

// Whoever said that she does not come does not, and rooms and things never do.
fn attendee(read: &Read<'_>) -> Option<ReadAttendee> {
    let says = |name: &str, values: &[&str]| {
        read.parameter(name).is_some_and(|it| values.iter().any(|value| it.eq_ignore_ascii_case(value)))
    };
    if says("PARTSTAT", &["DECLINED"])
        || says("CUTYPE", &["ROOM", "RESOURCE"])
        || says("ROLE", &["NON-PARTICIPANT"])
    {
        return None;
    }
    let address = read.value().to_lowercase();
    let address = address.strip_prefix("mailto:").unwrap_or(&address);
    let name = read.parameter("CN").map(|name| name.chars().take(NAME_BYTES_MAX).collect::<String>());
    let name = name.filter(|name| !name.trim().is_empty());
    (!address.is_empty()).then(|| ReadAttendee {
        address: address.to_owned(),
        name,
        line: read.at,
        who: None,
    })
}
