//! A help call at both of its ends, whatever the relay's answers and pages do on their way.

use lotgenoot_client::messages::{CallState, Command, Event, Intake};
use lotgenoot_client::{Identity, Member};
use lotgenoot_protocol::call::{Acknowledgement, CallNotice};
use lotgenoot_protocol::frame::{
    Accepted, Answer, Attached, Duty, EntryKind, InboxEntry, Notice, Page, Push, Request,
};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{
    Blob, CallId, Epoch, LeafKey, PageId, Refused, RequestId, RoomId, Seq, Serial, codec,
};

use crate::cast::{FAST, Organisation};
use crate::scene::{ROOM, Scene};
use crate::victim::{Victim, options};

#[test]
fn a_refusal_from_before_her_call_was_stored_does_not_take_the_call_away() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    // Her connection is lost before the relay says anything, so that on the next one both are asked at once: the
    // call, and to read its room. The relay looks for the room first, and says so last.
    person.member.disconnected(person.now);
    person.asked.clear();
    person.signs_in(&organisation.head(3));
    let too_early = wish_to_read(&person, room);
    is_stored(&mut person);
    let (after, _) = person.last_request(|request| matches!(request, Request::Attach(_)));
    assert_ne!(after, too_early, "she asks again now that it is stored");
    person.reply(too_early, Answer::Refused(Refused::UnknownRoom));
    assert!(person.gone.is_empty());
    person.reply(
        after,
        Answer::Attached(Attached { head: Seq(0), epoch: Epoch(0), invitation: None, session: None }),
    );
    assert_eq!(person.view(room).members.len(), 1);
    assert_eq!(state(&person), CallState::Stored);
}

#[test]
fn a_call_that_the_relay_does_not_know_any_more_is_raised_anew_and_not_shown_as_stored() {
    let organisation = Organisation::new();
    let (mut person, room) = has_called(&organisation);
    is_stored(&mut person);
    let asked = wish_to_read(&person, room);
    person.reply(asked, Answer::Refused(Refused::UnknownRoom));
    assert_eq!(state(&person), CallState::NotSent);
    person.asked.clear();
    person.now = person.now.plus_ms(10_000);
    person.member.handle_timeout(person.now);
    person.take();
    let again = raise(&mut person);
    assert_ne!(again, room, "in a room of its own: the old one may come back");
    is_stored(&mut person);
    assert_eq!(state(&person), CallState::Stored);
}

#[test]
fn a_page_of_a_new_round_is_not_answered_by_what_belongs_to_the_round_before() {
    let mut scene = Scene::new(RoomKind::Help);
    let (call, page) = (CallId([1; 16]), PageId([2; 16]));
    let organisation = scene.organisation.trust.organisation();
    let second = &scene.second;
    let ack = Acknowledgement::new(&second.key, organisation, ROOM, call, 1, page, Serial(second.name.0));
    // The inbox is read before the room's log: the page of the second round is there first.
    let paged = Page { call, room: ROOM, page: PageId([3; 16]), page_epoch: 2, raised_at: scene.now };
    scene.victim.push(Push::Inbox(InboxEntry { seq: Seq(100), notice: Notice::Page(paged) }));
    let wanted = CallState::WantsYou { key_on_its_way: false };
    assert_eq!(state(&scene.victim), wanted);
    for notice in [CallNotice::Acknowledged(ack), CallNotice::LeadLost] {
        scene.victim.entry(ROOM, EntryKind::Call, &Blob(codec::to_vec(&notice)));
        assert_eq!(state(&scene.victim), wanted, "{notice:?}");
    }
    let again = Acknowledgement::new(
        &scene.second.key,
        organisation,
        ROOM,
        call,
        2,
        PageId([4; 16]),
        Serial(scene.second.name.0),
    );
    scene.victim.entry(ROOM, EntryKind::Call, &Blob(codec::to_vec(&CallNotice::Acknowledged(again))));
    assert_eq!(state(&scene.victim), CallState::NotYours);
}

// A person who has raised a call that the relay has said nothing of yet; and its room.
fn has_called(organisation: &Organisation) -> (Victim, RoomId) {
    let member =
        Member::new(Identity::person(organisation.root(), [3; 32]), options(FAST.into()), organisation.now);
    let mut person = Victim::new(member, LeafKey([0; 32]), organisation.now);
    person.signs_in(&organisation.head(3));
    let intake = Box::new(Intake { nickname: "Iris".to_owned(), ..Intake::default() });
    person.member.command(Command::Raise { service: "hulp".to_owned(), intake }, person.now);
    person.take();
    let room = raise(&mut person);
    (person, room)
}

// Nobody is on duty: she raises it all the same.
fn raise(person: &mut Victim) -> RoomId {
    let (request, _) = person.last_request(|request| matches!(request, Request::AskDuty(_)));
    person.reply(request, Answer::Duty(Duty { people: Vec::new() }));
    let (_, request) = person.last_request(|request| matches!(request, Request::Raise(_)));
    let Request::Raise(raise) = request else { unreachable!("it was looked for") };
    raise.room
}

fn is_stored(person: &mut Victim) {
    let (request, _) = person.last_request(|request| matches!(request, Request::Raise(_)));
    person.reply(request, Answer::Accepted(Accepted { seq: Seq(0) }));
}

fn wish_to_read(person: &Victim, room: RoomId) -> RequestId {
    person.last_request(|request| matches!(request, Request::Attach(attach) if attach.room == room)).0
}

// Of her only call, as she sees it now.
fn state(person: &Victim) -> CallState {
    let mut calls: Vec<_> = Vec::new();
    for event in &person.events {
        match event {
            Event::Call(call) => {
                calls.retain(|(id, _)| *id != call.call);
                calls.push((call.call.clone(), call.state.clone()));
            }
            Event::CallGone { call } => calls.retain(|(id, _)| id != call),
            _ => {}
        }
    }
    assert_eq!(calls.len(), 1);
    calls.remove(0).1
}
