//! Every sentence is there in every language, is used, and says the same as the pages that need no script.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lotgenoot_library::Library;
use lotgenoot_web::lines::{Place, lines};
use lotgenoot_web::words::{KEYS, Lang, Words};

const PAGES: [(&str, Lang); 3] = [("index.html", Lang::Nl), ("en.html", Lang::En), ("ar.html", Lang::Ar)];

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys_of(locale: &str) -> BTreeSet<String> {
    let text = read(&here(locale));
    let keys = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    keys.filter_map(|line| line.split_once(" =")).map(|(key, _)| key.replace('-', "_")).collect()
}

fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let texts = entries.flatten().map(|entry| {
        let path = entry.path();
        if path.is_dir() { sources(&path) } else { read(&path) }
    });
    texts.collect()
}

#[test]
fn all_languages_have_the_same_sentences() {
    let known: BTreeSet<String> = KEYS.iter().map(|key| (*key).to_owned()).collect();
    for locale in ["locales/nl.ftl", "locales/en.ftl", "locales/ar.ftl"] {
        assert_eq!(keys_of(locale), known, "{locale}");
    }
}

#[test]
fn every_sentence_is_said_somewhere() {
    let code = sources(&here("src"));
    let unused: Vec<_> = KEYS.iter().filter(|key| !code.contains(&format!("words.{key}("))).collect();
    assert_eq!(unused, Vec::<&&str>::new(), "nobody reads these");
}

/// The pages are read without any script; what stands there twice must not drift apart.
#[test]
fn the_pages_show_the_numbers_of_the_data_file_in_the_words_of_the_locale() {
    for (page, lang) in PAGES {
        let (text, words) = (read(&here("pages").join(page)), Words::of(lang));
        for line in lines(Place::Emergency) {
            assert!(text.contains(&format!(">{}<", line.shown)), "{page}: {}", line.shown);
            assert!(text.contains(&words.line_note(line.id)), "{page}: {}", line.id);
            assert!(line.tel.is_none_or(|tel| text.contains(&format!("href=\"tel:{tel}\""))), "{page}");
            assert!(text.contains(&words.checked(line.checked.1, line.checked.0)), "{page}: {}", line.id);
        }
        assert!(text.contains(words.danger_trace()), "{page}");
        assert!(text.contains(words.danger_title()), "{page}");
    }
}

#[test]
fn what_a_page_says_of_what_is_open_is_what_the_interface_says() {
    for (page, lang) in PAGES {
        let (text, words) = (read(&here("pages").join(page)), Words::of(lang));
        let lines = [
            ("hosts", words.open_hosts().to_owned()),
            ("no-hosts", words.open_no_hosts().to_owned()),
            ("services", words.open_services("{services}")),
            ("no-services", words.open_no_services().to_owned()),
            ("and", words.listed_and("{last}", "{others}")),
            ("open-now", words.planned_open_now("{theme}", "{until}")),
            ("next", words.planned_next("{day}", "{theme}", "{time}")),
            ("wijkteam", words.service("wijkteam")),
            ("veilig-thuis", words.service("veilig-thuis")),
            ("politie", words.service("politie")),
            ("lines-title", words.lines_near().to_owned()),
            ("lines-acts", words.lines_may_act().to_owned()),
        ];
        for (key, sentence) in lines {
            // The page is read from right to left as a whole: what is filled in there is not isolated.
            let sentence = sentence.replace(['\u{2068}', '\u{2069}'], "");
            assert!(text.contains(&format!("\n{key}: {sentence}\n")), "{page}: {key}: {sentence}");
        }
    }
}

#[test]
fn every_way_out_of_a_page_leads_to_the_same_place() {
    let mut places = BTreeSet::new();
    for (page, _) in PAGES {
        let text = read(&here("pages").join(page));
        let links: Vec<&str> = text.lines().filter(|line| line.contains("data-exit")).collect();
        assert_eq!(links.len(), 2, "{page}: the button and the hidden second skip link");
        for link in links {
            assert!(link.contains("rel=\"noreferrer\""), "{page}: {link}");
            places.insert(
                link.split('"').find(|part| part.starts_with("https://")).unwrap_or_default().to_owned(),
            );
        }
    }
    assert_eq!(places.len(), 1, "{places:?}");
}

