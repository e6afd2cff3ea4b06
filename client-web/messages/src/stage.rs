//! What is on the stage of a workshop.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::MessageId;

/// A stage, as one member sees it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct StageView {
    /// What is planned, in order.
    pub agenda: Vec<String>,
    /// Questions in the order in which they were asked: those that are shown, one's own, and for who leads all.
    pub questions: Vec<QuestionView>,
    /// Statements, in order.
    pub statements: Vec<StatementView>,
}

/// A question.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct QuestionView {
    /// Its id.
    pub id: MessageId,
    /// The question.
    pub text: String,
    /// What became of it.
    pub state: QuestionState,
    /// So many would like to hear the answer too.
    pub upvotes: u32,
    /// She is one of them.
    pub upvoted: bool,
    /// She has asked it.
    pub yours: bool,
}

/// What became of a question.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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

/// A statement.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct StatementView {
    /// Its id.
    pub id: MessageId,
    /// The statement.
    pub text: String,
    /// So many have voted.
    pub votes: u32,
    /// What she has said, while it is open.
    pub yours: Option<Choice>,
    /// Once it is closed: how many agree, neither, and disagree.
    pub totals: Option<[u32; 3]>,
}

/// What somebody says of a statement.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize, Encode, Decode)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Act {
    /// A leader: the agenda.
    Agenda(Vec<String>),
    /// Asks.
    Ask(String),
    /// A leader: what becomes of a question.
    Moderate(MessageId, QuestionState),
    /// Would like to hear the answer too, or not any more.
    Upvote(MessageId, bool),
    /// A leader: a statement to vote on.
    Put(String),
    /// Votes.
    Vote(MessageId, Choice),
    /// A leader: nobody votes any more.
    Close(MessageId),
}
