//! The cast of the stories: an organisation, robots with the real client core, a real relay.

mod axe;
pub mod bench;
pub mod browser;
pub mod cast;
pub mod chaos;
pub mod crowd;
pub mod demo;
mod drive;
pub mod line;
pub mod mail_sink;
pub mod main_job;
pub mod model_ledger;
pub mod openmetrics;
pub mod organisation;
pub mod process;
pub mod relay;
pub mod robot;
pub mod sim;
pub mod sink;
mod tap;
