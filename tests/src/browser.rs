//! Real browsers: one ChromeDriver, one headless Chromium a person. All of them end with the guard, panics included.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::json;
pub use thirtyfour::Key;
use thirtyfour::TypingData;
use thirtyfour::prelude::*;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::axe;

const PATIENCE: Duration = Duration::from_secs(30);
// A page with more stops than this cannot be used with a keyboard.
const TABS_MAX: usize = 60;
const LOOK_AGAIN: Duration = Duration::from_millis(40);

/// What went wrong, in words.
pub type Failed = String;

/// The driver.
pub struct Browser {
    driver: Child,
    port: u16,
    chromium: PathBuf,
}

/// One person's window.
pub struct Window {
    driver: WebDriver,
    /// Whose it is, for messages and pictures.
    pub who: &'static str,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver leads a process group of its own: its browsers end with it. By the system call: the command
        // `kill` of some systems reads a group's number as something else.
        let group = self.driver.id().and_then(|id| Pid::from_raw(id as i32));
        if let Some(group) = group {
            let _gone = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Browser {
    /// Starts a driver on a free port.
    ///
    /// # Panics
    /// If there is no ChromeDriver; `cargo xtask setup` installs it.
    pub async fn start() -> Self {
        // What talks to the driver wants to know whose cryptography it would use for TLS, and uses none.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        let named = |variable: &str, usual: &str| {
            std::env::var_os(variable).map_or(PathBuf::from(usual), PathBuf::from)
        };
        let mut command = Command::new(named("LOTGENOOT_CHROMEDRIVER", "/usr/bin/chromedriver"));
        command.arg("--port=0").process_group(0).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut driver = command.spawn().expect("ChromeDriver starts; `cargo xtask setup` installs it");
        let mut lines = BufReader::new(driver.stdout.take().expect("its output is piped")).lines();
        let port = loop {
            let line = lines.next_line().await.ok().flatten().expect("ChromeDriver says its port");
            if let Some(port) = line.strip_prefix("ChromeDriver was started successfully on port ") {
                break port.trim_end_matches('.').parse().expect("a port");
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { driver, port, chromium: named("LOTGENOOT_CHROMIUM", "/usr/bin/chromium") }
    }

    /// Opens a window with an empty profile.
    pub async fn window(&self, who: &'static str, width: u32, height: u32) -> Result<Window, Failed> {
        self.window_with(who, width, height, &[]).await
    }

    /// Opens a window with further arguments.
    pub async fn window_with(
        &self,
        who: &'static str,
        width: u32,
        height: u32,
        more: &[&str],
    ) -> Result<Window, Failed> {
        let profile = tempfile::tempdir().map_err(say)?;
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&self.chromium.to_string_lossy()).map_err(say)?;
        let fixed = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--force-prefers-reduced-motion",
        ];
        // For pictures: how it looks to those who have it dark.
        let dark = std::env::var_os("LOTGENOOT_DARK").map(|_| "--blink-settings=preferredColorScheme=0");
        for argument in fixed.iter().chain(more).chain(&dark) {
            capabilities.add_arg(argument).map_err(say)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).map_err(say)?;
        capabilities.add_arg(&format!("--window-size={width},{height}")).map_err(say)?;
        let driver =
            WebDriver::new(format!("http://127.0.0.1:{}", self.port), capabilities).await.map_err(say)?;
        driver.set_window_rect(0, 0, width, height).await.map_err(say)?;
        Ok(Window { driver, who, _profile: profile })
    }

    /// Ends it.
    pub async fn stop(mut self) {
        let _gone = self.driver.start_kill();
    }
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
        let here = "const it = document.activeElement, style = getComputedStyle(it);\
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

    /// Runs a script in the page.
    pub async fn script(&self, script: &str) -> Result<serde_json::Value, Failed> {
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

    /// A screen worth looking at: whoever cannot see, hear or point well can use it ([`axe`]), nothing of it came from
    /// elsewhere, and a picture of it is saved under this name, if somebody wants pictures: in the folder that
    /// `LOTGENOOT_PICTURES` names.
    pub async fn pictured(&self, name: &str) -> Result<(), Failed> {
        axe::is_accessible(self, name).await?;
        self.is_of_one_origin(name).await?;
        self.saved(name).await
    }

    /// Only the picture: of a page in which no script runs.
    pub async fn saved(&self, name: &str) -> Result<(), Failed> {
        let Some(folder) = std::env::var_os("LOTGENOOT_PICTURES") else { return Ok(()) };
        let file = |look: &str| Path::new(&folder).join(format!("{name}{look}.png"));
        if std::env::var_os("LOTGENOOT_LOOKS").is_none() {
            return self.picture(&file("")).await;
        }
        for (width, height) in [(360, 740), (1280, 800)] {
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.devtools("Emulation.setDeviceMetricsOverride", size).await?;
            for scheme in ["dark", "light"] {
                self.is_in(scheme).await?;
                self.picture(&file(&format!("-{width}-{scheme}"))).await?;
            }
        }
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await.map(drop)
    }

    /// As somebody has it who wants it `light` or `dark`, and nothing moving.
    pub async fn is_in(&self, scheme: &str) -> Result<(), Failed> {
        let features = [("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce")];
        let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await.map(drop)
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
