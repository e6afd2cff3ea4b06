//! What the person does with her call: ask again, close, take closing back, go on later.

use lotgenoot_core::call::State;
use lotgenoot_protocol::call::{Alarm, CallNotice, Step, StepCall};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::{Refused, RequestId};

use crate::scene::{CALL, Scene, notices};

#[test]
fn asking_again_rings_all_who_were_called_and_one_level_more() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.raises(&[0, 1, 2]);
    scene.runs_to(20);
    let batch = scene.person_steps(Step::Nudge);
    assert_eq!(scene.paged(&batch), [0, 1]);
    let again = scene.person_steps(Step::Nudge);
    assert!(scene.paged(&again).is_empty(), "they ring already");
    let done = scene.runs_to(90);
    assert_eq!(scene.pages(&done), [(80, vec![2])], "the ladder goes on from there");
}

#[test]
fn a_repeat_of_asking_again_has_no_second_effect() {
    let mut scene = Scene::new(&[1, 1, 1]);
    scene.raises(&[0, 1, 2]);
    scene.runs_to(20);
    let (by, request, now) = ([scene.person.leaf()], RequestId([5; 16]), scene.now.plus_ms(30_000));
    let step = StepCall { call: CALL, step: Step::Nudge };
    scene.does(|desk, batch| desk.step(&by, &step, request, now, batch)).unwrap();
    let (_, again) = scene.does(|desk, batch| desk.step(&by, &step, request, now, batch)).unwrap();
    assert!(again.is_empty());
}

#[test]
fn asking_again_calls_a_silent_lead_and_then_all() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.runs_to(1000);
    let batch = scene.person_steps(Step::Nudge);
    assert_eq!((scene.paged(&batch), notices(&batch)), (vec![0], vec![CallNotice::Attention]));
    let done = scene.runs_to(1060);
    assert!(
        notices(&done.last().unwrap().1).contains(&CallNotice::LeadLost),
        "she was there and did not write"
    );
}

#[test]
fn a_lead_who_wrote_just_now_is_called_and_not_taken_for_gone() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.runs_to(190);
    let batch = scene.person_steps(Step::Nudge);
    assert_eq!(scene.paged(&batch), [0]);
    assert!(scene.runs_to(359).is_empty());
    assert!(!scene.runs_to(360).is_empty(), "three minutes after her last words");
}

#[test]
fn only_the_person_asks_again_and_goes_on_and_only_the_lead_proposes_and_gives_back() {
    let mut scene = Scene::active(&[1, 1], 0);
    let (lead, other, person) = (scene.staff[0].leaf(), scene.staff[1].leaf(), scene.person.leaf());
    for (leaf, step) in [
        (lead, Step::Nudge),
        (lead, Step::Reopen),
        (person, Step::ProposeDone),
        (person, Step::GiveBack),
        (other, Step::ProposeDone),
        (other, Step::GiveBack),
    ] {
        assert_eq!(scene.steps(leaf, step).unwrap_err(), Refused::NoSuchCall, "{step:?}");
    }
}

#[test]
fn that_they_are_done_is_proposed_and_the_call_stays_open() {
    let mut scene = Scene::active(&[1], 0);
    let lead = scene.staff[0].leaf();
    let (_, batch) = scene.steps(lead, Step::ProposeDone).unwrap();
    assert_eq!(notices(&batch), [CallNotice::DoneProposed]);
    assert!(notices(&scene.steps(lead, Step::ProposeDone).unwrap().1).is_empty());
    assert!(matches!(&scene.call().state, State::Active(it) if it.done_proposed));
    scene.person_speaks();
    assert!(matches!(&scene.call().state, State::Active(it) if !it.done_proposed), "she goes on");
}

#[test]
fn closing_can_be_taken_back_for_a_minute_as_if_nothing_had_happened() {
    let mut scene = Scene::active(&[1, 1], 0);
    scene.closes().unwrap();
    scene.runs_to(240);
    let batch = scene.person_steps(Step::Reopen);
    assert_eq!(notices(&batch), [CallNotice::Reopened]);
    assert!(scene.paged(&batch).is_empty());
    assert_eq!(scene.lead(), Some(0));
    let (_, again) = scene.steps(scene.person.leaf(), Step::Reopen).unwrap();
    assert!(notices(&again).is_empty(), "it is open");
}

#[test]
fn after_a_minute_going_on_calls_anew_and_first_whoever_led() {
    let mut scene = Scene::active(&[1, 1], 1);
    scene.closes().unwrap();
    scene.runs_to(241);
    let batch = scene.person_steps(Step::Reopen);
    assert_eq!(scene.paged(&batch), [1]);
    assert!(scene.is_paging());
    assert_eq!(scene.call().epoch(), 2);
}

#[test]
fn a_call_that_nobody_had_taken_is_called_anew_when_closing_is_taken_back() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    let old = scene.ack_of(0);
    scene.closes().unwrap();
    let batch = scene.person_steps(Step::Reopen);
    assert_eq!(scene.paged(&batch), [0]);
    assert!(scene.hands_in(0, &old).is_err(), "the page that was called off");
    scene.acknowledges(0).unwrap();
}

#[test]
fn coordinators_are_told_after_two_minutes_in_every_cycle_and_when_it_is_over() {
    let mut scene = Scene::new(&[1]);
    scene.desk.set_coordinators([scene.account(8), scene.account(9)].into());
    scene.raises(&[0]);
    let done = scene.runs_to(400);
    let alarms = |batch: &_, why: Alarm| {
        scene.told(batch, |it| matches!(it, Notice::Alarm { why: told, .. } if *told == why))
    };
    let told: Vec<u64> = done
        .iter()
        .filter(|(_, batch)| alarms(batch, Alarm::Unanswered) == [8, 9])
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(told, [120, 300]);
    let (_, batch) = scene.acknowledges(0).unwrap();
    assert_eq!(scene.told(&batch, |it| matches!(it, Notice::Alarm { why: Alarm::Over, .. })), [8, 9]);
}

#[test]
fn coordinators_are_told_at_once_when_nobody_can_be_reached() {
    let mut scene = Scene::offline(&[1]);
    scene.desk.set_coordinators([scene.account(8)].into());
    let batch = scene.raises(&[0]);
    assert_eq!(scene.told(&batch, |it| matches!(it, Notice::Alarm { why: Alarm::Unanswered, .. })), [8]);
}
