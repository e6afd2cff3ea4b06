//! Calendars of other programs, read as duty: everything in them or nothing, and then the line that is in the way.

use lotgenoot_core::duty::read_calendar;
use lotgenoot_protocol::duty::{CalendarFault, DutyCalendarRead};
use lotgenoot_protocol::limits::{DUTY_CALENDAR_BYTES_MAX, DUTY_EVENTS_MAX, DUTY_RULES_MAX, DUTY_SHIFTS_MAX};
use lotgenoot_protocol::{Refused, Timestamp};

const ZONE: &str = "Europe/Amsterdam";
// 2026-10-20T12:00:00Z.
const NOW: Timestamp = Timestamp(1_792_497_600_000);
const ESRA: &str = "ATTENDEE;CN=Esra:mailto:esra@example.org";

fn file(events: &[&str]) -> String {
    let events = events.iter().map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n"));
    let events: String = events.collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\n{events}END:VCALENDAR\r\n")
        .replace("\r\n\r\n", "\r\n")
}

fn event(lines: &[&str]) -> String {
    format!("UID:een\r\n{ESRA}\r\n{}", lines.join("\r\n"))
}

fn read(events: &[&str]) -> Result<DutyCalendarRead, Refused> {
    read_calendar(file(events).as_bytes(), ZONE, NOW)
}

// Who, from, until; without the seconds.
fn shifts(events: &[&str]) -> Vec<(String, String, String)> {
    let found = read(events).expect("it can be read");
    let shift = |it: &lotgenoot_protocol::duty::ReadShift| {
        let who = found.attendees[it.attendee as usize].address.clone();
        (who, it.from[..16].to_owned(), it.until[..16].to_owned())
    };
    found.shifts.iter().map(shift).collect()
}

fn times(lines: &[&str]) -> Vec<(String, String)> {
    shifts(&[&event(lines)]).into_iter().map(|(_, from, until)| (from, until)).collect()
}

fn fault(events: &[&str]) -> (u32, CalendarFault) {
    match read(events) {
        Err(Refused::DutyCalendar { line, fault }) => (line, fault),
        other => panic!("{other:?}"),
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(from, until)| ((*from).to_owned(), (*until).to_owned())).collect()
}

#[test]
fn whoever_is_invited_is_on_duty_at_the_level_of_the_priority() {
    let both = "UID:a\r\nDTSTART;TZID=Europe/Amsterdam:20261021T080000\r\nDTEND;TZID=Europe/Amsterdam:20261021T180000\r\n\
        PRIORITY:2\r\nATTENDEE;CN=\"Esra, wijkteam\":mailto:Esra@Example.org\r\nATTENDEE:mailto:noor@example.org\r\n\
        ATTENDEE;CUTYPE=ROOM;CN=Zaal 3:mailto:zaal@example.org\r\nATTENDEE;PARTSTAT=DECLINED:mailto:roos@example.org";
    let found = read(&[both]).unwrap();
    let people: Vec<(&str, Option<&str>, u32)> =
        found.attendees.iter().map(|it| (it.address.as_str(), it.name.as_deref(), it.line)).collect();
    assert_eq!(people, [("esra@example.org", Some("Esra, wijkteam"), 9), ("noor@example.org", None, 10)]);
    assert!(found.shifts.iter().all(|it| it.level == 2 && it.from == "2026-10-21T08:00:00"));
    assert_eq!(found.shifts.len(), 2);
}

