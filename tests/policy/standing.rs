//! What somebody is follows from a certificate that is valid now, and from nothing else.

use lotgenoot_client::messages::{Note, Role as Shown};
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, Why};
use lotgenoot_protocol::frame::{EntryKind, InboxEntry, Notice, Page, Push};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::{Bench, Rule, Standing};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{Blob, CallId, PageId, Seq, Serial, codec};
use openmls::prelude::{LeafNodeIndex, LeafNodeParameters};

use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, Scene, Verdict, not_allowed};
use crate::victim::Reaction;
use lotgenoot_tests::cast::Actor;

const TWO_HOURS_MS: u64 = 2 * 3600 * 1000;

#[test]
fn somebody_with_an_ended_or_borrowed_certificate_comes_in_nowhere() {
    for kind in [RoomKind::Peer, RoomKind::Line, RoomKind::Help, RoomKind::Stage] {
        let role = if kind == RoomKind::Help { Role::Professional } else { Role::Host };
        for borrowed in [false, true] {
            let mut scene = Scene::new(kind);
            let organisation = &scene.organisation;
            let somebody = if borrowed { organisation.impostor(role) } else { organisation.expired(role) };
            let package = somebody.key_package(FAST);
            let commit = scene.founder.commits(|builder| builder.propose_adds([package]));
            let verdict = scene.tries(scene.founder.leaf(), &commit);
            assert_eq!(verdict, Verdict::refused(Rule::AddOfOutsider), "{kind:?}");
        }
    }
}

#[test]
fn a_host_whose_certificate_ends_loses_her_rights_at_once_and_is_not_shown_as_host() {
    let mut scene = with_a_host_for_an_hour();
    assert_eq!(scene.victim.view(ROOM).members[0].role, Shown::Host);
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    later(&mut scene);
    assert_eq!(scene.tries(scene.founder.leaf(), &add), Verdict::refused(Rule::AddByOutsider));

    let mut scene = with_a_host_for_an_hour();
    let remove = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
    later(&mut scene);
    assert_eq!(scene.tries(scene.founder.leaf(), &remove), Verdict::refused(Rule::RemoveByOutsider));

    let mut scene = with_a_host_for_an_hour();
    later(&mut scene);
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    assert_eq!(scene.tries(scene.founder.leaf(), &update), Verdict::accepted());
    let shown = &scene.victim.view(ROOM).members[0];
    assert_eq!((shown.role, shown.name.as_str()), (Shown::Unproven, ""));
}

#[test]
fn a_revoked_host_loses_her_rights_at_the_relay_at_once() {
    let mut scene = Scene::new(RoomKind::Peer);
    scene.organisation.trust.revoke(Serial(scene.founder.name.0));
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    let answer = scene.handle(scene.founder.leaf(), Input::Commit(add));
    assert_eq!(answer, not_allowed(Rule::AddByOutsider));
}

#[test]
fn nobody_is_shown_as_staff_whose_certificate_is_not_hers() {
    let organisation = Organisation::new();
    for somebody in [organisation.impostor(Role::Host), organisation.expired(Role::Host)] {
        let organisation = organisation.clone();
        let founder = organisation.staff(Role::Host);
        // The relay would have refused her: this one lets her in.
        let scene = Scene::without_relay(organisation, RoomKind::Peer, founder, somebody);
        let shown = &scene.victim.view(ROOM).members[2];
        assert_eq!((shown.role, shown.name.as_str()), (Shown::Unproven, ""));
        assert_eq!(scene.victim.view(ROOM).members[0].role, Shown::Host);
    }
}

#[test]
fn a_genuine_certificate_of_another_organisation_proves_nothing_here() {
    let organisation = Organisation::new();
    let founder = organisation.staff(Role::Host);
    let stranger = Organisation::new().staff(Role::Host);
    let scene = Scene::without_relay(organisation, RoomKind::Peer, founder, stranger);
    let bench = Bench {
        group: scene.founder.group().public_group(),
        trust: &scene.organisation.trust,
        lead: None,
        leaving: &[],
        now: scene.now,
    };
    assert_eq!(bench.standing(LeafNodeIndex::new(2)), Some(Standing::Nobody));
    assert_eq!(scene.victim.view(ROOM).members[2].role, Shown::Unproven);
}

#[test]
fn the_lead_of_a_help_call_takes_somebody_out() {
    let mut scene = with_a_third_professional();
    let remove = scene.second.commits(|builder| builder.propose_removals([LeafNodeIndex::new(3)]));
    assert_eq!(scene.tries(scene.second.leaf(), &remove), Verdict::refused(Rule::RemoveByOutsider));

    let mut scene = with_a_third_professional();
    takes_the_call(&mut scene, true);
    scene.lead = Some(scene.second.leaf());
    let remove = scene.second.commits(|builder| builder.propose_removals([LeafNodeIndex::new(3)]));
    scene.passes(scene.second.leaf(), &remove);
    assert!(matches!(scene.victim.notes.last(), Some(Note::Removed(_))));
}

