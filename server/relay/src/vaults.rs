//! Slots and vaults at the relay's edge: what is asked of them, as one read and one transaction each.
//!
//! Somebody who asks for what is not there gets the same frames as somebody who asks for what is there and empty, and
//! the disk takes as long: no answer tells whether a phrase has ever been used.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::gate::Opening;
use lotgenoot_core::vault::{Decoys, StoredVault, VaultChange, next_fence, reader};
use lotgenoot_protocol::frame::{Accepted, Answer};
use lotgenoot_protocol::limits::{
    FRAME_BYTES_MAX, INVITATION_LIFETIME_SECONDS_MAX, LETTER_KEPT_MS, PERSON_VAULT_BYTES_MAX,
    SLOT_MISSES_MAX, STAFF_VAULT_BYTES_MAX, TAB_SLOT_KEPT_MS,
};
use lotgenoot_protocol::vault::{Parts, PutVault, Slot, Vault};
use lotgenoot_protocol::{AccountKey, Blob, PartId, Refused, Seq, SlotId, SlotKey, Timestamp, VaultId};

use tokio::sync::Mutex;

use crate::clock;
use crate::shared::Shared;
use crate::store::{Broken, Ledger};

// What leaves a frame's space for the frame.
const FRAME_MARGIN: usize = 4 * 1024;
// Clocks differ by less.
const FORGOTTEN_MARGIN_MS: u64 = 24 * 3600 * 1000;
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
// Slots and vaults that one sweep forgets: more wait an hour.
const SWEEP_MAX: usize = 256;

/// All slots and vaults.
pub struct Vaults {
    shared: Arc<Shared>,
    decoys: Decoys,
    misses: Vec<Mutex<Misses>>,
    // After how long a slot or vault that nobody touched is forgotten.
    retention_ms: u64,
}

// How often each slot was asked for with another key than its own since it was last asked for with its own. A phrase
// or a tab never is: with them, place and key follow from one secret.
type Misses = BTreeMap<SlotId, u8>;

// What is asked of one slot at once is answered one after the other: ten guesses are ten, however many come together.
const SHELVES: usize = 64;

impl Vaults {
    /// Vaults of a relay with this secret, kept for so long after they were touched last.
    pub fn new(shared: Arc<Shared>, secret: [u8; 32], retention_ms: u64) -> Self {
        let misses = (0..SHELVES).map(|_| Mutex::default()).collect();
        Self { shared, decoys: Decoys::new(secret), misses, retention_ms }
    }

    /// What is in a slot, for its owner; for everybody else, and where there is none, bytes that nobody can open.
    pub async fn read_slot(&self, slot: SlotId, owner: SlotKey) -> Result<Answer, Refused> {
        let mut misses = self.misses[usize::from(slot.0[0]) % SHELVES].lock().await;
        let stored = self.read(move |ledger| ledger.slot(&slot)).await?;
        let real = stored.as_ref().filter(|stored| !stored.sealed.0.is_empty()).map(|stored| stored.owner);
        match real {
            Some(real) if real != owner => {
                let missed = misses.entry(slot).or_default();
                *missed += 1;
                if *missed >= SLOT_MISSES_MAX {
                    // Whoever has a device of a member of staff guesses PINs: the way back over it is closed.
                    misses.remove(&slot);
                    self.commit(self.forgetting(slot, real)).await?;
                }
            }
            _ => drop(misses.remove(&slot)),
        }
        self.commit(Op::TouchSlot { slot, at: self.touched(slot) }).await?;
        let own = stored.filter(|stored| stored.owner == owner && !stored.sealed.0.is_empty());
        Ok(Answer::Slot(Slot { sealed: own.map_or(self.decoys.slot(&slot), |stored| stored.sealed) }))
    }

    fn touched(&self, slot: SlotId) -> Timestamp {
        touched(slot, clock::now(), self.retention_ms)
    }

