//! A host leads with the keyboard alone, and what those who hear a page are told of a group and of a call.

use lotgenoot_client::messages::{Command, Measure};
use lotgenoot_protocol::limits::ENDS_SOON_MS;
use lotgenoot_tests::browser::{Browser, Failed, Key, Window};
use lotgenoot_tests::demo::Demo;
use lotgenoot_tests::organisation::now;
use serde_json::json;

use super::browsers::{comes_in, demo, is_let_in};

// So that whoever sets an end is not told at once that it is near.
const A_MOMENT_MS: u64 = 4_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_host_leads_with_the_keyboard_alone_and_everybody_reads_that_it_ends_soon() {
    let mut demo = demo().await;
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story = leads(&mut demo, &host, &person).await;
    if story.is_err() {
        host.pictured("failed-host").await.unwrap();
        person.pictured("failed-person").await.unwrap();
    }
    story.unwrap();
    browser.stop().await;
}

async fn leads(demo: &mut Demo, host: &Window, person: &Window) -> Result<(), Failed> {
    host.open(&demo.links().host).await?;
    comes_in(person, &demo.links().person).await?;
    is_let_in(person, host).await?;
    host.enters("group-open").await?;
    host.sees("group").await?;

    // One of them: the measure and what ends it are the same button, and she stays on it.
    host.tabs_to("members").await?;
    host.keys(" ").await?;
    host.tabs_to("about-member").await?;
    host.keys(" ").await?;
    host.enters("mute").await?;
    host.reads("member-standing", "is stil tot").await?;
    is_at(host, "dataset.test", "unmute").await?;
    host.keys(Key::Enter).await?;
    gone(host, "member-standing").await?;
    host.enters("hold").await?;
    host.reads("member-standing", "eerst naar de begeleiders").await?;
    host.enters("release").await?;
    gone(host, "member-standing").await?;
    // To take somebody out asks first, and the way back is as near.
    host.enters("remove").await?;
    host.sees("remove-now").await?;
    host.enters("remove-not").await?;
    host.sees("remove").await?;

    host.script("document.querySelector('[data-test=members]').open = false").await?;

    // Everybody: from a list, by typing what it says.
    host.tabs_to("measures").await?;
    host.keys(" ").await?;
    host.tabs_to("pace").await?;
    host.keys("20").await?;
    person.reads("floor-slow", "20 seconden").await?;
    host.tabs_to("first-words").await?;
    host.keys("Het").await?;
    let room = demo.cast.room.clone();
    demo.cast
        .host
        .sees("that newcomers are read first", |screen| {
            (screen.rooms.get(&room)?.floor.newcomers == 1).then_some(())
        })
        .await;

    // What hosts say every evening: put where she types, after what she was typing, and sent by her.
    host.types("composer", "Goedenavond.").await?;
    host.enters("ready").await?;
    let typed = host.script("return document.querySelector('[data-test=composer]').value").await?;
    let expected = "Goedenavond.\nWelkom allemaal. Fijn dat jullie er zijn. Je hoeft niets te vertellen.";
    if typed != expected {
        return Err(format!("she reads {typed} where she types"));
    }
    host.pictured("host-ready").await?;
    host.enters("send").await?;
    person.reads("message", "Welkom allemaal. Fijn dat jullie er zijn.").await?;

    // Ten minutes before its end everybody reads it.
    let at = now().plus_ms(ENDS_SOON_MS + A_MOMENT_MS).0;
    demo.cast.host.act(Command::Rule { room: room.clone(), measure: Measure::Until { at } });
    person.reads("floor-ends", "De groep stopt om").await?;
    person.reads("floor-ends", "Nog even: de groep stopt om").await?;
    host.reads("floor-ends", "Nog even: de groep stopt om").await?;
    person.pictured("ends-soon").await?;
    host.enters("longer").await?;
    person.reads("floor-ends", "De groep stopt om").await?;

    // And the end: what cannot be taken back says so first.
    host.enters("close-group").await?;
    is_at(host, "innerText", "Laat de groep open").await?;
    host.enters("close-group-now").await?;
    person.sees_state("floor", "data-state", "closed").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hears_the_page_is_told_what_comes_and_finds_everything_by_its_name() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let noor = browser.window("noor", 1280, 800).await.unwrap();
    let story: Result<(), Failed> = async {
        noor.open(&demo.links().professional).await?;
        noor.reads("you", "Noor").await?;
        // What is to be told must be there before what it tells: it is kept in mind, and looked at afterwards.
        keeps(&noor, "[data-test=calls]").await?;
        host.open(&demo.links().host).await?;
        comes_in(&person, &demo.links().person).await?;
        is_let_in(&person, &host).await?;

        for (role, name) in [
            ("log", "Berichten"),
            ("textbox", "Jouw bericht"),
            ("button", "Verstuur"),
            ("button", "Vraag een professional"),
            ("heading", "De groep"),
            ("main", ""),
        ] {
            hears(&person, role, name).await?;
        }
        keeps(&person, "[data-test=log]").await?;
        host.presses("group-open").await?;
        host.says("Dag allemaal, ik ben Roos").await?;
        person.reads("message", "Dag allemaal, ik ben Roos").await?;
        is_told_in(&person, "[data-test=message]", "log").await?;

        keeps(&person, ".floor").await?;
        host.script("document.querySelector('[data-test=measures]').open = true").await?;
        host.sees("until").await?;
        host.presses("until").await?;
        person.sees("floor-ends").await?;
        is_told_in(&person, "[data-test=floor-ends]", "status").await?;

        person.presses("raise").await?;
        person.presses("consent-talk").await?;
        person.presses("raise-send").await?;
        person.sees("call-state").await?;
        let role =
            "return document.querySelector('[data-test=call-state]').closest('[role]').getAttribute('role')";
        if person.script(role).await? != "status" {
            return Err("what becomes of her call is not told".to_owned());
        }
        noor.sees("page-take").await?;
        is_told_in(&noor, "[data-test=page-take]", "assertive").await?;
        hears(&noor, "button", "Ik neem de oproep aan").await
    }
    .await;
    if story.is_err() {
        person.pictured("failed-person").await.unwrap();
        noor.pictured("failed-noor").await.unwrap();
    }
    story.unwrap();
    browser.stop().await;
}

