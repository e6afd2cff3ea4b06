//! A slow connection: she reads, chooses and types long before everything has come, and nothing of it is lost.

use std::time::Duration;

use lotgenoot_tests::bench::slow_line::{Line, carry};
use lotgenoot_tests::browser::{Browser, Failed, How};

use super::browsers::demo;

const BEGUN: &str = "Ik weet niet goed hoe ik moet";

#[tokio::test(flavor = "multi_thread")]
async fn she_types_before_the_cryptography_has_come_and_finds_it_in_her_line() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let line = Line { bytes_per_second: 120_000.0, round_trip: Duration::from_millis(100) };
    let over = carry(demo.relay.address(), line).await;
    let how = How { through: Some((demo.relay.address(), over)), ..How::default() };
    let person = browser.window_with("person", 360, 740, how).await.unwrap();
    let story: Result<(), Failed> = async {
        // The driver waits until everything is there; somebody who reads does not.
        person.script(&format!("location.href = '{}'", demo.links().person)).await?;
        person.presses("begin").await?;
        person.presses("step-safe-yes").await?;
        person.types("nickname", "Zonnebloem").await?;
        person.presses("nickname-go").await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.types("early", BEGUN).await?;
        person.pictured("early").await?;
        if person.count("line").await != 0 {
            return Err("her line was there before she could begin: this shows nothing".to_owned());
        }
        person.sees("line").await?;
        let typed = person.script("return document.querySelector('[data-test=composer]').value").await?;
        let goes_on = async || {
            let at = person.script("return document.activeElement.dataset.test").await.ok()?;
            (at == "composer").then_some(())
        };
        person.wait("the focus to be where she types", goes_on).await?;
        if typed != BEGUN {
            return Err(format!("what she had typed is gone: {typed}"));
        }
        if person.count("message").await != 0 {
            return Err("it was sent before she said so".to_owned());
        }
        person.presses("send").await?;
        person.reads("message", BEGUN).await.map(drop)
    }
    .await;
    story.unwrap();
    person.close().await;
    browser.stop().await;
}
