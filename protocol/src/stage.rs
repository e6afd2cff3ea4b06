//! Coming to a workshop. A stage is open to whoever knocks while somebody leads it; nobody is named there.

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::{RoomId, SessionId};

/// Somebody wants to come to a workshop of the calendar: whoever leads it adds her.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Knock {
    /// Which workshop.
    #[n(0)]
    pub session: SessionId,
    /// Of a leaf that is nobody's elsewhere.
    #[n(1)]
    pub key_package: Blob,
}

/// Where the workshop is. The Welcome waits there once somebody has added her.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Door {
    /// Its stage.
    #[n(0)]
    pub room: RoomId,
}
