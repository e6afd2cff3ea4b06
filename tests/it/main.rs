//! Stories with a real relay and the real client core.

mod main_job;
