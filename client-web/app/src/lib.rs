//! What somebody sees and presses. It holds no key and no protocol state: the worker tells it what happened
//! ([`lotgenoot_messages::Event`]), and it tells the worker what she did ([`lotgenoot_messages::Command`]).
//!
//! ```text
//! worker ─ Event ─► Model ─► Screen ─► view ─► what she did ─ Command ─► worker
//!                     └──── pure, tested natively ────┘ │
//!                                                       └ only in a browser
//! ```

pub mod clock;
pub mod consent;
pub mod hint;
pub mod lines;
pub mod model;
pub mod screen;
pub mod words;

#[cfg(target_arch = "wasm32")]
pub mod bridge;
#[cfg(target_arch = "wasm32")]
mod state;
#[cfg(target_arch = "wasm32")]
#[expect(unreachable_pub, reason = "the component macro writes `pub`")]
mod view;

#[cfg(target_arch = "wasm32")]
pub use view::{Look, for_a_person, for_staff};
