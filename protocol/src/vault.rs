//! Slots and vaults: what a client keeps with the relay, sealed, instead of on the device.
//!
//! A *slot* holds an account secret, wrapped with a key that follows from a return phrase or from a tab's secret. A
//! *vault* is the mailbox that belongs to the secret: a manifest and parts, changed together under one version. The
//! relay cannot open either, and answers about one that is not there as about one that is there and empty
//! (`protocol.md`, Phrase and vault).

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::{PartId, SlotId, SlotKey, VaultId, Version};

/// Reads a slot. An unknown one, and one with another owner, is answered with bytes that nobody can open.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ReadSlot {
    /// Which.
    #[n(0)]
    pub slot: SlotId,
    /// Whose: the key that wrote it.
    #[n(1)]
    pub owner: SlotKey,
    /// Ed25519 by the owner over the challenge's nonce, the host and the slot.
    #[n(2)]
    pub signature: Blob,
}

/// Writes a slot, or forgets it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct WriteSlot {
    /// Which.
    #[n(0)]
    pub slot: SlotId,
    /// Whose; the first to write it stays its owner.
    #[n(1)]
    pub owner: SlotKey,
    /// Ed25519 by the owner over the challenge's nonce, the host, the slot and what is written.
    #[n(2)]
    pub signature: Blob,
    /// What is written, `SLOT_BYTES` long; absent: it is forgotten.
    #[n(3)]
    pub sealed: Option<Blob>,
}

/// Opens a vault for this socket, and closes it for every other.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct OpenVault {
    /// Which; it is read and written by the account that wrote it first.
    #[n(0)]
    pub vault: VaultId,
    /// The fence this client already has, after a lost connection: it goes on, unless somebody else opened the vault
    /// meanwhile. Absent: a new fence, and whoever had it open is `Fenced`.
    #[n(1)]
    pub fence: Option<u64>,
}

/// Reads parts of the open vault.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ReadParts {
    /// Which, `VAULT_PARTS_AT_ONCE_MAX` at most.
    #[n(0)]
    pub parts: Vec<PartId>,
}

/// Changes the open vault, all at once: on the relay's disk before it is answered.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutVault {
    /// The version this change is built on; of a vault that was never written: any.
    #[n(0)]
    pub base: Version,
    /// Its version afterwards, drawn by the client. A repeat of the same change does nothing and is accepted.
    #[n(1)]
    pub version: Version,
    /// The sealed manifest.
    #[n(2)]
    pub manifest: Blob,
    /// Parts that are new, changed or forgotten.
    #[n(3)]
    pub parts: Vec<VaultPart>,
}

/// A part of a vault.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct VaultPart {
    /// Which.
    #[n(0)]
    pub part: PartId,
    /// Its sealed bytes; absent: it is forgotten.
    #[n(1)]
    pub sealed: Option<Blob>,
}

/// Forgets the open vault, with all its parts.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct ForgetVault {}

/// A slot's bytes, `SLOT_BYTES` of them.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Slot {
    /// Sealed by its owner, or nobody's.
    #[n(0)]
    pub sealed: Blob,
}

/// A vault is open on this socket.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Vault {
    /// This opening; it rises with every opening.
    #[n(0)]
    pub fence: u64,
    /// Its version.
    #[n(1)]
    pub version: Version,
    /// The sealed manifest; of a vault that was never written: bytes that nobody can open.
    #[n(2)]
    pub manifest: Blob,
}

/// Parts, in the order asked for.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Parts {
    /// Their sealed bytes; `None` where there is no such part.
    #[n(0)]
    pub parts: Vec<Option<Blob>>,
}
