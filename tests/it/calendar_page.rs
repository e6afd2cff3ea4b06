//! The calendar on the screens of who keeps it, who leads and who comes.

use lotgenoot_client::messages::Command;
use lotgenoot_protocol::link::Link;
use lotgenoot_tests::browser::{Browser, Failed, Key, Window};
use lotgenoot_tests::robot::Robot;

use super::browsers::{NO_SCRIPT, chooses, comes_in, demo, plans};

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
        let mute = browser.window_with("no script", 360, 740, NO_SCRIPT).await?;
        mute.open(&links.person).await?;
        let source = mute.driver().source().await.map_err(|error| error.to_string())?;
        if !source.contains("Samen staan we sterker") || !source.contains("Beter slapen") {
            return Err(format!("without a script nobody reads what is planned: {source}"));
        }
        mute.saved("planned-no-script").await?;
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
        person.reads("open-now", "We kunnen nu niet zien wie er is").await?;
        host.reads("opening", "We weten nu niet").await?;
        person.pictured("planned-away").await
    }
    .await;
    gone.unwrap();
    browser.stop().await;
}

/// With the keyboard alone; a day and a time are picked in what the browser itself brings for that.
#[tokio::test(flavor = "multi_thread")]
async fn who_keeps_the_calendar_plans_and_changes_with_the_keyboard_and_reads_what_is_too_much() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let host = browser.window("host", 1280, 800).await.unwrap();
    let story: Result<(), Failed> = async {
        host.open(&links.host).await?;
        office.open(&links.coordinator).await?;
        office.tabs_to("plan-theme").await?;
        office.keys("Slapen").await?;
        office.tabs_to("plan-day").await?;
        sets(&office, "plan-day", "new Date(Date.now() + 86400000)", "day").await?;
        office.tabs_to("plan-time").await?;
        sets(&office, "plan-time", "new Date(2026, 0, 1, 9, 0)", "time").await?;
        office.tabs_to("plan-minutes").await?;
        office.keys("60").await?;
        // One less than what stands there.
        office.tabs_to("plan-size").await?;
        office.keys(Key::Up).await?;
        office.tabs_to("plan-host").await?;
        to_roos(&office).await?;
        office.keys(" ").await?;
        office.tabs_to("plan-by-invitation").await?;
        office.keys(" ").await?;
        office.enters("plan-go").await?;
        office.reads("plan-item", "Slapen").await?;
        office.reads("plan-item", "Begeleiders: Roos.").await?;
        office.reads("plan-item", "Voor 8 mensen.").await?;
        office.reads("plan-item", "Alleen met een uitnodiging").await?;
        if office.count("overloaded").await != 0 {
            return Err("one evening is not too much".to_owned());
        }
        // The day, the hosts and the rest stay as they were for the next one.
        for (theme, hour) in [("Samen koken", 13), ("Uitgaan", 20)] {
            office.tabs_to("plan-theme").await?;
            office.keys(theme).await?;
            office.tabs_to("plan-time").await?;
            sets(&office, "plan-time", &format!("new Date(2026, 0, 1, {hour}, 0)"), "time").await?;
            office.enters("plan-go").await?;
            office.reads("plan-item", theme).await?;
        }
        office.reads("overloaded", "Roos staat vaker dan twee keer per dag").await?;
        office.pictured("overloaded").await?;
        host.reads("overloaded", "op een dag meer dan twee").await?;
        host.pictured("overloaded-host").await?;

        // The first of them on another day: changed, and not planned anew.
        office.enters("replan").await?;
        office.reads("plan-what", "Wijzig wat er gepland staat").await?;
        let form = "const value = (it) => document.querySelector(`[data-test=plan-${it}]`).value;\
                    return [value('theme'), value('time'), value('minutes'), value('size'),\
                            document.activeElement.dataset.test]";
        let filled = office.script(form).await?;
        if filled != serde_json::json!(["Slapen", "09:00", "60", "8", "plan-theme"]) {
            return Err(format!("what is to be changed is in the form as {filled}"));
        }
        office.keys(Key::End).await?;
        office.keys(" en dromen").await?;
        office.tabs_to("plan-day").await?;
        sets(&office, "plan-day", "new Date(Date.now() + 5 * 86400000)", "day").await?;
        office.pictured("replan").await?;
        office.enters("plan-go").await?;
        office.reads("plan-item", "Slapen en dromen").await?;
        office.reads("plan-what", "Plan een groep").await?;
        if office.count("plan-item").await != 3 {
            return Err("what was changed is there twice, or not at all".to_owned());
        }
        gone(&office, "overloaded", "Roos").await?;
        gone(&host, "overloaded", "Je leidt").await?;
        // Not after all.
        office.enters("replan").await?;
        office.enters("plan-not").await?;
        office.reads("plan-what", "Plan een groep").await.map(drop)
    }
    .await;
    if story.is_err() {
        office.pictured("failed-office").await.unwrap();
        host.pictured("failed-host").await.unwrap();
    }
    story.unwrap();
    browser.stop().await;
}

