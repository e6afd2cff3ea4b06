//! Content lines (RFC 5545, 3.1). Each knows at which line of the file it begins: whoever must mend it looks there.

use icalendar::parser::Property;
use lotgenoot_protocol::duty::CalendarFault;

use super::read::Unread;

/// A content line, unfolded.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Where it begins, counted from 1.
    pub(super) at: u32,
    pub(super) text: String,
}

/// A property of an event.
pub(super) struct Read<'a> {
    pub(super) at: u32,
    property: Property<'a>,
}

/// The content lines of a file. A line is folded between octets, so that a character may stand in two of them.
pub(super) fn unfolded(bytes: &[u8]) -> Result<Vec<Line>, Unread> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    let mut lines: Vec<(u32, Vec<u8>)> = Vec::new();
    for (at, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line, lines.last_mut()) {
            ([b' ' | b'\t', rest @ ..], Some((_, whole))) => whole.extend_from_slice(rest),
            ([], _) => {}
            _ => lines.push((at, line.to_vec())),
        }
    }
    let text = |(at, bytes): (u32, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => Ok(Line { at, text }),
        Err(_) => Err(Unread { line: at, fault: CalendarFault::Line }),
    };
    lines.into_iter().map(text).collect()
}

impl Line {
    /// The component that begins here.
    pub(super) fn begins(&self) -> Option<&str> {
        self.after("BEGIN:")
    }

    /// The component that ends here.
    pub(super) fn ends(&self) -> Option<&str> {
        self.after("END:")
    }

    fn after(&self, word: &str) -> Option<&str> {
        let (start, name) = self.text.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word).then(|| name.trim_end())
    }

    /// What it says.
    pub(super) fn read(&self) -> Result<Read<'_>, Unread> {
        let unread = Unread { line: self.at, fault: CalendarFault::Line };
        // The library takes a name alone as well, and never looks for what is left over.
        if !self.text.contains(':') {
            return Err(unread);
        }
        match Property::try_from(self.text.as_str()) {
            Ok(property) if !property.name.as_str().is_empty() => Ok(Read { at: self.at, property }),
            _ => Err(unread),
        }
    }
}

impl Read<'_> {
    pub(super) fn is(&self, name: &str) -> bool {
        self.property.name.as_str().eq_ignore_ascii_case(name)
    }

    pub(super) fn value(&self) -> &str {
        self.property.val.as_str().trim()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.property.params.iter();
        let found = parameters.find(|it| it.key.as_str().eq_ignore_ascii_case(name))?;
        found.val.as_ref().map(|value| value.as_str().trim_matches('"'))
    }

    pub(super) fn unread(&self, fault: CalendarFault) -> Unread {
        Unread { line: self.at, fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_line_is_one_even_within_a_character_and_knows_where_it_begins() {
        let text =
            b"BEGIN:VCALENDAR\r\nSUMMARY:een lange d\r\n ienst van Zo\xc3\r\n \xab\r\n\r\nEND:VCALENDAR\r\n";
        let lines = unfolded(text).unwrap();
        let lines: Vec<(u32, &str)> = lines.iter().map(|it| (it.at, it.text.as_str())).collect();
        assert_eq!(
            lines,
            [(1, "BEGIN:VCALENDAR"), (2, "SUMMARY:een lange dienst van Zo\u{eb}"), (6, "END:VCALENDAR")]
        );
        let broken = unfolded(b"BEGIN:VCALENDAR\nSUMMARY:\xff\n").unwrap_err();
        assert_eq!((broken.line, broken.fault), (2, CalendarFault::Line));
    }

    #[test]
    fn parameters_are_read_whatever_the_case_and_without_their_quotes() {
        let line = |text: &str| Line { at: 7, text: text.to_owned() };
        let it = line(r#"attendee;CN="Jansen: Jan; piket";Role=REQ-PARTICIPANT:mailto:jan@example.org"#);
        let read = it.read().unwrap();
        assert!(read.is("ATTENDEE"));
        assert_eq!(read.parameter("cn"), Some("Jansen: Jan; piket"));
        assert_eq!(read.parameter("ROLE"), Some("REQ-PARTICIPANT"));
        assert_eq!(read.value(), "mailto:jan@example.org");
        for text in ["een regel zonder dubbele punt", ":geen naam", ";=:"] {
            assert!(line(text).read().is_err(), "{text}");
        }
    }
}