#[test]
fn a_night_ends_when_the_clock_says_seven_on_the_night_with_an_hour_more_too() {
    let nights = times(&[
        "DTSTART;TZID=Europe/Amsterdam:20261023T230000",
        "DTEND;TZID=Europe/Amsterdam:20261024T070000",
        "RRULE:FREQ=DAILY;COUNT=3",
    ]);
    let expected = [
        ("2026-10-23T23:00", "2026-10-24T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),
        ("2026-10-25T23:00", "2026-10-26T07:00"),
    ];
    assert_eq!(nights, pairs(&expected));
    // In UTC it is by the hour that has passed.
    let utc = times(&["DTSTART:20261024T210000Z", "DTEND:20261025T060000Z"]);
    assert_eq!(utc, pairs(&[("2026-10-24T23:00", "2026-10-25T07:00")]));
    // Within the hour that comes twice there is no hole either.
    let twice = times(&["DTSTART:20261025T003000Z", "DTEND:20261025T013000Z"]);
    assert_eq!(twice, pairs(&[("2026-10-25T02:30", "2026-10-25T02:31")]));
}

#[test]
fn what_another_program_calls_its_time_zone_is_understood() {
    let office = times(&[
        "DTSTART;TZID=W. Europe Standard Time:20261021T090000",
        "DTEND;TZID=\"W. Europe Standard Time\":20261021T170000",
    ]);
    assert_eq!(office, pairs(&[("2026-10-21T09:00", "2026-10-21T17:00")]));
    let london = times(&["DTSTART;TZID=Europe/London:20261021T090000", "DURATION:PT8H"]);
    assert_eq!(london, pairs(&[("2026-10-21T10:00", "2026-10-21T18:00")]));
    let floating = times(&["DTSTART:20261021T090000", "DURATION:PT90M"]);
    assert_eq!(floating, pairs(&[("2026-10-21T09:00", "2026-10-21T10:30")]));
    let day = times(&["DTSTART;VALUE=DATE:20261021", "DTEND;VALUE=DATE:20261023"]);
    assert_eq!(day, pairs(&[("2026-10-21T00:00", "2026-10-23T00:00")]));
    let one_day = times(&["DTSTART;VALUE=DATE:20261021"]);
    assert_eq!(one_day, pairs(&[("2026-10-21T00:00", "2026-10-22T00:00")]));
}

#[test]
fn what_comes_again_is_followed_with_what_is_taken_out_put_in_moved_and_cancelled() {
    let rule = event(&[
        "DTSTART;TZID=Europe/Amsterdam:20261019T080000",
        "DTEND;TZID=Europe/Amsterdam:20261019T180000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261104T225959Z",
        "EXDATE;TZID=Europe/Amsterdam:20261021T080000",
        "RDATE;TZID=Europe/Amsterdam:20261022T080000",
    ]);
    let moved = "UID:een\r\nRECURRENCE-ID:20261026T070000Z\r\nSEQUENCE:1\r\nATTENDEE:mailto:noor@example.org\r\n\
        DTSTART;TZID=Europe/Amsterdam:20261026T120000\r\nDTEND;TZID=Europe/Amsterdam:20261026T200000";
    let cancelled = "UID:een\r\nRECURRENCE-ID;TZID=Europe/Amsterdam:20261028T080000\r\nSTATUS:CANCELLED\r\n\
        DTSTART;TZID=Europe/Amsterdam:20261028T080000\r\nDTEND;TZID=Europe/Amsterdam:20261028T180000";
    let older = "UID:een\r\nRECURRENCE-ID:20261026T070000Z\r\nATTENDEE:mailto:roos@example.org\r\n\
        DTSTART:20261027T000000Z\r\nDTEND:20261027T010000Z";
    let found = shifts(&[&rule, moved, cancelled, older]);
    let of = |who: &str, from: &str, until: &str| (who.to_owned(), from.to_owned(), until.to_owned());
    assert_eq!(
        found,
        [
            of("esra@example.org", "2026-10-22T08:00", "2026-10-22T18:00"),
            of("noor@example.org", "2026-10-26T12:00", "2026-10-26T20:00"),
            of("esra@example.org", "2026-11-02T08:00", "2026-11-02T18:00"),
            of("esra@example.org", "2026-11-04T08:00", "2026-11-04T18:00"),
        ]
    );
}

#[test]
fn what_is_over_or_too_far_ahead_is_left_out_and_what_lasts_is_not() {
    let long = times(&["DTSTART:20261001T080000", "DURATION:P3W", "RRULE:FREQ=WEEKLY;INTERVAL=3;COUNT=2"]);
    assert_eq!(
        long,
        pairs(&[("2026-10-01T08:00", "2026-10-22T08:00"), ("2026-10-22T08:00", "2026-11-12T08:00")])
    );
    let daily = times(&["DTSTART:20060101T080000", "DURATION:PT8H", "RRULE:FREQ=DAILY"]);
    assert_eq!(daily.len(), 401);
    assert_eq!(daily[0].0, "2026-10-20T08:00");
    // An old one that nobody was invited to is in nobody's way.
    let old = "UID:oud\r\nDTSTART:20200101T080000\r\nDURATION:PT8H";
    assert_eq!(shifts(&[old, &event(&["DTSTART:20261021T090000", "DURATION:PT8H"])]).len(), 1);
}

#[test]
fn an_alarm_within_an_event_and_a_zone_beside_it_are_nothing_of_it() {
    let text = "\u{feff}BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Amsterdam\nBEGIN:DAYLIGHT\nDTSTART:16010325T020000\n\
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:een\n\
        DTSTART;TZID=Europe/Amsterdam:20261021T080000\nDTEND;TZID=Europe/Amsterdam:20261021T18\n 0000\n\
        ATTENDEE:mailto:esra@example.org\nBEGIN:VALARM\nTRIGGER:-PT15M\nATTENDEE:mailto:wekker@example.org\nEND:VALARM\n\
        END:VEVENT\nEND:VCALENDAR\n";
    let found = read_calendar(text.as_bytes(), ZONE, NOW).unwrap();
    assert_eq!((found.attendees.len(), found.shifts.len()), (1, 1));
    assert_eq!(found.shifts[0].until, "2026-10-21T18:00:00");
}

#[test]
fn whatever_is_in_the_way_is_named_with_its_line_and_nothing_is_read() {
    let good = event(&["DTSTART:20261021T090000", "DURATION:PT8H"]);
    // A good one before it: it would be read by whoever takes half.
    let wrong = |lines: &[&str]| fault(&[&good, &format!("UID:twee\r\n{}", lines.join("\r\n"))]);
    let (start, end) = ("DTSTART:20261021T090000", "DURATION:PT8H");
    assert_eq!(wrong(&[start, end]), (10, CalendarFault::Attendee));
    assert_eq!(wrong(&[ESRA, end]), (10, CalendarFault::Missing));
    assert_eq!(wrong(&[ESRA, start]), (10, CalendarFault::Missing));
    assert_eq!(wrong(&[ESRA, "DTSTART:morgen", end]), (13, CalendarFault::Time));
    assert_eq!(wrong(&[ESRA, "DTSTART;TZID=Nergens:20261021T090000", end]), (13, CalendarFault::Zone));
    assert_eq!(wrong(&[ESRA, start, "DTEND:20261021T080000"]), (14, CalendarFault::Backwards));
    assert_eq!(wrong(&[ESRA, start, "DURATION:een uur"]), (14, CalendarFault::Time));
    assert_eq!(wrong(&[ESRA, start, end, "zomaar iets"]), (15, CalendarFault::Line));
    let rules = [
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=MINUTELY;COUNT=3",
        "RRULE:FREQ=NOOIT",
        "RRULE:",
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=DAILY;BYHOUR=8,20",
        "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMINUTE=0,1,2,3;BYSECOND=0,1,2,3",
        "RRULE:FREQ=DAILY;UNTIL=ooit",
        "EXRULE:FREQ=DAILY",
        "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY",
    ];
    for rule in rules {
        let (line, fault) = wrong(&[ESRA, start, end, rule]);
        assert_eq!(((15..=16).contains(&line), fault), (true, CalendarFault::Rule), "{rule}: line {line}");
    }
    let all_that_follows = "RECURRENCE-ID;RANGE=THISANDFUTURE:20261021T090000";
    assert_eq!(wrong(&[ESRA, start, end, all_that_follows]), (15, CalendarFault::Rule));
    let nobody = "DTSTART:20261021T090000\r\nDURATION:PT8H\r\nATTENDEE:mailto:esra@example.org";
    assert_eq!(fault(&[nobody]), (4, CalendarFault::Missing));
}

#[test]
fn what_is_no_calendar_is_said_to_be_none() {
    let none = |text: &str| match read_calendar(text.as_bytes(), ZONE, NOW) {
        Err(Refused::DutyCalendar { line, fault }) => (line, fault),
        other => panic!("{other:?}"),
    };
    assert_eq!(none(""), (1, CalendarFault::NotACalendar));
    assert_eq!(none("<html><body>Log in</body></html>"), (1, CalendarFault::NotACalendar));
    assert_eq!(none("BEGIN:VCARD\nEND:VCARD\n"), (1, CalendarFault::NotACalendar));
    let whole = file(&[&event(&["DTSTART:20261021T090000", "DURATION:PT8H"])]);
    let cut = &whole[..whole.len() - "END:VCALENDAR\r\n".len()];
    assert_eq!(none(cut), (9, CalendarFault::NotACalendar));
    assert_eq!(none(&whole.replace("END:VEVENT", "END:VTODO")), (9, CalendarFault::NotACalendar));
    assert_eq!(none(&file(&[])), (1, CalendarFault::Empty));
    let zone = read_calendar(whole.as_bytes(), "Mars/Olympus", NOW);
    assert_eq!(zone, Err(Refused::DutyCalendar { line: 0, fault: CalendarFault::Zone }));
    let deep = format!("BEGIN:VCALENDAR\n{}", "BEGIN:VJOURNAL\n".repeat(100));
    assert_eq!(none(&deep), (9, CalendarFault::NotACalendar));
}

#[test]
fn what_is_too_much_names_its_limit() {
    let limit = |text: &str| match read_calendar(text.as_bytes(), ZONE, NOW) {
        Err(Refused::TooLarge { limit, .. }) => limit,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit(&" ".repeat(DUTY_CALENDAR_BYTES_MAX + 1)), "DUTY_CALENDAR_BYTES_MAX");
    assert_eq!(limit(&file(&vec!["UID:a"; DUTY_EVENTS_MAX + 1])), "DUTY_EVENTS_MAX");
    let rule = event(&["DTSTART:20261021T090000", "DURATION:PT8H", "RRULE:FREQ=DAILY"]);
    assert_eq!(limit(&file(&vec![rule.as_str(); DUTY_RULES_MAX + 1])), "DUTY_RULES_MAX");
    // So many that a day of each, for all that is looked ahead, is too much.
    let many = DUTY_SHIFTS_MAX / 400 + 1;
    let rules: Vec<String> = (0..many).map(|at| rule.replace("UID:een", &format!("UID:{at}"))).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    assert_eq!(limit(&file(&rules)), "DUTY_SHIFTS_MAX");
}
