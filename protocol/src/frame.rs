//! Everything that is said between a client and the relay, one doc line per thing.
//!
//! A client frame is a request and gets exactly one reply. A server frame is a reply or a push.
//! Structures are CBOR arrays (RFC 8949): fields at the end may be added later, and older readers skip them.

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::calendar::{AskCalendar, CalendarTold, PutCalendar};
pub use crate::call::Page;
use crate::call::{Acknowledgement, Alarm, AskColleague, CallNotice, Decline, StepCall, Urgency};
use crate::channel::{AskChannels, Channels, ConfirmChannel, PutChannel, RemoveChannel, TestChannels};
use crate::duty::{
    AskDutyPlan, CheckIn, DutyCalendarRead, DutyCalendarWritten, DutyPlanTold, PutDutyPlan, ReadDutyCalendar,
    TakeDuty, WriteDutyCalendar,
};
use crate::figures::PutAftercare;
use crate::floor::Ruling;
use crate::ids::{AccountKey, CallId, Epoch, LeafKey, PageId, RequestId, RoomId, Seq, SessionId};
use crate::letters::{
    AskLetterKeys, AskLetters, LetterKeys, Letters, PostLetter, PutLetterAway, PutLetterKey,
};
use crate::office::{AskStaff, PutStaff, Staff};
use crate::refusal::Refused;
use crate::session::SessionState;
use crate::stage::{Door, Knock};
use crate::survey::{AskSurveys, PutSurvey, Surveys};
use crate::time::Timestamp;
use crate::vault::{ForgetVault, OpenVault, Parts, PutVault, ReadParts, ReadSlot, Slot, Vault, WriteSlot};

/// Signs in. The signature covers the challenge's nonce and the host name the client dialled.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Hello {
    /// Protocol versions the client speaks.
    #[n(0)]
    pub versions: Vec<u16>,
    /// MLS suites the client knows.
    #[n(1)]
    pub suites: Vec<u16>,
    /// Whose inbox this is.
    #[n(2)]
    pub account: AccountKey,
    /// Ed25519 by the account key over nonce and host.
    #[n(3)]
    pub signature: Blob,
}

/// Replaces the account's published KeyPackages, all at once.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PublishKeyPackages {
    /// One-time KeyPackages (MLSMessage encoding).
    #[n(0)]
    pub packages: Vec<Blob>,
    /// Handed out when the others are gone; marked `last_resort` (RFC 9420 §16.8).
    #[n(1)]
    pub last_resort: Option<Blob>,
}

/// Takes one KeyPackage of each account, in order.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ClaimKeyPackages {
    /// Whose.
    #[n(0)]
    pub accounts: Vec<AccountKey>,
}

/// Asks who is on duty for a service, through all levels of its ladder.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskDuty {
    /// The service; hosts on shift are the service `begeleider`.
    #[n(0)]
    pub service: String,
}

/// A room's beginning.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Opening {
    /// The GroupInfo of epoch 0 (RFC 9420 §12.4.3), without tree, as MLSMessage.
    #[n(0)]
    pub group_info: Blob,
    /// The ratchet tree of epoch 0: one leaf.
    #[n(1)]
    pub tree: Blob,
    /// The first commit, adding those who are in from the start.
    #[n(2)]
    pub bundle: Option<Bundle>,
}

/// A commit and everything others need with it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Bundle {
    /// The commit, an MLS PublicMessage.
    #[n(0)]
    pub commit: Blob,
    /// Extensions and signature of the new epoch's GroupInfo ([`crate::mls::AssistedGroupInfo`]).
    #[n(1)]
    pub group_info: Blob,
    /// The Welcome for those it adds, as MLSMessage; absent iff it adds nobody.
    #[n(2)]
    pub welcome: Option<Blob>,
}

/// Opens a room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct OpenRoom {
    /// Its id: the MLS group id.
    #[n(0)]
    pub room: RoomId,
    /// Its beginning.
    #[n(1)]
    pub opening: Opening,
    /// Stage only: which workshop of the calendar it is for.
    #[n(2)]
    pub session: Option<SessionId>,
}

