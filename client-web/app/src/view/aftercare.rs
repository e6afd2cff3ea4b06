//! Later: she chooses whether to be asked if what was agreed was done, and is asked when she comes after that moment.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{AftercareView, AftercareWay, CallId, CallState, Command, Degree, Urgency};

use super::agreements::Agreed;
use super::button::button;
use super::pick::{field, radio};
use super::when;
use crate::bridge;
use crate::clock::MINUTE_MS;
use crate::screen::Opened;
use crate::state::{State, state};
use crate::words::Words;

const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// A moment she can choose.
#[derive(Clone, Copy, Eq, PartialEq)]
enum When {
    Days(u64),
    OwnDay,
}

const MOMENTS: [When; 4] = [When::Days(7), When::Days(30), When::Days(91), When::OwnDay];

/// On the page of her call, while she talks and once it is over.
#[component]
pub(crate) fn Later(call: CallId, over: Signal<bool>, answered: RwSignal<Option<CallId>>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let known = call.clone();
    let chosen = Memo::new(move |_| {
        state.model.with(|model| model.call(&known).and_then(|call| call.aftercare.clone()))
    });
    let not_any_more = {
        let call = call.clone();
        move |_| {
            bridge::send(&Command::WantAftercare {
                call: call.clone(),
                at: None,
                way: AftercareWay::Question,
            })
        }
    };
    // Once it is time, she is asked here too. What she has just answered stays until she has read what follows from it.
    let asks = {
        let call = call.clone();
        Memo::new(move |_| {
            let (now, over) = (state.now_ms.get(), over.get());
            let due = state.model.with(|model| model.is_asked_about(&call, now));
            answered.with(Option::is_some) || over && due
        })
    };
    view! {
        <details class="card aftercare" open=over data-test="aftercare">
            <summary>{words.aftercare_title()}</summary>
            {move || match chosen.get() {
                _ if asks.get() => view! { <Question call=call.clone() answered agreed=false/> }.into_any(),
                None => view! { <Choose call=call.clone()/> }.into_any(),
                Some(AftercareView { kept: Some(_), .. }) => {
                    view! { <p>{words.aftercare_counted()}</p> }.into_any()
                }
                Some(it) => view! {
                    <p role="status" data-test="aftercare-chosen">{words.aftercare_chosen(&moment(words, it.at))}</p>
                    <p class="small">{words.aftercare_phrase()}</p>
                    <p>{button("", "aftercare-not", words.aftercare_not(), not_any_more.clone())}</p>
                }.into_any(),
            }}
        </details>
    }
}

#[component]
fn Choose(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let picked = RwSignal::new(None::<When>);
    let (day, time) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let way = RwSignal::new(AftercareWay::Question);
    let safe_ways = state
        .model
        .with_untracked(|model| model.call(&call).and_then(|call| call.intake.clone()))
        .map(|intake| intake.safe_ways)
        .filter(|it| !it.trim().is_empty());
    let at = move || {
        let time = time.get();
        // From the morning on, if she says nothing.
        let time = if time.is_empty() { "08:00" } else { &time };
        let day = match picked.get()? {
            When::Days(days) => when::fields(state.now_ms.get_untracked() + days * DAY_MS).0,
            When::OwnDay => day.get(),
        };
        when::moment(&day, time)
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(at) = at() {
            let way = way.get_untracked();
            bridge::send(&Command::WantAftercare { call: call.clone(), at: Some(at), way });
        }
    };
    let moments = MOMENTS.into_iter().enumerate().map(move |(number, it)| {
        let label = match it {
            When::Days(7) => words.aftercare_week(),
            When::Days(30) => words.aftercare_month(),
            When::Days(_) => words.aftercare_months(),
            When::OwnDay => words.aftercare_own_day(),
        };
        radio(
            "aftercare-when",
            format!("aftercare-when-{number}"),
            label,
            move || picked.get() == Some(it),
            move || picked.set(Some(it)),
        )
    });
    let ways = [
        (AftercareWay::Question, "aftercare-question", words.aftercare_question()),
        (AftercareWay::Talk, "aftercare-talk", words.aftercare_talk()),
    ];
    let ways = ways.map(move |(it, mark, label)| {
        radio("aftercare-way", mark.to_owned(), label, move || way.get() == it, move || way.set(it))
    });
    view! {
        <form autocomplete="off" on:submit=send data-test="aftercare-form">
            <p>{words.aftercare_about()}</p>
            {safe_ways.map(|said| view! {
                <p class="note" data-test="aftercare-safe">{words.aftercare_safe()}" "<q dir="auto" translate="no">{said}</q></p>
            })}
            <fieldset><legend>{words.aftercare_when()}</legend><div class="picks-column">{moments.collect_view()}</div></fieldset>
            {move || (picked.get() == Some(When::OwnDay)).then(|| field("date", "aftercare-day", words.plan_day(), None, day))}
            {field("time", "aftercare-time", words.aftercare_time(), None, time)}
            <fieldset><legend>{words.aftercare_how()}</legend><div class="picks-column">{ways.collect_view()}</div></fieldset>
            <p><button type="submit" data-test="aftercare-go" disabled=move || at().is_none()>{words.aftercare_go()}</button></p>
        </form>
    }
}

