//! What several stories begin with.

use lotgenoot_client::messages::{Command, Kind, Measure};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

/// Two hosts, and a person in their group.
pub(crate) struct Evening {
    pub(crate) organisation: Organisation,
    pub(crate) staff: [Staff; 2],
    pub(crate) relay: TestRelay,
    pub(crate) host: Robot,
    pub(crate) colleague: Robot,
    pub(crate) person: Robot,
    pub(crate) group: String,
    pub(crate) line: String,
}

impl Evening {
    /// So many of her first messages are held.
    pub(crate) async fn begin(newcomers: u8) -> Self {
        let organisation = Organisation::new(now());
        let staff = [organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host)];
        let relay = TestRelay::start(&organisation.roster_file(&[&staff[0], &staff[1]], &[])).await;
        let mut host = Robot::start(staff[0].identity(), relay.address());
        let mut colleague = Robot::start(staff[1].identity(), relay.address());
        host.online().await;
        colleague.online().await;
        host.act(Command::OpenPeerRoom { at_once: true });
        let group = host.room(Kind::Peer, 2).await;
        let measure = Measure::Newcomers { words: newcomers };
        host.act(Command::Rule { room: group.clone(), measure });
        let mut person = Robot::person(organisation.root(), relay.address());
        let line = person.enters("Merel").await;
        let offered = |screen: &Screen| {
            let room = screen.rooms.get(&line)?;
            let here = screen.rooms[&group].floor.newcomers == newcomers;
            (here && room.members.iter().any(|member| member.name == "Merel")).then_some(())
        };
        host.sees("her line", offered).await;
        host.act(Command::Admit { line: line.clone(), room: group.clone() });
        person
            .sees("the group", |screen| screen.rooms.get(&group).filter(|it| it.caught_up).map(|_| ()))
            .await;
        for robot in [&mut host, &mut colleague] {
            let named = |screen: &Screen| {
                let mut here = screen.rooms.get(&group)?.members.iter();
                here.any(|it| it.name == "Merel").then_some(())
            };
            robot.sees("her in the group", named).await;
        }
        Self { organisation, staff, relay, host, colleague, person, group, line }
    }
}
