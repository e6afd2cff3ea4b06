//! How a session was.

use crate::OutcomeCode;
use minicbor::{Decode, Encode};

/// How much.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Degree {
    /// Not.
    #[n(0)]
    No,
    /// Somewhat.
    #[n(1)]
    Partly,
    /// Yes.
    #[n(2)]
    Yes,
}

/// How help calls went for one service in one quarter; none where so few did that somebody might be recognised.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct QuarterView {
    /// Which year.
    #[n(0)]
    pub year: u16,
    /// Which quarter, from 1.
    #[n(1)]
    pub quarter: u8,
    /// The service that was asked.
    #[n(2)]
    pub service: String,
    /// Calls that were made.
    #[n(3)]
    pub raised: Option<u64>,
    /// How often nobody could be reached at first.
    #[n(4)]
    pub unstaffed: Option<u64>,
    /// How often nobody had answered after three minutes.
    #[n(5)]
    pub still_waiting: Option<u64>,
    /// How long it took until somebody took it: up to so many seconds; the last group, longer.
    #[n(6)]
    pub taken: Vec<(Option<u64>, Option<u64>)>,
    /// How long it took until somebody had written to her.
    #[n(7)]
    pub spoke: Vec<(Option<u64>, Option<u64>)>,
    /// How often whoever had it was gone.
    #[n(8)]
    pub lead_lost: Option<u64>,
    /// How often it was handed over before it was closed: never, once, twice, more often.
    #[n(9)]
    pub hops: Vec<Option<u64>>,
    /// How many came to rest.
    #[n(10)]
    pub rested: Option<u64>,
    /// Whether somebody had spoken with her: yes and no, of those whose lead has said how they ended.
    #[cbor(n(21), default)]
    pub with_her: Vec<Option<u64>>,
    /// What came of them.
    #[cbor(n(22), default)]
    pub outcomes: Vec<(OutcomeCode, Option<u64>)>,
    /// Whether what was agreed was done: no, partly, yes.
    #[cbor(n(23), default)]
    pub kept: Vec<Option<u64>>,
}

/// What was said in one month.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct MonthView {
    /// Which year.
    #[n(0)]
    pub year: u16,
    /// Which month, from 1.
    #[n(1)]
    pub month: u8,
    /// For each question how many said no, somewhat and yes; none where so few did that they might be recognised.
    #[n(2)]
    pub counts: Vec<Vec<Option<u64>>>,
}
