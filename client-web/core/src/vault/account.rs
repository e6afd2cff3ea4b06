//! The account secret, and what follows from it by HKDF-SHA256 (RFC 5869).

use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use lotgenoot_protocol::VaultId;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::seal::Seal;

/// Thirty-two bytes of chance, made once for a mailbox. Who has them is its owner.
#[derive(Clone, Eq, PartialEq)]
pub struct AccountSecret(pub Zeroizing<[u8; 32]>);

impl AccountSecret {
    /// The key that signs in.
    pub fn account_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.derive(b"Lotgenoot account 1"))
    }

    /// Where its vault is.
    pub fn vault(&self) -> VaultId {
        let mut id = [0; 16];
        id.copy_from_slice(&self.derive(b"Lotgenoot vault id 1")[..16]);
        VaultId(id)
    }

    /// Seals the vault.
    pub fn seal(&self) -> Seal {
        Seal::new(self.derive(b"Lotgenoot vault seal 1"))
    }

    /// Another mailbox of the same person, for workshops: nothing of it says whose it is.
    pub fn workshops(&self) -> Self {
        Self(self.derive(b"Lotgenoot workshops 1"))
    }

    fn derive(&self, label: &[u8]) -> Zeroizing<[u8; 32]> {
        expand(&self.0, label)
    }
}

impl std::fmt::Debug for AccountSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountSecret(…)")
    }
}

/// Thirty-two bytes for one purpose.
pub(super) fn expand(secret: &[u8; 32], label: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut bytes = Zeroizing::new([0; 32]);
    // At most 255 × 32 bytes may be asked for: these are 32.
    let _never_too_long = Hkdf::<Sha256>::new(None, secret).expand(label, &mut *bytes);
    bytes
}
