//! What must hold after every step, told from the committed batches and what clients are shown.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::codec;
use lotgenoot_protocol::frame::{EntryKind, Push, ServerFrame};
use lotgenoot_protocol::{Blob, RoomId, Seq};

/// What has been seen so far.
#[derive(Default)]
pub(super) struct Invariants {
    entries: BTreeMap<(RoomId, Seq), Blob>,
    heads: BTreeMap<RoomId, Seq>,
    epochs: BTreeSet<(RoomId, u64)>,
    // Who took which round of which call.
    taken: BTreeMap<(RoomId, u32), Blob>,
    /// Commits that took an epoch.
    pub commits: u64,
    /// Application messages in logs.
    pub messages: u64,
    /// Help calls stored.
    pub calls: u64,
}

impl Invariants {
    /// Takes in a batch that is on disk.
    pub(super) fn committed(&mut self, batch: &Batch) {
        for op in &batch.ops {
            let Op::Append(append) = op else { continue };
            let head = self.heads.entry(append.room).or_default();
            assert_eq!(append.seq, head.next(), "a log has a hole or a repeat");
            *head = append.seq;
            self.entries.insert((append.room, append.seq), append.body.clone());
            match append.kind {
                EntryKind::Application => self.messages += 1,
                EntryKind::Commit => {
                    self.commits += 1;
                    let epoch = public_epoch(&append.body).expect("a commit says its epoch");
                    assert!(self.epochs.insert((append.room, epoch)), "two commits took epoch {epoch}");
                }
                EntryKind::Call => self.call(append.room, &append.body),
                EntryKind::Proposal | EntryKind::Reject | EntryKind::Ruling | EntryKind::Session => {}
            }
        }
    }

    /// Looks at a frame that a client is about to get: nothing is shown that is not on disk.
    pub(super) fn shown(&self, frame: &[u8]) {
        if let Ok(Some(ServerFrame::Push(Push::Entry(entry)))) = codec::decode_server(frame) {
            let stored = self.entries.get(&(entry.room, entry.seq));
            assert_eq!(stored, Some(&entry.body), "an entry was shown that is not on disk");
        }
    }

    fn call(&mut self, room: RoomId, body: &Blob) {
        match codec::from_slice::<CallNotice>(body) {
            Some(CallNotice::Raised) => self.calls += 1,
            Some(CallNotice::Acknowledged(ack)) => {
                let before = self.taken.insert((room, ack.page_epoch), Blob(ack.leaf_key.0.to_vec()));
                assert!(before.is_none(), "two leads took one round of a call");
            }
            _ => {}
        }
    }
}

// The epoch of a PublicMessage (RFC 9420 §6): version, wire format, group id of 16 bytes, epoch.
fn public_epoch(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.strip_prefix(&[0, 1, 0, 1, 16])?;
    let (epoch, _) = rest.get(16..)?.split_first_chunk::<8>()?;
    Some(u64::from_be_bytes(*epoch))
}
