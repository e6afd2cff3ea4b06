//! What was asked of the relay and not answered yet. A request is sent again, with the same id, after every
//! reconnect, until there is an answer: the relay makes sure that it has one effect.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::crypto::Crypto;
use lotgenoot_protocol::frame::{ClientFrame, OnDuty, Request};
use lotgenoot_protocol::{
    Blob, CallId, LetterId, MessageId, PageId, RequestId, RoomId, SessionId, SlotId, Timestamp, codec,
};
use openmls::prelude::OpenMlsRand as _;
use sha2::{Digest, Sha256};

use crate::room::Asked;

/// Why a request was made: what its answer means.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    Hello,
    Prove,
    Register,
    AskCalendar,
    PutCalendar,
    Knock(SessionId),
    Survey(RoomId),
    Surveys,
    LetterKeys,
    PutLetterKey,
    PostLetter(LetterId),
    Letters,
    PutLetterAway,
    Channels,
    AskDutyPlan,
    PutDutyPlan,
    TakeDuty,
    ReadDutyFile(String),
    WriteDutyFile,
    CheckIn,
    OpenVault,
    ReadParts,
    PutVault,
    WriteSlot(SlotId),
    Spend(RoomId),
    AskStaff,
    PutStaff,
    Publish,
    Ping,
    Ack,
    Receipt,
    Attach(RoomId),
    Open(RoomId),
    Send(RoomId, MessageId),
    Commit(RoomId),
    State(RoomId),
    Resync(RoomId),
    Leave(RoomId),
    Reject(RoomId),
    Rule(RoomId),
    Raise(CallId),
    Acknowledge(CallId, PageId),
    Step(RoomId),
    /// The same, and nothing is shown if it is refused.
    StepSilently(RoomId),
    Outcome(RoomId, CallId),
    Aftercare,
    Decline,
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
            | Self::State(room)
            | Self::Resync(room)
            | Self::Leave(room)
            | Self::Reject(room)
            | Self::Rule(room)
            | Self::Survey(room)
            | Self::Outcome(room, _)
            | Self::Step(room)
            | Self::StepSilently(room) => Some(*room),
            _ => None,
        }
    }

    // What is about this very connection is made anew on the next one.
    fn outlives_connection(&self) -> bool {
        !matches!(
            self,
            Self::Hello
                | Self::Prove
                | Self::Register
                | Self::OpenVault
                | Self::ReadParts
                | Self::WriteSlot(_)
                | Self::Spend(_)
                | Self::AskStaff
                | Self::PutStaff
                | Self::AskCalendar
                | Self::PutCalendar
                | Self::AskDutyPlan
                | Self::PutDutyPlan
                | Self::ReadDutyFile(_)
                | Self::WriteDutyFile
                | Self::Surveys
                | Self::Knock(_)
                | Self::PutLetterKey
                | Self::Letters
                | Self::Channels
                | Self::Ping
                | Self::Ack
                | Self::Attach(_)
                | Self::State(_)
                | Self::Receipt
        )
    }

    // What comes before everything else.
    fn signs_in(&self) -> bool {
        matches!(self, Self::Hello | Self::Prove | Self::Register | Self::OpenVault | Self::ReadParts)
    }

    // What the vault must know of before it leaves: after a restore it would be lost, or done twice. A call for help
    // waits for nothing, and what is only asked changes nothing.
    fn is_kept(&self) -> bool {
        matches!(
            self,
            Self::Publish
                | Self::Ack
                | Self::Open(_)
                | Self::Send(..)
                | Self::Commit(_)
                | Self::Resync(_)
                | Self::Leave(_)
                | Self::Reject(_)
                | Self::Rule(_)
                | Self::Knock(_)
        )
    }

    // What only this connection's opening of the vault may do: somebody else may have opened it meanwhile.
    fn is_fenced(&self) -> bool {
        self.is_kept() || matches!(self, Self::PutVault)
    }

    // What waits for the proof of work: all that makes the relay store something, but never a call for help.
    fn wants_proof(&self) -> bool {
        self.is_fenced() || matches!(self, Self::WriteSlot(_) | Self::Spend(_) | Self::PostLetter(_))
    }
}

struct Open {
    order: u64,
    frame: Blob,
    purpose: Purpose,
    // Do not send before this moment.
    not_before: Option<Timestamp>,
    sent: bool,
}

struct Outgoing {
    frame: Blob,
    is_kept: bool,
}

/// A request that was made and not asked yet.
pub(crate) struct Prepared {
    pub(crate) request: RequestId,
    pub(crate) frame: Blob,
}

impl Prepared {
    /// What it takes to ask it again in another life.
    pub(crate) fn asked(&self) -> Asked {
        Asked { request: self.request, frame: self.frame.clone() }
    }
}

/// Open requests and what is to be written to the socket.
#[derive(Default)]
pub(crate) struct Requests {
    open: BTreeMap<RequestId, Open>,
    outgoing: VecDeque<Outgoing>,
    signed_in: bool,
    vault_open: bool,
    proven: bool,
    attached: BTreeSet<RoomId>,
    count: u64,
    crypto: Crypto,
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

