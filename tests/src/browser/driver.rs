//! Starts browsers and what steers them: one ChromeDriver for all Chromiums; a geckodriver for each Firefox, for it knows one
//! session.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};
use thirtyfour::common::capabilities::firefox::FirefoxPreferences;
use thirtyfour::prelude::*;
use thirtyfour::{ChromeCapabilities, FirefoxCapabilities};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::{Failed, Window, say};

/// Which browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Chromium.
    Chromium,
    /// Firefox.
    Firefox,
}

/// How a window differs from the usual one.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// As somebody has it who wants it dark.
    pub dark: bool,
    /// What it cannot do.
    pub without: Without,
    /// What is at the first address is reached over the second (Chromium).
    pub through: Option<(SocketAddr, SocketAddr)>,
}

/// What a browser cannot do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Without {
    /// It can do everything.
    #[default]
    Nothing,
    /// It runs no script.
    Script,
    /// It runs scripts, and no WebAssembly.
    Wasm,
}

/// Browsers of one kind.
pub struct Browser {
    kind: Kind,
    program: PathBuf,
    // Chromium: steers all of them.
    shared: Option<Driver>,
}

/// A driver process; it ends with this value, and every browser it has started with it.
pub(super) struct Driver {
    process: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver leads a process group of its own: its browsers end with it. By the system call: the command
        // `kill` of some systems reads a group's number as something else.
        let group = self.process.id().and_then(|id| Pid::from_raw(id as i32));
        if let Some(group) = group {
            let _gone = kill_process_group(group, Signal::KILL);
        }
    }
}

impl Driver {
    // `says` stands before the port in a line of its output.
    async fn start(mut command: Command, says: &str) -> Self {
        command.process_group(0).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("a driver starts; `cargo xtask setup` installs it");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let port = loop {
            let line = lines.next_line().await.ok().flatten().expect("a driver says its port");
            if let Some((_, port)) = line.split_once(says) {
                break port.trim_end_matches('.').parse().expect("a port");
            }
        };
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Self { process, port }
    }

    async fn chrome() -> Self {
        let mut command = Command::new(named("LOTGENOOT_CHROMEDRIVER", "/usr/bin/chromedriver"));
        command.arg("--port=0");
        Self::start(command, "ChromeDriver was started successfully on port ").await
    }

