//! What was trimmed loses its bytes, a few at a time and whatever happens in between; and the log does not grow with it.

use std::path::Path;

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_core::effect::Op;
use lotgenoot_protocol::RoomId;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use tempfile::TempDir;

use crate::ops::{HOUR_MS, START, commit, create, room, says, seqs, tail, trim};

/// As many as the embedded ledger clears in one transaction.
const AT_ONCE: u64 = 64;
// What is left of an entry: its header.
const STUB_BYTES: usize = 58;

#[test]
fn a_month_of_a_room_is_taken_out_in_short_transactions() {
    let (folder, ledger) = new();
    commit(&ledger, talked(room(1), 4 * AT_ONCE, 0).chain(talked(room(2), 3, 0)));
    commit(&ledger, [trim(room(1), 4 * AT_ONCE)]);
    assert_eq!(tail(&ledger, &room(1)).trimmed.0, 4 * AT_ONCE, "nobody reads it from now on");
    assert_eq!(clears(&ledger), 4);
    assert_eq!(seqs(&ledger, &room(2), 0), [1, 2, 3]);
    drop(ledger);
    let left = records(folder.path());
    assert_eq!(left.iter().filter(|bytes| **bytes == STUB_BYTES).count() as u64, 4 * AT_ONCE);
    assert_eq!(left.len() as u64, 4 * AT_ONCE + 3);
}

#[test]
fn whoever_writes_takes_some_of_it_along() {
    let (folder, ledger) = new();
    commit(&ledger, talked(room(1), 3 * AT_ONCE, 0));
    commit(&ledger, [trim(room(1), 3 * AT_ONCE)]);
    commit(&ledger, says(room(1), 3 * AT_ONCE + 1, 3 * AT_ONCE + 10, START));
    drop(ledger);
    let stubs = records(folder.path()).iter().filter(|bytes| **bytes == STUB_BYTES).count() as u64;
    assert_eq!(stubs, 4 * 10, "more go than come");
}

#[test]
fn what_was_trimmed_before_a_crash_is_found_after_it() {
    let (folder, ledger) = new();
    commit(&ledger, talked(room(1), 10, 0).chain(talked(room(2), 10, 0)).chain(talked(room(3), 10, 0)));
    commit(&ledger, [trim(room(1), 4), trim(room(2), 10)]);
    drop(ledger);
    let ledger = open(folder.path());
    commit(&ledger, [trim(room(1), 6), trim(room(3), 1)]);
    assert_eq!(clears(&ledger), 0, "nobody has looked for it");
    ledger.look_for_trimmed().expect("the disk works");
    assert_eq!(clears(&ledger), 1);
    assert_eq!(seqs(&ledger, &room(1), 6), [7, 8, 9, 10]);
    drop(ledger);
    let stubs = |folder: &Path| records(folder).iter().filter(|bytes| **bytes == STUB_BYTES).count();
    assert_eq!(stubs(folder.path()), 6 + 10 + 1);
    let ledger = open(folder.path());
    ledger.look_for_trimmed().expect("the disk works");
    assert_eq!(clears(&ledger), 0, "and is not found twice");
}

#[test]
fn one_who_stays_away_does_not_keep_what_is_left_of_everybody_else() {
    let (folder, ledger) = new();
    commit(&ledger, talked(room(1), 5, 0));
    commit(&ledger, talked(room(2), 100, 1));
    commit(&ledger, [trim(room(2), 100)]);
    assert_eq!(clears(&ledger), 2);
    // Two days later another hundred is said, and kept by everybody.
    commit(&ledger, says(room(2), 101, 200, START.plus_ms(49 * HOUR_MS)));
    commit(&ledger, [trim(room(2), 200)]);
    assert_eq!(clears(&ledger), 2);
    // She comes, and her room is read by all: it is older than anything that has to be known.
    commit(&ledger, [trim(room(1), 5)]);
    assert_eq!(clears(&ledger), 1);
    assert_eq!((tail(&ledger, &room(1)).head.0, tail(&ledger, &room(2)).head.0), (5, 200));
    drop(ledger);
    assert_eq!(records(folder.path()).len(), 100, "what is left of the last day");
    let ledger = open(folder.path());
    assert_eq!((tail(&ledger, &room(1)).head.0, tail(&ledger, &room(2)).head.0), (5, 200));
    commit(&ledger, says(room(1), 6, 6, START.plus_ms(50 * HOUR_MS)));
    assert_eq!(seqs(&ledger, &room(1), 5), [6]);
}

fn new() -> (TempDir, RedbLedger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path());
    (folder, ledger)
}

fn open(folder: &Path) -> RedbLedger {
    RedbLedger::open(&folder.join("ledger.redb")).expect("the ledger opens")
}

fn talked(id: RoomId, count: u64, hour: u64) -> impl Iterator<Item = Op> {
    [create(id)].into_iter().chain(says(id, 1, count, START.plus_ms(hour * HOUR_MS)))
}

// How many transactions it takes until nothing waits.
fn clears(ledger: &RedbLedger) -> usize {
    std::iter::repeat_with(|| ledger.clear().expect("the disk works")).take_while(|taken| *taken > 0).count()
}

// How long each record of the log is.
fn records(folder: &Path) -> Vec<usize> {
    const LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("log");
    let db = Database::open(folder.join("ledger.redb")).expect("nobody else has it");
    let log = db.begin_read().unwrap().open_table(LOG).unwrap();
    log.iter().unwrap().map(|row| row.unwrap().1.value().len()).collect()
}
