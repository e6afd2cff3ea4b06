//! A workshop on the screens of who plans it, who leads it and who comes, with two hundred others.

use std::path::Path;
use std::time::Instant;

use lotgenoot_client::messages::{Act, Choice, Command, Kind};
use lotgenoot_protocol::role::Role;
use lotgenoot_tests::browser::{Browser, Failed, Key, Window};
use lotgenoot_tests::organisation::{Organisation, now};
use lotgenoot_tests::process::{RelayProcess, relay_binary};
use lotgenoot_tests::robot::Robot;

use super::browsers::plans;

const THEME: &str = "Hoe herken je dwang?";
const OTHERS: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_come_to_a_workshop_ask_vote_and_read_the_same_result() {
    let organisation = Organisation::new(now());
    let sanne = organisation.certify("Sanne", Role::Presenter);
    let folder = tempfile::tempdir().unwrap();
    let [roster, data] = ["roster.toml", "data"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&sanne], &[])).unwrap();
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let mut relay = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0);
    let relay = RelayProcess::run(&mut relay).await;
    let link = |fragment: &str| format!("http://{}/#{fragment}", relay.address());
    let links = [organisation.coordinator(1).link(), sanne.link(), organisation.person_link()];
    let [coordinator, leader, guest] = links.map(|fragment| link(&fragment));

    let browser = Browser::start().await;
    let office = browser.window("office", 1280, 800).await.unwrap();
    let presenter = browser.window("presenter", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        office.open(&coordinator).await?;
        office.sees("plan").await?;
        plans(&office, THEME, true).await?;
        presenter.open(&leader).await?;
        presenter.reads("workshop", THEME).await?;
        presenter.pictured("workshop-1-planned").await?;
        presenter.presses("stage-open").await?;
        presenter.sees("stage").await?;
        presenter
            .script("document.querySelector('[data-test=agenda-lines]').closest('details').open = true")
            .await?;
        presenter.types("agenda-lines", "Welkom\nWat is dwang?\nJullie vragen").await?;
        presenter.enters("agenda-set").await?;
        presenter.reads("agenda", "Wat is dwang?").await?;

        person.open(&guest).await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.presses("nickname-go").await?;
        person.enters("stage-join").await?;
        person.reads("agenda", "Jullie vragen").await?;
        person.pictured("workshop-2-inside").await?;
        let begun = Instant::now();
        let mut others = join(&organisation, &relay, &person).await?;
        if begun.elapsed().as_secs() >= 60 {
            return Err(format!("{OTHERS} came in {:?}", begun.elapsed()));
        }
        presenter.reads("stage-count", &format!("{} mensen", OTHERS + 2)).await?;

        // A question is shown when she who leads has seen it.
        person.tabs_to("ask").await?;
        person.keys("Wie kan ik bellen als ik het niet zeker weet?").await?;
        person.tabs_to("ask-go").await?;
        person.keys(Key::Enter).await?;
        person.reads("own-question", "Je vraag wacht").await?;
        presenter.reads("question-waiting", "Wie kan ik bellen").await?;
        let room = others[0].screen.stages.keys().next().cloned().ok_or("nobody is on the stage")?;
        presenter.enters("question-show").await?;
        person.reads("question", "Wie kan ik bellen").await?;
        let question = others[0]
            .patiently("the question", |screen| {
                screen.stages[&room].questions.first().map(|it| it.id.clone())
            })
            .await;
        for other in &others[..7] {
            other.act(Command::Act { room: room.clone(), act: Act::Upvote(question.clone(), true) });
        }
        person.reads("question", "7 anderen willen dit ook weten").await?;
        presenter.says("Je kunt altijd bellen, ook bij twijfel").await?;
        person.reads("message", "ook bij twijfel").await?;
        presenter.enters("question-answered").await?;
        person.reads("question", "Beantwoord").await?;

        // A statement: voted on twice by some, changed by her, and closed.
        presenter.types("statement-text", "Controle is geen zorg").await?;
        presenter.enters("statement-put").await?;
        person.reads("statement", "Controle is geen zorg").await?;
        person.pictured("workshop-3-statement").await?;
        let statement = others[0]
            .patiently("the statement", |screen| {
                screen.stages[&room].statements.first().map(|it| it.id.clone())
            })
            .await;
        for (number, other) in others.iter_mut().enumerate() {
            let choice = if number % 5 == 0 { Choice::Disagree } else { Choice::Agree };
            for _ in 0..1 + number % 2 {
                other.act(Command::Act { room: room.clone(), act: Act::Vote(statement.clone(), choice) });
            }
        }
        votes(&person, 2).await?;
        votes(&person, 1).await?;
        presenter.reads("statement-votes", &format!("{} stemmen", OTHERS + 1)).await?;
        presenter.pictured("workshop-4-votes").await?;
        presenter.enters("statement-close").await?;
        for window in [&presenter, &person] {
            window.reads("result", "Eens: 160 (80 procent)").await?;
            window.reads("statement", "Oneens: 40 (20 procent)").await?;
            window.reads("statement", "Weet ik niet: 1 (0 procent)").await?;
        }
        // Too late for everybody.
        for other in &others[..20] {
            other
                .act(Command::Act { room: room.clone(), act: Act::Vote(statement.clone(), Choice::Neither) });
        }
        presenter.says("Dank jullie wel").await?;
        person.reads("message", "Dank jullie wel").await?;
        person.reads("result", "Eens: 160 (80 procent)").await?;
        person.pictured("workshop-5-result").await?;
        // Her tab is reloaded: she is where she was, with all of it.
        person.script("location.reload()").await?;
        person.reads("result", "Eens: 160 (80 procent)").await?;
        person.reads("question", "Beantwoord").await?;
        let result =
            presenter.script("return document.querySelector('[data-test=stage-result]').value").await?;
        let result = result.as_str().unwrap_or_default().to_owned();
        if !result.contains("Eens: 160, Weet ik niet: 1, Oneens: 40") || result.contains("Sanne") {
            return Err(format!("what is left of it: {result}"));
        }
        presenter.pictured("workshop-6-result").await
    }
    .await;
    if story.is_err() {
        for window in [&office, &presenter, &person] {
            window.pictured(&format!("failed-{}", window.who)).await.unwrap();
        }
    }
    story.unwrap();
    browser.stop().await;
}

