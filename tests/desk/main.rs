//! The help desk and the roster as pure stories: no sockets, a clock the story moves, and a ledger in memory that
//! every batch goes through, so that a desk can be taken up again after any of them.

#![allow(clippy::unwrap_used, reason = "in a test a panic is how one says no")]

mod acknowledging;
mod asking;
#[path = "../policy/cast.rs"]
#[allow(dead_code, reason = "the policy suite's actors can do more than a help call needs")]
mod cast;
mod closing;
mod contact;
mod declining;
mod duty;
mod duty_files;
mod ending;
mod herd;
mod ladder;
mod leading;
mod model;
mod outbox;
mod paged;
mod plan;
mod raising;
mod restarts;
mod roster;
mod scene;
mod seats;
mod sequences;
mod stepping;
mod unattended;
