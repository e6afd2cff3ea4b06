//! Whom a host's client takes along into another room: those who sit in the old one, once each.

use lotgenoot_client::messages::Command;
use lotgenoot_protocol::frame::{Accepted, Answer, Attached, CaughtUp, EntryKind, Push, Request};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Blob, Epoch, RoomId, Seq, pad};
use openmls::prelude::Ciphersuite;

use crate::cast::FAST;
use crate::scene::{ROOM, Scene};
use crate::victim::hex;
use lotgenoot_tests::cast::{Actor, key_package_bytes};

#[test]
fn nobody_brings_others_along_or_comes_back_by_offering_again() {
    let (mut scene, new) = moving();
    for _ in 0..3 {
        offers(&mut scene, Actor::person().key_package(FAST));
    }
    // The first is let in; what waits for that commit would follow.
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Commit(_)));
    let Request::Commit(commit) = request else { unreachable!("it was looked for") };
    scene.victim.is_at(Seq(0));
    scene.victim.entry(new, EntryKind::Commit, &commit.bundle.commit);
    assert_eq!(scene.victim.added(new), 1);
}

#[test]
fn what_does_not_fit_the_new_room_is_left_out() {
    let (mut scene, new) = moving();
    let aes = Ciphersuite::try_from(0x0001).unwrap();
    offers(&mut scene, Actor::person().key_package(aes));
    assert_eq!(scene.victim.added(new), 0);
    offers(&mut scene, Actor::person().key_package(FAST));
    assert_eq!(scene.victim.added(new), 1);
}

#[test]
fn a_person_moves_nobody() {
    let mut scene = Scene::new(RoomKind::Peer);
    let words = scene.second.says(&moving_to(RoomId([9; 16])));
    let asked = scene.victim.asked.len();
    scene.victim.entry(ROOM, EntryKind::Application, &words);
    assert_eq!(scene.victim.asked.len(), asked);
    // Her room is still one that a host can move.
    scene.victim.member.command(Command::Move { room: hex(ROOM) }, scene.victim.now);
    scene.victim.take();
    scene.victim.last_request(|request| matches!(request, Request::OpenRoom(_)));
}

// A host moves the room; the new one stands and can be changed.
fn moving() -> (Scene, RoomId) {
    let mut scene = Scene::new(RoomKind::Peer);
    scene.victim.member.command(Command::Move { room: hex(ROOM) }, scene.victim.now);
    scene.victim.take();
    let (request, open) = scene.victim.last_request(|request| matches!(request, Request::OpenRoom(_)));
    let Request::OpenRoom(open) = open else { unreachable!("it was looked for") };
    scene.victim.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
    let at = scene.victim.seq();
    scene
        .victim
        .attaches(open.room, Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None });
    scene.victim.push(Push::CaughtUp(CaughtUp { room: open.room, seq: Seq(0) }));
    scene.victim.is_at(at);
    (scene, open.room)
}

// `[0, [nickname, KeyPackage]]`, said by a participant in the old room.
fn offers(scene: &mut Scene, package: openmls::prelude::KeyPackage) {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(2).unwrap().u32(0).unwrap().array(2).unwrap();
    encoder.str("Merel").unwrap().bytes(&key_package_bytes(package).0).unwrap();
    let words: Blob = scene.second.says(&pad::pad(&bytes));
    scene.victim.entry(ROOM, EntryKind::Application, &words);
}

// `[5, [room]]`.
fn moving_to(room: RoomId) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(2).unwrap().u32(5).unwrap().array(1).unwrap().bytes(&room.0).unwrap();
    pad::pad(&bytes)
}
