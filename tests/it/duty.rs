//! Duty as a coordinator plans it: it counts at once, outlives the relay, and colleagues take it over from each other.

use lotgenoot_client::messages::{
    CallState, Command, DutyFault, DutyLayerView, DutyPlanView, DutyServiceView, OnHolidays, TurnUnit, Wants,
    Wrong,
};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_plans_duty_and_it_counts_at_once_and_after_a_start_of_the_relay() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let esra = organisation.certify("Esra", Role::Professional);
    // By the roster file it is always Noor.
    let roster = organisation.roster_file(&[&noor, &esra], &[1]).replace(
        &format!(
            "[service.{SERVICE}]\nshift = [{{ who = \"Noor\", level = 1 }}, {{ who = \"Esra\", level = 1 }}]"
        ),
        &format!("[service.{SERVICE}]\nshift = [{{ who = \"Noor\", level = 1 }}]"),
    );
    let mut relay = TestRelay::start(&roster).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    let mut second = Robot::start(organisation.coordinator(1).identity(), relay.address());
    let mut desk = Robot::start(esra.identity(), relay.address());
    for robot in [&mut office, &mut second] {
        robot.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
        robot.act(Command::AskDuty);
        robot.sees("whom she can plan", |screen| (people(screen) == ["Esra", "Noor"]).then_some(())).await;
        assert!(planned(&robot.screen).is_none());
    }
    desk.online().await;

    // Esra alone from now on; a person's page says so as soon as it is stored.
    let plan = plan(vec![layer(&[&esra])]);
    office.act(Command::PutDuty { plan: Box::new(plan.clone()), confirmed: false });
    office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;
    office.sees("her plan", |screen| (planned(screen) == Some(&plan)).then_some(())).await;
    desk.act(Command::AskDuty);
    let own = desk.sees("her own duty", |screen| screen.duty.as_ref()?.own.first().cloned()).await;
    assert_eq!(own.service, SERVICE);
    assert!(desk.screen.duty.iter().all(|duty| duty.coverage.is_empty() && duty.people.is_empty()));
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("that somebody is on duty", |screen| screen.services.first().cloned()).await;
    person.raises(SERVICE, "hij staat voor de deur");
    desk.call("the call", |call| matches!(call.state, CallState::WantsYou { what: Wants::Call, .. })).await;

    // The other coordinator has made hers of nothing, and is told; of a service without anybody she is asked again.
    second.act(Command::PutDuty { plan: Box::new(plan.clone()), confirmed: true });
    second.sees("that it is the same", |screen| (screen.duty_kept == 1).then_some(())).await;
    let older = DutyPlanView { zone: "UTC".to_owned(), ..plan.clone() };
    second.act(Command::PutDuty { plan: Box::new(older), confirmed: true });
    second.sees("that it was changed", |screen| refused(screen, DutyFault::Changed)).await;
    let mut empty = DutyPlanView { number: 2, ..plan.clone() };
    empty.services[0].layers.clear();
    second.act(Command::PutDuty { plan: Box::new(empty.clone()), confirmed: false });
    second
        .sees("that nobody would be there", |screen| {
            let (service, layer, fault) = screen.duty_refused.last()?;
            (service == SERVICE
                && layer.is_none()
                && matches!(fault, DutyFault::Hole(from, until) if from < until))
            .then_some(())
        })
        .await;
    let mut unknown = DutyPlanView { number: 2, ..plan.clone() };
    unknown.services[0].layers[0].who = vec!["ab".repeat(32)];
    second.act(Command::PutDuty { plan: Box::new(unknown), confirmed: true });
    second
        .sees("that she is nobody's", |screen| {
            (screen.duty_refused.last()? == &(SERVICE.to_owned(), Some(1), DutyFault::Nobody)).then_some(())
        })
        .await;

    relay.restart_with(&roster).await;
    let mut late = Robot::person(organisation.root(), relay.address());
    late.sees("that Esra is on duty", |screen| screen.services.first().cloned()).await;
    let mut third = Robot::start(organisation.coordinator(1).identity(), relay.address());
    third.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    third.act(Command::PutDuty { plan: Box::new(empty), confirmed: true });
    third.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;
    third
        .sees("the hole", |screen| {
            screen.duty.as_ref()?.coverage.iter().any(|it| it.wrong == Wrong::Hole).then_some(())
        })
        .await;
    late.sees("that nobody is on duty", |screen| screen.services.is_empty().then_some(())).await;

    // What she is not, nobody plans or is told.
    person.act(Command::PutDuty { plan: Box::new(plan), confirmed: true });
    person.sees("that it is not hers", |screen| refused(screen, DutyFault::Other)).await;
    person.act(Command::TakeDuty { service: SERVICE.to_owned() });
    person.sees("that duty is not hers", |screen| refused(screen, DutyFault::NotHers)).await;
    assert!(person.screen.duty.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_takes_duty_over_and_whoever_had_it_and_the_coordinators_read_that() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let esra = organisation.certify("Esra", Role::Professional);
    let mut relay = TestRelay::start(&organisation.roster_file(&[&noor, &esra], &[1, 2])).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    let mut first = Robot::start(noor.identity(), relay.address());
    let mut next = Robot::start(esra.identity(), relay.address());
    for robot in [&mut office, &mut first, &mut next] {
        robot.online().await;
    }
    next.act(Command::TakeDuty { service: SERVICE.to_owned() });
    next.sees("that there is no plan", |screen| refused(screen, DutyFault::NoPlan)).await;
    office.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    office.act(Command::PutDuty { plan: Box::new(plan(vec![layer(&[&noor])])), confirmed: false });
    office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;

    next.act(Command::TakeDuty { service: SERVICE.to_owned() });
    next.sees("that it is hers", |screen| (screen.duty_kept == 1).then_some(())).await;
    next.sees("her own duty", |screen| screen.duty.as_ref()?.own.first().cloned()).await;
    let taken = (Some("Esra".to_owned()), SERVICE.to_owned());
    for robot in [&mut office, &mut first] {
        robot.sees("who has it now", |screen| screen.duty_taken.contains(&taken).then_some(())).await;
    }
    relay.restart().await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("that somebody is on duty", |screen| screen.services.first().cloned()).await;
    person.raises(SERVICE, "ik wil praten");
    next.call("the call", |call| matches!(call.state, CallState::WantsYou { .. })).await;
    assert!(first.screen.calls.is_empty(), "she is not on duty any more");
    assert!(next.screen.duty_taken.is_empty(), "she knows");
}

