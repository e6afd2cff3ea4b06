//! Who this client is: an account key, and for staff a certified leaf key.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::SigningKey;
use lotgenoot_protocol::role::{RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, LeafKey, Pseudonym, RootKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The secret a member of staff signs in with: account key and leaf key follow from it.
#[derive(Clone)]
pub struct StaffSecret(pub Zeroizing<[u8; 32]>);

impl StaffSecret {
    /// The key of her inbox.
    pub fn account_key(&self) -> SigningKey {
        self.derive(b"Lotgenoot staff account 1")
    }

    /// The key her certificate is about; the same in all rooms.
    pub fn leaf_key(&self) -> SigningKey {
        self.derive(b"Lotgenoot staff leaf 1")
    }

    fn derive(&self, label: &[u8]) -> SigningKey {
        SigningKey::from_bytes(&Sha256::new().chain_update(label).chain_update(*self.0).finalize().into())
    }
}

impl fmt::Debug for StaffSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffSecret(…)")
    }
}

/// What stands behind the `#` of a link: the organisation's root, and for staff her secret and certificate.
///
/// `r=<root>` for everybody, `&s=<secret>&c=<certificate>` for staff; base64url without padding.
#[derive(Clone, Debug)]
pub struct Link {
    /// The organisation's root.
    pub root: RootKey,
    /// For staff: her secret and her certificate.
    pub staff: Option<(StaffSecret, Vec<u8>)>,
}

impl Link {
    /// The link in `fragment`, or `None` if it is none.
    pub fn parse(fragment: &str) -> Option<Self> {
        let mut root = None;
        let (mut secret, mut certificate) = (None, None);
        for part in fragment.trim_start_matches('#').split('&') {
            match part.split_once('=')? {
                ("r", value) => root = Some(RootKey::from_slice(&decode(value)?)?),
                ("s", value) => secret = Some(<[u8; 32]>::try_from(decode(value)?).ok()?),
                ("c", value) => certificate = Some(decode(value)?),
                _ => {}
            }
        }
        let staff = match (secret, certificate) {
            (Some(secret), Some(certificate)) => Some((StaffSecret(Zeroizing::new(secret)), certificate)),
            (None, None) => None,
            _ => return None,
        };
        Some(Self { root: root?, staff })
    }

    /// The fragment, without `#`.
    pub fn to_fragment(&self) -> String {
        let mut fragment = format!("r={}", Base64UrlUnpadded::encode_string(&self.root.0));
        if let Some((secret, certificate)) = &self.staff {
            fragment.push_str(&format!("&s={}", Base64UrlUnpadded::encode_string(&*secret.0)));
            fragment.push_str(&format!("&c={}", Base64UrlUnpadded::encode_string(certificate)));
        }
        fragment
    }
}

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

fn decode(value: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_it_said() {
        let secret = StaffSecret(Zeroizing::new([7; 32]));
        let link = Link { root: RootKey([1; 32]), staff: Some((secret, vec![1, 2, 3])) };
        let read = Link::parse(&format!("#{}", link.to_fragment())).unwrap();
        assert_eq!(read.root, link.root);
        assert_eq!(read.staff.unwrap().1, vec![1, 2, 3]);
    }

    #[test]
    fn half_a_link_is_no_link() {
        assert!(Link::parse("").is_none());
        assert!(Link::parse("r=AAAA").is_none());
        let person = Link { root: RootKey([1; 32]), staff: None }.to_fragment();
        assert!(Link::parse(&person).is_some());
        assert!(Link::parse(&format!("{person}&s=AAAA")).is_none());
    }
}
