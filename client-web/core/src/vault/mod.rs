//! What this client must not forget, sealed and kept by the relay: nothing is on the device.
//!
//! ```text
//! account secret ── wrapped in slots (a phrase, a tab)          slot
//!      │
//!      ├── account key, vault id                                account
//!      └── seal of the vault ── manifest ── parts               seal · manifest
//! ```
//!
//! The relay's side and the wire are in SPEC.md, "Slots and vaults".

mod account;
mod keeper;
mod manifest;
mod seal;
mod slot;

pub use account::AccountSecret;
pub(crate) use keeper::{Contents, Keeper, Opened};
pub use manifest::{Entry, Manifest, PartOf};
pub use seal::{Seal, pack, unpack};
pub use slot::{DeviceSecret, Found, SlotKeys, TabSecret};
