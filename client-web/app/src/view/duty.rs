//! A professional's duty: calls, and the one she has taken.

use leptos::prelude::*;
use lotgenoot_messages::{CallId, CallState, CallView, Command, Reason, Wants};

use super::Title;
use super::button::button;
use super::call::state_name;
use super::desk::Desk;
use super::intake_card::IntakeCard;
use super::members::Members;
use super::talk::Talk;
use crate::bridge;
use crate::clock;
use crate::screen::{Asked, Opened};
use crate::state::{State, state};
use crate::words::Words;

/// The desk of a professional.
#[component]
pub(crate) fn Duty() -> impl IntoView {
    let state = state();
    let words = state.words;
    let you = state.model.with_untracked(|model| model.you.clone());
    let (alias, service) = you.map(|you| (you.alias, you.service)).unwrap_or_default();
    let alias = words.duty_alias(&alias.unwrap_or_default(), &words.service(&service.unwrap_or_default()));
    let online = Memo::new(move |_| state.model.with(crate::model::Model::is_online));
    let opened = Memo::new(move |_| {
        let Some(Opened::Call(call)) = state.chosen.with(|chosen| chosen.opened.clone()) else { return None };
        state.model.with(|model| model.call(&call).map(|call| call.call.clone()))
    });
    let list = view! {
        <Title text=words.duty_title().to_owned()/>
        <p data-test="you">{alias}</p>
        <super::desk::Until/>
        <super::desk::Unattended/>
        <p role="status" data-test="duty-state" class=move || if online.get() { "open" } else { "closed" }>
            {move || if online.get() { words.duty_online() } else { words.duty_offline() }}</p>
        <super::own_duty::CheckIn/>
        <h2>{words.duty_calls()}</h2>
        <Calls/>
        <super::own_duty::OwnDuty/>
        <super::own_times::OwnTimes/>
        <super::ring::Ring/>
        <super::device::Device/>
    };
    let conversation = move || opened.get().map(|call| view! { <CallTalk call/> });
    view! { <Desk list=list.into_any() conversation=conversation.into_any()/> }
}

#[component]
fn Calls() -> impl IntoView {
    let state = state();
    let words = state.words;
    let ids = Memo::new(move |_| {
        state.model.with(|model| model.calls.iter().map(|call| call.call.clone()).rev().collect::<Vec<_>>())
    });
    view! {
        <ul class="work calls" data-test="calls" aria-live="assertive">
            <For each=move || ids.get() key=Clone::clone children=move |call| view! { <CallItem call/> }/>
        </ul>
        {move || ids.with(Vec::is_empty).then(|| view! { <p class="small">{words.duty_no_calls()}</p> })}
    }
}

#[component]
fn CallItem(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let view_of = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).cloned()))
    };
    let raised_at = move || view_of.with(|call| call.as_ref().map_or(0, |call| call.raised_at));
    let outcome_due = move || view_of.with(|call| call.as_ref().is_some_and(|call| call.outcome_due));
    let since = Memo::new(move |_| words.duty_since(clock::minutes(raised_at(), state.now_ms.get())));
    let name = move || view_of.with(|call| call.as_ref().map(|call| state_name(&call.state)));
    // Stays open when the call rings anew meanwhile.
    let cannot = RwSignal::new(false);
    view! {
        <li class="call-item" data-test="call-item" data-state=name>
            {move || view_of.get().map(|call| what_to_do(state, call, cannot))}
            {move || outcome_due().then(|| view! { <p class="note" data-test="outcome-due">{words.outcome_due()}</p> })}
            <p class="small" aria-live="off">{move || since.get()}</p>
        </li>
    }
}

fn what_to_do(state: State, call: CallView, cannot: RwSignal<bool>) -> AnyView {
    let words = state.words;
    let id = call.call.clone();
    match call.state {
        CallState::WantsYou { key_on_its_way, what } => {
            let open = (what != Wants::Call).then(|| open(state, id.clone()));
            view! { <Ringing call=id key_on_its_way what cannot/>{open} }.into_any()
        }
        CallState::TakingOver => {
            view! { <p><strong>{words.duty_taking_over()}</strong></p>{open(state, id)} }.into_any()
        }
        CallState::Assisting => view! { <p>{words.duty_assisting()}</p>{open(state, id)} }.into_any(),
        CallState::Rests => view! { <p class="faded">{words.duty_rests()}</p>{open(state, id)} }.into_any(),
        // Somebody else leads; whoever was paged too may still be in the room.
        CallState::Taken(by) | CallState::Active(by) if !by.you => {
            let open = call.room.is_some().then(|| open(state, id));
            view! { <p class="faded">{words.duty_not_yours()}</p>{open} }.into_any()
        }
        CallState::NotYours => {
            // Whoever was called and came too late to lead may help.
            let may_help = call.room.is_some() && call.lead.is_some();
            let help = may_help.then(|| {
                view! { {button("", "call-assist", words.duty_assist(), move |_| bridge::send(&Command::Assist { call: id.clone() }))} }
            });
            view! { <p class="faded">{words.duty_not_yours()}</p>{help} }.into_any()
        }
        CallState::Closed => view! { <p>{words.duty_closed()}</p>{open(state, id)} }.into_any(),
        CallState::Active(_) => {
            let text = if call.attention { words.duty_attention() } else { words.duty_active() };
            view! { <p class:ringing=call.attention><strong>{text}</strong></p>{open(state, id)} }.into_any()
        }
        CallState::Taken(_) => {
            view! { <p><strong>{words.duty_taken()}</strong></p>{open(state, id)} }.into_any()
        }
        CallState::NotSent
        | CallState::Stored
        | CallState::Unstaffed
        | CallState::StillWaiting
        | CallState::LeadLost => view! { <p>{words.duty_waits()}</p> }.into_any(),
    }
}

