//! The open vault as its client knows it: what the relay has, what is on its way there, and how both are sealed.

use std::collections::BTreeSet;

use lotgenoot_protocol::limits::{FRAME_BYTES_MAX, VAULT_PART_BYTES_MAX, VAULT_PARTS_AT_ONCE_MAX};
use lotgenoot_protocol::vault::{PutVault, Vault, VaultPart};
use lotgenoot_protocol::{Blob, PartId, RequestId, Timestamp, VaultId, Version};
use zeroize::Zeroizing;

use super::account::AccountSecret;
use super::manifest::{Entry, Manifest, PartOf};
use super::seal::Seal;

// What leaves a frame's space for the frame and the manifest.
const PARTS_BYTES_MAX: usize = FRAME_BYTES_MAX - 80 * 1024;
const AGAIN_MS: u64 = 1_000;
const AGAIN_MS_MAX: u64 = 60_000;

/// A vault that this client keeps.
pub(crate) struct Keeper {
    pub(crate) vault: VaultId,
    seal: Seal,
    fence: Option<u64>,
    version: Version,
    entries: Vec<Entry>,
    // Read so far, of a vault that was there before this client.
    reading: Option<Reading>,
    // Everything that was in it is here; from now on it follows this client.
    restored: bool,
    under_way: Option<Change>,
    failures: u32,
    again_at: Option<Timestamp>,
}

struct Reading {
    to_read: Vec<Entry>,
    asked: Vec<Entry>,
    read: Contents,
    damaged: bool,
}

/// What was in a vault: each part, opened.
pub(crate) type Contents = Vec<(PartOf, Zeroizing<Vec<u8>>)>;

struct Change {
    request: RequestId,
    version: Version,
    entries: Vec<Entry>,
    parts: Vec<PartOf>,
}

/// What follows from an answer about the vault.
pub(crate) enum Opened {
    /// It is open as it was.
    Again,
    /// Open; these parts are to be read.
    Read(Vec<PartId>),
    /// Open, and this was in it; whether parts are missing or are not what the manifest says.
    Restored(Contents, bool),
    /// Somebody else has written it meanwhile.
    Elsewhere,
}

/// A change of the vault, made.
pub(crate) struct Made {
    pub(crate) put: PutVault,
    parts: Vec<PartOf>,
    entries: Vec<Entry>,
}

impl Keeper {
    /// The vault of this secret, not open yet.
    pub(crate) fn new(secret: &AccountSecret) -> Self {
        Self {
            vault: secret.vault(),
            seal: secret.seal(),
            fence: None,
            version: Version([0; 16]),
            entries: Vec::new(),
            reading: None,
            restored: false,
            under_way: None,
            failures: 0,
            again_at: None,
        }
    }

    /// The fence to go on with, after a lost connection.
    pub(crate) fn fence(&self) -> Option<u64> {
        self.fence.filter(|_| self.restored)
    }

    /// Whether the relay has anything of ours in it.
    pub(crate) fn holds_something(&self) -> bool {
        !self.entries.is_empty()
    }

    /// The connection is gone; what was being read is read anew.
    pub(crate) fn disconnected(&mut self) {
        self.reading = None;
    }

    /// It is open on this connection.
    pub(crate) fn opened(&mut self, vault: &Vault) -> Opened {
        if self.restored {
            let put = self.under_way.as_ref().is_some_and(|change| change.version == vault.version);
            let known = put || self.version == vault.version;
            return if known && self.fence == Some(vault.fence) { Opened::Again } else { Opened::Elsewhere };
        }
        self.fence = Some(vault.fence);
        self.version = vault.version;
        // What does not open was never written, or never by us: an empty mailbox.
        let manifest = Manifest::open(&self.seal, self.vault, vault.version, &vault.manifest);
        self.entries = manifest.map(|manifest| manifest.parts).unwrap_or_default();
        let to_read = self.entries.clone();
        self.reading = Some(Reading { to_read, asked: Vec::new(), read: Contents::new(), damaged: false });
        self.read_on()
    }

    /// Parts came, in the order they were asked for.
    pub(crate) fn parts_came(&mut self, parts: &[Option<Blob>]) -> Opened {
        let Some(reading) = &mut self.reading else { return Opened::Again };
        for (entry, sealed) in reading.asked.drain(..).zip(parts) {
            match sealed.as_ref().and_then(|sealed| entry.open(&self.seal, self.vault, sealed)) {
                Some(plain) => reading.read.push((entry.of, plain)),
                None => reading.damaged = true,
            }
        }
        self.read_on()
    }

    fn read_on(&mut self) -> Opened {
        let Some(reading) = &mut self.reading else { return Opened::Again };
        let mut bytes = 0;
        while let Some(next) = reading.to_read.pop() {
            bytes += next.bytes as usize;
            if !reading.asked.is_empty()
                && (bytes > PARTS_BYTES_MAX || reading.asked.len() == VAULT_PARTS_AT_ONCE_MAX)
            {
                reading.to_read.push(next);
                break;
            }
            reading.asked.push(next);
        }
        if !reading.asked.is_empty() {
            return Opened::Read(reading.asked.iter().map(|entry| entry.part).collect());
        }
        self.restored = true;
        match self.reading.take() {
            Some(reading) => Opened::Restored(reading.read, reading.damaged),
            None => Opened::Again,
        }
    }

