//! Her own duty: when it is, and taking it over from a colleague.

use leptos::prelude::*;
use lotgenoot_messages::{Command, OwnDutyView};

use super::button::button;
use super::plan_duty::refused_text;
use super::when;
use crate::bridge;
use crate::model::{DutyTaken, Model};
use crate::state::{State, state};
use crate::words::Words;

/// When she is on duty in the next days, and one button to take it over now.
#[component]
pub(crate) fn OwnDuty() -> impl IntoView {
    let state = state();
    let words = state.words;
    let service = Memo::new(move |_| {
        state.model.with(|model| model.you.as_ref().and_then(|you| you.service.clone())).unwrap_or_default()
    });
    let own = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.duty.own(now).collect::<Vec<_>>())
    });
    let known = Memo::new(move |_| state.model.with(|model| model.duty.view.is_some()));
    let row = move |it: OwnDutyView| view! { <li data-test="own-duty">{stretch(words, &it)}</li> };
    let may_take = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| {
            let duty = &model.duty;
            service.with(|service| duty.plans(service) && !duty.is_on(service, now))
        })
    });
    let away = Memo::new(move |_| !state.model.with(Model::is_online));
    let take = move |_| {
        state.model.update(|model| model.duty.refused = None);
        bridge::send(&Command::TakeDuty { service: service.get_untracked() });
    };
    let refused = Memo::new(move |_| state.model.with(|model| model.duty.refused.clone()));
    view! {
        {move || known.get().then(|| view! { <h2>{words.own_duty_title()}</h2> })}
        {move || (known.get() && !away.get() && own.with(Vec::is_empty)).then(|| view! {
            <p class="small" data-test="own-duty-none">{words.own_duty_none()}</p>
        })}
        <ul class="work"><For each=move || own.get() key=Clone::clone children=row/></ul>
        <Calendar/>
        <Taken/>
        {move || may_take.get().then(|| view! {
            <p><button type="button" data-test="take-duty" disabled=away on:click=take>{words.own_duty_take()}</button></p>
            <p class="small">{words.own_duty_take_about()}</p>
        })}
        <div role="alert">{move || refused.get().map(|refused| view! {
            <p class="note" data-test="duty-refused">{refused_text(words, &refused)}</p>
        })}</div>
    }
}

/// Her duty has begun, and nobody knows yet whether she is there. Cannot be overlooked, makes no sound.
#[component]
pub(crate) fn CheckIn() -> impl IntoView {
    let state = state();
    let words = state.words;
    bridge::send(&Command::AskDuty);
    let since = Memo::new(move |_| {
        state.model.with(|model| model.duty.view.as_ref().and_then(|view| view.asked_since))
    });
    let away = Memo::new(move |_| !state.model.with(Model::is_online));
    view! {
        <div role="alert">{move || since.get().map(|since| view! {
            <div class="note" data-test="check-in">
                <p><strong>{words.check_in(&when::time(since))}</strong></p>
                <p class="small">{words.check_in_about()}</p>
                <p class="buttons"><button type="button" class="main" data-test="check-in-go" disabled=away
                    on:click=move |_| bridge::send(&Command::CheckIn)>{words.check_in_go()}</button></p>
            </div>
        })}</div>
    }
}

/// Where a calendar of hers finds her duty.
#[component]
fn Calendar() -> impl IntoView {
    let state = state();
    let words = state.words;
    let path = Memo::new(move |_| {
        state.model.with(|model| model.duty.view.as_ref().and_then(|view| view.calendar.clone()))
    });
    let folded = move |path: String| {
        let address = format!("{}{path}", window().location().origin().unwrap_or_default());
        view! {
            <details data-test="duty-calendar"><summary>{words.own_duty_calendar()}</summary>
                <p class="small">{words.own_duty_calendar_about()}</p>
                <input type="text" readonly=true dir="ltr" translate="no" autocomplete="off" spellcheck="false"
                    aria-label=words.own_duty_calendar() data-test="duty-address" prop:value=address
                    on:click:target=move |event| event.target().select()/>
            </details>
        }
    };
    move || path.get().map(folded)
}

/// Who has taken duty over: for whoever had it, and for coordinators.
#[component]
pub(crate) fn Taken() -> impl IntoView {
    let state = state();
    let words = state.words;
    let taken = Memo::new(move |_| state.model.with(|model| model.duty.taken.clone()));
    let row = move |it: DutyTaken| {
        let until = format!("{} {}", when::weekday(words, it.until), when::time(it.until));
        let service = words.service(&it.service);
        let text = match &it.by {
            Some(by) => words.duty_taken_by(by, &service, &until),
            None => words.duty_taken_by_somebody(&service, &until),
        };
        view! {
            <p class="note" data-test="duty-taken">{text}
                {button("plain", "duty-taken-away", words.close_notice(), move |_| put_away(state, &it))}</p>
        }
    };
    view! { <div role="status"><For each=move || taken.get() key=Clone::clone children=row/></div> }
}

fn put_away(state: State, it: &DutyTaken) {
    state.model.update(|model| model.duty.taken.retain(|known| known != it));
}

/// From when to when: the day is named once if it is the same.
pub(super) fn stretch(words: Words, it: &OwnDutyView) -> String {
    let service = words.service(&it.service);
    format!("{}{}{service}", between(words, it.from, it.until), words.listed_comma())
}

/// The same for a stretch of anybody's.
pub(super) fn between(words: Words, from: u64, until: u64) -> String {
    let (first, last) = (when::weekday(words, from), when::weekday(words, until));
    let (from, until) = (when::time(from), when::time(until));
    if first == last {
        words.duty_on_a_day(&first, &from, &until)
    } else {
        words.duty_over_days(&first, &from, &last, &until)
    }
}