#[test]
fn what_stands_in_a_tab_or_a_history_says_nothing() {
    for (page, _) in PAGES {
        let text = read(&here("pages").join(page));
        assert!(text.contains("<title>Agenda</title>"), "{page}");
        assert!(
            !text.contains(" style=") && !text.contains("<style") && !text.contains(" onclick="),
            "{page}"
        );
        assert!(text.contains("content=\"noindex"), "{page}");
    }
}

#[test]
fn no_sentence_promises_or_blames() {
    for locale in ["locales/nl.ftl", "locales/en.ftl", "pages/index.html", "pages/en.html"] {
        let text = read(&here(locale)).to_lowercase();
        for never in [
            "hulp is onderweg",
            "help is on the way",
            "huiselijk geweld",
            "domestic violence",
            "slachtoffer ",
            "victim ",
        ] {
            let said =
                text.lines().filter(|line| !line.starts_with('#') && !line.contains("[slachtofferhulp]"));
            assert!(!said.into_iter().any(|line| line.contains(never)), "{locale}: {never}");
        }
    }
}

/// Whoever speaks to the browser says what she sees on the button (WCAG 2.5.3).
#[test]
fn what_a_button_is_called_has_what_stands_on_it_in_it() {
    for (_, lang) in PAGES {
        let words = Words::of(lang);
        let pairs = [
            (words.office_revoke(), words.office_revoke_of("x")),
            (words.office_cosign(), words.office_cosign_of("x")),
            (words.plan_change(), words.plan_change_of("x")),
            (words.plan_remove(), words.plan_remove_of("x")),
            (words.plan_remove(), words.duty_remove_change("x")),
            (words.lines_check(), words.lines_check_of("x")),
            (words.lines_remove(), words.lines_remove_of("x")),
        ];
        for (shown, called) in pairs {
            assert!(called.contains(shown), "{}: “{shown}” is called “{called}”", lang.code());
        }
    }
}

// Of what anybody reads: no longer sentences, no longer words, and none of these (A2/B1). Whoever has to go beyond says so here.
const WORDS_MAX: usize = 15;
const LETTERS_MAX: usize = 14;
const LONGER_SENTENCES: [(&str, usize); 9] = [
    ("check-in-about", 18),
    ("code-silent", 17),
    ("consent-professional", 17),
    ("contact-about", 16),
    ("duty-unverified", 17),
    ("failed-admit", 17),
    ("figures-about", 16),
    ("host-overloaded", 16),
    ("ring-counts", 16),
];
const LONGER_WORDS: [&str; 5] =
    ["icalendar-bestand", "slachtofferhulp", "telefoonnummers", "veiligheidsplan", "verantwoordelijk"];
const HARD_WORDS: [&str; 24] = [
    "aangezien",
    "alsmede",
    "alvorens",
    "authenticatie",
    "betreffende",
    "conform",
    "derhalve",
    "desbetreffende",
    "discretie",
    "encryptie",
    "escalatie",
    "geschieden",
    "hieromtrent",
    "inzake",
    "jegens",
    "middels",
    "mits",
    "omtrent",
    "proactief",
    "reeds",
    "teneinde",
    "tevens",
    "traject",
    "valideren",
];

#[test]
fn the_interface_says_of_a_number_what_the_library_says() {
    for (_, lang) in PAGES {
        for line in library().lines() {
            let about = &line.about[lang.code()];
            if line.place != lotgenoot_library::Place::Library {
                assert_eq!(*about, Words::of(lang).line_note(&line.id), "{}", line.id);
            }
        }
    }
}

#[test]
fn a_piece_of_the_library_has_its_place_in_every_page() {
    for (page, lang) in PAGES {
        let text = read(&here("pages").join(page));
        assert!(text.contains(&lotgenoot_library::page::place(lang.code())), "{page}");
    }
}

