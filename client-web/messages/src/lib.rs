//! What the interface and the worker say to each other.
//!
//! The interface sends a [`Command`] for what the user did and shows each [`Event`] it gets. It holds no key and
//! no protocol state; ids are opaque strings to it. Both travel as JSON between a page and its Web Worker and never
//! leave the browser. No text a person reads is in here: the interface finds words for what happened.

mod calendar;
mod floor;
mod intake;
mod letters;
mod office;
mod stage;
mod survey;

pub use calendar::PlannedView;
pub use floor::{FloorView, HeldView, Measure, SessionView};
pub use intake::{Consent, Flag, Intake, Safe};
pub use letters::{LetterSays, LetterView, ReportView, Writing};
pub use office::{ColleagueView, OfficeView};
pub use stage::{Act, Choice, QuestionState, QuestionView, StageView, StatementView};
pub use survey::{Degree, MonthView};

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

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

/// What the user did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Begin: the socket's address and what stood in the link's fragment.
    Start {
        /// `ws://…/ws` or `wss://…/ws`.
        url: String,
        /// The fragment without `#`, taken off the address bar before anything else happened.
        fragment: String,
        /// What this tab kept ([`Event::Tab`]), if it was here before.
        tab: Option<String>,
        /// What this device kept ([`Event::Device`]), if a member of staff chose so.
        device: Option<String>,
    },
    /// A person asks to be let in: opens a line to the hosts on shift.
    OpenLine {
        /// What she wants to be called.
        nickname: String,
    },
    /// Something said in a room.
    Say {
        /// Where.
        room: RoomId,
        /// What.
        text: String,
    },
    /// What the interface wants to find again after a reload, in its own words: at most 16 KiB.
    Screen {
        /// Anything; it comes back as it is.
        state: String,
        /// Its number, higher than of the one before.
        number: u64,
    },
    /// The mailbox is open elsewhere: go on here.
    TakeOver,
    /// Draw a return phrase, to be shown ([`Event::Phrase`]). It is worth nothing yet.
    DrawPhrase,
    /// She has the phrase that was drawn: from now on it leads back ([`Event::PhraseKept`]).
    KeepPhrase,
    /// What is being typed as a phrase: asks for hints ([`Event::Typed`]). Nothing leaves the device for it.
    LookAt {
        /// Words or digits, as far as they go.
        typed: String,
    },
    /// Come back by a phrase ([`Event::Return`]).
    ReturnBy {
        /// Words or digits.
        typed: String,
    },
    /// Send again what was not sent.
    Retry {
        /// Which message.
        message: MessageId,
    },
    /// A host lets the person of a line into a peer room.
    Admit {
        /// Her line.
        line: RoomId,
        /// The peer room.
        room: RoomId,
    },
    /// A host makes a peer room, in which hosts gather.
    OpenPeerRoom {
        /// It opens to everybody at once, also alone and without a professional.
        at_once: bool,
    },
    /// A host takes a peer room, with everybody in it, into a new one.
    Move {
        /// Which.
        room: RoomId,
    },
    /// A host rules who may speak.
    Rule {
        /// Where.
        room: RoomId,
        /// What.
        measure: Measure,
    },
    /// A host does not let the person of this line in to that room again for a day.
    Block {
        /// The line.
        line: RoomId,
        /// The room.
        room: RoomId,
    },
    /// A host gives words back that wait in a line ([`RoomView::held`]).
    ReturnWords {
        /// The line.
        line: RoomId,
        /// Which words.
        message: MessageId,
        /// Why, in her own words.
        reason: String,
    },
    /// A person goes out of a room at once; its hosts are told that she would rather not be there, and no reason.
    GoAway {
        /// Which.
        room: RoomId,
    },
    /// What was not sent, or came back, is not wanted any more ([`Event::MessageGone`]).
    Discard {
        /// Which message.
        message: MessageId,
    },
    /// A host removes somebody.
    Remove {
        /// From where.
        room: RoomId,
        /// Whom.
        member: MemberId,
    },
    /// Leave a room.
    Leave {
        /// Which.
        room: RoomId,
    },
    /// A person calls for help.
    Raise {
        /// Which service.
        service: String,
        /// What she wants the professional to know.
        intake: Box<Intake>,
    },
    /// A professional takes a call.
    Acknowledge {
        /// Which.
        call: CallId,
    },
    /// The person closes her call.
    CloseCall {
        /// Which.
        call: CallId,
    },
    /// A host says how a session was: to the coordinators, and to the next hosts what they are to know ([`Event::Written`]).
    Debrief {
        /// The group.
        room: RoomId,
        /// How it was for her.
        how: String,
        /// What others are to know; empty: nothing.
        hand_over: String,
        /// She wants to be called.
        call_me: bool,
    },
    /// Somebody has said or done what is not right ([`Event::Written`]).
    Report {
        /// Where.
        room: RoomId,
        /// Who.
        member: MemberId,
        /// Which of her messages, if it is about words.
        message: Option<MessageId>,
        /// What is wrong with it.
        why: String,
        /// To the hosts, in her line; else to the coordinators, and no host reads it.
        to_hosts: bool,
    },
    /// A presenter or host opens the stage of a workshop that is planned.
    OpenStage {
        /// Which.
        session: SessionId,
    },
    /// Somebody does something on a stage.
    Act {
        /// Where.
        room: RoomId,
        /// What.
        act: Act,
    },
    /// A person comes to a workshop that is open.
    JoinStage {
        /// Which.
        session: SessionId,
    },
    /// A host stays on after a session, in a new room, with whoever wants to.
    StayOn {
        /// The group that is over.
        room: RoomId,
    },
    /// How a session was that is over ([`Event::Written`]).
    Survey {
        /// The group.
        room: RoomId,
        /// Heard, treated with respect, well informed, helped; none where she says nothing.
        answers: [Option<Degree>; 4],
    },
    /// A coordinator has dealt with a letter; or a host has read one.
    PutLetterAway {
        /// Which.
        letter: LetterId,
    },
    /// A coordinator renews these certificates.
    Renew {
        /// Whose.
        colleagues: Vec<ColleagueId>,
    },
    /// A coordinator revokes a certificate: from now on it counts no more.
    Revoke {
        /// Whose.
        colleague: ColleagueId,
    },
    /// A coordinator certifies somebody new ([`Event::Link`]).
    Certify {
        /// As what.
        role: Role,
        /// What people call her.
        alias: String,
        /// Professionals: the service she works for.
        service: String,
    },
    /// A coordinator plans a session, or one of them anew.
    Plan {
        /// As it is to be; whether it is open is not asked.
        session: PlannedView,
    },
    /// A coordinator takes a session out of the calendar.
    Unplan {
        /// Which.
        session: SessionId,
    },
    /// A coordinator adds her signature to what another has proposed.
    CoSign {
        /// What.
        proposal: ColleagueId,
    },
    /// A coordinator makes an invitation ([`Event::Link`]).
    Invite {
        /// Who gives it away.
        partner: String,
    },
    /// Staff: this device is to find the way back with a PIN ([`Event::Device`]).
    KeepOnDevice {
        /// At least six digits.
        pin: String,
    },
    /// Staff: no device finds the way back any more, this one included.
    ForgetDevices,
    /// Comes back by this device's key ([`Event::Return`]).
    ReturnByDevice {
        /// The PIN.
        pin: String,
    },
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker runs and waits for [`Command::Start`].
    Ready,
    /// The link with the relay.
    Connection(Connection),
    /// Who this client is.
    You(You),
    /// There is something to find again: to be kept for as long as the tab lives, and given with [`Command::Start`].
    Tab {
        /// The tab's secret, in hexadecimal.
        secret: String,
    },
    /// After a restore: what the interface wanted to find again.
    Screen {
        /// As it was given.
        state: String,
    },
    /// A return phrase was drawn.
    Phrase {
        /// Six words.
        words: Vec<String>,
        /// The same as three phone numbers.
        digits: Vec<String>,
    },
    /// The phrase leads back from now on: the relay has its slot.
    PhraseKept,
    /// What was typed as a phrase, word by word.
    Typed {
        /// As far as they go.
        words: Vec<TypedWord>,
    },
    /// A phrase is being turned into keys, which takes a moment.
    Stretching {
        /// How far, in thousandths.
        permille: u32,
    },
    /// The way back to a mailbox.
    Return(Return),
    /// What the interface wanted to find again is in the vault.
    ScreenKept {
        /// The number it had.
        number: u64,
    },
    /// What is open now; said again when it changes.
    Open {
        /// A host can be reached.
        hosts: bool,
        /// Services with a professional who can be reached.
        services: Vec<String>,
    },
    /// What is planned and has not ended; said again when it changes.
    Calendar {
        /// In the order in which they begin.
        sessions: Vec<PlannedView>,
    },
    /// She came by a partner's link.
    Invited {
        /// Who gave it, as far as it can be read.
        partner: String,
        /// It is shown to the hosts; else it has ended, or is none of this organisation.
        counts: bool,
    },
    /// A room is there, or changed.
    Room(RoomView),
    /// A room is no longer there for this client.
    RoomGone {
        /// Which.
        room: RoomId,
        /// Why.
        why: Gone,
    },
    /// A message is there, or its state changed.
    Message {
        /// Where.
        room: RoomId,
        /// The message.
        message: MessageView,
    },
    /// A message is not there any more.
    MessageGone {
        /// Where it was.
        room: RoomId,
        /// Which.
        message: MessageId,
    },
    /// A line in a room that nobody said: who came and went.
    Note {
        /// Where.
        room: RoomId,
        /// What happened.
        note: Note,
        /// Milliseconds since 1970.
        at: u64,
    },
    /// A help call is there, or changed.
    Call(CallView),
    /// A help call is not this client's any more: it goes on as another one.
    CallGone {
        /// Which.
        call: CallId,
    },
    /// Staff on duty: a session has no host any more, and nobody can say anything there.
    Unattended {
        /// Since when: milliseconds since 1970.
        since: u64,
    },
    /// Something is wrong in a room and this client has stopped sending there.
    Alarm {
        /// Where.
        room: RoomId,
    },
    /// Coordinators and hosts: the letters that wait; said again when they change.
    Letters {
        /// The oldest first.
        letters: Vec<LetterView>,
    },
    /// What is on a stage; said again when it changes.
    Stage {
        /// Which.
        room: RoomId,
        /// What.
        stage: StageView,
    },
    /// Coordinators: how sessions were.
    Surveys {
        /// The newest month first.
        months: Vec<MonthView>,
    },
    /// What was to be written is on its way and will be read.
    Written(Writing),
    /// What a coordinator sees of her organisation; said again when it changes.
    Office(OfficeView),
    /// A link that was made; it is shown once.
    Link {
        /// What stands behind the `#`.
        fragment: String,
        /// For whom.
        about: String,
        /// It is an invitation, not a link of a member of staff.
        invitation: bool,
    },
    /// What this device is to keep from now on; none: nothing any more.
    Device {
        /// The device's secret, in hexadecimal.
        secret: Option<String>,
    },
    /// Staff: so many devices find the way back.
    Devices {
        /// How many.
        count: u32,
    },
    /// Something the user asked for did not happen.
    Failed {
        /// What.
        what: Failure,
    },
}

