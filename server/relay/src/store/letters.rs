//! The tables of letters and of the keys they are sealed with.

use lotgenoot_core::effect::Op;
use lotgenoot_protocol::letters::Letter;
use lotgenoot_protocol::limits::LETTERS_WAITING_MAX;
use lotgenoot_protocol::{Blob, LetterId, Refused, Serial, Timestamp};
use redb::{ReadTransaction, ReadableTable, TableDefinition, WriteTransaction};

use super::Broken;
use super::on_use::OnUse;
use super::tables::{Bytes, broken, damaged};

const KEYS: TableDefinition<Bytes, Bytes> = TableDefinition::new("letter_keys");
// Reader and letter: when it came (8 bytes), and the letter as it was sealed for her.
const LETTERS: TableDefinition<Bytes, Bytes> = TableDefinition::new("letters");

/// These tables in one write transaction.
pub(super) struct LetterTables<'t> {
    keys: OnUse<'t, Bytes, Bytes>,
    letters: OnUse<'t, Bytes, Bytes>,
}

impl<'t> LetterTables<'t> {
    pub(super) fn new(write: &'t WriteTransaction) -> Self {
        Self { keys: OnUse::new(write, KEYS), letters: OnUse::new(write, LETTERS) }
    }

    /// Makes those that are not there yet.
    pub(super) fn make(&self) -> Result<(), Broken> {
        self.keys.read()?;
        self.letters.read()?;
        Ok(())
    }

    /// Whether an operation may be carried out as things are now.
    pub(super) fn check(&self, op: &Op) -> Result<Result<(), Refused>, Broken> {
        let Op::PostLetter { id, copies, .. } = op else { return Ok(Ok(())) };
        for copy in copies {
            if self.has_room(&copy.reader, id)? {
                return Ok(Ok(()));
            }
        }
        Ok(Err(full()))
    }

    /// Carries out an operation that was checked. Returns whether it is one of letters.
    pub(super) fn apply(&mut self, op: &Op) -> Result<bool, Broken> {
        match op {
            Op::PutLetterKey { reader, record } => {
                self.keys.change()?.insert(reader.0.as_slice(), record.as_slice()).map_err(broken)?;
            }
            Op::PostLetter { id, at, copies } => {
                for copy in copies {
                    if self.has_room(&copy.reader, id)? {
                        let record = [&at.0.to_be_bytes()[..], &copy.sealed].concat();
                        let key = key(&copy.reader, id);
                        self.letters.change()?.insert(key.as_slice(), record.as_slice()).map_err(broken)?;
                    }
                }
            }
            Op::PutLetterAway { id, readers } => {
                for reader in readers {
                    self.letters.change()?.remove(key(reader, id).as_slice()).map_err(broken)?;
                }
            }
            Op::ExpireLetters { before } => {
                self.letters
                    .change()?
                    .retain(|_, record| came_at(record).is_none_or(|at| at >= *before))
                    .map_err(broken)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    // One that is there already takes no room.
    fn has_room(&self, reader: &Serial, id: &LetterId) -> Result<bool, Broken> {
        if self.letters.read()?.get(key(reader, id).as_slice()).map_err(broken)?.is_some() {
            return Ok(true);
        }
        let (from, to) = (key(reader, &LetterId([0; 16])), key(reader, &LetterId([0xff; 16])));
        let waiting = self.letters.read()?.range(from.as_slice()..=to.as_slice()).map_err(broken)?;
        Ok(waiting.take(LETTERS_WAITING_MAX).count() < LETTERS_WAITING_MAX)
    }
}

/// Nobody has room for another letter.
pub(super) fn full() -> Refused {
    Refused::TooLarge { limit: "LETTERS_WAITING_MAX".to_owned(), max: LETTERS_WAITING_MAX as u64 }
}

/// The records of all keys.
pub(super) fn keys(read: &ReadTransaction) -> Result<Vec<Vec<u8>>, Broken> {
    let keys = read.open_table(KEYS).map_err(broken)?;
    let rows = keys.iter().map_err(broken)?;
    rows.map(|row| Ok(row.map_err(broken)?.1.value().to_vec())).collect()
}

/// Up to `max` letters of a reader after this one, in the order of their ids.
pub(super) fn letters(
    read: &ReadTransaction,
    reader: &Serial,
    after: Option<LetterId>,
    max: usize,
) -> Result<Vec<Letter>, Broken> {
    let table = read.open_table(LETTERS).map_err(broken)?;
    let (from, to) = (key(reader, &after.unwrap_or(LetterId([0; 16]))), key(reader, &LetterId([0xff; 16])));
    let rows = table.range(from.as_slice()..=to.as_slice()).map_err(broken)?;
    let letters = rows.map(|row| {
        let (key, record) = row.map_err(broken)?;
        let id = key.value().get(16..).and_then(LetterId::from_slice).ok_or_else(|| damaged("letters"))?;
        let at = came_at(record.value()).ok_or_else(|| damaged("letters"))?;
        Ok(Letter { id, at, sealed: Blob(record.value()[8..].to_vec()) })
    });
    letters.filter(|letter| letter.as_ref().map_or(true, |it| Some(it.id) != after)).take(max).collect()
}

fn key(reader: &Serial, id: &LetterId) -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(&reader.0);
    key[16..].copy_from_slice(&id.0);
    key
}

fn came_at(record: &[u8]) -> Option<Timestamp> {
    record.first_chunk().map(|at| Timestamp(u64::from_be_bytes(*at)))
}
