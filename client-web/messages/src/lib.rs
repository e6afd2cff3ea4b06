//! What the interface and the worker say to each other.
//!
//! The interface sends a [`Command`] for what the user did and shows each [`Event`] it gets. It holds no key and
//! no protocol state; ids are opaque strings to it. Both travel as CBOR (RFC 8949) between a page and its Web Worker and
//! never leave the browser. No text a person reads is in here: the interface finds words for what happened.

mod aftercare;
mod agreements;
mod calendar;
mod call;
mod channel;
mod code_word;
mod command;
mod contact;
mod duty;
mod event;
mod floor;
mod intake;
mod letters;
mod office;
mod outcome;
mod own_lines;
mod own_times;
mod stage;
mod survey;

pub use aftercare::{AftercareView, AftercareWay};
pub use agreements::{Agreement, AgreementChange, AgreementId};
pub use calendar::PlannedView;
pub use call::{AskEnded, AskId, AskView, CallAlarm, CallState, CallView, Reason, Wants};
pub use channel::{ChannelView, ChannelWish, ChannelsView, Health, Way};
pub use code_word::{
    CODE_LETTERS_MAX, CODE_LETTERS_MIN, CodeFault, CodeMeaning, CodeWord, CodeWordsView, may_be_agreed,
    spoken,
};
pub use command::Command;
pub use contact::{ContactPlace, ContactView, ContactsView};
pub use duty::{
    AccountId, AttendeeView, DutyChange, DutyFault, DutyFileView, DutyLayerView, DutyOverrideView,
    DutyPerson, DutyPlanView, DutyServiceView, DutyTemporaryView, DutyView, FileFault, NextOnDutyView,
    OnHolidays, OwnDutyView, TurnUnit, UncoveredView, Wrong,
};
pub use event::Event;
pub use floor::{FloorView, HeldView, Measure, SessionView};
pub use intake::{Consent, Flag, Intake, Safe, Urgency};
pub use letters::{LetterSays, LetterView, ReportView, Writing};
pub use office::{ColleagueView, OfficeView};
pub use outcome::{Outcome, OutcomeCode};
pub use own_lines::{LineCheckView, OwnLineView, OwnLinesView};
pub use own_times::OwnTimesView;
pub use stage::{Act, Asked, Choice, QuestionState, QuestionView, StageView, StatementView};
pub use survey::{Degree, MonthView, QuarterView};

use minicbor::{Decode, Encode};

/// As it travels between page and worker.
pub fn to_bytes<T: minicbor::Encode<()>>(said: &T) -> Vec<u8> {
    // Writing to memory cannot fail.
    minicbor::to_vec(said).unwrap_or_default()
}

/// What the other side said; `None` for what another build said.
pub fn from_bytes<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    minicbor::decode(bytes).ok()
}

/// A room's id, as the interface knows it.
pub type RoomId = String;
/// A member's id inside one room.
pub type MemberId = String;
/// A help call's id.
pub type CallId = String;
/// A message's id.
pub type MessageId = String;
/// A session of the calendar.
pub type SessionId = String;
/// A letter.
pub type LetterId = String;
/// A certificate's serial.
pub type ColleagueId = String;

/// A word of a phrase that is being typed.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum TypedWord {
    /// In the list.
    #[n(0)]
    Known,
    /// Not in the list; one of these was probably meant.
    #[n(1)]
    Meant(#[n(0)] Vec<String>),
    /// Not in the list, and not like anything in it.
    #[n(2)]
    Unknown,
}

/// Where the way back stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Return {
    /// It is being looked for.
    #[n(0)]
    Looking,
    /// These are not six words, or twenty-four digits: so many.
    #[n(1)]
    Count(#[n(0)] u32),
    /// At least one word is not in the list.
    #[n(2)]
    Words,
    /// The digits belong to no phrase: at least one is wrong.
    #[n(3)]
    Digits,
    /// Nothing was ever kept under it. Whatever is begun now can be found under it.
    #[n(4)]
    Nothing,
    /// This device's key and the PIN open nothing: the PIN is wrong, or the device was forgotten.
    #[n(5)]
    Pin,
    /// The relay could not be asked. It can be tried again.
    #[n(6)]
    NotNow,
    /// The mailbox is being opened.
    #[n(7)]
    Found,
}

/// The link with the relay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Connection {
    /// On the way.
    #[n(0)]
    Connecting,
    /// Signed in.
    #[n(1)]
    Online,
    /// Gone; being tried again.
    #[n(2)]
    Lost,
    /// The link in the address or the client is of no use here; trying again does not help.
    #[n(3)]
    Refused,
    /// The mailbox was opened in another tab or on another device; here it is closed, until she takes over.
    #[n(4)]
    Elsewhere,
    /// The relay is there and can store nothing; being tried again.
    #[n(5)]
    Degraded,
}

