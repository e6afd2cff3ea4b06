//! What people say of a session afterwards: four questions, counted and nothing else (mission M13).
//!
//! The first three are asked in the words of the letters; the fourth is whether she feels helped. The relay counts, by
//! month: it keeps who has answered in a room until the room is gone, so that nobody counts twice, and never what.

use minicbor::{Decode, Encode};

use crate::figures::Quarter;
use crate::ids::RoomId;

/// How many questions.
pub const QUESTIONS: usize = 4;

/// How much.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
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

/// One person's answers; absent where she gave none.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct Answers {
    /// Heard.
    #[n(0)]
    pub heard: Option<Degree>,
    /// Treated with respect.
    #[n(1)]
    pub respected: Option<Degree>,
    /// Well informed.
    #[n(2)]
    pub informed: Option<Degree>,
    /// Helped.
    #[n(3)]
    pub helped: Option<Degree>,
}

impl Answers {
    /// In the order of the questions.
    pub fn list(&self) -> [Option<Degree>; QUESTIONS] {
        [self.heard, self.respected, self.informed, self.helped]
    }
}

/// What somebody says of a session that is over. Once for each leaf.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutSurvey {
    /// Where.
    #[n(0)]
    pub room: RoomId,
    /// What.
    #[n(1)]
    pub answers: Answers,
}

/// For a coordinator who has asked for the staff on this connection: how sessions were.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskSurveys {}

/// How sessions were, month by month.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Surveys {
    /// The newest first.
    #[n(0)]
    pub months: Vec<Month>,
    /// How help calls went, the newest quarter first.
    #[n(1)]
    pub quarters: Vec<Quarter>,
}

/// A month.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Month {
    /// Which year.
    #[n(0)]
    pub year: u16,
    /// Which month, from 1.
    #[n(1)]
    pub month: u8,
    /// For each question how many said no, somewhat and yes. Absent where so few did that they might be recognised
    /// ([`crate::limits::COUNTED_MIN`]).
    #[n(2)]
    pub counts: Vec<Vec<Option<u64>>>,
}
