//! Waiting in a line: who waits before her, and that her place is kept while she is away.

use lotgenoot_client::messages::{Command, Kind, Measure, PlaceView};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

use crate::evening::Evening;

/// By whoever of the hosts is first in her line, and again when it changes.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_reads_how_many_wait_before_her() {
    let organisation = Organisation::new(now());
    let staff = [organisation.certify("Roos", Role::Host), organisation.certify("Iris", Role::Host)];
    let relay = TestRelay::start(&organisation.roster_file(&[&staff[0], &staff[1]], &[])).await;
    let mut hosts = staff.each_ref().map(|staff| Robot::start(staff.identity(), relay.address()));
    for host in &mut hosts {
        host.online().await;
    }
    let [host, _colleague] = &mut hosts;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 2).await;
    host.act(Command::Rule { room: group.clone(), measure: Measure::Slow { seconds: 0 } });
    let mut waiting = Vec::new();
    for (nickname, before) in [("Merel", 0), ("Egel", 1), ("Wilg", 1), ("Varen", 3)] {
        let mut person = Robot::person(organisation.root(), relay.address());
        let line = person.enters(nickname).await;
        person.sees(&format!("{before} before {nickname}"), is_told(&line, before)).await;
        waiting.push((person, line));
    }
    for (at, before) in [(1, 0), (2, 1), (3, 1)] {
        if at == 1 {
            let line = waiting[0].1.clone();
            host.act(Command::Admit { line, room: group.clone() });
        }
        let (person, line) = &mut waiting[at];
        let line = line.clone();
        person.sees("that somebody was let in", is_told(&line, before)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_away_is_said_to_be_so_and_comes_back_to_her_place() {
    let mut evening = Evening::begin(0).await;
    let Evening { host, relay, organisation, .. } = &mut evening;
    let secret = rand::random();
    let identity = || lotgenoot_client::Identity::person(organisation.root(), secret);
    let mut person = Robot::start(identity(), relay.address());
    let line = person.enters("Egel").await;
    person.says(&line, "Mag ik meedoen?").await;
    host.reads(&line, "Mag ik meedoen?").await;
    let place = |wanted: fn(&PlaceView) -> bool| {
        let line = line.clone();
        move |screen: &Screen| screen.rooms.get(&line).filter(|room| wanted(&room.place)).map(|_| ())
    };
    host.sees("that she is there", place(|place| *place == PlaceView::Here)).await;
    // Until her vault has it all.
    person.sees("the way back", |screen| screen.tab.clone()).await;
    drop(person);
    let gone = now();
    host.patiently("that she is away", place(|place| matches!(place, PlaceView::Away { .. }))).await;
    assert!(now().ms_since(gone) < 60_000);
    let mut person = Robot::start(identity(), relay.address());
    person.sees("her line", |screen| screen.rooms.get(&line).map(|_| ())).await;
    host.sees("that she is back", place(|place| *place == PlaceView::Here)).await;
}

fn is_told(line: &str, before: u8) -> impl FnMut(&Screen) -> Option<()> {
    move |screen| (screen.rooms.get(line)?.before == Some(before)).then_some(())
}
