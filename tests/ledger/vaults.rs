//! Slots and vaults: fenced, versioned, changed whole; and what is not there is not made by asking.

use lotgenoot_core::effect::Op;
use lotgenoot_core::vault::VaultChange;
use lotgenoot_protocol::limits::{MANIFEST_STEP_BYTES, SLOT_BYTES};
use lotgenoot_protocol::vault::{PutVault, VaultPart};
use lotgenoot_protocol::{Blob, PartId, Refused, SlotId, SlotKey, Timestamp, VaultId, Version};

use crate::ledgers::LedgerUnderTest;
use crate::ops::{account, batch, commit, try_commit};

const SLOT: SlotId = SlotId([1; 16]);
const VAULT: VaultId = VaultId([2; 16]);
const LIMIT: u64 = 64 * 1024;

pub(crate) fn a_slot_holds_what_its_owner_wrote_last_and_nobody_else_replaces_or_forgets_it(
    it: &mut dyn LedgerUnderTest,
) {
    commit(it.ledger(), [put_slot(1, 7)]);
    commit(it.ledger(), [put_slot(1, 8)]);
    it.reopen();
    assert_eq!(it.ledger().slot(&SLOT).unwrap().unwrap().sealed, slot_bytes(8));
    assert_eq!(refused(it, put_slot(2, 9)), Refused::Exists);
    let forget = |by| Op::ForgetSlot { slot: SLOT, owner: owner(by), touched: Timestamp(200) };
    commit(it.ledger(), [forget(2)]);
    assert_eq!(it.ledger().slot(&SLOT).unwrap().unwrap().sealed, slot_bytes(8));
    commit(it.ledger(), [forget(1)]);
    it.reopen();
    assert_eq!(it.ledger().slot(&SLOT).unwrap().unwrap().sealed, Blob(Vec::new()));
    // The place stays hers until it expires, and asking for it does not make that later.
    assert_eq!(refused(it, put_slot(2, 9)), Refused::Exists);
    commit(it.ledger(), [Op::TouchSlot { slot: SLOT, at: Timestamp(900) }]);
    let (slots, vaults) = it.ledger().untouched(Timestamp(201), 9).unwrap();
    assert_eq!(slots, [SLOT]);
    commit(it.ledger(), [Op::Expire { slots, vaults, before: Timestamp(201) }]);
    it.reopen();
    assert_eq!(it.ledger().slot(&SLOT).unwrap(), None);
    commit(it.ledger(), [put_slot(2, 9)]);
}

pub(crate) fn a_vault_changes_whole_or_not_at_all(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, [(1, Some(100)), (2, Some(200))]))]);
    commit(it.ledger(), [put(change(10, 1, 2, [(1, None), (2, Some(20)), (3, Some(300))]))]);
    it.reopen();
    assert_eq!(it.ledger().vault(&VAULT).unwrap().unwrap().version, version(2));
    assert_eq!(parts(it), [None, Some(20), Some(300)]);
    assert_eq!(refused(it, put(change(10, 1, 3, [(1, Some(1))]))), Refused::Fenced);
    assert_eq!(parts(it), [None, Some(20), Some(300)]);
}

pub(crate) fn the_same_change_again_changes_nothing_and_is_accepted(it: &mut dyn LedgerUnderTest) {
    let first = put(change(10, 0, 1, [(1, Some(100))]));
    commit(it.ledger(), [first.clone()]);
    commit(it.ledger(), [first]);
    assert_eq!(it.ledger().vault(&VAULT).unwrap().unwrap().part_bytes, 100);
    assert_eq!(parts(it), [Some(100), None, None]);
}

pub(crate) fn a_change_built_on_another_version_is_refused(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, []))]);
    commit(it.ledger(), [put(change(10, 1, 2, []))]);
    assert_eq!(refused(it, put(change(10, 1, 3, []))), Refused::Fenced);
    assert_eq!(refused(it, put(change(10, 0, 1, []))), Refused::Fenced);
    commit(it.ledger(), [put(change(10, 2, 3, []))]);
}

