//! The relay: time, disk and network around `lotgenoot-core`.
//!
//! Running tasks: one a connection (owns its socket, pulls from feeds), one an awake room (owns the [`Room`]), one
//! for all help calls (owns the [`HelpDesk`]), and the writer thread (owns the ledger's write transaction).
//! Everybody else sends them mail. Nothing is shown before it is on disk.
//!
//! [`Room`]: lotgenoot_core::room::Room
//! [`HelpDesk`]: lotgenoot_core::desk::HelpDesk

pub mod calendar;
mod claims;
pub mod clock;
pub mod config;
mod connection;
mod duty_calendar;
mod duty_files;
#[cfg(feature = "faults")]
pub mod faults;
mod feed;
mod files;
mod help_desk;
mod keep;
mod letters;
mod listener;
mod metrics;
pub mod now_page;
pub mod office;
pub mod org;
mod outlet;
pub mod pager;
pub mod pages;
pub mod relay;
mod rooms;
pub mod roster_file;
mod shared;
mod stopping;
pub mod store;
mod surveys;
mod tag;
mod vaults;
pub mod watch;

pub use relay::Relay;
