//! Real browsers: headless, one a person, each with an empty profile. All of them end with the guard, panics included.

mod arabic;
mod driver;

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;
pub use thirtyfour::Key;
use thirtyfour::TypingData;
use thirtyfour::prelude::*;

use crate::axe;
use driver::Driver;
pub use driver::{Browser, How, Kind, Without};

const PATIENCE: Duration = Duration::from_secs(30);
// A page with more stops than this cannot be used with a keyboard.
const TABS_MAX: usize = 60;
const LOOK_AGAIN: Duration = Duration::from_millis(40);

// What sticks out of the window.
const WIDE: &str = "const page = document.documentElement;\
    if (page.scrollWidth <= innerWidth) return [];\
    const out = (it) => { const at = it.getBoundingClientRect();\
        return at.width > 1 && (at.right > innerWidth + 1 || at.left < -1) && !it.closest('table, .skip') };\
    return [...document.querySelectorAll('body *')].filter(out).slice(0, 4).map((it) => it.outerHTML.slice(0, 160))";

/// What went wrong, in words.
pub type Failed = String;

/// One person's window.
pub struct Window {
    driver: WebDriver,
    /// Whose it is, for messages and pictures.
    pub who: &'static str,
    kind: Kind,
    profile: tempfile::TempDir,
    // Firefox: a driver of its own, which ends with the window.
    _own: Option<Driver>,
}

impl Window {
    /// Goes somewhere.
    pub async fn open(&self, url: &str) -> Result<(), Failed> {
        self.driver.goto(url).await.map_err(say)
    }

    /// Waits until an element marked `mark` is shown.
    pub async fn sees(&self, mark: &str) -> Result<WebElement, Failed> {
        self.wait(&format!("{mark} to be shown"), async || self.shown(mark).await).await
    }

