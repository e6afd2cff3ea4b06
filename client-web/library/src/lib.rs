//! What somebody can read here without asking anybody: short facts by topic, and the numbers that answer. Each carries its
//! source and the month in which somebody last checked it; one without is refused before anything is built.
//!
//! ```text
//! helplines.json ─┐
//! topics/*.json ──┼─ Library (checked) ─ page::render ─ a piece of the entry page, in one language
//! words.json ─────┘
//! ```
//!
//! Pure: texts in, a text out.

pub mod month;
pub mod page;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

pub use month::Month;

/// The same in every language, by its code.
pub type Text = BTreeMap<String, String>;

/// A number that answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its name in the locales and in topics.
    pub id: String,
    /// As it is read.
    pub shown: String,
    /// As it is dialled; absent for what cannot be.
    pub tel: Option<String>,
    /// Where it is shown.
    pub place: Place,
    /// Where it is for: `NL`, or a municipality.
    pub region: String,
    /// In which languages somebody answers, as BCP 47 writes them.
    pub languages: Vec<String>,
    /// What it is for, and when somebody answers.
    pub about: Text,
    /// What happens when somebody calls.
    pub happens: Text,
    /// Whether whoever answers must do something with what is told.
    pub must_act: Text,
    /// When somebody last checked it.
    pub checked: Month,
    /// Where; for whoever checks next.
    pub source: String,
}

/// Where a number is shown.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// On the emergency card, on every screen.
    Emergency,
    /// Below it.
    More,
    /// In the library alone: it answers no emergency.
    Library,
}

/// What can be read about one thing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The name of its file.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// What is so, each with its source.
    pub facts: Vec<Fact>,
    /// Numbers that belong to it.
    pub lines: Vec<String>,
}

/// One thing that is so.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// By what it is called where the same is said elsewhere; most are said here alone.
    #[serde(default)]
    pub id: Option<String>,
    /// In short sentences.
    pub text: Text,
    /// The site and its page, or the law and its article.
    pub source: String,
    /// When somebody last looked there.
    pub checked: Month,
}

/// What stands around the facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The heading.
    pub title: Text,
    /// What this is and is not.
    pub lead: Text,
    /// Heading of the numbers.
    pub numbers: Text,
    /// Asked of a number.
    pub happens: Text,
    /// Asked of a number.
    pub must_act: Text,
    /// Heading of the sources of a topic.
    pub sources: Text,
    /// One source: `{source}`, `{month}` and `{year}` are filled in.
    pub read: Text,
    /// Said of a number: `{month}` and `{year}` are filled in.
    pub checked: Text,
    /// Twelve, with spaces between them.
    pub months: Text,
    /// Said of a number by whoever cannot see that it is one; `{number}` is filled in.
    pub call: Text,
}

/// All of it, checked.
#[derive(Clone, Debug)]
pub struct Library {
    lines: Vec<Line>,
    topics: Vec<Topic>,
    words: Words,
}

impl Library {
    /// Reads the data files; topics keep their order. `languages` is what must be there of every text.
    ///
    /// An error names the file or the id, and what is wrong with it.
    pub fn read(
        lines: &str,
        topics: &[(&str, &str)],
        words: &str,
        languages: &[&str],
    ) -> Result<Self, String> {
        let lines = read_lines(lines, languages)?;
        let words: Words = serde_json::from_str(words).map_err(|error| format!("words.json: {error}"))?;
        let topics: Vec<Topic> = topics
            .iter()
            .map(|(id, json)| {
                let topic: Topic =
                    serde_json::from_str(json).map_err(|error| format!("{id}.json: {error}"))?;
                if topic.id == *id { Ok(topic) } else { Err(format!("{id}.json calls itself {}", topic.id)) }
            })
            .collect::<Result<_, String>>()?;
        let library = Self { lines, topics, words };
        library.check(languages)?;
        Ok(library)
    }

    /// The numbers, in their order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The topics, in their order.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// Every sentence of the library in one language, with where it stands; for whoever looks at how it is written.
    #[must_use]
    pub fn texts(&self, language: &str) -> Vec<(String, String)> {
        let Words { title, lead, numbers, happens, must_act, sources, .. } = &self.words;
        let around =
            [title, lead, numbers, happens, must_act, sources].map(|text| ("words".to_owned(), text));
        let lines = self.lines.iter().flat_map(|line| {
            let texts = [&line.about, &line.happens, &line.must_act];
            texts.map(|text| (line.id.clone(), text))
        });
        let topics = self.topics.iter().flat_map(|topic| {
            let facts = topic.facts.iter().map(|fact| &fact.text);
            std::iter::once(&topic.title).chain(facts).map(|text| (topic.id.clone(), text))
        });
        let all = around.into_iter().chain(lines).chain(topics);
        all.map(|(key, text)| (key, text.get(language).cloned().unwrap_or_default())).collect()
    }

    fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    fn check(&self, languages: &[&str]) -> Result<(), String> {
        let Words { title, lead, numbers, happens, must_act, sources, read, checked, months, call } =
            &self.words;
        for text in [title, lead, numbers, happens, must_act, sources, read, checked, months, call] {
            whole("words.json", text, languages)?;
        }
        if let Some(code) =
            months.iter().find(|(_, list)| list.split(' ').count() != 12).map(|(code, _)| code)
        {
            return Err(format!("words.json: {code}: there are twelve months"));
        }
        let mut seen = BTreeSet::new();
        for topic in &self.topics {
            let id = topic.id.as_str();
            if !seen.insert(id) {
                return Err(format!("{id} is there twice"));
            }
            whole(id, &topic.title, languages)?;
            if topic.facts.is_empty() {
                return Err(format!("{id} says nothing"));
            }
            for fact in &topic.facts {
                whole(id, &fact.text, languages)?;
                sourced(id, &fact.source)?;
            }
            if let Some(unknown) = topic.lines.iter().find(|line| self.line(line).is_none()) {
                return Err(format!("{id} names the number {unknown}, which helplines.json does not have"));
            }
        }
        Ok(())
    }
}

/// The numbers alone.
///
/// An error names the id, and what is wrong with it.
pub fn read_lines(json: &str, languages: &[&str]) -> Result<Vec<Line>, String> {
    let lines: Vec<Line> = serde_json::from_str(json).map_err(|error| format!("helplines.json: {error}"))?;
    let mut seen = BTreeSet::new();
    for line in &lines {
        if !seen.insert(line.id.as_str()) {
            return Err(format!("{} is there twice", line.id));
        }
        for text in [&line.about, &line.happens, &line.must_act] {
            whole(&line.id, text, languages)?;
        }
        sourced(&line.id, &line.source)?;
    }
    Ok(lines)
}

fn whole(id: &str, text: &Text, languages: &[&str]) -> Result<(), String> {
    let lacks = |code: &&&str| text.get(**code).is_none_or(|said| said.trim().is_empty());
    match languages.iter().find(lacks) {
        Some(code) => Err(format!("{id}: a text lacks its {code}")),
        None => Ok(()),
    }
}

// Where something was read is named, and not linked to: a link leaves a trace, and leads away.
fn sourced(id: &str, source: &str) -> Result<(), String> {
    if source.trim().is_empty() || source.contains("://") {
        return Err(format!(
            "{id}: “{source}” is no source; name the site and its page, or the law and its article"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
