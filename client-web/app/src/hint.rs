//! Notices, before a message is sent, what could lead somebody to her. Nothing leaves the device for it, and it only
//! asks: sometimes a phone number is just what she wants to give.

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
    let together = words.iter().any(|word| word.len() == 6 && is_postcode(word));
    let apart = words.windows(2).any(|pair| pair[0].len() == 4 && is_postcode(&pair.concat()));
    (together || apart).then_some(Hint::Postcode)
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
        ] {
            assert_eq!(hint(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn ordinary_sentences_and_public_numbers_are_left_alone() {
        for text in
            ["ik heb 0800-2000 gebeld", "sinds 2020 en nog steeds", "om 20:30 of 21:00", "zo-zo-la la", ""]
        {
            assert_eq!(hint(text), None, "{text}");
        }
    }
}
