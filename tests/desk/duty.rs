//! Duty as it is planned, seen from the desk: who is called when turns change, who may change it, and what is seen before.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use lotgenoot::store::Ledger;
use lotgenoot_core::call::LOOK_UP_MS;
use lotgenoot_core::duty::Planned;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::duty::{
    DutyChange, DutyLayer, DutyOverride, DutyPlan, DutyService, DutyTemporary, DutyTurn, DutyWindow,
    OnHolidays, PlanFault, PutDutyPlan, TakeDuty, TurnUnit, Uncovered, Wrong,
};
use lotgenoot_protocol::frame::{Answer, Notice};
use lotgenoot_protocol::limits::{DUTY_LAYERS_MAX, DUTY_OVER_KEPT_MS};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, Blob, Refused, RequestId, Timestamp, codec};

use crate::cast::{DAY, Organisation};
use crate::scene::{CALL, Duty, ROOM, SERVICE, Scene, account};
use lotgenoot_tests::organisation::now;

const UTC: &str = "UTC";
const AMSTERDAM: &str = "Europe/Amsterdam";
const NIGHT: &str = "nacht";
const HOUR: u64 = 3600;

#[test]
fn a_turn_changes_while_people_are_called_and_whoever_is_on_duty_now_is_called_at_that_moment() {
    let mut scene = scene(2, &[]);
    let plan = plan(&[of(SERVICE, vec![layer(1, &[0, 1], &written(&scene, 47))])]);
    puts(&mut scene, plan);
    scene.comes(0);
    scene.comes(1);
    // Before the first turn nobody has begun: the anchor is the moment of the change.
    let raised = scene.raises(&[0, 1]);
    assert_eq!(scene.paged(&raised), [0_usize; 0]);
    let done = scene.runs_to(400);
    assert_eq!(scene.pages(&done), [(47, vec![0]), (180, vec![0]), (360, vec![0])]);
    let done = scene.runs_to(DAY + 200);
    let pages = scene.pages(&done);
    let after: Vec<_> = pages.iter().filter(|(at, _)| *at > DAY).collect();
    assert_eq!(after[0], &(DAY + 47, vec![1]), "a day later it is the second one's turn");
    assert!(pages.iter().all(|(at, who)| *who == [usize::from(*at >= DAY + 47)]));
}

#[test]
fn whoever_comes_within_the_hour_is_let_in_and_whoever_comes_later_is_not() {
    let mut scene = scene(3, &[]);
    let layers = vec![
        layer(1, &[0], &written(&scene, 0)),
        layer(1, &[1], &written(&scene, HOUR - 1)),
        layer(1, &[2], &written(&scene, HOUR + 1)),
    ];
    puts(&mut scene, plan(&[of(SERVICE, layers)]));
    scene.comes(0);
    let told = |scene: &Scene| -> Vec<(u32, AccountKey)> {
        scene.desk.told(SERVICE, scene.now).into_iter().map(|it| (it.level, it.account)).collect()
    };
    assert_eq!(told(&scene), [(1, account(0)), (2, account(1))]);
    scene.goes(0);
    assert_eq!(told(&scene), [(1, account(0)), (2, account(1)), (2, account(2))], "nobody is reached");
}

#[test]
fn in_amsterdam_nobody_is_missing_at_a_hand_over_in_the_hour_that_comes_twice_or_never() {
    // The clock goes back on the first of these mornings, and forward on the second; hand-over is at half past two.
    for (anchor, from) in
        [("2026-10-20T02:30", "2026-10-24T20:00:00Z"), ("2027-03-20T02:30", "2027-03-27T20:00:00Z")]
    {
        let from: jiff::Timestamp = from.parse().unwrap();
        let start = Timestamp(u64::try_from(from.as_millisecond()).unwrap());
        let mut scene = scene_at(start, 3, &[]);
        let plan = DutyPlan {
            zone: AMSTERDAM.to_owned(),
            ..plan(&[of(SERVICE, vec![layer(1, &[0, 1, 2], anchor)])])
        };
        puts(&mut scene, plan);
        (0..3).for_each(|who| drop(scene.comes(who)));
        // Rooms are opened by the clock of the machine; the call is as old as the story.
        scene.now = now();
        scene.raises(&[]);
        scene.was_raised_at(start);
        let (mut changed, mut called) = (Vec::new(), BTreeSet::new());
        let mut before = Vec::new();
        for minute in 0..24 * 60 {
            for (_, batch) in scene.runs_to(minute * 60) {
                called.extend(scene.paged(&batch));
            }
            let on: Vec<AccountKey> =
                scene.desk.ladder(SERVICE, scene.now).iter().flatten().map(|it| it.account).collect();
            assert!(!on.is_empty(), "minute {minute} from {from}");
            assert!(on.iter().all(|who| called.contains(&usize::from(who.0[0]))), "on duty and not called");
            if on != before {
                changed.push((minute, on.len()));
                before = on;
            }
        }
        let wall = |minute: u64| {
            let at = from + jiff::SignedDuration::from_mins(minute.try_into().unwrap());
            at.to_zoned(TimeZone::get(AMSTERDAM).unwrap()).strftime("%H:%M").to_string()
        };
        let changed: Vec<(String, usize)> =
            changed.into_iter().map(|(minute, people)| (wall(minute), people)).collect();
        let begins = (wall(0), 1);
        let expected = if from.strftime("%m").to_string() == "10" {
            // Half past two for the first time, and for the second: an hour with both.
            vec![begins, ("02:30".to_owned(), 2), ("02:30".to_owned(), 1)]
        } else {
            // There is no half past two that night.
            vec![begins, ("03:30".to_owned(), 1)]
        };
        assert_eq!(changed, expected);
    }
}

