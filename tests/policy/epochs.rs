//! One commit an epoch; old words only among the same people; a leave counts from the moment it is wished.

use lotgenoot_client::messages::Command;
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::{Input, Room, Tail};
use lotgenoot_protocol::frame::{Answer, Attached, Bundle, EntryKind, Request};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Blob, Epoch, Refused, RequestId, Seq};
use openmls::prelude::LeafNodeIndex;

use crate::cast::FAST;
use crate::scene::{ROOM, Scene, Verdict};
use crate::victim::{Reaction, hex};
use lotgenoot_tests::cast::Actor;

#[test]
fn the_second_commit_of_an_epoch_loses_and_learns_the_current_epoch() {
    let mut scene = Scene::new(RoomKind::Peer);
    let winner = scene.founder.commits(|builder| builder.force_self_update(true));
    let loser = scene.second.commits(|builder| builder.force_self_update(true));
    scene.handle(scene.founder.leaf(), Input::Commit(winner.clone())).unwrap();
    let answer = scene.handle(scene.second.leaf(), Input::Commit(loser.clone()));
    assert_eq!(answer, Err(Refused::WrongEpoch { current: Epoch(2) }));
    assert_eq!(scene.relay.epoch(), Epoch(2));

    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &winner.commit), Reaction::GoesOn);
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &loser.commit), Reaction::Stops);
}

#[test]
fn a_commit_of_an_epoch_to_come_is_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let first = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.founder.hears(&first.commit);
    let second = scene.founder.commits(|builder| builder.force_self_update(true));
    let answer = scene.handle(scene.founder.leaf(), Input::Commit(second));
    assert_eq!(answer, Err(Refused::WrongEpoch { current: Epoch(1) }));
}

#[test]
fn words_of_an_old_epoch_are_accepted_for_two_epochs_among_the_same_people() {
    let mut scene = Scene::new(RoomKind::Peer);
    let seat = scene.second.leaf();
    let old = scene.second.says(b"eerder");
    for accepted in [true, true, false] {
        let update = scene.founder.commits(|builder| builder.force_self_update(true));
        scene.passes(scene.founder.leaf(), &update);
        let (answer, current) = (scene.handle(seat, Input::Send(old.clone())), scene.relay.epoch());
        match answer {
            Ok(_) => assert!(accepted, "still accepted in {current:?}"),
            refused => {
                assert_eq!(refused, Err(Refused::WrongEpoch { current }));
                assert!(!accepted, "refused in {current:?}");
            }
        }
    }
}

#[test]
fn words_from_before_somebody_came_are_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let old = scene.second.says(b"eerder");
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    refused_until_encrypted_again(&mut scene, &old);

    let between = scene.second.says(b"intussen");
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.founder.leaf(), &update);
    let seat = scene.second.leaf();
    assert_eq!(scene.handle(seat, Input::Send(old)), Err(Refused::WrongEpoch { current: Epoch(3) }));
    scene.handle(seat, Input::Send(between)).unwrap();
}

#[test]
fn words_from_before_somebody_was_removed_are_refused() {
    let mut scene = Scene::new(RoomKind::Stage);
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    let old = scene.second.says(b"eerder");
    let remove = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(3)]));
    scene.passes(scene.founder.leaf(), &remove);
    refused_until_encrypted_again(&mut scene, &old);
}

#[test]
fn words_from_before_somebody_left_are_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leave = scene.second.leaves();
    scene.handle(scene.second.leaf(), Input::Propose(leave.clone())).unwrap();
    scene.victim.entry(ROOM, EntryKind::Proposal, &leave);
    let old = scene.founder.says(b"eerder");
    let commit = scene.founder_carries_out(&leave);
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::accepted());
    let answer = scene.handle(scene.founder.leaf(), Input::Send(old));
    assert_eq!(answer, Err(Refused::WrongEpoch { current: Epoch(2) }));
}

#[test]
fn words_of_an_epoch_to_come_or_another_room_are_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.founder.hears(&update.commit);
    let early = scene.founder.says(b"te vroeg");
    let answer = scene.handle(scene.founder.leaf(), Input::Send(early.clone()));
    assert_eq!(answer, Err(Refused::WrongEpoch { current: Epoch(1) }));

    let mut other = early.0;
    other[5] ^= 1;
    let answer = scene.handle(scene.founder.leaf(), Input::Send(Blob(other)));
    assert!(matches!(answer, Err(Refused::Invalid { .. })));
}

#[test]
fn who_wants_to_leave_reads_and_says_nothing_more() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leaver = scene.second.leaf();
    let words = scene.second.says(b"nog iets");
    let update = scene.second.commits(|builder| builder.force_self_update(true));
    let leave = scene.second.leaves();
    let (mut batch, request) = (Batch::default(), RequestId([1; 16]));
    let (trust, now) = (&scene.organisation.trust, scene.now);
    let input = Input::Propose(leave);
    let answer = scene.relay.handle(leaver, request, &input, None, trust, now, &mut batch);
    let Ok(Answer::Accepted(accepted)) = answer else { panic!("refused") };
    assert_eq!((batch.cuts[0].leaf, batch.cuts[0].last), (leaver, accepted.seq));

    let later = scene.founder.says(b"na haar");
    scene.handle(scene.founder.leaf(), Input::Send(later)).unwrap();
    let grant = scene.relay.attach(leaver, None).unwrap();
    assert_eq!((grant.until, grant.attached.head), (Some(accepted.seq), accepted.seq));
    for input in [Input::Send(words), Input::Commit(update), Input::AskGroupState] {
        assert_eq!(scene.handle(leaver, input), Err(Refused::UnknownRoom));
    }
}

#[test]
fn a_commit_that_passes_over_a_leaver_loses() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.force_self_update(true));
    loses_to_a_leave(&mut scene, &commit);
}

