//! Signatures with a purpose: Ed25519 over a label and length-prefixed parts.
//!
//! A label begins with `Lotgenoot`, an MLS signature with a length below 64 and `MLS 1.0` (RFC 9420 §5.1.2):
//! the first byte already differs, so no signature made for one purpose verifies for another.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

/// What a signature is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// A lead takes a help call.
    Acknowledge,
    /// The lead of a call writes down what was agreed, in its room.
    Agreements,
    /// A leaf proves itself to the relay for one room.
    Attach,
    /// A coordinator plans sessions.
    Calendar,
    /// An account signs in.
    Hello,
    /// A person says what she wants professionals to know, in the room of her call.
    Intake,
    /// An issuer makes an invitation.
    Invitation,
    /// Whoever has an invitation's link proves it in her line.
    Invited,
    /// The root names an issuer.
    Issuer,
    /// A coordinator or host writes a letter by her name.
    Letter,
    /// A coordinator or host publishes a key for letters to her.
    LetterKey,
    /// An issuer states the head of the staff register.
    Register,
    /// A member could not apply a commit.
    Reject,
    /// A coordinator proves to the relay that she holds an issuer's key.
    Office,
    /// The lead's words reach the room.
    Reply,
    /// An issuer certifies a role.
    Role,
    /// A host rules who may speak in a room.
    Ruling,
    /// Whoever has a phrase or a tab's secret reads its slot.
    ReadSlot,
    /// The same writes or forgets it.
    WriteSlot,
    /// A person's leaf in a room, in her line.
    AmIn,
    /// A leaf says something, or wants to.
    Words,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Acknowledge => b"Lotgenoot ack 1",
            Self::Agreements => b"Lotgenoot agreements 1",
            Self::Attach => b"Lotgenoot attach 1",
            Self::Calendar => b"Lotgenoot calendar 1",
            Self::Hello => b"Lotgenoot hello 1",
            Self::Intake => b"Lotgenoot intake 1",
            Self::Invitation => b"Lotgenoot invitation 1",
            Self::Invited => b"Lotgenoot invited 1",
            Self::Issuer => b"Lotgenoot issuer 1",
            Self::Letter => b"Lotgenoot letter 1",
            Self::LetterKey => b"Lotgenoot key for letters 1",
            Self::Office => b"Lotgenoot office 1",
            Self::Register => b"Lotgenoot register 1",
            Self::Reject => b"Lotgenoot reject 1",
            Self::Reply => b"Lotgenoot reply 1",
            Self::Role => b"Lotgenoot role 1",
            Self::Ruling => b"Lotgenoot ruling 1",
            Self::ReadSlot => b"Lotgenoot slot read 1",
            Self::WriteSlot => b"Lotgenoot slot write 1",
            Self::AmIn => b"Lotgenoot am in 1",
            Self::Words => b"Lotgenoot words 1",
        }
    }
}

/// Signs `parts` for `purpose`. Returns 64 bytes.
pub fn sign(key: &SigningKey, purpose: Purpose, parts: &[&[u8]]) -> [u8; 64] {
    key.sign(&to_be_signed(purpose, parts)).to_bytes()
}

/// Whether `signature` is `key`'s over `parts` for `purpose`. Weak keys never verify.
pub fn verify(key: &[u8; 32], purpose: Purpose, parts: &[&[u8]], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_bytes(key), Signature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(&to_be_signed(purpose, parts), &signature).is_ok()
}

pub(crate) fn to_be_signed(purpose: Purpose, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = purpose.label().to_vec();
    for part in parts {
        bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_for_one_purpose_does_not_serve_another() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public = key.verifying_key().to_bytes();
        let signature = sign(&key, Purpose::Hello, &[b"nonce", b"host"]);

        assert!(verify(&public, Purpose::Hello, &[b"nonce", b"host"], &signature));
        assert!(!verify(&public, Purpose::Attach, &[b"nonce", b"host"], &signature));
        assert!(!verify(&public, Purpose::Hello, &[b"nonceh", b"ost"], &signature));
    }
}
