//! A relay starts on a folder with ten thousand open calls, all of which should have been looked at long ago.

use std::path::Path;
use std::time::Instant;

use super::Row;
use super::stage::Stage;

const AGE_MS: u64 = 10 * 60_000;
// Study: on-call, 3.3 and 7.
const BOOT_MS: u64 = 2_000;
const FIRST_PAGES_MS: u64 = 30_000;

/// From the start until it listens, and until the device of whoever is on duty rings for all of them.
pub async fn boot(binary: &Path, calls: usize, suite: u16) -> Vec<Row> {
    let stage = Stage::set(binary, calls, AGE_MS, suite).await;
    let begun = Instant::now();
    let mut process = stage.start(binary).await;
    let listens = begun.elapsed();
    let page = stage.browser.reads(&stage.push.next("a page").await);
    let pages = begun.elapsed();
    assert!(!page.over, "it rings");
    process.kill().await;
    vec![
        Row::new(format!("{calls} open calls: it listens"), listens, Some(BOOT_MS)),
        Row::new(format!("{calls} open calls: the page for all has left"), pages, Some(FIRST_PAGES_MS)),
    ]
}
