//! Who had to stop in a group: she says so, can go, and a host can let her in again with other keys.

use lotgenoot_client::messages::{Command, Gone, Note};
use lotgenoot_protocol::frame::{
    Answer, Attached, ClientFrame, Detached, EntryKind, Invitation, Push, RejectCommit, Request,
};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Refused, RoomId, Seq, codec};
use openmls::prelude::LeafNodeIndex;
use openmls::prelude::tls_codec::Serialize as _;

use crate::cast::FAST;
use crate::line::{Line, admitted};
use crate::scene::{ROOM, Scene, validated};
use crate::victim::{Reaction, hex};
use lotgenoot_tests::cast::Actor;

const GROUP: RoomId = RoomId([8; 16]);

#[test]
fn who_had_to_stop_is_let_in_again_by_the_host_in_her_line() {
    let mut line = Line::new(FAST);
    let mut host = line.organisation.staff(Role::Host);
    let rules = RoomRules {
        kind: RoomKind::Peer,
        organisation: line.organisation.trust.organisation(),
        hosts_in_help: false,
    };
    host.opens(GROUP, FAST, rules, &line.organisation.head(1));
    let first = offered(&mut line, 0).expect("she offers a KeyPackage with her first words");
    lets_in(&mut line, &mut host, &first);
    assert!(line.victim.speaks(GROUP));

    let before = line.victim.asked.len();
    assert_eq!(line.victim.hears(GROUP, EntryKind::Commit, &Blob(vec![7; 40])), Reaction::Stops);
    let second = offered(&mut line, before).expect("she offers another");
    assert_ne!(first, second);
    let removal = host.commits(|builder| builder.propose_removals([LeafNodeIndex::new(1)]));
    host.hears(&removal.commit);
    lets_in(&mut line, &mut host, &second);
    assert!(line.victim.speaks(GROUP), "with new keys she is one of them again");
}

/// The relay tells her so when she comes back: she has no seat there any more.
#[test]
fn who_was_taken_out_while_she_was_away_waits_in_her_line_again() {
    let mut line = Line::new(FAST);
    let mut host = line.organisation.staff(Role::Host);
    let organisation = line.organisation.trust.organisation();
    let rules = RoomRules { kind: RoomKind::Peer, organisation, hosts_in_help: false };
    host.opens(GROUP, FAST, rules, &line.organisation.head(1));
    let first = offered(&mut line, 0).expect("she offers a KeyPackage with her first words");
    lets_in(&mut line, &mut host, &first);
    let (head, now) = (line.organisation.head(1), line.victim.now);
    line.victim.member.disconnected(now);
    line.victim.is_welcomed(&head);
    let reads = |request: &Request| matches!(request, Request::Attach(attach) if attach.room == GROUP);
    let (request, _) = line.victim.last_request(reads);
    line.victim.reply(request, Answer::Refused(Refused::UnknownRoom));
    assert_eq!(line.victim.gone, [(hex(GROUP), Gone::Removed)]);
    let before = line.victim.asked.len();
    line.is_read_again();
    let second = offered(&mut line, before).expect("she offers another");
    assert_ne!(first, second);
}

/// A host gone bad and the relay: what looks like the group would be a room without its rules.
#[test]
fn a_person_is_let_in_to_nothing_but_a_group() {
    for (kind, follows) in [(RoomKind::Peer, true), (RoomKind::Line, false), (RoomKind::Stage, true)] {
        let mut line = Line::new(FAST);
        let mut host = line.organisation.staff(Role::Host);
        let organisation = line.organisation.trust.organisation();
        let rules = RoomRules { kind, organisation, hosts_in_help: false };
        host.opens(GROUP, FAST, rules, &line.organisation.head(1));
        let package = offered(&mut line, 0).expect("she offers a KeyPackage with her first words");
        lets_in(&mut line, &mut host, &package);
        assert_eq!(line.victim.views.contains_key(&hex(GROUP)), follows, "{kind:?}");
    }
}

/// A host has taken her out, and she cannot follow the commit that says so: she asks again, and again later.
#[test]
fn who_is_shown_the_door_of_a_room_she_cannot_read_does_not_run_against_it() {
    let mut scene = Scene::new(RoomKind::Peer);
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &Blob(vec![7; 40])), Reaction::Stops);
    let wishes = |victim: &crate::victim::Victim| {
        let wish = |frame: &&ClientFrame| matches!(frame.request, Request::Attach(_));
        victim.asked.iter().filter(wish).count()
    };
    let (before, seq) = (wishes(&scene.victim), scene.victim.seq());
    for _ in 0..10 {
        scene.victim.push(Push::Detached(Detached { room: ROOM }));
        if wishes(&scene.victim) > before {
            let again = Attached { head: seq.next(), epoch: Epoch(1), invitation: None, session: None };
            scene.victim.attaches(ROOM, again);
        }
    }
    assert_eq!(wishes(&scene.victim) - before, 1);
    let later = scene.victim.now.plus_ms(30_000);
    scene.victim.member.handle_timeout(later);
    scene.victim.take();
    assert_eq!(wishes(&scene.victim) - before, 2, "after a while she looks again");
}

