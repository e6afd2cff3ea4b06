//! A room's newest entries, encoded once and shared by all its readers.
//!
//! Only what is on disk is ever put here. A reader whose cursor is older than what is kept reads the ledger.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use lotgenoot_core::effect::{Append, Cut};
use lotgenoot_core::room::entry;
use lotgenoot_protocol::frame::{Push, ServerFrame};
use lotgenoot_protocol::limits::{FEED_BYTES_MAX, FEED_ENTRIES_MAX};
use lotgenoot_protocol::{LeafKey, Seq, codec};

use tokio::sync::Notify;

use crate::outlet::Outlet;

/// A room's feed.
pub struct Feed {
    state: Mutex<State>,
    // Grows with every change a reader could see, so that whoever reads many rooms looks only at those.
    version: AtomicU64,
    readers_changed: Notify,
}

struct State {
    head: Seq,
    frames: VecDeque<Bytes>,
    bytes: usize,
    cuts: BTreeMap<LeafKey, Seq>,
    readers: Vec<Reader>,
}

struct Reader {
    outlet: Weak<Outlet>,
    leaf: LeafKey,
}

impl Reader {
    fn is(&self, outlet: &Arc<Outlet>) -> bool {
        self.outlet.as_ptr() == Arc::as_ptr(outlet)
    }
}

/// What a reader finds.
pub enum Found {
    /// Frames up to this place, and there is more.
    More(Seq),
    /// Everything up to this place, which is the end.
    End(Seq),
    /// Older than what is kept here: read the ledger.
    Older,
}

impl Feed {
    /// The feed of a room whose log ends at `head`.
    pub fn new(head: Seq) -> Arc<Self> {
        let state =
            State { head, frames: VecDeque::new(), bytes: 0, cuts: BTreeMap::new(), readers: Vec::new() };
        Arc::new(Self {
            state: Mutex::new(state),
            version: AtomicU64::new(1),
            readers_changed: Notify::new(),
        })
    }

    /// Shows entries that are on disk, and where reading ends for some.
    pub fn publish(&self, appends: impl Iterator<Item = Append>, cuts: impl Iterator<Item = Cut>) {
        let mut state = self.state();
        for cut in cuts {
            state.cuts.insert(cut.leaf, cut.last);
        }
        for append in appends {
            state.head = append.seq;
            let frame: Bytes = codec::encode_server(&ServerFrame::Push(Push::Entry(entry(append)))).into();
            state.bytes += frame.len();
            state.frames.push_back(frame);
            while state.frames.len() > FEED_ENTRIES_MAX || state.bytes > FEED_BYTES_MAX {
                let Some(oldest) = state.frames.pop_front() else { break };
                state.bytes -= oldest.len();
            }
        }
        self.version.fetch_add(1, Ordering::AcqRel);
        state.readers.retain(|reader| match reader.outlet.upgrade() {
            Some(outlet) => {
                outlet.ring();
                true
            }
            None => false,
        });
    }

    /// Rings `outlet` from now on. A new grant for a leaf forgets its old end.
    pub fn watch(&self, outlet: &Arc<Outlet>, leaf: LeafKey, until: Option<Seq>) {
        let mut state = self.state();
        if until.is_none() {
            state.cuts.remove(&leaf);
        }
        self.version.fetch_add(1, Ordering::AcqRel);
        state.readers.retain(|reader| !reader.is(outlet));
        state.readers.push(Reader { outlet: Arc::downgrade(outlet), leaf });
        drop(state);
        self.readers_changed.notify_one();
    }

    /// Stops ringing `outlet`.
    pub fn unwatch(&self, outlet: &Arc<Outlet>) {
        self.state().readers.retain(|reader| !reader.is(outlet));
        self.readers_changed.notify_one();
    }

    /// Waits until somebody came or went. For the one task that owns the room.
    pub async fn readers_changed(&self) {
        self.readers_changed.notified().await;
    }

    /// Who reads now.
    pub fn leaves(&self) -> Vec<LeafKey> {
        let here = |reader: &&Reader| reader.outlet.strong_count() > 0;
        self.state().readers.iter().filter(here).map(|reader| reader.leaf).collect()
    }

    /// Whether anybody reads.
    pub fn is_read(&self) -> bool {
        self.state().readers.iter().any(|reader| reader.outlet.strong_count() > 0)
    }

    /// What a reader looks at before it looks further: the same number means that there is nothing new.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Puts up to `max` frames after `after` behind those in `frames`: what may be read by `leaf`, whose reading ends at
    /// `until` as far as it is known. Returns where it ends as it is now, too.
    pub fn read(
        &self,
        leaf: &LeafKey,
        after: Seq,
        until: Option<Seq>,
        max: usize,
        frames: &mut Vec<Bytes>,
    ) -> (Found, Option<Seq>) {
        let state = self.state();
        let until = state.cuts.get(leaf).copied().or(until);
        (state.read(after, until, max, frames), until)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn read(&self, after: Seq, until: Option<Seq>, max: usize, frames: &mut Vec<Bytes>) -> Found {
        let end = until.map_or(self.head, |until| until.min(self.head));
        if after >= end {
            return Found::End(end);
        }
        let first = Seq(self.head.0 + 1 - self.frames.len() as u64);
        if after.next() < first {
            return Found::Older;
        }
        let skip = (after.0 + 1 - first.0) as usize;
        let count = max.min((end.0 - after.0) as usize);
        frames.extend(self.frames.range(skip..skip + count).cloned());
        let last = Seq(after.0 + count as u64);
        if last < end { Found::More(last) } else { Found::End(end) }
    }
}
