//! The staff register: who was certified and who was revoked, as a chain of changes, and its signed head.
//!
//! It names nobody: a change holds a serial and the hash of a certificate, or the serial of what is revoked. The head
//! stands in every room's GroupContext and may only rise, so a relay cannot roll staff back unseen; whoever knows an
//! older head sees from the chain whether this register grew out of it.

use std::collections::BTreeSet;

use ed25519_dalek::SigningKey;
use sha2::{Digest, Sha256};

use crate::ids::Serial;
use crate::mls::SUITES;
use crate::role::{Issuer, OrganisationId, Reader, RoleError, Trust, read_issuers, write_issuers};
use crate::sign::{Purpose, sign};
use crate::time::Timestamp;

/// More changes than this have no place in a register that every client reads, in one frame.
pub const CHANGES_MAX: usize = 20_000;

/// All changes, oldest first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Register {
    organisation: OrganisationId,
    changes: Vec<Change>,
}

/// One change of the register.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// A certificate was made.
    Certified {
        /// Its serial.
        serial: Serial,
        /// SHA-256 of its bytes.
        hash: [u8; 32],
    },
    /// A certificate, or an issuer and all it has certified, counts no more.
    Revoked {
        /// Its serial.
        serial: Serial,
    },
    /// Rooms are opened in this suite from now on.
    Suite {
        /// Its number.
        suite: u16,
    },
}

/// Why a register is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RegisterError {
    /// The bytes have another layout.
    Malformed,
    /// Another organisation's.
    WrongOrganisation,
    /// It is not the one that the head was signed for.
    WrongHead,
    /// It did not grow out of the one that was known: somebody has rewritten or shortened it.
    NotASuccessor,
    /// The head was not signed by an issuer of this organisation.
    Head(RoleError),
}

impl std::fmt::Display for RegisterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed => f.write_str("the staff register cannot be read"),
            Self::WrongOrganisation => f.write_str("the staff register is of another organisation"),
            Self::WrongHead => f.write_str("the staff register and its signed head do not belong together"),
            Self::NotASuccessor => {
                f.write_str("the staff register did not grow out of the one that was known")
            }
            Self::Head(error) => write!(f, "the head of the staff register: {error}"),
        }
    }
}

impl std::error::Error for RegisterError {}

impl Register {
    /// A register without a change.
    pub fn new(organisation: OrganisationId) -> Self {
        Self { organisation, changes: Vec::new() }
    }

    /// Which organisation this is about.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// How many changes it has: what a head calls its version.
    pub fn version(&self) -> u64 {
        self.changes.len() as u64
    }

    /// The changes, oldest first.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Adds a change.
    pub fn add(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// A certificate was made.
    pub fn certified(&mut self, serial: Serial, certificate: &[u8]) {
        self.add(Change::Certified { serial, hash: Sha256::digest(certificate).into() });
    }

    /// The hash after the newest change.
    pub fn hash(&self) -> [u8; 32] {
        self.hash_at(self.changes.len())
    }

    /// Everything that is revoked.
    pub fn revoked(&self) -> BTreeSet<Serial> {
        let revoked = self.changes.iter().filter_map(|change| match change {
            Change::Revoked { serial } => Some(*serial),
            Change::Certified { .. } | Change::Suite { .. } => None,
        });
        revoked.collect()
    }

    /// The suite that the organisation has chosen for its rooms, if it has.
    pub fn suite(&self) -> Option<u16> {
        self.changes.iter().rev().find_map(|change| match change {
            Change::Suite { suite } => Some(*suite),
            Change::Certified { .. } | Change::Revoked { .. } => None,
        })
    }

    /// Whether this certificate is in it, as it was made.
    pub fn lists(&self, serial: Serial, certificate: &[u8]) -> bool {
        let hash: [u8; 32] = Sha256::digest(certificate).into();
        self.changes.contains(&Change::Certified { serial, hash })
    }

    /// Signs the register as it is.
    pub fn sign(&self, issued_at: u64, issuer: Issuer, key: &SigningKey) -> RegisterHead {
        RegisterHead::new(self.version(), self.hash(), issued_at, issuer, key)
    }

    /// Whether `head` is signed for this very register and, if an older head is known, whether it grew out of that.
    pub fn verify(
        &self,
        head: &RegisterHead,
        known: Option<&RegisterHead>,
        trust: &Trust,
    ) -> Result<(), RegisterError> {
        if self.organisation != trust.organisation() {
            return Err(RegisterError::WrongOrganisation);
        }
        head.verify(trust).map_err(RegisterError::Head)?;
        if head.version != self.version() || head.hash != self.hash() {
            return Err(RegisterError::WrongHead);
        }
        match known {
            Some(known) if known.version > head.version => Err(RegisterError::NotASuccessor),
            Some(known) if self.hash_at(known.version as usize) != known.hash => {
                Err(RegisterError::NotASuccessor)
            }
            _ => Ok(()),
        }
    }

    /// The register as bytes: organisation, then each change.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.organisation.0.to_vec();
        for change in &self.changes {
            bytes.extend(change.to_bytes());
        }
        bytes
    }

    /// The register in `bytes`; nothing is verified.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let mut register = Self::new(OrganisationId(reader.array()?));
        while !reader.0.is_empty() && register.changes.len() < CHANGES_MAX {
            register.add(Change::read(&mut reader)?);
        }
        reader.0.is_empty().then_some(register)
    }

    // The chain: each hash holds the one before, so that no change can be put in, taken out or moved.
    fn hash_at(&self, version: usize) -> [u8; 32] {
        let start = Sha256::new().chain_update(b"Lotgenoot register 1").chain_update(self.organisation.0);
        let mut hash: [u8; 32] = start.finalize().into();
        for change in self.changes.iter().take(version) {
            hash = Sha256::new().chain_update(hash).chain_update(change.to_bytes()).finalize().into();
        }
        hash
    }
}

