//! Whom she has chosen is called first when she calls again, also when she comes back with nothing but her secret.

use std::net::SocketAddr;
use std::time::Duration;

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, CallView, Command, Consent, ContactPlace, Intake, Kind, Wants};
use lotgenoot_protocol::frame::{Answer, AskDuty, Request};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::line::Line;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn her_contact_person_is_called_first_also_after_a_return_and_the_deputy_when_she_is_away() {
    let mut house = House::open().await;
    let secret: [u8; 32] = rand::random();
    let (root, address) = (house.organisation.root(), house.relay.address());
    let person = || Robot::start(Identity::person(root, secret), address);
    let (mut noor, mut sara, mut karim) =
        (house.comes(&house.staff[0]), house.comes(&house.staff[1]), house.comes(&house.staff[2]));
    all_can_be_called(address, 3).await;

    let mut her = person();
    let call = raises(&mut her, "Ik wil praten").await;
    let ringing = noor.call("a call that rings", rings).await;
    noor.act(Command::Acknowledge { call: ringing.call });
    let room = noor.room(Kind::Help, 4).await;
    noor.says(&room, "Ik ben Noor.").await;
    her.call("active", |call| matches!(call.state, CallState::Active(_))).await;
    for (alias, place) in [("Sara", ContactPlace::Person), ("Karim", ContactPlace::Deputy)] {
        let members = &her.screen.rooms[&room].members;
        let member =
            members.iter().find(|member| member.name == alias).expect("she is in the room").id.clone();
        her.act(Command::ChooseContact { room: room.clone(), member, place });
    }
    let chosen = |screen: &Screen| {
        let names =
            (screen.contacts.person.as_ref()?.name.clone(), screen.contacts.deputy.as_ref()?.name.clone());
        (names == ("Sara".to_owned(), "Karim".to_owned())).then_some(())
    };
    her.sees("both", chosen).await;
    her.act(Command::CloseCall { call });
    her.call("closed", |call| call.state == CallState::Closed).await;
    her.sees("the way back", |screen| screen.tab.clone()).await;
    drop(her);

    // On another device, with what her phrase leads to.
    let mut back = person();
    back.sees("both, as she chose", chosen).await;
    let second = raises(&mut back, "Kan ik Sara spreken?").await;
    sara.call("that she is called", |call| call.call == second && rings(call)).await;
    sara.act(Command::Acknowledge { call: second.clone() });
    back.call("that Sara has it", |call| taken_by(call, "Sara")).await;
    for other in [&mut noor, &mut karim] {
        // What the relay told her before is there once it has answered her.
        other.act(Command::AskDuty);
        other.sees("an answer", |screen| screen.duty.as_ref().map(drop)).await;
        let heard = other.look().calls.get(&second).map(|call| call.state.clone());
        assert!(
            heard.is_none_or(|state| !matches!(state, CallState::WantsYou { .. })),
            "only Sara was called"
        );
    }
    back.act(Command::CloseCall { call: second });
    let all_closed =
        |screen: &Screen| screen.calls.values().all(|call| call.state == CallState::Closed).then_some(());
    back.sees("that it is closed", all_closed).await;
    drop(sara);
    let on_duty = [&house.staff[0], &house.staff[2]];
    house.relay.restart_with(&house.organisation.roster_file(&on_duty, &[])).await;
    for robot in [&mut noor, &mut karim] {
        robot.online().await;
    }
    let third = raises(&mut back, "Dan Karim").await;
    karim.call("that he is called", |call| call.call == third && rings(call)).await;
    karim.act(Command::Acknowledge { call: third.clone() });
    back.call("that Karim has it", |call| taken_by(call, "Karim")).await;
    noor.act(Command::AskDuty);
    noor.online().await;
    assert!(noor.look().calls.get(&third).is_none_or(|call| !rings(call)), "she was not called");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_she_takes_back_is_gone_from_her_helpers_card_and_who_comes_later_reads_the_newest() {
    let house = House::open().await;
    let mut noor = house.comes(&house.staff[0]);
    noor.sees("her desk", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
    let mut her = Robot::person(house.organisation.root(), house.relay.address());
    let call = raises(&mut her, "Ik woon in de Vlinderstraat").await;
    noor.call("a call that rings", rings).await;
    noor.act(Command::Acknowledge { call: call.clone() });
    let room = noor.room(Kind::Help, 2).await;
    noor.says(&room, "Ik ben Noor.").await;
    her.call("active", |call| matches!(call.state, CallState::Active(_))).await;
    let told = |call: &CallView| call.intake.as_ref().map(|it| it.wants.clone()).unwrap_or_default();
    assert_eq!(
        told(&noor.call("her card", |call| call.intake.is_some()).await),
        "Ik woon in de Vlinderstraat"
    );

    let intake = Intake { nickname: "Iris".to_owned(), consents: vec![Consent::Talk], ..Intake::default() };
    her.act(Command::ChangeIntake { call: call.clone(), intake: Box::new(intake) });
    noor.call("a card without it", |it| it.call == call && told(it).is_empty()).await;
    let mut sara = house.comes(&house.staff[1]);
    noor.act(Command::AskColleague { call: call.clone(), takes_over: false, service: SERVICE.to_owned() });
    sara.call("that she is asked", |call| call.state == wants(Wants::Assist)).await;
    sara.act(Command::Acknowledge { call: call.clone() });
    let card = sara.call("her card", |it| it.call == call && it.intake.is_some()).await;
    assert_eq!((told(&card).as_str(), card.intake.map(|it| it.edition)), ("", Some(1)));
}

fn wants(what: Wants) -> CallState {
    CallState::WantsYou { key_on_its_way: false, what }
}

fn rings(call: &CallView) -> bool {
    call.state == wants(Wants::Call)
}

fn taken_by(call: &CallView, alias: &str) -> bool {
    matches!(&call.state, CallState::Taken(by) if by.name == alias)
}

// Each has published her KeyPackages before she can be called: without, she would not be in the room.
async fn all_can_be_called(relay: SocketAddr, many: usize) {
    let mut line = Line::signed_in(relay).await.expect("anybody may ask");
    let ask = || Request::AskDuty(AskDuty { service: SERVICE.to_owned() });
    let all = async {
        loop {
            if let Ok(Answer::Duty(duty)) = line.ask(ask()).await
                && duty.people.iter().filter(|it| it.reachable).count() == many
            {
                return;
            }
        }
    };
    timeout(PATIENCE, all).await.expect("all desks open");
}

// The call that is new.
async fn raises(her: &mut Robot, what: &str) -> String {
    her.sees("somebody is on duty", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
        .await;
    let before: Vec<String> = her.screen.calls.keys().cloned().collect();
    her.raises(SERVICE, what);
    her.call("it is stored", |call| !before.contains(&call.call) && call.state == CallState::Stored)
        .await
        .call
}

struct House {
    organisation: Organisation,
    relay: TestRelay,
    staff: [Staff; 3],
}

impl House {
    async fn open() -> Self {
        let organisation = Organisation::new(now());
        let staff =
            ["Noor", "Sara", "Karim"].map(|alias| organisation.certify(alias, Certified::Professional));
        let roster = organisation.roster_file(&[&staff[0], &staff[1], &staff[2]], &[]);
        let relay = TestRelay::start(&roster).await;
        Self { organisation, relay, staff }
    }

    fn comes(&self, who: &Staff) -> Robot {
        Robot::start(who.identity(), self.relay.address())
    }
}
