//! Invitations: a partner gives somebody a link, and what stands in it is proven to the hosts in her line.
//!
//! The relay never sees one. An invitation has a key of its own, whose secret is in the link; the proof is made for one
//! line and one leaf, so that nobody who hears it can use it elsewhere. That it is used once is seen by the place it
//! has among the slots ([`Invitation::slot`]): whoever is first owns it.

use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::ids::{LeafKey, RoomId, Serial, SlotId};
use crate::limits::INVITATION_LIFETIME_SECONDS_MAX;
use crate::role::{
    Issuer, OrganisationId, Reader, RoleError, Trust, read_issuers, within, write_issuers, write_name,
};
use crate::sign::{Purpose, sign, verify};
use crate::time::Timestamp;

const LAYOUT: u8 = 1;

/// What an issuer states about one invitation.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invitation {
    /// Which organisation.
    pub organisation: OrganisationId,
    /// Its own number.
    pub serial: Serial,
    /// The public half of the key whose secret is in the link.
    pub key: [u8; 32],
    /// Who gives it, as hosts read it.
    pub partner: String,
    /// Valid from, in seconds since 1970.
    pub not_before: u64,
    /// Valid until, in seconds since 1970.
    pub not_after: u64,
    /// Who signed, and each one's signature.
    pub issuers: Vec<(Issuer, [u8; 64])>,
}

/// The secret of an invitation, as it stands in a link.
#[derive(Clone)]
pub struct InvitationSecret(pub Zeroizing<[u8; 32]>);

impl std::fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationSecret(…)")
    }
}

impl InvitationSecret {
    /// The public half, which the invitation names.
    pub fn public(&self) -> [u8; 32] {
        self.key().verifying_key().to_bytes()
    }

    /// Proves in this line, as this leaf, that the link is known.
    pub fn prove(&self, line: &RoomId, leaf: &LeafKey) -> [u8; 64] {
        sign(&self.key(), Purpose::Invited, &[&line.0, &leaf.0])
    }

    fn key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.0)
    }
}

impl Invitation {
    /// Adds an issuer's signature.
    #[must_use]
    pub fn signed_by(mut self, issuer: Issuer, key: &SigningKey) -> Self {
        let signature = sign(key, Purpose::Invitation, &[&self.body()]);
        self.issuers.push((issuer, signature));
        self
    }

    /// Whether it counts at `now`: signed by an issuer of this organisation, and within its own lifetime.
    pub fn verify(&self, trust: &Trust, now: Timestamp) -> Result<(), RoleError> {
        if self.organisation != trust.organisation() {
            return Err(RoleError::WrongOrganisation);
        }
        if self.not_after.saturating_sub(self.not_before) > INVITATION_LIFETIME_SECONDS_MAX {
            return Err(RoleError::LivesTooLong);
        }
        within(self.not_before, self.not_after, now)?;
        trust.issuers(&self.issuers, now, Purpose::Invitation, &self.body(), None).map(drop)
    }

    /// Whether `proof` was made with the link's secret, in this line, for this leaf.
    pub fn is_proven(&self, line: &RoomId, leaf: &LeafKey, proof: &[u8]) -> bool {
        verify(&self.key, Purpose::Invited, &[&line.0, &leaf.0], proof)
    }

    /// Its place among the slots: written by the hosts of the line in which it is used first, and by no others.
    pub fn slot(&self) -> SlotId {
        let digest =
            Sha256::new().chain_update(b"Lotgenoot invitation slot 1").chain_update(self.serial.0).finalize();
        let mut slot = [0; 16];
        slot.copy_from_slice(&digest[..16]);
        SlotId(slot)
    }

    /// The key with which the hosts of this line write there: the same for all of them.
    pub fn slot_owner(&self, line: &RoomId) -> SigningKey {
        let secret = Zeroizing::new([self.serial.0.as_slice(), &line.0].concat());
        let mut seed = Zeroizing::new([0; 32]);
        // At most 255 × 32 bytes may be asked for (RFC 5869): these are 32.
        let _never_too_long =
            Hkdf::<Sha256>::new(None, &secret).expand(b"Lotgenoot invitation owner 1", &mut *seed);
        SigningKey::from_bytes(&seed)
    }

