//! How help calls went, in numbers: by quarter and service, with nothing of any call in them (mission M18).
//!
//! What so few calls share that somebody might be recognised is left out, and with it what it could be worked out from
//! (study: peer support, 6.8).

use minicbor::{Decode, Encode};

use crate::survey::Degree;

/// Up to so many seconds each; a last group is for everything longer (study: on-call, 6).
pub const SECONDS: [u64; 12] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600];

/// One service in one quarter. `None` stands for few.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Quarter {
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
    /// How long it took until somebody took it, in groups ([`SECONDS`]).
    #[n(6)]
    pub taken: Vec<Option<u64>>,
    /// How long it took until somebody had written to her, in groups ([`SECONDS`]).
    #[n(7)]
    pub spoke: Vec<Option<u64>>,
    /// How often whoever had it was gone.
    #[n(8)]
    pub lead_lost: Option<u64>,
    /// How often it was handed over before it was closed: never, once, twice, more often.
    #[n(9)]
    pub hops: Vec<Option<u64>>,
    /// How many came to rest: nobody wrote for thirty days.
    #[n(10)]
    pub rested: Option<u64>,
    /// Of those that ended and whose lead has said how: whether somebody had spoken with her, yes and no.
    #[cbor(n(21), default)]
    pub with_her: Vec<Option<u64>>,
    /// What came of them ([`crate::outcome::Code::ALL`]).
    #[cbor(n(22), default)]
    pub outcomes: Vec<Option<u64>>,
    /// Whether what was agreed was done: no, partly, yes.
    #[cbor(n(23), default)]
    pub kept: Vec<Option<u64>>,
}

/// "Was done what was agreed?" Counted for the service, and for nobody: of which call is not said.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct PutAftercare {
    /// The service that was asked.
    #[n(0)]
    pub service: String,
    /// How much of it.
    #[n(1)]
    pub kept: Degree,
}
