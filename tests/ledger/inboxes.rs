//! What waits for an account, and the records of help calls.

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_core::effect::Op;
use lotgenoot_core::inbox::{COUNTED_EVERY, WAITING_MAX};
use lotgenoot_protocol::call::{Alarm, Page, Why};
use lotgenoot_protocol::frame::{InboxEntry, Notice};
use lotgenoot_protocol::{AccountKey, AskId, CallId, PageId, RoomId, Seq};

use crate::disk::Disk;
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

pub(crate) fn of_each_matter_the_newest_word_waits_however_often_it_is_said(it: &mut dyn LedgerUnderTest) {
    let page = |call_of: u64, cycle: u64, why| {
        let mut page = [0; 16];
        page[..8].copy_from_slice(&call_of.to_be_bytes());
        page[8..].copy_from_slice(&cycle.to_be_bytes());
        let (call, room, page) = (numbered(call_of), RoomId([3; 16]), PageId(page));
        Page { call, room, page, page_epoch: 1, raised_at: START, why }
    };
    let told = |notice: &Notice| Op::Notify { account: account(1), notice: notice.clone() };
    let paged = |page: Page| Notice::Page(page);
    let alarm = |why| Notice::Alarm { call: numbered(1), why, since: START };
    // A day and a half of a call that nobody answers, at a desk to which nobody comes; another call, and the same call for
    // another reason, beside it.
    let help = Why::Assist(AskId([4; 16]));
    commit(it.ledger(), [told(&paged(page(2, 0, Why::Call))), told(&paged(page(1, 5_000, help)))]);
    for cycle in 0..700 {
        commit(it.ledger(), [told(&paged(page(1, cycle, Why::Call))), told(&alarm(Alarm::Unanswered))]);
    }
    it.reopen();
    let waiting = |it: &dyn LedgerUnderTest| -> Vec<Notice> {
        let inbox = it.ledger().inbox(&account(1), Seq(0), 9_999).unwrap();
        inbox.into_iter().map(|entry| entry.notice).collect()
    };
    let newest = [
        paged(page(2, 0, Why::Call)),
        paged(page(1, 5_000, help)),
        paged(page(1, 699, Why::Call)),
        alarm(Alarm::Unanswered),
    ];
    assert_eq!(waiting(it), newest);
    // Whatever ends it takes its place, and takes nothing else away.
    let taken = Notice::Taken { call: numbered(1), page: page(1, 699, Why::Call).page };
    commit(it.ledger(), [told(&taken), told(&alarm(Alarm::HandedOverOften)), told(&alarm(Alarm::Over))]);
    let ended = [newest[0].clone(), newest[1].clone(), taken, alarm(Alarm::Over)];
    assert_eq!(waiting(it), ended);
    // What has been read does not come back by it.
    let through = it.ledger().inbox(&account(1), Seq(0), 9_999).unwrap()[1].seq;
    commit(it.ledger(), [Op::AckInbox { account: account(1), seq: through }]);
    commit(it.ledger(), [told(&newest[0])]);
    assert_eq!(waiting(it), [&ended[2..], &newest[..1]].concat());
}

pub(crate) fn of_too_much_what_is_over_is_forgotten_the_oldest_first_and_nothing_that_wants_her(
    it: &mut dyn LedgerUnderTest,
) {
    let of = |number: u64| {
        let mut page = [9; 16];
        page[..8].copy_from_slice(&number.to_be_bytes());
        (numbered(number), PageId(page))
    };
    let over = |number: u64| {
        let (call, page) = of(number);
        Op::Notify { account: account(1), notice: Notice::Taken { call, page } }
    };
    let wants_her = |number: u64| {
        let (call, page) = of(number);
        let page =
            Page { call, room: RoomId([3; 16]), page, page_epoch: 1, raised_at: START, why: Why::Call };
        Op::Notify { account: account(1), notice: Notice::Page(page) }
    };
    let most = WAITING_MAX as u64 + COUNTED_EVERY;
    commit(it.ledger(), (0..100).map(wants_her));
    for begin in (100..2 * most).step_by(1_000) {
        commit(it.ledger(), (begin..begin + 1_000).map(over));
    }
    let inbox = it.ledger().inbox(&account(1), Seq(0), usize::MAX).unwrap();
    assert!(inbox.len() as u64 <= most, "{}", inbox.len());
    let pages = inbox.iter().filter(|entry| matches!(entry.notice, Notice::Page(_))).count();
    assert_eq!(pages, 100, "each of those calls still wants her");
    let places: Vec<u64> = inbox.iter().skip(100).map(|entry| entry.seq.0).collect();
    assert!(places.windows(2).all(|pair| pair[0] + 1 == pair[1]), "the newest, without a gap");
    commit(it.ledger(), (20_000..20_000 + most).map(wants_her));
    let inbox = it.ledger().inbox(&account(1), Seq(0), usize::MAX).unwrap();
    let pages = inbox.iter().filter(|entry| matches!(entry.notice, Notice::Page(_))).count();
    assert_eq!(pages as u64, 100 + most, "whoever wants her is not forgotten, however many they are");
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

fn numbered(number: u64) -> CallId {
    let mut id = [8; 16];
    id[..8].copy_from_slice(&number.to_be_bytes());
    CallId(id)
}

fn notify(account: AccountKey, n: u8) -> Op {
    Op::Notify { account, notice: notice(n) }
}

fn waiting(n: u8) -> InboxEntry {
    InboxEntry { seq: Seq(u64::from(n)), notice: notice(n) }
}

#[test]
fn nothing_is_looked_up_for_whoever_was_never_written_to() {
    let ledger = RedbLedger::with_database(Disk::default().database().unwrap()).unwrap();
    assert!(!ledger.has_mailbox(&account(1)));
    commit(&ledger, [notify(account(1), 1)]);
    assert!(ledger.has_mailbox(&account(1)) && !ledger.has_mailbox(&account(2)));
}
