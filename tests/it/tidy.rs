//! The house rules, as tests: who may depend on whom, and what is named nowhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Crate, and the crates of this project it may depend on.
const ARROWS: [(&str, &[&str]); 9] = [
    ("lotgenoot-protocol", &[]),
    ("lotgenoot-messages", &[]),
    ("lotgenoot-core", &["lotgenoot-protocol"]),
    ("lotgenoot", &["lotgenoot-core", "lotgenoot-protocol"]),
    ("lotgenoot-client", &["lotgenoot-messages", "lotgenoot-protocol"]),
    ("lotgenoot-worker", &["lotgenoot-client", "lotgenoot-messages", "lotgenoot-protocol"]),
    ("lotgenoot-web", &["lotgenoot-messages"]),
    ("lotgenoot-person", &["lotgenoot-web"]),
    ("lotgenoot-desk", &["lotgenoot-web"]),
];

/// What the pure crates must not even name in their manifests.
const EDGES: [&str; 9] =
    ["tokio", "tokio-tungstenite", "hyper", "rustls", "redb", "tracing", "web-sys", "js-sys", "wasm-bindgen"];

#[test]
fn crates_depend_only_along_the_arrows() {
    let metadata = metadata();
    for (name, allowed) in ARROWS {
        let found: BTreeSet<String> =
            dependencies(&metadata, name).into_iter().filter(|it| it.starts_with("lotgenoot")).collect();
        let allowed: BTreeSet<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
        assert_eq!(found, allowed, "{name} depends on others than the diagram says");
    }
}

#[test]
fn the_pure_crates_know_no_socket_disk_or_browser() {
    let metadata = metadata();
    for name in ["lotgenoot-protocol", "lotgenoot-messages", "lotgenoot-core", "lotgenoot-client"] {
        let found = dependencies(&metadata, name);
        for edge in EDGES {
            assert!(!found.contains(edge), "{name} depends on {edge}");
        }
    }
    for name in ["lotgenoot-web", "lotgenoot-person", "lotgenoot-desk"] {
        assert!(!dependencies(&metadata, name).contains("openmls"), "the interface holds no key");
    }
}

#[test]
fn nothing_may_depend_on_the_tests() {
    let metadata = metadata();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        assert!(!dependencies(&metadata, name).contains("lotgenoot-tests"), "{name} depends on the tests");
    }
}

#[test]
fn the_server_names_no_group_that_could_decrypt() {
    for file in sources(&["server"]) {
        let text = std::fs::read_to_string(&file).unwrap();
        for name in ["MlsGroup", "StagedWelcome", "OpenMlsRustCrypto"] {
            assert!(!text.contains(name), "{} names {name}", file.display());
        }
    }
}

#[test]
fn the_cores_name_no_clock_and_no_order_by_hash() {
    for file in
        sources(&["protocol/src", "server/core/src", "client-web/core/src", "client-web/messages/src"])
    {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for name in ["SystemTime", "Instant", "HashMap", "HashSet", "std::fs", "std::net", "println!"] {
            assert!(!code.contains(name), "{} names {name}", file.display());
        }
    }
}

#[test]
fn only_one_file_of_the_client_names_the_group() {
    for file in sources(&["client-web/core/src"]) {
        // Its storage names the type of a value it keeps for the library.
        let text = std::fs::read_to_string(&file).unwrap().replace("MlsGroupJoinConfig", "");
        let is_group = file.file_name().is_some_and(|name| name == "group.rs");
        assert!(is_group || !text.contains("MlsGroup"), "{} names MlsGroup", file.display());
    }
}

#[test]
fn the_client_is_small_enough_for_a_cheap_phone() {
    let Some(folder) = std::env::var_os("LOTGENOOT_CLIENT_DIR") else {
        panic!("build the client with `cargo xtask client` and run the tests with `cargo xtask test`");
    };
    let manifest = std::fs::read_to_string(Path::new(&folder).join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let size = |wanted: &dyn Fn(&str) -> bool| -> u64 {
        let files = manifest.as_object().expect("the manifest lists files");
        let files = files.iter().filter(|(file, _)| wanted(file));
        files.map(|(_, it)| it["brotli_bytes"].as_u64().unwrap()).sum()
    };
    // Staff fetch their desk beside it, and everybody the words of one language.
    let languages = ["nl", "en", "ar"].map(|code| size(&|file| file == format!("words.{code}.bin")));
    assert!(languages.iter().all(|bytes| *bytes > 5_000), "they are really there: {languages:?}");
    let words = languages.into_iter().max().unwrap();
    let page = ["index", "en", "ar"].map(|page| size(&|file| file == format!("{page}.html")));
    let page = page.into_iter().max().unwrap();
    let of_staff = |file: &str| file.starts_with("desk.") || matches!(file, "ring.js" | "wake.js");
    let once = |file: &str| !of_staff(file) && !file.starts_with("words.") && !file.ends_with(".html");
    let all = words + page + size(&once);
    assert!(all <= 1_000_000, "a person fetches {all} bytes");
    let interface = words + size(&|file| file.starts_with("person."));
    assert!(interface <= 316_000, "the interface has {interface} bytes");
    for module in ["person.wasm", "desk.wasm", "worker.wasm"] {
        assert!(size(&|file| file == module) > 10_000, "{module} is really there");
    }
}

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn dependencies(metadata: &Value, name: &str) -> BTreeSet<String> {
    let package = metadata["packages"].as_array().unwrap().iter().find(|package| package["name"] == name);
    let package = package.unwrap_or_else(|| panic!("no crate {name}"));
    let of_the_product = |it: &&Value| it["kind"].is_null();
    let dependencies = package["dependencies"].as_array().unwrap().iter().filter(of_the_product);
    dependencies.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

fn sources(folders: &[&str]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for folder in folders {
        walk(&root().join(folder), &mut files);
    }
    assert!(files.len() >= folders.len(), "there is something to look at");
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
