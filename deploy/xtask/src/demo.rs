//! `cargo xtask demo`: builds everything and hands over to `lotgenoot-demo`, which starts the relay and plays the cast.

use std::process::Command;

use crate::browser;
use crate::chaos;
use crate::cli;
use crate::client;
use crate::place::Place;
use crate::run::{self, Done};
use crate::toolchain;

const BINARY: &str = "lotgenoot-demo";

pub(crate) fn demo(place: &Place, options: &cli::Demo) -> Done {
    chaos::must_exist(place, BINARY)?;
    let wasm = toolchain::ensure_wasm32(place)?;
    let browser = if options.check { Some(browser::ensure_chromium()?) } else { None };
    let client = client::build(place, &wasm, None, None)?;
    chaos::build(place, options.debug)?;

    let mut demo = Command::new(place.binary(BINARY, options.debug));
    demo.arg("--relay").arg(place.binary("lotgenoot", options.debug));
    demo.arg("--client").arg(client);
    if let Some(port) = options.port {
        demo.arg("--port").arg(port.to_string());
    }
    if let Some(browser) = browser {
        demo.arg("--check");
        browser.tell(&mut demo);
    }
    run::become_it(&mut demo)
}
