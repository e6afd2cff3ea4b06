//! What the cryptography asks of a phone: a person comes into a room, somebody else comes in while she is there, she is
//! said something, she loads the page anew. Real Chromium with a slow processor, real members beside her.
//!
//! The page tells when it shows something by its own clock, which is this machine's. Bytes are those of all its connections,
//! both ways. What keeps the page from answering her finger is what the browser itself calls a long task.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lotgenoot_client::messages::{Command, Kind};
use serde_json::{Value, json};

use super::slow_line::{Counts, carry_counted};
use super::{Figure, Row, percentile};
use crate::browser::{Browser, Failed, How, Kind as Program, Window};
use crate::demo::Demo;
use crate::robot::Robot;

/// A peer room, and as many as fit in one.
const SIZES: [usize; 2] = [10, 15];
// As slow as a cheap phone beside this machine.
const PROCESSOR: u32 = 4;
// From there on a page feels stuck.
const TASK_MS: u64 = 50;
const SAID: &str = "Mag ik meepraten?";
const TOLD: &str = "Fijn dat je er bent.";

/// Medians of so many rounds, each with an empty profile and a relay of its own.
///
/// # Errors
/// If the page does not show in time what it must.
pub async fn client(relay: &Path, client: &Path, rounds: usize) -> Result<Vec<Row>, Failed> {
    let browser = Browser::of(Program::Chromium).await;
    let mut rows = Vec::new();
    for size in SIZES {
        let mut all = Vec::new();
        for _ in 0..rounds.max(1) {
            all.push(round(&browser, relay, client, size).await?);
        }
        for (at, what) in
            ["comes in", "somebody else comes in", "is said something", "loads anew"].into_iter().enumerate()
        {
            let mut times: Vec<Duration> = all.iter().map(|seen| seen.steps[at].took).collect();
            let bytes = all.last().map_or(0, |seen| seen.steps[at].bytes);
            rows.push(Row::new(format!("{size} members: {what}"), percentile(&mut times, 50), None));
            let bytes = Figure::Bytes(bytes);
            rows.push(Row { what: format!("{size} members: {what}, bytes"), measured: bytes, budget: None });
        }
        let mut longest: Vec<Duration> = all.iter().map(|seen| seen.longest).collect();
        let longest = percentile(&mut longest, 50);
        rows.push(Row::new(format!("{size} members: longest task of the page"), longest, Some(TASK_MS)));
    }
    browser.stop().await;
    Ok(rows)
}

struct Seen {
    steps: [Step; 4],
    // On the page's own thread, once she is in the room and until she loads it anew.
    longest: Duration,
}

struct Step {
    took: Duration,
    bytes: u64,
}

async fn round(browser: &Browser, relay: &Path, client: &Path, size: usize) -> Result<Seen, Failed> {
    let mut demo = Demo::start(relay, client, 0).await;
    // The co-host, the guests, and these; she and one more complete it.
    let there = 1 + demo.cast.guests.len();
    let mut others = Vec::new();
    for number in there..size - 2 {
        let (guest, line) = asks_in(&mut demo, number).await;
        demo.cast.host.act(Command::Admit { line, room: demo.cast.room.clone() });
        others.push(is_in(guest).await);
    }
    let (line, counts) = carry_counted(demo.relay.address()).await;
    let how = How { through: Some((demo.relay.address(), line)), ..How::default() };
    let window = browser.window_with("person", 360, 740, how).await?;
    window.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": PROCESSOR })).await?;
    asks(&window, &demo.links().person).await?;
    let asked = |screen: &crate::robot::Screen| {
        let line = screen.said.iter().find(|(_, said)| said.iter().any(|it| it.text == SAID))?;
        Some(line.0.clone())
    };
    let her_line = demo.cast.host.sees("her line", asked).await;
    let room = demo.cast.room.clone();

    let begun = Begun::now(&counts);
    demo.cast.host.act(Command::Admit { line: her_line, room: room.clone() });
    let comes = begun.until(&window, "document.querySelector('[data-test=group]')").await?;
    let watch = "window.longest = 0;\
                 new PerformanceObserver((list) => list.getEntries().forEach((it) =>\
                     window.longest = Math.max(window.longest, it.duration))).observe({ type: 'longtask' })";
    window.script(watch).await?;

    let ((guest, line), before) = (asks_in(&mut demo, size - 1).await, window.count("member").await);
    let begun = Begun::now(&counts);
    demo.cast.host.act(Command::Admit { line, room: room.clone() });
    let more = format!("document.querySelectorAll('[data-test=member]').length > {before}");
    let another = begun.until(&window, &more).await?;
    others.push(is_in(guest).await);

    let begun = Begun::now(&counts);
    demo.cast.host.act(Command::Say { room, text: TOLD.to_owned() });
    let shown = |words: &str| {
        let all = "[...document.querySelectorAll('[data-test=message]')]";
        format!("{all}.some((it) => it.textContent.includes({}))", json!(words))
    };
    let told = begun.until(&window, &shown(TOLD)).await?;
    let longest = window.script("return window.longest").await?;

    let begun = Begun::now(&counts);
    window.script("window.before = true; location.reload()").await?;
    let anew = async || {
        let before = window.script("return window.before ?? null").await.ok()?;
        before.is_null().then_some(())
    };
    window.wait("the page to be another one", anew).await?;
    let back = begun.until(&window, &shown(TOLD)).await?;
    window.close().await;
    Ok(Seen {
        steps: [comes, another, told, back],
        longest: Duration::from_secs_f64(number(&longest)? / 1000.0),
    })
}

async fn asks(window: &Window, link: &str) -> Result<(), Failed> {
    window.open(link).await?;
    for mark in ["begin", "step-safe-yes"] {
        window.presses(mark).await?;
    }
    window.types("nickname", "Zonnebloem").await?;
    for mark in ["nickname-go", "choose-peers", "rules-accept"] {
        window.presses(mark).await?;
    }
    window.sees("line").await?;
    window.says(SAID).await
}

// Somebody else asks to come in. Returns her line, too.
async fn asks_in(demo: &mut Demo, number: usize) -> (Robot, String) {
    let mut guest = Robot::person(demo.organisation.root(), demo.relay.address());
    let line = guest.enters(&format!("Vogel {number}")).await;
    guest.says(&line, "Ik wil graag meepraten.").await;
    demo.cast.host.reads(&line, "Ik wil graag meepraten.").await;
    (guest, line)
}

async fn is_in(mut guest: Robot) -> Robot {
    guest.room(Kind::Peer, 2).await;
    guest
}

struct Begun<'c> {
    at: f64,
    bytes: u64,
    counts: &'c Counts,
}

impl<'c> Begun<'c> {
    fn now(counts: &'c Counts) -> Self {
        let at = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0;
        Self { at, bytes: counts.bytes(), counts }
    }

    // Until this is true in the page, by the page's own clock.
    async fn until(&self, window: &Window, condition: &str) -> Result<Step, Failed> {
        let look = format!(
            "return await new Promise((done) => {{\
                 const look = () => {condition}\
                     ? done(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);\
                 look();\
             }})"
        );
        let at = number(&window.script(&look).await?)?;
        let took = Duration::from_secs_f64((at - self.at).max(0.0) / 1000.0);
        Ok(Step { took, bytes: self.counts.bytes() - self.bytes })
    }
}

fn number(value: &Value) -> Result<f64, Failed> {
    value.as_f64().ok_or_else(|| format!("no number: {value}"))
}
