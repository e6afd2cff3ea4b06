//! The ledger: what survives. One trait, one conformance suite, several backends.
//!
//! A batch is applied whole or not at all. Whatever [`Ledger::commit`] returned is on disk. An I/O error is
//! [`Broken`] and fatal: nobody retries a failed fsync.

mod chains;
mod clearing;
mod letters;
mod on_use;
mod record;
mod redb;
mod tables;
mod vaults;
mod writer;

pub use self::redb::RedbLedger;
pub use writer::{Committed, Writer};

use std::fmt;

use lotgenoot_core::effect::{Append, Batch};
use lotgenoot_core::figures::Counts as Figures;
use lotgenoot_core::room::Tail;
use lotgenoot_core::survey::Counts;
use lotgenoot_core::vault::{StoredSlot, StoredVault};
use lotgenoot_protocol::frame::InboxEntry;
use lotgenoot_protocol::letters::Letter;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, LetterId, PartId, Refused, RoomId, Seq, Serial, SlotId, Timestamp, VaultId,
};

/// The ledger cannot go on. For the operator.
#[derive(Debug)]
pub struct Broken {
    what: String,
}

impl Broken {
    /// `what` happened, and what to do about it.
    pub fn new(what: impl fmt::Display) -> Self {
        Self { what: what.to_string() }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Broken {}

/// What a committed batch brought about beside what it said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Accounts with something new in their inbox.
    pub woken: Vec<AccountKey>,
    /// The KeyPackages a claim took, in order.
    pub claimed: Vec<Option<Blob>>,
}

/// Where everything is kept.
pub trait Ledger: Send + Sync {
    /// Applies batches in order, in one durable transaction. A batch whose precondition fails is refused alone.
    fn commit(&self, batches: &[&Batch]) -> Result<Vec<Result<Outcome, Refused>>, Broken>;

    /// Looks for what was trimmed before this ledger was opened and still has its bytes. Takes as long as it takes; others
    /// write meanwhile.
    fn look_for_trimmed(&self) -> Result<(), Broken> {
        Ok(())
    }

    /// Takes the bytes of some entries that were trimmed, in one short transaction. Returns of how many; none: nothing waits.
    fn clear(&self) -> Result<usize, Broken> {
        Ok(0)
    }

    /// A room's record and what its log says beside it, both as one commit left them.
    ///
    /// Request ids are known for 24 hours at least; older ones may be known or not.
    fn room(&self, room: &RoomId) -> Result<Option<(Vec<u8>, Tail)>, Broken>;

    /// Whether this room was removed, for it was over.
    fn is_over(&self, room: &RoomId) -> Result<bool, Broken>;

    /// Up to `max` rooms after this one, in the order of their ids.
    fn rooms(&self, after: Option<RoomId>, max: usize) -> Result<Vec<RoomId>, Broken>;

    /// Up to `max` entries after `after`, in order and without a hole between them. Fewer than there are only if
    /// `max` was reached.
    ///
    /// Trimmed entries are not there: if `after` lies before [`Tail::trimmed`], the first entry is the one after
    /// that. Whoever asked sees it by the place of the first, and must not pass it on as what came next.
    fn entries(&self, room: &RoomId, after: Seq, max: usize) -> Result<Vec<Append>, Broken>;

    /// Whether this account may have an inbox or KeyPackages: nothing has to be looked up for anybody else, and nearly
    /// everybody who signs in is somebody else.
    fn has_mailbox(&self, _account: &AccountKey) -> bool {
        true
    }

    /// Up to `max` inbox entries after `after`, in order.
    fn inbox(&self, account: &AccountKey, after: Seq, max: usize) -> Result<Vec<InboxEntry>, Broken>;

    /// How many one-time KeyPackages an account has left.
    fn key_packages_left(&self, account: &AccountKey) -> Result<u32, Broken>;

    /// The records of all help calls.
    fn calls(&self) -> Result<Vec<(CallId, Vec<u8>)>, Broken>;

    /// How staff are called: the record of each account that has a channel.
    fn channels(&self) -> Result<Vec<(AccountKey, Vec<u8>)>, Broken>;

    /// The records of all pages on their way.
    fn sendings(&self) -> Result<Vec<Vec<u8>>, Broken>;

    /// The staff as coordinators have changed it, and its number.
    fn office(&self) -> Result<Option<(u64, Vec<u8>)>, Broken>;

    /// The newest calendar.
    fn calendar(&self) -> Result<Option<Vec<u8>>, Broken>;

    /// The newest plan of duty.
    fn duty_plan(&self) -> Result<Option<Vec<u8>>, Broken>;

    /// Who on duty has said that she is there.
    fn check_ins(&self) -> Result<Option<Vec<u8>>, Broken>;

    /// What was said of sessions, by month, the oldest first.
    fn surveys(&self) -> Result<Vec<(u32, Counts)>, Broken>;

    /// How help calls went, by quarter and service, the oldest first.
    fn figures(&self) -> Result<Vec<(u32, String, Figures)>, Broken>;

    /// The records of all keys that letters are sealed with.
    fn letter_keys(&self) -> Result<Vec<Vec<u8>>, Broken>;

    /// Up to `max` letters of a reader after this one, in the order of their ids.
    fn letters(&self, reader: &Serial, after: Option<LetterId>, max: usize) -> Result<Vec<Letter>, Broken>;

    /// A slot.
    fn slot(&self, slot: &SlotId) -> Result<Option<StoredSlot>, Broken>;

    /// A vault without its parts.
    fn vault(&self, vault: &VaultId) -> Result<Option<StoredVault>, Broken>;

    /// Parts of a vault, in the order asked for; `None` where there is no such part.
    fn vault_parts(&self, vault: &VaultId, parts: &[PartId]) -> Result<Vec<Option<Blob>>, Broken>;

    /// Up to `max` slots and `max` vaults that nobody has touched since `before`.
    fn untouched(&self, before: Timestamp, max: usize) -> Result<(Vec<SlotId>, Vec<VaultId>), Broken>;
}
