//! A member as a value: her keys, rooms and help calls.
//!
//! Drive it like this: tell it what happened ([`Member::connected`], [`Member::handle_frame`],
//! [`Member::handle_timeout`], [`Member::command`]), then take what it wants said ([`Member::poll_transmit`]), what
//! the user should see ([`Member::poll_event`]), and when it wants to be called again ([`Member::poll_timeout`]).
//! It reads no clock and opens no socket; it runs in a browser, in a robot and in the simulator alike. [`Mailboxes`] are
//! two of them: what a person does at workshops is not to be found where the rest is.
//!
//! Everything the relay says is checked here again: who is staff, who may change a room, whose Welcome it is.

mod call;
mod clock;
mod compact;
mod content;
mod crypto;
mod group;
mod identity;
mod keychain;
mod letter;
mod mailboxes;
mod member;
pub mod phrase;
mod reach;
mod requests;
mod returning;
mod room;
mod shelf;
mod show;
pub mod vault;

pub use identity::Identity;
pub use lotgenoot_messages as messages;
pub use lotgenoot_protocol::link::{Link, StaffSecret};
pub use mailboxes::{Mailbox, Mailboxes};
pub use member::{Member, Options};
pub use requests::random_seed;
pub use returning::{Read, Returning};
