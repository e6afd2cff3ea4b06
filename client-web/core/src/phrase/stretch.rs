//! From a phrase to the keys of its slot, by Argon2id (RFC 9106).
//!
//! In rounds, so that a page can show how far it is: each round is one Argon2id over the result of the one before,
//! with 32 MiB. The phrase's 77 bits are what protects; the rounds make a guess cost what a page can afford.

use argon2::{Algorithm, Argon2, Params, Version};
use lotgenoot_protocol::role::OrganisationId;
use zeroize::Zeroizing;

use super::Phrase;
use crate::vault::{DeviceSecret, SlotKeys};

const ROUNDS: u32 = 3;
const MEMORY_KIB: u32 = 32 * 1024;

/// The keys of a slot, under way.
pub struct Stretch {
    salt: Vec<u8>,
    secret: Zeroizing<[u8; 32]>,
    input: Option<Zeroizing<Vec<u8>>>,
    device: Option<DeviceSecret>,
    done: u32,
}

impl Stretch {
    /// Begins. The same phrase gives other keys in another organisation.
    pub fn begin(phrase: &Phrase, organisation: OrganisationId) -> Self {
        let salt = [b"Lotgenoot phrase 1".as_slice(), &organisation.0].concat();
        let input = Some(Zeroizing::new(phrase.bytes().to_vec()));
        Self { salt, secret: Zeroizing::new([0; 32]), input, device: None, done: 0 }
    }

    /// Begins with a device and its PIN.
    pub fn of_device(device: DeviceSecret, pin: &str) -> Self {
        let salt = [b"Lotgenoot device 1".as_slice(), &*device.0].concat();
        let input = Some(Zeroizing::new(pin.as_bytes().to_vec()));
        Self { salt, secret: Zeroizing::new([0; 32]), input, device: Some(device), done: 0 }
    }

    /// How much is done, in thousandths.
    pub fn progress(&self) -> u32 {
        self.done * 1000 / ROUNDS
    }

    /// Does one round. The keys, when it was the last. `None` and no progress: there is not enough memory.
    pub fn round(&mut self) -> Option<SlotKeys> {
        let params = Params::new(MEMORY_KIB, 1, 1, Some(32)).ok()?;
        let input = self.input.take().unwrap_or_else(|| Zeroizing::new(self.secret.to_vec()));
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        if argon2.hash_password_into(&input, &self.salt, &mut *self.secret).is_err() {
            self.input = Some(input);
            return None;
        }
        self.done += 1;
        (self.done >= ROUNDS).then(|| match &self.device {
            Some(device) => SlotKeys::of_device(device, &self.secret),
            None => SlotKeys::of(&self.secret),
        })
    }
}
