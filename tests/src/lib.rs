//! The cast of the stories: an organisation, robots with the real client core, a real relay.

pub mod organisation;
pub mod relay;
pub mod robot;
