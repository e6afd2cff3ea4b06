//! Who is on duty: a function of the roster and the moment.

use std::collections::BTreeMap;

use lotgenoot_core::duty::{Roster, RosterError, Service, Shift};
use lotgenoot_protocol::{Blob, Serial};

use crate::scene::{SERVICE, Scene, account};

#[test]
fn a_roster_with_anything_wrong_is_refused_whole() {
    let scene = Scene::offline(&[1]);
    let who = Serial(scene.staff[0].name.0);
    let colleague = (account(0), Blob(scene.staff[0].certificate.clone().unwrap()));
    let (now, later) = (scene.start, scene.start.plus_ms(1));
    let of = |shift: Shift, fallback: Option<&str>| {
        let service = Service { shifts: vec![shift], fallback: fallback.map(str::to_owned) };
        Roster::new(vec![colleague.clone()], BTreeMap::from([(SERVICE.to_owned(), service)])).map(drop)
    };
    let good = Shift { who, level: 1, from: Some(now), until: Some(later) };
    let service = SERVICE.to_owned();
    assert_eq!(of(good.clone(), None), Ok(()));
    let unknown = Shift { who: Serial([9; 16]), ..good.clone() };
    assert_eq!(of(unknown, None), Err(RosterError::Unknown { service: service.clone() }));
    let backwards = Shift { until: Some(now), ..good.clone() };
    assert_eq!(of(backwards, None), Err(RosterError::Backwards { service: service.clone() }));
    for fallback in [SERVICE, "nergens"] {
        let refused = Err(RosterError::Fallback { service: service.clone() });
        assert_eq!(of(good.clone(), Some(fallback)), refused);
    }
    let unreadable = Roster::new(vec![(account(0), Blob(vec![1]))], BTreeMap::new());
    assert_eq!(unreadable.map(drop), Err(RosterError::Certificate(0)));
}

#[test]
fn a_gap_between_shifts_is_an_empty_ladder() {
    let duties = vec![(0, 1, None, Some(10)), (0, 1, Some(20), None)];
    let scene = Scene::on(1, &[(SERVICE, duties, None)]);
    let sizes = [9, 10, 19, 20].map(|seconds| ladder(&scene, seconds).len());
    assert_eq!(sizes, [1, 0, 0, 1]);
}

#[test]
fn nobody_stands_twice_and_everybody_at_her_first_level_in_whatever_order_shifts_are_written() {
    let duties = vec![(0, 2, None, None), (1, 2, None, None), (0, 1, None, None)];
    let services = [(SERVICE, duties, Some("nacht")), ("nacht", vec![(1, 1, None, None)], None)];
    let scene = Scene::on(2, &services);
    assert_eq!(ladder(&scene, 0), [vec![0], vec![1]]);
}

#[test]
fn a_ladder_has_twenty_people_and_the_first_levels_come_first() {
    let mut duties: Vec<_> = (0..22).map(|who| (who, 2, None, None)).collect();
    duties.push((22, 1, None, None));
    let ladder = ladder(&Scene::on(23, &[(SERVICE, duties, None)]), 0);
    assert_eq!(ladder.concat().len(), 20);
    assert_eq!(ladder[0], [22]);
}

#[test]
fn a_client_is_told_who_comes_within_the_hour_and_everybody_if_nobody_can_be_reached() {
    let duties = vec![
        (0, 1, None, Some(600)),
        (3, 1, Some(1), Some(2)),
        (2, 1, Some(7200), None),
        (1, 1, Some(1800), None),
    ];
    let mut scene = Scene::on(5, &[(SERVICE, duties, None)]);
    scene.now = scene.start.plus_ms(10_000);
    let told = |scene: &Scene| {
        let told = scene.desk.told(SERVICE, scene.now);
        told.iter().map(|it| (usize::from(it.account.0[0]), it.level)).collect::<Vec<_>>()
    };
    // The fourth stood in a shift that is over; the fifth is certified for the service and stands in none.
    let everybody = [(0, 1), (1, 2), (2, 2), (3, 2), (4, 2)];
    assert_eq!(told(&scene), everybody, "nobody is here");
    scene.comes(0);
    assert_eq!(told(&scene), [(0, 1), (1, 2)]);
    // Being told is not being called.
    scene.goes(0);
    let raised = scene.raises(&[0, 1, 2, 3, 4]);
    assert_eq!(scene.paged(&raised), [0]);
    let done = scene.runs_to(1900);
    let mut called: Vec<usize> = done.iter().flat_map(|(_, batch)| scene.paged(batch)).collect();
    called.sort_unstable();
    called.dedup();
    assert_eq!(called, [0, 1], "she is called when her shift begins");
    scene.joins(1);
    scene.acknowledges(1).expect("she has a seat, from before");
}

#[test]
fn at_most_twenty_are_told_and_hosts_are_those_on_shift() {
    let on = |who| (who, 1, None, None);
    let scene = Scene::on(25, &[(SERVICE, vec![on(24)], None), ("begeleider", vec![], None)]);
    let told = scene.desk.told(SERVICE, scene.now);
    assert_eq!(told.len(), 20);
    assert_eq!((told[0].account, told[0].level), (account(24), 1));
    assert!(scene.desk.told("begeleider", scene.now).is_empty());
}

fn ladder(scene: &Scene, seconds: u64) -> Vec<Vec<u8>> {
    let now = scene.start.plus_ms(seconds * 1000);
    let ladder = scene.desk.roster().ladder(SERVICE, &scene.organisation.trust, now);
    let people =
        |level: Vec<&lotgenoot_core::duty::Colleague>| level.iter().map(|it| it.account.0[0]).collect();
    ladder.into_iter().map(people).collect()
}
