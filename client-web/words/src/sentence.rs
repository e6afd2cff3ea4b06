//! One sentence of a locale: which arguments it takes.
//!
//! Of Fluent it knows text, arguments, `NUMBER($argument)`, and choices by number, plural or word. What else it meets it
//! refuses by name, at build time.

use std::collections::BTreeMap;

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// What an argument is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Number,
    Text,
}

/// By name, so that a translator who turns a sentence round turns no arguments round.
pub(crate) type Arguments = BTreeMap<String, Kind>;

/// The plural categories (CLDR) other than the default; their places stand in the tables.
pub(crate) const PLURALS: [&str; 5] = ["zero", "one", "two", "few", "many"];

/// Adds the arguments of a pattern. Chosen by number anywhere: a number.
pub(crate) fn arguments(pattern: &Pattern<&str>, found: &mut Arguments) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => {
                if let Some(name) = argument(inline)? {
                    // A number anywhere is one everywhere, whichever language is looked at first.
                    if matches!(inline, InlineExpression::FunctionReference { .. }) {
                        found.insert(rust_name(name), Kind::Number);
                    } else {
                        found.entry(rust_name(name)).or_insert(Kind::Text);
                    }
                }
            }
            Expression::Select { selector, variants } => {
                let name = argument(selector)?.ok_or("a choice needs an argument")?;
                if variants.iter().any(is_about_number) {
                    found.insert(rust_name(name), Kind::Number);
                } else {
                    found.entry(rust_name(name)).or_insert(Kind::Text);
                }
                for variant in variants {
                    arguments(&variant.value, found)?;
                }
            }
        }
    }
    Ok(())
}

/// The text, if the pattern is nothing else.
pub(crate) fn plain(pattern: &Pattern<&str>) -> Option<String> {
    let texts = pattern.elements.iter().map(|element| match element {
        PatternElement::TextElement { value } => Some(*value),
        PatternElement::Placeable {
            expression: Expression::Inline(InlineExpression::StringLiteral { value }),
        } => Some(*value),
        PatternElement::Placeable { .. } => None,
    });
    texts.collect()
}

fn is_about_number(variant: &Variant<&str>) -> bool {
    match &variant.key {
        VariantKey::NumberLiteral { .. } => true,
        VariantKey::Identifier { name } => PLURALS.contains(name),
    }
}

/// The argument a placeable names; none for a quoted text.
pub(crate) fn argument<'a>(inline: &InlineExpression<&'a str>) -> Result<Option<&'a str>, String> {
    match inline {
        InlineExpression::VariableReference { id } => Ok(Some(id.name)),
        InlineExpression::StringLiteral { .. } => Ok(None),
        InlineExpression::FunctionReference { id, arguments } if id.name == "NUMBER" => {
            match arguments.positional.as_slice() {
                [InlineExpression::VariableReference { id }] => Ok(Some(id.name)),
                _ => Err("NUMBER takes one argument".to_owned()),
            }
        }
        other => Err(format!("this part of Fluent is not used here: {other:?}")),
    }
}

pub(crate) fn rust_name(name: &str) -> String {
    name.replace('-', "_")
}
