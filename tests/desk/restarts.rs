//! Downtime and boot: what is overdue happens at once, together.

use lotgenoot_core::effect::Batch;
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::Notice;

use crate::scene::{SERVICE, Scene, notices};

#[test]
fn after_an_hour_down_all_overdue_levels_are_called_together_once() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.raises(&[0, 1, 2]);
    scene.now = scene.start.plus_ms(3_600_000);
    scene.restarts();
    let batch = scene.wakes();
    assert_eq!(scene.paged(&batch), [0, 1, 2]);
    assert!(scene.wakes().is_empty());
    let done = scene.runs_to(3600 + 180);
    assert_eq!(scene.pages(&done), [(3600 + 180, vec![0])], "then it goes on as always");
}

#[test]
fn a_thousand_overdue_calls_are_all_called_in_one_look() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    scene.is_one_of(1000);
    let mut batch = Batch::default();
    scene.desk.handle_timeout(scene.start.plus_ms(3_600_000), &mut batch);
    assert_eq!(scene.paged(&batch).len(), 1000);
    let now = scene.start.plus_ms(3_600_000);
    assert!(scene.desk.poll_timeout().is_some_and(|due| due > now));
}

fn said(done: &[(u64, Batch)]) -> Vec<CallNotice> {
    done.iter().flat_map(|(_, batch)| notices(batch)).collect()
}

#[test]
fn while_sockets_come_back_nobody_is_said_to_be_gone_and_no_level_is_passed() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.desk.set_coordinators([scene.account(7)].into());
    scene.raises(&[0, 1, 2]);
    scene.runs_to(40);
    scene.boots();
    scene.desk.set_coordinators([scene.account(7)].into());
    // It is looked at, as any call is every thirty seconds, before anybody is back.
    let done = scene.runs_to(59);
    assert!(scene.pages(&done).is_empty() && said(&done).is_empty(), "{done:?}");
    for who in 0..3 {
        scene.comes(who);
    }
    let done = scene.runs_to(119);
    assert_eq!(scene.pages(&done), [(60, vec![1])], "it goes on where it was");
    assert!(!said(&done).contains(&CallNotice::Unstaffed));
    let alarmed = |batch: &Batch| scene.told(batch, |notice| matches!(notice, Notice::Alarm { .. })).len();
    assert_eq!(done.iter().map(|(_, batch)| alarmed(batch)).sum::<usize>(), 0);
}

#[test]
fn a_clock_that_was_set_back_while_the_relay_was_down_keeps_nobody_waiting() {
    let mut scene = Scene::new(&[1, 1]);
    scene.raises(&[0, 1]);
    scene.runs_to(10);
    let hour_ms = 3_600_000;
    (scene.now, scene.start) = (Timestamp(scene.now.0 - hour_ms), Timestamp(scene.now.0 - hour_ms));
    scene.boots();
    scene.comes(0);
    scene.comes(1);
    let pages = scene.runs_to(400);
    assert_eq!(scene.pages(&pages), [(60, vec![1]), (240, vec![0]), (300, vec![1])], "by the clock of now");

    let mut scene = Scene::active(&[1, 1], 0);
    scene.goes(0);
    scene.person_speaks();
    (scene.now, scene.start) = (Timestamp(scene.now.0 - hour_ms), Timestamp(scene.now.0 - hour_ms));
    scene.boots();
    let done = scene.runs_to(190);
    assert!(said(&done).contains(&CallNotice::Attention), "a lead who is gone is missed: {:?}", said(&done));
}

#[test]
fn who_has_not_come_back_in_time_is_gone() {
    let mut scene = Scene::new(&[1, 1]);
    scene.raises(&[0, 1]);
    scene.now = scene.now.plus_ms(5_000);
    scene.boots();
    let mut batch = Batch::default();
    scene.desk.handle_timeout(scene.now, &mut batch);
    scene.store(&batch);
    let done = scene.runs_to(30);
    let first = done.iter().find(|(_, batch)| notices(batch).contains(&CallNotice::Unstaffed));
    assert_eq!(
        scene.pages(&done).len(),
        1,
        "the next level is called as soon as the first is known to be gone"
    );
    assert!(first.is_some_and(|(at, _)| (25..=30).contains(at)));
}

#[test]
fn a_call_that_comes_in_the_moment_after_a_restart_is_not_told_that_nobody_is_there() {
    let mut scene = Scene::new(&[1, 1]);
    scene.boots();
    let raised = scene.raises(&[0, 1]);
    assert_eq!(scene.paged(&raised), [0], "what is due is paged");
    assert!(!notices(&raised).contains(&CallNotice::Unstaffed));
    let done = scene.runs_to(20);
    assert!(said(&done).contains(&CallNotice::Unstaffed), "and then it is known");
}

#[test]
fn nobody_on_the_roster_is_nobody_also_after_a_restart_and_what_was_true_stays_said() {
    let mut scene = Scene::on(1, &[(SERVICE, vec![], None)]);
    scene.boots();
    assert!(notices(&scene.raises(&[])).contains(&CallNotice::Unstaffed));
    let mut scene = Scene::offline(&[1]);
    assert!(notices(&scene.raises(&[0])).contains(&CallNotice::Unstaffed));
    scene.boots();
    let done = scene.runs_to(100);
    assert!(said(&done).is_empty(), "she is not told that people can be reached: {done:?}");
    let came = scene.comes(0);
    assert!(matches!(notices(&came)[..], [CallNotice::Paging { level: 1, .. }]));
}