/// Takes a seat in a room on this socket: proves a leaf key and says what is already known.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Attach {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// Which leaf.
    #[n(1)]
    pub leaf: LeafKey,
    /// Ed25519 by the leaf key over the challenge's nonce, the host and the room.
    #[n(2)]
    pub signature: Blob,
    /// The last entry the client has kept; the next one pushed is the one after. Absent: from the stored cursor.
    #[n(3)]
    pub after: Option<Seq>,
}

/// Puts an application message (MLS PrivateMessage) in a room's log.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Send {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// The ciphertext.
    #[n(1)]
    pub message: Blob,
    /// Help only, for the lead's first words: her signature over call id and ciphertext hash.
    #[n(2)]
    pub lead_signature: Option<Blob>,
}

/// Puts a commit in a room's log, if it is the first of its epoch and allowed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Commit {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// The commit.
    #[n(1)]
    pub bundle: Bundle,
}

/// Puts a standalone proposal (SelfRemove, as PublicMessage) in a room's log.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Propose {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// The proposal.
    #[n(1)]
    pub message: Blob,
}

/// Everything up to `seq` is kept by this leaf; the relay may forget it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Ack {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// The cursor.
    #[n(1)]
    pub seq: Seq,
}

/// A commit that the relay accepted could not be applied; the sender has stopped. Becomes an entry others see.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct RejectCommit {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// The commit's place.
    #[n(1)]
    pub seq: Seq,
    /// SHA-256 of its bytes.
    #[n(2)]
    pub hash: Blob,
    /// Ed25519 by the leaf key over room, place and hash.
    #[n(3)]
    pub signature: Blob,
}

/// A host rules about the floor of a peer room; or ends a stage, which a presenter may too. Becomes an entry that everybody there verifies.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutRuling {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// What, signed.
    #[n(1)]
    pub ruling: Ruling,
}

/// Everything in the inbox up to `seq` is kept by the account.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AckInbox {
    /// The cursor.
    #[n(0)]
    pub seq: Seq,
}

/// Raises a help call: a room of kind help, her intake as first message, and the call, in one.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Raise {
    /// Drawn by her client; the same id again is the same call.
    #[n(0)]
    pub call: CallId,
    /// The service she asks for.
    #[n(1)]
    pub service: String,
    /// How soon.
    #[n(2)]
    pub urgency: Urgency,
    /// The help room.
    #[n(3)]
    pub room: RoomId,
    /// Its beginning, with everybody her client found on duty.
    #[n(4)]
    pub opening: Opening,
    /// Her intake, encrypted for all of them.
    #[n(5)]
    pub intake: Blob,
    /// Who is called first if on duty: her contact person and the deputy, in this order; at most two.
    #[n(6)]
    pub first: Vec<AccountKey>,
}

/// The page arrived on a device.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Receipt {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// Which page.
    #[n(1)]
    pub page: PageId,
}

/// A request about one help call.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct OneCall {
    /// Which call.
    #[n(0)]
    pub call: CallId,
}

/// A request about one room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct OneRoom {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
}

/// "I am still here": keeps the connection and asks what is open.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Ping {}

/// "I can be called here": the open desk, first channel of the ladder. Ends with the socket.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct OpenDesk {}

/// Asks for the staff register whose head came with `Welcomed`.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct AskRegister {}

/// The proof of work that the challenge asked for: a counter for each puzzle.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Prove {
    /// In the order of the puzzles.
    #[n(0)]
    pub counters: Vec<u64>,
}

/// Done; the entry has this place. For what has no place: `Seq(0)`.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Accepted {
    /// Its place in the log.
    #[n(0)]
    pub seq: Seq,
}

