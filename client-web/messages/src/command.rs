//! What the user does.

use crate::{
    AccountId, Act, AftercareWay, AgreementChange, AskId, CallId, ChannelWish, CodeWord, ColleagueId,
    ContactPlace, Degree, DutyPlanView, Intake, LetterId, Measure, MemberId, MessageId, Outcome, OwnLineView,
    PlannedView, Reason, Role, RoomId, SessionId,
};
use minicbor::{Decode, Encode};

/// What the user did.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Command {
    /// Begin: the socket's address and what stood in the link's fragment.
    #[n(0)]
    Start {
        /// `ws://…/ws` or `wss://…/ws`.
        #[n(0)]
        url: String,
        /// The fragment without `#`, taken off the address bar before anything else happened.
        #[n(1)]
        fragment: String,
        /// What this tab kept ([`Event::Tab`]), if it was here before.
        #[n(2)]
        tab: Option<String>,
        /// What this device kept ([`Event::Device`]), if a member of staff chose so.
        #[n(3)]
        device: Option<String>,
    },
    /// A person asks to be let in: opens a line to the hosts on shift.
    #[n(1)]
    OpenLine {
        /// What she wants to be called.
        #[n(0)]
        nickname: String,
    },
    /// Something said in a room.
    #[n(2)]
    Say {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// What.
        #[n(1)]
        text: String,
    },
    /// What the interface wants to find again after a reload, in its own words: at most 16 KiB.
    #[n(3)]
    Screen {
        /// Anything; it comes back as it is.
        #[cbor(n(0), with = "minicbor::bytes")]
        state: Vec<u8>,
        /// Its number, higher than of the one before.
        #[n(1)]
        number: u64,
    },
    /// The mailbox is open elsewhere: go on here.
    #[n(4)]
    TakeOver,
    /// Draw a return phrase, to be shown ([`Event::Phrase`]). It is worth nothing yet.
    #[n(5)]
    DrawPhrase,
    /// She has the phrase that was drawn: from now on it leads back ([`Event::PhraseKept`]).
    #[n(6)]
    KeepPhrase,
    /// What is being typed as a phrase: asks for hints ([`Event::Typed`]). Nothing leaves the device for it.
    #[n(7)]
    LookAt {
        /// Words or digits, as far as they go.
        #[n(0)]
        typed: String,
    },
    /// Come back by a phrase ([`Event::Return`]).
    #[n(8)]
    ReturnBy {
        /// Words or digits.
        #[n(0)]
        typed: String,
    },
    /// Send again what was not sent.
    #[n(9)]
    Retry {
        /// Which message.
        #[n(0)]
        message: MessageId,
    },
    /// A host lets the person of a line into a peer room.
    #[n(10)]
    Admit {
        /// Her line.
        #[n(0)]
        line: RoomId,
        /// The peer room.
        #[n(1)]
        room: RoomId,
    },
    /// A host makes a peer room, in which hosts gather.
    #[n(11)]
    OpenPeerRoom {
        /// It opens to everybody at once, also alone and without a professional.
        #[n(0)]
        at_once: bool,
    },
    /// A host takes a peer room, with everybody in it, into a new one.
    #[n(12)]
    Move {
        /// Which.
        #[n(0)]
        room: RoomId,
    },
    /// A host rules who may speak.
    #[n(13)]
    Rule {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// What.
        #[n(1)]
        measure: Measure,
    },
    /// A host does not let the person of this line in to that room again for a day.
    #[n(14)]
    Block {
        /// The line.
        #[n(0)]
        line: RoomId,
        /// The room.
        #[n(1)]
        room: RoomId,
    },
    /// A host gives words back that wait in a line ([`RoomView::held`]).
    #[n(15)]
    ReturnWords {
        /// The line.
        #[n(0)]
        line: RoomId,
        /// Which words.
        #[n(1)]
        message: MessageId,
        /// Why, in her own words.
        #[n(2)]
        reason: String,
    },
    /// A person goes out of a room at once; its hosts are told that she would rather not be there, and no reason.
    #[n(16)]
    GoAway {
        /// Which.
        #[n(0)]
        room: RoomId,
    },
    /// What was not sent, or came back, is not wanted any more ([`Event::MessageGone`]).
    #[n(17)]
    Discard {
        /// Which message.
        #[n(0)]
        message: MessageId,
    },
    /// A host removes somebody.
    #[n(18)]
    Remove {
        /// From where.
        #[n(0)]
        room: RoomId,
        /// Whom.
        #[n(1)]
        member: MemberId,
    },
    /// Leave a room.
    #[n(19)]
    Leave {
        /// Which.
        #[n(0)]
        room: RoomId,
    },
    /// A person calls for help.
    #[n(20)]
    Raise {
        /// Which service.
        #[n(0)]
        service: String,
        /// What she wants the professional to know.
        #[n(1)]
        intake: Box<Intake>,
    },
    /// A professional takes a call.
    #[n(21)]
    Acknowledge {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// A professional who was paged does not come.
    #[n(22)]
    Decline {
        /// Which.
        #[n(0)]
        call: CallId,
        /// Why.
        #[n(1)]
        reason: Reason,
    },
    /// A professional who came too late to lead helps.
    #[n(23)]
    Assist {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// The lead asks for a colleague.
    #[n(24)]
    AskColleague {
        /// For which call.
        #[n(0)]
        call: CallId,
        /// To lead from her first words on; else to help.
        #[n(1)]
        takes_over: bool,
        /// Of which service.
        #[n(2)]
        service: String,
    },
    /// The lead wants that colleague no more.
    #[n(25)]
    EndAsk {
        /// For which call.
        #[n(0)]
        call: CallId,
        /// Which request.
        #[n(1)]
        ask: AskId,
    },
    /// The lead thinks that they are done. The person decides.
    #[n(26)]
    ProposeDone {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// The lead cannot go on: somebody else is called.
    #[n(27)]
    GiveBack {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// The person asks again: nobody answers.
    #[n(28)]
    Nudge {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// The person goes on with a call that was closed or at rest.
    #[n(29)]
    Reopen {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// The person closes her call.
    #[n(30)]
    CloseCall {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// A host says how a session was: to the coordinators, and to the next hosts what they are to know ([`Event::Written`]).
    #[n(31)]
    Debrief {
        /// The group.
        #[n(0)]
        room: RoomId,
        /// How it was for her.
        #[n(1)]
        how: String,
        /// What others are to know; empty: nothing.
        #[n(2)]
        hand_over: String,
        /// She wants to be called.
        #[n(3)]
        call_me: bool,
    },
    /// Somebody has said or done what is not right ([`Event::Written`]).
    #[n(32)]
    Report {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// Who.
        #[n(1)]
        member: MemberId,
        /// Which of her messages, if it is about words.
        #[n(2)]
        message: Option<MessageId>,
        /// What is wrong with it.
        #[n(3)]
        why: String,
        /// To the hosts, in her line; else to the coordinators, and no host reads it.
        #[n(4)]
        to_hosts: bool,
    },
    /// A presenter or host opens the stage of a workshop that is planned.
    #[n(33)]
    OpenStage {
        /// Which.
        #[n(0)]
        session: SessionId,
    },
    /// Somebody does something on a stage.
    #[n(34)]
    Act {
        /// Where.
        #[n(0)]
        room: RoomId,
        /// What.
        #[n(1)]
        act: Act,
    },
    /// A person comes to a workshop that is open.
    #[n(35)]
    JoinStage {
        /// Which.
        #[n(0)]
        session: SessionId,
    },
    /// A host stays on after a session, in a new room, with whoever wants to.
    #[n(36)]
    StayOn {
        /// The group that is over.
        #[n(0)]
        room: RoomId,
    },
    /// How a session was that is over ([`Event::Written`]).
    #[n(37)]
    Survey {
        /// The group.
        #[n(0)]
        room: RoomId,
        /// Heard, treated with respect, well informed, helped; none where she says nothing.
        #[n(1)]
        answers: [Option<Degree>; 4],
    },
    /// A coordinator has dealt with a letter; or a host has read one.
    #[n(38)]
    PutLetterAway {
        /// Which.
        #[n(0)]
        letter: LetterId,
    },
    /// A coordinator renews these certificates.
    #[n(39)]
    Renew {
        /// Whose.
        #[n(0)]
        colleagues: Vec<ColleagueId>,
    },
    /// A coordinator revokes a certificate: from now on it counts no more.
    #[n(40)]
    Revoke {
        /// Whose.
        #[n(0)]
        colleague: ColleagueId,
    },
    /// A coordinator certifies somebody new ([`Event::Link`]).
    #[n(41)]
    Certify {
        /// As what.
        #[n(0)]
        role: Role,
        /// What people call her.
        #[n(1)]
        alias: String,
        /// Professionals: the service she works for.
        #[n(2)]
        service: String,
    },
    /// A coordinator plans a session, or one of them anew.
    #[n(42)]
    Plan {
        /// As it is to be; whether it is open is not asked.
        #[n(0)]
        session: PlannedView,
    },
    /// A coordinator takes a session out of the calendar.
    #[n(43)]
    Unplan {
        /// Which.
        #[n(0)]
        session: SessionId,
    },
    /// A coordinator adds her signature to what another has proposed.
    #[n(44)]
    CoSign {
        /// What.
        #[n(0)]
        proposal: ColleagueId,
    },
    /// A coordinator makes an invitation ([`Event::Link`]).
    #[n(45)]
    Invite {
        /// Who gives it away.
        #[n(0)]
        partner: String,
    },
    /// Staff: this device is to find the way back with a PIN ([`Event::Device`]).
    #[n(46)]
    KeepOnDevice {
        /// At least six digits.
        #[n(0)]
        pin: String,
    },
    /// Staff: no device finds the way back any more, this one included.
    #[n(47)]
    ForgetDevices,
    /// Comes back by this device's key ([`Event::Return`]).
    #[n(48)]
    ReturnByDevice {
        /// The PIN.
        #[n(0)]
        pin: String,
    },
    /// Staff: how she is called when her desk is closed.
    #[n(49)]
    Channel(#[n(0)] ChannelWish),
    /// A person chooses whom to call first, among the professionals of her call ([`Event::Contacts`]).
    #[n(50)]
    ChooseContact {
        /// The call's room.
        #[n(0)]
        room: RoomId,
        /// Who.
        #[n(1)]
        member: MemberId,
        /// As what.
        #[n(2)]
        place: ContactPlace,
    },
    /// She is called first no more ([`Event::Contacts`]).
    #[n(51)]
    DropContact {
        /// Which of the two.
        #[n(0)]
        place: ContactPlace,
    },
    /// A person changes what her helpers may know.
    #[n(52)]
    ChangeIntake {
        /// Her call.
        #[n(0)]
        call: CallId,
        /// As it is from now on.
        #[n(1)]
        intake: Box<Intake>,
    },
    /// A person agrees code words ([`Event::CodeWords`]); none: there are none any more.
    #[n(53)]
    AgreeCodeWords {
        /// At most one for each meaning.
        #[n(0)]
        words: Vec<CodeWord>,
        /// What a helper is to know if she asks for help with one.
        #[n(1)]
        note: String,
        /// Which service is to be called then.
        #[n(2)]
        service: String,
    },
    /// Staff and coordinators: how is duty planned ([`Event::Duty`])?
    #[n(90)]
    AskDuty,
    /// A coordinator plans duty anew ([`Event::DutyKept`], [`Event::DutyRefused`]).
    #[n(91)]
    PutDuty {
        /// With the next number.
        #[n(0)]
        plan: Box<DutyPlanView>,
        /// Also if soon nobody is on duty then.
        #[n(1)]
        confirmed: bool,
    },
    /// A coordinator wants a calendar of another program read as duty ([`Event::DutyFile`], [`Event::DutyFileRefused`]).
    #[n(94)]
    ReadDutyFile {
        /// For which service.
        #[n(0)]
        service: String,
        /// The time zone of the plan.
        #[n(1)]
        zone: String,
        /// The file (RFC 5545).
        #[cbor(n(2), with = "minicbor::bytes")]
        file: Vec<u8>,
    },
    /// A coordinator wants duty of this service as a calendar for other programs ([`Event::DutyFileWritten`]).
    #[n(95)]
    WriteDutyFile {
        /// Which.
        #[n(0)]
        service: String,
    },
    /// The lead asks a colleague by name to take over.
    #[n(96)]
    AskByName {
        /// Which call.
        #[n(0)]
        call: CallId,
        /// Of which service.
        #[n(1)]
        service: String,
        /// Whom.
        #[n(2)]
        account: AccountId,
    },
    /// Staff: she is there for the duty that has begun.
    #[n(93)]
    CheckIn,
    /// A professional takes the duty of her service over ([`Event::DutyKept`], [`Event::DutyRefused`]).
    #[n(92)]
    TakeDuty {
        /// Which.
        #[n(0)]
        service: String,
    },
    /// The lead writes down what was agreed.
    #[n(104)]
    Agree {
        /// In which call.
        #[n(0)]
        call: CallId,
        /// What.
        #[n(1)]
        change: AgreementChange,
    },
    /// A person wants to be asked later whether what was agreed was done, or does not want it any more.
    #[n(106)]
    WantAftercare {
        /// About which call.
        #[n(0)]
        call: CallId,
        /// From when on, by this device's clock: milliseconds since 1970. None: not.
        #[n(1)]
        at: Option<u64>,
        /// How.
        #[n(2)]
        way: AftercareWay,
    },
    /// She answers.
    #[n(107)]
    AnswerAftercare {
        /// About which call.
        #[n(0)]
        call: CallId,
        /// How much of it was done.
        #[n(1)]
        kept: Degree,
    },
    /// She does not want to look up any more what was agreed in a call whose room is gone.
    #[n(108)]
    PutCallAway {
        /// Which.
        #[n(0)]
        call: CallId,
    },
    /// A coordinator lists a number, or one of them anew: checked just now.
    #[n(109)]
    PutLine(#[n(0)] OwnLineView),
    /// A coordinator takes a number off the list.
    #[n(110)]
    RemoveLine {
        /// Which.
        #[n(0)]
        line: String,
    },
    /// A coordinator has looked at a number again, and it is right: one of the list, or one that everybody has.
    #[n(111)]
    CheckLine {
        /// Which: its id, or what the data file calls it.
        #[n(0)]
        line: String,
    },
    /// Whoever led a call last says how it ended.
    #[n(105)]
    PutOutcome {
        /// Which.
        #[n(0)]
        call: CallId,
        /// How.
        #[n(1)]
        outcome: Outcome,
    },
}

impl Command {
    /// The room it is about, where a person can do it on a stage as well as elsewhere.
    #[must_use]
    pub fn room(&self) -> Option<&RoomId> {
        match self {
            Self::Say { room, .. }
            | Self::Rule { room, .. }
            | Self::GoAway { room }
            | Self::Remove { room, .. }
            | Self::Leave { room }
            | Self::Report { room, .. }
            | Self::Act { room, .. }
            | Self::Survey { room, .. } => Some(room),
            _ => None,
        }
    }
}
