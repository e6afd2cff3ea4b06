//! Stories with a real relay, the real client core and real browsers.

#![allow(clippy::unwrap_used)] // a story that cannot go on says where

mod afterwards_page;
mod apart;
mod away;
mod browsers;
mod calendar;
mod calendar_page;
mod canary;
mod edge;
mod evening;
mod floor_page;
mod held;
mod interop;
mod invitations;
mod letters;
mod main_job;
mod moving;
mod office;
mod office_page;
mod opening;
mod org;
mod refusal_page;
mod return_time;
mod returning;
mod talk_page;
mod tidy;
mod vault_weight;
mod vaults;
mod waiting;
mod whole_evening;
mod work;
mod workshop;
mod workshop_page;
