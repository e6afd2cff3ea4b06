//! The tables of slots and vaults, and how a batch changes them.

use lotgenoot_core::effect::Op;
use lotgenoot_core::vault::{Changed, StoredSlot, StoredVault, VaultChange};
use lotgenoot_protocol::{Blob, PartId, Refused, SlotId, Timestamp, VaultId, codec};
use redb::{ReadTransaction, ReadableTable, Table, TableDefinition, WriteTransaction};

use super::Broken;
use super::on_use::OnUse;
use super::tables::{Bytes, broken, damaged};

const SLOTS: TableDefinition<Bytes, Bytes> = TableDefinition::new("slots");
const VAULTS: TableDefinition<Bytes, Bytes> = TableDefinition::new("vaults");
const PARTS: TableDefinition<Bytes, Bytes> = TableDefinition::new("vault_parts");
// How often a slot or vault was asked for that is not there: one number for all, so that asking writes as much.
const ASKED: TableDefinition<(), u64> = TableDefinition::new("vaults_asked_for");

/// These tables in one write transaction.
pub(super) struct VaultTables<'t> {
    slots: OnUse<'t, Bytes, Bytes>,
    vaults: OnUse<'t, Bytes, Bytes>,
    parts: OnUse<'t, Bytes, Bytes>,
    asked: OnUse<'t, (), u64>,
}

impl<'t> VaultTables<'t> {
    pub(super) fn new(write: &'t WriteTransaction) -> Self {
        Self {
            slots: OnUse::new(write, SLOTS),
            vaults: OnUse::new(write, VAULTS),
            parts: OnUse::new(write, PARTS),
            asked: OnUse::new(write, ASKED),
        }
    }

    /// Makes those that are not there yet.
    pub(super) fn make(&self) -> Result<(), Broken> {
        self.slots.read()?;
        self.vaults.read()?;
        self.parts.read()?;
        self.asked.read()?;
        Ok(())
    }

    /// Whether an operation may be carried out as things are now.
    pub(super) fn check(&self, op: &Op) -> Result<Result<(), Refused>, Broken> {
        let allowed = match op {
            Op::PutSlot { slot, owner, .. } => match read_slot(self.slots.read()?, slot)? {
                Some(stored) if stored.owner != *owner => Err(Refused::Exists),
                _ => Ok(()),
            },
            Op::OpenVault { vault, reader, fence, .. } => match read_vault(self.vaults.read()?, vault)? {
                Some(stored) if stored.reader == *reader && stored.fence >= *fence => Err(Refused::Fenced),
                _ => Ok(()),
            },
            Op::ForgetVault { vault, fence, .. } | Op::Fence { vault, fence } => {
                match read_vault(self.vaults.read()?, vault)? {
                    Some(stored) if !stored.admits(*fence) => Err(Refused::Fenced),
                    _ => Ok(()),
                }
            }
            Op::PutVault(change) => self.change(change)?.map(drop),
            _ => Ok(()),
        };
        Ok(allowed)
    }

    /// Carries out an operation that was checked.
    pub(super) fn apply(&mut self, op: &Op) -> Result<(), Broken> {
        match op {
            Op::PutSlot { slot, owner, sealed, at } => {
                let stored = StoredSlot { owner: *owner, touched: *at, sealed: sealed.clone() };
                put(self.slots.change()?, &slot.0, &codec::to_vec(&stored))
            }
            Op::ForgetSlot { slot, owner, touched } => {
                match read_slot(self.slots.read()?, slot)?.filter(|stored| stored.owner == *owner) {
                    Some(stored) => {
                        let empty = StoredSlot { sealed: Blob(Vec::new()), touched: *touched, ..stored };
                        put(self.slots.change()?, &slot.0, &codec::to_vec(&empty))
                    }
                    None => self.was_asked(),
                }
            }
            Op::TouchSlot { slot, at } => match read_slot(self.slots.read()?, slot)? {
                // One that was forgotten expires when it was to.
                Some(stored) if stored.sealed.0.is_empty() => self.was_asked(),
                Some(stored) => {
                    put(self.slots.change()?, &slot.0, &codec::to_vec(&StoredSlot { touched: *at, ..stored }))
                }
                None => self.was_asked(),
            },
            Op::OpenVault { vault, reader, fence, at } => match read_vault(self.vaults.read()?, vault)? {
                Some(stored) if stored.reader == *reader => {
                    let opened = StoredVault { fence: *fence, touched: *at, ..stored };
                    put(self.vaults.change()?, &vault.0, &codec::to_vec(&opened))
                }
                _ => self.was_asked(),
            },
            Op::PutVault(change) => self.put_vault(change),
            Op::ForgetVault { vault, reader, .. } => {
                let own =
                    read_vault(self.vaults.read()?, vault)?.is_some_and(|stored| stored.reader == *reader);
                if own { self.forget(vault) } else { self.was_asked() }
            }
            Op::Expire { slots, vaults, before } => self.expire(slots, vaults, *before),
            _ => Ok(()),
        }
    }

    fn change(&self, change: &VaultChange) -> Result<Result<Changed, Refused>, Broken> {
        let mut replaced = 0;
        for part in &change.put.parts {
            let known =
                self.parts.read()?.get(part_key(&change.vault, &part.part).as_slice()).map_err(broken)?;
            replaced += known.map_or(0, |known| known.value().len() as u64);
        }
        Ok(change.apply(read_vault(self.vaults.read()?, &change.vault)?.as_ref(), replaced))
    }

