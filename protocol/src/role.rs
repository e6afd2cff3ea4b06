//! Who is staff: role certificates from the organisation's root, through its issuers, to one leaf key.
//!
//! Fixed layouts, Ed25519 with domain separation, no X.509: this is parsed in a browser. A certificate
//! travels in a leaf extension and carries its issuers, so that a client needs the root and nothing else.
//! What this module does not know: the clock (time is an argument) and what a role may do (`policy`).

use std::collections::BTreeSet;
use std::fmt;

use ed25519_dalek::SigningKey;

use crate::checked::Checked;
use crate::ids::{LeafKey, RootKey, Serial};
use crate::limits::{
    CLOCK_SKEW_SECONDS_MAX, ISSUER_LIFETIME_SECONDS_MAX, ISSUERS_PER_CERTIFICATE_MAX, NAME_BYTES_MAX,
    ROLE_LIFETIME_SECONDS_MAX,
};
use crate::sign::{Purpose, sign};
use crate::time::Timestamp;

const LAYOUT: u8 = 1;
const ISSUER_BYTES: usize = 16 + 16 + 32 + 8 + 8 + 1 + 1 + 64;

/// What a certificate lets its holder be.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Role {
    /// Leads peer rooms and lines (ervaringsdeskundige).
    Host = 1,
    /// Is on duty and answers help calls.
    Professional = 2,
    /// Speaks on a stage; never admitted to peer, line or help rooms.
    Presenter = 3,
}

impl Role {
    /// The role numbered `code` on the wire.
    pub fn from_code(code: u8) -> Option<Self> {
        match code {
            1 => Some(Self::Host),
            2 => Some(Self::Professional),
            3 => Some(Self::Presenter),
            _ => None,
        }
    }

    /// Whether an issuer may certify this role.
    pub fn is_for(self, issuer: &Issuer) -> bool {
        issuer.roles & self.bit() != 0
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// An organisation's short name: the first 16 bytes of SHA-256 over its root key.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct OrganisationId(pub [u8; 16]);

impl OrganisationId {
    /// The organisation whose root is `root`.
    pub fn of(root: &RootKey) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::new().chain_update(b"Lotgenoot organisation 1").chain_update(root.0).finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        Self(id)
    }
}

/// A key the root trusts to certify roles; the coordinator's.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issuer {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// This issuer's serial, for revocation.
    pub serial: Serial,
    /// Its Ed25519 public key.
    pub key: [u8; 32],
    /// Valid from, in seconds since 1970.
    pub not_before: u64,
    /// Valid until, in seconds since 1970.
    pub not_after: u64,
    /// One bit a role it may certify: `1 << role`.
    pub roles: u8,
    /// How many issuers must sign to make a professional.
    pub professional_threshold: u8,
    /// The root's signature.
    pub signature: [u8; 64],
}

/// What an issuer states about one leaf key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleCertificate {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// This certificate's serial, for revocation and duty rosters.
    pub serial: Serial,
    /// What it lets its holder be.
    pub role: Role,
    /// The service she works for (`wijkteam`, `veilig-thuis`, `politie`); hosts: empty.
    pub service: String,
    /// What she is called; never a surname.
    pub alias: String,
    /// Whose it is.
    pub leaf_key: LeafKey,
    /// Valid from, in seconds since 1970.
    pub not_before: u64,
    /// Valid until, in seconds since 1970.
    pub not_after: u64,
    /// Who signed, and each one's signature.
    pub issuers: Vec<(Issuer, [u8; 64])>,
}

/// Why a certificate does not make anybody staff.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RoleError {
    /// Expired, or not valid yet.
    Expired,
    /// Lives longer than certificates may.
    LivesTooLong,
    /// The bytes have another layout.
    Malformed,
    /// Its serial, or an issuer's, is revoked.
    Revoked,
    /// Fewer issuers signed than the organisation asks for.
    TooFewIssuers,
    /// It certifies another leaf key.
    WrongKey,
    /// Another organisation's, or not signed by its root.
    WrongOrganisation,
    /// A signature does not verify, or an issuer may not certify this role.
    WrongSignature,
}

