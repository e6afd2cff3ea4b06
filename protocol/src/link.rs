//! The link: what stands behind the `#`, and what a member of staff signs in with.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use ed25519_dalek::SigningKey;
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::ids::RootKey;
use crate::invitation::InvitationSecret;

/// The secret a member of staff signs in with: account key and leaf key follow from it.
#[derive(Clone)]
pub struct StaffSecret(pub Zeroizing<[u8; 32]>);

impl StaffSecret {
    /// The key of her inbox: it follows from the secret as everybody's does, so that her secret is her account secret.
    pub fn account_key(&self) -> SigningKey {
        self.derive(b"Lotgenoot account 1")
    }

    /// The key her certificate is about; the same in all rooms.
    pub fn leaf_key(&self) -> SigningKey {
        self.derive(b"Lotgenoot staff leaf 1")
    }

    /// A coordinator's: the key that certifies, which her issuer names.
    pub fn issuer_key(&self) -> SigningKey {
        self.derive(b"Lotgenoot issuer key 1")
    }

    fn derive(&self, label: &[u8]) -> SigningKey {
        let mut bytes = Zeroizing::new([0; 32]);
        // At most 255 × 32 bytes may be asked for (RFC 5869): these are 32.
        let _never_too_long = Hkdf::<Sha256>::new(None, &*self.0).expand(label, &mut *bytes);
        SigningKey::from_bytes(&bytes)
    }
}

impl fmt::Debug for StaffSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaffSecret(…)")
    }
}

/// What stands behind the `#` of a link: the organisation's root, and for staff her secret and certificate.
///
/// `r=<root>` for everybody, `&s=<secret>&c=<certificate>` for staff, `&s=<secret>&o=<issuer>` for a
/// coordinator, `&k=<secret>&i=<invitation>` for whoever is invited
/// by a partner; base64url without padding.
#[derive(Clone, Debug)]
pub struct Link {
    /// The organisation's root.
    pub root: RootKey,
    /// For staff: her secret and her certificate.
    pub staff: Option<(StaffSecret, Vec<u8>)>,
    /// For a coordinator: her secret and what the root says of her key.
    pub coordinator: Option<(StaffSecret, Vec<u8>)>,
    /// From a partner: the invitation's secret and its bytes.
    pub invitation: Option<(InvitationSecret, Vec<u8>)>,
}

impl Link {
    /// The link in `fragment`, or `None` if it is none.
    pub fn parse(fragment: &str) -> Option<Self> {
        let mut root = None;
        let (mut secret, mut certificate, mut issuer) = (None, None, None);
        let (mut key, mut invitation) = (None, None);
        for part in fragment.trim_start_matches('#').split('&') {
            match part.split_once('=')? {
                ("r", value) => root = Some(RootKey::from_slice(&decode(value)?)?),
                ("s", value) => secret = Some(<[u8; 32]>::try_from(decode(value)?).ok()?),
                ("c", value) => certificate = Some(decode(value)?),
                ("o", value) => issuer = Some(decode(value)?),
                ("k", value) => key = Some(<[u8; 32]>::try_from(decode(value)?).ok()?),
                ("i", value) => invitation = Some(decode(value)?),
                _ => {}
            }
        }
        let secret = secret.map(|secret| StaffSecret(Zeroizing::new(secret)));
        let (staff, coordinator) = match (secret, certificate, issuer) {
            (Some(secret), Some(certificate), None) => (Some((secret, certificate)), None),
            (Some(secret), None, Some(issuer)) => (None, Some((secret, issuer))),
            (None, None, None) => (None, None),
            _ => return None,
        };
        let invitation = match (key, invitation) {
            (Some(key), Some(invitation)) => Some((InvitationSecret(Zeroizing::new(key)), invitation)),
            (None, None) => None,
            _ => return None,
        };
        Some(Self { root: root?, staff, coordinator, invitation })
    }

    /// The link of any person.
    pub fn of_person(root: RootKey) -> Self {
        Self { root, staff: None, coordinator: None, invitation: None }
    }

    /// The link of a member of staff.
    pub fn of_staff(root: RootKey, secret: StaffSecret, certificate: Vec<u8>) -> Self {
        Self { staff: Some((secret, certificate)), ..Self::of_person(root) }
    }

    /// The link of a coordinator.
    pub fn of_coordinator(root: RootKey, secret: StaffSecret, issuer: Vec<u8>) -> Self {
        Self { coordinator: Some((secret, issuer)), ..Self::of_person(root) }
    }

    /// The link of somebody whom a partner invites.
    pub fn of_invited(root: RootKey, secret: InvitationSecret, invitation: Vec<u8>) -> Self {
        Self { invitation: Some((secret, invitation)), ..Self::of_person(root) }
    }

    /// The fragment, without `#`.
    pub fn to_fragment(&self) -> String {
        let mut fragment = format!("r={}", Base64UrlUnpadded::encode_string(&self.root.0));
        if let Some((secret, certificate)) = &self.staff {
            fragment.push_str(&format!("&s={}", Base64UrlUnpadded::encode_string(&*secret.0)));
            fragment.push_str(&format!("&c={}", Base64UrlUnpadded::encode_string(certificate)));
        }
        if let Some((secret, issuer)) = &self.coordinator {
            fragment.push_str(&format!("&s={}", Base64UrlUnpadded::encode_string(&*secret.0)));
            fragment.push_str(&format!("&o={}", Base64UrlUnpadded::encode_string(issuer)));
        }
        if let Some((secret, invitation)) = &self.invitation {
            fragment.push_str(&format!("&k={}", Base64UrlUnpadded::encode_string(&*secret.0)));
            fragment.push_str(&format!("&i={}", Base64UrlUnpadded::encode_string(invitation)));
        }
        fragment
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
        let link = Link::of_staff(RootKey([1; 32]), secret, vec![1, 2, 3]);
        let read = Link::parse(&format!("#{}", link.to_fragment())).unwrap();
        assert_eq!(read.root, link.root);
        assert_eq!(read.staff.unwrap().1, vec![1, 2, 3]);

        let secret = InvitationSecret(Zeroizing::new([9; 32]));
        let link = Link::of_invited(RootKey([1; 32]), secret, vec![4, 5]);
        let (secret, invitation) = Link::parse(&link.to_fragment()).unwrap().invitation.unwrap();
        assert_eq!((*secret.0, invitation), ([9; 32], vec![4, 5]));
    }

    #[test]
    fn half_a_link_is_no_link() {
        assert!(Link::parse("").is_none());
        assert!(Link::parse("r=AAAA").is_none());
        let person = Link::of_person(RootKey([1; 32])).to_fragment();
        assert!(Link::parse(&person).is_some());
        assert!(Link::parse(&format!("{person}&s=AAAA")).is_none());
        assert!(Link::parse(&format!("{person}&i=AAAA")).is_none());
    }
}
