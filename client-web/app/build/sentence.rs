//! One sentence of a locale: which arguments it takes, and the Rust that says it.
//!
//! Of Fluent it knows text, arguments, `NUMBER($argument)`, and choices by number, plural or word. What else it meets it
//! refuses by name, at build time.

use std::collections::BTreeMap;
use std::fmt::Write;

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

/// What an argument is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Number,
    Text,
}

/// By name, so that a translator who turns a sentence round turns no arguments round.
pub(crate) type Arguments = BTreeMap<String, Kind>;

const PLURALS: [(&str, &str); 5] =
    [("zero", "Zero"), ("one", "One"), ("two", "Two"), ("few", "Few"), ("many", "Many")];

/// Adds the arguments of a pattern. Chosen by number anywhere: a number.
pub(crate) fn arguments(pattern: &Pattern<&str>, found: &mut Arguments) -> Result<(), String> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        match expression {
            Expression::Inline(inline) => {
                if let Some(name) = argument(inline)? {
                    let number = matches!(inline, InlineExpression::FunctionReference { .. });
                    let kind = if number { Kind::Number } else { Kind::Text };
                    found.entry(rust_name(name)).or_insert(kind);
                }
            }
            Expression::Select { selector, variants } => {
                let name = argument(selector)?.ok_or("a choice needs an argument")?;
                let kind = if variants.iter().any(is_about_number) { Kind::Number } else { Kind::Text };
                found.insert(rust_name(name), kind);
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

/// Statements that append the pattern to `out`.
pub(crate) fn statements(pattern: &Pattern<&str>, kinds: &Arguments) -> Result<String, String> {
    let mut code = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => push(&mut code, value),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::StringLiteral { value } => push(&mut code, value),
                _ => {
                    let name = rust_name(argument(inline)?.unwrap_or_default());
                    let put = if kinds[&name] == Kind::Number { "put_number" } else { "put" };
                    add(&mut code, format_args!("self.{put}(&mut out, {name});"));
                }
            },
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let name = rust_name(argument(selector)?.unwrap_or_default());
                add(&mut code, format_args!("{}", choice(&name, variants, kinds)?));
            }
        }
    }
    Ok(code)
}

fn choice(name: &str, variants: &[Variant<&str>], kinds: &Arguments) -> Result<String, String> {
    let mut code = String::new();
    for variant in variants.iter().filter(|variant| !variant.default) {
        let condition = condition(name, &variant.key, kinds[name])?;
        add(&mut code, format_args!("if {condition} {{ {} }} else ", statements(&variant.value, kinds)?));
    }
    let other = variants.iter().find(|variant| variant.default).ok_or("a choice needs a default")?;
    add(&mut code, format_args!("{{ {} }}", statements(&other.value, kinds)?));
    Ok(code)
}

fn condition(name: &str, key: &VariantKey<&str>, kind: Kind) -> Result<String, String> {
    match (key, kind) {
        (VariantKey::NumberLiteral { value }, Kind::Number) => Ok(format!("{name} == {value}")),
        (VariantKey::Identifier { name: category }, Kind::Number) => {
            let plural = PLURALS.iter().find(|(fluent, _)| fluent == category);
            let (_, plural) = plural.ok_or_else(|| format!("`{category}` is no plural"))?;
            Ok(format!("plural(self.lang, {name}) == Plural::{plural}"))
        }
        (VariantKey::Identifier { name: word }, Kind::Text) => Ok(format!("{name} == {word:?}")),
        (VariantKey::NumberLiteral { value }, Kind::Text) => {
            Err(format!("`{value}` is compared with a word"))
        }
    }
}

fn is_about_number(variant: &Variant<&str>) -> bool {
    match &variant.key {
        VariantKey::NumberLiteral { .. } => true,
        VariantKey::Identifier { name } => PLURALS.iter().any(|(fluent, _)| fluent == name),
    }
}

/// The argument a placeable names; none for a quoted text.
fn argument<'a>(inline: &InlineExpression<&'a str>) -> Result<Option<&'a str>, String> {
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

fn push(code: &mut String, text: &str) {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => add(code, format_args!("out.push({letter:?});")),
        _ => add(code, format_args!("out.push_str({text:?});")),
    }
}

fn add(code: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = code.write_fmt(what);
}