/// It takes her out too, but not by her own wish: what was made before the wish was seen never wins after it.
#[test]
fn a_remove_made_before_the_wish_to_leave_was_seen_loses() {
    let mut scene = Scene::new(RoomKind::Peer);
    let commit = scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
    loses_to_a_leave(&mut scene, &commit);
}

#[test]
fn a_room_taken_from_its_record_in_mid_life_goes_on_as_it_was() {
    let mut scene = Scene::new(RoomKind::Peer);
    let old = scene.founder.says(b"eerder");
    let update = scene.second.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.second.leaf(), &update);
    let newcomer = Actor::person();
    let package = newcomer.key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(scene.founder.leaf(), &add);
    let passes_over = scene.founder.commits(|builder| builder.force_self_update(true));
    let leave = scene.second.leaves();
    scene.handle(scene.second.leaf(), Input::Propose(leave.clone())).unwrap();

    let record = scene.relay.to_record();
    let tail = Tail { head: scene.relay.head(), trimmed: Seq(0), cursors: Vec::new(), replies: Vec::new() };
    let copy = Room::from_record(ROOM, &record, tail).unwrap();
    assert_eq!(copy.to_record(), record);
    let known = |room: &Room| (room.kind(), room.head(), room.epoch(), room.members(), room.first_leaf());
    assert_eq!(known(&copy), known(&scene.relay));
    for leaf in [scene.founder.leaf(), scene.second.leaf(), scene.victim.leaf, newcomer.leaf()] {
        assert_eq!(copy.attach(leaf, None), scene.relay.attach(leaf, None));
        assert_eq!(copy.has_seat(&leaf), scene.relay.has_seat(&leaf));
    }
    let before = std::mem::replace(&mut scene.relay, copy);
    drop(before);

    let state = scene.state(scene.founder.leaf());
    assert_eq!(state.proposals.as_slice(), std::slice::from_ref(&leave));
    let current = scene.relay.epoch();
    let wrong_epoch = Err(Refused::WrongEpoch { current });
    assert_eq!(scene.handle(scene.founder.leaf(), Input::Commit(passes_over)), wrong_epoch);
    assert_eq!(scene.handle(scene.founder.leaf(), Input::Send(old)), wrong_epoch);
    scene.victim.entry(ROOM, EntryKind::Proposal, &leave);
    let commit = scene.founder_carries_out(&leave);
    assert_eq!(scene.tries(scene.founder.leaf(), &commit), Verdict::accepted());
    assert!(!scene.relay.has_seat(&scene.second.leaf()));
    let invitation = scene.invitation(newcomer.leaf());
    assert_eq!(invitation.seq, Seq(3));
    let mut newcomer = newcomer;
    newcomer.joins(&invitation);
    assert_eq!(newcomer.group().epoch().as_u64(), 3);
}

fn loses_to_a_leave(scene: &mut Scene, commit: &Bundle) {
    let leave = scene.second.leaves();
    scene.handle(scene.second.leaf(), Input::Propose(leave.clone())).unwrap();
    scene.victim.entry(ROOM, EntryKind::Proposal, &leave);
    let current = scene.relay.epoch();
    let relay = Err(Refused::WrongEpoch { current });
    let expected = Verdict { library: true, relay, client: Reaction::Stops };
    assert_eq!(scene.tries(scene.founder.leaf(), commit), expected);
}

fn refused_until_encrypted_again(scene: &mut Scene, old: &Blob) {
    let (seat, current) = (scene.second.leaf(), scene.relay.epoch());
    assert_eq!(scene.handle(seat, Input::Send(old.clone())), Err(Refused::WrongEpoch { current }));
    let again = scene.second.says(b"eerder");
    scene.handle(seat, Input::Send(again)).unwrap();
}

#[test]
fn who_was_without_network_for_an_hour_reads_what_was_said_meanwhile_and_her_words_leave() {
    let mut scene = Scene::new(RoomKind::Peer);
    let from = scene.victim.seq();
    scene.victim.member.disconnected(scene.victim.now);
    let say = Command::Say { room: hex(ROOM), text: "Ik was even weg".to_owned() };
    scene.victim.member.command(say, scene.victim.now);
    let mut log = Vec::new();
    for number in 0..12 {
        let words = scene.founder.speaks(&format!("deel {number}"));
        log.push((EntryKind::Application, words));
        if number % 4 == 3 {
            let bundle = scene.founder.commits(|builder| builder.force_self_update(true));
            scene.handle(scene.founder.leaf(), Input::Commit(bundle.clone())).expect("an honest commit");
            scene.founder.hears(&bundle.commit);
            log.push((EntryKind::Commit, bundle.commit));
        }
    }
    scene.victim.now = scene.victim.now.plus_ms(3_600_000);
    scene.victim.member.handle_timeout(scene.victim.now);
    scene.victim.signs_in(&scene.organisation.head(3));
    let head = Seq(from.0 + log.len() as u64);
    let epoch = scene.relay.epoch();
    scene.victim.attaches(ROOM, Attached { head, epoch, invitation: None, session: None });
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Attach(_)));
    assert!(matches!(request, Request::Attach(attach) if attach.after == Some(from)));
    scene.victim.is_at(from);
    for (kind, body) in &log {
        scene.victim.entry(ROOM, *kind, body);
    }
    let read: Vec<String> = (0..12).map(|number| format!("deel {number}")).collect();
    assert_eq!(scene.victim.read(ROOM), read);
    let (_, request) = scene.victim.last_request(|request| matches!(request, Request::Send(_)));
    let Request::Send(send) = request else { unreachable!("it was looked for") };
    assert!(scene.founder.hears(&send.message).is_some(), "in the epoch of now");
}
