//! KeyPackages: published together, each one-time one handed out once.

use lotgenoot_core::effect::{Op, Package};
use lotgenoot_protocol::{AccountKey, Blob};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{HOUR_MS, START, account, batch, commit, package, try_commit};

pub(crate) fn each_one_time_key_package_is_claimed_once_then_the_last_resort_again_and_again(
    it: &mut dyn LedgerUnderTest,
) {
    commit(it.ledger(), [publish(account(1), 1..=3, Some(9)), publish(account(2), 4..=4, None)]);
    for (left, next) in [(3, 1), (2, 2), (1, 3), (0, 9), (0, 9)] {
        assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), left);
        assert_eq!(commit(it.ledger(), [claim(&[1])]).claimed, [bytes(next)]);
        it.reopen();
    }
    assert_eq!(commit(it.ledger(), [claim(&[2, 1, 2])]).claimed, [bytes(4), bytes(9), None]);
    assert_eq!(it.ledger().key_packages_left(&account(2)).unwrap(), 0);
}

pub(crate) fn an_account_without_key_packages_gives_none(it: &mut dyn LedgerUnderTest) {
    assert_eq!(commit(it.ledger(), [claim(&[1, 1])]).claimed, [None, None]);
    assert_eq!(commit(it.ledger(), [claim(&[])]).claimed, []);
    assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), 0);
}

pub(crate) fn a_claim_that_may_take_no_one_time_key_package_takes_the_last_resort_and_leaves_the_others(
    it: &mut dyn LedgerUnderTest,
) {
    commit(it.ledger(), [publish(account(1), 1..=3, Some(9)), publish(account(2), 4..=4, None)]);
    let modest = || Op::Claim { accounts: vec![account(1), account(2)], one_time: false, now: START };
    assert_eq!(commit(it.ledger(), [modest()]).claimed, [bytes(9), None]);
    it.reopen();
    assert_eq!(commit(it.ledger(), [modest()]).claimed, [bytes(9), None]);
    assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), 3);
    assert_eq!(it.ledger().key_packages_left(&account(2)).unwrap(), 1);
}

pub(crate) fn a_claim_takes_none_whose_time_is_over(it: &mut dyn LedgerUnderTest) {
    let until = |hours: u64, package: Package| Package { until: START.plus_ms(hours * HOUR_MS), ..package };
    let packages = vec![until(1, package(1)), until(3, package(2)), until(1, package(3))];
    let last_resort = Some(until(5, package(9)));
    commit(it.ledger(), [Op::Publish { account: account(1), packages, last_resort }]);
    it.reopen();
    let claim = |hours: u64| {
        let (accounts, now) = (vec![account(1)], START.plus_ms(hours * HOUR_MS));
        Op::Claim { accounts, one_time: true, now }
    };
    for (hours, next) in [(2, bytes(2)), (2, bytes(9)), (4, bytes(9)), (5, None), (6, None)] {
        assert_eq!(commit(it.ledger(), [claim(hours)]).claimed, [next], "{hours}");
    }
    commit(it.ledger(), [publish(account(1), 4..=4, Some(8))]);
    it.reopen();
    assert_eq!(commit(it.ledger(), [claim(6), claim(6)]).claimed, [bytes(4), bytes(8)]);
}

pub(crate) fn publishing_replaces_everything_at_once(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [publish(account(1), 1..=5, Some(9)), publish(account(2), 10..=11, Some(12))]);
    commit(it.ledger(), [claim(&[1])]);
    commit(it.ledger(), [publish(account(1), 6..=7, None)]);
    it.reopen();
    assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), 2);
    assert_eq!(commit(it.ledger(), [claim(&[1, 1, 1])]).claimed, [bytes(6), bytes(7), None]);
    assert_eq!(commit(it.ledger(), [claim(&[2, 2, 2])]).claimed, [bytes(10), bytes(11), bytes(12)]);
}

pub(crate) fn what_was_handed_out_is_not_put_back_by_publishing_it_again(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [publish(account(1), 1..=4, Some(9))]);
    assert_eq!(commit(it.ledger(), [claim(&[1, 1])]).claimed, [bytes(1), bytes(2)]);
    it.reopen();
    // The answer to the first was lost, and it is asked again; with one more in it, to tell them apart.
    commit(it.ledger(), [publish(account(1), 1..=5, Some(9))]);
    assert_eq!(it.ledger().key_packages_left(&account(1)).unwrap(), 3);
    let rest = [bytes(3), bytes(4), bytes(5), bytes(9), bytes(9)];
    assert_eq!(commit(it.ledger(), [claim(&[1, 1, 1, 1, 1])]).claimed, rest);
}

pub(crate) fn two_claims_of_one_commit_never_get_the_same_one_time_key_package(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [publish(account(1), 1..=2, Some(9))]);
    let claims = [batch([claim(&[1])]), batch([claim(&[1])]), batch([claim(&[1])])];
    let outcomes = try_commit(it.ledger(), &claims).unwrap();
    let claimed = outcomes.into_iter().map(|outcome| outcome.unwrap().claimed).collect::<Vec<_>>();
    assert_eq!(claimed, [[bytes(1)], [bytes(2)], [bytes(9)]]);
}

fn publish(account: AccountKey, one_time: std::ops::RangeInclusive<u64>, last_resort: Option<u64>) -> Op {
    Op::Publish { account, packages: one_time.map(package).collect(), last_resort: last_resort.map(package) }
}

fn claim(accounts: &[u8]) -> Op {
    Op::Claim { accounts: accounts.iter().copied().map(account).collect(), one_time: true, now: START }
}

fn bytes(n: u64) -> Option<Blob> {
    Some(package(n).bytes)
}