// Where the next key goes to.
async fn is_at(window: &Window, property: &str, value: &str) -> Result<(), Failed> {
    let here = format!("return document.activeElement.{property}");
    window
        .wait(&format!("the focus on “{value}”"), async || {
            (window.script(&here).await.ok()? == value).then_some(())
        })
        .await
}

// This element, for later.
async fn keeps(window: &Window, selector: &str) -> Result<(), Failed> {
    let keep = format!("return !!(window.kept = document.querySelector('{selector}'))");
    window
        .wait(&format!("{selector} to be there"), async || {
            (window.script(&keep).await.ok()? == true).then_some(())
        })
        .await
}

// What has come stands in the element that was there before, and that one is such a region.
async fn is_told_in(window: &Window, selector: &str, region: &str) -> Result<(), Failed> {
    let look = format!(
        "const all = [...document.querySelectorAll('{selector}')], it = all[all.length - 1];\
         return [!!it && window.kept.isConnected && window.kept.contains(it),\
                 [window.kept.getAttribute('role'), window.kept.getAttribute('aria-live')].includes('{region}')]"
    );
    let told = window.script(&look).await?;
    if told == json!([true, true]) {
        Ok(())
    } else {
        Err(format!("{}: {selector} in a region “{region}” that was there before: {told}", window.who))
    }
}

// In the accessibility tree: something of this role whose name begins so.
async fn hears(window: &Window, role: &str, name: &str) -> Result<(), Failed> {
    window.devtools("Accessibility.enable", json!({})).await?;
    window
        .wait(&format!("a {role} named “{name}”"), async || {
            let tree = window.devtools("Accessibility.getFullAXTree", json!({})).await.ok()?;
            let nodes = tree["nodes"].as_array()?;
            let is_it = |node: &&serde_json::Value| {
                node["ignored"] != true
                    && node["role"]["value"] == role
                    && node["name"]["value"].as_str().unwrap_or_default().starts_with(name)
            };
            nodes.iter().find(is_it).map(drop)
        })
        .await
}

async fn gone(window: &Window, mark: &str) -> Result<(), Failed> {
    window.wait(&format!("{mark} to be gone"), async || (window.count(mark).await == 0).then_some(())).await
}