    /// The invitation as bytes, issuers included.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.body();
        write_issuers(&mut bytes, &self.issuers);
        bytes
    }

    /// The invitation in `bytes`; nothing is verified.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        if reader.u8()? != LAYOUT {
            return None;
        }
        let invitation = Self {
            organisation: OrganisationId(reader.array()?),
            serial: Serial(reader.array()?),
            key: reader.array()?,
            partner: reader.name()?,
            not_before: reader.u64()?,
            not_after: reader.u64()?,
            issuers: read_issuers(&mut reader)?,
        };
        reader.0.is_empty().then_some(invitation)
    }

    fn body(&self) -> Vec<u8> {
        let mut bytes = vec![LAYOUT];
        bytes.extend_from_slice(&self.organisation.0);
        bytes.extend_from_slice(&self.serial.0);
        bytes.extend_from_slice(&self.key);
        write_name(&mut bytes, &self.partner);
        bytes.extend_from_slice(&self.not_before.to_be_bytes());
        bytes.extend_from_slice(&self.not_after.to_be_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RootKey;
    use crate::role::Role;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);
    const LINE: RoomId = RoomId([7; 16]);
    const LEAF: LeafKey = LeafKey([8; 32]);

    struct Office {
        trust: Trust,
        issuer: (Issuer, SigningKey),
    }

    impl Office {
        fn new(root: u8) -> Self {
            let root = SigningKey::from_bytes(&[root; 32]);
            let key = SigningKey::from_bytes(&[root.to_bytes()[0] + 1; 32]);
            let valid = (NOW.seconds() - 10, NOW.seconds() + 1000);
            let public = key.verifying_key().to_bytes();
            let issuer = Issuer::new(&root, Serial([1; 16]), public, &[Role::Host], 1, valid);
            Self { trust: Trust::new(RootKey(root.verifying_key().to_bytes())), issuer: (issuer, key) }
        }

        fn invites(&self, seconds: u64) -> (InvitationSecret, Invitation) {
            let secret = InvitationSecret(Zeroizing::new([5; 32]));
            let draft = Invitation {
                organisation: self.trust.organisation(),
                serial: Serial([3; 16]),
                key: secret.public(),
                partner: "Slachtofferhulp".to_owned(),
                not_before: NOW.seconds(),
                not_after: NOW.seconds() + seconds,
                issuers: Vec::new(),
            };
            (secret, draft.signed_by(self.issuer.0.clone(), &self.issuer.1))
        }
    }

    #[test]
    fn an_invitation_counts_for_its_organisation_and_its_time() {
        let office = Office::new(1);
        let (_, invitation) = office.invites(3600);
        assert_eq!(invitation.verify(&office.trust, NOW), Ok(()));
        assert_eq!(invitation.verify(&office.trust, NOW.plus_ms(3_600_000)), Err(RoleError::Expired));
        assert_eq!(invitation.verify(&Office::new(9).trust, NOW), Err(RoleError::WrongOrganisation));
        let (_, long) = office.invites(INVITATION_LIFETIME_SECONDS_MAX + 1);
        assert_eq!(long.verify(&office.trust, NOW), Err(RoleError::LivesTooLong));
        let forged = Invitation { partner: "Iemand anders".to_owned(), ..invitation };
        assert_eq!(forged.verify(&office.trust, NOW), Err(RoleError::WrongSignature));
    }

    #[test]
    fn a_revoked_issuers_invitations_count_no_more() {
        let office = Office::new(1);
        let (_, invitation) = office.invites(3600);
        let mut trust = office.trust.clone();
        trust.revoke(office.issuer.0.serial);
        assert_eq!(invitation.verify(&trust, NOW), Err(RoleError::Revoked));
    }

    #[test]
    fn a_proof_is_worth_nothing_in_another_line_or_for_another_leaf() {
        let (secret, invitation) = Office::new(1).invites(3600);
        let proof = secret.prove(&LINE, &LEAF);
        assert!(invitation.is_proven(&LINE, &LEAF, &proof));
        assert!(!invitation.is_proven(&RoomId([9; 16]), &LEAF, &proof));
        assert!(!invitation.is_proven(&LINE, &LeafKey([9; 32]), &proof));
        let other = InvitationSecret(Zeroizing::new([6; 32]));
        assert!(!invitation.is_proven(&LINE, &LEAF, &other.prove(&LINE, &LEAF)));
    }

    #[test]
    fn the_hosts_of_one_line_write_with_one_key_and_those_of_another_with_another() {
        let (_, invitation) = Office::new(1).invites(3600);
        let owner = |line| invitation.slot_owner(line).verifying_key();
        assert_eq!(owner(&LINE), owner(&LINE));
        assert_ne!(owner(&LINE), owner(&RoomId([9; 16])));
    }

    #[test]
    fn the_bytes_say_what_the_invitation_said_and_nothing_less() {
        let (_, invitation) = Office::new(1).invites(3600);
        let bytes = invitation.to_bytes();
        assert_eq!(Invitation::from_bytes(&bytes), Some(invitation));
        for end in 0..bytes.len() {
            assert_eq!(Invitation::from_bytes(&bytes[..end]), None);
        }
        assert_eq!(Invitation::from_bytes(&[bytes.as_slice(), &[0]].concat()), None);
    }
}
