//! A relay that calls an entry something else does not get it past a client.

use lotgenoot_client::messages::Note;
use lotgenoot_protocol::Blob;
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::mls::RoomKind;

use crate::cast::FAST;
use crate::scene::{ROOM, Scene};
use crate::victim::Reaction;
use lotgenoot_tests::cast::Actor;

#[test]
fn a_commit_passed_off_as_words_changes_nobody_unseen() {
    let mut scene = Scene::new(RoomKind::Peer);
    let package = Actor::person().key_package(FAST);
    let add = scene.founder.commits(|builder| builder.propose_adds([package]));
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &add.commit), Reaction::Stops);
    assert_eq!(scene.victim.view(ROOM).members.len(), 3);
    assert!(!scene.victim.notes.iter().any(|note| matches!(note, Note::Joined(_))));
}

#[test]
fn a_forbidden_commit_passed_off_as_words_raises_the_alarm() {
    let mut scene = Scene::new(RoomKind::Peer);
    let package = Actor::person().key_package(FAST);
    let add = scene.second.commits(|builder| builder.propose_adds([package]));
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &add.commit), Reaction::Stops);
}

#[test]
fn a_leave_passed_off_as_words_stops_the_client() {
    let mut scene = Scene::new(RoomKind::Peer);
    let leave = scene.second.leaves();
    assert_eq!(scene.victim.hears(ROOM, EntryKind::Application, &leave), Reaction::Stops);
}

#[test]
fn bytes_that_are_no_message_stop_the_client() {
    for kind in [EntryKind::Application, EntryKind::Commit, EntryKind::Proposal] {
        let mut scene = Scene::new(RoomKind::Peer);
        let heard = scene.victim.hears(ROOM, kind, &Blob(b"geen bericht".to_vec()));
        assert_eq!(heard, Reaction::Stops, "{kind:?}");
    }
}
