//! Words that mean something else, agreed between a person and those who help her.
//!
//! They are compared where they are read: on the devices of those who help her, and on her own for the one that asks for
//! help. The relay carries them like all other words.

use minicbor::{Decode, Encode};

/// What a code word means.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum CodeMeaning {
    /// Somebody reads along.
    #[n(0)]
    ReadAlong,
    /// Stop: she cannot go on now.
    #[n(1)]
    Stop,
    /// Send help. On her own device it raises a call, and shows nothing.
    #[n(2)]
    SendHelp,
}

/// A code word.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct CodeWord {
    /// What it means.
    #[n(0)]
    pub meaning: CodeMeaning,
    /// One word or a few.
    #[n(1)]
    pub word: String,
}

/// Why code words were not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum CodeFault {
    /// One is so short that she would type it by accident.
    #[n(0)]
    TooShort,
    /// One is longer than anybody would type in time.
    #[n(1)]
    TooLong,
    /// One stands in another.
    #[n(2)]
    Alike,
}

/// What is kept of her code words. The words themselves are never shown again.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct CodeWordsView {
    /// For which meanings there is one.
    #[n(0)]
    pub agreed: Vec<CodeMeaning>,
    /// Why those she sent last were not kept.
    #[n(1)]
    pub fault: Option<CodeFault>,
}

/// Letters and digits of a code word, at least: "ja" is said too often.
pub const CODE_LETTERS_MIN: usize = 6;
/// And at most.
pub const CODE_LETTERS_MAX: usize = 40;

impl CodeWord {
    /// Whether somebody said it: its words in their order, however they are written.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let (sought, said) = (folded(&self.word), folded(text));
        !sought.is_empty() && said.windows(sought.len()).any(|window| window == sought)
    }
}

/// The code word that was said. Where one asks for help, that one.
#[must_use]
pub fn spoken(agreed: &[CodeWord], text: &str) -> Option<CodeMeaning> {
    agreed.iter().filter(|word| word.is_in(text)).map(|word| word.meaning).max()
}

/// Why these cannot be code words.
///
/// # Errors
/// The first fault that is found.
pub fn may_be_agreed(words: &[CodeWord]) -> Result<(), CodeFault> {
    for (at, word) in words.iter().enumerate() {
        let letters = folded(&word.word).concat().chars().count();
        if letters < CODE_LETTERS_MIN {
            return Err(CodeFault::TooShort);
        }
        if letters > CODE_LETTERS_MAX {
            return Err(CodeFault::TooLong);
        }
        let others = words.iter().enumerate().filter(|(other, _)| *other != at);
        if others.map(|(_, other)| other).any(|other| word.is_in(&other.word)) {
            return Err(CodeFault::Alike);
        }
    }
    Ok(())
}

// Words without capitals, accents and signs: in a hurry nobody sets them.
fn folded(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && !is_mark(c));
    let plain = words.map(|word| word.chars().filter(|c| !is_mark(*c)).map(plain).collect::<String>());
    plain.filter(|word| !word.is_empty()).collect()
}

// Combining marks, and the apostrophes in "foto's" and "i-pad\u{2019}je".
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}' | '\'' | '\u{2019}')
}

fn plain(c: char) -> char {
    match c {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        'ğ' => 'g',
        'ş' => 's',
        'ı' => 'i',
        // The forms of alef, and taa marbuta.
        'أ' | 'إ' | 'آ' => 'ا',
        'ة' => 'ه',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(meaning: CodeMeaning, word: &str) -> CodeWord {
        CodeWord { meaning, word: word.to_owned() }
    }

    #[test]
    fn a_code_word_is_heard_however_it_is_written() {
        let pie = word(CodeMeaning::SendHelp, "Tante Éva’s appeltaart");
        for said in [
            "tante evas appeltaart",
            "heb jij TANTE EVA'S APPELTAART nog?",
            "Tante Éva’s   appeltaart.",
            "(tante e\u{301}vas appeltaart)",
        ] {
            assert!(pie.is_in(said), "{said}");
        }
        for said in ["appeltaart", "tante appeltaart evas", "tante evas appeltaarten", ""] {
            assert!(!pie.is_in(said), "{said}");
        }
    }

    #[test]
    fn arabic_is_heard_with_and_without_its_vowel_signs() {
        assert!(word(CodeMeaning::Stop, "فطيرة التفاح").is_in("هل عندك فَطِيرَه التُّفّاح؟"));
    }

    #[test]
    fn of_two_in_one_message_the_one_that_asks_for_help_is_heard() {
        let agreed = [word(CodeMeaning::SendHelp, "gele tulpen"), word(CodeMeaning::Stop, "regenjas")];
        assert_eq!(spoken(&agreed, "regenjas en gele tulpen"), Some(CodeMeaning::SendHelp));
        assert_eq!(spoken(&agreed, "mijn regenjas"), Some(CodeMeaning::Stop));
        assert_eq!(spoken(&agreed, "tulpen"), None);
        assert_eq!(spoken(&[], "gele tulpen"), None);
    }

    #[test]
    fn what_is_said_by_accident_or_stands_in_another_is_no_code_word() {
        let agreed = |words: [&str; 2]| {
            may_be_agreed(&[word(CodeMeaning::Stop, words[0]), word(CodeMeaning::SendHelp, words[1])])
        };
        assert_eq!(agreed(["regenjas", "gele tulpen"]), Ok(()));
        assert_eq!(agreed(["regenjas", "ja ja"]), Err(CodeFault::TooShort));
        assert_eq!(agreed(["!!! ??? ...", "gele tulpen"]), Err(CodeFault::TooShort));
        assert_eq!(agreed(["gele tulpen", "mooie Gele Tulpen"]), Err(CodeFault::Alike));
        assert_eq!(agreed(["regenjas", &"tulpen ".repeat(9)]), Err(CodeFault::TooLong));
    }
}
