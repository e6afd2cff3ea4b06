//! A phrase to come back by: offered once there is something to come back to, shown once.

use leptos::prelude::*;
use lotgenoot_messages::Command;

use super::Title;
use super::button::button;
use super::entry::ways_back;
use crate::bridge;
use crate::screen::Step;
use crate::state::{State, state};

/// The way there. Not before there is something to come back to.
#[component]
pub(crate) fn Offer() -> impl IntoView {
    let state = state();
    let words = state.words;
    let there = Memo::new(move |_| state.model.with(|model| model.has_something()));
    move || {
        there.get().then(|| {
            view! {
                {button("plain", "phrase-open", words.phrase_open(), move |_| state.go(Step::Phrase))}
            }
        })
    }
}

/// What it means, the words, and that they lead back from now on.
#[component]
pub(crate) fn Phrase() -> impl IntoView {
    let state = state();
    let words = state.words;
    let draw = move |_| bridge::send(&Command::DrawPhrase);
    let drawn = Memo::new(move |_| state.model.with(|model| model.way_back.phrase.clone()));
    let kept = Memo::new(move |_| state.model.with(|model| model.way_back.kept));
    view! {
        <section class="step">
            <Title text=words.phrase_title().to_owned()/>
            <p>{words.phrase_lead()}</p>
            <p>{words.phrase_lost()}</p>
            {move || match drawn.get() {
                None => view! {
                    <p class="buttons">{button("main", "phrase-draw", words.phrase_draw(), draw)}</p>
                }.into_any(),
                Some((phrase, digits)) => view! {
                    <ol class="phrase" dir="ltr" lang="nl" translate="no" data-test="phrase">
                        {phrase.into_iter().map(|word| view! { <li>{word}</li> }).collect_view()}
                    </ol>
                    <p>{words.phrase_write()}</p>
                    <ul class="phrase-digits" dir="ltr" translate="no" data-test="phrase-digits">
                        {digits.into_iter().map(|number| view! { <li>{number}</li> }).collect_view()}
                    </ul>
                    <Keep state kept/>
                }.into_any(),
            }}
            {move || (!kept.get()).then(|| view! { <div class="buttons">
                {button("", "back", words.back(), move |_| leave(state))}</div> })}
            <div on:click=move |_| forget(state)><super::screen_code::Offer/></div>
        </section>
    }
}

#[component]
fn Keep(state: State, kept: Memo<bool>) -> impl IntoView {
    let words = state.words;
    let under_way = Memo::new(move |_| state.model.with(|model| model.way_back.permille));
    let online = Memo::new(move |_| state.model.with(crate::model::Model::is_online));
    let keep = move |_| bridge::send(&Command::KeepPhrase);
    let draw = move |_| bridge::send(&Command::DrawPhrase);
    view! {
        <div role="status" data-test="phrase-state">
            {move || match (kept.get(), under_way.get()) {
                (true, _) => view! { <p class="note">{words.phrase_kept()}</p> }.into_any(),
                (false, Some(_)) if !online.get() => view! { <p class="note">{words.phrase_waits()}</p> }.into_any(),
                (false, Some(permille)) => view! {
                    <p>{words.phrase_keeping()}" "<progress max="1000" value=permille></progress></p>
                }.into_any(),
                (false, None) => ().into_any(),
            }}
        </div>
        {move || (!kept.get() && under_way.get().is_none()).then(|| view! {
            <p class="buttons">
                {button("main", "phrase-keep", words.phrase_keep(), keep)}
                {button("", "phrase-other", words.phrase_other(), draw)}
            </p>
        })}
        {move || kept.get().then(|| view! {
            <div class="phrase-done" on:click=move |_| forget(state)>{ways_back(state)}</div>
        })}
    }
}

fn leave(state: State) {
    forget(state);
    state.go(Step::Choose);
}

// What stood here is not kept in memory longer than it is looked at.
fn forget(state: State) {
    state.model.update(|model| model.way_back = crate::model::WayBack::default());
}
