//! What can be read without asking anybody: with the interface, without WebAssembly, and without any script.

use lotgenoot_tests::browser::{Browser, Failed, How, Window, Without};

use super::browsers::{NO_SCRIPT, comes_in, demo};

const NO_WASM: How = How { dark: false, without: Without::Wasm, through: None };

/// Unfolds a topic as she does, and waits until its first fact stands there.
async fn unfolds(window: &Window, topic: &str, words: &str) -> Result<(), Failed> {
    let folded = window.sees(topic).await?;
    folded.click().await.map_err(|error| error.to_string())?;
    window.reads(topic, words).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_or_without_webassembly_the_page_still_helps() {
    let demo = demo().await;
    let browser = Browser::start().await;
    for (who, how) in [("no script", NO_SCRIPT), ("no wasm", NO_WASM)] {
        let window = browser.window_with(who, 360, 740, how).await.unwrap();
        let story: Result<(), Failed> = async {
            window.open(&demo.links().person).await?;
            let source = window.driver().source().await.map_err(|error| error.to_string())?;
            for words in ["112", "0800-2000", "112NL", "Er is nu een begeleider."] {
                if !source.contains(words) {
                    return Err(format!("{who}: the entry page lacks {words}"));
                }
            }
            if how.without == Without::Wasm {
                window.presses("begin").await?;
                window.reads("begin-status", "Het laden is niet gelukt").await?;
                window.pictured("entry-no-wasm").await?;
            }
            unfolds(&window, "topic-fund", "binnen 10 jaar").await?;
            unfolds(&window, "topic-numbers", "Moeten ze iets doen?").await?;
            unfolds(&window, "topic-server", "wat je schrijft").await?;
            window.saved(&format!("library-{}", who.replace(' ', "-"))).await?;
            window.leaves().await
        }
        .await;
        story.unwrap();
        window.close().await;
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_reads_while_she_waits_and_is_back_where_she_was_with_the_keyboard_alone() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let person = browser.window("person", 360, 740).await.unwrap();
    let story: Result<(), Failed> = async {
        person.open(&demo.links().person).await?;
        person.sees("topic-rights").await?;
        person.pictured("entry-library").await?;
        comes_in(&person, &demo.links().person).await?;
        if person.count("topic-rights").await != 0 {
            return Err("the library stands between her and what she wants".to_owned());
        }
        person.enters("choose-library").await?;
        person.pictured("library").await?;
        unfolds(&person, "topic-restraining-order", "10 dagen").await?;
        person.pictured("library-topic").await?;
        person.enters("library-end").await?;
        person.sees("choose-peers").await?;
        let back = async || {
            let at = person.script("return document.activeElement.dataset.test").await.ok()?;
            (at == "choose-library").then_some(())
        };
        person.wait("the focus to be where it was", back).await?;
        person.presses("choose-peers").await?;
        person.presses("rules-accept").await?;
        person.types("composer", "Ik wil zo vragen of").await?;
        person.enters("library-open").await?;
        // What was unfolded is unfolded; the emergency card lies on top of it too.
        person.reads("topic-restraining-order", "10 dagen").await?;
        person.presses("danger").await?;
        person.sees("danger-card").await?;
        person.presses("danger-back").await?;
        person.presses("library-back").await?;
        person.sees("line").await?;
        let typed = person.script("return document.querySelector('[data-test=composer]').value").await?;
        if typed != "Ik wil zo vragen of" {
            return Err(format!("what she typed is gone: {typed}"));
        }
        Ok(())
    }
    .await;
    story.unwrap();
    person.close().await;
    browser.stop().await;
}
