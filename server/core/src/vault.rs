//! Slots and vaults as they are stored: who may read them, and what may change them.
//!
//! Nothing here is a secret of a person: a slot is a sealed blob with the key that may replace it, a vault a sealed
//! manifest with a hash of the account that may read it, a fence and a version. No row joins a vault and a room.

use lotgenoot_protocol::limits::{
    MANIFEST_BYTES_MAX, MANIFEST_STEP_BYTES, SLOT_BYTES, VAULT_PART_BYTES_MAX, VAULT_PARTS_AT_ONCE_MAX,
};
use lotgenoot_protocol::vault::PutVault;
use lotgenoot_protocol::{AccountKey, Blob, PartId, Refused, SlotId, SlotKey, Timestamp, VaultId, Version};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

/// A slot.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StoredSlot {
    /// Who may read, replace and forget it.
    #[n(0)]
    pub owner: SlotKey,
    /// When it was read or written last.
    #[n(1)]
    pub touched: Timestamp,
    /// What it holds.
    #[n(2)]
    pub sealed: Blob,
}

/// A vault without its parts.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct StoredVault {
    /// Which account may open it ([`reader`]).
    #[n(0)]
    pub reader: Blob,
    /// The newest opening.
    #[n(1)]
    pub fence: u64,
    /// Its version.
    #[n(2)]
    pub version: Version,
    /// When it was opened or changed last.
    #[n(3)]
    pub touched: Timestamp,
    /// The bytes of all parts together.
    #[n(4)]
    pub part_bytes: u64,
    /// The sealed manifest.
    #[n(5)]
    pub manifest: Blob,
}

/// A change of a vault, with everything it depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct VaultChange {
    /// Which vault.
    pub vault: VaultId,
    /// By whom ([`reader`]).
    pub reader: Blob,
    /// In which opening.
    pub fence: u64,
    /// What changes.
    pub put: PutVault,
    /// Manifest and parts may have so many bytes together afterwards.
    pub bytes_max: u64,
    /// The limit's name, for whoever meets it.
    pub limit: &'static str,
    /// When.
    pub at: Timestamp,
}

/// What a change comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// The vault as it is now; its parts change as asked.
    To(StoredVault),
    /// It was made before: nothing changes.
    Already,
}

/// Who may open a vault: a hash, so that the row does not name the account.
pub fn reader(vault: &VaultId, account: &AccountKey) -> Blob {
    let digest =
        Sha256::new().chain_update(b"Lotgenoot vault reader 1").chain_update(vault.0).chain_update(account.0);
    Blob(digest.finalize().to_vec())
}

/// The fence of a new opening: later than the last one, also if that was in another relay with a clock that is ahead.
pub fn next_fence(stored: Option<&StoredVault>, now: Timestamp) -> u64 {
    stored.map_or(now.0, |stored| now.0.max(stored.fence.saturating_add(1)))
}

/// Whether what is to be written has a size that may be.
pub fn check_slot(sealed: &Blob) -> Result<(), Refused> {
    if sealed.0.len() == SLOT_BYTES {
        Ok(())
    } else {
        Err(Refused::invalid("a slot of another size than SLOT_BYTES"))
    }
}

/// Whether a change has sizes that may be. What all parts come to is seen when it is made.
pub fn check_put(put: &PutVault) -> Result<(), Refused> {
    let manifest = put.manifest.0.len();
    Refused::unless_within(manifest, MANIFEST_BYTES_MAX, "MANIFEST_BYTES_MAX")?;
    if manifest == 0 || !manifest.is_multiple_of(MANIFEST_STEP_BYTES) {
        return Err(Refused::invalid("a manifest that is no multiple of MANIFEST_STEP_BYTES"));
    }
    Refused::unless_within(put.parts.len(), VAULT_PARTS_AT_ONCE_MAX, "VAULT_PARTS_AT_ONCE_MAX")?;
    let largest = put.parts.iter().filter_map(|part| part.sealed.as_ref()).map(|sealed| sealed.0.len()).max();
    Refused::unless_within(largest.unwrap_or(0), VAULT_PART_BYTES_MAX, "VAULT_PART_BYTES_MAX")?;
    let mut parts: Vec<PartId> = put.parts.iter().map(|part| part.part).collect();
    parts.sort_unstable();
    parts.dedup();
    if parts.len() == put.parts.len() { Ok(()) } else { Err(Refused::invalid("a part that is named twice")) }
}