/// Signed in.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Welcomed {
    /// The version both will speak.
    #[n(0)]
    pub version: u16,
    /// The relay's clock, for display only.
    #[n(1)]
    pub now: Timestamp,
    /// One-time KeyPackages the account has left.
    #[n(2)]
    pub key_packages: u32,
    /// The head of the staff register ([`crate::register::RegisterHead`]); verify it, and never accept an older one.
    #[n(3)]
    pub register_head: Blob,
    /// Staff: the newest certificate the relay has of this account; it may be newer than hers.
    #[n(4)]
    pub certificate: Option<Blob>,
}

/// The staff register ([`crate::register::Register`]).
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StaffRegister {
    /// Its bytes; verify them against the head.
    #[n(0)]
    pub register: Blob,
}

/// The claimed KeyPackages; `None` where an account has none.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct KeyPackages {
    /// In the order asked for.
    #[n(0)]
    pub packages: Vec<Option<Blob>>,
}

/// Somebody on duty.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct OnDuty {
    /// Where her KeyPackages and inbox are.
    #[n(0)]
    pub account: AccountKey,
    /// Her role certificate; verify it before believing anything.
    #[n(1)]
    pub certificate: Blob,
    /// Her level in the ladder, from 1.
    #[n(2)]
    pub level: u32,
    /// A channel to her is open now.
    #[n(3)]
    pub reachable: bool,
}

/// Who is on duty, in ladder order.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Duty {
    /// In ladder order, at most 20.
    #[n(0)]
    pub people: Vec<OnDuty>,
}

/// A seat is taken on this socket; entries follow.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Attached {
    /// The last entry the room has.
    #[n(0)]
    pub head: Seq,
    /// The epoch it is in.
    #[n(1)]
    pub epoch: Epoch,
    /// For who has not joined yet: how to.
    #[n(2)]
    pub invitation: Option<Invitation>,
    /// Peer rooms: how it stands with the session. Stages: that it is over.
    #[n(3)]
    pub session: Option<SessionState>,
}

/// What a joiner needs: the Welcome and the tree of the very epoch it leads into.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Invitation {
    /// The Welcome, as MLSMessage.
    #[n(0)]
    pub welcome: Blob,
    /// The ratchet tree of that epoch.
    #[n(1)]
    pub tree: Blob,
    /// The place of the commit that added her; she reads from the next one.
    #[n(2)]
    pub seq: Seq,
}

/// The GroupInfo and tree of the current epoch, for a member who must resync.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct GroupState {
    /// The GroupInfo, as MLSMessage.
    #[n(0)]
    pub group_info: Blob,
    /// The ratchet tree.
    #[n(1)]
    pub tree: Blob,
    /// The room's last entry: what the resync must be built on.
    #[n(2)]
    pub seq: Seq,
    /// SelfRemoves that wait in this epoch; the resync must carry them out.
    #[n(3)]
    pub proposals: Vec<Blob>,
}

/// The answer to a ping: what is open now.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Pong {
    /// The relay's clock, for display only.
    #[n(0)]
    pub now: Timestamp,
    /// Services with somebody reachable now; `begeleider` are the hosts.
    #[n(1)]
    pub open: Vec<String>,
    /// The number of the calendar; 0: there is none.
    #[n(2)]
    pub calendar: u64,
    /// Sessions of the calendar that are open now.
    #[n(3)]
    pub sessions: Vec<SessionId>,
    /// Every service there is, with somebody reachable or not: what a person can ask for. A relay of before does not say.
    #[cbor(n(4), default)]
    pub services: Vec<String>,
}

/// The relay's first word on a socket.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Challenge {
    /// To be signed.
    #[n(0)]
    pub nonce: Blob,
    /// Versions the relay speaks.
    #[n(1)]
    pub versions: Vec<u16>,
    /// Suites the relay knows.
    #[n(2)]
    pub suites: Vec<u16>,
    /// How many zero bits each puzzle of the proof of work asks for ([`crate::work`]); absent: none is asked for.
    #[n(3)]
    pub work: Option<u8>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum EntryKind {
    /// An MLS PrivateMessage.
    #[n(0)]
    Application,
    /// An MLS PublicMessage holding a commit.
    #[n(1)]
    Commit,
    /// An MLS PublicMessage holding a SelfRemove.
    #[n(2)]
    Proposal,
    /// A [`CallNotice`], written by the relay.
    #[n(3)]
    Call,
    /// A [`RejectCommit`], signed by a member.
    #[n(4)]
    Reject,
    /// A [`Ruling`], signed by a host.
    #[n(5)]
    Ruling,
    /// A [`crate::session::SessionNotice`], written by the relay.
    #[n(6)]
    Session,
}

