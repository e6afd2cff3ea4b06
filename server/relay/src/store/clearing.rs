//! What everybody has kept goes, and the log does not grow with it.
//!
//! Trimming says up to where nobody is to read a room any more: one row, in the transaction of whoever was last. The bytes
//! go afterwards and a few at a time, so that no writer waits for a month of a room. What is left of an entry is a stub:
//! its request id has to be known for a day. The sweep goes through the log once, from its beginning, a day behind its
//! end; what it passes and somebody still has to read is removed whole when it is trimmed.

use std::collections::BTreeMap;

use lotgenoot_protocol::limits::REPLY_MEMORY_MS;
use lotgenoot_protocol::{RoomId, Timestamp};
use redb::ReadableTable;

use super::Broken;
use super::chains::Draft;
use super::record::{Header, stub};
use super::tables::{Tables, broken, damaged, header_at};

/// How many entries lose their bytes in one transaction: whoever wants to write meanwhile waits half a millisecond.
pub(super) const CLEARED_AT_ONCE: usize = 64;
// Whoever adds entries takes so many along for each: however busy it is, more go than come.
const CLEARED_PER_ADDED: usize = 4;
// Records that the sweep looks at, beside as many as lose their bytes.
const SWEPT_AT_ONCE: usize = 64;
const SWEPT: &str = "swept";

impl Tables<'_> {
    /// Takes a few along with what is written anyway.
    pub(super) fn clear_along(&mut self, draft: &mut Draft<'_>) -> Result<(), Broken> {
        let max = draft.added() * CLEARED_PER_ADDED;
        if max == 0 || draft.waiting() < CLEARED_AT_ONCE {
            return Ok(());
        }
        self.clear(draft, max)
    }

    /// Takes the bytes of up to `max` trimmed entries, and sweeps a little.
    pub(super) fn clear(&mut self, draft: &mut Draft<'_>, max: usize) -> Result<(), Broken> {
        let (positions, now) = (draft.clear(max), draft.newest());
        let mut cleared = BTreeMap::new();
        for position in &positions {
            let Some(header) = header_at(self.log.read()?, *position)? else { continue };
            if is_old(&header, now) {
                self.remove(*position, &header.room, draft)?;
            } else if !header.trimmed {
                self.log.change()?.insert(*position, stub(&header).as_slice()).map_err(broken)?;
            }
            let last = cleared.entry(header.room).or_insert(header.seq);
            *last = header.seq.max(*last);
        }
        for (room, last) in cleared {
            self.cleared.change()?.insert(room.0.as_slice(), last.0).map_err(broken)?;
        }
        self.sweep(now, SWEPT_AT_ONCE + positions.len(), draft)
    }

    fn sweep(&mut self, now: Timestamp, max: usize, draft: &Draft<'_>) -> Result<(), Broken> {
        let before = self.meta.read()?.get(SWEPT).map_err(broken)?.map_or(0, |it| it.value());
        let (mut swept, mut old) = (before, Vec::new());
        for row in self.log.read()?.range(before + 1..).map_err(broken)?.take(max) {
            let (position, bytes) = row.map_err(broken)?;
            let header = Header::from_bytes(bytes.value()).ok_or_else(|| damaged("log"))?;
            if !is_old(&header, now) {
                break;
            }
            swept = position.value();
            if header.trimmed {
                old.push((swept, header.room));
            }
        }
        for (position, room) in old {
            self.remove(position, &room, draft)?;
        }
        if swept > before {
            self.meta.change()?.insert(SWEPT, swept).map_err(broken)?;
        }
        Ok(())
    }

    fn remove(&mut self, position: u64, room: &RoomId, draft: &Draft<'_>) -> Result<(), Broken> {
        self.log.change()?.remove(position).map_err(broken)?;
        // The last record of a chain is what tells at start where the chain ends.
        let end = draft.end(room);
        if end.head == position {
            self.put_end(room, end)?;
        }
        Ok(())
    }
}

fn is_old(header: &Header, now: Timestamp) -> bool {
    now.ms_since(header.at) >= REPLY_MEMORY_MS
}
