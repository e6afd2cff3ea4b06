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
    watches: u64,
    ended: bool,
}

struct Reader {
    watch: Watch,
    outlet: Weak<Outlet>,
    leaf: LeafKey,
}

/// One reading of a feed: the same socket may begin its next one before it has heard that the one before has ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Watch(u64);

impl Reader {
    fn is_here(&self) -> bool {
        self.outlet.upgrade().is_some_and(|outlet| !outlet.is_gone())
    }
}

/// What a reader finds.
pub enum Found {
    /// Frames up to this place, and there is more to find.
    More(Seq),
    /// Everything up to this place, which is the end.
    End(Seq),
    /// Older than what is kept here: read the ledger.
    Older,
    /// Nobody owns the room here any more: nothing will come.
    Gone,
}

impl Feed {
    /// The feed of a room whose log ends at `head`.
    pub fn new(head: Seq) -> Arc<Self> {
        let state = State {
            head,
            frames: VecDeque::new(),
            bytes: 0,
            cuts: BTreeMap::new(),
            readers: Vec::new(),
            watches: 0,
            ended: false,
        };
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

    /// Nothing comes any more: readers are told to attach again.
    pub fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        self.version.fetch_add(1, Ordering::AcqRel);
        state.readers.iter().filter_map(|reader| reader.outlet.upgrade()).for_each(|outlet| outlet.ring());
    }

    /// Rings `outlet` from now on. A new grant for a leaf forgets its old end: so this is for whoever makes the grant, before
    /// anything that follows it is published.
    pub fn watch(&self, outlet: &Arc<Outlet>, leaf: LeafKey, until: Option<Seq>) -> Watch {
        let mut state = self.state();
        if until.is_none() {
            state.cuts.remove(&leaf);
        }
        self.version.fetch_add(1, Ordering::AcqRel);
        state.watches += 1;
        let watch = Watch(state.watches);
        state.readers.push(Reader { watch, outlet: Arc::downgrade(outlet), leaf });
        drop(state);
        self.readers_changed.notify_one();
        watch
    }

    /// Stops ringing for this reading.
    pub fn unwatch(&self, watch: Watch) {
        self.state().readers.retain(|reader| reader.watch != watch);
        self.readers_changed.notify_one();
    }

    /// Waits until somebody came or went. For the one task that owns the room.
    pub async fn readers_changed(&self) {
        self.readers_changed.notified().await;
    }

    /// Who reads now.
    pub fn leaves(&self) -> Vec<LeafKey> {
        self.state().readers.iter().filter(|reader| reader.is_here()).map(|reader| reader.leaf).collect()
    }

    /// Whether anybody reads.
    pub fn is_read(&self) -> bool {
        self.state().readers.iter().any(Reader::is_here)
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
            // What was shown before is read first.
            return if self.ended { Found::Gone } else { Found::End(end) };
        }
        let first = Seq(self.head.0 + 1 - self.frames.len() as u64);
        if after.next() < first {
            return Found::Older;
        }
        let skip = (after.0 + 1 - first.0) as usize;
        let count = max.min((end.0 - after.0) as usize);
        frames.extend(self.frames.range(skip..skip + count).cloned());
        let last = Seq(after.0 + count as u64);
        if last < end || self.ended { Found::More(last) } else { Found::End(end) }
    }
}

#[cfg(test)]
mod tests {
    use lotgenoot_protocol::frame::EntryKind;
    use lotgenoot_protocol::{Blob, RoomId, Timestamp};

    use super::*;

    const ROOM: RoomId = RoomId([1; 16]);
    const LEAF: LeafKey = LeafKey([2; 32]);

    fn says(feed: &Feed, seq: u64, cut: Option<u64>) {
        let body = Blob(vec![seq as u8]);
        let append = Append {
            room: ROOM,
            seq: Seq(seq),
            kind: EntryKind::Application,
            at: Timestamp(0),
            request: None,
            body,
        };
        let cut = cut.map(|last| Cut { room: ROOM, leaf: LEAF, last: Seq(last) });
        feed.publish(std::iter::once(append), cut.into_iter());
    }

    fn reads(feed: &Feed, after: u64, until: Option<Seq>) -> (usize, Found, Option<Seq>) {
        let mut frames = Vec::new();
        let (found, until) = feed.read(&LEAF, Seq(after), until, 256, &mut frames);
        (frames.len(), found, until)
    }

    #[test]
    fn whoever_has_seen_a_version_has_missed_nothing() {
        let feed = Feed::new(Seq(0));
        let seen = feed.version();
        assert_eq!(feed.version(), seen);
        says(&feed, 1, None);
        assert_ne!(feed.version(), seen, "an entry is news");
        assert!(matches!(reads(&feed, 0, None), (1, Found::End(Seq(1)), None)));
    }

    #[test]
    fn an_end_that_comes_after_the_grant_is_kept() {
        let (feed, outlet) = (Feed::new(Seq(0)), Arc::<Outlet>::default());
        let _watch = feed.watch(&outlet, LEAF, None);
        says(&feed, 1, Some(1));
        says(&feed, 2, None);
        assert!(matches!(reads(&feed, 0, None), (1, Found::End(Seq(1)), Some(Seq(1)))));
    }

    #[test]
    fn a_new_grant_forgets_the_end_of_the_one_before() {
        let (feed, outlet) = (Feed::new(Seq(0)), Arc::<Outlet>::default());
        says(&feed, 1, Some(1));
        let _watch = feed.watch(&outlet, LEAF, None);
        says(&feed, 2, None);
        assert!(matches!(reads(&feed, 0, None), (2, Found::End(Seq(2)), None)));
    }

    #[test]
    fn the_end_of_one_reading_is_not_the_end_of_the_next() {
        let (feed, outlet) = (Feed::new(Seq(0)), Arc::<Outlet>::default());
        let first = feed.watch(&outlet, LEAF, None);
        says(&feed, 1, Some(1));
        // She is let in anew before her socket has read to its end.
        let again = LeafKey([3; 32]);
        let second = feed.watch(&outlet, again, None);
        feed.unwatch(first);
        assert_eq!(feed.leaves(), [again]);
        feed.unwatch(second);
        assert!(!feed.is_read());
    }

    #[test]
    fn whose_socket_has_ended_is_not_here() {
        let (feed, outlet) = (Feed::new(Seq(0)), Arc::<Outlet>::default());
        let _watch = feed.watch(&outlet, LEAF, None);
        assert_eq!(feed.leaves(), [LEAF]);
        outlet.leave();
        assert!(feed.leaves().is_empty() && !feed.is_read());
    }

    #[test]
    fn readers_of_a_room_that_nobody_owns_any_more_are_told() {
        let (feed, outlet) = (Feed::new(Seq(0)), Arc::<Outlet>::default());
        let _watch = feed.watch(&outlet, LEAF, None);
        says(&feed, 1, None);
        let seen = feed.version();
        feed.end();
        assert_ne!(feed.version(), seen);
        // After what was said before.
        assert!(matches!(reads(&feed, 0, None), (1, Found::More(Seq(1)), None)));
        assert!(matches!(reads(&feed, 1, None), (0, Found::Gone, None)));
    }
}
