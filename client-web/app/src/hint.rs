//! Notices, before a message is sent, what could lead somebody to her. Nothing leaves the device for it, and it only
//! asks: sometimes a phone number is just what she wants to give.
//!
//! And notices, on a host's screen alone, what she should not read over. The lists are data: `locales/hints.json`.

struct Lists {
    street_endings: &'static [&'static str],
    street_words: &'static [&'static str],
    not_streets: &'static [&'static str],
    name_links: &'static [&'static str],
    openers: &'static [&'static str],
    first_names: &'static [&'static str],
    not_names: &'static [&'static str],
    crisis_words: &'static [&'static str],
    crisis_phrases: &'static [&'static str],
    folded: &'static [&'static str],
}

const LISTS: Lists = include!(concat!(env!("OUT_DIR"), "/hints.rs"));

/// What a message seems to hold.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hint {
    /// Nine digits or more.
    Phone,
    /// Something@something.
    Mail,
    /// Four digits, two letters.
    Postcode,
    /// Groups of letters and digits with dashes, six in all.
    Plate,
    /// A street and a number.
    Street,
    /// A first name and a surname.
    Name,
}

/// The first thing worth asking about.
#[must_use]
pub fn hint(text: &str) -> Option<Hint> {
    if text.split_whitespace().any(is_mail) {
        return Some(Hint::Mail);
    }
    if has_phone(text) {
        return Some(Hint::Phone);
    }
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || ".,;:!?()".contains(c)).collect();
    if words.iter().any(|word| is_plate(word)) {
        return Some(Hint::Plate);
    }
    if is_street(&words) {
        return Some(Hint::Street);
    }
    let together = words.iter().any(|word| word.len() == 6 && is_postcode(word));
    let apart = words.windows(2).any(|pair| pair[0].len() == 4 && is_postcode(&pair.concat()));
    if together || apart {
        return Some(Hint::Postcode);
    }
    has_full_name(text).then_some(Hint::Name)
}

/// Whether a host should not read over this: words of danger, for herself or for her children.
#[must_use]
pub fn is_crisis(text: &str) -> bool {
    // Small letters of ASCII: tables for all scripts would weigh more than the interface of this.
    let small = text.to_ascii_lowercase();
    let between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || "‘’“”…–،؛؟".contains(c);
    let words: Vec<&str> = small.split(between).filter(|word| !word.is_empty()).collect();
    let said = format!(" {} ", words.join(" "));
    let phrase = |phrase: &&str| said.contains(&format!(" {phrase} "));
    words.iter().any(|word| LISTS.crisis_words.contains(word)) || LISTS.crisis_phrases.iter().any(phrase)
}

/// A message that says of itself that it is heavy, as its first line and the rest: read by who chooses to.
#[must_use]
pub fn folded(text: &str) -> Option<(&str, &str)> {
    // In marks, as the rules write it, or without.
    let from =
        text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || "‘’'\"“”*(".contains(c)).len();
    let begins = |word: &&&str| {
        let begin = text[from..].get(..word.len());
        // And not as the beginning of another word.
        let ends = !text[from..].chars().nth(word.chars().count()).is_some_and(|c| c.is_ascii_alphanumeric());
        ends && begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word))
    };
    let after = from + LISTS.folded.iter().find(begins)?.len();
    let line = text.lines().next().unwrap_or_default();
    // What it is about, if that is said by itself: the first line, or the first sentence.
    let stop = |from: usize, stops: [char; 3]| Some(from + text.get(from..)?.find(stops)? + 1);
    let is_end = |end: &usize| !text[*end..].trim().is_empty();
    let end = if line.len() < text.len() {
        line.len()
    } else {
        let stops = stop(after, [':', '!', '.'])?;
        // A colon says that a warning was meant, or a stop after nothing else: a heavy day is no warning.
        let alone = text[after..stops - 1].chars().all(|c| c.is_whitespace() || "‘’'\"“”*()".contains(c));
        if !(alone || text[..stops].ends_with(':')) {
            return None;
        }
        stop(stops, ['.', '!', '?']).filter(is_end).unwrap_or(stops)
    };
    let (head, rest) = text.split_at(end);
    (!rest.trim().is_empty()).then(|| (head.trim(), rest.trim()))
}

