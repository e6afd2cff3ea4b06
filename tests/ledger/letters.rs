//! Letters: each for its readers, until they have put it away.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::letters::LetterFor;
use lotgenoot_protocol::limits::LETTERS_WAITING_MAX;
use lotgenoot_protocol::{Blob, LetterId, Refused, Serial, Timestamp};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{batch, commit, try_commit};

const FIRST: Serial = Serial([1; 16]);
const SECOND: Serial = Serial([2; 16]);

pub(crate) fn the_key_of_a_reader_is_the_one_she_put_last(it: &mut dyn LedgerUnderTest) {
    assert_eq!(it.ledger().letter_keys().unwrap(), Vec::<Vec<u8>>::new());
    for (reader, record) in [(FIRST, 1), (SECOND, 2), (FIRST, 3)] {
        commit(it.ledger(), [Op::PutLetterKey { reader, record: vec![record; 40] }]);
    }
    it.reopen();
    assert_eq!(it.ledger().letter_keys().unwrap(), [vec![3; 40], vec![2; 40]]);
}

pub(crate) fn a_letter_waits_for_each_of_its_readers_until_she_has_put_it_away(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [post(7, 1, &[FIRST, SECOND]), post(5, 2, &[FIRST])]);
    // The same letter again is the same letter.
    commit(it.ledger(), [post(7, 1, &[FIRST, SECOND])]);
    it.reopen();
    assert_eq!(waiting(it, FIRST), [(5, 2), (7, 1)]);
    assert_eq!(waiting(it, SECOND), [(7, 1)]);
    assert_eq!(it.ledger().letters(&FIRST, None, 2).unwrap()[1].sealed, Blob(vec![7; 30]));
    assert_eq!(it.ledger().letters(&FIRST, Some(LetterId([5; 16])), 9).unwrap().len(), 1);
    assert_eq!(it.ledger().letters(&FIRST, None, 1).unwrap()[0].id, LetterId([5; 16]));
    commit(it.ledger(), [Op::PutLetterAway { id: LetterId([7; 16]), readers: vec![FIRST] }]);
    assert_eq!((waiting(it, FIRST), waiting(it, SECOND)), (vec![(5, 2)], vec![(7, 1)]));
    commit(it.ledger(), [Op::ExpireLetters { before: Timestamp(2) }]);
    it.reopen();
    assert_eq!((waiting(it, FIRST), waiting(it, SECOND)), (vec![(5, 2)], vec![]));
}

pub(crate) fn who_lets_letters_lie_gets_no_other_and_the_rest_do(it: &mut dyn LedgerUnderTest) {
    let many = (0..LETTERS_WAITING_MAX).map(|number| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let copies = vec![LetterFor { reader: FIRST, sealed: Blob(vec![1]) }];
        Op::PostLetter { id: LetterId(id), at: Timestamp(1), copies }
    });
    commit(it.ledger(), many);
    commit(it.ledger(), [post(9, 2, &[FIRST, SECOND])]);
    assert_eq!(waiting(it, SECOND), [(9, 2)]);
    assert_eq!(waiting(it, FIRST).len(), LETTERS_WAITING_MAX);
    let refused = try_commit(it.ledger(), &[batch([post(8, 2, &[FIRST])])]).unwrap().remove(0);
    assert!(matches!(refused, Err(Refused::TooLarge { .. })), "nobody would read it");
}

fn post(id: u8, at: u64, readers: &[Serial]) -> Op {
    let copies =
        readers.iter().map(|reader| LetterFor { reader: *reader, sealed: Blob(vec![id; 30]) }).collect();
    Op::PostLetter { id: LetterId([id; 16]), at: Timestamp(at), copies }
}

fn waiting(it: &mut dyn LedgerUnderTest, reader: Serial) -> Vec<(u8, u64)> {
    let letters = it.ledger().letters(&reader, None, 1000).unwrap();
    letters.iter().map(|letter| (letter.id.0[0], letter.at.0)).collect()
}