#[tokio::test(flavor = "multi_thread")]
async fn her_calendar_finds_her_duty_under_an_address_that_nobody_guesses() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Role::Professional);
    let roster = organisation.roster_file(&[&noor], &[1]);
    let mut relay = TestRelay::start(&roster).await;
    let mut desk = Robot::start(noor.identity(), relay.address());
    desk.online().await;
    desk.act(Command::AskDuty);
    let path = desk.sees("where it is", |screen| screen.duty.as_ref()?.calendar.clone()).await;
    let get = async |path: &str| {
        let answer = reqwest::get(format!("http://{}{path}", relay.address())).await.unwrap();
        let store = answer.headers().get("cache-control").cloned();
        (answer.status().as_u16(), store, answer.text().await.unwrap())
    };
    let (status, store, text) = get(&path).await;
    assert_eq!((status, store.unwrap()), (200, "no-store".parse().unwrap()));
    let says = |what: &str| text.lines().any(|line| line == what);
    assert!(says("METHOD:PUBLISH") && says(&format!("SUMMARY:Piketdienst {SERVICE}")), "{text}");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "by the roster file she is always on duty");
    let (last, other) = (path.replace(".ics", ""), if path.contains('0') { '1' } else { '0' });
    let guessed = format!("/duty/{}.ics", last[6..].chars().map(|_| other).collect::<String>());
    assert_eq!(get(&guessed).await.0, 404);
    assert_eq!(get(&path.to_uppercase()).await.0, 404);
    let mut person = Robot::person(organisation.root(), relay.address());
    person.online().await;
    // The address stays; and is worth nothing once she does not work here any more.
    organisation.revoke(&noor);
    relay.restart_with(&organisation.roster_file(&[&noor], &[1])).await;
    let answer = reqwest::get(format!("http://{}{path}", relay.address())).await.unwrap();
    assert_eq!(answer.status().as_u16(), 404);
}

pub(crate) fn plan(layers: Vec<DutyLayerView>) -> DutyPlanView {
    let service = DutyServiceView { name: SERVICE.to_owned(), min_staff: 1, layers, ..Default::default() };
    let zone = "Europe/Amsterdam".to_owned();
    DutyPlanView { number: 1, zone, holidays: Vec::new(), services: vec![service] }
}

pub(crate) fn layer(who: &[&Staff]) -> DutyLayerView {
    let hex = |staff: &&Staff| {
        let account = staff.secret.account_key().verifying_key().to_bytes();
        account.iter().map(|byte| format!("{byte:02x}")).collect()
    };
    DutyLayerView {
        level: 1,
        who: who.iter().map(hex).collect(),
        anchor: "2026-01-05T08:00".to_owned(),
        turn: 1,
        unit: TurnUnit::Weeks,
        windows: Vec::new(),
        holidays: OnHolidays::Same,
    }
}

fn planned(screen: &Screen) -> Option<&DutyPlanView> {
    screen.duty.as_ref()?.plan.as_ref()
}

fn people(screen: &Screen) -> Vec<&str> {
    screen.duty.iter().flat_map(|duty| &duty.people).map(|person| person.alias.as_str()).collect()
}

fn refused(screen: &Screen, fault: DutyFault) -> Option<()> {
    screen.duty_refused.iter().any(|(.., known)| *known == fault).then_some(())
}
