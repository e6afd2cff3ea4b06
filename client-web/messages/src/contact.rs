//! Whom a person wants to be called first.

use crate::MemberId;
use minicbor::{Decode, Encode};

/// A professional she has chosen.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct ContactView {
    /// Her id, the same in every room.
    #[n(0)]
    pub id: MemberId,
    /// Her alias.
    #[n(1)]
    pub name: String,
    /// The service she works for.
    #[n(2)]
    pub service: String,
}

/// Her contact person, and who is called first when that one has no duty.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct ContactsView {
    /// The contact person.
    #[n(0)]
    pub person: Option<ContactView>,
    /// The deputy.
    #[n(1)]
    pub deputy: Option<ContactView>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
#[cbor(index_only)]
pub enum ContactPlace {
    /// The contact person.
    #[n(0)]
    Person,
    /// The deputy.
    #[n(1)]
    Deputy,
}
