//! What each sees of one conversation: folded, hidden, marked for a host; and out of it at once.

use lotgenoot_client::messages::Command;
use lotgenoot_tests::browser::{Browser, Failed};

use super::browsers::{comes_in, demo, is_let_in};

#[tokio::test(flavor = "multi_thread")]
async fn heavy_words_are_folded_and_marked_for_hosts_one_can_be_hidden_and_she_can_be_out_at_once() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        host.open(&links.host).await?;
        comes_in(&person, &demo.links().person).await?;
        is_let_in(&person, &host).await?;
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
        host.pictured("talk-heed").await?;
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
        person.pictured("talk-hidden").await?;
        person.enters("hide").await?;
        person.reads("message", "Ik zeg ook iets").await?;
        person.script("document.querySelector('[data-test=members]').open = false").await?;
        person.pictured("talk-foot").await?;

        person.enters("recognise").await?;
        person.sees("line").await?;
        person.reads("notice", "en niet waarom").await?;
        person.pictured("talk-away").await?;
        host.presses("line-open").await?;
        host.reads("note", "is daar nu liever niet").await?;
        host.pictured("talk-away-host").await
    }
    .await;
    story.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_taken_out_reads_why_and_until_when_and_the_host_has_room_for_it_on_a_phone() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let host = browser.window("host", 360, 740).await.unwrap();
    let person = browser.window("person", 1280, 800).await.unwrap();
    let story: Result<(), Failed> = async {
        host.open(&links.host).await?;
        comes_in(&person, &demo.links().person).await?;
        is_let_in(&person, &host).await?;
        host.enters("desk-back").await?;
        host.presses("group-open").await?;
        host.script("document.querySelector('[data-test=measures]').open = true").await?;
        host.pictured("phone-measures").await?;
        host.script("document.querySelector('[data-test=measures]').open = false").await?;
        host.script("document.querySelector('[data-test=members]').open = true").await?;
        host.wait("what she can do about her", async || {
            let open = "const row = [...document.querySelectorAll('[data-test=group] [data-test=member]')]\
                        .find((row) => row.innerText.includes('Zonnebloem'));\
                        row.querySelector('details').open = true; row.querySelector('[data-test=remove]').click(); return true";
            (host.script(open).await.ok()? == true).then_some(())
        })
        .await?;
        // The focus is where she types the reason.
        host.sees("remove-reason").await?;
        host.keys("Er is iemand die jou kent.").await?;
        host.tabs_to("remove-block").await?;
        host.keys(" ").await?;
        host.pictured("phone-remove").await?;
        host.enters("remove-now").await?;
        person.sees("line").await?;
        person.reads("message", "Er is iemand die jou kent.").await?;
        person.reads("blocked", "niet in de groep").await?;
        person.pictured("removed").await?;
        host.enters("desk-back").await?;
        host.presses("line-open").await?;
        host.reads("blocked", "niet terug in groep 1").await?;
        if host.count("admit").await != 0 {
            return Err("she could be let in by mistake".to_owned());
        }
        host.pictured("phone-blocked").await
    }
    .await;
    story.unwrap();
    browser.stop().await;
}
