//! What a coordinator sees of her organisation.

use crate::{ColleagueId, Role};
use minicbor::{Decode, Encode};

/// An organisation as its coordinator sees it.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct OfficeView {
    /// Everybody with a certificate that is not revoked, by alias.
    #[n(0)]
    pub colleagues: Vec<ColleagueView>,
    /// What other coordinators, or this one, have proposed and too few have signed.
    #[n(1)]
    pub proposals: Vec<ColleagueView>,
    /// What this coordinator may certify.
    #[n(2)]
    pub may_certify: Vec<Role>,
    /// A change is on its way to the relay.
    #[n(3)]
    pub saving: bool,
}

/// Somebody with a certificate.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ColleagueView {
    /// The certificate's serial.
    #[n(0)]
    pub id: ColleagueId,
    /// What people call her.
    #[n(1)]
    pub alias: String,
    /// Her role.
    #[n(2)]
    pub role: Role,
    /// Professionals: their service.
    #[n(3)]
    pub service: Option<String>,
    /// When the certificate ends, milliseconds since 1970.
    #[n(4)]
    pub until: u64,
    /// It ends within a month: time to renew it.
    #[n(5)]
    pub due: bool,
    /// It has ended.
    #[n(6)]
    pub ended: bool,
    /// She stands on the roster for a time after the certificate's end.
    #[n(7)]
    pub uncovered: bool,
    /// Proposals: how many have signed, and how many must.
    #[n(8)]
    pub signed: u32,
    /// How many must.
    #[n(9)]
    pub needed: u32,
    /// Proposals: this coordinator has signed.
    #[n(10)]
    pub by_you: bool,
}