impl fmt::Display for RoleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "the role certificate is not valid now; ask the coordinator to renew it",
            Self::LivesTooLong => "the role certificate lives longer than allowed",
            Self::Malformed => "the role certificate cannot be read",
            Self::Revoked => "the role certificate is revoked",
            Self::TooFewIssuers => "too few issuers signed the role certificate",
            Self::WrongKey => "the role certificate belongs to another key",
            Self::WrongOrganisation => "the role certificate is of another organisation",
            Self::WrongSignature => "the role certificate's signature does not verify",
        })
    }
}

impl std::error::Error for RoleError {}

/// What is revoked when nobody with this key is to count any more, whatever certificates she has: the first 16 bytes of
/// SHA-256(`Lotgenoot revoked key 1` ‖ leaf key).
pub fn serial_of_key(leaf: &LeafKey) -> Serial {
    use sha2::{Digest, Sha256};
    let digest = Sha256::new().chain_update(b"Lotgenoot revoked key 1").chain_update(leaf.0).finalize();
    let mut serial = [0; 16];
    serial.copy_from_slice(&digest[..16]);
    Serial(serial)
}

/// What a client or relay knows about an organisation: its root and what has been revoked.
#[derive(Clone, Debug)]
pub struct Trust {
    root: RootKey,
    organisation: OrganisationId,
    revoked: BTreeSet<Serial>,
    checked: Checked,
}

impl Trust {
    /// Trusts what `root` has signed.
    pub fn new(root: RootKey) -> Self {
        Self {
            root,
            organisation: OrganisationId::of(&root),
            revoked: BTreeSet::new(),
            checked: Checked::default(),
        }
    }

    /// Which organisation this is about.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// The root key.
    pub fn root(&self) -> &RootKey {
        &self.root
    }

    /// No certificate with this serial, or issued by it, counts any more.
    pub fn revoke(&mut self, serial: Serial) {
        self.revoked.insert(serial);
    }

    /// What has been revoked, as far as is known.
    pub fn revoked(&self) -> impl Iterator<Item = Serial> + '_ {
        self.revoked.iter().copied()
    }

    /// The role certificate in `bytes`, if it makes the holder of `leaf_key` staff at `now`.
    pub fn role(
        &self,
        bytes: &[u8],
        leaf_key: &LeafKey,
        now: Timestamp,
    ) -> Result<RoleCertificate, RoleError> {
        let certificate = RoleCertificate::from_bytes(bytes).ok_or(RoleError::Malformed)?;
        if certificate.leaf_key != *leaf_key {
            return Err(RoleError::WrongKey);
        }
        if certificate.organisation != self.organisation {
            return Err(RoleError::WrongOrganisation);
        }
        if certificate.not_after.saturating_sub(certificate.not_before) > ROLE_LIFETIME_SECONDS_MAX {
            return Err(RoleError::LivesTooLong);
        }
        within(certificate.not_before, certificate.not_after, now)?;
        let revoked = [certificate.serial, serial_of_key(&certificate.leaf_key)];
        if revoked.iter().any(|serial| self.revoked.contains(serial)) {
            return Err(RoleError::Revoked);
        }
        let body = certificate.body();
        let threshold =
            self.issuers(&certificate.issuers, now, Purpose::Role, &body, Some(certificate.role))?;
        let needed = if certificate.role == Role::Professional { threshold } else { 1 };
        if certificate.issuers.len() < usize::from(needed) {
            return Err(RoleError::TooFewIssuers);
        }
        Ok(certificate)
    }

    /// Whether this issuer counts at `now`: named by the root, within its lifetime, not revoked.
    pub fn issuer(&self, issuer: &Issuer, now: Timestamp) -> Result<(), RoleError> {
        if issuer.organisation != self.organisation {
            return Err(RoleError::WrongOrganisation);
        }
        if issuer.not_after.saturating_sub(issuer.not_before) > ISSUER_LIFETIME_SECONDS_MAX {
            return Err(RoleError::LivesTooLong);
        }
        within(issuer.not_before, issuer.not_after, now)?;
        if self.revoked.contains(&issuer.serial) {
            return Err(RoleError::Revoked);
        }
        if self.checked.verify(&self.root.0, Purpose::Issuer, &issuer.body(), &issuer.signature) {
            Ok(())
        } else {
            Err(RoleError::WrongOrganisation)
        }
    }

    /// Checks every issuer and its signature over `body`; returns the highest professional threshold among them.
    pub(crate) fn issuers(
        &self,
        issuers: &[(Issuer, [u8; 64])],
        now: Timestamp,
        purpose: Purpose,
        body: &[u8],
        role: Option<Role>,
    ) -> Result<u8, RoleError> {
        let mut keys = BTreeSet::new();
        let mut threshold = 1;
        for (issuer, signature) in issuers {
            self.issuer(issuer, now)?;
            if role.is_some_and(|role| issuer.roles & role.bit() == 0)
                || !self.checked.verify(&issuer.key, purpose, body, signature)
                || !keys.insert(issuer.key)
            {
                return Err(RoleError::WrongSignature);
            }
            threshold = threshold.max(issuer.professional_threshold);
        }
        if keys.is_empty() { Err(RoleError::TooFewIssuers) } else { Ok(threshold) }
    }
}

