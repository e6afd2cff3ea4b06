//! The embedded ledger: one redb file.
//!
//! The log has one rising key (`position`), because that commits 256 messages in a third of the time that keys
//! scattered over rooms take (study "performance", §3). A room's entries are a chain through `prev`; where each
//! room's chain ends is kept in memory ([`super::chains`]), written to `heads` now and then, and found again at start
//! by reading the log from the last checkpoint on.
//!
//! Readers see the index and the tables as the same commit left them, and never wait for the disk.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fs::{self, File};
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use lotgenoot_core::effect::{Append, Batch, Op};
use lotgenoot_core::figures::Counts as Figures;
use lotgenoot_core::room::Tail;
use lotgenoot_core::survey::Counts;
use lotgenoot_core::vault::{StoredSlot, StoredVault};
use lotgenoot_protocol::frame::{InboxEntry, Notice};
use lotgenoot_protocol::letters::Letter;
use lotgenoot_protocol::limits::{REPLIES_PER_ROOM_MAX, REPLY_MEMORY_MS};
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, LeafKey, LetterId, PartId, Refused, RequestId, RoomId, Seq, Serial, SlotId,
    Timestamp, VaultId, codec,
};
use redb::{Builder, Database, ReadTransaction, ReadableDatabase, ReadableTable};

use super::chains::{Chains, Draft, End, LogEnd, Shown, lock};
use super::clearing::CLEARED_AT_ONCE;
use super::record::Header;
use super::tables::{
    CALENDAR, CALLS, CHANNELS, CHECK_INS, CLEARED, CURSORS, DUTY, FIGURES, HEADS, INBOX, INBOX_HEADS, LOG,
    META, OFFICE, OUTBOX, OVER, PACKAGES, ROOMS, SURVEYS, TRIMMED, Tables, broken, create_tables, damaged,
    end_from, header_at, inbox_key, package_range, record_at, room_range,
};
use super::{Broken, Ledger, Outcome, letters, vaults};

/// redb's own default lets the process grow to 600 MB.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// A ledger in one file.
pub struct RedbLedger {
    shown: Mutex<Shown>,
    // Who has had an inbox or KeyPackages: staff, so few.
    mailboxes: RwLock<HashSet<AccountKey>>,
    // Held during a commit, so that there is one at a time.
    log_end: Mutex<LogEnd>,
    db: Database,
}

impl RedbLedger {
    /// Opens the file at `path`, or makes a new one if there is none.
    ///
    /// A file that is there and cannot be opened is an error, never replaced by an empty one. So a new one gets its
    /// name when it is whole: a crash at the very first start leaves nothing that has to be repaired by hand.
    pub fn open(path: &Path) -> Result<Self, Broken> {
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE_BYTES);
        let does_not_open = |error: redb::Error| {
            Broken::new(format!(
                "the database {} does not open ({error}); stop every other relay that uses it, or restore the newest backup",
                path.display()
            ))
        };
        if !path.try_exists().map_err(|error| does_not_open(error.into()))? {
            make(&builder, path)?;
        }
        Self::with_database(builder.open(path).map_err(|error| does_not_open(error.into()))?)
    }

    /// A ledger on any redb database: tests pass one that forgets what was not synced.
    pub fn with_database(db: Database) -> Result<Self, Broken> {
        let write = db.begin_write().map_err(broken)?;
        create_tables(&write)?;
        write.commit().map_err(broken)?;
        let read = db.begin_read().map_err(broken)?;
        let (chains, log_end) = find_chains(&read)?;
        let shown = Shown { chains, read: Arc::new(read) };
        let mailboxes = RwLock::new(find_mailboxes(&shown.read)?);
        Ok(Self { shown: Mutex::new(shown), mailboxes, log_end: Mutex::new(log_end), db })
    }

    // The tables as the last commit left them.
    fn read(&self) -> Arc<ReadTransaction> {
        lock(&self.shown).read.clone()
    }

    fn know_mailboxes(&self, batches: &[&Batch], outcomes: &[Result<Outcome, Refused>]) {
        let ops = batches.iter().flat_map(|batch| &batch.ops);
        let published = ops.filter_map(|op| match op {
            Op::Publish { account, .. } => Some(account),
            _ => None,
        });
        let notified = outcomes.iter().flatten().flat_map(|outcome| &outcome.woken);
        let mut accounts = published.chain(notified).peekable();
        if accounts.peek().is_some() {
            self.mailboxes.write().unwrap_or_else(PoisonError::into_inner).extend(accounts);
        }
    }

    // Sees to it that the positions of a room's entries are known, by walking its chain back once. What is said meanwhile is
    // walked after it: a room that is never silent has an end, too.
    fn know_kept(&self, room: &RoomId) -> Result<(), Broken> {
        let (mut found, mut known) = (VecDeque::new(), 0);
        loop {
            let (head, read) = {
                let shown = lock(&self.shown);
                let Some(head) = shown.chains.unwalked(room) else { return Ok(()) };
                (head, shown.read.clone())
            };
            found.extend(walk_back(&read, head, known)?);
            known = head;
            if lock(&self.shown).chains.walked(room, head, &mut found) {
                return Ok(());
            }
        }
    }
}

