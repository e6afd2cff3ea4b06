//! Slots: the account secret, wrapped with a key that follows from a phrase or from a tab's secret.
//!
//! A phrase more is a slot more; the mailbox stays where it is.

use ed25519_dalek::SigningKey;
use lotgenoot_protocol::limits::SLOT_BYTES;
use lotgenoot_protocol::{Blob, RootKey, SlotId, SlotKey};
use zeroize::Zeroizing;

use super::account::{AccountSecret, expand};
use super::seal::{SEAL_BYTES, Seal};
use crate::show::{hex, unhex};

// The first byte inside: another one is another version's.
const LAYOUT: u8 = 1;

/// What a tab keeps to find its way back after a reload; worth nothing once its slot is forgotten.
pub struct TabSecret(pub Zeroizing<[u8; 32]>);

impl TabSecret {
    /// From what the tab kept.
    pub fn from_text(text: &str) -> Option<Self> {
        unhex(text).map(Zeroizing::new).map(Self)
    }

    /// What the tab keeps.
    pub fn to_text(&self) -> String {
        hex(&*self.0)
    }
}

/// What a device of a member of staff keeps: worth nothing without her PIN, and after its slot is forgotten.
pub struct DeviceSecret(pub Zeroizing<[u8; 32]>);

impl DeviceSecret {
    /// From what the device kept.
    pub fn from_text(text: &str) -> Option<Self> {
        unhex(text).map(Zeroizing::new).map(Self)
    }

    /// What the device keeps.
    pub fn to_text(&self) -> String {
        hex(&*self.0)
    }
}

/// What a slot gives back to whoever has its keys: whose mailbox, and which organisation was pinned when it was made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// Opens the mailbox.
    pub secret: AccountSecret,
    /// The organisation's root, so that no link is needed to come back.
    pub root: RootKey,
}

/// The keys of one slot.
pub struct SlotKeys {
    /// Where it is.
    pub slot: SlotId,
    /// Signs that it may be read or written.
    pub owner: SigningKey,
    seal: Seal,
}

impl SlotKeys {
    /// From the stretched phrase, or another secret of 32 bytes.
    pub fn of(secret: &[u8; 32]) -> Self {
        let mut slot = [0; 16];
        slot.copy_from_slice(&expand(secret, b"Lotgenoot slot id 1")[..16]);
        Self {
            slot: SlotId(slot).for_tab(false),
            owner: SigningKey::from_bytes(&expand(secret, b"Lotgenoot slot owner 1")),
            seal: Seal::new(expand(secret, b"Lotgenoot slot seal 1")),
        }
    }

    /// From a tab's secret.
    pub fn of_tab(tab: &TabSecret) -> Self {
        let keys = Self::of(&expand(&tab.0, b"Lotgenoot tab 1"));
        Self { slot: keys.slot.for_tab(true), ..keys }
    }

    /// From a device's secret and what it was stretched to with a PIN. Where the slot is follows from the device alone:
    /// so the relay sees wrong PINs, and forgets the slot after too many.
    pub fn of_device(device: &DeviceSecret, stretched: &[u8; 32]) -> Self {
        let mut slot = [0; 16];
        slot.copy_from_slice(&expand(&device.0, b"Lotgenoot device slot 1")[..16]);
        Self { slot: SlotId(slot).for_tab(false), ..Self::of(stretched) }
    }

    /// Who owns the slot, as the relay knows her.
    pub fn owner_key(&self) -> SlotKey {
        SlotKey(self.owner.verifying_key().to_bytes())
    }

    /// The slot's bytes with this in them.
    pub fn wrap(&self, found: &Found, nonce: [u8; 24]) -> Blob {
        let mut plain = Zeroizing::new([0; SLOT_BYTES - SEAL_BYTES]);
        plain[0] = LAYOUT;
        plain[1..33].copy_from_slice(&*found.secret.0);
        plain[33..65].copy_from_slice(&found.root.0);
        Blob(self.seal.seal(nonce, &self.about(), &*plain))
    }

    /// What is in the slot's bytes; `None` if nobody ever wrote it, or it was another's.
    pub fn unwrap(&self, sealed: &Blob) -> Option<Found> {
        let plain = self.seal.open(&self.about(), &sealed.0)?;
        match plain.split_first()? {
            (&LAYOUT, rest) => Some(Found {
                secret: AccountSecret(Zeroizing::new(rest.get(..32)?.try_into().ok()?)),
                root: RootKey::from_slice(rest.get(32..64)?)?,
            }),
            _ => None,
        }
    }

    fn about(&self) -> Vec<u8> {
        [b"Lotgenoot slot 1".as_slice(), &self.slot.0].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_gives_the_secret_back_to_its_keys_alone() {
        let (here, elsewhere) = (SlotKeys::of(&[1; 32]), SlotKeys::of(&[2; 32]));
        let secret = AccountSecret(Zeroizing::new([9; 32]));
        let found = Found { secret, root: RootKey([4; 32]) };
        let sealed = here.wrap(&found, [3; 24]);
        assert_eq!(sealed.0.len(), SLOT_BYTES);
        assert_eq!(here.unwrap(&sealed), Some(found));
        assert_eq!(elsewhere.unwrap(&sealed), None);
        assert_eq!(here.unwrap(&Blob(vec![0x5a; SLOT_BYTES])), None);
        assert_ne!(here.slot, elsewhere.slot);
    }

    #[test]
    fn a_device_has_one_place_and_every_pin_another_key_to_it() {
        let device = DeviceSecret(Zeroizing::new([1; 32]));
        let (right, wrong) = (SlotKeys::of_device(&device, &[2; 32]), SlotKeys::of_device(&device, &[3; 32]));
        assert_eq!(right.slot, wrong.slot);
        assert_ne!(right.owner_key(), wrong.owner_key());
        let found = Found { secret: AccountSecret(Zeroizing::new([9; 32])), root: RootKey([4; 32]) };
        let sealed = right.wrap(&found, [3; 24]);
        assert_eq!((right.unwrap(&sealed), wrong.unwrap(&sealed)), (Some(found), None));
    }

    #[test]
    fn a_tab_and_a_phrase_of_the_same_bytes_have_other_slots() {
        let tab = SlotKeys::of_tab(&TabSecret(Zeroizing::new([1; 32])));
        let device = SlotKeys::of_device(&DeviceSecret(Zeroizing::new([1; 32])), &[1; 32]);
        assert_ne!(tab.slot, SlotKeys::of(&[1; 32]).slot);
        // The relay forgets a tab's sooner.
        assert!(tab.slot.is_tabs() && !device.slot.is_tabs() && !SlotKeys::of(&[1; 32]).slot.is_tabs());
    }
}