/// What she reads about the server is the list of the threat model, row by row.
#[test]
fn what_the_server_sees_is_said_to_her_as_it_stands_in_the_threat_model() {
    let threats = read(&here("../../protocol/THREATS.md"));
    let (_, section) = threats.split_once("\n## What the relay learns\n").unwrap();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let rows: Vec<String> = rows.map(str::to_owned).collect();
    let library = library();
    let topic = library.topics().iter().find(|topic| topic.id == "server").unwrap();
    let said: Vec<String> = topic.facts.iter().filter_map(|fact| fact.id.clone()).collect();
    assert!(!rows.is_empty());
    assert_eq!(said, rows);
    assert_eq!(topic.facts.len(), rows.len());
}

fn library() -> Library {
    let mut names: Vec<_> =
        fs::read_dir(here("library")).unwrap().flatten().map(|entry| entry.path()).collect();
    names.sort();
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let topics: Vec<(String, String)> = names
        .iter()
        .filter_map(|path| Some((stem(path).split_once('-')?.1.to_owned(), read(path))))
        .collect();
    let topics: Vec<(&str, &str)> = topics.iter().map(|(id, json)| (id.as_str(), json.as_str())).collect();
    let (lines, words) = (read(&here("locales/helplines.json")), read(&here("library/words.json")));
    Library::read(&lines, &topics, &words, &PAGES.map(|(_, lang)| lang.code())).unwrap()
}

#[test]
fn dutch_is_short_and_plain() {
    let text = read(&here("locales/nl.ftl"));
    let of_the_library: Vec<_> = library()
        .texts("nl")
        .into_iter()
        .flat_map(|(key, text)| {
            sentences(&format!("x = {text}\n")).into_iter().map(move |(_, said)| (key.clone(), said))
        })
        .collect();
    let mut hard = Vec::new();
    for (key, sentence) in sentences(&text).into_iter().chain(of_the_library) {
        let words: Vec<String> = sentence
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
            .filter(|word| !word.is_empty())
            .collect();
        let most =
            LONGER_SENTENCES.iter().find(|(known, _)| *known == key).map_or(WORDS_MAX, |(_, most)| *most);
        // A list of names is no sentence.
        if words.len() > most && key != "nicknames" && key != "plan-overloaded" {
            hard.push(format!("{key}: {} words: {sentence}", words.len()));
        }
        for word in words {
            let long = word.chars().count() > LETTERS_MAX && !LONGER_WORDS.contains(&word.as_str());
            if long || HARD_WORDS.contains(&word.as_str()) {
                hard.push(format!("{key}: {word}"));
            }
        }
    }
    assert_eq!(hard, Vec::<String>::new());
}

// Each sentence with the key of its message; what is filled in is one word.
fn sentences(text: &str) -> Vec<(String, String)> {
    let (mut found, mut key) = (Vec::new(), String::new());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let said = match line.split_once(" = ").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            Some((name, said)) => {
                key = name.to_owned();
                said
            }
            None => line,
        };
        // A choice begins, or one of its cases does.
        let said = if said.trim_end().ends_with("->") {
            said.rsplit_once('{').map_or("", |(said, _)| said)
        } else {
            said
        };
        let said = said.trim().trim_start_matches(['*', '}']);
        let said =
            said.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(said, |(_, said)| said);
        let mut plain = String::new();
        for (at, part) in said.split(['{', '}']).enumerate() {
            plain.push_str(if at % 2 == 0 { part } else { "x" });
        }
        let ends = |c: char| matches!(c, '.' | '!' | '?' | ':' | ';');
        let parts = plain.split_inclusive(ends).map(|part| part.trim().to_owned());
        found.extend(
            parts.filter(|part| part.contains(char::is_alphanumeric)).map(|part| (key.clone(), part)),
        );
    }
    found
}

#[test]
fn sentences_are_found_in_messages_of_every_kind() {
    let text = "weg = Snel weg\n# nee\ntijd = Over { $minutes ->\n    [one] een minuut\n   *[other] { NUMBER($minutes) } minuten\n  }. Dan niet?\n";
    let found: Vec<String> = sentences(text).into_iter().map(|(key, said)| format!("{key}={said}")).collect();
    assert_eq!(found, ["weg=Snel weg", "tijd=Over", "tijd=een minuut", "tijd=x minuten", "tijd=Dan niet?"]);
}
