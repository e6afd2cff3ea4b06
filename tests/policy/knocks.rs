//! Before the door of a workshop, and a tab that is reloaded there.

use lotgenoot_client::messages::{Command, Kind};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::frame::{Answer, Attached, Invitation, Request};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, SUITE_CHACHA};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::stage::{Door, Knock};
use lotgenoot_protocol::{Blob, Epoch, LeafKey, RoomId, Seq, SessionId};
use openmls::prelude::Ciphersuite;
use openmls::prelude::tls_codec::Serialize as _;

use crate::cast::{FAST, Organisation};
use crate::scene::validated;
use crate::victim::{Victim, hex, open, options};

const SECRET: [u8; 32] = [3; 32];
const SESSION: SessionId = SessionId([4; 16]);
const STAGE: RoomId = RoomId([8; 16]);

#[test]
fn whoever_stands_before_a_workshop_stands_there_as_the_same_after_a_reload() {
    let organisation = Organisation::new();
    let knocking = knocking(&organisation);
    let (request, knock) = knocked(&knocking);
    let mut before = knocking;
    before.reply(request, Answer::Door(Door { room: STAGE }));

    let mut back = before.returns(member(&organisation));
    back.signs_in(&organisation.head(3));
    let (request, again) = knocked(&back);
    assert_eq!(again, knock, "whoever has added her meanwhile has added this one");
    back.reply(request, Answer::Door(Door { room: STAGE }));

    // She was added before the reload: the Welcome waits.
    let suite = Ciphersuite::try_from(SUITE_CHACHA).unwrap();
    let mut presenter = organisation.staff(Role::Presenter);
    let organisation_id = organisation.trust.organisation();
    let rules = RoomRules { kind: RoomKind::Stage, organisation: organisation_id, hosts_in_help: false };
    presenter.opens(STAGE, suite, rules, &organisation.head(3));
    let package = validated(&knock.key_package);
    let bundle = presenter.commits(|builder| builder.propose_adds([package]));
    presenter.hears(&bundle.commit);
    let tree = Blob(presenter.group().export_ratchet_tree().tls_serialize_detached().unwrap());
    let invitation = Invitation { welcome: bundle.welcome.unwrap(), tree, seq: Seq(1) };
    let attached = Attached { head: Seq(1), epoch: Epoch(1), invitation: Some(invitation), session: open() };
    back.attaches(STAGE, attached);
    assert_eq!(back.views.get(&hex(STAGE)).map(|view| view.kind), Some(Kind::Stage));

    // And when she comes back to that, she does not knock.
    let mut inside = back.returns(member(&organisation));
    inside.signs_in(&organisation.head(3));
    assert!(inside.views.contains_key(&hex(STAGE)));
    assert!(!inside.asked.iter().any(|frame| matches!(frame.request, Request::Knock(_))));
}

/// A KeyPackage whose keys died with the tab would let in nobody.
#[test]
fn nobody_knocks_before_her_vault_has_the_keys() {
    let organisation = Organisation::new();
    let mut person = Victim::new(member(&organisation), LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    assert!(!person.stored());
    person.member.command(Command::JoinStage { session: hex_of(SESSION) }, person.now);
    person.take();
    knocked(&person);
    assert!(person.stored());
}

fn knocking(organisation: &Organisation) -> Victim {
    let mut person = Victim::new(member(organisation), LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    person.member.command(Command::JoinStage { session: hex_of(SESSION) }, person.now);
    person.take();
    person
}

fn knocked(person: &Victim) -> (lotgenoot_protocol::RequestId, Knock) {
    let (request, knock) = person.last_request(|request| matches!(request, Request::Knock(_)));
    let Request::Knock(knock) = knock else { unreachable!("it was looked for") };
    (request, knock)
}

fn member(organisation: &Organisation) -> Member {
    Member::new(Identity::person(organisation.root(), SECRET), options(FAST.into()), organisation.now)
}

fn hex_of(session: SessionId) -> String {
    hex(RoomId(session.0))
}
