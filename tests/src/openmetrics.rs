//! Reads OpenMetrics text, version 1.0.0, as strictly as the standard lets one: a text that is not it is no text.

use std::collections::{BTreeMap, BTreeSet};

/// One family.
#[derive(Clone, Debug, Default)]
pub struct Family {
    /// `counter`, `gauge`, `histogram`.
    pub kind: String,
    /// Its unit; empty: none.
    pub unit: String,
    /// What it is about.
    pub help: String,
    /// Its samples, in order.
    pub samples: Vec<Sample>,
}

/// One sample.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its name, with what its kind adds to the family's.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// Its value.
    pub value: f64,
}

/// What is told, by family.
pub type Told = BTreeMap<String, Family>;

/// Reads all of it, or says what is wrong with it.
pub fn read(text: &str) -> Result<Told, String> {
    let body = text.strip_suffix("# EOF\n").ok_or("it does not end with the mark of the end")?;
    let (mut told, mut current) = (Told::new(), None::<String>);
    for line in body.lines() {
        let wrong = |why: &str| format!("{why}: {line:?}");
        if let Some(meta) = line.strip_prefix("# ") {
            let mut parts = meta.splitn(3, ' ');
            let (Some(what), Some(name), Some(said)) = (parts.next(), parts.next(), parts.next()) else {
                return Err(wrong("no metadata"));
            };
            if !is_name(name) {
                return Err(wrong("no name"));
            }
            if current.as_deref() != Some(name) {
                if told.contains_key(name) {
                    return Err(wrong("a family comes back"));
                }
                told.insert(name.to_owned(), Family::default());
                current = Some(name.to_owned());
            }
            let family = told.get_mut(name).expect("it was put there");
            if !family.samples.is_empty() {
                return Err(wrong("metadata after samples"));
            }
            let place = match what {
                "TYPE" if ["counter", "gauge", "histogram"].contains(&said) => &mut family.kind,
                "UNIT" if name.ends_with(&format!("_{said}")) => &mut family.unit,
                "HELP" => &mut family.help,
                _ => return Err(wrong("no metadata that is known")),
            };
            if !place.is_empty() {
                return Err(wrong("said twice"));
            }
            said.clone_into(place);
            continue;
        }
        let sample = read_sample(line).ok_or_else(|| wrong("no sample"))?;
        let name = current.as_ref().ok_or_else(|| wrong("a sample of nothing"))?;
        let family = told.get_mut(name).expect("it was put there");
        let suffix = sample.name.strip_prefix(name.as_str()).ok_or_else(|| wrong("a sample of another"))?;
        let belongs = match family.kind.as_str() {
            "counter" => suffix == "_total",
            "gauge" => suffix.is_empty(),
            "histogram" => suffix == "_bucket" && sample.labels.contains_key("le"),
            _ => false,
        };
        if !belongs {
            return Err(wrong("not as its kind is"));
        }
        if family.kind != "gauge" && (sample.value < 0.0 || sample.value.fract() != 0.0) {
            return Err(wrong("no count"));
        }
        family.samples.push(sample);
    }
    told.iter().try_for_each(|(name, family)| check(name, family))?;
    Ok(told)
}

/// The one value of a family without labels.
pub fn value(told: &Told, family: &str) -> Option<f64> {
    match &told.get(family)?.samples[..] {
        [sample] if sample.labels.is_empty() => Some(sample.value),
        _ => None,
    }
}

/// How many a histogram has counted.
pub fn count(told: &Told, family: &str) -> Option<f64> {
    told.get(family)?.samples.last().map(|sample| sample.value)
}

fn check(name: &str, family: &Family) -> Result<(), String> {
    if family.kind.is_empty() || family.help.is_empty() || family.samples.is_empty() {
        return Err(format!("{name} is not whole: {family:?}"));
    }
    let mut seen = BTreeSet::new();
    if !family.samples.iter().all(|sample| seen.insert((&sample.name, &sample.labels))) {
        return Err(format!("a sample of {name} comes twice"));
    }
    if family.kind != "histogram" {
        return Ok(());
    }
    let limits: Option<Vec<f64>> = family
        .samples
        .iter()
        .map(|sample| match sample.labels["le"].as_str() {
            "+Inf" => Some(f64::INFINITY),
            limit => limit.parse().ok().filter(|_| limit.contains('.')),
        })
        .collect();
    let limits = limits.ok_or_else(|| format!("a limit of {name} is not canonical"))?;
    let rises = limits.windows(2).all(|pair| pair[0] < pair[1]);
    let grows = family.samples.windows(2).all(|pair| pair[0].value <= pair[1].value);
    if rises && grows && limits.last() == Some(&f64::INFINITY) {
        Ok(())
    } else {
        Err(format!("{name} is no histogram: {family:?}"))
    }
}

fn read_sample(line: &str) -> Option<Sample> {
    let (head, value) = line.rsplit_once(' ')?;
    let (name, labels) = match head.split_once('{') {
        None => (head, ""),
        Some((name, labels)) => (name, labels.strip_suffix('}').filter(|labels| !labels.is_empty())?),
    };
    let mut known = BTreeMap::new();
    for label in labels.split(',').filter(|label| !label.is_empty()) {
        let (name, value) = label.split_once("=\"")?;
        let value = value.strip_suffix('"').filter(|value| !value.contains(['"', '\\']))?;
        if !is_name(name) || known.insert(name.to_owned(), value.to_owned()).is_some() {
            return None;
        }
    }
    let value: f64 = value.parse().ok().filter(|value: &f64| value.is_finite())?;
    is_name(name).then(|| Sample { name: name.to_owned(), labels: known, value })
}

fn is_name(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    name.bytes().next().is_some_and(letter) && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit())
}
