//! One connection's side of the conversation: who it proved to be, and to whom each request goes.
//!
//! Greeted with a nonce; signed in once; attached to as many rooms as it has proven leaf keys for. It knows no
//! socket and answers nothing itself: it says where a request belongs.

use std::collections::BTreeMap;

use lotgenoot_protocol::calendar::PutCalendar;
use lotgenoot_protocol::call::{Acknowledgement, AskColleague, Decline, StepCall};
use lotgenoot_protocol::channel::Way;
use lotgenoot_protocol::duty::{PutDutyPlan, ReadDutyCalendar, TakeDuty};
use lotgenoot_protocol::figures::PutAftercare;
use lotgenoot_protocol::frame::{Challenge, OpenRoom, PublishKeyPackages, Raise, Receipt, Request};
use lotgenoot_protocol::letters::{LetterKey, PostLetter};
use lotgenoot_protocol::limits::{
    AFTERCARE_PER_CONNECTION_MAX, LETTER_BYTES_MAX, LETTER_BYTES_MIN, LETTER_READERS_MAX,
    LETTERS_PER_CONNECTION_MAX, ROOMS_PER_SOCKET_MAX, VAULT_PARTS_AT_ONCE_MAX,
};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::office::PutStaff;
use lotgenoot_protocol::role::Issuer;
use lotgenoot_protocol::sign::{Purpose, verify};
use lotgenoot_protocol::stage::Knock;
use lotgenoot_protocol::vault::PutVault;
use lotgenoot_protocol::work::is_solved;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, ChannelId, LeafKey, LetterId, PartId, Refused, RoomId, Seq, SlotId, SlotKey,
    VERSION, VaultId,
};

use crate::room::Input;
use crate::vault::{check_put, check_slot};

/// A connection.
pub struct Gate {
    nonce: [u8; 32],
    host: String,
    account: Option<AccountKey>,
    leaves: BTreeMap<RoomId, LeafKey>,
    vault: Option<Opening>,
    work_bits: u8,
    proven: bool,
    coordinator: Option<Issuer>,
    // How many it has posted.
    letters: u32,
    // How often it has said whether what was agreed was done.
    aftercare: u32,
}

/// A vault as one socket opened it: others that opened it later close it for this one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Opening {
    /// Which vault.
    pub vault: VaultId,
    /// Which opening of it.
    pub fence: u64,
}

