//! The intake as its person has signed it for the room of her call: hers, whoever tells it.

use ed25519_dalek::SigningKey;
use lotgenoot_messages::Intake;
use lotgenoot_protocol::sign::{Purpose, sign, verify};
use lotgenoot_protocol::{Blob, LeafKey, RoomId, codec};
use minicbor::{Decode, Encode};

/// What she wrote, signed.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) struct SignedIntake {
    // As it was signed: another version may read less of it.
    #[n(0)]
    intake: Blob,
    #[n(1)]
    signature: Blob,
    // Zeroes, so that a short one, a long one and one with code words fill the same bucket of `pad`: 4 KiB.
    #[cbor(n(2), default)]
    filler: Blob,
}

// More than the bucket before holds.
const FILLED_BYTES: usize = 1024;

impl SignedIntake {
    /// Signed with the key of her leaf in that room.
    pub(crate) fn new(key: &SigningKey, room: RoomId, intake: &Intake) -> Self {
        let intake = Blob(codec::to_vec(intake));
        let signature = Blob(sign(key, Purpose::Intake, &[&room.0, &intake]).to_vec());
        let filler = Blob(vec![0; FILLED_BYTES.saturating_sub(intake.len())]);
        Self { intake, signature, filler }
    }

    /// What it says, if the holder of `leaf` has signed it for this room.
    pub(crate) fn read(&self, leaf: &LeafKey, room: RoomId) -> Option<Box<Intake>> {
        let signed = verify(&leaf.0, Purpose::Intake, &[&room.0, &self.intake], &self.signature);
        if signed { codec::from_slice(&self.intake) } else { None }
    }
}