impl Change {
    fn to_bytes(self) -> Vec<u8> {
        match self {
            Self::Certified { serial, hash } => [&[1], serial.0.as_slice(), &hash].concat(),
            Self::Revoked { serial } => [&[2], serial.0.as_slice()].concat(),
            Self::Suite { suite } => [&[3], suite.to_be_bytes().as_slice()].concat(),
        }
    }

    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        match reader.u8()? {
            1 => Some(Self::Certified { serial: Serial(reader.array()?), hash: reader.array()? }),
            2 => Some(Self::Revoked { serial: Serial(reader.array()?) }),
            3 => Some(Self::Suite { suite: u16::from_be_bytes(reader.array()?) })
                .filter(|change| matches!(change, Self::Suite { suite } if SUITES.contains(suite))),
            _ => None,
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RootKey;
    use crate::role::Role;

    const NOW: u64 = 1_800_000_000;

    struct Office {
        trust: Trust,
        issuer: (Issuer, SigningKey),
    }

    impl Office {
        fn new(root: u8) -> Self {
            let root = SigningKey::from_bytes(&[root; 32]);
            let key = SigningKey::from_bytes(&[root.to_bytes()[0] + 1; 32]);
            let public = key.verifying_key().to_bytes();
            let valid = (NOW - 10, NOW + 1000);
            let issuer = Issuer::new(&root, Serial([1; 16]), public, &[Role::Host], 1, valid);
            Self { trust: Trust::new(RootKey(root.verifying_key().to_bytes())), issuer: (issuer, key) }
        }

        fn sign(&self, register: &Register) -> RegisterHead {
            register.sign(NOW, self.issuer.0.clone(), &self.issuer.1)
        }

        fn register(&self, changes: u8) -> Register {
            let mut register = Register::new(self.trust.organisation());
            (0..changes).for_each(|at| register.certified(Serial([at; 16]), &[at]));
            register
        }
    }

    #[test]
    fn a_register_is_believed_with_its_own_head_only() {
        let office = Office::new(1);
        let (older, newer) = (office.register(3), office.register(4));
        assert_eq!(newer.verify(&office.sign(&newer), None, &office.trust), Ok(()));
        assert_eq!(older.verify(&office.sign(&newer), None, &office.trust), Err(RegisterError::WrongHead));
        assert_eq!(newer.verify(&office.sign(&older), None, &office.trust), Err(RegisterError::WrongHead));
        let other = Office::new(7);
        let strange = newer.verify(&other.sign(&newer), None, &office.trust);
        assert_eq!(strange, Err(RegisterError::Head(RoleError::WrongOrganisation)));
        let theirs = other.register(4);
        let strange = theirs.verify(&office.sign(&theirs), None, &office.trust);
        assert_eq!(strange, Err(RegisterError::WrongOrganisation));
    }

    #[test]
    fn a_register_grows_and_is_never_rewritten_or_shortened() {
        let office = Office::new(1);
        let known = office.register(3);
        let known_head = office.sign(&known);
        let mut grown = known.clone();
        grown.add(Change::Revoked { serial: Serial([1; 16]) });
        assert_eq!(grown.verify(&office.sign(&grown), Some(&known_head), &office.trust), Ok(()));
        assert_eq!(known.verify(&known_head, Some(&known_head), &office.trust), Ok(()));

        let shorter = office.register(2);
        let mut rewritten = office.register(2);
        rewritten.certified(Serial([9; 16]), b"another");
        rewritten.certified(Serial([8; 16]), b"and one more");
        for bad in [shorter, rewritten] {
            let told = bad.verify(&office.sign(&bad), Some(&known_head), &office.trust);
            assert_eq!(told, Err(RegisterError::NotASuccessor));
        }
    }

    #[test]
    fn a_change_put_in_taken_out_or_moved_changes_the_hash() {
        let office = Office::new(1);
        let register = office.register(4);
        for at in 0..4 {
            let mut less = register.clone();
            less.changes.remove(at);
            assert_ne!(less.hash(), register.hash());
            let mut moved = register.clone();
            moved.changes.swap(at, (at + 1) % 4);
            assert_ne!(moved.hash(), register.hash());
        }
    }

    #[test]
    fn the_bytes_say_what_the_register_said_and_nothing_less() {
        let mut register = Office::new(1).register(3);
        register.add(Change::Revoked { serial: Serial([1; 16]) });
        let bytes = register.to_bytes();
        assert_eq!(Register::from_bytes(&bytes), Some(register.clone()));
        assert!(register.lists(Serial([2; 16]), &[2]) && !register.lists(Serial([2; 16]), &[3]));
        assert_eq!(register.revoked(), BTreeSet::from([Serial([1; 16])]));
        assert_eq!(Register::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Register::from_bytes(&[bytes.as_slice(), &[3]].concat()), None);
    }

    #[test]
    fn the_last_suite_that_was_chosen_counts_and_an_unknown_one_cannot_be_read() {
        let mut register = Office::new(1).register(2);
        assert_eq!(register.suite(), None);
        for suite in [SUITES[1], SUITES[2]] {
            register.add(Change::Suite { suite });
            register.certified(Serial([9; 16]), b"somebody");
            assert_eq!(register.suite(), Some(suite));
            assert_eq!(Register::from_bytes(&register.to_bytes()), Some(register.clone()));
        }
        register.add(Change::Suite { suite: 0x0002 });
        assert_eq!(Register::from_bytes(&register.to_bytes()), None);
    }
}