/// Cannot be overlooked, makes no sound.
#[component]
fn Ringing(call: CallId, key_on_its_way: bool, what: Wants, cannot: RwSignal<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = {
        let call = call.clone();
        move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Take(call.clone())))
    };
    let taking = asked.clone();
    let (wants, take) = match what {
        Wants::Call => (words.duty_ringing(), words.duty_take()),
        Wants::TakeOver => (words.duty_wants_over(), words.duty_take_over()),
        Wants::Assist => (words.duty_wants_help(), words.duty_help()),
    };
    let declined = call.clone();
    view! {
        <p class="ringing">{wants}</p>
        <button type="button" class="take" data-test="page-take" disabled=move || key_on_its_way || asked()
            on:click=move |_| state.ask(Asked::Take(call.clone()), &Command::Acknowledge { call: call.clone() })>
            {move || if taking() { words.duty_taking() } else { take }}</button>
        {key_on_its_way.then(|| view! { <p class="small" data-test="key-on-its-way">{words.duty_key()}</p> })}
        <Cannot call=declined asked=cannot/>
    }
}

/// Not coming, and why: whoever asked reads the reason, and the next are called at once.
#[component]
fn Cannot(call: CallId, asked: RwSignal<bool>) -> impl IntoView {
    let words = state().words;
    let reason = move |reason: Reason| {
        let call = call.clone();
        let decline = move |_| bridge::send(&Command::Decline { call: call.clone(), reason });
        view! { <li><button type="button" data-test="page-reason" on:click=decline>{reason_text(words, reason)}</button></li> }
    };
    view! {
        <p><button type="button" class="plain" data-test="page-cannot" aria-expanded=move || asked.get().to_string()
            on:click=move |_| asked.update(|asked| *asked = !*asked)>{words.duty_cannot()}</button></p>
        {move || asked.get().then(|| view! {
            <p class="small">{words.duty_why_not()}</p>
            <ul class="plain-list">{REASONS.into_iter().map(reason.clone()).collect_view()}</ul>
        })}
    }
}

const REASONS: [Reason; 5] =
    [Reason::Busy, Reason::NotMyField, Reason::OffDuty, Reason::KnowsSomebody, Reason::Other];

/// A reason not to come, in words.
pub(crate) fn reason_text(words: Words, reason: Reason) -> &'static str {
    match reason {
        Reason::Busy => words.duty_reason_busy(),
        Reason::NotMyField => words.duty_reason_field(),
        Reason::OffDuty => words.duty_reason_off(),
        Reason::KnowsSomebody => words.duty_reason_knows(),
        Reason::Other => words.duty_reason_other(),
    }
}

fn open(state: State, call: CallId) -> impl IntoView {
    let words = state.words;
    view! { {button("", "call-open", words.duty_open(), move |_| state.open(Opened::Call(call.clone())))} }
}

#[component]
fn CallTalk(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let (led, heard) = (call.clone(), call.clone());
    let (written, agreed, ended) = (call.clone(), call.clone(), call.clone());
    let may_agree = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).is_some_and(|call| call.may_agree)))
    };
    let intake = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call)?.intake.clone()))
    };
    let stands = {
        let call = call.clone();
        Memo::new(move |_| state.model.with(|model| model.call(&call).map(|call| call.state.clone())))
    };
    let room = Memo::new(move |_| {
        state.model.with(|model| {
            let room = model.call(&call)?.room.as_ref()?;
            model.room(room).map(|room| room.view.room.clone())
        })
    });
    let sentence = move || match stands.get() {
        Some(CallState::Taken(by)) if by.you => Some(words.duty_taken()),
        Some(CallState::Active(_)) => Some(words.duty_active()),
        Some(CallState::Closed) => Some(words.duty_closed()),
        Some(CallState::TakingOver) => Some(words.duty_taking_over()),
        Some(CallState::Assisting) => Some(words.duty_assisting()),
        Some(CallState::Rests) => Some(words.duty_rests()),
        _ => None,
    };
    let leads = Memo::new(move |_| matches!(stands.get(), Some(CallState::Active(by)) if by.you));
    view! {
        <section class="room" data-test="help-room">
            <div class="room-head">
                <p class="state-words" role="status" data-test="call-state" data-state=move || stands.get().as_ref().map(state_name)>{sentence}</p>
                <super::code_words::Heard call=heard/>
                {move || match intake.get() {
                    Some(intake) => view! { <IntakeCard intake=*intake/> }.into_any(),
                    None => view! { <p class="small">{words.duty_no_card()}</p> }.into_any(),
                }}
                {move || room.get().map(|room| view! { <Members room can_remove=false/> })}
                <super::outcome::OutcomeForm call=ended/>
                {move || if may_agree.get() {
                    view! { <super::agreements::Agreements call=written.clone()/> }.into_any()
                } else {
                    view! { <super::agreements::Agreed call=agreed.clone() open=true/> }.into_any()
                }}
                {move || leads.get().then(|| view! { <super::lead::Lead call=led.clone()/> })}
            </div>
            {move || match room.get() {
                Some(room) => view! { <Talk room/> }.into_any(),
                None => view! { <p class="small">{words.duty_room_not_ready()}</p> }.into_any(),
            }}
        </section>
    }
}
