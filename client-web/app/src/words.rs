//! Every sentence somebody reads, in the language she chose. Made from `locales/*.ftl` when this is compiled.

use std::fmt::Write;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Lang {
    /// From a page's `lang`; what is not known is Dutch.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        if code.starts_with("en") { Self::En } else { Self::Nl }
    }

    /// For `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// For `dir`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::Nl | Self::En => "ltr",
        }
    }
}

/// The words of one language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    lang: Lang,
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Words {
    /// The words of this language.
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        Self { lang }
    }

    /// Which language this is.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// Appends what somebody typed. If it may run against the sentence, it is isolated (UAX #9): otherwise it would
    /// drag the words around it along.
    fn put(self, out: &mut String, text: &str) {
        if text.chars().any(is_right_to_left) == (self.lang.direction() == "rtl") {
            out.push_str(text);
        } else {
            out.push('\u{2068}');
            out.push_str(text);
            out.push('\u{2069}');
        }
    }

    fn put_number(self, out: &mut String, number: u64) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{number}");
    }
}

/// The blocks of the scripts that run from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// A plural category (CLDR) other than the default.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Plural {
    One,
    Other,
}

/// The category of a whole number.
fn plural(lang: Lang, number: u64) -> Plural {
    match (lang, number) {
        (Lang::Nl | Lang::En, 1) => Plural::One,
        (Lang::Nl | Lang::En, _) => Plural::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NL: Words = Words { lang: Lang::Nl };
    const EN: Words = Words { lang: Lang::En };

    #[test]
    fn a_count_chooses_its_words() {
        assert_eq!(NL.call_elapsed_words(0), "nog geen minuut");
        assert_eq!(NL.call_elapsed_words(1), "1 minuut");
        assert_eq!(EN.call_elapsed_words(2), "2 minutes");
    }

    #[test]
    fn a_name_that_runs_the_other_way_is_isolated_and_others_are_left_alone() {
        assert_eq!(NL.note_joined("Iris"), "Iris is er.");
        assert_eq!(NL.note_joined("ياسمين"), "\u{2068}ياسمين\u{2069} is er.");
    }

    #[test]
    fn a_service_nobody_translated_keeps_its_own_name() {
        assert_eq!(NL.service("veilig-thuis"), "Veilig Thuis");
        assert_eq!(NL.service("arosa"), "arosa");
    }
}
