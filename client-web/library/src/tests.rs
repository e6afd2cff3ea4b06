use super::*;

const LINES: &str = r#"[{ "id": "alarm", "shown": "112", "tel": "112", "place": "emergency", "region": "NL", "languages": ["nl"],
  "about": { "nl": "Bij <gevaar>.", "en": "In danger." }, "happens": { "nl": "Zij vragen.", "en": "They ask." },
  "must_act": { "nl": "Ja.", "en": "Yes." }, "checked": "2026-11", "source": "politie.nl, 112" }]"#;
const TOPIC: &str = r#"{ "id": "fund", "title": { "nl": "Geld", "en": "Money" }, "lines": ["alarm"],
  "facts": [{ "text": { "nl": "Het is zo.", "en": "It is so." }, "source": "wet.nl, artikel 1 & 2", "checked": "2026-12" }] }"#;
const WORDS: &str = r#"{ "title": { "nl": "Lezen", "en": "Reading" }, "lead": { "nl": "Uitleg.", "en": "Explained." },
  "numbers": { "nl": "Bellen", "en": "Calling" }, "happens": { "nl": "Wat dan?", "en": "What then?" },
  "must_act": { "nl": "Moeten zij?", "en": "Must they?" }, "call": { "nl": "Bel {number}", "en": "Call {number}" },
  "sources": { "nl": "Waar staat dit?", "en": "Where from?" }, "read": { "nl": "{source} Gelezen: {month} {year}.", "en": "{source} {month} {year}." },
  "checked": { "nl": "Nagekeken: {month} {year}.", "en": "Checked: {month} {year}." },
  "months": { "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec", "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec" } }"#;

fn read(lines: &str, topic: &str, words: &str) -> Result<Library, String> {
    Library::read(lines, &[("fund", topic)], words, &["nl", "en"])
}

#[test]
fn every_fact_stands_there_with_its_source_and_its_month() {
    let library = read(LINES, TOPIC, WORDS).unwrap();
    let page = page::render(&library, "nl");
    for said in [
        "<summary>Geld</summary>",
        "<li>Het is zo.</li>",
        "<li><bdi lang=\"nl\">wet.nl, artikel 1 &amp; 2.</bdi> Gelezen: dec 2026.</li>",
        "<p class=\"small\">Nagekeken: nov 2026.</p>",
        "<a href=\"tel:112\" class=\"number\" dir=\"ltr\" aria-label=\"Bel 112\">112</a><p>Bij &lt;gevaar&gt;.</p>",
        "<p><strong>Moeten zij?</strong> Ja.</p>",
    ] {
        assert!(page.contains(said), "{said}\n{page}");
    }
    assert!(page::render(&library, "en").contains("It is so."));
}

#[test]
fn what_nobody_could_check_again_is_refused_and_named() {
    let wrong = [
        (LINES.to_owned(), TOPIC.replace("wet.nl, artikel 1 & 2", " "), "fund: “ ” is no source"),
        (LINES.to_owned(), TOPIC.replace("wet.nl,", "https://wet.nl"), "no source"),
        (LINES.to_owned(), TOPIC.replace("2026-12", "2026-13"), "`2026-13` is no month"),
        (LINES.to_owned(), TOPIC.replace("[\"alarm\"]", "[\"brand\"]"), "the number brand"),
        (LINES.to_owned(), TOPIC.replace("\"en\": \"Money\"", "\"en\": \"\""), "fund: a text lacks its en"),
        (LINES.to_owned(), TOPIC.replace("\"fund\"", "\"found\""), "calls itself found"),
        (
            LINES.replace("\"en\": \"Yes.\"", "\"ar\": \"Yes.\""),
            TOPIC.to_owned(),
            "alarm: a text lacks its en",
        ),
        (LINES.replace("\"place\": \"emergency\",", ""), TOPIC.to_owned(), "place"),
    ];
    for (lines, topic, named) in wrong {
        let error = read(&lines, &topic, WORDS).unwrap_err();
        assert!(error.contains(named), "{error}");
    }
    assert!(read(LINES, TOPIC, &WORDS.replace("jan feb", "jan")).unwrap_err().contains("twelve months"));
}

#[test]
fn a_month_is_a_year_and_a_month() {
    let month = |said: &str| Month::try_from(said.to_owned());
    assert_eq!(month("2026-09"), Ok(Month { year: 2026, month: 9 }));
    for wrong in ["2026", "2026-0", "2026-00", "26-09", "2026-9", "2026-09-01"] {
        assert!(month(wrong).is_err(), "{wrong}");
    }
    assert!(Month { year: 2026, month: 12 } < Month { year: 2027, month: 1 });
}
