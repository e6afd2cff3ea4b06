//! Numbers that answer, for a coordinator: when each was checked, those of her own region, and one more.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, OwnLineView};

use crate::bridge;
use crate::lines::LINES;
use crate::model::own_lines::{Month, is_line_number, is_stale, month_of};
use crate::state::{State, state};

/// One of the list.
#[derive(Clone, Eq, Hash, PartialEq)]
struct Row {
    id: String,
    number: String,
    about: String,
    checked: Month,
    stale: bool,
    own: bool,
}

/// All numbers, those that should be looked at first; and a form for one more.
#[component]
pub(crate) fn OwnLines(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let rows = Memo::new(move |_| rows(state));
    let old = Memo::new(move |_| rows.with(|rows| rows.iter().filter(|row| row.stale).count() as u64));
    let row = move |row: Row| {
        let Row { id, number, about, checked: (year, month), stale, own } = row;
        let check = Command::CheckLine { line: id.clone() };
        let remove = Command::RemoveLine { line: id };
        view! {
            <li data-test="line-item" data-stale=stale.to_string()>
                <div><p><bdi class="name" dir="ltr">{number.clone()}</bdi>" "<span dir=own.then_some("auto")>{about}</span></p>
                    <p class="small">{words.checked(month, year)}</p>
                    {stale.then(|| view! { <p class="waits">{words.lines_stale()}</p> })}</div>
                <button type="button" aria-label=words.lines_check_of(&number) data-test="line-check" disabled=not_now
                    on:click=move |_| bridge::send(&check)>{words.lines_check()}</button>
                {own.then(|| view! {
                    <button type="button" aria-label=words.lines_remove_of(&number) data-test="line-remove" disabled=not_now
                        on:click=move |_| bridge::send(&remove)>{words.lines_remove()}</button>
                })}
            </li>
        }
    };
    view! {
        <h2>{words.lines_title()}</h2>
        <p class="small">{words.lines_about()}</p>
        <div role="status">{move || (old.get() > 0).then(|| view! {
            <p class="note" data-test="lines-old">{words.lines_old(old.get())}</p> })}</div>
        <details class="card" data-test="lines-open"><summary>{words.lines_all()}</summary>
            <ul class="work"><For each=move || rows.get() key=Clone::clone children=row/></ul>
            <Form not_now/>
        </details>
    }
}

fn rows(state: State) -> Vec<Row> {
    let words = state.words;
    let now = state.now_ms.get();
    let mut rows: Vec<Row> = state.model.with(|model| {
        let own = model.own_lines().lines.iter().map(|line| {
            let checked = month_of(line.checked);
            (line.id.clone(), line.number.clone(), line.about.clone(), checked, true)
        });
        let all = LINES.iter().map(|line| {
            let (id, shown) = (line.id.to_owned(), line.shown.to_owned());
            (id, shown, words.line_note(line.id), model.checked(line), false)
        });
        let row = |(id, number, about, checked, own)| Row {
            id,
            number,
            about,
            checked,
            stale: is_stale(checked, now),
            own,
        };
        own.chain(all).map(row).collect()
    });
    rows.sort_by_key(|row| (!row.stale, row.checked));
    rows
}

#[component]
fn Form(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let text = || RwSignal::new(String::new());
    let (number, about, happens) = (text(), text(), text());
    let acts = RwSignal::new(false);
    let lacks = RwSignal::new(None::<&'static str>);
    let field = move |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <p class="field"><label for=id>{label}</label>
                <input id=id type="text" autocomplete="off" spellcheck="false" dir="auto" placeholder=" " data-test=id prop:value=value
                    on:input:target=move |event| value.set(event.target().value())/></p>
        }
    };
    view! {
        <form class="plan" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            lacks.set(if !is_line_number(number.get().trim()) {
                Some(words.lines_no_number())
            } else if about.get().trim().is_empty() || happens.get().trim().is_empty() {
                Some(words.lines_no_words())
            } else {
                None
            });
            if lacks.get().is_none() {
                bridge::send(&Command::PutLine(OwnLineView {
                    number: number.get(),
                    about: about.get(),
                    happens: happens.get(),
                    acts: acts.get(),
                    language: words.lang().code().to_owned(),
                    ..OwnLineView::default()
                }));
                [number, about, happens].into_iter().for_each(|it| it.set(String::new()));
                acts.set(false);
            }
        }>
            {field("line-number", words.lines_number(), number)}
            {field("line-about", words.lines_whose(), about)}
            {field("line-happens", words.lines_happens(), happens)}
            <label class="pick"><input type="checkbox" data-test="line-acts" prop:checked=acts
                on:change:target=move |event| acts.set(event.target().checked())/><span>{words.lines_acts()}</span></label>
            <div role="status">{move || lacks.get().map(|text| view! { <p class="note" data-test="line-lacks">{text}</p> })}</div>
            <p><button type="submit" data-test="line-go" disabled=not_now>{words.lines_go()}</button></p>
        </form>
    }
}

/// Those of the organisation, below the others; with when each was checked.
#[component]
pub(crate) fn Listed() -> impl IntoView {
    let state = state();
    let words = state.words;
    let lines = Memo::new(move |_| state.model.with(|model| model.own_lines().lines.clone()));
    let row = move |line: OwnLineView| {
        let OwnLineView { number, tel, about, happens, acts, language, checked, .. } = line;
        let (year, month) = month_of(checked);
        view! {
            <li data-test="own-line">
                <a class="number" dir="ltr" href=format!("tel:{tel}") aria-label=words.call_number(&number)>{number.clone()}</a>
                <p><span lang=language dir="auto"><strong>{about}</strong>" "{happens}</span>
                    {acts.then(|| view! { " "{words.lines_may_act()} })}" "
                    <span class="small">{words.checked(month, year)}</span></p>
            </li>
        }
    };
    move || {
        (!lines.with(Vec::is_empty)).then(|| {
            view! {
                <h2>{words.lines_near()}</h2>
                <ul class="lines own-lines">{lines.get().into_iter().map(row).collect_view()}</ul>
            }
        })
    }
}
