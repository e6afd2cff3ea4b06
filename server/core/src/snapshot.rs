//! A PublicGroup as bytes.
//!
//! A room is restored from this, never by replaying commits: openmls checks the lifetimes of added leaves
//! against the clock of the machine it runs on.

use std::cell::RefCell;
use std::fmt;

use openmls::prelude::{GroupId, PublicGroup};
use openmls_traits::public_storage::PublicStorageProvider;
use openmls_traits::storage::{CURRENT_VERSION, Entity, traits};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The parts openmls stores, each as CBOR.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    #[serde(with = "as_bytes")]
    tree: Vec<u8>,
    #[serde(with = "as_bytes")]
    context: Vec<u8>,
    #[serde(with = "as_bytes")]
    transcript: Vec<u8>,
    #[serde(with = "as_bytes")]
    tag: Vec<u8>,
    proposals: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Snapshot {
    pub(crate) fn to_bytes(&self) -> Option<Vec<u8>> {
        to_cbor(self)
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        from_cbor(bytes)
    }

    pub(crate) fn load(&self, id: &[u8]) -> Option<PublicGroup> {
        PublicGroup::load(&Shelf(RefCell::new(self.clone())), &GroupId::from_slice(id)).ok().flatten()
    }
}

/// Where openmls writes what changed.
pub(crate) struct Shelf(RefCell<Snapshot>);

impl Shelf {
    pub(crate) fn new(snapshot: Snapshot) -> Self {
        Self(RefCell::new(snapshot))
    }

    pub(crate) fn into_snapshot(self) -> Snapshot {
        self.0.into_inner()
    }
}

/// A value that does not serialise. Only a change of openmls' types can cause it.
#[derive(Debug)]
pub(crate) struct Unserialisable;

impl fmt::Display for Unserialisable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a part of the public group does not serialise")
    }
}

impl std::error::Error for Unserialisable {}

fn to_cbor<T: Serialize>(value: &T) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).ok()?;
    Some(bytes)
}

fn from_cbor<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    ciborium::from_reader(bytes).ok()
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Option<T>, Unserialisable> {
    if bytes.is_empty() { Ok(None) } else { from_cbor(bytes).map(Some).ok_or(Unserialisable) }
}

macro_rules! part {
    ($write:ident, $read:ident, $delete:ident, $part:ident, $kind:ident) => {
        fn $write<G: traits::GroupId<CURRENT_VERSION>, T: traits::$kind<CURRENT_VERSION>>(
            &self,
            _: &G,
            value: &T,
        ) -> Result<(), Unserialisable> {
            self.0.borrow_mut().$part = to_cbor(value).ok_or(Unserialisable)?;
            Ok(())
        }

        fn $read<G: traits::GroupId<CURRENT_VERSION>, T: traits::$kind<CURRENT_VERSION>>(
            &self,
            _: &G,
        ) -> Result<Option<T>, Unserialisable> {
            read(&self.0.borrow().$part)
        }

        fn $delete<G: traits::GroupId<CURRENT_VERSION>>(&self, _: &G) -> Result<(), Unserialisable> {
            self.0.borrow_mut().$part.clear();
            Ok(())
        }
    };
}

impl PublicStorageProvider<CURRENT_VERSION> for Shelf {
    type PublicError = Unserialisable;

    part!(write_tree, tree, delete_tree, tree, TreeSync);
    part!(write_context, group_context, delete_context, context, GroupContext);
    part!(
        write_interim_transcript_hash,
        interim_transcript_hash,
        delete_interim_transcript_hash,
        transcript,
        InterimTranscriptHash
    );
    part!(write_confirmation_tag, confirmation_tag, delete_confirmation_tag, tag, ConfirmationTag);

    fn queue_proposal<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        P: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        _: &G,
        reference: &R,
        proposal: &P,
    ) -> Result<(), Unserialisable> {
        let key = key_of(reference)?;
        let value = to_cbor(proposal).ok_or(Unserialisable)?;
        let proposals = &mut self.0.borrow_mut().proposals;
        proposals.retain(|(other, _)| *other != key);
        proposals.push((key, value));
        Ok(())
    }

    fn queued_proposals<
        G: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        P: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        _: &G,
    ) -> Result<Vec<(R, P)>, Unserialisable> {
        let snapshot = self.0.borrow();
        let decode = |(key, value): &(Vec<u8>, Vec<u8>)| Some((from_cbor(key)?, from_cbor(value)?));
        snapshot.proposals.iter().map(decode).collect::<Option<_>>().ok_or(Unserialisable)
    }

    fn remove_proposal<G: traits::GroupId<CURRENT_VERSION>, R: traits::ProposalRef<CURRENT_VERSION>>(
        &self,
        _: &G,
        reference: &R,
    ) -> Result<(), Unserialisable> {
        let key = key_of(reference)?;
        self.0.borrow_mut().proposals.retain(|(other, _)| *other != key);
        Ok(())
    }

    fn clear_proposal_queue<G: traits::GroupId<CURRENT_VERSION>, R: traits::ProposalRef<CURRENT_VERSION>>(
        &self,
        _: &G,
    ) -> Result<(), Unserialisable> {
        self.0.borrow_mut().proposals.clear();
        Ok(())
    }
}

fn key_of<R: Entity<CURRENT_VERSION>>(reference: &R) -> Result<Vec<u8>, Unserialisable> {
    to_cbor(reference).ok_or(Unserialisable)
}

// A Vec<u8> as CBOR bytes: serde's default would write a list of numbers, twice the size.
mod as_bytes {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }

        deserializer.deserialize_byte_buf(Bytes)
    }
}
