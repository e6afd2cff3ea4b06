//! Bytes to frames and back: CBOR (RFC 8949), deterministically encoded, `[type, request id or null, body]`.
//!
//! A type that is not known is not an error of the connection: whoever asked gets a typed refusal.
//! Anything else that cannot be read is [`Misbehaved`]: close the connection.

use std::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::frame::{Answer, ClientFrame, Push, Request, ServerFrame};
use crate::ids::RequestId;
use crate::limits::FRAME_BYTES_MAX;

/// The peer broke the protocol. There is nothing to answer; close the connection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Misbehaved {
    /// A frame above [`FRAME_BYTES_MAX`].
    FrameTooLarge,
    /// Bytes that are not a frame.
    NotAFrame,
    /// Text, or something else where bytes are expected.
    NotBinary,
}

impl fmt::Display for Misbehaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FrameTooLarge => "a frame is larger than FRAME_BYTES_MAX",
            Self::NotAFrame => "bytes that are not a frame",
            Self::NotBinary => "a message that is not binary",
        })
    }
}

impl std::error::Error for Misbehaved {}

/// A request, or what could still be read of one whose type is not known.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant)] // made once a frame and taken apart at once; a box would cost more
pub enum Received {
    /// A request this version knows.
    Known(ClientFrame),
    /// A request of a later version: refuse it with `UnknownFrame`.
    Unknown {
        /// To whom the refusal goes.
        request_id: RequestId,
        /// The type.
        frame: u32,
    },
}

// An envelope with a body that holds names and numbers only; longer ones grow.
const SMALL_BYTES: usize = 64;

/// A client's frame as bytes.
pub fn encode_client(frame: &ClientFrame) -> Vec<u8> {
    envelope(frame.request.code(), Some(frame.request_id), SMALL_BYTES, |e| frame.request.encode_body(e))
}

/// A server's frame as bytes.
pub fn encode_server(frame: &ServerFrame) -> Vec<u8> {
    match frame {
        ServerFrame::Reply(id, answer) => {
            envelope(answer.code(), Some(*id), SMALL_BYTES, |e| answer.encode_body(e))
        }
        // What is said most: in one piece.
        ServerFrame::Push(push @ Push::Entry(entry)) => {
            envelope(push.code(), None, SMALL_BYTES + entry.body.len(), |e| push.encode_body(e))
        }
        ServerFrame::Push(push) => envelope(push.code(), None, SMALL_BYTES, |e| push.encode_body(e)),
    }
}

/// What a client sent.
pub fn decode_client(bytes: &[u8]) -> Result<Received, Misbehaved> {
    let (code, id, mut body) = open_envelope(bytes)?;
    let request_id = id.ok_or(Misbehaved::NotAFrame)?;
    match Request::decode_body(code, &mut body) {
        Some(Ok(request)) if body.position() == bytes.len() => {
            Ok(Received::Known(ClientFrame { request_id, request }))
        }
        Some(_) => Err(Misbehaved::NotAFrame),
        None => Ok(Received::Unknown { request_id, frame: code }),
    }
}

/// What the relay sent; `None` for a type this version does not know, which is ignored.
pub fn decode_server(bytes: &[u8]) -> Result<Option<ServerFrame>, Misbehaved> {
    let (code, id, mut body) = open_envelope(bytes)?;
    let decoded = match id {
        Some(id) => {
            Answer::decode_body(code, &mut body).map(|it| it.map(|answer| ServerFrame::Reply(id, answer)))
        }
        None => Push::decode_body(code, &mut body).map(|it| it.map(ServerFrame::Push)),
    };
    decoded.transpose().map_err(|_| Misbehaved::NotAFrame)
}

/// Any value of this protocol as CBOR.
pub fn to_vec<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a Vec cannot fail, and no Encode of this crate makes errors of its own.
    let _infallible = minicbor::encode(value, &mut bytes);
    bytes
}

/// A value of this protocol from CBOR that holds nothing else.
pub fn from_slice<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().ok()?;
    (decoder.position() == bytes.len()).then_some(value)
}

