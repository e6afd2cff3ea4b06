//! A room's record, and what is remembered beside it.

use lotgenoot_core::effect::Op;
use lotgenoot_core::room::Tail;
use lotgenoot_protocol::{Refused, Seq};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{
    HOUR_MS, START, account, batch, call, commit, create, leaf, notice, package, request, room, says, seqs,
    tail, trim, try_commit,
};

pub(crate) fn a_room_is_created_once_and_the_second_batch_is_refused_alone(it: &mut dyn LedgerUnderTest) {
    let first = batch([create(room(1))].into_iter().chain(says(room(1), 1, 1, START)));
    let second = batch([Op::CreateRoom { room: room(1), record: b"other".to_vec() }]);
    let neighbour = batch([create(room(2))].into_iter().chain(says(room(1), 2, 2, START)));
    let together = [first, second.clone(), neighbour];
    let outcomes = try_commit(it.ledger(), &together).unwrap();
    assert_eq!(outcomes.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(outcomes[1], Err(Refused::Exists));

    it.reopen();
    assert_eq!(try_commit(it.ledger(), &[second]).unwrap(), [Err(Refused::Exists)]);
    let (record, tail) = it.ledger().room(&room(1)).unwrap().unwrap();
    assert_eq!((record.as_slice(), tail.head), (b"created".as_slice(), Seq(2)));
    assert!(it.ledger().room(&room(2)).unwrap().is_some());
}

pub(crate) fn a_refused_batch_leaves_nothing_behind(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 2, START)));
    commit(it.ledger(), [Op::Publish { account: account(2), packages: vec![package(9)], last_resort: None }]);
    let publish = Op::Publish { account: account(1), packages: vec![package(1)], last_resort: None };
    let everything = says(room(1), 3, 3, START).into_iter().chain([
        Op::PutRoom { room: room(1), record: b"other".to_vec() },
        Op::Cursor { room: room(1), leaf: leaf(1), seq: Seq(1) },
        trim(room(1), 2),
        create(room(2)),
        Op::Notify { account: account(1), notice: notice(1) },
        publish,
        Op::Claim { accounts: vec![account(2)], one_time: true, now: START },
        Op::PutCall { call: call(1), record: vec![1] },
        // The last op is the one that is refused.
        create(room(1)),
    ]);
    assert_eq!(try_commit(it.ledger(), &[batch(everything)]).unwrap(), [Err(Refused::Exists)]);
    for _ in ["before", "and after opening it again"] {
        let (record, tail) = it.ledger().room(&room(1)).unwrap().unwrap();
        assert_eq!(record, b"created");
        let replies = vec![(request(1), Seq(1), START), (request(2), Seq(2), START)];
        assert_eq!(tail, Tail { head: Seq(2), replies, ..Tail::default() });
        assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2]);
        assert_eq!(it.ledger().room(&room(2)).unwrap(), None);
        assert_eq!(it.ledger().inbox(&account(1), Seq(0), 9).unwrap(), []);
        assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), 0);
        assert_eq!(it.ledger().key_packages_left(&account(2)).unwrap(), 1);
        assert_eq!(it.ledger().calls().unwrap(), []);
        it.reopen();
    }
}

pub(crate) fn a_batch_that_creates_a_room_twice_is_refused(it: &mut dyn LedgerUnderTest) {
    let twice = batch([create(room(1)), create(room(2)), create(room(1))]);
    assert_eq!(try_commit(it.ledger(), &[twice]).unwrap(), [Err(Refused::Exists)]);
    assert_eq!(it.ledger().room(&room(2)).unwrap(), None);
}

pub(crate) fn a_room_comes_back_with_its_record_head_and_moved_cursors(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1)), create(room(2))]);
    assert_eq!(tail(it.ledger(), &room(1)), Tail::default());
    let cursor = |to, who, seq| Op::Cursor { room: room(to), leaf: leaf(who), seq: Seq(seq) };
    commit(it.ledger(), says(room(1), 1, 3, START).into_iter().chain([cursor(1, 0xff, 1), cursor(1, 0, 2)]));
    commit(it.ledger(), [cursor(2, 7, 9), cursor(1, 0xff, 3)]);
    commit(it.ledger(), [Op::PutRoom { room: room(1), record: b"changed".to_vec() }]);
    for _ in ["before", "and after opening it again"] {
        let (record, tail) = it.ledger().room(&room(1)).unwrap().unwrap();
        assert_eq!(record, b"changed");
        assert_eq!(tail.head, Seq(3));
        assert_eq!(tail.cursors, [(leaf(0), Seq(2)), (leaf(0xff), Seq(3))]);
        it.reopen();
    }
}

