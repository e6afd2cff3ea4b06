//! OpenMetrics as text, version 1.0.0: families with type, unit and help, and the mark of the end, without which a reader
//! takes it for half of something.

use std::fmt::Write as _;

/// What is read by.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A text that grows family by family.
#[derive(Default)]
pub(super) struct Text {
    text: String,
}

/// One family: its samples follow.
pub(super) struct Family<'t> {
    text: &'t mut String,
    // Its name as its samples have it.
    name: String,
}

impl Text {
    /// Something that only grows. `name` is without `_total`, which its samples have.
    pub(super) fn counter(&mut self, name: &str, help: &str) -> Family<'_> {
        self.family(name, "counter", None, help);
        Family { text: &mut self.text, name: format!("{name}_total") }
    }

    /// Something as it is. Where it has a unit its name ends in it.
    pub(super) fn gauge(&mut self, name: &str, unit: Option<&str>, help: &str) -> Family<'_> {
        self.family(name, "gauge", unit, help);
        Family { text: &mut self.text, name: name.to_owned() }
    }

    /// How many were how much.
    pub(super) fn histogram(&mut self, name: &str, unit: Option<&str>, help: &str) -> Family<'_> {
        self.family(name, "histogram", unit, help);
        Family { text: &mut self.text, name: format!("{name}_bucket") }
    }

    /// All of it.
    pub(super) fn end(mut self) -> String {
        self.text.push_str("# EOF\n");
        self.text
    }

    fn family(&mut self, name: &str, kind: &str, unit: Option<&str>, help: &str) {
        debug_assert!(
            unit.is_none_or(|unit| name.ends_with(&format!("_{unit}"))),
            "{name} is not in {unit:?}"
        );
        self.line(format_args!("# TYPE {name} {kind}"));
        if let Some(unit) = unit {
            self.line(format_args!("# UNIT {name} {unit}"));
        }
        self.line(format_args!("# HELP {name} {help}"));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        put(&mut self.text, line);
    }
}

impl Family<'_> {
    /// A sample with these labels. They are words of ours: none needs escaping.
    pub(super) fn value(&mut self, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let name = &self.name;
        match labels.is_empty() {
            true => put(self.text, format_args!("{name} {value}")),
            false => put(self.text, format_args!("{name}{{{}}} {value}", labels.join(","))),
        }
    }

    /// So many were at most `limit`.
    pub(super) fn up_to(&mut self, limit: f64, count: u64) {
        // The canonical form has a point in every number but the last.
        let limit = if limit.is_finite() { format!("{limit:?}") } else { "+Inf".to_owned() };
        self.value(&[("le", &limit)], count as f64);
    }
}

fn put(text: &mut String, line: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _taken = writeln!(text, "{line}");
}
