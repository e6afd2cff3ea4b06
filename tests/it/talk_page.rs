//! What each sees of one conversation: folded, hidden, marked for a host; and out of it at once.

use lotgenoot_client::messages::Command;
use lotgenoot_tests::browser::{Browser, Failed, Window};

use super::browsers::demo;

#[tokio::test(flavor = "multi_thread")]
async fn heavy_words_are_folded_and_marked_for_hosts_one_can_be_hidden_and_she_can_be_out_at_once() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        host.open(&links.host).await?;
        person.open(&links.person).await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.types("nickname", "Zonnebloem").await?;
        person.presses("nickname-go").await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.says("Mag ik meepraten?").await?;
        host.presses("line-open").await?;
        host.presses("admit").await?;
        person.sees("group").await?;
        // What could lead somebody to her is asked about; this she leaves out.
        person.types("composer", "Ik woon op de Lindestraat 14").await?;
        person.presses("send").await?;
        person.reads("hint", "adres").await?;
        person.presses("hint-change").await?;
        person.types("composer", "Let op: geweld. Hij kwam met een mes.").await?;
        person.presses("send").await?;
        person.reads("message", "Hij kwam met een mes.").await?;
        host.presses("group-open").await?;
        host.reads("heed", "Let hierop").await?;
        host.sees("folded").await?;
        if host.reads("message", "Let op:").await?.text().await.unwrap_or_default().contains("een mes") {
            return Err("who has not chosen to reads what was warned of".to_owned());
        }
        pictured(&host, "talk-heed").await?;
        if person.count("heed").await != 0 {
            return Err("what is for hosts is for hosts".to_owned());
        }

        let room = demo.cast.room.clone();
        demo.cast.guests[0].act(Command::Say { room, text: "Ik zeg ook iets".to_owned() });
        person.reads("message", "Ik zeg ook iets").await?;
        person.script("document.querySelector('[data-test=members]').open = true").await?;
        person.enters("hide").await?;
        person.sees("hidden").await?;
        if person.script("return document.body.innerText").await?.to_string().contains("Ik zeg ook iets") {
            return Err("it is still there to read".to_owned());
        }
        pictured(&person, "talk-hidden").await?;
        person.enters("hide").await?;
        person.reads("message", "Ik zeg ook iets").await?;
        person.script("document.querySelector('[data-test=members]').open = false").await?;
        pictured(&person, "talk-foot").await?;

        person.enters("recognise").await?;
        person.sees("line").await?;
        person.reads("notice", "en niet waarom").await?;
        pictured(&person, "talk-away").await?;
        host.presses("line-open").await?;
        host.reads("note", "is daar nu liever niet").await?;
        pictured(&host, "talk-away-host").await
    }
    .await;
    story.unwrap();
    browser.stop().await;
}

async fn pictured(window: &Window, name: &str) -> Result<(), Failed> {
    match std::env::var_os("LOTGENOOT_PICTURES") {
        Some(folder) => window.picture(&std::path::Path::new(&folder).join(format!("{name}.png"))).await,
        None => Ok(()),
    }
}
