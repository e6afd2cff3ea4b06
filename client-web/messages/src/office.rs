//! What a coordinator sees of her organisation.

use serde::{Deserialize, Serialize};

use crate::{ColleagueId, Role};

/// An organisation as its coordinator sees it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OfficeView {
    /// Everybody with a certificate that is not revoked, by alias.
    pub colleagues: Vec<ColleagueView>,
    /// What other coordinators, or this one, have proposed and too few have signed.
    pub proposals: Vec<ColleagueView>,
    /// What this coordinator may certify.
    pub may_certify: Vec<Role>,
    /// A change is on its way to the relay.
    pub saving: bool,
}

/// Somebody with a certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColleagueView {
    /// The certificate's serial.
    pub id: ColleagueId,
    /// What people call her.
    pub alias: String,
    /// Her role.
    pub role: Role,
    /// Professionals: their service.
    pub service: Option<String>,
    /// When the certificate ends, milliseconds since 1970.
    pub until: u64,
    /// It ends within a month: time to renew it.
    pub due: bool,
    /// It has ended.
    pub ended: bool,
    /// She stands on the roster for a time after the certificate's end.
    pub uncovered: bool,
    /// Proposals: how many have signed, and how many must.
    pub signed: u32,
    /// How many must.
    pub needed: u32,
    /// Proposals: this coordinator has signed.
    pub by_you: bool,
}
