//! Whether a screen can be used by whoever cannot see, hear or point well: the rules of WCAG 2.2, levels A and AA, as far as a
//! program can tell (axe-core). What it cannot tell, the order of the focus or whether words are plain, is looked at in the
//! stories themselves.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::browser::{Failed, Window};

const RUN: &str = "const done = arguments[arguments.length - 1];\
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];\
    const said = (rule) => rule.nodes.map((it) => `${rule.id}: ${it.target.join(' ')}: ${it.html.slice(0, 160)}: ${it.failureSummary}`);\
    axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values } })\
      .then((it) => done(it.violations.flatMap(said)), (error) => done([String(error)]))";

/// An error names each rule that is broken, and where.
pub(crate) async fn is_accessible(window: &Window, name: &str) -> Result<(), Failed> {
    let say = |error: thirtyfour::error::WebDriverError| error.to_string();
    if window.script("return typeof axe").await? != "object" {
        window.driver().execute(source(), Vec::new()).await.map_err(say)?;
    }
    let found = window.driver().execute_async(RUN, Vec::new()).await.map_err(say)?;
    let Some(rows) = found.json().as_array() else { return Err(format!("{name}: {}", found.json())) };
    let broken: Vec<String> =
        rows.iter().map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned)).collect();
    if broken.is_empty() { Ok(()) } else { Err(format!("{name}:\n{}", broken.join("\n"))) }
}

fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let folder = std::env::var_os("LOTGENOOT_INTEROP_DIR").map(PathBuf::from);
        let folder = folder.expect("LOTGENOOT_INTEROP_DIR: run `cargo xtask test`, which sets it up");
        let file = folder.join("node_modules/axe-core/axe.min.js");
        std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    })
}
