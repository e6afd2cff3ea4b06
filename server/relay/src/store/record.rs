//! A log record's bytes: a fixed header, then the body. Written for every message, so it is plain.
//!
//! `room 16 · seq 8 · prev 8 · at 8 · kind 1 · flags 1 · request 16 · body`, integers big-endian. `prev` is the
//! position of the same room's entry before; zero for the first.

use lotgenoot_core::effect::Append;
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::{Blob, RequestId, RoomId, Seq, Timestamp};

const HEADER: usize = 16 + 8 + 8 + 8 + 1 + 1 + 16;
const HAS_REQUEST: u8 = 1;
const TRIMMED: u8 = 2;

/// A record of the log.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    pub(super) append: Append,
    pub(super) prev: u64,
    /// Everybody has kept it: the body is gone, the request id stays for a day.
    pub(super) trimmed: bool,
}

impl Record {
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let header = Header::from_bytes(bytes)?;
        let append = Append {
            room: header.room,
            seq: header.seq,
            kind: header.kind,
            at: header.at,
            request: header.request,
            body: Blob(bytes.get(HEADER..)?.to_vec()),
        };
        Some(Self { append, prev: header.prev, trimmed: header.trimmed })
    }
}

/// What is left of a record without its body.
pub(super) fn stub(header: &Header) -> [u8; HEADER] {
    let Header { room, seq, prev, at, kind, request, .. } = *header;
    let mut bytes = [0; HEADER];
    write_header(&Append { room, seq, kind, at, request, body: Blob::default() }, prev, true, &mut bytes);
    bytes
}

/// How many bytes the record of an entry has.
pub(super) fn length(append: &Append) -> usize {
    HEADER + append.body.len()
}

/// Writes the record of an entry where [`length`] bytes are kept for it.
pub(super) fn write(append: &Append, prev: u64, bytes: &mut [u8]) {
    if let Some((header, body)) = bytes.split_at_mut_checked(HEADER) {
        write_header(append, prev, false, header);
        body.copy_from_slice(&append.body);
    }
}

// In the order of the table above.
fn write_header(append: &Append, prev: u64, trimmed: bool, header: &mut [u8]) {
    let numbers = [append.seq.0, prev, append.at.0];
    header[..16].copy_from_slice(&append.room.0);
    for (at, number) in numbers.into_iter().enumerate() {
        header[16 + at * 8..24 + at * 8].copy_from_slice(&number.to_be_bytes());
    }
    header[40] = kind_code(append.kind);
    header[41] = flag(append.request.is_some(), HAS_REQUEST) | flag(trimmed, TRIMMED);
    header[42..].copy_from_slice(&append.request.unwrap_or(RequestId([0; 16])).0);
}

/// What stands before a record's body: enough to follow a chain.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    pub(super) room: RoomId,
    pub(super) seq: Seq,
    pub(super) prev: u64,
    pub(super) at: Timestamp,
    pub(super) kind: EntryKind,
    pub(super) request: Option<RequestId>,
    pub(super) trimmed: bool,
}

impl Header {
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        let number = |at: usize| Some(u64::from_be_bytes(header.get(at..at + 8)?.try_into().ok()?));
        let flags = header[41];
        let request = RequestId::from_slice(&header[42..58])?;
        Some(Self {
            room: RoomId::from_slice(&header[..16])?,
            seq: Seq(number(16)?),
            prev: number(24)?,
            at: Timestamp(number(32)?),
            kind: kind(header[40])?,
            request: (flags & HAS_REQUEST != 0).then_some(request),
            trimmed: flags & TRIMMED != 0,
        })
    }
}

fn flag(set: bool, bit: u8) -> u8 {
    if set { bit } else { 0 }
}

fn kind_code(kind: EntryKind) -> u8 {
    match kind {
        EntryKind::Application => 0,
        EntryKind::Commit => 1,
        EntryKind::Proposal => 2,
        EntryKind::Call => 3,
        EntryKind::Reject => 4,
        EntryKind::Ruling => 5,
        EntryKind::Session => 6,
    }
}

fn kind(code: u8) -> Option<EntryKind> {
    Some(match code {
        0 => EntryKind::Application,
        1 => EntryKind::Commit,
        2 => EntryKind::Proposal,
        3 => EntryKind::Call,
        4 => EntryKind::Reject,
        5 => EntryKind::Ruling,
        6 => EntryKind::Session,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        for (request, trimmed) in
            [(None, false), (Some(RequestId([9; 16])), false), (Some(RequestId([9; 16])), true)]
        {
            let body = Blob(vec![1, 2, 3]);
            let append = Append {
                room: RoomId([1; 16]),
                seq: Seq(7),
                kind: EntryKind::Commit,
                at: Timestamp(1_700_000_000_123),
                request,
                body,
            };
            let mut bytes = vec![0; length(&append)];
            write(&append, 5, &mut bytes);
            if trimmed {
                bytes = stub(&Header::from_bytes(&bytes).expect("a record")).to_vec();
            }
            let body = if trimmed { Blob::default() } else { append.body.clone() };
            let expected = Record { append: Append { body, ..append }, prev: 5, trimmed };
            assert_eq!(Record::from_bytes(&bytes), Some(expected));
        }
        assert_eq!(Record::from_bytes(&[0; HEADER - 1]), None);
    }
}
