//! The emergency card: one press away on every screen, and in need of no network.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::Title;
use super::button::button;
use crate::lines::{Line, Place, lines};
use crate::state::{State, state};

/// In the bar of every screen: the way to the card.
#[component]
pub(crate) fn Bar(state: State) -> impl IntoView {
    let label = state.words.danger_short();
    view! {
        <button type="button" class="to-danger" data-test="danger" aria-expanded=move || state.danger.get().to_string()
            on:click=move |_| state.danger.update(|shown| *shown = !*shown)>{label}</button>
    }
}

/// The card on top of a screen.
#[component]
pub(crate) fn Danger() -> impl IntoView {
    let state = state();
    let words = state.words;
    view! {
        <section class="card danger" data-test="danger-card">
            <Title text=words.danger_title().to_owned()/>
            <p>{words.danger_lead()}</p>
            <Lines place=Place::Emergency/>
            <p class="small">{words.danger_trace()}</p>
            <h2>{words.danger_more()}</h2>
            <Lines place=Place::More/>
            <super::own_lines::Listed/>
            <p>{button("", "danger-back", words.danger_back(), move |_| put_away(state))}</p>
        </section>
    }
}

/// What had the focus is hidden or gone; the way to the card is where it always is.
fn put_away(state: State) {
    state.danger.set(false);
    if let Ok(Some(bar)) = document().query_selector(".to-danger")
        && let Ok(bar) = bar.dyn_into::<web_sys::HtmlElement>()
    {
        let _ = bar.focus();
    }
}

/// Numbers, with what each is for and when it was checked.
#[component]
pub(crate) fn Lines(place: Place) -> impl IntoView {
    let words = state().words;
    let row = |line: Line| view! { <li>{number(line)}<p>{words.line_note(line.id)}</p></li> };
    let state = state();
    let checked = move || state.model.with(|model| lines(place).map(|line| model.checked(&line)).min());
    view! {
        <ul class="lines">{lines(place).map(row).collect_view()}</ul>
        {move || checked().map(|(year, month)| view! { <p class="small">{words.checked(month, year)}</p> })}
    }
}

/// The emergency numbers in little space, below a call that may stay without answer.
#[component]
pub(crate) fn LinesInShort() -> impl IntoView {
    let words = state().words;
    let row = |line: Line| view! { <li>{number(line)}</li> };
    view! {
        <aside class="card danger short" aria-label=words.call_lines() data-test="lines">
            <p>{words.call_lines()}</p>
            <ul class="lines">{lines(Place::Emergency).map(row).collect_view()}</ul>
        </aside>
    }
}

fn number(line: Line) -> AnyView {
    let words = state().words;
    let shown = line.shown;
    match line.tel {
        Some(tel) => view! {
            <a class="number" dir="ltr" href=format!("tel:{tel}") aria-label=words.call_number(shown)>{shown}</a>
        }
        .into_any(),
        None => view! { <span class="number" dir="ltr">{shown}</span> }.into_any(),
    }
}
