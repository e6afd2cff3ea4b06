//! Who sends, for push services (RFC 8292): a P-256 key of this relay and a token signed with it.

use std::path::Path;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

use super::base64url;
use crate::store::Broken;

// Push services refuse more than 24 hours.
const TOKEN_SECONDS: u64 = 12 * 3600;
const FILE: &str = "push_key";

/// The key that push services know this relay by. Another key makes every subscription worthless.
pub struct VapidKey {
    key: SigningKey,
}

impl VapidKey {
    /// The key in the data folder; drawn and kept there the first time.
    pub fn in_folder(data: &Path) -> Result<Self, Broken> {
        let path = data.join(FILE);
        let broken = |error: &dyn std::fmt::Display| {
            Broken::new(format!("{} cannot be read or written: {error}", path.display()))
        };
        match std::fs::read(&path) {
            Ok(bytes) => Self::from_bytes(&bytes)
                .ok_or_else(|| broken(&"it is no P-256 key; restore it from a backup, or remove it and have all staff switch their devices on again")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let (bytes, key) = std::iter::repeat_with(crate::clock::random::<32>)
                    .find_map(|bytes| Some((bytes, Self::from_bytes(&bytes)?)))
                    .ok_or_else(|| broken(&"no key"))?;
                crate::keep::keep(&path, &bytes).map_err(|error| broken(&error))?;
                Ok(key)
            }
            Err(error) => Err(broken(&error)),
        }
    }

    /// A key of these 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        SigningKey::from_slice(bytes).ok().map(|key| Self { key })
    }

    /// The public key, uncompressed: 65 bytes.
    pub fn public(&self) -> Vec<u8> {
        self.key.verifying_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// The `Authorization` header for a push service at `origin`.
    pub fn authorization(&self, origin: &str, contact: &str, now_seconds: u64) -> String {
        let claims = serde_json::json!({ "aud": origin, "exp": now_seconds + TOKEN_SECONDS, "sub": contact });
        let signed = format!(
            "{}.{}",
            base64url(br#"{"typ":"JWT","alg":"ES256"}"#),
            base64url(claims.to_string().as_bytes())
        );
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", base64url(&signature.to_bytes()), base64url(&self.public()))
    }
}
