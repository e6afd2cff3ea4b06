//! What is on the stage of a workshop.

use minicbor::{Decode, Encode};

use crate::{MemberId, MessageId};

/// A stage, as one member sees it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct StageView {
    /// What is planned, in order.
    #[n(0)]
    pub agenda: Vec<String>,
    /// Questions in the order in which they were asked: those that are shown, one's own, and for who leads all.
    #[n(1)]
    pub questions: Vec<QuestionView>,
    /// Statements, in order.
    #[n(2)]
    pub statements: Vec<StatementView>,
}

/// A question.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct QuestionView {
    /// Its id.
    #[n(0)]
    pub id: MessageId,
    /// The question.
    #[n(1)]
    pub text: String,
    /// What became of it.
    #[n(2)]
    pub state: QuestionState,
    /// So many would like to hear the answer too.
    #[n(3)]
    pub upvotes: u32,
    /// She is one of them.
    #[n(4)]
    pub upvoted: bool,
    /// She has asked it.
    #[n(5)]
    pub yours: bool,
    /// For who leads: who has asked it, so that she can be taken out.
    #[n(6)]
    pub from: Option<MemberId>,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum QuestionState {
    /// Nobody who leads has looked at it.
    #[n(0)]
    Waiting,
    /// Everybody sees it.
    #[n(1)]
    Shown,
    /// It was answered.
    #[n(2)]
    Answered,
    /// It is not shown.
    #[n(3)]
    Refused,
}

/// What became of a question that somebody has sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Asked {
    /// It is there.
    #[n(0)]
    Sent,
    /// There is no place for it now: as many as a stage holds wait or are shown, or too many of her own wait.
    #[n(1)]
    NoPlace,
    /// It could not be sent.
    #[n(2)]
    NotSent,
}

/// A statement.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Encode, Decode)]
pub struct StatementView {
    /// Its id.
    #[n(0)]
    pub id: MessageId,
    /// The statement.
    #[n(1)]
    pub text: String,
    /// So many have voted.
    #[n(2)]
    pub votes: u32,
    /// What she has said, while it is open.
    #[n(3)]
    pub yours: Option<Choice>,
    /// Once it is closed: how many agree, neither, and disagree.
    #[n(4)]
    pub totals: Option<[u32; 3]>,
}

/// What somebody says of a statement.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum Choice {
    /// She agrees.
    #[n(0)]
    Agree,
    /// Neither.
    #[n(1)]
    Neither,
    /// She does not.
    #[n(2)]
    Disagree,
}

/// What somebody does on a stage.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Act {
    /// A leader: the agenda.
    #[n(0)]
    Agenda(#[n(0)] Vec<String>),
    /// Asks.
    #[n(1)]
    Ask(#[n(0)] String),
    /// A leader: what becomes of a question.
    #[n(2)]
    Moderate(#[n(0)] MessageId, #[n(1)] QuestionState),
    /// Would like to hear the answer too, or not any more.
    #[n(3)]
    Upvote(#[n(0)] MessageId, #[n(1)] bool),
    /// A leader: a statement to vote on.
    #[n(4)]
    Put(#[n(0)] String),
    /// Votes.
    #[n(5)]
    Vote(#[n(0)] MessageId, #[n(1)] Choice),
    /// A leader: nobody votes any more.
    #[n(6)]
    Close(#[n(0)] MessageId),
}
