//! What may become a room, and who may open it.

use lotgenoot_core::group::TrackedGroup;
use lotgenoot_protocol::mls::{
    CREDENTIAL_TYPE, REGISTER_EXTENSION, ROOM_EXTENSION, RoomKind, RoomRules, group_extensions,
    required_capabilities,
};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Refused, RoomId};
use openmls::prelude::{
    Capabilities, Credential, CredentialType, Extension, ExtensionType, ExternalSender, ProposalType,
    UnknownExtension,
};

use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, not_allowed};
use lotgenoot_tests::cast::{Actor, Shape};

/// Person, host, professional, presenter, somebody whose certificate ended, somebody with another's certificate.
const CREATORS: [(RoomKind, &str); 4] = [
    (RoomKind::Peer, "-+----"),
    (RoomKind::Line, "+-----"),
    (RoomKind::Help, "+-----"),
    (RoomKind::Stage, "-+-+--"),
];

#[test]
fn each_kind_of_room_is_opened_by_its_own_people() {
    let organisation = Organisation::new();
    for (kind, row) in CREATORS {
        for (column, cell) in row.chars().enumerate() {
            let creator = match column {
                0 => Actor::person(),
                1 => organisation.staff(Role::Host),
                2 => organisation.staff(Role::Professional),
                3 => organisation.staff(Role::Presenter),
                4 => organisation.expired(Role::Host),
                _ => organisation.impostor(Role::Host),
            };
            let expected = if cell == '+' { Ok(()) } else { not_allowed(Rule::Creator) };
            let context = group_extensions(rules(&organisation, kind), &organisation.head(1));
            let opened = opens(&organisation, creator, context, |_| {});
            assert_eq!(opened, expected, "{kind:?} by {column}");
        }
    }
}

#[test]
fn a_room_of_another_organisation_is_not_opened() {
    let organisation = Organisation::new();
    let others = rules(&Organisation::new(), RoomKind::Line);
    let context = group_extensions(others, &organisation.head(1));
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::NotARoom));
}

#[test]
fn a_group_without_rules_or_with_rules_of_another_kind_is_no_room() {
    let organisation = Organisation::new();
    let mut context = line(&organisation);
    context.retain(|it| it.extension_type() != ExtensionType::Unknown(ROOM_EXTENSION));
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::NotARoom));

    let mut strange = rules(&organisation, RoomKind::Line).to_bytes();
    strange[2] = 0x80;
    let mut context = line(&organisation);
    context.retain(|it| it.extension_type() != ExtensionType::Unknown(ROOM_EXTENSION));
    context.push(Extension::Unknown(ROOM_EXTENSION, UnknownExtension(strange)));
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::NotARoom));
}

#[test]
fn a_room_has_no_external_senders_from_the_start() {
    let organisation = Organisation::new();
    let outsider = Actor::person();
    let sender = ExternalSender::new(
        outsider.leaf().0.to_vec().into(),
        lotgenoot_protocol::mls::credential(outsider.name),
    );
    let mut context = line(&organisation);
    context.push(Extension::ExternalSenders(vec![sender]));
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::NotARoom));
}

#[test]
fn a_room_asks_of_every_leaf_what_it_must() {
    let organisation = Organisation::new();
    let ours = required_capabilities();
    let weaker = openmls::prelude::RequiredCapabilitiesExtension::new(
        ours.extension_types(),
        &[] as &[ProposalType],
        ours.credential_types(),
    );
    let mut context = line(&organisation);
    context[0] = Extension::RequiredCapabilities(weaker);
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::NotARoom));
}

#[test]
fn a_register_head_that_is_not_ours_opens_nothing() {
    let organisation = Organisation::new();
    let forged = RegisterHead { version: 8, ..organisation.head(1) };
    for head in [Organisation::new().head(1), forged] {
        let context = group_extensions(rules(&organisation, RoomKind::Line), &head);
        let opened = opens(&organisation, Actor::person(), context, |_| {});
        assert_eq!(opened, not_allowed(Rule::RegisterHead));
    }
    let mut context = line(&organisation);
    context[2] = Extension::Unknown(REGISTER_EXTENSION, UnknownExtension(vec![0; 9]));
    assert_eq!(opens(&organisation, Actor::person(), context, |_| {}), not_allowed(Rule::RegisterHead));
}

