//! What is inside a message: the relay never sees any of this.
//!
//! CBOR (RFC 8949), padded in buckets before it is encrypted. A kind that is not known is skipped, not an error:
//! members of one room may run different versions.

use lotgenoot_messages::Intake;
use lotgenoot_protocol::call::Part;
use lotgenoot_protocol::floor::Floor;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{AskId, Blob, LeafKey, MessageId, Pseudonym, RoomId, Timestamp, codec, pad};
use minicbor::{Decode, Encode};

use crate::call::{SignedAgreements, SignedIntake};
use crate::letter::Report;
use crate::room::{HeldWords, OnStage};

/// The content of one application message.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) enum Content {
    /// "I am called": the first thing somebody says in a room. In a line it carries the KeyPackage for the peer room,
    /// so that the relay cannot swap it; in a peer room that moves, the one for its successor.
    #[n(0)]
    Hello {
        #[n(0)]
        nickname: String,
        #[n(1)]
        key_package: Option<Blob>,
    },
    /// Words.
    #[n(1)]
    Text(#[n(0)] Words),
    /// A host tells a newcomer what the others are called: she has no history.
    #[n(2)]
    Names(#[n(0)] Vec<(Pseudonym, String)>),
    /// In a line: you are in; the Welcome waits in this room.
    #[n(3)]
    Admitted {
        #[n(0)]
        room: RoomId,
    },
    /// In a help room: what the person wants the professional to know.
    #[n(4)]
    Intake(#[n(0)] Box<Intake>),
    /// In a peer room, by a host: it goes on in that one. Who wants to come along offers a KeyPackage in a Hello.
    #[n(5)]
    Moving {
        #[n(0)]
        room: RoomId,
    },
    /// In a line: a partner's invitation, and the proof that she has its link.
    #[n(6)]
    Invited {
        #[n(0)]
        invitation: Blob,
        #[n(1)]
        proof: Blob,
    },
    /// In a line, by its person: what she wants to say in a room whose hosts look at it first.
    #[n(7)]
    Held(#[n(0)] HeldWords),
    /// In a line, by a host: these words are not let through, and why.
    #[n(8)]
    Returned {
        #[n(0)]
        room: RoomId,
        #[n(1)]
        words: MessageId,
        #[n(2)]
        reason: String,
    },
    /// In a peer room, by the host who has added somebody: who may speak there, for she has not read how it came to be so.
    #[n(9)]
    Floor(#[n(0)] Box<Floor>),
    /// In a line, by its person: she has gone out of that room and would rather not be there now. No reason is given.
    #[n(10)]
    WentAway {
        #[n(0)]
        room: RoomId,
    },
    /// In a line, by its person: she sits in that room already, as this leaf, which has signed so for this line.
    #[n(11)]
    AmIn {
        #[n(0)]
        room: RoomId,
        #[n(1)]
        leaf: LeafKey,
        #[n(2)]
        signature: Blob,
    },
    /// In a line, by a host: its person is not let in to that room again before then.
    #[n(12)]
    Blocked {
        #[n(0)]
        room: RoomId,
        #[n(1)]
        until: Timestamp,
    },
    /// In a line, by its person: what somebody has said or done.
    #[n(13)]
    Reported(#[n(0)] Box<Report>),
    /// In a line, by a host: who waits before its person: 0 nobody, 1 one or two, 3 more.
    #[n(14)]
    Place {
        #[n(0)]
        before: u8,
    },
    /// In a peer room that is over, by a host: until then hosts are in another one, for whoever wants to stay.
    #[n(15)]
    Stay {
        #[n(0)]
        until: Timestamp,
    },
    /// On a stage.
    #[n(16)]
    OnStage(#[n(0)] OnStage),
    /// In a help room, by its lead: she asks for a colleague. Without this nobody is shown as the one who takes over.
    #[n(17)]
    Asks {
        #[n(0)]
        ask: AskId,
        #[n(1)]
        part: Part,
        #[n(2)]
        service: String,
    },
    /// In a help room: the intake as its person has signed it, from her or from whoever has added somebody.
    #[n(30)]
    SignedIntake(#[n(0)] SignedIntake),
    /// In a help room: who does what by when as the lead has signed it, from her or from whoever has added somebody.
    #[n(41)]
    SignedAgreements(#[n(0)] SignedAgreements),
}

impl Content {
    /// Which words these are, if somebody reads them.
    pub(crate) fn words(&self) -> Option<MessageId> {
        match self {
            Self::Text(words) => Some(words.id()),
            _ => None,
        }
    }

    /// Padded bytes, ready to be encrypted.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        pad::pad(&codec::to_vec(self))
    }

    /// The content in padded bytes; `None` for another version's.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        codec::from_slice(pad::unpad(bytes)?)
    }
}
