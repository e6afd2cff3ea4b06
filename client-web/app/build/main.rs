//! Turns `locales/` into code before the interface is compiled.
//!
//! Sentences become functions: a key that does not exist, lacks an argument or is missing in one language does not
//! compile, and no Fluent parser travels to her phone.

mod hints;
mod lines;
mod sentence;
mod words;

use std::path::Path;
use std::{env, fs};

/// In the order of `Lang`; the first is the one the others are compared with.
const LANGUAGES: [(&str, &str); 2] = [("Nl", "nl"), ("En", "en")];

fn main() -> Result<(), String> {
    let out = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let sources: Vec<(&str, String)> = LANGUAGES
        .iter()
        .map(|(variant, code)| Ok((*variant, read(&format!("locales/{code}.ftl"))?)))
        .collect::<Result<_, String>>()?;
    write(&out, "words.rs", &words::generate(&sources)?)?;
    write(&out, "hints.rs", &hints::generate(&read("locales/hints.json")?)?)?;
    write(&out, "lines.rs", &lines::generate(&read("locales/helplines.json")?)?)
}

#[expect(clippy::print_stdout, reason = "so a build script speaks to cargo")]
fn read(path: &str) -> Result<String, String> {
    println!("cargo::rerun-if-changed={path}");
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}

fn write(out: &str, name: &str, code: &str) -> Result<(), String> {
    fs::write(Path::new(out).join(name), code).map_err(|error| format!("{name}: {error}"))
}