impl Ledger for RedbLedger {
    fn commit(&self, batches: &[&Batch]) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
        let mut log_end = lock(&self.log_end);
        let mut draft = Draft::new(&self.shown, &mut log_end);
        let write = self.db.begin_write().map_err(broken)?;
        let mut outcomes = Vec::with_capacity(batches.len());
        {
            let mut tables = Tables::new(&write);
            for batch in batches {
                outcomes.push(tables.apply(batch, &mut draft)?);
            }
            tables.clear_along(&mut draft)?;
            tables.checkpoint(&mut draft)?;
        }
        // Before anybody can find what is in it; too early does no harm.
        self.know_mailboxes(batches, &outcomes);
        write.commit().map_err(broken)?;
        draft.show(self.db.begin_read().map_err(broken)?);
        Ok(outcomes)
    }

    fn look_for_trimmed(&self) -> Result<(), Broken> {
        let rooms = lock(&self.shown).chains.trimmed_unwalked();
        rooms.iter().try_for_each(|room| self.know_kept(room))
    }

    fn clear(&self) -> Result<usize, Broken> {
        let mut log_end = lock(&self.log_end);
        let mut draft = Draft::new(&self.shown, &mut log_end);
        let waiting = draft.waiting();
        if waiting == 0 {
            return Ok(0);
        }
        let write = self.db.begin_write().map_err(broken)?;
        Tables::new(&write).clear(&mut draft, CLEARED_AT_ONCE)?;
        write.commit().map_err(broken)?;
        draft.show(self.db.begin_read().map_err(broken)?);
        Ok(waiting.min(CLEARED_AT_ONCE))
    }

    fn room(&self, room: &RoomId) -> Result<Option<(Vec<u8>, Tail)>, Broken> {
        let (end, trimmed, read) = {
            let shown = lock(&self.shown);
            (shown.chains.end(room), shown.chains.trimmed(room), shown.read.clone())
        };
        let rooms = read.open_table(ROOMS).map_err(broken)?;
        let Some(record) = rooms.get(room.0.as_slice()).map_err(broken)?.map(|it| it.value().to_vec()) else {
            return Ok(None);
        };
        let mut tail = Tail { head: end.seq, trimmed, replies: replies(&read, end)?, ..Tail::default() };
        let cursors = read.open_table(CURSORS).map_err(broken)?;
        let (from, to) = room_range(room);
        for row in cursors.range(from.as_slice()..=to.as_slice()).map_err(broken)? {
            let (key, seq) = row.map_err(broken)?;
            if let Some(leaf) = LeafKey::from_slice(&key.value()[16..]) {
                tail.cursors.push((leaf, Seq(seq.value())));
            }
        }
        Ok(Some((record, tail)))
    }

    fn is_over(&self, room: &RoomId) -> Result<bool, Broken> {
        let over = self.read().open_table(OVER).map_err(broken)?;
        Ok(over.get(room.0.as_slice()).map_err(broken)?.is_some())
    }

    fn rooms(&self, after: Option<RoomId>, max: usize) -> Result<Vec<RoomId>, Broken> {
        let rooms = self.read().open_table(ROOMS).map_err(broken)?;
        let from = after.map_or(Bound::Unbounded, |after| Bound::Excluded(after.0));
        let from = from.as_ref().map(<[u8; 16]>::as_slice);
        let rows = rooms.range::<&[u8]>((from, Bound::Unbounded)).map_err(broken)?;
        rows.take(max)
            .map(|row| {
                let (room, _) = row.map_err(broken)?;
                RoomId::from_slice(room.value()).ok_or_else(|| damaged("rooms"))
            })
            .collect()
    }

    fn entries(&self, room: &RoomId, after: Seq, max: usize) -> Result<Vec<Append>, Broken> {
        self.know_kept(room)?;
        let (wanted, read) = {
            let shown = lock(&self.shown);
            (shown.chains.kept_after(room, after, max), shown.read.clone())
        };
        let log = read.open_table(LOG).map_err(broken)?;
        let mut entries = Vec::with_capacity(wanted.len());
        for position in wanted {
            let record = record_at(&log, position)?.filter(|record| !record.trimmed);
            entries.push(record.ok_or_else(|| damaged("log"))?.append);
        }
        Ok(entries)
    }

    fn has_mailbox(&self, account: &AccountKey) -> bool {
        self.mailboxes.read().unwrap_or_else(PoisonError::into_inner).contains(account)
    }

    fn inbox(&self, account: &AccountKey, after: Seq, max: usize) -> Result<Vec<InboxEntry>, Broken> {
        let Some(first) = after.0.checked_add(1) else { return Ok(Vec::new()) };
        let read = self.read();
        let inbox = read.open_table(INBOX).map_err(broken)?;
        let (from, to) = (inbox_key(account, Seq(first)), inbox_key(account, Seq(u64::MAX)));
        let mut entries = Vec::new();
        for row in inbox.range(from.as_slice()..=to.as_slice()).map_err(broken)?.take(max) {
            let (key, value) = row.map_err(broken)?;
            let seq = key.value()[32..].try_into().map(u64::from_be_bytes).map_err(|_| damaged("inbox"))?;
            let notice: Notice = codec::from_slice(value.value()).ok_or_else(|| damaged("inbox"))?;
            entries.push(InboxEntry { seq: Seq(seq), notice });
        }
        Ok(entries)
    }

    fn key_packages_left(&self, account: &AccountKey) -> Result<u32, Broken> {
        let read = self.read();
        let packages = read.open_table(PACKAGES).map_err(broken)?;
        let (from, to) = package_range(account);
        Ok(packages.range(from.as_slice()..=to.as_slice()).map_err(broken)?.count() as u32)
    }

    fn calls(&self) -> Result<Vec<(CallId, Vec<u8>)>, Broken> {
        let read = self.read();
        let mut calls = Vec::new();
        for row in read.open_table(CALLS).map_err(broken)?.iter().map_err(broken)? {
            let (key, value) = row.map_err(broken)?;
            let call = CallId::from_slice(key.value()).ok_or_else(|| damaged("calls"))?;
            calls.push((call, value.value().to_vec()));
        }
        Ok(calls)
    }

    fn channels(&self) -> Result<Vec<(AccountKey, Vec<u8>)>, Broken> {
        let read = self.read();
        let channels = read.open_table(CHANNELS).map_err(broken)?;
        let rows = channels.iter().map_err(broken)?;
        rows.map(|row| {
            let (key, value) = row.map_err(broken)?;
            let account = AccountKey::from_slice(key.value()).ok_or_else(|| damaged("channels"))?;
            Ok((account, value.value().to_vec()))
        })
        .collect()
    }

    fn sendings(&self) -> Result<Vec<Vec<u8>>, Broken> {
        let read = self.read();
        let outbox = read.open_table(OUTBOX).map_err(broken)?;
        outbox.iter().map_err(broken)?.map(|row| Ok(row.map_err(broken)?.1.value().to_vec())).collect()
    }

    fn office(&self) -> Result<Option<(u64, Vec<u8>)>, Broken> {
        let read = self.read();
        let office = read.open_table(OFFICE).map_err(broken)?;
        let newest = office.last().map_err(broken)?;
        Ok(newest.map(|(number, record)| (number.value(), record.value().to_vec())))
    }

    fn calendar(&self) -> Result<Option<Vec<u8>>, Broken> {
        let read = self.read();
        let calendar = read.open_table(CALENDAR).map_err(broken)?;
        let newest = calendar.last().map_err(broken)?;
        Ok(newest.map(|(_, record)| record.value().to_vec()))
    }

    fn duty_plan(&self) -> Result<Option<Vec<u8>>, Broken> {
        let read = self.read();
        let duty = read.open_table(DUTY).map_err(broken)?;
        let newest = duty.last().map_err(broken)?;
        Ok(newest.map(|(_, record)| record.value().to_vec()))
    }

    fn check_ins(&self) -> Result<Option<Vec<u8>>, Broken> {
        let read = self.read();
        let check_ins = read.open_table(CHECK_INS).map_err(broken)?;
        let known = check_ins.get(0).map_err(broken)?;
        Ok(known.map(|record| record.value().to_vec()))
    }

    fn surveys(&self) -> Result<Vec<(u32, Counts)>, Broken> {
        let read = self.read();
        let surveys = read.open_table(SURVEYS).map_err(broken)?;
        let rows = surveys.iter().map_err(broken)?;
        rows.map(|row| {
            let (month, counts) = row.map_err(broken)?;
            let counts = codec::from_slice(counts.value()).ok_or_else(|| damaged("surveys"))?;
            Ok((month.value(), counts))
        })
        .collect()
    }

    fn figures(&self) -> Result<Vec<(u32, String, Figures)>, Broken> {
        let read = self.read();
        let figures = read.open_table(FIGURES).map_err(broken)?;
        let rows = figures.iter().map_err(broken)?;
        rows.map(|row| {
            let (key, counts) = row.map_err(broken)?;
            let (quarter, service) = key.value().split_first_chunk().ok_or_else(|| damaged("figures"))?;
            let service = String::from_utf8(service.to_vec()).map_err(|_| damaged("figures"))?;
            let counts = codec::from_slice(counts.value()).ok_or_else(|| damaged("figures"))?;
            Ok((u32::from_be_bytes(*quarter), service, counts))
        })
        .collect()
    }

    fn letter_keys(&self) -> Result<Vec<Vec<u8>>, Broken> {
        letters::keys(&self.read())
    }

    fn letters(&self, reader: &Serial, after: Option<LetterId>, max: usize) -> Result<Vec<Letter>, Broken> {
        letters::letters(&self.read(), reader, after, max)
    }

    fn slot(&self, slot: &SlotId) -> Result<Option<StoredSlot>, Broken> {
        vaults::slot(&self.read(), slot)
    }

    fn vault(&self, vault: &VaultId) -> Result<Option<StoredVault>, Broken> {
        vaults::vault(&self.read(), vault)
    }

    fn vault_parts(&self, vault: &VaultId, parts: &[PartId]) -> Result<Vec<Option<Blob>>, Broken> {
        vaults::parts(&self.read(), vault, parts)
    }

    fn untouched(&self, before: Timestamp, max: usize) -> Result<(Vec<SlotId>, Vec<VaultId>), Broken> {
        vaults::untouched(&self.read(), before, max)
    }
}

