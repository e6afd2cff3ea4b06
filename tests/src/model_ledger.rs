//! A ledger in memory, so plain that it can be seen to be right: what every other ledger is compared with.
//!
//! It forgets nothing but what it was told to forget, and knows no disk.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lotgenoot::store::{Broken, Ledger, Outcome};
use lotgenoot_core::effect::{Append, Batch, Op, Package};
use lotgenoot_core::figures::Counts as Figures;
use lotgenoot_core::inbox;
use lotgenoot_core::room::Tail;
use lotgenoot_core::survey::Counts;
use lotgenoot_core::vault::{Changed, StoredSlot, StoredVault};
use lotgenoot_protocol::frame::{InboxEntry, Notice};
use lotgenoot_protocol::letters::{Letter, LetterFor};
use lotgenoot_protocol::limits::{LETTERS_WAITING_MAX, REPLY_MEMORY_MS};
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, ChannelId, LeafKey, LetterId, PageId, PartId, Refused, RequestId, RoomId, Seq,
    Serial, SlotId, Timestamp, VaultId,
};

/// The reference.
#[derive(Default)]
pub struct ModelLedger {
    state: Mutex<State>,
}

#[derive(Clone, Default)]
struct State {
    records: BTreeMap<RoomId, Vec<u8>>,
    over: BTreeSet<RoomId>,
    logs: BTreeMap<RoomId, Log>,
    cursors: BTreeMap<(RoomId, LeafKey), Seq>,
    inboxes: BTreeMap<AccountKey, Inbox>,
    shelves: BTreeMap<AccountKey, Shelf>,
    publishers: BTreeMap<Vec<u8>, AccountKey>,
    calls: BTreeMap<CallId, Vec<u8>>,
    channels: BTreeMap<AccountKey, Vec<u8>>,
    sendings: BTreeMap<(PageId, ChannelId), Vec<u8>>,
    office: Option<(u64, Vec<u8>)>,
    calendar: Option<(u64, Vec<u8>)>,
    duty: Option<(u64, Vec<u8>)>,
    check_ins: Option<Vec<u8>>,
    slots: BTreeMap<SlotId, StoredSlot>,
    vaults: BTreeMap<VaultId, (StoredVault, BTreeMap<PartId, Blob>)>,
    surveys: BTreeMap<u32, Counts>,
    figures: BTreeMap<(u32, String), Figures>,
    letter_keys: BTreeMap<Serial, Vec<u8>>,
    letters: BTreeMap<(Serial, LetterId), Letter>,
}

// Trimmed entries stay in `entries` for their request ids.
#[derive(Clone, Default)]
struct Log {
    entries: Vec<Append>,
    trimmed: Seq,
}

#[derive(Clone, Default)]
struct Inbox {
    last: Seq,
    entries: BTreeMap<Seq, Notice>,
}

#[derive(Clone, Default)]
struct Shelf {
    one_time: VecDeque<Package>,
    last_resort: Option<Package>,
}

impl ModelLedger {
    /// The last place of a room's log, whether or not the room has a record.
    pub fn head(&self, room: &RoomId) -> Seq {
        self.state().logs.get(room).map_or(Seq(0), Log::head)
    }

