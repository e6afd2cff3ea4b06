//! The manifest: what a vault holds, and what each part must be.

use lotgenoot_protocol::limits::{MANIFEST_BYTES_MAX, MANIFEST_STEP_BYTES};
use lotgenoot_protocol::{Blob, PartId, RoomId, VaultId, Version, codec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::seal::{SEAL_BYTES, Seal, pack, unpack};

/// What a vault holds.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Manifest {
    /// Its parts.
    #[n(0)]
    pub parts: Vec<Entry>,
}

/// A part that belongs to the vault as it is.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Entry {
    /// Its id.
    #[n(0)]
    pub part: PartId,
    /// What is in it.
    #[n(1)]
    pub of: PartOf,
    /// Bytes of the sealed part: how much a request may ask for.
    #[n(2)]
    pub bytes: u32,
    /// The first half of the sealed part's SHA-256: an older one under the same id is not taken for it. Both were
    /// sealed by this client, so that nobody can make a second one that fits.
    #[n(3)]
    pub hash: Blob,
}

/// What is in a part.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Encode, Decode)]
pub enum PartOf {
    /// Who this client is, and what it asked for that is no room yet.
    #[n(0)]
    Core,
    /// A room's group and what was said in it.
    #[n(1)]
    Room(#[n(0)] RoomId),
    /// What is wanted of a room: what was said in it and is not part of it yet, and who is to be added.
    #[n(2)]
    Wishes(#[n(0)] RoomId),
    /// The private halves of KeyPackages.
    #[n(3)]
    Keys,
    /// Own words in a room, put away by number until the room has passed them.
    #[n(5)]
    Said(#[n(0)] RoomId, #[n(1)] u32),
    /// What the interface showed, in its own words.
    #[n(4)]
    Screen,
}

impl Manifest {
    /// Sealed for this vault and version, in a multiple of `MANIFEST_STEP_BYTES`; `None` if it holds too much.
    pub fn seal(&self, seal: &Seal, vault: VaultId, version: Version, nonce: [u8; 24]) -> Option<Blob> {
        let packed = codec::to_vec(self);
        let length = 4 + packed.len() + SEAL_BYTES;
        let steps = length.div_ceil(MANIFEST_STEP_BYTES);
        let mut plain = (packed.len() as u32).to_be_bytes().to_vec();
        plain.extend(packed);
        plain.resize(steps * MANIFEST_STEP_BYTES - SEAL_BYTES, 0);
        let sealed = seal.seal(nonce, &about_manifest(vault, version), &plain);
        (sealed.len() <= MANIFEST_BYTES_MAX).then_some(Blob(sealed))
    }

    /// What was sealed; `None` if it is another vault's or version's, or nobody's.
    pub fn open(seal: &Seal, vault: VaultId, version: Version, sealed: &Blob) -> Option<Self> {
        let plain = seal.open(&about_manifest(vault, version), &sealed.0)?;
        let (length, rest) = plain.split_first_chunk::<4>()?;
        codec::from_slice(rest.get(..u32::from_be_bytes(*length) as usize)?)
    }

    /// The entry for a part of this kind.
    pub fn find(&self, of: PartOf) -> Option<&Entry> {
        self.parts.iter().find(|entry| entry.of == of)
    }
}

impl Entry {
    /// Packs and seals a part, and says what the manifest must hold of it.
    pub fn seal(
        seal: &Seal,
        vault: VaultId,
        part: PartId,
        of: PartOf,
        plain: &[u8],
        nonce: [u8; 24],
    ) -> (Self, Blob) {
        let sealed = seal.seal(nonce, &about_part(vault, part, of), &pack(plain));
        let hash = hash(&sealed);
        (Self { part, of, bytes: sealed.len() as u32, hash }, Blob(sealed))
    }

    /// What was sealed; `None` if it is not the part that the manifest means.
    pub fn open(&self, seal: &Seal, vault: VaultId, sealed: &Blob) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        if hash(&sealed.0) != self.hash {
            return None;
        }
        unpack(&seal.open(&about_part(vault, self.part, self.of), &sealed.0)?)
    }
}

fn hash(sealed: &[u8]) -> Blob {
    Blob(Sha256::digest(sealed)[..16].to_vec())
}

fn about_manifest(vault: VaultId, version: Version) -> Vec<u8> {
    [b"Lotgenoot manifest 1".as_slice(), &vault.0, &version.0].concat()
}

fn about_part(vault: VaultId, part: PartId, of: PartOf) -> Vec<u8> {
    [b"Lotgenoot part 1".as_slice(), &vault.0, &part.0, &codec::to_vec(&of)].concat()
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    const VAULT: VaultId = VaultId([1; 16]);

    fn seal() -> Seal {
        Seal::new(Zeroizing::new([7; 32]))
    }

    fn manifest(parts: u8) -> Manifest {
        let entry = |at| {
            Entry::seal(&seal(), VAULT, PartId([at; 16]), PartOf::Room(RoomId([at; 16])), b"x", [at; 24]).0
        };
        Manifest { parts: (0..parts).map(entry).collect() }
    }

    #[test]
    fn a_manifest_opens_for_its_vault_and_version_only() {
        let sealed = manifest(3).seal(&seal(), VAULT, Version([2; 16]), [9; 24]).unwrap();
        assert_eq!(Manifest::open(&seal(), VAULT, Version([2; 16]), &sealed), Some(manifest(3)));
        assert_eq!(Manifest::open(&seal(), VAULT, Version([3; 16]), &sealed), None);
        assert_eq!(Manifest::open(&seal(), VaultId([2; 16]), Version([2; 16]), &sealed), None);
    }

    #[test]
    fn an_empty_manifest_and_one_of_a_person_are_of_one_size() {
        let size = |parts| manifest(parts).seal(&seal(), VAULT, Version([2; 16]), [9; 24]).unwrap().0.len();
        assert_eq!(size(0), MANIFEST_STEP_BYTES);
        assert_eq!(size(7), MANIFEST_STEP_BYTES);
        assert_eq!(size(100) % MANIFEST_STEP_BYTES, 0);
    }

    #[test]
    fn an_older_part_under_the_same_id_is_not_taken() {
        let part = PartId([5; 16]);
        let of = PartOf::Wishes(RoomId([5; 16]));
        let (old, old_bytes) = Entry::seal(&seal(), VAULT, part, of, b"old", [1; 24]);
        let (new, new_bytes) = Entry::seal(&seal(), VAULT, part, of, b"new", [2; 24]);
        assert_eq!(new.open(&seal(), VAULT, &new_bytes).unwrap().as_slice(), b"new");
        assert!(new.open(&seal(), VAULT, &old_bytes).is_none());
        assert_eq!(old.open(&seal(), VAULT, &old_bytes).unwrap().as_slice(), b"old");
        let elsewhere = Entry { of: PartOf::Core, ..new };
        assert!(elsewhere.open(&seal(), VAULT, &new_bytes).is_none());
    }
}
