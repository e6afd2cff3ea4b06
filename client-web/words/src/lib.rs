//! Turns `locales/*.ftl` into functions and tables.
//!
//! Sentences become functions: a key that does not exist, lacks an argument or is missing in one language does not
//! compile, and no Fluent parser travels to her phone. What they say becomes a table for each language, which the page fetches
//! beside the interface: she carries the words of one language, however many there are.
//!
//! ```text
//! sentence   of Fluent: which arguments a sentence takes
//! table      what it says, as bytes
//! here       the functions, and that all languages have the same sentences
//! ```

mod sentence;
mod table;

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Pattern};

use sentence::{Arguments, Kind, rust_name};

/// What comes of the languages.
#[derive(Debug)]
pub struct Generated {
    /// `impl Words { … }`, the list of all keys, and by what a table is known to belong to them.
    pub code: String,
    /// The table of each language, in the order in which they were given.
    pub tables: Vec<Vec<u8>>,
}

/// From the sources of all languages, each with its code (`nl`); the first is the one the others are compared with.
///
/// # Errors
/// In words: what is missing or cannot be read, with its key and language.
pub fn generate(sources: &[(&str, String)]) -> Result<Generated, String> {
    let parsed = sources
        .iter()
        .map(|(code, source)| Ok((*code, parse(code, source)?)))
        .collect::<Result<Vec<_>, String>>()?;
    let Some((first, sentences)) = parsed.first() else { return Err("no language".to_owned()) };
    for (code, others) in &parsed {
        differences(first, sentences, code, others)?;
    }
    let mut functions = String::new();
    let mut texts: Vec<Vec<Vec<u8>>> = vec![Vec::new(); parsed.len()];
    let mut mark = table::Mark::default();
    for (at, key) in sentences.keys().enumerate() {
        let about = |error: String| format!("{key}: {error}");
        let mut kinds = Arguments::new();
        for (_, sentences) in &parsed {
            sentence::arguments(&sentences[key], &mut kinds).map_err(about)?;
        }
        mark.add(key, &kinds);
        functions += &function(key, at, &sentences[key], &kinds);
        for ((_, sentences), texts) in parsed.iter().zip(&mut texts) {
            texts.push(table::entry(&sentences[key], &kinds).map_err(about)?);
        }
    }
    let keys = sentences.keys().map(|key| format!("{:?}, ", rust_name(key))).collect::<String>();
    let code = format!(
        "/// The name of every sentence.\npub const KEYS: &[&str] = &[{keys}];\n\n\
         /// What a table begins with that belongs to these sentences.\npub(crate) const MARK: u64 = {};\n\n\
         impl Words {{\n{functions}}}\n",
        mark.value()
    );
    let tables =
        texts.iter().map(|texts| table::table(mark.value(), texts)).collect::<Result<_, String>>()?;
    Ok(Generated { code, tables })
}

type Sentences<'a> = BTreeMap<String, Pattern<&'a str>>;

fn parse<'a>(code: &str, source: &'a str) -> Result<Sentences<'a>, String> {
    let resource = fluent_syntax::parser::parse(source).map_err(|(_, errors)| {
        let first = errors.first().map(|error| {
            let line = source.get(..error.pos.start).unwrap_or_default().lines().count();
            format!("near line {line}: {error}")
        });
        format!("{code}: {}", first.unwrap_or_default())
    })?;
    let mut sentences = Sentences::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let key = message.id.name.to_owned();
            let value = message.value.ok_or_else(|| format!("{code}: {key} says nothing"))?;
            if sentences.insert(key.clone(), value).is_some() {
                return Err(format!("{code}: {key} is there twice"));
            }
        }
    }
    Ok(sentences)
}

fn differences(first: &str, one: &Sentences<'_>, second: &str, other: &Sentences<'_>) -> Result<(), String> {
    let lacking = |from: &Sentences<'_>, wanted: &Sentences<'_>| -> Vec<String> {
        wanted.keys().filter(|key| !from.contains_key(*key)).cloned().collect()
    };
    match (lacking(other, one), lacking(one, other)) {
        (missing, unknown) if missing.is_empty() && unknown.is_empty() => Ok(()),
        (missing, unknown) => Err(format!("{second} lacks {missing:?}; {first} lacks {unknown:?}")),
    }
}

fn function(key: &str, at: usize, pattern: &Pattern<&str>, kinds: &Arguments) -> String {
    let name = rust_name(key);
    let doc = sentence::plain(pattern).unwrap_or_else(|| format!("`{key}`"));
    let doc = doc.lines().next().unwrap_or_default();
    if kinds.is_empty() {
        return format!(
            "    /// {doc}\n    #[must_use]\n    pub fn {name}(self) -> &'static str {{ self.text({at}) }}\n"
        );
    }
    let parameters = kinds.iter().map(|(name, kind)| match kind {
        Kind::Number => format!(", {name}: u64"),
        Kind::Text => format!(", {name}: &str"),
    });
    let given = kinds.iter().map(|(name, kind)| match kind {
        Kind::Number => format!("Given::Number({name}), "),
        Kind::Text => format!("Given::Text({name}), "),
    });
    let (parameters, given) = (parameters.collect::<String>(), given.collect::<String>());
    format!(
        "    /// {doc}\n    #[must_use]\n    pub fn {name}(self{parameters}) -> String {{ self.say({at}, &[{given}]) }}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generated(nl: &str, en: &str) -> Result<Generated, String> {
        generate(&[("nl", nl.to_owned()), ("en", en.to_owned())])
    }

    #[test]
    fn a_sentence_is_a_function_of_what_any_language_needs_to_say_it() {
        let nl = "groet = Dag { $name }\ntijd = { $minutes ->\n    [one] een minuut\n   *[other] { NUMBER($minutes) } minuten\n  }\nweg = Snel weg\n";
        let en = "groet = Hello { $name }\ntijd = { NUMBER($minutes) } min\nweg = Leave\n";
        let made = generated(nl, en).unwrap();
        for function in [
            "pub fn groet(self, name: &str) -> String",
            "pub fn tijd(self, minutes: u64) -> String",
            "pub fn weg(self) -> &'static str",
        ] {
            assert!(made.code.contains(function), "{function}: {}", made.code);
        }
        assert_eq!(made.tables.len(), 2);
        assert_eq!(made.tables[0][..8], made.tables[1][..8], "they belong to the same sentences");
        assert_ne!(made.tables[0], made.tables[1]);
    }

    #[test]
    fn languages_with_other_sentences_and_what_fluent_can_do_beside_are_refused_by_name() {
        let error = |nl: &str, en: &str| generated(nl, en).unwrap_err();
        assert!(error("weg = Snel weg\n", "exit = Leave\n").contains("en lacks [\"weg\"]"));
        assert!(error("weg = Snel weg\nweg = Weg\n", "weg = Leave\n").contains("twice"));
        assert!(error("weg = { DATETIME($at) }\n", "weg = Leave\n").starts_with("weg: "));
        assert!(
            error("weg = { $a ->\n    [veel] x\n   *[other] y\n  }{ NUMBER($a) }\n", "weg = y\n")
                .contains("weg")
        );
        assert!(error("weg\n", "weg = y\n").contains("nl: near line"));
    }
}
