//! The staff as coordinators change it: one state after the other, and none lost.

use lotgenoot_core::effect::Op;
use lotgenoot_core::figures::{Counts as Figures, Figure};
use lotgenoot_core::survey::Counts;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::survey::{Answers, Degree};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{batch, commit, try_commit};

pub(crate) fn the_staff_is_what_was_put_last_and_only_onto_what_was_there(it: &mut dyn LedgerUnderTest) {
    assert_eq!(it.ledger().office().unwrap(), None);
    commit(it.ledger(), [put(0, 1)]);
    commit(it.ledger(), [put(1, 2)]);
    it.reopen();
    assert_eq!(it.ledger().office().unwrap(), Some((2, vec![2; 40])));
    for (after, number) in [(0, 1), (1, 2), (3, 4)] {
        let outcome = try_commit(it.ledger(), &[batch([put(after, number)])]).unwrap().remove(0);
        assert_eq!(outcome.map(drop), Err(Refused::Exists), "onto {after}");
    }
    it.reopen();
    assert_eq!(it.ledger().office().unwrap(), Some((2, vec![2; 40])));
    commit(it.ledger(), [put(2, 3)]);
    assert_eq!(it.ledger().office().unwrap(), Some((3, vec![3; 40])));
}

fn put(after: u64, number: u64) -> Op {
    Op::PutOffice { after, number, record: vec![number as u8; 40] }
}

pub(crate) fn the_calendar_is_what_was_put_last_and_each_is_the_next(it: &mut dyn LedgerUnderTest) {
    assert_eq!(it.ledger().calendar().unwrap(), None);
    commit(it.ledger(), [plan(1)]);
    commit(it.ledger(), [plan(2)]);
    it.reopen();
    assert_eq!(it.ledger().calendar().unwrap(), Some(vec![2; 40]));
    for number in [0, 1, 2, 4] {
        let outcome = try_commit(it.ledger(), &[batch([plan(number)])]).unwrap().remove(0);
        assert_eq!(outcome.map(drop), Err(Refused::Exists), "{number}");
    }
    assert_eq!(it.ledger().calendar().unwrap(), Some(vec![2; 40]));
}

pub(crate) fn the_plan_of_duty_is_what_was_put_last_and_each_is_the_next(it: &mut dyn LedgerUnderTest) {
    let duty = |number: u64| Op::PutDutyPlan { number, record: vec![number as u8; 40] };
    assert_eq!(it.ledger().duty_plan().unwrap(), None);
    commit(it.ledger(), [duty(1)]);
    commit(it.ledger(), [duty(2)]);
    it.reopen();
    assert_eq!(it.ledger().duty_plan().unwrap(), Some(vec![2; 40]));
    for number in [0, 1, 2, 4] {
        let outcome = try_commit(it.ledger(), &[batch([duty(number)])]).unwrap().remove(0);
        assert_eq!(outcome.map(drop), Err(Refused::Exists), "{number}");
    }
    assert_eq!(it.ledger().duty_plan().unwrap(), Some(vec![2; 40]));
}

pub(crate) fn who_has_said_that_she_is_there_is_what_was_put_last(it: &mut dyn LedgerUnderTest) {
    let said = |byte: u8| Op::PutCheckIns { record: vec![byte; 30] };
    assert_eq!(it.ledger().check_ins().unwrap(), None);
    commit(it.ledger(), [said(1)]);
    commit(it.ledger(), [said(2)]);
    it.reopen();
    assert_eq!(it.ledger().check_ins().unwrap(), Some(vec![2; 30]));
}

pub(crate) fn what_is_said_of_sessions_is_counted_by_month(it: &mut dyn LedgerUnderTest) {
    assert_eq!(it.ledger().surveys().unwrap(), []);
    let yes = Answers { heard: Some(Degree::Yes), ..Answers::default() };
    let count = |month| Op::CountSurvey { month, answers: yes };
    commit(it.ledger(), [count(24_321), count(24_320)]);
    it.reopen();
    commit(it.ledger(), [count(24_321)]);
    let counts = |times| {
        (0..times).fold(Counts::default(), |mut counts, _| {
            counts.add(&yes);
            counts
        })
    };
    assert_eq!(it.ledger().surveys().unwrap(), [(24_320, counts(1)), (24_321, counts(2))]);
}

pub(crate) fn what_happens_to_calls_is_counted_by_quarter_and_service(it: &mut dyn LedgerUnderTest) {
    let count =
        |quarter, service: &str, figure| Op::CountCall { quarter, service: service.to_owned(), figure };
    let taken = Figure::Taken { after_ms: 7_000 };
    commit(it.ledger(), [count(8_107, "wijkteam", Figure::Raised), count(8_107, "wijkteam", taken)]);
    it.reopen();
    commit(it.ledger(), [count(8_107, "wijkteam", taken), count(8_106, "nacht", Figure::Raised)]);
    commit(it.ledger(), [count(8_107, "nacht", Figure::Closed { hops: 9 })]);
    let counts = |figures: &[Figure]| {
        let mut counts = Figures::default();
        figures.iter().for_each(|figure| counts.add(*figure));
        counts
    };
    let expected = [
        (8_106, "nacht".to_owned(), counts(&[Figure::Raised])),
        (8_107, "nacht".to_owned(), counts(&[Figure::Closed { hops: 3 }])),
        (8_107, "wijkteam".to_owned(), counts(&[Figure::Raised, taken, taken])),
    ];
    assert_eq!(it.ledger().figures().unwrap(), expected);
}

fn plan(number: u64) -> Op {
    Op::PutCalendar { number, record: vec![number as u8; 40] }
}
