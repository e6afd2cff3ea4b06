//! How a call is closed well, in real browsers: what was agreed, how it ended, and the question when she comes back.

use lotgenoot_tests::browser::{Browser, Failed, Window};

use super::browsers::unfolds;
use super::help_page::House;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_is_there_when_she_comes_back_by_six_words_and_she_is_asked_what_came_of_it() {
    let house = House::open().await;
    let browser = Browser::start().await;
    let told: Result<(), Failed> = async {
        let noor = house.at_work(&browser, "noor", &house.noor, 1280).await?;
        let person = raised(&house, &browser).await?;
        noor.presses("page-take").await?;
        noor.sees("help-room").await?;
        noor.says("Ik ben Noor. Ik lees wat je schreef.").await?;
        person.sees_state("call-state", "data-state", "active").await?;

        // The lead writes down what was agreed, with the keyboard alone; nothing is not written down.
        noor.enters("agreement-add").await?;
        assert!(!noor.sees("agreement-save").await?.is_enabled().await.unwrap_or(true));
        noor.keys("Belt morgen de opvang in Breda, en schrijft hier wat ze zeggen.").await?;
        noor.tabs_to("agreement-who").await?;
        assert_eq!(noor.script("return document.activeElement.value").await?, "Noor");
        sets(&noor, "agreement-day", 3).await?;
        pictured(&noor, "agreement-form").await?;
        noor.enters("agreement-save").await?;
        noor.reads("agreement", "Noor: Belt morgen de opvang").await?;
        here(&noor, "agreement-add").await?;
        person.reads("agreements", "Afspraken: 1").await?;
        unfolds(&person, "agreements").await?;
        person.reads("agreement", "Noor: Belt morgen de opvang").await?;
        person.reads("agreement", "Uiterlijk").await?;
        pictured(&person, "agreed-while-talking").await?;
        noor.enters("agreement-change").await?;
        noor.types("agreement-text", "Belt morgen de opvang").await?;
        noor.enters("agreement-save").await?;
        noor.enters("agreement-done").await?;
        here(&noor, "agreement-done").await?;
        person.reads("agreement", "Gedaan").await?;
        assert_eq!(person.count("agreement-done").await, 0, "it is not hers to change");
        pictured(&noor, "agreements-of-the-lead").await?;

        // She chooses to be asked later, and reads what she wrote of safe moments while she chooses.
        unfolds(&person, "aftercare").await?;
        person.reads("aftercare-safe", "Als hij werkt").await?;
        assert!(!person.sees("aftercare-go").await?.is_enabled().await.unwrap_or(true));
        person.presses("aftercare-when-3").await?;
        sets(&person, "aftercare-day", 0).await?;
        sets_time(&person, "aftercare-time", "00:00").await?;
        person.presses("aftercare-talk").await?;
        pictured(&person, "aftercare-choose").await?;
        person.enters("aftercare-go").await?;
        person.reads("aftercare-chosen", "vragen we het je").await?;
        assert_eq!(person.count("aftercare-asked").await, 0, "not while they talk");

        person.enters("call-stop").await?;
        person.enters("call-close").await?;
        person.sees_state("call-state", "data-state", "closed").await?;
        pictured(&person, "closed-with-agreements").await?;

        // Whoever led it is asked how it ended until she has said so.
        noor.reads("outcome-due", "Zeg nog hoe het afliep").await?;
        noor.sees("outcome-form").await?;
        assert_eq!(noor.count("outcome-codes").await, 0, "first whether somebody spoke with her");
        noor.tabs_to("outcome-spoke").await?;
        noor.keys(" ").await?;
        noor.sees("outcome-codes").await?;
        assert_eq!(noor.count("outcome-19").await, 0, "she was spoken with");
        assert_eq!(noor.count("outcome-17").await, 0, "nobody took it over");
        for mark in ["outcome-0", "outcome-4"] {
            noor.tabs_to(mark).await?;
            noor.keys(" ").await?;
        }
        pictured(&noor, "outcome").await?;
        noor.enters("outcome-send").await?;
        noor.wait("nobody asks any more", async || (noor.count("outcome-due").await == 0).then_some(()))
            .await?;
        assert_eq!(noor.count("outcome-form").await, 0);
        unfolds(&noor, "own-times").await?;
        noor.reads("own-times", "Alleen jij ziet dit").await?;
        assert_eq!(noor.count("own-time").await, 2);
        pictured(&noor, "own-times").await?;

        // On another phone, with nothing but six words.
        person.enters("phrase-open").await?;
        person.enters("phrase-draw").await?;
        let phrase = person.text("phrase").await?.split_whitespace().collect::<Vec<_>>().join(" ");
        person.enters("phrase-keep").await?;
        person.reads("phrase-state", "Klaar").await?;
        // Where she was last is in the vault too.
        person.sees_state("screen", "data-kept", "true").await?;
        person.close().await;
        let again = browser.window("other phone", 360, 740).await?;
        again.open(house.person.split('#').next().unwrap_or_default()).await?;
        again.presses("begin").await?;
        again.presses("step-safe-yes").await?;
        again.enters("return-open").await?;
        again.types("return-field", &phrase).await?;
        again.presses("return-go").await?;
        again.reads("aftercare-asked", "Is er gedaan wat is afgesproken?").await?;
        again.reads("agreement", "Noor: Belt morgen de opvang").await?;
        pictured(&again, "aftercare-asked").await?;
        again.enters("aftercare-partly").await?;
        again.reads("aftercare-answered", "ligt niet aan jou").await?;
        pictured(&again, "aftercare-answered").await?;
        // Long after: it is not taken back, somebody is called anew, and whoever led it first.
        house.clock_is_ahead(120_000);
        again.enters("aftercare-reach").await?;
        again.sees("call").await?;
        noor.presses("page-take").await?;
        again.reads("call-state", "Noor").await?;
        again.close().await;
        noor.close().await;
        Ok(())
    }
    .await;
    told.unwrap();
    browser.stop().await;
}

