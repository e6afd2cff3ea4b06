//! Only the person closes.

use lotgenoot_protocol::Refused;
use lotgenoot_protocol::frame::Notice;

use crate::scene::{CALL, Scene};

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
    assert_eq!(scene.desk.poll_timeout(), None);
    assert!(scene.runs_to(3600).is_empty());
}