#[test]
fn where_a_planned_service_has_nobody_the_one_it_falls_back_to_is_called_planned_or_not() {
    let on: Vec<Duty> = vec![(1, 1, None, None)];
    let mut scene = scene(2, &[(NIGHT, on)]);
    let hours = (written(&scene, HOUR), written(&scene, 2 * HOUR));
    let mut service = of(SERVICE, vec![layer(1, &[0], &written(&scene, 0))]);
    service.fallback = Some(NIGHT.to_owned());
    service.temporaries =
        vec![DutyTemporary { from: hours.0, until: hours.1, shifts: Vec::new(), read_at: None }];
    puts(&mut scene, plan(&[service]));
    assert_eq!(ladder(&scene, 0), [[0], [1]], "and those come after its own, as always");
    assert_eq!(ladder(&scene, HOUR), [[1]], "for a while nobody of its own");
    assert_eq!(ladder(&scene, 2 * HOUR), [[0], [1]]);
    let services: Vec<&str> = scene.desk.roster().services().collect();
    assert_eq!(services, [NIGHT, SERVICE]);
}

#[test]
fn a_plan_goes_on_when_a_certificate_is_renewed_or_the_staff_changes() {
    let mut scene = scene(1, &[]);
    let mut lasts = of(SERVICE, vec![layer(1, &[0], &written(&scene, 0))]);
    lasts.min_staff = 1;
    puts(&mut scene, plan(&[lasts]));
    let renewed = {
        let actor = &scene.staff[0];
        let read = RoleCertificate::from_bytes(actor.certificate.as_ref().unwrap()).unwrap();
        scene.organisation.sign(scene.organisation.draft(Role::Professional, read.leaf_key))
    };
    let mut roster = scene.desk.roster().clone().with_plan(None);
    roster.certify(account(0), Blob(renewed.clone()));
    let trust = scene.organisation.trust.clone();
    scene.desk.set_staff(trust, roster, scene.now, &mut Batch::default());
    let people: Vec<Blob> =
        scene.desk.ladder(SERVICE, scene.now).iter().flatten().map(|it| it.certificate.clone()).collect();
    assert_eq!(people, [Blob(renewed.clone())]);
    let serial = RoleCertificate::from_bytes(&renewed).unwrap().serial;
    assert!(scene.desk.roster().stands_after(&serial, scene.now.plus_ms(400 * DAY * 1000)));
}

#[test]
fn a_plan_is_made_of_the_one_in_force_and_the_same_again_is_the_same() {
    let mut scene = scene(2, &[]);
    let first = plan(&[of(SERVICE, vec![layer(1, &[0], &written(&scene, 0))])]);
    puts(&mut scene, first.clone());
    assert!(try_put(&mut scene, first.clone(), false).unwrap().is_empty(), "nothing is written twice");
    let other = DutyPlan { zone: AMSTERDAM.to_owned(), ..first.clone() };
    assert_eq!(try_put(&mut scene, other, false), Err(Refused::Exists), "somebody else was first");
    let gap = DutyPlan { number: 3, ..first.clone() };
    assert_eq!(try_put(&mut scene, gap, false), Err(Refused::Exists));
    puts(&mut scene, DutyPlan { number: 2, ..first });
}