fn envelope(
    code: u32,
    id: Option<RequestId>,
    length: usize,
    body: impl FnOnce(&mut Encoder<&mut Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>>,
) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length);
    let mut encoder = Encoder::new(&mut bytes);
    let _infallible = encoder.array(3).and_then(|e| e.u32(code)).and_then(|e| e.encode(id)).and_then(body);
    bytes
}

fn open_envelope(bytes: &[u8]) -> Result<(u32, Option<RequestId>, Decoder<'_>), Misbehaved> {
    if bytes.len() > FRAME_BYTES_MAX {
        return Err(Misbehaved::FrameTooLarge);
    }
    let mut decoder = Decoder::new(bytes);
    let header = (|| {
        let length = decoder.array()?;
        let code = decoder.u32()?;
        let id = decoder.decode()?;
        Ok::<_, minicbor::decode::Error>((length, code, id))
    })();
    match header {
        Ok((Some(3), code, id)) => Ok((code, id, decoder)),
        _ => Err(Misbehaved::NotAFrame),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::Blob;
    use crate::frame::{Accepted, Ack, Entry, EntryKind, Ping, Send};
    use crate::ids::{Epoch, RoomId, Seq};
    use crate::policy::Rule;
    use crate::refusal::Refused;
    use crate::time::Timestamp;

    const ID: RequestId = RequestId([1; 16]);
    const ROOM: RoomId = RoomId([2; 16]);

    #[test]
    fn what_is_said_is_what_is_heard() {
        let send = Send { room: ROOM, message: Blob(vec![1, 2, 3]), lead_signature: None };
        for request in
            [Request::Send(send), Request::Ack(Ack { room: ROOM, seq: Seq(7) }), Request::Ping(Ping {})]
        {
            let frame = ClientFrame { request_id: ID, request };
            assert_eq!(decode_client(&encode_client(&frame)), Ok(Received::Known(frame)));
        }
        for frame in [
            ServerFrame::Reply(ID, Answer::Accepted(Accepted { seq: Seq(9) })),
            ServerFrame::Reply(ID, Answer::Refused(Refused::WrongEpoch { current: Epoch(4) })),
            ServerFrame::Reply(ID, Answer::Refused(Refused::NotAllowed { rule: Rule::Ghost })),
            ServerFrame::Push(Push::Entry(Entry {
                room: ROOM,
                seq: Seq(1),
                kind: EntryKind::Commit,
                at: Timestamp(5),
                body: Blob(vec![0; 300]),
            })),
        ] {
            assert_eq!(decode_server(&encode_server(&frame)), Ok(Some(frame)));
        }
    }

    #[test]
    fn an_unknown_request_is_refused_by_type_and_does_not_end_the_connection() {
        let bytes = envelope(9999, Some(ID), 0, |e| e.u8(0)?.ok());
        assert_eq!(decode_client(&bytes), Ok(Received::Unknown { request_id: ID, frame: 9999 }));
    }

    #[test]
    fn fields_added_later_are_skipped() {
        let bytes = envelope(11, Some(ID), 0, |e| {
            e.array(3)?.encode(ROOM)?.u64(7)?.str("later")?;
            Ok(())
        });
        let known = ClientFrame { request_id: ID, request: Request::Ack(Ack { room: ROOM, seq: Seq(7) }) };
        assert_eq!(decode_client(&bytes), Ok(Received::Known(known)));
    }

    #[test]
    fn bytes_that_are_no_frame_are_the_peers_fault() {
        for bytes in [&b""[..], b"\xff", b"hello", &[0x83, 1, 0xf6, 0]] {
            assert_eq!(decode_client(bytes), Err(Misbehaved::NotAFrame));
        }
        let mut longer = encode_client(&ClientFrame { request_id: ID, request: Request::Ping(Ping {}) });
        longer.push(0);
        assert_eq!(decode_client(&longer), Err(Misbehaved::NotAFrame), "something stands behind the frame");
        assert_eq!(decode_client(&vec![0; FRAME_BYTES_MAX + 1]), Err(Misbehaved::FrameTooLarge));
    }
}
