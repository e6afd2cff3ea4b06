//! Signatures that were found good: the same certificate is looked at for every call, and its mathematics need be done once.
//!
//! Only what was good is known, by a hash of key, purpose, text and signature together. Times and revocations are not:
//! they are looked at each time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::sign::{Purpose, to_be_signed, verify};

// Certificates of an organisation's staff, with their issuers, several times over; some 32 kB.
const CHECKED_MAX: usize = 1024;

/// Shared by all copies of what a client or a relay trusts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Checked {
    good: Arc<Mutex<BTreeSet<[u8; 32]>>>,
}

impl Checked {
    /// [`verify`], once.
    pub(crate) fn verify(&self, key: &[u8; 32], purpose: Purpose, text: &[u8], signature: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(key)
            .chain_update((signature.len() as u64).to_be_bytes())
            .chain_update(signature)
            .chain_update(to_be_signed(purpose, &[text]))
            .finalize()
            .into();
        let good = || self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if good().contains(&digest) {
            return true;
        }
        let is_good = verify(key, purpose, &[text], signature);
        if is_good {
            let mut good = good();
            if good.len() == CHECKED_MAX {
                good.clear();
            }
            good.insert(digest);
        }
        is_good
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::sign::sign;

    #[test]
    fn what_was_good_is_good_again_and_nothing_else_is() {
        let checked = Checked::default();
        let key = SigningKey::from_bytes(&[1; 32]);
        let public = key.verifying_key().to_bytes();
        let signature = sign(&key, Purpose::Role, &[b"body"]);
        for _ in 0..2 {
            assert!(checked.verify(&public, Purpose::Role, b"body", &signature));
            assert!(!checked.verify(&public, Purpose::Issuer, b"body", &signature));
            assert!(!checked.verify(&public, Purpose::Role, b"bodies", &signature));
            assert!(!checked.verify(&[2; 32], Purpose::Role, b"body", &signature));
            let mut other = signature;
            other[0] ^= 1;
            assert!(!checked.verify(&public, Purpose::Role, b"body", &other));
        }
        assert_eq!(checked.good.lock().unwrap().len(), 1);
        for number in 0..3 * CHECKED_MAX as u32 / 2 {
            let text = number.to_be_bytes();
            assert!(checked.verify(&public, Purpose::Role, &text, &sign(&key, Purpose::Role, &[&text])));
        }
        assert!(checked.good.lock().unwrap().len() <= CHECKED_MAX);
    }
}