    async fn gecko() -> Self {
        let mut command = Command::new(named("LOTGENOOT_GECKODRIVER", "geckodriver"));
        command.args(["--port", "0", "--websocket-port", "0"]);
        Self::start(command, "Listening on 127.0.0.1:").await
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Browser {
    /// Chromium; or Firefox, where `LOTGENOOT_BROWSER` says `firefox`.
    ///
    /// # Panics
    /// If its driver is not there; `cargo xtask setup` installs it.
    pub async fn start() -> Self {
        let firefox = std::env::var_os("LOTGENOOT_BROWSER").is_some_and(|name| name == "firefox");
        Self::of(if firefox { Kind::Firefox } else { Kind::Chromium }).await
    }

    /// One of a kind.
    ///
    /// # Panics
    /// If its driver is not there; `cargo xtask setup` installs it.
    pub async fn of(kind: Kind) -> Self {
        // What talks to the driver wants to know whose cryptography it would use for TLS, and uses none.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
        match kind {
            Kind::Chromium => {
                let program = named("LOTGENOOT_CHROMIUM", "/usr/bin/chromium");
                Self { kind, program, shared: Some(Driver::chrome().await) }
            }
            Kind::Firefox => {
                Self { kind, program: named("LOTGENOOT_FIREFOX", "/usr/bin/firefox-esr"), shared: None }
            }
        }
    }

    /// Which it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Opens a window with an empty profile.
    pub async fn window(&self, who: &'static str, width: u32, height: u32) -> Result<Window, Failed> {
        self.window_with(who, width, height, How::default()).await
    }

    /// Opens a window that differs from the usual one.
    pub async fn window_with(
        &self,
        who: &'static str,
        width: u32,
        height: u32,
        how: How,
    ) -> Result<Window, Failed> {
        let profile = tempfile::tempdir().map_err(say)?;
        let how = How { dark: how.dark || std::env::var_os("LOTGENOOT_DARK").is_some(), ..how };
        let (driver, own) = match &self.shared {
            Some(shared) => {
                let capabilities = self.chromium(&profile, (width, height), how)?;
                (WebDriver::new(shared.address(), capabilities).await.map_err(say)?, None)
            }
            None => {
                let own = Driver::gecko().await;
                let capabilities = self.firefox(&profile, how)?;
                (WebDriver::new(own.address(), capabilities).await.map_err(say)?, Some(own))
            }
        };
        driver.set_window_rect(0, 0, width, height).await.map_err(say)?;
        Ok(Window { driver, who, kind: self.kind, profile, _own: own })
    }

    fn chromium(
        &self,
        profile: &tempfile::TempDir,
        (width, height): (u32, u32),
        how: How,
    ) -> Result<ChromeCapabilities, Failed> {
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&self.program.to_string_lossy()).map_err(say)?;
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
        let dark = how.dark.then_some("--blink-settings=preferredColorScheme=0");
        let without = match how.without {
            Without::Nothing => None,
            Without::Script => Some("--blink-settings=scriptEnabled=false"),
            Without::Wasm => Some("--js-flags=--jitless"),
        };
        for argument in fixed.into_iter().chain(dark).chain(without) {
            capabilities.add_arg(argument).map_err(say)?;
        }
        if let Some((there, over)) = how.through {
            let rule = format!("--host-resolver-rules=MAP {there} {over}");
            capabilities.add_arg(&rule).map_err(say)?;
        }
        capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display())).map_err(say)?;
        capabilities.add_arg(&format!("--window-size={width},{height}")).map_err(say)?;
        Ok(capabilities)
    }

    fn firefox(&self, profile: &tempfile::TempDir, how: How) -> Result<FirefoxCapabilities, Failed> {
        let mut capabilities = DesiredCapabilities::firefox();
        capabilities.set_firefox_binary(&self.program.to_string_lossy()).map_err(say)?;
        let profile = profile.path().to_string_lossy();
        for argument in ["-headless", "-profile", &*profile] {
            capabilities.add_arg(argument).map_err(say)?;
        }
        let mut preferences = FirefoxPreferences::new();
        let scheme = if how.dark { 0 } else { 1 };
        preferences.set("layout.css.prefers-color-scheme.content-override", scheme).map_err(say)?;
        preferences.set("ui.prefersReducedMotion", 1).map_err(say)?;
        // It would ask its maker for lists and news, and has nobody to ask here.
        for (off, value) in [
            ("app.normandy.enabled", false),
            ("browser.safebrowsing.malware.enabled", false),
            ("browser.safebrowsing.phishing.enabled", false),
            ("datareporting.healthreport.uploadEnabled", false),
            ("network.captive-portal-service.enabled", false),
            ("network.connectivity-service.enabled", false),
        ] {
            preferences.set(off, value).map_err(say)?;
        }
        // What it writes to have it again after a crash is looked for in the stories: it need not wait for it.
        preferences.set("browser.sessionstore.interval", 500).map_err(say)?;
        match how.without {
            Without::Nothing => {}
            Without::Script => preferences.set("javascript.enabled", false).map_err(say)?,
            Without::Wasm => preferences.set("javascript.options.wasm", false).map_err(say)?,
        }
        capabilities.set_preferences(preferences).map_err(say)?;
        Ok(capabilities)
    }

    /// Ends it.
    pub async fn stop(self) {
        drop(self);
    }
}

fn named(variable: &str, usual: &str) -> PathBuf {
    std::env::var_os(variable).map_or(PathBuf::from(usual), PathBuf::from)
}
