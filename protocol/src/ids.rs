//! Names for things: values that cannot be swapped by mistake.

use std::fmt;

use minicbor::decode::{Decoder, Error as DecodeError};
use minicbor::encode::{Encoder, Error as EncodeError, Write};
use minicbor::{Decode, Encode};

macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident, $length:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(pub [u8; $length]);

        impl $name {
            /// The id in `bytes`, or `None` when the length is not the one this id has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }

        // Two bytes tell ids apart in a failing test and say nothing useful in a log.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:02x}{:02x}…)"), self.0[0], self.0[1])
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| DecodeError::message(concat!("a ", stringify!($name), " has ", $length, " bytes")))
            }
        }
    };
}

opaque_id!(
    /// A room: the MLS group id, drawn at random by the client that opens it.
    RoomId, 16
);
opaque_id!(
    /// A session of the calendar, drawn at random by the coordinator's client.
    SessionId, 16
);
opaque_id!(
    /// A number that an organisation lists itself, drawn at random by the coordinator's client.
    LineId, 16
);
opaque_id!(
    /// A help call, drawn at random by the client that raises it; the same id again is the same call.
    CallId, 16
);
opaque_id!(
    /// One page to one responder; stays equal over retries, changes with the call's page epoch.
    PageId, 16
);
opaque_id!(
    /// A way to call a member of staff; follows from whose it is and where it leads.
    ChannelId, 16
);
opaque_id!(
    /// A lead's request for a colleague; drawn at random by her client, so that a repeat is the same request.
    AskId, 16
);
opaque_id!(
    /// Where a wrapped account secret is kept: follows from a phrase or from a tab's secret, and says nothing of either.
    SlotId, 16
);
opaque_id!(
    /// A mailbox: follows from the account secret, and says nothing of the account key.
    VaultId, 16
);
opaque_id!(
    /// A part of a vault, drawn at random: it says nothing of what is in it.
    PartId, 16
);
opaque_id!(
    /// A version of a vault, drawn at random: it counts nothing.
    Version, 16
);
opaque_id!(
    /// The Ed25519 key that owns a slot; follows from the same secret as the slot's id.
    SlotKey, 32
);
opaque_id!(
    /// One request by one client; a repeat gets the same reply and has no second effect.
    RequestId, 16
);
opaque_id!(
    /// One message of a member, drawn at random by her client: the same words said again are the same message.
    MessageId, 16
);
opaque_id!(
    /// One letter to coordinators or hosts, drawn at random by whoever writes it.
    LetterId, 16
);
opaque_id!(
    /// What a member is called inside one room as far as MLS and the relay are concerned: random, per room.
    Pseudonym, 16
);
opaque_id!(
    /// The serial of a role certificate or of an issuer.
    Serial, 16
);
opaque_id!(
    /// An account's Ed25519 public key: who a connection belongs to.
    AccountKey, 32
);
opaque_id!(
    /// A leaf's Ed25519 signature public key: who a member is in one room (staff: in all rooms).
    LeafKey, 32
);
opaque_id!(
    /// The organisation's Ed25519 root public key, pinned by every client.
    RootKey, 32
);

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub u64);

        impl $name {
            /// The one after this.
            #[must_use]
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }
    };
}

counter!(
    /// A place in a log. The first entry is `Seq(1)`; `Seq(0)` means "before anything".
    Seq
);
counter!(
    /// An MLS epoch (RFC 9420 §4): the number of commits a room has seen.
    Epoch
);
impl SlotId {
    /// Whether it is a tab's: its first bit is set, and of every other slot it is not. A tab's way back is worth less than a
    /// phrase's, and lies in the files of a browser.
    pub fn is_tabs(&self) -> bool {
        self.0[0] & TAB_BIT != 0
    }

    /// The same place, as a tab's or as no tab's.
    #[must_use]
    pub fn for_tab(mut self, tab: bool) -> Self {
        self.0[0] = if tab { self.0[0] | TAB_BIT } else { self.0[0] & !TAB_BIT };
        self
    }
}

const TAB_BIT: u8 = 0x80;
