//! A disk without kindness: it forgets what was not synced, loses power when told, and fails when told.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use redb::{Database, StorageBackend};

// What a disk writes as one: a longer write may be cut in between.
const SECTOR: usize = 512;
// Longer than any machine takes to come as far as a sync.
const PATIENCE: Duration = Duration::from_secs(30);
const CACHE_BYTES: usize = 1024 * 1024;

/// A disk in memory; clones are the same disk.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    // What reads see, what a loss of power leaves for certain, and what lies between.
    seen: Vec<u8>,
    safe: Vec<u8>,
    unsynced: Vec<Change>,
    // Operations that change something, so far.
    operations: u64,
    trouble: Option<(u64, Trouble)>,
    is_off: bool,
    // Whether syncs wait, and how many do.
    is_stuck: bool,
    waiting: usize,
}

#[derive(Clone)]
enum Change {
    Length(usize),
    Write(usize, Vec<u8>),
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Trouble {
    /// From this operation on nothing works.
    PowerLoss,
    /// This operation fails, later ones work; what a failed sync should have kept is never kept.
    OneError,
}

/// What a loss of power leaves of the writes that were not synced.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unsynced {
    /// Nothing.
    Lost,
    /// Everything: the disk was quick.
    Kept,
    /// Some sectors, others not.
    Torn(u64),
}

impl Disk {
    /// A redb database on this disk.
    pub(crate) fn database(&self) -> Result<Database, redb::DatabaseError> {
        Database::builder().set_cache_size(CACHE_BYTES).create_with_backend(self.clone())
    }

    /// How many operations have changed something.
    pub(crate) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Lets the `nth` operation from the very first on end in `trouble`.
    pub(crate) fn trouble_at(&self, nth: u64, trouble: Trouble) {
        self.state().trouble = Some((nth, trouble));
    }

    /// Whether the trouble has come.
    pub(crate) fn is_hit(&self) -> bool {
        let state = self.state();
        state.trouble.is_some_and(|(nth, _)| state.operations >= nth)
    }

    /// Syncs wait from now on, or go on.
    pub(crate) fn stick(&self, is_stuck: bool) {
        self.state().is_stuck = is_stuck;
        self.shared.changed.notify_all();
    }

    /// Waits until a sync waits.
    pub(crate) fn wait_until_stuck(&self) {
        let nobody_waits = |state: &mut State| state.waiting == 0;
        let waited = self.shared.changed.wait_timeout_while(self.state(), PATIENCE, nobody_waits);
        let (_held, late) = waited.expect("no test panicked with the disk in hand");
        assert!(!late.timed_out(), "a commit syncs");
    }

    /// The disk as it is found after the power came back.
    pub(crate) fn after_power_loss(&self, unsynced: Unsynced) -> Self {
        let state = self.state();
        let mut bytes = state.safe.clone();
        let mut dice = StdRng::seed_from_u64(if let Unsynced::Torn(seed) = unsynced { seed } else { 0 });
        for change in &state.unsynced {
            match (unsynced, change) {
                (Unsynced::Lost, _) => {}
                (Unsynced::Kept, change) => change.apply(&mut bytes),
                (Unsynced::Torn(_), Change::Length(_)) => {
                    if dice.random() {
                        change.apply(&mut bytes);
                    }
                }
                (Unsynced::Torn(_), Change::Write(offset, data)) => {
                    for (nth, sector) in data.chunks(SECTOR).enumerate() {
                        if dice.random() {
                            Change::Write(offset + nth * SECTOR, sector.to_vec()).apply(&mut bytes);
                        }
                    }
                }
            }
        }
        let found = State { seen: bytes.clone(), safe: bytes, ..State::default() };
        Self { shared: Arc::new(Shared { state: Mutex::new(found), changed: Condvar::new() }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().expect("no test panicked with the disk in hand")
    }
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Length(length) => bytes.resize(*length, 0),
            Self::Write(offset, data) => {
                let end = offset + data.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*offset..end].copy_from_slice(data);
            }
        }
    }
}

impl State {
    // Counts an operation. If it is the one that fails, it says so.
    fn count(&mut self) -> io::Result<()> {
        self.check_power()?;
        self.operations += 1;
        match self.trouble {
            Some((nth, trouble)) if nth == self.operations => {
                self.is_off = trouble == Trouble::PowerLoss;
                Err(io::Error::other("the disk failed"))
            }
            _ => Ok(()),
        }
    }

    fn check_power(&self) -> io::Result<()> {
        if self.is_off { Err(io::Error::other("the disk is off")) } else { Ok(()) }
    }

    fn change(&mut self, change: Change) -> Result<(), io::Error> {
        let counted = self.count();
        // A write that was cut may have come through in part.
        if counted.is_ok() || self.is_off {
            self.unsynced.push(change.clone());
        }
        counted?;
        change.apply(&mut self.seen);
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> Result<u64, io::Error> {
        let state = self.state();
        state.check_power()?;
        Ok(state.seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        let state = self.state();
        state.check_power()?;
        let from = offset as usize;
        let bytes = state.seen.get(from..from + out.len());
        out.copy_from_slice(bytes.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.state().change(Change::Length(len as usize))
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        let mut state = self.state();
        state.waiting += 1;
        self.shared.changed.notify_all();
        while state.is_stuck {
            state = self.shared.changed.wait(state).expect("no test panicked with the disk in hand");
        }
        state.waiting -= 1;
        let counted = state.count();
        if state.is_off {
            return counted;
        }
        // After an error the next sync may say that all is well, and the writes never came through.
        for change in std::mem::take(&mut state.unsynced) {
            if counted.is_ok() {
                change.apply(&mut state.safe);
            }
        }
        counted
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.state().change(Change::Write(offset as usize, data.to_vec()))
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disk").field("operations", &self.operations()).finish_non_exhaustive()
    }
}
