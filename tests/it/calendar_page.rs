//! The calendar on the screens of who keeps it, who leads and who comes.

use lotgenoot_tests::browser::{Browser, Failed, Window};

use super::browsers::demo;

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_plans_a_group_everybody_reads_it_and_its_host_opens_it() {
    let mut demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        office.open(&links.coordinator).await?;
        office.sees("plan").await?;
        office.types("plan-theme", "Samen staan we sterker").await?;
        // A minute ago, where she is; and one for tomorrow.
        sets(&office, "plan-day", "new Date(Date.now() - 60000)", "day").await?;
        sets(&office, "plan-time", "new Date(Date.now() - 60000)", "time").await?;
        picks(&office, "Roos").await?;
        office.pictured("plan").await?;
        office.enters("plan-go").await?;
        office.reads("plan-item", "Samen staan we sterker").await?;
        office.types("plan-theme", "Beter slapen").await?;
        sets(&office, "plan-day", "new Date(Date.now() + 86400000)", "day").await?;
        office.presses("plan-go").await?;
        office.reads("plan-item", "Beter slapen").await?;
        office.pictured("planned").await?;

        // Before any script, and without one.
        let mute =
            browser.window_with("no script", 360, 740, &["--blink-settings=scriptEnabled=false"]).await?;
        mute.open(&links.person).await?;
        let source = mute.driver().source().await.map_err(|error| error.to_string())?;
        if !source.contains("Samen staan we sterker") || !source.contains("Beter slapen") {
            return Err(format!("without a script nobody reads what is planned: {source}"));
        }
        mute.pictured("planned-no-script").await?;
        mute.close().await;
        person.open(&links.person).await?;
        person.reads("planned-front", "Samen staan we sterker").await?;
        person.pictured("planned-front").await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.presses("nickname-go").await?;
        person.reads("planned", "Beter slapen").await?;
        person.pictured("planned-choose").await?;
        if person.count("planned-open").await != 0 {
            return Err("nobody has opened it".to_owned());
        }
        host.open(&links.host).await?;
        host.reads("my-sessions", "Samen staan we sterker").await?;
        host.presses("open-peer-room").await?;
        host.sees("opening").await?;
        host.reads("opening-which", "Samen staan we sterker").await?;
        host.pictured("opening").await?;
        host.enters("open-group").await?;
        host.reads("floor-ends", "De groep stopt om").await?;
        person.sees("planned-open").await?;
        host.pictured("opened").await?;

        office.enters("unplan").await?;
        gone(&office, "plan-item", "Samen staan we sterker").await?;
        gone(&person, "planned", "Samen staan we sterker").await
    }
    .await;
    story.unwrap();
    // Nobody says that something is open while nobody can know.
    let gone: Result<(), Failed> = async {
        host.presses("open-peer-room").await?;
        host.sees("opening").await?;
        demo.relay.kill().await;
        person.reads("connection", "verbinding is weg").await?;
        person.reads("open-now", "We kijken nog").await?;
        host.reads("opening", "We weten nu niet").await?;
        person.pictured("planned-away").await
    }
    .await;
    gone.unwrap();
    browser.stop().await;
}

// A field of a day or a time, as if it had been picked.
async fn sets(window: &Window, mark: &str, moment: &str, part: &str) -> Result<(), Failed> {
    let set = format!(
        "const at = {moment}, two = (n) => String(n).padStart(2, '0');\
         const it = document.querySelector('[data-test={mark}]');\
         it.value = '{part}' === 'day' ? `${{at.getFullYear()}}-${{two(at.getMonth() + 1)}}-${{two(at.getDate())}}`\
           : `${{two(at.getHours())}}:${{two(at.getMinutes())}}`;\
         it.dispatchEvent(new Event('input', {{bubbles: true}})); return it.value"
    );
    match window.script(&set).await?.as_str() {
        Some(value) if !value.is_empty() => Ok(()),
        other => Err(format!("{mark} took nothing: {other:?}")),
    }
}

async fn picks(window: &Window, alias: &str) -> Result<(), Failed> {
    window
        .wait(&format!("{alias} to be picked"), async || {
            let pick = format!(
                "const it = [...document.querySelectorAll('[data-test=plan-host]')]\
                 .find((it) => it.parentElement.innerText.includes('{alias}')); it?.click(); return !!it"
            );
            (window.script(&pick).await.ok()? == true).then_some(())
        })
        .await
}

async fn gone(window: &Window, mark: &str, words: &str) -> Result<(), Failed> {
    window
        .wait(&format!("“{words}” to be gone"), async || {
            let all = format!(
                "return [...document.querySelectorAll('[data-test={mark}]')].map((it) => it.innerText).join()"
            );
            (!window.script(&all).await.ok()?.as_str()?.contains(words)).then_some(())
        })
        .await
}
