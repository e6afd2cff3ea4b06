//! Readers beside the writer: they see whole commits, never less than was said to be done, and never wait for the
//! disk.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_core::effect::Op;
use lotgenoot_protocol::Seq;

use crate::disk::Disk;
use crate::ledgers::LedgerUnderTest;
use crate::ops::{START, account, commit, create, notice, room, says, seqs, tail, trim};

const ROOMS: u8 = 3;
const COMMITS: u64 = 150;
const KEPT: u64 = 20;

pub(crate) fn readers_never_see_a_hole_nor_less_than_was_committed(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), (0..ROOMS).map(|n| create(room(n))));
    // Half of the story is told to a ledger that has to find out first what it kept.
    let mut head = 0;
    for _ in 0..2 {
        it.reopen();
        head = write_and_read(it.ledger(), head);
    }
}

#[test]
fn readers_do_not_wait_for_the_disk() {
    let disk = Disk::default();
    let ledger = RedbLedger::with_database(disk.database().unwrap()).unwrap();
    commit(&ledger, [create(room(1))].into_iter().chain(says(room(1), 1, 3, START)));
    disk.stick(true);
    thread::scope(|scope| {
        let next = says(room(1), 4, 4, START).into_iter().chain([
            trim(room(1), 2),
            Op::Notify { account: account(1), notice: notice(1) },
            Op::PutRoom { room: room(1), record: b"changed".to_vec() },
        ]);
        let writer = scope.spawn(|| commit(&ledger, next));
        disk.wait_until_stuck();

        let (done, answer) = mpsc::channel();
        let ledger = &ledger;
        scope.spawn(move || {
            let read = (
                seqs(ledger, &room(1), 0),
                ledger.room(&room(1)).unwrap().unwrap(),
                ledger.inbox(&account(1), Seq(0), 9).unwrap(),
            );
            done.send(read).expect("somebody listens");
        });
        let read = answer.recv_timeout(Duration::from_secs(20));
        assert!(!writer.is_finished(), "the commit is not on the disk yet");
        disk.stick(false);
        let (entries, (record, tail), inbox) = read.expect("a reader is answered while the disk works");
        assert_eq!(entries, [1, 2, 3]);
        assert_eq!((record.as_slice(), tail.head, tail.trimmed), (b"created".as_slice(), Seq(3), Seq(0)));
        assert_eq!(inbox, []);
    });
    assert_eq!(seqs(&ledger, &room(1), 0), [3, 4]);
    assert_eq!(ledger.room(&room(1)).unwrap().unwrap().0, b"changed");
    assert_eq!(tail(&ledger, &room(1)).trimmed, Seq(2));
}

/// Writes `COMMITS` commits to each room while others read; returns the new head.
fn write_and_read(ledger: &dyn Ledger, head: u64) -> u64 {
    let committed = AtomicU64::new(head);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let readers = [
            scope.spawn(|| read_until(&over, || read_entries(ledger, &committed))),
            scope.spawn(|| read_until(&over, || read_room(ledger, &committed))),
        ];
        for seq in head + 1..=head + COMMITS {
            let ops = (0..ROOMS).map(room).flat_map(|room| {
                let record = seq.to_be_bytes().to_vec();
                let mut ops = says(room, seq, seq, START);
                ops.extend([Op::PutRoom { room, record }, trim(room, seq.saturating_sub(KEPT))]);
                ops
            });
            commit(ledger, ops);
            committed.store(seq, Ordering::SeqCst);
        }
        over.store(true, Ordering::SeqCst);
        for reader in readers {
            assert!(reader.join().expect("no reader found anything wrong") > 0);
        }
    });
    head + COMMITS
}

fn read_until(over: &AtomicBool, mut read: impl FnMut()) -> u64 {
    let mut reads = 0;
    while reads == 0 || !over.load(Ordering::SeqCst) {
        read();
        reads += 1;
    }
    reads
}

fn read_entries(ledger: &dyn Ledger, committed: &AtomicU64) {
    for n in 0..ROOMS {
        let before = committed.load(Ordering::SeqCst);
        for after in [0, before.saturating_sub(KEPT), before.saturating_sub(3), before] {
            let found = seqs(ledger, &room(n), after);
            let later = committed.load(Ordering::SeqCst) + 1;
            assert!(found.windows(2).all(|pair| pair[1] == pair[0] + 1), "a hole in {found:?}");
            assert!(found.last().copied().unwrap_or(after) >= before, "{before} was committed: {found:?}");
            assert!(found.last().copied().unwrap_or(after) <= later, "{later} is not committed: {found:?}");
            let first = found.first().copied().unwrap_or(after + 1);
            assert!(first > after && first <= (after + 1).max(later.saturating_sub(KEPT) + 1), "{found:?}");
        }
    }
}

fn read_room(ledger: &dyn Ledger, committed: &AtomicU64) {
    for n in 0..ROOMS {
        let before = committed.load(Ordering::SeqCst);
        let (record, tail) = ledger.room(&room(n)).expect("the ledger works").expect("the room is there");
        assert!(tail.head.0 >= before, "{before} was committed, the room ends at {:?}", tail.head);
        // Before its first entry a room has the record it was created with.
        if let Ok(record) = record.as_slice().try_into() {
            assert_eq!(u64::from_be_bytes(record), tail.head.0, "record and log are of one commit");
        }
        assert_eq!(tail.trimmed.0, tail.head.0.saturating_sub(KEPT), "and so is what was trimmed");
        let places: Vec<_> = tail.replies.iter().map(|(_, seq, _)| seq.0).collect();
        assert_eq!(places, (1..=tail.head.0).collect::<Vec<_>>());
    }
}
