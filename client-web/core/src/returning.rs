//! The way back: from a slot's keys to the mailbox they open.
//!
//! On a connection of its own and as an account that nobody has seen before and nobody will see again: the connection
//! that then opens the mailbox has nothing to do with this one, so that no live socket joins slot and mailbox.

use ed25519_dalek::SigningKey;
use lotgenoot_protocol::codec::{self, Misbehaved};
use lotgenoot_protocol::frame::{Answer, Challenge, ClientFrame, Hello, Push, Request, ServerFrame};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::vault::ReadSlot;
use lotgenoot_protocol::{AccountKey, Blob, RequestId, VERSION};

use crate::requests::random_seed;
use crate::vault::{Found, SlotKeys};

const HELLO: RequestId = RequestId([1; 16]);
const READ: RequestId = RequestId([2; 16]);

/// Reads one slot.
pub struct Returning {
    keys: SlotKeys,
    host: String,
    outgoing: Vec<Vec<u8>>,
    answer: Option<Read>,
}

/// What a slot held.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// The way to a mailbox.
    Found(Found),
    /// Nothing that these keys open: a phrase that was never used, or was mistaken for another.
    Nothing,
    /// The relay did not say: try again.
    NotNow,
}

impl Returning {
    /// Looks for what `keys` open, at the relay that is dialled as `host`.
    pub fn new(keys: SlotKeys, host: String) -> Self {
        Self { keys, host, outgoing: Vec::new(), answer: None }
    }

    /// A socket is open; what was said on the last one is said again.
    pub fn connected(&mut self) {
        self.outgoing.clear();
    }

    /// Bytes from the socket. An error means: close it and connect again.
    pub fn handle_frame(&mut self, bytes: &[u8]) -> Result<(), Misbehaved> {
        match codec::decode_server(bytes)? {
            Some(ServerFrame::Push(Push::Challenge(challenge))) => self.ask(&challenge),
            Some(ServerFrame::Reply(READ, Answer::Slot(slot))) => {
                self.answer = Some(self.keys.unwrap(&slot.sealed).map_or(Read::Nothing, Read::Found));
            }
            Some(ServerFrame::Reply(_, Answer::Refused(_))) => self.answer = Some(Read::NotNow),
            _ => {}
        }
        Ok(())
    }

    /// The next bytes for the socket.
    pub fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        if self.outgoing.is_empty() { None } else { Some(self.outgoing.remove(0)) }
    }

    /// What was found, once it is known.
    pub fn poll_read(&mut self) -> Option<Read> {
        self.answer.take()
    }

    /// The keys, for whoever makes a mailbox where there was none.
    pub fn into_keys(self) -> SlotKeys {
        self.keys
    }

    fn ask(&mut self, challenge: &Challenge) {
        let account = SigningKey::from_bytes(&random_seed());
        let parts: [&[u8]; 2] = [&challenge.nonce, self.host.as_bytes()];
        let hello = Hello {
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            account: AccountKey(account.verifying_key().to_bytes()),
            signature: Blob(sign(&account, Purpose::Hello, &parts).to_vec()),
        };
        let parts: [&[u8]; 3] = [&challenge.nonce, self.host.as_bytes(), &self.keys.slot.0];
        let read = ReadSlot {
            slot: self.keys.slot,
            owner: self.keys.owner_key(),
            signature: Blob(sign(&self.keys.owner, Purpose::ReadSlot, &parts).to_vec()),
        };
        for (request_id, request) in [(HELLO, Request::Hello(hello)), (READ, Request::ReadSlot(read))] {
            self.outgoing.push(codec::encode_client(&ClientFrame { request_id, request }));
        }
    }
}
