use super::*;
use lotgenoot_messages::MemberView;

fn member(name: &str, role: Role, you: bool) -> MemberView {
    MemberView { id: name.to_owned(), name: name.to_owned(), role, service: None, you }
}

fn room(id: &str, kind: Kind) -> Event {
    let members = vec![member("Iris", Role::Person, true), member("Roos", Role::Host, false)];
    Event::Room(RoomView { members, ..RoomView::new(id.to_owned(), kind) })
}

fn said(id: &str, text: &str, state: Delivery) -> Event {
    let message = MessageView {
        id: id.to_owned(),
        from: member("Iris", Role::Person, true),
        text: text.to_owned(),
        at: 1,
        state,
        returned: None,
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
fn who_may_still_come_back_as_staff_is_not_known_to_be_a_person() {
    let you = |role| Event::You(You { role, alias: None, service: None, until: None });
    let (online, looking) = (Event::Connection(Connection::Online), Event::Return(Return::Looking));
    let mut model = after([you(Role::Person)]);
    assert_eq!(model.whose(), None);
    model.handle(online.clone());
    assert_eq!(model.whose(), Some(false));
    model.handle(looking);
    assert_eq!(model.whose(), None);
    model.handle(Event::Return(Return::Found));
    for event in [you(Role::Person), Event::Connection(Connection::Connecting)] {
        model.handle(event);
        assert_eq!(model.whose(), None);
    }
    let mut host = model.clone();
    host.handle(you(Role::Host));
    assert_eq!(host.whose(), Some(true));
    model.handle(online);
    assert_eq!(model.whose(), Some(false));
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
fn a_line_says_whether_its_person_waits_is_in_a_group_or_has_gone() {
    let line = |names: &[(&str, Role, bool)], admitted_to: Option<&str>| {
        let members = names.iter().map(|(name, role, you)| member(name, *role, *you)).collect();
        let admitted_to = admitted_to.map(str::to_owned);
        Event::Room(RoomView { members, admitted_to, ..RoomView::new("r".to_owned(), Kind::Line) })
    };
    let both = [("Iris", Role::Person, false), ("Roos", Role::Host, true)];
    let left =
        Event::Note { room: "r".to_owned(), note: Note::Left(member("Iris", Role::Person, false)), at: 1 };

    let waiting = after([line(&both, None)]);
    assert_eq!(waiting.rooms[0].line_state(), LineState::Waits);
    let admitted = after([line(&both, Some("g"))]);
    assert_eq!(admitted.rooms[0].line_state(), LineState::Admitted(&"g".to_owned()));
    let gone = after([line(&both, Some("g")), left, line(&both[1..], Some("g"))]);
    assert_eq!(gone.rooms[0].line_state(), LineState::Left);
    assert_eq!(gone.rooms[0].person_name(), Some("Iris"));
}

#[test]
fn the_person_of_a_line_is_never_a_member_of_staff() {
    let model = after([room("r", Kind::Line)]);
    assert_eq!(model.room("r").unwrap().person_name(), None);
}

#[test]
fn a_link_that_is_put_away_is_gone() {
    let link = |fragment: &str| {
        let (about, fragment) = ("Roos".to_owned(), fragment.to_owned());
        Event::Link { fragment, about, invitation: false }
    };
    let mut model = after([link("a"), link("b")]);
    model.put_link_away("a");
    let left: Vec<_> = model.links.iter().map(|link| link.fragment.as_str()).collect();
    assert_eq!(left, ["b"]);
}

#[test]
fn a_pin_is_wrong_only_after_she_has_sent_one() {
    let (looking, pin) = (Event::Return(Return::Looking), Event::Return(Return::Pin));
    // A tab's way back led nowhere, and the device is asked next.
    let asked = after([looking.clone(), pin.clone()]);
    assert!(asked.pin_asked && !asked.pin_wrong);
    let sent = after([pin.clone(), looking.clone()]);
    assert!(!sent.is_returning(), "she waits where she typed it");
    let wrong = after([pin.clone(), looking.clone(), pin.clone()]);
    assert!(wrong.pin_asked && wrong.pin_wrong);
    let found = after([pin, looking, Event::Return(Return::Found)]);
    assert!(!found.pin_asked && found.is_returning());
}

#[test]
fn nothing_is_on_its_way_any_more_once_a_device_is_kept_or_could_not_be() {
    let role = Role::Coordinator;
    let you = Event::You(You { role, alias: None, service: None, until: None });
    let begun = [you, Event::Stretching { permille: 500 }];
    let kept = Event::Device { secret: Some("00".to_owned()) };
    assert_eq!(after(begun.clone().into_iter().chain([kept])).way_back.permille, None);
    let failed = Event::Failed { what: Failure::Other };
    assert_eq!(after(begun.into_iter().chain([failed])).way_back.permille, None);
}

#[test]
fn a_pin_has_six_digits_or_more_and_nothing_else() {
    assert!(is_pin("000000") && is_pin("12345678"));
    assert!(!is_pin("12345") && !is_pin("12345a") && !is_pin("123 456") && !is_pin("١٢٣٤٥٦"));
}

#[test]
fn she_can_ask_for_any_service_and_those_that_are_open_come_first() {
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let (services, all) = (named(&["veilig-thuis"]), named(&["arosa", "veilig-thuis", "wijkteam"]));
    let open = Open { hosts: false, services, all };
    let choices = open.choices();
    let choices: Vec<_> = choices.iter().map(|(name, open)| (name.as_str(), *open)).collect();
    assert_eq!(choices, [("veilig-thuis", true), ("arosa", false), ("wijkteam", false)]);
}
