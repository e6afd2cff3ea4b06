//! Her help call: where it stands, in words that promise nothing; the numbers; the conversation.

use leptos::prelude::*;
use lotgenoot_messages::{AskView, CallId, CallState, CallView, Command, Degree, MemberView};

use super::Title;
use super::button::button;
use super::danger::LinesInShort;
use super::mark::name_of;
use super::members::Members;
use super::talk::Talk;
use crate::bridge;
use crate::clock;
use crate::screen::Step;
use crate::state::{State, state};
use crate::words::Words;

// How long closing can be taken back as if it had not happened.
const UNDO_MS: u64 = 60_000;

/// One page for the whole call.
#[component]
pub(crate) fn CallPage(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let said = StoredValue::new(call.clone());
    let view_of = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).cloned()))
    };
    let stands = Memo::new(move |_| view_of.with(|call| call.as_ref().map(|call| call.state.clone())));
    let unstaffed = Memo::new(move |_| view_of.with(|call| call.as_ref().is_some_and(|call| call.unstaffed)));
    let room = Memo::new(move |_| {
        let room = view_of.with(|call| call.as_ref()?.room.clone())?;
        state.model.with(|model| model.room(&room).map(|room| room.view.room.clone()))
    });
    let closed = move || stands.get() == Some(CallState::Closed);
    let talking = move || matches!(stands.get(), Some(CallState::Active(_)));
    let over = move || closed() || stands.get() == Some(CallState::Rests);
    let (agreed, away, later, reach) = (call.clone(), call.clone(), call.clone(), call.clone());
    // Once somebody has written to her there is something to come back to.
    let asked = {
        let call = call.clone();
        Memo::new(move |_| {
            let now = state.now_ms.get();
            state.model.with(|model| model.is_asked_about(&call, now))
        })
    };
    // What she has just answered stays until she has read what follows from it.
    let answered = RwSignal::new(None::<CallId>);
    let may_choose = Memo::new(move |_| {
        let (talking, over, here, asked) = (talking(), over(), room.with(Option::is_some), asked.get());
        let answered = answered.with(Option::is_some);
        talking || over && (here || asked || answered)
    });
    let wants_more = Memo::new(move |_| {
        let answered = |call: &CallView| call.aftercare.as_ref().and_then(|it| it.kept);
        view_of.with(|call| matches!(call.as_ref().and_then(answered), Some(Degree::No | Degree::Partly)))
            && room.get().is_none()
    });
    let beside = Memo::new(move |_| room.with(Option::is_some) && !over());
    let raised_at = Memo::new(move |_| view_of.with(|call| call.as_ref().map_or(0, |call| call.raised_at)));
    view! {
        <section class="room call" data-test="call">
            <div class="room-head">
                <Title text=words.call_title().to_owned()/>
                <div class="call-state" role="status" data-test="call-state" data-state=move || stands.get().as_ref().map(state_name)>
                    {move || stands.get().map(|stands| sentences(words, &stands, unstaffed.get()))}
                </div>
                {move || view_of.get().filter(|_| talking()).map(|call| view! { <Beside call/> })}
                {move || (!over() && !talking()).then(|| view! { <Elapsed state raised_at/> })}
                <super::agreements::Agreed call=agreed open=Signal::derive(over)/>
                <super::aftercare::PutAway call=away/>
                {move || may_choose.get().then(|| view! { <super::aftercare::Later call=later.clone() over=Signal::derive(over) answered/> })}
                {move || wants_more.get().then(|| view! { <super::aftercare::Reach call=reach.clone()/> })}
                {move || (!talking()).then(|| view! { <LinesInShort/> })}
                {move || room.get().map(|room| view! { <Members room can_remove=false/> })}
            </div>
            {move || room.get().filter(|_| !over()).map(|room| view! {
                {(!talking()).then(|| view! { <p class="small">{words.call_write()}</p> })}
                <Talk room/>
            })}
            {move || talking().then(|| view! { <LinesInShort/> })}
            {move || room.get().map(|room| view! { <super::contact::Contact room/> })}
            {move || beside.get().then(|| view! {
                <super::consented::Consented call=said.get_value()/>
                <super::code_words::CodeWords call=said.get_value()/>
            })}
            <GoingOn call=call.clone() stands/>
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

/// What goes on beside the conversation: who is asked, who comes, whether the lead is waited for, whether they are done.
#[component]
fn Beside(call: CallView) -> impl IntoView {
    let words = state().words;
    let who = call.lead.as_ref().map(|lead| name_of(words, lead)).unwrap_or_default();
    let waits = call.attention.then(|| words.call_attention(&who));
    let about = |ask: &AskView| {
        let service = words.service(&ask.service);
        match &ask.accepted {
            Some(colleague) => words.call_accepted(&professional(words, colleague), &who),
            None => {
                let asked = if ask.takes_over {
                    words.call_asked_over(&service, &who)
                } else {
                    words.call_asked_help(&service, &who)
                };
                let stays = if ask.takes_over { words.call_asked_stays(&who) } else { String::new() };
                format!("{asked} {stays}")
            }
        }
    };
    let asks = call.asks.iter().filter(|ask| ask.ended.is_none()).map(about).collect::<Vec<_>>();
    let assistants =
        call.assistants.iter().map(|it| words.call_assistant(&professional(words, it))).collect::<Vec<_>>();
    let lines = waits.into_iter().chain(asks).chain(assistants);
    let done = call.done_proposed.then(|| view! { <Done call=call.call.clone() who/> });
    view! {
        <div role="status" data-test="call-beside">{lines.map(|line| view! { <p>{line}</p> }).collect_view()}</div>
        {done}
    }
}

/// The lead thinks they are done. She decides, and need not say anything.
#[component]
fn Done(call: CallId, who: String) -> impl IntoView {
    let words = state().words;
    let no = RwSignal::new(false);
    let close = Command::CloseCall { call };
    view! {
        <div class="note" data-test="call-done" hidden=no>
            <p role="status">{words.call_done(&who)}</p>
            <p class="buttons">
                {button("main", "call-done-no", words.call_done_no(), move |_| no.set(true))}
                {button("", "call-done-yes", words.call_done_yes(), move |_| bridge::send(&close))}
            </p>
        </div>
    }
}

/// Going on when nobody answers, or after it was closed or came to rest.
#[component]
fn GoingOn(call: CallId, stands: Memo<Option<CallState>>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let nudged = RwSignal::new(false);
    // What she asked belongs to how it stood then.
    Effect::new(move |_| {
        stands.track();
        nudged.set(false);
    });
    let closed_at = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).and_then(|call| call.closed_at)))
    };
    let here = {
        let call = call.clone();
        Memo::new(move |_| {
            state.model.with(|model| model.call(&call).is_some_and(|call| call.room.is_some()))
        })
    };
    let fresh = Memo::new(move |_| closed_at.get().is_some_and(|at| state.now_ms.get() < at + UNDO_MS));
    let again = Command::Reopen { call: call.clone() };
    let reopen = move || {
        let again = again.clone();
        view! {
            <p class="small">{move || (!fresh.get()).then(|| words.call_reopen_about())}</p>
            <button type="button" data-test="call-reopen" on:click=move |_| bridge::send(&again)>
                {move || if fresh.get() { words.call_undo() } else { words.call_reopen() }}</button>
        }
    };
    let nudge = Command::Nudge { call };
    let ask_again = move || {
        let nudge = nudge.clone();
        let press = move |_| {
            bridge::send(&nudge);
            nudged.set(true);
        };
        view! {
            {button("", "call-nudge", words.call_nudge(), press)}
            <p class="small" role="status">{move || nudged.get().then(|| words.call_nudged())}</p>
        }
    };
    view! {
        <div class="going-on">{move || match stands.get() {
            // Where its room is gone, nobody can go on in it.
            Some(CallState::Closed | CallState::Rests) if here.get() => reopen().into_any(),
            Some(
                CallState::Stored | CallState::Unstaffed | CallState::StillWaiting | CallState::LeadLost | CallState::Active(_),
            ) => ask_again().into_any(),
            _ => ().into_any(),
        }}</div>
    }
}

