//! Who may speak in a peer room: what a host does about it, and what everybody sees of it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{MemberId, MessageId};

/// What a host does.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// Participants leave this much time between two messages.
    Slow {
        /// 20 to 60; 0 ends it.
        seconds: u8,
    },
    /// Somebody says nothing for ten minutes.
    Mute {
        /// Who.
        member: MemberId,
    },
    /// She may speak again.
    Unmute {
        /// Who.
        member: MemberId,
    },
    /// What she wants to say goes to the hosts first.
    Hold {
        /// Who.
        member: MemberId,
    },
    /// She speaks for herself again.
    Release {
        /// Who.
        member: MemberId,
    },
    /// The first messages of everybody who comes in from now on are held.
    Newcomers {
        /// How many, at most 10; 0: nobody's.
        words: u8,
    },
    /// One held message may be said.
    LetThrough {
        /// Whose.
        member: MemberId,
        /// Which.
        message: MessageId,
    },
}

/// The floor of a room, as it is now.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct FloorView {
    /// Seconds between two messages of a participant; 0: as they like.
    pub slow_seconds: u8,
    /// How many first messages of a newcomer are held.
    pub newcomers: u8,
    /// Who is muted, and until when: milliseconds since 1970.
    pub muted: Vec<(MemberId, u64)>,
    /// Whose words go to the hosts first.
    pub held: Vec<MemberId>,
    /// Whether the session is open.
    pub session: SessionView,
}

/// Where a session is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize, Encode, Decode)]
pub enum SessionView {
    /// People talk.
    #[default]
    #[n(0)]
    Open,
    /// No host is here: nobody can say anything until one is back.
    #[n(1)]
    Frozen,
    /// It is over.
    #[n(2)]
    Closed {
        /// Because no host came back.
        #[n(0)]
        unattended: bool,
    },
}
