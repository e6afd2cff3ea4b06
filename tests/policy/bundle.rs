//! A commit travels with everything others need, and with nothing that is not what it says.

use lotgenoot_core::room::{Input, Room, Tail};
use lotgenoot_protocol::frame::{Bundle, EntryKind};
use lotgenoot_protocol::limits::{APPLICATION_BYTES_MAX, HANDSHAKE_BYTES_MAX, TREE_BYTES_MAX};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Blob, Refused, RequestId, Seq};
use openmls::prelude::Ciphersuite;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::cast::FAST;
use crate::scene::{ROOM, Scene, Verdict};
use crate::victim::Reaction;
use lotgenoot_tests::cast::Actor;

/// A membership tag: which only members can check.
const MEMBERSHIP_TAG_BYTES: usize = 1 + 32;
const MUTATIONS: usize = 400;

#[test]
fn an_add_brings_a_welcome() {
    let (mut scene, add, _) = with_adds();
    refused_as_invalid(&mut scene, Bundle { welcome: None, ..add }, "an Add without Welcome");
}

#[test]
fn a_welcome_is_for_those_who_are_added() {
    let (mut scene, add, other) = with_adds();
    let welcome = other.welcome;
    refused_as_invalid(&mut scene, Bundle { welcome, ..add }, "a Welcome for others than those added");
}

#[test]
fn a_welcome_is_for_all_who_are_added() {
    let (mut scene, add, _) = with_adds();
    let packages: Vec<_> = (0..2).map(|_| Actor::person().key_package(FAST)).collect();
    let two = scene.founder.commits(|builder| builder.propose_adds(packages));
    let welcome = add.welcome;
    refused_as_invalid(&mut scene, Bundle { welcome, ..two }, "a Welcome for others than those added");
}

#[test]
fn who_adds_nobody_welcomes_nobody() {
    let (mut scene, add, _) = with_adds();
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    let welcome = add.welcome;
    refused_as_invalid(&mut scene, Bundle { welcome, ..update }, "a Welcome for others than those added");
}

#[test]
fn a_welcome_is_a_welcome() {
    let (mut scene, add, _) = with_adds();
    let welcome = Some(add.commit.clone());
    refused_as_invalid(&mut scene, Bundle { welcome, ..add }, "a Welcome that is something else");
}

#[test]
fn a_group_info_is_signed_by_the_one_who_commits() {
    let mut scene = Scene::new(RoomKind::Peer);
    let theirs = scene.second.commits(|builder| builder.force_self_update(true)).group_info;
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    let bundle = Bundle { group_info: theirs, ..update };
    refused_as_invalid(&mut scene, bundle, "a GroupInfo that is not the committer's for this epoch");
}

#[test]
fn a_group_info_is_of_the_epoch_the_commit_leads_into() {
    for suite in [FAST, Ciphersuite::try_from(0x004F).unwrap()] {
        let mut scene = Scene::in_suite(RoomKind::Peer, suite);
        let old = scene.founder.commits(|builder| builder.force_self_update(true));
        scene.passes(scene.founder.leaf(), &old);
        let update = scene.founder.commits(|builder| builder.force_self_update(true));
        let bundle = Bundle { group_info: old.group_info, ..update };
        refused_as_invalid(&mut scene, bundle, "a GroupInfo that is not the committer's for this epoch");
    }
}

#[test]
fn a_group_info_of_a_commit_that_was_not_handed_in_is_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let other = scene.founder.commits(|builder| builder.force_self_update(true));
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    let bundle = Bundle { group_info: other.group_info, ..update };
    refused_as_invalid(&mut scene, bundle, "a GroupInfo that is not the committer's for this epoch");
}

#[test]
fn a_group_info_that_cannot_be_read_is_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let mut update = scene.founder.commits(|builder| builder.force_self_update(true));
    update.group_info.0.push(0);
    refused_as_invalid(&mut scene, update, "a GroupInfo that cannot be read");
}

