//! Duty by the wall clock: no hole on the days that have no 24 hours, no drift after them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time, date, time};
use lotgenoot_core::duty::plan::{
    Change, Layer, OnHolidays, Override, Plan, PlanError, ServicePlan, Temporary, Turn, Window,
};
use lotgenoot_core::duty::{Planned, Roster};
use lotgenoot_protocol::duty::{
    DutyLayer, DutyPlan, DutyService, DutyShift, DutyTemporary, DutyTurn, DutyWindow, PlanFault, TurnUnit,
    Uncovered, Wrong,
};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, Blob, Timestamp};
use proptest::prelude::*;

use crate::cast::{DAY, Organisation};
use lotgenoot_tests::cast::Actor;

const AMSTERDAM: &str = "Europe/Amsterdam";
const LORD_HOWE: &str = "Australia/Lord_Howe";
const SERVICE: &str = "wijkteam";
const DAILY: u8 = 0x7f;
const HOUR: u64 = 3_600_000;

fn who(number: u8) -> AccountKey {
    AccountKey([number; 32])
}

fn at(moment: &str) -> Timestamp {
    let moment: jiff::Timestamp = moment.parse().unwrap();
    Timestamp(moment.as_millisecond().try_into().unwrap())
}

fn rotation(people: u8, anchor: DateTime, turn: Turn) -> Layer {
    let who = (1..=people).map(who).collect();
    Layer { level: 1, who, anchor, turn, windows: Vec::new(), holidays: OnHolidays::Same }
}

fn window(layer: Layer, days: u8, from: Time, until: Time) -> Layer {
    Layer { windows: vec![Window { days, from, until }], ..layer }
}

fn plan_of(zone: &str, holidays: &[Date], service: ServicePlan) -> Plan {
    let services = BTreeMap::from([(SERVICE.to_owned(), service)]);
    Plan::new(zone, holidays.iter().copied(), services).unwrap()
}

fn plan(zone: &str, layers: Vec<Layer>) -> Plan {
    plan_of(zone, &[], ServicePlan { layers, ..ServicePlan::default() })
}

/// What wants looking at in this plan between two moments, by a roster whose people are all certified and reached.
fn looked_at(
    zone: &str,
    services: &[(&str, &ServicePlan)],
    from: Timestamp,
    until: Timestamp,
) -> Vec<Uncovered> {
    let services = services.iter().map(|(name, service)| as_written(name, service)).collect();
    let written = DutyPlan { number: 1, zone: zone.to_owned(), holidays: Vec::new(), services };
    let organisation = Organisation::at(from);
    let certified = |number: u8| {
        let draft = organisation.draft(Role::Professional, Actor::person().leaf());
        let (not_before, not_after) = (from.seconds(), from.seconds() + 89 * DAY);
        (who(number), Blob(organisation.sign(RoleCertificate { not_before, not_after, ..draft })))
    };
    let roster = Roster::new((1..=9).map(certified).collect(), BTreeMap::new()).unwrap();
    let planned = Planned::new(written, &roster).unwrap();
    roster.with_plan(Some(Arc::new(planned))).coverage(&organisation.trust, |_| true, from, until)
}

// As a coordinator would have written it.
fn as_written(name: &str, service: &ServicePlan) -> DutyService {
    assert!(service.overrides.is_empty(), "none of these stories has one");
    let at = |at: &DateTime| at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let hour = |at: Time| at.strftime("%H:%M").to_string();
    let layer = |it: &Layer| DutyLayer {
        level: it.level,
        who: it.who.clone(),
        anchor: at(&it.anchor),
        turn: match it.turn {
            Turn::Days(count) => DutyTurn { count, unit: TurnUnit::Days },
            Turn::Weeks(count) => DutyTurn { count, unit: TurnUnit::Weeks },
            Turn::Months(count) => DutyTurn { count, unit: TurnUnit::Months },
        },
        windows: it
            .windows
            .iter()
            .map(|it| DutyWindow { days: it.days, from: hour(it.from), until: hour(it.until) })
            .collect(),
        holidays: lotgenoot_protocol::duty::OnHolidays::Same,
    };
    let shift = |(who, level, from, until): &(AccountKey, u32, DateTime, DateTime)| DutyShift {
        who: *who,
        level: *level,
        from: at(from),
        until: at(until),
    };
    let temporary = |it: &Temporary| DutyTemporary {
        from: at(&it.from),
        until: at(&it.until),
        shifts: it.shifts.iter().map(shift).collect(),
        read_at: None,
    };
    DutyService {
        name: name.to_owned(),
        fallback: service.fallback.clone(),
        min_staff: service.min_staff.try_into().unwrap(),
        layers: service.layers.iter().map(layer).collect(),
        temporaries: service.temporaries.iter().map(temporary).collect(),
        overrides: Vec::new(),
    }
}

