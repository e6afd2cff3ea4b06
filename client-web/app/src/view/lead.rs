//! What a lead can do beside talking: ask a colleague, say that they are done, give the call back. She cannot close it.

use leptos::ev::SubmitEvent;
use leptos::html::{Button, Select};
use leptos::prelude::*;
use lotgenoot_messages::{AskEnded, AskView, CallId, Command, Consent, NextOnDutyView};

use super::button::button;
use super::duty::reason_text;
use super::focus;
use super::mark::name_of;
use super::when;
use crate::bridge;
use crate::state::{State, state};
use crate::words::Words;

/// Folded away: most conversations need none of it.
#[component]
pub(crate) fn Lead(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let view_of = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).cloned()))
    };
    let asks = move || view_of.with(|call| call.as_ref().map(|call| call.asks.clone()).unwrap_or_default());
    let proposed =
        Memo::new(move |_| view_of.with(|call| call.as_ref().is_some_and(|call| call.done_proposed)));
    let (next, asking, done, back) = (call.clone(), call.clone(), call.clone(), call.clone());
    view! {
        <Next call=next/>
        <details class="card lead" data-test="lead-tools">
            <summary>{words.lead_tools()}</summary>
            <div role="status"><ul class="plain-list" data-test="asks">
                {move || asks().into_iter().map(|ask| asked(state, call.clone(), ask)).collect_view()}
            </ul></div>
            <AskForm call=asking/>
            {move || if proposed.get() {
                view! { <p role="status" data-test="done-said">{words.lead_done_said()}</p> }.into_any()
            } else {
                let call = done.clone();
                view! {
                    <p class="small">{words.lead_done_about()}</p>
                    <p>{button("", "propose-done", words.lead_done(), move |_| bridge::send(&Command::ProposeDone { call: call.clone() }))}</p>
                }.into_any()
            }}
            <GiveBack call=back/>
        </details>
    }
}

/// Her duty ends: she may ask whoever comes next to take over, or stay.
#[component]
fn Next(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let stays = RwSignal::new(false);
    let asks = {
        let call = call.clone();
        Memo::new(move |_| {
            let over = |ask: &AskView| ask.takes_over && ask.ended.is_none();
            state.model.with(|model| model.call(&call).is_some_and(|call| call.asks.iter().any(over)))
        })
    };
    let next = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.duty.next(now).cloned())
    });
    let past = Memo::new(move |_| {
        let now = state.now_ms.get();
        next.with(|next| next.as_ref().is_some_and(|it| it.at <= now))
    });
    let note = move |it: NextOnDutyView| {
        let time = when::time(it.at);
        let name = it.alias.clone();
        let about = move || match past.get() {
            true => words.lead_next_now(&name, &time),
            false => words.lead_next(&name, &time),
        };
        let ask = Command::AskByName { call: call.clone(), service: it.service, account: it.account };
        view! {
            <div class="note" data-test="lead-next">
                <p role="status">{about}</p>
                <p class="buttons">
                    <button type="button" data-test="lead-next-ask" on:click=move |_| bridge::send(&ask)>
                        {words.lead_next_ask(&it.alias)}</button>
                    {button("plain", "lead-next-not", words.lead_next_not(), move |_| stays.set(true))}
                </p>
            </div>
        }
    };
    move || {
        let (stays, asks, next) = (stays.get(), asks.get(), next.get());
        next.filter(|_| !stays && !asks).map(&note)
    }
}

fn asked(state: State, call: CallId, view: AskView) -> impl IntoView {
    let words = state.words;
    let service = words.service(&view.service);
    let what =
        if view.takes_over { words.lead_asked_over(&service) } else { words.lead_asked_help(&service) };
    let stands = match (&view.accepted, view.ended) {
        (_, Some(why)) => Some(ended_text(words, why)),
        (Some(by), None) => Some(words.lead_accepted(&name_of(words, by))),
        (None, None) => view.unreached.then(|| words.lead_unreached().to_owned()),
    };
    let end = view.ended.is_none().then(|| {
        let ask = view.ask.clone();
        let end = move |_| bridge::send(&Command::EndAsk { call: call.clone(), ask: ask.clone() });
        view! { {button("plain", "ask-end", words.lead_end(), end)} }
    });
    view! { <li data-test="ask">{what}{stands.map(|text| view! { <span class="small">" · "{text}</span> })}" "{end}</li> }
}

