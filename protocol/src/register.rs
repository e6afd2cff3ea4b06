//! The head of the staff register: which version of who-is-staff a room knows.
//!
//! The register itself (serials, certificate hashes, revocations; signed and hash-chained) travels apart;
//! its head stands in every room's GroupContext and may only rise, so a relay cannot roll staff back unseen.

use ed25519_dalek::SigningKey;

use crate::role::{Issuer, Reader, RoleError, Trust, read_issuers, write_issuers};
use crate::sign::{Purpose, sign};
use crate::time::Timestamp;

/// A signed statement: version `version` of the register hashes to `hash`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RegisterHead {
    /// Counts up from 1 with every change.
    pub version: u64,
    /// SHA-256 of that version, which contains the hash of the one before.
    pub hash: [u8; 32],
    /// When it was signed, in seconds since 1970.
    pub issued_at: u64,
    /// Who signed.
    pub issuers: Vec<(Issuer, [u8; 64])>,
}

impl RegisterHead {
    /// A head signed by `issuer`.
    pub fn new(version: u64, hash: [u8; 32], issued_at: u64, issuer: Issuer, key: &SigningKey) -> Self {
        let mut head = Self { version, hash, issued_at, issuers: Vec::new() };
        let signature = sign(key, Purpose::Register, &[&head.body()]);
        head.issuers.push((issuer, signature));
        head
    }

    /// The head as bytes: the content of the GroupContext extension.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.body();
        write_issuers(&mut bytes, &self.issuers);
        bytes
    }

    /// The head in `bytes`; nothing is verified.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let head = Self {
            version: reader.u64()?,
            hash: reader.array()?,
            issued_at: reader.u64()?,
            issuers: read_issuers(&mut reader)?,
        };
        reader.0.is_empty().then_some(head)
    }

    /// Whether an issuer of this organisation signed it. The issuer must have been valid when it signed.
    pub fn verify(&self, trust: &Trust) -> Result<(), RoleError> {
        let then = Timestamp(self.issued_at.saturating_mul(1000));
        trust.issuers(&self.issuers, then, Purpose::Register, &self.body(), None).map(drop)
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = self.version.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.hash);
        bytes.extend_from_slice(&self.issued_at.to_be_bytes());
        bytes
    }
}
