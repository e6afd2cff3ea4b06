//! Where the MLS library keeps its values: in memory, until the vault asks for them.
//!
//! The library writes the secrets of all epochs it still reads at every message it encrypts or decrypts: in a room of
//! 200 that is some 150 kB of JSON a message, four fifths of all the time a client spends on it. They are read again
//! only when a group is restored. So the shelf takes them only while a group is being saved.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;

use crate::crypto::Crypto;
use lotgenoot_protocol::Blob;
use openmls::prelude::OpenMlsProvider;
use openmls_traits::storage::{CURRENT_VERSION, StorageProvider, traits};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::compact::{compact, expand};

/// The cryptography of the MLS library beside a shelf.
#[derive(Default)]
pub(crate) struct Provider {
    crypto: Crypto,
    shelf: Shelf,
}

impl Provider {
    /// A provider with these values on its shelf; `None` if they were not made by [`Shelf::values`].
    pub(crate) fn with(values: Vec<(Blob, Blob)>) -> Option<Self> {
        let values = values.into_iter().map(|(key, value)| Some((key.0, Zeroizing::new(expand(&value.0)?))));
        let shelf = Shelf { values: RefCell::new(values.collect::<Option<_>>()?), ..Shelf::default() };
        Some(Self { crypto: Crypto::default(), shelf })
    }
}

impl OpenMlsProvider for Provider {
    type CryptoProvider = Crypto;
    type RandProvider = Crypto;
    type StorageProvider = Shelf;

    fn storage(&self) -> &Shelf {
        &self.shelf
    }

    fn crypto(&self) -> &Crypto {
        &self.crypto
    }

    fn rand(&self) -> &Crypto {
        &self.crypto
    }
}

/// What the library has stored, by a label and its own key.
#[derive(Default)]
pub(crate) struct Shelf {
    values: RefCell<BTreeMap<Vec<u8>, Zeroizing<Vec<u8>>>>,
    takes_message_secrets: Cell<bool>,
}

/// A value that cannot be written, or read as what it should be.
#[derive(Debug)]
pub(crate) struct Unserialisable;

impl fmt::Display for Unserialisable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the MLS library cannot be stored or read")
    }
}

impl std::error::Error for Unserialisable {}

type Stored<T = ()> = Result<T, Unserialisable>;

impl Shelf {
    /// Everything on it, in a fixed order.
    pub(crate) fn values(&self) -> Vec<(Blob, Blob)> {
        let values = self.values.borrow();
        values.iter().map(|(key, value)| (Blob(key.clone()), Blob(compact(value)))).collect()
    }

    /// Takes the secrets of messages for as long as `write` runs.
    pub(crate) fn taking_message_secrets<T>(&self, write: impl FnOnce() -> T) -> T {
        self.takes_message_secrets.set(true);
        let done = write();
        self.takes_message_secrets.set(false);
        done
    }

    fn put(&self, label: &str, key: &impl Serialize, value: &(impl Serialize + ?Sized)) -> Stored {
        let value = serde_json::to_vec(value).map_err(|_| Unserialisable)?;
        self.values.borrow_mut().insert(key_of(label, key)?, Zeroizing::new(value));
        Ok(())
    }

    fn get<V: DeserializeOwned>(&self, key: &[u8]) -> Stored<Option<V>> {
        let values = self.values.borrow();
        values.get(key).map(|value| serde_json::from_slice(value).map_err(|_| Unserialisable)).transpose()
    }

    fn list<V: DeserializeOwned>(&self, label: &str, key: &impl Serialize) -> Stored<Vec<V>> {
        Ok(self.get(&key_of(label, key)?)?.unwrap_or_default())
    }

    fn remove(&self, key: &[u8]) -> Stored {
        self.values.borrow_mut().remove(key);
        Ok(())
    }
}

fn key_of(label: &str, of: &impl Serialize) -> Stored<Vec<u8>> {
    let mut key = label.as_bytes().to_vec();
    serde_json::to_writer(&mut key, of).map_err(|_| Unserialisable)?;
    Ok(key)
}

