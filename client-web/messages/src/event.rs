//! What the user sees of it.

use serde::{Deserialize, Serialize};

use crate::{
    CallId, CallView, Connection, Failure, Gone, LetterView, MessageId, MessageView, MonthView, Note,
    OfficeView, PlannedView, Return, RoomId, RoomView, StageView, TypedWord, Writing, You,
};

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
