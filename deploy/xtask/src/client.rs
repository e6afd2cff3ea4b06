//! Builds the browser client into a folder that the relay serves as it is.
//!
//! ```text
//! cargo ─ wasm ─ wasm-bindgen ─┐
//! pages/ ──────────────────────┼─ layout (names) ─ compress ─ budget ─ target/client
//! style/*.css, joined ─────────┤
//! locales/*.ftl, as tables ────┤
//! library/*.json, into pages ──┘
//! ```

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::compress;
use crate::layout::{self, Asset, sha256};
use crate::library;
use crate::place::{Place, absolute};
use crate::run::{self, Done, Failure};
use crate::toolchain::{self, Wasm};

/// Logical name and crate of each module.
const MODULES: [(&str, &str); 3] =
    [("person", "lotgenoot_person"), ("desk", "lotgenoot_desk"), ("worker", "lotgenoot_worker")];

/// All that a person fetches, with brotli: under seven seconds on a slow phone connection (1.2 Mbit/s), and that once, before the
/// cache has it.
const MOST_BYTES: usize = 1_000_000;
/// What must be there before she can read and press anything: little more than two seconds on that connection.
const MOST_INTERFACE_BYTES: usize = 316_000;
/// What staff fetch beside it.
const MOST_DESK_BYTES: usize = 412_000;

/// Written into every finished client; a folder without it is not ours to replace.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Builds the client and returns its folder: `out`, or `target/client`. `pages` replaces the project's own pages.
pub(crate) fn build(place: &Place, wasm: &Wasm, out: Option<&Path>, pages: Option<&Path>) -> Done<PathBuf> {
    let out = out.map_or_else(|| Ok(place.target.join("client")), absolute)?;
    let pages = pages.map_or_else(|| Ok(place.root.join("client-web/app/pages")), absolute)?;
    // First what is quick to refuse.
    let mut sources = gather(&pages, &place.root.join("client-web/app/style"))?;

    let locales = place.root.join("client-web/app/locales");
    let mut languages = Vec::new();
    for (code, table) in words(&locales)? {
        add(&mut sources, &format!("words.{code}.bin"), table)?;
        languages.push(code);
    }
    library::put_into(&mut sources, &place.root.join("client-web/app"), &languages)?;

    run::run(&mut wasm.cargo(place, "build"))?;
    let cache = place.target.join("client-cache");
    for (name, crate_name) in MODULES {
        let module = toolchain::modules(place).join(format!("{crate_name}.wasm"));
        for (name, bytes) in bind(&module, name, &cache.join("bindgen").join(name))? {
            add(&mut sources, &name, bytes)?;
        }
    }
    let assets =
        layout::lay_out(sources).map_err(|error| Failure::new(format!("{}: {error}", pages.display())))?;
    let files = compress_all(assets, &cache)?;
    write(&files, &out)?;
    print_sizes(&files, &out);
    within_budget(&files)?;
    Ok(out)
}

/// A file as it is served, in all its forms.
struct Served {
    name: String,
    asset: Asset,
    brotli: Vec<u8>,
    gzip: Vec<u8>,
}

// ---- what goes in

pub(crate) type Sources = BTreeMap<String, Vec<u8>>;

/// The pages folder, and the style sheets in the order of their names as `style.css`.
fn gather(pages: &Path, style: &Path) -> Done<Sources> {
    if !pages.join("index.html").is_file() {
        return Err(Failure::new(format!(
            "the client needs its entry page, and {} does not exist",
            pages.join("index.html").display()
        )));
    }
    let mut sources = Sources::new();
    gather_folder(pages, "", &mut sources)?;
    let mut sheets = Sources::new();
    if style.is_dir() {
        gather_folder(style, "", &mut sheets)?;
        sheets.retain(|name, _| name.ends_with(".css") && !name.contains('/'));
    }
    if !sheets.is_empty() {
        let joined = sheets.into_values().collect::<Vec<_>>().join(&b'\n');
        add(&mut sources, "style.css", joined)?;
    }
    Ok(sources)
}

fn gather_folder(folder: &Path, prefix: &str, sources: &mut Sources) -> Done {
    let entries = fs::read_dir(folder).map_err(|error| Failure::about(folder, &error))?;
    for entry in entries.flatten() {
        let path = entry.path();
        let Some(name) = path.file_name().and_then(OsStr::to_str).filter(|name| is_plain(name)) else {
            return Err(Failure::new(format!(
                "{}: names that become addresses consist of a–z, 0–9, `.`, `_` and `-`",
                path.display()
            )));
        };
        if name.starts_with('.') || name.ends_with('~') {
            continue; // an editor's, not the client's
        }
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            gather_folder(&path, &format!("{name}/"), sources)?;
        } else {
            let bytes = fs::read(&path).map_err(|error| Failure::about(&path, &error))?;
            add(sources, &name, bytes)?;
        }
    }
    Ok(())
}

