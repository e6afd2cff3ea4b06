//! Every sentence somebody reads, in the language she chose. The functions are made from `locales/*.ftl` when this is compiled,
//! and what they say is fetched by the page, of one language.

mod table;

use std::fmt::Write;

use table::{Given, If, Part, Parts, Table};

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
    /// Arabic.
    Ar,
}

impl Lang {
    /// From a page's `lang`; what is not known is Dutch.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code.get(..2) {
            Some("en") => Self::En,
            Some("ar") => Self::Ar,
            _ => Self::Nl,
        }
    }

    /// For `lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
            Self::Ar => "ar",
        }
    }

    /// For dates, in digits that stand on her phone's keys: help lines and times are written with the same ones.
    #[must_use]
    pub fn date_code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
            Self::Ar => "ar-u-nu-latn",
        }
    }

    /// For `dir`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::Nl | Self::En => "ltr",
            Self::Ar => "rtl",
        }
    }
}

/// The words of one language.
#[derive(Clone, Copy, Debug, Default)]
pub struct Words {
    lang: Lang,
    table: Table,
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

impl Words {
    /// The words of this language, as the page has fetched them; none if they are not those of this build.
    #[must_use]
    pub fn read(lang: Lang, bytes: Vec<u8>) -> Option<Self> {
        Table::read(bytes, MARK, KEYS.len()).map(|table| Self { lang, table })
    }

    /// The words of this language, as they were when this was compiled. A page carries none.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn of(lang: Lang) -> Self {
        let bytes: &[u8] = match lang {
            Lang::Nl => include_bytes!(concat!(env!("OUT_DIR"), "/words.nl.bin")),
            Lang::En => include_bytes!(concat!(env!("OUT_DIR"), "/words.en.bin")),
            Lang::Ar => include_bytes!(concat!(env!("OUT_DIR"), "/words.ar.bin")),
        };
        Self::read(lang, bytes.to_vec()).unwrap_or_default()
    }

    /// Which language this is.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.lang
    }

    fn text(self, at: usize) -> &'static str {
        self.table.text(at)
    }

    fn say(self, at: usize, given: &[Given<'_>]) -> String {
        let mut out = String::new();
        self.put_parts(&mut out, self.table.parts(at), given);
        out
    }

    fn put_parts(self, out: &mut String, parts: Parts<'_>, given: &[Given<'_>]) {
        for part in parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Given(at) | Part::Number(at) => match given.get(usize::from(at)) {
                    Some(Given::Text(text)) => self.put(out, text),
                    // Writing to a string cannot fail.
                    Some(Given::Number(number)) => drop(write!(out, "{number}")),
                    None => {}
                },
                Part::Choice(at, choice) => {
                    let given_here = given.get(usize::from(at)).copied();
                    let chosen = choice.decide(|condition| match (condition, given_here) {
                        (If::Is(number), Some(Given::Number(given))) => number == given,
                        (If::Plural(plural), Some(Given::Number(given))) => {
                            category(self.lang, given) == Some(plural)
                        }
                        (If::Word(word), Some(Given::Text(given))) => word == given.as_bytes(),
                        _ => false,
                    });
                    self.put_parts(out, chosen, given);
                }
            }
        }
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
}

/// The blocks of the scripts that run from right to left.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// The plural category of a whole number (CLDR), by its place among zero, one, two, few and many; none: other.
fn category(lang: Lang, number: u64) -> Option<u8> {
    match (lang, number) {
        (Lang::Nl | Lang::En, 1) => Some(1),
        (Lang::Nl | Lang::En, _) => None,
        (Lang::Ar, number @ 0..=2) => u8::try_from(number).ok(),
        (Lang::Ar, number) => match number % 100 {
            3..=10 => Some(3),
            11.. => Some(4),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nl() -> Words {
        Words::of(Lang::Nl)
    }

    #[test]
    fn a_count_chooses_its_words() {
        assert_eq!(nl().call_elapsed_words(0), "nog geen minuut");
        assert_eq!(nl().call_elapsed_words(1), "1 minuut");
        assert_eq!(Words::of(Lang::En).call_elapsed_words(2), "2 minutes");
    }

    #[test]
    fn arabic_counts_in_six_ways_and_runs_from_right_to_left() {
        let categories =
            [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 200].map(|it| category(Lang::Ar, it));
        let (zero, one, two, few, many) = (Some(0), Some(1), Some(2), Some(3), Some(4));
        assert_eq!(categories, [zero, one, two, few, few, many, many, None, None, None, few, many, None]);
        let ar = Words::of(Lang::Ar);
        let minutes = |count: u64| ar.call_elapsed_words(count);
        assert!(
            minutes(2).contains("دقيقتان") && minutes(5).contains("5 دقائق"),
            "{} {}",
            minutes(2),
            minutes(5)
        );
        assert!(minutes(11).contains("11 دقيقة"), "{}", minutes(11));
        assert_eq!(
            ar.note_joined("Iris"),
            format!("\u{2068}Iris\u{2069}{}", &ar.note_joined("ياسمين")["ياسمين".len()..])
        );
    }

    #[test]
    fn a_name_that_runs_the_other_way_is_isolated_and_others_are_left_alone() {
        assert_eq!(nl().note_joined("Iris"), "Iris is er.");
        assert_eq!(nl().note_joined("ياسمين"), "\u{2068}ياسمين\u{2069} is er.");
    }

    #[test]
    fn a_service_nobody_translated_keeps_its_own_name() {
        assert_eq!(nl().service("veilig-thuis"), "Veilig Thuis");
        assert_eq!(nl().service("arosa"), "arosa");
    }
}
