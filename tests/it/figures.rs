//! How help calls go is counted where they are stored, and told to coordinators without what few calls share.

use lotgenoot_client::messages::{CallState, Command, Kind};
use lotgenoot_protocol::limits::COUNTED_MIN;
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_quarter_and_few_of_a_kind_are_not_told() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let coordinator = organisation.coordinator(1);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&noor], &[])).await;
    let mut professional = Robot::start(noor.identity(), relay.address());
    let open = |screen: &Screen| screen.services.contains(&SERVICE.to_owned()).then_some(());
    professional.sees("open", open).await;
    for number in 0..=COUNTED_MIN {
        let mut person = Robot::person(organisation.root(), relay.address());
        person.sees("somebody is on duty", open).await;
        person.raises(SERVICE, "Is daar iemand?");
        let wants = |screen: &Screen| {
            let mut calls = screen.calls.values();
            calls
                .find(|call| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. }))
                .map(|call| call.call.clone())
        };
        let call = professional.sees("a call", wants).await;
        professional.act(Command::Acknowledge { call: call.clone() });
        person.call("taken", |call| matches!(call.state, CallState::Taken(_))).await;
        // All but the last are written to and closed.
        if number < COUNTED_MIN {
            let room = person.room(Kind::Help, 2).await;
            professional.says(&room, "Ik ben er.").await;
            person.call("active", |call| matches!(call.state, CallState::Active(_))).await;
            person.act(Command::CloseCall { call: call.clone() });
            person.call("closed", |call| call.state == CallState::Closed).await;
            professional
                .call("closed there too", |it| it.call == call && it.state == CallState::Closed)
                .await;
        }
    }
    relay.restart().await;
    let mut office = Robot::start(coordinator.identity(), relay.address());
    let quarter = office.sees("the figures", |screen| screen.quarters.first().cloned()).await;
    assert_eq!(office.look().quarters.len(), 1);
    assert_eq!((quarter.service.as_str(), quarter.raised), (SERVICE, Some(COUNTED_MIN + 1)));
    assert_eq!((quarter.unstaffed, quarter.lead_lost), (Some(0), Some(0)));
    assert_eq!(quarter.hops, [Some(COUNTED_MIN), Some(0), Some(0), Some(0)]);
    let told: u64 = quarter.taken.iter().filter_map(|(_, count)| *count).sum();
    let left_out = quarter.taken.iter().filter(|(_, count)| count.is_none()).count();
    assert!(
        told == COUNTED_MIN + 1 || left_out > 1,
        "a lone group of few follows from the whole: {:?}",
        quarter.taken
    );
}
