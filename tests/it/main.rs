//! Stories with a real relay, the real client core and real browsers.

#![allow(clippy::unwrap_used)] // a story that cannot go on says where

mod afterwards_page;
mod apart;
mod away;
mod browsers;
mod calendar;
mod calendar_page;
mod canary;
mod duty;
mod duty_page;
mod edge;
mod english_page;
mod evening;
mod figures;
mod floor_page;
mod hand_over;
mod held;
mod help_page;
mod host_page;
mod interop;
mod invitations;
mod letters;
mod mail;
mod main_job;
mod moving;
mod office;
mod office_page;
mod opening;
mod org;
mod over;
mod paging;
mod refusal_page;
mod return_time;
mod returning;
mod ring_page;
mod talk_page;
mod tidy;
mod vault_weight;
mod vaults;
mod waiting;
mod watch;
mod whole_evening;
mod work;
mod workshop;
mod workshop_page;
