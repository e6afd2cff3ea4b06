//! Each rule of the commit policy, with a test that fails without it: on the relay's side and on the client's.
//!
//! The attackers run raw openmls, which allows far more than the policy does; the relay and the client under attack
//! are the real ones. A [`scene::Verdict`] says what all three made of the same bytes.

#![allow(clippy::unwrap_used, reason = "in a test a panic is how one says no")]

mod bundle;
mod calls;
mod cast;
mod compromised;
mod context;
mod disguise;
mod epochs;
mod floor;
mod forge;
mod ghost;
mod invitation;
mod key_packages;
mod knocks;
mod leaves;
mod lifetimes;
mod line;
mod mailbox;
mod members;
mod moving;
mod needless;
mod office;
mod openings;
mod over;
mod places;
mod proposals;
mod readmission;
mod register;
mod resync;
mod rights;
mod scene;
mod sessions;
mod standing;
mod victim;
mod welcome;
mod work;
