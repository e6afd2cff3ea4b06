//! Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) with a random nonce before the ciphertext, and what is packed
//! before it is sealed.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use lotgenoot_protocol::pad;
use zeroize::Zeroizing;

/// Bytes that sealing adds: nonce and tag.
pub(super) const SEAL_BYTES: usize = 24 + 16;

// A small level: what is packed are trees and keys, which hardly shrink; a phone should not wait for it.
const LEVEL: u8 = 4;
// Unpacked, nothing is larger: a vault that unpacks to more was not packed by us.
const UNPACKED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A key that seals.
#[derive(Clone)]
pub struct Seal(Zeroizing<[u8; 32]>);

impl Seal {
    /// Seals with this key.
    pub fn new(key: Zeroizing<[u8; 32]>) -> Self {
        Self(key)
    }

    /// `nonce`, which must never have been used, and the sealed bytes. `about` is not in them, but must be the same
    /// when they are opened.
    pub fn seal(&self, nonce: [u8; 24], about: &[u8], plain: &[u8]) -> Vec<u8> {
        let payload = Payload { msg: plain, aad: about };
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), payload);
        // Encryption fails for more than 256 GiB only.
        [nonce.as_slice(), &sealed.unwrap_or_default()].concat()
    }

    /// What was sealed; `None` with another key, about something else, or if a bit has changed.
    pub fn open(&self, about: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(24)?;
        let payload = Payload { msg: sealed, aad: about };
        self.cipher().decrypt(XNonce::from_slice(nonce), payload).ok().map(Zeroizing::new)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.0.as_slice().into())
    }
}

/// Compressed and padded: ready to be sealed without telling its length.
pub fn pack(plain: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(pad::pad(&Zeroizing::new(miniz_oxide::deflate::compress_to_vec(plain, LEVEL))))
}

/// What was packed.
pub fn unpack(packed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let compressed = pad::unpad(packed)?;
    miniz_oxide::inflate::decompress_to_vec_with_limit(compressed, UNPACKED_BYTES_MAX)
        .ok()
        .map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(key: u8) -> Seal {
        Seal::new(Zeroizing::new([key; 32]))
    }

    #[test]
    fn what_was_sealed_opens_with_the_same_key_and_about_the_same_thing_only() {
        let sealed = seal(1).seal([7; 24], b"a slot", b"secret");
        assert_eq!(sealed.len(), "secret".len() + SEAL_BYTES);
        assert_eq!(seal(1).open(b"a slot", &sealed).unwrap().as_slice(), b"secret");
        assert!(seal(2).open(b"a slot", &sealed).is_none());
        assert!(seal(1).open(b"another slot", &sealed).is_none());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(seal(1).open(b"a slot", &changed).is_none(), "byte {at}");
            assert!(seal(1).open(b"a slot", &sealed[..at]).is_none(), "cut at {at}");
        }
    }

    #[test]
    fn what_was_packed_is_unpacked_and_its_length_is_hidden() {
        for length in [0, 1, 5000, 100_000] {
            let plain: Vec<u8> = (0..length).map(|at: usize| (at * at % 251) as u8).collect();
            assert_eq!(unpack(&pack(&plain)).unwrap().as_slice(), plain);
        }
        assert_eq!(pack(b"Ja").len(), pack(b"Ik weet het nog niet").len());
        assert!(unpack(b"").is_none());
        assert!(unpack(&[0xff; 300]).is_none());
    }

    #[test]
    fn a_small_pack_that_unpacks_to_something_huge_is_refused() {
        let bomb = pad::pad(&miniz_oxide::deflate::compress_to_vec(&vec![0; UNPACKED_BYTES_MAX + 1], 9));
        assert!(bomb.len() < 64 * 1024);
        assert!(unpack(&bomb).is_none());
    }
}
