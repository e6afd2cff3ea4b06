//! Turns `locales/` into code before the interface is compiled.
//!
//! Sentences become functions and tables: see `lotgenoot_words`.

mod hints;
mod lines;

use std::path::Path;
use std::{env, fs};

/// In the order of `Lang`; the first is the one the others are compared with.
const LANGUAGES: [&str; 3] = ["nl", "en", "ar"];

fn main() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let sources: Vec<(&str, String)> = LANGUAGES
        .iter()
        .map(|code| Ok((*code, read(&format!("locales/{code}.ftl"))?)))
        .collect::<Result<_, String>>()?;
    let made = lotgenoot_words::generate(&sources)?;
    write(&out, "words.rs", &made.code)?;
    // For tests; a page fetches its own.
    for (code, table) in LANGUAGES.iter().zip(&made.tables) {
        write(&out, &format!("words.{code}.bin"), table)?;
    }
    write(&out, "hints.rs", &hints::generate(&read("locales/hints.json")?)?)?;
    write(&out, "lines.rs", &lines::generate(&read("locales/helplines.json")?, &LANGUAGES)?)
}

#[expect(clippy::print_stdout, reason = "so a build script speaks to cargo")]
fn read(path: &str) -> Result<String, String> {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

fn write(out: &str, name: &str, code: impl AsRef<[u8]>) -> Result<(), String> {
    fs::write(Path::new(out).join(name), code).map_err(|error| format!("{name}: {error}"))
}