#[test]
fn a_plan_that_cannot_be_used_is_refused_with_its_service_and_layer() {
    let mut scene = scene(1, &[]);
    let good = || layer(1, &[0], "2026-01-01T08:00");
    let mut refused = |services: &[DutyService]| match try_put(&mut scene, plan(services), true) {
        Err(Refused::Duty { service, layer, fault }) => (service, layer, fault),
        other => panic!("{other:?}"),
    };
    let named = |layer, fault| (SERVICE.to_owned(), layer, fault);
    let stranger = layer(2, &[9], "2026-01-01T08:00");
    assert_eq!(refused(&[of(SERVICE, vec![good(), stranger])]), named(Some(2), PlanFault::Nobody));
    let dateless = layer(1, &[0], "2026-02-30T08:00");
    assert_eq!(refused(&[of(SERVICE, vec![dateless])]), named(Some(1), PlanFault::Time));
    for unlike in ["2026-01-01", "2026-01-01T08:00Z", "2026-01-01T08:00+01:00", "0001-01-01T00:00", "morgen"]
    {
        let unlike = layer(1, &[0], unlike);
        assert_eq!(refused(&[of(SERVICE, vec![unlike])]), named(Some(1), PlanFault::Time));
    }
    let empty = DutyLayer { who: Vec::new(), ..good() };
    assert_eq!(refused(&[of(SERVICE, vec![good(), empty])]), named(Some(2), PlanFault::Turn));
    let twice = [of(SERVICE, vec![good()]), of(SERVICE, vec![good()])];
    assert_eq!(refused(&twice), named(None, PlanFault::Name));
    let nowhere = DutyService { fallback: Some("nergens".to_owned()), ..of(SERVICE, vec![good()]) };
    assert_eq!(refused(&[nowhere]), named(None, PlanFault::Fallback));
    let change = DutyChange::Replace { who: account(0), by: account(9) };
    let swap = DutyOverride { change, ..swap("2026-01-01T08:00", "2026-01-02T08:00") };
    let swapped = DutyService { overrides: vec![swap], ..of(SERVICE, vec![good()]) };
    assert_eq!(refused(&[swapped]), named(None, PlanFault::Nobody));
    let zone = DutyPlan { zone: "Europe/Dordrecht".to_owned(), ..plan(&[]) };
    let zone = try_put(&mut scene, zone, true);
    assert_eq!(zone, Err(Refused::Duty { service: String::new(), layer: None, fault: PlanFault::Zone }));
    let many = (0..=DUTY_LAYERS_MAX).map(|_| good()).collect();
    let many = try_put(&mut scene, plan(&[of(SERVICE, many)]), true);
    assert!(matches!(many, Err(Refused::TooLarge { limit, .. }) if limit == "DUTY_LAYERS_MAX"));
    assert!(scene.desk.planned().is_none(), "nothing of it is left");
}

#[test]
fn a_hole_that_opens_within_three_days_is_confirmed_first_and_one_that_was_there_is_not() {
    let mut scene = scene(1, &[]);
    let always = plan(&[of(SERVICE, vec![layer(1, &[0], &written(&scene, 0))])]);
    puts(&mut scene, always.clone());
    let hole = (2 * DAY, 2 * DAY + 3 * HOUR);
    let away = |from: u64, until: u64, scene: &Scene| {
        let change = DutyChange::Remove { who: account(0) };
        DutyOverride { change, ..swap(&written(scene, from), &written(scene, until)) }
    };
    let mut with_hole = DutyPlan { number: 2, ..always };
    with_hole.services[0].overrides = vec![away(hole.0, hole.1, &scene)];
    let at = |seconds: u64| scene.start.plus_ms(seconds * 1000);
    let fault = PlanFault::Hole { from: at(hole.0), until: at(hole.1) };
    let refused = Refused::Duty { service: SERVICE.to_owned(), layer: None, fault };
    assert_eq!(try_put(&mut scene, with_hole.clone(), false), Err(refused));
    try_put(&mut scene, with_hole.clone(), true).unwrap();
    // It is known by now; and what is further away is not asked about.
    with_hole.number = 3;
    with_hole.services[0].overrides.push(away(5 * DAY, 6 * DAY, &scene));
    try_put(&mut scene, with_hole, false).unwrap();
}

