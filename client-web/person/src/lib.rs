//! The module of a person: small, for it is what everybody fetches first.

#![cfg(target_arch = "wasm32")]

use lotgenoot_web::bridge::{self, Page};
use lotgenoot_web::for_a_person;
use wasm_bindgen::prelude::*;

/// Begins, and has the worker begin with what the page knows.
#[wasm_bindgen]
pub fn start(page: Page) {
    bridge::begin(page, for_a_person);
}
