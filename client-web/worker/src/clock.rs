//! The MLS library reads the worker's clock by itself, to judge KeyPackages. On a device whose clock is hours wrong it would
//! refuse everybody she calls; so `Date.now` is the relay's time in here, once that is known. Nothing else in this worker
//! asks it: the client core is told the device's own time, and reckons with the difference itself.

use std::cell::Cell;

use js_sys::{Date, Reflect};
use wasm_bindgen::prelude::*;

thread_local! {
    static AHEAD_MS: Cell<f64> = const { Cell::new(0.0) };
}

/// What the device's clock shows.
pub(crate) fn device_ms() -> f64 {
    Date::new_0().get_time()
}

/// From now on `Date.now` is the relay's time.
pub(crate) fn lend() {
    let clock = Closure::<dyn Fn() -> f64>::new(|| device_ms() + AHEAD_MS.get());
    if let Ok(date) = Reflect::get(&js_sys::global(), &JsValue::from_str("Date")) {
        // A page in which it cannot be set has the device's clock, as before.
        let _set = Reflect::set(&date, &JsValue::from_str("now"), clock.as_ref());
    }
    // It is asked for as long as this worker lives.
    clock.forget();
}

/// The relay's clock is ahead of the device's by this.
pub(crate) fn is_ahead_by(ms: i64) {
    AHEAD_MS.set(ms as f64);
}
