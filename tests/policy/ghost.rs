//! External commits: the only good one is a member's own resync.

use lotgenoot_core::room::Input;
use lotgenoot_protocol::mls::{RoomKind, credential, leaf_extensions};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Pseudonym, Refused};
use openmls::prelude::Ciphersuite;

use lotgenoot_tests::cast::Actor;

use crate::forge::in_the_place_of;
use crate::scene::{ROOM, Scene, Verdict, not_allowed};
use crate::victim::Reaction;

#[test]
fn a_ghost_external_commit_takes_no_epoch() {
    for suite in [crate::cast::FAST, Ciphersuite::try_from(0x004F).unwrap()] {
        let mut scene = Scene::in_suite(RoomKind::Peer, suite);
        let insider = scene.second.leaf();
        let state = scene.state(insider);
        let ghost = Actor::person();
        let commit = ghost.comes_in(&state, ghost.shape(suite));
        assert_eq!(scene.tries(insider, &commit), Verdict::refused(Rule::Ghost));
    }
}

#[test]
fn a_ghost_with_a_genuine_certificate_is_still_a_ghost() {
    let mut scene = Scene::new(RoomKind::Help);
    let insider = scene.second.leaf();
    let state = scene.state(insider);
    let ghost = scene.organisation.staff(Role::Professional);
    let commit = ghost.comes_in(&state, ghost.shape(scene.suite));
    assert_eq!(scene.tries(insider, &commit), Verdict::refused(Rule::Ghost));
}

#[test]
fn a_stranger_cannot_come_in_by_removing_somebody_else() {
    let mut scene = Scene::new(RoomKind::Peer);
    let insider = scene.second.leaf();
    let state = scene.state(insider);
    let ghost = Actor::person();
    let commit = in_the_place_of(&ghost, scene.founder.group(), &state, 2);
    assert_eq!(scene.tries(scene.victim.leaf, &commit), Verdict::refused(Rule::Ghost));
}

#[test]
fn a_member_who_lost_her_state_comes_back_by_her_own_resync() {
    for suite in [crate::cast::FAST, Ciphersuite::try_from(0x004F).unwrap()] {
        let mut scene = Scene::in_suite(RoomKind::Peer, suite);
        let (seat, members) = (scene.second.leaf(), scene.relay.members());
        let state = scene.state(seat);
        let commit = scene.second.comes_in(&state, scene.second.shape(suite));
        assert_eq!(scene.tries(seat, &commit), Verdict::accepted());
        assert_eq!(scene.relay.members(), members);
        assert_eq!(scene.victim.view(ROOM).members.len(), 3);
    }
}

#[test]
fn a_resync_under_another_name_is_a_ghost() {
    let mut scene = Scene::new(RoomKind::Peer);
    let seat = scene.second.leaf();
    let state = scene.state(seat);
    let mut shape = scene.second.shape(scene.suite);
    shape.credential = credential(Pseudonym([9; 16]));
    let commit = scene.second.comes_in(&state, shape);
    assert_eq!(scene.tries(seat, &commit), Verdict::refused(Rule::Ghost));
}

#[test]
fn a_resync_cannot_put_on_a_role() {
    let mut scene = Scene::new(RoomKind::Peer);
    let seat = scene.second.leaf();
    let state = scene.state(seat);
    let certificate = scene.organisation.sign(scene.organisation.draft(Role::Host, seat));
    let mut shape = scene.second.shape(scene.suite);
    shape.extensions = leaf_extensions(Some(&certificate));
    let commit = scene.second.comes_in(&state, shape);
    assert_eq!(scene.tries(seat, &commit), Verdict::refused(Rule::Ghost));
}

#[test]
fn a_resync_is_handed_in_by_nobody_else() {
    let mut scene = Scene::new(RoomKind::Peer);
    let state = scene.state(scene.second.leaf());
    let commit = scene.second.comes_in(&state, scene.second.shape(scene.suite));
    let answer = scene.handle(scene.founder.leaf(), Input::Commit(commit));
    assert_eq!(answer, not_allowed(Rule::Stranger));
}

#[test]
fn a_resync_carries_out_a_waiting_leave_or_loses() {
    let mut scene = Scene::new(RoomKind::Peer);
    let (leaver, returning) = (scene.second.leaf(), scene.founder.leaf());
    let stale = scene.state(returning);
    let passes_over = scene.founder.comes_in(&stale, scene.founder.shape(scene.suite));
    let leave = scene.second.leaves();
    scene.handle(leaver, Input::Propose(leave.clone())).unwrap();
    let kind = lotgenoot_protocol::frame::EntryKind::Proposal;
    scene.victim.entry(ROOM, kind, &leave);

    let current = scene.relay.epoch();
    let answer = scene.handle(returning, Input::Commit(passes_over.clone()));
    assert_eq!(answer, Err(Refused::WrongEpoch { current }));

    let state = scene.state(returning);
    assert_eq!(state.proposals, [leave]);
    let commit = scene.founder.comes_in(&state, scene.founder.shape(scene.suite));
    scene.handle(returning, Input::Commit(commit.clone())).unwrap();
    assert!(!scene.relay.members().contains(&leaver));
    let heard = scene.victim.hears(ROOM, lotgenoot_protocol::frame::EntryKind::Commit, &commit.commit);
    assert_eq!(heard, Reaction::GoesOn);
    assert_eq!(scene.victim.view(ROOM).members.len(), 2);
}
