//! What is signed and written about a help call: acknowledgement, first reply, and the notices in its log.
//!
//! A help call's log is read by the person whose call it is: whoever takes it must prove it to *her*, so the
//! acknowledgement is signed with the leaf key its holder was certified for and delivered to her unchanged.

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::bytes::Blob;
use crate::ids::{AccountKey, CallId, LeafKey, PageId, RoomId, Serial};
use crate::role::OrganisationId;
use crate::sign::{Purpose, sign, verify};

/// How soon somebody is wanted.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(index_only)]
pub enum Urgency {
    /// P1: somebody, now.
    #[n(1)]
    Now,
    /// P2: today.
    #[n(2)]
    Today,
    /// P3: her contact person.
    #[n(3)]
    ContactPerson,
}

/// "I take this call", signed by the certified leaf key.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Acknowledgement {
    /// Which call.
    #[n(0)]
    pub call: CallId,
    /// The call's page epoch: an acknowledgement of an earlier round of paging is worth nothing.
    #[n(1)]
    pub page_epoch: u32,
    /// The page that is answered.
    #[n(2)]
    pub page: PageId,
    /// The serial of the signer's certificate.
    #[n(3)]
    pub serial: Serial,
    /// The signer's leaf key.
    #[n(4)]
    pub leaf_key: LeafKey,
    /// Ed25519 over `"Lotgenoot ack 1" ‖ organisation ‖ room ‖ call ‖ page epoch ‖ page ‖ serial`.
    #[n(5)]
    pub signature: Blob,
}

impl Acknowledgement {
    /// Signs that the holder of `key` takes `call`.
    pub fn new(
        key: &SigningKey,
        organisation: OrganisationId,
        room: RoomId,
        call: CallId,
        page_epoch: u32,
        page: PageId,
        serial: Serial,
    ) -> Self {
        let mut ack = Self {
            call,
            page_epoch,
            page,
            serial,
            leaf_key: LeafKey(key.verifying_key().to_bytes()),
            signature: Blob::default(),
        };
        ack.signature =
            Blob(ack.with_parts(organisation, room, |parts| sign(key, Purpose::Acknowledge, parts).to_vec()));
        ack
    }

    /// Whether the holder of the leaf key signed exactly this, for this room.
    pub fn verify(&self, organisation: OrganisationId, room: RoomId) -> bool {
        self.with_parts(organisation, room, |parts| {
            verify(&self.leaf_key.0, Purpose::Acknowledge, parts, &self.signature)
        })
    }

    fn with_parts<T>(&self, organisation: OrganisationId, room: RoomId, f: impl FnOnce(&[&[u8]]) -> T) -> T {
        let epoch = self.page_epoch.to_be_bytes();
        f(&[&organisation.0, &room.0, &self.call.0, &epoch, &self.page.0, &self.serial.0])
    }
}

/// The lead's proof that these bytes are hers: `"Lotgenoot reply 1" ‖ call ‖ SHA-256(ciphertext)`.
pub fn sign_reply(key: &SigningKey, call: CallId, ciphertext: &[u8]) -> Blob {
    Blob(sign(key, Purpose::Reply, &[&call.0, &Sha256::digest(ciphertext)]).to_vec())
}

/// Whether `lead` signed that `ciphertext` is hers in `call`.
pub fn verify_reply(lead: &LeafKey, call: CallId, ciphertext: &[u8], signature: &[u8]) -> bool {
    verify(&lead.0, Purpose::Reply, &[&call.0, &Sha256::digest(ciphertext)], signature)
}

/// What happened to a help call: an entry of its room's log, so it has a place, survives and is caught up with.
///
/// The relay's word, except [`CallNotice::Acknowledged`], which the person's client verifies.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum CallNotice {
    /// The call is stored. Nobody has seen it yet.
    #[n(0)]
    Raised,
    /// Nobody is on duty anywhere now. It is looked up again every 30 seconds.
    #[n(1)]
    Unstaffed,
    /// People of this ladder level are being called.
    #[n(2)]
    Paging {
        /// Counts up when paging starts anew because a lead was lost.
        #[n(0)]
        page_epoch: u32,
        /// From 1.
        #[n(1)]
        level: u32,
        /// From 1; a new cycle starts when all levels were called in vain.
        #[n(2)]
        cycle: u32,
    },
    /// Somebody on duty is not in the room yet: whoever may add, adds (KeyPackage claimed by account).
    #[n(3)]
    Wanted {
        /// Whose KeyPackage to claim.
        #[n(0)]
        account: AccountKey,
        /// Her role certificate, to be verified before adding.
        #[n(1)]
        certificate: Blob,
    },
    /// Somebody took the call.
    #[n(4)]
    Acknowledged(#[n(0)] Acknowledgement),
    /// The lead's first words are in the room.
    #[n(5)]
    Active,
    /// The lead did not write in time; somebody else is looked for.
    #[n(6)]
    LeadLost,
    /// Three minutes, and nobody has answered.
    #[n(7)]
    StillWaiting,
    /// The person closed the call.
    #[n(8)]
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_holds_for_one_room_call_page_and_round() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let organisation = OrganisationId([1; 16]);
        let (room, call, page, serial) = (RoomId([2; 16]), CallId([3; 16]), PageId([4; 16]), Serial([5; 16]));
        let ack = Acknowledgement::new(&key, organisation, room, call, 1, page, serial);

        assert!(ack.verify(organisation, room));
        assert!(!ack.verify(organisation, RoomId([9; 16])));
        for forged in [
            Acknowledgement { call: CallId([9; 16]), ..ack.clone() },
            Acknowledgement { page_epoch: 2, ..ack.clone() },
            Acknowledgement { page: PageId([9; 16]), ..ack.clone() },
            Acknowledgement { serial: Serial([9; 16]), ..ack.clone() },
            Acknowledgement { leaf_key: LeafKey([9; 32]), ..ack.clone() },
        ] {
            assert!(!forged.verify(organisation, room));
        }
    }

    #[test]
    fn a_reply_is_proven_for_its_own_bytes_only() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let lead = LeafKey(key.verifying_key().to_bytes());
        let proof = sign_reply(&key, CallId([1; 16]), b"ciphertext");
        assert!(verify_reply(&lead, CallId([1; 16]), b"ciphertext", &proof));
        assert!(!verify_reply(&lead, CallId([1; 16]), b"other", &proof));
        assert!(!verify_reply(&lead, CallId([2; 16]), b"ciphertext", &proof));
    }
}