impl Issuer {
    /// An issuer named by `root`. `roles` are those it may certify.
    pub fn new(
        root: &SigningKey,
        serial: Serial,
        key: [u8; 32],
        roles: &[Role],
        professional_threshold: u8,
        valid: (u64, u64),
    ) -> Self {
        let organisation = OrganisationId::of(&RootKey(root.verifying_key().to_bytes()));
        let mut issuer = Self {
            organisation,
            serial,
            key,
            not_before: valid.0,
            not_after: valid.1,
            roles: roles.iter().fold(0, |bits, role| bits | role.bit()),
            professional_threshold,
            signature: [0; 64],
        };
        issuer.signature = sign(root, Purpose::Issuer, &[&issuer.body()]);
        issuer
    }

    /// The issuer as bytes, signature included.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.body();
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// The issuer in `bytes`; nothing is verified.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let issuer = Self::read(&mut reader)?;
        reader.0.is_empty().then_some(issuer)
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(ISSUER_BYTES);
        bytes.extend_from_slice(&self.organisation.0);
        bytes.extend_from_slice(&self.serial.0);
        bytes.extend_from_slice(&self.key);
        bytes.extend_from_slice(&self.not_before.to_be_bytes());
        bytes.extend_from_slice(&self.not_after.to_be_bytes());
        bytes.push(self.roles);
        bytes.push(self.professional_threshold);
        bytes
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            organisation: OrganisationId(reader.array()?),
            serial: Serial(reader.array()?),
            key: reader.array()?,
            not_before: reader.u64()?,
            not_after: reader.u64()?,
            roles: reader.u8()?,
            professional_threshold: reader.u8()?,
            signature: reader.array()?,
        })
    }
}

impl RoleCertificate {
    /// Adds an issuer's signature. The certificate counts once enough issuers have signed.
    #[must_use]
    pub fn signed_by(mut self, issuer: Issuer, key: &SigningKey) -> Self {
        let signature = sign(key, Purpose::Role, &[&self.body()]);
        self.issuers.push((issuer, signature));
        self
    }