/// Only she closes. What it means is said before, and the way back is beside it.
#[component]
fn Stop(call: CallId, closed: Signal<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let opened = RwSignal::new(false);
    // What was asked of a call that is closed is not asked of one that goes on.
    Effect::new(move |_| {
        if closed.get() {
            opened.set(false);
        }
    });
    let close = Command::CloseCall { call };
    let asked = move || {
        let close = close.clone();
        view! {
            <div class="note" data-test="call-stop-about">
                <p>{words.call_stop_about()}</p>
                <p class="buttons">
                    {button("", "call-close", words.call_close(), move |_| bridge::send(&close))}
                    {button("main", "call-keep", words.call_keep(), move |_| opened.set(false))}
                </p>
            </div>
        }
    };
    view! {
        <div class="room-foot">
            {move || match (closed.get(), opened.get()) {
                (false, true) => asked().into_any(),
                (false, false) => view! { {button("plain", "call-stop", words.call_stop(), move |_| opened.set(true))} }.into_any(),
                (true, _) => ().into_any(),
            }}
            <super::library::Open/>
            <super::phrase::Offer/>
            {button("plain", "call-back", words.back(), move |_| state.go(Step::Choose))}
        </div>
    }
}

/// Exactly what is known, and no more (design: "What she sees when things fail").
fn sentences(words: Words, stands: &CallState, unstaffed: bool) -> AnyView {
    let (first, second) = match stands {
        CallState::NotSent => (words.call_not_sent().to_owned(), None),
        CallState::Stored
        | CallState::WantsYou { .. }
        | CallState::NotYours
        | CallState::TakingOver
        | CallState::Assisting => (words.call_stored().to_owned(), None),
        CallState::Rests => (words.call_rests().to_owned(), None),
        CallState::Unstaffed => (words.call_unstaffed().to_owned(), Some(words.call_unstaffed_more())),
        // Both are true, and the one that tells her not to wait comes first.
        CallState::StillWaiting if unstaffed => {
            (words.call_unstaffed().to_owned(), Some(words.call_still_unstaffed()))
        }
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
        CallState::WantsYou { key_on_its_way: true, .. } => "key-on-its-way",
        CallState::WantsYou { key_on_its_way: false, .. } => "wants-you",
        CallState::TakingOver => "taking-over",
        CallState::Assisting => "assisting",
        CallState::Rests => "rests",
        CallState::NotYours => "not-yours",
    }
}
