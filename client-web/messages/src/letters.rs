//! Letters to coordinators and hosts.

use minicbor::{Decode, Encode};

use crate::{LetterId, MemberId, Role, RoomId};

/// A letter that waits for this coordinator or host.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct LetterView {
    /// Its id.
    #[n(0)]
    pub id: LetterId,
    /// When it came, milliseconds since 1970.
    #[n(1)]
    pub at: u64,
    /// What it says; none: it cannot be read, or is not by whom it claims to be.
    #[n(2)]
    pub says: Option<LetterSays>,
}

/// What a letter says.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub enum LetterSays {
    /// How a session was, by its host.
    #[n(0)]
    Debrief {
        /// Who.
        #[n(0)]
        alias: String,
        /// What it was about; empty: it was not in the calendar.
        #[n(1)]
        theme: String,
        /// How it was for her.
        #[n(2)]
        how: String,
        /// What others are to know.
        #[n(3)]
        hand_over: String,
        /// She wants to be called.
        #[n(4)]
        call_me: bool,
    },
    /// What the next hosts are to know.
    #[n(1)]
    HandOver {
        /// By whom.
        #[n(0)]
        alias: String,
        /// What the session was about; empty: it was not in the calendar.
        #[n(1)]
        theme: String,
        /// What.
        #[n(2)]
        words: String,
    },
    /// What somebody has said or done.
    #[n(2)]
    Report(#[n(0)] ReportView),
}

/// What somebody has said or done in a room.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
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
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub enum Writing {
    /// A host's debrief.
    #[n(0)]
    Debrief(#[n(0)] RoomId),
    /// How a session was.
    #[n(1)]
    Survey(#[n(0)] RoomId),
    /// A report.
    #[n(2)]
    Report {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// About whom.
        #[n(1)]
        member: MemberId,
    },
}
