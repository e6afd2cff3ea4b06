//! Who is not let in reads why, where else she can turn to, and which numbers there are.

use lotgenoot_tests::browser::{Browser, Failed};

use super::browsers::{comes_in, demo};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_reads_why_and_where_else_she_can_turn_to() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        host.open(&demo.links().host).await?;
        comes_in(&person, &demo.links().person).await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.says("Mag ik meepraten?").await?;
        person.sees("expect").await?;
        person.script("document.querySelector('[data-test=expect]').open = true").await?;
        person.pictured("refusal-waits").await?;
        host.presses("line-open").await?;
        host.sees("refuse").await?;
        host.script("document.querySelector('[data-test=refuse]').open = true").await?;
        host.types("refuse-reason", "De groep is vol. Het ligt niet aan jou.").await?;
        host.pictured("refusal").await?;
        host.enters("refuse-go").await?;
        host.reads("blocked", "groep 1").await?;
        host.wait("nobody to be let in", async || (host.count("admit").await == 0).then_some(())).await?;
        person.reads("message", "Het ligt niet aan jou").await?;
        person
            .reads("blocked", "Je kunt hier wel met de begeleiders praten, of een professional vragen")
            .await?;
        person.reads("lines", "112").await?;
        person.sees("raise").await?;
        person.pictured("refusal-read").await?;
        // The talk goes on.
        person.says("Jammer, maar dank je").await?;
        host.reads("message", "Jammer, maar dank je").await.map(drop)
    }
    .await;
    story.unwrap();
    browser.stop().await;
}
