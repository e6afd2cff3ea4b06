//! An evening in Arabic, from right to left: what a person, a host and a professional read, and that nothing of it sticks out.

use lotgenoot_tests::browser::{Browser, Failed, Window};
use lotgenoot_tests::demo::Demo;
use serde_json::json;

use super::browsers::{demo, unfolds};

#[tokio::test(flavor = "multi_thread")]
async fn a_person_a_host_and_a_professional_read_arabic_from_right_to_left() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let host = browser.window("host", 1280, 800).await.unwrap();
    let professional = browser.window("professional", 1280, 800).await.unwrap();
    let person = browser.window("person", 360, 740).await.unwrap();
    let story = evening(&demo, &host, &professional, &person).await;
    if story.is_err() {
        for (window, name) in
            [(&host, "failed-host"), (&professional, "failed-desk"), (&person, "failed-person")]
        {
            window.pictured(name).await.unwrap();
        }
    }
    story.unwrap();
    browser.stop().await;
}

async fn evening(demo: &Demo, host: &Window, professional: &Window, person: &Window) -> Result<(), Failed> {
    let arabic = |link: &str| link.replacen("/#", "/ar.html#", 1);
    host.open(&arabic(&demo.links().host)).await?;
    host.reads("you", "Roos").await?;
    shown(host, "arabic-host").await?;
    professional.open(&arabic(&demo.links().professional)).await?;
    professional.reads("duty-state", "").await?;
    shown(professional, "arabic-desk").await?;

    person.open(&arabic(&demo.links().person)).await?;
    person.reads("exit", "خروج سريع").await?;
    reads(person, "هل هناك خطر عليك الآن؟").await?;
    reads(person, "0800-2000").await?;
    shown(person, "arabic-front").await?;
    person.presses("begin").await?;
    person.sees("step-safe-yes").await?;
    shown(person, "arabic-safe").await?;
    person.presses("step-safe-yes").await?;
    person.types("nickname", "ياسمين").await?;
    shown(person, "arabic-nickname").await?;
    person.presses("nickname-go").await?;
    reads(person, "ما الذي يناسبك الآن يا ياسمين؟").await?;
    person.reads("choose-peers", "التحدث مع آخرين").await?;
    shown(person, "arabic-choose").await?;
    person.presses("choose-peers").await?;
    person.sees("rules").await?;
    shown(person, "arabic-rules").await?;
    person.presses("rules-accept").await?;
    person.sees("line").await?;
    person.says("هل يمكنني المشاركة؟").await?;
    shown(person, "arabic-line").await?;

    host.reads("line-name", "ياسمين").await?;
    host.presses("line-open").await?;
    host.reads("message", "هل يمكنني المشاركة؟").await?;
    shown(host, "arabic-host-line").await?;
    host.presses("admit").await?;
    person.sees("group").await?;
    // What somebody types in another script stands by itself.
    person.says("Mijn nummer staat er niet bij: 112.").await?;
    person.reads("message", "Mijn nummer").await?;
    shown(person, "arabic-group").await?;
    host.presses("group-open").await?;
    unfolds(host, "measures").await?;
    shown(host, "arabic-measures").await?;

    // And help.
    person.presses("raise").await?;
    person.types("intake-wants", "أريد مكانًا آمنًا الليلة").await?;
    shown(person, "arabic-intake").await?;
    person.presses("consent-talk").await?;
    person.presses("raise-send").await?;
    person.sees("call-state").await?;
    shown(person, "arabic-call").await?;
    professional.presses("page-take").await?;
    professional.sees("help-room").await?;
    shown(professional, "arabic-help-room").await?;
    person.presses("danger").await?;
    reads(person, "112").await?;
    shown(person, "arabic-danger").await
}

// Light and dark; from right to left, and nothing wider than the window.
async fn shown(window: &Window, name: &str) -> Result<(), Failed> {
    let found = window
        .script(
            "const root = document.documentElement;\
             return [root.lang, root.dir, root.scrollWidth > root.clientWidth, document.title,\
                     /[\\u0660-\\u0669\\u06f0-\\u06f9]/.test(document.body.innerText)]",
        )
        .await?;
    if found != json!(["ar", "rtl", false, "Agenda", false]) {
        return Err(format!("{name}: {found}"));
    }
    // Dark last, so that the rules are held against those colours too.
    for (scheme, suffix) in [("light", ""), ("dark", "-dark")] {
        window.is_in(scheme).await?;
        window.pictured(&format!("{name}{suffix}")).await?;
    }
    window.is_in("light").await
}

async fn reads(window: &Window, words: &str) -> Result<(), Failed> {
    window
        .wait(&format!("to read “{words}”"), async || {
            let page = window.script("return document.body.innerText").await.ok()?;
            page.as_str()?.replace(['\u{2068}', '\u{2069}'], "").contains(words).then_some(())
        })
        .await
}
