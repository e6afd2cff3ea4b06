//! Leaving: from every screen of every role, by button and by keys, spoken, without a connection, and never back into it.

use lotgenoot_tests::browser::{Browser, Failed, Key, Kind, Window};
use serde_json::json;

use super::browsers::{demo, entered};

async fn says(window: &Window, words: &str) -> Result<(), Failed> {
    let status = "return document.getElementById('exit-status').textContent";
    window
        .wait(&format!("“{words}” to be said"), async || {
            let said = window.script(status).await.ok()?;
            said.as_str().is_some_and(|said| said.contains(words)).then_some(())
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn shift_is_counted_aloud_and_any_other_key_begins_anew() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let window = entered(&browser, &demo).await.unwrap();
    let story: Result<(), Failed> = async {
        let role =
            window.script("return document.getElementById('exit-status').getAttribute('role')").await?;
        if role != "status" {
            return Err(format!("what is said is a {role}"));
        }
        window.keys(Key::Shift).await?;
        says(&window, "Nog 2 keer Shift").await?;
        window.pictured("exit-counted").await?;
        window.keys(Key::Shift).await?;
        says(&window, "Nog 1 keer Shift").await?;
        window.keys("a").await?;
        says(&window, "gestopt").await?;
        // A capital letter is no wish to leave, and neither is Escape.
        window.keys(Key::Shift + "ABC").await?;
        window.keys(Key::Escape).await?;
        window.sees("choose-peers").await?;
        for _ in 0..2 {
            window.keys(Key::Shift).await?;
        }
        says(&window, "Nog 1 keer Shift").await?;
        // Where it leads cannot be reached from here, and some drivers count that as a failure.
        let _led_on = window.keys(Key::Shift).await;
        window.is_away().await
    }
    .await;
    story.unwrap();
    window.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_leaves_from_where_it_is() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let links = demo.links();
    let places = [
        ("host", &links.host, "open-peer-room"),
        ("professional", &links.professional, "you"),
        ("coordinator", &links.coordinator, "office"),
    ];
    for (who, link, there) in places {
        let window = browser.window(who, 1280, 800).await.unwrap();
        let story: Result<(), Failed> = async {
            window.open(link).await?;
            window.sees(there).await?;
            window.leaves().await
        }
        .await;
        story.unwrap();
        window.close().await;
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_connection_a_neutral_page_stands_there_and_nothing_of_hers() {
    let demo = demo().await;
    let browser = Browser::of(Kind::Chromium).await;
    let window = entered(&browser, &demo).await.unwrap();
    let story: Result<(), Failed> = async {
        window.presses("choose-peers").await?;
        window.presses("rules-accept").await?;
        window.says("Mag ik meepraten?").await?;
        window.devtools("Network.enable", json!({})).await?;
        let off = json!({ "offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        window.devtools("Network.emulateNetworkConditions", off).await?;
        window.sees("exit").await?.click().await.map_err(|error| error.to_string())?;
        let neutral = async || {
            let page = window.script("return document.body.innerText").await.ok()?;
            page.as_str().is_some_and(|page| page.starts_with("Agenda")).then_some(())
        };
        window.wait("the neutral page", neutral).await?;
        let left = "return document.body.innerHTML + document.title + sessionStorage.length";
        let left = window.script(left).await?.to_string();
        for word in ["meepraten", "begeleider", "Snel weg"] {
            if left.contains(word) {
                return Err(format!("{word} is still there: {left}"));
            }
        }
        window.saved("exit-offline").await
    }
    .await;
    story.unwrap();
    window.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_by_the_browsers_memory_sees_the_front_page() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let window = entered(&browser, &demo).await.unwrap();
    let story: Result<(), Failed> = async {
        window.presses("choose-peers").await?;
        window.presses("rules-accept").await?;
        window.says("Mag ik meepraten?").await?;
        // As a browser says it that shows a page it had put away whole.
        window
            .script("window.before = true; dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
            .await?;
        let anew = async || {
            let before = window.script("return window.before ?? null").await.ok()?;
            before.is_null().then_some(())
        };
        window.wait("the page to be another one", anew).await?;
        window.sees("begin").await?;
        let kept = window.script("return sessionStorage.length").await?;
        if kept != 0 { Err("something of hers is kept".to_owned()) } else { Ok(()) }
    }
    .await;
    story.unwrap();
    window.close().await;
    browser.stop().await;
}
