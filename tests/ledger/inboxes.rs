//! What waits for an account, and the records of help calls.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::frame::InboxEntry;
use lotgenoot_protocol::{AccountKey, Seq};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{START, account, call, commit, notice, package};

pub(crate) fn an_inbox_rises_and_never_starts_again(it: &mut dyn LedgerUnderTest) {
    for place in 1..=3 {
        commit(it.ledger(), [notify(account(1), place)]);
    }
    for place in 4..=6 {
        let all = Op::AckInbox { account: account(1), seq: Seq(u64::from(place) - 1) };
        commit(it.ledger(), [all]);
        assert_eq!(it.ledger().inbox(&account(1), Seq(0), 9).unwrap(), []);
        it.reopen();
        assert_eq!(it.ledger().inbox(&account(1), Seq(0), 9).unwrap(), []);
        commit(it.ledger(), [notify(account(1), place)]);
        assert_eq!(it.ledger().inbox(&account(1), Seq(0), 9).unwrap(), [waiting(place)]);
    }
    // Acknowledging what is not there yet takes nothing that comes later.
    commit(it.ledger(), [Op::AckInbox { account: account(1), seq: Seq(u64::MAX) }, notify(account(1), 7)]);
    assert_eq!(it.ledger().inbox(&account(1), Seq(0), 9).unwrap(), [waiting(7)]);
}

pub(crate) fn notices_come_in_order_page_by_page(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), (1..=4).flat_map(|place| [notify(account(1), place), notify(account(2), place)]));
    commit(it.ledger(), [notify(account(1), 5), Op::AckInbox { account: account(1), seq: Seq(1) }]);
    for _ in ["before", "and after opening it again"] {
        let inbox = |after, max| it.ledger().inbox(&account(1), Seq(after), max).unwrap();
        assert_eq!(inbox(0, 2), [waiting(2), waiting(3)]);
        assert_eq!(inbox(3, 2), [waiting(4), waiting(5)]);
        assert_eq!(inbox(0, 0), []);
        for beyond in [5, 6, u64::MAX - 1, u64::MAX] {
            assert_eq!(inbox(beyond, 9), []);
        }
        assert_eq!(it.ledger().inbox(&account(2), Seq(0), 9).unwrap().len(), 4);
        assert_eq!(it.ledger().inbox(&account(3), Seq(0), 9).unwrap(), []);
        it.reopen();
    }
}

pub(crate) fn an_account_is_woken_by_each_notice(it: &mut dyn LedgerUnderTest) {
    let outcome = commit(it.ledger(), [notify(account(2), 1), notify(account(1), 1), notify(account(2), 2)]);
    assert_eq!(outcome.woken, [account(2), account(1), account(2)]);
    assert_eq!(outcome.claimed, []);
}

pub(crate) fn a_notice_to_a_key_package_reaches_its_publisher_and_otherwise_nobody(
    it: &mut dyn LedgerUnderTest,
) {
    let publish = |account, packages, last_resort| Op::Publish { account, packages, last_resort };
    commit(it.ledger(), [publish(account(1), vec![package(1), package(2)], Some(package(3)))]);
    commit(it.ledger(), [publish(account(2), vec![package(4)], None)]);
    // Claimed and replaced ones are still hers: they are on their way into a commit.
    commit(
        it.ledger(),
        [
            Op::Claim { accounts: vec![account(1)], one_time: true, now: START },
            publish(account(1), vec![package(5)], None),
        ],
    );
    it.reopen();
    let to = |n: u64| Op::NotifyKeyPackage { key_package: package(n).reference, notice: notice(n as u8) };
    let outcome = commit(it.ledger(), [to(1), to(3), to(4), to(6), to(5)]);
    assert_eq!(outcome.woken, [account(1), account(1), account(2), account(1)]);
    let notices = |account| {
        let entries = it.ledger().inbox(&account, Seq(0), 9).unwrap();
        entries.into_iter().map(|entry| entry.notice).collect::<Vec<_>>()
    };
    assert_eq!(notices(account(1)), [notice(1), notice(3), notice(5)]);
    assert_eq!(notices(account(2)), [notice(4)]);
    assert_eq!(commit(it.ledger(), [to(7)]).woken, []);
}

pub(crate) fn the_record_of_a_call_is_the_last_one_put(it: &mut dyn LedgerUnderTest) {
    let put = |n, record: &[u8]| Op::PutCall { call: call(n), record: record.to_vec() };
    assert_eq!(it.ledger().calls().unwrap(), []);
    commit(it.ledger(), [put(2, b"raised"), put(1, b"raised")]);
    commit(it.ledger(), [put(2, b"taken"), put(2, b"over")]);
    for _ in ["before", "and after opening it again"] {
        let calls = [(call(1), b"raised".to_vec()), (call(2), b"over".to_vec())];
        assert_eq!(it.ledger().calls().unwrap(), calls);
        it.reopen();
    }
}

fn notify(account: AccountKey, n: u8) -> Op {
    Op::Notify { account, notice: notice(n) }
}

fn waiting(n: u8) -> InboxEntry {
    InboxEntry { seq: Seq(u64::from(n)), notice: notice(n) }
}
