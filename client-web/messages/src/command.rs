//! What the user does.

use serde::{Deserialize, Serialize};

use crate::{
    Act, CallId, ColleagueId, Degree, Intake, LetterId, Measure, MemberId, MessageId, PlannedView, Role,
    RoomId, SessionId,
};

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
