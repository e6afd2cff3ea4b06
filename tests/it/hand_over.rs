//! A call goes from one professional to another, and back into good hands when somebody is gone: the real relay, the
//! real client core.

use lotgenoot_client::messages::{
    AskEnded, CallAlarm, CallState, CallView, Command, Delivery, Kind, Reason, Wants,
};
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_tests::organisation::{Organisation, SERVICE, Staff, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

use super::duty_page::until_soon;

const OTHER: &str = "veilig-thuis";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_handed_over_when_the_colleague_has_written_and_the_person_sees_each_step() {
    let mut story = Story::begin().await;
    let call = story.call.clone();
    story.noor.act(Command::AskColleague { call: call.clone(), takes_over: true, service: OTHER.to_owned() });
    story.person.call("that Noor asks somebody", |call| call.asks.iter().any(|ask| ask.takes_over)).await;
    let wants = |call: &CallView| wanted(call, Wants::TakeOver);
    story.karim.call("that he is asked to take over", wants).await;
    story.karim.act(Command::Acknowledge { call: call.clone() });

    let accepted = |call: &CallView| call.asks.iter().any(|ask| ask.accepted.is_some());
    let seen = story.person.call("who accepted", accepted).await;
    assert_eq!(leads(&seen).as_deref(), Some("Noor"), "accepted is not taken over");
    story
        .karim
        .call("that he leads from his first words on", |call| call.state == CallState::TakingOver)
        .await;

    let room = story.karim.room(Kind::Help, 3).await;
    story.karim.says(&room, "Ik ben Karim van Veilig Thuis. Noor heeft me gevraagd.").await;
    story.person.reads(&room, "Ik ben Karim van Veilig Thuis. Noor heeft me gevraagd.").await;
    for robot in [&mut story.person, &mut story.noor, &mut story.karim] {
        robot.call("that Karim leads", |call| leads(call).as_deref() == Some("Karim")).await;
    }
    // The old lead is still there; the call is not hers any more.
    story.noor.says(&room, "Dan laat ik jullie praten. Dag Iris.").await;
    story.person.reads(&room, "Dan laat ik jullie praten. Dag Iris.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_who_declines_says_why_and_the_lead_stays() {
    let mut story = Story::begin().await;
    let call = story.call.clone();
    story.noor.act(Command::AskColleague { call: call.clone(), takes_over: true, service: OTHER.to_owned() });
    story.karim.call("that he is asked", |call| wanted(call, Wants::TakeOver)).await;
    story.karim.act(Command::Decline { call, reason: Reason::KnowsSomebody });
    let declined = Some(AskEnded::Declined(Reason::KnowsSomebody));
    let over = |call: &CallView| call.asks.iter().any(|ask| ask.ended == declined);
    let seen = story.noor.call("why nobody comes", over).await;
    assert_eq!(leads(&seen).as_deref(), Some("Noor"));
    let room = story.room.clone();
    story.person.says(&room, "En nu?").await;
    story.noor.reads(&room, "En nu?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_can_help_while_the_lead_stays_the_same() {
    let mut story = Story::begin().await;
    let call = story.call.clone();
    story.noor.act(Command::AskColleague {
        call: call.clone(),
        takes_over: false,
        service: OTHER.to_owned(),
    });
    story.karim.call("that he is asked to help", |call| wanted(call, Wants::Assist)).await;
    story.karim.act(Command::Acknowledge { call });
    let helps = |call: &CallView| call.assistants.iter().any(|by| by.name == "Karim");
    let seen = story.person.call("who helps", helps).await;
    assert_eq!(leads(&seen).as_deref(), Some("Noor"));
    story.karim.call("that he helps", |call| call.state == CallState::Assisting).await;
    let room = story.karim.room(Kind::Help, 3).await;
    story.karim.says(&room, "Ik denk mee.").await;
    let seen = story.person.call("still Noor", |call| leads(call).is_some()).await;
    assert_eq!(leads(&seen).as_deref(), Some("Noor"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_given_back_rings_for_others_and_the_person_is_told() {
    let mut story = Story::begin().await;
    let call = story.call.clone();
    story.noor.act(Command::GiveBack { call: call.clone() });
    story.person.call("that somebody else is looked for", |call| call.state == CallState::LeadLost).await;
    let mut sara = story.comes("Sara");
    sara.call("a call that rings", |call| wanted(call, Wants::Call)).await;
    sara.act(Command::Acknowledge { call });
    let taken = |call: &CallView| matches!(&call.state, CallState::Taken(by) if by.name == "Sara");
    story.person.call("that Sara has it", taken).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_take_it_at_the_same_instant_are_one_lead_and_one_who_may_help() {
    let mut story = Story::of_two().await;
    let (mut noor, mut sara) = (story.noor, story.comes_too.take().expect("two of one service"));
    let call = story.person.call("a call of her own", |call| call.own).await.call;
    for robot in [&mut noor, &mut sara] {
        robot.call("a call that rings", |call| wanted(call, Wants::Call)).await;
    }
    noor.act(Command::Acknowledge { call: call.clone() });
    sara.act(Command::Acknowledge { call: call.clone() });
    let seen = story.person.call("who took it", |call| matches!(call.state, CallState::Taken(_))).await;
    let first = leads(&seen).expect("a lead");
    let (lead, other) = if first == "Noor" { (&mut noor, &mut sara) } else { (&mut sara, &mut noor) };
    other.call("that somebody else has it", |call| call.state == CallState::NotYours).await;
    other.call("who", |call| call.lead.is_some()).await;
    other.act(Command::Assist { call });
    story.person.call("who helps", |call| !call.assistants.is_empty()).await;
    let room = lead.room(Kind::Help, 3).await;
    lead.says(&room, "Ik ben er.").await;
    story.person.call("active", |call| matches!(call.state, CallState::Active(_))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_can_be_taken_back_and_the_conversation_goes_on() {
    let mut story = Story::begin().await;
    let (call, room) = (story.call.clone(), story.room.clone());
    story.noor.act(Command::ProposeDone { call: call.clone() });
    story.person.call("that Noor thinks they are done", |call| call.done_proposed).await;
    story.person.act(Command::CloseCall { call: call.clone() });
    story.noor.call("closed", |call| call.state == CallState::Closed).await;
    story.person.act(Command::Reopen { call });
    for robot in [&mut story.person, &mut story.noor] {
        let seen = robot.call("open again", |call| matches!(call.state, CallState::Active(_))).await;
        assert_eq!(leads(&seen).as_deref(), Some("Noor"));
    }
    story.person.says(&room, "Ik had me vergist.").await;
    story.noor.reads(&room, "Ik had me vergist.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_after_closing_is_shown_as_not_sent_and_arrives_once_she_goes_on() {
    let mut story = Story::begin().await;
    let (call, room) = (story.call.clone(), story.room.clone());
    story.person.act(Command::CloseCall { call: call.clone() });
    for robot in [&mut story.person, &mut story.noor] {
        robot.call("closed", |call| call.state == CallState::Closed).await;
    }
    let words = "Wacht, er is nog iets.";
    let mut kept = Vec::new();
    for robot in [&mut story.person, &mut story.noor] {
        robot.act(Command::Say { room: room.clone(), text: words.to_owned() });
        let not_sent = |screen: &Screen| {
            let message = screen.find(&room, words).filter(|it| it.state == Delivery::NotSent)?;
            Some(message.id.clone())
        };
        kept.push(robot.sees("that nobody hears it", not_sent).await);
    }
    story.person.act(Command::Reopen { call });
    story.person.call("open again", |call| matches!(call.state, CallState::Active(_))).await;
    story.person.act(Command::Retry { message: kept.remove(0) });
    let heard = |screen: &Screen| {
        let mut said = screen.said.get(&room)?.iter();
        said.find(|it| it.text == words && !it.from.you).map(drop)
    };
    story.noor.sees("her words", heard).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_is_told_when_nobody_can_be_reached_and_when_somebody_has_taken_it() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    let coordinator = organisation.coordinator(1);
    let relay = TestRelay::start(&organisation.roster_file(&[&noor], &[])).await;
    let mut office = Robot::start(coordinator.identity(), relay.address());
    office.sees("her office", |screen| screen.office.as_ref().map(drop)).await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.online().await;
    person.raises(SERVICE, "Is daar iemand?");
    let told = |why: CallAlarm| {
        move |screen: &lotgenoot_tests::robot::Screen| {
            screen.call_alarms.iter().any(|(_, told)| *told == why).then_some(())
        }
    };
    office.sees("that nobody can be reached", told(CallAlarm::Unanswered)).await;
    let mut noor = Robot::start(noor.identity(), relay.address());
    let ringing = noor.call("a call that rings", |call| wanted(call, Wants::Call)).await;
    noor.act(Command::Acknowledge { call: ringing.call });
    office.sees("that it is over", told(CallAlarm::Over)).await;
}

// The call can be taken now, and for this.
fn wanted(call: &CallView, what: Wants) -> bool {
    call.state == CallState::WantsYou { key_on_its_way: false, what }
}

fn leads(call: &CallView) -> Option<String> {
    call.lead.as_ref().map(|lead| lead.name.clone())
}

/// A person, a professional, one of another service; and one of the first who has not come yet.
struct Story {
    sara: Staff,
    relay: TestRelay,
    person: Robot,
    noor: Robot,
    karim: Robot,
    comes_too: Option<Robot>,
    call: String,
    room: String,
}

impl Story {
    /// Noor leads and has written; she and the person read each other.
    async fn begin() -> Self {
        let mut story = Self::raised(false).await;
        let wants = |call: &CallView| wanted(call, Wants::Call);
        story.call = story.noor.call("a call that rings", wants).await.call;
        story.noor.act(Command::Acknowledge { call: story.call.clone() });
        story.room = story.noor.room(Kind::Help, 2).await;
        let room = story.room.clone();
        story.noor.says(&room, "Ik ben Noor. Ik lees wat je schreef.").await;
        story.person.call("active", |call| matches!(call.state, CallState::Active(_))).await;
        story.person.says(&room, "Fijn dat je er bent.").await;
        story.noor.reads(&room, "Fijn dat je er bent.").await;
        story
    }

    /// Noor and Sara are both on duty; nobody has taken it yet.
    async fn of_two() -> Self {
        Self::raised(true).await
    }

    async fn raised(both: bool) -> Self {
        let organisation = Organisation::new(now());
        let noor = organisation.certify("Noor", Certified::Professional);
        let sara = organisation.certify("Sara", Certified::Professional);
        let karim = organisation.certify_at("Karim", OTHER);
        let relay = TestRelay::start(&organisation.roster_file(&[&noor, &sara, &karim], &[])).await;
        let mut robots = Vec::new();
        for (staff, service) in [(&noor, SERVICE), (&karim, OTHER)] {
            let mut robot = Robot::start(staff.identity(), relay.address());
            robot.sees("open", |screen| screen.services.contains(&service.to_owned()).then_some(())).await;
            robots.push(robot);
        }
        let mut comes_too = both.then(|| Robot::start(sara.identity(), relay.address()));
        if let Some(robot) = &mut comes_too {
            robot.online().await;
        }
        let mut person = Robot::person(organisation.root(), relay.address());
        person
            .sees("somebody is on duty", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(()))
            .await;
        person.raises(SERVICE, "Ik wil weten wat ik vannacht kan doen");
        let (karim, noor) = (robots.pop().expect("Karim"), robots.pop().expect("Noor"));
        let (call, room) = (String::new(), String::new());
        Self { sara, relay, person, noor, karim, comes_too, call, room }
    }

    fn comes(&self, alias: &str) -> Robot {
        assert_eq!(alias, self.sara.alias);
        Robot::start(self.sara.identity(), self.relay.address())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_duty_ends_asks_whoever_comes_next_by_name_although_she_is_not_on_duty_yet() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    let esra = organisation.certify("Esra", Certified::Professional);
    let relay = TestRelay::start(&organisation.roster_file(&[&noor, &esra], &[])).await;
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("the staff", |screen| screen.office.as_ref().map(drop)).await;
    office.act(Command::PutDuty { plan: Box::new(until_soon(&noor, &esra)), confirmed: false });
    office.sees("that it is kept", |screen| (screen.duty_kept == 1).then_some(())).await;

    let mut lead = Robot::start(noor.identity(), relay.address());
    let mut next = Robot::start(esra.identity(), relay.address());
    lead.online().await;
    next.online().await;
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("somebody", |screen| screen.services.contains(&SERVICE.to_owned()).then_some(())).await;
    person.raises(SERVICE, "Is daar iemand?");
    let wants = |call: &CallView| wanted(call, Wants::Call);
    let call = lead.call("the call", wants).await.call;
    lead.act(Command::Acknowledge { call: call.clone() });
    let room = lead.room(Kind::Help, 2).await;
    lead.says(&room, "Ik ben er.").await;
    person.reads(&room, "Ik ben er.").await;

    lead.act(Command::AskDuty);
    let found = lead.sees("who comes next", |screen| screen.duty.as_ref()?.next.first().cloned()).await;
    assert_eq!((found.alias.as_str(), found.service.as_str()), ("Esra", SERVICE));
    assert!(next.look().calls.is_empty(), "she is called for nothing until she is asked");
    lead.act(Command::AskByName { call: call.clone(), service: found.service, account: found.account });
    next.call("that she is asked to take over", |call| wanted(call, Wants::TakeOver)).await;
    next.act(Command::Acknowledge { call: call.clone() });
    next.call("that she leads from her first words on", |it| it.state == CallState::TakingOver).await;
    let room = next.room(Kind::Help, 3).await;
    next.says(&room, "Ik ben Esra. Ik neem het over van Noor.").await;
    for robot in [&mut person, &mut lead, &mut next] {
        robot.call("that Esra leads", |call| leads(call).as_deref() == Some("Esra")).await;
    }
}
