//! Who may speak in a peer room: what a host does about it, and what everybody sees of it.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{MemberId, MessageId, RoomId, SessionId};

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
    /// The session ends then.
    Until {
        /// Milliseconds since 1970, by this device's clock; within four hours.
        at: u64,
    },
    /// It ends when it was planned to.
    UntilPlanned {
        /// Milliseconds since 1970, whatever this device's clock says.
        at: u64,
    },
    /// It ends now.
    End,
    /// She talks with a host alone for now, in her line.
    Aside {
        /// Who.
        member: MemberId,
    },
    /// She is back from that.
    Back {
        /// Who.
        member: MemberId,
    },
    /// The session opens.
    Open {
        /// Although there is one host only.
        alone: bool,
        /// Although no professional can be reached.
        unstaffed: bool,
        /// Which session of the calendar it is.
        session: Option<SessionId>,
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
    /// Who talks with a host alone.
    pub aside: Vec<MemberId>,
    /// Whether the session is open.
    pub session: SessionView,
    /// When it ends, if a host has said so: milliseconds since 1970, by the relay's clock.
    pub ends_at: Option<u64>,
    /// That is soon.
    pub ends_soon: bool,
    /// It was opened although no professional could be reached.
    pub unstaffed: bool,
    /// It was not opened, for only so many hosts read it then: members may be away.
    pub not_attended: Option<u32>,
}

/// Words that somebody wants to say and that wait for a host.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct HeldView {
    /// In which room.
    pub room: RoomId,
    /// Who, as she is known there.
    pub member: MemberId,
    /// Which.
    pub message: MessageId,
    /// The words.
    pub text: String,
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
    /// Hosts gather; it is not open yet.
    #[n(3)]
    Waiting,
}
