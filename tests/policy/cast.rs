//! Those who play: an organisation made on the spot, and members who keep to no policy.

use ed25519_dalek::SigningKey;
use lotgenoot_protocol::link::StaffSecret;
use lotgenoot_protocol::register::{Change, Register, RegisterHead};
use lotgenoot_protocol::role::{Issuer, OrganisationId, Role, RoleCertificate, Trust};
use lotgenoot_protocol::{LeafKey, RootKey, Serial, Timestamp};
use lotgenoot_tests::cast::Actor;
use lotgenoot_tests::organisation::now;
use openmls::prelude::{Ciphersuite, Lifetime};

pub(crate) const DAY: u64 = 24 * 3600;
pub(crate) const FAST: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;

/// An organisation that can certify staff and sign its register.
#[derive(Clone)]
pub(crate) struct Organisation {
    root: SigningKey,
    pub(crate) issuer: (Issuer, SigningKey),
    pub(crate) trust: Trust,
    pub(crate) now: Timestamp,
}

impl Organisation {
    pub(crate) fn new() -> Self {
        Self::at(now())
    }

    /// One that has begun at this moment, whenever that is.
    pub(crate) fn at(now: Timestamp) -> Self {
        let root = SigningKey::from_bytes(&rand::random());
        let key = SigningKey::from_bytes(&rand::random());
        let roles = [Role::Host, Role::Professional, Role::Presenter];
        let valid = (now.seconds() - 100 * DAY, now.seconds() + 200 * DAY);
        let public = key.verifying_key().to_bytes();
        let issuer = Issuer::new(&root, Serial(rand::random()), public, &roles, 1, valid);
        let trust = Trust::new(RootKey(root.verifying_key().to_bytes()));
        Self { root, issuer: (issuer, key), trust, now }
    }

    pub(crate) fn root(&self) -> RootKey {
        RootKey(self.root.verifying_key().to_bytes())
    }

    /// The secret of a coordinator, and what the root says of her key.
    pub(crate) fn coordinator(&self, professionals_need: u8) -> (StaffSecret, Issuer) {
        let secret = StaffSecret(rand::random::<[u8; 32]>().into());
        let public = secret.issuer_key().verifying_key().to_bytes();
        let roles = [Role::Host, Role::Professional, Role::Presenter];
        let valid = (self.now.seconds() - DAY, self.now.seconds() + 200 * DAY);
        let issuer =
            Issuer::new(&self.root, Serial(rand::random()), public, &roles, professionals_need, valid);
        (secret, issuer)
    }

    pub(crate) fn head(&self, version: u64) -> RegisterHead {
        register(self.trust.organisation(), version).sign(
            self.now.seconds(),
            self.issuer.0.clone(),
            &self.issuer.1,
        )
    }

    /// What a certificate says, before anybody signed it.
    pub(crate) fn draft(&self, role: Role, leaf_key: LeafKey) -> RoleCertificate {
        RoleCertificate {
            organisation: self.trust.organisation(),
            serial: Serial(rand::random()),
            role,
            service: if role == Role::Professional { "wijkteam".to_owned() } else { String::new() },
            alias: "Roos".to_owned(),
            leaf_key,
            not_before: self.now.seconds() - 80 * DAY,
            not_after: self.now.seconds() + 9 * DAY,
            issuers: Vec::new(),
        }
    }

    pub(crate) fn sign(&self, draft: RoleCertificate) -> Vec<u8> {
        draft.signed_by(self.issuer.0.clone(), &self.issuer.1).to_bytes()
    }

    pub(crate) fn staff(&self, role: Role) -> Actor {
        let actor = Actor::person();
        let certificate = self.sign(self.draft(role, actor.leaf()));
        actor.certified(certificate)
    }

    /// Somebody whose certificate, once genuine, ended yesterday.
    pub(crate) fn expired(&self, role: Role) -> Actor {
        let actor = Actor::person();
        let not_after = self.now.seconds() - DAY;
        let draft = RoleCertificate { not_after, ..self.draft(role, actor.leaf()) };
        actor.certified(self.sign(draft))
    }

    /// Somebody who wears the genuine certificate of another.
    pub(crate) fn impostor(&self, role: Role) -> Actor {
        let certificate = self.sign(self.draft(role, Actor::person().leaf()));
        Actor::person().certified(certificate)
    }
}

pub(crate) fn century() -> Lifetime {
    let now = now().seconds();
    Lifetime::init(now - 3600, now + 100 * 365 * DAY)
}

/// The register that a head of this version was signed for: so many revocations of what never was.
pub(crate) fn register(organisation: OrganisationId, version: u64) -> Register {
    let mut register = Register::new(organisation);
    (0..version).for_each(|at| register.add(Change::Revoked { serial: Serial([at as u8; 16]) }));
    register
}
