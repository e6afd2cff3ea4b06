//! Stories with a real relay, the real client core and real browsers.

mod browsers;
mod canary;
mod edge;
mod main_job;
mod tidy;
