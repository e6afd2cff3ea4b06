//! Where each room ends is written down now and then; nothing may depend on when.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::{RoomId, Seq};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{START, commit, create, entry, room, seqs, tail, trim};

/// The embedded ledger writes the ends of its chains down after so many entries.
const CHECKPOINT_EVERY: u64 = 8192;
const ROOMS: u8 = 37;

pub(crate) fn many_rooms_keep_their_ends_over_the_checkpoints(it: &mut dyn LedgerUnderTest) {
    let around = |checkpoint: u64| (checkpoint - 2)..=(checkpoint + 2);
    let both = around(CHECKPOINT_EVERY).chain(around(2 * CHECKPOINT_EVERY));
    write_and_look(it, both.chain([3 * CHECKPOINT_EVERY + 100]), |_| true);
}

pub(crate) fn an_entry_right_after_a_checkpoint_is_found_again(it: &mut dyn LedgerUnderTest) {
    let last = CHECKPOINT_EVERY + 1;
    write_and_look(it, CHECKPOINT_EVERY - 1..=last, |stop| stop == last);
}

/// Commits at each of `stops`, a number of entries in all, and opens the ledger again where it should.
fn write_and_look(
    it: &mut dyn LedgerUnderTest,
    stops: impl Iterator<Item = u64>,
    reopen_at: impl Fn(u64) -> bool,
) {
    let mut heads = [0; ROOMS as usize];
    commit(it.ledger(), (0..ROOMS).map(|n| create(room(n))));
    let mut written = 0;
    for stop in stops {
        let mut ops = Vec::new();
        while written < stop {
            let room_of_this = pick(written);
            let head = &mut heads[usize::from(room_of_this)];
            *head += 1;
            ops.push(Op::Append(entry(room(room_of_this), *head, START)));
            written += 1;
        }
        // Some rooms are read, some are not, some were silent since the checkpoint.
        ops.push(trim(room(1), heads[1].saturating_sub(3)));
        commit(it.ledger(), ops);
        if reopen_at(stop) {
            it.reopen();
        }
        for n in 0..ROOMS {
            let head = heads[usize::from(n)];
            let tail = tail(it.ledger(), &room(n));
            assert_eq!(tail.head, Seq(head), "room {n} after {written} entries");
            assert_eq!(tail.trimmed, Seq(if n == 1 { head.saturating_sub(3) } else { 0 }));
            assert_last_entries(it, room(n), head);
        }
    }
}

fn assert_last_entries(it: &dyn LedgerUnderTest, room: RoomId, head: u64) {
    let after = head.saturating_sub(3);
    assert_eq!(seqs(it.ledger(), &room, after), (after + 1..=head).collect::<Vec<_>>());
}

// The last room speaks only at the very beginning, the one before it only after the first checkpoint.
fn pick(written: u64) -> u8 {
    match written {
        0..5 => ROOMS - 1,
        CHECKPOINT_EVERY => ROOMS - 2,
        _ => (written.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u8 % (ROOMS - 2),
    }
}
