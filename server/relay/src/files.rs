//! The client's files: read once at start, served from memory, compressed as they were built.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body_util::Full;
use hyper::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, VARY,
};
use hyper::{Response, StatusCode};
use jiff::tz::TimeZone;
use lotgenoot_protocol::RootKey;
use lotgenoot_protocol::calendar::Calendar;
use lotgenoot_protocol::frame::Pong;
use lotgenoot_protocol::link::Link;

use crate::now_page::NowPage;
use crate::store::Broken;

/// Every answer carries these. What they forbid stays forbidden whatever a page says (`experience.md`).
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; worker-src 'self'; manifest-src 'none'; form-action 'none'; base-uri 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types app",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-dns-prefetch-control", "off"),
    (
        "permissions-policy",
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), \
         magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()",
    ),
];

/// What is open now, and what is planned.
pub(crate) type Open = (Pong, Option<Arc<Calendar>>);

/// All files, by path.
pub struct Files {
    files: BTreeMap<String, File>,
    // Pages that say what is open now.
    now: BTreeMap<String, Now>,
    zone: TimeZone,
}

// It changes when somebody comes on duty, and is asked for much more often: compressed once each time.
struct Now {
    page: NowPage,
    last: Mutex<Rendered>,
}

#[derive(Clone, Default)]
struct Rendered {
    plain: Bytes,
    gzip: Bytes,
}

struct File {
    mime: &'static str,
    hashed: bool,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Files {
    /// Reads the folder of the built client.
    ///
    /// With them the organisation's root, for those who come by the address alone. Whoever serves the client's files
    /// could serve another root as well: no more is believed of this than of them (THREATS.md).
    pub fn read(folder: &Path, root: &RootKey, zone: TimeZone) -> Result<Self, Broken> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", &mut files).map_err(|error| {
            Broken::new(format!(
                "the client's folder {} cannot be read: {error}; build it with `cargo xtask client`",
                folder.display()
            ))
        })?;
        if !files.contains_key("/index.html") {
            return Err(Broken::new(format!(
                "the folder {} has no index.html; build the client with `cargo xtask client`",
                folder.display()
            )));
        }
        let root = Link::of_person(*root).to_fragment();
        let file = File {
            mime: "text/plain; charset=utf-8",
            hashed: false,
            plain: root.into(),
            brotli: None,
            gzip: None,
        };
        files.insert("/root.txt".to_owned(), file);
        let mut now = BTreeMap::new();
        for (path, file) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
            let page = NowPage::read(&String::from_utf8_lossy(&file.plain))?;
            now.extend(page.map(|page| (path.clone(), Now { page, last: Mutex::default() })));
        }
        Ok(Self { files, now, zone })
    }

    /// The answer to a GET of `path`. `open`: what is open and planned now, if that is known.
    pub fn answer(&self, path: &str, headers: &HeaderMap, open: Option<Open>) -> Response<Full<Bytes>> {
        let path = if path == "/" { "/index.html" } else { path };
        let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let accepts =
            |coding: &str| accepted.split(',').any(|part| part.trim().split(';').next() == Some(coding));
        let Some(file) = self.files.get(path) else {
            return plain(StatusCode::NOT_FOUND, "404\n");
        };
        let (body, encoding) = match (self.now.get(path), open) {
            (Some(now), Some((pong, calendar))) => {
                let now = now.at(now.page.render(&pong, calendar.as_deref(), &self.zone));
                if accepts("gzip") { (now.gzip, Some("gzip")) } else { (now.plain, None) }
            }
            _ => match (&file.brotli, &file.gzip) {
                (Some(bytes), _) if accepts("br") => (bytes.clone(), Some("br")),
                (_, Some(bytes)) if accepts("gzip") => (bytes.clone(), Some("gzip")),
                _ => (file.plain.clone(), None),
            },
        };
        let mut response = Response::new(Full::new(body));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(file.mime));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        // Only what has its hash in its name may be kept: it says nothing about what was read.
        let keep = if file.hashed { "public, max-age=31536000, immutable" } else { "no-store" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(keep));
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        harden(headers);
        response
    }
}

impl Now {
    fn at(&self, page: String) -> Rendered {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.plain != page.as_bytes() {
            *last = Rendered { gzip: gzip(page.as_bytes()), plain: page.into() };
        }
        last.clone()
    }
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    let packed = encoder.write_all(plain).and_then(|()| encoder.finish());
    packed.unwrap_or_default().into()
}

/// A short answer in words.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(text.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    harden(headers);
    response
}

pub(crate) fn harden(headers: &mut HeaderMap) {
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}/{name}");
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &path, files)?;
            continue;
        }
        let Some(mime) = mime(&name) else { continue };
        let sibling = |ending: &str| {
            let path = entry.path().with_file_name(format!("{name}{ending}"));
            std::fs::read(path).ok().map(Bytes::from)
        };
        let file = File {
            mime,
            hashed: prefix == "/assets",
            plain: std::fs::read(entry.path())?.into(),
            brotli: sibling(".br"),
            gzip: sibling(".gz"),
        };
        files.insert(path, file);
    }
    Ok(())
}

// What is not listed is not served: the compressed copies, anything left behind. The manifest is: whoever built the client
// from the same source compares it (README, "What is served is what stands here").
fn mime(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "json" => "application/json",
        "sig" => "text/plain; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "bin" => "application/octet-stream",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
