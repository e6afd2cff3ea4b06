//! What a person and her professionals agree on: who does what by when.

use minicbor::{Decode, Encode};

/// One agreement, as the lead names it.
pub type AgreementId = String;

/// Somebody does something by some day.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Encode, Decode)]
pub struct Agreement {
    /// Its id; empty: it is new.
    #[n(0)]
    pub id: AgreementId,
    /// Who does it.
    #[n(1)]
    pub who: String,
    /// What.
    #[n(2)]
    pub what: String,
    /// By which day: `2026-12-03`; empty: no day was named.
    #[n(3)]
    pub by: String,
    /// It is done.
    #[n(4)]
    pub done: bool,
}

/// What the lead does with the agreements of her call.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum AgreementChange {
    /// One more, or one of them as it is from now on.
    #[n(0)]
    Put(#[n(0)] Agreement),
    /// One of them is none any more.
    #[n(1)]
    Drop(#[n(0)] AgreementId),
}
