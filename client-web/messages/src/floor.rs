//! Who may speak in a peer room: what a host does about it, and what everybody sees of it.

use minicbor::{Decode, Encode};

use crate::{MemberId, MessageId, RoomId, SessionId};

/// What a host does.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Measure {
    /// Participants leave this much time between two messages.
    #[n(0)]
    Slow {
        /// 20 to 60; 0 ends it.
        #[n(0)]
        seconds: u8,
    },
    /// Somebody says nothing for ten minutes.
    #[n(1)]
    Mute {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// She may speak again.
    #[n(2)]
    Unmute {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// What she wants to say goes to the hosts first.
    #[n(3)]
    Hold {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// She speaks for herself again.
    #[n(4)]
    Release {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// The first messages of everybody who comes in from now on are held.
    #[n(5)]
    Newcomers {
        /// How many, at most 10; 0: nobody's.
        #[n(0)]
        words: u8,
    },
    /// The session ends then.
    #[n(6)]
    Until {
        /// Milliseconds since 1970, by this device's clock; within four hours.
        #[n(0)]
        at: u64,
    },
    /// It ends when it was planned to.
    #[n(7)]
    UntilPlanned {
        /// Milliseconds since 1970, whatever this device's clock says.
        #[n(0)]
        at: u64,
    },
    /// It ends now.
    #[n(8)]
    End,
    /// She talks with a host alone for now, in her line.
    #[n(9)]
    Aside {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// She is back from that.
    #[n(10)]
    Back {
        /// Who.
        #[n(0)]
        member: MemberId,
    },
    /// The session opens.
    #[n(11)]
    Open {
        /// Although there is one host only.
        #[n(0)]
        alone: bool,
        /// Although no professional can be reached.
        #[n(1)]
        unstaffed: bool,
        /// Which session of the calendar it is.
        #[n(2)]
        session: Option<SessionId>,
    },
    /// One held message may be said.
    #[n(12)]
    LetThrough {
        /// Whose.
        #[n(0)]
        member: MemberId,
        /// Which.
        #[n(1)]
        message: MessageId,
    },
}

/// The floor of a room, as it is now.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct FloorView {
    /// Seconds between two messages of a participant; 0: as they like.
    #[n(0)]
    pub slow_seconds: u8,
    /// How many first messages of a newcomer are held.
    #[n(1)]
    pub newcomers: u8,
    /// Who is muted, and until when: milliseconds since 1970.
    #[n(2)]
    pub muted: Vec<(MemberId, u64)>,
    /// Whose words go to the hosts first.
    #[n(3)]
    pub held: Vec<MemberId>,
    /// Who talks with a host alone.
    #[n(4)]
    pub aside: Vec<MemberId>,
    /// Whether the session is open.
    #[n(5)]
    pub session: SessionView,
    /// When it ends, if a host has said so: milliseconds since 1970, by the relay's clock.
    #[n(6)]
    pub ends_at: Option<u64>,
    /// That is soon.
    #[n(7)]
    pub ends_soon: bool,
    /// It was opened although no professional could be reached.
    #[n(8)]
    pub unstaffed: bool,
    /// It was not opened, for only so many hosts read it then: members may be away.
    #[n(9)]
    pub not_attended: Option<u32>,
}

/// Words that somebody wants to say and that wait for a host.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct HeldView {
    /// In which room.
    #[n(0)]
    pub room: RoomId,
    /// Who, as she is known there.
    #[n(1)]
    pub member: MemberId,
    /// Which.
    #[n(2)]
    pub message: MessageId,
    /// The words.
    #[n(3)]
    pub text: String,
}

/// Where a session is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
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
