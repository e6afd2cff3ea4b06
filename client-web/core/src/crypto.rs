//! The cryptography of the MLS library, with what our suites name and nothing else.
//!
//! `openmls_rust_crypto` does the work. It also knows P-256, P-384, ML-DSA and their like, and because algorithms are chosen
//! at run time all of them would be in what a person fetches. Here the choice is made before: Ed25519 for signatures,
//! X25519 and X-Wing for HPKE (RFC 9180). What is asked for beside that is refused.

use ed25519_dalek::{SIGNATURE_LENGTH, Signature, Signer, SigningKey, VerifyingKey};
use hpke_rs::{Hpke, HpkeError, Mode};
use hpke_rs_crypto::HpkeCrypto;
use hpke_rs_crypto::error::Error as KemError;
use hpke_rs_crypto::types::{AeadAlgorithm, KdfAlgorithm, KemAlgorithm};
use hpke_rs_rust_crypto::HpkeRustCrypto;
use lotgenoot_protocol::mls::SUITES;
use openmls_rust_crypto::RustCrypto;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::random::OpenMlsRand;
use openmls_traits::types::{
    AeadType, Ciphersuite, CryptoError, ExporterSecret, HashType, HpkeAeadType, HpkeCiphertext, HpkeConfig,
    HpkeKdfType, HpkeKemType, HpkeKeyPair, SignatureScheme,
};
use tls_codec::SecretVLBytes;

/// The cryptography of our suites.
#[derive(Debug, Default)]
pub(crate) struct Crypto(RustCrypto);

impl OpenMlsCrypto for Crypto {
    fn supports(&self, suite: Ciphersuite) -> Result<(), CryptoError> {
        let ours = SUITES.contains(&u16::from(suite));
        if ours { Ok(()) } else { Err(CryptoError::UnsupportedCiphersuite) }
    }

    fn supported_ciphersuites(&self) -> Vec<Ciphersuite> {
        SUITES.iter().filter_map(|suite| Ciphersuite::try_from(*suite).ok()).collect()
    }

    fn hkdf_extract(&self, hash: HashType, salt: &[u8], ikm: &[u8]) -> Result<SecretVLBytes, CryptoError> {
        self.0.hkdf_extract(hash, salt, ikm)
    }

    fn hmac(&self, hash: HashType, key: &[u8], message: &[u8]) -> Result<SecretVLBytes, CryptoError> {
        self.0.hmac(hash, key, message)
    }

    fn hkdf_expand(
        &self,
        hash: HashType,
        prk: &[u8],
        info: &[u8],
        length: usize,
    ) -> Result<SecretVLBytes, CryptoError> {
        self.0.hkdf_expand(hash, prk, info, length)
    }

    fn hash(&self, hash: HashType, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.0.hash(hash, data)
    }

    fn aead_encrypt(
        &self,
        alg: AeadType,
        key: &[u8],
        data: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        self.0.aead_encrypt(alg, key, data, nonce, aad)
    }

    fn aead_decrypt(
        &self,
        alg: AeadType,
        key: &[u8],
        sealed: &[u8],
        nonce: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        self.0.aead_decrypt(alg, key, sealed, nonce, aad)
    }

    fn signature_key_gen(&self, alg: SignatureScheme) -> Result<(Vec<u8>, Vec<u8>), CryptoError> {
        is_ours(alg)?;
        let seed = self.random_array().map_err(|_| CryptoError::InsufficientRandomness)?;
        let key = SigningKey::from_bytes(&seed);
        Ok((key.to_bytes().to_vec(), key.verifying_key().to_bytes().to_vec()))
    }

    fn verify_signature(
        &self,
        alg: SignatureScheme,
        data: &[u8],
        key: &[u8],
        signature: &[u8],
    ) -> Result<(), CryptoError> {
        is_ours(alg)?;
        let key = VerifyingKey::try_from(key).map_err(|_| CryptoError::CryptoLibraryError)?;
        let signature: [u8; SIGNATURE_LENGTH] =
            signature.try_into().map_err(|_| CryptoError::CryptoLibraryError)?;
        let strictly = key.verify_strict(data, &Signature::from_bytes(&signature));
        strictly.map_err(|_| CryptoError::InvalidSignature)
    }