pub(crate) fn whoever_opened_a_vault_earlier_is_fenced(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, []))]);
    commit(it.ledger(), [open(1, 11)]);
    it.reopen();
    assert_eq!(refused(it, put(change(10, 1, 2, []))), Refused::Fenced);
    assert_eq!(refused(it, open(1, 11)), Refused::Fenced);
    assert_eq!(refused(it, forget(1, 10)), Refused::Fenced);
    commit(it.ledger(), [put(change(11, 1, 2, []))]);
    // A vault that was never written has no fence: the first change by the later opening makes it.
    let mut other = change(20, 0, 1, []);
    other.vault = VaultId([9; 16]);
    commit(it.ledger(), [put(other.clone())]);
    other.fence = 19;
    assert_eq!(refused(it, put(other)), Refused::Fenced);
}

pub(crate) fn a_batch_behind_an_old_fence_is_refused_whole_and_alone(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, []))]);
    let behind = |fence, fill| batch([put_slot(1, fill), Op::Fence { vault: VAULT, fence }]);
    let outcomes =
        try_commit(it.ledger(), &[behind(10, 5), behind(9, 6), batch([open(1, 11)]), behind(10, 7)]);
    let told: Vec<_> = outcomes.unwrap().into_iter().map(|outcome| outcome.map(drop)).collect();
    assert_eq!(told, [Ok(()), Err(Refused::Fenced), Ok(()), Err(Refused::Fenced)]);
    it.reopen();
    assert_eq!(it.ledger().slot(&SLOT).unwrap().unwrap().sealed, slot_bytes(5));
}

pub(crate) fn opening_or_reading_what_is_not_there_makes_nothing(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [open(1, 10)]);
    commit(it.ledger(), [Op::TouchSlot { slot: SLOT, at: Timestamp(1) }]);
    commit(it.ledger(), [Op::Fence { vault: VAULT, fence: 1 }]);
    commit(it.ledger(), [forget(1, 10)]);
    it.reopen();
    assert_eq!(it.ledger().vault(&VAULT).unwrap(), None);
    assert_eq!(it.ledger().slot(&SLOT).unwrap(), None);
}

pub(crate) fn nobody_but_its_reader_opens_changes_or_forgets_a_vault(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, [(1, Some(5))]))]);
    let strange = VaultChange { reader: reader(2), ..change(50, 1, 2, []) };
    assert_eq!(refused(it, put(strange)), Refused::Exists);
    commit(it.ledger(), [open(2, 50)]);
    commit(it.ledger(), [forget(2, 50)]);
    let stored = it.ledger().vault(&VAULT).unwrap().unwrap();
    assert_eq!((stored.fence, stored.version), (10, version(1)));
    assert_eq!(parts(it), [Some(5), None, None]);
}

pub(crate) fn a_vault_never_grows_beyond_its_limit_and_shrinks_when_parts_go(it: &mut dyn LedgerUnderTest) {
    let room_left = LIMIT as usize - MANIFEST_STEP_BYTES;
    commit(it.ledger(), [put(change(10, 0, 1, [(1, Some(room_left - 10))]))]);
    let too_large = Refused::TooLarge { limit: "PERSON_VAULT_BYTES_MAX".to_owned(), max: LIMIT };
    assert_eq!(refused(it, put(change(10, 1, 2, [(2, Some(11))]))), too_large);
    commit(it.ledger(), [put(change(10, 1, 2, [(2, Some(10))]))]);
    commit(it.ledger(), [put(change(10, 2, 3, [(1, Some(7)), (2, None)]))]);
    it.reopen();
    assert_eq!(it.ledger().vault(&VAULT).unwrap().unwrap().part_bytes, 7);
    commit(it.ledger(), [put(change(10, 3, 4, [(3, Some(room_left - 7))]))]);
}