/// One entry of a room's log.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entry {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// Its place: one more than the entry before.
    #[n(1)]
    pub seq: Seq,
    /// What it is.
    #[n(2)]
    pub kind: EntryKind,
    /// When the relay accepted it, to the minute or better, for display only.
    #[n(3)]
    pub at: Timestamp,
    /// The bytes.
    #[n(4)]
    pub body: Blob,
}

/// A log has been pushed up to its end; what follows is new.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct CaughtUp {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
    /// Its last entry.
    #[n(1)]
    pub seq: Seq,
}

/// One entry of an account's inbox.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct InboxEntry {
    /// Its place.
    #[n(0)]
    pub seq: Seq,
    /// What it says.
    #[n(1)]
    pub notice: Notice,
}

/// What an inbox entry says.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Notice {
    /// A commit added this account's leaf to a room: attach to find the Welcome.
    #[n(0)]
    Added {
        /// Which room.
        #[n(0)]
        room: RoomId,
    },
    /// A help call wants this account. Content-free: what it is about is in the room.
    #[n(1)]
    Page(#[n(0)] Page),
    /// That call needs this account no longer.
    #[n(2)]
    Taken {
        /// Which call.
        #[n(0)]
        call: CallId,
        /// The page that is over.
        #[n(1)]
        page: PageId,
    },
    /// A session has no host any more: for everybody on duty.
    #[n(3)]
    Unattended {
        /// Which room.
        #[n(0)]
        room: RoomId,
        /// Since when nobody can speak there.
        #[n(1)]
        since: Timestamp,
        /// Her page: a receipt for it says that it has arrived.
        #[n(2)]
        page: PageId,
    },
    /// Somebody wants to come to a workshop: for those who lead it.
    #[n(4)]
    Knock {
        /// Its stage.
        #[n(0)]
        room: RoomId,
        /// Hers.
        #[n(1)]
        key_package: Blob,
    },
    /// A help call needs a coordinator.
    #[n(5)]
    Alarm {
        /// Which call.
        #[n(0)]
        call: CallId,
        /// Why.
        #[n(1)]
        why: Alarm,
        /// Since when.
        #[n(2)]
        since: Timestamp,
    },
    /// That session has a host again, or is over: nobody need look for one any more.
    #[n(6)]
    Attended {
        /// Which room.
        #[n(0)]
        room: RoomId,
    },
    /// A colleague has taken the duty of a service over: for whoever was on duty, and for coordinators.
    #[n(50)]
    DutyTaken {
        /// Of which service.
        #[n(0)]
        service: String,
        /// Her role certificate; verify it before showing her alias.
        #[n(1)]
        certificate: Blob,
        /// From this moment.
        #[n(2)]
        from: Timestamp,
        /// Until this one.
        #[n(3)]
        until: Timestamp,
    },
    /// Her duty has begun, and she is asked whether she is there. An exercise of this page goes through her channels.
    #[n(51)]
    CheckIn {
        /// Since when she is asked.
        #[n(0)]
        since: Timestamp,
        /// The exercise.
        #[n(1)]
        page: PageId,
    },
    /// For coordinators: somebody on duty has not said in time that she is there, or has by now.
    #[n(52)]
    NotCheckedIn {
        /// Her role certificate; verify it before showing her alias.
        #[n(0)]
        certificate: Blob,
        /// Since when she was asked; none: she is there.
        #[n(1)]
        since: Option<Timestamp>,
    },
}

