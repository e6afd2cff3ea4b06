//! Letters: sealed for coordinators or hosts, and kept for them until they are read.
//!
//! Whoever may read letters publishes a key for them, signed with what makes her a coordinator or a host. A letter is
//! sealed for each of its readers by HPKE (RFC 9180); the relay sees for whom it is and how long it is, and not who
//! wrote it nor what it says.

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::{LetterId, Serial};
use crate::role::{Issuer, Role, RoleCertificate, RoleError, Trust, serial_of_key};
use crate::sign::{Purpose, sign, verify};
use crate::time::Timestamp;

/// A key to seal letters with, and who may open them.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct LetterKey {
    /// Public key of the KEM of suite 0x004F (X-Wing).
    #[n(0)]
    pub key: Blob,
    /// What the root says of a coordinator ([`Issuer`]); absent for a host.
    #[n(1)]
    pub issuer: Option<Blob>,
    /// What makes her a host ([`RoleCertificate`]); absent for a coordinator.
    #[n(2)]
    pub certificate: Option<Blob>,
    /// Hers over the key.
    #[n(3)]
    pub signature: Blob,
}

/// Who may open a letter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Reader {
    /// A coordinator.
    Coordinator(Box<Issuer>),
    /// A host.
    Host(Box<RoleCertificate>),
}

impl Reader {
    /// By what the relay knows her: a coordinator by her issuer's serial, a host by her leaf key's.
    pub fn serial(&self) -> Serial {
        match self {
            Self::Coordinator(issuer) => issuer.serial,
            Self::Host(certificate) => serial_of_key(&certificate.leaf_key),
        }
    }
}

impl LetterKey {
    /// A coordinator's.
    pub fn of_coordinator(issuer: &Issuer, signer: &SigningKey, key: Blob) -> Self {
        let signature = Blob(sign(signer, Purpose::LetterKey, &[&key]).to_vec());
        Self { key, issuer: Some(Blob(issuer.to_bytes())), certificate: None, signature }
    }

    /// A host's.
    pub fn of_host(certificate: &[u8], signer: &SigningKey, key: Blob) -> Self {
        let signature = Blob(sign(signer, Purpose::LetterKey, &[&key]).to_vec());
        Self { key, issuer: None, certificate: Some(Blob(certificate.to_vec())), signature }
    }

    /// Whose it is at `now`, if she counts.
    pub fn reader(&self, trust: &Trust, now: Timestamp) -> Result<Reader, RoleError> {
        if self.key.len() != KEY_BYTES {
            return Err(RoleError::Malformed);
        }
        let (reader, signer) = match (&self.issuer, &self.certificate) {
            (Some(issuer), None) => {
                let issuer = Issuer::from_bytes(issuer).ok_or(RoleError::Malformed)?;
                trust.issuer(&issuer, now)?;
                let signer = issuer.key;
                (Reader::Coordinator(Box::new(issuer)), signer)
            }
            (None, Some(certificate)) => {
                let read = RoleCertificate::from_bytes(certificate).ok_or(RoleError::Malformed)?;
                let read = trust.role(certificate, &read.leaf_key, now)?;
                if read.role != Role::Host {
                    return Err(RoleError::Malformed);
                }
                let signer = read.leaf_key.0;
                (Reader::Host(Box::new(read)), signer)
            }
            _ => return Err(RoleError::Malformed),
        };
        if verify(&signer, Purpose::LetterKey, &[&self.key], &self.signature) {
            Ok(reader)
        } else {
            Err(RoleError::WrongSignature)
        }
    }
}

/// With which keys are letters sealed?
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskLetterKeys {
    /// Hosts' too, not only coordinators'.
    #[n(0)]
    pub hosts: bool,
}

/// The keys letters are sealed with.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct LetterKeys {
    /// One for each reader.
    #[n(0)]
    pub keys: Vec<LetterKey>,
}

/// A reader publishes her key.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutLetterKey {
    /// It takes the place of the one before it.
    #[n(0)]
    pub key: LetterKey,
}

/// A letter on its way.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PostLetter {
    /// Its own, drawn at random: the same letter again is the same letter.
    #[n(0)]
    pub id: LetterId,
    /// One for each reader, sealed for her.
    #[n(1)]
    pub copies: Vec<LetterFor>,
}

/// A letter for one reader.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct LetterFor {
    /// For whom ([`Reader::serial`]).
    #[n(0)]
    pub reader: Serial,
    /// HPKE: the encapsulated key of [`ENCAPSULATED_BYTES`], then the ciphertext.
    #[n(1)]
    pub sealed: Blob,
}

/// A public key of that KEM.
pub const KEY_BYTES: usize = 1216;

/// The encapsulated key before a letter's ciphertext (X-Wing).
pub const ENCAPSULATED_BYTES: usize = 1120;

/// What waits for whoever asks: a coordinator who has asked for the staff on this connection, or a host.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskLetters {
    /// Only what comes after this one in the order of ids: for the next page.
    #[n(0)]
    pub after: Option<LetterId>,
}

/// Letters, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Letters {
    /// As they were sealed for her.
    #[n(0)]
    pub letters: Vec<Letter>,
    /// There are others after these.
    #[n(1)]
    pub more: bool,
}

/// A letter that waits.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Letter {
    /// Its own.
    #[n(0)]
    pub id: LetterId,
    /// When it came.
    #[n(1)]
    pub at: Timestamp,
    /// Sealed for her.
    #[n(2)]
    pub sealed: Blob,
}

/// A letter is not wanted any more: dealt with by a coordinator, for all of them; read by a host, for her.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutLetterAway {
    /// Which.
    #[n(0)]
    pub id: LetterId,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RootKey;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    struct Organisation {
        trust: Trust,
        issuer: Issuer,
        key: SigningKey,
    }

    impl Organisation {
        fn new() -> Self {
            let (root, key) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
            let valid = (NOW.seconds() - 60, NOW.seconds() + 3600);
            let public = key.verifying_key().to_bytes();
            let issuer = Issuer::new(&root, Serial([3; 16]), public, &[Role::Host], 1, valid);
            Self { trust: Trust::new(RootKey(root.verifying_key().to_bytes())), issuer, key }
        }
    }

    #[test]
    fn a_coordinators_key_is_hers_and_nobody_elses() {
        let Organisation { trust, issuer, key } = Organisation::new();
        let hers = LetterKey::of_coordinator(&issuer, &key, Blob(vec![7; 1216]));
        assert_eq!(hers.reader(&trust, NOW).map(|reader| reader.serial()), Ok(Serial([3; 16])));
        let other = SigningKey::from_bytes(&[9; 32]);
        for forged in [
            LetterKey { key: Blob(vec![8; 1216]), ..hers.clone() },
            LetterKey::of_coordinator(&issuer, &other, hers.key.clone()),
        ] {
            assert_eq!(forged.reader(&trust, NOW), Err(RoleError::WrongSignature));
        }
        assert!(hers.reader(&trust, NOW.plus_ms(3_700_000)).is_err(), "her own key has ended");
        let mut revoking = trust.clone();
        revoking.revoke(Serial([3; 16]));
        assert_eq!(hers.reader(&revoking, NOW), Err(RoleError::Revoked));
        let nobody = LetterKey { issuer: None, ..hers };
        assert_eq!(nobody.reader(&trust, NOW), Err(RoleError::Malformed));
    }
}