fn has_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// `Lindestraat 4`: a word that ends like a street, and a number after it. `14 Lime Street`: a number, a name, and the
/// word for a street.
fn is_street(words: &[&str]) -> bool {
    let small = |word: &str| word.to_ascii_lowercase();
    let known = |list: &[&str], word: &str| list.contains(&small(word).as_str());
    let numbered = words.windows(2).any(|pair| {
        let street = small(pair[0]);
        // A word that is nothing but the ending is a street with a capital only: Oude Gracht, and not weg.
        let capital = has_capital(pair[0]);
        let ends = |ending: &&str| street.ends_with(*ending) && (capital || street.len() > ending.len());
        let named = LISTS.street_endings.iter().any(ends) || capital && known(LISTS.street_words, pair[0]);
        is_number(pair[1]) && named && !LISTS.not_streets.contains(&street.as_str())
    });
    let street = |word: &str| {
        known(LISTS.street_words, word) && (has_capital(word) || !known(LISTS.not_streets, word))
    };
    // A name of several words has capitals; one word may be written without.
    let number_first = |words: &[&str]| {
        let name = &words[1..words.len() - 1];
        let capitals = name.iter().all(|word| has_capital(word));
        let is_name =
            capitals || name.len() == 1 && !name[0].is_empty() && !known(LISTS.not_streets, name[0]);
        is_number(words[0]) && !is_number(name[0]) && is_name && street(words[words.len() - 1])
    };
    numbered || (3..=5).any(|length| words.windows(length).any(number_first))
}

/// `Jan de Vries`: two words with capitals, small links between them or none. The first word of a sentence has one
/// anyway: there it is a name if a link follows it that follows no ordinary opening, or if it is known as a name.
fn has_full_name(text: &str) -> bool {
    let (phrases, alone): (Vec<&str>, Vec<&str>) =
        LISTS.not_names.iter().copied().partition(|known| known.contains(' '));
    let text = phrases.iter().fold(text.to_owned(), |text, known| text.replace(known, ""));
    let capital = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|c| c.is_ascii_uppercase())
            && letters.next().is_some_and(|c| !c.is_ascii_uppercase())
            && !alone.contains(word)
    };
    let is_link = |word: &&str| LISTS.name_links.contains(word);
    text.split(|c: char| ".!?\n:".contains(c)).any(|sentence| {
        // Names with a comma between them are those of several.
        sentence.split(|c: char| ",;()".contains(c)).enumerate().any(|(part, words)| {
            let words: Vec<&str> = words.split_whitespace().collect();
            let full = |(at, word): (usize, &&str)| {
                let links = words[at + 1..].iter().take_while(|word| is_link(word)).count();
                let opens = part == 0 && at == 0;
                let is_first_name = if !opens {
                    true
                } else if links > 0 {
                    !LISTS.openers.contains(&word.to_ascii_lowercase().as_str())
                } else {
                    LISTS.first_names.contains(word)
                };
                capital(word) && is_first_name && words.get(at + 1 + links).is_some_and(capital)
            };
            words.iter().enumerate().any(full)
        })
    })
}

fn is_mail(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
}

/// The numbers anybody may call are not hers.
const PUBLIC_NUMBERS: [&str; 2] = ["0800", "0900"];

fn has_phone(text: &str) -> bool {
    let runs = text.split(|c: char| !(c.is_ascii_digit() || " -+()".contains(c)));
    runs.into_iter().any(|run| {
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        digits.len() >= 9 && !PUBLIC_NUMBERS.iter().any(|public| digits.starts_with(public))
    })
}

/// `1234AB`. The first digit is never 0; years such as `2020 en` are no postcodes: there, the letters are small.
fn is_postcode(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 6
        && bytes[0] != b'0'
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_uppercase)
}

