//! Who may speak, on the screens of a host and of a person: held, given back, let through, slow, muted, aside, frozen.

use std::time::{Duration, Instant};

use lotgenoot_tests::browser::{Browser, Failed, Window};

use super::browsers::{chooses, comes_in, demo, is_let_in, unfolds};

// A minute without a host, and what a slow machine adds.
const FREEZES_WITHIN: Duration = Duration::from_secs(100);

#[tokio::test(flavor = "multi_thread")]
async fn a_host_leads_and_she_reads_why_she_cannot_speak_and_loses_nothing_she_typed() {
    let demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let (host, person) = (&host, &person);
    let led: Result<(), Failed> = async {
        host.open(&links.host).await?;
        host.presses("group-open").await?;
        unfolds(host, "measures").await?;
        chooses(host, "first-words", "1").await?;
        chooses(host, "pace", "20").await?;
        // Whoever waits, in which order she likes: the line first.
        comes_in(person, &demo.links().person).await?;
        is_let_in(person, host).await?;
        person.reads("floor-held", "leest eerst een begeleider").await?;
        person.reads("floor-slow", "20 seconden").await?;
        person.pictured("floor-newcomer").await?;
        person.says("Ik woon in de Lindestraat").await?;
        person.reads("message-state", "Wacht op de begeleider").await?;
        host.reads("held-count", "1 bericht wacht op jou").await?;
        host.presses("group-open").await?;
        host.reads("held-text", "Lindestraat").await?;
        if host.count("held-heed").await != 0 {
            return Err("an address is no crisis".to_owned());
        }
        host.pictured("floor-held").await?;
        host.enters("held-return").await?;
        host.pictured("floor-give-back").await?;
        host.enters("held-give-back").await?;
        person.reads("message-state", "Hieraan kan iemand je herkennen").await?;
        person.pictured("floor-returned").await?;
        person.enters("change").await?;
        let draft = "return document.querySelector('[data-test=composer]').value";
        if person.script(draft).await? != "Ik woon in de Lindestraat" {
            return Err("what came back is not where she types".to_owned());
        }
        person.says("Ik ben nieuw hier. Hij heeft een mes.").await?;
        host.reads("held-text", "Ik ben nieuw hier").await?;
        host.reads("held-heed", "Let hierop").await?;
        host.pictured("floor-held-heed").await?;
        host.enters("held-let-through").await?;
        host.reads("message", "Ik ben nieuw hier").await?;
        person.reads("message-state", "Verstuurd").await?;
        // In a slow room the next message waits, and goes by itself.
        person.says("Fijn dat jullie er zijn").await?;
        host.reads("message", "Fijn dat jullie er zijn").await?;
        unfolds(host, "measures").await?;
        chooses(host, "pace", "0").await?;
        nothing(person, "floor-slow").await
    }
    .await;
    led.unwrap();
    let shut: Result<(), Failed> = async {
        unfolds(host, "members").await?;
        host.script(&format!("{HERS}.querySelector('details').open = true")).await?;
        host.pictured("floor-member").await?;
        press(host, "mute").await?;
        person.sees_state("floor", "data-state", "muted").await?;
        person.types("composer", "Dit wil ik zeggen").await?;
        if person.sees("send").await?.is_enabled().await.unwrap_or(true) {
            return Err("she may press what is of no use".to_owned());
        }
        person.pictured("floor-muted").await?;
        press(host, "unmute").await?;
        nothing(person, "floor").await?;
        press(host, "aside").await?;
        host.sees("line").await?;
        host.says("Gaat het wel met je?").await?;
        person.sees_state("floor", "data-state", "aside").await?;
        person.pictured("floor-aside").await?;
        person.enters("to-line").await?;
        person.reads("message", "Gaat het wel met je?").await?;
        person.presses("to-group").await?;
        host.presses("group-open").await?;
        unfolds(host, "members").await?;
        host.script(&format!("{HERS}.querySelector('details').open = true")).await?;
        press(host, "back-in-group").await?;
        nothing(person, "floor").await?;
        let draft = "return document.querySelector('[data-test=composer]').value";
        if person.script(draft).await? != "Dit wil ik zeggen" {
            return Err("what she typed is gone".to_owned());
        }
        person.presses("send").await?;
        host.reads("message", "Dit wil ik zeggen").await.map(drop)
    }
    .await;
    if shut.is_err() {
        host.pictured("failed-host").await.unwrap();
    }
    shut.unwrap();
    // The co-host is gone, and the host's laptop dies.
    drop(demo.cast.host);
    host.open("about:blank").await.unwrap();
    let gone = Instant::now();
    while person.count("floor").await == 0 {
        assert!(gone.elapsed() < FREEZES_WITHIN, "a minute without a host, and she reads nothing of it");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let frozen: Result<(), Failed> = async {
        person.sees_state("floor", "data-state", "frozen").await?;
        person.types("composer", "Is er nog iemand?").await?;
        person.pictured("floor-frozen").await?;
        host.open(&links.host).await?;
        nothing(person, "floor").await?;
        person.presses("send").await?;
        person.reads("message-state", "Verstuurd").await?;
        // Whoever is on duty was told; now that she is back nobody need look for a host any more.
        nothing(host, "unattended").await?;
        host.presses("group-open").await?;
        unfolds(host, "measures").await?;
        host.presses("until").await?;
        person.reads("floor-ends", "De groep stopt om").await?;
        host.pictured("floor-measures").await?;
        host.enters("close-group").await?;
        host.enters("close-group-now").await?;
        person.sees_state("floor", "data-state", "closed").await?;
        person.reads("lines", "112").await?;
        person.pictured("floor-closed").await?;
        host.pictured("floor-closed-host").await
    }
    .await;
    frozen.unwrap();
    browser.stop().await;
}

// The row of the person who came in last.
const HERS: &str = "[...document.querySelectorAll('[data-test=group] [data-test=member]')]\
                    .filter((row) => row.querySelector('[data-test=about-member]'))\
                    .find((row) => row.innerText.includes('Zonnebloem'))";

async fn press(host: &Window, mark: &str) -> Result<(), Failed> {
    host.wait(&format!("{mark} about her"), async || {
        let press =
            format!("const it = {HERS}?.querySelector('[data-test={mark}]'); it?.click(); return !!it");
        (host.script(&press).await.ok()? == true).then_some(())
    })
    .await
}

async fn nothing(window: &Window, mark: &str) -> Result<(), Failed> {
    window.wait(&format!("{mark} to be gone"), async || (window.count(mark).await == 0).then_some(())).await
}