#[test]
fn a_colleague_takes_duty_over_until_it_ends_and_those_who_are_concerned_are_told() {
    let mut scene = scene(3, &[]);
    scene.desk.coordinator(account(8));
    let turns = DutyLayer {
        windows: vec![DutyWindow { days: 0x7f, from: clock(&scene, 0), until: clock(&scene, 8 * HOUR) }],
        ..layer(1, &[0], &written(&scene, 0))
    };
    let layers = vec![turns, layer(2, &[2], &written(&scene, 0))];
    puts(&mut scene, plan(&[of(SERVICE, layers)]));
    (0..3).for_each(|who| drop(scene.comes(who)));
    let raised = scene.raises(&[0, 1, 2]);
    assert_eq!(scene.paged(&raised), [0]);
    scene.now = scene.start.plus_ms(10_500);
    let taken = takes(&mut scene, 1, 1).unwrap();
    assert_eq!(scene.paged(&taken), [1], "she is called for what waits");
    let told = scene
        .told(&taken, |notice| matches!(notice, Notice::DutyTaken { service, .. } if service == SERVICE));
    assert_eq!(told, [0, 8], "whoever was on duty, and coordinators");
    let until = scene.start.plus_ms(8 * HOUR * 1000);
    assert!(taken.ops.iter().all(|op| match op {
        Op::Notify { notice: Notice::DutyTaken { until: end, .. }, .. } => *end == until,
        _ => true,
    }));
    assert_eq!(ladder(&scene, 8 * HOUR - 1), [[1], [2]]);
    assert_eq!(ladder(&scene, 8 * HOUR), [[2]]);
    assert_eq!(ladder(&scene, DAY), [[0], [2]], "tomorrow it is hers again");
    // The same request again, and another one of hers, change nothing.
    for request in [1, 2] {
        assert!(takes(&mut scene, 1, request).unwrap().is_empty());
    }
    takes(&mut scene, 0, 3).unwrap();
    assert_eq!(ladder(&scene, HOUR), [[0], [2]], "and it can be given back in the same way");
}

#[test]
fn what_is_taken_back_leaves_the_colleague_what_is_hers() {
    let mut scene = scene(3, &[]);
    scene.desk.coordinator(account(8));
    let begin = written(&scene, 0);
    // Days in turn; and the second one also stands behind the first.
    let layers = vec![layer(1, &[0, 1], &begin), layer(2, &[1], &begin), layer(3, &[2], &begin)];
    puts(&mut scene, plan(&[of(SERVICE, layers)]));
    let hours = [1, 25, 49];
    let all = |scene: &Scene| hours.map(|hour| ladder(scene, hour * HOUR));
    let before = all(&scene);
    assert_eq!(before[0], [[0], [1], [2]]);
    takes(&mut scene, 1, 1).unwrap();
    assert_eq!(ladder(&scene, HOUR)[0], [1]);
    scene.now = scene.start.plus_ms(HOUR * 500);
    let back = takes(&mut scene, 0, 2).unwrap();
    assert_eq!(all(&scene), before);
    let told = scene.told(&back, |notice| matches!(notice, Notice::DutyTaken { .. }));
    assert_eq!(told, [1, 8]);
    assert!(takes(&mut scene, 0, 2).unwrap().is_empty(), "said twice");
    // In the very second in which it was taken, too.
    takes(&mut scene, 1, 3).unwrap();
    takes(&mut scene, 0, 4).unwrap();
    assert_eq!(all(&scene), before);
}

#[test]
fn duty_that_does_not_end_is_taken_for_a_week() {
    let mut scene = scene(2, &[]);
    let always = layer(1, &[0], &written(&scene, 0));
    puts(&mut scene, plan(&[of(SERVICE, vec![always])]));
    takes(&mut scene, 1, 1).unwrap();
    assert_eq!(ladder(&scene, 7 * DAY - 1), [[1]]);
    assert_eq!(ladder(&scene, 7 * DAY), [[0]]);
}

#[test]
fn duty_is_taken_although_the_plan_names_somebody_who_has_left() {
    let mut scene = scene(2, &[]);
    let begin = written(&scene, 0);
    let elsewhere =
        DutyService { fallback: Some("gone".to_owned()), ..of(NIGHT, vec![layer(1, &[9], &begin)]) };
    let plan = plan(&[of(SERVICE, vec![layer(1, &[0], &begin)]), elsewhere]);
    let record = codec::to_vec(&plan);
    let kept = Planned::from_record(&record).expect("the roster file has changed since");
    let mut batch = Batch::default();
    batch.ops.push(Op::PutDutyPlan { number: 1, record });
    scene.store(&batch);
    scene.desk.restore_plan(Some(Arc::new(kept)));
    takes(&mut scene, 1, 1).unwrap();
    assert_eq!(ladder(&scene, HOUR), [[1]]);
}

#[test]
fn only_whoever_is_on_duty_at_the_first_level_has_nothing_to_take_over() {
    let mut scene = scene(2, &[]);
    let begin = written(&scene, 0);
    puts(&mut scene, plan(&[of(SERVICE, vec![layer(1, &[0], &begin), layer(2, &[1], &begin)])]));
    let told = |who: usize| scene.desk.outlook().told(false, &account(who), scene.now);
    assert_eq!((told(0).own.len(), told(0).first.len()), (1, 1));
    assert_eq!((told(1).own.len(), told(1).first.len()), (1, 0));
}