// Makes a new database beside `path`, then gives it that name.
fn make(builder: &Builder, path: &Path) -> Result<(), Broken> {
    let unfinished = path.with_added_extension("new");
    let failed = |error: io::Error| {
        Broken::new(format!("the database {} cannot be made ({error}); check the folder", path.display()))
    };
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    drop(RedbLedger::with_database(builder.create(&unfinished).map_err(broken)?)?);
    fs::rename(&unfinished, path).map_err(failed)?;
    // The name is durable before anything is said to be.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

// The ends of all chains: as of the last checkpoint, then as the log goes on.
fn find_chains(read: &ReadTransaction) -> Result<(Chains, LogEnd), Broken> {
    let mut chains = Chains::default();
    for row in read.open_table(HEADS).map_err(broken)?.iter().map_err(broken)? {
        let (room, end) = row.map_err(broken)?;
        let room = RoomId::from_slice(room.value()).ok_or_else(|| damaged("heads"))?;
        chains.found(room, end_from(end.value()).ok_or_else(|| damaged("heads"))?);
    }
    let meta = read.open_table(META).map_err(broken)?;
    let checkpoint = meta.get("checkpoint").map_err(broken)?.map_or(0, |it| it.value());
    let mut dirty = BTreeSet::new();
    let log = read.open_table(LOG).map_err(broken)?;
    for row in log.range(checkpoint + 1..).map_err(broken)? {
        let (position, bytes) = row.map_err(broken)?;
        let header = Header::from_bytes(bytes.value()).ok_or_else(|| damaged("log"))?;
        chains.found(header.room, End { head: position.value(), seq: header.seq });
        dirty.insert(header.room);
    }
    let cleared = read.open_table(CLEARED).map_err(broken)?;
    for row in read.open_table(TRIMMED).map_err(broken)?.iter().map_err(broken)? {
        let (key, through) = row.map_err(broken)?;
        let room = RoomId::from_slice(key.value()).ok_or_else(|| damaged("trimmed"))?;
        let cleared = cleared.get(key.value()).map_err(broken)?.map_or(0, |it| it.value());
        chains.found_trimmed(&room, Seq(through.value()), Seq(cleared));
    }
    let newest = match log.last().map_err(broken)? {
        Some((_, bytes)) => Header::from_bytes(bytes.value()).ok_or_else(|| damaged("log"))?.at,
        None => Timestamp(0),
    };
    let log_end = chains.log_end(checkpoint, dirty, newest);
    Ok((chains, log_end))
}

// Whose inbox was ever written to, and who has KeyPackages.
fn find_mailboxes(read: &ReadTransaction) -> Result<HashSet<AccountKey>, Broken> {
    let mut accounts = HashSet::new();
    for row in read.open_table(INBOX_HEADS).map_err(broken)?.iter().map_err(broken)? {
        let account = AccountKey::from_slice(row.map_err(broken)?.0.value());
        accounts.insert(account.ok_or_else(|| damaged("inbox_heads"))?);
    }
    for row in read.open_table(PACKAGES).map_err(broken)?.iter().map_err(broken)? {
        let (key, _) = row.map_err(broken)?;
        let account = key.value().get(..32).and_then(AccountKey::from_slice);
        accounts.insert(account.ok_or_else(|| damaged("key_packages"))?);
    }
    Ok(accounts)
}

// The positions of the entries that still have their bytes, in the chain that ends at `head`: those after `known`.
fn walk_back(read: &ReadTransaction, head: u64, known: u64) -> Result<VecDeque<u64>, Broken> {
    let log = read.open_table(LOG).map_err(broken)?;
    let mut kept = VecDeque::new();
    let mut position = head;
    while position != known
        && let Some(header) = header_at(&log, position)?.filter(|header| !header.trimmed)
    {
        kept.push_front(position);
        position = header.prev;
    }
    Ok(kept)
}

// Which request got which place, in the newest 24 hours of the chain that ends at `end`, oldest first.
fn replies(read: &ReadTransaction, end: End) -> Result<Vec<(RequestId, Seq, Timestamp)>, Broken> {
    let log = read.open_table(LOG).map_err(broken)?;
    let mut replies = Vec::new();
    let mut newest = None;
    let mut position = end.head;
    while let Some(header) = header_at(&log, position)? {
        let newest = *newest.get_or_insert(header.at);
        if newest.ms_since(header.at) >= REPLY_MEMORY_MS || replies.len() == REPLIES_PER_ROOM_MAX {
            break;
        }
        replies.extend(header.request.map(|request| (request, header.seq, header.at)));
        position = header.prev;
    }
    replies.reverse();
    Ok(replies)
}
