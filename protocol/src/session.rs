//! A session of a peer room: what the relay says of it in the room's log.

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
    /// It goes on until then.
    #[n(3)]
    Extended {
        /// The new end.
        #[n(0)]
        until: Timestamp,
    },
    /// It is over: nothing is said here any more.
    #[n(4)]
    Closed {
        /// Why.
        #[n(0)]
        why: Closed,
    },
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
