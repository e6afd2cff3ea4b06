//! Devices of a member of staff that find the way back with a PIN: her explicit choice, and taken back from anywhere.

use ed25519_dalek::SigningKey;
use lotgenoot_messages as ui;
use lotgenoot_protocol::SlotId;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::vault::WriteSlot;
use lotgenoot_protocol::{Blob, SlotKey, Timestamp};
use minicbor::{Decode, Encode};
use zeroize::Zeroize;

use super::Member;
use crate::requests::Purpose;
use crate::vault::{DeviceSecret, SlotKeys};

/// A device whose slot leads here.
pub(crate) struct Device {
    slot: SlotId,
    owner: SigningKey,
    // It is to be forgotten; until the relay has done so.
    forget: bool,
}

/// The same in a vault.
#[derive(Encode, Decode)]
pub(super) struct SavedDevice {
    #[n(0)]
    slot: SlotId,
    #[cbor(n(1), with = "minicbor::bytes")]
    owner: [u8; 32],
    #[n(2)]
    forget: bool,
}

impl SavedDevice {
    pub(super) fn of(device: &Device) -> Self {
        Self { slot: device.slot, owner: device.owner.to_bytes(), forget: device.forget }
    }
}

impl Drop for SavedDevice {
    fn drop(&mut self) {
        self.owner.zeroize();
    }
}

impl Member {
    /// This device and a PIN lead here from now on. The device is told so once the relay has the slot.
    pub fn keep_device(&mut self, keys: SlotKeys, device: &DeviceSecret, now: Timestamp) {
        self.now = now;
        if self.identity.staff.is_none() && self.identity.coordinator.is_none() {
            // Nothing stays on a person's device.
            return self.fail(ui::Failure::Other);
        }
        self.devices.push(Device { slot: keys.slot, owner: keys.owner.clone(), forget: false });
        self.new_device = Some((keys.slot, device.to_text()));
        self.slots.push(keys);
        self.due.core(now);
        self.write_slots();
    }

    /// No device leads here any more.
    pub(super) fn forget_devices(&mut self) {
        self.devices.iter_mut().for_each(|device| device.forget = true);
        self.due.core(self.now);
        self.events.push_back(ui::Event::Device { secret: None });
        self.show_devices();
        self.forget_slots();
    }

    /// Asks for what is to be forgotten.
    pub(super) fn forget_slots(&mut self) {
        let Some(nonce) = self.nonce.clone() else { return };
        for device in self.devices.iter().filter(|device| device.forget) {
            let parts: [&[u8]; 4] = [&nonce, self.host.as_bytes(), &device.slot.0, &[]];
            let signature = Blob(sign(&device.owner, SignFor::WriteSlot, &parts).to_vec());
            let owner = SlotKey(device.owner.verifying_key().to_bytes());
            let write = WriteSlot { slot: device.slot, owner, signature, sealed: None };
            self.requests.ask(Purpose::WriteSlot(device.slot), Request::WriteSlot(write));
        }
    }

    pub(super) fn device_slot_answered(&mut self, slot: SlotId, accepted: bool) {
        let Some(device) = self.devices.iter().find(|device| device.slot == slot) else { return };
        if device.forget {
            if accepted {
                self.devices.retain(|device| device.slot != slot);
                self.due.core(self.now);
            }
            return;
        }
        if let Some((_, secret)) = self.new_device.take_if(|(new, _)| *new == slot) {
            if accepted {
                self.events.push_back(ui::Event::Device { secret: Some(secret) });
            } else {
                self.devices.retain(|device| device.slot != slot);
                self.fail(ui::Failure::NotKept);
            }
        }
        self.show_devices();
    }

    pub(super) fn restore_devices(&mut self, saved: Vec<SavedDevice>) {
        for device in saved {
            if !self.devices.iter().any(|known| known.slot == device.slot) {
                let owner = SigningKey::from_bytes(&device.owner);
                self.devices.push(Device { slot: device.slot, owner, forget: device.forget });
            }
        }
        self.show_devices();
    }

    pub(super) fn show_devices(&mut self) {
        let count = self.devices.iter().filter(|device| !device.forget).count() as u32;
        if self.identity.staff.is_some() || self.identity.coordinator.is_some() {
            self.events.push_back(ui::Event::Devices { count });
        }
    }
}
