//! The embedded ledger: one redb file.
//!
//! The log has one rising key (`position`), because that commits 256 messages in a third of the time that keys
//! scattered over rooms take (study "performance", §3). A room's entries are a chain through `prev`; where each
//! room's chain ends is kept in memory, written to `heads` every [`CHECKPOINT_EVERY`] positions, and found again at
//! start by reading the log from the last checkpoint on.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lotgenoot_core::effect::{Append, Batch, Op};
use lotgenoot_core::room::Tail;
use lotgenoot_protocol::frame::{InboxEntry, Notice};
use lotgenoot_protocol::limits::REPLY_MEMORY_MS;
use lotgenoot_protocol::{AccountKey, Blob, CallId, LeafKey, Refused, RoomId, Seq, codec};
use redb::{Database, ReadableDatabase, ReadableTable, Table, TableDefinition, WriteTransaction};

use super::record::Record;
use super::{Broken, Ledger, Outcome};

type Bytes = &'static [u8];

const LOG: TableDefinition<u64, Bytes> = TableDefinition::new("log");
const HEADS: TableDefinition<Bytes, Bytes> = TableDefinition::new("heads");
const ROOMS: TableDefinition<Bytes, Bytes> = TableDefinition::new("rooms");
const CURSORS: TableDefinition<Bytes, u64> = TableDefinition::new("cursors");
const INBOX: TableDefinition<Bytes, Bytes> = TableDefinition::new("inbox");
const INBOX_HEADS: TableDefinition<Bytes, u64> = TableDefinition::new("inbox_heads");
const PACKAGES: TableDefinition<Bytes, Bytes> = TableDefinition::new("key_packages");
const LAST_RESORTS: TableDefinition<Bytes, Bytes> = TableDefinition::new("last_resorts");
const OWNERS: TableDefinition<Bytes, Bytes> = TableDefinition::new("key_package_owners");
const CALLS: TableDefinition<Bytes, Bytes> = TableDefinition::new("calls");
const META: TableDefinition<&'static str, u64> = TableDefinition::new("meta");

/// The layout of the tables. A file with another one is not opened.
const LAYOUT: u64 = 1;
/// At most this many records are read at start to find the ends of all chains.
const CHECKPOINT_EVERY: u64 = 8192;
/// Old stubs removed with each trim: a bounded share of the sweeping.
const SWEEP: usize = 64;
/// redb's own default lets the process grow to 600 MB.
const CACHE_BYTES: usize = 64 * 1024 * 1024;

/// A ledger in one file.
pub struct RedbLedger {
    db: Database,
    index: Mutex<Index>,
}

/// Where each room's chain ends.
#[derive(Default)]
struct Index {
    rooms: HashMap<RoomId, Chain>,
    next: u64,
    checkpoint: u64,
    dirty: BTreeSet<RoomId>,
}

#[derive(Clone, Default)]
struct Chain {
    head: u64,
    seq: Seq,
    // Positions of the entries that still have their bytes, oldest first; `None` until somebody asked.
    kept: Option<VecDeque<u64>>,
}

impl RedbLedger {
    /// Opens the file at `path`, or makes a new one if there is none.
    ///
    /// A file that is there and cannot be opened is an error, never replaced by an empty one.
    pub fn open(path: &Path) -> Result<Self, Broken> {
        let mut builder = Database::builder();
        builder.set_cache_size(CACHE_BYTES);
        let db = if path.exists() { builder.open(path) } else { builder.create(path) };
        let db = db.map_err(|error| {
            Broken::new(format!(
                "the database {} does not open ({error}); stop every other relay that uses it, or restore the newest backup",
                path.display()
            ))
        })?;
        Self::with_database(db)
    }

    /// A ledger on any redb database: tests pass one that forgets what was not synced.
    pub fn with_database(db: Database) -> Result<Self, Broken> {
        let write = db.begin_write().map_err(broken)?;
        create_tables(&write)?;
        write.commit().map_err(broken)?;
        let ledger = Self { db, index: Mutex::new(Index::default()) };
        let index = ledger.find_heads()?;
        *ledger.index() = index;
        Ok(ledger)
    }

