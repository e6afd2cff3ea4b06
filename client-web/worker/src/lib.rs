//! The client core's edge in a Web Worker: one socket, one clock, one timer. Keys never leave it; quick exit
//! terminates it, and with it everything it knew.
//!
//! The page sends a `Command` as CBOR to [`handle`]; the worker posts each `Event` as CBOR. Nothing is stored.

#![cfg(target_arch = "wasm32")]

mod backoff;
mod clock;
mod edge;
mod phrase;
mod socket;
mod way_back;

use std::cell::RefCell;

use edge::Edge;
use lotgenoot_messages::{Command, Event, from_bytes};
use wasm_bindgen::prelude::*;

thread_local! {
    static EDGE: RefCell<Option<Edge>> = const { RefCell::new(None) };
}

/// The module is loaded: says so to the page, which sends what it has kept.
#[wasm_bindgen(start)]
pub fn begin() {
    clock::lend();
    edge::post(&Event::Ready);
}

/// What the user did, as CBOR. What cannot be read is dropped: page and worker come from one build.
#[wasm_bindgen]
pub fn handle(said: &[u8]) {
    let Some(command) = from_bytes::<Command>(said) else { return };
    if let Command::Start { url, fragment, tab, device } = &command {
        let started = Edge::start(url, fragment, tab.as_deref(), device.clone());
        EDGE.with_borrow_mut(|edge| *edge = started);
        with_edge(Edge::connect);
    } else {
        with_edge(|edge| edge.command(command));
    }
}

/// Does something with the edge, if it has begun, and then whatever follows from it.
fn with_edge(f: impl FnOnce(&mut Edge)) {
    EDGE.with_borrow_mut(|edge| {
        if let Some(edge) = edge {
            f(edge);
            edge.settle();
        }
    });
}
