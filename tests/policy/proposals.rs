//! Proposals are an allow-list: what MLS knows beside it is refused, inside commits and alone.

use lotgenoot_core::room::Input;
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{Blob, LeafKey};
use openmls::prelude::{
    Extension, Extensions, GroupContext, JoinProposal, LeafNodeIndex, LeafNodeParameters, MlsGroup,
    OpenMlsProvider, PreSharedKeyProposal, Proposal,
};
use openmls::schedule::{PreSharedKeyId, Psk};
use openmls_rust_crypto::MemoryStorage;

use crate::cast::FAST;
use crate::forge::{commit_of, opaque};
use crate::scene::{ROOM, Scene, Verdict, not_allowed};
use crate::victim::Reaction;
use lotgenoot_tests::cast::{Actor, Pen, blob};

#[test]
fn a_key_that_only_some_hold_cannot_lock_the_others_out() {
    let mut scene = Scene::new(RoomKind::Peer);
    let psk = PreSharedKeyId::external(vec![1], vec![2; 32]);
    psk.store(&scene.founder.provider, &[3; 32]).unwrap();
    let proposal = Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(psk)));
    let commit = scene.founder.commits(|builder| builder.add_proposal(proposal));
    // The members lack the key: that is the harm a relay without the rule would do.
    let expected = Verdict { library: false, ..Verdict::refused(Rule::ProposalKind) };
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), expected);
}

#[test]
fn a_reinit_takes_no_epoch() {
    let mut scene = Scene::new(RoomKind::Peer);
    let mut reinit = vec![0, 5];
    opaque(&mut reinit, &[0x20; 16]);
    reinit.extend([0, 1, 0, 1]);
    opaque(&mut reinit, &[]);
    let commit = commit_of(&scene.founder, &reinit);
    let group_info = scene.founder.commits(|builder| builder.force_self_update(true)).group_info;
    let bundle = lotgenoot_protocol::frame::Bundle { commit, group_info, welcome: None };
    assert_eq!(scene.tries(scene.founder.leaf(), &bundle), Verdict::refused(Rule::ProposalKind));
}

#[test]
fn an_add_does_not_stand_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let package = Actor::person().key_package(FAST);
    let proposal = scene
        .founder
        .proposes(|group, provider, pen| group.propose_add_member(provider, pen, &package).unwrap().0);
    refused_alone(&mut scene, &proposal);
}

#[test]
fn a_remove_does_not_stand_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let proposal = scene.founder.proposes(|group, provider, pen| {
        group.propose_remove_member(provider, pen, LeafNodeIndex::new(2)).unwrap().0
    });
    refused_alone(&mut scene, &proposal);
}

#[test]
fn an_update_does_not_stand_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let proposal = scene.founder.proposes(|group, provider, pen| {
        group.propose_self_update(provider, pen, LeafNodeParameters::default()).unwrap().0
    });
    refused_alone(&mut scene, &proposal);
}

#[test]
fn a_change_of_the_context_does_not_stand_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let proposal = scene.founder.proposes(|group, provider, pen| {
        let same = context_of(group);
        group.propose_group_context_extensions(provider, same, pen).unwrap().0
    });
    refused_alone(&mut scene, &proposal);
}

#[test]
fn a_key_does_not_stand_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let psk = Psk::External(openmls::schedule::ExternalPsk::new(vec![1]));
    let proposal = scene.founder.proposes(|group, provider, pen| {
        let id = PreSharedKeyId::new(FAST, provider.rand(), psk).unwrap();
        id.store(provider, &[3; 32]).unwrap();
        group.propose_pre_shared_key(provider, pen, id).unwrap().0
    });
    refused_alone(&mut scene, &proposal);
}

#[test]
fn a_stranger_cannot_propose_herself() {
    let mut scene = Scene::new(RoomKind::Peer);
    let (stranger, group) = (Actor::person(), scene.founder.group());
    let proposal = JoinProposal::new::<MemoryStorage>(
        stranger.key_package(FAST),
        group.group_id().clone(),
        group.epoch(),
        &Pen::new(&stranger.key),
    );
    refused_alone(&mut scene, &blob(proposal.unwrap()));
}

#[test]
fn only_leaving_stands_alone() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leave = scene.second.leaves();
    assert!(scene.founder.would_process(&leave).is_some());
    scene.handle(scene.second.leaf(), Input::Propose(leave.clone())).unwrap();
    scene.victim.entry(ROOM, EntryKind::Proposal, &leave);
    let commit = scene.founder_carries_out(&leave);
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::accepted());
    assert_eq!(scene.victim.view(ROOM).members.len(), 2);
}

#[test]
fn nobody_leaves_for_somebody_else() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leave = scene.second.leaves();
    let answer = scene.handle(scene.founder.leaf(), Input::Propose(leave));
    assert_eq!(answer, not_allowed(Rule::Stranger));
    assert!(scene.relay.may_read(&scene.second.leaf()));
}

fn refused_alone(scene: &mut Scene, proposal: &Blob) {
    assert!(scene.second.would_process(proposal).is_some(), "the library has nothing against it");
    let seat: LeafKey = scene.founder.leaf();
    let answer = scene.handle(seat, Input::Propose(proposal.clone()));
    assert_eq!(answer, not_allowed(Rule::ProposalKind));
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Proposal, proposal), Reaction::Stops);
}

fn context_of(group: &MlsGroup) -> Extensions<GroupContext> {
    let extensions: Vec<Extension> = group.extensions().iter().cloned().collect();
    Extensions::from_vec(extensions).unwrap()
}