#[test]
fn where_nobody_is_on_duty_it_is_taken_until_somebody_is() {
    let mut scene = scene(2, &[]);
    let later = layer(1, &[0], &written(&scene, 5 * HOUR));
    puts(&mut scene, plan(&[of(SERVICE, vec![later])]));
    assert_eq!(ladder(&scene, 0), [[0_usize; 0]; 0]);
    takes(&mut scene, 1, 1).unwrap();
    assert_eq!(ladder(&scene, 5 * HOUR - 1), [[1]]);
    assert_eq!(ladder(&scene, 5 * HOUR), [[0]]);
}

#[test]
fn duty_is_taken_by_those_of_the_service_and_where_there_is_a_plan() {
    let on: Vec<Duty> = vec![(1, 1, None, None)];
    let mut scene = scene(2, &[(NIGHT, on)]);
    let no = |fault| Err(Refused::Duty { service: SERVICE.to_owned(), layer: None, fault });
    assert_eq!(takes(&mut scene, 0, 1), no(PlanFault::NoPlan));
    assert_eq!(takes(&mut scene, 9, 1), no(PlanFault::NotHers), "nobody on the staff");
    let planned = layer(1, &[0], &written(&scene, 0));
    puts(&mut scene, plan(&[of("elders", vec![planned])]));
    assert_eq!(takes(&mut scene, 0, 1), no(PlanFault::NoPlan));
    let (by, now) = (account(0), scene.now);
    let elsewhere = TakeDuty { service: "elders".to_owned() };
    let refused =
        scene.does(|desk, batch| desk.take_duty(by, &elsewhere, RequestId([1; 16]), now, batch)).map(drop);
    let fault = PlanFault::NotHers;
    assert_eq!(refused, Err(Refused::Duty { service: "elders".to_owned(), layer: None, fault }));
}

#[test]
fn what_has_been_over_for_a_week_is_not_carried_on() {
    let mut scene = scene(2, &[]);
    let always = of(SERVICE, vec![layer(1, &[0], &written(&scene, 0))]);
    let mut plan = plan(&[always]);
    let change = DutyChange::Replace { who: account(0), by: account(1) };
    let swaps = [(HOUR, 2 * HOUR), (DAY, 2 * DAY)];
    let swaps = swaps.map(|(from, until)| DutyOverride {
        change,
        ..swap(&written(&scene, from), &written(&scene, until))
    });
    plan.services[0].overrides = swaps.to_vec();
    puts(&mut scene, plan.clone());
    scene.now = scene.start.plus_ms(DUTY_OVER_KEPT_MS + 3 * HOUR * 1000);
    puts(&mut scene, DutyPlan { number: 2, ..plan });
    let kept = scene.desk.planned().unwrap().written().services[0].overrides.clone();
    assert_eq!(kept, [swaps[1].clone()]);
}

#[test]
fn what_wants_looking_at_is_seen_two_weeks_ahead() {
    let mut scene = scene(4, &[]);
    let begin = written(&scene, 0);
    // The certificates of this organisation end in nine days.
    let day = DutyLayer {
        windows: vec![DutyWindow { days: 0x7f, from: clock(&scene, 0), until: clock(&scene, 12 * HOUR) }],
        ..layer(1, &[0], &begin)
    };
    let one = DutyService { min_staff: 2, ..of("a", vec![day, layer(2, &[0], &begin)]) };
    let two = of("b", vec![layer(1, &[0, 1], &begin)]);
    puts(&mut scene, plan(&[one, two]));
    scene.comes(0);
    scene.comes(1);
    scene.goes(1);
    let told = scene.desk.outlook().told(true, &account(0), scene.now);
    let found = |service: &str, wrong: &Wrong| -> Vec<(u64, u64)> {
        let hours = |at: Timestamp| at.ms_since(scene.start) / 3_600_000;
        let all = told.coverage.iter().filter(|it| it.service == service && it.wrong == *wrong);
        all.map(|it: &Uncovered| (hours(it.from), hours(it.until))).collect()
    };
    assert_eq!(found("a", &Wrong::TwoLevels(account(0)))[..2], [(0, 12), (24, 36)]);
    assert_eq!(found("a", &Wrong::TooFew), [(0, 9 * 24)]);
    let elsewhere = Wrong::TwoServices { who: account(0), other: "b".to_owned() };
    assert_eq!(found("a", &elsewhere)[..2], [(0, 24), (48, 72)]);
    assert_eq!(found("a", &Wrong::Ended(account(0))), [(9 * 24, 14 * 24)]);
    assert_eq!(found("a", &Wrong::Hole), [(9 * 24, 14 * 24)]);
    assert_eq!(found("b", &Wrong::NotReached), [(0_u64, 0_u64); 0], "both have come to their desk");
    let own: Vec<(&str, u64)> =
        told.own.iter().map(|it| (it.service.as_str(), it.from.ms_since(scene.start) / 3_600_000)).collect();
    assert_eq!(own[..3], [("b", 0), ("a", 0), ("b", 48)], "her own duty, in order");
    let hers = scene.desk.outlook().told(false, &account(2), scene.now);
    assert_eq!((hers.coverage.len(), hers.own.len()), (0, 0), "what is wrong is the coordinators' to see");
    let mut fresh = self::scene(1, &[]);
    let layers = vec![layer(1, &[0], &written(&fresh, 0))];
    puts(&mut fresh, plan(&[of(SERVICE, layers)]));
    let told = fresh.desk.outlook().told(true, &account(0), fresh.now);
    assert_eq!(told.coverage[0].wrong, Wrong::NotReached, "nobody has ever come");
}

