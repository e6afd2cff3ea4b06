//! Before the door of a workshop, and a tab that is reloaded there.

use lotgenoot_client::messages::{self as ui, Command, Kind};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::calendar::{Calendar, CalendarTold, PlannedSession};
use lotgenoot_protocol::floor::{Measure, Ruling};
use lotgenoot_protocol::frame::{
    Accepted, Answer, Attached, CaughtUp, EntryKind, Invitation, Pong, Push, Request,
};
use lotgenoot_protocol::limits::CLOSED_KEPT_MS;
use lotgenoot_protocol::mls::{RoomKind, RoomRules, SUITE_CHACHA};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::stage::{Door, Knock};
use lotgenoot_protocol::{Blob, Epoch, LeafKey, RoomId, Seq, SessionId, codec};
use openmls::prelude::Ciphersuite;
use openmls::prelude::tls_codec::Serialize as _;

use crate::cast::{FAST, Organisation};
use crate::scene::validated;
use crate::victim::{Victim, hex, open, options};
use lotgenoot_tests::cast::{Actor, key_package_bytes};

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

/// A presenter may have hurt somebody once: that she is certified is no reason to lead any workshop.
#[test]
fn who_leads_lets_in_whom_a_coordinator_has_planned_and_a_certificate_proves() {
    let organisation = Organisation::new();
    let mut leader = leading(&organisation);
    let suite = Ciphersuite::try_from(SUITE_CHACHA).unwrap();
    let named = |alias: &str, role| {
        let actor = Actor::person();
        let draft = RoleCertificate { alias: alias.to_owned(), ..organisation.draft(role, actor.leaf()) };
        actor.certified(organisation.sign(draft))
    };
    let no_leader = [
        (named("Iris", Role::Presenter), "nobody has planned her"),
        (named("Roos", Role::Professional), "that is no role on a stage"),
        (organisation.impostor(Role::Presenter), "a certificate of somebody else"),
        (organisation.expired(Role::Presenter), "a certificate that has ended"),
    ];
    for (actor, why) in &no_leader {
        leader.is_told_of_a_knock(STAGE, key_package_bytes(actor.key_package(suite)));
        assert_eq!(leader.added(room_of(&leader)), 0, "{why}");
    }
    let colleague = named("Roos", Role::Presenter);
    leader.is_told_of_a_knock(STAGE, key_package_bytes(colleague.key_package(suite)));
    assert_eq!(leader.added(room_of(&leader)), 0, "that is another room");
    let room = room_of(&leader);
    leader.is_told_of_a_knock(room, key_package_bytes(colleague.key_package(suite)));
    assert_eq!(leader.added(room), 1);
    passes(&mut leader, room);

    // Who was taken out is not let in again by herself; a person without a name is another leaf each time.
    leader
        .member
        .command(Command::Remove { room: hex(room), member: hex_of_leaf(colleague.leaf()) }, leader.now);
    leader.take();
    passes(&mut leader, room);
    leader.is_told_of_a_knock(room, key_package_bytes(colleague.key_package(suite)));
    assert_eq!(leader.added(room), 1);
    leader.is_told_of_a_knock(room, key_package_bytes(Actor::person().key_package(suite)));
    assert_eq!(leader.added(room), 2);
}

/// Staff are one leaf in all their rooms.
#[test]
fn a_presenter_who_knocks_and_reloads_keeps_the_rooms_she_is_in_and_knocks_again() {
    let organisation = Organisation::new();
    let mut host = leading(&organisation);
    let room = room_of(&host);
    let other = SessionId([5; 16]);
    host.member.command(Command::JoinStage { session: hex_of(other) }, host.now);
    host.take();
    let (request, knock) = knocked(&host);
    assert_eq!(knock.session, other);
    host.reply(request, Answer::Door(Door { room: STAGE }));
    let vault = host.vault();
    let mut back = host.after_a_reload(vault);
    back.signs_in(&organisation.head(3));
    assert!(back.views.contains_key(&hex(room)), "she leads her own workshop still");
    let (_, again) = knocked(&back);
    assert_eq!(again, knock);
}