fn ended_text(words: Words, why: AskEnded) -> String {
    match why {
        AskEnded::Declined(reason) => words.lead_ended_declined(reason_text(words, reason)),
        AskEnded::NobodyCame => words.lead_ended_nobody().to_owned(),
        AskEnded::NoWords => words.lead_ended_words().to_owned(),
        AskEnded::Withdrawn => words.lead_ended_withdrawn().to_owned(),
    }
}

#[component]
fn AskForm(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let open = RwSignal::new(false);
    let asked_for = call.clone();
    let (opener, first) = (NodeRef::<Button>::new(), NodeRef::<Select>::new());
    focus::moves(open, move || drop(first.get().map(|it| it.focus())), opener);
    let services = move || {
        state
            .model
            .with_untracked(|model| model.open.as_ref().map(|open| open.services.clone()).unwrap_or_default())
    };
    let (service, over) = (RwSignal::new(String::new()), RwSignal::new(true));
    let begin = move |_| {
        service.set(services().into_iter().next().unwrap_or_default());
        open.set(true);
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let service = service.get_untracked();
        if !service.is_empty() {
            let takes_over = over.get_untracked();
            bridge::send(&Command::AskColleague { call: call.clone(), takes_over, service });
            open.set(false);
        }
    };
    // Another organisation reads along from then on: that is hers to allow.
    let must_ask = Memo::new(move |_| {
        let service = service.get();
        state.model.with(|model| {
            let own = model.you.as_ref().and_then(|you| you.service.clone());
            let allowed = model
                .call(&asked_for)
                .and_then(|call| call.intake.as_ref())
                .is_some_and(|intake| intake.consents.contains(&Consent::ShareWithPartner));
            own.as_deref() != Some(service.as_str()) && !allowed
        })
    });
    let form = move || {
        let option = |name: String| {
            let text = words.service(&name);
            view! { <option value=name>{text}</option> }
        };
        view! {
            <form class="note" autocomplete="off" on:submit=send.clone() data-test="ask-form">
                <p class="small">{words.lead_stays()}</p>
                <label class="field">{words.lead_service()}
                    <select node_ref=first data-test="ask-service" prop:value=service on:change:target=move |event| service.set(event.target().value())>
                        {services().into_iter().map(option).collect_view()}
                    </select></label>
                <fieldset class="picks"><legend>{words.lead_what()}</legend>
                    <label class="pick"><input type="radio" name="ask-part" data-test="ask-over" prop:checked=over
                        on:change=move |_| over.set(true)/><span>{words.lead_over()}</span></label>
                    <label class="pick"><input type="radio" name="ask-part" data-test="ask-help" prop:checked=move || !over.get()
                        on:change=move |_| over.set(false)/><span>{words.lead_help()}</span></label>
                </fieldset>
                {move || must_ask.get().then(|| view! { <p class="note" role="status" data-test="ask-first">{words.lead_ask_first()}</p> })}
                <p class="buttons">
                    <button type="submit" class="main" data-test="ask-send" disabled=move || service.with(String::is_empty)>{words.lead_send()}</button>
                    <button type="button" on:click=move |_| open.set(false)>{words.remove_not()}</button>
                </p>
            </form>
        }
    };
    view! {
        {move || if open.get() { form().into_any() } else {
            view! { <p><button type="button" data-test="ask-colleague" node_ref=opener on:click=begin>{words.lead_ask()}</button></p> }.into_any()
        }}
    }
}

#[component]
fn GiveBack(call: CallId) -> impl IntoView {
    let words = state().words;
    let open = RwSignal::new(false);
    let (opener, first) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    focus::moves(open, move || drop(first.get().map(|it| it.focus())), opener);
    let give = move |_| {
        bridge::send(&Command::GiveBack { call: call.clone() });
        open.set(false);
    };
    let asked = move || {
        view! {
            <div class="note">
                <p>{words.lead_give_back_about()}</p>
                <p class="buttons">
                    <button type="button" node_ref=first data-test="give-back-yes" on:click=give.clone()>{words.lead_give_back_yes()}</button>
                    <button type="button" on:click=move |_| open.set(false)>{words.remove_not()}</button>
                </p>
            </div>
        }
    };
    view! {
        {move || if open.get() { asked().into_any() } else {
            view! { <p><button type="button" class="plain" data-test="give-back" node_ref=opener on:click=move |_| open.set(true)>{words.lead_give_back()}</button></p> }.into_any()
        }}
    }
}
