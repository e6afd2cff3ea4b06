//! What a host makes of an invitation that is not what it claims to be.

use lotgenoot_client::messages::Invited;
use lotgenoot_protocol::frame::{Accepted, Answer, EntryKind, Request};
use lotgenoot_protocol::invitation::{Invitation, InvitationSecret};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{LeafKey, Refused, RoomId, Seq, Serial, pad};

use lotgenoot_tests::cast::Actor;

use crate::scene::{ROOM, Scene};

#[test]
fn an_invitation_counts_once_the_relay_says_that_nobody_used_it_before() {
    for (answer, state) in [
        (Answer::Accepted(Accepted { seq: Seq(0) }), Invited::Counts),
        (Answer::Refused(Refused::Exists), Invited::Used),
    ] {
        let mut scene = Scene::new(RoomKind::Line);
        let (secret, invitation) = invites(&scene);
        let leaf = scene.founder.leaf();
        shows(&mut scene, &invitation, &secret.prove(&ROOM, &leaf));
        assert_eq!(worth(&scene), Some(Invited::Checking));
        let (request, _) = scene.victim.last_request(|request| is_spent(request, &invitation));
        scene.victim.reply(request, answer);
        assert_eq!(worth(&scene), Some(state));
    }
}

#[test]
fn what_was_proven_in_another_line_or_for_another_leaf_proves_nothing() {
    let overheard = |secret: &InvitationSecret, leaf: &LeafKey| secret.prove(&RoomId([9; 16]), leaf);
    let anothers = |secret: &InvitationSecret, _: &LeafKey| secret.prove(&ROOM, &Actor::person().leaf());
    let nobodys = |_: &InvitationSecret, _: &LeafKey| [0; 64];
    let proofs: [fn(&InvitationSecret, &LeafKey) -> [u8; 64]; 3] = [overheard, anothers, nobodys];
    for prove in proofs {
        let mut scene = Scene::new(RoomKind::Line);
        let (secret, invitation) = invites(&scene);
        let proof = prove(&secret, &scene.founder.leaf());
        shows(&mut scene, &invitation, &proof);
        assert_eq!(worth(&scene), Some(Invited::Wrong));
        assert!(!scene.victim.asked.iter().any(|frame| is_spent(&frame.request, &invitation)));
    }
}

#[test]
fn an_invitation_that_nobody_of_the_organisation_signed_is_wrong() {
    let mut scene = Scene::new(RoomKind::Line);
    let (secret, mut invitation) = invites(&Scene::new(RoomKind::Line));
    invitation.organisation = scene.organisation.trust.organisation();
    let leaf = scene.founder.leaf();
    shows(&mut scene, &invitation, &secret.prove(&ROOM, &leaf));
    assert_eq!(worth(&scene), Some(Invited::Wrong));
}

fn invites(scene: &Scene) -> (InvitationSecret, Invitation) {
    let secret = InvitationSecret(rand::random::<[u8; 32]>().into());
    let now = scene.organisation.now.seconds();
    let draft = Invitation {
        organisation: scene.organisation.trust.organisation(),
        serial: Serial(rand::random()),
        key: secret.public(),
        partner: "Slachtofferhulp".to_owned(),
        not_before: now,
        not_after: now + 3600,
        issuers: Vec::new(),
    };
    let (issuer, key) = &scene.organisation.issuer;
    (secret, draft.signed_by(issuer.clone(), key))
}

// `[6, [invitation, proof]]`, padded.
fn shows(scene: &mut Scene, invitation: &Invitation, proof: &[u8]) {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(2).unwrap().u32(6).unwrap().array(2).unwrap();
    encoder.bytes(&invitation.to_bytes()).unwrap().bytes(proof).unwrap();
    scene.victim.answers_slots = false;
    let words = scene.founder.says(&pad::pad(&bytes));
    scene.victim.entry(ROOM, EntryKind::Application, &words);
}

fn worth(scene: &Scene) -> Option<Invited> {
    scene.victim.view(ROOM).invitation.as_ref().map(|shown| shown.state)
}

fn is_spent(request: &Request, invitation: &Invitation) -> bool {
    matches!(request, Request::WriteSlot(write) if write.slot == invitation.slot())
}
