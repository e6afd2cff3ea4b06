//! The simulator: both pure cores, the ledger's model, a fake clock and an unkind network, driven by a seed.
//!
//! A seed fixes the schedule and the faults, not the bytes of keys: nothing here is ordered by a key, a hash or a
//! ciphertext. After every step the invariants are checked; at the end everybody is let online, the clock runs on,
//! and all must agree.

mod invariants;
mod network;
mod relay;
mod story;
mod tabs;
mod vaults;

pub use story::{Counts, Options, run};