/// Where a request belongs.
#[derive(Clone, Debug, PartialEq)]
pub enum Routed {
    /// The account has signed in.
    SignedIn(AccountKey),
    /// The proof of work is done.
    Proven,
    /// To the owner of the room, as this leaf.
    Room {
        /// Which room.
        room: RoomId,
        /// As whom.
        leaf: LeafKey,
        /// What.
        input: Input,
        /// Help: the lead's proof.
        lead_signature: Option<Blob>,
    },
    /// Stop reading a room.
    Detach(RoomId),
    /// A new room.
    Open(OpenRoom),
    /// KeyPackages of this account.
    Publish(PublishKeyPackages),
    /// KeyPackages of others.
    Claim(Vec<AccountKey>),
    /// Who is on duty.
    Duty(String),
    /// The inbox is kept up to here.
    AckInbox(Seq),
    /// A new help call.
    Raise(Raise),
    /// A help call is taken.
    Acknowledge(Acknowledgement),
    /// A page arrived.
    Receipt(Receipt),
    /// A help call is closed by whoever holds these leaves.
    CloseCall(CallId, Vec<LeafKey>),
    /// Whoever holds these leaves asks for a colleague.
    AskColleague(AskColleague, Vec<LeafKey>),
    /// Whoever was paged does not come.
    Decline(Decline),
    /// Whoever holds these leaves goes on with a help call.
    StepCall(StepCall, Vec<LeafKey>),
    /// Whoever was paged helps with what somebody else leads.
    Assist(Acknowledgement),
    /// How this account is called.
    AskChannels,
    /// One more way to call it.
    PutChannel(Way),
    /// One less.
    RemoveChannel(ChannelId),
    /// An exercise over all of them.
    TestChannels,
    /// What was sent over this one has arrived.
    ConfirmChannel(ChannelId),
    /// What is open.
    Ping,
    /// The staff register.
    Register,
    /// This account can be called here.
    OpenDesk,
    /// Who is certified, for whoever has proven this issuer's key.
    AskStaff(Box<Issuer>),
    /// A change of the staff, by whoever holds this issuer's key.
    PutStaff(Box<Issuer>, Box<PutStaff>),
    /// What is planned.
    AskCalendar,
    /// What is planned from now on.
    PutCalendar(Box<PutCalendar>),
    /// How duty is planned, for this coordinator or for this account if it is of the staff.
    AskDutyPlan(Option<Box<Issuer>>),
    /// How duty is planned from now on, by whoever holds this issuer's key.
    PutDutyPlan(Box<Issuer>, Box<PutDutyPlan>),
    /// What duty would be by a calendar, for whoever holds this issuer's key.
    ReadDutyCalendar(Box<Issuer>, Box<ReadDutyCalendar>),
    /// Duty of a service as a calendar, for whoever holds this issuer's key.
    WriteDutyCalendar(Box<Issuer>, String),
    /// This account takes the duty of a service over.
    TakeDuty(TakeDuty),
    /// This account is there for its duty.
    CheckIn,
    /// Whether what was agreed was done.
    Aftercare(PutAftercare),
    /// Somebody wants to come to a workshop.
    Knock(Knock),
    /// How sessions were, for this coordinator.
    Surveys(Box<Issuer>),
    /// With which keys letters are sealed; hosts' too, if this is so.
    LetterKeys(bool),
    /// A key for letters.
    PutLetterKey(Box<LetterKey>),
    /// A letter.
    PostLetter(PostLetter),
    /// The letters of this coordinator, or of this account if it is a host's: those after this one.
    Letters(Option<Box<Issuer>>, Option<LetterId>),
    /// A letter of hers is not wanted any more.
    PutLetterAway(Option<Box<Issuer>>, LetterId),
    /// A slot, for whoever has proven this key.
    ReadSlot(SlotId, SlotKey),
    /// What a slot holds from now on; nothing: it is forgotten.
    WriteSlot(SlotId, SlotKey, Option<Blob>),
    /// A vault, and the fence the client has already.
    OpenVault(VaultId, Option<u64>),
    /// Parts of the open vault.
    ReadParts(Opening, Vec<PartId>),
    /// A change of the open vault.
    PutVault(Opening, PutVault),
    /// The open vault is not wanted any more.
    ForgetVault(Opening),
}

impl Gate {
    /// A connection greeted with `nonce`, dialled as `host`, which must do this much work before anything is stored for
    /// it; zero bits: none.
    pub fn new(nonce: [u8; 32], host: String, work_bits: u8) -> Self {
        let proven = work_bits == 0;
        Self {
            nonce,
            host,
            account: None,
            leaves: BTreeMap::new(),
            vault: None,
            work_bits,
            proven,
            coordinator: None,
            letters: 0,
            aftercare: 0,
        }
    }

    /// The relay's first word.
    pub fn challenge(&self) -> Challenge {
        Challenge {
            nonce: Blob(self.nonce.to_vec()),
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            work: Some(self.work_bits).filter(|bits| *bits > 0),
        }
    }

    /// The account that signed in, if any has.
    pub fn account(&self) -> Option<AccountKey> {
        self.account
    }

