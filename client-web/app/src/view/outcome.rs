//! How a call ended, asked of whoever led it last: whether somebody spoke with her, and then what came of it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{CallId, Command, Outcome, OutcomeCode};

use super::pick::{radio, tick};
use crate::bridge;
use crate::model::Notice;
use crate::state::state;
use crate::words::Words;

/// Until it was said.
#[component]
pub(crate) fn OutcomeForm(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = call.clone();
    let due = Memo::new(move |_| {
        state.model.with(|model| model.call(&asked).map(|call| (call.outcome_due, call.handed_over)))
    });
    move || {
        let (due, handed_over) = due.get().unwrap_or_default();
        due.then(|| view! { <Form words call=call.clone() handed_over/> })
    }
}

#[component]
fn Form(words: Words, call: CallId, handed_over: bool) -> impl IntoView {
    let state = state();
    let spoke = RwSignal::new(None::<bool>);
    let codes = RwSignal::new(Vec::<OutcomeCode>::new());
    let sent = RwSignal::new(false);
    // What was not taken can be sent again.
    Effect::new(move |_| {
        if state.model.with(|model| matches!(model.notice, Some(Notice::Failed(_)))) {
            sent.set(false);
        }
    });
    let answer = move |(is, label): (bool, &'static str)| {
        let mark = if is { "outcome-spoke" } else { "outcome-not-spoke" };
        radio(
            "outcome-spoke",
            mark.to_owned(),
            label,
            move || spoke.get() == Some(is),
            move || spoke.set(Some(is)),
        )
    };
    let code = move |code: OutcomeCode| {
        let checked = move || codes.with(|codes| codes.contains(&code));
        let toggle = move || {
            codes.update(|codes| match codes.iter().position(|it| *it == code) {
                Some(at) => drop(codes.remove(at)),
                None => codes.push(code),
            });
        };
        tick(format!("outcome-{}", code as u8), outcome_text(words, code), checked, toggle)
    };
    let offered = move |spoke: bool| {
        OutcomeCode::ALL.into_iter().filter(move |code| match code {
            OutcomeCode::NotReached => !spoke,
            OutcomeCode::HandedOver => handed_over,
            _ => true,
        })
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(spoke) = spoke.get_untracked() {
            let codes = codes.get_untracked();
            let codes = offered(spoke).filter(|code| codes.contains(code)).collect();
            state.model.update(|model| model.notice = None);
            sent.set(true);
            let outcome = Outcome { spoke, codes };
            bridge::send(&Command::PutOutcome { call: call.clone(), outcome });
        }
    };
    view! {
        <form class="card outcome" on:submit=send data-test="outcome-form">
            <h2>{words.outcome_title()}</h2>
            <p class="small">{words.outcome_about()}</p>
            <fieldset class="picks row"><legend>{words.outcome_spoke()}</legend>
                {[(true, words.answer_yes()), (false, words.answer_no())].map(answer).collect_view()}</fieldset>
            {move || spoke.get().map(|spoke| view! {
                <fieldset data-test="outcome-codes"><legend>{words.outcome_what()}</legend>
                    <div class="picks-column">{offered(spoke).map(code).collect_view()}</div></fieldset>
            })}
            <p><button type="submit" class="main" data-test="outcome-send"
                disabled=move || sent.get() || spoke.with(Option::is_none)>{words.outcome_send()}</button></p>
        </form>
    }
}

/// What came of a call, in words.
pub(crate) fn outcome_text(words: Words, code: OutcomeCode) -> &'static str {
    match code {
        OutcomeCode::Information => words.outcome_information(),
        OutcomeCode::SafetyPlan => words.outcome_safety_plan(),
        OutcomeCode::Emergency => words.outcome_emergency(),
        OutcomeCode::RestrainingOrder => words.outcome_restraining(),
        OutcomeCode::Shelter => words.outcome_shelter(),
        OutcomeCode::NoShelter => words.outcome_no_shelter(),
        OutcomeCode::Advice => words.outcome_advice(),
        OutcomeCode::ReportAgreed => words.outcome_report_agreed(),
        OutcomeCode::ReportNotAgreed => words.outcome_report_not_agreed(),
        OutcomeCode::Police => words.outcome_police(),
        OutcomeCode::LegalAid => words.outcome_legal(),
        OutcomeCode::VictimSupport => words.outcome_victim_support(),
        OutcomeCode::SexualViolence => words.outcome_sexual(),
        OutcomeCode::Care => words.outcome_care(),
        OutcomeCode::Children => words.outcome_children(),
        OutcomeCode::Housing => words.outcome_housing(),
        OutcomeCode::ContactPerson => words.outcome_contact(),
        OutcomeCode::HandedOver => words.outcome_handed_over(),
        OutcomeCode::SheLeft => words.outcome_left(),
        OutcomeCode::NotReached => words.outcome_not_reached(),
        OutcomeCode::NoNeed => words.outcome_no_need(),
        OutcomeCode::Misuse => words.outcome_misuse(),
    }
}
