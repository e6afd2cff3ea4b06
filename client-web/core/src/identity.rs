//! Who this client is: an account key, and for staff a certified leaf key.

use ed25519_dalek::SigningKey;
use lotgenoot_protocol::link::StaffSecret;
use lotgenoot_protocol::role::{RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, LeafKey, Pseudonym, RootKey};

/// A signed-in client.
pub struct Identity {
    pub(crate) account: SigningKey,
    pub(crate) staff: Option<Staff>,
    pub(crate) trust: Trust,
}

/// The certified half of an identity.
pub(crate) struct Staff {
    pub(crate) leaf: SigningKey,
    pub(crate) certificate: Vec<u8>,
    pub(crate) read: RoleCertificate,
}

impl Identity {
    /// A person: an account nobody has seen before, drawn from `seed`.
    pub fn person(root: RootKey, seed: [u8; 32]) -> Self {
        Self { account: SigningKey::from_bytes(&seed), staff: None, trust: Trust::new(root) }
    }

    /// Staff, with her secret and certificate; `None` if the certificate is not about her key.
    pub fn staff(root: RootKey, secret: &StaffSecret, certificate: Vec<u8>) -> Option<Self> {
        let leaf = secret.leaf_key();
        let read = RoleCertificate::from_bytes(&certificate)?;
        if read.leaf_key.0 != leaf.verifying_key().to_bytes() {
            return None;
        }
        let staff = Staff { leaf, certificate, read };
        Some(Self { account: secret.account_key(), staff: Some(staff), trust: Trust::new(root) })
    }

    /// The account's public key.
    pub fn account_key(&self) -> AccountKey {
        AccountKey(self.account.verifying_key().to_bytes())
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
