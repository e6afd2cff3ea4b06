//! What a leaf must be able to do, what it may carry, and what may change on it.

use ed25519_dalek::SigningKey;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::mls::{
    CREDENTIAL_TYPE, REGISTER_EXTENSION, ROLE_EXTENSION, ROOM_EXTENSION, RoomKind, credential,
    leaf_extensions,
};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{Pseudonym, Serial};
use openmls::prelude::{
    Capabilities, Credential, CredentialType, CredentialWithKey, Extension, ExtensionType, Extensions,
    LeafNodeParameters, ProposalType, UnknownExtension,
};

use crate::cast::{DAY, FAST};
use crate::scene::{ROOM, Scene, Verdict, not_allowed};
use lotgenoot_tests::cast::{Actor, Shape};

const FOREIGN: u16 = 0xF0FE;

#[test]
fn a_newcomer_can_do_what_every_member_must() {
    let verdict = added(|shape| shape.capabilities = able(&[], &[]));
    assert_eq!(verdict, Verdict::refused(Rule::Capabilities), "no last resort");
    let verdict = added(|shape| shape.capabilities = able(&[ExtensionType::LastResort], &[]));
    assert_eq!(verdict, Verdict::accepted());
}

#[test]
fn a_newcomer_carries_no_foreign_extension() {
    let verdict = added(|shape| {
        shape.capabilities = able(&[ExtensionType::LastResort, ExtensionType::Unknown(FOREIGN)], &[]);
        shape.extensions.push(foreign());
    });
    assert_eq!(verdict, Verdict::refused(Rule::Credential));
}

#[test]
fn a_newcomers_name_has_sixteen_bytes() {
    let long = Credential::new(CredentialType::Other(CREDENTIAL_TYPE), vec![1; 17]);
    let verdict = added(|shape| shape.credential = long);
    assert_eq!(verdict, Verdict::refused(Rule::Credential));
}

#[test]
fn a_newcomer_does_not_take_a_members_name() {
    let mut scene = Scene::new(RoomKind::Peer);
    let taken = scene.second.name;
    let verdict = added_to(&mut scene, |shape| shape.credential = credential(taken));
    assert_eq!(verdict, Verdict::refused(Rule::NameTaken));
}

#[test]
fn two_newcomers_do_not_share_a_name() {
    let mut scene = Scene::new(RoomKind::Peer);
    let packages: Vec<_> = (0..2)
        .map(|_| {
            let newcomer = Actor::person();
            let shape = Shape { credential: credential(Pseudonym([4; 16])), ..newcomer.shape(FAST) };
            newcomer.key_package_shaped(FAST, shape)
        })
        .collect();
    let commit = scene.founder.commits(|builder| builder.propose_adds(packages));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::NameTaken));
}

#[test]
fn a_member_renews_her_keys() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.second.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.second.leaf(), &commit);
    let commit = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.founder.leaf(), &commit);
}

#[test]
fn a_member_does_not_change_her_name() {
    let mut scene = Scene::new(RoomKind::Peer);
    let other = CredentialWithKey {
        credential: credential(Pseudonym([8; 16])),
        signature_key: scene.second.leaf().0.to_vec().into(),
    };
    let parameters = LeafNodeParameters::builder().with_credential_with_key(other).build();
    let commit = scene.second.commits(|builder| builder.leaf_node_parameters(parameters));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::LeafChanged));
}

#[test]
fn a_member_does_not_change_her_key() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.second.commits_with_key(&SigningKey::from_bytes(&[6; 32]));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::LeafChanged));
}

#[test]
fn a_person_does_not_become_staff_in_place() {
    let mut scene = Scene::new(RoomKind::Peer);
    let draft = scene.organisation.draft(Role::Host, scene.second.leaf());
    let certificate = scene.organisation.sign(draft);
    let commit = scene.second.commits(|builder| builder.leaf_node_parameters(carrying(Some(&certificate))));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::LeafChanged));
}

#[test]
fn staff_do_not_take_off_their_role() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.leaf_node_parameters(carrying(None)));
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::LeafChanged));
}

#[test]
fn a_renewed_certificate_is_put_on() {
    let mut scene = Scene::new(RoomKind::Peer);
    let draft = RoleCertificate {
        serial: Serial(rand::random()),
        not_before: scene.organisation.now.seconds() - DAY,
        not_after: scene.organisation.now.seconds() + 80 * DAY,
        ..scene.organisation.draft(Role::Host, scene.founder.leaf())
    };
    let renewed = scene.organisation.sign(draft);
    let commit = scene.founder.commits(|builder| builder.leaf_node_parameters(carrying(Some(&renewed))));
    scene.passes(scene.founder.leaf(), &commit);
}

