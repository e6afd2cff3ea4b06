//! Between the page's script and the interface. The script owns the worker, so that leaving needs nothing from here.

use std::any::Any;
use std::cell::RefCell;
use std::time::Duration;

use js_sys::{Array, Function, Uint8Array};
use leptos::mount::mount_to;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Connection, Event, Kind, Return, Way, from_bytes, to_bytes};
use wasm_bindgen::prelude::*;

use crate::model::Model;
use crate::screen::{Kept, is_called, is_live, screen};
use crate::state::{State, now_ms};
use crate::view::{App, Bar, Look, OpenNow};
use crate::words::{Lang, Words};

struct Link {
    state: State,
    /// Hands bytes to the worker.
    post: Function,
    /// Keeps what leads back, for as long as the tab lives.
    keep: Function,
    /// Keeps what leads back with a PIN, on a device of staff.
    keep_on_device: Function,
    /// Begins anew with what stands behind the # of a link.
    follow: Option<Function>,
    /// The worker's first command, until it is ready for it; and what she did meanwhile.
    start: Option<Command>,
    pending: Vec<Command>,
    /// The clock that the views go by.
    clock: Option<IntervalHandle>,
    /// Has this device ring; staff's page only.
    ring: Option<Function>,
    /// What keeps the views alive.
    _alive: Vec<Box<dyn Any>>,
}

thread_local! {
    static LINK: RefCell<Option<Link>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    /// What the page's script has to give.
    pub type Page;

    #[wasm_bindgen(method, getter)]
    fn lang(this: &Page) -> String;
    /// The words of that language, as they were fetched.
    #[wasm_bindgen(method, getter)]
    fn words(this: &Page) -> Uint8Array;
    /// Where the relay is.
    #[wasm_bindgen(method, getter)]
    fn socket(this: &Page) -> String;
    #[wasm_bindgen(method, getter)]
    fn fragment(this: &Page) -> String;
    /// What it was told to keep, before a reload.
    #[wasm_bindgen(method, getter)]
    fn tab(this: &Page) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn device(this: &Page) -> Option<String>;
    /// Takes bytes for the worker.
    #[wasm_bindgen(method, getter)]
    fn post(this: &Page) -> Function;
    /// Is told whether she is in a conversation, whether this is staff, whether a call of hers is not over, and whether
    /// a code of hers or a phrase opens this again.
    #[wasm_bindgen(method, getter)]
    fn attend(this: &Page) -> Function;
    /// Gets what leads back to here after a reload, to be given as `tab` then.
    #[wasm_bindgen(method, getter)]
    fn keep(this: &Page) -> Function;
    /// Gets what is to be given as `device` from now on, or nothing when nothing is.
    #[wasm_bindgen(method, getter = keepOnDevice)]
    fn keep_on_device(this: &Page) -> Function;
    /// A person's page only: begins anew with what stands behind the # of a link that was pasted.
    #[wasm_bindgen(method, getter)]
    fn follow(this: &Page) -> Option<Function>;
    /// Staff's page only: given the relay's key, or nothing, it tells by what this device is woken.
    #[wasm_bindgen(method, getter)]
    fn ring(this: &Page) -> Option<Function>;
}

/// Begins: fills the places that the page has for it, and has the worker begin.
pub fn begin(page: Page, look: Look) {
    let tab = page.tab();
    let looking = tab.is_some();
    let start = Command::Start { url: page.socket(), fragment: page.fragment(), tab, device: page.device() };
    let state = mount(&page, look, Some(start));
    if looking {
        state.model.update(|model| model.way_back.stands = Some(Return::Looking));
    }
}

/// Goes on where another module stops: fills the places anew. What happened until then is still to be told.
pub fn go_on(page: Page, look: Look) {
    mount(&page, look, None);
}

fn mount(page: &Page, look: Look, start: Option<Command>) -> State {
    let owner = Owner::new();
    owner.set();
    // Without them nobody could read anything: the page says that loading did not work.
    let words = Words::read(Lang::from_code(&page.lang()), page.words().to_vec());
    let state = State::new(words.unwrap_throw());
    let mut alive: Vec<Box<dyn Any>> = Vec::new();
    if let Some(place) = place("bar") {
        alive.push(Box::new(mount_to(place, move || view! { <Bar state/> })));
    }
    if let Some(place) = place("open-now") {
        alive.push(Box::new(mount_to(place, move || view! { <OpenNow state/> })));
    }
    if let Some(place) = place("app") {
        alive.push(Box::new(mount_to(place, move || view! { <App state look/> })));
    }
    let attend = page.attend();
    owner.with(|| {
        Effect::new(move |_| tell_where(state, &attend));
        Effect::new(move |before: Option<Kept>| tell_what_to_keep(state, before));
    });
    let clock = set_interval_with_handle(move || state.now_ms.set(now_ms()), Duration::from_secs(1)).ok();
    alive.push(Box::new(owner));
    let (post, keep, keep_on_device) = (page.post(), page.keep(), page.keep_on_device());
    let (ring, follow) = (page.ring(), page.follow());
    LINK.set(Some(Link {
        state,
        post,
        keep,
        keep_on_device,
        follow,
        start,
        pending: Vec::new(),
        clock,
        ring,
        _alive: alive,
    }));
    state
}