#[test]
fn what_is_too_large_is_refused_by_the_name_of_its_limit() {
    let (mut scene, add, _) = with_adds();
    let seat = scene.founder.leaf();
    let big = Blob(vec![0; HANDSHAKE_BYTES_MAX + 1]);
    let too_large =
        |limit: &str, max: usize| Err(Refused::TooLarge { limit: limit.to_owned(), max: max as u64 });
    let handshake = too_large("HANDSHAKE_BYTES_MAX", HANDSHAKE_BYTES_MAX);
    for bundle in [
        Bundle { commit: big.clone(), ..add.clone() },
        Bundle { group_info: big.clone(), ..add.clone() },
        Bundle { welcome: Some(big.clone()), ..add.clone() },
    ] {
        assert_eq!(scene.handle(seat, Input::Commit(bundle)), handshake);
    }
    assert_eq!(scene.handle(seat, Input::Propose(big.clone())), handshake);
    let long = Blob(vec![0; APPLICATION_BYTES_MAX + 1]);
    let application = too_large("APPLICATION_BYTES_MAX", APPLICATION_BYTES_MAX);
    assert_eq!(scene.handle(seat, Input::Send(long)), application);

    let mut opening = scene.founder.states();
    opening.tree = Blob(vec![0; TREE_BYTES_MAX + 1]);
    let (trust, now) = (&scene.organisation.trust, scene.now);
    let opened = lotgenoot_core::group::TrackedGroup::open(ROOM, &opening, trust, now).map(drop);
    assert_eq!(opened, too_large("TREE_BYTES_MAX", TREE_BYTES_MAX).map(drop));
    opening.group_info = big;
    let opened = lotgenoot_core::group::TrackedGroup::open(ROOM, &opening, trust, now).map(drop);
    assert_eq!(opened, handshake.map(drop));
}

#[test]
fn a_commit_in_the_wrong_place_is_refused() {
    let mut scene = Scene::new(RoomKind::Peer);
    let words = scene.founder.says(b"Hallo");
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    let seat = scene.founder.leaf();
    for input in [
        Input::Commit(Bundle { commit: words.clone(), ..update.clone() }),
        Input::Propose(words),
        Input::Propose(update.commit.clone()),
        Input::Send(update.commit),
    ] {
        assert!(matches!(scene.handle(seat, input), Err(Refused::Invalid { .. })));
    }
}

#[test]
fn no_mutation_of_a_bundle_panics_or_moves_the_room() {
    let mut random = StdRng::seed_from_u64(20_260_801);
    let (mut scene, _, _) = with_adds();
    let package = Actor::person().key_package(FAST);
    let honest = scene.founder.commits(|builder| builder.propose_adds([package]).force_self_update(true));
    let seat = scene.founder.leaf();
    let before = scene.relay.to_record();
    for _ in 0..MUTATIONS {
        let mut bundle = honest.clone();
        let signed = bundle.commit.len() - MEMBERSHIP_TAG_BYTES;
        match random.random_range(0..3) {
            0 => mutate(&mut random, &mut bundle.commit.0, signed),
            1 => {
                let all = bundle.group_info.len();
                mutate(&mut random, &mut bundle.group_info.0, all);
            }
            _ => bundle.commit = nested(&mut random),
        }
        let answer = scene.handle(seat, Input::Commit(bundle));
        assert!(answer.is_err(), "a changed bundle was accepted");
        assert_eq!(scene.relay.to_record(), before);
    }
    scene.passes(seat, &honest);
}

#[test]
fn no_mutation_of_a_welcome_panics() {
    let mut random = StdRng::seed_from_u64(20_260_802);
    let (mut scene, honest, _) = with_adds();
    let (seat, record) = (scene.founder.leaf(), scene.relay.to_record());
    for _ in 0..MUTATIONS / 4 {
        let mut bundle = honest.clone();
        let welcome = bundle.welcome.as_mut().unwrap();
        let all = welcome.len();
        mutate(&mut random, &mut welcome.0, all);
        // The relay cannot look into the ciphertext: a copy of the room takes the harm.
        let mut copy = Room::from_record(ROOM, &record, Tail::default()).unwrap();
        let mut batch = lotgenoot_core::effect::Batch::default();
        let request = RequestId(random.random());
        let (trust, now) = (&scene.organisation.trust, scene.now);
        let answer = copy.handle(seat, request, &Input::Commit(bundle), None, trust, now, &mut batch);
        if answer.is_err() {
            assert_eq!(copy.to_record(), record);
        }
    }
    let package = Actor::person().key_package(FAST);
    let next = scene.founder.commits(|builder| builder.propose_adds([package]));
    scene.passes(seat, &next);
}

#[test]
fn no_mutation_of_a_proposal_panics_or_counts() {
    let mut random = StdRng::seed_from_u64(20_260_803);
    let mut scene = Scene::new(RoomKind::Peer);
    let leave = scene.second.leaves();
    let (seat, before) = (scene.second.leaf(), scene.relay.to_record());
    for _ in 0..MUTATIONS / 4 {
        let mut bytes = leave.0.clone();
        let signed = bytes.len() - MEMBERSHIP_TAG_BYTES;
        mutate(&mut random, &mut bytes, signed);
        assert!(scene.handle(seat, Input::Propose(Blob(bytes))).is_err());
        assert_eq!(scene.relay.to_record(), before);
    }
    scene.handle(seat, Input::Propose(leave)).unwrap();
}

