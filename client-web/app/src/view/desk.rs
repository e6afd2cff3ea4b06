//! The desk of staff: what there is to do on one side, the opened conversation on the other. On a phone, one of both.

use leptos::prelude::*;

use super::button::button;
use super::when;
use crate::clock::days_left;
use crate::state::state;

/// Two panes.
#[component]
pub(crate) fn Desk(list: AnyView, conversation: AnyView) -> impl IntoView {
    let state = state();
    let words = state.words;
    let opened = Memo::new(move |_| state.chosen.with(|chosen| chosen.opened.is_some()));
    view! {
        <div class="desk" class:opened=opened>
            <div class="desk-list">{list}</div>
            <div class="desk-talk">
                <p class="desk-back">{button("plain", "desk-back", words.back(), move |_| state.chosen.update(|chosen| chosen.opened = None))}</p>
                {conversation}
            </div>
        </div>
    }
}

/// Two weeks before her certificate ends, so that there is time for a new one.
#[component]
pub(crate) fn Until() -> impl IntoView {
    let state = state();
    let words = state.words;
    let until = state.model.with_untracked(|model| model.you.as_ref().and_then(|you| you.until));
    let days = Memo::new(move |_| until.and_then(|until| days_left(until, state.now_ms.get())));
    move || days.get().map(|days| view! { <p class="note" data-test="until">{words.desk_until(days)}</p> })
}

/// A session has no host any more: whoever is on duty knows it.
#[component]
pub(crate) fn Unattended() -> impl IntoView {
    let state = state();
    let words = state.words;
    let since = Memo::new(move |_| state.model.with(|model| model.unattended));
    view! {
        <div role="alert">
            {move || since.get().map(|since| view! {
                <p class="note" data-test="unattended">{words.desk_unattended(&when::time(since))}" "
                    {button("plain", "unattended-close", words.close_notice(), move |_| state.model.update(|model| model.unattended = None))}</p>
            })}
        </div>
    }
}
