//! Where each room's chain of records ends: the compact index beside the log.
//!
//! [`Chains`] is what the last commit made of it. A [`Draft`] gathers what the next commit changes; it becomes
//! visible once the disk has it, and leaves no trace if the disk never gets it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lotgenoot_protocol::{RoomId, Seq};
use redb::ReadTransaction;

/// What readers see: the chains and the tables, both as the same commit left them.
pub(super) struct Shown {
    pub(super) chains: Chains,
    pub(super) read: Arc<ReadTransaction>,
}

/// The chains of all rooms.
#[derive(Default)]
pub(super) struct Chains {
    rooms: HashMap<RoomId, Chain>,
}

struct Chain {
    end: End,
    // Positions of the entries that still have their bytes, oldest first; `None` until somebody asked. Once known
    // it stays known.
    kept: Option<VecDeque<u64>>,
}

/// The last record of a room.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    /// Its position in the log; zero if there is none.
    pub(super) head: u64,
    /// Its place in the room.
    pub(super) seq: Seq,
}

/// Where the log ends; only whoever writes needs to know.
#[derive(Default)]
pub(super) struct LogEnd {
    next: u64,
    checkpoint: u64,
    // Rooms whose ends changed since the checkpoint.
    dirty: BTreeSet<RoomId>,
}

impl Chains {
    /// The room's last record; the default if it has none.
    pub(super) fn end(&self, room: &RoomId) -> End {
        self.rooms.get(room).map_or_else(End::default, |chain| chain.end)
    }

    /// The position to walk back from, if nobody has walked this chain yet.
    pub(super) fn unwalked(&self, room: &RoomId) -> Option<u64> {
        self.rooms.get(room).filter(|chain| chain.kept.is_none()).map(|chain| chain.end.head)
    }

    /// Notes what a walk back from `head` found. Returns whether it still is the whole chain.
    pub(super) fn walked(&mut self, room: &RoomId, head: u64, kept: VecDeque<u64>) -> bool {
        match self.rooms.get_mut(room).filter(|chain| chain.end.head == head) {
            Some(chain) => {
                // A chain that somebody else walked meanwhile may have been trimmed since.
                chain.kept.get_or_insert(kept);
                true
            }
            None => false,
        }
    }

    /// The last entry of a walked chain whose bytes are gone.
    pub(super) fn trimmed(&self, room: &RoomId) -> Seq {
        let Some(Chain { end, kept: Some(kept) }) = self.rooms.get(room) else { return Seq(0) };
        Seq(end.seq.0 - kept.len() as u64)
    }

    /// Positions of up to `max` kept entries after `after`, in a walked chain.
    pub(super) fn kept_after(&self, room: &RoomId, after: Seq, max: usize) -> Vec<u64> {
        let Some(Chain { kept: Some(kept), .. }) = self.rooms.get(room) else { return Vec::new() };
        let skip = after.0.saturating_sub(self.trimmed(room).0);
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        kept.iter().skip(skip).take(max).copied().collect()
    }

    /// A chain's end as it was found at start; a later one replaces it.
    pub(super) fn found(&mut self, room: RoomId, end: End) {
        self.rooms.insert(room, Chain { end, kept: None });
    }

    /// Where the log ends, if all records up to `checkpoint` are accounted for.
    ///
    /// The last position that was ever given is the end of some chain, even after its record was swept.
    pub(super) fn log_end(&self, checkpoint: u64, dirty: BTreeSet<RoomId>) -> LogEnd {
        let last = self.rooms.values().map(|chain| chain.end.head).max().unwrap_or(0);
        LogEnd { next: last.max(checkpoint) + 1, checkpoint, dirty }
    }
}

/// What one commit changes.
pub(super) struct Draft<'l> {
    shown: &'l Mutex<Shown>,
    log: &'l mut LogEnd,
    next: u64,
    checkpoint: u64,
    rooms: BTreeMap<RoomId, Change>,
}