/// Takes in an event of the worker, and says whether this is staff, once that is known. What cannot be read is dropped:
/// page and worker come from one build.
#[wasm_bindgen]
pub fn handle(said: &[u8]) -> Option<bool> {
    let event = from_bytes::<Event>(said)?;
    let (state, first) = LINK.with_borrow_mut(|link| {
        let link = link.as_mut()?;
        let first = matches!(event, Event::Ready).then(|| link.start.take()).flatten();
        let pending = if first.is_some() { std::mem::take(&mut link.pending) } else { Vec::new() };
        Some((link.state, first.into_iter().chain(pending)))
    })?;
    first.for_each(|command| send(&command));
    match &event {
        Event::Tab { secret } => keep(secret),
        Event::Device { secret } => keep_on_device(secret.as_deref()),
        // What is open elsewhere is not here any more.
        Event::Connection(Connection::Elsewhere) => state.wipe(),
        Event::ScreenKept { number } => {
            state.screen_kept.set(*number);
            // Another module may have counted so far.
            state.screen_number.update(|last| *last = (*last).max(*number));
        }
        Event::Screen { state: kept } => restore(state, kept),
        Event::PhraseKept => state.has_phrase.set(true),
        _ => {}
    }
    state.model.update(|model| {
        state.chosen.update(|chosen| chosen.follow(model, &event));
        if let Event::Room(view) = &event
            && view.kind == Kind::Line
        {
            state.go_on_typing(&view.room);
        }
        model.handle(event);
    });
    state.model.with_untracked(Model::whose)
}

/// Forgets everything; part of leaving.
#[wasm_bindgen]
pub fn wipe() {
    if let Some(link) = LINK.take() {
        link.clock.iter().for_each(IntervalHandle::clear);
        link.state.wipe();
    }
}

/// Whether this is the code that she chose for this screen.
#[wasm_bindgen]
pub fn opens(typed: &str) -> bool {
    let code = LINK.with_borrow(|link| link.as_ref().and_then(|link| link.state.code.get_untracked()));
    code.is_some_and(|code| code == typed)
}

/// Sends a command to the worker; while it is still loading, once it has begun.
pub(crate) fn send(command: &Command) {
    let post = LINK.with_borrow_mut(|link| {
        let link = link.as_mut()?;
        if link.start.is_some() {
            link.pending.push(command.clone());
            return None;
        }
        Some(link.post.clone())
    });
    if let Some(post) = post {
        // It cannot throw: the script only hands over.
        let _ = post.call1(&JsValue::NULL, &Uint8Array::from(&to_bytes(command)[..]));
    }
}

/// By what this device is woken, for `then`; none: it is not. With a relay's key it is asked to be from now on.
pub(crate) fn ring(key: Option<&[u8]>, then: impl FnOnce(Option<Way>) + 'static) {
    let ring = LINK.with_borrow(|link| link.as_ref().and_then(|link| link.ring.clone()));
    let Some(ring) = ring else { return then(None) };
    let told = Closure::once_into_js(
        move |endpoint: Option<String>, key: Option<Vec<u8>>, auth: Option<Vec<u8>>| {
            let way = endpoint.zip(key).zip(auth);
            then(way.map(|((endpoint, key), auth)| Way::Push { endpoint, key, auth }));
        },
    );
    let key = key.map_or(JsValue::UNDEFINED, |key| Uint8Array::from(key).into());
    let _ = ring.call2(&JsValue::NULL, &key, &told);
}

/// Begins anew, as if this link had been opened.
pub(crate) fn follow(fragment: &str) {
    let follow = LINK.with_borrow(|link| link.as_ref().and_then(|link| link.follow.clone()));
    if let Some(follow) = follow {
        let _ = follow.call1(&JsValue::NULL, &JsValue::from_str(fragment));
    }
}

fn keep(secret: &str) {
    let keep = LINK.with_borrow(|link| link.as_ref().map(|link| link.keep.clone()));
    if let Some(keep) = keep {
        let _ = keep.call1(&JsValue::NULL, &JsValue::from_str(secret));
    }
}

fn keep_on_device(secret: Option<&str>) {
    let keep = LINK.with_borrow(|link| link.as_ref().map(|link| link.keep_on_device.clone()));
    if let Some(keep) = keep {
        let _ = keep.call1(&JsValue::NULL, &secret.map_or(JsValue::UNDEFINED, JsValue::from_str));
    }
}

// Another build's words are not understood: she begins where the worker says she is.
fn restore(state: State, kept: &[u8]) {
    if let Some(kept) = from_bytes::<Kept>(kept) {
        state.restore(kept);
    }
}

// Whatever she chose and typed; the worker writes it into the vault when she pauses.
fn tell_what_to_keep(state: State, before: Option<Kept>) -> Kept {
    let kept = state.kept();
    if before.as_ref().is_some_and(|before| *before != kept) {
        let number = state.screen_number.get_untracked() + 1;
        state.screen_number.set(number);
        send(&Command::Screen { state: to_bytes(&kept), number });
    }
    kept
}

fn tell_where(state: State, attend: &Function) {
    let (live, staff, called) = state.model.with(|model| {
        let live = state.chosen.with(|chosen| is_live(&screen(model, chosen)));
        (live, model.is_staff(), is_called(model))
    });
    let told = [live, staff, called, state.code.with(Option::is_some), state.has_phrase.get()];
    let _ = attend.apply(&JsValue::NULL, &told.into_iter().map(JsValue::from).collect::<Array>());
}

fn place(id: &str) -> Option<web_sys::HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
