//! What a coordinator does over the wire: she sees who is certified, and changes it with what she signs on her device.
//!
//! The relay keeps the result and can make none of it: every certificate, revocation and proposal carries an issuer's
//! signature, and the register only grows.

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::AccountKey;

/// Who is certified? For coordinators: whoever asks proves to hold an issuer's key.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskStaff {
    /// What the root says of her ([`crate::role::Issuer`]).
    #[n(0)]
    pub issuer: Blob,
    /// Ed25519 by the issuer's key over the challenge's nonce, the host and these bytes.
    #[n(1)]
    pub signature: Blob,
}

/// Somebody with a role certificate, or with one that too few have signed yet.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Certified {
    /// Where her inbox is.
    #[n(0)]
    pub account: AccountKey,
    /// The certificate ([`crate::role::RoleCertificate`]).
    #[n(1)]
    pub certificate: Blob,
    /// From the relay only: she stands on the roster for a time after the certificate's end.
    #[n(2)]
    pub uncovered: Option<bool>,
}

/// Everybody who is certified, and who is proposed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Staff {
    /// Rises with every change; a change is made of the newest only.
    #[n(0)]
    pub number: u64,
    /// By whom calls and rooms are answered.
    #[n(1)]
    pub certified: Vec<Certified>,
    /// What coordinators have signed, and too few of them.
    #[n(2)]
    pub proposed: Vec<Certified>,
}

/// A change of the staff: the register grown by what was made or revoked, and the certificates that are new.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutStaff {
    /// The number of what this was made of.
    #[n(0)]
    pub number: u64,
    /// The whole register.
    #[n(1)]
    pub register: Blob,
    /// Its head, signed.
    #[n(2)]
    pub head: Blob,
    /// Certificates that take the place of those of the same account, or are somebody's first.
    #[n(3)]
    pub certified: Vec<Certified>,
    /// All proposals from now on.
    #[n(4)]
    pub proposed: Vec<Certified>,
}