    /// Where `request` belongs. Refusals are the sender's to act on.
    pub fn route(&mut self, request: Request) -> Result<Routed, Refused> {
        if let Request::Hello(hello) = request {
            let compatible =
                hello.versions.contains(&VERSION) && hello.suites.iter().any(|it| SUITES.contains(it));
            if !compatible {
                return Err(Refused::Incompatible);
            }
            let parts: [&[u8]; 2] = [&self.nonce, self.host.as_bytes()];
            if self.account.is_some() || !verify(&hello.account.0, Purpose::Hello, &parts, &hello.signature) {
                return Err(Refused::NotSignedIn);
            }
            self.account = Some(hello.account);
            return Ok(Routed::SignedIn(hello.account));
        }
        if self.account.is_none() {
            return Err(Refused::NotSignedIn);
        }
        if !self.proven && wants_proof(&request) {
            return Err(Refused::Unproven);
        }
        match request {
            Request::Hello(_) => Err(Refused::NotSignedIn),
            Request::PublishKeyPackages(publish) => Ok(Routed::Publish(publish)),
            Request::ClaimKeyPackages(claim) => Ok(Routed::Claim(claim.accounts)),
            Request::AskDuty(ask) => Ok(Routed::Duty(ask.service)),
            Request::OpenRoom(open) => Ok(Routed::Open(open)),
            Request::Attach(attach) => {
                let parts: [&[u8]; 3] = [&self.nonce, self.host.as_bytes(), &attach.room.0];
                let proven = verify(&attach.leaf.0, Purpose::Attach, &parts, &attach.signature);
                let room_left =
                    self.leaves.len() < ROOMS_PER_SOCKET_MAX || self.leaves.contains_key(&attach.room);
                if !proven {
                    return Err(Refused::UnknownRoom);
                }
                if !room_left {
                    return Err(Refused::unless_within(
                        self.leaves.len() + 1,
                        ROOMS_PER_SOCKET_MAX,
                        "ROOMS_PER_SOCKET_MAX",
                    )
                    .err()
                    .unwrap_or(Refused::UnknownRoom));
                }
                self.leaves.insert(attach.room, attach.leaf);
                self.to_room(attach.room, Input::Attach(attach.after))
            }
            Request::Detach(detach) => {
                self.leaves.remove(&detach.room);
                Ok(Routed::Detach(detach.room))
            }
            Request::Send(send) => {
                let leaf = self.leaf(&send.room)?;
                let input = Input::Send(send.message);
                Ok(Routed::Room { room: send.room, leaf, input, lead_signature: send.lead_signature })
            }
            Request::Commit(commit) => self.to_room(commit.room, Input::Commit(commit.bundle)),
            Request::Propose(propose) => self.to_room(propose.room, Input::Propose(propose.message)),
            Request::Ack(ack) => self.to_room(ack.room, Input::Ack(ack.seq)),
            Request::RejectCommit(reject) => {
                let leaf = self.leaf(&reject.room)?;
                let parts: [&[u8]; 3] = [&reject.room.0, &reject.seq.0.to_be_bytes(), &reject.hash];
                if !verify(&leaf.0, Purpose::Reject, &parts, &reject.signature) {
                    return Err(Refused::invalid("a rejection that its sender did not sign"));
                }
                self.to_room(reject.room, Input::Reject(reject))
            }
            Request::PutRuling(put) => self.to_room(put.room, Input::Rule(put.ruling)),
            Request::AckInbox(ack) => Ok(Routed::AckInbox(ack.seq)),
            Request::AskGroupState(ask) => self.to_room(ask.room, Input::AskGroupState),
            Request::Raise(raise) => Ok(Routed::Raise(raise)),
            Request::Acknowledge(ack) => Ok(Routed::Acknowledge(ack)),
            Request::Receipt(receipt) => Ok(Routed::Receipt(receipt)),
            Request::CloseCall(close) => Ok(Routed::CloseCall(close.call, self.own_leaves())),
            Request::AskColleague(ask) => Ok(Routed::AskColleague(ask, self.own_leaves())),
            Request::Decline(decline) => Ok(Routed::Decline(decline)),
            Request::StepCall(step) => Ok(Routed::StepCall(step, self.own_leaves())),
            Request::Assist(ack) => Ok(Routed::Assist(ack)),
            Request::AskChannels(_) => Ok(Routed::AskChannels),
            Request::PutChannel(put) => Ok(Routed::PutChannel(put.way)),
            Request::RemoveChannel(remove) => Ok(Routed::RemoveChannel(remove.channel)),
            Request::TestChannels(_) => Ok(Routed::TestChannels),
            Request::ConfirmChannel(confirm) => Ok(Routed::ConfirmChannel(confirm.channel)),
            Request::Ping(_) => Ok(Routed::Ping),
            Request::AskRegister(_) => Ok(Routed::Register),
            Request::Prove(prove) => {
                if !self.proven && !is_solved(&self.nonce, self.work_bits, &prove.counters) {
                    return Err(Refused::invalid("a proof of work that is none"));
                }
                self.proven = true;
                Ok(Routed::Proven)
            }
            Request::OpenDesk(_) => Ok(Routed::OpenDesk),
            Request::AskStaff(ask) => {
                let issuer = Issuer::from_bytes(&ask.issuer)
                    .ok_or_else(|| Refused::invalid("an issuer that cannot be read"))?;
                let parts: [&[u8]; 3] = [&self.nonce, self.host.as_bytes(), &ask.issuer];
                if !verify(&issuer.key, Purpose::Office, &parts, &ask.signature) {
                    return Err(Refused::invalid("an issuer who did not sign"));
                }
                Ok(Routed::AskStaff(Box::new(issuer)))
            }
            Request::PutStaff(put) => match self.coordinator.clone() {
                Some(issuer) => Ok(Routed::PutStaff(Box::new(issuer), Box::new(put))),
                None => {
                    Err(Refused::invalid("a change of the staff by somebody who has not asked for it first"))
                }
            },
            Request::Knock(knock) => Ok(Routed::Knock(knock)),
            Request::PutSurvey(put) => self.to_room(put.room, Input::Survey(put.answers)),
            Request::AskSurveys(_) => match self.coordinator.clone() {
                Some(issuer) => Ok(Routed::Surveys(Box::new(issuer))),
                None => {
                    Err(Refused::invalid("how sessions were, for somebody who has not asked for the staff"))
                }
            },
            Request::AskLetterKeys(ask) => Ok(Routed::LetterKeys(ask.hosts)),
            Request::PutLetterKey(put) => Ok(Routed::PutLetterKey(Box::new(put.key))),
            Request::PostLetter(post) => {
                check_letter(&post)?;
                self.letters += 1;
                if self.letters > LETTERS_PER_CONNECTION_MAX {
                    return Err(Refused::TooLarge {
                        limit: "LETTERS_PER_CONNECTION_MAX".to_owned(),
                        max: LETTERS_PER_CONNECTION_MAX.into(),
                    });
                }
                Ok(Routed::PostLetter(post))
            }
            Request::AskLetters(ask) => {
                Ok(Routed::Letters(self.coordinator.clone().map(Box::new), ask.after))
            }
            Request::PutLetterAway(put) => {
                Ok(Routed::PutLetterAway(self.coordinator.clone().map(Box::new), put.id))
            }
            Request::AskCalendar(_) => Ok(Routed::AskCalendar),
            Request::PutCalendar(put) => Ok(Routed::PutCalendar(Box::new(put))),
            Request::AskDutyPlan(_) => Ok(Routed::AskDutyPlan(self.coordinator.clone().map(Box::new))),
            Request::PutDutyPlan(put) => match self.coordinator.clone() {
                Some(issuer) => Ok(Routed::PutDutyPlan(Box::new(issuer), Box::new(put))),
                None => Err(Refused::invalid("a plan of duty by somebody who has not asked for the staff")),
            },
            Request::ReadDutyCalendar(read) => match self.coordinator.clone() {
                Some(issuer) => Ok(Routed::ReadDutyCalendar(Box::new(issuer), Box::new(read))),
                None => Err(Refused::invalid("a calendar by somebody who has not asked for the staff")),
            },
            Request::WriteDutyCalendar(write) => match self.coordinator.clone() {
                Some(issuer) => Ok(Routed::WriteDutyCalendar(Box::new(issuer), write.service)),
                None => Err(Refused::invalid("a calendar for somebody who has not asked for the staff")),
            },
            Request::CheckIn(_) => Ok(Routed::CheckIn),
            Request::TakeDuty(take) => Ok(Routed::TakeDuty(take)),
            Request::PutAftercare(put) => {
                self.aftercare += 1;
                if self.aftercare > AFTERCARE_PER_CONNECTION_MAX {
                    return Err(Refused::TooLarge {
                        limit: "AFTERCARE_PER_CONNECTION_MAX".to_owned(),
                        max: AFTERCARE_PER_CONNECTION_MAX.into(),
                    });
                }
                Ok(Routed::Aftercare(put))
            }
            Request::ReadSlot(read) => {
                let parts: [&[u8]; 3] = [&self.nonce, self.host.as_bytes(), &read.slot.0];
                if !verify(&read.owner.0, Purpose::ReadSlot, &parts, &read.signature) {
                    return Err(Refused::invalid("a slot's owner who did not sign"));
                }
                Ok(Routed::ReadSlot(read.slot, read.owner))
            }
            Request::WriteSlot(write) => {
                let sealed = write.sealed.as_ref().map_or(&[][..], |sealed| &sealed.0);
                let parts: [&[u8]; 4] = [&self.nonce, self.host.as_bytes(), &write.slot.0, sealed];
                if !verify(&write.owner.0, Purpose::WriteSlot, &parts, &write.signature) {
                    return Err(Refused::invalid("a slot's owner who did not sign"));
                }
                write.sealed.as_ref().map_or(Ok(()), check_slot)?;
                Ok(Routed::WriteSlot(write.slot, write.owner, write.sealed))
            }
            Request::OpenVault(open) => Ok(Routed::OpenVault(open.vault, open.fence)),
            Request::ReadParts(read) => {
                Refused::unless_within(read.parts.len(), VAULT_PARTS_AT_ONCE_MAX, "VAULT_PARTS_AT_ONCE_MAX")?;
                Ok(Routed::ReadParts(self.opening()?, read.parts))
            }
            Request::PutVault(put) => {
                check_put(&put)?;
                Ok(Routed::PutVault(self.opening()?, put))
            }
            Request::ForgetVault(_) => Ok(Routed::ForgetVault(self.opening()?)),
        }
    }

