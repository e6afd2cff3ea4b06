//! What a person wants to be asked later about what was agreed in her call. It stands in her vault; nobody else reads it.

use crate::Degree;
use minicbor::{Decode, Encode};

/// When she wants to be asked, how, and what she has answered.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct AftercareView {
    /// Not before this moment by this device's clock, and only when she opens the app: milliseconds since 1970.
    #[n(0)]
    pub at: u64,
    /// How.
    #[n(1)]
    pub way: AftercareWay,
    /// Whether what was agreed was done.
    #[n(2)]
    pub kept: Option<Degree>,
}

/// How she wants to be asked.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum AftercareWay {
    /// The question alone.
    #[n(0)]
    Question,
    /// The question, and the way to a professional beside it whatever she answers.
    #[n(1)]
    Talk,
}