#[test]
fn a_plan_that_was_stored_is_read_again_whatever_the_roster_file_says_by_then() {
    let on: Vec<Duty> = vec![(1, 1, None, None)];
    let mut scene = scene(2, &[(NIGHT, on)]);
    let begin = written(&scene, 0);
    let service =
        DutyService { fallback: Some(NIGHT.to_owned()), ..of(SERVICE, vec![layer(1, &[0], &begin)]) };
    let batch = try_put(&mut scene, plan(&[service]), false).unwrap();
    let record = batch.ops.iter().find_map(|op| match op {
        Op::PutDutyPlan { number: 1, record } => Some(record.clone()),
        _ => None,
    });
    let planned = lotgenoot_core::duty::Planned::from_record(&record.unwrap()).expect("it can be read");
    let mut later = self::scene(1, &[]);
    later.desk.restore_plan(Some(std::sync::Arc::new(planned)));
    assert_eq!(ladder(&later, 0), [[0]], "a service that is not there any more leads no further");
}

#[test]
fn whoever_comes_on_duty_says_that_she_is_there_or_somebody_is_called_before_her() {
    let mut scene = scene(3, &[]);
    scene.desk.coordinator(account(8));
    let turns = layer(1, &[0, 1, 2], &written(&scene, HOUR));
    puts(&mut scene, plan(&[of(SERVICE, vec![turns])]));
    let done = scene.runs_to(HOUR - 1);
    assert!(asked(&scene, &done).is_empty(), "nobody's duty has begun");
    let done = scene.runs_to(HOUR);
    assert_eq!(asked(&scene, &done), [(HOUR, 0)], "she is, and no other");
    let done = scene.runs_to(HOUR + 15 * 60 - 1);
    assert!(told(&scene, &done).is_empty(), "she has a quarter of an hour");
    assert_eq!(ladder(&scene, HOUR), [[0]]);
    let done = scene.runs_to(HOUR + 15 * 60);
    assert_eq!(told(&scene, &done), [(8, true)]);
    assert_eq!(ladder(&scene, HOUR), [[1], [0]], "whose turn is next is called before her, and she too");
    let people: Vec<_> = scene.desk.told(SERVICE, scene.now).into_iter().map(|it| it.account).collect();
    assert_eq!(people, [1, 0, 2].map(account), "nobody twice");
    assert_eq!(scene.desk.outlook().told(true, &account(8), scene.now).unverified, [account(0)]);

    // A relay that comes back asks nobody twice, and knows who has not answered.
    let record = scene.ledger.check_ins().unwrap().unwrap();
    let planned = scene.desk.planned();
    scene.restarts();
    scene.desk.coordinator(account(8));
    scene.desk.restore_plan(planned);
    scene.desk.restore_check_ins(&record).unwrap();
    let again = scene.wakes();
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(ladder(&scene, HOUR), [[1], [0]]);

    let (by, now) = (account(0), scene.now);
    let here = scene.does(|desk, batch| desk.check_in(by, now, batch)).unwrap().1;
    assert_eq!(told(&scene, &[(0, here)]), [(8, false)], "and that she is there by now");
    assert_eq!(ladder(&scene, HOUR), [[0]]);
    assert!(scene.does(|desk, batch| desk.check_in(by, now, batch)).unwrap().1.is_empty(), "said twice");
    let nobody = scene.does(|desk, batch| desk.check_in(account(2), now, batch)).map(drop);
    assert!(matches!(nobody, Err(Refused::Invalid { .. })), "her duty has not begun");

    // The next one is at her desk when hers begins: that says it.
    scene.comes(1);
    let done = scene.runs_to(HOUR + DAY + 3600);
    assert!(asked(&scene, &done).is_empty() && told(&scene, &done).is_empty());
    assert_eq!(ladder(&scene, HOUR + DAY), [[1]]);
    let done = scene.runs_to(HOUR + 3 * DAY);
    assert_eq!(asked(&scene, &done), [(HOUR + 2 * DAY, 2), (HOUR + 3 * DAY, 0)], "each time anew");
}

