//! A workshop: hundreds come to it by themselves, and nobody is named.

use std::time::Instant;

use lotgenoot_client::messages::{
    Act, Choice, Command, Failure, Kind, PlannedView, QuestionState, QuestionView, StatementView,
};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

const GUESTS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_come_to_a_workshop_within_a_minute_ask_and_vote_and_all_count_the_same() {
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
    assert!(took.as_secs() < 60, "it took {took:?}");
    let stage = presenter
        .patiently("all of them", |screen| {
            let mut stages = screen.rooms.values();
            stages.find(|room| room.members.len() == GUESTS + 1).map(|room| room.room.clone())
        })
        .await;

    // A question is seen by nobody but her who leads, until she shows it.
    let acts = |robot: &Robot, act| robot.act(Command::Act { room: stage.clone(), act });
    acts(&joined[0], Act::Ask("Wie kan ik bellen?".to_owned()));
    let question = presenter.sees("the question", |screen| question(screen, QuestionState::Waiting)).await;
    acts(&presenter, Act::Moderate(question.id.clone(), QuestionState::Shown));
    for guest in &mut joined[1..10] {
        guest.patiently("the question", |screen| question_with(screen, 0..=9)).await;
        acts(guest, Act::Upvote(question.id.clone(), true));
        acts(guest, Act::Upvote(question.id.clone(), true));
    }
    let upvoted = |screen: &Screen| question_with(screen, 9..=9);
    joined[GUESTS - 1].patiently("nine upvotes", upvoted).await;
    presenter.says(&stage, "Dat is een goede vraag").await;
    joined[GUESTS - 1].reads(&stage, "Dat is een goede vraag").await;

    // Everybody votes, some twice, some otherwise; and some when it is closed.
    acts(&presenter, Act::Put("Controle is geen zorg".to_owned()));
    let statement = statement(&mut joined[0]).await;
    for (number, guest) in joined.iter_mut().enumerate() {
        guest.patiently("the statement", |screen| statements(screen).first().map(|_| ())).await;
        if number % 10 == 0 {
            acts(guest, Act::Vote(statement.clone(), Choice::Agree));
        }
        let choice = if number % 4 == 0 { Choice::Disagree } else { Choice::Agree };
        acts(guest, Act::Vote(statement.clone(), choice));
        if number % 3 == 0 {
            acts(guest, Act::Vote(statement.clone(), choice));
        }
    }
    presenter
        .patiently("all votes", |screen| (statements(screen).first()?.votes == GUESTS as u32).then_some(()))
        .await;
    // One who comes now counts on from what is there.
    early.act(Command::JoinStage { session });
    early.patiently("the statement", |screen| statements(screen).first().map(|_| ())).await;
    acts(&early, Act::Vote(statement.clone(), Choice::Neither));
    presenter
        .patiently("her vote", |screen| {
            (statements(screen).first()?.votes == GUESTS as u32 + 1).then_some(())
        })
        .await;
    // What was said more than once may still be on its way: those who changed their minds are in by their own word.
    for (number, guest) in joined.iter_mut().enumerate() {
        let choice = if number % 4 == 0 { Choice::Disagree } else { Choice::Agree };
        guest
            .patiently("her own vote", |screen| {
                (statements(screen).first()?.yours == Some(choice)).then_some(())
            })
            .await;
    }
    let disagree = GUESTS.div_ceil(4) as u32;
    let totals = [GUESTS as u32 - disagree, 1, disagree];
    let counted = |screen: &Screen| statements(screen).first().and_then(|it| it.totals);
    acts(&presenter, Act::Close(statement.clone()));
    assert_eq!(presenter.patiently("the result", counted).await, totals);
    for guest in &joined[..20] {
        acts(guest, Act::Vote(statement.clone(), Choice::Neither));
    }
    for robot in joined.iter_mut().chain([&mut early, &mut presenter]) {
        assert_eq!(robot.patiently("the result", counted).await, totals);
    }
    presenter.says(&stage, "Dank jullie wel").await;
    joined[0].reads(&stage, "Dank jullie wel").await;
    assert_eq!(counted(joined[0].look()), Some(totals), "late votes change nothing");
}

/// What the coordinator has planned for now.
pub(crate) async fn planned(organisation: &Organisation, relay: &TestRelay, presenter: &mut Robot) -> String {
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

fn question(screen: &Screen, state: QuestionState) -> Option<QuestionView> {
    let mut questions = screen.stages.values().flat_map(|stage| &stage.questions);
    questions.find(|question| question.state == state).cloned()
}

fn question_with(screen: &Screen, upvotes: std::ops::RangeInclusive<u32>) -> Option<()> {
    question(screen, QuestionState::Shown).filter(|question| upvotes.contains(&question.upvotes)).map(drop)
}

fn statements(screen: &Screen) -> Vec<StatementView> {
    screen.stages.values().flat_map(|stage| stage.statements.clone()).collect()
}

async fn statement(robot: &mut Robot) -> String {
    robot.patiently("the statement", |screen| statements(screen).first().map(|it| it.id.clone())).await
}

pub(crate) fn on_stage(screen: &Screen) -> Option<String> {
    let stage = screen.rooms.values().find(|room| room.kind == Kind::Stage && room.caught_up)?;
    Some(stage.room.clone())
}
