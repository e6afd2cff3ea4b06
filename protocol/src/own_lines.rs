//! Numbers that an organisation lists itself: those of its own region, and which of the numbers that everybody has were looked
//! at again. They stand in the calendar, which is signed and public ([`crate::calendar::Calendar`]).

use minicbor::{Decode, Encode};

use crate::ids::LineId;
use crate::limits::{
    LINE_CHECKS_MAX, LINE_HAPPENS_BYTES_MAX, LINE_NUMBER_BYTES_MAX, NAME_BYTES_MAX, OWN_LINES_MAX,
    THEME_BYTES_MAX,
};
use crate::time::Timestamp;

/// A number of the organisation's own.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct OwnLine {
    /// Its own.
    #[n(0)]
    pub id: LineId,
    /// As it is read and dialled: digits, with `+`, spaces and hyphens.
    #[n(1)]
    pub number: String,
    /// Whose it is, and what for.
    #[n(2)]
    pub about: String,
    /// What happens when somebody calls.
    #[n(3)]
    pub happens: String,
    /// Whoever answers may act on what is told without being asked to.
    #[n(4)]
    pub acts: bool,
    /// In which language this is written, as BCP 47 writes it.
    #[n(5)]
    pub language: String,
    /// When a coordinator last checked it.
    #[n(6)]
    pub checked: Timestamp,
}

impl OwnLine {
    /// As it is dialled.
    pub fn tel(&self) -> String {
        self.number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    fn is_sound(&self) -> bool {
        let text = |text: &str, most| !text.trim().is_empty() && text.len() <= most;
        let dialled = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-');
        text(&self.number, LINE_NUMBER_BYTES_MAX)
            && self.number.chars().all(dialled)
            && self.tel().trim_start_matches('+').len() >= 3
            && text(&self.about, THEME_BYTES_MAX)
            && text(&self.happens, LINE_HAPPENS_BYTES_MAX)
            && text(&self.language, NAME_BYTES_MAX)
    }
}

/// A number that everybody has, looked at again.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct LineCheck {
    /// What the data file calls it.
    #[n(0)]
    pub line: String,
    /// When.
    #[n(1)]
    pub checked: Timestamp,
}

/// All of them.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct OwnLines {
    /// In the order in which they are shown.
    #[n(0)]
    pub lines: Vec<OwnLine>,
    /// Each number once.
    #[n(1)]
    pub checks: Vec<LineCheck>,
}

impl OwnLines {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.checks.is_empty()
    }

    /// Whether it is within its limits.
    pub fn is_sound(&self) -> bool {
        let named = |check: &LineCheck| !check.line.is_empty() && check.line.len() <= NAME_BYTES_MAX;
        self.lines.len() <= OWN_LINES_MAX
            && self.lines.iter().all(OwnLine::is_sound)
            && self.checks.len() <= LINE_CHECKS_MAX
            && self.checks.iter().all(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: &str) -> OwnLine {
        OwnLine {
            id: LineId([1; 16]),
            number: number.to_owned(),
            about: "Wijkteam Noord".to_owned(),
            happens: "Iemand van het team neemt op.".to_owned(),
            acts: false,
            language: "nl".to_owned(),
            checked: Timestamp(0),
        }
    }

    #[test]
    fn a_number_can_be_dialled_as_it_is_read() {
        assert_eq!(line("+31 78-770 84 00").tel(), "+31787708400");
        for (number, sound) in
            [("14 078", true), ("078", true), ("14", false), ("bel ons", false), ("", false)]
        {
            let lines = OwnLines { lines: vec![line(number)], checks: Vec::new() };
            assert_eq!(lines.is_sound(), sound, "{number}");
        }
    }

    #[test]
    fn what_says_nothing_or_too_much_is_not_listed() {
        let sound = |line: OwnLine| OwnLines { lines: vec![line], checks: Vec::new() }.is_sound();
        assert!(!sound(OwnLine { about: " ".to_owned(), ..line("078") }));
        assert!(!sound(OwnLine { happens: "x".repeat(LINE_HAPPENS_BYTES_MAX + 1), ..line("078") }));
        let many = OwnLines { lines: vec![line("078"); OWN_LINES_MAX + 1], checks: Vec::new() };
        assert!(!many.is_sound());
    }
}
