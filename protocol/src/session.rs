//! A session of a peer room, and waiting in a line: what the relay says of it in the room's log.

use minicbor::{Decode, Encode};

use crate::time::Timestamp;

/// What happened to a session: an entry of its room's log, so it has a place, survives and is caught up with.
///
/// The relay's word. It can only take away: nobody may do more because the relay says so.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum SessionNotice {
    /// No host has been here for a minute: nobody can say anything until one is back.
    #[n(0)]
    Frozen,
    /// A host is back.
    #[n(1)]
    GoesOn,
    /// It ends in ten minutes.
    #[n(2)]
    EndsSoon,
    /// A host has said when it ends.
    #[n(3)]
    Ends {
        /// Then.
        #[n(0)]
        at: Timestamp,
    },
    /// It is over: nothing is said here any more.
    #[n(4)]
    Closed {
        /// Why.
        #[n(0)]
        why: Closed,
    },
    /// In a line: its person has not been here since then. Her place is kept.
    #[n(5)]
    Away {
        /// Since when.
        #[n(0)]
        since: Timestamp,
    },
    /// In a line: its person is here again.
    #[n(6)]
    Back,
    /// In a line: its person has not come back in time. Her place is not kept any more.
    #[n(7)]
    PlaceFree,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Closed {
    /// Its time was over, or a host ended it.
    #[n(0)]
    Ended,
    /// No host came back.
    #[n(1)]
    Unattended,
}

/// Where a session is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Stage {
    /// People talk.
    #[n(0)]
    Open,
    /// Nobody may speak: there is no host.
    #[n(1)]
    Frozen {
        /// Since when.
        #[n(0)]
        since: Timestamp,
    },
    /// It is over.
    #[n(2)]
    Closed {
        /// Since when.
        #[n(0)]
        at: Timestamp,
        /// Why.
        #[n(1)]
        why: Closed,
    },
    /// Hosts gather; it is not open yet.
    #[n(3)]
    Waiting,
}

/// A session for somebody who has not read how it came to be what it is: the relay's word, told with the room's head.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub struct SessionState {
    /// Where it is.
    #[n(0)]
    pub stage: Stage,
    /// When it ends, if a host has said so.
    #[n(1)]
    pub ends_at: Option<Timestamp>,
    /// How many rulings there have been: the next one's number is one more.
    #[n(2)]
    pub rulings: u64,
    /// It was opened although no professional could be reached.
    #[n(3)]
    pub unstaffed: bool,
}