fn on(plan: &Plan, moment: &str) -> Vec<u8> {
    plan.on_duty(SERVICE, at(moment)).into_iter().map(|(_, who)| who.0[0]).collect()
}

#[test]
fn in_amsterdam_a_hand_over_in_the_hour_that_comes_twice_overlaps_and_does_not_drift() {
    // 2026-10-25, 03:00 summer time: the clock goes back to 02:00.
    let plan = plan(AMSTERDAM, vec![rotation(3, date(2026, 10, 24).at(2, 30, 0, 0), Turn::Days(1))]);
    for (moment, people) in [
        ("2026-10-24T00:29:59Z", vec![]),
        ("2026-10-24T00:30:00Z", vec![1]),
        ("2026-10-25T00:29:59Z", vec![1]),
        // 02:30 for the first time: the second begins, and the first stays until it is 02:30 again.
        ("2026-10-25T00:30:00Z", vec![1, 2]),
        ("2026-10-25T01:29:59Z", vec![1, 2]),
        ("2026-10-25T01:30:00Z", vec![2]),
        ("2026-10-26T01:29:59Z", vec![2]),
        ("2026-10-26T01:30:00Z", vec![3]),
    ] {
        assert_eq!(on(&plan, moment), people, "{moment}");
    }
}

#[test]
fn in_amsterdam_a_hand_over_in_the_hour_that_is_missing_is_an_hour_later_that_day_only() {
    // 2027-03-28, 02:00 winter time: the clock goes on to 03:00.
    let plan = plan(AMSTERDAM, vec![rotation(2, date(2027, 3, 27).at(2, 30, 0, 0), Turn::Days(1))]);
    for (moment, people) in [
        ("2027-03-28T01:29:59Z", [1]),
        ("2027-03-28T01:30:00Z", [2]),
        ("2027-03-29T00:29:59Z", [2]),
        ("2027-03-29T00:30:00Z", [1]),
    ] {
        assert_eq!(on(&plan, moment), people, "{moment}");
    }
}

#[test]
fn on_lord_howe_the_clock_moves_by_half_an_hour() {
    // 2026-04-05, 02:00 (+11): back to 01:30. 2026-10-04, 02:00 (+10:30): on to 02:30.
    let back = plan(LORD_HOWE, vec![rotation(2, date(2026, 4, 4).at(1, 45, 0, 0), Turn::Days(1))]);
    for (moment, people) in [
        ("2026-04-04T14:44:59Z", vec![1]),
        ("2026-04-04T14:45:00Z", vec![1, 2]),
        ("2026-04-04T15:14:59Z", vec![1, 2]),
        ("2026-04-04T15:15:00Z", vec![2]),
        ("2026-04-05T15:15:00Z", vec![1]),
    ] {
        assert_eq!(on(&back, moment), people, "{moment}");
    }
    let on_to = plan(LORD_HOWE, vec![rotation(2, date(2026, 10, 3).at(2, 15, 0, 0), Turn::Days(1))]);
    for (moment, people) in [
        ("2026-10-03T15:44:59Z", [1]),
        ("2026-10-03T15:45:00Z", [2]),
        ("2026-10-04T15:14:59Z", [2]),
        ("2026-10-04T15:15:00Z", [1]),
    ] {
        assert_eq!(on(&on_to, moment), people, "{moment}");
    }
}

#[test]
fn turns_of_months_go_by_the_anchor_also_over_a_leap_day() {
    let plan = plan(AMSTERDAM, vec![rotation(4, date(2028, 1, 31).at(9, 0, 0, 0), Turn::Months(1))]);
    for (moment, person) in [
        ("2028-02-29T07:59:59Z", 1),
        ("2028-02-29T08:00:00Z", 2),
        ("2028-03-31T06:59:59Z", 2),
        ("2028-03-31T07:00:00Z", 3),
        ("2028-04-30T07:00:00Z", 4),
    ] {
        assert_eq!(on(&plan, moment), [person], "{moment}");
    }
}

#[test]
fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
    let friday = 1 << 4;
    let night = rotation(1, date(2026, 1, 1).at(0, 0, 0, 0), Turn::Weeks(1));
    let plan = plan(AMSTERDAM, vec![window(night, friday, time(22, 0, 0, 0), time(6, 0, 0, 0))]);
    for (moment, people) in [
        ("2026-11-27T20:59:59Z", vec![]),
        ("2026-11-27T21:00:00Z", vec![1]),
        ("2026-11-28T04:59:59Z", vec![1]),
        ("2026-11-28T05:00:00Z", vec![]),
        ("2026-11-28T22:00:00Z", vec![]),
    ] {
        assert_eq!(on(&plan, moment), people, "{moment}");
    }
}

