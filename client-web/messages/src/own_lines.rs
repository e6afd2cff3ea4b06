//! Numbers that an organisation lists itself.

use minicbor::{Decode, Encode};

/// One of them.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Encode, Decode)]
pub struct OwnLineView {
    /// Its id; empty for one that is new.
    #[n(0)]
    pub id: String,
    /// As it is read.
    #[n(1)]
    pub number: String,
    /// As it is dialled.
    #[n(2)]
    pub tel: String,
    /// Whose it is, and what for.
    #[n(3)]
    pub about: String,
    /// What happens when somebody calls.
    #[n(4)]
    pub happens: String,
    /// Whoever answers may act on what is told without being asked to.
    #[n(5)]
    pub acts: bool,
    /// In which language this is written, as BCP 47 writes it.
    #[n(6)]
    pub language: String,
    /// When it was last checked, milliseconds since 1970.
    #[n(7)]
    pub checked: u64,
}

/// All of them, and which of the numbers that everybody has were looked at again.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct OwnLinesView {
    /// In their order.
    #[n(0)]
    pub lines: Vec<OwnLineView>,
    /// By what the data file calls them, and when: milliseconds since 1970.
    #[n(1)]
    pub checks: Vec<LineCheckView>,
}

/// A number that was looked at again.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct LineCheckView {
    /// What the data file calls it.
    #[n(0)]
    pub line: String,
    /// When, milliseconds since 1970.
    #[n(1)]
    pub checked: u64,
}
