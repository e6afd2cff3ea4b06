//! A help call, as the person and a professional see it.

use crate::{AftercareView, Agreement, CallId, Intake, MemberView, RoomId};
use minicbor::{Decode, Encode};

/// A request of a lead for a colleague.
pub type AskId = String;

/// A help call.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct CallView {
    /// Its id.
    #[n(0)]
    pub call: CallId,
    /// Its room, once this client is in it.
    #[n(1)]
    pub room: Option<RoomId>,
    /// When it was raised (or tried to be), milliseconds since 1970.
    #[n(2)]
    pub raised_at: u64,
    /// It is this client's own call.
    #[n(3)]
    pub own: bool,
    /// Where it stands.
    #[n(4)]
    pub state: CallState,
    /// What she wrote, once it can be read.
    #[n(5)]
    pub intake: Option<Box<Intake>>,
    /// Whoever leads it, as far as this client has proof.
    #[n(6)]
    pub lead: Option<MemberView>,
    /// What the lead asked of colleagues, the newest last.
    #[n(7)]
    pub asks: Vec<AskView>,
    /// Who helps the lead.
    #[n(8)]
    pub assistants: Vec<MemberView>,
    /// The lead was called again, because the person waits for her.
    #[n(9)]
    pub attention: bool,
    /// The lead thinks they are done; the person decides.
    #[n(10)]
    pub done_proposed: bool,
    /// When it was closed, milliseconds since 1970.
    #[n(11)]
    pub closed_at: Option<u64>,
    /// As far as is known nobody can be reached now.
    #[n(12)]
    pub unstaffed: bool,
    /// Her code word raised it: nothing on her screen opens by itself.
    #[n(13)]
    pub silent: bool,
    /// Who does what by when, as its lead has written it down.
    #[cbor(n(23), default)]
    pub agreements: Vec<Agreement>,
    /// This client may write that down: she leads, or led until it was closed.
    #[cbor(n(24), default)]
    pub may_agree: bool,
    /// It has ended, and this client led it last: how it ended is to be said.
    #[cbor(n(25), default)]
    pub outcome_due: bool,
    /// It was handed over, accepted and spoken, as far as this client knows.
    #[cbor(n(26), default)]
    pub handed_over: bool,
    /// Her own: when she wants to be asked whether what was agreed was done.
    #[n(27)]
    pub aftercare: Option<AftercareView>,
}

impl CallView {
    /// A call of which nothing more is known.
    #[must_use]
    pub fn new(call: CallId, state: CallState) -> Self {
        Self {
            call,
            room: None,
            raised_at: 0,
            own: false,
            state,
            intake: None,
            lead: None,
            asks: Vec::new(),
            assistants: Vec::new(),
            attention: false,
            done_proposed: false,
            closed_at: None,
            unstaffed: false,
            silent: false,
            agreements: Vec::new(),
            may_agree: false,
            outcome_due: false,
            handed_over: false,
            aftercare: None,
        }
    }
}

/// Where a help call stands. There is no state for "help is coming": nobody knows that.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum CallState {
    /// Not stored by the relay yet; being tried.
    #[n(0)]
    NotSent,
    /// Stored; people are being called.
    #[n(1)]
    Stored,
    /// Stored; nobody is on duty.
    #[n(2)]
    Unstaffed,
    /// Three minutes, and nobody has answered.
    #[n(3)]
    StillWaiting,
    /// Somebody has seen it and opens the conversation; proven by her signature.
    #[n(4)]
    Taken(#[n(0)] MemberView),
    /// Her words are here.
    #[n(5)]
    Active(#[n(0)] MemberView),
    /// The one who took it is gone; somebody else is looked for.
    #[n(6)]
    LeadLost,
    /// Closed by the person.
    #[n(7)]
    Closed,
    /// For a professional: it wants you.
    #[n(8)]
    WantsYou {
        /// The Welcome has not come yet; it cannot be taken before it has.
        #[n(0)]
        key_on_its_way: bool,
        /// For what.
        #[n(1)]
        what: Wants,
    },
    /// For a professional: somebody else has it, or it is over.
    #[n(9)]
    NotYours,
    /// For a professional: she accepted to take over, and leads from her first words on.
    #[n(10)]
    TakingOver,
    /// For a professional: she helps whoever leads.
    #[n(11)]
    Assisting,
    /// Nobody wrote for thirty days.
    #[n(12)]
    Rests,
}

/// What a professional is wanted for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Wants {
    /// A call without a lead.
    #[n(0)]
    Call,
    /// To take over from the lead.
    #[n(1)]
    TakeOver,
    /// To help the lead.
    #[n(2)]
    Assist,
}

/// A request of the lead for a colleague.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskView {
    /// Its id.
    #[n(0)]
    pub ask: AskId,
    /// To lead from then on; else to help.
    #[n(1)]
    pub takes_over: bool,
    /// Of which service.
    #[n(2)]
    pub service: String,
    /// Who accepted, proven by her signature.
    #[n(3)]
    pub accepted: Option<MemberView>,
    /// Why nothing came of it.
    #[n(4)]
    pub ended: Option<AskEnded>,
    /// Nobody who is asked can be reached now.
    #[n(5)]
    pub unreached: bool,
}

/// Why nothing came of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum AskEnded {
    /// Everybody who could be reached declined; the last one for this reason.
    #[n(0)]
    Declined(#[n(0)] Reason),
    /// Nobody answered in time.
    #[n(1)]
    NobodyCame,
    /// Somebody accepted and did not write in time.
    #[n(2)]
    NoWords,
    /// The lead wanted it no more.
    #[n(3)]
    Withdrawn,
}

/// Why a professional does not come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Reason {
    /// She is busy with somebody else.
    #[n(0)]
    Busy,
    /// It is not what she is trained for.
    #[n(1)]
    NotMyField,
    /// Her duty is over.
    #[n(2)]
    OffDuty,
    /// She knows somebody who is in it.
    #[n(3)]
    KnowsSomebody,
    /// Something else.
    #[n(4)]
    Other,
}

/// What a coordinator is told of a call. Nothing of what it is about, and not whose it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum CallAlarm {
    /// Nobody has taken it for two minutes, or nobody can be reached.
    #[n(0)]
    Unanswered,
    /// It was handed over more than twice.
    #[n(1)]
    HandedOverOften,
    /// Somebody has taken it, or it was closed.
    #[n(2)]
    Over,
}