#[test]
fn the_relays_word_alone_makes_nobody_the_lead() {
    let mut scene = with_a_third_professional();
    takes_the_call(&mut scene, false);
    scene.lead = Some(scene.second.leaf());
    let remove = scene.second.commits(|builder| builder.propose_removals([LeafNodeIndex::new(3)]));
    let verdict = scene.tries(scene.second.leaf(), &remove);
    assert_eq!(verdict, Verdict { client: Reaction::Stops, ..Verdict::accepted() });
}

/// An Add fills the leftmost blank leaf. In a line that can only be a host, who has a host's rights anyhow; in a help
/// call it is a professional, who has none of the person's.
#[test]
fn a_professional_who_comes_to_sit_at_leaf_0_gets_none_of_the_persons_rights() {
    let mut scene = Scene::new(RoomKind::Help);
    let leave = scene.founder.leaves();
    scene.handle(scene.founder.leaf(), Input::Propose(leave.clone())).unwrap();
    scene.victim.entry(ROOM, EntryKind::Proposal, &leave);
    scene.second.hears(&leave);
    let commit = scene.second.commits(|builder| builder);
    scene.passes(scene.second.leaf(), &commit);
    assert_eq!(scene.relay.first_leaf(), None);

    let heir = scene.organisation.staff(Role::Professional);
    let package = heir.key_package(FAST);
    let add = scene.second.commits(|builder| builder.propose_adds([package]));
    scene.founder = heir;
    let verdict = {
        let library = true;
        let relay = scene.handle(scene.second.leaf(), Input::Commit(add.clone())).map(drop);
        let client = scene.victim.hears(ROOM, EntryKind::Commit, &add.commit);
        Verdict { library, relay, client }
    };
    assert_eq!(verdict, Verdict::accepted());
    scene.second.hears(&add.commit);
    let invitation = scene.invitation(scene.founder.leaf());
    scene.founder.joins(&invitation);
    assert_eq!(scene.founder.group().own_leaf_index(), LeafNodeIndex::new(0));

    let remove = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
    assert_eq!(scene.tries(scene.founder.leaf(), &remove), Verdict::refused(Rule::RemoveByOutsider));
}

#[test]
fn a_renewed_certificate_gives_the_rights_back() {
    let mut scene = with_a_host_for_an_hour();
    later(&mut scene);
    let draft = scene.organisation.draft(Role::Host, scene.founder.leaf());
    let renewed = scene.organisation.sign(draft);
    let extensions = lotgenoot_protocol::mls::leaf_extensions(Some(&renewed));
    let parameters = LeafNodeParameters::builder()
        .with_extensions(openmls::prelude::Extensions::from_vec(extensions).unwrap())
        .build();
    let update = scene.founder.commits(|builder| builder.leaf_node_parameters(parameters));
    scene.passes(scene.founder.leaf(), &update);
    assert_eq!(scene.victim.view(ROOM).members[0].role, Shown::Host);
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    assert_eq!(scene.tries(scene.founder.leaf(), &add), Verdict::accepted());
}

fn with_a_host_for_an_hour() -> Scene {
    let organisation = Organisation::new();
    let actor = Actor::person();
    let not_after = organisation.now.seconds() + 3600;
    let draft = RoleCertificate { not_after, ..organisation.draft(Role::Host, actor.leaf()) };
    let founder = actor.certified(organisation.sign(draft));
    Scene::of(organisation, RoomKind::Peer, FAST, founder, Actor::person())
}

fn later(scene: &mut Scene) {
    scene.now = scene.now.plus_ms(TWO_HOURS_MS);
    scene.victim.now = scene.victim.now.plus_ms(TWO_HOURS_MS);
}

fn with_a_third_professional() -> Scene {
    let mut scene = Scene::new(RoomKind::Help);
    let package = scene.organisation.staff(Role::Professional).key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    scene
}

// The victim is paged and hears who took the call: with the second's own signature, or with another's.
fn takes_the_call(scene: &mut Scene, signed_by_herself: bool) {
    let (call, page) = (CallId([1; 16]), PageId([2; 16]));
    let paged = Page { call, room: ROOM, page, page_epoch: 1, raised_at: scene.now, why: Why::Call };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(paged.clone()) }));
    let organisation = scene.organisation.trust.organisation();
    let serial = Serial(scene.second.name.0);
    let key = if signed_by_herself { &scene.second.key } else { &scene.founder.key };
    let mut ack = Acknowledgement::new(key, organisation, &paged, serial);
    ack.leaf_key = scene.second.leaf();
    let notice = Blob(codec::to_vec(&CallNotice::Acknowledged(ack)));
    // Relay's word: an entry of its own in both logs.
    scene.relay.note(notice.clone(), scene.now, &mut lotgenoot_core::effect::Batch::default());
    scene.victim.entry(ROOM, EntryKind::Call, &notice);
}
