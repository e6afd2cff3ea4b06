//! What the relay serves: small, and exactly what the manifest lists.

use std::io::Read;

use lotgenoot_tests::demo::Demo;
use reqwest::Response;
use reqwest::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::browsers::demo;

// What she fetches before she can read: page, style and the script that starts everything (experience.md).
const ENTRY_BYTES_MAX: usize = 150_000;

fn address(demo: &Demo) -> String {
    demo.links().person.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/').to_owned()
}

async fn get(address: &str, path: &str, accepts: &str) -> Response {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(format!("{address}{path}")).header(ACCEPT_ENCODING, accepts).send().await.unwrap()
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> String {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_page_of_the_moment_is_packed_and_light_and_kept_nowhere() {
    let demo = demo().await;
    let address = address(&demo);
    let plain = get(&address, "/", "identity").await;
    assert_eq!(header(&plain, CONTENT_ENCODING), "");
    let plain = plain.text().await.unwrap();
    assert!(plain.contains("open-served") && plain.contains("topic-rights"), "{plain}");
    for page in ["/", "/en.html", "/ar.html"] {
        let packed = get(&address, page, "gzip, deflate, br, zstd").await;
        assert_eq!(header(&packed, CONTENT_ENCODING), "gzip", "{page}");
        assert_eq!(header(&packed, CACHE_CONTROL), "no-store", "{page}");
        let packed = packed.bytes().await.unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut text).unwrap();
        assert!(text.contains("open-served"), "{page}");
        let mut all = packed.len();
        for part in text.split('"').filter(|part| part.starts_with("/assets/")) {
            all += get(&address, part, "br").await.bytes().await.unwrap().len();
        }
        assert!(all <= ENTRY_BYTES_MAX, "{page} weighs {all} bytes");
    }
}

#[tokio::test]
async fn the_relay_publishes_the_hashes_of_what_it_serves() {
    let demo = demo().await;
    let address = address(&demo);
    let manifest = get(&address, "/manifest.json", "identity").await;
    assert_eq!(header(&manifest, CACHE_CONTROL), "no-store");
    let manifest: Value = serde_json::from_str(&manifest.text().await.unwrap()).unwrap();
    let files = manifest.as_object().unwrap();
    assert!(files.contains_key("person.wasm") && files.contains_key("worker.wasm"), "{files:?}");
    // What is open now is written into the pages as they are served.
    for (name, about) in files.iter().filter(|(name, _)| !name.ends_with(".html")) {
        let path = format!("/{}", about["path"].as_str().unwrap());
        let served = get(&address, &path, "identity").await.bytes().await.unwrap();
        let hash: String = Sha256::digest(&served).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(about["sha256"], hash, "{name}");
    }
}
