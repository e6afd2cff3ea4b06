//! What is left of trimmed entries goes after a day, and takes nothing with it that is still needed.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::{RoomId, Seq};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{HOUR_MS, START, commit, create, request, room, says, seqs, tail, trim};

pub(crate) fn a_room_whose_last_entry_is_a_day_old_still_knows_where_it_ends(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), read_by_all(room(1), 3, 0));
    commit(it.ledger(), read_by_all(room(2), 2, 25));
    for next in [4, 5] {
        it.reopen();
        let tail = tail(it.ledger(), &room(1));
        assert_eq!((tail.head, tail.trimmed), (Seq(next - 1), Seq(3)));
        assert_eq!(seqs(it.ledger(), &room(1), 0), (4..next).collect::<Vec<_>>());
        commit(it.ledger(), says(room(1), next, next, START.plus_ms(26 * HOUR_MS)));
        assert_eq!(seqs(it.ledger(), &room(1), 0), (4..=next).collect::<Vec<_>>());
    }
}

pub(crate) fn a_swept_log_never_leads_into_another_room(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), read_by_all(room(1), 5, 0));
    // Everything there is gets swept, with the last trim of all.
    commit(it.ledger(), says(room(1), 6, 6, START.plus_ms(HOUR_MS)));
    commit(it.ledger(), says(room(2), 1, 1, START.plus_ms(30 * HOUR_MS)));
    commit(it.ledger(), [trim(room(1), 6)]);
    commit(it.ledger(), [create(room(2)), trim(room(2), 1)]);
    it.reopen();
    commit(it.ledger(), read_by_all(room(3), 9, 60));
    it.reopen();
    commit(it.ledger(), says(room(1), 7, 8, START.plus_ms(61 * HOUR_MS)));
    it.reopen();
    let places = |room| tail(it.ledger(), &room).replies.iter().map(|(_, seq, _)| seq.0).collect::<Vec<_>>();
    assert_eq!(places(room(1)), [7, 8]);
    assert_eq!(seqs(it.ledger(), &room(1), 0), [7, 8]);
    assert_eq!(places(room(3)), (1..=9).collect::<Vec<_>>());
    assert_eq!(tail(it.ledger(), &room(2)).head, Seq(1));
}

pub(crate) fn old_request_ids_go_and_young_ones_stay(it: &mut dyn LedgerUnderTest) {
    // Far more than one trim sweeps.
    commit(it.ledger(), read_by_all(room(1), 500, 0));
    commit(it.ledger(), read_by_all(room(2), 500, 20));
    for hour in 25..30 {
        let seq = 501 + (hour - 25);
        let at = START.plus_ms(hour * HOUR_MS);
        commit(it.ledger(), says(room(1), seq, seq, at).into_iter().chain([trim(room(1), seq)]));
        it.reopen();
        let expected: Vec<_> = (501..=seq)
            .map(|seq| (request(seq), Seq(seq), START.plus_ms((seq - 501 + 25) * HOUR_MS)))
            .collect();
        assert_eq!(tail(it.ledger(), &room(1)).replies, expected);
        assert_eq!(tail(it.ledger(), &room(2)).replies.len(), 500);
    }
}

/// A room with `count` entries at `hour`, all of which everybody has kept.
fn read_by_all(room: RoomId, count: u64, hour: u64) -> Vec<Op> {
    let entries = says(room, 1, count, START.plus_ms(hour * HOUR_MS));
    [create(room)].into_iter().chain(entries).chain([trim(room, count)]).collect()
}
