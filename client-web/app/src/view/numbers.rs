//! How sessions were, in numbers, for a coordinator.

use leptos::prelude::*;
use lotgenoot_messages::MonthView;

use crate::state::state;
use crate::words::Words;

/// A table for each month.
#[component]
pub(crate) fn Numbers() -> impl IntoView {
    let state = state();
    let words = state.words;
    let months = Memo::new(move |_| state.model.with(|model| model.surveys.clone()));
    view! {
        <h2>{words.numbers_title()}</h2>
        <p class="small">{words.numbers_about()}</p>
        {move || months.with(Vec::is_empty).then(|| view! { <p data-test="numbers-none">{words.numbers_none()}</p> })}
        {move || months.get().into_iter().map(|month| table(words, &month)).collect_view()}
    }
}

fn table(words: Words, month: &MonthView) -> impl IntoView + use<> {
    let questions =
        [words.survey_heard(), words.survey_respected(), words.survey_informed(), words.survey_helped()];
    let cell = |count: &Option<u64>| {
        let text = count.map_or_else(|| words.numbers_few().to_owned(), |count| count.to_string());
        view! { <td dir="ltr">{text}</td> }
    };
    let row = |(question, counts): (&'static str, &Vec<Option<u64>>)| {
        view! { <tr><th scope="row">{question}</th>{counts.iter().rev().map(cell).collect_view()}</tr> }
    };
    let rows = questions.into_iter().zip(&month.counts).map(row).collect_view();
    let title = words.numbers_month(u64::from(month.month), u64::from(month.year));
    view! {
        <table class="numbers" data-test="numbers"><caption>{title}</caption>
            <thead><tr><td>{""}</td><th scope="col">{words.answer_yes()}</th><th scope="col">{words.survey_partly()}</th>
                <th scope="col">{words.answer_no()}</th></tr></thead>
            <tbody>{rows}</tbody></table>
    }
}
