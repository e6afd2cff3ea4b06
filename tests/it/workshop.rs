//! A workshop: hundreds come to it by themselves, and nobody is named.

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{
    self as ui, Act, Asked, Choice, Command, Failure, Gone, Kind, Measure, PlannedView, QuestionState,
    QuestionView, SessionView, StatementView,
};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::relay::TestRelay;
use lotgenoot_tests::robot::{Robot, Screen};

const GUESTS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_come_to_a_workshop_ask_and_vote_and_all_count_the_same() {
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
    early.sees("that it is open", is_open).await;

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
    acts(&presenter, Act::Close(statement.clone()));
    assert_eq!(presenter.patiently("the result", counted).await, totals);
    // Too late. Each is followed by a question, and what a client says stays in its order: who reads the question has read
    // the vote.
    for guest in &joined[..20] {
        acts(guest, Act::Vote(statement.clone(), Choice::Neither));
        acts(guest, Act::Ask("Telt mijn stem nog?".to_owned()));
    }
    let arrived = |screen: &Screen| {
        let asked = screen.stages.values().flat_map(|stage| &stage.questions);
        (asked.filter(|it| it.text == "Telt mijn stem nog?").count() == 20).then_some(())
    };
    presenter.patiently("that the late votes are there", arrived).await;
    assert_eq!(counted(presenter.look()), Some(totals), "late votes change nothing");
    presenter.says(&stage, "Dank jullie wel").await;
    for robot in joined.iter_mut().chain([&mut early]) {
        robot
            .patiently("what was said after them", |screen| screen.find(&stage, "Dank jullie wel").map(drop))
            .await;
        assert_eq!(counted(robot.look()), Some(totals), "for anybody");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_when_there_is_no_place_is_told_so_and_asks_again_when_there_is() {
    let organisation = Organisation::new(now());
    let sanne = organisation.certify("Sanne", Role::Presenter);
    let relay = TestRelay::start(&organisation.roster_file(&[&sanne], &[])).await;
    let mut presenter = Robot::start(sanne.identity(), relay.address());
    let session = planned(&organisation, &relay, &mut presenter).await;
    presenter.act(Command::OpenStage { session: session.clone() });
    let stage = presenter.room(Kind::Stage, 1).await;
    // Three of each may wait, and sixty in all.
    let mut guests = come(&organisation, &relay, &session, 21).await;
    let asks = |robot: &Robot, text: &str| {
        robot.act(Command::Act { room: stage.clone(), act: Act::Ask(text.to_owned()) });
    };
    let waiting = |screen: &Screen| {
        let questions = &screen.stages.get(&stage)?.questions;
        Some(questions.iter().filter(|it| it.state == QuestionState::Waiting).cloned().collect::<Vec<_>>())
    };
    for (number, guest) in guests[..20].iter_mut().enumerate() {
        for question in 0..3 {
            let text = format!("Vraag {question} van {number}");
            asks(guest, &text);
            assert_eq!(guest.patiently("what became of it", |it| asked(it, &text)).await, Asked::Sent);
        }
    }
    let all = presenter.patiently("sixty", |it| waiting(it).filter(|all| all.len() == 60)).await;
    let mut late = guests.pop().unwrap();
    asks(&late, "Waar kan ik heen?");
    let became = late.sees("that there is no place", |it| asked(it, "Waar kan ik heen?")).await;
    assert_eq!(became, Asked::NoPlace);
    asks(&guests[0], "En nog een");
    assert_eq!(guests[0].sees("that three of hers wait", |it| asked(it, "En nog een")).await, Asked::NoPlace);

    let moderate = |presenter: &Robot, question: &QuestionView, state| {
        let act = Act::Moderate(question.id.clone(), state);
        presenter.act(Command::Act { room: stage.clone(), act });
    };
    moderate(&presenter, &all[0], QuestionState::Shown);
    late.sees("the one that is shown", |it| question(it, QuestionState::Shown)).await;
    asks(&late, "Is er nu plaats?");
    assert_eq!(late.sees("that there is not", |it| asked(it, "Is er nu plaats?")).await, Asked::NoPlace);
    moderate(&presenter, &all[0], QuestionState::Answered);
    for guest in [&mut late, &mut guests[5]] {
        guest.sees("that it was answered", |it| question(it, QuestionState::Answered)).await;
    }
    asks(&late, "Dan vraag ik het nu");
    assert_eq!(late.sees("that it is there", |it| asked(it, "Dan vraag ik het nu")).await, Asked::Sent);
    let hers =
        presenter.sees("it", |it| waiting(it)?.into_iter().find(|it| it.text.starts_with("Dan"))).await;
    moderate(&presenter, &hers, QuestionState::Refused);
    let refused = |it: &Screen| question(it, QuestionState::Refused);
    assert!(late.sees("that it is not shown", refused).await.yours);
    // Everybody sees the same.
    guests[5]
        .patiently("that the answered one has gone", |it| {
            question(it, QuestionState::Answered).is_none().then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_presenter_comes_to_the_same_hall_and_goes_on_when_the_first_ones_connection_is_gone() {
    let organisation = Organisation::new(now());
    let [sanne, karim, iris] =
        ["Sanne", "Karim", "Iris"].map(|alias| organisation.certify(alias, Role::Presenter));
    let mut relay = TestRelay::start(&organisation.roster_file(&[&sanne, &karim, &iris], &[])).await;
    let mut first = Robot::start(sanne.identity(), relay.address());
    let session = planned_for(&organisation, &relay, &mut first, &["Sanne", "Karim"]).await;
    let mut second = Robot::start(karim.identity(), relay.address());
    let mut uninvited = Robot::start(iris.identity(), relay.address());
    first.act(Command::OpenStage { session: session.clone() });
    let stage = first.room(Kind::Stage, 1).await;
    for robot in [&mut second, &mut uninvited] {
        robot.sees("that it is open", is_open).await;
        robot.act(Command::JoinStage { session: session.clone() });
    }
    assert_eq!(second.patiently("the stage", on_stage).await, stage);
    let mut guests = come(&organisation, &relay, &session, 8).await;
    for robot in guests.iter_mut().chain([&mut first, &mut second]) {
        robot.patiently("who leads", |screen| (panel(screen) == ["Karim", "Sanne"]).then_some(())).await;
    }
    let acts = |robot: &Robot, act| robot.act(Command::Act { room: stage.clone(), act });
    acts(&first, Act::Put("Controle is geen zorg".to_owned()));
    let statement = statement(&mut guests[0]).await;
    for guest in &mut guests {
        guest.patiently("the statement", |screen| statements(screen).first().map(|_| ())).await;
        acts(guest, Act::Vote(statement.clone(), Choice::Agree));
    }
    acts(&guests[0], Act::Ask("Wie kan ik bellen?".to_owned()));
    for robot in [&mut first, &mut second] {
        robot.patiently("all votes", |screen| (statements(screen).first()?.votes == 8).then_some(())).await;
        robot.patiently("the question", |screen| question(screen, QuestionState::Waiting)).await;
    }

    // Her laptop dies. Whoever knocks now is let in by the other, who knows all that was there.
    drop(first);
    let mut late = come(&organisation, &relay, &session, 1).await.remove(0);
    late.patiently("the statement", |screen| statements(screen).first().map(|_| ())).await;
    acts(&late, Act::Vote(statement.clone(), Choice::Disagree));
    let waiting = question(&second.screen, QuestionState::Waiting).unwrap();
    acts(&second, Act::Moderate(waiting.id, QuestionState::Shown));
    second.patiently("nine votes", |screen| (statements(screen).first()?.votes == 9).then_some(())).await;
    acts(&second, Act::Close(statement));
    second.says(&stage, "Sanne is even weg, ik ga verder").await;
    for robot in guests.iter_mut().chain([&mut late]) {
        robot.patiently("the question", |screen| question(screen, QuestionState::Shown)).await;
        assert_eq!(robot.patiently("the result", counted).await, [8, 0, 1]);
        robot.reads(&stage, "Sanne is even weg, ik ga verder").await;
    }

    // She is back, and leads as before; also when the relay has been away for a moment.
    let mut first = Robot::start(sanne.identity(), relay.address());
    assert_eq!(first.patiently("the result", counted).await, [8, 0, 1]);
    relay.restart().await;
    for robot in [&mut first, &mut second] {
        robot.patiently("that it is open", is_open).await;
    }
    let mut last = come(&organisation, &relay, &session, 1).await.remove(0);
    assert_eq!(last.patiently("the result", counted).await, [8, 0, 1]);
    acts(&first, Act::Put("Je mag altijd bellen".to_owned()));
    let open =
        |screen: &Screen| statements(screen).into_iter().find(|it| it.totals.is_none()).map(|it| it.id);
    let open = last.patiently("the next statement", open).await;
    acts(&second, Act::Close(open));
    let both = |screen: &Screen| statements(screen).iter().all(|it| it.totals.is_some()).then_some(());
    for robot in guests.iter_mut().chain([&mut first, &mut last]) {
        robot.patiently("that both are closed", |it| both(it).filter(|()| statements(it).len() == 2)).await;
    }
    assert_eq!(panel(first.look()), ["Karim", "Sanne"], "who is not planned does not lead it");
    assert!(uninvited.look().rooms.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_open_one_workshop_at_one_moment_are_in_one_hall() {
    let organisation = Organisation::new(now());
    let [sanne, karim] = ["Sanne", "Karim"].map(|alias| organisation.certify(alias, Role::Presenter));
    let relay = TestRelay::start(&organisation.roster_file(&[&sanne, &karim], &[])).await;
    let mut first = Robot::start(sanne.identity(), relay.address());
    let session = planned_for(&organisation, &relay, &mut first, &["Sanne", "Karim"]).await;
    let mut second = Robot::start(karim.identity(), relay.address());
    second.sees("her workshop", |screen| screen.calendar.as_ref()?.first().map(|_| ())).await;
    for robot in [&first, &second] {
        robot.act(Command::OpenStage { session: session.clone() });
    }
    let both = |screen: &Screen| on_stage(screen).filter(|_| panel(screen) == ["Karim", "Sanne"]);
    let stage = first.patiently("both of them", both).await;
    assert_eq!(second.patiently("both of them", both).await, stage);
    for robot in [&first, &second] {
        assert_eq!(robot.screen.rooms.len(), 1, "there is no other hall");
        assert!(robot.screen.failures.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workshop_ends_for_everybody_and_who_disturbs_it_is_taken_out() {
    let organisation = Organisation::new(now());
    let [sanne, karim] = ["Sanne", "Karim"].map(|alias| organisation.certify(alias, Role::Presenter));
    let relay = TestRelay::start(&organisation.roster_file(&[&sanne, &karim], &[])).await;
    let mut first = Robot::start(sanne.identity(), relay.address());
    let session = planned_for(&organisation, &relay, &mut first, &["Sanne", "Karim"]).await;
    first.act(Command::OpenStage { session: session.clone() });
    let stage = first.room(Kind::Stage, 1).await;
    let mut second = Robot::start(karim.identity(), relay.address());
    second.sees("that it is open", is_open).await;
    second.act(Command::JoinStage { session: session.clone() });
    second.patiently("the stage", on_stage).await;
    let secret: [u8; 32] = rand::random();
    let returning = || Robot::start(Identity::person(organisation.root(), secret), relay.address());
    let mut returns = returning();
    returns.act(Command::JoinStage { session: session.clone() });
    returns.patiently("the stage", on_stage).await;
    let mut guests = come(&organisation, &relay, &session, 3).await;
    let acts = |robot: &Robot, act| robot.act(Command::Act { room: stage.clone(), act });

    // Nobody has a name here: who leads knows her by what she asks.
    let mut disturbs = guests.pop().unwrap();
    acts(&disturbs, Act::Ask("Ik weet waar je woont".to_owned()));
    let theirs = second.patiently("what she asks", |screen| question(screen, QuestionState::Waiting)).await;
    let member = theirs.from.expect("told to those who lead");
    second.act(Command::Remove { room: stage.clone(), member });
    disturbs
        .patiently("that she is out", |screen| {
            screen.gone.contains(&(stage.clone(), Gone::Removed)).then_some(())
        })
        .await;
    acts(&guests[0], Act::Ask("Wie kan ik bellen?".to_owned()));
    let hers =
        |screen: &Screen| question(screen, QuestionState::Waiting).filter(|it| it.text.starts_with("Wie"));
    assert_eq!(guests[0].patiently("her question", hers).await.from, None, "and to nobody else");

    acts(&first, Act::Put("Controle is geen zorg".to_owned()));
    let statement = statement(&mut guests[0]).await;
    acts(&guests[0], Act::Vote(statement.clone(), Choice::Agree));
    second.patiently("her vote", |screen| (statements(screen).first()?.votes == 1).then_some(())).await;
    // Both want it at one moment: it is over once, and nobody reads that something failed.
    for leader in [&first, &second] {
        leader.act(Command::Rule { room: stage.clone(), measure: Measure::End });
    }
    let over = |screen: &Screen| {
        let room = screen.rooms.get(&stage)?;
        (room.floor.session == SessionView::Closed { unattended: false }).then_some(())
    };
    for robot in guests.iter_mut().chain([&mut returns, &mut first, &mut second]) {
        robot.patiently("that it is over", over).await;
        assert_eq!(robot.patiently("the result", counted).await, [1, 0, 0]);
    }
    acts(&guests[1], Act::Ask("Mag ik nog iets vragen?".to_owned()));
    let asked = guests[1].sees("that it is too late", |it| asked(it, "Mag ik nog iets vragen?")).await;
    assert_eq!(asked, Asked::NoPlace);
    let closed = |screen: &Screen| (!screen.calendar.as_ref()?.first()?.open).then_some(());
    let mut late = Robot::person(organisation.root(), relay.address());
    late.sees("that it is not open", closed).await;
    late.act(Command::JoinStage { session: session.clone() });
    late.sees("that she cannot come", |it| it.failures.contains(&Failure::NoStage).then_some(())).await;
    first.says(&stage, "Dank jullie wel").await;
    drop(returns);
    let mut returns = returning();
    returns.patiently("that it is over", over).await;
    assert_eq!(returns.patiently("what came of it", counted).await, [1, 0, 0]);
    for leader in [&first, &second] {
        assert!(leader.screen.failures.is_empty());
    }
}

/// So many come, and are in.
async fn come(organisation: &Organisation, relay: &TestRelay, session: &str, count: usize) -> Vec<Robot> {
    let mut guests: Vec<Robot> =
        (0..count).map(|_| Robot::person(organisation.root(), relay.address())).collect();
    let mut inside = Vec::new();
    for guest in &mut guests {
        guest.sees("that it is open", is_open).await;
        guest.act(Command::JoinStage { session: session.to_owned() });
    }
    for mut guest in guests {
        guest.patiently("the stage", on_stage).await;
        inside.push(guest);
    }
    inside
}

fn asked(screen: &Screen, text: &str) -> Option<Asked> {
    screen.asked.iter().rev().find(|(asked, _)| asked == text).map(|(_, what)| *what)
}

fn is_open(screen: &Screen) -> Option<()> {
    screen.calendar.as_ref()?.first()?.open.then_some(())
}

fn counted(screen: &Screen) -> Option<[u32; 3]> {
    statements(screen).first().and_then(|it| it.totals)
}

// Who leads, as everybody sees it.
fn panel(screen: &Screen) -> Vec<String> {
    let members =
        screen.rooms.values().filter(|room| room.kind == Kind::Stage).flat_map(|room| &room.members);
    let mut names: Vec<_> =
        members.filter(|it| it.role == ui::Role::Presenter).map(|it| it.name.clone()).collect();
    names.sort();
    names
}

/// What the coordinator has planned for now, for Sanne.
pub(crate) async fn planned(organisation: &Organisation, relay: &TestRelay, presenter: &mut Robot) -> String {
    planned_for(organisation, relay, presenter, &["Sanne"]).await
}

async fn planned_for(
    organisation: &Organisation,
    relay: &TestRelay,
    presenter: &mut Robot,
    hosts: &[&str],
) -> String {
    let mut office = Robot::start(organisation.coordinator(1).identity(), relay.address());
    office.sees("an empty calendar", |screen| screen.calendar.clone()).await;
    office.act(Command::Plan {
        session: PlannedView {
            id: String::new(),
            begins_at: now().0,
            minutes: 60,
            theme: "Hoe herken je dwang?".to_owned(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
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
