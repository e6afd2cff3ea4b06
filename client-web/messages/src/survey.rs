//! How a session was.

use serde::{Deserialize, Serialize};

/// How much.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Degree {
    /// Not.
    No,
    /// Somewhat.
    Partly,
    /// Yes.
    Yes,
}

/// What was said in one month.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct MonthView {
    /// Which year.
    pub year: u16,
    /// Which month, from 1.
    pub month: u8,
    /// For each question how many said no, somewhat and yes; none where so few did that they might be recognised.
    pub counts: Vec<Vec<Option<u64>>>,
}
