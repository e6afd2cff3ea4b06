//! Nothing is on the device, and yet the same screen comes back: after a reload, in another tab, on another phone.

use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::demo::Demo;

use super::browsers::{demo, entered};

const HALF: &str = "Ik weet nog niet of ik";

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_in_the_middle_of_a_sentence_brings_the_same_screen_back() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let (host, professional, person) = tokio::join!(
        staff(&browser, "host", &demo.links().host),
        staff(&browser, "professional", &demo.links().professional),
        entered(&browser, &demo)
    );
    let (host, professional, person) = (host.unwrap(), professional.unwrap(), person.unwrap());
    let story = async {
        in_a_line(&person, &host).await?;
        half_a_sentence(&person).await?;
        person.driver().refresh().await.map_err(say)?;
        the_same_screen(&person, "line", "Ja, welkom.").await?;
        person.presses("send").await?;
        host.reads("message", HALF).await?;
        host.says("Neem de tijd.").await?;
        person.reads("message", "Neem de tijd.").await?;

        // The host's page too: her link is gone from the address, and she is who she was.
        host.driver().refresh().await.map_err(say)?;
        host.reads("message", "Neem de tijd.").await?;
        host.reads("you", "Roos").await?;
        host.says("Ik ben er nog.").await?;
        person.reads("message", "Ik ben er nog.").await?;

        person.presses("raise").await?;
        person.types("intake-wants", "Ik wil weten waar ik heen kan").await?;
        person.presses("consent-talk").await?;
        person.presses("consent-summary").await?;
        person.presses("raise-send").await?;
        person.sees_state("call-state", "data-state", "stored").await?;
        person.driver().refresh().await.map_err(say)?;
        person.sees_state("call-state", "data-state", "stored").await?;
        professional.presses("page-take").await?;
        professional.says("Ik ben Noor. Ik lees mee.").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        half_a_sentence(&person).await?;
        person.driver().refresh().await.map_err(say)?;
        the_same_screen(&person, "call", "Ik ben Noor.").await?;
        person.sees_state("call-state", "data-state", "active").await?;
        person.presses("send").await?;
        professional.reads("message", HALF).await?;
        professional.driver().refresh().await.map_err(say)?;
        professional.reads("message", HALF).await?;
        professional.says("Dat hoeft ook nog niet.").await?;
        person.reads("message", "Dat hoeft ook nog niet.").await?;

        only_what_leads_back_is_kept(&person).await?;
        person.leaves().await?;
        nothing_is_kept(&person, &demo).await
    };
    let told: Result<(), Failed> = story.await;
    told.unwrap();
    tokio::join!(person.close(), host.close(), professional.close());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn six_words_bring_her_back_on_another_phone_with_the_keyboard_alone_and_the_first_one_says_so() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let (host, person) = tokio::join!(staff(&browser, "host", &demo.links().host), entered(&browser, &demo));
    let (host, person) = (host.unwrap(), person.unwrap());
    let other = browser.window("other phone", 360, 740).await.unwrap();
    let story = async {
        in_a_line(&person, &host).await?;
        person.enters("phrase-open").await?;
        person.enters("phrase-draw").await?;
        person.pictured("phrase").await?;
        let phrase = person.text("phrase").await?.split_whitespace().collect::<Vec<_>>().join(" ");
        person.enters("phrase-keep").await?;
        person.reads("phrase-state", "Klaar").await?;
        person.pictured("phrase-kept").await?;
        person.enters("back-to-room").await?;
        person.reads("message", "Ja, welkom.").await?;

        // By the address alone, as somebody types it.
        let address = demo.links().person.split('#').next().unwrap_or_default().to_owned();
        other.open(&address).await?;
        other.presses("begin").await?;
        other.presses("step-safe-yes").await?;
        other.enters("return-open").await?;
        let words: Vec<&str> = phrase.split(' ').collect();
        let slip = words[0].char_indices().map(|(at, c)| if at == 0 { 'q' } else { c }).collect::<String>();
        other.types("return-field", &format!("{slip} {}", words[1..].join(" "))).await?;
        other.reads("return-state", words[0]).await?;
        other.pictured("return-hint").await?;
        other.presses("return-go").await?;
        other.reads("return-state", "niet in onze lijst").await?;
        other.types("return-field", &words[1..].join(" ")).await?;
        other.presses("return-go").await?;
        other.reads("return-state", "geen zes woorden").await?;
        let another: Vec<&str> = words.iter().rev().copied().collect();
        other.types("return-field", &another.join(" ")).await?;
        other.presses("return-go").await?;
        other.reads("return-state", "niets bewaard").await?;
        other.pictured("return-nothing").await?;
        other.types("return-field", &phrase).await?;
        other.enters("return-go").await?;
        other.sees("line").await?;
        other.reads("message", "Ja, welkom.").await?;
        other.pictured("returned").await?;
        other.says("Ik ben terug.").await?;
        host.reads("message", "Ik ben terug.").await?;

        // Two screens of one mailbox: the first forgets, and can take over again.
        person.sees("elsewhere").await?;
        person.pictured("elsewhere").await?;
        let left = person.script("return document.body.innerText").await?.to_string();
        if left.contains("welkom") || left.contains("Zonnebloem") {
            return Err(format!("something of her is left: {left}"));
        }
        person.enters("take-over").await?;
        person.reads("message", "Ik ben terug.").await?;
        other.sees("elsewhere").await?;
        person.says("En nu hier.").await?;
        host.reads("message", "En nu hier.").await?;
        only_what_leads_back_is_kept(&person).await
    };
    let told: Result<(), Failed> = story.await;
    told.unwrap();
    tokio::join!(person.close(), host.close(), other.close());
    browser.stop().await;
}

