//! A Welcome is followed only into a room of this organisation, and only if it comes from somebody who may add there.

use lotgenoot_protocol::frame::{Answer, InboxEntry, Invitation, Notice, Push, Request};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, group_extensions};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, Epoch, Refused, RoomId, Seq};
use openmls::prelude::tls_codec::Serialize as _;
use openmls::prelude::{Extension, ExternalSender};

use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, validated};
use crate::victim::{Victim, hex};
use lotgenoot_tests::cast::Actor;

/// Who founds the room and adds the victim, and whether she follows: a person, a host, a professional, a presenter,
/// somebody whose certificate ended, somebody with another's certificate.
const INVITERS: [(RoomKind, &str); 4] = [
    (RoomKind::Peer, "-+----"),
    (RoomKind::Line, "++----"),
    (RoomKind::Help, "+-+---"),
    (RoomKind::Stage, "-+-+--"),
];

#[test]
fn a_client_follows_only_those_who_may_add_in_such_a_room() {
    let organisation = Organisation::new();
    for (kind, row) in INVITERS {
        for (column, cell) in row.chars().enumerate() {
            let inviter = match column {
                0 => Actor::person(),
                1 => organisation.staff(Role::Host),
                2 => organisation.staff(Role::Professional),
                3 => organisation.staff(Role::Presenter),
                4 => organisation.expired(Role::Host),
                _ => organisation.impostor(Role::Host),
            };
            let context = group_extensions(rules(&organisation, kind), &organisation.head(1));
            let follows = follows(&organisation, kind, inviter, context, ROOM);
            assert_eq!(follows, cell == '+', "into {kind:?} by {column}");
        }
    }
}

#[test]
fn a_client_follows_nobody_into_a_room_of_another_organisation() {
    let (organisation, other) = (Organisation::new(), Organisation::new());
    let context = group_extensions(rules(&other, RoomKind::Peer), &organisation.head(1));
    let host = organisation.staff(Role::Host);
    assert!(!follows(&organisation, RoomKind::Peer, host, context, ROOM));

    let context = group_extensions(rules(&organisation, RoomKind::Peer), &other.head(1));
    let host = organisation.staff(Role::Host);
    assert!(!follows(&organisation, RoomKind::Peer, host, context, ROOM));
}

#[test]
fn a_client_follows_nobody_into_a_room_where_outsiders_have_a_voice() {
    let organisation = Organisation::new();
    let outsider = Actor::person();
    let sender = ExternalSender::new(
        outsider.leaf().0.to_vec().into(),
        lotgenoot_protocol::mls::credential(outsider.name),
    );
    let mut context = group_extensions(rules(&organisation, RoomKind::Peer), &organisation.head(1));
    context.push(Extension::ExternalSenders(vec![sender]));
    let host = organisation.staff(Role::Host);
    assert!(!follows(&organisation, RoomKind::Peer, host, context, ROOM));
}

#[test]
fn a_client_follows_nobody_into_another_room_than_was_said() {
    let organisation = Organisation::new();
    let context = group_extensions(rules(&organisation, RoomKind::Peer), &organisation.head(1));
    let host = organisation.staff(Role::Host);
    assert!(!follows(&organisation, RoomKind::Peer, host, context, RoomId([0x77; 16])));
}

// Whether the victim is in the room after a Welcome by `inviter`, which the relay says is for the room `said`.
fn follows(
    organisation: &Organisation,
    kind: RoomKind,
    mut inviter: Actor,
    context: Vec<Extension>,
    said: RoomId,
) -> bool {
    let role = if kind == RoomKind::Help { Role::Professional } else { Role::Host };
    let mut victim = Victim::staff(organisation, role, u16::from(FAST), &organisation.head(1));
    inviter.opens_shaped(ROOM, FAST, context, inviter.shape(FAST));
    let package = validated(&victim.packages[0]);
    let bundle = inviter.commits(|builder| builder.propose_adds([package]));
    inviter.hears(&bundle.commit);
    let tree = inviter.group().export_ratchet_tree().tls_serialize_detached().unwrap();
    let invitation = Invitation { welcome: bundle.welcome.unwrap(), tree: Blob(tree), seq: Seq(1) };
    victim.is_invited(said, invitation, Epoch(1));
    let follows = victim.views.contains_key(&hex(said));
    assert_eq!(follows, victim.speaks(said));
    follows
}

fn rules(organisation: &Organisation, kind: RoomKind) -> RoomRules {
    RoomRules { kind, organisation: organisation.trust.organisation(), hosts_in_help: false }
}

#[test]
fn a_client_that_may_not_read_asks_again_until_it_may_and_ever_less_often() {
    let organisation = Organisation::new();
    let head = organisation.head(1);
    let mut victim = Victim::staff(&organisation, Role::Host, FAST.into(), &head);
    let attaches = |victim: &Victim| {
        victim.asked.iter().filter(|frame| matches!(frame.request, Request::Attach(_))).count()
    };
    victim.push(Push::Inbox(InboxEntry { seq: Seq(1), notice: Notice::Added { room: ROOM } }));
    let mut waits = Vec::new();
    for refusal in 1..=4 {
        assert_eq!(attaches(&victim), refusal, "she asks once and waits for the answer");
        let (request, _) = victim.last_request(|request| matches!(request, Request::Attach(_)));
        let refused = Refused::TooLarge { limit: "ROOMS_PER_SOCKET_MAX".to_owned(), max: 64 };
        victim.reply(request, Answer::Refused(refused));
        let said_at = victim.now;
        for _ in 0..20 {
            if attaches(&victim) == refusal {
                victim.now = victim.member.poll_timeout().expect("she has something to do");
                victim.member.handle_timeout(victim.now);
                victim.take();
            }
        }
        waits.push(victim.now.ms_since(said_at));
    }
    assert!(waits.is_sorted_by(|one, next| one < next), "{waits:?}");
}
