//! Makes the lists of what leads to somebody, and of what a host should not read over, out of the data file.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The lists of one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    // Words end like this: Lindestraat.
    street_endings: Vec<String>,
    // A word of its own: Lime Street.
    street_words: Vec<String>,
    not_streets: Vec<String>,
    name_links: Vec<String>,
    // What sentences begin with before a link that is in no name: In de Kerk.
    openers: Vec<String>,
    // Known as names where every word has a capital: at the beginning of a sentence.
    first_names: Vec<String>,
    not_names: Vec<String>,
    crisis_words: Vec<String>,
    crisis_phrases: Vec<String>,
    folded: Vec<String>,
}

/// The body of `LISTS`. Texts are written in whichever language: every list is looked through for each.
pub(crate) fn generate(json: &str) -> Result<String, String> {
    let languages: BTreeMap<String, Lists> =
        serde_json::from_str(json).map_err(|error| format!("locales/hints.json: {error}"))?;
    let all = |list: fn(&Lists) -> &Vec<String>| {
        let mut all: Vec<&String> = languages.values().flat_map(list).collect();
        all.sort();
        all.dedup();
        all
    };
    for word in all(|it| &it.crisis_words).into_iter().chain(all(|it| &it.crisis_phrases)) {
        if *word != word.to_lowercase() || word.trim().is_empty() {
            return Err(format!("locales/hints.json: “{word}” is looked for in small letters"));
        }
    }
    // As what is said is taken apart: he's home.
    let phrases: Vec<String> =
        all(|it| &it.crisis_phrases).into_iter().map(|it| it.replace(['\'', '’'], " ")).collect();
    Ok(format!(
        "Lists {{ street_endings: &{:?}, street_words: &{:?}, not_streets: &{:?}, name_links: &{:?}, openers: &{:?}, first_names: &{:?}, not_names: &{:?}, crisis_words: &{:?}, crisis_phrases: &{phrases:?}, folded: &{:?} }}\n",
        all(|it| &it.street_endings),
        all(|it| &it.street_words),
        all(|it| &it.not_streets),
        all(|it| &it.name_links),
        all(|it| &it.openers),
        all(|it| &it.first_names),
        all(|it| &it.not_names),
        all(|it| &it.crisis_words),
        all(|it| &it.folded),
    ))
}
