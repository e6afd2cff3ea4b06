//! Somebody sets the clock of the machine while a call waits: pages go on, nothing lapses.

use lotgenoot_client::messages::{CallState, CallView, Command, Kind, Wants};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::relay::config;
use lotgenoot_tests::robot::{Robot, Screen};

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_or_a_year_ahead_stops_no_page_and_ends_no_call() {
    let organisation = Organisation::new(now());
    let [noor, karim] = ["Noor", "Karim"].map(|alias| organisation.certify(alias, Role::Professional));
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &organisation.roster_file(&[&noor, &karim], &[1, 2]));
    let [ahead, set] = ["ahead", "set"].map(|name| folder.path().join(name));
    let mut command = RelayProcess::command(&relay_binary(), &config.data, &config.roster, &config.client, 0);
    // The one moves the story on; the other is what somebody does to the machine.
    command.env("LOTGENOOT_CLOCK_AHEAD", &ahead).env("LOTGENOOT_WALL_SET", &set);
    let relay = RelayProcess::run(&mut command).await;

    let mut first = Robot::start(noor.identity(), relay.address());
    let mut second = Robot::start(karim.identity(), relay.address());
    first.online().await;
    second.online().await;
    let mut person = Robot::person(organisation.root(), relay.address());
    let open = |screen: &Screen| screen.services.contains(&SERVICE.to_owned()).then_some(());
    person.sees("somebody is on duty", open).await;
    person.raises(SERVICE, "Is daar iemand?");
    let wants =
        |call: &CallView| call.state == CallState::WantsYou { key_on_its_way: false, what: Wants::Call };
    first.call("the call", wants).await;

    std::fs::write(&set, (-5 * HOUR_MS).to_string()).unwrap();
    std::fs::write(&ahead, "61000").unwrap();
    second.call("the call, a minute later, by a clock five hours back", wants).await;

    std::fs::write(&set, (400 * 24 * HOUR_MS).to_string()).unwrap();
    std::fs::write(&ahead, "185000").unwrap();
    person.call("that nobody has answered", |call| call.state == CallState::StillWaiting).await;
    // By a clock of next year her certificate would have ended, and the call would rest.
    let call = second.call("still the call", wants).await.call;
    second.act(Command::Acknowledge { call });
    let room = second.room(Kind::Help, 2).await;
    second.says(&room, "Ik ben er. Vertel.").await;
    person.call("Karim", |call| matches!(call.state, CallState::Active(_))).await;
}