    /// Waits until an element marked `mark` is shown with these words in it.
    pub async fn reads(&self, mark: &str, words: &str) -> Result<WebElement, Failed> {
        self.wait(&format!("{mark} to say “{words}”"), async || {
            for element in self.all(mark).await {
                if element.text().await.is_ok_and(|text| text.contains(words)) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Waits until the element marked `mark` has this value in its attribute.
    pub async fn sees_state(&self, mark: &str, attribute: &str, value: &str) -> Result<WebElement, Failed> {
        self.wait(&format!("{mark} to have {attribute}={value}"), async || {
            for element in self.all(mark).await {
                if element.attr(attribute).await.ok().flatten().as_deref() == Some(value) {
                    return Some(element);
                }
            }
            None
        })
        .await
    }

    /// Presses what is marked `mark`, once it can be pressed.
    pub async fn presses(&self, mark: &str) -> Result<(), Failed> {
        self.wait(&format!("{mark} to be pressed"), async || {
            let element = self.shown(mark).await?;
            if !element.is_enabled().await.ok()? {
                return None;
            }
            self.stands_still(mark).await?;
            // What is half behind the bar counts as seen to the driver; whoever looks scrolls.
            if element.click().await.is_err() {
                element.scroll_into_view().await.ok()?;
                return element.click().await.ok();
            }
            Some(())
        })
        .await
    }

    /// Presses the exit, and waits until the window is elsewhere. Where it leads cannot be reached from here, and some
    /// drivers count that as a failure of the press.
    pub async fn leaves(&self) -> Result<(), Failed> {
        let _led_on = self.sees("exit").await?.click().await;
        self.is_away().await
    }

    /// Waits until the window is elsewhere.
    pub async fn is_away(&self) -> Result<(), Failed> {
        self.wait("to be away", async || {
            let address = self.address().await.ok()?;
            (!address.contains("127.0.0.1")).then_some(())
        })
        .await
    }

    // A page that has just come is still moving: whoever presses then hits what is beside it.
    async fn stands_still(&self, mark: &str) -> Option<()> {
        let still = format!(
            "const at = () => {{ const it = document.querySelector('[data-test={mark}]');\
             return it && JSON.stringify(it.getBoundingClientRect()) }}; const before = at();\
             return await new Promise((done) => {{ const look = () => done(at() !== null && at() === before);\
             setTimeout(look, 250); requestAnimationFrame(() => requestAnimationFrame(look)) }})"
        );
        (self.script(&still).await.ok()? == true).then_some(())
    }

    /// Types into what is marked `mark`, replacing what is there.
    pub async fn types(&self, mark: &str, words: &str) -> Result<(), Failed> {
        let element = self.sees(mark).await?;
        element.clear().await.map_err(say)?;
        element.send_keys(words).await.map_err(say)
    }

    /// Goes with the Tab key to what is marked `mark`, once it is shown; the way there must show where one is.
    pub async fn tabs_to(&self, mark: &str) -> Result<(), Failed> {
        self.sees(mark).await?;
        // Beyond the last stop are the browser's own: from there the page has to be entered again.
        let here = "if (!document.hasFocus()) window.focus();\
                    const it = document.activeElement, style = getComputedStyle(it);\
                    return [it.dataset.test ?? it.closest('[data-test]')?.dataset.test ?? it.tagName,\
                            style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2]";
        let mut passed = Vec::new();
        for _ in 0..TABS_MAX {
            let at = self.script(here).await?;
            let name = at[0].as_str().unwrap_or_default().to_owned();
            if name == mark {
                return if at[1] == true {
                    Ok(())
                } else {
                    Err(format!("{}: nothing shows that {mark} has the focus", self.who))
                };
            }
            passed.push(name);
            self.keys(Key::Tab).await?;
        }
        Err(format!("{}: {mark} is not reached with the Tab key; passed {passed:?}", self.who))
    }

    /// On to the next stop.
    pub async fn tab(&self) -> Result<(), Failed> {
        self.keys(Key::Tab).await
    }

    /// Presses keys wherever the focus is.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result<(), Failed> {
        self.driver.action_chain().send_keys(keys).perform().await.map_err(say)
    }

    /// Goes to what is marked `mark` with the Tab key, and presses it with Enter.
    pub async fn enters(&self, mark: &str) -> Result<(), Failed> {
        self.tabs_to(mark).await?;
        self.keys(Key::Enter).await
    }

    /// Says something in the room on the screen.
    pub async fn says(&self, words: &str) -> Result<(), Failed> {
        self.types("composer", words).await?;
        self.presses("send").await?;
        self.reads("message", words).await.map(drop)
    }

    /// How many elements marked `mark` are shown.
    pub async fn count(&self, mark: &str) -> usize {
        self.all(mark).await.len()
    }

    /// The words of the first element marked `mark`.
    pub async fn text(&self, mark: &str) -> Result<String, Failed> {
        self.sees(mark).await?.text().await.map_err(say)
    }

    /// Runs a script in the page; it may wait (`await`).
    pub async fn script(&self, script: &str) -> Result<serde_json::Value, Failed> {
        let script = format!("return (async () => {{ {script} }})()");
        let returned = self.driver.execute(script, Vec::new()).await.map_err(say)?;
        Ok(returned.json().clone())
    }

    /// Tells the browser itself something, as its developer tools would (Chrome DevTools Protocol).
    pub async fn devtools(&self, command: &str, how: serde_json::Value) -> Result<serde_json::Value, Failed> {
        self.driver.cdp().send_raw(command, how).await.map_err(say)
    }

    /// Where the window is.
    pub async fn address(&self) -> Result<String, Failed> {
        self.driver.current_url().await.map(|url| url.to_string()).map_err(say)
    }

    /// What the tab is called.
    pub async fn title(&self) -> Result<String, Failed> {
        self.driver.title().await.map_err(say)
    }

    /// Saves a picture.
    pub async fn picture(&self, path: &Path) -> Result<(), Failed> {
        self.driver.screenshot(path).await.map_err(say)
    }

    /// A screen worth looking at: whoever cannot see, hear or point well can use it ([`axe`]), at four times its size it is
    /// read without scrolling sideways, nothing of it came from elsewhere, and a picture of it is saved under this name, if somebody wants pictures: in the folder that
    /// `LOTGENOOT_PICTURES` names.
    pub async fn pictured(&self, name: &str) -> Result<(), Failed> {
        axe::is_accessible(self, name).await?;
        self.reflows(name).await?;
        self.is_of_one_origin(name).await?;
        self.saved(name).await
    }

    /// Only the picture: of a page in which no script runs.
    pub async fn saved(&self, name: &str) -> Result<(), Failed> {
        let Some(folder) = std::env::var_os("LOTGENOOT_PICTURES") else { return Ok(()) };
        let file = |look: &str| Path::new(&folder).join(format!("{name}{look}.png"));
        if std::env::var_os("LOTGENOOT_LOOKS").is_none() || self.kind == Kind::Firefox {
            return self.picture(&file("")).await;
        }
        for arabic in [false, true] {
            if arabic {
                let pairs = vec![arabic::pairs()];
                self.driver.execute(arabic::TURN, pairs).await.map_err(say)?;
            }
            let language = if arabic { "ar" } else { "nl" };
            for (width, height) in [(360, 740), (1280, 800)] {
                let size =
                    json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
                for scheme in ["dark", "light"] {
                    self.is_in(scheme).await?;
                    self.picture(&file(&format!("-{language}-{width}-{scheme}"))).await?;
                }
            }
        }
        self.script("window.dutch()").await?;
        // As somebody has it who chooses the colours herself.
        let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
        self.devtools("Emulation.setEmulatedMedia", forced).await?;
        self.picture(&file("-1280-forced")).await?;
        self.is_in("light").await?;
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await.map(drop)
    }

    /// As somebody has it who wants it `light` or `dark`, and nothing moving. A Firefox stays as it was opened.
    pub async fn is_in(&self, scheme: &str) -> Result<(), Failed> {
        if self.kind == Kind::Firefox {
            return Ok(());
        }
        let features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await.map(drop)
    }

    // WCAG 1.4.10: 1280 pixels at 400 % are 320. What is a table by nature may be wider.
    async fn reflows(&self, name: &str) -> Result<(), Failed> {
        if self.kind == Kind::Firefox {
            return Ok(());
        }
        let size = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
        let wide = self.script(WIDE).await;
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await?;
        let wide = wide?;
        if wide.as_array().is_some_and(Vec::is_empty) {
            Ok(())
        } else {
            Err(format!("{name} sticks out at 320 pixels: {wide}"))
        }
    }

    // Whatever a page fetches from elsewhere tells somebody that it was opened.
    async fn is_of_one_origin(&self, name: &str) -> Result<(), Failed> {
        let elsewhere = self
            .script(
                "return performance.getEntriesByType('resource').map((it) => it.name)\
                 .filter((name) => !name.startsWith(location.origin + '/'))",
            )
            .await?;
        if elsewhere.as_array().is_some_and(Vec::is_empty) {
            Ok(())
        } else {
            Err(format!("{name} fetches {elsewhere}"))
        }
    }

    /// The driver, for what is not here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Closes the window.
    pub async fn close(self) {
        let _gone = self.driver.quit().await;
    }

    /// Where its browser keeps what it keeps.
    #[must_use]
    pub fn disk(&self) -> &Path {
        self.profile.path()
    }

    /// Closes the window, and the browser with it; what it has left on the disk.
    pub async fn profile(self) -> Result<tempfile::TempDir, Failed> {
        self.driver.quit().await.map_err(say)?;
        Ok(self.profile)
    }

    /// Waits until `look` finds something; `what` says it in words.
    pub async fn wait<T>(&self, what: &str, look: impl AsyncFn() -> Option<T>) -> Result<T, Failed> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look().await {
                return Ok(found);
            }
            if Instant::now() > deadline {
                let page = self.driver.execute("return document.body.innerText", Vec::new()).await;
                let page = page.map(|page| page.json().to_string()).unwrap_or_default();
                return Err(format!("{}: waited {PATIENCE:?} for {what}\nthe page says: {page}", self.who));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    async fn shown(&self, mark: &str) -> Option<WebElement> {
        self.all(mark).await.into_iter().next()
    }

    async fn all(&self, mark: &str) -> Vec<WebElement> {
        let found =
            self.driver.find_all(By::Css(format!("[data-test=\"{mark}\"]"))).await.unwrap_or_default();
        let mut shown = Vec::new();
        for element in found {
            if element.is_displayed().await.unwrap_or(false) {
                shown.push(element);
            }
        }
        shown
    }
}

fn say(error: impl std::fmt::Display) -> Failed {
    error.to_string()
}
