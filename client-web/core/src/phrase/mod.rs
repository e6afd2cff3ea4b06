//! The return phrase: six words, or the same as digits, from which the keys of a mailbox follow.
//!
//! Six of 7,776 words are 77 bits: nobody guesses them, so nothing else is asked for. The list is ours (`words.txt`):
//! common Dutch words, no two of them one slip of the finger apart, so that a slip is always seen and a hint can name
//! the word that was meant. The digits are the same number written as three phone numbers: on a scrap of paper they
//! look like nothing. The design: `protocol.md`, "Phrase and vault".

mod digits;
mod nearest;
mod stretch;

pub use stretch::Stretch;

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// How many words a phrase has.
pub const WORDS: usize = 6;
/// How many words there are to choose from: 6⁵, five dice a word.
pub const LIST: usize = 7776;

static LIST_TEXT: &str = include_str!("words.txt");

/// A return phrase: the places of its words in the list.
#[derive(Clone, Eq, PartialEq, Zeroize, ZeroizeOnDrop)]
pub struct Phrase([u16; WORDS]);

/// What somebody has typed, word by word.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Typed {
    /// In the list.
    Known,
    /// Not in the list; one of these was probably meant.
    Meant(Vec<&'static str>),
    /// Not in the list, and not like anything in it.
    Unknown,
}

/// Why something is not a phrase.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum NotAPhrase {
    /// So many words, or digits, instead of six words or twenty-four digits.
    Count(usize),
    /// Each word, as far as it can be told.
    Words(Vec<Typed>),
    /// Digits that belong to no phrase: at least one is wrong.
    Digits,
}

impl Phrase {
    /// A phrase made of chance: `random` gives two bytes that nobody can guess, as often as asked.
    pub fn draw(mut random: impl FnMut() -> [u8; 2]) -> Self {
        // 8 × 7776 fits in two bytes; what is above is drawn again, so that every word is as likely as any other.
        let fair = LIST as u16 * 8;
        let mut word = || loop {
            let drawn = u16::from_be_bytes(random());
            if drawn < fair {
                return drawn % LIST as u16;
            }
        };
        Self(std::array::from_fn(|_| word()))
    }

    /// Reads six words, or the same as digits. Capitals, accents, signs and line ends do not matter.
    pub fn read(typed: &str) -> Result<Self, NotAPhrase> {
        if typed.chars().any(|it| it.is_ascii_digit()) {
            return digits::read(typed).map(Self);
        }
        let words: Vec<String> = split(typed);
        let places: Vec<Option<u16>> = words.iter().map(|word| nearest::place(word)).collect();
        if places.len() != WORDS {
            return Err(NotAPhrase::Count(places.len()));
        }
        let known: Vec<u16> = places.iter().copied().flatten().collect();
        <[u16; WORDS]>::try_from(known).map(Self).map_err(|_| NotAPhrase::Words(look_at(typed)))
    }

    /// The six words.
    pub fn words(&self) -> [&'static str; WORDS] {
        self.0.map(word)
    }

    /// The same as digits, written as three phone numbers.
    pub fn digits(&self) -> [String; 3] {
        digits::write(&self.0)
    }

    fn bytes(&self) -> [u8; WORDS * 2] {
        let mut bytes = [0; WORDS * 2];
        for (at, place) in self.0.iter().enumerate() {
            bytes[2 * at..][..2].copy_from_slice(&place.to_be_bytes());
        }
        bytes
    }
}

/// What was typed so far, word by word: for hints while she types. Nothing leaves the device for it.
pub fn look_at(typed: &str) -> Vec<Typed> {
    split(typed)
        .iter()
        .map(|word| match nearest::place(word) {
            Some(_) => Typed::Known,
            None => match nearest::nearest(word) {
                words if words.is_empty() => Typed::Unknown,
                words => Typed::Meant(words),
            },
        })
        .collect()
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase(…)")
    }
}

fn list() -> impl Iterator<Item = &'static str> {
    LIST_TEXT.lines()
}

fn word(place: u16) -> &'static str {
    // Every place in a phrase is below LIST, and the list has as many lines (a test).
    list().nth(place.into()).unwrap_or_default()
}

fn split(typed: &str) -> Vec<String> {
    let letters = typed.chars().map(|it| match it.to_ascii_lowercase() {
        'à' | 'á' | 'â' | 'ä' | 'À' | 'Á' | 'Â' | 'Ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => 'u',
        other => other,
    });
    let spaced: String = letters.map(|it| if it.is_alphabetic() { it } else { ' ' }).collect();
    spaced.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
