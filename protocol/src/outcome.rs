//! How a help call ended, in codes that say nothing of whose it was (study: peer support, 6.7).
//!
//! Whether whoever led it has spoken with her is always said. There is no code for having been sent on to somebody else: a
//! hand-over counts once a colleague has taken over and written.

use minicbor::{Decode, Encode};

/// How it ended, as its last lead says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Outcome {
    /// Somebody has spoken with her.
    #[n(0)]
    pub spoke: bool,
    /// What came of it.
    #[n(1)]
    pub codes: Codes,
}

/// Any of [`Code::ALL`]: the first is bit 0.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
#[cbor(transparent)]
pub struct Codes(#[n(0)] u32);

impl Codes {
    /// Whether this is among them.
    pub fn has(self, code: Code) -> bool {
        self.0 & code.bit() != 0
    }

    /// Whether there is one that nobody knows.
    pub fn has_unknown(self) -> bool {
        let known: u32 = Code::ALL.iter().map(|code| code.bit()).sum();
        self.0 & !known != 0
    }
}

impl FromIterator<Code> for Codes {
    fn from_iter<T: IntoIterator<Item = Code>>(codes: T) -> Self {
        Self(codes.into_iter().fold(0, |bits, code| bits | code.bit()))
    }
}

/// What came of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Code {
    /// She was told what she wanted to know.
    Information,
    /// A safety plan was made.
    SafetyPlan,
    /// The emergency service was called.
    Emergency,
    /// A restraining order was asked for (huisverbod).
    RestrainingOrder,
    /// A place in a shelter was found.
    Shelter,
    /// No shelter had a place.
    NoShelter,
    /// Veilig Thuis has given advice.
    Advice,
    /// A report to Veilig Thuis, with her consent.
    ReportAgreed,
    /// A report to Veilig Thuis, without her consent.
    ReportNotAgreed,
    /// A report to the police.
    Police,
    /// Legal aid.
    LegalAid,
    /// Slachtofferhulp.
    VictimSupport,
    /// A centre for sexual violence.
    SexualViolence,
    /// Her doctor, or mental health care.
    Care,
    /// Help for children.
    Children,
    /// Housing or money.
    Housing,
    /// She has a contact person.
    ContactPerson,
    /// A colleague has taken over and written.
    HandedOver,
    /// She has gone.
    SheLeft,
    /// She was not reached.
    NotReached,
    /// She needed nothing more.
    NoNeed,
    /// It was misused.
    Misuse,
}

impl Code {
    /// All of them, in the order of their bits.
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

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    #[test]
    fn each_code_is_the_bit_of_its_place() {
        for (at, code) in Code::ALL.into_iter().enumerate() {
            assert_eq!(code.bit(), 1 << at);
        }
        let some: Codes = [Code::SafetyPlan, Code::Shelter].into_iter().collect();
        assert!(some.has(Code::Shelter) && !some.has(Code::NoShelter) && !some.has_unknown());
        let newer: Codes = codec::from_slice(&codec::to_vec(&(1_u32 << Code::ALL.len()))).unwrap();
        assert!(newer.has_unknown());
    }
}