#[test]
fn on_a_holiday_the_weekend_layer_works_and_the_weekday_layer_does_not() {
    let anchor = date(2026, 1, 1).at(0, 0, 0, 0);
    let (begin, end) = (time(9, 0, 0, 0), time(17, 0, 0, 0));
    let weekdays = Layer { holidays: OnHolidays::Not, ..rotation(1, anchor, Turn::Weeks(1)) };
    let weekend =
        Layer { holidays: OnHolidays::Also, who: vec![who(2)], ..rotation(1, anchor, Turn::Weeks(1)) };
    let layers = vec![window(weekdays, 0x1f, begin, end), window(weekend, 0x60, begin, end)];
    let christmas = date(2026, 12, 25);
    let plan = plan_of(AMSTERDAM, &[christmas], ServicePlan { layers, ..ServicePlan::default() });
    assert_eq!(on(&plan, "2026-12-24T10:00:00Z"), [1]);
    assert_eq!(on(&plan, "2026-12-25T10:00:00Z"), [2], "a Friday");
    assert_eq!(on(&plan, "2026-12-26T10:00:00Z"), [2]);
}

#[test]
fn what_is_different_for_once_adds_takes_away_and_replaces() {
    let anchor = date(2026, 1, 1).at(0, 0, 0, 0);
    let evening = |change: Change| Override {
        from: date(2026, 11, 25).at(18, 0, 0, 0),
        until: date(2026, 11, 25).at(23, 0, 0, 0),
        change,
    };
    let with = |change: Change| {
        let layers = vec![rotation(1, anchor, Turn::Weeks(1))];
        let overrides = vec![evening(change)];
        plan_of(AMSTERDAM, &[], ServicePlan { layers, overrides, ..ServicePlan::default() })
    };
    let (before, during, after) = ("2026-11-25T16:59:59Z", "2026-11-25T17:00:00Z", "2026-11-25T22:00:00Z");
    for (change, people) in [
        (Change::Add { who: who(7), level: 2 }, vec![1, 7]),
        (Change::Remove { who: who(1) }, vec![]),
        (Change::Replace { who: who(1), by: who(7) }, vec![7]),
        (Change::Replace { who: who(3), by: who(7) }, vec![1]),
    ] {
        let plan = with(change);
        assert_eq!(on(&plan, before), [1]);
        assert_eq!(on(&plan, during), people, "{change:?}");
        assert_eq!(on(&plan, after), [1]);
    }
}

#[test]
fn a_temporary_stretch_counts_alone_and_its_hole_is_seen_before() {
    let moment = |day: i8, hour: i8| date(2026, 12, day).at(hour, 0, 0, 0);
    let temporary = Temporary {
        from: moment(24, 12),
        until: moment(26, 12),
        shifts: vec![
            (who(5), 1, moment(24, 12), moment(25, 12)),
            (who(6), 1, moment(25, 18), moment(26, 12)),
        ],
    };
    let service = ServicePlan {
        layers: vec![rotation(1, date(2026, 1, 1).at(0, 0, 0, 0), Turn::Weeks(1))],
        temporaries: vec![temporary],
        fallback: Some("veilig-thuis".to_owned()),
        ..ServicePlan::default()
    };
    let (other, nobody) = ("veilig-thuis", ServicePlan::default());
    let services =
        BTreeMap::from([(SERVICE.to_owned(), service.clone()), (other.to_owned(), nobody.clone())]);
    let plan = Plan::new(AMSTERDAM, [], services).unwrap();
    assert_eq!(on(&plan, "2026-12-24T10:59:59Z"), [1]);
    assert_eq!(on(&plan, "2026-12-24T11:00:00Z"), [5]);
    assert_eq!(on(&plan, "2026-12-25T12:00:00Z"), [0_u8; 0]);
    let (from, until) = (at("2026-12-20T00:00:00Z"), at("2027-01-03T00:00:00Z"));
    let found = looked_at(AMSTERDAM, &[(SERVICE, &service), (other, &nobody)], from, until);
    let holes: Vec<_> = found.iter().map(|it| (&*it.service, it.from, it.until, it.wrong.clone())).collect();
    let hole = (SERVICE, at("2026-12-25T11:00:00Z"), at("2026-12-25T17:00:00Z"), Wrong::Hole);
    assert_eq!(holes, [(other, from, until, Wrong::Hole), hole]);
}

