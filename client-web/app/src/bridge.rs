//! Between the page's script and the interface. The script owns the worker, so that leaving needs nothing from here.

use std::any::Any;
use std::cell::RefCell;
use std::time::Duration;

use js_sys::Function;
use leptos::mount::mount_to;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Event, Role};
use wasm_bindgen::prelude::*;

use crate::screen::{is_live, screen};
use crate::state::{State, now_ms};
use crate::view::{App, Bar, OpenNow};
use crate::words::Lang;

struct Link {
    state: State,
    /// Sends JSON to the worker.
    post: Function,
    /// The worker's first command, until it is ready for it.
    start: Option<Command>,
    /// What keeps the views alive.
    _alive: Vec<Box<dyn Any>>,
}

thread_local! {
    static LINK: RefCell<Option<Link>> = const { RefCell::new(None) };
}

/// Begins: fills the places that the page has for it. `post` takes JSON for the worker; `attend` is told whether she is
/// in a conversation and whether this is staff.
#[wasm_bindgen]
pub fn start(lang: &str, url: String, fragment: String, post: Function, attend: Function) {
    let owner = Owner::new();
    owner.set();
    let state = State::new(Lang::from_code(lang));
    let mut alive: Vec<Box<dyn Any>> = Vec::new();
    if let Some(place) = place("bar") {
        alive.push(Box::new(mount_to(place, move || view! { <Bar state/> })));
    }
    if let Some(place) = place("open-now") {
        alive.push(Box::new(mount_to(place, move || view! { <OpenNow state/> })));
    }
    if let Some(place) = place("app") {
        alive.push(Box::new(mount_to(place, move || view! { <App state/> })));
    }
    owner.with(|| {
        Effect::new(move |_| tell_where(state, &attend));
        set_interval(move || state.now_ms.set(now_ms()), Duration::from_secs(1));
    });
    alive.push(Box::new(owner));
    let start = Some(Command::Start { url, fragment });
    LINK.set(Some(Link { state, post, start, _alive: alive }));
}

/// Takes in an event of the worker. What cannot be read is dropped: page and worker come from one build.
#[wasm_bindgen]
pub fn handle(json: &str) {
    let Ok(event) = serde_json::from_str::<Event>(json) else { return };
    let Some((state, first)) = LINK.with_borrow_mut(|link| {
        let link = link.as_mut()?;
        let first = matches!(event, Event::Ready).then(|| link.start.take()).flatten();
        Some((link.state, first))
    }) else {
        return;
    };
    if let Some(first) = first {
        send(&first);
    }
    state.model.update(|model| {
        state.chosen.update(|chosen| chosen.follow(model, &event));
        model.handle(event);
    });
}

/// Forgets everything; part of leaving.
#[wasm_bindgen]
pub fn wipe() {
    if let Some(link) = LINK.take() {
        link.state.wipe();
    }
}

/// Sends a command to the worker.
pub(crate) fn send(command: &Command) {
    let Ok(json) = serde_json::to_string(command) else { return };
    let post = LINK.with_borrow(|link| link.as_ref().map(|link| link.post.clone()));
    if let Some(post) = post {
        // It cannot throw: the script only hands over.
        let _ = post.call1(&JsValue::NULL, &JsValue::from_str(&json));
    }
}

fn tell_where(state: State, attend: &Function) {
    let (live, staff) = state.model.with(|model| {
        let live = state.chosen.with(|chosen| is_live(&screen(model, chosen)));
        (live, matches!(model.role(), Role::Host | Role::Professional))
    });
    let _ = attend.call2(&JsValue::NULL, &live.into(), &staff.into());
}

fn place(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