    /// The last place of an account's inbox.
    pub fn inbox_head(&self, account: &AccountKey) -> Seq {
        self.state().inboxes.get(account).map_or(Seq(0), |inbox| inbox.last)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for ModelLedger {
    fn commit(&self, batches: &[&Batch]) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
        let mut state = self.state();
        let mut next = state.clone();
        let outcomes = batches.iter().map(|batch| next.apply(batch)).collect::<Result<_, _>>()?;
        *state = next;
        Ok(outcomes)
    }

    fn room(&self, room: &RoomId) -> Result<Option<(Vec<u8>, Tail)>, Broken> {
        let state = self.state();
        let Some(record) = state.records.get(room) else { return Ok(None) };
        let log = state.logs.get(room).cloned().unwrap_or_default();
        let of_this_room =
            |((of, leaf), seq): (&(RoomId, LeafKey), &Seq)| (of == room).then_some((*leaf, *seq));
        let cursors = state.cursors.iter().filter_map(of_this_room).collect();
        let tail = Tail { head: log.head(), trimmed: log.trimmed, cursors, replies: log.replies() };
        Ok(Some((record.clone(), tail)))
    }

    fn is_over(&self, room: &RoomId) -> Result<bool, Broken> {
        Ok(self.state().over.contains(room))
    }

    fn rooms(&self, after: Option<RoomId>, max: usize) -> Result<Vec<RoomId>, Broken> {
        let state = self.state();
        let later = state.records.keys().filter(|room| after.is_none_or(|after| **room > after));
        Ok(later.take(max).copied().collect())
    }

    fn entries(&self, room: &RoomId, after: Seq, max: usize) -> Result<Vec<Append>, Broken> {
        let state = self.state();
        let Some(log) = state.logs.get(room) else { return Ok(Vec::new()) };
        let readable = log.entries.iter().filter(|entry| entry.seq > after.max(log.trimmed));
        Ok(readable.take(max).cloned().collect())
    }

    fn inbox(&self, account: &AccountKey, after: Seq, max: usize) -> Result<Vec<InboxEntry>, Broken> {
        let state = self.state();
        let Some(inbox) = state.inboxes.get(account) else { return Ok(Vec::new()) };
        let after = inbox.entries.iter().filter(|(seq, _)| **seq > after);
        Ok(after.take(max).map(|(seq, notice)| InboxEntry { seq: *seq, notice: notice.clone() }).collect())
    }

    fn key_packages_left(&self, account: &AccountKey) -> Result<u32, Broken> {
        Ok(self.state().shelves.get(account).map_or(0, |shelf| shelf.one_time.len() as u32))
    }

    fn calls(&self) -> Result<Vec<(CallId, Vec<u8>)>, Broken> {
        Ok(self.state().calls.iter().map(|(call, record)| (*call, record.clone())).collect())
    }

    fn channels(&self) -> Result<Vec<(AccountKey, Vec<u8>)>, Broken> {
        Ok(self.state().channels.iter().map(|(account, record)| (*account, record.clone())).collect())
    }

    fn sendings(&self) -> Result<Vec<Vec<u8>>, Broken> {
        Ok(self.state().sendings.values().cloned().collect())
    }

    fn office(&self) -> Result<Option<(u64, Vec<u8>)>, Broken> {
        Ok(self.state().office.clone())
    }

    fn calendar(&self) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.state().calendar.as_ref().map(|(_, record)| record.clone()))
    }

    fn duty_plan(&self) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.state().duty.as_ref().map(|(_, record)| record.clone()))
    }

    fn check_ins(&self) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.state().check_ins.clone())
    }

    fn surveys(&self) -> Result<Vec<(u32, Counts)>, Broken> {
        Ok(self.state().surveys.iter().map(|(month, counts)| (*month, counts.clone())).collect())
    }

    fn figures(&self) -> Result<Vec<(u32, String, Figures)>, Broken> {
        let state = self.state();
        let all = state.figures.iter();
        Ok(all.map(|((quarter, service), counts)| (*quarter, service.clone(), counts.clone())).collect())
    }

    fn letter_keys(&self) -> Result<Vec<Vec<u8>>, Broken> {
        Ok(self.state().letter_keys.values().cloned().collect())
    }

    fn letters(&self, reader: &Serial, after: Option<LetterId>, max: usize) -> Result<Vec<Letter>, Broken> {
        let state = self.state();
        let hers = state.letters.iter().filter(|((known, _), _)| known == reader).map(|(_, letter)| letter);
        Ok(hers.filter(|letter| after.is_none_or(|after| letter.id > after)).take(max).cloned().collect())
    }

    fn slot(&self, slot: &SlotId) -> Result<Option<StoredSlot>, Broken> {
        Ok(self.state().slots.get(slot).cloned())
    }

    fn vault(&self, vault: &VaultId) -> Result<Option<StoredVault>, Broken> {
        Ok(self.state().vaults.get(vault).map(|(stored, _)| stored.clone()))
    }

    fn vault_parts(&self, vault: &VaultId, parts: &[PartId]) -> Result<Vec<Option<Blob>>, Broken> {
        let state = self.state();
        let known = state.vaults.get(vault).map(|(_, parts)| parts);
        Ok(parts.iter().map(|part| known?.get(part).cloned()).collect())
    }

    fn untouched(&self, before: Timestamp, max: usize) -> Result<(Vec<SlotId>, Vec<VaultId>), Broken> {
        let state = self.state();
        let slots = state.slots.iter().filter(|(_, stored)| stored.touched < before);
        let vaults = state.vaults.iter().filter(|(_, (stored, _))| stored.touched < before);
        Ok((slots.map(|(id, _)| *id).take(max).collect(), vaults.map(|(id, _)| *id).take(max).collect()))
    }
}

