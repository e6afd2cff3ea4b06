//! Duty as calendars of other programs (RFC 5545): written for whoever follows it, read from whoever plans it elsewhere.
//!
//! ```text
//! write   somebody's duty, or all of a service, as events
//! lines   bytes into content lines that know where they stand
//! times   a day or a time of the wall clock, in a zone
//! rules   when something comes again
//! read    events into shifts, all or nothing
//! ```

mod lines;
mod read;
mod rules;
mod times;
mod write;

pub use read::read;
pub(super) use write::address;
pub use write::{Stretch, calendar, calendar_of_service};