    /// A room may be read as this leaf.
    pub fn attached(&mut self, room: RoomId, leaf: LeafKey) {
        self.leaves.insert(room, leaf);
    }

    /// A room was not attached after all, or reading it has ended.
    pub fn detached(&mut self, room: &RoomId) {
        self.leaves.remove(room);
    }

    /// Whoever is here holds the key of an issuer that counts.
    pub fn is_coordinator(&mut self, issuer: Issuer) {
        self.coordinator = Some(issuer);
    }

    /// Whether whoever is here has proven to be one.
    pub fn coordinates(&self) -> bool {
        self.coordinator.is_some()
    }

    /// A vault is open on this connection, or none any more.
    pub fn vault_opened(&mut self, opening: Option<Opening>) {
        self.vault = opening;
    }

    /// The vault that is open on this connection: whatever it asks for is refused once somebody opened that later.
    pub fn vault(&self) -> Option<Opening> {
        self.vault
    }

    fn opening(&self) -> Result<Opening, Refused> {
        self.vault.ok_or_else(|| Refused::invalid("no vault is open on this connection"))
    }

    fn to_room(&self, room: RoomId, input: Input) -> Result<Routed, Refused> {
        Ok(Routed::Room { room, leaf: self.leaf(&room)?, input, lead_signature: None })
    }

