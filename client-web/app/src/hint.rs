//! Notices, before a message is sent, what could lead somebody to her. Nothing leaves the device for it, and it only
//! asks: sometimes a phone number is just what she wants to give.
//!
//! And notices, on a host's screen alone, what she should not read over. The lists are data: `locales/hints.json`.

struct Lists {
    street_endings: &'static [&'static str],
    not_streets: &'static [&'static str],
    name_links: &'static [&'static str],
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
    let between = |c: char| c.is_whitespace() || c.is_ascii_punctuation() || "‘’“”…–".contains(c);
    let words: Vec<&str> = small.split(between).filter(|word| !word.is_empty()).collect();
    let said = format!(" {} ", words.join(" "));
    let phrase = |phrase: &&str| said.contains(&format!(" {phrase} "));
    words.iter().any(|word| LISTS.crisis_words.contains(word)) || LISTS.crisis_phrases.iter().any(phrase)
}

/// A message that says of itself that it is heavy, as its first line and the rest: read by who chooses to.
#[must_use]
pub fn folded(text: &str) -> Option<(&str, &str)> {
    let begins = |word: &&&str| text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word));
    let word = LISTS.folded.iter().find(begins)?;
    let line = text.lines().next().unwrap_or_default();
    // What it is about, if that is said by itself: the first line, or the first sentence.
    let stop = |from: usize, stops: [char; 3]| Some(from + text.get(from..)?.find(stops)? + 1);
    let is_end = |end: &usize| !text[*end..].trim().is_empty();
    let end = if line.len() < text.len() {
        line.len()
    } else {
        let colon = stop(word.len(), [':', '!', '.'])?;
        stop(colon, ['.', '!', '?']).filter(is_end).unwrap_or(colon)
    };
    let (head, rest) = text.split_at(end);
    (!rest.trim().is_empty()).then(|| (head.trim(), rest.trim()))
}

/// `Lindestraat 4`: a word that ends like a street, and a number after it.
fn is_street(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        let street = pair[0].to_ascii_lowercase();
        // A word that is nothing but the ending is a street with a capital only: Oude Gracht, and not weg.
        let capital = pair[0].starts_with(|c: char| c.is_ascii_uppercase());
        let ends = |ending: &&str| street.ends_with(*ending) && (capital || street.len() > ending.len());
        let numbered = pair[1].bytes().next().is_some_and(|b| b.is_ascii_digit());
        numbered && !LISTS.not_streets.contains(&street.as_str()) && LISTS.street_endings.iter().any(ends)
    })
}

/// `Jan de Vries`: two words with capitals, small links between them or none. The first word of a sentence has one
/// anyway.
fn has_full_name(text: &str) -> bool {
    let text = LISTS.not_names.iter().fold(text.to_owned(), |text, known| text.replace(known, ""));
    text.split(|c: char| ".!?\n:".contains(c)).any(|sentence| {
        let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || ",;()".contains(c)).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let capital = |word: &&str| {
            let mut letters = word.chars();
            letters.next().is_some_and(|c| c.is_ascii_uppercase())
                && letters.next().is_some_and(|c| !c.is_ascii_uppercase())
        };
        let rest = words.get(1..).unwrap_or_default();
        let starts = |at: usize| {
            let after = rest[at + 1..].iter().find(|word| !LISTS.name_links.contains(word));
            after.is_some_and(capital)
        };
        (0..rest.len()).any(|at| capital(&rest[at]) && starts(at))
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
    fn what_a_host_should_not_read_over_is_found_as_a_word_and_not_inside_one() {
        for text in ["hij heeft een MES", "Hij wil de kinderen meenemen!", "hij is thuis", "ik wil dood"] {
            assert!(is_crisis(text), "{text}");
        }
        for text in ["een boodschap", "mesjogge", "het is nu thuis rustig", "keelpijn", ""] {
            assert!(!is_crisis(text), "{text}");
        }
    }

    #[test]
    fn a_message_that_warns_is_folded_after_its_warning() {
        assert_eq!(
            folded("Let op: het gaat over slaan. Hij sloeg mij."),
            Some(("Let op: het gaat over slaan.", "Hij sloeg mij."))
        );
        assert_eq!(folded("LET OP: hij sloeg mij"), Some(("LET OP:", "hij sloeg mij")));
        assert_eq!(folded("let op geweld\nHij sloeg mij"), Some(("let op geweld", "Hij sloeg mij")));
        for text in ["Let op", "Let op jezelf", "Ik let op: hij slaapt", "Letop", ""] {
            assert_eq!(folded(text), None, "{text}");
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
