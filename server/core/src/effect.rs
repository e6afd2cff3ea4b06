//! What a room or the help desk asks of the world: changes to the ledger, made all at once or not at all.

use lotgenoot_protocol::call::Why;
use lotgenoot_protocol::frame::{EntryKind, Notice};
use lotgenoot_protocol::letters::LetterFor;
use lotgenoot_protocol::survey::Answers;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, ChannelId, LeafKey, LetterId, PageId, RequestId, RoomId, Seq, Serial, SlotId,
    SlotKey, Timestamp, VaultId,
};

use crate::figures::Figure;
use crate::vault::VaultChange;

/// A published KeyPackage.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Package {
    /// Its reference (RFC 9420 §5.2).
    pub reference: Vec<u8>,
    /// Its bytes.
    pub bytes: Blob,
    /// From then on nobody can be added with it.
    pub until: Timestamp,
}

/// One change to what is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// The room must not exist; this is its first record.
    CreateRoom {
        /// Its id.
        room: RoomId,
        /// Its record ([`crate::room::Room::to_record`]).
        record: Vec<u8>,
    },
    /// The room's record after a change of members, epoch or seats.
    PutRoom {
        /// Its id.
        room: RoomId,
        /// Its record.
        record: Vec<u8>,
    },
    /// The next entry of a room's log.
    Append(Append),
    /// A leaf has kept everything up to here. Need not be durable at once.
    Cursor {
        /// Which room.
        room: RoomId,
        /// Whose cursor.
        leaf: LeafKey,
        /// Up to here.
        seq: Seq,
    },
    /// Everybody has kept the entries up to here: forget their bytes.
    Trim {
        /// Which room.
        room: RoomId,
        /// The last entry to forget.
        through: Seq,
    },
    /// The room is over: forgets its record, its cursors and the bytes of its entries. Nobody opens a room by this id
    /// again.
    RemoveRoom {
        /// Which.
        room: RoomId,
    },
    /// Something for an account's inbox.
    Notify {
        /// Whose.
        account: AccountKey,
        /// What.
        notice: Notice,
    },
    /// Something for the inbox of whoever published this KeyPackage; nothing if nobody did.
    NotifyKeyPackage {
        /// The KeyPackage's reference.
        key_package: Vec<u8>,
        /// What.
        notice: Notice,
    },
    /// Replaces an account's published KeyPackages, all at once.
    Publish {
        /// Whose.
        account: AccountKey,
        /// One-time ones.
        packages: Vec<Package>,
        /// The one of last resort.
        last_resort: Option<Package>,
    },
    /// Takes one KeyPackage of each account, none whose time is over; the ledger says which it took.
    Claim {
        /// Whose, in order.
        accounts: Vec<AccountKey>,
        /// One-time ones may be taken; else only those of last resort, which are never used up.
        one_time: bool,
        /// The moment.
        now: Timestamp,
    },
    /// An account has kept its inbox up to here.
    AckInbox {
        /// Whose.
        account: AccountKey,
        /// Up to here.
        seq: Seq,
    },
    /// How a member of staff is called.
    PutChannels {
        /// Whose.
        account: AccountKey,
        /// Her channels, all of them, and what she has proven to be ([`crate::outbox::Outbox`]).
        record: Vec<u8>,
    },
    /// A page on its way over a channel.
    PutSending {
        /// Which page.
        page: PageId,
        /// Over which channel.
        channel: ChannelId,
        /// Its record ([`crate::outbox::Sending`]).
        record: Vec<u8>,
    },
    /// It is not on its way any more.
    RemoveSending {
        /// Which page.
        page: PageId,
        /// Over which channel.
        channel: ChannelId,
    },
    /// A help call's record.
    PutCall {
        /// Which call.
        call: CallId,
        /// Its record ([`crate::call::HelpCall`]).
        record: Vec<u8>,
    },
    /// Forgets a help call.
    RemoveCall {
        /// Which.
        call: CallId,
    },
    /// The staff as coordinators have changed it. Refused, with the whole batch, unless it was made of the last one.
    PutOffice {
        /// The number of what it was made of; 0: of the roster file.
        after: u64,
        /// Its own number.
        number: u64,
        /// Its record ([`crate::office::Office::record`]).
        record: Vec<u8>,
    },
    /// The calendar as a coordinator has signed it. Refused, with the whole batch, unless it is the next one.
    PutCalendar {
        /// Its own number; the one before it is stored now, or it is the first.
        number: u64,
        /// The calendar ([`lotgenoot_protocol::calendar::Calendar`]) as it is encoded.
        record: Vec<u8>,
    },
    /// The plan of duty as a coordinator has written it. Refused, with the whole batch, unless it is the next one.
    PutDutyPlan {
        /// Its own number; the one before it is stored now, or it is the first.
        number: u64,
        /// The plan ([`lotgenoot_protocol::duty::DutyPlan`]) as it is encoded.
        record: Vec<u8>,
    },
    /// Who on duty has said that she is there.
    PutCheckIns {
        /// All of them ([`crate::desk::HelpDesk`]).
        record: Vec<u8>,
    },
    /// From now on letters to this reader are sealed with this key.
    PutLetterKey {
        /// Whose ([`lotgenoot_protocol::letters::Reader::serial`]).
        reader: Serial,
        /// The key ([`lotgenoot_protocol::letters::LetterKey`]) as it is encoded.
        record: Vec<u8>,
    },
    /// Keeps a letter for its readers; one for whom too many wait does not get it. Refused, with the whole batch, if it
    /// would reach none of them.
    PostLetter {
        /// Its own: the same letter again is the same letter.
        id: LetterId,
        /// When.
        at: Timestamp,
        /// One for each reader.
        copies: Vec<LetterFor>,
    },
    /// These readers do not want a letter any more.
    PutLetterAway {
        /// Which.
        id: LetterId,
        /// Who.
        readers: Vec<Serial>,
    },
    /// Counts what somebody says of a session.
    CountSurvey {
        /// In which month ([`crate::survey::month_of`]).
        month: u32,
        /// What.
        answers: Answers,
    },
    /// Counts what happened to a help call.
    CountCall {
        /// In which quarter ([`crate::figures::quarter_of`]).
        quarter: u32,
        /// The service that was asked.
        service: String,
        /// What.
        figure: Figure,
    },
    /// Letters that came before this moment are forgotten.
    ExpireLetters {
        /// When.
        before: Timestamp,
    },
    /// Writes a slot. Refused, with the whole batch, if another key owns it.
    PutSlot {
        /// Which.
        slot: SlotId,
        /// Whose.
        owner: SlotKey,
        /// What it holds.
        sealed: Blob,
        /// When.
        at: Timestamp,
    },
    /// Forgets what is in a slot, if this key owns it. The place stays hers until it expires: nobody takes it.
    ForgetSlot {
        /// Which.
        slot: SlotId,
        /// Whose.
        owner: SlotKey,
        /// As if it had been touched last at this moment.
        touched: Timestamp,
    },
    /// Somebody read a slot. If there is none, it is written down that one was asked for, and nothing else: both take
    /// the disk as long.
    TouchSlot {
        /// Which.
        slot: SlotId,
        /// When.
        at: Timestamp,
    },
    /// Somebody opened a vault: whoever opened it earlier is fenced. If there is none, or it is another's, nothing is
    /// made, and the disk takes as long. Refused if it was opened later.
    OpenVault {
        /// Which.
        vault: VaultId,
        /// By whom ([`crate::vault::reader`]).
        reader: Blob,
        /// The new opening.
        fence: u64,
        /// When.
        at: Timestamp,
    },
    /// The batch is refused if this vault was opened later than this.
    Fence {
        /// Which.
        vault: VaultId,
        /// The opening in which the batch was asked for.
        fence: u64,
    },
    /// Changes a vault. Refused, with the whole batch, if it may not be ([`VaultChange::apply`]).
    PutVault(Box<VaultChange>),
    /// Forgets a vault and its parts, if it is this reader's. Refused if it was opened later.
    ForgetVault {
        /// Which.
        vault: VaultId,
        /// By whom.
        reader: Blob,
        /// In which opening.
        fence: u64,
    },
    /// Forgets those of these that nobody has touched since.
    Expire {
        /// Slots.
        slots: Vec<SlotId>,
        /// Vaults, with their parts.
        vaults: Vec<VaultId>,
        /// Untouched since this moment.
        before: Timestamp,
    },
}