    fn find_heads(&self) -> Result<Index, Broken> {
        let read = self.db.begin_read().map_err(broken)?;
        let mut index = Index::default();
        for row in read.open_table(HEADS).map_err(broken)?.iter().map_err(broken)? {
            let (room, head) = row.map_err(broken)?;
            if let (Some(room), Some((head, seq))) =
                (RoomId::from_slice(room.value()), two_numbers(head.value()))
            {
                index.rooms.insert(room, Chain { head, seq: Seq(seq), kept: None });
            }
        }
        let meta = read.open_table(META).map_err(broken)?;
        index.checkpoint = meta.get("checkpoint").map_err(broken)?.map_or(0, |it| it.value());
        index.next = index.checkpoint + 1;
        for row in read.open_table(LOG).map_err(broken)?.range(index.checkpoint + 1..).map_err(broken)? {
            let (position, bytes) = row.map_err(broken)?;
            let record =
                Record::from_bytes(bytes.value()).ok_or_else(|| Broken::new("a log record is damaged"))?;
            let chain = Chain { head: position.value(), seq: record.append.seq, kept: None };
            index.rooms.insert(record.append.room, chain);
            index.dirty.insert(record.append.room);
            index.next = position.value() + 1;
        }
        Ok(index)
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    // Sees to it that the positions of a room's entries are known, by walking its chain back once.
    fn know_kept(&self, room: &RoomId) -> Result<(), Broken> {
        loop {
            let head = match self.index().rooms.get(room) {
                Some(Chain { kept: None, head, .. }) => *head,
                _ => return Ok(()),
            };
            let kept = self.walk_back(head)?;
            let mut index = self.index();
            // If the chain has grown meanwhile, what was walked is not all of it.
            if let Some(chain) = index.rooms.get_mut(room).filter(|chain| chain.head == head) {
                chain.kept.get_or_insert(kept);
                return Ok(());
            }
        }
    }

    fn walk_back(&self, head: u64) -> Result<VecDeque<u64>, Broken> {
        let read = self.db.begin_read().map_err(broken)?;
        let log = read.open_table(LOG).map_err(broken)?;
        let mut kept = VecDeque::new();
        let mut position = head;
        while let Some(record) = record_at(&log, position)?.filter(|record| !record.trimmed) {
            kept.push_front(position);
            position = record.prev;
        }
        Ok(kept)
    }
}

impl Ledger for RedbLedger {
    fn commit(&self, batches: &[&Batch]) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
        for room in trimmed_rooms(batches) {
            self.know_kept(&room)?;
        }
        let mut index = self.index();
        let write = self.db.begin_write().map_err(broken)?;
        let mut outcomes = Vec::with_capacity(batches.len());
        {
            let mut tables = Tables::open(&write)?;
            for batch in batches {
                outcomes.push(tables.apply(batch, &mut index)?);
            }
            tables.checkpoint(&mut index)?;
        }
        write.commit().map_err(broken)?;
        Ok(outcomes)
    }