#[test]
fn where_a_second_level_is_verified_it_is_called_first() {
    let mut scene = scene(3, &[]);
    let begin = written(&scene, 0);
    puts(&mut scene, plan(&[of(SERVICE, vec![layer(1, &[0, 2], &begin), layer(2, &[1], &begin)])]));
    scene.comes(1);
    scene.runs_to(20 * 60);
    assert_eq!(ladder(&scene, 20 * 60), [[1], [0]]);
    scene.raises(&[0, 1]);
    assert_eq!(scene.page_of(1).call, CALL);
}

#[test]
fn whoever_is_not_there_makes_no_ladder_slow() {
    let mut scene = scene(3, &[]);
    // Hours that begin all day long, for a month: looking it all up takes its time.
    let hour = |at: u32| format!("{:02}:00", at % 24);
    let window = |at: u32| DutyWindow { days: 0x7f, from: hour(at), until: hour(at + 2) };
    let begin = written(&scene, 0);
    let layer =
        DutyLayer { windows: (0..12).map(|at| window(2 * at)).collect(), ..layer(1, &[0, 1], &begin) };
    puts(&mut scene, plan(&[of(SERVICE, vec![layer])]));
    let time = |scene: &Scene| {
        let begun = std::time::Instant::now();
        for ms in 1..=200 {
            assert!(!scene.desk.ladder(SERVICE, scene.now.plus_ms(ms)).is_empty());
        }
        begun.elapsed()
    };
    let best = |scene: &Scene| (0..3).map(|_| time(scene)).min().expect("three");
    let verified = best(&scene);
    scene.runs_to(20 * 60);
    assert_eq!(ladder(&scene, 20 * 60), [[1], [0]], "she has not said that she is there");
    let unverified = best(&scene);
    assert!(unverified < verified * 6, "{verified:?} with her, {unverified:?} without");
}

/// Who is asked whether she is there, and when.
fn asked(scene: &Scene, done: &[(u64, Batch)]) -> Vec<(u64, usize)> {
    let is_asked = |notice: &Notice| matches!(notice, Notice::CheckIn { .. });
    done.iter()
        .flat_map(|(at, batch)| scene.told(batch, is_asked).into_iter().map(|who| (*at, who)))
        .collect()
}

/// Who is told of somebody who has not answered, or has by now.
fn told(scene: &Scene, done: &[(u64, Batch)]) -> Vec<(usize, bool)> {
    let told = |missing: bool| move |notice: &Notice| matches!(notice, Notice::NotCheckedIn { since, .. } if since.is_some() == missing);
    let of = |batch: &Batch, missing: bool| {
        scene.told(batch, told(missing)).into_iter().map(move |who| (who, missing)).collect::<Vec<_>>()
    };
    done.iter().flat_map(|(_, batch)| [of(batch, true), of(batch, false)].concat()).collect()
}

#[test]
fn in_her_calendar_a_stretch_that_has_begun_keeps_its_beginning() {
    let mut scene = scene(2, &[]);
    let weekly = DutyLayer {
        turn: DutyTurn { count: 1, unit: TurnUnit::Weeks },
        ..layer(1, &[0, 1], &written(&scene, 0))
    };
    puts(&mut scene, plan(&[of(SERVICE, vec![weekly])]));
    let first =
        |at: Timestamp| scene.desk.outlook().calendar(&account(0), at).first().map(|it| (it.from, it.until));
    let week = (scene.start, scene.start.plus_ms(7 * DAY * 1000));
    assert_eq!(first(scene.start), Some(week));
    assert_eq!(first(scene.start.plus_ms(3 * DAY * 1000)), Some(week));
    let own = scene.desk.outlook().told(false, &account(0), scene.start.plus_ms(DAY * 1000)).own;
    assert_eq!(own[0].from, scene.start.plus_ms(DAY * 1000), "on her screen it is what is left of it");
}

