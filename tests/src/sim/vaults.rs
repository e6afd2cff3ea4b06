//! Vaults in the relay without edges: the same operations in the same order as at the real one's.

use lotgenoot_client::Identity;
use lotgenoot_client::vault::Manifest;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::gate::{Opening, Routed};
use lotgenoot_core::room::Input;
use lotgenoot_core::vault::{Decoys, StoredVault, VaultChange, next_fence, reader};
use lotgenoot_protocol::limits::STAFF_VAULT_BYTES_MAX;
use lotgenoot_protocol::vault::{Parts, PutVault, Vault, VaultPart};
use lotgenoot_protocol::{AccountKey, PartId, Refused, Timestamp, VaultId};

use super::relay::{Decided, SimRelay};

/// A vault as it was once.
#[derive(Clone)]
pub(super) struct Snapshot {
    vault: VaultId,
    stored: StoredVault,
    parts: Vec<VaultPart>,
}

impl SimRelay {
    /// Whether this opening is still the newest.
    pub(super) fn admits(&self, opening: &Opening) -> bool {
        let stored = self.ledger.vault(&opening.vault).expect("the model does not break");
        stored.is_none_or(|stored| stored.admits(opening.fence))
    }

    /// Whether anything was ever written for this client.
    pub(super) fn has_vault(&self, identity: &Identity) -> bool {
        self.ledger.vault(&identity.secret().vault()).expect("the model does not break").is_some()
    }

    pub(super) fn open_vault(
        &self,
        vault: VaultId,
        fence: Option<u64>,
        account: AccountKey,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Decided {
        let fence = match fence {
            Some(fence) => {
                batch.ops.push(Op::Fence { vault, fence });
                fence
            }
            None => {
                let fence = next_fence(self.stored(vault, account).as_ref(), now);
                let reader = reader(&vault, &account);
                batch.ops.push(Op::OpenVault { vault, reader, fence, at: now });
                fence
            }
        };
        Decided::VaultOpened(Opening { vault, fence }, account)
    }

    pub(super) fn vault(&self, opening: Opening, account: AccountKey) -> Vault {
        let Opening { vault, fence } = opening;
        let decoy = Decoys::new([9; 32]).vault(&vault);
        let stored = self.stored(vault, account);
        let (version, manifest) = stored.map_or(decoy, |stored| (stored.version, stored.manifest));
        Vault { fence, version, manifest }
    }

    pub(super) fn read_parts(
        &self,
        opening: Opening,
        account: AccountKey,
        parts: &[PartId],
    ) -> Result<Parts, Refused> {
        if !self.admits(&opening) {
            return Err(Refused::Fenced);
        }
        let parts = match self.stored(opening.vault, account) {
            Some(_) => self.ledger.vault_parts(&opening.vault, parts).expect("the model does not break"),
            None => vec![None; parts.len()],
        };
        Ok(Parts { parts })
    }

    /// What a relay would keep that means to go back to it.
    pub(super) fn snapshot(&self, identity: &Identity) -> Option<Snapshot> {
        let vault = identity.secret().vault();
        let stored = self.ledger.vault(&vault).expect("the model does not break")?;
        let manifest =
            Manifest::open(&identity.secret().seal(), vault, stored.version, &stored.manifest).expect("hers");
        let ids: Vec<PartId> = manifest.parts.iter().map(|entry| entry.part).collect();
        let sealed = self.ledger.vault_parts(&vault, &ids).expect("the model does not break");
        let parts = ids.into_iter().zip(sealed).map(|(part, sealed)| VaultPart { part, sealed }).collect();
        Some(Snapshot { vault, stored, parts })
    }

    /// The relay shows an older vault as if it were the newest, and lets nobody write to the one there was.
    pub(super) fn roll_back(&mut self, snapshot: &Snapshot, now: Timestamp) {
        let Snapshot { vault, stored, parts } = snapshot.clone();
        let newest = self.ledger.vault(&vault).expect("the model does not break").expect("it is there");
        let fence = newest.fence + 1;
        let put =
            PutVault { base: stored.version, version: stored.version, manifest: stored.manifest, parts };
        let change = VaultChange {
            vault,
            reader: newest.reader.clone(),
            fence,
            put,
            bytes_max: STAFF_VAULT_BYTES_MAX as u64,
            limit: "STAFF_VAULT_BYTES_MAX",
            at: now,
        };
        let forget = Op::ForgetVault { vault, reader: newest.reader, fence };
        for op in [forget, Op::PutVault(Box::new(change))] {
            let batch = Batch { ops: vec![op], ..Batch::default() };
            let outcomes = self.ledger.commit(&[&batch]).expect("the model does not break");
            assert!(
                outcomes.iter().all(|outcome| outcome.is_ok()),
                "the vault was not rolled back: {outcomes:?}"
            );
        }
    }

    fn stored(&self, vault: VaultId, account: AccountKey) -> Option<StoredVault> {
        let stored = self.ledger.vault(&vault).expect("the model does not break");
        stored.filter(|stored| stored.reader == reader(&vault, &account))
    }
}

/// A change of the vault.
pub(super) fn put(opening: Opening, account: AccountKey, put: PutVault, now: Timestamp) -> Op {
    Op::PutVault(Box::new(VaultChange {
        vault: opening.vault,
        reader: reader(&opening.vault, &account),
        fence: opening.fence,
        put,
        bytes_max: STAFF_VAULT_BYTES_MAX as u64,
        limit: "STAFF_VAULT_BYTES_MAX",
        at: now,
    }))
}

/// What is refused once the vault was opened elsewhere. A call for help is not.
pub(super) fn is_fenced(routed: &Routed) -> bool {
    match routed {
        Routed::Room { input, .. } => !matches!(input, Input::Attach(_)),
        Routed::Open(_)
        | Routed::Publish(_)
        | Routed::AckInbox(_)
        | Routed::Acknowledge(_)
        | Routed::CloseCall(..) => true,
        _ => false,
    }
}
