//! Her own times: nobody else sees them.

use leptos::prelude::*;
use lotgenoot_messages::OwnTimesView;

use crate::state::state;
use crate::words::Words;

/// Once she has answered a call.
#[component]
pub(crate) fn OwnTimes() -> impl IntoView {
    let state = state();
    let words = state.words;
    let known = Memo::new(move |_| state.model.with(|model| model.own_times));
    move || {
        known.get().map(|it| {
            let OwnTimesView { calls, taken_ms, spoke_ms } = it;
            let taken = taken_ms.map(|ms| words.own_times_taken(&lasted(words, ms)));
            let spoke = spoke_ms.map(|ms| words.own_times_spoke(&lasted(words, ms)));
            let lines = taken.into_iter().chain(spoke);
            view! {
                <details class="card" data-test="own-times">
                    <summary>{words.own_times_title()}</summary>
                    {lines.map(|line| view! { <p data-test="own-time">{line}</p> }).collect_view()}
                    <p class="small">{words.own_times_about(calls.into())}</p>
                </details>
            }
        })
    }
}

// In seconds as long as that is easy to read.
fn lasted(words: Words, ms: u64) -> String {
    let seconds = ms.div_ceil(1_000);
    if seconds < 120 { words.own_times_seconds(seconds) } else { words.own_times_minutes(seconds / 60) }
}
