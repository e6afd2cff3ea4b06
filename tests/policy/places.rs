//! How many wait before her: told by the hosts of her line, once, and whichever of them is there.

use lotgenoot_client::messages::Command;
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::Room;
use lotgenoot_protocol::frame::{Attached, CaughtUp, ClientFrame, Entry, EntryKind, Push, Request};
use lotgenoot_protocol::limits::BLOCK_MS;
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, RequestId, RoomId, Seq, pad};

use crate::cast::FAST;
use crate::line::admitted;
use crate::scene::{ROOM, Scene, validated};
use crate::victim::hex;
use lotgenoot_tests::cast::{Actor, key_package_bytes};

const DEPUTY_MS: u64 = 10_000;
const OTHER_LINE: RoomId = RoomId([0x20; 16]);
const GROUPS: [RoomId; 2] = [RoomId([0x30; 16]), RoomId([0x31; 16])];

/// What she says in her line and the end of the log come apart: the host reads the one before the other.
#[test]
fn who_waited_before_the_host_had_read_the_line_to_its_end_is_told_too() {
    let mut scene = Scene::new(RoomKind::Line);
    let hello = offers(&mut scene.founder);
    let (now, head) = (scene.victim.now, scene.organisation.head(3));
    scene.victim.member.disconnected(now);
    scene.victim.is_welcomed(&head);
    let before = scene.victim.asked.len();
    let seq = scene.victim.seq().next();
    let attached = Attached { head: seq, epoch: scene.relay.epoch(), invitation: None, session: None };
    scene.victim.attaches(ROOM, attached);
    let body = hello;
    scene.victim.push(Push::Entry(Entry { room: ROOM, seq, kind: EntryKind::Application, at: now, body }));
    scene.victim.push(Push::CaughtUp(CaughtUp { room: ROOM, seq }));
    assert_eq!(told(&mut scene.founder, &scene.victim.asked[before..]), [0]);
}

#[test]
fn the_next_host_tells_her_if_the_first_one_does_not() {
    let (mut scene, hello) = deputy();
    let before = scene.victim.asked.len();
    scene.victim.entry(ROOM, EntryKind::Application, &hello);
    assert!(told(&mut scene.founder, &scene.victim.asked[before..]).is_empty());
    passes(&mut scene, DEPUTY_MS - 1);
    assert!(told(&mut scene.founder, &scene.victim.asked[before..]).is_empty());
    passes(&mut scene, 1);
    assert_eq!(told(&mut scene.founder, &scene.victim.asked[before..]), [0]);
    assert_ne!(scene.victim.member.poll_timeout(), Some(scene.victim.now), "and is done with it");
}

/// Two hosts need not see the same lines. If each answered the other's word, they would never stop.
#[test]
fn a_host_who_counts_otherwise_does_not_contradict_the_first() {
    for first_says in [0, 3] {
        let (mut scene, hello) = deputy();
        let before = scene.victim.asked.len();
        scene.victim.entry(ROOM, EntryKind::Application, &hello);
        let word = scene.second.says(&pad::pad(&place(first_says)));
        scene.victim.entry(ROOM, EntryKind::Application, &word);
        passes(&mut scene, 10 * DEPUTY_MS);
        assert!(told(&mut scene.founder, &scene.victim.asked[before..]).is_empty(), "{first_says}");
    }
}

#[test]
fn who_was_let_in_meanwhile_is_told_nothing() {
    let (mut scene, hello) = deputy();
    let before = scene.victim.asked.len();
    scene.victim.entry(ROOM, EntryKind::Application, &hello);
    let word = scene.second.says(&pad::pad(&admitted(RoomId([8; 16]))));
    scene.victim.entry(ROOM, EntryKind::Application, &word);
    let due = scene.victim.member.poll_timeout();
    assert!(due.is_none_or(|due| due > scene.victim.now), "nothing is due");
    passes(&mut scene, 10 * DEPUTY_MS);
    assert!(told(&mut scene.founder, &scene.victim.asked[before..]).is_empty());
}

