//! The tables of the embedded ledger, and how a batch changes them inside one write transaction.
//!
//! Nothing here decides what is durable or who sees it: that is the transaction's owner.

use std::collections::BTreeSet;

use lotgenoot_core::effect::{Append, Batch, Op, Package};
use lotgenoot_core::figures::Counts as Figures;
use lotgenoot_core::inbox;
use lotgenoot_core::survey::Counts;
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, RoomId, Seq, Timestamp, codec};
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::chains::{Draft, End};
use super::letters::LetterTables;
use super::on_use::OnUse;
use super::record::{self, Header, Record};
use super::vaults::VaultTables;
use super::{Broken, Outcome};

pub(super) type Bytes = &'static [u8];

pub(super) const LOG: TableDefinition<u64, Bytes> = TableDefinition::new("log");
pub(super) const HEADS: TableDefinition<Bytes, Bytes> = TableDefinition::new("heads");
/// Up to where nobody is to read a room any more.
pub(super) const TRIMMED: TableDefinition<Bytes, u64> = TableDefinition::new("trimmed");
/// Up to where what nobody is to read any more has no bytes any more.
pub(super) const CLEARED: TableDefinition<Bytes, u64> = TableDefinition::new("cleared");
pub(super) const ROOMS: TableDefinition<Bytes, Bytes> = TableDefinition::new("rooms");
/// Rooms that were removed: nobody opens one by the same id again.
pub(super) const OVER: TableDefinition<Bytes, ()> = TableDefinition::new("rooms_over");
pub(super) const CURSORS: TableDefinition<Bytes, u64> = TableDefinition::new("cursors");
pub(super) const INBOX: TableDefinition<Bytes, Bytes> = TableDefinition::new("inbox");
pub(super) const INBOX_HEADS: TableDefinition<Bytes, u64> = TableDefinition::new("inbox_heads");
// The newest entry about each matter: account, subject.
const INBOX_SUBJECTS: TableDefinition<Bytes, u64> = TableDefinition::new("inbox_subjects");
pub(super) const PACKAGES: TableDefinition<Bytes, Bytes> = TableDefinition::new("key_packages");
pub(super) const LAST_RESORTS: TableDefinition<Bytes, Bytes> = TableDefinition::new("last_resorts");
/// When a KeyPackage's time is over, in milliseconds, by the key of its row; of last resort: by [`last_resort_key`].
pub(super) const ENDS: TableDefinition<Bytes, u64> = TableDefinition::new("key_package_ends");
pub(super) const OWNERS: TableDefinition<Bytes, Bytes> = TableDefinition::new("key_package_owners");
pub(super) const CALLS: TableDefinition<Bytes, Bytes> = TableDefinition::new("calls");
/// How staff are called, by account.
pub(super) const CHANNELS: TableDefinition<Bytes, Bytes> = TableDefinition::new("channels");
/// Pages on their way, by page and channel.
pub(super) const OUTBOX: TableDefinition<Bytes, Bytes> = TableDefinition::new("outbox");
/// One row: the newest state of the staff.
pub(super) const OFFICE: TableDefinition<u64, Bytes> = TableDefinition::new("office");
/// One row: the newest calendar.
pub(super) const CALENDAR: TableDefinition<u64, Bytes> = TableDefinition::new("calendar");
/// One row: the newest plan of duty.
pub(super) const DUTY: TableDefinition<u64, Bytes> = TableDefinition::new("duty");
/// One row, 0: who on duty has said that she is there.
pub(super) const CHECK_INS: TableDefinition<u64, Bytes> = TableDefinition::new("check_ins");
/// What was said of sessions, by month.
pub(super) const SURVEYS: TableDefinition<u32, Bytes> = TableDefinition::new("surveys");
/// How help calls went: the quarter in four bytes, then the service.
pub(super) const FIGURES: TableDefinition<Bytes, Bytes> = TableDefinition::new("figures");
pub(super) const META: TableDefinition<&'static str, u64> = TableDefinition::new("meta");

