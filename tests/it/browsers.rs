//! Stories in real browsers, against a real relay with the built client.

use std::path::PathBuf;

use lotgenoot_tests::browser::{Browser, Failed, How, Window, Without};
use lotgenoot_tests::demo::Demo;
use lotgenoot_tests::main_job::{self, Looks, Steps};
use lotgenoot_tests::process::relay_binary;

/// A browser that runs no script.
pub(crate) const NO_SCRIPT: How = How { dark: false, without: Without::Script, through: None };

#[tokio::test(flavor = "multi_thread")]
async fn three_browsers_do_the_main_job() {
    let mut demo = demo().await;
    let links = demo.links().clone();
    let browser = Browser::start().await;
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let job = async {
        let result = main_job::run(&browser, &links, Looks::default(), &mut Steps::new(None)).await;
        drop(done);
        result
    };
    let live = demo.cast.live(async {
        let _job_is_over = finished.await;
    });
    let (result, ()) = tokio::join!(job, live);
    result.unwrap();
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_quickly_leaves_nothing_and_shift_three_times_does_the_same() {
    let demo = demo().await;
    let browser = Browser::start().await;
    for with_keys in [false, true] {
        let window = entered(&browser, &demo).await.unwrap();
        let stored = "return localStorage.length + document.cookie.length + sessionStorage.length";
        assert_eq!(window.script(stored).await.unwrap(), 0, "something is kept while she is here");
        if with_keys {
            let keys =
                "for (let i = 0; i < 3; i++) dispatchEvent(new KeyboardEvent('keyup', {key: 'Shift'}))";
            window.script(keys).await.unwrap();
            window.is_away().await.unwrap();
        } else {
            window.leaves().await.unwrap();
        }
        window.close().await;
    }
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entry_page_is_whole_without_a_script_and_asks_nobody_else_and_does_not_move() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let mute = browser.window_with("no script", 360, 740, NO_SCRIPT).await.unwrap();
    mute.open(&demo.links().person).await.unwrap();
    let source = mute.driver().source().await.unwrap();
    for words in ["112", "0800-2000", "112NL", "Er is nu een begeleider."] {
        assert!(source.contains(words), "the entry page lacks {words}");
    }
    let title = mute.title().await.unwrap().to_lowercase();
    for word in ["slachtoffer", "geweld", "lotgeno"] {
        assert!(!title.contains(word), "the tab says {title}");
    }
    mute.sees("exit").await.unwrap();
    mute.close().await;

    for (width, height) in [(360, 740), (1280, 800)] {
        let window = browser.window("no shift", width, height).await.unwrap();
        window.open(&demo.links().person).await.unwrap();
        let shift = "const [now, begin] = ['open-now', 'begin'].map(id => document.getElementById(id));\
                     if (!now.innerText.trim()) return null;\
                     const top = () => begin.getBoundingClientRect().top;\
                     const after = top(); now.replaceChildren(); return after - top()";
        let moved = window
            .wait("to be told who is there", async || {
                window.script(shift).await.ok().filter(|moved| !moved.is_null())
            })
            .await
            .unwrap();
        assert_eq!(moved, 0, "what comes later pushes Begin from under her finger, {width} wide");
        window.close().await;
    }

    let window = entered(&browser, &demo).await.unwrap();
    let foreign = "return performance.getEntriesByType('resource').map(e => e.name)\
                   .filter(n => !n.startsWith(location.origin))";
    assert_eq!(window.script(foreign).await.unwrap(), serde_json::json!([]), "a request went elsewhere");
    window.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_cannot_be_sent_is_never_shown_as_sent() {
    let mut demo = demo().await;
    let browser = Browser::start().await;
    let window = entered(&browser, &demo).await.unwrap();
    window.presses("raise").await.unwrap();
    window.types("intake-wants", "Is daar iemand?").await.unwrap();
    window.presses("consent-talk").await.unwrap();
    demo.relay.kill().await;
    window.presses("raise-send").await.unwrap();
    window.sees_state("call-state", "data-state", "not-sent").await.unwrap();
    let words = window.text("call-state").await.unwrap();
    assert!(words.contains("nog niet verstuurd"), "she reads: {words}");
    let page = window.script("return document.body.innerText").await.unwrap().to_string();
    assert!(page.contains("112") && page.contains("0800-2000"), "the numbers are there: {page}");
    window.close().await;
    browser.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn she_gets_help_with_the_keyboard_alone() {
    let demo = demo().await;
    let browser = Browser::start().await;
    let (person, professional) =
        tokio::join!(browser.window("person", 360, 740), browser.window("professional", 1280, 800));
    let (person, professional) = (person.unwrap(), professional.unwrap());
    professional.open(&demo.links().professional).await.unwrap();
    professional.reads("you", "Noor").await.unwrap();
    let story = async {
        person.open(&demo.links().person).await?;
        person.enters("begin").await?;
        person.enters("step-safe-yes").await?;
        person.tabs_to("nickname").await?;
        person.keys("Zonnebloem").await?;
        person.enters("nickname-go").await?;
        person.enters("choose-peers").await?;
        person.enters("rules-accept").await?;
        person.tabs_to("composer").await?;
        person.keys("Hallo, mag ik meepraten?").await?;
        person.enters("send").await?;
        person.reads("message", "Hallo, mag ik meepraten?").await?;
        person.enters("raise").await?;
        person.tabs_to("intake-wants").await?;
        person.keys("Ik wil weten waar ik heen kan").await?;
        person.tabs_to("consent-talk").await?;
        person.keys(" ").await?;
        person.tabs_to("consent-summary").await?;
        person.keys(" ").await?;
        person.enters("raise-send").await?;
        professional.enters("page-take").await?;
        professional.reads("intake-card", "waar ik heen kan").await?;
        professional.tabs_to("composer").await?;
        professional.keys("Ik ben Noor. Ik lees mee.").await?;
        professional.enters("send").await?;
        person.reads("message", "Ik ben Noor.").await?;
        person.enters("call-stop").await?;
        person.enters("call-close").await?;
        professional.sees_state("call-state", "data-state", "closed").await.map(drop)
    };
    let told: Result<_, String> = story.await;
    told.unwrap();
    person.close().await;
    professional.close().await;
    browser.stop().await;
}

pub(crate) async fn demo() -> Demo {
    let client = std::env::var_os("LOTGENOOT_CLIENT_DIR").map(PathBuf::from);
    let client =
        client.expect("build the client with `cargo xtask client`, run the tests with `cargo xtask test`");
    Demo::start(&relay_binary(), &client, 0).await
}

pub(crate) async fn entered(browser: &Browser, demo: &Demo) -> Result<Window, Failed> {
    let window = browser.window("person", 360, 740).await?;
    comes_in(&window, &demo.links().person).await?;
    Ok(window)
}

// As far as what she wants to do.
pub(crate) async fn comes_in(person: &Window, link: &str) -> Result<(), Failed> {
    person.open(link).await?;
    person.presses("begin").await?;
    person.presses("step-safe-yes").await?;
    person.types("nickname", "Zonnebloem").await?;
    person.presses("nickname-go").await?;
    person.sees("choose-peers").await.map(drop)
}

// And into the group: asked in by the host, who is at her desk.
pub(crate) async fn is_let_in(person: &Window, host: &Window) -> Result<(), Failed> {
    person.presses("choose-peers").await?;
    person.presses("rules-accept").await?;
    person.says("Mag ik meepraten?").await?;
    host.presses("line-open").await?;
    host.reads("message", "Mag ik meepraten?").await?;
    host.presses("admit").await?;
    person.sees("group").await.map(drop)
}

/// What is folded away is opened.
pub(crate) async fn unfolds(window: &Window, mark: &str) -> Result<(), Failed> {
    window.sees(mark).await?;
    window.script(&format!("document.querySelector('[data-test={mark}]').open = true")).await.map(drop)
}

/// One of what there is to choose from.
pub(crate) async fn chooses(window: &Window, mark: &str, value: &str) -> Result<(), Failed> {
    window.sees(mark).await?;
    let choose = format!(
        "const it = document.querySelector('[data-test={mark}]'); it.value = '{value}';\
         it.dispatchEvent(new Event('change', {{bubbles: true}}))"
    );
    window.script(&choose).await.map(drop)
}

/// A coordinator plans something that began a minute ago, led by all there are.
pub(crate) async fn plans(office: &Window, theme: &str, workshop: bool) -> Result<(), Failed> {
    office.types("plan-theme", theme).await?;
    for (mark, part) in [("plan-day", "slice(0, 10)"), ("plan-time", "slice(11, 16)")] {
        let set = format!(
            "const it = document.querySelector('[data-test={mark}]');\
             const at = new Date(Date.now() - 60000);\
             it.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().{part};\
             it.dispatchEvent(new Event('input', {{bubbles: true}}))"
        );
        office.script(&set).await?;
    }
    if workshop {
        office.script("document.querySelector('[data-test=plan-workshop]').click()").await?;
    }
    office.sees("plan-host").await?;
    office.script("document.querySelectorAll('[data-test=plan-host]').forEach((it) => it.click())").await?;
    office.pictured("plan-filled-in").await?;
    office.enters("plan-go").await?;
    office.reads("plan-item", theme).await.map(drop)
}
