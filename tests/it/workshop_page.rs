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
    let [sanne, karim] = ["Sanne", "Karim"].map(|alias| organisation.certify(alias, Role::Presenter));
    let folder = tempfile::tempdir().unwrap();
    let [roster, data] = ["roster.toml", "data"].map(|name| folder.path().join(name));
    std::fs::write(&roster, organisation.roster_file(&[&sanne, &karim], &[])).unwrap();
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").expect("run the tests with `cargo xtask test`");
    let mut relay = RelayProcess::command(&relay_binary(), &data, &roster, Path::new(&client), 0);
    let relay = RelayProcess::run(&mut relay).await;
    let link = |fragment: &str| format!("http://{}/#{fragment}", relay.address());
    let links = [organisation.coordinator(1).link(), sanne.link(), karim.link(), organisation.person_link()];
    let [coordinator, leader, second, guest] = links.map(|fragment| link(&fragment));

    let browser = Browser::start().await;
    let office = browser.window("office", 1280, 800).await.unwrap();
    let presenter = browser.window("presenter", 1280, 800).await.unwrap();
    let colleague = browser.window("colleague", 1280, 800).await.unwrap();
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
        // Who is planned with her comes to the hall that is open.
        colleague.open(&second).await?;
        colleague.reads("workshop", THEME).await?;
        colleague.presses("stage-come").await?;
        colleague.reads("agenda", "Wat is dwang?").await?;
        if colleague.count("stage-open").await > 0 {
            return Err("a second hall is offered".to_owned());
        }

        person.open(&guest).await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.presses("nickname-go").await?;
        person.enters("stage-join").await?;
        person.reads("agenda", "Jullie vragen").await?;
        for window in [&presenter, &colleague, &person] {
            for name in ["Sanne", "Karim"] {
                window.reads("panel", name).await?;
            }
        }
        person.pictured("workshop-2-inside").await?;
        let begun = Instant::now();
        let mut others = join(&organisation, &relay, &person).await?;
        if begun.elapsed().as_secs() >= 60 {
            return Err(format!("{OTHERS} came in {:?}", begun.elapsed()));
        }
        presenter.reads("stage-count", &format!("{} mensen", OTHERS + 3)).await?;

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
            bars(window).await?;
        }
        // Too late for everybody. What a client says stays in its order: where its question is, its vote was before.
        for other in &others[..20] {
            let late =
                [Act::Vote(statement.clone(), Choice::Neither), Act::Ask("Telt mijn stem nog?".to_owned())];
            late.into_iter().for_each(|act| other.act(Command::Act { room: room.clone(), act }));
        }
        all_ask(&presenter, 20).await?;
        bars(&presenter).await?;
        presenter.says("Dank jullie wel").await?;
        person.reads("message", "Dank jullie wel").await?;
        person.reads("result", "Eens: 160 (80 procent)").await?;
        bars(&person).await?;
        person.pictured("workshop-5-result").await?;
        // One of them disturbs: she has no name, and is known by her question.
        presenter.presses("take-out").await?;
        presenter.presses("take-out-now").await?;
        person.reads("stage-count", &format!("{} mensen", OTHERS + 2)).await?;
        all_ask(&presenter, 19).await?;
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
        presenter.pictured("workshop-6-result").await?;
        // It ends for everybody, whoever of the two ends it; and is read until she leaves.
        colleague.presses("stage-end").await?;
        colleague.pictured("workshop-7-end").await?;
        colleague.presses("stage-end-now").await?;
        for window in [&presenter, &colleague, &person] {
            window.reads("floor", "De workshop is afgesloten").await?;
            window.reads("result", "Eens: 160 (80 procent)").await?;
            for gone in ["ask-go", "statement-put", "agenda-set", "stage-end", "composer"] {
                if window.count(gone).await > 0 {
                    return Err(format!("{}: {gone} is there still", window.who));
                }
            }
        }
        person.script("location.reload()").await?;
        person.reads("floor", "De workshop is afgesloten").await?;
        person.reads("result", "Eens: 160 (80 procent)").await?;
        person.pictured("workshop-8-over").await
    }
    .await;
    if story.is_err() {
        for window in [&office, &presenter, &colleague, &person] {
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
    person.reads("stage-count", &format!("{} mensen", OTHERS + 3)).await?;
    Ok(joined)
}

// The result as it is drawn, with what a screen reader says of each bar.
async fn bars(window: &Window) -> Result<(), Failed> {
    let drawn = "return [...document.querySelectorAll('[data-test=statement] progress')]\
                 .map((it) => [it.getAttribute('aria-label'), it.value, it.max])";
    let drawn = window.script(drawn).await?;
    let told = serde_json::json!([["Eens", 80, 100], ["Weet ik niet", 0, 100], ["Oneens", 20, 100]]);
    if drawn == told { Ok(()) } else { Err(format!("{}: the bars are {drawn}", window.who)) }
}

async fn all_ask(presenter: &Window, count: usize) -> Result<(), Failed> {
    let rows = "return document.querySelectorAll('[data-test=question-waiting]').length";
    presenter
        .wait(&format!("{count} questions that wait"), async || {
            (presenter.script(rows).await.ok()?.as_u64()? == count as u64).then_some(())
        })
        .await
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