/// The layout of the tables. A file with another one is not opened.
const LAYOUT: u64 = 1;
/// At most this many records, and one commit's, are read at start to find the ends of all chains.
const CHECKPOINT_EVERY: u64 = 8192;

/// All tables of one write transaction.
pub(super) struct Tables<'t> {
    pub(super) log: OnUse<'t, u64, Bytes>,
    heads: OnUse<'t, Bytes, Bytes>,
    trimmed: OnUse<'t, Bytes, u64>,
    pub(super) cleared: OnUse<'t, Bytes, u64>,
    rooms: OnUse<'t, Bytes, Bytes>,
    over: OnUse<'t, Bytes, ()>,
    cursors: OnUse<'t, Bytes, u64>,
    inbox: OnUse<'t, Bytes, Bytes>,
    inbox_heads: OnUse<'t, Bytes, u64>,
    inbox_subjects: OnUse<'t, Bytes, u64>,
    packages: OnUse<'t, Bytes, Bytes>,
    last_resorts: OnUse<'t, Bytes, Bytes>,
    ends: OnUse<'t, Bytes, u64>,
    owners: OnUse<'t, Bytes, Bytes>,
    calls: OnUse<'t, Bytes, Bytes>,
    channels: OnUse<'t, Bytes, Bytes>,
    outbox: OnUse<'t, Bytes, Bytes>,
    office: OnUse<'t, u64, Bytes>,
    calendar: OnUse<'t, u64, Bytes>,
    duty: OnUse<'t, u64, Bytes>,
    check_ins: OnUse<'t, u64, Bytes>,
    surveys: OnUse<'t, u32, Bytes>,
    figures: OnUse<'t, Bytes, Bytes>,
    pub(super) meta: OnUse<'t, &'static str, u64>,
    vaults: VaultTables<'t>,
    letters: LetterTables<'t>,
}

impl<'t> Tables<'t> {
    pub(super) fn new(write: &'t WriteTransaction) -> Self {
        Self {
            log: OnUse::new(write, LOG),
            heads: OnUse::new(write, HEADS),
            trimmed: OnUse::new(write, TRIMMED),
            cleared: OnUse::new(write, CLEARED),
            rooms: OnUse::new(write, ROOMS),
            over: OnUse::new(write, OVER),
            cursors: OnUse::new(write, CURSORS),
            inbox: OnUse::new(write, INBOX),
            inbox_heads: OnUse::new(write, INBOX_HEADS),
            inbox_subjects: OnUse::new(write, INBOX_SUBJECTS),
            packages: OnUse::new(write, PACKAGES),
            last_resorts: OnUse::new(write, LAST_RESORTS),
            ends: OnUse::new(write, ENDS),
            owners: OnUse::new(write, OWNERS),
            calls: OnUse::new(write, CALLS),
            channels: OnUse::new(write, CHANNELS),
            outbox: OnUse::new(write, OUTBOX),
            office: OnUse::new(write, OFFICE),
            calendar: OnUse::new(write, CALENDAR),
            duty: OnUse::new(write, DUTY),
            check_ins: OnUse::new(write, CHECK_INS),
            surveys: OnUse::new(write, SURVEYS),
            figures: OnUse::new(write, FIGURES),
            meta: OnUse::new(write, META),
            vaults: VaultTables::new(write),
            letters: LetterTables::new(write),
        }
    }

    /// Makes those that are not there yet.
    fn make(&self) -> Result<(), Broken> {
        self.log.read()?;
        self.heads.read()?;
        self.trimmed.read()?;
        self.cleared.read()?;
        self.rooms.read()?;
        self.over.read()?;
        self.cursors.read()?;
        self.inbox.read()?;
        self.inbox_heads.read()?;
        self.inbox_subjects.read()?;
        self.packages.read()?;
        self.last_resorts.read()?;
        self.ends.read()?;
        self.owners.read()?;
        self.calls.read()?;
        self.channels.read()?;
        self.outbox.read()?;
        self.office.read()?;
        self.calendar.read()?;
        self.duty.read()?;
        self.check_ins.read()?;
        self.surveys.read()?;
        self.figures.read()?;
        self.meta.read()?;
        self.vaults.make()?;
        self.letters.make()
    }