/// A word of a phrase that is being typed.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum TypedWord {
    /// In the list.
    Known,
    /// Not in the list; one of these was probably meant.
    Meant(Vec<String>),
    /// Not in the list, and not like anything in it.
    Unknown,
}

/// Where the way back stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Return {
    /// It is being looked for.
    Looking,
    /// These are not six words, or twenty-four digits: so many.
    Count(u32),
    /// At least one word is not in the list.
    Words,
    /// The digits belong to no phrase: at least one is wrong.
    Digits,
    /// Nothing was ever kept under it. Whatever is begun now can be found under it.
    Nothing,
    /// This device's key and the PIN open nothing: the PIN is wrong, or the device was forgotten.
    Pin,
    /// The relay could not be asked. It can be tried again.
    NotNow,
    /// The mailbox is being opened.
    Found,
}

/// The link with the relay.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Connection {
    /// On the way.
    Connecting,
    /// Signed in.
    Online,
    /// Gone; being tried again.
    Lost,
    /// The link in the address or the client is of no use here; trying again does not help.
    Refused,
    /// The mailbox was opened in another tab or on another device; here it is closed, until she takes over.
    Elsewhere,
}

/// Who this client is.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct You {
    /// Her role.
    pub role: Role,
    /// Staff: her alias.
    pub alias: Option<String>,
    /// Professionals: her service.
    pub service: Option<String>,
    /// Staff: when the certificate ends, milliseconds since 1970.
    pub until: Option<u64>,
}

