//! What the relay checks of a KeyPackage before it hands it out.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lotgenoot_protocol::limits::{CLOCK_SKEW_SECONDS_MAX, KEY_PACKAGE_BYTES_MAX, LEAF_LIFETIME_SECONDS_MAX};
use lotgenoot_protocol::mls::{pseudonym, suite};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{Blob, Refused, Timestamp};
use openmls::prelude::tls_codec::Deserialize as _;
use openmls::prelude::{MlsMessageBodyIn, MlsMessageIn, ProtocolVersion};
use openmls_rust_crypto::RustCrypto;

use crate::effect::Package;

/// The KeyPackage in `bytes`, to be published, if it verifies and lives no longer than leaves may.
pub fn package(bytes: Blob, now: Timestamp) -> Result<Package, Refused> {
    let (reference, until) = read(&bytes, now)?;
    Ok(Package { reference, bytes, until })
}

/// The reference (RFC 9420 §5.2) of the KeyPackage in `bytes`, on the same conditions.
pub fn check(bytes: &Blob, now: Timestamp) -> Result<Vec<u8>, Refused> {
    read(bytes, now).map(|(reference, _)| reference)
}

fn read(bytes: &Blob, now: Timestamp) -> Result<(Vec<u8>, Timestamp), Refused> {
    Refused::unless_within(bytes.len(), KEY_PACKAGE_BYTES_MAX, "KEY_PACKAGE_BYTES_MAX")?;
    let verified = catch_unwind(AssertUnwindSafe(|| {
        let message = MlsMessageIn::tls_deserialize_exact(&bytes.0).ok()?;
        let MlsMessageBodyIn::KeyPackage(package) = message.extract() else { return None };
        let crypto = RustCrypto::default();
        let package = package.validate(&crypto, ProtocolVersion::Mls10).ok()?;
        let reference = package.hash_ref(&crypto).ok()?.as_slice().to_vec();
        Some((package, reference))
    }));
    let (package, reference) =
        verified.ok().flatten().ok_or_else(|| Refused::invalid("a KeyPackage that does not verify"))?;
    let ours = suite(u16::from(package.ciphersuite())).is_some();
    if !ours || pseudonym(package.leaf_node().credential()).is_none() {
        return Err(Refused::NotAllowed { rule: Rule::Credential });
    }
    let lifetime = package.life_time();
    let seconds = lifetime.not_after().saturating_sub(lifetime.not_before());
    let short = seconds <= LEAF_LIFETIME_SECONDS_MAX + CLOCK_SKEW_SECONDS_MAX;
    let begun = now.seconds() + CLOCK_SKEW_SECONDS_MAX >= lifetime.not_before();
    let valid = short && begun && now.seconds() < lifetime.not_after();
    let until = Timestamp(lifetime.not_after().saturating_mul(1000));
    if valid { Ok((reference, until)) } else { Err(Refused::NotAllowed { rule: Rule::Lifetime }) }
}