#[test]
fn too_few_and_the_same_person_at_two_levels_are_seen_before() {
    let anchor = date(2026, 1, 1).at(0, 0, 0, 0);
    let second = Layer { level: 2, ..rotation(1, anchor, Turn::Weeks(1)) };
    let layers = vec![rotation(2, anchor, Turn::Weeks(1)), second];
    let service = ServicePlan { layers, min_staff: 2, ..ServicePlan::default() };
    let plan = plan_of(AMSTERDAM, &[], service.clone());
    let (from, until) = (at("2026-01-01T00:00:00Z"), at("2026-01-14T00:00:00Z"));
    let found = looked_at(AMSTERDAM, &[(SERVICE, &service)], from, until);
    let week = (at("2026-01-01T00:00:00Z"), at("2026-01-07T23:00:00Z"));
    let found: Vec<_> = found.into_iter().map(|it| (it.wrong, (it.from, it.until))).collect();
    assert_eq!(
        found,
        [(Wrong::TooFew, week), (Wrong::TwoLevels(who(1)), week)],
        "one stretch each, over midnights"
    );
    assert_eq!(plan.on_duty(SERVICE, at("2026-01-02T00:00:00Z")), [(1, who(1))], "the lower level counts");
}

#[test]
fn a_plan_that_cannot_be_meant_is_refused_with_the_reason() {
    let anchor = date(2026, 1, 1).at(0, 0, 0, 0);
    let refused = |zone: &str, service: ServicePlan| {
        Plan::new(zone, [], BTreeMap::from([(SERVICE.to_owned(), service)])).unwrap_err()
    };
    let of = |layer: Layer| ServicePlan { layers: vec![layer], ..ServicePlan::default() };
    let good = || rotation(1, anchor, Turn::Weeks(1));
    let of_layer = |fault| PlanError { service: SERVICE.to_owned(), layer: Some(1), fault };
    let of_service = |fault| PlanError { layer: None, ..of_layer(fault) };
    let of_all = PlanError { service: String::new(), ..of_service(PlanFault::Zone) };
    assert_eq!(refused("Europe/Dordrecht", of(good())), of_all);
    assert_eq!(refused(AMSTERDAM, of(Layer { level: 0, ..good() })), of_layer(PlanFault::Level));
    assert_eq!(refused(AMSTERDAM, of(Layer { who: vec![], ..good() })), of_layer(PlanFault::Turn));
    assert_eq!(refused(AMSTERDAM, of(Layer { turn: Turn::Days(0), ..good() })), of_layer(PlanFault::Turn));
    let backwards = Override { from: anchor, until: anchor, change: Change::Remove { who: who(1) } };
    let overrides = vec![backwards];
    let backwards = refused(AMSTERDAM, ServicePlan { overrides, ..of(good()) });
    assert_eq!(backwards, of_service(PlanFault::Backwards));
    let until = date(2026, 1, 2).at(0, 0, 0, 0);
    let temporaries = vec![Temporary { from: anchor, until, shifts: vec![] }];
    let no_fallback = refused(AMSTERDAM, ServicePlan { temporaries, ..of(good()) });
    assert_eq!(no_fallback, of_service(PlanFault::NoFallback));
    for elsewhere in [SERVICE, "nergens"] {
        let fallback = Some(elsewhere.to_owned());
        let refused = refused(AMSTERDAM, ServicePlan { fallback, ..of(good()) });
        assert_eq!(refused, of_service(PlanFault::Fallback));
    }
}

#[test]
fn the_ends_of_the_calendar_hurt_nobody() {
    let always =
        Override { from: DateTime::MIN, until: DateTime::MAX, change: Change::Add { who: who(9), level: 1 } };
    let layers = vec![rotation(1, date(9990, 1, 1).at(0, 0, 0, 0), Turn::Months(7))];
    let overrides = vec![always];
    let plan = plan_of(AMSTERDAM, &[], ServicePlan { layers, overrides, ..ServicePlan::default() });
    assert_eq!(on(&plan, "2026-11-24T00:00:00Z"), [9], "since ever");
    for from in [0, u64::MAX / 2, u64::MAX - 1] {
        let changes = plan.changes(SERVICE, Timestamp(from), Timestamp(u64::MAX));
        assert!(changes.len() <= 2 * 3_662, "it comes to an end: {}", changes.len());
        assert!(
            changes.first() == Some(&Timestamp(from)) && plan.next_change(SERVICE, Timestamp(from)).0 > 0
        );
    }
}

