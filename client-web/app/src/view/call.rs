//! Her help call: where it stands, in words that promise nothing; the numbers; the conversation.

use leptos::prelude::*;
use lotgenoot_messages::{CallId, CallState, Command, MemberView};

use super::Title;
use super::danger::LinesInShort;
use super::mark::name_of;
use super::members::Members;
use super::talk::Talk;
use crate::bridge;
use crate::clock;
use crate::screen::Step;
use crate::state::{State, state};
use crate::words::Words;

/// One page for the whole call.
#[component]
pub(crate) fn CallPage(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let view_of = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).cloned()))
    };
    let stands = Memo::new(move |_| view_of.with(|call| call.as_ref().map(|call| call.state.clone())));
    let room = Memo::new(move |_| {
        let room = view_of.with(|call| call.as_ref()?.room.clone())?;
        state.model.with(|model| model.room(&room).map(|room| room.view.room.clone()))
    });
    let closed = move || stands.get() == Some(CallState::Closed);
    let talking = move || matches!(stands.get(), Some(CallState::Active(_)));
    let raised_at = Memo::new(move |_| view_of.with(|call| call.as_ref().map_or(0, |call| call.raised_at)));
    view! {
        <section class="room call" data-test="call">
            <div class="room-head">
                <Title text=words.call_title().to_owned()/>
                <div class="call-state" role="status" data-test="call-state" data-state=move || stands.get().as_ref().map(state_name)>
                    {move || stands.get().map(|stands| sentences(words, &stands))}
                </div>
                {move || (!closed() && !talking()).then(|| view! { <Elapsed state raised_at/> })}
                {move || (!talking()).then(|| view! { <LinesInShort/> })}
                {move || room.get().map(|room| view! { <Members room can_remove=false/> })}
            </div>
            {move || room.get().filter(|_| !closed()).map(|room| view! {
                {(!talking()).then(|| view! { <p class="small">{words.call_write()}</p> })}
                <Talk room/>
            })}
            {move || talking().then(|| view! { <LinesInShort/> })}
            <Stop call closed=Signal::derive(closed)/>
        </section>
    }
}

/// Counts up. Not announced: a screen reader would never be silent.
#[component]
fn Elapsed(state: State, raised_at: Memo<u64>) -> impl IntoView {
    let words = state.words;
    let stopwatch = move || clock::stopwatch(raised_at.get(), state.now_ms.get());
    let in_words =
        Memo::new(move |_| words.call_elapsed_words(clock::minutes(raised_at.get(), state.now_ms.get())));
    view! {
        <p class="elapsed" data-test="call-elapsed">
            {words.call_elapsed()}" "<span class="stopwatch" dir="ltr" aria-hidden="true">{stopwatch}</span>
            " "<span class="small">{move || format!("({})", in_words.get())}</span>
        </p>
    }
}

/// Only she closes. What it means is said before, and the way back is beside it.
#[component]
fn Stop(call: CallId, closed: Signal<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let opened = RwSignal::new(false);
    let close = Command::CloseCall { call };
    let asked = move || {
        let close = close.clone();
        view! {
            <div class="note" data-test="call-stop-about">
                <p>{words.call_stop_about()}</p>
                <p class="buttons">
                    <button type="button" data-test="call-close" on:click=move |_| bridge::send(&close)>{words.call_close()}</button>
                    <button type="button" class="main" data-test="call-keep" on:click=move |_| opened.set(false)>{words.call_keep()}</button>
                </p>
            </div>
        }
    };
    view! {
        <div class="room-foot">
            {move || match (closed.get(), opened.get()) {
                (false, true) => asked().into_any(),
                (false, false) => view! { <button type="button" class="plain" data-test="call-stop" on:click=move |_| opened.set(true)>
                    {words.call_stop()}</button> }.into_any(),
                (true, _) => ().into_any(),
            }}
            <super::phrase::Offer/>
            <button type="button" class="plain" data-test="call-back" on:click=move |_| state.go(Step::Choose)>{words.back()}</button>
        </div>
    }
}

/// Exactly what is known, and no more (design: "What she sees when things fail").
fn sentences(words: Words, stands: &CallState) -> AnyView {
    let (first, second) = match stands {
        CallState::NotSent => (words.call_not_sent().to_owned(), None),
        CallState::Stored | CallState::WantsYou { .. } | CallState::NotYours => {
            (words.call_stored().to_owned(), None)
        }
        CallState::Unstaffed => (words.call_unstaffed().to_owned(), Some(words.call_unstaffed_more())),
        CallState::StillWaiting => (words.call_still_waiting().to_owned(), None),
        CallState::Taken(by) => (words.call_taken(&professional(words, by)), None),
        CallState::Active(by) => (words.call_active(&professional(words, by)), None),
        CallState::LeadLost => (words.call_lead_lost().to_owned(), None),
        CallState::Closed => (words.call_closed().to_owned(), None),
    };
    view! { <p class="state-words">{first}</p>{second.map(|second| view! { <p>{second}</p> })} }.into_any()
}

fn professional(words: Words, by: &MemberView) -> String {
    let name = name_of(words, by);
    match by.service.as_deref() {
        Some(service) => words.call_who(&name, &words.service(service)),
        None => name,
    }
}

/// For the style sheet and for tests; never read by anybody.
pub(crate) fn state_name(stands: &CallState) -> &'static str {
    match stands {
        CallState::NotSent => "not-sent",
        CallState::Stored => "stored",
        CallState::Unstaffed => "unstaffed",
        CallState::StillWaiting => "still-waiting",
        CallState::Taken(_) => "taken",
        CallState::Active(_) => "active",
        CallState::LeadLost => "lead-lost",
        CallState::Closed => "closed",
        CallState::WantsYou { key_on_its_way: true } => "key-on-its-way",
        CallState::WantsYou { key_on_its_way: false } => "wants-you",
        CallState::NotYours => "not-yours",
    }
}
