//! The way back of a client that lost what it had of a room, and whom it does not follow on it.

use lotgenoot_client::messages::{CallState, Event};
use lotgenoot_core::room::Input;
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, Why};
use lotgenoot_protocol::frame::{
    Answer, Attached, Bundle, EntryKind, GroupState, InboxEntry, Notice, Page, Push, Request,
};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::{Blob, CallId, PageId, Refused, Seq, Serial, codec};

use crate::cast::FAST;
use crate::scene::{ROOM, Scene};
use lotgenoot_tests::cast::Actor;

#[test]
fn who_is_too_far_behind_comes_back_by_a_resync_and_speaks_again() {
    let mut scene = Scene::new(RoomKind::Peer);
    goes_on_without_her(&mut scene, 2);
    is_too_far_behind(&mut scene);
    assert!(!scene.victim.speaks(ROOM), "what she has of the room is of no use");
    let state = scene.state(scene.founder.leaf());
    let bundle = shown(&mut scene, &state).expect("she makes a resync");
    scene.handle(scene.victim.leaf, Input::Commit(bundle.clone())).expect("the relay takes it");
    assert!(!scene.victim.speaks(ROOM), "it is not in the log yet");
    assert!(scene.founder.hears(&bundle.commit).is_none(), "the others follow");
    scene.victim.entry(ROOM, EntryKind::Commit, &bundle.commit);
    assert_eq!(scene.victim.alarms(), 0);
    assert_eq!(scene.victim.view(ROOM).members.len(), 3);
    assert!(scene.victim.speaks(ROOM));
}

#[test]
fn a_resync_that_lost_its_race_is_not_the_room() {
    let mut scene = Scene::new(RoomKind::Peer);
    goes_on_without_her(&mut scene, 1);
    is_too_far_behind(&mut scene);
    let state = scene.state(scene.founder.leaf());
    shown(&mut scene, &state).expect("she makes a resync");
    goes_on_without_her(&mut scene, 1);
    let current = scene.relay.epoch();
    let (request, _) = scene.victim.last_request(|request| matches!(request, Request::Commit(_)));
    scene.victim.reply(request, Answer::Refused(Refused::WrongEpoch { current }));
    scene.victim.now = scene.victim.now.plus_ms(60_000);
    scene.victim.member.handle_timeout(scene.victim.now);
    scene.victim.take();
    let state = scene.state(scene.founder.leaf());
    let bundle = shown(&mut scene, &state).expect("she makes another");
    scene.handle(scene.victim.leaf, Input::Commit(bundle.clone())).expect("the relay takes that one");
    scene.victim.entry(ROOM, EntryKind::Commit, &bundle.commit);
    assert!(scene.victim.speaks(ROOM));
}

#[test]
fn nobody_is_led_back_into_an_older_epoch() {
    let mut scene = Scene::new(RoomKind::Peer);
    let old = scene.state(scene.founder.leaf());
    let bundle = scene.founder.commits(|builder| builder.force_self_update(true));
    scene.passes(scene.founder.leaf(), &bundle);
    goes_on_without_her(&mut scene, 1);
    is_too_far_behind(&mut scene);
    does_not_follow(&mut scene, &old);
}

#[test]
fn nobody_is_led_into_a_room_that_the_relay_has_made_itself() {
    let mut scene = Scene::new(RoomKind::Line);
    is_too_far_behind(&mut scene);
    // The same id and the same rules, a person at leaf 0; and nobody whom she knew.
    let mut ghost = Actor::person();
    let rules = RoomRules {
        kind: RoomKind::Line,
        organisation: scene.organisation.trust.organisation(),
        hosts_in_help: false,
    };
    ghost.opens(ROOM, FAST, rules, &scene.organisation.head(3));
    for _ in 0..4 {
        let bundle = ghost.commits(|builder| builder.force_self_update(true));
        ghost.hears(&bundle.commit);
    }
    let made = ghost.states();
    let state =
        GroupState { group_info: made.group_info, tree: made.tree, seq: Seq(9), proposals: Vec::new() };
    does_not_follow(&mut scene, &state);
}

