//! A day after a session is over nothing of it is left at the relay, and whoever comes back is told so.

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_client::messages::{Command, Gone, Kind, Measure, SessionView};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{RoomId, Seq};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::database;
use lotgenoot_tests::robot::{Robot, Screen};

const HOUR_MS: u64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_day_after_its_end_a_group_is_gone_from_the_relay_and_her_line_is_not() {
    let organisation = Organisation::new(now());
    let roos = organisation.certify("Roos", Role::Host);
    let folder = tempfile::tempdir().unwrap();
    let [roster, data, client, clock] =
        ["roster.toml", "data", "client", "clock"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&roos], &[])).unwrap();
    std::fs::create_dir(&client).unwrap();
    std::fs::write(client.join("index.html"), "<!doctype html><title>Agenda</title>").unwrap();
    let start = |port: u16| {
        let mut command = RelayProcess::command(&relay_binary(), &data, &roster, &client, port);
        command.env("LOTGENOOT_CLOCK_AHEAD", &clock);
        command
    };
    let mut relay = RelayProcess::run(&mut start(0)).await;
    let port = relay.address().port();

    let mut host = Robot::start(roos.identity(), relay.address());
    host.online().await;
    host.act(Command::OpenPeerRoom { at_once: true });
    let group = host.room(Kind::Peer, 1).await;
    let ends = |screen: &Screen| screen.rooms[&group].floor.ends_at;
    host.sees("that it has an end, although nobody has planned one", ends).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    let line = person.enters("Merel").await;
    person.says(&line, "Mag ik meedoen?").await;
    host.reads(&line, "Mag ik meedoen?").await;
    host.act(Command::Admit { line: line.clone(), room: group.clone() });
    person.room(Kind::Peer, 2).await;
    person.says(&group, "Dit blijft onder ons").await;
    host.reads(&group, "Dit blijft onder ons").await;
    host.act(Command::Rule { room: group.clone(), measure: Measure::End });
    let over = |screen: &Screen| {
        matches!(screen.rooms.get(&group)?.floor.session, SessionView::Closed { .. }).then_some(())
    };
    person.sees("that it is over", over).await;

    for (hours, kept) in [(20, true), (25, false)] {
        relay.kill().await;
        std::fs::write(&clock, (hours * HOUR_MS).to_string()).unwrap();
        relay = RelayProcess::run(&mut start(port)).await;
        let gone = |screen: &Screen| screen.gone.contains(&(group.clone(), Gone::Over)).then_some(());
        if kept {
            person.says(&line, "Ben je er nog?").await;
            host.reads(&line, "Ben je er nog?").await;
            assert!(gone(person.look()).is_none() && person.look().rooms.contains_key(&group));
        } else {
            person.sees("that it is not kept any more", gone).await;
            host.sees("the same", gone).await;
            person.says(&line, "Tot volgende week").await;
            host.reads(&line, "Tot volgende week").await;
        }
    }
    relay.kill().await;
    let ledger = RedbLedger::open(&database(folder.path())).unwrap();
    let [group, line] = [&group, &line].map(|room| id(room));
    assert!(ledger.is_over(&group).unwrap() && ledger.room(&group).unwrap().is_none());
    assert!(ledger.entries(&group, Seq(0), usize::MAX).unwrap().is_empty());
    assert!(ledger.room(&line).unwrap().is_some());
}

fn id(hex: &str) -> RoomId {
    let byte = |at: usize| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap();
    RoomId(std::array::from_fn(byte))
}