    fn sign(&self, alg: SignatureScheme, data: &[u8], key: &[u8]) -> Result<Vec<u8>, CryptoError> {
        is_ours(alg)?;
        let key = SigningKey::try_from(key).map_err(|_| CryptoError::CryptoLibraryError)?;
        Ok(key.sign(data).to_bytes().to_vec())
    }

    fn hpke_seal(
        &self,
        config: HpkeConfig,
        to: &[u8],
        info: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<HpkeCiphertext, CryptoError> {
        let sealed = hpke(&config)?.seal(&to.into(), info, aad, plain, None, None, None);
        let (kem_output, ciphertext) = sealed.map_err(|error| about(&error))?;
        Ok(HpkeCiphertext { kem_output: kem_output.into(), ciphertext: ciphertext.into() })
    }

    fn hpke_open(
        &self,
        config: HpkeConfig,
        input: &HpkeCiphertext,
        key: &[u8],
        info: &[u8],
        aad: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let (kem_output, sealed) = (input.kem_output.as_slice(), input.ciphertext.as_slice());
        let opened = hpke(&config)?.open(kem_output, &key.into(), info, aad, sealed, None, None, None);
        opened.map_err(|_| CryptoError::HpkeDecryptionError)
    }

    fn hpke_setup_sender_and_export(
        &self,
        config: HpkeConfig,
        to: &[u8],
        info: &[u8],
        exporter_context: &[u8],
        exporter_length: usize,
    ) -> Result<(Vec<u8>, ExporterSecret), CryptoError> {
        let setup = hpke(&config)?.setup_sender(&to.into(), info, None, None, None);
        let (kem_output, context) = setup.map_err(|_| CryptoError::SenderSetupError)?;
        let secret = context.export(exporter_context, exporter_length);
        Ok((kem_output, secret.map_err(|_| CryptoError::ExporterError)?.into()))
    }

    fn hpke_setup_receiver_and_export(
        &self,
        config: HpkeConfig,
        kem_output: &[u8],
        key: &[u8],
        info: &[u8],
        exporter_context: &[u8],
        exporter_length: usize,
    ) -> Result<ExporterSecret, CryptoError> {
        let setup = hpke(&config)?.setup_receiver(kem_output, &key.into(), info, None, None, None);
        let context = setup.map_err(|_| CryptoError::ReceiverSetupError)?;
        let secret = context.export(exporter_context, exporter_length);
        Ok(secret.map_err(|_| CryptoError::ExporterError)?.into())
    }

    fn derive_hpke_keypair(&self, config: HpkeConfig, ikm: &[u8]) -> Result<HpkeKeyPair, CryptoError> {
        let keys = hpke(&config)?.derive_key_pair(ikm).map_err(|error| about(&error))?;
        let (private, public) = keys.into_keys();
        Ok(HpkeKeyPair { private: private.as_slice().into(), public: public.as_slice().into() })
    }
}

impl OpenMlsRand for Crypto {
    type Error = <RustCrypto as OpenMlsRand>::Error;

    fn random_array<const N: usize>(&self) -> Result<[u8; N], Self::Error> {
        self.0.random_array()
    }

