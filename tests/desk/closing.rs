//! Only the person closes.

use lotgenoot::store::Ledger;
use lotgenoot_core::effect::Op;
use lotgenoot_protocol::call::{Step, StepCall};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::limits::CLOSED_CALL_KEPT_MS;
use lotgenoot_protocol::{Refused, RequestId};

use crate::scene::{CALL, ROOM, Scene};

#[test]
fn nobody_else_closes_not_even_the_lead() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    scene.acknowledges(0).unwrap();
    let (by, now) = ([scene.staff[0].leaf()], scene.now);
    let refused = scene.does(|desk, batch| desk.close(&by, CALL, now, batch));
    assert_eq!(refused.unwrap_err(), Refused::NoSuchCall);
}

#[test]
fn closing_ends_all_pages_once_and_nobody_can_take_it_any_more() {
    let mut scene = Scene::new(&[2]);
    scene.raises(&[0, 1]);
    let (_, batch) = scene.closes().unwrap();
    assert_eq!(scene.told(&batch, |notice| matches!(notice, Notice::Taken { .. })), [0, 1]);
    let (_, again) = scene.closes().unwrap();
    assert!(again.is_empty());
    assert_eq!(scene.acknowledges(0).unwrap_err(), Refused::NoSuchCall);
    assert_eq!(scene.desk.poll_timeout(), scene.call().forgotten_at(), "nothing but that is due any more");
    assert!(scene.runs_to(3600).is_empty());
}

#[test]
fn what_she_closed_is_kept_for_a_month_to_go_on_with_and_then_forgotten() {
    let mut scene = Scene::active(&[1], 0);
    let closed = scene.now.ms_since(scene.start) / 1000;
    scene.closes().expect("she may");
    let kept = CLOSED_CALL_KEPT_MS / 1000;
    assert!(scene.runs_to(closed + kept - 1).is_empty());
    let done = scene.runs_to(closed + kept);
    let [(_, batch)] = &done[..] else { panic!("once") };
    assert_eq!(batch.ops, [Op::RemoveRoom { room: ROOM }, Op::RemoveCall { call: CALL }]);
    assert!(scene.desk.call(&CALL).is_none() && !scene.desk.owns(&ROOM));
    assert_eq!(scene.desk.poll_timeout(), None);
    assert_eq!(scene.ledger.room(&ROOM).unwrap(), None);
    assert!(scene.ledger.calls().unwrap().is_empty() && scene.ledger.is_over(&ROOM).unwrap());
    let by = [scene.person.leaf()];
    let step = StepCall { call: CALL, step: Step::Reopen };
    let (request, now) = (RequestId([9; 16]), scene.now);
    let refused = scene.does(|desk, batch| desk.step(&by, &step, request, now, batch));
    assert_eq!(refused.unwrap_err(), Refused::NoSuchCall);
}

#[test]
fn what_she_goes_on_with_is_not_forgotten() {
    let mut scene = Scene::active(&[1], 0);
    scene.closes().expect("she may");
    scene.runs_to(20 * 86_400);
    scene.person_steps(Step::Reopen);
    scene.runs_to(60 * 86_400);
    assert!(scene.desk.call(&CALL).is_some());
}