    fn room(&self, room: &RoomId) -> Result<Option<(Vec<u8>, Tail)>, Broken> {
        let (head, head_seq) = {
            let index = self.index();
            index.rooms.get(room).map_or((0, Seq(0)), |chain| (chain.head, chain.seq))
        };
        let read = self.db.begin_read().map_err(broken)?;
        let rooms = read.open_table(ROOMS).map_err(broken)?;
        let Some(record) = rooms.get(room.0.as_slice()).map_err(broken)?.map(|it| it.value().to_vec()) else {
            return Ok(None);
        };
        let mut tail = Tail { head: head_seq, ..Tail::default() };
        let log = read.open_table(LOG).map_err(broken)?;
        let mut position = head;
        let mut newest = None;
        while let Some(record) = record_at(&log, position)? {
            let at = record.append.at;
            let newest = *newest.get_or_insert(at);
            if record.trimmed {
                tail.trimmed = tail.trimmed.max(record.append.seq);
            }
            let young = newest.ms_since(at) < REPLY_MEMORY_MS;
            if !young && record.trimmed {
                break;
            }
            if let Some(request) = record.append.request.filter(|_| young) {
                tail.replies.push((request, record.append.seq, at));
            }
            if record.append.seq <= Seq(1) {
                break;
            }
            position = record.prev;
            if record_at(&log, position)?.is_none() {
                tail.trimmed = tail.trimmed.max(Seq(record.append.seq.0 - 1));
            }
        }
        tail.replies.reverse();
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

    fn entries(&self, room: &RoomId, after: Seq, max: usize) -> Result<Vec<Append>, Broken> {
        self.know_kept(room)?;
        let wanted: Vec<u64> = {
            let index = self.index();
            let Some(Chain { seq, kept: Some(kept), .. }) = index.rooms.get(room) else {
                return Ok(Vec::new());
            };
            let skip = (after.0 + kept.len() as u64).saturating_sub(seq.0) as usize;
            kept.iter().skip(skip).take(max).copied().collect()
        };
        let read = self.db.begin_read().map_err(broken)?;
        let log = read.open_table(LOG).map_err(broken)?;
        let mut entries = Vec::with_capacity(wanted.len());
        for position in wanted {
            // An entry that was trimmed since the positions were taken has been read by everybody.
            if let Some(record) = record_at(&log, position)?.filter(|record| !record.trimmed) {
                entries.push(record.append);
            }
        }
        Ok(entries)
    }

    fn inbox(&self, account: &AccountKey, after: Seq, max: usize) -> Result<Vec<InboxEntry>, Broken> {
        let read = self.db.begin_read().map_err(broken)?;
        let inbox = read.open_table(INBOX).map_err(broken)?;
        let (from, to) = (inbox_key(account, after.next()), inbox_key(account, Seq(u64::MAX)));
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
        let read = self.db.begin_read().map_err(broken)?;
        let packages = read.open_table(PACKAGES).map_err(broken)?;
        let (from, to) = package_range(account);
        Ok(packages.range(from.as_slice()..=to.as_slice()).map_err(broken)?.count() as u32)
    }

    fn calls(&self) -> Result<Vec<(CallId, Vec<u8>)>, Broken> {
        let read = self.db.begin_read().map_err(broken)?;
        let mut calls = Vec::new();
        for row in read.open_table(CALLS).map_err(broken)?.iter().map_err(broken)? {
            let (key, value) = row.map_err(broken)?;
            let call = CallId::from_slice(key.value()).ok_or_else(|| damaged("calls"))?;
            calls.push((call, value.value().to_vec()));
        }
        Ok(calls)
    }
}

/// All tables of one write transaction.
struct Tables<'t> {
    log: Table<'t, u64, Bytes>,
    heads: Table<'t, Bytes, Bytes>,
    rooms: Table<'t, Bytes, Bytes>,
    cursors: Table<'t, Bytes, u64>,
    inbox: Table<'t, Bytes, Bytes>,
    inbox_heads: Table<'t, Bytes, u64>,
    packages: Table<'t, Bytes, Bytes>,
    last_resorts: Table<'t, Bytes, Bytes>,
    owners: Table<'t, Bytes, Bytes>,
    calls: Table<'t, Bytes, Bytes>,
    meta: Table<'t, &'static str, u64>,
}

impl<'t> Tables<'t> {
    fn open(write: &'t WriteTransaction) -> Result<Self, Broken> {
        Ok(Self {
            log: write.open_table(LOG).map_err(broken)?,
            heads: write.open_table(HEADS).map_err(broken)?,
            rooms: write.open_table(ROOMS).map_err(broken)?,
            cursors: write.open_table(CURSORS).map_err(broken)?,
            inbox: write.open_table(INBOX).map_err(broken)?,
            inbox_heads: write.open_table(INBOX_HEADS).map_err(broken)?,
            packages: write.open_table(PACKAGES).map_err(broken)?,
            last_resorts: write.open_table(LAST_RESORTS).map_err(broken)?,
            owners: write.open_table(OWNERS).map_err(broken)?,
            calls: write.open_table(CALLS).map_err(broken)?,
            meta: write.open_table(META).map_err(broken)?,
        })
    }

    // Preconditions first: a refused batch leaves nothing behind in the transaction it shares with others.
    fn apply(&mut self, batch: &Batch, index: &mut Index) -> Result<Result<Outcome, Refused>, Broken> {
        for op in &batch.ops {
            if let Op::CreateRoom { room, .. } = op
                && self.rooms.get(room.0.as_slice()).map_err(broken)?.is_some()
            {
                return Ok(Err(Refused::Exists));
            }
        }
        let mut outcome = Outcome::default();
        for op in &batch.ops {
            self.apply_op(op, index, &mut outcome)?;
        }
        Ok(Ok(outcome))
    }