    fn random_vec(&self, length: usize) -> Result<Vec<u8>, Self::Error> {
        self.0.random_vec(length)
    }
}

fn is_ours(alg: SignatureScheme) -> Result<(), CryptoError> {
    if alg == SignatureScheme::ED25519 { Ok(()) } else { Err(CryptoError::UnsupportedSignatureScheme) }
}

fn about(error: &HpkeError) -> CryptoError {
    match error {
        HpkeError::InvalidInput => CryptoError::InvalidLength,
        _ => CryptoError::CryptoLibraryError,
    }
}

fn hpke(config: &HpkeConfig) -> Result<Hpke<Kems>, CryptoError> {
    let HpkeConfig(kem, kdf, aead) = config;
    let kem = match kem {
        HpkeKemType::DhKem25519 => KemAlgorithm::DhKem25519,
        HpkeKemType::XWingKemDraft6 => KemAlgorithm::XWingDraft06,
        _ => return Err(CryptoError::UnsupportedCiphersuite),
    };
    let kdf = match kdf {
        HpkeKdfType::HkdfSha256 => KdfAlgorithm::HkdfSha256,
        HpkeKdfType::HkdfSha384 => KdfAlgorithm::HkdfSha384,
        HpkeKdfType::HkdfSha512 => KdfAlgorithm::HkdfSha512,
    };
    let aead = match aead {
        HpkeAeadType::AesGcm128 => AeadAlgorithm::Aes128Gcm,
        HpkeAeadType::AesGcm256 => AeadAlgorithm::Aes256Gcm,
        HpkeAeadType::ChaCha20Poly1305 => AeadAlgorithm::ChaCha20Poly1305,
        HpkeAeadType::Export => AeadAlgorithm::HpkeExport,
    };
    Ok(Hpke::new(Mode::Base, kem, kdf, aead))
}

/// The two KEMs of our suites: each operation is asked for one of them only, so that the linker can leave the others out.
#[derive(Debug)]
struct Kems;

impl HpkeCrypto for Kems {
    type HpkePrng = <HpkeRustCrypto as HpkeCrypto>::HpkePrng;

    fn name() -> String {
        HpkeRustCrypto::name()
    }

    fn supports_kdf(alg: KdfAlgorithm) -> Result<(), KemError> {
        HpkeRustCrypto::supports_kdf(alg)
    }

    fn supports_kem(alg: KemAlgorithm) -> Result<(), KemError> {
        match alg {
            KemAlgorithm::DhKem25519 | KemAlgorithm::XWingDraft06 => Ok(()),
            _ => Err(KemError::UnknownKemAlgorithm),
        }
    }

    fn supports_aead(alg: AeadAlgorithm) -> Result<(), KemError> {
        HpkeRustCrypto::supports_aead(alg)
    }

    fn prng() -> Self::HpkePrng {
        HpkeRustCrypto::prng()
    }

    fn kdf_extract(alg: KdfAlgorithm, salt: &[u8], ikm: &[u8]) -> Result<Vec<u8>, KemError> {
        HpkeRustCrypto::kdf_extract(alg, salt, ikm)
    }

    fn kdf_expand(alg: KdfAlgorithm, prk: &[u8], info: &[u8], length: usize) -> Result<Vec<u8>, KemError> {
        HpkeRustCrypto::kdf_expand(alg, prk, info, length)
    }

    fn dh(alg: KemAlgorithm, public: &[u8], secret: &[u8]) -> Result<Vec<u8>, KemError> {
        x25519(alg)?;
        HpkeRustCrypto::dh(KemAlgorithm::DhKem25519, public, secret)
    }

    fn secret_to_public(alg: KemAlgorithm, secret: &[u8]) -> Result<Vec<u8>, KemError> {
        x25519(alg)?;
        HpkeRustCrypto::secret_to_public(KemAlgorithm::DhKem25519, secret)
    }

    fn kem_key_gen(alg: KemAlgorithm, prng: &mut Self::HpkePrng) -> Result<(Vec<u8>, Vec<u8>), KemError> {
        x25519(alg)?;
        HpkeRustCrypto::kem_key_gen(KemAlgorithm::DhKem25519, prng)
    }

    fn kem_key_gen_derand(alg: KemAlgorithm, seed: &[u8]) -> Result<(Vec<u8>, Vec<u8>), KemError> {
        x_wing(alg)?;
        HpkeRustCrypto::kem_key_gen_derand(KemAlgorithm::XWingDraft06, seed)
    }

    fn kem_encaps(
        alg: KemAlgorithm,
        to: &[u8],
        prng: &mut Self::HpkePrng,
    ) -> Result<(Vec<u8>, Vec<u8>), KemError> {
        x_wing(alg)?;
        HpkeRustCrypto::kem_encaps(KemAlgorithm::XWingDraft06, to, prng)
    }

