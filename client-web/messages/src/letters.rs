//! Letters to coordinators and hosts.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{LetterId, MemberId, Role, RoomId};

/// A letter that waits for this coordinator or host.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct LetterView {
    /// Its id.
    pub id: LetterId,
    /// When it came, milliseconds since 1970.
    pub at: u64,
    /// What it says; none: it cannot be read, or is not by whom it claims to be.
    pub says: Option<LetterSays>,
}

/// What a letter says.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub enum LetterSays {
    /// How a session was, by its host.
    Debrief {
        /// Who.
        alias: String,
        /// What it was about; empty: it was not in the calendar.
        theme: String,
        /// How it was for her.
        how: String,
        /// What others are to know.
        hand_over: String,
        /// She wants to be called.
        call_me: bool,
    },
    /// What the next hosts are to know.
    HandOver {
        /// By whom.
        alias: String,
        /// What the session was about; empty: it was not in the calendar.
        theme: String,
        /// What.
        words: String,
    },
    /// What somebody has said or done.
    Report(ReportView),
}

/// What somebody has said or done in a room.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
pub struct ReportView {
    /// Who, as she is called there; staff: as she is certified.
    #[n(0)]
    pub about: String,
    /// What is proven of her.
    #[n(1)]
    pub role: Role,
    /// Her words, if it is about words.
    #[n(2)]
    pub said: Option<String>,
    /// It is proven that she has said them.
    #[n(3)]
    pub proven: bool,
    /// What is wrong with it.
    #[n(4)]
    pub why: String,
}

/// Something a person or host wants to have written.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub enum Writing {
    /// A host's debrief.
    Debrief(RoomId),
    /// How a session was.
    Survey(RoomId),
    /// A report.
    Report {
        /// Where.
        room: RoomId,
        /// About whom.
        member: MemberId,
    },
}
