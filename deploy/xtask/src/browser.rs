//! Finds Chromium and its driver, or installs Debian's.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::debian::{self, in_path};
use crate::run::{self, Done, Failure};

/// The fonts: the browser tests look at Latin, Arabic and emoji, and Debian's Chromium brings none.
const PACKAGES: [&str; 4] = ["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-color-emoji"];

/// A browser and the driver that steers it.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Tells a child where they are, so that nobody searches twice.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("LOTGENOOT_CHROMIUM", &self.chromium).env("LOTGENOOT_CHROMEDRIVER", &self.driver);
    }

    fn find() -> Option<Self> {
        let chromium = in_path(&["chromium", "chromium-browser", "google-chrome"])?;
        Some(Self { chromium, driver: in_path(&["chromedriver"])? })
    }
}

/// Makes sure a browser can be driven, and says in one line which.
pub(crate) fn ensure_chromium() -> Done<Browser> {
    if let Some(browser) = Browser::find() {
        println!("    browser: {}", describe(&browser));
        return Ok(browser);
    }
    let by_hand = |why: &str| {
        Failure::new(format!(
            "the browser tests need Chromium and chromedriver: {why}\n\
             By hand: install both, of one version, into PATH; on Debian `apt-get install {}`.",
            PACKAGES.join(" ")
        ))
    };
    println!("    browser: not found; installing {} with apt-get", PACKAGES.join(", "));
    debian::install(&PACKAGES).map_err(|why| by_hand(&why))?;
    let browser = Browser::find().ok_or_else(|| by_hand("apt-get installed something else"))?;
    println!("    browser: installed {}", describe(&browser));
    Ok(browser)
}

fn describe(browser: &Browser) -> String {
    let version = |program: &Path| {
        let said = run::output(Command::new(program).arg("--version")).unwrap_or_default();
        first_number(&said).unwrap_or("of unknown version").to_owned()
    };
    let (chromium, driver) = (version(&browser.chromium), version(&browser.driver));
    let major = |version: &str| version.split('.').next().map(str::to_owned);
    let warning = if major(&chromium) == major(&driver) { "" } else { " (they should be of one version)" };
    format!("{} {chromium}, {} {driver}{warning}", browser.chromium.display(), browser.driver.display())
}

/// `Chromium 139.0.7258.154 built on …` → `139.0.7258.154`.
fn first_number(said: &str) -> Option<&str> {
    said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_first_number_said() {
        let said = "Chromium 139.0.7258.154 built on Debian GNU/Linux 12 (bookworm)";
        assert_eq!(first_number(said), Some("139.0.7258.154"));
        assert_eq!(first_number("ChromeDriver 139.0.1 (abc-refs/branch-heads/1)"), Some("139.0.1"));
        assert_eq!(first_number(""), None);
    }
}
