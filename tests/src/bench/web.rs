//! How heavy the page is and how long a person waits for it: real Chromium on a slow line with a slow processor, the real
//! client from a real relay (`performance.md`, F; `experience.md`, Accessibility and weight).

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::slow_line::{Line, carry};
use super::{Figure, Row};
use crate::browser::{Browser, Failed, How, Kind, Window};
use crate::demo::Demo;

// As slow as a cheap phone beside this machine.
const PROCESSOR: u32 = 4;
const READABLE_MS: u64 = 2_000;
const COLD_MS: u64 = 15_000;
const WARM_MS: u64 = 3_000;
const ENTRY_BYTES: u64 = 150_000;
const CLIENT_BYTES: u64 = 900_000;

const ENTRY: [&str; 3] = ["boot.js", "icon.svg", "style.css"];
const REST: [&str; 6] =
    ["person.js", "person.wasm", "words.nl.bin", "worker-boot.js", "worker.js", "worker.wasm"];

const SAID: &str = "Mag ik meepraten?";

/// Medians of so many rounds, each with an empty profile.
pub async fn web(relay: &Path, client: &Path, rounds: usize) -> Result<Vec<Row>, Failed> {
    let demo = Demo::start(relay, client, 0).await;
    let browser = Browser::of(Kind::Chromium).await;
    let mut all = Vec::new();
    for _ in 0..rounds.max(1) {
        let line = carry(demo.relay.address(), Line::SLOW_3G).await;
        let how = How { through: Some((demo.relay.address(), line)), ..How::default() };
        let window = browser.window_with("person", 360, 740, how).await?;
        window.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": PROCESSOR })).await?;
        let seen = visit(&window, &demo.links().person).await?;
        all.push(seen);
        window.close().await;
    }
    browser.stop().await;
    let median = |of: fn(&Seen) -> Duration| {
        let mut times: Vec<Duration> = all.iter().map(of).collect();
        super::percentile(&mut times, 50)
    };
    let last = all.last().ok_or("nothing was measured")?;
    Ok(vec![
        Row::new("entry: readable", median(|it| it.readable), Some(READABLE_MS)),
        Row::new("entry: what she wants can be pressed", median(|it| it.usable), None),
        Row::new("first message typed, nothing in the cache", median(|it| it.cold), Some(COLD_MS)),
        Row::new("first message sent, nothing in the cache", median(|it| it.sent), None),
        Row::new("typing again after a reload", median(|it| it.warm), Some(WARM_MS)),
        weighs("entry: page, style and script", last.entry, ENTRY_BYTES),
        weighs("everything a person fetches", last.all, CLIENT_BYTES),
    ])
}

fn weighs(what: &str, bytes: u64, most: u64) -> Row {
    Row { what: what.to_owned(), measured: Figure::Bytes(bytes), budget: Some(Figure::Bytes(most)) }
}

/// One visit.
#[derive(Debug)]
struct Seen {
    readable: Duration,
    usable: Duration,
    cold: Duration,
    sent: Duration,
    warm: Duration,
    entry: u64,
    all: u64,
}

async fn visit(window: &Window, link: &str) -> Result<Seen, Failed> {
    let Entered { usable, cold, sent } = enters(window, link).await?;
    let paint = "return performance.getEntriesByName('first-contentful-paint')[0].startTime";
    let readable = millis(&window.script(paint).await?)?;
    let entry = page_bytes(window).await? + listed_bytes(window, &ENTRY).await?;
    let all = entry + listed_bytes(window, &REST).await?;
    let begun = Instant::now();
    window.script("window.before = true; location.reload()").await?;
    let anew = async || {
        let before = window.script("return window.before ?? null").await.ok()?;
        before.is_null().then_some(())
    };
    window.wait("the page to be another one", anew).await?;
    window.reads("message", SAID).await?;
    window.types("composer", "Ik ben er weer").await?;
    let warm = begun.elapsed();
    Ok(Seen { readable, usable, cold, sent, warm, entry, all })
}

// How long each part of it took, since she followed the link.
struct Entered {
    usable: Duration,
    cold: Duration,
    sent: Duration,
}

// Follows a link and says the first words in her line.
async fn enters(window: &Window, link: &str) -> Result<Entered, Failed> {
    let begun = Instant::now();
    // The driver waits until everything is there; somebody who reads does not.
    let go = format!("location.href = {}", json!(link));
    window.script(&go).await?;
    window.presses("begin").await?;
    window.presses("step-safe-yes").await?;
    let usable = begun.elapsed();
    window.types("nickname", "Zonnebloem").await?;
    window.presses("nickname-go").await?;
    window.presses("choose-peers").await?;
    window.presses("rules-accept").await?;
    // Her line may be there by now, or she begins before it is.
    let field = async || window.count("early").await > 0 || window.count("composer").await > 0;
    window.wait("somewhere to type", async || field().await.then_some(())).await?;
    let field = if window.count("early").await > 0 { "early" } else { "composer" };
    window.types(field, SAID).await?;
    let cold = begun.elapsed();
    window.presses("send").await?;
    window.reads("message", SAID).await?;
    Ok(Entered { usable, cold, sent: begun.elapsed() })
}

async fn page_bytes(window: &Window) -> Result<u64, Failed> {
    number(window, "return performance.getEntriesByType('navigation')[0].encodedBodySize").await
}

// What a worker has fetched stands in no list of the page's; what is served does.
async fn listed_bytes(window: &Window, names: &[&str]) -> Result<u64, Failed> {
    let sizes = format!(
        "const manifest = await (await fetch('/manifest.json', {{ cache: 'no-store' }})).json();\
         return {}.reduce((sum, name) => sum + manifest[name].brotli_bytes, 0)",
        json!(names)
    );
    number(window, &sizes).await
}

async fn number(window: &Window, script: &str) -> Result<u64, Failed> {
    let number = window.script(script).await?;
    number.as_u64().ok_or_else(|| format!("no number of bytes: {number}"))
}

fn millis(value: &serde_json::Value) -> Result<Duration, Failed> {
    let ms = value.as_f64().ok_or_else(|| format!("no time: {value}"))?;
    Ok(Duration::from_secs_f64(ms / 1000.0))
}