    fn kem_decaps(alg: KemAlgorithm, encapsulated: &[u8], secret: &[u8]) -> Result<Vec<u8>, KemError> {
        x_wing(alg)?;
        HpkeRustCrypto::kem_decaps(KemAlgorithm::XWingDraft06, encapsulated, secret)
    }

    // Only curves whose secrets can be wrong are asked this.
    fn dh_validate_sk(_alg: KemAlgorithm, _secret: &[u8]) -> Result<Vec<u8>, KemError> {
        Err(KemError::UnknownKemAlgorithm)
    }

    fn aead_seal(
        alg: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, KemError> {
        HpkeRustCrypto::aead_seal(alg, key, nonce, aad, plain)
    }

    fn aead_open(
        alg: AeadAlgorithm,
        key: &[u8],
        nonce: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, KemError> {
        HpkeRustCrypto::aead_open(alg, key, nonce, aad, sealed)
    }
}

fn x25519(alg: KemAlgorithm) -> Result<(), KemError> {
    if alg == KemAlgorithm::DhKem25519 { Ok(()) } else { Err(KemError::UnsupportedKemOperation) }
}

fn x_wing(alg: KemAlgorithm) -> Result<(), KemError> {
    if alg == KemAlgorithm::XWingDraft06 { Ok(()) } else { Err(KemError::UnsupportedKemOperation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one seals the library's own provider opens, and the other way round; keys that follow from a secret are the same.
    #[test]
    fn it_is_the_same_cryptography_as_the_librarys_own_for_every_suite_of_ours() {
        let (ours, theirs) = (Crypto::default(), RustCrypto::default());
        for suite in ours.supported_ciphersuites() {
            ours.supports(suite).unwrap();
            let config = || suite.hpke_config();
            let keys = ours.derive_hpke_keypair(config(), &[7; 32]).unwrap();
            let same = theirs.derive_hpke_keypair(config(), &[7; 32]).unwrap();
            assert_eq!((&keys.public, &*keys.private), (&same.public, &*same.private), "{suite:?}");
            let sealed = ours.hpke_seal(config(), &keys.public, b"info", b"aad", b"words").unwrap();
            let opened = theirs.hpke_open(config(), &sealed, &keys.private, b"info", b"aad").unwrap();
            assert_eq!(opened, b"words", "{suite:?}");
            let sealed = theirs.hpke_seal(config(), &keys.public, b"info", b"aad", b"words").unwrap();
            let opened = ours.hpke_open(config(), &sealed, &keys.private, b"info", b"aad").unwrap();
            assert_eq!(opened, b"words", "{suite:?}");
            assert!(ours.hpke_open(config(), &sealed, &keys.private, b"info", b"other").is_err());
            let (output, secret) =
                ours.hpke_setup_sender_and_export(config(), &keys.public, b"info", b"context", 32).unwrap();
            let other = theirs
                .hpke_setup_receiver_and_export(config(), &output, &keys.private, b"info", b"context", 32)
                .unwrap();
            assert_eq!(&*secret, &*other, "{suite:?}");
            let (secret, public) = ours.signature_key_gen(suite.signature_algorithm()).unwrap();
            let alg = suite.signature_algorithm();
            let signature = ours.sign(alg, b"words", &secret).unwrap();
            assert_eq!(signature, theirs.sign(alg, b"words", &secret).unwrap());
            theirs.verify_signature(alg, b"words", &public, &signature).unwrap();
            ours.verify_signature(alg, b"words", &public, &signature).unwrap();
            assert_eq!(
                ours.verify_signature(alg, b"others", &public, &signature),
                Err(CryptoError::InvalidSignature)
            );
        }
    }

    #[test]
    fn what_no_suite_of_ours_names_is_refused() {
        let ours = Crypto::default();
        let other = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
        assert!(ours.supports(other).is_err());
        assert!(ours.derive_hpke_keypair(other.hpke_config(), &[7; 32]).is_err());
        assert!(ours.signature_key_gen(other.signature_algorithm()).is_err());
        assert!(ours.verify_signature(other.signature_algorithm(), b"", &[4; 65], &[1; 64]).is_err());
    }
}