#[test]
fn a_client_stops_at_every_mutation_of_a_commit_and_never_panics() {
    let mut random = StdRng::seed_from_u64(20_260_804);
    for _ in 0..40 {
        let mut scene = Scene::new(RoomKind::Peer);
        let mut commit = scene.founder.commits(|builder| builder.force_self_update(true)).commit;
        let all = commit.len();
        mutate(&mut random, &mut commit.0, all);
        assert_eq!(scene.victim.hears(ROOM, EntryKind::Commit, &commit), Reaction::Stops);
    }
}

#[test]
fn words_changed_on_the_way_are_not_shown_and_do_no_harm() {
    let mut random = StdRng::seed_from_u64(20_260_805);
    let mut scene = Scene::new(RoomKind::Peer);
    let words = scene.founder.says(b"Hallo");
    let header = 4 + 1 + 16 + 8 + 1;
    for _ in 0..MUTATIONS {
        let mut bytes = words.0.clone();
        let at = random.random_range(header + 40..bytes.len());
        bytes[at] ^= 1 << random.random_range(0..8);
        let heard = scene.victim.hears(ROOM, EntryKind::Application, &Blob(bytes));
        assert_eq!(heard, Reaction::GoesOn);
    }
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    assert_eq!(scene.tries(scene.founder.leaf(), &update), Verdict::accepted());
}

#[test]
fn frames_that_are_none_end_the_connection_and_nothing_else() {
    let mut random = StdRng::seed_from_u64(20_260_806);
    let mut scene = Scene::new(RoomKind::Peer);
    for _ in 0..MUTATIONS {
        let length = random.random_range(0..200);
        let bytes: Vec<u8> = (0..length).map(|_| random.random()).collect();
        let _either = scene.victim.member.handle_frame(&bytes, scene.victim.now);
    }
    scene.victim.take();
    let update = scene.founder.commits(|builder| builder.force_self_update(true));
    assert_eq!(scene.tries(scene.founder.leaf(), &update), Verdict::accepted());
}

fn with_adds() -> (Scene, Bundle, Bundle) {
    let mut scene = Scene::new(RoomKind::Peer);
    let add = |scene: &mut Scene| {
        let package = Actor::person().key_package(FAST);
        scene.founder.commits(|builder| builder.propose_adds([package]))
    };
    let (one, other) = (add(&mut scene), add(&mut scene));
    (scene, one, other)
}

fn refused_as_invalid(scene: &mut Scene, bundle: Bundle, what: &str) {
    let head = scene.relay.head();
    let answer = scene.handle(scene.founder.leaf(), Input::Commit(bundle));
    assert_eq!(answer, Err(Refused::invalid(what)));
    assert_eq!(scene.relay.head(), Seq(head.0));
}

fn mutate(random: &mut StdRng, bytes: &mut Vec<u8>, within: usize) {
    let at = random.random_range(0..within);
    match random.random_range(0..4) {
        0 => bytes[at] ^= 1 << random.random_range(0..8),
        1 => bytes.truncate(at),
        2 => bytes.insert(at, random.random()),
        _ => {
            let end = (at + random.random_range(1..16)).min(within);
            let old = bytes[at..end].to_vec();
            random.fill(&mut bytes[at..end]);
            if bytes[at..end] == old {
                bytes[at] ^= 1;
            }
        }
    }
}

// Proposals in proposals, as far as lengths allow.
fn nested(random: &mut StdRng) -> Blob {
    let mut inner = vec![0; random.random_range(0..64)];
    for _ in 0..random.random_range(1..400) {
        let mut outer = vec![1, 0, random.random_range(1..10)];
        crate::forge::opaque(&mut outer, &inner);
        inner = outer;
        if inner.len() > HANDSHAKE_BYTES_MAX / 2 {
            break;
        }
    }
    let mut message = vec![0, 1, 0, 1];
    crate::forge::opaque(&mut message, &ROOM.0);
    message.extend(1_u64.to_be_bytes());
    message.extend([1, 0, 0, 0, 0, 0, 3]);
    crate::forge::opaque(&mut message, &inner);
    message.push(0);
    message.extend([0; 200]);
    Blob(message)
}
