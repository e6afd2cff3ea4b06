//! One leaf's place in a room as the relay sees it: what it may read and how far it has.

use lotgenoot_protocol::limits::{COMMITS_PER_MINUTE, MESSAGE_BURST, MESSAGES_PER_SECOND};
use lotgenoot_protocol::{Blob, Epoch, Seq};
use minicbor::{Decode, Encode};

use crate::bucket::Bucket;

/// A leaf's seat. It outlives membership until its holder has read that it ended.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The part that is stored.
    pub stored: StoredSeat,
    /// How often it may speak.
    pub messages: Bucket,
    /// How often it may commit.
    pub commits: Bucket,
}

/// What is stored of a seat.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StoredSeat {
    /// It reads entries after this one: the commit that added it, or the beginning.
    #[n(0)]
    pub since: Seq,
    /// Its last readable entry, once it left or was removed.
    #[n(1)]
    pub until: Option<Seq>,
    /// It has kept everything up to here.
    #[n(2)]
    pub cursor: Seq,
    /// How to join, until it has.
    #[n(3)]
    pub invitation: Option<StoredInvitation>,
}

/// A Welcome that waits. The tree is kept once per epoch, in the room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StoredInvitation {
    /// The Welcome.
    #[n(0)]
    pub welcome: Blob,
    /// The epoch it leads into, whose tree it needs.
    #[n(1)]
    pub epoch: Epoch,
    /// Its holder may have it. In a help call: once she is paged.
    #[n(2)]
    pub released: bool,
}

impl Seat {
    /// A seat that reads entries after `since`.
    pub fn new(since: Seq, invitation: Option<StoredInvitation>) -> Self {
        Self::restore(StoredSeat { since, until: None, cursor: since, invitation })
    }

    /// A seat as it was stored, with its allowances full.
    pub fn restore(stored: StoredSeat) -> Self {
        Self {
            stored,
            messages: Bucket::new(MESSAGE_BURST, 1000 / u64::from(MESSAGES_PER_SECOND)),
            commits: Bucket::new(COMMITS_PER_MINUTE, 60_000 / u64::from(COMMITS_PER_MINUTE)),
        }
    }

    /// Whether its holder is a member who may speak.
    pub fn is_member(&self) -> bool {
        self.stored.until.is_none() && self.stored.invitation.is_none()
    }

    /// Whether its holder may read at all: not before her invitation is released.
    pub fn may_read(&self) -> bool {
        self.stored.invitation.as_ref().is_none_or(|invitation| invitation.released)
    }
}
