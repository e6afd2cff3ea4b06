//! A call that is answered "ok" is stored whole, once.

use lotgenoot_core::duty::HOSTS;
use lotgenoot_core::effect::Op;
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::{EntryKind, Notice};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{Blob, Refused, RoomId};

use crate::scene::{CALL, ROOM, SERVICE, Scene, notices};

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
fn a_room_that_is_taken_or_a_service_that_is_not_there_is_refused() {
    let mut scene = Scene::on(1, &[(SERVICE, vec![(0, 1, None, None)], None), (HOSTS, vec![], None)]);
    let mut raise = scene.raise_of(CALL, ROOM, &[]);
    for service in ["nergens", HOSTS] {
        raise.service = service.to_owned();
        assert!(matches!(scene.tries_raise(&raise), Err(Refused::Invalid { .. })));
    }
    raise.service = SERVICE.to_owned();
    scene.tries_raise(&raise).unwrap();
    raise.call.0[0] = 1;
    assert_eq!(scene.tries_raise(&raise).unwrap_err(), Refused::Exists);
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
