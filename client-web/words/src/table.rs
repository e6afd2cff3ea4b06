//! What a language says, as bytes. The interface reads them back (`client-web/app/src/words/`).
//!
//! ```text
//! table   = mark (8 bytes) ‖ for each sentence, in the order of their keys: length (2) ‖ entry
//! entry   = the text, in UTF-8, if the sentence takes no arguments; else parts
//! part    = 0 ‖ length (2) ‖ text            as it is
//!         | 1 ‖ which argument (1)           as it was typed, isolated if it runs the other way
//!         | 2 ‖ which argument (1)           a number
//!         | 3 ‖ which argument (1) ‖ how many (1) ‖ that many of: if ‖ length (2) ‖ parts ‖ else: length (2) ‖ parts
//! if      = 0 ‖ number (4) | 1 ‖ plural category (1) | 2 ‖ length (1) ‖ word
//! ```
//!
//! Numbers are little-endian.

use fluent_syntax::ast::{Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey};

use crate::sentence::{Arguments, Kind, PLURALS, argument, plain, rust_name};

/// By what a table is known to belong to functions: which sentences there are, and what they take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u64);

impl Default for Mark {
    // FNV-1a: it need only notice a slip.
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Mark {
    pub(crate) fn add(&mut self, key: &str, kinds: &Arguments) {
        let kinds = kinds.iter().map(|(name, kind)| format!(",{name}:{kind:?}")).collect::<String>();
        for byte in key.bytes().chain(kinds.into_bytes()).chain([b';']) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    pub(crate) fn value(self) -> u64 {
        self.0
    }
}

/// The table of one language.
pub(crate) fn table(mark: u64, entries: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut table = mark.to_le_bytes().to_vec();
    for entry in entries {
        put(&mut table, entry)?;
    }
    Ok(table)
}

/// What one sentence says.
pub(crate) fn entry(pattern: &Pattern<&str>, kinds: &Arguments) -> Result<Vec<u8>, String> {
    if kinds.is_empty() {
        return Ok(plain(pattern).ok_or("arguments differ between languages")?.into_bytes());
    }
    parts(pattern, kinds)
}

fn parts(pattern: &Pattern<&str>, kinds: &Arguments) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text(&mut out, value)?,
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::StringLiteral { value } => text(&mut out, value)?,
                _ => {
                    let (at, kind) = place(inline, kinds)?;
                    out.extend([if kind == Kind::Number { 2 } else { 1 }, at]);
                }
            },
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                let (at, kind) = place(selector, kinds)?;
                choice(&mut out, at, kind, variants, kinds)?;
            }
        }
    }
    Ok(out)
}

fn choice(
    out: &mut Vec<u8>,
    at: u8,
    kind: Kind,
    variants: &[Variant<&str>],
    kinds: &Arguments,
) -> Result<(), String> {
    let others: Vec<_> = variants.iter().filter(|variant| !variant.default).collect();
    out.extend([3, at, byte(others.len())?]);
    for variant in others {
        condition(out, &variant.key, kind)?;
        put(out, &parts(&variant.value, kinds)?)?;
    }
    let other = variants.iter().find(|variant| variant.default).ok_or("a choice needs a default")?;
    put(out, &parts(&other.value, kinds)?)
}

fn condition(out: &mut Vec<u8>, key: &VariantKey<&str>, kind: Kind) -> Result<(), String> {
    match (key, kind) {
        (VariantKey::NumberLiteral { value }, Kind::Number) => {
            let number: u32 = value.parse().map_err(|_| format!("`{value}` is no whole number"))?;
            out.push(0);
            out.extend(number.to_le_bytes());
        }
        (VariantKey::Identifier { name }, Kind::Number) => {
            let category = PLURALS.iter().position(|plural| plural == name);
            out.extend([1, byte(category.ok_or_else(|| format!("`{name}` is no plural"))?)?]);
        }
        (VariantKey::Identifier { name }, Kind::Text) => {
            out.extend([2, byte(name.len())?]);
            out.extend(name.bytes());
        }
        (VariantKey::NumberLiteral { value }, Kind::Text) => {
            return Err(format!("`{value}` is compared with a word"));
        }
    }
    Ok(())
}

// Which argument it is, in the order of their names.
fn place(inline: &InlineExpression<&str>, kinds: &Arguments) -> Result<(u8, Kind), String> {
    let name = rust_name(argument(inline)?.ok_or("a choice needs an argument")?);
    let at = kinds.keys().position(|known| *known == name).ok_or_else(|| format!("`{name}` is not known"))?;
    Ok((byte(at)?, kinds[&name]))
}

fn text(out: &mut Vec<u8>, text: &str) -> Result<(), String> {
    out.push(0);
    put(out, text.as_bytes())
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), String> {
    let length = u16::try_from(bytes.len()).map_err(|_| "a sentence of more than 64 kB".to_owned())?;
    out.extend(length.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

fn byte(number: usize) -> Result<u8, String> {
    u8::try_from(number).map_err(|_| format!("{number} of something of which there are 255 at most"))
}
