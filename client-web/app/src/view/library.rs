//! The library, which came with the page: on top of a screen, and back to where she was.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::button::button;
use crate::state::{State, state};

/// The way there.
#[component]
pub(crate) fn Open() -> impl IntoView {
    let state = state();
    button("plain", "library-open", state.words.library_open(), move |_| state.reading.set(true))
}

/// All of it. The same element each time: what was unfolded stays so.
#[component]
pub(crate) fn Reading() -> impl IntoView {
    let state = state();
    let words = state.words;
    let place = NodeRef::<leptos::html::Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            state.library.with_value(|library| library.iter().for_each(|library| show(&place, library)));
        }
    });
    let back = move |mark| button("", mark, words.danger_back(), move |_| put_away(state));
    view! {
        <div data-test="library">
            <p class="library-back">{back("library-back")}</p>
            <div node_ref=place></div>
            <p class="library-back">{back("library-end")}</p>
        </div>
    }
}

fn show(place: &web_sys::Element, library: &web_sys::Element) {
    let _ = place.append_child(library);
    let _ = library.remove_attribute("hidden");
    if let Ok(Some(title)) = library.query_selector("#library-title")
        && let Ok(title) = title.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = title.focus();
    }
}

// What had the focus is shown again; the way here is where it was.
fn put_away(state: State) {
    state.reading.set(false);
    // Until the screen is shown again, nothing on it takes the focus.
    request_animation_frame(|| {
        let open = document().query_selector("[data-test=library-open], [data-test=choose-library]");
        if let Ok(Some(open)) = open
            && let Ok(open) = open.dyn_into::<web_sys::HtmlElement>()
        {
            let _ = open.focus();
        }
    });
}
