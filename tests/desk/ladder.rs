//! Who is called when.

use lotgenoot_core::figures::{self, Figure};
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::role::Role;

use crate::cast::Organisation;
use crate::scene::{SERVICE, Scene, notices, roster_of};

#[test]
fn levels_are_called_in_addition_and_the_next_cycle_rings_again() {
    let mut scene = Scene::new(&[1, 1, 1]);
    let raised = scene.raises(&[0, 1, 2]);
    assert_eq!(scene.paged(&raised), [0]);
    let first = scene.page_of(0);
    let done = scene.runs_to(300);
    assert_eq!(scene.pages(&done), [(60, vec![1]), (120, vec![2]), (300, vec![0])]);
    assert_ne!(first.page, scene.page_of(0).page, "a new page rings");
    let ack = scene.ack_to(0, &first);
    scene.hands_in(0, &ack).expect("an earlier page of the round counts");
}

#[test]
fn after_three_minutes_everybody_left_is_called_the_fallback_service_too() {
    let on = |who: usize, level: u32| (who, level, None, None);
    let day = (0..5).map(|who| on(who, who as u32 + 1)).collect();
    let mut scene = Scene::on(6, &[(SERVICE, day, Some("nacht")), ("nacht", vec![on(5, 1)], None)]);
    (0..6).for_each(|who| drop(scene.comes(who)));
    scene.raises(&[]);
    let done = scene.runs_to(360);
    let expected = [(60, vec![1]), (120, vec![2]), (180, vec![3, 4, 5]), (360, vec![0])];
    assert_eq!(scene.pages(&done), expected);
}

#[test]
fn levels_left_over_are_called_at_three_minutes_though_others_were_passed_and_looks_were_shifted() {
    let mut scene = Scene::offline(&[1, 1, 1, 1, 1]);
    scene.comes(3);
    let raised = scene.raises(&[]);
    assert_eq!(scene.paged(&raised), [0, 1, 2, 3]);
    scene.runs_to(360);
    scene.runs_to(370);
    scene.goes(3);
    scene.comes(3);
    let done = scene.runs_to(540);
    assert_eq!(scene.pages(&done), [(540, vec![4])]);
}

#[test]
fn levels_with_nobody_reachable_are_passed_at_once() {
    let mut scene = Scene::offline(&[1, 1, 1]);
    scene.comes(1);
    let raised = scene.raises(&[]);
    assert_eq!(scene.paged(&raised), [0, 1]);
    assert!(!notices(&raised).contains(&CallNotice::Unstaffed));
}

#[test]
fn nobody_on_duty_is_said_at_once_and_whoever_comes_on_duty_is_called() {
    let mut scene = Scene::on(1, &[(SERVICE, vec![], None)]);
    scene.comes(0);
    let raised = scene.raises(&[]);
    assert_eq!(notices(&raised), [CallNotice::Raised, CallNotice::Unstaffed]);
    let roster = roster_of(&scene.staff, &[(SERVICE, vec![(0, 1, None, None)], None)], scene.start);
    let mut batch = Default::default();
    scene.desk.set_roster(roster, scene.now, &mut batch);
    assert_eq!(scene.paged(&batch), [0]);
    assert!(matches!(notices(&batch)[0], CallNotice::Paging { level: 1, .. }));
}

#[test]
fn nobody_online_is_said_at_once_and_whoever_comes_online_has_her_page() {
    let mut scene = Scene::offline(&[1]);
    let raised = scene.raises(&[0]);
    assert!(notices(&raised).contains(&CallNotice::Unstaffed));
    let page = scene.page_of(0);
    let came = scene.comes(0);
    assert!(matches!(notices(&came)[..], [CallNotice::Paging { level: 1, .. }]));
    assert_eq!(page, scene.page_of(0), "it waits in her inbox, once");
    scene.acknowledges(0).unwrap();
}

#[test]
fn who_is_on_duty_is_looked_up_every_30_seconds_and_when_a_shift_changes() {
    let duties = vec![(0, 1, None, Some(200)), (1, 1, Some(47), None)];
    let mut scene = Scene::on(2, &[(SERVICE, duties, None)]);
    scene.comes(0);
    scene.comes(1);
    scene.raises(&[]);
    let done = scene.runs_to(400);
    assert_eq!(scene.pages(&done), [(47, vec![1]), (180, vec![0, 1]), (360, vec![1])]);
    let looks: Vec<u64> = done.iter().map(|(at, _)| *at).collect();
    assert_eq!(looks[..4], [30, 47, 77, 107]);
    assert!(looks.contains(&200));
}

#[test]
fn an_expired_certificate_is_not_on_the_ladder() {
    let organisation = Organisation::new();
    let staff = vec![organisation.expired(Role::Professional), organisation.staff(Role::Professional)];
    let duties = vec![(0, 1, None, None), (1, 1, None, None)];
    let mut scene = Scene::of(organisation, staff, &[(SERVICE, duties, None)]);
    let raised = scene.raises(&[]);
    assert_eq!(scene.paged(&raised), [1]);
}

#[test]
fn after_three_minutes_she_is_told_so_once() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    let done = scene.runs_to(1200);
    let told = done.iter().filter(|(_, batch)| notices(batch).contains(&CallNotice::StillWaiting));
    assert_eq!(told.map(|(at, _)| *at).collect::<Vec<_>>(), [180]);
}

#[test]
fn as_long_as_nobody_can_be_reached_that_is_the_last_word() {
    let mut scene = Scene::offline(&[1]);
    let raised = scene.raises(&[0]);
    let done = scene.runs_to(1200);
    let said: Vec<CallNotice> = done.iter().flat_map(|(_, batch)| notices(batch)).collect();
    let of_people = |it: &&CallNotice| matches!(it, CallNotice::Paging { .. } | CallNotice::Unstaffed);
    assert_eq!(said.iter().rfind(of_people), Some(&CallNotice::Unstaffed));
    assert!(
        said.windows(2)
            .all(|two| !matches!(two[0], CallNotice::Paging { .. }) || two[1] == CallNotice::Unstaffed)
    );
    // However often it is said: it is one call.
    assert!(said.iter().filter(|notice| **notice == CallNotice::Unstaffed).count() > 1);
    let batches = [&raised].into_iter().chain(done.iter().map(|(_, batch)| batch));
    let counted = batches.flat_map(|batch| figures::of(&scene.desk, batch)).map(|(_, figure)| figure);
    assert_eq!(counted.collect::<Vec<_>>(), [Figure::Raised, Figure::Unstaffed, Figure::StillWaiting]);
}

#[test]
fn with_a_lead_lost_the_three_minutes_begin_anew() {
    let mut scene = Scene::new(&[2]);
    scene.raises(&[0, 1]);
    scene.runs_to(100);
    scene.acknowledges(0).unwrap();
    let done = scene.runs_to(1200);
    let told = done.iter().filter(|(_, batch)| notices(batch).contains(&CallNotice::StillWaiting));
    assert_eq!(told.map(|(at, _)| *at).collect::<Vec<_>>(), [220 + 180]);
}
