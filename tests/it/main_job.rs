//! The main job: a line, a room, a help call, a professional.

use lotgenoot_client::messages::{CallState, CallView, Command, Gone, Kind, Role};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::Robot;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_let_in_and_everybody_reads_everybody() {
    let mut cast = Cast::new().await;
    let mut host = cast.host().await;
    let room = host.opens_a_room().await;
    let (mut first, first_room) = cast.admits(&mut host, &room, "Merel").await;
    let (mut second, second_room) = cast.admits(&mut host, &room, "Tulp").await;
    assert_eq!((&first_room, &second_room), (&room, &room));

    host.robot.says(&room, "Welkom allemaal").await;
    first.says(&room, "Fijn dat dit er is").await;
    second.says(&room, "Hallo").await;
    for robot in [&mut host.robot, &mut first, &mut second] {
        assert_eq!(robot.reads(&room, "Welkom allemaal").await.from.role, Role::Host);
        assert_eq!(robot.reads(&room, "Fijn dat dit er is").await.from.name, "Merel");
        assert_eq!(robot.reads(&room, "Hallo").await.from.role, Role::Person);
    }
    let codes = [&host.robot, &first, &second].map(|robot| robot.screen.rooms[&room].epoch_code.clone());
    assert_eq!(codes[0], codes[1]);
    assert_eq!(codes[1], codes[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_help_call_is_taken_answered_and_closed_by_the_person() {
    let mut cast = Cast::new().await;
    let mut professional = cast.professional().await;
    let mut person = cast.person();
    person
        .sees("somebody is on duty", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
        .await;
    person.raises(SERVICE, "Ik wil weten wat ik vannacht kan doen");
    person.call("stored", |call| matches!(call.state, CallState::Stored)).await;

    let ringing = professional
        .call("a call that rings", |call| {
            matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. })
        })
        .await;
    let read = professional.call("the intake", |call| call.intake.is_some()).await;
    assert_eq!(read.intake.unwrap().wants, "Ik wil weten wat ik vannacht kan doen");
    professional.act(Command::Acknowledge { call: ringing.call.clone() });
    let seen = person.call("taken", |call| matches!(call.state, CallState::Taken(_))).await;
    let CallState::Taken(lead) = seen.state else { unreachable!() };
    assert_eq!((lead.name.as_str(), lead.role), ("Noor", Role::Professional));

    let room = professional.room(Kind::Help, 2).await;
    professional.says(&room, "Ik ben Noor. Ik lees wat je schreef.").await;
    person.call("active", |call| matches!(call.state, CallState::Active(_))).await;
    person.reads(&room, "Ik ben Noor. Ik lees wat je schreef.").await;
    person.says(&room, "Dank je").await;
    professional.reads(&room, "Dank je").await;

    person.act(Command::CloseCall { call: ringing.call });
    person.call("closed", |call| matches!(call.state, CallState::Closed)).await;
    professional
        .call("closed for the professional too", |call| matches!(call.state, CallState::Closed))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_on_duty_she_is_told_at_once() {
    let cast = Cast::new().await;
    let mut person = cast.person();
    person.online().await;
    person.raises(SERVICE, "Is daar iemand?");
    person.call("unstaffed", |call| matches!(call.state, CallState::Unstaffed)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_such_service_a_call_is_answered_by_the_one_there_is() {
    let organisation = Organisation::new(now());
    let karim = organisation.certify_at("Karim", "arosa");
    let without = organisation.roster_file(&[&karim], &[]).replace("\n[service.wijkteam]\nshift = []\n", "");
    let relay = TestRelay::start(&without).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    // Nobody is there, and she can ask all the same.
    person.sees("what there is", |screen| (screen.all_services == ["arosa"]).then_some(())).await;
    person.raises("", "Is daar iemand?");
    person.call("unstaffed", |call| matches!(call.state, CallState::Unstaffed)).await;
    let mut karim = Robot::start(karim.identity(), relay.address());
    let call = karim.call("the intake", |call| call.intake.is_some()).await;
    karim.act(Command::Acknowledge { call: call.call });
    person.call("taken", |call| matches!(call.state, CallState::Taken(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_comes_on_duty_later_is_let_in_and_reads_the_intake() {
    let mut cast = Cast::new().await;
    let mut person = cast.person();
    person.online().await;
    person.raises(SERVICE, "Is daar iemand?");
    person.call("unstaffed", |call| matches!(call.state, CallState::Unstaffed)).await;
    let mut professional = cast.professional().await;
    let call = professional.call("the intake", |call| call.intake.is_some()).await;
    assert_eq!(call.intake.unwrap().wants, "Is daar iemand?");
    professional.act(Command::Acknowledge { call: call.call });
    person.call("taken", |call| matches!(call.state, CallState::Taken(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_while_her_phone_is_off_is_let_in_by_a_colleague_and_reads_what_she_signed() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    let sara = organisation.certify("Sara", Certified::Professional);
    let relay = TestRelay::start(&organisation.roster_file(&[&noor, &sara], &[])).await;
    let mut noor = Robot::start(noor.identity(), relay.address());
    noor.sees("open", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.online().await;
    person.raises(SERVICE, "Ik kan zo niet meer lezen");
    person.call("stored", |call| matches!(call.state, CallState::Stored)).await;
    let wanted = |call: &CallView| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. });
    noor.call("a call that rings", wanted).await;
    noor.call("the intake", |call| call.intake.is_some()).await;
    // Her phone is off. Sara had never signed in: nobody could have let her in before.
    drop(person);
    let mut sara = Robot::start(sara.identity(), relay.address());
    sara.call("a call that rings for her too", wanted).await;
    let call = sara.call("the intake", |call| call.intake.is_some()).await;
    assert_eq!(call.intake.unwrap().wants, "Ik kan zo niet meer lezen");
    sara.act(Command::Acknowledge { call: call.call });
    sara.call("that she has it", |call| matches!(call.state, CallState::Taken(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nobody_on_duty_and_her_phone_off_whoever_comes_on_duty_can_take_the_call() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    // Her shift begins in a moment; till then she is on duty elsewhere, so that it can be seen when she is there.
    let begins = jiff::Timestamp::from_millisecond(now().0 as i64 + 12_000).expect("a moment");
    let roster = organisation
        .roster_file(&[&noor], &[])
        .replace("level = 1 }]", &format!("level = 1, from = \"{begins}\" }}]"));
    let relay =
        TestRelay::start(&format!("{roster}\n[service.arosa]\nshift = [{{ who = \"Noor\", level = 1 }}]\n"))
            .await;
    let mut noor = Robot::start(noor.identity(), relay.address());
    noor.sees("her desk", |screen| (screen.services == ["arosa"]).then_some(())).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.online().await;
    person.raises(SERVICE, "Is daar iemand?");
    person.call("unstaffed", |call| matches!(call.state, CallState::Unstaffed)).await;
    drop(person);
    assert!(noor.look().calls.is_empty(), "she is not on duty for it yet");
    let call = noor.call("the intake", |call| call.intake.is_some()).await;
    assert_eq!(call.intake.unwrap().wants, "Is daar iemand?");
    noor.act(Command::Acknowledge { call: call.call });
    noor.call("that she has it", |call| matches!(call.state, CallState::Taken(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_member_reads_nothing_further() {
    let mut cast = Cast::new().await;
    let mut host = cast.host().await;
    let room = host.opens_a_room().await;
    let (mut staying, _) = cast.admits(&mut host, &room, "Merel").await;
    let (mut leaving, _) = cast.admits(&mut host, &room, "Tulp").await;
    host.robot.says(&room, "voor iedereen").await;
    leaving.reads(&room, "voor iedereen").await;
    let member = host
        .robot
        .sees("Tulp by name", |screen| {
            screen.rooms[&room]
                .members
                .iter()
                .find(|member| member.name == "Tulp")
                .map(|member| member.id.clone())
        })
        .await;
    host.robot.act(Command::Remove { room: room.clone(), member });
    leaving
        .sees("removed", |screen| screen.gone.contains(&(room.clone(), Gone::Removed)).then_some(()))
        .await;
    host.robot.says(&room, "voor wie bleef").await;
    staying.reads(&room, "voor wie bleef").await;
    assert!(leaving.look().find(&room, "voor wie bleef").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_who_leaves_is_out_and_the_room_goes_on() {
    let mut cast = Cast::new().await;
    let mut host = cast.host().await;
    let room = host.opens_a_room().await;
    let (mut staying, _) = cast.admits(&mut host, &room, "Merel").await;
    let (mut leaving, _) = cast.admits(&mut host, &room, "Tulp").await;
    leaving.act(Command::Leave { room: room.clone() });
    leaving.sees("left", |screen| screen.gone.contains(&(room.clone(), Gone::Left)).then_some(())).await;
    staying.says(&room, "Dag Tulp").await;
    host.robot.reads(&room, "Dag Tulp").await;
    host.robot.sees("two left", |screen| (screen.rooms[&room].members.len() == 2).then_some(())).await;
    assert!(leaving.look().find(&room, "Dag Tulp").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_let_in_does_not_wait_any_more_until_she_is_out_again() {
    let mut cast = Cast::new().await;
    let mut host = cast.host().await;
    let room = host.opens_a_room().await;
    let mut person = cast.person();
    let line = person.enters("Merel").await;
    person.says(&line, "Mag ik meedoen?").await;
    host.robot.reads(&line, "Mag ik meedoen?").await;
    assert_eq!(host.robot.look().rooms[&line].admitted_to, None);
    for _ in 0..2 {
        host.robot.act(Command::Admit { line: line.clone(), room: room.clone() });
        host.robot
            .sees("she is in", |screen| {
                (screen.rooms[&line].admitted_to.as_ref() == Some(&room)).then_some(())
            })
            .await;
        person.room(Kind::Peer, 2).await;
        person.act(Command::Leave { room: room.clone() });
        person.sees("she is out", |screen| (!screen.rooms.contains_key(&room)).then_some(())).await;
        host.robot
            .sees("she waits", |screen| (screen.rooms[&line].admitted_to.is_none()).then_some(()))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_of_the_relay_loses_nothing_and_repeats_nothing() {
    let mut cast = Cast::new().await;
    let mut host = cast.host().await;
    let room = host.opens_a_room().await;
    let (mut person, _) = cast.admits(&mut host, &room, "Merel").await;
    for number in 0..5 {
        person.says(&room, &format!("voor {number}")).await;
    }
    cast.relay.restart().await;
    for number in 0..5 {
        person.says(&room, &format!("na {number}")).await;
    }
    for number in 0..5 {
        host.robot.reads(&room, &format!("voor {number}")).await;
        host.robot.reads(&room, &format!("na {number}")).await;
    }
    let mut shown = host.robot.screen.shown.clone();
    let count = shown.len();
    shown.sort();
    shown.dedup();
    assert_eq!(shown.len(), count, "a message was shown twice");
}

struct Cast {
    organisation: Organisation,
    roos: Staff,
    noor: Staff,
    relay: TestRelay,
}

struct Host {
    robot: Robot,
}

impl Cast {
    async fn new() -> Self {
        let organisation = Organisation::new(now());
        let roos = organisation.certify("Roos", Certified::Host);
        let noor = organisation.certify("Noor", Certified::Professional);
        let relay = TestRelay::start(&organisation.roster_file(&[&roos, &noor], &[])).await;
        Self { organisation, roos, noor, relay }
    }

    fn person(&self) -> Robot {
        Robot::person(self.organisation.root(), self.relay.address())
    }

    async fn host(&mut self) -> Host {
        let mut robot = Robot::start(self.roos.identity(), self.relay.address());
        robot.online().await;
        Host { robot }
    }

    async fn professional(&mut self) -> Robot {
        let mut robot = Robot::start(self.noor.identity(), self.relay.address());
        robot.sees("open", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
        robot
    }

    async fn admits(&self, host: &mut Host, room: &str, nickname: &str) -> (Robot, String) {
        let mut person = self.person();
        let line = person.enters(nickname).await;
        person.says(&line, "Mag ik meedoen?").await;
        host.robot.reads(&line, "Mag ik meedoen?").await;
        host.robot.act(Command::Admit { line, room: room.to_owned() });
        let room = person.room(Kind::Peer, 2).await;
        (person, room)
    }
}

impl Host {
    async fn opens_a_room(&mut self) -> String {
        self.robot.act(Command::OpenPeerRoom { at_once: true });
        self.robot.room(Kind::Peer, 1).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_who_comes_later_finds_who_waits_although_nobody_else_is_there() {
    let organisation = Organisation::new(now());
    let (roos, iris) =
        (organisation.certify("Roos", Certified::Host), organisation.certify("Iris", Certified::Host));
    let relay = TestRelay::start(&organisation.roster_file(&[&roos, &iris], &[])).await;
    let mut first = Robot::start(roos.identity(), relay.address());
    first.online().await;
    let mut person = Robot::person(organisation.root(), relay.address());
    let line = person.enters("Merel").await;
    drop(first);
    person.sees("nobody is there", |screen| (!screen.hosts).then_some(())).await;
    let mut second = Robot::start(iris.identity(), relay.address());
    second
        .sees("who waits", |screen| {
            screen.rooms.get(&line)?.members.iter().find(|member| member.name == "Merel").map(|_| ())
        })
        .await;
    second.act(Command::OpenPeerRoom { at_once: true });
    let room = second.room(Kind::Peer, 1).await;
    second.act(Command::Admit { line, room: room.clone() });
    person.sees("the group", |screen| screen.rooms.get(&room).map(|_| ())).await;
}
