//! What the relay keeps of published KeyPackages.

use lotgenoot_core::key_package::check;
use lotgenoot_protocol::limits::KEY_PACKAGE_BYTES_MAX;
use lotgenoot_protocol::mls::{CREDENTIAL_TYPE, leaf_extensions};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{Blob, Refused};
use openmls::prelude::{Ciphersuite, Credential, CredentialType, OpenMlsProvider};

use crate::cast::{Actor, FAST, key_package_bytes, now};
use crate::scene::not_allowed;

#[test]
fn an_honest_key_package_is_kept_under_its_own_reference() {
    for suite in [FAST, Ciphersuite::try_from(0x004F).unwrap()] {
        let actor = Actor::person();
        let package = actor.key_package(suite);
        let reference = package.hash_ref(actor.provider.crypto()).unwrap().as_slice().to_vec();
        assert_eq!(check(&key_package_bytes(package), now()), Ok(reference));
    }
}

#[test]
fn a_key_package_of_another_protocol_is_not_kept() {
    let actor = Actor::person();
    let mut shape = actor.shape(FAST);
    shape.credential = Credential::new(CredentialType::Other(CREDENTIAL_TYPE), vec![1; 4]);
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    assert_eq!(check(&package, now()), not_allowed(Rule::Credential));

    let package = key_package_bytes(actor.key_package(Ciphersuite::try_from(0x004E).unwrap()));
    assert_eq!(check(&package, now()), not_allowed(Rule::Credential));
}

#[test]
fn a_key_package_that_is_too_large_names_the_limit() {
    let actor = Actor::person();
    let mut shape = actor.shape(FAST);
    shape.extensions = leaf_extensions(Some(&vec![1; KEY_PACKAGE_BYTES_MAX]));
    let package = key_package_bytes(actor.key_package_shaped(FAST, shape));
    let limit = "KEY_PACKAGE_BYTES_MAX".to_owned();
    let expected = Refused::TooLarge { limit, max: KEY_PACKAGE_BYTES_MAX as u64 };
    assert_eq!(check(&package, now()), Err(expected));
}

#[test]
fn a_key_package_changed_anywhere_is_not_kept() {
    let package = key_package_bytes(Actor::person().key_package(FAST));
    for at in 0..package.len() {
        let mut bytes = package.0.clone();
        bytes[at] ^= 1;
        assert!(check(&Blob(bytes), now()).is_err(), "byte {at} may be changed unseen");
    }
    assert!(check(&Blob(Vec::new()), now()).is_err());
}
