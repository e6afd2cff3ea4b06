//! Who may read: not before she is called.

use lotgenoot_core::room::Input;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::Notice;

use crate::scene::{ROOM, Scene, notices};

#[test]
fn a_responder_of_a_later_level_gets_her_welcome_when_she_is_called() {
    let mut scene = Scene::new(&[1, 1]);
    scene.raises(&[0, 1]);
    let later = scene.staff[1].leaf();
    scene.joins(0);
    assert_eq!(scene.desk.attach(&ROOM, later, None).unwrap_err(), Refused::UnknownRoom);
    scene.runs_to(60);
    scene.joins(1);
}

#[test]
fn a_responder_who_is_not_in_the_group_is_wanted_and_gets_her_welcome_when_added() {
    let mut scene = Scene::new(&[1]);
    let raised = scene.raises(&[]);
    let account = scene.account(0);
    let wanted =
        |notice: &CallNotice| matches!(notice, CallNotice::Wanted { account: it, .. } if *it == account);
    assert!(notices(&raised).iter().any(wanted));
    assert!(scene.acknowledges(0).is_err(), "she could not read it");
    // Her connection comes and goes: that she is wanted is said again, but not each time.
    let mut said = 0;
    for _ in 0..30 {
        scene.goes(0);
        scene.now = scene.now.plus_ms(1_000);
        said += notices(&scene.comes(0)).iter().filter(|notice| wanted(notice)).count();
    }
    assert_eq!(said, 1);

    let bundle = scene.adds(&[0]);
    let person = scene.person.leaf();
    let (_, batch) = scene.in_room(person, &Input::Commit(bundle), None).unwrap();
    assert_eq!(scene.told(&batch, |notice| matches!(notice, Notice::Added { .. })), [0]);
    scene.joins(0);
    scene.acknowledges(0).unwrap();
}

#[test]
fn who_comes_a_moment_after_she_was_called_is_wanted_at_once() {
    let mut scene = Scene::offline(&[1]);
    scene.raises(&[]);
    let account = scene.account(0);
    let wanted =
        |notice: &CallNotice| matches!(notice, CallNotice::Wanted { account: it, .. } if *it == account);
    scene.now = scene.now.plus_ms(1_000);
    let came = scene.comes(0);
    assert!(notices(&came).iter().any(wanted), "nobody could add her before she had left a KeyPackage");
    scene.goes(0);
    scene.now = scene.now.plus_ms(1_000);
    let came = scene.comes(0);
    assert!(!notices(&came).iter().any(wanted), "it was said when she could be added");
}