    /// The certificate as bytes, issuers included.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.body();
        write_issuers(&mut bytes, &self.issuers);
        bytes
    }

    /// The certificate in `bytes`; nothing is verified. Ask [`Trust::role`] before believing it.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        let certificate = Self {
            organisation: {
                if reader.u8()? != LAYOUT {
                    return None;
                }
                OrganisationId(reader.array()?)
            },
            serial: Serial(reader.array()?),
            role: Role::from_code(reader.u8()?)?,
            service: reader.name()?,
            alias: reader.name()?,
            leaf_key: LeafKey(reader.array()?),
            not_before: reader.u64()?,
            not_after: reader.u64()?,
            issuers: read_issuers(&mut reader)?,
        };
        reader.0.is_empty().then_some(certificate)
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        bytes.extend_from_slice(&self.organisation.0);
        bytes.extend_from_slice(&self.serial.0);
        bytes.push(self.role as u8);
        write_name(&mut bytes, &self.service);
        write_name(&mut bytes, &self.alias);
        bytes.extend_from_slice(&self.leaf_key.0);
        bytes.extend_from_slice(&self.not_before.to_be_bytes());
        bytes.extend_from_slice(&self.not_after.to_be_bytes());
        bytes
    }
}

pub(crate) fn write_issuers(bytes: &mut Vec<u8>, issuers: &[(Issuer, [u8; 64])]) {
    bytes.push(issuers.len() as u8);
    for (issuer, signature) in issuers {
        bytes.extend_from_slice(&issuer.to_bytes());
        bytes.extend_from_slice(signature);
    }
}

pub(crate) fn read_issuers(reader: &mut Reader<'_>) -> Option<Vec<(Issuer, [u8; 64])>> {
    let count = usize::from(reader.u8()?);
    if count > ISSUERS_PER_CERTIFICATE_MAX {
        return None;
    }
    (0..count).map(|_| Some((Issuer::read(reader)?, reader.array()?))).collect()
}

pub(crate) fn write_name(bytes: &mut Vec<u8>, name: &str) {
    let mut end = name.len().min(NAME_BYTES_MAX);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    bytes.push(end as u8);
    bytes.extend_from_slice(&name.as_bytes()[..end]);
}

pub(crate) fn within(not_before: u64, not_after: u64, now: Timestamp) -> Result<(), RoleError> {
    let now = now.seconds();
    if now + CLOCK_SKEW_SECONDS_MAX >= not_before && now < not_after {
        Ok(())
    } else {
        Err(RoleError::Expired)
    }
}