#[test]
fn a_certificate_of_another_role_alias_or_service_is_not_put_on() {
    let mut scene = Scene::new(RoomKind::Peer);
    let honest = scene.organisation.draft(Role::Host, scene.founder.leaf());
    let others = [
        RoleCertificate { role: Role::Professional, ..honest.clone() },
        RoleCertificate { alias: "Iris".to_owned(), ..honest.clone() },
        RoleCertificate { service: "politie".to_owned(), ..honest.clone() },
        RoleCertificate { leaf_key: scene.second.leaf(), ..honest.clone() },
        RoleCertificate { not_after: scene.organisation.now.seconds() - DAY, ..honest },
    ];
    for other in others {
        let certificate = scene.organisation.sign(other);
        let mut scene = scene_like(&mut scene);
        let parameters = carrying(Some(&certificate));
        let commit = scene.founder.commits(|builder| builder.leaf_node_parameters(parameters));
        assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::refused(Rule::LeafChanged));
    }
}

#[test]
fn an_update_stays_able_and_carries_nothing_foreign() {
    let mut scene = Scene::new(RoomKind::Peer);
    let parameters = LeafNodeParameters::builder().with_capabilities(able(&[], &[])).build();
    let commit = scene.second.commits(|builder| builder.leaf_node_parameters(parameters));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::Capabilities));

    let mut scene = Scene::new(RoomKind::Peer);
    let parameters = LeafNodeParameters::builder()
        .with_capabilities(able(&[ExtensionType::LastResort, ExtensionType::Unknown(FOREIGN)], &[]))
        .with_extensions(Extensions::from_vec(vec![foreign()]).unwrap())
        .build();
    let commit = scene.second.commits(|builder| builder.leaf_node_parameters(parameters));
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::Credential));
}

#[test]
fn a_commit_is_handed_in_by_the_one_who_made_it() {
    let mut scene = Scene::new(RoomKind::Peer);
    let package = Actor::person().key_package(FAST);
    let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
    let answer = scene.handle(scene.second.leaf(), Input::Commit(commit.clone()));
    assert_eq!(answer, not_allowed(Rule::Stranger));
    scene.passes(scene.founder.leaf(), &commit);
    assert_eq!(scene.victim.view(ROOM).members.len(), 4);
}

fn added(bend: impl FnOnce(&mut Shape)) -> Verdict {
    added_to(&mut Scene::new(RoomKind::Peer), bend)
}

fn added_to(scene: &mut Scene, bend: impl FnOnce(&mut Shape)) -> Verdict {
    let newcomer = Actor::person();
    let mut shape = newcomer.shape(FAST);
    bend(&mut shape);
    let package = newcomer.key_package_shaped(FAST, shape);
    let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.tries(scene.founder.leaf(), &commit)
}

fn able(more: &[ExtensionType], proposals: &[ProposalType]) -> Capabilities {
    let ours = [ROLE_EXTENSION, ROOM_EXTENSION, REGISTER_EXTENSION].map(ExtensionType::Unknown);
    Capabilities::builder()
        .ciphersuites(vec![FAST])
        .extensions(ours.into_iter().chain(more.iter().copied()).collect())
        .proposals([&[ProposalType::SelfRemove], proposals].concat())
        .credentials(vec![CredentialType::Other(CREDENTIAL_TYPE)])
        .build()
}

fn foreign() -> Extension {
    Extension::Unknown(FOREIGN, UnknownExtension(vec![1]))
}

fn carrying(certificate: Option<&[u8]>) -> LeafNodeParameters {
    LeafNodeParameters::builder()
        .with_extensions(Extensions::from_vec(leaf_extensions(certificate)).unwrap())
        .build()
}

// The same founder in a new room: what one client refuses ends that client's part in the room.
fn scene_like(scene: &mut Scene) -> Scene {
    let organisation = scene.organisation.clone();
    let mut founder = Actor::person();
    founder.key = scene.founder.key.clone();
    let founder = founder.certified(scene.founder.certificate.clone().unwrap());
    Scene::of(organisation, RoomKind::Peer, FAST, founder, Actor::person())
}