pub(crate) fn a_room_nobody_created_is_not_there(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), says(room(1), 1, 1, START));
    assert_eq!(it.ledger().room(&room(1)).unwrap(), None);
    assert_eq!(it.ledger().room(&room(2)).unwrap(), None);
}

pub(crate) fn a_room_that_is_over_is_gone_and_nobody_opens_one_by_its_id_again(it: &mut dyn LedgerUnderTest) {
    let cursor = |to| Op::Cursor { room: room(to), leaf: leaf(1), seq: Seq(2) };
    for n in [1, 2] {
        let entries = says(room(n), 1, 3, START);
        commit(it.ledger(), [create(room(n))].into_iter().chain(entries).chain([cursor(n)]));
    }
    // Nobody has said anything there.
    commit(it.ledger(), [create(room(3))]);
    assert!(!it.ledger().is_over(&room(1)).unwrap());
    commit(it.ledger(), [Op::RemoveRoom { room: room(1) }, Op::RemoveRoom { room: room(3) }]);
    for _ in ["before", "and after opening it again"] {
        for gone in [room(1), room(3)] {
            assert!(it.ledger().is_over(&gone).unwrap());
            assert_eq!(it.ledger().room(&gone).unwrap(), None);
            assert_eq!(seqs(it.ledger(), &gone, 0), [0; 0]);
            assert_eq!(try_commit(it.ledger(), &[batch([create(gone)])]).unwrap(), [Err(Refused::Exists)]);
        }
        assert_eq!(seqs(it.ledger(), &room(2), 0), [1, 2, 3]);
        assert_eq!(tail(it.ledger(), &room(2)).cursors, [(leaf(1), Seq(2))]);
        assert_eq!(it.ledger().rooms(None, 9).unwrap(), [room(2)]);
        it.reopen();
    }
    let removed_and_made = batch([Op::RemoveRoom { room: room(2) }, create(room(2))]);
    assert_eq!(try_commit(it.ledger(), &[removed_and_made]).unwrap(), [Err(Refused::Exists)]);
    assert!(it.ledger().room(&room(2)).unwrap().is_some(), "a refused batch removes nothing");
}

pub(crate) fn rooms_are_named_in_order_page_by_page(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [3, 0, 0xff, 7].map(|n| create(room(n))));
    assert_eq!(it.ledger().rooms(None, 2).unwrap(), [room(0), room(3)]);
    assert_eq!(it.ledger().rooms(Some(room(3)), 2).unwrap(), [room(7), room(0xff)]);
    assert_eq!(it.ledger().rooms(Some(room(5)), 1).unwrap(), [room(7)]);
    assert_eq!(it.ledger().rooms(Some(room(0xff)), 2).unwrap(), []);
}

pub(crate) fn a_call_that_is_forgotten_is_not_there(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [1, 2].map(|n| Op::PutCall { call: call(n), record: vec![n] }));
    commit(it.ledger(), [Op::RemoveCall { call: call(1) }, Op::RemoveCall { call: call(9) }]);
    for _ in ["before", "and after opening it again"] {
        assert_eq!(it.ledger().calls().unwrap(), [(call(2), vec![2])]);
        it.reopen();
    }
}

pub(crate) fn request_ids_of_trimmed_entries_are_still_known(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 4, START)));
    let mut silent = says(room(1), 5, 5, START);
    if let Op::Append(append) = &mut silent[0] {
        append.request = None;
    }
    commit(it.ledger(), silent);
    commit(it.ledger(), says(room(1), 6, 6, START.plus_ms(1)));
    commit(it.ledger(), [trim(room(1), 6)]);
    let known = [(1, START), (2, START), (3, START), (4, START), (6, START.plus_ms(1))];
    for _ in ["before", "and after opening it again"] {
        let tail = tail(it.ledger(), &room(1));
        assert_eq!(tail.replies, known.map(|(seq, at)| (request(seq), Seq(seq), at)));
        assert_eq!((tail.head, tail.trimmed), (Seq(6), Seq(6)));
        it.reopen();
    }
}

pub(crate) fn request_ids_older_than_a_day_are_forgotten(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [create(room(1))].into_iter().chain(says(room(1), 1, 1, START)));
    commit(it.ledger(), says(room(1), 2, 2, START.plus_ms(1)));
    commit(it.ledger(), says(room(1), 3, 3, START.plus_ms(24 * HOUR_MS)));
    for _ in ["before", "and after opening it again"] {
        let places = tail(it.ledger(), &room(1)).replies.iter().map(|(_, seq, _)| seq.0).collect::<Vec<_>>();
        assert_eq!(places, [2, 3]);
        assert_eq!(seqs(it.ledger(), &room(1), 0), [1, 2, 3], "the entry itself stays until it is trimmed");
        it.reopen();
    }
}