/// Who this client is.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct You {
    /// Her role.
    #[n(0)]
    pub role: Role,
    /// Staff: her alias.
    #[n(1)]
    pub alias: Option<String>,
    /// Professionals: her service.
    #[n(2)]
    pub service: Option<String>,
    /// Staff: when the certificate ends, milliseconds since 1970.
    #[n(3)]
    pub until: Option<u64>,
}

/// A role, as far as a certificate proves it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub enum Role {
    /// A participant.
    #[n(0)]
    Person,
    /// A host.
    #[n(1)]
    Host,
    /// A professional.
    #[n(2)]
    Professional,
    /// A presenter.
    #[n(3)]
    Presenter,
    /// Claims a role that is not proven: shown as nobody in particular, never as staff.
    #[n(4)]
    Unproven,
    /// A coordinator: holds an issuer's key, and is in no room.
    #[n(5)]
    Coordinator,
}

/// What a room is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Kind {
    /// A peer group.
    #[n(0)]
    Peer,
    /// A person and the hosts.
    #[n(1)]
    Line,
    /// A help call.
    #[n(2)]
    Help,
    /// A workshop.
    #[n(3)]
    Stage,
}

/// A room and who is in it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct RoomView {
    /// Its id.
    #[n(0)]
    pub room: RoomId,
    /// What it is for.
    #[n(1)]
    pub kind: Kind,
    /// Who is in it, in leaf order.
    #[n(2)]
    pub members: Vec<MemberView>,
    /// Lines: the room its person has been let in to; absent while she waits.
    #[n(3)]
    pub admitted_to: Option<RoomId>,
    /// Lines, for a host: her id there.
    #[n(4)]
    pub admitted_as: Option<MemberId>,
    /// Everything up to the end of its log has been read.
    #[n(5)]
    pub caught_up: bool,
    /// Ten digits that are the same for all who see the same room (RFC 9420 §8.7).
    #[n(6)]
    pub epoch_code: String,
    /// Lines, for a host: the invitation that its person has shown.
    #[n(7)]
    pub invitation: Option<InvitationView>,
    /// For a host: it should be moved ([`Command::Move`]), for it is in an older suite, or somebody cannot follow.
    #[n(8)]
    pub move_it: bool,
    /// Peer rooms: who may speak.
    #[n(9)]
    pub floor: FloorView,
    /// Lines, for a host: what its person wants to say and waits for a host.
    #[n(10)]
    pub held: Vec<HeldView>,
    /// Lines: rooms in which its person is not let in again before then; milliseconds since 1970.
    #[n(11)]
    pub blocked: Vec<(RoomId, u64)>,
    /// Lines, for a host: whether its person is there.
    #[n(12)]
    pub place: PlaceView,
    /// Lines, for its person: who waits before her: 0 nobody, 1 one or two, 3 more. None: no host has said.
    #[n(13)]
    pub before: Option<u8>,
    /// Peer rooms that are over: until then its hosts are in another one for whoever wants to stay; milliseconds since 1970.
    #[n(14)]
    pub stays_until: Option<u64>,
    /// Stages: for which workshop of the calendar.
    #[n(15)]
    pub workshop: Option<SessionId>,
}

impl RoomView {
    /// A room of which nothing more is known.
    #[must_use]
    pub fn new(room: RoomId, kind: Kind) -> Self {
        Self {
            room,
            kind,
            members: Vec::new(),
            admitted_to: None,
            admitted_as: None,
            caught_up: true,
            epoch_code: String::new(),
            invitation: None,
            move_it: false,
            floor: FloorView::default(),
            held: Vec::new(),
            blocked: Vec::new(),
            place: PlaceView::Here,
            before: None,
            stays_until: None,
            workshop: None,
        }
    }
}

/// Whether the person of a line is there.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Encode, Decode)]
pub enum PlaceView {
    /// She is, or was a moment ago.
    #[default]
    #[n(0)]
    Here,
    /// Not since then: milliseconds since 1970. Her place is kept.
    #[n(1)]
    Away {
        /// Since when.
        #[n(0)]
        since: u64,
    },
    /// Not any more: her place is free.
    #[n(2)]
    Free,
}

/// An invitation that somebody has shown in her line.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct InvitationView {
    /// Who gave it to her; worth nothing unless it counts.
    #[n(0)]
    pub partner: String,
    /// What is known of it.
    #[n(1)]
    pub state: Invited,
}

