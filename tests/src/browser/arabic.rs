//! A screen in Arabic, for a picture: every sentence of the locale that stands on it is replaced by the same sentence of the
//! other, from right to left, and afterwards put back. So a story is told once, and looked at in both.
//!
//! What people typed stays as it is, and so does what no locale says.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

/// `[Dutch, Arabic]` of each sentence, the longest first; what is filled in stands between `\u{1}` in both.
pub(super) fn pairs() -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client-web/app");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_default();
    let (dutch, arabic) = (parse(&read("locales/nl.ftl")), parse(&read("locales/ar.ftl")));
    let mut pairs = paired(&dutch, &arabic);
    // The one word that is the page's own and stands on every screen.
    let exit = |page: &str| text_of(&read(page), "data-test=\"exit\">");
    pairs.extend(exit("pages/index.html").zip(exit("pages/ar.html")));
    pairs.sort_by_key(|(dutch, _)| std::cmp::Reverse(dutch.chars().count()));
    json!(pairs)
}

/// Puts the sentences in the place of the others; `window.dutch()` puts them back.
pub(super) const TURN: &str = r"
    const pairs = arguments[0].map(([from, to]) => {
        const names = [...from.matchAll(/\u0001(.*?)\u0001/g)].map((it) => it[1]);
        if (names.length === 0) return { from, to };
        const plain = from.split(/\u0001.*?\u0001/).map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
        return { pattern: new RegExp('^' + plain.join('(.+?)') + '$'), names, to };
    });
    const whole = new Map(pairs.filter((it) => it.from).map((it) => [it.from, it.to]));
    const filled = pairs.filter((it) => it.pattern);
    const plain = (text) => text.replace(/[\u2068\u2069]/g, '').trim();
    const turned = (text) => {
        const said = plain(text);
        if (whole.has(said)) return whole.get(said);
        for (const { pattern, names, to } of filled) {
            const found = said.match(pattern);
            if (found) return to.replace(/\u0001(.*?)\u0001/g, (_, name) => found[names.indexOf(name) + 1] ?? '');
        }
    };
    const back = [];
    const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (nodes.nextNode()) {
        const node = nodes.currentNode, was = node.data;
        if (!was.trim() || node.parentElement.closest('.text, .name, script, #library, #front')) continue;
        const said = turned(was);
        if (said === undefined) continue;
        back.push(() => { node.data = was; });
        node.data = was.replace(was.trim(), () => said);
    }
    for (const field of document.querySelectorAll('[placeholder]')) {
        const was = field.placeholder, said = turned(was);
        if (said === undefined) continue;
        back.push(() => { field.placeholder = was; });
        field.placeholder = said;
    }
    const { lang, dir } = document.documentElement;
    Object.assign(document.documentElement, { lang: 'ar', dir: 'rtl' });
    window.dutch = () => { back.forEach((one) => one()); Object.assign(document.documentElement, { lang, dir }); };
";

type Sentences = BTreeMap<(String, String), String>;

fn paired(dutch: &Sentences, arabic: &Sentences) -> Vec<(String, String)> {
    let other = |key: &str| arabic.get(&(key.to_owned(), "other".to_owned()));
    let pair = |((key, case), said): (&(String, String), &String)| {
        let arabic = arabic.get(&(key.clone(), case.clone())).or_else(|| other(key))?;
        Some((said.clone(), arabic.clone()))
    };
    dutch.iter().filter_map(pair).collect()
}

/// Each message, or each of its cases, by key and case; what is filled in as `\u{1}name\u{1}`.
fn parse(text: &str) -> Sentences {
    let mut all = Sentences::new();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    while let Some(line) = lines.next() {
        let Some((key, said)) = line.split_once(" = ") else { continue };
        let Some((before, _)) = said.trim_end().strip_suffix("->").and_then(|it| it.rsplit_once('{')) else {
            all.insert((key.to_owned(), String::new()), marked(said));
            continue;
        };
        let mut cases = Vec::new();
        let after = loop {
            let Some(line) = lines.next() else { break "" };
            let case =
                line.trim().trim_start_matches('*').strip_prefix('[').and_then(|it| it.split_once("] "));
            match case {
                Some((case, said)) => cases.push((case.to_owned(), said.to_owned())),
                None => break line.trim().strip_prefix('}').unwrap_or(""),
            }
        };
        for (case, said) in cases {
            all.insert((key.to_owned(), case), marked(&format!("{before}{said}{after}")));
        }
    }
    all
}

// `{ $name }` and `{ NUMBER($name) }` become marks; `{ "…" }` is what stands in it.
fn marked(said: &str) -> String {
    let mut plain = String::new();
    for (at, part) in said.split(['{', '}']).enumerate() {
        let name = part.trim().trim_start_matches("NUMBER(").trim_end_matches(')');
        match (at % 2, name.strip_prefix('$')) {
            (0, _) => plain.push_str(part),
            (_, Some(name)) => plain.push_str(&format!("\u{1}{name}\u{1}")),
            (_, None) => plain.push_str(part.trim().trim_matches('"')),
        }
    }
    plain.trim().to_owned()
}

fn text_of(page: &str, mark: &str) -> Option<String> {
    let (_, rest) = page.split_once(mark)?;
    Some(rest.split('<').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_finds_its_other_by_key_and_case() {
        let dutch = "weg = Snel weg\ntijd = Over { $m ->\n    [one] een minuut\n   *[other] { NUMBER($m) } minuten\n  }.\n";
        let arabic =
            "weg = خروج\ntijd = بعد { $m ->\n    [two] دقيقتين\n   *[other] { NUMBER($m) } دقيقة\n  }.\n";
        let pairs = paired(&parse(dutch), &parse(arabic));
        let pair = |from: &str, to: &str| pairs.contains(&(from.to_owned(), to.to_owned()));
        assert!(pair("Snel weg", "خروج"), "{pairs:?}");
        assert!(pair("Over \u{1}m\u{1} minuten.", "بعد \u{1}m\u{1} دقيقة."), "{pairs:?}");
        assert!(pair("Over een minuut.", "بعد \u{1}m\u{1} دقيقة."), "{pairs:?}");
    }

    #[test]
    fn the_real_locales_are_read_whole() {
        let pairs = pairs();
        let pairs = pairs.as_array().unwrap();
        assert!(pairs.len() > 900, "{}", pairs.len());
        assert!(pairs.iter().any(|pair| pair[0] == "Snel weg"));
        assert!(pairs.iter().all(|pair| !pair[1].as_str().unwrap().contains('{')), "{pairs:?}");
    }
}
