//! How a help call ended, in codes that say nothing of whose it was.

use minicbor::{Decode, Encode};

/// How it ended.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Outcome {
    /// Somebody has spoken with her.
    #[n(0)]
    pub spoke: bool,
    /// What came of it.
    #[n(1)]
    pub codes: Vec<OutcomeCode>,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum OutcomeCode {
    /// She was told what she wanted to know.
    #[n(0)]
    Information,
    /// A safety plan was made.
    #[n(1)]
    SafetyPlan,
    /// The emergency service was called.
    #[n(2)]
    Emergency,
    /// A restraining order was asked for (huisverbod).
    #[n(3)]
    RestrainingOrder,
    /// A place in a shelter was found.
    #[n(4)]
    Shelter,
    /// No shelter had a place.
    #[n(5)]
    NoShelter,
    /// Veilig Thuis has given advice.
    #[n(6)]
    Advice,
    /// A report to Veilig Thuis, with her consent.
    #[n(7)]
    ReportAgreed,
    /// A report to Veilig Thuis, without her consent.
    #[n(8)]
    ReportNotAgreed,
    /// A report to the police.
    #[n(9)]
    Police,
    /// Legal aid.
    #[n(10)]
    LegalAid,
    /// Slachtofferhulp.
    #[n(11)]
    VictimSupport,
    /// A centre for sexual violence.
    #[n(12)]
    SexualViolence,
    /// Her doctor, or mental health care.
    #[n(13)]
    Care,
    /// Help for children.
    #[n(14)]
    Children,
    /// Housing or money.
    #[n(15)]
    Housing,
    /// She has a contact person.
    #[n(16)]
    ContactPerson,
    /// A colleague has taken over and written.
    #[n(17)]
    HandedOver,
    /// She has gone.
    #[n(18)]
    SheLeft,
    /// She was not reached.
    #[n(19)]
    NotReached,
    /// She needed nothing more.
    #[n(20)]
    NoNeed,
    /// It was misused.
    #[n(21)]
    Misuse,
}

impl OutcomeCode {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 22] = [
        Self::Information,
        Self::SafetyPlan,
        Self::Emergency,
        Self::RestrainingOrder,
        Self::Shelter,
        Self::NoShelter,
        Self::Advice,
        Self::ReportAgreed,
        Self::ReportNotAgreed,
        Self::Police,
        Self::LegalAid,
        Self::VictimSupport,
        Self::SexualViolence,
        Self::Care,
        Self::Children,
        Self::Housing,
        Self::ContactPerson,
        Self::HandedOver,
        Self::SheLeft,
        Self::NotReached,
        Self::NoNeed,
        Self::Misuse,
    ];
}