/// Whoever is let in nowhere may stay and talk; she does not keep others waiting by it.
#[test]
fn who_is_refused_for_every_group_keeps_nobody_waiting() {
    let mut scene = Scene::new(RoomKind::Line);
    let (mut egel, seq) = shares(&mut scene, RoomKind::Line, OTHER_LINE, 1);
    for (group, package) in GROUPS.into_iter().zip(2..) {
        shares(&mut scene, RoomKind::Peer, group, package);
    }
    let before = scene.victim.asked.len();
    let said = offers(&mut scene.founder);
    scene.victim.is_at(Seq(1));
    scene.victim.entry(ROOM, EntryKind::Application, &said);
    let said = offers(&mut egel);
    scene.victim.now = scene.victim.now.plus_ms(1);
    scene.victim.is_at(seq);
    scene.victim.entry(OTHER_LINE, EntryKind::Application, &said);
    assert_eq!(told_in(OTHER_LINE, &mut egel, &scene.victim.asked[before..]), [1], "one waits before her");

    let before = scene.victim.asked.len();
    blocks(&mut scene, GROUPS[0]);
    let told = told_in(OTHER_LINE, &mut egel, &scene.victim.asked[before..]);
    assert!(told.is_empty(), "there is another group for who was first");
    let before = scene.victim.asked.len();
    blocks(&mut scene, GROUPS[1]);
    assert_eq!(told_in(OTHER_LINE, &mut egel, &scene.victim.asked[before..]), [0]);
    assert_ne!(scene.victim.member.poll_timeout(), Some(scene.victim.now), "and is done with it");

    // A day later she waits as she did.
    let before = scene.victim.asked.len();
    passes(&mut scene, BLOCK_MS + 1);
    assert_eq!(told_in(OTHER_LINE, &mut egel, &scene.victim.asked[before..]), [1]);
}

// The victim is in this room too, which somebody else has founded. Returns her, and where its log is.
fn shares(scene: &mut Scene, kind: RoomKind, room: RoomId, package: usize) -> (Actor, Seq) {
    let organisation = &scene.organisation;
    let mut founder = match kind {
        RoomKind::Line => Actor::person(),
        _ => organisation.staff(Role::Host),
    };
    let rules = RoomRules { kind, organisation: organisation.trust.organisation(), hosts_in_help: false };
    let mut opening = founder.opens(room, FAST, rules, &organisation.head(3));
    let first = validated(&scene.victim.packages[package]);
    let bundle = founder.commits(|builder| builder.propose_adds([first]));
    opening.bundle = Some(bundle.clone());
    let (request, mut batch) = (RequestId(rand::random()), Batch::default());
    let opened = Room::open(room, &opening, request, &organisation.trust, organisation.now, &mut batch);
    let relay = opened.expect("the relay opens it").0;
    founder.hears(&bundle.commit);
    let grant = relay.attach(scene.victim.leaf, None).expect("she is in it");
    let invitation = grant.attached.invitation.expect("a Welcome waits");
    let seq = invitation.seq;
    scene.victim.is_invited(room, invitation, relay.epoch());
    (founder, seq)
}

fn blocks(scene: &mut Scene, group: RoomId) {
    let command = Command::Block { line: hex(ROOM), room: hex(group) };
    scene.victim.member.command(command, scene.victim.now);
    scene.victim.take();
}

// A line in which the victim is the second of two hosts, and what its person says first.
fn deputy() -> (Scene, Blob) {
    let mut scene = Scene::of_the_second_host();
    let hello = offers(&mut scene.founder);
    assert!(scene.victim.speaks(ROOM), "she is in and can speak");
    (scene, hello)
}

fn passes(scene: &mut Scene, ms: u64) {
    scene.victim.now = scene.victim.now.plus_ms(ms);
    scene.victim.member.handle_timeout(scene.victim.now);
    scene.victim.take();
}

// A Hello: `[0, [nickname, KeyPackage]]`.
fn offers(person: &mut Actor) -> Blob {
    let package = key_package_bytes(Actor::person().key_package(FAST));
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    let head = encoder.array(2).unwrap().u32(0).unwrap().array(2).unwrap();
    head.str("Merel").unwrap().bytes(&package.0).unwrap();
    person.says(&pad::pad(&bytes))
}

// A Place: `[14, [before]]`.
fn place(before: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(2).unwrap().u32(14).unwrap().array(1).unwrap().u8(before).unwrap();
    bytes
}

fn told(reader: &mut Actor, asked: &[ClientFrame]) -> Vec<u8> {
    told_in(ROOM, reader, asked)
}

fn told_in(room: RoomId, reader: &mut Actor, asked: &[ClientFrame]) -> Vec<u8> {
    let said = asked.iter().filter_map(|frame| match &frame.request {
        Request::Send(send) if send.room == room => Some(&send.message),
        _ => None,
    });
    said.filter_map(|message| {
        let padded = reader.hears(message)?;
        let mut decoder = minicbor::Decoder::new(pad::unpad(&padded)?);
        decoder.array().ok()?;
        if decoder.u32().ok()? != 14 {
            return None;
        }
        decoder.array().ok()?;
        decoder.u8().ok()
    })
    .collect()
}
