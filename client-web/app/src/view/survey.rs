//! Four questions after a session. None need be answered.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Degree, RoomId, Writing};

use crate::bridge;
use crate::model::Notice;
use crate::state::state;

/// Below a group that is over.
#[component]
pub(crate) fn Survey(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let answers = RwSignal::new([None::<Degree>; 4]);
    let sent = RwSignal::new(false);
    let writing = Writing::Survey(room.clone());
    let counted = Memo::new(move |_| state.model.with(|model| model.written.contains(&writing)));
    let questions =
        [words.survey_heard(), words.survey_respected(), words.survey_informed(), words.survey_helped()];
    let question = move |(number, text): (usize, &'static str)| {
        let degrees = [
            (Degree::Yes, words.answer_yes()),
            (Degree::Partly, words.survey_partly()),
            (Degree::No, words.answer_no()),
        ];
        let pick = move |(degree, label): (Degree, &'static str)| {
            let checked = move || answers.with(|answers| answers[number] == Some(degree));
            view! {
                <label class="pick"><input type="radio" name=format!("survey-{number}") data-test="survey-answer" prop:checked=checked
                    on:change=move |_| answers.update(|answers| answers[number] = Some(degree))/><span>{label}</span></label>
            }
        };
        view! { <fieldset class="picks row"><legend>{text}</legend>{degrees.map(pick)}</fieldset> }
    };
    let some = move || answers.with(|answers| answers.iter().any(Option::is_some));
    // What did not go out can be sent again.
    Effect::new(move |_| {
        if state.model.with(|model| matches!(model.notice, Some(Notice::Failed(_)))) {
            sent.set(false);
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if some() {
            state.model.update(|model| model.notice = None);
            sent.set(true);
            bridge::send(&Command::Survey { room: room.clone(), answers: answers.get_untracked() });
        }
    };
    let form = move || {
        view! {
            <form class="card survey" on:submit=send.clone() data-test="survey">
                <h2>{words.survey_title()}</h2>
                <p class="small">{words.survey_lead()}</p>
                {questions.into_iter().enumerate().map(question).collect_view()}
                <p><button type="submit" data-test="survey-send" disabled=move || sent.get() || !some()>{words.survey_send()}</button></p>
            </form>
        }
    };
    view! {
        <div role="status">{move || counted.get().then(|| view! { <p class="note" data-test="survey-sent">{words.survey_sent()}</p> })}</div>
        {move || (!counted.get()).then(form.clone())}
    }
}
