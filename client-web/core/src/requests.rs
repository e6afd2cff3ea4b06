//! What was asked of the relay and not answered yet. A request is sent again, with the same id, after every
//! reconnect, until there is an answer: the relay makes sure that it has one effect.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lotgenoot_protocol::frame::{ClientFrame, OnDuty, Request};
use lotgenoot_protocol::{CallId, RequestId, RoomId, Timestamp, codec};
use openmls::prelude::OpenMlsRand as _;
use openmls_rust_crypto::RustCrypto;
use sha2::{Digest, Sha256};

use crate::content::MessageId;

/// Why a request was made: what its answer means.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    Hello,
    Register,
    Publish,
    Ping,
    Ack,
    Receipt,
    Attach(RoomId),
    Open(RoomId),
    Send(RoomId, MessageId),
    Commit(RoomId),
    Leave(RoomId),
    Reject(RoomId),
    Raise(CallId),
    Acknowledge(CallId),
    Close(RoomId),
    Duty(Wanted),
    Claim(Wanted, Vec<OnDuty>),
}

/// For what people on duty are looked up.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// A line to the hosts on shift.
    Line,
    /// A help call.
    Help(CallId),
    /// Colleagues for a peer room.
    CoHosts(RoomId),
    /// Somebody on duty who is not in a help room yet.
    Responder(RoomId),
}

impl Purpose {
    // What is said as a member of a room can only be said once this connection has proven to be one.
    fn room(&self) -> Option<RoomId> {
        match self {
            Self::Send(room, _)
            | Self::Commit(room)
            | Self::Leave(room)
            | Self::Reject(room)
            | Self::Close(room) => Some(*room),
            _ => None,
        }
    }

    // What is about this very connection is made anew on the next one.
    fn outlives_connection(&self) -> bool {
        !matches!(
            self,
            Self::Hello | Self::Register | Self::Ping | Self::Ack | Self::Attach(_) | Self::Receipt
        )
    }
}

struct Open {
    order: u64,
    bytes: Vec<u8>,
    purpose: Purpose,
    // Do not send before this moment.
    not_before: Option<Timestamp>,
    sent: bool,
}

/// Open requests and what is to be written to the socket.
#[derive(Default)]
pub(crate) struct Requests {
    open: BTreeMap<RequestId, Open>,
    outgoing: VecDeque<Vec<u8>>,
    signed_in: bool,
    attached: BTreeSet<RoomId>,
    count: u64,
    crypto: RustCrypto,
    // A simulation's seed, and how many ids were made of it.
    ids: Option<([u8; 32], u64)>,
}

impl Requests {
    /// Nothing asked yet; ids follow from `seed` if there is one.
    pub(crate) fn with_ids(seed: Option<[u8; 32]>) -> Self {
        Self { ids: seed.map(|seed| (seed, 0)), ..Self::default() }
    }

    /// A new id.
    pub(crate) fn random(&mut self) -> [u8; 16] {
        let Some((seed, count)) = &mut self.ids else { return random(&self.crypto) };
        *count += 1;
        let digest = Sha256::new().chain_update(*seed).chain_update(count.to_be_bytes()).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        id
    }

    /// Thirty-two random bytes.
    pub(crate) fn random_seed(&self) -> [u8; 32] {
        random(&self.crypto)
    }

    /// Asks the relay. Until signed in, only `Hello` leaves; until a room is attached, nothing that is said in it.
    pub(crate) fn ask(&mut self, purpose: Purpose, request: Request) -> RequestId {
        let request_id = RequestId(self.random());
        let bytes = codec::encode_client(&ClientFrame { request_id, request });
        let sent = self.may_leave(&purpose) || matches!(purpose, Purpose::Hello | Purpose::Register);
        if sent {
            self.outgoing.push_back(bytes.clone());
        }
        self.count += 1;
        let open = Open { order: self.count, bytes, purpose, not_before: None, sent };
        self.open.insert(request_id, open);
        request_id
    }

    /// An answer came: what it was for.
    pub(crate) fn answered(&mut self, id: &RequestId) -> Option<Purpose> {
        self.open.remove(id).map(|open| open.purpose)
    }

    /// The relay asked to wait: the same request goes out again at `at`.
    pub(crate) fn wait_until(&mut self, id: &RequestId, at: Timestamp) {
        if let Some(open) = self.open.get_mut(id) {
            open.not_before = Some(at);
            open.sent = false;
        }
    }

    /// Signed in: what is open and belongs to no room goes out, in the order it was asked.
    pub(crate) fn signed_in(&mut self) {
        self.signed_in = true;
        self.send_what_may_leave();
    }

    /// A room is attached: what is open in it goes out, in the order it was asked.
    pub(crate) fn attached(&mut self, room: RoomId) {
        self.attached.insert(room);
        self.send_what_may_leave();
    }

    /// A room is attached no longer.
    pub(crate) fn detached(&mut self, room: &RoomId) {
        self.attached.remove(room);
    }

    fn may_leave(&self, purpose: &Purpose) -> bool {
        self.signed_in && purpose.room().is_none_or(|room| self.attached.contains(&room))
    }

    fn send_what_may_leave(&mut self) {
        let mut ready: Vec<(u64, RequestId)> = self
            .open
            .iter()
            .filter(|(_, open)| !open.sent && open.not_before.is_none() && self.may_leave(&open.purpose))
            .map(|(id, open)| (open.order, *id))
            .collect();
        ready.sort_unstable();
        for (_, id) in ready {
            if let Some(open) = self.open.get_mut(&id) {
                open.sent = true;
                self.outgoing.push_back(open.bytes.clone());
            }
        }
    }

    /// The connection is gone, and with it whatever was only about it.
    pub(crate) fn disconnected(&mut self) {
        self.signed_in = false;
        self.attached.clear();
        self.outgoing.clear();
        self.open.retain(|_, open| open.purpose.outlives_connection());
        for open in self.open.values_mut() {
            open.sent = false;
        }
    }

    /// Sends what has waited long enough.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        for open in self.open.values_mut().filter(|open| open.not_before.is_some_and(|at| at <= now)) {
            open.not_before = None;
        }
        self.send_what_may_leave();
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.open.values().filter_map(|open| open.not_before).min()
    }

    /// The next bytes for the socket.
    pub(crate) fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.outgoing.pop_front()
    }
}

/// Thirty-two bytes nobody can guess, for a new account.
pub fn random_seed() -> [u8; 32] {
    random(&RustCrypto::default())
}

// Without randomness there are no keys, and nothing else of use: better no client than a guessable one.
#[allow(clippy::expect_used)]
fn random<const N: usize>(crypto: &RustCrypto) -> [u8; N] {
    crypto.random_array().expect("the platform gives randomness")
}
