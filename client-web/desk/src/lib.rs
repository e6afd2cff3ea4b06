//! The module of staff: fetched once it is known that this is one of them. It is told all that has happened until then.

#![cfg(target_arch = "wasm32")]

use lotgenoot_web::bridge::{self, Page};
use lotgenoot_web::for_staff;
use wasm_bindgen::prelude::*;

/// Takes over from the module of a person; the worker has begun.
#[wasm_bindgen]
pub fn start(page: Page) {
    bridge::go_on(page, for_staff);
}