/// What was planned is told to whoever lets people in; she judges.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_reads_who_has_no_invitation_and_that_her_group_is_full_and_may_let_her_in_all_the_same() {
    let mut demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    // Three more than the two who are in the group already.
    let fragment = links.person.split_once('#').unwrap().1;
    let link = Link::parse(fragment).unwrap();
    let mut guests = Vec::new();
    for nickname in ["Egel", "Wilg", "Varen"] {
        let mut guest = Robot::person(link.root, demo.relay.address());
        let line = guest.enters(nickname).await;
        guest.says(&line, "Ik wil graag meepraten.").await;
        demo.cast.host.reads(&line, "Ik wil graag meepraten.").await;
        demo.cast.host.act(Command::Admit { line, room: demo.cast.room.clone() });
        guest.sees("the group", |screen| screen.rooms.get(&demo.cast.room).map(|_| ())).await;
        guests.push(guest);
    }
    let story: Result<(), Failed> = async {
        office.open(&links.coordinator).await?;
        chooses(&office, "plan-size", "5").await?;
        office.script("document.querySelector('[data-test=plan-by-invitation]').click()").await?;
        plans(&office, "Samen staan we sterker", false).await?;
        host.open(&links.host).await?;
        host.reads("my-sessions", "Samen staan we sterker").await?;
        comes_in(&person, &demo.links().person).await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.says("Mag ik meepraten?").await?;
        host.reads("line-invitation", "Geen uitnodiging getoond").await?;
        host.pictured("not-invited").await?;
        host.script(
            "[...document.querySelectorAll('[data-test=line-open]')]\
             .find((it) => it.innerText.includes('Zonnebloem')).click()",
        )
        .await?;
        host.reads("invitation", "Deze groep is alleen op uitnodiging").await?;
        host.reads("full", "Groep 1 is vol (5 van 5)").await?;
        host.pictured("full").await?;
        host.presses("admit").await?;
        person.sees("group").await?;
        // Let in, nothing is asked of her any more.
        gone(&host, "line-invitation", "geen uitnodiging").await?;
        gone(&host, "full", "vol").await
    }
    .await;
    if story.is_err() {
        host.pictured("failed-host").await.unwrap();
        person.pictured("failed-person").await.unwrap();
    }
    story.unwrap();
    browser.stop().await;
}

// On from the first host there is to choose.
async fn to_roos(office: &Window) -> Result<(), Failed> {
    let here = "return document.activeElement.parentElement.innerText";
    for _ in 0..4 {
        if office.script(here).await?.as_str().is_some_and(|name| name.contains("Roos")) {
            return Ok(());
        }
        office.tab().await?;
    }
    Err("Roos is not reached with the Tab key".to_owned())
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
