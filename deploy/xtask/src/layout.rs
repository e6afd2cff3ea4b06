//! Decides under which name each file of the client is served, and fills the names in where files refer to each other.
//! Pure: bytes in, bytes out.
//!
//! Pages (`*.html`) and the few files that browsers ask for by name keep theirs. All others are served as
//! `assets/<hash of the content>.<extension>`: they can be cached for ever, and a name in someone's cache, history or
//! proxy log does not tell what kind of site this is.
//!
//! A page, script or style sheet refers to another file by its logical name, `{{app.wasm}}`, and gets `/assets/….wasm`:
//! absolute, because a module import counts from the script, a worker or a fetch from the page.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Enough of SHA-256 that two files of one build never meet.
const HASH_DIGITS: usize = 16;
/// Asked for by their names.
/// `wake.js` is asked for again by browsers that have it, to see whether there is a newer one.
const FIXED_NAMES: [&str; 3] = ["favicon.ico", "robots.txt", "wake.js"];

/// A file as it is served.
#[derive(Debug, PartialEq)]
pub(crate) struct Asset {
    /// Its path below the client's folder.
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
}

/// From logical names to assets; an error names the file and the placeholder.
pub(crate) fn lay_out(sources: BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, Asset>, String> {
    let mut layout = Layout { sources, placed: BTreeMap::new(), open: Vec::new() };
    let names: Vec<String> = layout.sources.keys().cloned().collect();
    for name in names {
        layout.place(&name)?;
    }
    Ok(layout.placed)
}

/// SHA-256 in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

struct Layout {
    sources: BTreeMap<String, Vec<u8>>,
    placed: BTreeMap<String, Asset>,
    /// The files being placed, each referred to by the one before: a name that comes twice is a cycle.
    open: Vec<String>,
}

impl Layout {
    /// Places a file after all it refers to, since its own hash depends on their names.
    fn place(&mut self, name: &str) -> Result<(), String> {
        if self.placed.contains_key(name) {
            return Ok(());
        }
        self.open.push(name.to_owned());
        let source = self.sources.get(name).cloned().unwrap_or_default();
        let bytes = if may_refer(name) { self.fill(name, source)? } else { source };
        self.open.pop();
        let path = path_of(name, &bytes);
        self.placed.insert(name.to_owned(), Asset { path, bytes });
        Ok(())
    }

    fn fill(&mut self, name: &str, source: Vec<u8>) -> Result<Vec<u8>, String> {
        let text = String::from_utf8(source).map_err(|_| format!("{name} is not UTF-8"))?;
        let mut filled = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find("{{") {
            let (before, from) = rest.split_at(start);
            filled.push_str(before);
            match placeholder(from) {
                Some((wanted, after)) => {
                    filled.push_str(&self.reference(name, wanted)?);
                    rest = after;
                }
                // Braces are common in scripts; in a page they are a slip.
                None if name.ends_with(".html") => {
                    let line = from.lines().next().unwrap_or_default();
                    return Err(format!("{name}: `{line}` begins no placeholder such as {{{{app.js}}}}"));
                }
                None => {
                    filled.push_str("{{");
                    rest = &from[2..];
                }
            }
        }
        filled.push_str(rest);
        Ok(filled.into_bytes())
    }

    fn reference(&mut self, name: &str, wanted: &str) -> Result<String, String> {
        if !self.sources.contains_key(wanted) {
            let known = self.sources.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            return Err(format!("{name}: there is no file for {{{{{wanted}}}}}; there are {known}"));
        }
        // A page's name is known without its content, so pages may refer to each other, and scripts to pages.
        if keeps_its_name(wanted) {
            return Ok(format!("/{wanted}"));
        }
        if self.open.iter().any(|open| open == wanted) {
            let chain = self.open.join(" → ");
            return Err(format!(
                "{name}: {{{{{wanted}}}}} closes a circle ({chain} → {wanted}); no hash can be in itself"
            ));
        }
        self.place(wanted)?;
        Ok(format!("/{}", self.placed[wanted].path))
    }
}

/// `{{ name }}…` → the name and what follows.
fn placeholder(from: &str) -> Option<(&str, &str)> {
    let (inside, after) = from.strip_prefix("{{")?.split_once("}}")?;
    let name = inside.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    (!name.is_empty() && name.chars().all(plain)).then_some((name, after))
}

fn may_refer(name: &str) -> bool {
    [".html", ".js", ".css"].iter().any(|extension| name.ends_with(extension))
}

fn keeps_its_name(name: &str) -> bool {
    name.ends_with(".html") || FIXED_NAMES.contains(&name)
}

fn path_of(name: &str, bytes: &[u8]) -> String {
    if keeps_its_name(name) {
        return name.to_owned();
    }
    let file = name.rsplit('/').next().unwrap_or(name);
    let extension = file.rsplit_once('.').map_or(String::new(), |(_, extension)| format!(".{extension}"));
    format!("assets/{}{extension}", &sha256(bytes)[..HASH_DIGITS])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(files: &[(&str, &str)]) -> Result<BTreeMap<String, Asset>, String> {
        lay_out(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect())
    }

    fn text(assets: &BTreeMap<String, Asset>, name: &str) -> String {
        String::from_utf8(assets[name].bytes.clone()).unwrap()
    }

    #[test]
    fn names_are_the_first_16_digits_of_the_content() {
        let assets = laid_out(&[("icon.svg", "abc")]).unwrap();
        assert_eq!(assets["icon.svg"].path, "assets/ba7816bf8f01cfea.svg"); // SHA-256("abc"), FIPS 180-4
    }

    #[test]
    fn pages_keep_their_names_and_point_to_the_hashed_ones() {
        let assets = laid_out(&[
            ("index.html", r#"<script src="{{boot.js}}"></script>"#),
            ("boot.js", r#"import "{{ app.js }}"; open("{{leave.html}}")"#),
            ("app.js", "1"),
            ("leave.html", r#"<a href="{{index.html}}">"#),
        ])
        .unwrap();
        assert_eq!(assets["index.html"].path, "index.html");
        assert_eq!(
            text(&assets, "index.html"),
            format!(r#"<script src="/{}"></script>"#, assets["boot.js"].path)
        );
        let app = &assets["app.js"].path;
        assert_eq!(text(&assets, "boot.js"), format!(r#"import "/{app}"; open("/leave.html")"#));
        assert_eq!(text(&assets, "leave.html"), r#"<a href="/index.html">"#);
    }

    #[test]
    fn a_change_far_below_changes_every_name_above_it() {
        let name_above = |wasm| {
            let files = [("boot.js", r#""{{app.wasm}}""#), ("app.wasm", wasm)];
            laid_out(&files).unwrap()["boot.js"].path.clone()
        };
        assert_eq!(name_above("1"), name_above("1"));
        assert_ne!(name_above("1"), name_above("2"));
    }

    #[test]
    fn an_unknown_placeholder_is_named_with_its_file() {
        let error = laid_out(&[("index.html", "{{app.jss}}"), ("app.js", "")]).unwrap_err();
        assert!(
            error.contains("index.html") && error.contains("{{app.jss}}") && error.contains("app.js,"),
            "{error}"
        );
    }

    #[test]
    fn a_circle_is_named_with_its_way_round() {
        let error = laid_out(&[("a.js", "{{b.js}}"), ("b.js", "{{a.js}}")]).unwrap_err();
        assert!(error.contains("b.js: {{a.js}}") && error.contains("a.js → b.js → a.js"), "{error}");
        assert!(laid_out(&[("a.js", "{{a.js}}")]).is_err());
    }

    #[test]
    fn other_braces_are_left_alone_in_scripts_and_refused_in_pages() {
        let script = "f({{}}); if (a) {{ b() }} {{";
        assert_eq!(text(&laid_out(&[("a.js", script)]).unwrap(), "a.js"), script);
        let error = laid_out(&[("index.html", "{{app js}}")]).unwrap_err();
        assert!(error.contains("index.html") && error.contains("{{app js}}"), "{error}");
    }

    #[test]
    fn what_is_not_text_is_never_searched() {
        let assets = laid_out(&[("photo.png", "{{nothing.js}}"), ("robots.txt", "{{nothing.js}}")]).unwrap();
        assert_eq!(text(&assets, "photo.png"), "{{nothing.js}}");
        assert_eq!(assets["robots.txt"].path, "robots.txt");
    }
}
