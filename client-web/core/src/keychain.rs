//! KeyPackages and the keys behind them, until a Welcome uses them.

use std::collections::VecDeque;

use lotgenoot_protocol::mls::{capabilities, leaf_extensions, suite};
use lotgenoot_protocol::{Blob, Timestamp};
use minicbor::{Decode, Encode};
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    Extensions, KeyPackage, KeyPackageBundle, KeyPackageRef, MlsMessageBodyIn, MlsMessageIn, MlsMessageOut,
    OpenMlsProvider,
};
use openmls_traits::storage::StorageProvider;

use crate::group::{Group, LeafSigner, credential_with_key, lifetime};
use crate::identity::Leaf;
use crate::shelf::Provider;

/// The private halves of KeyPackages this client has made.
#[derive(Default)]
pub(crate) struct Keychain {
    provider: Provider,
    // What was published together, the newest last.
    published: VecDeque<Vec<Blob>>,
}

// A Welcome may be on its way for a KeyPackage that was claimed before the last ones were published.
const PUBLICATIONS_KEPT: usize = 3;

/// The keychain in a vault.
#[derive(Encode, Decode)]
pub(crate) struct SavedKeychain {
    #[n(0)]
    values: Vec<(Blob, Blob)>,
    #[n(1)]
    published: VecDeque<Vec<Blob>>,
}

impl Keychain {
    /// A new KeyPackage for `leaf` as an MLSMessage; its keys stay here.
    pub(crate) fn make(
        &self,
        suite_code: u16,
        leaf: &Leaf,
        last_resort: bool,
        now: Timestamp,
    ) -> Option<Blob> {
        let suite = suite(suite_code)?;
        let builder = KeyPackage::builder()
            .key_package_lifetime(lifetime(now))
            .leaf_node_capabilities(capabilities(suite))
            .leaf_node_extensions(Extensions::from_vec(leaf_extensions(leaf.certificate.as_deref())).ok()?);
        let builder = if last_resort { builder.mark_as_last_resort() } else { builder };
        let bundle =
            builder.build(suite, &self.provider, &LeafSigner(leaf), credential_with_key(leaf)).ok()?;
        MlsMessageOut::from(bundle.into_key_package()).to_bytes().ok().map(Blob)
    }

    /// All keys.
    pub(crate) fn save(&self) -> SavedKeychain {
        SavedKeychain { values: self.provider.storage().values(), published: self.published.clone() }
    }

    /// The keys that were saved, beside those that were made since this client began.
    pub(crate) fn restore(&mut self, saved: SavedKeychain) {
        let values = saved.values.into_iter().chain(self.provider.storage().values()).collect();
        if let Some(provider) = Provider::with(values) {
            self.provider = provider;
        }
        self.published = saved.published.into_iter().chain(self.published.drain(..)).collect();
    }

    /// These KeyPackages take the place of those before. The keys of much older ones are forgotten.
    pub(crate) fn publish(&mut self, packages: &[Blob]) {
        self.published.push_back(packages.iter().filter_map(reference).collect());
        while self.published.len() > PUBLICATIONS_KEPT {
            for reference in self.published.pop_front().unwrap_or_default() {
                let Ok(reference) = KeyPackageRef::tls_deserialize_exact(&reference.0) else { continue };
                // Only a storage error could stop this, and this storage is memory.
                let _infallible = self.provider.storage().delete_key_package(&reference);
            }
        }
    }

    /// The keys that `welcome` needs, on a shelf of their own; `None` if it is not for us.
    pub(crate) fn keys_for(&self, welcome: &Blob) -> Option<Provider> {
        let shelf = Provider::default();
        let mut found = false;
        for reference in references(welcome) {
            let bundle: Option<KeyPackageBundle> = self.provider.storage().key_package(&reference).ok()?;
            if let Some(bundle) = bundle {
                shelf.storage().write_key_package(&reference, &bundle).ok()?;
                found = true;
            }
        }
        found.then_some(shelf)
    }

    /// Deletes the keys `welcome` has used up; those of last resort stay.
    pub(crate) fn used(&mut self, welcome: &Blob) {
        for reference in references(welcome) {
            let bundle: Option<KeyPackageBundle> =
                self.provider.storage().key_package(&reference).ok().flatten();
            if bundle.is_some_and(|bundle| !bundle.key_package().last_resort()) {
                // Only a storage error could stop this, and this storage is memory.
                let _infallible = self.provider.storage().delete_key_package(&reference);
            }
        }
    }
}

fn reference(package: &Blob) -> Option<Blob> {
    let package = Group::key_package(package)?;
    let reference = package.hash_ref(Provider::default().crypto()).ok()?;
    reference.tls_serialize_detached().ok().map(Blob)
}

fn references(welcome: &Blob) -> Vec<KeyPackageRef> {
    match MlsMessageIn::tls_deserialize_exact(&welcome.0).map(MlsMessageIn::extract) {
        Ok(MlsMessageBodyIn::Welcome(welcome)) => {
            welcome.secrets().iter().map(|secrets| secrets.new_member()).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use lotgenoot_protocol::Pseudonym;
    use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
    use openmls::prelude::{KeyPackageIn, ProtocolVersion};

    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)] // openmls compares lifetimes with the machine's clock
    fn a_key_package_verifies_and_its_keys_are_kept() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let leaf = Leaf { key, name: Pseudonym([1; 16]), certificate: Some(vec![1, 2, 3]) };
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let now = Timestamp(now.as_millis() as u64);
        for last_resort in [false, true] {
            let bytes =
                Keychain::default().make(SUITE_POST_QUANTUM, &leaf, last_resort, now).expect("it is made");
            let message = MlsMessageIn::tls_deserialize_exact(&bytes.0).expect("it is an MLS message");
            let MlsMessageBodyIn::KeyPackage(package) = message.extract() else { panic!("not a KeyPackage") };
            let package: KeyPackageIn = package;
            package.validate(Provider::default().crypto(), ProtocolVersion::Mls10).expect("it verifies");
        }
    }
}