/// This socket may no longer read a room.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Detached {
    /// Which room.
    #[n(0)]
    pub room: RoomId,
}

macro_rules! frames {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $code:literal $variant:ident($body:ty),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($body),)+
        }

        impl $name {
            /// The frame type on the wire.
            pub fn code(&self) -> u32 {
                match self { $(Self::$variant(_) => $code,)+ }
            }

            pub(crate) fn encode_body<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                match self { $(Self::$variant(body) => { e.encode(body)?; })+ }
                Ok(())
            }

            pub(crate) fn decode_body(
                code: u32,
                d: &mut minicbor::Decoder<'_>,
            ) -> Option<Result<Self, minicbor::decode::Error>> {
                match code {
                    $($code => Some(d.decode().map(Self::$variant)),)+
                    _ => None,
                }
            }
        }
    };
}

frames! {
    /// What a client asks.
    Request {
        /// Sign in.
        1 Hello(Hello),
        /// Replace published KeyPackages.
        2 PublishKeyPackages(PublishKeyPackages),
        /// Take one KeyPackage of each account.
        3 ClaimKeyPackages(ClaimKeyPackages),
        /// Who is on duty.
        4 AskDuty(AskDuty),
        /// Open a room.
        5 OpenRoom(OpenRoom),
        /// Read a room on this socket.
        6 Attach(Attach),
        /// Stop reading it.
        7 Detach(OneRoom),
        /// Say something.
        8 Send(Send),
        /// Change who is in it.
        9 Commit(Commit),
        /// Leave.
        10 Propose(Propose),
        /// Move the cursor.
        11 Ack(Ack),
        /// Report a commit that cannot be applied.
        12 RejectCommit(RejectCommit),
        /// Move the inbox cursor.
        13 AckInbox(AckInbox),
        /// The state a resync needs.
        14 AskGroupState(OneRoom),
        /// Call for help.
        15 Raise(Raise),
        /// Take a help call.
        16 Acknowledge(Acknowledgement),
        /// The page reached a device.
        17 Receipt(Receipt),
        /// Close her call; only the person may.
        18 CloseCall(OneCall),
        /// Still here.
        19 Ping(Ping),
        /// This member of staff can be called on this socket from now on: her KeyPackages are published.
        20 OpenDesk(OpenDesk),
        /// Read a wrapped account secret.
        21 ReadSlot(ReadSlot),
        /// Write or forget one.
        22 WriteSlot(WriteSlot),
        /// Open a mailbox.
        23 OpenVault(OpenVault),
        /// Read parts of it.
        24 ReadParts(ReadParts),
        /// Change it.
        25 PutVault(PutVault),
        /// Forget all of it.
        26 ForgetVault(ForgetVault),
        /// Who was certified and who was revoked.
        27 AskRegister(AskRegister),
        /// The proof of work.
        28 Prove(Prove),
        /// For coordinators: who is certified.
        29 AskStaff(AskStaff),
        /// For coordinators: who is certified from now on.
        30 PutStaff(PutStaff),
        /// For hosts: who may speak in a room from now on.
        31 PutRuling(PutRuling),
        /// Which sessions are planned.
        32 AskCalendar(AskCalendar),
        /// For coordinators: which sessions are planned from now on.
        33 PutCalendar(PutCalendar),
        /// With which keys letters are sealed.
        34 AskLetterKeys(AskLetterKeys),
        /// For coordinators and hosts: with which key letters to them are sealed.
        35 PutLetterKey(PutLetterKey),
        /// A letter for some of them.
        36 PostLetter(PostLetter),
        /// For coordinators and hosts: which letters wait.
        37 AskLetters(AskLetters),
        /// For coordinators and hosts: one is not wanted any more.
        38 PutLetterAway(PutLetterAway),
        /// How a session was.
        39 PutSurvey(PutSurvey),
        /// For coordinators: how sessions were.
        40 AskSurveys(AskSurveys),
        /// Come to a workshop.
        41 Knock(Knock),
        /// For the lead of a help call: a colleague is wanted.
        42 AskColleague(AskColleague),
        /// Not come to a help call.
        43 Decline(Decline),
        /// For the person or the lead: go on with a help call.
        44 StepCall(StepCall),
        /// Help with a call that somebody else leads.
        45 Assist(Acknowledgement),
        /// For staff: how this account is called when its desk is not open.
        46 AskChannels(AskChannels),
        /// For staff: one more way.
        47 PutChannel(PutChannel),
        /// For staff: one less.
        48 RemoveChannel(RemoveChannel),
        /// For staff: an exercise over all of them.
        49 TestChannels(TestChannels),
        /// For staff: what was sent over this one has arrived.
        50 ConfirmChannel(ConfirmChannel),
        /// For staff and coordinators: who is on duty when, as it is planned.
        70 AskDutyPlan(AskDutyPlan),
        /// For coordinators: who is on duty when, from now on.
        71 PutDutyPlan(PutDutyPlan),
        /// For a professional: she is on duty from now on.
        72 TakeDuty(TakeDuty),
        /// For staff: she is there for the duty that has begun.
        73 CheckIn(CheckIn),
        /// For coordinators: what duty would be by a calendar of another program.
        74 ReadDutyCalendar(ReadDutyCalendar),
        /// For coordinators: duty as a calendar for other programs.
        75 WriteDutyCalendar(WriteDutyCalendar),
        /// Whether what was agreed was done.
        84 PutAftercare(PutAftercare),
    }
}

