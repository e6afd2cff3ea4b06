//! A code for this screen: whoever picks the phone up after a while does not read on. It is hers to choose, and stands
//! nowhere but in her mailbox and on this page.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::Title;
use super::button::button;
use crate::model::is_screen_code;
use crate::screen::Step;
use crate::state::state;

/// The way there. Not before there is something to read.
#[component]
pub(crate) fn Offer() -> impl IntoView {
    let state = state();
    let words = state.words;
    let there = Memo::new(move |_| state.model.with(|model| model.has_something()));
    move || {
        there.get().then(|| {
            view! {
                {button("plain", "screen-code-open", words.screen_code_open(), move |_| state.go(Step::Code))}
            }
        })
    }
}

/// What it does and what it does not; then the code, or that there is one.
#[component]
pub(crate) fn ScreenCode() -> impl IntoView {
    let state = state();
    let words = state.words;
    let has = Memo::new(move |_| state.code.with(Option::is_some));
    let off = move |_| state.code.set(None);
    view! {
        <section class="step">
            <Title text=words.screen_code_title().to_owned()/>
            <p>{words.screen_code_about()}</p>
            <p>{words.screen_code_lost()}</p>
            <p role="status" data-test="screen-code-state">{move || has.get().then(|| words.screen_code_on())}</p>
            {move || if has.get() {
                view! { <p class="buttons">{button("", "screen-code-off", words.screen_code_off(), off)}</p> }.into_any()
            } else {
                view! { <Choose/> }.into_any()
            }}
            <p class="buttons">{button("", "back", words.back(), move |_| state.go(Step::Choose))}</p>
        </section>
    }
}

#[component]
fn Choose() -> impl IntoView {
    let state = state();
    let words = state.words;
    let typed = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    view! {
        <form autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            let code = typed.get();
            refused.set(!is_screen_code(&code));
            if is_screen_code(&code) {
                state.code.set(Some(code));
            }
        }>
            // Read while it is chosen: nobody is told it again.
            <p class="field">
                <label for="field-s">{words.screen_code_label()}</label>
                <input id="field-s" type="text" inputmode="numeric" dir="ltr" autocomplete="off" maxlength="8"
                    aria-describedby="field-s-hint" data-test="screen-code" prop:value=typed
                    on:input:target=move |event| typed.set(event.target().value())/>
            </p>
            <div role="status" id="field-s-hint">
                {move || refused.get().then(|| view! { <p class="note" data-test="screen-code-hint">{words.screen_code_short()}</p> })}
            </div>
            <p class="buttons"><button type="submit" class="main" data-test="screen-code-go">{words.screen_code_go()}</button></p>
        </form>
    }
}
