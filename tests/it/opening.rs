//! A session opens with two hosts and a professional who can be reached, or with less if a host says so.

use lotgenoot_client::messages::{Command, Delivery, Failure, Kind, Measure, SessionView};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

#[tokio::test(flavor = "multi_thread")]
async fn a_host_alone_opens_only_if_she_says_so_and_everybody_can_see_what_is_missing() {
    let organisation = Organisation::new(now());
    let (roos, iris) = (organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host));
    let noor = organisation.certify("Noor", Role::Professional);
    let relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris, &noor], &[1])).await;
    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: false });
    let group = host.room(Kind::Peer, 1).await;
    // Persons may come in while the hosts gather; they wait, and nothing they type is lost.
    let mut person = Robot::person(organisation.root(), relay.address());
    let line = person.enters("Merel").await;
    let offered = |screen: &Screen| {
        screen.rooms.get(&line)?.members.iter().any(|member| member.name == "Merel").then_some(())
    };
    host.sees("her line", offered).await;
    host.act(Command::Admit { line, room: group.clone() });
    person.sees("that it is not open", |screen| is(screen, &group, SessionView::Waiting)).await;
    person.act(Command::Say { room: group.clone(), text: "Ben ik op tijd?".to_owned() });
    let message = person
        .sees("that it was not sent", |screen| {
            let said = screen.find(&group, "Ben ik op tijd?")?;
            (said.state == Delivery::NotSent).then(|| said.id.clone())
        })
        .await;

    let open = |alone, unstaffed| Command::Rule {
        room: group.clone(),
        measure: Measure::Open { alone, unstaffed, session: None },
    };
    for choice in [open(false, false), open(true, false), open(false, true)] {
        host.screen.failures.clear();
        host.act(choice);
        host.sees("what is missing", |screen| screen.failures.contains(&Failure::NotAttended).then_some(()))
            .await;
        assert_eq!(host.screen.rooms[&group].floor.session, SessionView::Waiting);
    }
    let mut colleague = Robot::start(iris.identity(), relay.address());
    colleague.sees("the room", |screen| is(screen, &group, SessionView::Waiting)).await;
    host.act(open(false, true));
    person.sees("that it is open", |screen| is(screen, &group, SessionView::Open)).await;
    person.act(Command::Retry { message });
    colleague.reads(&group, "Ben ik op tijd?").await;
    for robot in [&mut host, &mut colleague, &mut person] {
        robot
            .sees("that nobody is on duty", |screen| screen.rooms[&group].floor.unstaffed.then_some(()))
            .await;
    }

    // With everybody there nothing need be chosen, and nothing is said.
    let _noor = Robot::start(noor.identity(), relay.address());
    host.sees("a professional", |screen| (!screen.services.is_empty()).then_some(())).await;
    host.act(Command::OpenPeerRoom { at_once: false });
    let second = host
        .sees("a second room with both", |screen| {
            let rooms = screen.rooms.values();
            let mut peers = rooms.filter(|room| room.kind == Kind::Peer && room.room != group);
            peers.find(|room| room.members.len() == 2).map(|room| room.room.clone())
        })
        .await;
    colleague.sees("it too", |screen| is(screen, &second, SessionView::Waiting)).await;
    let measure = Measure::Open { alone: false, unstaffed: false, session: None };
    host.act(Command::Rule { room: second.clone(), measure });
    colleague.sees("that it is open", |screen| is(screen, &second, SessionView::Open)).await;
    assert!(!colleague.screen.rooms[&second].floor.unstaffed);
}

fn is(screen: &Screen, group: &str, session: SessionView) -> Option<()> {
    (screen.rooms.get(group)?.floor.session == session).then_some(())
}