/// What is known of an invitation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Invited {
    /// Whether it was used before is being asked.
    #[n(0)]
    Checking,
    /// Genuine, and used here for the first time.
    #[n(1)]
    Counts,
    /// Genuine, and used before, in another line.
    #[n(2)]
    Used,
    /// It has ended, or is none of this organisation.
    #[n(3)]
    Wrong,
}

/// A member of a room.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct MemberView {
    /// Her id in this room.
    #[n(0)]
    pub id: MemberId,
    /// Her nickname or alias; empty until she has said one.
    #[n(1)]
    pub name: String,
    /// What is proven of her.
    #[n(2)]
    pub role: Role,
    /// Professionals: their service.
    #[n(3)]
    pub service: Option<String>,
    /// It is this client.
    #[n(4)]
    pub you: bool,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct MessageView {
    /// Its id; the same id again is the same message.
    #[n(0)]
    pub id: MessageId,
    /// Who said it, as she was when she said it.
    #[n(1)]
    pub from: MemberView,
    /// The words.
    #[n(2)]
    pub text: String,
    /// Milliseconds since 1970.
    #[n(3)]
    pub at: u64,
    /// Where it is.
    #[n(4)]
    pub state: Delivery,
    /// Why a host has given it back.
    #[n(5)]
    pub returned: Option<String>,
}

/// Where a message is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Delivery {
    /// On the way; never shown as sent.
    #[n(0)]
    Sending,
    /// In the room's log.
    #[n(1)]
    Sent,
    /// Not sent; can be tried again.
    #[n(2)]
    NotSent,
    /// Waits for a host, who reads it first.
    #[n(3)]
    Held,
    /// A host has given it back.
    #[n(4)]
    Returned,
}

/// A line that nobody said.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Note {
    /// Somebody is in the room.
    #[n(0)]
    Joined(#[n(0)] MemberView),
    /// Somebody left by herself.
    #[n(1)]
    Left(#[n(0)] MemberView),
    /// Somebody was removed.
    #[n(2)]
    Removed(#[n(0)] MemberView),
    /// Somebody lost what her device had of the room, and came back with new keys.
    #[n(3)]
    Returned(#[n(0)] MemberView),
    /// This client did, and could not read what was said in between.
    #[n(4)]
    Missed,
    /// Somebody's device has refused what happened in the room, and does nothing there any more.
    #[n(5)]
    Stuck(#[n(0)] MemberView),
    /// The group came here from another room, with this client.
    #[n(6)]
    Moved,
    /// In a line: its person has gone out of a group and would rather not be there now.
    #[n(7)]
    WentAway(#[n(0)] MemberView),
    /// In a line: its person reports what somebody has said or done.
    #[n(8)]
    Reported(#[n(0)] Box<ReportView>),
}

/// Why a room is gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Gone {
    /// She left.
    #[n(0)]
    Left,
    /// A host removed her.
    #[n(1)]
    Removed,
    /// It could not be joined.
    #[n(2)]
    NotJoined,
    /// It has been over for a while: nothing of it is kept.
    #[n(3)]
    Over,
}

/// What did not happen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Failure {
    /// No host is on shift: there is nobody to open a line to.
    #[n(0)]
    NoHosts,
    /// That person cannot be let in now.
    #[n(1)]
    Admit,
    /// The room could not be opened.
    #[n(2)]
    OpenRoom,
    /// The session is not open: there is one host only, or no professional can be reached.
    #[n(3)]
    NotAttended,
    /// Somebody else has taken this call.
    #[n(4)]
    AlreadyTaken,
    /// The call is not there any more.
    #[n(5)]
    CallGone,
    /// What is here could not be put into the vault: it goes on, and is lost when the tab closes.
    #[n(6)]
    NotKept,
    /// Some of what was in the vault could not be read.
    #[n(7)]
    Damaged,
    /// A session cannot be planned like that.
    #[n(8)]
    Plan,
    /// Nobody leads this workshop now.
    #[n(9)]
    NoStage,
    /// A letter was not sent: nobody reads letters here, or there is no room for another.
    #[n(10)]
    Letter,
    /// The office could not be changed: somebody else has changed it meanwhile, or the relay refuses.
    #[n(11)]
    Office,
    /// It could not be done; trying again may help.
    #[n(12)]
    Other,
    /// That is no way to call her: the address is not right, or this relay cannot use it.
    #[n(13)]
    Channel,
    /// There are as many agreements as a call can have.
    #[n(24)]
    AgreementsFull,
    /// An agreement is too long.
    #[n(25)]
    AgreementLong,
    /// An agreement of which nobody does anything.
    #[n(26)]
    AgreementEmpty,
    /// That cannot be how a call ended.
    #[n(27)]
    Outcome,
}
