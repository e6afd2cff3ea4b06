//! Only the person closes.

use lotgenoot::store::Ledger;
use lotgenoot_core::call::State;
use lotgenoot_core::effect::Op;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{CallNotice, Step, StepCall};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::limits::CLOSED_CALL_KEPT_MS;
use lotgenoot_protocol::{Blob, Refused, RequestId};

use lotgenoot_tests::cast::Actor;

use crate::scene::{CALL, ROOM, Scene, notices};

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
fn what_is_written_after_she_has_closed_is_refused_and_not_swallowed() {
    for later in [0, 30, 61, 86_400] {
        let mut scene = Scene::active(&[1], 0);
        let person = scene.person.leaf();
        let before = scene.person.speaks("dank je wel");
        let request = RequestId([5; 16]);
        let sends = |scene: &mut Scene, leaf, request, words: Blob| {
            let now = scene.now;
            let input = Input::Send(words);
            scene
                .does(|desk, batch| desk.handle_room(ROOM, leaf, request, &input, None, now, batch))
                .map(drop)
        };
        assert_eq!(sends(&mut scene, person, request, before.clone()), Ok(()));
        scene.closes().expect("she may");
        scene.now = scene.now.plus_ms(later * 1000);
        // Neither she nor whoever led it is heard by anybody: both learn that, and nobody is called.
        let words = scene.person.speaks("ben je daar nog?");
        assert_eq!(sends(&mut scene, person, RequestId([6; 16]), words), Err(Refused::NoSuchCall));
        let (lead, words) = (scene.staff[0].leaf(), scene.staff[0].speaks("nog iets"));
        assert_eq!(sends(&mut scene, lead, RequestId([7; 16]), words), Err(Refused::NoSuchCall));
        let stranger = Actor::person().leaf();
        let words = scene.person.speaks("wie ben ik?");
        assert_eq!(sends(&mut scene, stranger, RequestId([8; 16]), words), Err(Refused::UnknownRoom));
        assert_eq!(sends(&mut scene, person, request, before), Ok(()), "what was taken before was taken");
        // What she wrote is still hers to send, once she goes on.
        scene.person_steps(Step::Reopen);
        let words = scene.person.speaks("ik wil toch nog iets zeggen");
        assert_eq!(sends(&mut scene, person, RequestId([9; 16]), words), Ok(()), "after {later} s");
    }
}

#[test]
fn what_she_writes_where_a_call_rests_goes_on_with_it() {
    let mut scene = Scene::active(&[1], 0);
    scene.runs_to(31 * 86_400);
    assert!(matches!(scene.call().state, State::Resting(_)));
    let lead = scene.staff[0].leaf();
    let words = scene.staff[0].speaks("hoe gaat het?");
    scene.in_room(lead, &Input::Send(words), None).expect("she finds it when she comes back");
    assert!(matches!(scene.call().state, State::Resting(_)), "whoever led it calls nobody");
    let batch = scene.person_speaks();
    assert!(scene.is_paging() && scene.call().epoch() == 2);
    assert_eq!(notices(&batch)[0], CallNotice::Reopened);
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