    fn own_leaves(&self) -> Vec<LeafKey> {
        self.leaves.values().copied().collect()
    }

    fn leaf(&self, room: &RoomId) -> Result<LeafKey, Refused> {
        self.leaves.get(room).copied().ok_or(Refused::UnknownRoom)
    }
}

fn check_letter(post: &PostLetter) -> Result<(), Refused> {
    Refused::unless_within(post.copies.len(), LETTER_READERS_MAX, "LETTER_READERS_MAX")?;
    let longest = post.copies.iter().map(|copy| copy.sealed.len()).max().unwrap_or_default();
    Refused::unless_within(longest, LETTER_BYTES_MAX, "LETTER_BYTES_MAX")?;
    if post.copies.iter().any(|copy| copy.sealed.len() < LETTER_BYTES_MIN) {
        return Err(Refused::invalid("a letter that is none"));
    }
    Ok(())
}

// What the relay keeps for somebody whom nobody has let in anywhere. A call for help is not among it, nor what a call
// needs, nor what is said where others have let her in.
fn wants_proof(request: &Request) -> bool {
    matches!(
        request,
        Request::OpenRoom(_)
            | Request::PublishKeyPackages(_)
            | Request::WriteSlot(_)
            | Request::PutVault(_)
            | Request::PostLetter(_)
            | Request::Knock(_)
    )
}