impl State {
    fn apply(&mut self, batch: &Batch) -> Result<Result<Outcome, Refused>, Broken> {
        let mut next = self.clone();
        let mut outcome = Outcome::default();
        for op in &batch.ops {
            if let Err(refused) = next.apply_op(op, &mut outcome)? {
                return Ok(Err(refused));
            }
        }
        *self = next;
        Ok(Ok(outcome))
    }

    fn apply_op(&mut self, op: &Op, outcome: &mut Outcome) -> Result<Result<(), Refused>, Broken> {
        match op {
            Op::CreateRoom { room, .. } if self.records.contains_key(room) || self.over.contains(room) => {
                return Ok(Err(Refused::Exists));
            }
            Op::CreateRoom { room, record } | Op::PutRoom { room, record } => {
                self.records.insert(*room, record.clone());
            }
            Op::Append(append) => {
                let log = self.logs.entry(append.room).or_default();
                if append.seq != log.head().next() {
                    return Err(Broken::new("a log would have a hole"));
                }
                log.entries.push(append.clone());
            }
            Op::Cursor { room, leaf, seq } => {
                self.cursors.insert((*room, *leaf), *seq);
            }
            Op::Trim { room, through } => {
                if let Some(log) = self.logs.get_mut(room) {
                    log.trimmed = log.trimmed.max(log.head().min(*through));
                }
            }
            Op::RemoveRoom { room } => {
                self.records.remove(room);
                self.cursors.retain(|(of, _), _| of != room);
                if let Some(log) = self.logs.get_mut(room) {
                    log.trimmed = log.head();
                }
                self.over.insert(*room);
            }
            Op::RemoveCall { call } => drop(self.calls.remove(call)),
            Op::Notify { account, notice } => self.notify(*account, notice, outcome),
            Op::NotifyKeyPackage { key_package, notice } => {
                if let Some(account) = self.publishers.get(key_package).copied() {
                    self.notify(account, notice, outcome);
                }
            }
            Op::Publish { account, packages, last_resort } => {
                let there: Vec<Package> = self
                    .shelves
                    .get(account)
                    .into_iter()
                    .flat_map(|shelf| shelf.one_time.iter().cloned())
                    .collect();
                let fresh = |package: &&Package| {
                    !self.publishers.contains_key(&package.reference)
                        || there.iter().any(|other| other.bytes == package.bytes)
                };
                let one_time = packages.iter().filter(fresh).cloned().collect();
                for package in packages.iter().chain(last_resort) {
                    self.publishers.insert(package.reference.clone(), *account);
                }
                self.shelves.insert(*account, Shelf { one_time, last_resort: last_resort.clone() });
            }
            Op::Claim { accounts, one_time, now } => {
                for account in accounts {
                    let shelf = self.shelves.entry(*account).or_default();
                    let counts = |package: &Package| package.until > *now;
                    let mut claimed = None;
                    while *one_time && claimed.is_none() && !shelf.one_time.is_empty() {
                        claimed = shelf.one_time.pop_front().filter(counts);
                    }
                    let claimed = claimed.or_else(|| shelf.last_resort.clone().filter(counts));
                    outcome.claimed.push(claimed.map(|package| package.bytes));
                }
            }
            Op::AckInbox { account, seq } => {
                if let Some(inbox) = self.inboxes.get_mut(account) {
                    inbox.entries.retain(|kept, _| kept > seq);
                }
            }
            Op::PutOffice { after, .. }
                if self.office.as_ref().map_or(0, |(number, _)| *number) != *after =>
            {
                return Ok(Err(Refused::Exists));
            }
            Op::PutOffice { number, record, .. } => self.office = Some((*number, record.clone())),
            Op::PutCalendar { number, .. }
                if self.calendar.as_ref().map_or(0, |(number, _)| *number) + 1 != *number =>
            {
                return Ok(Err(Refused::Exists));
            }
            Op::PutCalendar { number, record } => self.calendar = Some((*number, record.clone())),
            Op::PutDutyPlan { number, .. }
                if self.duty.as_ref().map_or(0, |(number, _)| *number) + 1 != *number =>
            {
                return Ok(Err(Refused::Exists));
            }
            Op::PutDutyPlan { number, record } => self.duty = Some((*number, record.clone())),
            Op::PutCheckIns { record } => self.check_ins = Some(record.clone()),
            Op::CountSurvey { month, answers } => self.surveys.entry(*month).or_default().add(answers),
            Op::CountCall { quarter, service, figure } => {
                self.figures.entry((*quarter, service.clone())).or_default().add(*figure);
            }
            Op::PutLetterKey { reader, record } => {
                self.letter_keys.insert(*reader, record.clone());
            }
            Op::PostLetter { id, at, copies } => {
                let has_room = |letters: &BTreeMap<(Serial, LetterId), Letter>, reader: &Serial| {
                    let waiting = letters.keys().filter(|(known, _)| known == reader).count();
                    letters.contains_key(&(*reader, *id)) || waiting < LETTERS_WAITING_MAX
                };
                let there: Vec<_> =
                    copies.iter().filter(|copy| has_room(&self.letters, &copy.reader)).cloned().collect();
                if there.is_empty() {
                    let limit = "LETTERS_WAITING_MAX".to_owned();
                    return Ok(Err(Refused::TooLarge { limit, max: LETTERS_WAITING_MAX as u64 }));
                }
                for LetterFor { reader, sealed } in there {
                    self.letters.insert((reader, *id), Letter { id: *id, at: *at, sealed });
                }
            }
            Op::PutLetterAway { id, readers } => {
                self.letters.retain(|(reader, known), _| known != id || !readers.contains(reader));
            }
            Op::ExpireLetters { before } => self.letters.retain(|_, letter| letter.at >= *before),
            Op::PutChannels { account, record } => {
                self.channels.insert(*account, record.clone());
            }
            Op::PutSending { page, channel, record } => {
                self.sendings.insert((*page, *channel), record.clone());
            }
            Op::RemoveSending { page, channel } => {
                self.sendings.remove(&(*page, *channel));
            }
            Op::PutCall { call, record } => {
                self.calls.insert(*call, record.clone());
            }
            of_a_vault => return Ok(self.apply_to_vaults(of_a_vault)),
        }
        Ok(Ok(()))
    }