    /// Applies `batch`, or refuses it whole.
    ///
    /// Preconditions first: a refused batch leaves nothing behind in the transaction it shares with others.
    pub(super) fn apply(
        &mut self,
        batch: &Batch,
        draft: &mut Draft<'_>,
    ) -> Result<Result<Outcome, Refused>, Broken> {
        let mut put = BTreeSet::new();
        for op in &batch.ops {
            match op {
                Op::CreateRoom { room, .. } => {
                    let is_stored = self.rooms.read()?.get(room.0.as_slice()).map_err(broken)?.is_some();
                    let was_stored = self.over.read()?.get(room.0.as_slice()).map_err(broken)?.is_some();
                    if is_stored || was_stored || !put.insert(room) {
                        return Ok(Err(Refused::Exists));
                    }
                }
                Op::PutRoom { room, .. } | Op::RemoveRoom { room } => {
                    put.insert(room);
                }
                Op::PutOffice { after, .. } => {
                    let newest =
                        self.office.read()?.last().map_err(broken)?.map_or(0, |(number, _)| number.value());
                    if newest != *after {
                        return Ok(Err(Refused::Exists));
                    }
                }
                Op::PutCalendar { number, .. } => {
                    let newest =
                        self.calendar.read()?.last().map_err(broken)?.map_or(0, |(number, _)| number.value());
                    if newest.checked_add(1) != Some(*number) {
                        return Ok(Err(Refused::Exists));
                    }
                }
                Op::PutDutyPlan { number, .. } => {
                    let newest =
                        self.duty.read()?.last().map_err(broken)?.map_or(0, |(number, _)| number.value());
                    if newest.checked_add(1) != Some(*number) {
                        return Ok(Err(Refused::Exists));
                    }
                }
                other => {
                    let allowed = self.vaults.check(other)?.and(self.letters.check(other)?);
                    if let Err(refused) = allowed {
                        return Ok(Err(refused));
                    }
                }
            }
        }
        let mut outcome = Outcome::default();
        for op in &batch.ops {
            self.apply_op(op, draft, &mut outcome)?;
        }
        Ok(Ok(outcome))
    }

