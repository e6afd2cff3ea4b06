//! A call that is answered "ok" is stored whole, once.

use lotgenoot_core::duty::HOSTS;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::{EntryKind, Notice};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{Blob, Refused, RoomId};

use crate::scene::{CALL, ROOM, SERVICE, Scene, notices, roster_of};

#[test]
fn room_intake_call_and_first_pages_are_one_batch() {
    let mut scene = Scene::new(&[1, 1]);
    let batch = scene.raises(&[0, 1]);
    assert!(matches!(batch.ops[0], Op::CreateRoom { room: ROOM, .. }), "the room comes first");
    let at = |what: &dyn Fn(&Op) -> bool| batch.ops.iter().position(what).expect("it is in the batch");
    let intake = at(&|op| matches!(op, Op::Append(it) if it.kind == EntryKind::Application));
    let page = at(&|op| matches!(op, Op::Notify { notice: Notice::Page(_), .. }));
    let call = at(&|op| matches!(op, Op::PutCall { call: CALL, .. }));
    assert!(intake < page && page < call);
    assert_eq!(scene.paged(&batch), [0]);
    let paging = CallNotice::Paging { page_epoch: 1, level: 1, cycle: 1 };
    assert_eq!(notices(&batch), [CallNotice::Raised, paging]);
}

#[test]
fn the_same_call_again_is_the_same_call() {
    let mut scene = Scene::new(&[1]);
    let raise = scene.raise_of(CALL, ROOM, &[0]);
    let (first, _) = scene.tries_raise(&raise).unwrap();
    let (second, batch) = scene.tries_raise(&raise).unwrap();
    assert_eq!(first, second);
    assert!(batch.is_empty());
    let other = scene.raise_of(CALL, RoomId([9; 16]), &[]);
    assert_eq!(scene.tries_raise(&other).unwrap_err(), Refused::Exists);
}

#[test]
fn a_room_that_is_taken_is_refused() {
    let mut scene = Scene::new(&[1]);
    let mut raise = scene.raise_of(CALL, ROOM, &[]);
    scene.tries_raise(&raise).unwrap();
    raise.call.0[0] = 1;
    assert_eq!(scene.tries_raise(&raise).unwrap_err(), Refused::Exists);
}

#[test]
fn a_service_that_is_not_there_is_answered_by_one_that_is() {
    let duty = |who| vec![(who, 1, None, None)];
    let services = [("arosa", duty(0), None), (HOSTS, vec![], None), (SERVICE, duty(1), None)];
    for service in ["nergens", "", HOSTS] {
        // Somebody of the second can be reached, and nobody of the first.
        for (here, answers) in [(Some(1), 1), (None, 0)] {
            let mut scene = Scene::on(2, &services);
            here.map(|who| scene.comes(who));
            let mut raise = scene.raise_of(CALL, ROOM, &[]);
            raise.service = service.to_owned();
            let (_, batch) = scene.tries_raise(&raise).expect("nobody is turned away because of a name");
            assert_eq!(scene.paged(&batch), [answers], "{service}");
        }
    }
}

#[test]
fn a_call_goes_on_when_its_service_is_not_in_the_roster_any_more() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[]);
    let roster = roster_of(&scene.staff, &[("arosa", vec![(0, 1, None, None)], None)], scene.start);
    let mut batch = Batch::default();
    scene.desk.set_roster(roster, scene.now, &mut batch);
    scene.store(&batch);
    let done = scene.runs_to(180);
    assert_eq!(scene.pages(&done), [(180, vec![0])], "the next cycle calls whoever there is");
}

#[test]
fn an_organisation_without_any_service_takes_up_a_call_all_the_same() {
    let mut scene = Scene::on(1, &[]);
    let batch = scene.raises(&[]);
    assert!(notices(&batch).contains(&CallNotice::Unstaffed));
}

#[test]
fn only_a_help_room_with_a_good_intake_is_a_call() {
    let mut scene = Scene::new(&[1]);
    let line = scene.raise_in(RoomKind::Line, CALL, ROOM, &[]);
    let refused = Refused::NotAllowed { rule: Rule::NotARoom };
    assert_eq!(scene.tries_raise(&line).unwrap_err(), refused);
    let mut help = scene.raise_of(CALL, RoomId([8; 16]), &[0]);
    help.intake = Blob(b"no message".to_vec());
    assert!(scene.tries_raise(&help).is_err());
    assert!(scene.desk.call(&CALL).is_none());
}

#[test]
fn a_call_that_was_not_stored_never_was() {
    let mut scene = Scene::new(&[1]);
    scene.raises(&[0]);
    scene.desk.forget(&CALL);
    assert!(scene.desk.call(&CALL).is_none() && !scene.desk.owns(&ROOM));
    assert_eq!(scene.desk.poll_timeout(), None);
}
