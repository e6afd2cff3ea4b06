//! A later call reaches her contact person first, or else the deputy; and nobody waits for one who is not there.

use lotgenoot_protocol::call::Urgency;

use crate::scene::{CALL, ROOM, SERVICE, Scene};

fn raised(scene: &mut Scene, first: &[usize]) -> Vec<usize> {
    let mut raise = scene.raise_of(CALL, ROOM, &[0, 1, 2]);
    raise.first = first.iter().map(|who| scene.account(*who)).collect();
    let (_, batch) = scene.tries_raise(&raise).unwrap();
    scene.paged(&batch)
}

#[test]
fn her_contact_person_is_called_first_and_the_others_after_her() {
    let mut scene = Scene::new(&[2, 1]);
    assert_eq!(raised(&mut scene, &[2, 1]), [2]);
    let done = scene.runs_to(120);
    assert_eq!(scene.pages(&done), [(60, vec![0, 1])], "nobody is called twice in a cycle");
}

#[test]
fn the_deputy_is_called_first_when_the_contact_person_is_off_duty() {
    let duties = vec![(0, 1, None, None), (1, 1, None, None)];
    let mut scene = Scene::on(3, &[(SERVICE, duties, None)]);
    (0..3).for_each(|who| drop(scene.comes(who)));
    assert_eq!(raised(&mut scene, &[2, 1]), [1]);
}

#[test]
fn a_contact_person_who_cannot_be_reached_holds_nobody_up() {
    let mut scene = Scene::new(&[2, 1]);
    scene.goes(2);
    assert_eq!(raised(&mut scene, &[2]), [0, 1, 2], "her page waits for her all the same");
}

#[test]
fn at_most_two_are_called_first_and_strangers_count_for_nothing() {
    let mut scene = Scene::new(&[2, 1]);
    assert_eq!(raised(&mut scene, &[7, 8, 2]), [0, 1]);
    assert_eq!(scene.call().first.len(), 2);
}

#[test]
fn who_does_not_need_somebody_at_once_has_the_next_level_called_later() {
    let mut scene = Scene::new(&[1, 1]);
    let mut raise = scene.raise_of(CALL, ROOM, &[0, 1]);
    raise.urgency = Urgency::Today;
    scene.tries_raise(&raise).unwrap();
    let done = scene.runs_to(700);
    assert_eq!(scene.pages(&done), [(600, vec![1])]);
}
