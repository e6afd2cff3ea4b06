//! A page that nobody touches: covered, locked where she chose a code, closed. Told before, and never while somebody is on
//! the way to her. Time passes by the clock of the page.

use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::demo::Demo;
use serde_json::json;

use super::browsers::{comes_in, demo};

const MINUTE: u64 = 60;

/// A page whose clock can be set on.
async fn patient(browser: &Browser, demo: &Demo) -> Result<Window, Failed> {
    let person = browser.window("person", 360, 740).await?;
    comes_in(&person, &demo.links().person).await?;
    let clock = "const { Date } = window, now = Date.now.bind(Date); window.later = 0;\
                 Date.now = () => now() + window.later";
    person.script(clock).await?;
    Ok(person)
}

async fn passes(window: &Window, seconds: u64) -> Result<(), Failed> {
    window.script(&format!("window.later += {seconds} * 1000")).await.map(drop)
}

/// Until the page has looked around once more, and again.
async fn looks_around(window: &Window) -> Result<(), Failed> {
    let twice = "return new Promise((done) => setTimeout(done, 2200))";
    window.script(twice).await.map(drop)
}

async fn is_covered(window: &Window) -> Result<bool, Failed> {
    Ok(window.script("return !document.getElementById('cover').hidden").await? == true)
}

// A line of her own, with something to read in it.
async fn in_a_line(person: &Window) -> Result<(), Failed> {
    person.presses("choose-peers").await?;
    person.presses("rules-accept").await?;
    person.says("Mag ik meepraten?").await
}

