//! What is planned: signed by a coordinator, read by everybody, and open while hosts have opened it.

use lotgenoot_client::messages::{Command, Failure, Kind, Measure, PlannedView};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

const HOUR_MS: u64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_plans_and_everybody_reads_it_also_after_a_start_of_the_relay() {
    let organisation = Organisation::new(now());
    let roos = organisation.certify("Roos", Role::Host);
    let roster = organisation.roster_file(&[&roos], &[]);
    let mut relay = TestRelay::start(&roster).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("that nothing is planned", |screen| screen.calendar.clone().filter(Vec::is_empty)).await;
    office.sees("that nothing is planned", |screen| screen.calendar.clone().filter(Vec::is_empty)).await;

    // Two at once, the later one first: shown in the order in which they begin.
    let begins_at = now().plus_ms(HOUR_MS).0;
    for (theme, begins_at) in [("Slapen", begins_at + 24 * HOUR_MS), ("Samen staan we sterker", begins_at)] {
        office.act(Command::Plan { session: session(theme, begins_at) });
    }
    let themes = |screen: &Screen| -> Vec<String> {
        screen.calendar.iter().flatten().map(|session| session.theme.clone()).collect()
    };
    let both = |screen: &Screen| (themes(screen) == ["Samen staan we sterker", "Slapen"]).then_some(());
    person.sees("both", both).await;
    assert!(person.screen.calendar.iter().flatten().all(|session| !session.open));

    relay.restart_with(&roster).await;
    let mut late = Robot::person(organisation.root(), relay.address());
    late.sees("both", both).await;
    // Changed and taken out: by its id.
    let known = late.screen.calendar.clone().unwrap();
    office.sees("both", both).await;
    office
        .act(Command::Plan { session: PlannedView { theme: "Beter slapen".to_owned(), ..known[1].clone() } });
    office.act(Command::Unplan { session: known[0].id.clone() });
    late.sees("one", |screen| (themes(screen) == ["Beter slapen"]).then_some(())).await;

    // What cannot be, is not planned, and she hears so.
    office.act(Command::Plan { session: PlannedView { hosts: Vec::new(), ..session("Stil", begins_at) } });
    office.sees("that it cannot be", |screen| screen.failures.contains(&Failure::Plan).then_some(())).await;
    person.act(Command::Plan { session: session("Van mij", begins_at) });
    person
        .sees("that it is not hers", |screen| screen.failures.contains(&Failure::Office).then_some(()))
        .await;
    assert_eq!(themes(&late.screen), ["Beter slapen"]);
}

/// How often somebody leads is counted by the week: so long what has ended is known, and no longer.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_this_week_is_still_known_when_more_is_planned() {
    let organisation = Organisation::new(now());
    let relay = TestRelay::start(&organisation.roster_file(&[], &[])).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("an empty calendar", |screen| screen.calendar.clone()).await;
    let begins = now().0;
    for (theme, begins_at) in [
        ("Vorige maand", begins - 30 * 24 * HOUR_MS),
        ("Maandag", begins - 3 * 24 * HOUR_MS),
        ("Morgen", begins + 24 * HOUR_MS),
    ] {
        office.act(Command::Plan { session: session(theme, begins_at) });
    }
    let mut late = Robot::person(organisation.root(), relay.address());
    late.sees("what is and what was this week", |screen| {
        let themes: Vec<_> = screen.calendar.iter().flatten().map(|it| it.theme.as_str()).collect();
        (themes == ["Maandag", "Morgen"]).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_of_the_calendar_is_open_while_its_room_is() {
    let organisation = Organisation::new(now());
    let roos = organisation.certify("Roos", Role::Host);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&roos], &[])).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("an empty calendar", |screen| screen.calendar.clone()).await;
    office.act(Command::Plan { session: session("Samen staan we sterker", now().0) });
    let mut host = Robot::start(roos.identity(), relay.address());
    let planned = host.sees("her session", |screen| screen.calendar.as_ref()?.first().cloned()).await;
    host.act(Command::OpenPeerRoom { at_once: false });
    let room = host.room(Kind::Peer, 1).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("that it is planned", |screen| open(screen, false)).await;
    let session = Some(planned.id.clone());
    for measure in
        [Measure::Open { alone: true, unstaffed: true, session }, Measure::Until { at: planned.ends_at() }]
    {
        host.act(Command::Rule { room: room.clone(), measure });
    }
    person.sees("that it is open", |screen| open(screen, true)).await;
    host.sees("its end", |screen| {
        (screen.rooms[&room].floor.ends_at == Some(planned.ends_at())).then_some(())
    })
    .await;
    // The room wakes with its host, and the session is open again.
    relay.restart().await;
    let mut late = Robot::person(organisation.root(), relay.address());
    late.sees("that it is open", |screen| open(screen, true)).await;
    host.act(Command::Rule { room, measure: Measure::End });
    for robot in [&mut person, &mut late] {
        robot.sees("that it is over", |screen| open(screen, false)).await;
    }
}

fn session(theme: &str, begins_at: u64) -> PlannedView {
    PlannedView {
        id: String::new(),
        begins_at,
        minutes: 90,
        theme: theme.to_owned(),
        hosts: vec!["Roos".to_owned()],
        size: 10,
        language: "nl".to_owned(),
        by_invitation: false,
        open: false,
        workshop: false,
    }
}

fn open(screen: &Screen, open: bool) -> Option<()> {
    (screen.calendar.as_ref()?.first()?.open == open).then_some(())
}
