//! A room's log: contiguous, read in order, forgotten from the front.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::Seq;

use crate::ledgers::LedgerUnderTest;
use crate::ops::{START, batch, commit, create, entry, room, says, seqs, tail, trim, try_commit};

pub(crate) fn entries_come_back_in_order_page_by_page(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), says(room(1), 1, 4, START));
    commit(it.ledger(), says(room(2), 1, 1, START).into_iter().chain(says(room(1), 5, 10, START)));
    for _ in ["before", "and after opening it again"] {
        let page = it.ledger().entries(&room(1), Seq(3), 4).unwrap();
        assert_eq!(page, (4..=7).map(|seq| entry(room(1), seq, START)).collect::<Vec<_>>());
        assert_eq!(seqs(it.ledger(), &room(1), 0), (1..=10).collect::<Vec<_>>());
        assert_eq!(seqs(it.ledger(), &room(1), 9), [10]);
        for beyond in [10, 11, u64::MAX - 1, u64::MAX] {
            assert_eq!(seqs(it.ledger(), &room(1), beyond), [0; 0]);
        }
        assert_eq!(it.ledger().entries(&room(1), Seq(0), 0).unwrap(), []);
        assert_eq!(seqs(it.ledger(), &room(3), 0), [0; 0]);
        it.reopen();
    }
}

pub(crate) fn an_entry_that_would_leave_a_hole_breaks_the_commit_and_nothing_else(
    it: &mut dyn LedgerUnderTest,
) {
    commit(it.ledger(), says(room(1), 1, 2, START));
    for wrong in [0, 1, 2, 4] {
        let hole = batch([Op::Append(entry(room(1), wrong, START))]);
        assert!(try_commit(it.ledger(), &[hole]).is_err(), "{wrong} does not follow 2");
    }
    commit(it.ledger(), says(room(1), 3, 3, START));
    assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2, 3]);
    it.reopen();
    assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2, 3]);
}

pub(crate) fn a_broken_commit_takes_all_its_batches_with_it(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 3, START)));
    let good =
        says(room(1), 4, 6, START).into_iter().chain([trim(room(1), 5)]).chain(says(room(2), 1, 1, START));
    let hole = batch([Op::Append(entry(room(3), 7, START))]);
    assert!(try_commit(it.ledger(), &[batch(good), hole]).is_err());
    for _ in ["before", "and after opening it again"] {
        assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2, 3]);
        assert_eq!(seqs(it.ledger(), &room(2), 0), [0; 0]);
        assert_eq!((tail(it.ledger(), &room(1)).head, tail(it.ledger(), &room(1)).trimmed), (Seq(3), Seq(0)));
        it.reopen();
    }
    commit(it.ledger(), says(room(1), 4, 4, START).into_iter().chain(says(room(2), 1, 2, START)));
    assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2, 3, 4]);
    assert_eq!(seqs(it.ledger(), &room(2), 0), [1, 2]);
}

pub(crate) fn trimmed_entries_are_gone_and_reading_starts_after_them(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 6, START)));
    commit(it.ledger(), [trim(room(1), 4)]);
    for _ in ["before", "and after opening it again"] {
        assert_eq!(seqs(it.ledger(), &room(1), 4), [5, 6]);
        assert_eq!(seqs(it.ledger(), &room(1), 5), [6]);
        assert_eq!(tail(it.ledger(), &room(1)).trimmed, Seq(4));
        assert_eq!(tail(it.ledger(), &room(1)).head, Seq(6));
        it.reopen();
        // What is trimmed stays so: a smaller trim takes nothing and gives nothing back.
        commit(it.ledger(), [trim(room(1), 2)]);
    }
}

pub(crate) fn reading_from_before_what_was_trimmed_never_returns_a_hole(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 9, START)));
    commit(it.ledger(), [trim(room(1), 3)]);
    commit(it.ledger(), [trim(room(1), 5)]);
    for _ in ["before", "and after opening it again"] {
        for after in 0..=5 {
            assert_eq!(seqs(it.ledger(), &room(1), after), [6, 7, 8, 9], "after {after}");
            let page = it.ledger().entries(&room(1), Seq(after), 2).unwrap();
            assert_eq!(page.first().map(|entry| entry.seq), Some(Seq(6)), "after {after}");
        }
        it.reopen();
    }
    commit(it.ledger(), [trim(room(1), 9)]);
    assert_eq!(seqs(it.ledger(), &room(1), 0), [0; 0]);
}

pub(crate) fn trimming_more_than_there_is_trims_all_and_the_log_goes_on(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 3, START)));
    commit(it.ledger(), [trim(room(1), u64::MAX)]);
    for next in [4, 5] {
        assert_eq!(tail(it.ledger(), &room(1)).trimmed, Seq(3));
        it.reopen();
        commit(it.ledger(), says(room(1), next, next, START));
        assert_eq!(seqs(it.ledger(), &room(1), 3), (4..=next).collect::<Vec<_>>());
    }
}

pub(crate) fn trimming_a_room_nobody_knows_changes_nothing(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [trim(room(1), 4)]);
    it.reopen();
    commit(it.ledger(), [trim(room(1), 4), create(room(1))].into_iter().chain(says(room(1), 1, 1, START)));
    assert_eq!(seqs(it.ledger(), &room(1), 0), [1]);
    assert_eq!(tail(it.ledger(), &room(1)).trimmed, Seq(0));
}

pub(crate) fn entries_may_be_added_and_trimmed_in_one_batch(it: &mut dyn LedgerUnderTest) {
    let start = says(room(1), 1, 3, START).into_iter().chain([trim(room(1), 2)]);
    commit(it.ledger(), [create(room(1))].into_iter().chain(start).chain(says(room(1), 4, 5, START)));
    assert_eq!(seqs(it.ledger(), &room(1), 0), [3, 4, 5]);
    it.reopen();
    let more = says(room(1), 6, 8, START).into_iter().chain([trim(room(1), 4), trim(room(1), 7)]);
    commit(it.ledger(), more.chain(says(room(1), 9, 9, START)));
    for _ in ["before", "and after opening it again"] {
        assert_eq!(seqs(it.ledger(), &room(1), 0), [8, 9]);
        assert_eq!(tail(it.ledger(), &room(1)).trimmed, Seq(7));
        it.reopen();
    }
}