    /// Twenty-four bytes that were never a nonce.
    pub(crate) fn random_nonce(&self) -> [u8; 24] {
        random(&self.crypto)
    }

    /// Nothing is asked any more.
    pub(crate) fn forget(&mut self) {
        self.disconnected();
        self.open.clear();
    }

    /// Asks the relay. Until signed in, only what signs in leaves; until the vault is open, nothing that changes a
    /// room; until a room is attached, nothing that is said in it.
    pub(crate) fn ask(&mut self, purpose: Purpose, request: Request) -> RequestId {
        let prepared = self.prepare(request);
        self.ask_prepared(purpose, prepared)
    }

    /// Makes a request that is asked later.
    pub(crate) fn prepare(&mut self, request: Request) -> Prepared {
        let request_id = RequestId(self.random());
        let frame = Blob(codec::encode_client(&ClientFrame { request_id, request }));
        Prepared { request: request_id, frame }
    }

    /// Asks what was prepared, perhaps in an earlier life: the relay makes sure that it has one effect.
    pub(crate) fn ask_prepared(&mut self, purpose: Purpose, prepared: Prepared) -> RequestId {
        let Prepared { request, frame } = prepared;
        let sent = self.may_leave(&purpose);
        if sent {
            self.outgoing.push_back(Outgoing { frame: frame.clone(), is_kept: purpose.is_kept() });
        }
        self.count += 1;
        let open = Open { order: self.count, frame, purpose, not_before: None, sent };
        self.open.insert(request, open);
        request
    }

    /// Whether nothing is on its way but a ping, which is nobody's loss.
    pub(crate) fn rests(&self) -> bool {
        self.outgoing.is_empty() && self.open.values().all(|open| matches!(open.purpose, Purpose::Ping))
    }

    /// Whether KeyPackages are on their way.
    pub(crate) fn is_publishing(&self) -> bool {
        self.open.values().any(|open| matches!(open.purpose, Purpose::Publish))
    }

    /// Whether letters are being looked for.
    pub(crate) fn is_looking_for_letters(&self) -> bool {
        self.open.values().any(|open| matches!(open.purpose, Purpose::Letters))
    }

    /// Whether this is asked and not answered.
    pub(crate) fn is_open(&self, id: &RequestId) -> bool {
        self.open.contains_key(id)
    }

    /// What is asked with this id.
    pub(crate) fn purpose(&self, id: &RequestId) -> Option<&Purpose> {
        self.open.get(id).map(|open| &open.purpose)
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

    /// Whether this connection may change rooms.
    pub(crate) fn may_change_rooms(&self) -> bool {
        self.vault_open
    }

    /// This connection may change rooms: what waited for it goes out.
    pub(crate) fn vault_opened(&mut self) {
        self.vault_open = true;
        self.send_what_may_leave();
    }

    /// Whether the work is done that this connection asks for.
    pub(crate) fn is_proven(&self) -> bool {
        self.proven
    }

    /// The work is done, and the relay will hear so before anything else: what waited for it goes out.
    pub(crate) fn proven(&mut self) {
        self.proven = true;
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
        purpose.signs_in()
            || self.signed_in
                && (self.vault_open || !purpose.is_fenced())
                && (self.proven || !purpose.wants_proof())
                && purpose.room().is_none_or(|room| self.attached.contains(&room))
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
                let is_kept = open.purpose.is_kept();
                self.outgoing.push_back(Outgoing { frame: open.frame.clone(), is_kept });
            }
        }
    }

    /// The connection is gone, and with it whatever was only about it.
    pub(crate) fn disconnected(&mut self) {
        self.signed_in = false;
        self.vault_open = false;
        self.proven = false;
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

    /// Whether something waits that the vault must know of before it leaves.
    pub(crate) fn waits_for_vault(&self) -> bool {
        self.outgoing.iter().any(|out| out.is_kept)
    }

    /// A frame that goes before everything that waits.
    pub(crate) fn ask_first(&mut self, purpose: Purpose, prepared: Prepared) -> RequestId {
        let request = self.ask_prepared(purpose, prepared);
        if self.open.get(&request).is_some_and(|open| open.sent) {
            self.outgoing.rotate_right(1);
        }
        request
    }

    /// The next bytes for the socket. Until the vault knows of everything, what it must know of waits.
    pub(crate) fn poll_transmit(&mut self, vault_knows: bool) -> Option<Vec<u8>> {
        let at = self.outgoing.iter().position(|out| vault_knows || !out.is_kept)?;
        self.outgoing.remove(at).map(|out| out.frame.0)
    }
}

/// Thirty-two bytes nobody can guess, for a new account.
pub fn random_seed() -> [u8; 32] {
    random(&Crypto::default())
}

// Without randomness there are no keys, and nothing else of use: better no client than a guessable one.
#[allow(clippy::expect_used)]
fn random<const N: usize>(crypto: &Crypto) -> [u8; N] {
    crypto.random_array().expect("the platform gives randomness")
}
