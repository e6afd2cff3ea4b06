//! A coordinator's office and a colleague's own device, in real browsers.

use lotgenoot_tests::browser::{Browser, Failed, Window};

use super::browsers::{demo, entered};

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_renews_certifies_and_revokes_with_the_keyboard_alone() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let colleague = browser.window("colleague", 360, 740).await.unwrap();
    let story = async {
        office.open(&demo.links().coordinator).await?;
        office.reads("due", "Iris").await?;
        office.pictured("office").await?;
        office.enters("renew").await?;
        gone(&office, "due").await?;
        office.types("certify-alias", "Linde").await?;
        office.enters("certify-go").await?;
        office.reads("colleague", "Linde").await?;
        let link = value(&office, "new-link").await?;
        office.pictured("office-link").await?;
        office.enters("new-link-done").await?;
        gone(&office, "new-link").await?;

        colleague.open(&link).await?;
        colleague.reads("you", "Linde").await?;
        // Hers alone, and not a person's: a key on this device, and a PIN.
        colleague.script("document.querySelector('[data-test=device]').open = true").await?;
        colleague.types("device-pin", "1234").await?;
        colleague.presses("device-keep").await?;
        colleague.reads("device-hint", "zes").await?;
        colleague.types("device-pin", "246810").await?;
        colleague.presses("device-keep").await?;
        colleague.reads("device-count", "1").await?;
        colleague.pictured("device").await?;
        kept(&colleague, 1).await?;

        // Another day: the tab is new, the address is typed.
        colleague.script("sessionStorage.clear()").await?;
        colleague.open(&plain(&demo.links().person)).await?;
        colleague.presses("begin").await?;
        colleague.sees("pin").await?;
        colleague.pictured("pin").await?;
        colleague.types("pin", "000000").await?;
        colleague.enters("pin-go").await?;
        colleague.sees("pin-wrong").await?;
        colleague.pictured("pin-wrong").await?;
        colleague.types("pin", "246810").await?;
        colleague.enters("pin-go").await?;
        colleague.reads("you", "Linde").await?;

        // Revoked, she is not shown as anybody any more; and the device can be forgotten from where she is.
        colleague.script("document.querySelector('[data-test=device]').open = true").await?;
        colleague.presses("device-forget").await?;
        gone(&colleague, "device-count").await?;
        kept(&colleague, 0).await?;
        let revoke = "const row = [...document.querySelectorAll('[data-test=colleague]')]\
                      .find((row) => row.innerText.includes('Linde'));\
                      row.querySelector('[data-test=revoke]').click()";
        office.script(revoke).await?;
        office.enters("revoke-sure").await?;
        let left = async || {
            let text = office.script("return document.body.innerText").await.ok()?.to_string();
            (!text.contains("Linde")).then_some(())
        };
        office.wait("Linde to be gone from the list", left).await
    };
    let told: Result<(), Failed> = story.await;
    told.unwrap();
    tokio::join!(office.close(), colleague.close());
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persons_page_offers_no_key_on_her_device_and_says_who_invited_her() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = entered(&browser, &demo).await.unwrap();
    let invited = browser.window("invited", 360, 740).await.unwrap();
    let story = async {
        let offers = person.script("return document.querySelectorAll('[data-test=device]').length").await?;
        if offers != serde_json::json!(0) {
            return Err(format!("offered to a person: {offers}"));
        }
        kept(&person, 0).await?;
        invited.open(&demo.links().invited).await?;
        invited.presses("begin").await?;
        invited.presses("step-safe-yes").await?;
        invited.reads("invited", "Slachtofferhulp").await?;
        invited.pictured("invited").await
    };
    let told: Result<(), Failed> = story.await;
    told.unwrap();
    tokio::join!(person.close(), invited.close());
    browser.stop().await;
}

// For whoever wants to look: a folder in `LOTGENOOT_PICTURES` gets a picture of each screen.

async fn gone(window: &Window, what: &str) -> Result<(), Failed> {
    let look = format!("return document.querySelector('[data-test={what}]') === null");
    let away = async || (window.script(&look).await.ok()? == serde_json::json!(true)).then_some(());
    window.wait(&format!("{what} to be gone"), away).await
}

async fn value(window: &Window, what: &str) -> Result<String, Failed> {
    window.sees(what).await?;
    let value = window.script(&format!("return document.querySelector('[data-test={what}]').value")).await?;
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{what} holds {value}"))
}

async fn kept(window: &Window, count: usize) -> Result<(), Failed> {
    let wanted = serde_json::json!(count);
    let there = async || (window.script("return localStorage.length").await.ok()? == wanted).then_some(());
    window.wait(&format!("{count} things on the device"), there).await
}

fn plain(link: &str) -> String {
    link.split('#').next().unwrap_or_default().to_owned()
}
