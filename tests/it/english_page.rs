//! A short evening in English: what a person, a host and a professional read.

use lotgenoot_client::messages::{Command, Measure};
use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::demo::Demo;

use super::browsers::{demo, unfolds};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_and_a_host_read_english_from_the_first_page_to_the_last_question() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story = evening(&demo, &host, &person).await;
    if story.is_err() {
        host.pictured("failed-host").await.unwrap();
        person.pictured("failed-person").await.unwrap();
    }
    story.unwrap();
    browser.stop().await;
}

async fn evening(demo: &Demo, host: &Window, person: &Window) -> Result<(), Failed> {
    let english = |link: &str| link.replacen("/#", "/en.html#", 1);
    host.open(&english(&demo.links().host)).await?;
    host.reads("you", "You are Roos, host.").await?;
    person.open(&english(&demo.links().person)).await?;
    person.reads("exit", "Leave now").await?;
    reads(person, "Talk with people who know what it is like").await?;
    reads(person, "Are you in danger now?").await?;
    person.pictured("english-front").await?;
    person.presses("begin").await?;
    reads(person, "Can you read and type safely now?").await?;
    person.presses("step-safe-yes").await?;
    reads(person, "What do you want to be called here?").await?;
    person.types("nickname", "Sunflower").await?;
    person.presses("nickname-go").await?;
    reads(person, "What do you want to do, Sunflower?").await?;
    reads(person, "First a short talk with a host.").await?;
    person.presses("choose-peers").await?;
    reads(person, "Put ‘heavy’ above it and keep it short.").await?;
    person.presses("rules-accept").await?;
    person.sees("line").await?;
    reads(person, "You are with the hosts").await?;
    person.says("May I join?").await?;
    person.reads("line-place", "You are next.").await?;
    person.pictured("english-waits").await?;

    host.reads("line-name", "Sunflower").await?;
    host.reads("line-open", "Open conversation with Sunflower").await?;
    host.presses("line-open").await?;
    host.reads("admit", "Let in to group 1").await?;
    host.presses("admit").await?;
    person.sees("group").await?;
    reads(person, "The group").await?;
    host.presses("group-open").await?;

    // What could lead somebody to her, and what she warns of, as English writes it.
    person.types("composer", "I live at 14 Lime Street").await?;
    person.presses("send").await?;
    person.reads("hint", "This looks like an address. Do you really want to share it?").await?;
    person.presses("hint-change").await?;
    person.types("composer", "Heavy: he took a knife.").await?;
    person.presses("send").await?;
    person.reads("message", "he took a knife").await?;
    host.reads("heed", "Please pay attention to this").await?;
    host.sees("folded").await?;
    if host.reads("folded", "Heavy:").await?.text().await.unwrap_or_default().contains("knife") {
        return Err("who has not chosen to reads what was warned of".to_owned());
    }
    host.pictured("english-folded").await?;

    // Slow, and then over.
    unfolds(host, "measures").await?;
    host.reads("measures", "Ready texts").await?;
    let room = demo.cast.room.clone();
    demo.cast.host.act(Command::Rule { room, measure: Measure::Slow { seconds: 20 } });
    person.reads("floor-slow", "Take it slowly: 20 seconds between two messages.").await?;
    host.presses("close-group").await?;
    reads(host, "The group does not open again.").await?;
    host.presses("close-group-now").await?;
    person.reads("floor", "This group is closed. You cannot send anything here any more.").await?;
    person.reads("survey", "You need not answer anything.").await?;
    person.script("document.querySelector('[data-test=survey-answer]').click()").await?;
    person.presses("survey-send").await?;
    person.reads("survey-sent", "Thank you. Your answer was counted.").await?;
    host.reads("debrief", "How was it for me?").await?;
    person.pictured("english-closed").await?;

    // And help: what is known, and no more.
    person.presses("raise").await?;
    reads(person, "A professional may come in and talk with me").await
}

async fn reads(window: &Window, words: &str) -> Result<(), Failed> {
    window
        .wait(&format!("to read “{words}”"), async || {
            let page = window.script("return document.body.innerText").await.ok()?;
            page.as_str()?.contains(words).then_some(())
        })
        .await
}