    fn put_vault(&mut self, change: &VaultChange) -> Result<(), Broken> {
        let Ok(Changed::To(vault)) = self.change(change)? else { return Ok(()) };
        put(self.vaults.change()?, &change.vault.0, &codec::to_vec(&vault))?;
        for part in &change.put.parts {
            let key = part_key(&change.vault, &part.part);
            match &part.sealed {
                Some(sealed) => put(self.parts.change()?, &key, &sealed.0)?,
                None => remove(self.parts.change()?, &key)?,
            }
        }
        Ok(())
    }

    fn forget(&mut self, vault: &VaultId) -> Result<(), Broken> {
        remove(self.vaults.change()?, &vault.0)?;
        let (from, to) = (part_key(vault, &PartId([0; 16])), part_key(vault, &PartId([0xff; 16])));
        self.parts.change()?.retain_in(from.as_slice()..=to.as_slice(), |_, _| false).map_err(broken)
    }

    fn expire(&mut self, slots: &[SlotId], vaults: &[VaultId], before: Timestamp) -> Result<(), Broken> {
        for slot in slots {
            if read_slot(self.slots.read()?, slot)?.is_some_and(|stored| stored.touched < before) {
                remove(self.slots.change()?, &slot.0)?;
            }
        }
        for vault in vaults {
            if read_vault(self.vaults.read()?, vault)?.is_some_and(|stored| stored.touched < before) {
                self.forget(vault)?;
            }
        }
        Ok(())
    }

    fn was_asked(&mut self) -> Result<(), Broken> {
        let times = self.asked.read()?.get(()).map_err(broken)?.map_or(0, |times| times.value());
        self.asked.change()?.insert((), times.wrapping_add(1)).map_err(broken)?;
        Ok(())
    }
}

/// A slot, as the last commit left it.
pub(super) fn slot(read: &ReadTransaction, slot: &SlotId) -> Result<Option<StoredSlot>, Broken> {
    read_slot(&read.open_table(SLOTS).map_err(broken)?, slot)
}

/// A vault without its parts.
pub(super) fn vault(read: &ReadTransaction, vault: &VaultId) -> Result<Option<StoredVault>, Broken> {
    read_vault(&read.open_table(VAULTS).map_err(broken)?, vault)
}

/// Parts, in the order asked for.
pub(super) fn parts(
    read: &ReadTransaction,
    vault: &VaultId,
    parts: &[PartId],
) -> Result<Vec<Option<Blob>>, Broken> {
    let table = read.open_table(PARTS).map_err(broken)?;
    let mut found = Vec::with_capacity(parts.len());
    for part in parts {
        let sealed = table.get(part_key(vault, part).as_slice()).map_err(broken)?;
        found.push(sealed.map(|sealed| Blob(sealed.value().to_vec())));
    }
    Ok(found)
}

/// What nobody has touched since `before`.
pub(super) fn untouched(
    read: &ReadTransaction,
    before: Timestamp,
    max: usize,
) -> Result<(Vec<SlotId>, Vec<VaultId>), Broken> {
    let (mut slots, mut vaults) = (Vec::new(), Vec::new());
    for row in read.open_table(SLOTS).map_err(broken)?.iter().map_err(broken)? {
        let (id, bytes) = row.map_err(broken)?;
        let stored: StoredSlot = codec::from_slice(bytes.value()).ok_or_else(|| damaged("slots"))?;
        if stored.touched < before && slots.len() < max {
            slots.push(SlotId::from_slice(id.value()).ok_or_else(|| damaged("slots"))?);
        }
    }
    for row in read.open_table(VAULTS).map_err(broken)?.iter().map_err(broken)? {
        let (id, bytes) = row.map_err(broken)?;
        let stored: StoredVault = codec::from_slice(bytes.value()).ok_or_else(|| damaged("vaults"))?;
        if stored.touched < before && vaults.len() < max {
            vaults.push(VaultId::from_slice(id.value()).ok_or_else(|| damaged("vaults"))?);
        }
    }
    Ok((slots, vaults))
}

fn read_slot(table: &impl ReadableTable<Bytes, Bytes>, slot: &SlotId) -> Result<Option<StoredSlot>, Broken> {
    let Some(bytes) = table.get(slot.0.as_slice()).map_err(broken)? else { return Ok(None) };
    codec::from_slice(bytes.value()).map(Some).ok_or_else(|| damaged("slots"))
}

fn read_vault(
    table: &impl ReadableTable<Bytes, Bytes>,
    vault: &VaultId,
) -> Result<Option<StoredVault>, Broken> {
    let Some(bytes) = table.get(vault.0.as_slice()).map_err(broken)? else { return Ok(None) };
    codec::from_slice(bytes.value()).map(Some).ok_or_else(|| damaged("vaults"))
}

fn put(table: &mut Table<'_, Bytes, Bytes>, key: &[u8], value: &[u8]) -> Result<(), Broken> {
    table.insert(key, value).map(drop).map_err(broken)
}

fn remove(table: &mut Table<'_, Bytes, Bytes>, key: &[u8]) -> Result<(), Broken> {
    table.remove(key).map(drop).map_err(broken)
}

fn part_key(vault: &VaultId, part: &PartId) -> Vec<u8> {
    [vault.0, part.0].concat()
}
