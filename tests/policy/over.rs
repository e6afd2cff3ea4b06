//! What is over is deleted: when the relay removes a room, and what a client makes of a room that was removed.

use lotgenoot_client::messages::{CallState, Event, Gone};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Input, Room, Tail};
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::floor::{Measure, Ruling};
use lotgenoot_protocol::frame::{Answer, Attached, EntryKind, Request, call_notice_body};
use lotgenoot_protocol::limits::ROOM_KEPT_MS;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Epoch, Refused, Seq};

use crate::calls::{has_called, is_stored, state, wish_to_read};

use crate::cast::Organisation;
use crate::scene::{ROOM, Scene};
use crate::victim::hex;

const HERE: Presence = Presence::FULL;

#[test]
fn a_group_is_removed_a_day_after_its_session_is_over_and_not_before() {
    let mut scene = Scene::new(RoomKind::Peer);
    assert!(!swept(&scene.relay, &scene, 10 * ROOM_KEPT_MS), "it is open");
    let ruling = Ruling::new(&scene.founder.key, ROOM, 1, Measure::End {});
    scene.handle(scene.founder.leaf(), Input::Rule(ruling)).expect("a host ends it");
    assert!(!swept(&scene.relay, &scene, ROOM_KEPT_MS - 1));
    assert!(swept(&scene.relay, &scene, ROOM_KEPT_MS));
    let mut batch = Batch::default();
    scene.relay.sweep(scene.now.plus_ms(ROOM_KEPT_MS), &mut batch);
    assert_eq!(batch.ops, [Op::RemoveRoom { room: ROOM }], "and nothing else is written about it");
    assert_eq!(batch.cuts.len(), 3, "whoever still reads is shown the door");
}

#[test]
fn a_line_is_removed_a_day_after_its_person_was_there_last_also_if_the_relay_was_down() {
    let mut scene = Scene::of_the_second_host();
    let (now, mut batch) = (scene.now, Batch::default());
    scene.relay.attended(HERE, now, &mut batch);
    assert_eq!(scene.relay.over_at(), None, "she is there");
    let gone = Presence { person: false, ..HERE };
    scene.relay.attended(gone, now, &mut batch);
    assert_eq!(scene.relay.over_at(), Some(now.plus_ms(ROOM_KEPT_MS)));
    // Stored with her going, and not begun anew by a restart or by somebody else who comes and goes.
    let Some(Op::PutRoom { record, .. }) = batch.ops.iter().rfind(|op| matches!(op, Op::PutRoom { .. }))
    else {
        panic!("nothing is stored")
    };
    let tail = Tail { head: scene.relay.head(), ..Tail::default() };
    let mut again = Room::from_record(ROOM, record, tail).expect("a record");
    let later = now.plus_ms(1000);
    again.restarted(later);
    again.attended(Presence { hosts: 0, ..gone }, later, &mut batch);
    assert_eq!(again.over_at(), Some(now.plus_ms(ROOM_KEPT_MS)));
    again.attended(HERE, later, &mut batch);
    assert_eq!(again.over_at(), None, "she has come back");
}

#[test]
fn a_stage_is_removed_a_day_after_it_was_led_last() {
    let mut scene = Scene::new(RoomKind::Stage);
    let (now, mut batch) = (scene.now, Batch::default());
    scene.relay.attended(HERE, now, &mut batch);
    assert_eq!(scene.relay.over_at(), None);
    scene.relay.attended(Presence { hosts: 0, ..HERE }, now, &mut batch);
    assert!(swept(&scene.relay, &scene, ROOM_KEPT_MS));
}

#[test]
fn a_stage_that_was_led_when_the_relay_stopped_is_removed_a_day_after_that_was_seen() {
    let mut scene = Scene::new(RoomKind::Stage);
    let (now, mut batch) = (scene.now, Batch::default());
    scene.relay.attended(Presence::NONE, now, &mut batch);
    scene.relay.attended(HERE, now, &mut batch);
    let record = |batch: Batch| {
        batch.ops.into_iter().rev().find_map(|op| match op {
            Op::PutRoom { record, .. } => Some(record),
            _ => None,
        })
    };
    let led = record(batch).expect("it is led, and that is stored");
    let tail = Tail { head: scene.relay.head(), ..Tail::default() };
    let wakes = |stored: &[u8], at| {
        let mut batch = Batch::default();
        let mut room = Room::from_record(ROOM, stored, tail.clone()).expect("a record");
        room.restarted(at);
        room.attended(Presence::NONE, at, &mut batch);
        (room, record(batch))
    };
    let (room, stored) = wakes(&led, now);
    assert_eq!(room.over_at(), Some(now.plus_ms(ROOM_KEPT_MS)));
    // It falls asleep, and is looked at every hour.
    let later = now.plus_ms(3_600_000);
    let (room, _) = wakes(&stored.expect("nothing is stored"), later);
    assert_eq!(room.over_at(), Some(now.plus_ms(ROOM_KEPT_MS)));
}

#[test]
fn nobody_but_its_calls_end_removes_a_help_room() {
    let mut scene = Scene::new(RoomKind::Help);
    scene.relay.attended(Presence::NONE, scene.now, &mut Batch::default());
    assert_eq!(scene.relay.over_at(), None);
}

#[test]
fn a_room_that_was_removed_is_gone_for_her_and_said_to_be_over() {
    let mut scene = Scene::new(RoomKind::Peer);
    scene.victim.member.disconnected(scene.victim.now);
    let head = scene.organisation.head(3);
    scene.victim.signs_in(&head);
    let wish = |request: &Request| matches!(request, Request::Attach(attach) if attach.room == ROOM);
    let (asked, _) = scene.victim.last_request(wish);
    scene.victim.reply(asked, Answer::Refused(Refused::Over));
    assert_eq!(scene.victim.gone, [(hex(ROOM), Gone::Over)]);
    scene.victim.asked.clear();
    scene.victim.now = scene.victim.now.plus_ms(3_600_000);
    scene.victim.member.handle_timeout(scene.victim.now);
    scene.victim.take();
    assert!(!scene.victim.asked.iter().any(|frame| wish(&frame.request)), "nobody asks for it again");
}

/// A relay that lies, or has lost its database: nobody but her says that an open call is over.
#[test]
fn an_open_call_whose_room_is_said_to_be_over_is_raised_anew() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    let asked = wish_to_read(&person, room);
    person.reply(asked, Answer::Refused(Refused::Over));
    assert_eq!(state(&person), CallState::NotSent);
}

#[test]
fn a_call_that_she_closed_is_forgotten_with_its_room() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    let attached = Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None };
    person.attaches(room, attached);
    person.entry(room, EntryKind::Call, &call_notice_body(&CallNotice::Closed));
    assert_eq!(state(&person), CallState::Closed);
    person.member.disconnected(person.now);
    person.signs_in(&organisation.head(3));
    let asked = wish_to_read(&person, room);
    person.reply(asked, Answer::Refused(Refused::Over));
    assert!(person.events.iter().any(|event| matches!(event, Event::CallGone { .. })));
}

fn swept(room: &Room, scene: &Scene, after_ms: u64) -> bool {
    let mut batch = Batch::default();
    let over = room.sweep(scene.now.plus_ms(after_ms), &mut batch);
    assert_eq!(over, !batch.is_empty());
    over
}
