//! Who comes in and who goes out, as the relay and a client see it; how many at once, and how many in all.

use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use openmls::prelude::{KeyPackage, LeafNodeIndex};

use crate::cast::FAST;
use crate::scene::{Scene, Verdict};
use lotgenoot_tests::cast::Actor;

#[test]
fn a_person_adds_nobody_to_a_peer_room() {
    let mut scene = Scene::new(RoomKind::Peer);
    let package = Actor::person().key_package(FAST);
    let commit = scene.second.commits(|builder| builder.propose_adds([package]));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::AddByOutsider));
}

#[test]
fn a_presenter_comes_into_no_peer_room_line_or_help_call() {
    for kind in [RoomKind::Peer, RoomKind::Line, RoomKind::Help] {
        let mut scene = Scene::new(kind);
        let package = scene.organisation.staff(Role::Presenter).key_package(FAST);
        let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
        assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::AddOfOutsider));
    }
}

#[test]
fn a_presenter_comes_onto_a_stage() {
    let mut scene = Scene::new(RoomKind::Stage);
    let package = scene.organisation.staff(Role::Presenter).key_package(FAST);
    let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::accepted());
}

#[test]
fn a_line_and_a_help_call_have_one_person() {
    for kind in [RoomKind::Line, RoomKind::Help] {
        let mut scene = Scene::new(kind);
        let package = Actor::person().key_package(FAST);
        let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
        assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::AddOfOutsider));
    }
}

#[test]
fn a_professional_comes_into_no_line_and_a_host_into_no_help_call_unasked() {
    for (kind, role) in [(RoomKind::Line, Role::Professional), (RoomKind::Help, Role::Host)] {
        let mut scene = Scene::new(kind);
        let package = scene.organisation.staff(role).key_package(FAST);
        let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
        assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::AddOfOutsider));
    }
}

#[test]
fn a_person_removes_nobody_from_a_peer_room() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.second.commits(|builder| builder.propose_removals([LeafNodeIndex::new(0)]));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::RemoveByOutsider));
}

#[test]
fn a_host_removes_somebody_from_a_peer_room() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
    scene.passes(scene.founder.leaf(), &commit);
    assert!(!scene.relay.has_seat(&scene.second.leaf()));
}

#[test]
fn nobody_removes_the_person_from_her_help_call() {
    let mut scene = Scene::new(RoomKind::Help);
    scene.lead = Some(scene.second.leaf());
    let commit = scene.second.commits(|builder| builder.propose_removals([LeafNodeIndex::new(0)]));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::RemoveOfPerson));
}

#[test]
fn the_person_removes_whom_she_likes_from_her_help_call() {
    let mut scene = Scene::new(RoomKind::Help);
    let commit = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
    scene.passes(scene.founder.leaf(), &commit);
}

#[test]
fn no_more_than_twenty_are_added_at_once() {
    let mut scene = Scene::new(RoomKind::Stage);
    let commit = scene.founder.commits(|builder| builder.propose_adds(persons(21)));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::AddTooMany));

    let mut scene = Scene::new(RoomKind::Stage);
    let commit = scene.founder.commits(|builder| builder.propose_adds(persons(20)));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::accepted());
}

#[test]
fn no_more_than_fifteen_sit_in_a_peer_room() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.propose_adds(persons(13)));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::RoomFull));

    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.propose_adds(persons(12)));
    scene.passes(scene.founder.leaf(), &commit);
    let one_for_one = scene
        .founder
        .commits(|builder| builder.propose_adds(persons(1)).propose_removals([LeafNodeIndex::new(3)]));
    scene.passes(scene.founder.leaf(), &one_for_one);
    let one_more = scene.founder.commits(|builder| builder.propose_adds(persons(1)));
    assert_eq!(scene.tries(scene.founder.leaf(), &one_more), Verdict::refused(Rule::RoomFull));
}

#[test]
fn no_more_than_fifty_sit_in_a_line() {
    let mut scene = Scene::new(RoomKind::Line);
    for _ in 0..2 {
        let hosts: Vec<_> = (0..20).map(|_| scene.organisation.staff(Role::Host).key_package(FAST)).collect();
        let commit = scene.founder.commits(|builder| builder.propose_adds(hosts));
        scene.passes(scene.founder.leaf(), &commit);
    }
    let hosts: Vec<_> = (0..8).map(|_| scene.organisation.staff(Role::Host).key_package(FAST)).collect();
    let commit = scene.founder.commits(|builder| builder.propose_adds(hosts));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::RoomFull));
}

fn persons(count: usize) -> Vec<KeyPackage> {
    (0..count).map(|_| Actor::person().key_package(FAST)).collect()
}