    fn apply_to_vaults(&mut self, op: &Op) -> Result<(), Refused> {
        match op {
            Op::PutSlot { slot, owner, sealed, at } => {
                if self.slots.get(slot).is_some_and(|stored| stored.owner != *owner) {
                    return Err(Refused::Exists);
                }
                let stored = StoredSlot { owner: *owner, touched: *at, sealed: sealed.clone() };
                self.slots.insert(*slot, stored);
            }
            Op::ForgetSlot { slot, owner, touched } => {
                if let Some(stored) = self.slots.get_mut(slot).filter(|stored| stored.owner == *owner) {
                    (stored.sealed, stored.touched) = (Blob(Vec::new()), *touched);
                }
            }
            Op::TouchSlot { slot, at } => {
                if let Some(stored) = self.slots.get_mut(slot).filter(|stored| !stored.sealed.0.is_empty()) {
                    stored.touched = *at;
                }
            }
            Op::OpenVault { vault, reader, fence, at } => {
                let own = self.vaults.get_mut(vault).map(|(stored, _)| stored);
                if let Some(stored) = own.filter(|stored| stored.reader == *reader) {
                    if stored.fence >= *fence {
                        return Err(Refused::Fenced);
                    }
                    (stored.fence, stored.touched) = (*fence, *at);
                }
            }
            Op::Fence { vault, fence } => self.fence(vault, *fence)?,
            Op::PutVault(change) => {
                let (stored, mut parts) = match self.vaults.get(&change.vault) {
                    Some((stored, parts)) => (Some(stored), parts.clone()),
                    None => (None, BTreeMap::new()),
                };
                let named = change.put.parts.iter().filter_map(|part| parts.get(&part.part));
                let replaced = named.map(|sealed| sealed.0.len() as u64).sum();
                if let Changed::To(vault) = change.apply(stored, replaced)? {
                    for part in &change.put.parts {
                        match &part.sealed {
                            Some(sealed) => drop(parts.insert(part.part, sealed.clone())),
                            None => drop(parts.remove(&part.part)),
                        }
                    }
                    self.vaults.insert(change.vault, (vault, parts));
                }
            }
            Op::ForgetVault { vault, reader, fence } => {
                self.fence(vault, *fence)?;
                self.vaults.retain(|id, (stored, _)| id != vault || stored.reader != *reader);
            }
            Op::Expire { slots, vaults, before } => {
                self.slots.retain(|id, stored| !slots.contains(id) || stored.touched >= *before);
                self.vaults.retain(|id, (stored, _)| !vaults.contains(id) || stored.touched >= *before);
            }
            _ => {}
        }
        Ok(())
    }