#[test]
fn a_room_in_which_she_had_to_stop_can_be_left() {
    let mut scene = Scene::new(RoomKind::Peer);
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &Blob(vec![7; 40])), Reaction::Stops);
    scene.victim.member.command(Command::Leave { room: hex(ROOM) }, scene.victim.now);
    scene.victim.take();
    assert_eq!(scene.victim.gone, [(hex(ROOM), Gone::Left)]);
}

#[test]
fn the_others_see_who_had_to_stop_and_believe_nobody_else() {
    let mut scene = Scene::new(RoomKind::Peer);
    let says = |key: &ed25519_dalek::SigningKey, room: RoomId| {
        let (seq, hash) = (Seq(2), [5; 32]);
        let parts: [&[u8]; 3] = [&room.0, &seq.0.to_be_bytes(), &hash];
        let signature = Blob(sign(key, Purpose::Reject, &parts).to_vec());
        Blob(codec::to_vec(&RejectCommit { room, seq, hash: Blob(hash.to_vec()), signature }))
    };
    let stranger = says(&Actor::person().key, ROOM);
    let elsewhere = says(&scene.second.key, GROUP);
    for word in [stranger, elsewhere, Blob(vec![7; 9])] {
        scene.victim.entry(ROOM, EntryKind::Reject, &word);
        assert!(scene.victim.notes.iter().all(|note| !matches!(note, Note::Stuck(_))));
        assert!(!scene.victim.view(ROOM).move_it);
    }
    let word = says(&scene.second.key, ROOM);
    scene.victim.entry(ROOM, EntryKind::Reject, &word);
    let second = scene.second.leaf();
    let stuck = |note: &Note| matches!(note, Note::Stuck(who) if who.id == hex_of(second));
    assert!(scene.victim.notes.iter().any(stuck));
    assert!(scene.victim.view(ROOM).move_it, "a host can move the room");
}

fn hex_of(leaf: LeafKey) -> String {
    leaf.0.iter().map(|byte| format!("{byte:02x}")).collect()
}

// What she has said in her line since then: the last KeyPackage among it.
fn offered(line: &mut Line, since: usize) -> Option<Blob> {
    let room = line.room;
    let said = |frame: &ClientFrame| match &frame.request {
        Request::Send(send) if send.room == room => Some(send.message.clone()),
        _ => None,
    };
    // What was not acknowledged is sent again after a break.
    let (before, after) = line.victim.asked.split_at(since);
    let known: Vec<Blob> = before.iter().filter_map(said).collect();
    let sent: Vec<Blob> = after.iter().filter_map(said).filter(|it| !known.contains(it)).collect();
    sent.iter().filter_map(|message| key_package(&line.host.hears(message)?)).next_back()
}

// A Hello: `[0, [nickname, KeyPackage]]`, padded.
fn key_package(padded: &[u8]) -> Option<Blob> {
    let plain = lotgenoot_protocol::pad::unpad(padded)?;
    let mut decoder = minicbor::Decoder::new(plain);
    decoder.array().ok()?;
    if decoder.u32().ok()? != 0 {
        return None;
    }
    decoder.array().ok()?;
    decoder.str().ok()?;
    Some(Blob(decoder.bytes().ok()?.to_vec()))
}

// The host adds her, tells her so in the line, and the relay hands out the Welcome.
fn lets_in(line: &mut Line, host: &mut Actor, package: &Blob) {
    let package = validated(package);
    line.victim.leaf = LeafKey::from_slice(package.leaf_node().signature_key().as_slice()).unwrap();
    let bundle = host.commits(|builder| builder.propose_adds([package]));
    host.hears(&bundle.commit);
    let tree = host.group().export_ratchet_tree().tls_serialize_detached().unwrap();
    let epoch = lotgenoot_protocol::Epoch(host.group().epoch().as_u64());
    let words = line.host.says(&lotgenoot_protocol::pad::pad(&admitted(GROUP)));
    line.says(&words);
    let seq = Seq(epoch.0);
    let invitation = Invitation { welcome: bundle.welcome.unwrap(), tree: Blob(tree), seq };
    line.victim.attaches(
        GROUP,
        Attached { head: seq, epoch, invitation: Some(invitation), session: crate::victim::open() },
    );
}