#[test]
fn a_state_that_is_nothing_of_the_kind_is_an_alarm_and_no_harm() {
    let mut scene = Scene::new(RoomKind::Peer);
    goes_on_without_her(&mut scene, 1);
    is_too_far_behind(&mut scene);
    let state = scene.state(scene.founder.leaf());
    does_not_follow(&mut scene, &GroupState { group_info: Blob(vec![7; 300]), ..state });
}

#[test]
fn what_is_told_of_a_call_while_she_is_lost_counts_once_she_is_back() {
    let mut scene = Scene::new(RoomKind::Help);
    let (call, page) = (CallId([1; 16]), PageId([2; 16]));
    let paged = Page { call, room: ROOM, page, page_epoch: 1, raised_at: scene.now, why: Why::Call };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(paged.clone()) }));
    goes_on_without_her(&mut scene, 1);
    is_too_far_behind(&mut scene);
    let organisation = scene.organisation.trust.organisation();
    let second = &scene.second;
    let ack = Acknowledgement::new(&second.key, organisation, &paged, Serial(second.name.0));
    let notice = Blob(codec::to_vec(&CallNotice::Acknowledged(ack)));
    scene.victim.entry(ROOM, EntryKind::Call, &notice);
    let taken = |scene: &Scene| {
        scene
            .victim
            .events
            .iter()
            .any(|event| matches!(event, Event::Call(call) if call.state == CallState::NotYours))
    };
    assert!(!taken(&scene), "whose word it is cannot be known yet");
    let state = scene.state(scene.founder.leaf());
    let bundle = shown(&mut scene, &state).expect("she makes a resync");
    scene.handle(scene.victim.leaf, Input::Commit(bundle.clone())).expect("the relay takes it");
    scene.victim.entry(ROOM, EntryKind::Commit, &bundle.commit);
    assert!(taken(&scene));
}

// An alarm, no commit, and silence.
fn does_not_follow(scene: &mut Scene, state: &GroupState) {
    assert_eq!(shown(scene, state), None);
    assert_eq!(scene.victim.alarms(), 1);
    assert!(!scene.victim.speaks(ROOM));
}

// Commits that she does not hear of.
fn goes_on_without_her(scene: &mut Scene, commits: usize) {
    for _ in 0..commits {
        let bundle = scene.founder.commits(|builder| builder.force_self_update(true));
        scene.handle(scene.founder.leaf(), Input::Commit(bundle.clone())).expect("an honest commit");
        scene.founder.hears(&bundle.commit);
        scene.second.hears(&bundle.commit);
    }
}

// Her connection was lost; the log does not go back to what she has.
fn is_too_far_behind(scene: &mut Scene) {
    scene.victim.member.disconnected(scene.victim.now);
    scene.victim.is_welcomed(&scene.organisation.head(3));
    let wish = |request: &Request| matches!(request, Request::Attach(_));
    let (request, _) = scene.victim.last_request(wish);
    scene.victim.reply(request, Answer::Refused(Refused::Stale));
    let epoch = scene.relay.epoch();
    scene.victim.attaches(ROOM, Attached { head: Seq(40), epoch, invitation: None, session: None });
}

// The relay says what the room is now: the commit she makes of it.
fn shown(scene: &mut Scene, state: &GroupState) -> Option<Bundle> {
    let asks = |request: &Request| matches!(request, Request::AskGroupState(_));
    let (request, _) = scene.victim.last_request(asks);
    let before = scene.victim.asked.len();
    scene.victim.reply(request, Answer::GroupState(state.clone()));
    scene.victim.asked[before..].iter().find_map(|frame| match &frame.request {
        Request::Commit(commit) => Some(commit.bundle.clone()),
        _ => None,
    })
}
