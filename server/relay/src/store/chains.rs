//! Where each room's chain of records ends: the compact index beside the log.
//!
//! [`Chains`] is what the last commit made of it. A [`Draft`] gathers what the next commit changes; it becomes
//! visible once the disk has it, and leaves no trace if the disk never gets it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lotgenoot_protocol::{RoomId, Seq, Timestamp};
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
    // Entries that walks found: trimmed, and they still have their bytes.
    stale: Vec<VecDeque<u64>>,
    // Rooms that were trimmed and not walked: they may have such entries.
    unwalked: BTreeSet<RoomId>,
}

struct Chain {
    end: End,
    // The last entry that nobody is to read any more; of a chain that was not walked, at least that.
    trimmed: Seq,
    // Positions of the entries after it, oldest first; `None` until somebody asked. Once known it stays known.
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

/// Where the log ends, and what is to be taken out of it; only whoever writes needs to know.
#[derive(Default)]
pub(super) struct LogEnd {
    next: u64,
    checkpoint: u64,
    // Rooms whose ends changed since the checkpoint.
    dirty: BTreeSet<RoomId>,
    // Entries that were trimmed and still have their bytes; in the order of the log, so that those which lie together go
    // together, whatever rooms they are of.
    stale: Stale,
    // When the newest entry came, as far as it is known.
    newest: Timestamp,
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

    /// Takes what a walk back from `head` found: the positions of all entries that still have their bytes, oldest first.
    /// Returns whether that is the whole chain still; if not, nothing is taken.
    pub(super) fn walked(&mut self, room: &RoomId, head: u64, found: &mut VecDeque<u64>) -> bool {
        let Some(chain) = self.rooms.get_mut(room).filter(|chain| chain.end.head == head) else {
            return false;
        };
        self.unwalked.remove(room);
        // Somebody else has walked it meanwhile, and it may have been trimmed since.
        if chain.kept.is_none() {
            let kept = usize::try_from(chain.end.seq.0 - chain.trimmed.0).unwrap_or(usize::MAX);
            let stale = found.len().saturating_sub(kept);
            self.stale.push(found.drain(..stale).collect());
            chain.trimmed = Seq(chain.end.seq.0 - found.len() as u64);
            chain.kept = Some(std::mem::take(found));
        }
        true
    }

    /// Rooms that were trimmed before anybody walked them.
    pub(super) fn trimmed_unwalked(&self) -> Vec<RoomId> {
        self.unwalked.iter().copied().collect()
    }

    /// The last entry that nobody is to read any more.
    pub(super) fn trimmed(&self, room: &RoomId) -> Seq {
        self.rooms.get(room).map_or(Seq(0), |chain| chain.trimmed)
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
        self.rooms.insert(room, Chain { end, trimmed: Seq(0), kept: None });
    }

    /// Up to where a chain was trimmed, and up to where that has no bytes any more, as it was found at start when its end
    /// is known.
    pub(super) fn found_trimmed(&mut self, room: &RoomId, through: Seq, cleared: Seq) {
        if let Some(chain) = self.rooms.get_mut(room) {
            chain.trimmed = through.min(chain.end.seq);
            if cleared < chain.trimmed {
                self.unwalked.insert(*room);
            }
        }
    }

    /// Where the log ends, if all records up to `checkpoint` are accounted for.
    ///
    /// The last position that was ever given is the end of some chain, even after its record was swept.
    pub(super) fn log_end(&self, checkpoint: u64, dirty: BTreeSet<RoomId>, newest: Timestamp) -> LogEnd {
        let last = self.rooms.values().map(|chain| chain.end.head).max().unwrap_or(0);
        LogEnd { next: last.max(checkpoint) + 1, checkpoint, dirty, stale: Stale::default(), newest }
    }
}

/// Runs of entries, each of one room and in its order, by their first. A month of a room is added at once and costs nothing.
#[derive(Default)]
struct Stale {
    runs: BTreeMap<u64, VecDeque<u64>>,
    len: usize,
}

impl Stale {
    fn add(&mut self, run: VecDeque<u64>) {
        if let Some(first) = run.front() {
            self.len += run.len();
            self.runs.insert(*first, run);
        }
    }

    // Up to `max` of them, those that come first in the log.
    fn take(&mut self, max: usize) -> Vec<u64> {
        let mut taken = Vec::with_capacity(max.min(self.len));
        while taken.len() < max
            && let Some((_, mut run)) = self.runs.pop_first()
        {
            let next = self.runs.first_key_value().map_or(u64::MAX, |(first, _)| *first);
            while taken.len() < max
                && let Some(position) = run.pop_front_if(|position| *position < next)
            {
                taken.push(position);
            }
            if let Some(first) = run.front() {
                self.runs.insert(*first, run);
            }
        }
        self.len -= taken.len();
        taken
    }
}

/// What one commit changes.
pub(super) struct Draft<'l> {
    shown: &'l Mutex<Shown>,
    log: &'l mut LogEnd,
    next: u64,
    checkpoint: u64,
    newest: Timestamp,
    rooms: BTreeMap<RoomId, Change>,
    stale: Vec<VecDeque<u64>>,
}

struct Change {
    end: End,
    trimmed: Seq,
    // How many entries the chain kept before; `None` if nobody has walked it.
    kept: Option<usize>,
    added: Vec<u64>,
    // How many of the oldest entries are kept no longer.
    gone: usize,
}

