//! Who this client is: an account secret, and for staff a certified leaf key.

use ed25519_dalek::SigningKey;
use lotgenoot_protocol::link::StaffSecret;
use lotgenoot_protocol::role::{Issuer, RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, LeafKey, Pseudonym, RootKey};
use zeroize::Zeroizing;

use crate::vault::AccountSecret;

/// A signed-in client.
pub struct Identity {
    pub(crate) secret: AccountSecret,
    pub(crate) account: SigningKey,
    pub(crate) staff: Option<Staff>,
    pub(crate) coordinator: Option<Coordinator>,
    pub(crate) trust: Trust,
}

/// The certified half of an identity.
#[derive(Clone)]
pub(crate) struct Staff {
    pub(crate) leaf: SigningKey,
    pub(crate) certificate: Vec<u8>,
    pub(crate) read: RoleCertificate,
}

/// What makes a coordinator one.
#[derive(Clone)]
pub(crate) struct Coordinator {
    pub(crate) key: SigningKey,
    pub(crate) issuer: Issuer,
}

impl Identity {
    /// A person: an account nobody has seen before, drawn from `seed`.
    pub fn person(root: RootKey, seed: [u8; 32]) -> Self {
        Self::returning(root, AccountSecret(Zeroizing::new(seed)))
    }

    /// Whoever has this secret: a person, until her vault says that she is staff.
    pub fn returning(root: RootKey, secret: AccountSecret) -> Self {
        Self {
            account: secret.account_key(),
            secret,
            staff: None,
            coordinator: None,
            trust: Trust::new(root),
        }
    }

    /// Staff, with her secret and certificate; `None` if the certificate is not about her key.
    pub fn staff(root: RootKey, secret: &StaffSecret, certificate: Vec<u8>) -> Option<Self> {
        let mut identity = Self::returning(root, AccountSecret(secret.0.clone()));
        identity.staff = Some(Staff::of(&identity.secret, certificate)?);
        Some(identity)
    }

    /// A coordinator, with her secret and what the root says of her key; `None` if that is about another key.
    pub fn coordinator(root: RootKey, secret: &StaffSecret, issuer: &[u8]) -> Option<Self> {
        let mut identity = Self::returning(root, AccountSecret(secret.0.clone()));
        identity.coordinator = Some(Coordinator::of(&identity.secret, issuer)?);
        Some(identity)
    }

    /// What opens this client's mailbox.
    pub fn secret(&self) -> AccountSecret {
        self.secret.clone()
    }

    /// The organisation it trusts.
    pub fn root(&self) -> RootKey {
        *self.trust.root()
    }

    /// The account's public key.
    pub fn account_key(&self) -> AccountKey {
        AccountKey(self.account.verifying_key().to_bytes())
    }
}

impl Staff {
    /// What this certificate makes of whoever has the secret; `None` if it is not about her key.
    pub(crate) fn of(secret: &AccountSecret, certificate: Vec<u8>) -> Option<Self> {
        let leaf = StaffSecret(secret.0.clone()).leaf_key();
        let read = RoleCertificate::from_bytes(&certificate)?;
        (read.leaf_key.0 == leaf.verifying_key().to_bytes()).then_some(Self { leaf, certificate, read })
    }
}

impl Coordinator {
    /// What this issuer makes of whoever has the secret; `None` if it is not about her key.
    pub(crate) fn of(secret: &AccountSecret, issuer: &[u8]) -> Option<Self> {
        let key = StaffSecret(secret.0.clone()).issuer_key();
        let issuer = Issuer::from_bytes(issuer)?;
        (issuer.key == key.verifying_key().to_bytes()).then_some(Self { key, issuer })
    }
}

/// Who somebody is in one room: its signature key, its name there, and for staff the certificate.
#[derive(Clone)]
pub(crate) struct Leaf {
    pub(crate) key: SigningKey,
    pub(crate) name: Pseudonym,
    pub(crate) certificate: Option<Vec<u8>>,
}

impl Leaf {
    pub(crate) fn public(&self) -> LeafKey {
        LeafKey(self.key.verifying_key().to_bytes())
    }
}