#[test]
fn a_desk_with_a_plan_looks_no_more_often_than_it_must() {
    let mut scene = scene(1, &[]);
    let always = layer(1, &[0], &written(&scene, 0));
    puts(&mut scene, plan(&[of(SERVICE, vec![always])]));
    scene.comes(0);
    scene.raises(&[0]);
    let looks: Vec<u64> = scene.runs_to(170).into_iter().map(|(at, _)| at).collect();
    let every = LOOK_UP_MS / 1000;
    // Once for who is on duty by the new plan.
    assert_eq!(looks, [0, every, 2 * every, 3 * every, 4 * every, 5 * every]);
    assert_eq!(scene.desk.call(&CALL).map(|call| call.room), Some(ROOM));
}

// ---- What the stories are made of

/// So many professionals, nobody online, a service without shifts beside these; it begins on a whole second.
fn scene(people: usize, others: &[(&str, Vec<Duty>)]) -> Scene {
    scene_at(Timestamp(now().seconds() * 1000), people, others)
}

fn scene_at(start: Timestamp, people: usize, others: &[(&str, Vec<Duty>)]) -> Scene {
    let organisation = Organisation::at(start);
    let staff = (0..people).map(|_| organisation.staff(Role::Professional)).collect();
    let others: Vec<_> = others.iter().map(|(name, duties)| (*name, duties.clone(), None)).collect();
    Scene::of(organisation, staff, &others)
}

fn plan(services: &[DutyService]) -> DutyPlan {
    DutyPlan { number: 1, zone: UTC.to_owned(), holidays: Vec::new(), services: services.to_vec() }
}

fn of(name: &str, layers: Vec<DutyLayer>) -> DutyService {
    DutyService { name: name.to_owned(), layers, ..DutyService::default() }
}

/// Turns of a day.
fn layer(level: u32, who: &[usize], anchor: &str) -> DutyLayer {
    DutyLayer {
        level,
        who: who.iter().map(|who| account(*who)).collect(),
        anchor: anchor.to_owned(),
        turn: DutyTurn { count: 1, unit: TurnUnit::Days },
        windows: Vec::new(),
        holidays: OnHolidays::Same,
    }
}

fn swap(from: &str, until: &str) -> DutyOverride {
    let change = DutyChange::Remove { who: account(0) };
    DutyOverride { from: from.to_owned(), until: until.to_owned(), change, taken: None }
}

/// So many seconds after the story's beginning, by the wall clock in UTC.
fn written(scene: &Scene, seconds: u64) -> String {
    strftime(scene, seconds, "%Y-%m-%dT%H:%M:%S")
}

fn clock(scene: &Scene, seconds: u64) -> String {
    strftime(scene, seconds, "%H:%M:%S")
}

fn strftime(scene: &Scene, seconds: u64, format: &str) -> String {
    let ms = i64::try_from(scene.start.plus_ms(seconds * 1000).0).unwrap();
    let at = jiff::Timestamp::from_millisecond(ms).unwrap();
    at.to_zoned(TimeZone::UTC).strftime(format).to_string()
}

fn puts(scene: &mut Scene, plan: DutyPlan) {
    try_put(scene, plan, true).expect("it can be used");
}

fn try_put(scene: &mut Scene, plan: DutyPlan, confirmed: bool) -> Result<Batch, Refused> {
    let (put, now) = (PutDutyPlan { plan, confirmed }, scene.now);
    let (answer, batch) = scene.does(|desk, batch| desk.put_plan(&put, now, batch))?;
    assert!(matches!(answer, Answer::Accepted(_)));
    if let Some(Op::PutDutyPlan { record, .. }) = batch.ops.first() {
        assert_eq!(codec::from_slice(record), scene.desk.planned().map(|it| it.written().clone()));
    }
    Ok(batch)
}

fn takes(scene: &mut Scene, who: usize, request: u8) -> Result<Batch, Refused> {
    let (by, now, take) = (account(who), scene.now, TakeDuty { service: SERVICE.to_owned() });
    let request = RequestId([request; 16]);
    scene.does(|desk, batch| desk.take_duty(by, &take, request, now, batch)).map(|(_, batch)| batch)
}

/// Who would be called so many seconds after the beginning, level by level.
fn ladder(scene: &Scene, seconds: u64) -> Vec<Vec<usize>> {
    let at = scene.start.plus_ms(seconds * 1000);
    let ladder = scene.desk.ladder(SERVICE, at);
    ladder.iter().map(|level| level.iter().map(|it| usize::from(it.account.0[0])).collect()).collect()
}
