//! A room's rules never change; the register's head only rises, and only in the hands of staff.

use lotgenoot_protocol::mls::{
    REGISTER_EXTENSION, ROOM_EXTENSION, RoomKind, RoomRules, group_extensions, required_capabilities,
};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::register::RegisterHead;
use openmls::prelude::{
    CredentialType, Extension, ExtensionType, Extensions, ExternalSender, ProposalType,
    RequiredCapabilitiesExtension, UnknownExtension,
};

use crate::cast::Organisation;
use crate::scene::{Scene, Verdict};
use lotgenoot_tests::cast::Actor;

#[test]
fn a_higher_signed_register_head_is_accepted() {
    let mut scene = Scene::new(RoomKind::Peer);
    let context = with_head(&scene, &scene.organisation.head(4));
    let commit = changes(&mut scene.founder, context);
    scene.passes(scene.founder.leaf(), &commit);
    let context = with_head(&scene, &scene.organisation.head(9));
    let commit = changes(&mut scene.founder, context);
    scene.passes(scene.founder.leaf(), &commit);
}

#[test]
fn the_register_does_not_go_back_or_stand_still() {
    for version in [0, 2, 3] {
        let scene = Scene::new(RoomKind::Peer);
        let context = with_head(&scene, &scene.organisation.head(version));
        assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::RegisterHead), "{version}");
    }
}

#[test]
fn a_register_head_that_no_issuer_of_ours_signed_is_refused() {
    let scene = Scene::new(RoomKind::Peer);
    let context = with_head(&scene, &Organisation::new().head(4));
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::RegisterHead));

    let scene = Scene::new(RoomKind::Peer);
    let forged = RegisterHead { version: 5, ..scene.organisation.head(4) };
    let context = with_head(&scene, &forged);
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::RegisterHead));

    let scene = Scene::new(RoomKind::Peer);
    let unsigned = RegisterHead { issuers: Vec::new(), ..scene.organisation.head(4) };
    let context = with_head(&scene, &unsigned);
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::RegisterHead));
}

#[test]
fn a_register_head_that_cannot_be_read_is_refused() {
    let scene = Scene::new(RoomKind::Peer);
    let mut context = context_of(&scene);
    put(&mut context, Extension::Unknown(REGISTER_EXTENSION, UnknownExtension(vec![1, 2, 3])));
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::RegisterHead));
}

#[test]
fn a_person_does_not_touch_the_context() {
    let mut scene = Scene::new(RoomKind::Peer);
    let context = with_head(&scene, &scene.organisation.head(4));
    let commit = changes(&mut scene.second, context);
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::ContextChanged));
}

#[test]
fn no_one_outside_is_given_a_voice() {
    let scene = Scene::new(RoomKind::Peer);
    let outsider = Actor::person();
    let sender = ExternalSender::new(
        outsider.leaf().0.to_vec().into(),
        lotgenoot_protocol::mls::credential(outsider.name),
    );
    let mut context = with_head(&scene, &scene.organisation.head(4));
    context.push(Extension::ExternalSenders(vec![sender]));
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged));
}

#[test]
fn the_rooms_rules_never_change() {
    for kind in [RoomKind::Line, RoomKind::Help, RoomKind::Stage] {
        let scene = Scene::new(RoomKind::Peer);
        let context = with_rules(&scene, |rules| rules.kind = kind);
        assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged), "{kind:?}");
    }
    let scene = Scene::new(RoomKind::Peer);
    let context = with_rules(&scene, |rules| rules.hosts_in_help = true);
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged));
    let scene = Scene::new(RoomKind::Peer);
    let other = Organisation::new().trust.organisation();
    let context = with_rules(&scene, |rules| rules.organisation = other);
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged));
}

#[test]
fn hosts_do_not_let_themselves_into_help() {
    let mut scene = Scene::new(RoomKind::Help);
    let mut context = with_head(&scene, &scene.organisation.head(4));
    let rules = RoomRules {
        kind: RoomKind::Help,
        organisation: scene.organisation.trust.organisation(),
        hosts_in_help: true,
    };
    put(&mut context, Extension::Unknown(ROOM_EXTENSION, UnknownExtension(rules.to_bytes())));
    let commit = changes(&mut scene.second, context);
    assert_eq!(scene.tries(scene.second.leaf(), &commit), Verdict::refused(Rule::ContextChanged));
}

#[test]
fn the_rooms_demands_never_change() {
    let scene = Scene::new(RoomKind::Peer);
    let ours = required_capabilities();
    let weaker = RequiredCapabilitiesExtension::new(
        ours.extension_types(),
        &[] as &[ProposalType],
        &[] as &[CredentialType],
    );
    let mut context = with_head(&scene, &scene.organisation.head(4));
    put(&mut context, Extension::RequiredCapabilities(weaker));
    assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged));
}

#[test]
fn no_part_of_the_context_is_taken_away() {
    for gone in [ROOM_EXTENSION, REGISTER_EXTENSION] {
        let scene = Scene::new(RoomKind::Peer);
        let mut context = with_head(&scene, &scene.organisation.head(4));
        context.retain(|extension| extension.extension_type() != ExtensionType::Unknown(gone));
        assert_eq!(changed_by_staff(scene, context), Verdict::refused(Rule::ContextChanged));
    }
}

fn changed_by_staff(mut scene: Scene, context: Vec<Extension>) -> Verdict {
    let commit = changes(&mut scene.founder, context);
    scene.tries(scene.founder.leaf(), &commit)
}

fn changes(actor: &mut Actor, context: Vec<Extension>) -> lotgenoot_protocol::frame::Bundle {
    let context = Extensions::from_vec(context).unwrap();
    actor.commits(|builder| builder.propose_group_context_extensions(context).unwrap())
}

fn context_of(scene: &Scene) -> Vec<Extension> {
    scene.founder.group().extensions().iter().cloned().collect()
}

fn with_head(scene: &Scene, head: &RegisterHead) -> Vec<Extension> {
    let mut context = context_of(scene);
    put(&mut context, Extension::Unknown(REGISTER_EXTENSION, UnknownExtension(head.to_bytes())));
    context
}

fn with_rules(scene: &Scene, bend: impl FnOnce(&mut RoomRules)) -> Vec<Extension> {
    let organisation = scene.organisation.trust.organisation();
    let mut rules = RoomRules { kind: RoomKind::Peer, organisation, hosts_in_help: false };
    bend(&mut rules);
    group_extensions(rules, &scene.organisation.head(4))
}

fn put(context: &mut [Extension], new: Extension) {
    for old in context.iter_mut().filter(|old| old.extension_type() == new.extension_type()) {
        *old = new.clone();
    }
}
