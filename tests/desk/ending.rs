//! How a call ended is said by whoever led it last, once for each ending, and counted when it is certain.

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::figures::Figure;
use lotgenoot_protocol::call::{Part, Step};
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::outcome::{Code, Outcome};
use lotgenoot_protocol::{LeafKey, Refused};

use crate::scene::Scene;

const UNDO_SECONDS: u64 = 60;

#[test]
fn who_led_last_says_how_it_ended_and_it_is_counted_once_closing_is_certain() {
    let mut scene = Scene::active(&[1], 0);
    scene.closes().expect("she may");
    let closed = since_start(&scene);
    let lead = scene.staff[0].leaf();
    let (_, batch) = says(&mut scene, lead, &[Code::SafetyPlan]).expect("she led");
    assert_eq!(counted(&batch), []);
    assert!(scene.runs_to(closed + UNDO_SECONDS).is_empty(), "it can still be taken back");
    let [(_, batch)] = &scene.runs_to(closed + UNDO_SECONDS + 1)[..] else { panic!("once") };
    assert_eq!(counted(batch), [outcome(true, &[Code::SafetyPlan])]);
    let (_, again) = says(&mut scene, lead, &[Code::Shelter]).expect("nobody minds");
    assert_eq!(counted(&again), [], "the first that is said counts");
    assert_eq!(scene.desk.poll_timeout(), scene.call().forgotten_at());
}

#[test]
fn what_was_said_of_a_closing_that_is_taken_back_never_counts() {
    let mut scene = Scene::active(&[1], 0);
    scene.closes().expect("she may");
    let lead = scene.staff[0].leaf();
    says(&mut scene, lead, &[Code::NoNeed]).expect("she led");
    scene.person_steps(Step::Reopen);
    assert_eq!(scene.lead(), Some(0));
    let later = since_start(&scene) + 600;
    assert!(scene.runs_to(later).iter().all(|(_, batch)| counted(batch).is_empty()));
    assert_eq!(says(&mut scene, lead, &[]).unwrap_err(), Refused::NoSuchCall, "it goes on");
    scene.closes().expect("she may");
    let closed = since_start(&scene);
    scene.runs_to(closed + UNDO_SECONDS + 1);
    let (_, batch) = says(&mut scene, lead, &[Code::Advice]).expect("she led until this ending too");
    assert_eq!(counted(&batch), [outcome(true, &[Code::Advice])], "and by now it is certain");
}

#[test]
fn it_survives_a_restart_between_what_was_said_and_the_count() {
    let mut scene = Scene::active(&[1], 0);
    scene.closes().expect("she may");
    let closed = since_start(&scene);
    let lead = scene.staff[0].leaf();
    says(&mut scene, lead, &[Code::Police]).expect("she led");
    scene.restarts();
    let done = scene.runs_to(closed + 2 * UNDO_SECONDS);
    let all: Vec<Outcome> = done.iter().flat_map(|(_, batch)| counted(batch)).collect();
    assert_eq!(all, [outcome(true, &[Code::Police])]);
}

#[test]
fn after_a_hand_over_the_new_lead_says_it_and_the_old_one_cannot() {
    let mut scene = Scene::active(&[2], 0);
    let refused = {
        let mut other = Scene::active(&[1], 0);
        other.closes().expect("she may");
        let lead = other.staff[0].leaf();
        says(&mut other, lead, &[Code::HandedOver])
    };
    assert!(matches!(refused.unwrap_err(), Refused::Invalid { .. }), "nobody took that call over");

    scene.asks(0, 1, Part::TakesOver, Some(1)).expect("she leads");
    let page = scene.newest_page_of(1).expect("she is paged");
    let ack = scene.ack_to(1, &page);
    scene.hands_in(1, &ack).expect("she accepts");
    scene.speaks(1);
    assert_eq!(scene.lead(), Some(1));
    scene.closes().expect("she may");
    let [old, new] = [0, 1].map(|who: usize| scene.staff[who].leaf());
    assert_eq!(says(&mut scene, old, &[]).unwrap_err(), Refused::NoSuchCall);
    let person = scene.person.leaf();
    assert_eq!(says(&mut scene, person, &[]).unwrap_err(), Refused::NoSuchCall);
    says(&mut scene, new, &[Code::HandedOver]).expect("somebody took it over and wrote");
}

#[test]
fn of_a_call_that_nobody_led_nobody_is_asked_and_what_contradicts_itself_is_refused() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    scene.closes().expect("she may");
    let somebody = scene.staff[0].leaf();
    assert_eq!(says(&mut scene, somebody, &[]).unwrap_err(), Refused::NoSuchCall);

    let mut scene = Scene::active(&[1], 0);
    scene.closes().expect("she may");
    let lead = scene.staff[0].leaf();
    let both = says(&mut scene, lead, &[Code::NotReached]);
    assert!(matches!(both.unwrap_err(), Refused::Invalid { .. }), "spoken with and not reached");
}

#[test]
fn of_a_call_that_came_to_rest_it_counts_at_once() {
    let mut scene = Scene::active(&[1], 0);
    scene.runs_to(31 * 86_400);
    let lead = scene.staff[0].leaf();
    let (_, batch) = says(&mut scene, lead, &[Code::SheLeft]).expect("she led");
    assert_eq!(counted(&batch), [outcome(true, &[Code::SheLeft])]);
    scene.closes().expect("she may");
    let (_, batch) = says(&mut scene, lead, &[Code::Care]).expect("nobody minds");
    assert_eq!(counted(&batch), [], "it is the same ending");
}

fn says(scene: &mut Scene, leaf: LeafKey, codes: &[Code]) -> Result<(Answer, Batch), Refused> {
    scene.steps(leaf, Step::Outcome(outcome(true, codes)))
}

fn outcome(spoke: bool, codes: &[Code]) -> Outcome {
    Outcome { spoke, codes: codes.iter().copied().collect() }
}

fn counted(batch: &Batch) -> Vec<Outcome> {
    let ops = batch.ops.iter().filter_map(|op| match op {
        Op::CountCall { figure: Figure::Outcome(outcome), .. } => Some(*outcome),
        _ => None,
    });
    ops.collect()
}

fn since_start(scene: &Scene) -> u64 {
    scene.now.ms_since(scene.start) / 1000
}