frames! {
    /// What the relay answers.
    Answer {
        /// Done.
        64 Accepted(Accepted),
        /// Signed in.
        65 Welcomed(Welcomed),
        /// Claimed KeyPackages.
        66 KeyPackages(KeyPackages),
        /// Who is on duty.
        67 Duty(Duty),
        /// Reading.
        68 Attached(Attached),
        /// For a resync.
        69 GroupState(GroupState),
        /// What is open.
        70 Pong(Pong),
        /// No, and why.
        71 Refused(Refused),
        /// A slot.
        72 Slot(Slot),
        /// A mailbox is open.
        73 Vault(Vault),
        /// Parts of it.
        74 Parts(Parts),
        /// The staff register.
        75 StaffRegister(StaffRegister),
        /// Who is certified.
        76 Staff(Staff),
        /// Which sessions are planned.
        77 Calendar(CalendarTold),
        /// With which keys letters are sealed.
        78 LetterKeys(LetterKeys),
        /// Which letters wait.
        79 Letters(Letters),
        /// How sessions were.
        80 Surveys(Surveys),
        /// Where a workshop is.
        81 Door(Door),
        /// How this account is called.
        82 Channels(Channels),
        /// Who is on duty when.
        90 DutyPlan(DutyPlanTold),
        /// What duty would be by a calendar.
        91 DutyCalendarRead(DutyCalendarRead),
        /// Duty as a calendar.
        92 DutyCalendarWritten(DutyCalendarWritten),
    }
}

frames! {
    /// What the relay says unasked.
    Push {
        /// Its first word.
        128 Challenge(Challenge),
        /// An entry of a room's log.
        129 Entry(Entry),
        /// The end of a log.
        130 CaughtUp(CaughtUp),
        /// An entry of the inbox.
        131 Inbox(InboxEntry),
        /// A room is no longer read on this socket.
        132 Detached(Detached),
        /// What is open has changed.
        133 Open(Pong),
    }
}

/// What a client sends.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientFrame {
    /// Drawn at random; a repeat of it gets the reply the first one got.
    pub request_id: RequestId,
    /// What is asked.
    pub request: Request,
}

/// What the relay sends.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerFrame {
    /// The answer to a request.
    Reply(RequestId, Answer),
    /// Something unasked.
    Push(Push),
}

/// A help call's notice as the body of an entry.
pub fn call_notice_body(notice: &CallNotice) -> Blob {
    Blob(crate::codec::to_vec(notice))
}