/// Once it is time, wherever she is on the way in. What was agreed stands above the question.
#[component]
pub(crate) fn Asked() -> impl IntoView {
    let state = state();
    // What she has just answered stays until she has read what follows from it.
    let answered = RwSignal::new(None::<CallId>);
    let about = Memo::new(move |_| {
        let now = state.now_ms.get();
        let due = || state.model.with(|model| model.asks_about(now).map(|call| call.call.clone()));
        answered.get().or_else(due)
    });
    move || about.get().map(|call| view! { <Question call answered agreed=true/> })
}

/// `agreed`: what was agreed stands above it, for it stands nowhere else there.
#[component]
fn Question(call: CallId, answered: RwSignal<Option<CallId>>, agreed: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let known = call.clone();
    let it = Memo::new(move |_| {
        state.model.with(|model| model.call(&known).and_then(|call| call.aftercare.clone()))
    });
    let kept = Memo::new(move |_| it.with(|it| it.as_ref().and_then(|it| it.kept)));
    let talk = it.with_untracked(|it| it.as_ref().is_some_and(|it| it.way == AftercareWay::Talk));
    let (above, reached, more) = (agreed.then(|| call.clone()), call.clone(), call.clone());
    let degrees = [
        (Degree::Yes, "aftercare-yes", words.answer_yes()),
        (Degree::Partly, "aftercare-partly", words.aftercare_partly()),
        (Degree::No, "aftercare-no", words.answer_no()),
    ];
    let answer = move |(kept, mark, label): (Degree, &'static str, &'static str)| {
        let call = call.clone();
        button("", mark, label, move |_| {
            answered.set(Some(call.clone()));
            bridge::send(&Command::AnswerAftercare { call: call.clone(), kept });
        })
    };
    view! {
        <section class="card aftercare-asked" data-test="aftercare-asked">
            <h2>{words.aftercare_asked()}</h2>
            {above.map(|call| view! { <Agreed call open=true/> })}
            {move || match kept.get() {
                None => view! {
                    <p class="small">{words.aftercare_count()}</p>
                    <p class="buttons">{degrees.map(answer.clone()).collect_view()}</p>
                    {talk.then(|| view! { <Reach call=reached.clone()/> })}
                }.into_any(),
                Some(kept) => {
                    let text = if kept == Degree::Yes { words.aftercare_thanks() } else { words.aftercare_sorry() };
                    view! {
                        <p role="status" data-test="aftercare-answered">{text}</p>
                        {(talk || kept != Degree::Yes).then(|| view! { <Reach call=more.clone()/> })}
                        <p>{button("plain", "aftercare-close", words.aftercare_close(), move |_| answered.set(None))}</p>
                    }.into_any()
                }
            }}
        </section>
    }
}

/// To whoever led the call, if its room is still there, or else to whoever is on duty.
#[component]
pub(crate) fn Reach(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let here = Memo::new({
        let call = call.clone();
        move |_| state.model.with(|model| model.call(&call).is_some_and(|call| call.room.is_some()))
    });
    move || {
        let call = call.clone();
        let (text, about) = match here.get() {
            true => (words.aftercare_reach(), words.call_reopen_about()),
            false => (words.choose_professional(), words.aftercare_anew()),
        };
        view! {
            <p class="small">{about}</p>
            <p>{button("main", "aftercare-reach", text, move |_| reach(state, &call, here.get_untracked()))}</p>
        }
    }
}

fn reach(state: State, call: &CallId, here: bool) {
    if here {
        bridge::send(&Command::Reopen { call: call.clone() });
        state.open(Opened::Call(call.clone()));
    } else {
        state.wants_somebody(Urgency::Now);
    }
}

/// Calls that are over, to look up what was agreed.
pub(super) fn look_up(state: State) -> impl IntoView {
    let words = state.words;
    let calls = state.model.with(|model| {
        model.looked_up().into_iter().map(|call| (call.call.clone(), call.raised_at)).collect::<Vec<_>>()
    });
    let row = move |(call, raised_at): (CallId, u64)| {
        let text = words.agreed_look_up(&when::weekday(words, raised_at));
        view! {
            <li><button type="button" class="plain" data-test="look-up" on:click=move |_| state.open(Opened::Call(call.clone()))>{text}</button></li>
        }
    };
    (!calls.is_empty())
        .then(|| view! { <ul class="plain-list">{calls.into_iter().map(row).collect_view()}</ul> })
}

/// Of a call whose room is gone: nothing but what was agreed is left, until she does not want that any more.
#[component]
pub(crate) fn PutAway(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let known = call.clone();
    let alone = Memo::new(move |_| {
        state.model.with(|model| {
            let over = |state: &CallState| matches!(state, CallState::Closed | CallState::Rests);
            model.call(&known).is_some_and(|call| call.room.is_none() && over(&call.state))
        })
    });
    move || {
        let away = Command::PutCallAway { call: call.clone() };
        alone.get().then(|| {
            view! {
                <p class="small">{words.agreed_alone()}</p>
                <p>{button("plain", "call-away", words.agreed_away(), move |_| bridge::send(&away))}</p>
            }
        })
    }
}

fn moment(words: Words, at: u64) -> String {
    format!("{} {}", when::weekday(words, at), when::time(at))
}