    fn apply_op(&mut self, op: &Op, draft: &mut Draft<'_>, outcome: &mut Outcome) -> Result<(), Broken> {
        match op {
            Op::CreateRoom { room, record } | Op::PutRoom { room, record } => {
                self.rooms.change()?.insert(room.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::Append(append) => self.append(append, draft)?,
            Op::Cursor { room, leaf, seq } => {
                self.cursors.change()?.insert(cursor_key(room, leaf).as_slice(), seq.0).map_err(broken)?;
            }
            Op::Trim { room, through } => self.trim(room, *through, draft)?,
            Op::RemoveRoom { room } => self.remove_room(room, draft)?,
            Op::Notify { account, notice } => self.notify(account, notice, outcome)?,
            Op::NotifyKeyPackage { key_package, notice } => {
                let owner = self.owners.read()?.get(key_package.as_slice()).map_err(broken)?;
                let account = owner.and_then(|owner| AccountKey::from_slice(owner.value()));
                if let Some(account) = account {
                    self.notify(&account, notice, outcome)?;
                }
            }
            Op::Publish { account, packages, last_resort } => {
                self.publish(account, packages, last_resort.as_ref())?;
            }
            Op::Claim { accounts, one_time, now } => {
                for account in accounts {
                    let claimed = self.claim(account, *one_time, *now)?;
                    outcome.claimed.push(claimed);
                }
            }
            Op::AckInbox { account, seq } => {
                for (seq, notice) in self.inbox_through(account, *seq)? {
                    self.remove_notice(account, seq, notice.as_ref())?;
                }
            }
            Op::PutOffice { number, record, .. } => {
                self.office.change()?.retain(|_, _| false).map_err(broken)?;
                self.office.change()?.insert(*number, record.as_slice()).map_err(broken)?;
            }
            Op::PutCalendar { number, record } => {
                self.calendar.change()?.retain(|_, _| false).map_err(broken)?;
                self.calendar.change()?.insert(*number, record.as_slice()).map_err(broken)?;
            }
            Op::PutDutyPlan { number, record } => {
                self.duty.change()?.retain(|_, _| false).map_err(broken)?;
                self.duty.change()?.insert(*number, record.as_slice()).map_err(broken)?;
            }
            Op::PutCheckIns { record } => {
                self.check_ins.change()?.insert(0, record.as_slice()).map_err(broken)?;
            }
            Op::CountSurvey { month, answers } => {
                let known = self.surveys.read()?.get(*month).map_err(broken)?.map(|it| it.value().to_vec());
                let mut counts: Counts = match known {
                    Some(known) => codec::from_slice(&known).ok_or_else(|| damaged("surveys"))?,
                    None => Counts::default(),
                };
                counts.add(answers);
                self.surveys.change()?.insert(*month, codec::to_vec(&counts).as_slice()).map_err(broken)?;
            }
            Op::CountCall { quarter, service, figure } => {
                let key = [&quarter.to_be_bytes(), service.as_bytes()].concat();
                let known =
                    self.figures.read()?.get(key.as_slice()).map_err(broken)?.map(|it| it.value().to_vec());
                let mut counts = match known {
                    Some(known) => codec::from_slice(&known).ok_or_else(|| damaged("figures"))?,
                    None => Figures::default(),
                };
                counts.add(*figure);
                self.figures
                    .change()?
                    .insert(key.as_slice(), codec::to_vec(&counts).as_slice())
                    .map_err(broken)?;
            }
            Op::PutCall { call, record } => {
                self.calls.change()?.insert(call.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::RemoveCall { call } => {
                self.calls.change()?.remove(call.0.as_slice()).map_err(broken)?;
            }
            Op::PutChannels { account, record } => {
                self.channels.change()?.insert(account.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::PutSending { page, channel, record } => {
                let key = [page.0, channel.0].concat();
                self.outbox.change()?.insert(key.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::RemoveSending { page, channel } => {
                self.outbox.change()?.remove([page.0, channel.0].concat().as_slice()).map_err(broken)?;
            }
            other if self.letters.apply(other)? => {}
            of_a_vault => self.vaults.apply(of_a_vault)?,
        }
        Ok(())
    }

    fn append(&mut self, append: &Append, draft: &mut Draft<'_>) -> Result<(), Broken> {
        if append.seq != draft.end(&append.room).seq.next() {
            return Err(Broken::new(format!(
                "a log would have a hole at {}: a bug; report it",
                append.seq.0
            )));
        }
        let (position, prev) = draft.append(append.room, append.seq, append.at);
        let length = record::length(append);
        let mut bytes = self.log.change()?.insert_reserve(position, length).map_err(broken)?;
        record::write(append, prev, bytes.as_mut());
        Ok(())
    }

    // Nobody is to read what is up to there any more; its bytes go when there is time for it.
    fn trim(&mut self, room: &RoomId, through: Seq, draft: &mut Draft<'_>) -> Result<(), Broken> {
        if let Some(last) = draft.trim(*room, through) {
            self.trimmed.change()?.insert(room.0.as_slice(), last.0).map_err(broken)?;
        }
        Ok(())
    }

    fn remove_room(&mut self, room: &RoomId, draft: &mut Draft<'_>) -> Result<(), Broken> {
        self.trim(room, Seq(u64::MAX), draft)?;
        self.rooms.change()?.remove(room.0.as_slice()).map_err(broken)?;
        let (from, to) = room_range(room);
        self.cursors.change()?.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)?;
        self.over.change()?.insert(room.0.as_slice(), ()).map_err(broken)?;
        Ok(())
    }

    pub(super) fn put_end(&mut self, room: &RoomId, end: End) -> Result<(), Broken> {
        let value = [end.head.to_be_bytes(), end.seq.0.to_be_bytes()].concat();
        self.heads.change()?.insert(room.0.as_slice(), value.as_slice()).map_err(broken)?;
        Ok(())
    }

    fn notify(&mut self, account: &AccountKey, notice: &Notice, outcome: &mut Outcome) -> Result<(), Broken> {
        let last =
            self.inbox_heads.read()?.get(account.0.as_slice()).map_err(broken)?.map_or(0, |it| it.value());
        let seq = Seq(last + 1);
        self.inbox_heads.change()?.insert(account.0.as_slice(), seq.0).map_err(broken)?;
        for subject in inbox::subjects(notice) {
            let key = [&account.0, subject.as_slice()].concat();
            let before = self.inbox_subjects.change()?.insert(key.as_slice(), seq.0).map_err(broken)?;
            let before = before.map(|before| Seq(before.value()));
            if let Some(before) = before.filter(|before| *before != seq) {
                self.replace_notice(account, before)?;
            }
        }
        let value = codec::to_vec(notice);
        self.inbox.change()?.insert(inbox_key(account, seq).as_slice(), value.as_slice()).map_err(broken)?;
        if seq.0.is_multiple_of(inbox::COUNTED_EVERY) {
            self.forget_what_is_past(account, seq)?;
        }
        outcome.woken.push(*account);
        Ok(())
    }

    // A newer word about the same is there.
    fn replace_notice(&mut self, account: &AccountKey, seq: Seq) -> Result<(), Broken> {
        let stored = self.inbox.read()?.get(inbox_key(account, seq).as_slice()).map_err(broken)?;
        let stored = stored.map(|value| codec::from_slice::<Notice>(value.value()));
        match stored {
            Some(notice) => self.remove_notice(account, seq, notice.as_ref()),
            None => Ok(()),
        }
    }

    // One that cannot be read, of a later version perhaps, is nobody's reason to page nobody: it goes like any other.
    fn remove_notice(
        &mut self,
        account: &AccountKey,
        seq: Seq,
        notice: Option<&Notice>,
    ) -> Result<(), Broken> {
        self.inbox.change()?.remove(inbox_key(account, seq).as_slice()).map_err(broken)?;
        for subject in notice.map(inbox::subjects).unwrap_or_default() {
            let key = [&account.0, subject.as_slice()].concat();
            let newest =
                self.inbox_subjects.read()?.get(key.as_slice()).map_err(broken)?.map(|seq| seq.value());
            if newest == Some(seq.0) {
                self.inbox_subjects.change()?.remove(key.as_slice()).map_err(broken)?;
            }
        }
        Ok(())
    }

    fn forget_what_is_past(&mut self, account: &AccountKey, through: Seq) -> Result<(), Broken> {
        let waiting = self.inbox_through(account, through)?;
        let too_many = waiting.len().saturating_sub(inbox::WAITING_MAX);
        let is_past = |notice: &Option<Notice>| notice.as_ref().is_none_or(inbox::is_past);
        for (seq, notice) in waiting.iter().filter(|(_, notice)| is_past(notice)).take(too_many) {
            self.remove_notice(account, *seq, notice.as_ref())?;
        }
        Ok(())
    }

    fn inbox_through(&self, account: &AccountKey, seq: Seq) -> Result<Vec<(Seq, Option<Notice>)>, Broken> {
        let (from, to) = (inbox_key(account, Seq(0)), inbox_key(account, seq));
        let mut waiting = Vec::new();
        for row in self.inbox.read()?.range(from.as_slice()..=to.as_slice()).map_err(broken)? {
            let (key, value) = row.map_err(broken)?;
            let seq = key.value()[32..].try_into().map(u64::from_be_bytes).map_err(|_| damaged("inbox"))?;
            waiting.push((Seq(seq), codec::from_slice(value.value())));
        }
        Ok(waiting)
    }

    fn publish(
        &mut self,
        account: &AccountKey,
        packages: &[Package],
        last_resort: Option<&Package>,
    ) -> Result<(), Broken> {
        let (from, to) = package_range(account);
        let mut there: BTreeSet<Vec<u8>> = BTreeSet::new();
        for row in self.packages.read()?.range(from.as_slice()..=to.as_slice()).map_err(broken)? {
            there.insert(row.map_err(broken)?.1.value().to_vec());
        }
        self.packages.change()?.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)?;
        self.ends.change()?.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)?;
        for (at, package) in packages.iter().enumerate() {
            // Published before and not there any more: it was handed out. Asked again, it is not handed out again.
            let known = self.owners.read()?.get(package.reference.as_slice()).map_err(broken)?.is_some();
            if known && !there.contains(&package.bytes.0) {
                continue;
            }
            let key = package_key(account, at as u32);
            self.packages.change()?.insert(key.as_slice(), package.bytes.0.as_slice()).map_err(broken)?;
            self.ends.change()?.insert(key.as_slice(), package.until.0).map_err(broken)?;
            self.owners
                .change()?
                .insert(package.reference.as_slice(), account.0.as_slice())
                .map_err(broken)?;
        }
        match last_resort {
            Some(package) => {
                self.last_resorts
                    .change()?
                    .insert(account.0.as_slice(), package.bytes.0.as_slice())
                    .map_err(broken)?;
                self.ends
                    .change()?
                    .insert(last_resort_key(account).as_slice(), package.until.0)
                    .map_err(broken)?;
                self.owners
                    .change()?
                    .insert(package.reference.as_slice(), account.0.as_slice())
                    .map_err(broken)?;
            }
            None => {
                self.last_resorts.change()?.remove(account.0.as_slice()).map_err(broken)?;
            }
        }
        Ok(())
    }

    fn claim(
        &mut self,
        account: &AccountKey,
        one_time: bool,
        now: Timestamp,
    ) -> Result<Option<Blob>, Broken> {
        while let Some((key, package)) = self.first_package(account, one_time)? {
            let over = self.is_over(&key, now)?;
            self.packages.change()?.remove(key.as_slice()).map_err(broken)?;
            self.ends.change()?.remove(key.as_slice()).map_err(broken)?;
            if !over {
                return Ok(Some(package));
            }
        }
        if self.is_over(&last_resort_key(account), now)? {
            return Ok(None);
        }
        let last_resort = self.last_resorts.read()?.get(account.0.as_slice()).map_err(broken)?;
        Ok(last_resort.map(|it| Blob(it.value().to_vec())))
    }

    // One that was published before this was written down counts as long as it is there: a week, if its owner comes.
    fn is_over(&self, key: &[u8], now: Timestamp) -> Result<bool, Broken> {
        let end = self.ends.read()?.get(key).map_err(broken)?;
        Ok(end.is_some_and(|end| end.value() <= now.0))
    }

    fn first_package(&self, account: &AccountKey, one_time: bool) -> Result<Option<(Vec<u8>, Blob)>, Broken> {
        let (from, to) = package_range(account);
        let mut range = self.packages.read()?.range(from.as_slice()..=to.as_slice()).map_err(broken)?;
        let Some(row) = range.next().filter(|_| one_time) else { return Ok(None) };
        let (key, value) = row.map_err(broken)?;
        Ok(Some((key.value().to_vec(), Blob(value.value().to_vec()))))
    }

    /// Writes down where the chains end, now and then.
    pub(super) fn checkpoint(&mut self, draft: &mut Draft<'_>) -> Result<(), Broken> {
        if let Some((ends, checkpoint)) = draft.checkpoint(CHECKPOINT_EVERY) {
            for (room, end) in ends {
                self.put_end(&room, end)?;
            }
            self.meta.change()?.insert("checkpoint", checkpoint).map_err(broken)?;
        }
        Ok(())
    }
}

/// Makes the tables of a new database. One that holds something else, or another layout, is left as it is.
pub(super) fn create_tables(write: &WriteTransaction) -> Result<(), Broken> {
    let is_new = write.list_tables().map_err(broken)?.next().is_none();
    {
        let mut meta = write.open_table(META).map_err(broken)?;
        let layout = meta.get("layout").map_err(broken)?.map(|it| it.value());
        match layout {
            Some(LAYOUT) => {}
            None if is_new => {
                meta.insert("layout", LAYOUT).map_err(broken)?;
            }
            None => return Err(Broken::new("the database is not a relay's; name another file")),
            Some(other) => {
                return Err(Broken::new(format!(
                    "the database has layout {other}, this relay knows layout {LAYOUT}; use the relay that wrote it"
                )));
            }
        }
    }
    Tables::new(write).make()
}

/// The record at `position`, if it was not swept.
pub(super) fn record_at(
    log: &impl ReadableTable<u64, Bytes>,
    position: u64,
) -> Result<Option<Record>, Broken> {
    let Some(bytes) = log.get(position).map_err(broken)? else { return Ok(None) };
    Record::from_bytes(bytes.value()).map(Some).ok_or_else(|| damaged("log"))
}

/// Its header only.
pub(super) fn header_at(
    log: &impl ReadableTable<u64, Bytes>,
    position: u64,
) -> Result<Option<Header>, Broken> {
    let Some(bytes) = log.get(position).map_err(broken)? else { return Ok(None) };
    Header::from_bytes(bytes.value()).map(Some).ok_or_else(|| damaged("log"))
}

/// The end of a chain as `heads` holds it.
pub(super) fn end_from(bytes: &[u8]) -> Option<End> {
    let (head, seq) = bytes.split_first_chunk::<8>()?;
    let seq = u64::from_be_bytes(seq.try_into().ok()?);
    Some(End { head: u64::from_be_bytes(*head), seq: Seq(seq) })
}

fn cursor_key(room: &RoomId, leaf: &LeafKey) -> Vec<u8> {
    [room.0.as_slice(), leaf.0.as_slice()].concat()
}

/// The keys of all cursors of a room, ends included.
pub(super) fn room_range(room: &RoomId) -> (Vec<u8>, Vec<u8>) {
    (cursor_key(room, &LeafKey([0; 32])), cursor_key(room, &LeafKey([0xff; 32])))
}

/// The key of an inbox entry.
pub(super) fn inbox_key(account: &AccountKey, seq: Seq) -> Vec<u8> {
    [account.0.as_slice(), seq.0.to_be_bytes().as_slice()].concat()
}

fn package_key(account: &AccountKey, at: u32) -> Vec<u8> {
    [account.0.as_slice(), at.to_be_bytes().as_slice()].concat()
}

/// The keys of all one-time KeyPackages of an account, ends included.
pub(super) fn package_range(account: &AccountKey) -> (Vec<u8>, Vec<u8>) {
    (package_key(account, 0), package_key(account, u32::MAX))
}

// Outside the range of one-time ones: an account has far fewer.
fn last_resort_key(account: &AccountKey) -> Vec<u8> {
    [account.0.as_slice(), b"last"].concat()
}

/// A record that cannot be read.
pub(super) fn damaged(table: &str) -> Broken {
    Broken::new(format!("a record of table {table} is damaged; stop the relay and restore the newest backup"))
}

/// The database failed.
pub(super) fn broken(error: impl Into<redb::Error>) -> Broken {
    let error = error.into();
    Broken::new(format!("the database failed: {error}; check the disk, then start the relay again"))
}
