//! What the user sees of it.

use crate::{
    Asked, CallAlarm, CallId, CallView, ChannelsView, CodeWordsView, Connection, ContactsView, DutyFault,
    DutyFileView, DutyView, Failure, FileFault, Gone, LetterView, MessageId, MessageView, MonthView, Note,
    OfficeView, OwnLinesView, OwnTimesView, PlannedView, QuarterView, Return, RoomId, RoomView, StageView,
    TypedWord, Writing, You,
};
use minicbor::{Decode, Encode};

/// What happened.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Event {
    /// The worker runs and waits for [`Command::Start`].
    #[n(0)]
    Ready,
    /// The link with the relay.
    #[n(1)]
    Connection(#[n(0)] Connection),
    /// Who this client is.
    #[n(2)]
    You(#[n(0)] You),
    /// There is something to find again: to be kept for as long as the tab lives, and given with [`Command::Start`].
    #[n(3)]
    Tab {
        /// The tab's secret, in hexadecimal.
        #[n(0)]
        secret: String,
    },
    /// After a restore: what the interface wanted to find again.
    #[n(4)]
    Screen {
        /// As it was given.
        #[cbor(n(0), with = "minicbor::bytes")]
        state: Vec<u8>,
    },
    /// A return phrase was drawn.
    #[n(5)]
    Phrase {
        /// Six words.
        #[n(0)]
        words: Vec<String>,
        /// The same as three phone numbers.
        #[n(1)]
        digits: Vec<String>,
    },
    /// The phrase leads back from now on: the relay has its slot.
    #[n(6)]
    PhraseKept,
    /// What was typed as a phrase, word by word.
    #[n(7)]
    Typed {
        /// As far as they go.
        #[n(0)]
        words: Vec<TypedWord>,
    },
    /// A phrase is being turned into keys, which takes a moment.
    #[n(8)]
    Stretching {
        /// How far, in thousandths.
        #[n(0)]
        permille: u32,
    },
    /// The way back to a mailbox.
    #[n(9)]
    Return(#[n(0)] Return),
    /// What the interface wanted to find again is in the vault.
    #[n(10)]
    ScreenKept {
        /// The number it had.
        #[n(0)]
        number: u64,
    },
    /// What is open now; said again when it changes.
    #[n(11)]
    Open {
        /// A host can be reached.
        #[n(0)]
        hosts: bool,
        /// Services with a professional who can be reached.
        #[n(1)]
        services: Vec<String>,
        /// All services she can ask for, those among them.
        #[n(2)]
        all: Vec<String>,
    },
    /// What is planned and has not ended; said again when it changes.
    #[n(12)]
    Calendar {
        /// In the order in which they begin.
        #[n(0)]
        sessions: Vec<PlannedView>,
    },
    /// She came by a partner's link.
    #[n(13)]
    Invited {
        /// Who gave it, as far as it can be read.
        #[n(0)]
        partner: String,
        /// It is shown to the hosts; else it has ended, or is none of this organisation.
        #[n(1)]
        counts: bool,
    },
    /// A room is there, or changed.
    #[n(14)]
    Room(#[n(0)] RoomView),
    /// A room is no longer there for this client.
    #[n(15)]
    RoomGone {
        /// Which.
        #[n(0)]
        room: RoomId,
        /// Why.
        #[n(1)]
        why: Gone,
    },
    /// A message is there, or its state changed.
    #[n(16)]
    Message {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// The message.
        #[n(1)]
        message: MessageView,
    },
    /// A message is not there any more.
    #[n(17)]
    MessageGone {
        /// Where it was.
        #[n(0)]
        room: RoomId,
        /// Which.
        #[n(1)]
        message: MessageId,
    },
    /// A line in a room that nobody said: who came and went.
    #[n(18)]
    Note {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// What happened.
        #[n(1)]
        note: Note,
        /// Milliseconds since 1970.
        #[n(2)]
        at: u64,
    },
    /// A help call is there, or changed.
    #[n(19)]
    Call(#[n(0)] CallView),
    /// A help call is not this client's any more: it goes on as another one.
    #[n(20)]
    CallGone {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// Staff on duty: a session has no host any more, and nobody can say anything there; or it has one again.
    #[n(21)]
    Unattended {
        /// Since when: milliseconds since 1970.
        #[n(0)]
        since: Option<u64>,
    },
    /// Coordinators: a call needs one of them, or no longer does.
    #[n(22)]
    CallAlarm {
        /// Which.
        #[n(0)]
        call: CallId,
        /// Why.
        #[n(1)]
        why: CallAlarm,
        /// Since when: milliseconds since 1970.
        #[n(2)]
        since: u64,
    },
    /// Something is wrong in a room and this client has stopped sending there.
    #[n(23)]
    Alarm {
        /// Where.
        #[n(0)]
        room: RoomId,
    },
    /// Coordinators and hosts: the letters that wait; said again when they change.
    #[n(24)]
    Letters {
        /// The oldest first.
        #[n(0)]
        letters: Vec<LetterView>,
    },
    /// What is on a stage; said again when it changes.
    #[n(25)]
    Stage {
        /// Which.
        #[n(0)]
        room: RoomId,
        /// What.
        #[n(1)]
        stage: StageView,
    },
    /// Coordinators: how sessions were.
    #[n(26)]
    Surveys {
        /// The newest month first.
        #[n(0)]
        months: Vec<MonthView>,
        /// How help calls went, the newest quarter first.
        #[n(1)]
        quarters: Vec<QuarterView>,
    },
    /// What was to be written is on its way and will be read.
    #[n(27)]
    Written(#[n(0)] Writing),
    /// What a coordinator sees of her organisation; said again when it changes.
    #[n(28)]
    Office(#[n(0)] OfficeView),
    /// A link that was made; it is shown once.
    #[n(29)]
    Link {
        /// What stands behind the `#`.
        #[n(0)]
        fragment: String,
        /// For whom.
        #[n(1)]
        about: String,
        /// It is an invitation, not a link of a member of staff.
        #[n(2)]
        invitation: bool,
    },
    /// What this device is to keep from now on; none: nothing any more.
    #[n(30)]
    Device {
        /// The device's secret, in hexadecimal.
        #[n(0)]
        secret: Option<String>,
    },
    /// Staff: so many devices find the way back.
    #[n(31)]
    Devices {
        /// How many.
        #[n(0)]
        count: u32,
    },
    /// Something the user asked for did not happen.
    #[n(32)]
    Failed {
        /// What.
        #[n(0)]
        what: Failure,
    },
    /// How this member of staff is called when her desk is closed.
    #[n(33)]
    Channels(#[n(0)] ChannelsView),
    /// Whom this person wants to be called first; said again when it changes.
    #[n(34)]
    Contacts(#[n(0)] ContactsView),
    /// What is kept of her code words; said again when it changes.
    #[n(35)]
    CodeWords(#[n(0)] CodeWordsView),
    /// What became of a question that she has asked on a stage.
    #[n(60)]
    Asked {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// Its text, as she has sent it or shortened.
        #[n(1)]
        text: String,
        /// What.
        #[n(2)]
        what: Asked,
    },
    /// How duty is planned; said again when it changes.
    #[n(90)]
    Duty(#[n(0)] DutyView),
    /// What was changed about duty is kept, and counts.
    #[n(91)]
    DutyKept,
    /// Duty was not changed.
    #[n(92)]
    DutyRefused {
        /// Because of this service; empty: of the whole plan.
        #[n(0)]
        service: String,
        /// Because of this layer of it, counted from 1.
        #[n(1)]
        layer: Option<u32>,
        /// Why.
        #[n(2)]
        fault: DutyFault,
    },
    /// What a calendar says of duty. Nothing has changed.
    #[n(94)]
    DutyFile(#[n(0)] DutyFileView),
    /// A calendar was not read. Nothing has changed.
    #[n(95)]
    DutyFileRefused {
        /// At which line of it; 0: it is about all of it.
        #[n(0)]
        line: u32,
        /// Why.
        #[n(1)]
        fault: FileFault,
    },
    /// Duty of a service as a calendar for other programs.
    #[n(96)]
    DutyFileWritten {
        /// Of which.
        #[n(0)]
        service: String,
        /// The file (RFC 5545).
        #[n(1)]
        file: String,
    },
    /// A colleague has taken duty over.
    #[n(93)]
    DutyTaken {
        /// Of which service.
        #[n(0)]
        service: String,
        /// Who, if she is known.
        #[n(1)]
        by: Option<String>,
        /// From: milliseconds since 1970.
        #[n(2)]
        from: u64,
        /// Until.
        #[n(3)]
        until: u64,
    },
    /// Numbers that the organisation lists itself; said again when they change.
    #[n(109)]
    OwnLines(#[n(0)] OwnLinesView),
    /// A professional's own times; said again when they change.
    #[n(104)]
    OwnTimes(#[n(0)] OwnTimesView),
}