    // What was in it goes at once; that the place was somebody's is known for as long as an invitation can be used.
    fn forgetting(&self, slot: SlotId, owner: SlotKey) -> Op {
        let kept = clock::now().plus_ms(INVITATION_LIFETIME_SECONDS_MAX * 1000 + FORGOTTEN_MARGIN_MS);
        let touched = Timestamp(kept.0.saturating_sub(self.retention_ms));
        Op::ForgetSlot { slot, owner, touched }
    }

    /// Writes a slot, or forgets it.
    pub async fn write_slot(
        &self,
        slot: SlotId,
        owner: SlotKey,
        sealed: Option<Blob>,
    ) -> Result<Answer, Refused> {
        let op = match sealed {
            Some(sealed) => Op::PutSlot { slot, owner, sealed, at: self.touched(slot) },
            None => self.forgetting(slot, owner),
        };
        self.commit(op).await?;
        Ok(accepted())
    }

    /// Opens a vault, anew or with the fence that was given before.
    pub async fn open(
        &self,
        vault: VaultId,
        account: AccountKey,
        fence: Option<u64>,
    ) -> Result<Answer, Refused> {
        let reader = reader(&vault, &account);
        let fence = match fence {
            // Going on after a lost connection. Where somebody opened it meanwhile, this says so.
            Some(fence) => {
                self.commit(Op::Fence { vault, fence }).await?;
                fence
            }
            None => {
                let at = clock::now();
                let fence = next_fence(self.vault(vault, reader.clone()).await?.as_ref(), at);
                self.commit(Op::OpenVault { vault, reader: reader.clone(), fence, at }).await?;
                fence
            }
        };
        // Read after the fence stands: what the last opening wrote until then is in it, and nothing comes after.
        let stored = self.vault(vault, reader).await?;
        let decoy = self.decoys.vault(&vault);
        let (version, manifest) = stored.map_or(decoy, |stored| (stored.version, stored.manifest));
        Ok(Answer::Vault(Vault { fence, version, manifest }))
    }

    async fn vault(&self, vault: VaultId, reader: Blob) -> Result<Option<StoredVault>, Refused> {
        let stored = self.read(move |ledger| ledger.vault(&vault)).await?;
        Ok(stored.filter(|stored| stored.reader == reader))
    }

    /// Parts of an open vault.
    pub async fn read_parts(
        &self,
        opening: Opening,
        account: AccountKey,
        parts: Vec<PartId>,
    ) -> Result<Answer, Refused> {
        let Opening { vault, fence } = opening;
        let reader = reader(&vault, &account);
        let parts = self
            .read(move |ledger| {
                // Parts first: whoever opened the vault before they were read, and changed them, is in the row after.
                let read = ledger.vault_parts(&vault, &parts)?;
                Ok(match ledger.vault(&vault)? {
                    Some(stored) if stored.reader == reader && stored.admits(fence) => Ok(read),
                    Some(stored) if stored.reader == reader => Err(Refused::Fenced),
                    _ => Ok(vec![None; parts.len()]),
                })
            })
            .await??;
        let bytes = parts.iter().flatten().map(|sealed| sealed.0.len()).sum();
        Refused::unless_within(bytes, FRAME_BYTES_MAX - FRAME_MARGIN, "FRAME_BYTES_MAX")?;
        Ok(Answer::Parts(Parts { parts }))
    }

    /// Changes an open vault.
    pub async fn put(&self, opening: Opening, account: AccountKey, put: PutVault) -> Result<Answer, Refused> {
        let (bytes_max, limit) = if self.shared.known().certificate(&account).is_some() {
            (STAFF_VAULT_BYTES_MAX, "STAFF_VAULT_BYTES_MAX")
        } else {
            (PERSON_VAULT_BYTES_MAX, "PERSON_VAULT_BYTES_MAX")
        };
        let Opening { vault, fence } = opening;
        let change = VaultChange {
            vault,
            reader: reader(&vault, &account),
            fence,
            put,
            bytes_max: bytes_max as u64,
            limit,
            at: clock::now(),
        };
        self.commit(Op::PutVault(Box::new(change))).await?;
        Ok(accepted())
    }

