//! The numbers that answer, from the data file. What each is for stands in the locales, under its id.

/// A help line, as it was checked.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Its name in the locales.
    pub id: &'static str,
    /// As it is read.
    pub shown: &'static str,
    /// As it is dialled; absent for what cannot be.
    pub tel: Option<&'static str>,
    /// Where it is shown.
    pub place: Place,
    /// Year and month in which somebody last checked it.
    pub checked: (u64, u64),
}

/// Where a line is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// On the emergency card.
    Emergency,
    /// Below it.
    More,
    /// In the library, which stands in the page itself.
    Library,
}

/// All lines, in the order in which they are shown.
pub const LINES: &[Line] = include!(concat!(env!("OUT_DIR"), "/lines.rs"));

/// The lines of one place.
pub fn lines(place: Place) -> impl Iterator<Item = Line> {
    LINES.iter().copied().filter(move |line| line.place == place)
}
