//! What closes a call well: who does what by when, how it ended, and whether it was done; the real relay, the real client
//! core. The relay runs as a process, so that its clock can go ahead.

use std::time::Duration;

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{
    AftercareWay, Agreement, AgreementChange, CallState, CallView, Command, Degree, Event, Failure, Intake,
    Kind, Outcome, OutcomeCode, QuarterView, Wants,
};
use lotgenoot_protocol::RootKey;
use lotgenoot_protocol::limits::{AGREEMENT_BYTES_MAX, AGREEMENTS_MAX, COUNTED_MIN};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::robot::{Robot, Screen, Tap};

const OTHER: &str = "veilig-thuis";
const DAY_MS: u64 = 86_400_000;
const WHAT: &str = "Belt de opvang in Breda";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_closed_with_agreements_that_outlive_it_and_she_says_later_what_came_of_them() {
    let mut house = House::open().await;
    let mailbox: [u8; 32] = rand::random();
    let (mut person, mut noor, call, room) = house.talking(mailbox).await;

    // Who does what by when: the lead writes, both read.
    noor.act(put(&call, "", "Noor", WHAT, "2026-12-03"));
    let first = person.call("what was agreed", |it| it.agreements.len() == 1).await.agreements.remove(0);
    assert_eq!((&first.who[..], &first.what[..], &first.by[..]), ("Noor", WHAT, "2026-12-03"));
    assert!(!first.done);
    noor.act(put(&call, "", "Iris", "Legt een tas klaar bij haar zus", ""));
    person.call("the second", |it| it.agreements.len() == 2).await;
    person.act(put(&call, "", "Iris", "Schrijft zelf", ""));
    person
        .sees("that it is not hers to write", |screen| {
            screen.failures.contains(&Failure::CallGone).then_some(())
        })
        .await;

    // A colleague of another service takes over. He was not there when it was said, and reads all of it.
    let mut karim = Robot::start(house.karim.identity(), house.relay.address());
    karim.online().await;
    noor.act(Command::AskColleague { call: call.clone(), takes_over: true, service: OTHER.to_owned() });
    karim.call("that he is asked", |it| wanted(it, Wants::TakeOver)).await;
    karim.act(Command::Acknowledge { call: call.clone() });
    karim.room(Kind::Help, 3).await;
    karim.says(&room, "Ik ben Karim. Ik lees wat jullie hebben afgesproken.").await;
    for robot in [&mut person, &mut noor, &mut karim] {
        robot.call("that Karim leads", |it| leads(it).as_deref() == Some("Karim")).await;
    }
    let known = karim.call("what was agreed before he came", |it| it.agreements.len() == 2).await;
    assert!(known.may_agree && known.handed_over);
    let refused = Agreement { done: true, ..first.clone() };
    noor.call("that it is not hers any more", |it| !it.may_agree).await;
    noor.act(Command::Agree { call: call.clone(), change: AgreementChange::Put(refused) });
    noor.sees("that", |screen| screen.failures.contains(&Failure::CallGone).then_some(())).await;
    let done = Agreement { done: true, ..first };
    karim.act(Command::Agree { call: call.clone(), change: AgreementChange::Put(done) });
    for robot in [&mut person, &mut noor] {
        let seen = robot.call("that it is done", |it| it.agreements.iter().any(|it| it.done)).await;
        assert_eq!(seen.agreements.len(), 2);
    }

    // She closes, takes it back, and closes. Only whoever leads by then is asked how it ended.
    person.act(Command::CloseCall { call: call.clone() });
    karim.call("that he is asked how it ended", |it| it.outcome_due).await;
    person.act(Command::Reopen { call: call.clone() });
    karim.call("that it goes on", |it| matches!(it.state, CallState::Active(_)) && !it.outcome_due).await;
    let soon = now().0 + 7 * DAY_MS;
    let wish = Command::WantAftercare { call: call.clone(), at: Some(soon), way: AftercareWay::Talk };
    person.act(wish);
    person.call("when she is asked", |it| it.aftercare.as_ref().is_some_and(|it| it.at == soon)).await;
    person.act(Command::CloseCall { call: call.clone() });
    karim.call("that he is asked again", |it| it.state == CallState::Closed && it.outcome_due).await;
    person.call("closed", |it| it.state == CallState::Closed).await;
    let seen = noor.call("closed", |it| it.state == CallState::Closed).await;
    assert!(!seen.outcome_due, "she does not lead any more");
    let contradiction = Outcome { spoke: true, codes: vec![OutcomeCode::NotReached] };
    karim.act(Command::PutOutcome { call: call.clone(), outcome: contradiction });
    karim.sees("that it cannot be", |screen| screen.failures.contains(&Failure::Outcome).then_some(())).await;
    assert!(karim.look().calls[&call].outcome_due, "and he is still asked");
    let codes = vec![OutcomeCode::Shelter, OutcomeCode::HandedOver];
    karim.act(Command::PutOutcome { call: call.clone(), outcome: Outcome { spoke: true, codes } });
    karim.call("that it was counted", |it| it.call == call && !it.outcome_due).await;

    // A month later nobody keeps the room. She comes back with nothing but her secret, on another device.
    drop((noor, karim));
    house.goes_by(40 * DAY_MS).await;
    person.sees("that the room is gone", |screen| (!screen.rooms.contains_key(&room)).then_some(())).await;
    // What is kept with the screen is kept with everything before it: that it is closed and alone, too.
    person.act(Command::Screen { state: vec![0], number: 1 });
    while !matches!(person.notices().await.expect("she lives"), Event::ScreenKept { .. }) {}
    drop(person);
    let mut again = Robot::start(Identity::person(house.root(), mailbox), house.relay.address());
    let alone = |it: &CallView| it.call == call && it.room.is_none() && it.agreements.len() == 2;
    let kept = again.call("what was agreed", alone).await;
    assert_eq!((kept.state, kept.room), (CallState::Closed, None));
    assert_eq!(kept.aftercare.map(|it| (it.at, it.way, it.kept)), Some((soon, AftercareWay::Talk, None)));
    again.act(Command::AnswerAftercare { call: call.clone(), kept: Degree::Partly });
    let answered = |it: &CallView| it.aftercare.as_ref().and_then(|it| it.kept) == Some(Degree::Partly);
    again.call("that she has answered", answered).await;
    again.act(Command::PutCallAway { call: call.clone() });
    again.sees("that it is gone", |screen| (!screen.calls.contains_key(&call)).then_some(())).await;
    // What is kept with the screen is kept with everything before it.
    again.act(Command::Screen { state: vec![1], number: 2 });
    while !matches!(again.notices().await.expect("she lives"), Event::ScreenKept { .. }) {}
    drop(again);
    let nothing = async {
        loop {
            let mut robot = Robot::start(Identity::person(house.root(), mailbox), house.relay.address());
            robot.online().await;
            if robot.look().calls.is_empty() {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), nothing).await.expect("nothing of it is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_reads_nothing_of_what_was_agreed_nor_of_when_she_wants_to_be_asked() {
    let house = House::open().await;
    let tap = Tap::default();
    let mailbox: [u8; 32] = rand::random();
    let mut noor = house.at_work(&house.noor, SERVICE).await;
    let identity = Identity::person(house.root(), mailbox);
    let mut person = Robot::tapped(identity, house.relay.address(), tap.clone());
    let (call, _) = house.raised(&mut person, &mut noor).await;
    noor.act(put(&call, "", "Noor", WHAT, "2026-12-03"));
    person.call("what was agreed", |it| it.agreements.len() == 1).await;
    let at = now().0 + 7 * DAY_MS;
    person.act(Command::WantAftercare { call: call.clone(), at: Some(at), way: AftercareWay::Question });
    person.call("when she is asked", |it| it.aftercare.is_some()).await;
    person.act(Command::CloseCall { call: call.clone() });
    person.call("closed", |it| it.state == CallState::Closed).await;
    let (frames, puts) = (tap.frames.lock().unwrap(), tap.puts.lock().unwrap().len());
    assert!(puts > 0, "her vault was written");
    for secret in [WHAT.as_bytes(), b"2026-12-03", &at.to_be_bytes()] {
        let crossed = frames.windows(secret.len()).any(|window| window == secret);
        assert!(!crossed, "{:?}", String::from_utf8_lossy(secret));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_or_longer_agreements_than_a_call_can_have_are_refused_in_words() {
    let house = House::open().await;
    let (mut person, mut noor, call, _) = house.talking(rand::random()).await;
    let failed = |what: Failure| move |screen: &Screen| screen.failures.contains(&what).then_some(());
    noor.act(put(&call, "", "Noor", &"e".repeat(AGREEMENT_BYTES_MAX + 1), ""));
    noor.sees("that it is too long", failed(Failure::AgreementLong)).await;
    for number in 0..=AGREEMENTS_MAX {
        noor.act(put(&call, "", "Noor", &format!("Doet iets, nummer {number}"), ""));
    }
    noor.sees("that there is no room", failed(Failure::AgreementsFull)).await;
    let all = person.call("all of them", |it| it.agreements.len() == AGREEMENTS_MAX).await;
    let drop = AgreementChange::Drop(all.agreements[0].id.clone());
    noor.act(Command::Agree { call: call.clone(), change: drop });
    person.call("one less", |it| it.agreements.len() == AGREEMENTS_MAX - 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_who_comes_after_another_was_lost_reads_and_keeps_what_was_agreed() {
    let house = House::open().await;
    let (mut person, noor, call, _) = house.talking(rand::random()).await;
    noor.act(put(&call, "", "Noor", WHAT, ""));
    person.call("what was agreed", |it| it.agreements.len() == 1).await;
    noor.act(Command::GiveBack { call: call.clone() });
    person.call("that somebody else is looked for", |it| it.state == CallState::LeadLost).await;
    let mut sara = Robot::start(house.sara.identity(), house.relay.address());
    sara.call("a call that rings", |it| wanted(it, Wants::Call)).await;
    sara.act(Command::Acknowledge { call: call.clone() });
    let room = sara.room(Kind::Help, 3).await;
    sara.says(&room, "Ik ben Sara.").await;
    sara.call("what was agreed, to go on with", |it| it.may_agree && it.agreements.len() == 1).await;
    sara.act(put(&call, "", "Sara", "Belt morgen", ""));
    let seen = person.call("both", |it| it.agreements.len() == 2).await;
    assert_eq!(leads(&seen).as_deref(), Some("Sara"));
}

#[tokio::test(flavor = "multi_thread")]
async fn how_calls_ended_is_told_to_coordinators_in_numbers_that_are_not_few() {
    let mut house = House::open().await;
    let mut noor = house.at_work(&house.noor, SERVICE).await;
    for number in 0..COUNTED_MIN {
        let mut person = Robot::person(house.root(), house.relay.address());
        let (call, _) = raised(&mut person, &mut noor).await;
        // Her requests are taken in their order: what she answers is counted before the call is closed.
        person.act(Command::WantAftercare { call: call.clone(), at: Some(1), way: AftercareWay::Question });
        person.act(Command::AnswerAftercare { call: call.clone(), kept: Degree::Yes });
        person.act(Command::CloseCall { call: call.clone() });
        person.call("closed", |it| it.state == CallState::Closed).await;
        noor.call("that she is asked", |it| it.call == call && it.outcome_due).await;
        let mut codes = vec![OutcomeCode::Information];
        codes.extend((number == 0).then_some(OutcomeCode::Police));
        noor.act(Command::PutOutcome { call: call.clone(), outcome: Outcome { spoke: true, codes } });
        noor.call("that it was counted", |it| it.call == call && !it.outcome_due).await;
    }
    // From then on closing cannot be taken back as if nothing had happened.
    house.goes_by(120_000).await;
    let mut office = Robot::start(house.organisation.coordinator(1).identity(), house.relay.address());
    let running = office.sees("the figures", |screen| screen.quarters.first().cloned()).await;
    assert_eq!(
        (running.raised, &running.with_her[..]),
        (Some(COUNTED_MIN), &[None, None][..]),
        "it is not over"
    );
    let told = async {
        for quarters in 1.. {
            house.goes_by(quarters * 93 * DAY_MS).await;
            let mut office =
                Robot::start(house.organisation.coordinator(1).identity(), house.relay.address());
            let quarters =
                office.sees("the figures", |it| (!it.quarters.is_empty()).then(|| it.quarters.clone()));
            let counted = |it: &QuarterView| it.with_her.iter().flatten().any(|count| *count > 0);
            if let Some(quarter) = quarters.await.into_iter().find(counted) {
                return quarter;
            }
        }
        unreachable!("quarters do not end")
    };
    let quarter = tokio::time::timeout(Duration::from_secs(30), told).await.expect("it is counted");
    assert_eq!(quarter.with_her, [Some(COUNTED_MIN), Some(0)]);
    let count =
        |code: OutcomeCode| quarter.outcomes.iter().find(|(it, _)| *it == code).map(|(_, count)| *count);
    assert_eq!(count(OutcomeCode::Information), Some(Some(COUNTED_MIN)));
    assert_eq!(count(OutcomeCode::Police), Some(None), "one is few");
    assert_eq!(count(OutcomeCode::Misuse), Some(Some(0)));
    assert_eq!(quarter.kept, [Some(0), Some(0), Some(COUNTED_MIN)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_professional_knows_her_own_times_also_on_another_device_and_the_relay_is_not_told() {
    let house = House::open().await;
    let (_person, mut noor, _, _) = house.talking(rand::random()).await;
    let known =
        |screen: &Screen| screen.own_times.filter(|it| it.taken_ms.is_some() && it.spoke_ms.is_some());
    let times = noor.sees("her own times", known).await;
    assert_eq!(times.calls, 1);
    // Whatever is in her vault by now comes back; the call is kept at the latest a moment after it has changed.
    let again = async {
        loop {
            let mut other = Robot::start(house.noor.identity(), house.relay.address());
            other.online().await;
            if let Some(known) = known(other.look()) {
                return known;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let again = tokio::time::timeout(Duration::from_secs(20), again).await;
    assert_eq!(again.expect("they come back"), times);
}

fn put(call: &str, id: &str, who: &str, what: &str, by: &str) -> Command {
    let [id, who, what, by] = [id, who, what, by].map(str::to_owned);
    let agreement = Agreement { id, who, what, by, done: false };
    Command::Agree { call: call.to_owned(), change: AgreementChange::Put(agreement) }
}

fn wanted(call: &CallView, what: Wants) -> bool {
    call.state == CallState::WantsYou { key_on_its_way: false, what }
}

fn leads(call: &CallView) -> Option<String> {
    call.lead.as_ref().map(|lead| lead.name.clone())
}

fn open(service: &'static str) -> impl FnMut(&Screen) -> Option<()> {
    move |screen| screen.services.iter().any(|it| it == service).then_some(())
}

// She calls, the other takes it and writes, and each has read the other.
async fn raised(person: &mut Robot, professional: &mut Robot) -> (String, String) {
    person.sees("somebody is on duty", open(SERVICE)).await;
    let intake = Intake {
        nickname: "Iris".to_owned(),
        wants: "Ik wil weten waar ik heen kan".to_owned(),
        safe_ways: "Overdag, als de kinderen op school zijn".to_owned(),
        ..Intake::default()
    };
    person.act(Command::Raise { service: SERVICE.to_owned(), intake: Box::new(intake) });
    let call = professional.call("a call that rings", |it| wanted(it, Wants::Call)).await.call;
    professional.act(Command::Acknowledge { call: call.clone() });
    let room = person.room(Kind::Help, 2).await;
    let here = |screen: &Screen| screen.rooms.get(&room).filter(|it| it.caught_up).map(|_| ());
    professional.sees("her room", here).await;
    professional.says(&room, "Ik ben Noor. Ik lees wat je schreef.").await;
    person.call("active", |it| matches!(it.state, CallState::Active(_))).await;
    person.says(&room, "Fijn dat je er bent.").await;
    professional.reads(&room, "Fijn dat je er bent.").await;
    (call, room)
}

/// Two professionals of one service, one of another, and a relay whose clock the story moves.
struct House {
    organisation: Organisation,
    noor: Staff,
    sara: Staff,
    karim: Staff,
    relay: RelayProcess,
    folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let organisation = Organisation::new(now());
        let [noor, sara] = ["Noor", "Sara"].map(|alias| organisation.certify(alias, Role::Professional));
        let karim = organisation.certify_at("Karim", OTHER);
        let folder = tempfile::tempdir().unwrap();
        let client = folder.path().join("client");
        std::fs::create_dir(&client).unwrap();
        std::fs::write(client.join("index.html"), "<!doctype html><title>Agenda</title>").unwrap();
        let roster = organisation.roster_file(&[&noor, &sara, &karim], &[]);
        std::fs::write(folder.path().join("roster.toml"), roster).unwrap();
        let relay = Self::run(&folder, 0).await;
        Self { organisation, noor, sara, karim, relay, folder }
    }

    async fn run(folder: &tempfile::TempDir, port: u16) -> RelayProcess {
        let [roster, data, client, clock] =
            ["roster.toml", "data", "client", "clock"].map(|name| folder.path().join(name));
        let mut command = RelayProcess::command(&relay_binary(), &data, &roster, &client, port);
        RelayProcess::run(command.env("LOTGENOOT_CLOCK_AHEAD", clock)).await
    }

    fn root(&self) -> RootKey {
        self.organisation.root()
    }

    async fn goes_by(&mut self, ms: u64) {
        let port = self.relay.address().port();
        self.relay.kill().await;
        std::fs::write(self.folder.path().join("clock"), ms.to_string()).unwrap();
        self.relay = Self::run(&self.folder, port).await;
    }

    async fn at_work(&self, staff: &Staff, service: &'static str) -> Robot {
        let mut robot = Robot::start(staff.identity(), self.relay.address());
        robot.sees("open", open(service)).await;
        robot
    }

    async fn raised(&self, person: &mut Robot, professional: &mut Robot) -> (String, String) {
        raised(person, professional).await
    }

    // The person, Noor who leads, the call and its room.
    async fn talking(&self, mailbox: [u8; 32]) -> (Robot, Robot, String, String) {
        let mut noor = self.at_work(&self.noor, SERVICE).await;
        let mut person = Robot::start(Identity::person(self.root(), mailbox), self.relay.address());
        let (call, room) = self.raised(&mut person, &mut noor).await;
        (person, noor, call, room)
    }
}