/// A role, as far as a certificate proves it.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    /// A peer group.
    Peer,
    /// A person and the hosts.
    Line,
    /// A help call.
    Help,
    /// A workshop.
    Stage,
}

/// A room and who is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomView {
    /// Its id.
    pub room: RoomId,
    /// What it is for.
    pub kind: Kind,
    /// Who is in it, in leaf order.
    pub members: Vec<MemberView>,
    /// Lines: the room its person has been let in to; absent while she waits.
    pub admitted_to: Option<RoomId>,
    /// Lines, for a host: her id there.
    pub admitted_as: Option<MemberId>,
    /// Everything up to the end of its log has been read.
    pub caught_up: bool,
    /// Ten digits that are the same for all who see the same room (RFC 9420 §8.7).
    pub epoch_code: String,
    /// Lines, for a host: the invitation that its person has shown.
    pub invitation: Option<InvitationView>,
    /// For a host: it should be moved ([`Command::Move`]), for it is in an older suite, or somebody cannot follow.
    pub move_it: bool,
    /// Peer rooms: who may speak.
    pub floor: FloorView,
    /// Lines, for a host: what its person wants to say and waits for a host.
    pub held: Vec<HeldView>,
    /// Lines: rooms in which its person is not let in again before then; milliseconds since 1970.
    pub blocked: Vec<(RoomId, u64)>,
    /// Lines, for a host: whether its person is there.
    pub place: PlaceView,
    /// Lines, for its person: who waits before her: 0 nobody, 1 one or two, 3 more. None: no host has said.
    pub before: Option<u8>,
    /// Peer rooms that are over: until then its hosts are in another one for whoever wants to stay; milliseconds since 1970.
    pub stays_until: Option<u64>,
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
        }
    }
}

