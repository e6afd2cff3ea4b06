//! A group that goes on in another room, in another suite, with everybody who was in it.

use lotgenoot_client::messages::{Command, Kind, Measure, Note, RoomId};
use lotgenoot_protocol::mls::{SUITE_CHACHA, SUITE_POST_QUANTUM};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

#[tokio::test(flavor = "multi_thread")]
async fn a_group_goes_on_in_another_suite_with_everybody_in_it() {
    let organisation = Organisation::new(now());
    let (roos, iris) = (organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host));
    organisation.chooses(SUITE_CHACHA);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris], &[])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    let mut colleague = Robot::start(iris.identity(), relay.address());
    host.online().await;
    colleague.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let old = host.room(Kind::Peer, 2).await;
    assert!(!host.screen.rooms[&old].move_it, "it is in the suite that was chosen");
    let mut group = Vec::new();
    for name in ["Merel", "Linde", "Beuk"] {
        let mut person = Robot::person(organisation.root(), relay.address());
        let line = person.enters(name).await;
        host.sees("her line", |screen| {
            screen.rooms.get(&line)?.members.iter().find(|member| member.name == name).map(|_| ())
        })
        .await;
        host.act(Command::Admit { line, room: old.clone() });
        person.sees("the group", |screen| screen.rooms.get(&old).map(|_| ())).await;
        group.push(person);
    }
    for person in &mut group {
        person
            .sees("all five", |screen| {
                screen.rooms.get(&old).filter(|room| room.members.len() == 5 && room.caught_up).map(|_| ())
            })
            .await;
    }
    group[0].says(&old, "Dit is nog in de oude ruimte").await;
    // What was ruled there holds where it goes on.
    let beuk = |screen: &lotgenoot_tests::robot::Screen, room: &RoomId| {
        let mut members = screen.rooms.get(room)?.members.iter();
        members.find(|member| member.name == "Beuk").map(|member| member.id.clone())
    };
    let member = host.sees("Beuk", |screen| beuk(screen, &old)).await;
    host.act(Command::Rule { room: old.clone(), measure: Measure::Hold { member } });
    host.sees("that she is held", |screen| (screen.rooms[&old].floor.held.len() == 1).then_some(())).await;

    // The organisation goes over to the better suite; whoever is inside stays where she is until the host moves.
    organisation.chooses(SUITE_POST_QUANTUM);
    relay.restart_with(&organisation.roster_file(&[&roos, &iris], &[])).await;
    host.sees("a reason to move", |screen| screen.rooms.get(&old).filter(|room| room.move_it).map(|_| ()))
        .await;
    host.act(Command::Move { room: old.clone() });
    let new = |screen: &lotgenoot_tests::robot::Screen| -> Option<RoomId> {
        let mut rooms = screen.rooms.values().filter(|room| room.kind == Kind::Peer && room.room != old);
        rooms.find(|room| room.members.len() == 5 && room.caught_up).map(|room| room.room.clone())
    };
    let room = host.sees("the new room with everybody", new).await;
    assert!(!host.screen.rooms[&room].move_it, "it is in the suite that is chosen now");
    let member = host
        .sees("that she is held here", |screen| {
            let member = beuk(screen, &room)?;
            (screen.rooms[&room].floor.held == [member.clone()]).then_some(member)
        })
        .await;
    host.act(Command::Rule { room: room.clone(), measure: Measure::Release { member } });
    for person in group.iter_mut().chain([&mut colleague]) {
        assert_eq!(person.sees("the new room with everybody", new).await, room);
        person.sees("the old room is gone", |screen| (!screen.rooms.contains_key(&old)).then_some(())).await;
        assert!(person.screen.notes.iter().any(|(at, note)| *at == room && *note == Note::Moved));
    }
    host.sees("the old room is gone", |screen| (!screen.rooms.contains_key(&old)).then_some(())).await;
    group[1].says(&room, "Hier gaan we verder").await;
    for other in [&mut host, &mut colleague] {
        let said = other.reads(&room, "Hier gaan we verder").await;
        assert_eq!(said.from.name, "Linde", "who she is came along");
    }
    let mut all = group.into_iter();
    let mut first = all.next().expect("three were let in");
    let said = first.reads(&room, "Hier gaan we verder").await;
    assert_eq!(said.from.name, "Linde");
}
