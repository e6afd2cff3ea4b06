//! What somebody says, bound to her: to the room, to the text, and to the leaf that says it.
//!
//! The id of words is a commitment to them. It stands in the clear beside the ciphertext, so one message can be let
//! through by its id and nothing else can be said in its place; and because the leaf signs it, who was in the room can
//! show to somebody outside what was said there, without a server that can read (`peersupport.md` §5.6).

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::bytes::Blob;
use crate::ids::{LeafKey, MessageId, RoomId};
use crate::sign::{Purpose, sign, verify};

/// Words with their salt and the signature of whoever says them.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Words {
    // 16 bytes by chance: without them, short words could be guessed from their id.
    #[cbor(n(0), with = "minicbor::bytes")]
    salt: [u8; 16],
    /// What is said.
    #[n(1)]
    pub text: String,
    // Of the leaf over room and id.
    #[n(2)]
    signature: Blob,
}

impl Words {
    /// Words that nobody has signed yet. `salt` is drawn by chance for every message.
    pub fn draft(salt: [u8; 16], text: String) -> Self {
        Self { salt, text, signature: Blob(Vec::new()) }
    }

    /// Words of this leaf for this room.
    pub fn new(key: &SigningKey, room: RoomId, salt: [u8; 16], text: String) -> Self {
        Self::draft(salt, text).signed(key, room)
    }

    /// The same, signed.
    pub fn signed(self, key: &SigningKey, room: RoomId) -> Self {
        let signature = sign(key, Purpose::Words, &[&room.0, &self.id().0]);
        Self { signature: Blob(signature.to_vec()), ..self }
    }

    /// Their id: the first 16 bytes of SHA-256(`Lotgenoot words 1` ‖ salt ‖ text). The same id again is the same message.
    pub fn id(&self) -> MessageId {
        id(&self.salt, &self.text)
    }

    /// Whether this leaf has said them, or wants to, in this room.
    pub fn are_by(&self, leaf: &LeafKey, room: RoomId) -> bool {
        verify(&leaf.0, Purpose::Words, &[&room.0, &self.id().0], &self.signature.0)
    }
}

fn id(salt: &[u8; 16], text: &str) -> MessageId {
    let digest: [u8; 32] = Sha256::new()
        .chain_update(b"Lotgenoot words 1")
        .chain_update(salt)
        .chain_update(text)
        .finalize()
        .into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    MessageId(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId([1; 16]);

    #[test]
    fn words_are_bound_to_their_text_their_room_and_who_says_them() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let leaf = LeafKey(key.verifying_key().to_bytes());
        let words = Words::new(&key, ROOM, [3; 16], "Dag allemaal".to_owned());
        assert!(words.are_by(&leaf, ROOM));
        assert!(!words.are_by(&leaf, RoomId([2; 16])));
        let other = SigningKey::from_bytes(&[8; 32]);
        assert!(!words.are_by(&LeafKey(other.verifying_key().to_bytes()), ROOM));
        let changed = Words { text: "Ga weg".to_owned(), ..words.clone() };
        assert_ne!(changed.id(), words.id());
        assert!(!changed.are_by(&leaf, ROOM));
        let again = Words::new(&key, ROOM, [4; 16], "Dag allemaal".to_owned());
        assert_ne!(again.id(), words.id(), "the id says nothing of the text");
    }
}