impl StoredVault {
    /// Whether an opening with this fence may still write: nobody opened it later.
    pub fn admits(&self, fence: u64) -> bool {
        self.fence <= fence
    }
}

impl VaultChange {
    /// What the vault becomes. `replaced` are the bytes that the named parts have now.
    pub fn apply(&self, stored: Option<&StoredVault>, replaced: u64) -> Result<Changed, Refused> {
        if let Some(stored) = stored {
            // Somebody else's: drawn by chance, this cannot be; it is not said that it is there.
            if stored.reader != self.reader {
                return Err(Refused::Exists);
            }
            if !stored.admits(self.fence) {
                return Err(Refused::Fenced);
            }
            if stored.version == self.put.version {
                return Ok(Changed::Already);
            }
            // Built on what is not there: this client's memory is older than its vault.
            if stored.version != self.put.base {
                return Err(Refused::Fenced);
            }
        }
        let new: usize =
            self.put.parts.iter().filter_map(|part| part.sealed.as_ref()).map(|it| it.0.len()).sum();
        let part_bytes = stored.map_or(0, |stored| stored.part_bytes).saturating_sub(replaced) + new as u64;
        let all = part_bytes + self.put.manifest.0.len() as u64;
        Refused::unless_within(
            usize::try_from(all).unwrap_or(usize::MAX),
            usize::try_from(self.bytes_max).unwrap_or(usize::MAX),
            self.limit,
        )?;
        Ok(Changed::To(StoredVault {
            reader: self.reader.clone(),
            fence: self.fence,
            version: self.put.version,
            touched: self.at,
            part_bytes,
            manifest: self.put.manifest.clone(),
        }))
    }
}

/// Answers about slots and vaults that are not there, always the same, so that asking does not tell.
pub struct Decoys {
    secret: [u8; 32],
}

impl Decoys {
    /// Made from a secret that the relay keeps.
    pub fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A slot that nobody can open.
    pub fn slot(&self, slot: &SlotId) -> Blob {
        Blob(self.bytes(b"slot", &slot.0, SLOT_BYTES))
    }

    /// The version and manifest of a vault that was never written.
    pub fn vault(&self, vault: &VaultId) -> (Version, Blob) {
        let mut version = [0; 16];
        version.copy_from_slice(&self.bytes(b"version", &vault.0, 16));
        (Version(version), Blob(self.bytes(b"manifest", &vault.0, MANIFEST_STEP_BYTES)))
    }

    fn bytes(&self, what: &[u8], id: &[u8], length: usize) -> Vec<u8> {
        let block = |number: u64| {
            let start = Sha256::new().chain_update(b"Lotgenoot decoy 1").chain_update(self.secret);
            start.chain_update(what).chain_update(id).chain_update(number.to_be_bytes()).finalize()
        };
        (0..).flat_map(block).take(length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(fence: u64) -> StoredVault {
        StoredVault {
            reader: Blob(vec![1; 32]),
            fence,
            version: Version([1; 16]),
            touched: Timestamp(0),
            part_bytes: 0,
            manifest: Blob(Vec::new()),
        }
    }

    #[test]
    fn a_new_opening_is_later_than_the_last_one_whatever_the_clock_says() {
        assert_eq!(next_fence(None, Timestamp(50)), 50);
        assert_eq!(next_fence(Some(&opened(20)), Timestamp(50)), 50);
        assert_eq!(next_fence(Some(&opened(80)), Timestamp(50)), 81);
        assert_eq!(next_fence(Some(&opened(u64::MAX)), Timestamp(50)), u64::MAX, "and never begins again");
    }
}
