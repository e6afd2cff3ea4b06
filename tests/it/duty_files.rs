//! Duty planned in other programs: theirs read here, ours read there, by another implementation of RFC 5545 (ical.js) and by
//! the coordinator's own client over the real relay.

use std::collections::BTreeSet;

use lotgenoot_client::messages::{Command, DutyTemporaryView, FileFault};
use lotgenoot_core::duty::{Stretch, calendar_of_service, read_calendar};
use lotgenoot_protocol::duty::{DutyCalendarRead, ReadDutyCalendar, WriteDutyCalendar};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AccountKey, Blob, Refused, Timestamp};
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

use super::duty::{layer, plan};
use super::node::Node;
use crate::vaults::Client;

const ZONE: &str = "Europe/Amsterdam";
// 2026-10-20T12:00:00Z: the clocks change twice in the 400 days after it.
const NOW: Timestamp = Timestamp(1_792_497_600_000);
const CALENDARS: u64 = 400;

// Whose address, which level, from, until.
type Shift = (String, u64, String, String);

#[tokio::test(flavor = "multi_thread")]
async fn another_implementation_finds_the_same_duty_in_calendars_of_every_kind() {
    let mut other = Other::start();
    let mut found = 0;
    for seed in 0..CALENDARS {
        let file = Drawn(StdRng::seed_from_u64(seed)).calendar();
        let theirs = other.reads(&file, "2026-10-20T14:00:00", "2027-11-24T14:00:00").await;
        match read_calendar(file.as_bytes(), ZONE, NOW) {
            Ok(ours) => {
                found += ours.shifts.len();
                assert_eq!(shifts(&ours), theirs.0, "seed {seed}:\n{file}");
                // The same calendar as the other one writes it.
                let again = read_calendar(theirs.1.as_bytes(), ZONE, NOW).expect("it can be read again");
                assert_eq!(shifts(&again), theirs.0, "seed {seed}:\n{}", theirs.1);
            }
            Err(refused) => assert!(theirs.0.is_empty(), "seed {seed}: {refused}\n{file}"),
        }
    }
    assert!(found > 10_000, "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_here_comes_back_from_another_implementation_as_it_was() {
    let hour = |hours: u64| NOW.plus_ms(hours * 3_600_000);
    let stretch = |who: u8, alias: &str, level: u32, from: u64, until: u64| Stretch {
        account: AccountKey([who; 32]),
        alias: alias.to_owned(),
        level,
        from: hour(from),
        until: hour(until),
    };
    // 105 hours on, the clock in Amsterdam goes back.
    let all = [
        stretch(1, "Esra", 1, 4, 12),
        stretch(2, "Noor \"van\" Dijk, wijkteam; Zo\u{eb}", 2, 4, 12),
        stretch(1, "Esra", 1, 100, 110),
        stretch(2, "Noor \"van\" Dijk, wijkteam; Zo\u{eb}", 1, 110, 111),
    ];
    let file = calendar_of_service("wijkteam", &all, NOW);
    let (theirs, written) = Other::start().reads(&file, "2026-10-20T10:00:00", "2027-01-01T00:00:00").await;
    assert_eq!(theirs.len(), all.len());
    let ours = read_calendar(written.as_bytes(), ZONE, NOW).expect("it can be read");
    let names: Vec<_> = ours.attendees.iter().map(|it| it.name.as_deref().unwrap_or_default()).collect();
    assert_eq!(names, ["Esra", "Noor van Dijk, wijkteam; Zo\u{eb}"]);
    let levels: Vec<_> = ours.shifts.iter().map(|it| (it.attendee, it.level)).collect();
    assert_eq!(levels, [(0, 1), (1, 2), (0, 1), (1, 1)]);
    let times: Vec<_> = ours.shifts.iter().map(|it| (&it.from[..16], &it.until[..16])).collect();
    let night = ("2026-10-24T18:00", "2026-10-25T03:00");
    let morning = ("2026-10-25T03:00", "2026-10-25T04:00");
    let evening = ("2026-10-20T18:00", "2026-10-21T02:00");
    assert_eq!(times, [evening, evening, night, morning]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_takes_a_calendar_into_the_plan_and_gets_it_back() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let esra = organisation.certify("Esra", Role::Professional);
    let there = organisation.certify_at("Veerle", "veilig-thuis");
    let relay = TestRelay::start(&organisation.roster_file(&[&noor, &esra, &there], &[1, 1, 1])).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    let read = |file: String| Command::ReadDutyFile {
        service: SERVICE.to_owned(),
        zone: ZONE.to_owned(),
        file: file.into_bytes(),
    };
    let event = |who: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART;TZID={ZONE}:20200101T080000\r\n\
             DTEND;TZID={ZONE}:20200102T080000\r\nRRULE:FREQ=DAILY\r\n{who}END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };

    // Something is in the way: which line, and nothing else.
    office.act(read(event("")));
    let refused = office.sees("which line it is", |screen| screen.duty_file_refused).await;
    assert_eq!(refused, (2, FileFault::Attendee));
    assert!(office.screen.duty_file.is_none());

    // By name: one is hers, one is nobody's here.
    office.act(read(event("ATTENDEE;CN=esra:mailto:e@example.org\r\nATTENDEE:mailto:chef@example.org\r\n")));
    let found = office.sees("what it says", |screen| screen.duty_file.clone()).await;
    let esras = found.attendees[0].who.clone().expect("she is known");
    assert_eq!((found.attendees.len(), found.attendees[1].who.as_ref()), (2, None));
    let hers = found.shifts.iter().filter(|(whose, ..)| *whose == 0);
    let hers = hers.map(|(_, level, from, until)| (esras.clone(), *level, from.clone(), until.clone()));
    let shifts: Vec<_> = hers.collect();
    assert!((400..=402).contains(&shifts.len()), "{}", shifts.len());
    let (from, until) = (shifts[0].2.clone(), shifts.last().expect("some").3.clone());
    let stretch = DutyTemporaryView { from, until, shifts, read_at: Some(now().0) };

    // By the layers it is Noor; by the calendar it is Esra.
    let mut plan = plan(vec![layer(&[&noor])]);
    plan.services[0].fallback = Some("veilig-thuis".to_owned());
    plan.services[0].temporaries.push(stretch);
    office.act(Command::AskDuty);
    office.act(Command::PutDuty { plan: Box::new(plan.clone()), confirmed: false });
    office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;
    office
        .sees("the plan", |screen| (screen.duty.as_ref()?.plan.as_ref() == Some(&plan)).then_some(()))
        .await;
    let mut desk = Robot::start(esra.identity(), relay.address());
    desk.online().await;
    desk.act(Command::AskDuty);
    let own = desk.sees("her own duty", |screen| screen.duty.as_ref()?.own.first().cloned()).await;
    assert_eq!(own.service, SERVICE);

    // As a file it says the same, and the relay knows her by her address there.
    office.act(Command::WriteDutyFile { service: SERVICE.to_owned() });
    let file = office.sees("the file", |screen| screen.duty_file_written.clone()).await;
    let (theirs, _) = Other::start().reads(&file, "2020-01-01T00:00:00", "2100-01-01T00:00:00").await;
    assert!(
        !theirs.is_empty() && theirs.iter().all(|(who, ..)| who.ends_with("@lotgenoot.invalid")),
        "{theirs:?}"
    );
    office.screen.duty_file = None;
    office.act(read(file));
    let again = office.sees("it read again", |screen| screen.duty_file.clone()).await;
    let known: Vec<_> = again.attendees.iter().filter_map(|it| it.who.clone()).collect();
    assert_eq!(known.len(), again.attendees.len());
    assert!(known.contains(&esras));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_reads_and_writes_no_calendar_for_whoever_is_no_coordinator() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let relay = TestRelay::start(&organisation.roster_file(&[&noor], &[])).await;
    let mut hers = Client::signed_in(relay.address(), &noor.secret.account_key()).await;
    let read = ReadDutyCalendar {
        service: SERVICE.to_owned(),
        zone: ZONE.to_owned(),
        file: Blob(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_vec()),
    };
    let write = WriteDutyCalendar { service: SERVICE.to_owned() };
    for request in [Request::ReadDutyCalendar(read), Request::WriteDutyCalendar(write)] {
        let answer = hers.ask(request).await;
        let Answer::Refused(Refused::Invalid { what }) = answer else { panic!("{answer:?}") };
        assert!(what.contains("staff"), "{what}");
    }
}

fn shifts(read: &DutyCalendarRead) -> BTreeSet<Shift> {
    let shift = |it: &lotgenoot_protocol::duty::ReadShift| {
        let who = read.attendees[it.attendee as usize].address.clone();
        (who, u64::from(it.level), it.from.clone(), it.until.clone())
    };
    read.shifts.iter().map(shift).collect()
}

/// Calendars as people make them, drawn.
struct Drawn(StdRng);

impl Drawn {
    fn calendar(&mut self) -> String {
        let many = self.0.random_range(1..4);
        let events: String = (0..many).map(|at| self.event(at)).collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//NL\r\n{events}END:VCALENDAR\r\n")
    }

    // What comes again begins with the first time its rule names: of anything else RFC 5545 says nothing.
    fn event(&mut self, at: u32) -> String {
        let (year, month, day) =
            (self.0.random_range(2025..2027), self.0.random_range(1..13), self.0.random_range(1..29));
        let hour = *[0, 8, 17, 23].choose(&mut self.0).expect("some");
        let date = jiff::civil::date(year, month, day);
        let start = date.at(hour, 0, 0, 0);
        let end = start + jiff::Span::new().hours(*[1, 8, 10, 24, 72].choose(&mut self.0).expect("some"));
        let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let weekday = weekdays[usize::from(date.weekday().to_monday_zero_offset() as u8)];
        let other = *weekdays.choose(&mut self.0).expect("some");
        let nth = (day - 1) / 7 + 1;
        let interval = self.0.random_range(1..4);
        let rule = match self.0.random_range(0..8) {
            0 => "FREQ=DAILY".to_owned(),
            1 => format!("FREQ=WEEKLY;BYDAY={weekday},{other}"),
            2 => "FREQ=WEEKLY".to_owned(),
            3 => format!("FREQ=MONTHLY;BYMONTHDAY={day}"),
            4 => format!("FREQ=MONTHLY;BYDAY={nth}{weekday}"),
            5 => format!("FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"),
            6 => format!("FREQ=DAILY;BYMONTH={month},12"),
            _ => "FREQ=MONTHLY".to_owned(),
        };
        let ends = match self.0.random_range(0..3) {
            0 => String::new(),
            1 => format!(";COUNT={}", self.0.random_range(1..200)),
            // Between what begins in the morning and in the afternoon, by every clock: the other one knows no zones here.
            _ => format!(";UNTIL=2027{:02}15T110000Z", self.0.random_range(1..13)),
        };
        let who = *["esra", "noor", "roos"].choose(&mut self.0).expect("some");
        let level = self.0.random_range(1..4);
        let time = |at: jiff::civil::DateTime| at.strftime("%Y%m%dT%H%M%S").to_string();
        let (mut out, mut later) = (String::new(), String::new());
        if self.0.random_bool(0.3) {
            let out_of_it = start + jiff::Span::new().days(7 * i64::from(interval));
            out = format!("EXDATE;TZID={ZONE}:{}\r\n", time(out_of_it));
        }
        if self.0.random_bool(0.2) {
            // Between the hours at which anything else begins.
            later =
                format!("RDATE;TZID={ZONE}:{}\r\n", time(start + jiff::Span::new().days(400).minutes(30)));
        }
        format!(
            "BEGIN:VEVENT\r\nUID:{at}\r\nDTSTART;TZID={ZONE}:{}\r\nDTEND;TZID={ZONE}:{}\r\n\
             RRULE:{rule};INTERVAL={interval}{ends}\r\n{out}{later}PRIORITY:{level}\r\n\
             ATTENDEE;CN={who}:mailto:{who}@example.org\r\nEND:VEVENT\r\n",
            time(start),
            time(end)
        )
    }
}

/// Another implementation.
struct Other(Node);

impl Other {
    fn start() -> Self {
        Self(Node::start("calendar.mjs"))
    }

    /// What duty this file says between two times, and the same file as it writes it.
    async fn reads(&mut self, file: &str, from: &str, until: &str) -> (BTreeSet<Shift>, String) {
        let said = self.0.tell(&json!({ "file": file, "from": from, "until": until })).await;
        let text = |value: &Value| value.as_str().expect("text").to_owned();
        let shift = |it: &Value| {
            let level = it["level"].as_u64().expect("a number");
            (text(&it["who"]), level, text(&it["from"]), text(&it["until"]))
        };
        let shifts = said["shifts"].as_array().expect("a list").iter().map(shift).collect();
        (shifts, text(&said["file"]))
    }
}
