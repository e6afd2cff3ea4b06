//! Makes one function per sentence, and refuses languages that do not have the same sentences.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Entry, Pattern};

use crate::sentence::{self, Arguments, Kind, rust_name};

/// `impl Words { … }` and the list of all keys.
pub(crate) fn generate(sources: &[(&str, String)]) -> Result<String, String> {
    let parsed = sources
        .iter()
        .map(|(variant, source)| Ok((*variant, parse(variant, source)?)))
        .collect::<Result<Vec<_>, String>>()?;
    let Some((first, sentences)) = parsed.first() else { return Err("no language".to_owned()) };
    for (variant, others) in &parsed {
        differences(first, sentences, variant, others)?;
    }
    let mut functions = String::new();
    for key in sentences.keys() {
        functions += &function(key, &parsed).map_err(|error| format!("{key}: {error}"))?;
    }
    let keys = sentences.keys().map(|key| format!("{:?}, ", rust_name(key))).collect::<String>();
    Ok(format!(
        "/// The name of every sentence.\npub const KEYS: &[&str] = &[{keys}];\n\nimpl Words {{\n{functions}}}\n"
    ))
}

type Sentences<'a> = BTreeMap<String, Pattern<&'a str>>;

fn parse<'a>(variant: &str, source: &'a str) -> Result<Sentences<'a>, String> {
    let resource = fluent_syntax::parser::parse(source).map_err(|(_, errors)| {
        let first = errors.first().map(|error| {
            let line = source.get(..error.pos.start).unwrap_or_default().lines().count();
            format!("near line {line}: {error}")
        });
        format!("{variant}: {}", first.unwrap_or_default())
    })?;
    let mut sentences = Sentences::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let key = message.id.name.to_owned();
            let value = message.value.ok_or_else(|| format!("{variant}: {key} says nothing"))?;
            if sentences.insert(key.clone(), value).is_some() {
                return Err(format!("{variant}: {key} is there twice"));
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

fn function(key: &str, parsed: &[(&str, Sentences<'_>)]) -> Result<String, String> {
    let mut kinds = Arguments::new();
    for (_, sentences) in parsed {
        sentence::arguments(&sentences[key], &mut kinds)?;
    }
    let name = rust_name(key);
    let doc = sentence::plain(&parsed[0].1[key]).unwrap_or_else(|| format!("`{key}`"));
    let doc = doc.lines().next().unwrap_or_default();
    if kinds.is_empty() {
        let arms = parsed.iter().map(|(variant, sentences)| {
            let text = sentence::plain(&sentences[key]).ok_or("arguments differ between languages")?;
            Ok(format!("            Lang::{variant} => {text:?},\n"))
        });
        let arms = arms.collect::<Result<String, String>>()?;
        return Ok(format!(
            "    /// {doc}\n    #[must_use]\n    pub fn {name}(self) -> &'static str {{\n        match self.lang {{\n{arms}        }}\n    }}\n"
        ));
    }
    let parameters = kinds.iter().map(|(name, kind)| match kind {
        Kind::Number => format!(", {name}: u64"),
        Kind::Text => format!(", {name}: &str"),
    });
    let parameters = parameters.collect::<String>();
    let arms = parsed.iter().map(|(variant, sentences)| {
        Ok(format!(
            "            Lang::{variant} => {{ {} }}\n",
            sentence::statements(&sentences[key], &kinds)?
        ))
    });
    let arms = arms.collect::<Result<String, String>>()?;
    Ok(format!(
        "    /// {doc}\n    #[must_use]\n    pub fn {name}(self{parameters}) -> String {{\n        let mut out = String::new();\n        match self.lang {{\n{arms}        }}\n        out\n    }}\n"
    ))
}
