//! A workshop: hundreds come to it by themselves, and nobody is named.

use std::time::Instant;

use lotgenoot_client::messages::{Command, Failure, Kind, PlannedView};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

const GUESTS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_come_to_a_workshop_within_a_minute() {
    let organisation = Organisation::new(now());
    let sanne = organisation.certify("Sanne", Role::Presenter);
    let relay = TestRelay::start(&organisation.roster_file(&[&sanne], &[])).await;
    let mut presenter = Robot::start(sanne.identity(), relay.address());
    let session = planned(&organisation, &relay, &mut presenter).await;
    let mut early = Robot::person(organisation.root(), relay.address());
    early.online().await;
    early.act(Command::JoinStage { session: session.clone() });
    early
        .sees("that nobody leads it yet", |screen| screen.failures.contains(&Failure::NoStage).then_some(()))
        .await;
    presenter.act(Command::OpenStage { session: session.clone() });
    presenter.room(Kind::Stage, 1).await;
    early.sees("that it is open", |screen| screen.calendar.as_ref()?.first()?.open.then_some(())).await;

    let begun = Instant::now();
    let guests: Vec<Robot> =
        (0..GUESTS).map(|_| Robot::person(organisation.root(), relay.address())).collect();
    for guest in &guests {
        guest.act(Command::JoinStage { session: session.clone() });
    }
    let mut joined = Vec::new();
    for mut guest in guests {
        guest.patiently("the stage", on_stage).await;
        joined.push(guest);
    }
    let took = begun.elapsed();
    println!("{GUESTS} came in {took:?}");
    assert!(took.as_secs() < 60, "it took {took:?}");
    presenter
        .patiently("all of them", |screen| {
            screen.rooms.values().any(|room| room.members.len() == GUESTS + 1).then_some(())
        })
        .await;
}

// What the coordinator has planned for now.
async fn planned(organisation: &Organisation, relay: &TestRelay, presenter: &mut Robot) -> String {
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("an empty calendar", |screen| screen.calendar.clone()).await;
    office.act(Command::Plan {
        session: PlannedView {
            id: String::new(),
            begins_at: now().0,
            minutes: 60,
            theme: "Hoe herken je dwang?".to_owned(),
            hosts: vec!["Sanne".to_owned()],
            size: 15,
            language: "nl".to_owned(),
            by_invitation: false,
            workshop: true,
            open: false,
        },
    });
    presenter.sees("her workshop", |screen| Some(screen.calendar.as_ref()?.first()?.id.clone())).await
}

fn on_stage(screen: &Screen) -> Option<String> {
    let stage = screen.rooms.values().find(|room| room.kind == Kind::Stage && room.caught_up)?;
    Some(stage.room.clone())
}
