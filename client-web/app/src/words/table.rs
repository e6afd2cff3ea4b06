//! The words of one language as a page fetches them, and how a sentence is put together from them. What the bytes mean stands
//! where they are made (`client-web/words/src/table.rs`).

/// All sentences of one language.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Table {
    entries: &'static [&'static [u8]],
}

/// An argument.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given<'a> {
    Number(u64),
    Text(&'a str),
}

/// A condition of a choice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum If<'a> {
    Is(u64),
    Plural(u8),
    Word(&'a [u8]),
}

/// A part of a sentence.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    Text(&'a str),
    Given(u8),
    Number(u8),
    /// Which argument, and what is left to be read of the choice.
    Choice(u8, Choice<'a>),
}

/// The cases of a choice, and what it is otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    cases: u8,
    rest: &'a [u8],
}

impl Table {
    /// Reads a table that belongs to `count` sentences under this mark. It is kept for as long as the page lives.
    pub(super) fn read(bytes: Vec<u8>, mark: u64, count: usize) -> Option<Self> {
        let bytes: &'static [u8] = bytes.leak();
        let (head, mut rest) = bytes.split_at_checked(8)?;
        let mut entries = Vec::with_capacity(count);
        while !rest.is_empty() {
            entries.push(take(&mut rest)?);
        }
        (head == mark.to_le_bytes() && entries.len() == count).then(|| Self { entries: entries.leak() })
    }

    /// A sentence without arguments.
    pub(super) fn text(self, at: usize) -> &'static str {
        self.entries.get(at).and_then(|entry| std::str::from_utf8(entry).ok()).unwrap_or_default()
    }

    /// The parts of one with arguments.
    pub(super) fn parts(self, at: usize) -> Parts<'static> {
        Parts { rest: self.entries.get(at).copied().unwrap_or_default() }
    }
}

/// Part after part. What cannot be read ends it: a table comes from the same build.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        match byte(&mut self.rest)? {
            0 => Some(Part::Text(std::str::from_utf8(take(&mut self.rest)?).ok()?)),
            1 => byte(&mut self.rest).map(Part::Given),
            2 => byte(&mut self.rest).map(Part::Number),
            3 => {
                let (at, cases) = (byte(&mut self.rest)?, byte(&mut self.rest)?);
                let choice = Choice { cases, rest: self.rest };
                // What follows begins after its cases.
                let mut after = self.rest;
                for _ in 0..cases {
                    condition(&mut after)?;
                    take(&mut after)?;
                }
                take(&mut after)?;
                self.rest = after;
                Some(Part::Choice(at, choice))
            }
            _ => None,
        }
    }
}

impl<'a> Choice<'a> {
    /// The first case of which this is true, or else the last.
    pub(super) fn decide(self, is: impl Fn(If<'a>) -> bool) -> Parts<'a> {
        let mut rest = self.rest;
        for _ in 0..self.cases {
            let Some((condition, body)) = condition(&mut rest).zip(take(&mut rest)) else {
                return Parts { rest: &[] };
            };
            if is(condition) {
                return Parts { rest: body };
            }
        }
        Parts { rest: take(&mut rest).unwrap_or_default() }
    }
}

fn condition<'a>(rest: &mut &'a [u8]) -> Option<If<'a>> {
    match byte(rest)? {
        0 => {
            let (number, after) = rest.split_first_chunk::<4>()?;
            *rest = after;
            Some(If::Is(u32::from_le_bytes(*number).into()))
        }
        1 => byte(rest).map(If::Plural),
        2 => {
            let length = byte(rest)?;
            let (word, after) = rest.split_at_checked(length.into())?;
            *rest = after;
            Some(If::Word(word))
        }
        _ => None,
    }
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

fn take<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<2>()?;
    let (bytes, after) = after.split_at_checked(u16::from_le_bytes(*length).into())?;
    *rest = after;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_other_sentences_or_a_part_of_one_is_none() {
        let table = |mark: u64, entries: &[&str]| {
            let mut bytes = mark.to_le_bytes().to_vec();
            for entry in entries {
                bytes.extend((entry.len() as u16).to_le_bytes());
                bytes.extend(entry.bytes());
            }
            bytes
        };
        let read = |bytes: &[u8]| Table::read(bytes.to_vec(), 7, 2);
        let whole = table(7, &["weg", "terug"]);
        assert_eq!(read(&whole).map(|it| (it.text(0), it.text(1), it.text(2))), Some(("weg", "terug", "")));
        assert!(read(&table(8, &["weg", "terug"])).is_none(), "of another build");
        assert!(read(&table(7, &["weg"])).is_none());
        for end in 0..whole.len() {
            assert!(read(&whole[..end]).is_none(), "cut off at {end}");
        }
        assert!(read(b"<html>").is_none());
    }
}