    fn fence(&self, vault: &VaultId, fence: u64) -> Result<(), Refused> {
        match self.vaults.get(vault) {
            Some((stored, _)) if !stored.admits(fence) => Err(Refused::Fenced),
            _ => Ok(()),
        }
    }

    fn notify(&mut self, account: AccountKey, notice: &Notice, outcome: &mut Outcome) {
        let inbox = self.inboxes.entry(account).or_default();
        inbox.last = inbox.last.next();
        let about = inbox::subjects(notice);
        inbox.entries.retain(|_, other| !inbox::subjects(other).iter().any(|it| about.contains(it)));
        inbox.entries.insert(inbox.last, notice.clone());
        if inbox.last.0.is_multiple_of(inbox::COUNTED_EVERY) {
            let too_many = inbox.entries.len().saturating_sub(inbox::WAITING_MAX);
            let past = inbox.entries.iter().filter(|(_, notice)| inbox::is_past(notice));
            for seq in past.map(|(seq, _)| *seq).take(too_many).collect::<Vec<_>>() {
                inbox.entries.remove(&seq);
            }
        }
        outcome.woken.push(account);
    }
}

impl Log {
    fn head(&self) -> Seq {
        self.entries.last().map_or(Seq(0), |entry| entry.seq)
    }

    fn replies(&self) -> Vec<(RequestId, Seq, Timestamp)> {
        let newest = self.entries.last().map_or(Timestamp(0), |entry| entry.at);
        let young = self.entries.iter().filter(|entry| newest.ms_since(entry.at) < REPLY_MEMORY_MS);
        young.filter_map(|entry| Some((entry.request?, entry.seq, entry.at))).collect()
    }
}