/// Takes fixed-size fields off the front of a slice.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl Reader<'_> {
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn name(&mut self) -> Option<String> {
        let length = usize::from(self.u8()?);
        if length > NAME_BYTES_MAX {
            return None;
        }
        let (head, tail) = self.0.split_at_checked(length)?;
        self.0 = tail;
        String::from_utf8(head.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    #[test]
    fn a_certificate_signed_by_an_issuer_of_the_root_makes_its_holder_staff() {
        let cast = Cast::new(1);
        let certificate = cast.certificate(Role::Host, 1);
        let read = cast.trust.role(&certificate.to_bytes(), &cast.leaf, NOW).unwrap();
        assert_eq!(read.alias, "Roos");
        assert_eq!(read.role, Role::Host);
    }

    #[test]
    fn a_revoked_key_takes_every_certificate_about_it_along() {
        let cast = Cast::new(1);
        let earlier = cast.certificate(Role::Host, 1);
        let renewed = RoleCertificate { serial: Serial([77; 16]), ..earlier.clone() };
        let renewed = RoleCertificate { issuers: Vec::new(), ..renewed };
        let (issuer, key) = cast.issuers[0].clone();
        let renewed = renewed.signed_by(issuer, &key).to_bytes();
        let mut trust = cast.trust.clone();
        assert!(trust.role(&renewed, &cast.leaf, NOW).is_ok());
        trust.revoke(serial_of_key(&cast.leaf));
        for certificate in [earlier.to_bytes(), renewed] {
            assert_eq!(trust.role(&certificate, &cast.leaf, NOW), Err(RoleError::Revoked));
        }
    }

    #[test]
    fn nobody_else_can_wear_it() {
        let cast = Cast::new(1);
        let bytes = cast.certificate(Role::Host, 1).to_bytes();
        assert_eq!(cast.trust.role(&bytes, &LeafKey([9; 32]), NOW), Err(RoleError::WrongKey));
    }

    #[test]
    fn a_professional_needs_as_many_issuers_as_the_organisation_asks_for() {
        let cast = Cast::new(2);
        let one = cast.certificate(Role::Professional, 1).to_bytes();
        assert_eq!(cast.trust.role(&one, &cast.leaf, NOW), Err(RoleError::TooFewIssuers));
        let two = cast.certificate(Role::Professional, 2).to_bytes();
        assert!(cast.trust.role(&two, &cast.leaf, NOW).is_ok());
    }

    #[test]
    fn the_same_issuer_signing_twice_counts_for_nothing() {
        let cast = Cast::new(2);
        let mut certificate = cast.certificate(Role::Professional, 1);
        certificate.issuers.push(certificate.issuers[0].clone());
        assert_eq!(cast.trust.role(&certificate.to_bytes(), &cast.leaf, NOW), Err(RoleError::WrongSignature));
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused() {
        let cast = Cast::new(1);
        let bytes = cast.certificate(Role::Host, 1).to_bytes();
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert!(cast.trust.role(&forged, &cast.leaf, NOW).is_err(), "byte {at} may be changed unseen");
        }
    }

    #[test]
    fn it_expires_is_revoked_and_may_not_live_long() {
        let mut cast = Cast::new(1);
        let certificate = cast.certificate(Role::Host, 1);
        let later = NOW.plus_ms(91 * 24 * 3600 * 1000);
        assert_eq!(cast.trust.role(&certificate.to_bytes(), &cast.leaf, later), Err(RoleError::Expired));

        let mut old = certificate.clone();
        old.not_after += 1000 * 24 * 3600;
        assert_eq!(cast.trust.role(&old.to_bytes(), &cast.leaf, NOW), Err(RoleError::LivesTooLong));

        cast.trust.revoke(certificate.issuers[0].0.serial);
        assert_eq!(cast.trust.role(&certificate.to_bytes(), &cast.leaf, NOW), Err(RoleError::Revoked));
    }

    #[test]
    fn another_organisations_root_makes_nobody_staff_here() {
        let cast = Cast::new(1);
        let bytes = cast.certificate(Role::Host, 1).to_bytes();
        let other = Trust::new(RootKey(SigningKey::from_bytes(&[99; 32]).verifying_key().to_bytes()));
        assert_eq!(other.role(&bytes, &cast.leaf, NOW), Err(RoleError::WrongOrganisation));
    }

    struct Cast {
        trust: Trust,
        leaf: LeafKey,
        issuers: Vec<(Issuer, SigningKey)>,
    }

    impl Cast {
        fn new(threshold: u8) -> Self {
            let root = SigningKey::from_bytes(&[1; 32]);
            let valid = (NOW.seconds() - 10, NOW.seconds() + 300 * 24 * 3600);
            let issuers = (0..2)
                .map(|n| {
                    let key = SigningKey::from_bytes(&[10 + n; 32]);
                    let roles = [Role::Host, Role::Professional];
                    let public = key.verifying_key().to_bytes();
                    (Issuer::new(&root, Serial([n; 16]), public, &roles, threshold, valid), key)
                })
                .collect();
            let trust = Trust::new(RootKey(root.verifying_key().to_bytes()));
            Self { trust, leaf: LeafKey([5; 32]), issuers }
        }

        fn certificate(&self, role: Role, signatures: usize) -> RoleCertificate {
            let certificate = RoleCertificate {
                organisation: self.trust.organisation(),
                serial: Serial([77; 16]),
                role,
                service: "wijkteam".to_owned(),
                alias: "Roos".to_owned(),
                leaf_key: self.leaf,
                not_before: NOW.seconds() - 5,
                not_after: NOW.seconds() + 89 * 24 * 3600,
                issuers: Vec::new(),
            };
            self.issuers
                .iter()
                .take(signatures)
                .fold(certificate, |certificate, (issuer, key)| certificate.signed_by(issuer.clone(), key))
        }
    }
}