// The same duty told the slow way: turn after turn from the anchor, and then minute by minute.
fn slowly(people: u8, anchor: DateTime, days: i64, zone: &str, moment: Timestamp) -> Vec<u8> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap();
    let millis = |moment: jiff::Zoned| u64::try_from(moment.timestamp().as_millisecond()).unwrap();
    let mut found = Vec::new();
    for turn in 0..2000_i64 {
        let begin = anchor.checked_add(jiff::Span::new().days(turn * days)).unwrap();
        let end = anchor.checked_add(jiff::Span::new().days((turn + 1) * days)).unwrap();
        let begin = millis(zone.to_ambiguous_zoned(begin).earlier_or_after_the_gap());
        let end = millis(zone.to_ambiguous_zoned(end).later().unwrap());
        if begin <= moment.0 && moment.0 < end {
            found.push(1 + u8::try_from(turn % i64::from(people)).unwrap());
        }
        if begin > moment.0 {
            break;
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

trait AfterTheGap {
    fn earlier_or_after_the_gap(self) -> jiff::Zoned;
}

impl AfterTheGap for jiff::tz::AmbiguousZoned {
    fn earlier_or_after_the_gap(self) -> jiff::Zoned {
        match self.offset() {
            jiff::tz::AmbiguousOffset::Gap { .. } => self.later().unwrap(),
            _ => self.earlier().unwrap(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_roster_of_day_and_night_has_no_hole_in_any_year(
        year in 2026_i16..=2036,
        zone in prop_oneof![Just(AMSTERDAM), Just(LORD_HOWE), Just("America/St_Johns")],
        (first, second) in (0_i8..24, 0_i8..24).prop_filter("two of them", |(first, second)| first != second),
        minute in prop_oneof![Just(0_i8), Just(15), Just(30), Just(45)],
        people in 1_u8..5,
        turn in prop_oneof![(1_u32..9).prop_map(Turn::Days), (1_u32..4).prop_map(Turn::Weeks), (1_u32..3).prop_map(Turn::Months)],
    ) {
        let anchor = date(year - 1, 12, 20).at(first, minute, 0, 0);
        let (one, two) = (time(first, minute, 0, 0), time(second, minute, 0, 0));
        let layers = vec![
            window(rotation(people, anchor, turn), DAILY, one, two),
            window(rotation(people, anchor, turn), DAILY, two, one),
        ];
        let service = ServicePlan { layers, ..ServicePlan::default() };
        let begin = at(&format!("{year}-01-01T00:00:00Z"));
        // As far as a certificate goes, six times: over a year, and each time the clock is changed.
        for part in 0..6 {
            let (from, until) = (begin.plus_ms(part * 62 * 24 * HOUR), begin.plus_ms((part + 1) * 62 * 24 * HOUR));
            prop_assert_eq!(looked_at(zone, &[(SERVICE, &service)], from, until), vec![]);
        }
    }

    #[test]
    fn what_is_counted_from_the_anchor_is_what_is_counted_turn_by_turn(
        zone in prop_oneof![Just(AMSTERDAM), Just(LORD_HOWE)],
        hour in 0_i8..24,
        people in 1_u8..6,
        days in 1_u32..12,
        hours in proptest::collection::vec(0_u64..24 * 800, 40),
    ) {
        let anchor = date(2026, 2, 1).at(hour, 30, 0, 0);
        let plan = plan(zone, vec![rotation(people, anchor, Turn::Days(days))]);
        for hours in hours {
            let moment = at("2026-01-30T00:10:00Z").plus_ms(hours * HOUR);
            let mut on: Vec<u8> = plan.on_duty(SERVICE, moment).into_iter().map(|(_, who)| who.0[0]).collect();
            on.sort_unstable();
            prop_assert_eq!(on, slowly(people, anchor, i64::from(days), zone, moment));
        }
    }

    #[test]
    fn between_two_changes_nothing_changes(
        hour in 0_i8..24,
        people in 1_u8..4,
        days in 1_u32..5,
        begin in 0_u64..24 * 400,
        within in 1_u64..1000,
    ) {
        let night = window(
            rotation(people, date(2026, 1, 1).at(hour, 0, 0, 0), Turn::Days(days)),
            0x55,
            time(hour, 0, 0, 0),
            time(7, 0, 0, 0),
        );
        let plan = plan(AMSTERDAM, vec![night]);
        let from = at("2026-01-05T00:20:00Z").plus_ms(begin * HOUR);
        let change = plan.next_change(SERVICE, from);
        prop_assert!(change > from);
        let between = from.plus_ms((change.ms_since(from) - 1) * within / 1000);
        prop_assert_eq!(plan.on_duty(SERVICE, from), plan.on_duty(SERVICE, between));
    }
}