/// The words of each language that there is a source of, by its code.
fn words(locales: &Path) -> Done<Vec<(String, Vec<u8>)>> {
    let mut sources = Sources::new();
    gather_folder(locales, "", &mut sources)?;
    let mut languages: Vec<(String, String)> = Vec::new();
    for (name, bytes) in sources {
        let Some(code) = name.strip_suffix(".ftl") else { continue };
        let text = String::from_utf8(bytes).map_err(|_| Failure::new(format!("{name} is not UTF-8")))?;
        languages.push((code.to_owned(), text));
    }
    let sources: Vec<(&str, String)> =
        languages.iter().map(|(code, text)| (code.as_str(), text.clone())).collect();
    let made = lotgenoot_words::generate(&sources)
        .map_err(|error| Failure::new(format!("{}: {error}", locales.display())))?;
    Ok(languages.into_iter().map(|(code, _)| code).zip(made.tables).collect())
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "._-~".contains(c))
}

fn add(sources: &mut Sources, name: &str, bytes: Vec<u8>) -> Done {
    match sources.insert(name.to_owned(), bytes) {
        None => Ok(()),
        Some(_) => Err(Failure::new(format!("two files of the client are both called {name}"))),
    }
}

/// The script and the module that wasm-bindgen makes of what the compiler made: `person.js` and `person.wasm`.
fn bind(module: &Path, name: &str, folder: &Path) -> Done<[(String, Vec<u8>); 2]> {
    let failed = |error| Failure::new(format!("wasm-bindgen refused {}: {error:#}", module.display()));
    emptied(folder).map_err(|error| Failure::about(folder, &error))?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(name).typescript(false);
    // The boot script passes the module's hashed name; the default would be an unhashed one.
    bindgen.web(true).map_err(failed)?.omit_default_module_path(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(folder).map_err(failed)?;
    if folder.join("snippets").exists() {
        return Err(Failure::new(format!(
            "{} brings JavaScript snippets of its own (`inline_js` or `module = …`), which are not laid out yet",
            module.display()
        )));
    }
    let read = |file: String| {
        let file = folder.join(file);
        fs::read(&file).map_err(|error| Failure::about(&file, &error))
    };
    let (script, code) = (read(format!("{name}.js"))?, read(format!("{name}_bg.wasm"))?);
    Ok([(format!("{name}.js"), script), (format!("{name}.wasm"), code)])
}

// ---- what comes out

/// All at once: the two large modules take almost all of the time.
fn compress_all(assets: BTreeMap<String, Asset>, cache: &Path) -> Done<Vec<Served>> {
    fs::create_dir_all(cache).map_err(|error| Failure::about(cache, &error))?;
    let failed = |error| Failure::about(cache, &error);
    std::thread::scope(|scope| {
        let compress = |(name, asset): (String, Asset)| {
            scope.spawn(move || {
                let brotli = compress::brotli(&asset.bytes, cache)?;
                let gzip = compress::gzip(&asset.bytes)?;
                io::Result::Ok(Served { name, asset, brotli, gzip })
            })
        };
        let running: Vec<_> = assets.into_iter().map(compress).collect();
        let finished = running.into_iter().map(|thread| match thread.join() {
            Ok(served) => served.map_err(failed),
            Err(_) => Err(Failure::new("the compressor panicked")),
        });
        finished.collect()
    })
}

/// Writes beside and then replaces, so that a client is never half of one build and half of another.
fn write(files: &[Served], out: &Path) -> Done {
    let about = |error: io::Error| Failure::about(out, &error);
    if !is_ours(out) {
        return Err(Failure::new(format!(
            "{} holds something other than a client; give --out a new or an empty folder",
            out.display()
        )));
    }
    let mut beside = out.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    emptied(&beside).map_err(about)?;
    for file in files {
        let path = beside.join(&file.asset.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(about)?;
        }
        for (ending, bytes) in [("", &file.asset.bytes), (".br", &file.brotli), (".gz", &file.gzip)] {
            fs::write(beside.join(format!("{}{ending}", file.asset.path)), bytes).map_err(about)?;
        }
    }
    fs::write(beside.join(MANIFEST), manifest(files)).map_err(about)?;
    if out.exists() {
        fs::remove_dir_all(out).map_err(about)?;
    }
    fs::rename(&beside, out).map_err(about)
}

fn is_ours(out: &Path) -> bool {
    match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none() || out.join(MANIFEST).is_file(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// From logical names to what is served: for tests, and for whoever publishes what should be running.
fn manifest(files: &[Served]) -> String {
    let entries = files.iter().map(|file| {
        let about = serde_json::json!({
            "path": file.asset.path,
            "bytes": file.asset.bytes.len(),
            "brotli_bytes": file.brotli.len(),
            "sha256": sha256(&file.asset.bytes),
        });
        (file.name.clone(), about)
    });
    let entries = serde_json::Value::Object(entries.collect());
    format!("{entries:#}\n")
}

fn emptied(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::create_dir_all(folder),
    }
}

// ---- what it weighs

fn print_sizes(files: &[Served], out: &Path) {
    println!("\n    {:<16} {:<32} {:>10} {:>10}", "file", "served as", "raw", "brotli");
    for file in files {
        let (raw, brotli) = (file.asset.bytes.len(), file.brotli.len());
        println!("    {:<16} {:<32} {raw:>10} {brotli:>10}", file.name, file.asset.path);
    }
    let raw: usize = files.iter().map(|file| file.asset.bytes.len()).sum();
    println!("    {:<16} {:<32} {raw:>10} {:>10}", "all", "", brotli_bytes(files, |_| true));
    println!("    client: {}\n", out.display());
}

fn within_budget(files: &[Served]) -> Done {
    // She fetches the page and the words of one language: of the longest, at most.
    let largest = |counts: fn(&str) -> bool| {
        files.iter().filter(|file| counts(&file.name)).map(|file| file.brotli.len()).max().unwrap_or(0)
    };
    let words = largest(is_words);
    let interface = words + brotli_bytes(files, |name| matches!(name, "person.js" | "person.wasm"));
    let all = words
        + largest(is_page)
        + brotli_bytes(files, |name| !is_desk(name) && !is_words(name) && !is_page(name));
    let desk = brotli_bytes(files, is_desk);
    for (what, bytes, most) in [
        ("the interface", interface, MOST_INTERFACE_BYTES),
        ("what a person fetches", all, MOST_BYTES),
        ("the desk", desk, MOST_DESK_BYTES),
    ] {
        if bytes > most {
            return Err(Failure::new(format!(
                "{what} has grown to {bytes} bytes of brotli; {most} is the most"
            )));
        }
    }
    Ok(())
}

fn is_desk(name: &str) -> bool {
    matches!(name, "desk.js" | "desk.wasm" | "ring.js" | "wake.js")
}

fn is_page(name: &str) -> bool {
    name.ends_with(".html")
}

fn is_words(name: &str) -> bool {
    name.starts_with("words.")
}

fn brotli_bytes(files: &[Served], counts: impl Fn(&str) -> bool) -> usize {
    files.iter().filter(|file| counts(&file.name)).map(|file| file.brotli.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn served(name: &str, brotli_bytes: usize) -> Served {
        let asset = Asset { path: format!("assets/{name}"), bytes: b"abc".to_vec() };
        Served { name: name.to_owned(), asset, brotli: vec![0; brotli_bytes], gzip: Vec::new() }
    }

    #[test]
    fn style_sheets_are_joined_in_the_order_of_their_names() {
        let pages = folder_with(&[("index.html", ""), (".index.html.swp", ""), ("ar/index.html", "")]);
        let style = folder_with(&[("2.css", "b{}"), ("1.css", "a{}"), ("notes.md", "")]);
        let sources = gather(pages.path(), style.path()).unwrap();
        assert_eq!(sources.keys().collect::<Vec<_>>(), ["ar/index.html", "index.html", "style.css"]);
        assert_eq!(sources["style.css"], b"a{}\nb{}");
    }

    #[test]
    fn a_missing_entry_page_is_said_before_anything_is_built() {
        let empty = folder_with(&[]);
        let failure = gather(&empty.path().join("pages"), empty.path()).unwrap_err();
        assert!(failure.message.contains("pages/index.html"), "{}", failure.message);
    }

    #[test]
    fn two_files_cannot_share_a_name() {
        let pages = folder_with(&[("index.html", ""), ("style.css", "")]);
        let style = folder_with(&[("1.css", "")]);
        let failure = gather(pages.path(), style.path()).unwrap_err();
        assert!(failure.message.contains("style.css"), "{}", failure.message);
    }

    #[test]
    fn a_client_replaces_a_client_and_nothing_else() {
        let folder = folder_with(&[("letters/mother.txt", "dear")]);
        let letters = folder.path().join("letters");
        assert!(write(&[served("a.js", 1)], &letters).is_err());
        assert!(letters.join("mother.txt").is_file());
        let out = folder.path().join("client");
        write(&[served("a.js", 1)], &out).unwrap();
        write(&[served("b.js", 1)], &out).unwrap();
        assert!(!out.join("assets/a.js").exists());
        for ending in ["", ".br", ".gz"] {
            assert!(out.join(format!("assets/b.js{ending}")).is_file());
        }
    }

    #[test]
    fn the_manifest_tells_where_and_how_large() {
        let text = manifest(&[served("app.js", 2)]);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["app.js"]["path"], "assets/app.js");
        assert_eq!((&read["app.js"]["bytes"], &read["app.js"]["brotli_bytes"]), (&3.into(), &2.into()));
        assert!(read["app.js"]["sha256"].as_str().unwrap().starts_with("ba7816bf"));
    }

    #[test]
    fn too_much_is_refused_for_the_interface_the_desk_and_the_whole() {
        let interface = || served("person.wasm", MOST_INTERFACE_BYTES);
        let desk = || served("desk.wasm", MOST_DESK_BYTES);
        assert!(within_budget(&[interface(), served("worker.wasm", 600_000), desk()]).is_ok());
        assert!(within_budget(&[interface(), served("person.js", 1)]).is_err());
        assert!(within_budget(&[desk(), served("desk.js", 1)]).is_err());
        assert!(within_budget(&[served("worker.wasm", MOST_BYTES + 1)]).is_err());
    }
}
