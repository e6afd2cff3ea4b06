use super::*;
use lotgenoot_messages::MemberView;

fn member(name: &str, role: Role, you: bool) -> MemberView {
    MemberView { id: name.to_owned(), name: name.to_owned(), role, service: None, you }
}

fn room(id: &str, kind: Kind) -> Event {
    let members = vec![member("Iris", Role::Person, true), member("Roos", Role::Host, false)];
    Event::Room(RoomView { room: id.to_owned(), kind, members, caught_up: true, epoch_code: String::new() })
}

fn said(id: &str, text: &str, state: Delivery) -> Event {
    let message = MessageView {
        id: id.to_owned(),
        from: member("Iris", Role::Person, true),
        text: text.to_owned(),
        at: 1,
        state,
    };
    Event::Message { room: "r".to_owned(), message }
}

fn after(events: impl IntoIterator<Item = Event>) -> Model {
    let mut model = Model::default();
    for event in events {
        model.handle(event);
    }
    model
}

#[test]
fn the_same_message_again_only_changes_its_state() {
    let model = after([
        room("r", Kind::Peer),
        said("m1", "hallo", Delivery::Sending),
        said("m2", "daar", Delivery::Sending),
        said("m1", "hallo", Delivery::Sent),
    ]);
    let room = model.room("r").unwrap();
    assert_eq!(room.entries.len(), 2);
    assert_eq!(room.message(&"m1".to_owned()).unwrap().state, Delivery::Sent);
    assert_eq!(room.message(&"m2".to_owned()).unwrap().state, Delivery::Sending);
}

#[test]
fn a_changed_room_keeps_what_was_said_in_it() {
    let model = after([room("r", Kind::Peer), said("m1", "hallo", Delivery::Sent), room("r", Kind::Peer)]);
    assert_eq!(model.rooms.len(), 1);
    assert_eq!(model.room("r").unwrap().entries.len(), 1);
}

#[test]
fn nothing_of_a_room_stays_when_it_is_gone() {
    let gone = |why| Event::RoomGone { room: "r".to_owned(), why };
    let left = after([room("r", Kind::Peer), said("m1", "hallo", Delivery::Sent), gone(Gone::Left)]);
    assert!(left.rooms.is_empty());
    assert_eq!(left.notice, None);
    let removed = after([room("r", Kind::Peer), gone(Gone::Removed)]);
    assert_eq!(removed.notice, Some(Notice::Gone(Gone::Removed)));
}

#[test]
fn a_message_for_a_room_that_is_not_there_is_dropped() {
    assert!(after([said("m1", "hallo", Delivery::Sent)]).rooms.is_empty());
}

#[test]
fn groups_are_numbered_in_the_order_in_which_they_came() {
    let model = after([room("a", Kind::Line), room("b", Kind::Peer), room("c", Kind::Peer)]);
    assert_eq!(model.group_number(&"c".to_owned()), Some(2));
    assert_eq!(model.group_number(&"a".to_owned()), None);
}

#[test]
fn the_person_of_a_line_is_never_a_member_of_staff() {
    let model = after([room("r", Kind::Line)]);
    assert_eq!(model.room("r").unwrap().person_name(), None);
}