// Each by a knock of her own.
async fn join(
    organisation: &Organisation,
    relay: &RelayProcess,
    person: &Window,
) -> Result<Vec<Robot>, Failed> {
    let others: Vec<Robot> =
        (0..OTHERS).map(|_| Robot::person(organisation.root(), relay.address())).collect();
    let mut joined = Vec::with_capacity(OTHERS);
    for mut other in others {
        let session = other
            .patiently("that it is open", |screen| {
                let session = screen.calendar.as_ref()?.first()?;
                session.open.then(|| session.id.clone())
            })
            .await;
        other.act(Command::JoinStage { session });
        joined.push(other);
    }
    for other in &mut joined {
        other
            .patiently("what is on the stage", |screen| {
                let inside = screen.rooms.values().any(|room| room.kind == Kind::Stage && room.caught_up);
                (inside && !screen.stages.is_empty()).then_some(())
            })
            .await;
    }
    person.reads("stage-count", &format!("{} mensen", OTHERS + 2)).await?;
    Ok(joined)
}

// With the keyboard: from the first of the three on.
async fn votes(person: &Window, choice: usize) -> Result<(), Failed> {
    person.script("document.querySelector('[data-test=stage] h1').focus()").await?;
    person.tabs_to("vote").await?;
    for _ in 0..choice {
        person.tab().await?;
    }
    person.keys(" ").await?;
    person
        .wait("her vote to be in", async || {
            let pressed = format!(
                "return document.querySelectorAll('[data-test=vote]')[{choice}]?.getAttribute('aria-pressed')"
            );
            (person.script(&pressed).await.ok()? == "true").then_some(())
        })
        .await
}