#[test]
fn a_creators_leaf_is_judged_like_any_other() {
    let organisation = Organisation::new();
    let foreign = |shape: &mut Shape| {
        let types = [0xF0A2, ROOM_EXTENSION, REGISTER_EXTENSION, 0xF0FE].map(ExtensionType::Unknown);
        shape.capabilities = able(types.into_iter().chain([ExtensionType::LastResort]).collect());
        shape.extensions.push(Extension::Unknown(0xF0FE, UnknownExtension(vec![1])));
    };
    let opened = opens(&organisation, Actor::person(), line(&organisation), foreign);
    assert_eq!(opened, not_allowed(Rule::Credential));

    let unable = |shape: &mut Shape| {
        shape.capabilities =
            able([0xF0A2, ROOM_EXTENSION, REGISTER_EXTENSION].map(ExtensionType::Unknown).to_vec());
    };
    let opened = opens(&organisation, Actor::person(), line(&organisation), unable);
    assert_eq!(opened, not_allowed(Rule::Capabilities));

    let nameless = |shape: &mut Shape| {
        shape.credential = Credential::new(CredentialType::Other(CREDENTIAL_TYPE), Vec::new());
    };
    let opened = opens(&organisation, Actor::person(), line(&organisation), nameless);
    assert_eq!(opened, not_allowed(Rule::Credential));
}

#[test]
fn a_room_that_has_a_past_is_not_opened() {
    let organisation = Organisation::new();
    let mut person = Actor::person();
    let context = line(&organisation);
    person.opens_shaped(ROOM, FAST, context, person.shape(FAST));
    let update = person.commits(|builder| builder.force_self_update(true));
    person.hears(&update.commit);
    let opening = person.states();
    let opened = TrackedGroup::open(ROOM, &opening, &organisation.trust, organisation.now).map(drop);
    assert_eq!(opened, not_allowed(Rule::NotARoom));
}

#[test]
fn a_room_with_two_members_at_birth_is_not_opened() {
    let organisation = Organisation::new();
    let mut person = Actor::person();
    person.opens_shaped(ROOM, FAST, line(&organisation), person.shape(FAST));
    let host = organisation.staff(Role::Host).key_package(FAST);
    let add = person.commits(|builder| builder.propose_adds([host]));
    person.hears(&add.commit);
    let opening = person.states();
    let opened = TrackedGroup::open(ROOM, &opening, &organisation.trust, organisation.now).map(drop);
    assert_eq!(opened, not_allowed(Rule::NotARoom));
}

#[test]
fn a_room_is_opened_under_its_own_id() {
    let organisation = Organisation::new();
    let mut person = Actor::person();
    let opening = person.opens_shaped(ROOM, FAST, line(&organisation), person.shape(FAST));
    let other = RoomId([0x11; 16]);
    let opened = TrackedGroup::open(other, &opening, &organisation.trust, organisation.now).map(drop);
    assert!(matches!(opened, Err(Refused::Invalid { .. })));
}

fn opens(
    organisation: &Organisation,
    mut creator: Actor,
    context: Vec<Extension>,
    bend: impl FnOnce(&mut Shape),
) -> Result<(), Refused> {
    let mut shape = creator.shape(FAST);
    bend(&mut shape);
    let opening = creator.opens_shaped(ROOM, FAST, context, shape);
    TrackedGroup::open(ROOM, &opening, &organisation.trust, organisation.now).map(drop)
}

fn line(organisation: &Organisation) -> Vec<Extension> {
    group_extensions(rules(organisation, RoomKind::Line), &organisation.head(1))
}

fn rules(organisation: &Organisation, kind: RoomKind) -> RoomRules {
    RoomRules { kind, organisation: organisation.trust.organisation(), hosts_in_help: false }
}

fn able(extensions: Vec<ExtensionType>) -> Capabilities {
    Capabilities::builder()
        .ciphersuites(vec![FAST])
        .extensions(extensions)
        .proposals(vec![ProposalType::SelfRemove])
        .credentials(vec![CredentialType::Other(CREDENTIAL_TYPE)])
        .build()
}