struct Change {
    end: End,
    // How many entries the chain kept before; `None` if nobody has walked it.
    kept: Option<usize>,
    added: Vec<u64>,
    // How many of the oldest entries are kept no longer.
    gone: usize,
}

impl<'l> Draft<'l> {
    /// Nothing is changed yet.
    pub(super) fn new(shown: &'l Mutex<Shown>, log: &'l mut LogEnd) -> Self {
        let (next, checkpoint) = (log.next, log.checkpoint);
        Self { shown, log, next, checkpoint, rooms: BTreeMap::new() }
    }

    /// The room's last record, with what this commit added.
    pub(super) fn end(&self, room: &RoomId) -> End {
        self.rooms.get(room).map_or_else(|| lock(self.shown).chains.end(room), |change| change.end)
    }

    /// Gives the next position to the entry `seq` of `room`. Returns it, and the position before in this chain.
    pub(super) fn append(&mut self, room: RoomId, seq: Seq) -> (u64, u64) {
        let position = self.next;
        self.next += 1;
        let change = self.change(room);
        let prev = change.end.head;
        change.end = End { head: position, seq };
        change.added.push(position);
        (position, prev)
    }

    /// Takes the entries up to `through` out of a walked chain: their positions, oldest first.
    pub(super) fn trim(&mut self, room: RoomId, through: Seq) -> Vec<u64> {
        if self.end(&room).head == 0 {
            return Vec::new();
        }
        let shown = self.shown;
        let change = self.change(room);
        let Some(before) = change.kept else { return Vec::new() };
        let kept = before + change.added.len() - change.gone;
        let trimmed = change.end.seq.0 - kept as u64;
        let count = usize::try_from(through.0.saturating_sub(trimmed)).map_or(kept, |count| count.min(kept));
        let (from, to) = (change.gone, change.gone + count);
        change.gone = to;
        let mut positions = Vec::with_capacity(count);
        if let Some(Chain { kept: Some(kept), .. }) = lock(shown).chains.rooms.get(&room) {
            positions.extend(kept.range(from.min(before)..to.min(before)));
        }
        positions.extend(&change.added[from.max(before) - before..to.max(before) - before]);
        positions
    }

    /// The ends that changed since the last checkpoint, and the position it covers, if it is `every` positions ago.
    pub(super) fn checkpoint(&mut self, every: u64) -> Option<(Vec<(RoomId, End)>, u64)> {
        if self.next - self.checkpoint <= every {
            return None;
        }
        self.checkpoint = self.next - 1;
        let rooms: BTreeSet<RoomId> = self.log.dirty.iter().chain(self.rooms.keys()).copied().collect();
        let ends = rooms.into_iter().map(|room| (room, self.end(&room))).collect();
        Some((ends, self.checkpoint))
    }

    /// The disk has it: shows it, together with the tables as they are now.
    pub(super) fn show(self, read: ReadTransaction) {
        if self.checkpoint != self.log.checkpoint {
            self.log.dirty.clear();
        } else {
            self.log.dirty.extend(self.rooms.keys());
        }
        (self.log.next, self.log.checkpoint) = (self.next, self.checkpoint);
        let read = Arc::new(read);
        let mut shown = lock(self.shown);
        for (room, change) in self.rooms {
            let new = || Chain { end: End::default(), kept: Some(VecDeque::new()) };
            let chain = shown.chains.rooms.entry(room).or_insert_with(new);
            chain.end = change.end;
            if let Some(kept) = &mut chain.kept {
                kept.extend(change.added);
                kept.drain(..change.gone);
            }
        }
        shown.read = read;
    }

    fn change(&mut self, room: RoomId) -> &mut Change {
        let shown = self.shown;
        self.rooms.entry(room).or_insert_with(|| {
            let (end, kept) = match lock(shown).chains.rooms.get(&room) {
                Some(chain) => (chain.end, chain.kept.as_ref().map(VecDeque::len)),
                None => (End::default(), Some(0)),
            };
            Change { end, kept, added: Vec::new(), gone: 0 }
        })
    }
}

/// Whoever held it before and panicked had changed nothing halfway that a reader could see.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
