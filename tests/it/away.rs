//! What is read on the screens of the way back and of the office while the relay is away: true, and what to do next.

use lotgenoot_tests::browser::{Browser, Failed};

use super::browsers::demo;

const SIX: &str = "aalbes aanbieden aanbod aandacht aandeel aangenaam";

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_or_works_in_the_office_while_the_relay_is_away_reads_so_and_nothing_is_lost() {
    let mut demo = demo().await;
    let browser = Browser::start().await;
    let person = browser.window("person", 360, 740).await.unwrap();
    let office = browser.window("coordinator", 1280, 800).await.unwrap();
    let links = demo.links();
    let before: Result<(), Failed> = async {
        let address = links.person.split('#').next().unwrap_or_default().to_owned();
        person.open(&address).await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.presses("return-open").await?;
        person.types("return-field", SIX).await?;
        office.open(&links.coordinator).await?;
        office.reads("due", "Iris").await?;
        office.types("certify-alias", "Linde").await.map(drop)
    }
    .await;
    before.unwrap();
    demo.relay.kill().await;
    let during: Result<(), Failed> = async {
        person.presses("return-go").await?;
        person.reads("return-state", "Probeer het zo nog eens").await?;
        let typed = person.script("return document.querySelector('[data-test=return-field]').value").await?;
        if typed != SIX {
            return Err(format!("her words are gone: {typed}"));
        }
        let page = person.script("return document.body.innerText").await?.to_string();
        if !page.contains("112") {
            return Err(format!("the number is gone: {page}"));
        }
        person.pictured("away-return").await?;
        office.reads("connection", "verbinding is weg").await?;
        office.reads("certify-away", "blijft staan").await?;
        let typed = "return document.querySelector('[data-test=certify-alias]').value";
        let there = office.script(typed).await?;
        if there != "Linde" {
            return Err(format!("what she typed is gone: {there}"));
        }
        let may = "return document.querySelector('[data-test=certify-go]').disabled";
        if office.script(may).await? != true {
            return Err("she may ask for what nobody can lay down".to_owned());
        }
        office.pictured("away-office").await
    }
    .await;
    during.unwrap();
    tokio::join!(person.close(), office.close());
    browser.stop().await;
}