    /// Forgets an open vault.
    pub async fn forget(&self, opening: Opening, account: AccountKey) -> Result<Answer, Refused> {
        let Opening { vault, fence } = opening;
        self.commit(Op::ForgetVault { vault, reader: reader(&vault, &account), fence }).await?;
        Ok(accepted())
    }

    /// Forgets, now and then, what nobody has touched for `retention`. Ends with the relay.
    pub async fn sweep(shared: Arc<Shared>, retention_ms: u64) {
        let stopping = shared.stopping.clone();
        loop {
            let letters = Timestamp(clock::now().0.saturating_sub(LETTER_KEPT_MS));
            let ops = vec![Op::ExpireLetters { before: letters }];
            if let Err(refused) = shared.commit(Batch { ops, ..Batch::default() }).await.1 {
                tracing::error!(%refused, "old letters were not forgotten");
            }
            let before = Timestamp(clock::now().0.saturating_sub(retention_ms));
            let ledger = shared.ledger.clone();
            let found = tokio::task::spawn_blocking(move || ledger.untouched(before, SWEEP_MAX)).await;
            match found {
                Ok(Ok((slots, vaults))) if !(slots.is_empty() && vaults.is_empty()) => {
                    let count = slots.len() + vaults.len();
                    let ops = vec![Op::Expire { slots, vaults, before }];
                    if shared.commit(Batch { ops, ..Batch::default() }).await.1.is_ok() {
                        tracing::info!(count, "slots and vaults that nobody touched were forgotten");
                    }
                }
                Ok(Err(error)) => tracing::error!(%error, "slots and vaults cannot be looked through"),
                _ => {}
            }
            tokio::select! {
                () = tokio::time::sleep(SWEEP_EVERY) => {}
                () = stopping.wait() => return,
            }
        }
    }

    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Ledger) -> Result<T, Broken> + Send + 'static,
    ) -> Result<T, Refused> {
        let ledger = self.shared.ledger.clone();
        match tokio::task::spawn_blocking(move || read(&*ledger)).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => {
                tracing::error!(%error, "a slot or vault could not be read");
                Err(Refused::Degraded)
            }
            Err(_) => Err(Refused::Degraded),
        }
    }

    async fn commit(&self, op: Op) -> Result<(), Refused> {
        let (_, outcome) = self.shared.commit(Batch { ops: vec![op], ..Batch::default() }).await;
        outcome.map(drop)
    }
}

fn accepted() -> Answer {
    Answer::Accepted(Accepted { seq: Seq(0) })
}

// When a slot counts as touched that is touched now: a tab's counts as older than it is, and is forgotten sooner.
fn touched(slot: SlotId, now: Timestamp, retention_ms: u64) -> Timestamp {
    let older = if slot.is_tabs() { retention_ms.saturating_sub(TAB_SLOT_KEPT_MS) } else { 0 };
    Timestamp(now.0.saturating_sub(older))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tabs_slot_is_forgotten_after_days_and_a_phrases_after_the_operators_retention() {
        const YEAR_MS: u64 = 365 * 86_400_000;
        let (tab, phrase) = (SlotId([0xff; 16]).for_tab(true), SlotId([0xff; 16]).for_tab(false));
        let now = Timestamp(2 * YEAR_MS);
        // Forgotten is what was touched before the retention.
        let forgotten = |slot, later: u64| touched(slot, now, YEAR_MS).0 < now.0 + later - YEAR_MS;
        assert!(!forgotten(tab, TAB_SLOT_KEPT_MS) && forgotten(tab, TAB_SLOT_KEPT_MS + 1));
        assert!(!forgotten(phrase, YEAR_MS) && forgotten(phrase, YEAR_MS + 1));
        // Whoever keeps everything shorter keeps a tab's slot no longer.
        assert_eq!(touched(tab, now, TAB_SLOT_KEPT_MS / 2), now);
    }
}