// Written, read and deleted by one key. What is in angle brackets is the order in which the trait names both when it
// reads.
macro_rules! kept {
    ($label:literal: $key:ident => $value:ident, $write:ident, $read:ident <K, V>, $delete:ident) => {
        kept!($label: $key => $value, $write);

        fn $read<K: traits::$key<CURRENT_VERSION>, V: traits::$value<CURRENT_VERSION>>(
            &self,
            key: &K,
        ) -> Stored<Option<V>> {
            self.get(&key_of($label, key)?)
        }

        kept!($label: $key, $delete);
    };
    ($label:literal: $key:ident => $value:ident, $write:ident, $read:ident <V, K>, $delete:ident) => {
        kept!($label: $key => $value, $write);

        fn $read<V: traits::$value<CURRENT_VERSION>, K: traits::$key<CURRENT_VERSION>>(
            &self,
            key: &K,
        ) -> Stored<Option<V>> {
            self.get(&key_of($label, key)?)
        }

        kept!($label: $key, $delete);
    };
    ($label:literal: $key:ident => $value:ident, $write:ident) => {
        fn $write<K: traits::$key<CURRENT_VERSION>, V: traits::$value<CURRENT_VERSION>>(
            &self,
            key: &K,
            value: &V,
        ) -> Stored {
            self.put($label, key, value)
        }
    };
    ($label:literal: $key:ident, $delete:ident) => {
        fn $delete<K: traits::$key<CURRENT_VERSION>>(&self, key: &K) -> Stored {
            self.remove(&key_of($label, key)?)
        }
    };
}

impl StorageProvider<CURRENT_VERSION> for Shelf {
    type Error = Unserialisable;

    kept!("tree": GroupId => TreeSync, write_tree, tree<K, V>, delete_tree);
    kept!("context": GroupId => GroupContext, write_context, group_context<K, V>, delete_context);
    kept!(
        "transcript": GroupId => InterimTranscriptHash,
        write_interim_transcript_hash, interim_transcript_hash<K, V>, delete_interim_transcript_hash
    );
    kept!(
        "tag": GroupId => ConfirmationTag,
        write_confirmation_tag, confirmation_tag<K, V>, delete_confirmation_tag
    );
    kept!(
        "config": GroupId => MlsGroupJoinConfig,
        write_mls_join_config, mls_group_join_config<K, V>, delete_group_config
    );
    kept!(
        "index": GroupId => LeafNodeIndex,
        write_own_leaf_index, own_leaf_index<K, V>, delete_own_leaf_index
    );
    kept!(
        "epoch": GroupId => GroupEpochSecrets,
        write_group_epoch_secrets, group_epoch_secrets<K, V>, delete_group_epoch_secrets
    );
    kept!(
        "resumption": GroupId => ResumptionPskStore,
        write_resumption_psk_store, resumption_psk_store<K, V>, delete_all_resumption_psk_secrets
    );
    kept!(
        "signing": SignaturePublicKey => SignatureKeyPair,
        write_signature_key_pair, signature_key_pair<K, V>, delete_signature_key_pair
    );
    kept!(
        "encryption": EncryptionKey => HpkeKeyPair,
        write_encryption_key_pair, encryption_key_pair<V, K>, delete_encryption_key_pair
    );
    kept!("package": HashReference => KeyPackage, write_key_package, key_package<K, V>, delete_key_package);
    kept!("psk": PskId => PskBundle, write_psk, psk<V, K>, delete_psk);