    /// Whether a change can be made now: one at a time, and not at once after one was refused.
    pub(crate) fn can_put(&self, now: Timestamp) -> bool {
        self.restored && self.under_way.is_none() && self.again_at.is_none_or(|at| at <= now)
    }

    /// Whether a change is on its way.
    pub(crate) fn is_putting(&self) -> bool {
        self.under_way.is_some()
    }

    /// When a change that was refused is tried again.
    pub(crate) fn again_at(&self) -> Option<Timestamp> {
        self.again_at
    }

    /// Whether the last change was refused: nothing waits for the vault then.
    pub(crate) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// How many changes were refused in a row.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// What the relay has that is not among `wanted` any more.
    pub(crate) fn to_forget(&self, wanted: &BTreeSet<PartOf>) -> Vec<PartOf> {
        self.entries.iter().map(|entry| entry.of).filter(|of| !wanted.contains(of)).collect()
    }

    /// Begins a change: parts are added to it until it is full.
    pub(crate) fn begin(&self) -> Builder<'_> {
        Builder {
            keeper: self,
            entries: self.entries.clone(),
            changed: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
        }
    }

    /// The change has been asked.
    pub(crate) fn asked(&mut self, request: RequestId, made: Made) {
        let Made { put, parts, entries } = made;
        self.again_at = None;
        self.under_way = Some(Change { request, version: put.version, entries, parts });
    }

    /// The relay has it. Which parts those were.
    pub(crate) fn put(&mut self, request: RequestId) -> Vec<PartOf> {
        match self.under_way.take_if(|change| change.request == request) {
            Some(change) => {
                self.version = change.version;
                self.entries = change.entries;
                self.failures = 0;
                change.parts
            }
            None => Vec::new(),
        }
    }

    /// The relay does not take it. Which parts those were.
    pub(crate) fn not_put(&mut self, now: Timestamp) -> Vec<PartOf> {
        let wait = AGAIN_MS.saturating_mul(1 << self.failures.min(16)).min(AGAIN_MS_MAX);
        self.failures += 1;
        self.again_at = Some(now.plus_ms(wait));
        self.under_way.take().map(|change| change.parts).unwrap_or_default()
    }
}

/// A change of the vault, in the making.
pub(crate) struct Builder<'a> {
    keeper: &'a Keeper,
    entries: Vec<Entry>,
    changed: Vec<VaultPart>,
    parts: Vec<PartOf>,
    bytes: usize,
}

impl Builder<'_> {
    /// Whether one more part fits for sure.
    pub(crate) fn has_space(&self) -> bool {
        self.bytes + VAULT_PART_BYTES_MAX <= PARTS_BYTES_MAX
            && self.changed.len() < VAULT_PARTS_AT_ONCE_MAX - 1
    }

    /// A part as it is now. One that is too large is not taken: the vault keeps what it had of it.
    pub(crate) fn write(&mut self, of: PartOf, plain: &[u8], part: PartId, nonce: [u8; 24]) -> bool {
        let known = self.entries.iter().position(|entry| entry.of == of);
        let part = known.and_then(|at| self.entries.get(at)).map_or(part, |entry| entry.part);
        let (entry, sealed) = Entry::seal(&self.keeper.seal, self.keeper.vault, part, of, plain, nonce);
        if sealed.0.len() > VAULT_PART_BYTES_MAX {
            return false;
        }
        self.bytes += sealed.0.len();
        self.entries.retain(|entry| entry.of != of);
        self.entries.push(entry);
        self.changed.push(VaultPart { part, sealed: Some(sealed) });
        self.parts.push(of);
        true
    }

    /// A part that is not wanted any more.
    pub(crate) fn forget(&mut self, of: PartOf) {
        // What is not forgotten with this change is with the next.
        if self.changed.len() > VAULT_PARTS_AT_ONCE_MAX / 2 {
            return;
        }
        if let Some(at) = self.entries.iter().position(|entry| entry.of == of) {
            let entry = self.entries.remove(at);
            self.changed.push(VaultPart { part: entry.part, sealed: None });
        }
    }

    /// The change, ready to be asked; `None` if the manifest would be too large.
    pub(crate) fn finish(self, version: Version, nonce: [u8; 24]) -> Option<Made> {
        let Self { keeper, entries, changed, parts, .. } = self;
        let manifest = Manifest { parts: entries };
        let sealed = manifest.seal(&keeper.seal, keeper.vault, version, nonce)?;
        let put = PutVault { base: keeper.version, version, manifest: sealed, parts: changed };
        Some(Made { put, parts, entries: manifest.parts })
    }
}