#[test]
fn a_workshop_is_ended_once_lets_nobody_in_any_more_and_is_left_later_by_itself() {
    let organisation = Organisation::new();
    let mut leader = leading(&organisation);
    let room = room_of(&leader);
    for _ in 0..2 {
        let end = Command::Rule { room: hex(room), measure: ui::Measure::End };
        leader.member.command(end, leader.now);
        leader.take();
    }
    let rulings = |leader: &Victim| {
        let rulings = leader.asked.iter().filter_map(|frame| match &frame.request {
            Request::PutRuling(put) => Some(put.ruling.clone()),
            _ => None,
        });
        rulings.collect::<Vec<_>>()
    };
    let over =
        |leader: &Victim| leader.view(room).floor.session == ui::SessionView::Closed { unattended: false };
    assert_eq!(rulings(&leader).len(), 1);
    // Somebody else's word ends nothing, and nothing else is ruled here.
    let stranger = Actor::person();
    for forged in [
        Ruling::new(&stranger.key, room, 1, Measure::End {}),
        Ruling { by: leader.leaf, ..Ruling::new(&stranger.key, room, 1, Measure::End {}) },
    ] {
        leader.entry(room, EntryKind::Ruling, &Blob(codec::to_vec(&forged)));
        assert!(!over(&leader));
    }
    let ruling = rulings(&leader).remove(0);
    leader.entry(room, EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
    assert!(over(&leader));
    assert_eq!(rulings(&leader).len(), 1, "what she wanted twice has happened");
    let suite = Ciphersuite::try_from(SUITE_CHACHA).unwrap();
    leader.is_told_of_a_knock(room, key_package_bytes(Actor::person().key_package(suite)));
    assert_eq!(leader.added(room), 0);

    let leaves =
        |leader: &Victim| leader.asked.iter().any(|frame| matches!(frame.request, Request::Propose(_)));
    let ended = leader.now;
    // At a moment of her own, so that hundreds do not all go at one.
    for (ms, gone) in [(CLOSED_KEPT_MS - 1, false), (CLOSED_KEPT_MS + 600_000, true)] {
        leader.now = ended.plus_ms(ms);
        leader.member.handle_timeout(leader.now);
        leader.take();
        assert_eq!(leaves(&leader), gone, "{ms}");
    }
}

// A presenter of the workshop, in its hall; she knows the calendar.
fn leading(organisation: &Organisation) -> Victim {
    let mut leader = Victim::staff(organisation, Role::Presenter, SUITE_CHACHA, &organisation.head(3));
    leader.member.command(Command::OpenStage { session: hex_of(SESSION) }, leader.now);
    leader.take();
    let (request, open) = leader.last_request(|request| matches!(request, Request::OpenRoom(_)));
    let Request::OpenRoom(open) = open else { unreachable!("it was looked for") };
    assert_eq!(open.session, Some(SESSION));
    leader.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
    let attached = Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None };
    leader.attaches(open.room, attached);
    leader.push(Push::CaughtUp(CaughtUp { room: open.room, seq: Seq(0) }));
    let sessions = vec![SESSION];
    leader.push(Push::Open(Pong {
        now: leader.now,
        open: Vec::new(),
        calendar: 1,
        sessions,
        services: Vec::new(),
    }));
    let (request, _) = leader.last_request(|request| matches!(request, Request::AskCalendar(_)));
    let planned = PlannedSession {
        id: SESSION,
        begins_at: organisation.now,
        minutes: 60,
        theme: "Hoe herken je dwang?".to_owned(),
        hosts: vec!["Roos".to_owned()],
        size: 15,
        language: "nl".to_owned(),
        by_invitation: false,
        workshop: Some(true),
    };
    let (issuer, key) = &organisation.issuer;
    let calendar = Some(Calendar::new(issuer, key, 1, vec![planned]));
    leader.reply(request, Answer::Calendar(CalendarTold { calendar }));
    leader
}

fn room_of(leader: &Victim) -> RoomId {
    let (_, open) = leader.last_request(|request| matches!(request, Request::OpenRoom(_)));
    let Request::OpenRoom(open) = open else { unreachable!("it was looked for") };
    open.room
}

// Her commit is in the log.
fn passes(leader: &mut Victim, room: RoomId) {
    let (request, commit) = leader.last_request(|request| matches!(request, Request::Commit(_)));
    let Request::Commit(commit) = commit else { unreachable!("it was looked for") };
    leader.entry(room, EntryKind::Commit, &commit.bundle.commit);
    leader.reply(request, Answer::Accepted(Accepted { seq: leader.seq() }));
}

fn hex_of_leaf(leaf: LeafKey) -> String {
    leaf.0.iter().map(|byte| format!("{byte:02x}")).collect()
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
