//! Short words for what is written: small numbers stand for rooms, leaves, accounts and calls.

use lotgenoot::store::{Broken, Ledger, Outcome};
use lotgenoot_core::effect::{Append, Batch, Op, Package};
use lotgenoot_core::room::Tail;
use lotgenoot_protocol::frame::{EntryKind, Notice};
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, LeafKey, PageId, Refused, RequestId, RoomId, Seq, Timestamp,
};

/// When the stories begin.
pub(crate) const START: Timestamp = Timestamp(1_700_000_000_000);

/// One hour, in milliseconds.
pub(crate) const HOUR_MS: u64 = 3600 * 1000;

pub(crate) fn room(n: u8) -> RoomId {
    RoomId([n; 16])
}

pub(crate) fn leaf(n: u8) -> LeafKey {
    LeafKey([n; 32])
}

pub(crate) fn account(n: u8) -> AccountKey {
    AccountKey([n; 32])
}

pub(crate) fn call(n: u8) -> CallId {
    CallId([n; 16])
}

pub(crate) fn request(n: u64) -> RequestId {
    let mut id = [7; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    RequestId(id)
}

/// An entry of `room`, whose request and body follow from its place.
pub(crate) fn entry(room: RoomId, seq: u64, at: Timestamp) -> Append {
    let body = Blob([room.0.as_slice(), &seq.to_be_bytes()].concat());
    let request = Some(request(seq));
    Append { room, seq: Seq(seq), kind: EntryKind::Application, at, request, body }
}

/// The entries `from..=to` of `room`, all at `at`.
pub(crate) fn says(room: RoomId, from: u64, to: u64, at: Timestamp) -> Vec<Op> {
    (from..=to).map(|seq| Op::Append(entry(room, seq, at))).collect()
}

pub(crate) fn create(room: RoomId) -> Op {
    Op::CreateRoom { room, record: b"created".to_vec() }
}

pub(crate) fn trim(room: RoomId, through: u64) -> Op {
    Op::Trim { room, through: Seq(through) }
}

/// A notice that can be told from others by `n`.
pub(crate) fn notice(n: u8) -> Notice {
    Notice::Taken { call: call(n), page: PageId([n; 16]) }
}

/// A KeyPackage's reference and bytes.
/// A KeyPackage that lives longer than any story.
pub(crate) fn package(n: u64) -> Package {
    let bytes = Blob([b"package".as_slice(), &n.to_be_bytes()].concat());
    Package { reference: n.to_be_bytes().to_vec(), bytes, until: Timestamp(u64::MAX) }
}

pub(crate) fn batch(ops: impl IntoIterator<Item = Op>) -> Batch {
    Batch { ops: ops.into_iter().collect(), ..Batch::default() }
}

/// Commits `batches` together.
pub(crate) fn try_commit(
    ledger: &dyn Ledger,
    batches: &[Batch],
) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
    ledger.commit(&batches.iter().collect::<Vec<_>>())
}

/// Commits one batch that is neither refused nor breaks anything.
pub(crate) fn commit(ledger: &dyn Ledger, ops: impl IntoIterator<Item = Op>) -> Outcome {
    let mut outcomes = try_commit(ledger, &[batch(ops)]).expect("the ledger works");
    assert_eq!(outcomes.len(), 1, "an outcome for each batch");
    outcomes.remove(0).expect("the batch is accepted")
}

/// The places of all entries of `room` after `after`.
pub(crate) fn seqs(ledger: &dyn Ledger, room: &RoomId, after: u64) -> Vec<u64> {
    let entries = ledger.entries(room, Seq(after), usize::MAX).expect("the ledger works");
    entries.iter().map(|entry| entry.seq.0).collect()
}

/// What the ledger says of a room beside its record.
pub(crate) fn tail(ledger: &dyn Ledger, room: &RoomId) -> Tail {
    ledger.room(room).expect("the ledger works").expect("the room is there").1
}