// She says when it is safe for her.
async fn raised(house: &House, browser: &Browser) -> Result<Window, Failed> {
    let person = house.tells(browser).await?;
    person
        .script("document.querySelector('[data-test=intake-safe-ways]').closest('details').open = true")
        .await?;
    person.types("intake-safe-ways", "Als hij werkt: maandag tot en met vrijdag, overdag").await?;
    person.presses("raise-send").await?;
    person.sees("call-state").await?;
    Ok(person)
}

// So many days from today, where she is.
async fn sets(window: &Window, mark: &str, days: u32) -> Result<(), Failed> {
    let day = format!(
        "const at = new Date(Date.now() + {days} * 86400000 - new Date().getTimezoneOffset() * 60000);\
         return at.toISOString().slice(0, 10)"
    );
    let day = window.script(&day).await?.as_str().unwrap_or_default().to_owned();
    sets_time(window, mark, &day).await
}

async fn sets_time(window: &Window, mark: &str, value: &str) -> Result<(), Failed> {
    window.sees(mark).await?;
    let set = format!(
        "const it = document.querySelector('[data-test={mark}]'); it.value = '{value}';\
         it.dispatchEvent(new Event('input', {{bubbles: true}}))"
    );
    window.script(&set).await.map(drop)
}

// The focus is where it was, although something has changed there.
async fn here(window: &Window, mark: &str) -> Result<(), Failed> {
    let at = "return document.activeElement?.dataset.test ?? ''";
    window
        .wait(&format!("the focus on {mark}"), async || (window.script(at).await.ok()? == mark).then_some(()))
        .await
}

// As it looks on a phone and at a desk.
async fn pictured(window: &Window, name: &str) -> Result<(), Failed> {
    if std::env::var_os("LOTGENOOT_PICTURES").is_none() {
        return Ok(());
    }
    let is_hers = window.who != "noor";
    let [usual, other] = if is_hers { [(360, 740), (1280, 800)] } else { [(1280, 800), (360, 740)] };
    for (width, height) in [other, usual] {
        window.driver().set_window_rect(0, 0, width, height).await.map_err(|error| error.to_string())?;
        window.pictured(&format!("{name}-{width}")).await?;
    }
    Ok(())
}