impl<'l> Draft<'l> {
    /// Nothing is changed yet.
    pub(super) fn new(shown: &'l Mutex<Shown>, log: &'l mut LogEnd) -> Self {
        std::mem::take(&mut lock(shown).chains.stale).into_iter().for_each(|run| log.stale.add(run));
        let (next, checkpoint, newest) = (log.next, log.checkpoint, log.newest);
        Self { shown, log, next, checkpoint, newest, rooms: BTreeMap::new(), stale: Vec::new() }
    }

    /// How many entries this commit adds.
    pub(super) fn added(&self) -> usize {
        usize::try_from(self.next - self.log.next).unwrap_or(usize::MAX)
    }

    /// When the newest entry came, as far as it is known.
    pub(super) fn newest(&self) -> Timestamp {
        self.newest
    }

    /// How many entries wait for their bytes to be taken.
    pub(super) fn waiting(&self) -> usize {
        self.log.stale.len
    }

    /// Up to `max` of the entries that wait for their bytes to be taken; this commit takes them. If it fails they are found
    /// again when the ledger is opened.
    pub(super) fn clear(&mut self, max: usize) -> Vec<u64> {
        self.log.stale.take(max)
    }

    /// The room's last record, with what this commit added.
    pub(super) fn end(&self, room: &RoomId) -> End {
        self.rooms.get(room).map_or_else(|| lock(self.shown).chains.end(room), |change| change.end)
    }

    /// Gives the next position to the entry `seq` of `room`. Returns it, and the position before in this chain.
    pub(super) fn append(&mut self, room: RoomId, seq: Seq, at: Timestamp) -> (u64, u64) {
        let position = self.next;
        self.next += 1;
        // Not the latest moment there was: a clock that was wrong once is right again.
        self.newest = at;
        let change = self.change(room);
        let prev = change.end.head;
        change.end = End { head: position, seq };
        change.added.push(position);
        (position, prev)
    }

    /// Nobody is to read the entries up to `through` any more. Returns the last of them, if that is news.
    pub(super) fn trim(&mut self, room: RoomId, through: Seq) -> Option<Seq> {
        if self.end(&room).head == 0 {
            return None;
        }
        let shown = self.shown;
        let change = self.change(room);
        let through = through.min(change.end.seq);
        let count = usize::try_from(through.0.checked_sub(change.trimmed.0)?).unwrap_or(usize::MAX);
        if count == 0 {
            return None;
        }
        change.trimmed = through;
        let Some(before) = change.kept else { return Some(through) };
        let (from, to) = (change.gone, change.gone + count);
        change.gone = to;
        let mut positions = VecDeque::with_capacity(count);
        if let Some(Chain { kept: Some(kept), .. }) = lock(shown).chains.rooms.get(&room) {
            positions.extend(kept.range(from.min(before)..to.min(before)));
        }
        positions.extend(&change.added[from.max(before) - before..to.max(before) - before]);
        self.stale.push(positions);
        Some(through)
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
        (self.log.next, self.log.checkpoint, self.log.newest) = (self.next, self.checkpoint, self.newest);
        self.stale.into_iter().for_each(|run| self.log.stale.add(run));
        let read = Arc::new(read);
        let mut shown = lock(self.shown);
        for (room, change) in self.rooms {
            let new = || Chain { end: End::default(), trimmed: Seq(0), kept: Some(VecDeque::new()) };
            let chains = &mut shown.chains;
            let chain = chains.rooms.entry(room).or_insert_with(new);
            chain.end = change.end;
            let unwalked = chain.kept.is_none() && change.trimmed > chain.trimmed;
            // Whoever has walked it since this commit began knew nothing of what it trims.
            let trimmed = change.trimmed.max(chain.trimmed);
            let before = std::mem::replace(&mut chain.trimmed, trimmed);
            if let Some(kept) = &mut chain.kept {
                kept.extend(change.added);
                let gone = usize::try_from(chain.trimmed.0 - before.0).unwrap_or(usize::MAX);
                let gone = kept.drain(..gone.min(kept.len()));
                if change.kept.is_none() {
                    chains.stale.push(gone.collect());
                }
            } else if unwalked {
                chains.unwalked.insert(room);
            }
        }
        shown.read = read;
    }

    fn change(&mut self, room: RoomId) -> &mut Change {
        let shown = self.shown;
        self.rooms.entry(room).or_insert_with(|| {
            let (end, trimmed, kept) = match lock(shown).chains.rooms.get(&room) {
                Some(chain) => (chain.end, chain.trimmed, chain.kept.as_ref().map(VecDeque::len)),
                None => (End::default(), Seq(0), Some(0)),
            };
            Change { end, trimmed, kept, added: Vec::new(), gone: 0 }
        })
    }
}

/// Whoever held it before and panicked had changed nothing halfway that a reader could see.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_taken_in_the_order_of_the_log_whatever_rooms_it_is_of() {
        let mut stale = Stale::default();
        for run in [vec![2, 5, 9], vec![1, 3, 4], vec![], vec![7]] {
            stale.add(run.into());
        }
        assert_eq!(stale.take(4), [1, 2, 3, 4]);
        assert_eq!(stale.len, 3);
        stale.add(vec![6, 8].into());
        assert_eq!(stale.take(10), [5, 6, 7, 8, 9]);
        assert_eq!((stale.len, stale.take(10)), (0, Vec::new()));
    }
}