    fn write_message_secrets<
        K: traits::GroupId<CURRENT_VERSION>,
        V: traits::MessageSecrets<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
        secrets: &V,
    ) -> Stored {
        if self.takes_message_secrets.get() { self.put("messages", group, secrets) } else { Ok(()) }
    }

    fn message_secrets<K: traits::GroupId<CURRENT_VERSION>, V: traits::MessageSecrets<CURRENT_VERSION>>(
        &self,
        group: &K,
    ) -> Stored<Option<V>> {
        self.get(&key_of("messages", group)?)
    }

    kept!("messages": GroupId, delete_message_secrets);

    fn write_group_state<V: traits::GroupState<CURRENT_VERSION>, K: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group: &K,
        state: &V,
    ) -> Stored {
        self.put("state", group, state)
    }

    fn group_state<V: traits::GroupState<CURRENT_VERSION>, K: traits::GroupId<CURRENT_VERSION>>(
        &self,
        group: &K,
    ) -> Stored<Option<V>> {
        self.get(&key_of("state", group)?)
    }

    kept!("state": GroupId, delete_group_state);

    fn append_own_leaf_node<K: traits::GroupId<CURRENT_VERSION>, V: traits::LeafNode<CURRENT_VERSION>>(
        &self,
        group: &K,
        leaf: &V,
    ) -> Stored {
        let mut leaves: Vec<Value> = self.list("leaves", group)?;
        leaves.push(serde_json::to_value(leaf).map_err(|_| Unserialisable)?);
        self.put("leaves", group, &leaves)
    }

    fn own_leaf_nodes<K: traits::GroupId<CURRENT_VERSION>, V: traits::LeafNode<CURRENT_VERSION>>(
        &self,
        group: &K,
    ) -> Stored<Vec<V>> {
        self.list("leaves", group)
    }

    kept!("leaves": GroupId, delete_own_leaf_nodes);

    fn queue_proposal<
        K: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        P: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
        reference: &R,
        proposal: &P,
    ) -> Stored {
        let mut queued: Vec<(Value, Value)> = self.list("proposals", group)?;
        let value = serde_json::to_value((reference, proposal)).map_err(|_| Unserialisable)?;
        queued.push(serde_json::from_value(value).map_err(|_| Unserialisable)?);
        self.put("proposals", group, &queued)
    }

    fn queued_proposal_refs<K: traits::GroupId<CURRENT_VERSION>, R: traits::ProposalRef<CURRENT_VERSION>>(
        &self,
        group: &K,
    ) -> Stored<Vec<R>> {
        let queued: Vec<(R, IgnoredAny)> = self.list("proposals", group)?;
        Ok(queued.into_iter().map(|(reference, _)| reference).collect())
    }

    fn queued_proposals<
        K: traits::GroupId<CURRENT_VERSION>,
        R: traits::ProposalRef<CURRENT_VERSION>,
        P: traits::QueuedProposal<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
    ) -> Stored<Vec<(R, P)>> {
        self.list("proposals", group)
    }

    fn remove_proposal<K: traits::GroupId<CURRENT_VERSION>, R: traits::ProposalRef<CURRENT_VERSION>>(
        &self,
        group: &K,
        reference: &R,
    ) -> Stored {
        let reference = serde_json::to_value(reference).map_err(|_| Unserialisable)?;
        let mut queued: Vec<(Value, Value)> = self.list("proposals", group)?;
        queued.retain(|(other, _)| *other != reference);
        self.put("proposals", group, &queued)
    }

    fn clear_proposal_queue<K: traits::GroupId<CURRENT_VERSION>, R: traits::ProposalRef<CURRENT_VERSION>>(
        &self,
        group: &K,
    ) -> Stored {
        self.remove(&key_of("proposals", group)?)
    }

    fn write_encryption_epoch_key_pairs<
        K: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
        V: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
        epoch: &E,
        leaf: u32,
        pairs: &[V],
    ) -> Stored {
        self.put("pairs", &(group, epoch, leaf), pairs)
    }

    fn encryption_epoch_key_pairs<
        K: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
        V: traits::HpkeKeyPair<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
        epoch: &E,
        leaf: u32,
    ) -> Stored<Vec<V>> {
        self.list("pairs", &(group, epoch, leaf))
    }

    fn delete_encryption_epoch_key_pairs<
        K: traits::GroupId<CURRENT_VERSION>,
        E: traits::EpochKey<CURRENT_VERSION>,
    >(
        &self,
        group: &K,
        epoch: &E,
        leaf: u32,
    ) -> Stored {
        self.remove(&key_of("pairs", &(group, epoch, leaf))?)
    }
}