pub(crate) fn a_forgotten_vault_leaves_no_part_behind(it: &mut dyn LedgerUnderTest) {
    commit(it.ledger(), [put(change(10, 0, 1, [(1, Some(5)), (2, Some(6))]))]);
    commit(it.ledger(), [forget(1, 10)]);
    it.reopen();
    assert_eq!(it.ledger().vault(&VAULT).unwrap(), None);
    assert_eq!(parts(it), [None, None, None]);
}

pub(crate) fn what_nobody_touched_expires_and_what_was_touched_meanwhile_does_not(
    it: &mut dyn LedgerUnderTest,
) {
    commit(it.ledger(), [put_slot(1, 7)]);
    commit(it.ledger(), [put(change(10, 0, 1, [(1, Some(5))]))]);
    assert_eq!(it.ledger().untouched(Timestamp(100), 9).unwrap(), (vec![], vec![]));
    let (slots, vaults) = it.ledger().untouched(Timestamp(101), 9).unwrap();
    assert_eq!((slots.as_slice(), vaults.as_slice()), (&[SLOT][..], &[VAULT][..]));
    commit(it.ledger(), [Op::TouchSlot { slot: SLOT, at: Timestamp(150) }]);
    commit(it.ledger(), [Op::Expire { slots, vaults, before: Timestamp(101) }]);
    it.reopen();
    assert!(it.ledger().slot(&SLOT).unwrap().is_some());
    assert_eq!(it.ledger().vault(&VAULT).unwrap(), None);
    assert_eq!(parts(it), [None, None, None]);
}

fn owner(number: u8) -> SlotKey {
    SlotKey([number; 32])
}

fn slot_bytes(fill: u8) -> Blob {
    Blob(vec![fill; SLOT_BYTES])
}

fn put_slot(by: u8, fill: u8) -> Op {
    Op::PutSlot { slot: SLOT, owner: owner(by), sealed: slot_bytes(fill), at: Timestamp(100) }
}

fn reader(number: u8) -> Blob {
    lotgenoot_core::vault::reader(&VAULT, &account(number))
}

fn version(number: u8) -> Version {
    Version([number; 16])
}

fn open(by: u8, fence: u64) -> Op {
    Op::OpenVault { vault: VAULT, reader: reader(by), fence, at: Timestamp(100) }
}

fn forget(by: u8, fence: u64) -> Op {
    Op::ForgetVault { vault: VAULT, reader: reader(by), fence }
}

fn put(change: VaultChange) -> Op {
    Op::PutVault(Box::new(change))
}

fn change<const N: usize>(fence: u64, base: u8, next: u8, parts: [(u8, Option<usize>); N]) -> VaultChange {
    let parts = parts.map(|(id, bytes)| VaultPart {
        part: PartId([id; 16]),
        sealed: bytes.map(|bytes| Blob(vec![id; bytes])),
    });
    let put = PutVault {
        base: version(base),
        version: version(next),
        manifest: Blob(vec![next; MANIFEST_STEP_BYTES]),
        parts: parts.to_vec(),
    };
    VaultChange {
        vault: VAULT,
        reader: reader(1),
        fence,
        put,
        bytes_max: LIMIT,
        limit: "PERSON_VAULT_BYTES_MAX",
        at: Timestamp(100),
    }
}

// The sizes of the first three parts.
fn parts(it: &mut dyn LedgerUnderTest) -> [Option<usize>; 3] {
    let ids = [PartId([1; 16]), PartId([2; 16]), PartId([3; 16])];
    let parts = it.ledger().vault_parts(&VAULT, &ids).unwrap();
    std::array::from_fn(|at| parts[at].as_ref().map(|sealed| sealed.0.len()))
}

fn refused(it: &mut dyn LedgerUnderTest, op: Op) -> Refused {
    let outcome = try_commit(it.ledger(), &[batch([op])]).unwrap().remove(0);
    outcome.expect_err("the ledger refuses it")
}
