//! The client core's edge in a Web Worker: one socket, one clock, one timer. Keys never leave it; quick exit
//! terminates it, and with it everything it knew.
//!
//! The page sends a `Command` as JSON to [`handle`]; the worker posts each `Event` as JSON. Nothing is stored.

#![cfg(target_arch = "wasm32")]

mod backoff;
mod edge;
mod phrase;
mod socket;
mod way_back;

use std::cell::RefCell;

use edge::Edge;
use lotgenoot_messages::{Command, Event};
use wasm_bindgen::prelude::*;

thread_local! {
    static EDGE: RefCell<Option<Edge>> = const { RefCell::new(None) };
}

/// The module is loaded: says so to the page, which sends what it has kept.
#[wasm_bindgen(start)]
pub fn begin() {
    edge::post(&Event::Ready);
}

/// What the user did, as JSON. What cannot be read is dropped: page and worker come from one build.
#[wasm_bindgen]
pub fn handle(json: &str) {
    let Ok(command) = serde_json::from_str::<Command>(json) else { return };
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