    fn apply_op(&mut self, op: &Op, index: &mut Index, outcome: &mut Outcome) -> Result<(), Broken> {
        match op {
            Op::CreateRoom { room, record } | Op::PutRoom { room, record } => {
                self.rooms.insert(room.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::Append(append) => self.append(append, index)?,
            Op::Cursor { room, leaf, seq } => {
                self.cursors.insert(cursor_key(room, leaf).as_slice(), seq.0).map_err(broken)?;
            }
            Op::Trim { room, through } => self.trim(room, *through, index)?,
            Op::Notify { account, notice } => self.notify(account, notice, outcome)?,
            Op::NotifyKeyPackage { key_package, notice } => {
                let owner = self.owners.get(key_package.as_slice()).map_err(broken)?;
                let account = owner.and_then(|owner| AccountKey::from_slice(owner.value()));
                if let Some(account) = account {
                    self.notify(&account, notice, outcome)?;
                }
            }
            Op::Publish { account, packages, last_resort } => {
                self.publish(account, packages, last_resort.as_ref())?;
            }
            Op::Claim { accounts } => {
                for account in accounts {
                    let claimed = self.claim(account)?;
                    outcome.claimed.push(claimed);
                }
            }
            Op::AckInbox { account, seq } => {
                let (from, to) = (inbox_key(account, Seq(0)), inbox_key(account, *seq));
                self.inbox.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)?;
            }
            Op::PutCall { call, record } => {
                self.calls.insert(call.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
        }
        Ok(())
    }

    fn append(&mut self, append: &Append, index: &mut Index) -> Result<(), Broken> {
        let position = index.next;
        let chain = index
            .rooms
            .entry(append.room)
            .or_insert_with(|| Chain { kept: Some(VecDeque::new()), ..Chain::default() });
        if append.seq != chain.seq.next() {
            return Err(Broken::new(format!(
                "a log would have a hole at {}: a bug; report it",
                append.seq.0
            )));
        }
        let record = Record { append: append.clone(), prev: chain.head, trimmed: false };
        self.log.insert(position, record.to_bytes().as_slice()).map_err(broken)?;
        chain.head = position;
        chain.seq = append.seq;
        if let Some(kept) = &mut chain.kept {
            kept.push_back(position);
        }
        index.next += 1;
        index.dirty.insert(append.room);
        Ok(())
    }

    fn trim(&mut self, room: &RoomId, through: Seq, index: &mut Index) -> Result<(), Broken> {
        let Some(chain) = index.rooms.get_mut(room) else { return Ok(()) };
        let Some(kept) = &mut chain.kept else { return Ok(()) };
        let mut newest = None;
        while let Some(position) = kept.front().copied() {
            let seq = chain.seq.0 + 1 - kept.len() as u64;
            if seq > through.0 {
                break;
            }
            kept.pop_front();
            let record = record_at(&self.log, position)?.ok_or_else(|| damaged("log"))?;
            newest = Some(record.append.at);
            let stub = Record { trimmed: true, ..record };
            self.log.insert(position, stub.to_bytes().as_slice()).map_err(broken)?;
        }
        if let Some(newest) = newest {
            self.sweep(newest)?;
        }
        Ok(())
    }

    // Removes the oldest stubs whose request ids have been remembered long enough.
    fn sweep(&mut self, now: lotgenoot_protocol::Timestamp) -> Result<(), Broken> {
        let mut old = Vec::new();
        for row in self.log.iter().map_err(broken)?.take(SWEEP) {
            let (position, bytes) = row.map_err(broken)?;
            let record = Record::from_bytes(bytes.value()).ok_or_else(|| damaged("log"))?;
            if !record.trimmed || now.ms_since(record.append.at) < REPLY_MEMORY_MS {
                break;
            }
            old.push(position.value());
        }
        for position in old {
            self.log.remove(position).map_err(broken)?;
        }
        Ok(())
    }

    fn notify(&mut self, account: &AccountKey, notice: &Notice, outcome: &mut Outcome) -> Result<(), Broken> {
        let last = self.inbox_heads.get(account.0.as_slice()).map_err(broken)?.map_or(0, |it| it.value());
        let seq = Seq(last + 1);
        self.inbox_heads.insert(account.0.as_slice(), seq.0).map_err(broken)?;
        let value = codec::to_vec(notice);
        self.inbox.insert(inbox_key(account, seq).as_slice(), value.as_slice()).map_err(broken)?;
        outcome.woken.push(*account);
        Ok(())
    }

    fn publish(
        &mut self,
        account: &AccountKey,
        packages: &[(Vec<u8>, Blob)],
        last_resort: Option<&(Vec<u8>, Blob)>,
    ) -> Result<(), Broken> {
        let (from, to) = package_range(account);
        self.packages.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)?;
        for (at, (reference, bytes)) in packages.iter().enumerate() {
            self.packages
                .insert(package_key(account, at as u32).as_slice(), bytes.0.as_slice())
                .map_err(broken)?;
            self.owners.insert(reference.as_slice(), account.0.as_slice()).map_err(broken)?;
        }
        match last_resort {
            Some((reference, bytes)) => {
                self.last_resorts.insert(account.0.as_slice(), bytes.0.as_slice()).map_err(broken)?;
                self.owners.insert(reference.as_slice(), account.0.as_slice()).map_err(broken)?;
            }
            None => {
                self.last_resorts.remove(account.0.as_slice()).map_err(broken)?;
            }
        }
        Ok(())
    }

    fn claim(&mut self, account: &AccountKey) -> Result<Option<Blob>, Broken> {
        let (from, to) = package_range(account);
        let first = {
            let mut range = self.packages.range(from.as_slice()..=to.as_slice()).map_err(broken)?;
            match range.next() {
                Some(row) => {
                    let (key, value) = row.map_err(broken)?;
                    Some((key.value().to_vec(), Blob(value.value().to_vec())))
                }
                None => None,
            }
        };
        if let Some((key, package)) = first {
            self.packages.remove(key.as_slice()).map_err(broken)?;
            return Ok(Some(package));
        }
        let last_resort = self.last_resorts.get(account.0.as_slice()).map_err(broken)?;
        Ok(last_resort.map(|it| Blob(it.value().to_vec())))
    }

    fn checkpoint(&mut self, index: &mut Index) -> Result<(), Broken> {
        if index.next - index.checkpoint <= CHECKPOINT_EVERY {
            return Ok(());
        }
        for room in std::mem::take(&mut index.dirty) {
            if let Some(chain) = index.rooms.get(&room) {
                let mut value = chain.head.to_be_bytes().to_vec();
                value.extend_from_slice(&chain.seq.0.to_be_bytes());
                self.heads.insert(room.0.as_slice(), value.as_slice()).map_err(broken)?;
            }
        }
        index.checkpoint = index.next - 1;
        self.meta.insert("checkpoint", index.checkpoint).map_err(broken)?;
        Ok(())
    }
}

fn create_tables(write: &WriteTransaction) -> Result<(), Broken> {
    let mut tables = Tables::open(write)?;
    let layout = tables.meta.get("layout").map_err(broken)?.map(|it| it.value());
    match layout {
        None => {
            tables.meta.insert("layout", LAYOUT).map_err(broken)?;
            Ok(())
        }
        Some(LAYOUT) => Ok(()),
        Some(other) => Err(Broken::new(format!(
            "the database has layout {other}, this relay knows layout {LAYOUT}; use the relay that wrote it"
        ))),
    }
}

fn record_at(log: &impl ReadableTable<u64, Bytes>, position: u64) -> Result<Option<Record>, Broken> {
    let Some(bytes) = log.get(position).map_err(broken)? else { return Ok(None) };
    Record::from_bytes(bytes.value()).map(Some).ok_or_else(|| damaged("log"))
}

fn trimmed_rooms(batches: &[&Batch]) -> BTreeSet<RoomId> {
    let ops = batches.iter().flat_map(|batch| &batch.ops);
    ops.filter_map(|op| match op {
        Op::Trim { room, .. } => Some(*room),
        _ => None,
    })
    .collect()
}

fn two_numbers(bytes: &[u8]) -> Option<(u64, u64)> {
    let (first, second) = bytes.split_first_chunk::<8>()?;
    Some((u64::from_be_bytes(*first), u64::from_be_bytes(second.try_into().ok()?)))
}

fn cursor_key(room: &RoomId, leaf: &LeafKey) -> Vec<u8> {
    [room.0.as_slice(), leaf.0.as_slice()].concat()
}

fn room_range(room: &RoomId) -> (Vec<u8>, Vec<u8>) {
    (cursor_key(room, &LeafKey([0; 32])), cursor_key(room, &LeafKey([0xff; 32])))
}

fn inbox_key(account: &AccountKey, seq: Seq) -> Vec<u8> {
    [account.0.as_slice(), seq.0.to_be_bytes().as_slice()].concat()
}

fn package_key(account: &AccountKey, at: u32) -> Vec<u8> {
    [account.0.as_slice(), at.to_be_bytes().as_slice()].concat()
}

fn package_range(account: &AccountKey) -> (Vec<u8>, Vec<u8>) {
    (package_key(account, 0), package_key(account, u32::MAX))
}

fn damaged(table: &str) -> Broken {
    Broken::new(format!("a record of table {table} is damaged; stop the relay and restore the newest backup"))
}

fn broken(error: impl Into<redb::Error>) -> Broken {
    let error = error.into();
    Broken::new(format!("the database failed: {error}; check the disk, then start the relay again"))
}