async fn staff(browser: &Browser, who: &'static str, link: &str) -> Result<Window, Failed> {
    let window = browser.window(who, 1280, 800).await?;
    window.open(link).await?;
    window.sees("you").await?;
    Ok(window)
}

// For whoever wants to look: a folder in `LOTGENOOT_PICTURES` gets a picture of each screen.

async fn in_a_line(person: &Window, host: &Window) -> Result<(), Failed> {
    person.presses("choose-peers").await?;
    person.presses("rules-accept").await?;
    person.says("Hallo, mag ik meepraten?").await?;
    host.presses("line-open").await?;
    host.says("Ja, welkom.").await?;
    person.reads("message", "Ja, welkom.").await.map(drop)
}

// Typed, not sent; and in the vault, as far as the page knows.
async fn half_a_sentence(person: &Window) -> Result<(), Failed> {
    person.types("composer", HALF).await?;
    person.sees_state("screen", "data-kept", "true").await.map(drop)
}

async fn the_same_screen(person: &Window, screen: &str, words: &str) -> Result<(), Failed> {
    person.sees(screen).await?;
    person.reads("message", words).await?;
    let draft = async || {
        let value =
            person.script("return document.querySelector('[data-test=composer]')?.value").await.ok()?;
        (value == HALF).then_some(())
    };
    person.wait("the half sentence", draft).await
}

async fn only_what_leads_back_is_kept(window: &Window) -> Result<(), Failed> {
    let look = "const databases = await indexedDB.databases(), stores = await caches.keys();\
                const workers = await navigator.serviceWorker.getRegistrations();\
                return [document.cookie, localStorage.length, databases.length, stores.length, workers.length,\
                        Object.keys(sessionStorage).sort().join()]";
    // `caches` and service workers are there on an address that counts as safe only.
    let safe = format!("return window.isSecureContext ? await (async () => {{ {look} }})() : null");
    let kept = window.script(&safe).await?;
    if kept == serde_json::json!(["", 0, 0, 0, 0, "s,t"]) { Ok(()) } else { Err(format!("kept: {kept}")) }
}

async fn nothing_is_kept(window: &Window, demo: &Demo) -> Result<(), Failed> {
    // A page of the same origin that does nothing.
    let still = demo.links().person.split('#').next().unwrap_or_default().to_owned() + "robots.txt";
    window.open(&still).await?;
    let kept = window.script("return [sessionStorage.length, localStorage.length, document.cookie]").await?;
    if kept == serde_json::json!([0, 0, ""]) { Ok(()) } else { Err(format!("kept after leaving: {kept}")) }
}

fn say(error: impl std::fmt::Display) -> Failed {
    error.to_string()
}