/// An entry as it goes into the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Append {
    /// Which room.
    pub room: RoomId,
    /// Its place.
    pub seq: Seq,
    /// What it is.
    pub kind: EntryKind,
    /// When it was accepted.
    pub at: Timestamp,
    /// Which request made it, so that a repeat gets the same reply; absent for the relay's own notices.
    pub request: Option<RequestId>,
    /// The bytes.
    pub body: Blob,
}

/// Somebody may not read on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cut {
    /// Which room.
    pub room: RoomId,
    /// Who.
    pub leaf: LeafKey,
    /// The last entry she may read.
    pub last: Seq,
}

/// Everything one or more inputs changed: one transaction, then these consequences.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Changes to the ledger, in order.
    pub ops: Vec<Op>,
    /// Readers to cut off once the changes are durable.
    pub cuts: Vec<Cut>,
    /// Whoever need not be called any more. Nothing is stored of it: the outbox makes changes of it.
    pub unwanted: Vec<Unwanted>,
}

/// Nobody need come for this any more: no page for it rings from now on, however many there were.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Unwanted {
    /// Whose pages.
    pub account: AccountKey,
    /// For which call.
    pub call: CallId,
    /// For what.
    pub why: Why,
}

impl Batch {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty() && self.cuts.is_empty()
    }
}