/// Whether the person of a line is there.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize, Encode, Decode)]
pub struct InvitationView {
    /// Who gave it to her; worth nothing unless it counts.
    #[n(0)]
    pub partner: String,
    /// What is known of it.
    #[n(1)]
    pub state: Invited,
}

/// What is known of an invitation.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Encode, Decode)]
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

/// A help call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallView {
    /// Its id.
    pub call: CallId,
    /// Its room, once this client is in it.
    pub room: Option<RoomId>,
    /// When it was raised (or tried to be), milliseconds since 1970.
    pub raised_at: u64,
    /// It is this client's own call.
    pub own: bool,
    /// Where it stands.
    pub state: CallState,
    /// What she wrote, once it can be read.
    pub intake: Option<Box<Intake>>,
}

/// Where a help call stands. There is no state for "help is coming": nobody knows that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CallState {
    /// Not stored by the relay yet; being tried.
    NotSent,
    /// Stored; people are being called.
    Stored,
    /// Stored; nobody is on duty.
    Unstaffed,
    /// Three minutes, and nobody has answered.
    StillWaiting,
    /// Somebody has seen it and opens the conversation; proven by her signature.
    Taken(MemberView),
    /// Her words are here.
    Active(MemberView),
    /// The one who took it is gone; somebody else is looked for.
    LeadLost,
    /// Closed by the person.
    Closed,
    /// For a professional: it wants you.
    WantsYou {
        /// The Welcome has not come yet; it cannot be taken before it has.
        key_on_its_way: bool,
    },
    /// For a professional: somebody else has it, or it is over.
    NotYours,
}

/// Why a room is gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Gone {
    /// She left.
    Left,
    /// A host removed her.
    Removed,
    /// It could not be joined.
    NotJoined,
}

/// What did not happen.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    /// No host is on shift: there is nobody to open a line to.
    NoHosts,
    /// That person cannot be let in now.
    Admit,
    /// The room could not be opened.
    OpenRoom,
    /// The session is not open: there is one host only, or no professional can be reached.
    NotAttended,
    /// Somebody else has taken this call.
    AlreadyTaken,
    /// The call is not there any more.
    CallGone,
    /// What is here could not be put into the vault: it goes on, and is lost when the tab closes.
    NotKept,
    /// Some of what was in the vault could not be read.
    Damaged,
    /// A session cannot be planned like that.
    Plan,
    /// Nobody leads this workshop now.
    NoStage,
    /// A letter was not sent: nobody reads letters here, or there is no room for another.
    Letter,
    /// The office could not be changed: somebody else has changed it meanwhile, or the relay refuses.
    Office,
    /// It could not be done; trying again may help.
    Other,
}