async fn with_a_code(person: &Window, code: &str) -> Result<(), Failed> {
    person.presses("screen-code-open").await?;
    person.types("screen-code", "12").await?;
    person.presses("screen-code-go").await?;
    person.reads("screen-code-hint", "vier tot acht").await?;
    person.pictured("screen-code").await?;
    person.types("screen-code", code).await?;
    person.presses("screen-code-go").await?;
    person.reads("screen-code-state", "staat aan").await?;
    person.presses("back").await?;
    person.sees("choose-peers").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_follows_from_how_long_and_from_what_is_open() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let window = browser.window("person", 360, 740).await.unwrap();
    window.open(&demo.links().person).await.unwrap();
    let none = json!({});
    let line = json!({ "inRoom": true });
    let line_behind = json!({ "inRoom": true, "hidden": true });
    let coded = json!({ "hasCode": true });
    let coded_line = json!({ "inRoom": true, "hasCode": true });
    let phrase = json!({ "hasPhrase": true });
    let both = json!({ "hasPhrase": true, "hasCode": true });
    let phrase_line = json!({ "inRoom": true, "hasPhrase": true });
    let called = json!({ "inRoom": true, "called": true, "hasPhrase": true });
    // Seconds, how it stands, and what is due: c covered, l locked, x closed, and what is said.
    let table = [
        (99, &none, ""),
        (100, &none, " cover"),
        (120, &none, "c"),
        (29 * MINUTE - 1, &none, "c"),
        (29 * MINUTE, &none, "c close"),
        (30 * MINUTE, &none, "x"),
        (15 * MINUTE - 1, &line, ""),
        (15 * MINUTE, &line, " ask"),
        (16 * MINUTE, &line, "c"),
        (30 * MINUTE, &line, "x"),
        (1, &line_behind, "c"),
        (10 * MINUTE - 1, &coded, "c"),
        (10 * MINUTE, &coded, "cl"),
        (29 * MINUTE, &coded, "cl close"),
        (16 * MINUTE, &coded_line, "c"),
        (24 * MINUTE, &coded_line, "cl"),
        (9 * MINUTE, &phrase, "c close"),
        (10 * MINUTE, &phrase, "x"),
        (10 * MINUTE, &both, "cl"),
        (30 * MINUTE, &both, "x"),
        (10 * MINUTE, &phrase_line, ""),
        (30 * MINUTE, &phrase_line, "x"),
        (15 * MINUTE, &called, " ask"),
        (600 * MINUTE, &called, "c"),
    ];
    let asked: Vec<_> = table.iter().map(|(seconds, is, _)| json!([seconds * 1000, is])).collect();
    let ask = format!(
        "const {{ due }} = await import(document.querySelector('script[type=module]').src);\
         return {}.map(([idle, is]) => due(idle, is)).map((it) => it.closed ? 'x' :\
         (it.covered ? 'c' : '') + (it.locked ? 'l' : '') + (it.says ? ' ' + it.says : ''))",
        json!(asked)
    );
    let told = window.script(&ask).await.unwrap();
    for ((seconds, is, expected), found) in table.iter().zip(told.as_array().unwrap()) {
        assert_eq!(found, expected, "after {seconds} s with {is}");
    }
    window.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_with_a_code_is_warned_covered_and_locked_and_the_code_brings_back_what_was_typed() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = patient(&browser, &demo).await.unwrap();
    let story: Result<(), Failed> = async {
        in_a_line(&person).await?;
        person.presses("phrase-open").await?;
        with_a_code(&person, "4711").await?;
        person.presses("raise").await?;
        person.types("intake-wants", "Ik wil weten").await?;

        passes(&person, 105).await?;
        person.reads("idle", "leeg scherm").await?;
        person.pictured("idle-warned").await?;
        person.presses("still-here").await?;
        passes(&person, 60).await?;
        looks_around(&person).await?;
        if is_covered(&person).await? {
            return Err("she said that she is here, and was covered all the same".to_owned());
        }

        // Covered: one press, and she is where she was.
        passes(&person, 120).await?;
        person.presses("cover-continue").await?;
        let typing = "return document.activeElement.dataset.test";
        if person.script(typing).await? != "intake-wants" {
            return Err("the focus is not where it was".to_owned());
        }

        // Locked: nothing of it is on the page, and loading it anew leads to the front page only.
        passes(&person, 10 * MINUTE).await?;
        person
            .wait("the page to be locked", async || {
                let gone = "return document.getElementById('page') === null && sessionStorage.length === 0";
                (person.script(gone).await.ok()? == true).then_some(())
            })
            .await?;
        person.presses("cover-continue").await?;
        person.types("cover-code", "0000").await?;
        person.presses("cover-code-go").await?;
        person.reads("cover-status", "niet de code").await?;
        person.pictured("cover-code").await?;
        person.types("cover-code", "4711").await?;
        person.presses("cover-code-go").await?;
        person.sees("intake-wants").await?;
        let typed =
            "return document.querySelector('[data-test=intake-wants]').value + ('t' in sessionStorage)";
        if person.script(typed).await? != "Ik wil wetentrue" {
            return Err("what she typed, or her way back, is gone".to_owned());
        }
        Ok(())
    }
    .await;
    story.unwrap();
    let guessing: Result<(), Failed> = async {
        passes(&person, 10 * MINUTE).await?;
        person.wait("to be covered", async || is_covered(&person).await.ok()?.then_some(())).await?;
        looks_around(&person).await?;
        person.presses("cover-continue").await?;
        for _ in 0..5 {
            person.types("cover-code", "1111").await?;
            person.presses("cover-code-go").await?;
        }
        person.reads("cover-status", "Wacht").await?;
        // The right one opens nothing either, until the minute is over.
        person.types("cover-code", "4711").await?;
        person.presses("cover-code-go").await?;
        person.reads("cover-status", "Wacht").await?;
        passes(&person, 61).await?;
        person.types("cover-code", "4711").await?;
        person.presses("cover-code-go").await?;
        person.sees("intake-wants").await.map(drop)
    }
    .await;
    guessing.unwrap();
    let reloaded: Result<(), Failed> = async {
        passes(&person, 11 * MINUTE).await?;
        person
            .wait("the page to be locked", async || {
                let gone = "return document.getElementById('page') === null";
                (person.script(gone).await.ok()? == true).then_some(())
            })
            .await?;
        person.driver().refresh().await.map_err(|error| error.to_string())?;
        person.sees("begin").await.map(drop)
    }
    .await;
    reloaded.unwrap();
    person.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_hour_alone_closes_the_page_and_a_minute_before_it_says_so() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = patient(&browser, &demo).await.unwrap();
    let story: Result<(), Failed> = async {
        in_a_line(&person).await?;
        passes(&person, 15 * MINUTE).await?;
        person.reads("idle", "Ben je er nog?").await?;
        person.pictured("idle-asked").await?;
        passes(&person, 14 * MINUTE).await?;
        person.reads("cover-status", "sluit over").await?;
        person.pictured("cover-closes").await?;
        passes(&person, MINUTE).await?;
        person
            .wait("the page to be closed", async || {
                let gone = "return document.getElementById('page') === null && sessionStorage.length === 0";
                (person.script(gone).await.ok()? == true).then_some(())
            })
            .await?;
        let left = person.script("return document.body.innerText + document.title").await?;
        let left = left.as_str().unwrap_or_default().to_lowercase();
        for word in ["meepraten", "begeleider", "sluit"] {
            if left.contains(word) {
                return Err(format!("the page still says: {left}"));
            }
        }
        person.pictured("closed").await?;
        person.presses("cover-continue").await?;
        person.sees("begin").await.map(drop)
    }
    .await;
    story.unwrap();
    person.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_somebody_is_never_shut_out() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = patient(&browser, &demo).await.unwrap();
    let professional = browser.window("professional", 1280, 800).await.unwrap();
    let story: Result<(), Failed> = async {
        professional.open(&demo.links().professional).await?;
        professional.reads("you", "Noor").await?;
        in_a_line(&person).await?;
        person.presses("raise").await?;
        person.types("intake-wants", "Ik wil weten waar ik heen kan").await?;
        person.presses("consent-talk").await?;
        person.presses("raise-send").await?;
        person.sees_state("call-state", "data-state", "stored").await?;
        // Known at once also to the page that a phone loads anew, though she touches nothing any more.
        let noted = async || {
            let noted = person.script("return (sessionStorage.s ?? '').endsWith(' 1')").await.ok()?;
            (noted == true).then_some(())
        };
        person.wait("the open call to be noted", noted).await?;
        passes(&person, 120 * MINUTE).await?;
        person.wait("to be covered", async || is_covered(&person).await.ok()?.then_some(())).await?;
        looks_around(&person).await?;
        professional.presses("page-take").await?;
        professional.says("Ik ben Noor. Ik lees mee.").await?;
        person.presses("cover-continue").await?;
        person.reads("message", "Ik ben Noor.").await.map(drop)
    }
    .await;
    story.unwrap();
    tokio::join!(person.close(), professional.close());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_put_away_with_the_phone_was_left_alone_so_long() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = browser.window("person", 360, 740).await.unwrap();
    let page = demo.links().person.split('#').next().unwrap_or_default().to_owned();
    let still = format!("{page}robots.txt");
    // As if the browser had been ended so many minutes ago, and loads the page anew now.
    let put_away = async |minutes: u64, called: u8| -> Result<(), Failed> {
        person.open(&still).await?;
        let noted = person.script("return sessionStorage.s ?? null").await?;
        if noted.as_str().is_none_or(|noted| !noted.ends_with(" 0")) {
            return Err(format!("the last sign of her was not noted: {noted}"));
        }
        let then = format!("sessionStorage.s = `${{Date.now() - {minutes} * 60000}} {called}`");
        person.script(&then).await?;
        person.open(&page).await
    };
    let story: Result<(), Failed> = async {
        comes_in(&person, &demo.links().person).await?;
        in_a_line(&person).await?;
        put_away(1, 0).await?;
        person.reads("message", "meepraten").await?;
        put_away(5, 0).await?;
        person.sees("cover-continue").await?;
        if person.count("message").await != 0 {
            return Err("what was said is on the screen before she went on".to_owned());
        }
        person.presses("cover-continue").await?;
        person.reads("message", "meepraten").await?;
        put_away(200, 1).await?;
        person.presses("cover-continue").await?;
        person.reads("message", "meepraten").await?;
        put_away(31, 0).await?;
        person.sees("begin").await?;
        let kept = person.script("return 't' in sessionStorage").await?;
        if kept != false { Err("what leads back is still there".to_owned()) } else { Ok(()) }
    }
    .await;
    story.unwrap();
    person.close().await;
    browser.stop().await;
}