/// `AB-12-CD`, `12-ABC-3` and their kind.
fn is_plate(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    let one_kind = |part: &&str| {
        !part.is_empty()
            && (part.bytes().all(|b| b.is_ascii_digit()) || part.bytes().all(|b| b.is_ascii_alphabetic()))
    };
    parts.len() == 3
        && word.len() == 8
        && parts.iter().all(one_kind)
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, Words};

    #[test]
    fn what_leads_to_her_is_asked_about() {
        for (text, expected) in [
            ("bel me op 06-12 34 56 78", Hint::Phone),
            ("+31 6 12345678", Hint::Phone),
            ("schrijf naar roos@voorbeeld.nl.", Hint::Mail),
            ("ik woon in 3311 AB", Hint::Postcode),
            ("3311AB, derde deur", Hint::Postcode),
            ("zijn auto is 12-ABC-3", Hint::Plate),
            ("ik woon op de Lindestraat 14", Hint::Street),
            ("kom naar Oude Gracht 7b, eerste deur", Hint::Street),
            ("mijn man heet Jan de Vries", Hint::Name),
            ("dat was bij Fatima Yilmaz thuis", Hint::Name),
        ] {
            assert_eq!(hint(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn an_english_address_has_its_number_first() {
        for text in [
            "I live at 14 Lime Street",
            "14 lime street, second floor",
            "come to Flat 2, 14b Old Mill Road!",
            "it was at 7 Church Drive",
            "at Lime Street 14",
        ] {
            assert_eq!(hint(text), Some(Hint::Street), "{text}");
        }
        for text in [
            "I was abroad 2 years",
            "there is 1 safe place for me",
            "it is a 2 hours drive",
            "we met on the street 3 times",
            "he left 2 streets away",
            "I lived on 1 busy road after another",
            "10 Downing of those",
        ] {
            assert_eq!(hint(text), None, "{text}");
        }
    }

    #[test]
    fn a_full_name_is_asked_about_at_the_beginning_of_a_sentence_too() {
        for text in [
            "Jan de Vries sloeg mij",
            "Het is waar. Fatima Yilmaz sloeg mij",
            "Ineke van der Berg is mijn moeder",
            "Els van Dam",
            "John Smith hit me",
            "It is true: Mary Jones saw it",
        ] {
            assert_eq!(hint(text), Some(Hint::Name), "{text}");
        }
    }

    #[test]
    fn what_merely_has_a_capital_is_no_full_name() {
        for text in [
            "Vrijdag Jan gezien",
            "De Vries sloeg mij",
            "Ik ben Roos",
            "Groetjes van Merel",
            "Sterkte Merel",
            "Heftig Roos",
            "Jan, Fatima en ik",
            "ik zag Jan, Fatima en Els",
            "In de Biesbosch is het stil",
            "Ik woon in Den Haag",
            "hij kwam op Vrijdag Jan halen",
            "and I'm Poppy",
            "because I’m English",
            "last Friday John came",
            "Thank you Daisy. Take care Poppy",
        ] {
            assert_eq!(hint(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_host_should_not_read_over_is_found_as_a_word_and_not_inside_one() {
        for text in [
            "hij heeft een MES",
            "Hij wil de kinderen meenemen!",
            "hij is thuis",
            "ik wil dood",
            "He choked me",
            "he's home",
            "I don’t want to live",
            "سيقتلني، أنا خائفة",
            "هو في البيت",
        ] {
            assert!(is_crisis(text), "{text}");
        }
        for text in [
            "een boodschap",
            "mesjogge",
            "het is nu thuis rustig",
            "keelpijn",
            "it takes skill",
            "home is where he was",
            "أنا في البيت",
            "",
        ] {
            assert!(!is_crisis(text), "{text}");
        }
    }

    #[test]
    fn a_message_that_warns_is_folded_after_its_warning() {
        for (text, head, rest) in [
            ("Let op: het gaat over slaan. Hij sloeg mij.", "Let op: het gaat over slaan.", "Hij sloeg mij."),
            ("LET OP: hij sloeg mij", "LET OP:", "hij sloeg mij"),
            ("let op geweld\nHij sloeg mij", "let op geweld", "Hij sloeg mij"),
            ("‘Let op’: hij sloeg mij", "‘Let op’:", "hij sloeg mij"),
            ("Heavy: he hit me", "Heavy:", "he hit me"),
            ("heavy. He hit me", "heavy.", "He hit me"),
            ("Heavy\nhe hit me", "Heavy", "he hit me"),
            ("'heavy'! he hit me", "'heavy'!", "he hit me"),
            ("Careful, violence: he hit me", "Careful, violence:", "he hit me"),
            ("TW: he hit me", "TW:", "he hit me"),
            ("تنبيه: ضربني", "تنبيه:", "ضربني"),
        ] {
            assert_eq!(folded(text), Some((head, rest)), "{text}");
        }
        for text in [
            "Let op",
            "Let op jezelf",
            "Let op jezelf. Dan komt het goed.",
            "Ik let op: hij slaapt",
            "Letop: iets",
            "Heavy rain today. I stayed at home.",
            "Heavyweight: a word",
            "It was heavy: he hit me",
            "Heavy",
            "Twee: dat is genoeg",
            "",
        ] {
            assert_eq!(folded(text), None, "{text}");
        }
    }

    /// The rules tell her which word to write above it, and so do hosts: that word must be one that folds.
    #[test]
    fn the_word_that_the_rules_name_folds() {
        for lang in [Lang::Nl, Lang::En, Lang::Ar] {
            for said in
                [Words::of(lang).rule_5(), Words::of(lang).ready_heavy(), Words::of(lang).held_reason_heavy()]
            {
                let word = said.split(['‘', '’', '«', '»']).nth(1).unwrap_or_default();
                let message = format!("{word}\nhij sloeg mij");
                assert_eq!(folded(&message), Some((word, "hij sloeg mij")), "{said}");
            }
        }
    }

    #[test]
    fn ordinary_sentences_and_public_numbers_are_left_alone() {
        for text in [
            "de straat op 1 hoog is ver weg",
            "ik ben weg 2 jaar nu",
            "we waren onderweg 3 uur lang",
            "Ik heb Veilig Thuis gebeld en Slachtofferhulp Nederland ook",
            "Dank je Roos. Fijn Merel",
            "In Dordrecht was het stil",
        ] {
            assert_eq!(hint(text), None, "{text}");
        }
        for text in
            ["ik heb 0800-2000 gebeld", "sinds 2020 en nog steeds", "om 20:30 of 21:00", "zo-zo-la la", ""]
        {
            assert_eq!(hint(text), None, "{text}");
        }
    }
}
