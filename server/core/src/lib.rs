//! Rooms and help calls as values.
//!
//! Everything the relay decides (order, epochs, who may do what, who is paged next) is a function of
//! `(state, input, now)`. There is no clock, socket, lock, log or database here. Whoever drives a value
//! calls a `handle_*` method, makes the [`effect::Batch`] it filled durable in one transaction, and only then
//! shows anybody anything.
//!
//! Read first: [`room::Room`], [`desk::HelpDesk`], [`effect::Op`].

pub mod bucket;
pub mod call;
pub mod desk;
pub mod duty;
pub mod effect;
pub mod figures;
pub mod gate;
pub mod group;
pub mod halls;
pub mod inbox;
pub mod key_package;
pub mod life;
pub mod office;
pub mod outbox;
pub mod replies;
pub mod room;
pub mod seat;
mod snapshot;
pub mod survey;
pub mod vault;
pub mod waiting;
