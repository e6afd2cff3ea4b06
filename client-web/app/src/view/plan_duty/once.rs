//! What is different for once: somebody more, somebody less, somebody in the place of another; and holidays.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{DutyChange, DutyOverrideView, DutyTemporaryView};

use super::Draft;
use super::layer::short;
use crate::view::when;
use crate::words::Words;

/// What is different for once in a service, and a form for one more.
#[component]
pub(super) fn Overrides(draft: Draft, service: usize) -> impl IntoView {
    let words = draft.state.words;
    let rows = Memo::new(move |_| {
        let overrides = draft.service(service, |it| it.overrides.clone()).into_iter().enumerate();
        overrides.map(|(at, it)| (at, change_text(draft, &it))).collect::<Vec<_>>()
    });
    let stretches = Memo::new(move |_| {
        let stretches = draft.service(service, |it| it.temporaries.clone()).into_iter().enumerate();
        stretches.map(|(at, it)| (at, stretch_text(words, &it))).collect::<Vec<_>>()
    });
    let row = move |(at, text): (usize, String)| {
        let remove = move || {
            draft.change_service(service, |it| {
                drop((at < it.overrides.len()).then(|| it.overrides.remove(at)))
            });
        };
        removable(words, ["duty-change", "duty-remove-change"], text, remove)
    };
    let stretch = move |(at, text): (usize, String)| {
        let remove = move || {
            draft.change_service(service, |it| {
                drop((at < it.temporaries.len()).then(|| it.temporaries.remove(at)));
            });
        };
        removable(words, ["duty-temporary", "duty-remove-temporary"], text, remove)
    };
    view! {
        <h3>{words.duty_once()}</h3>
        <ul class="work">
            <For each=move || stretches.get() key=Clone::clone children=stretch/>
            <For each=move || rows.get() key=Clone::clone children=row/>
        </ul>
        <NewChange draft service/>
    }
}

fn stretch_text(words: Words, it: &DutyTemporaryView) -> String {
    let (from, until) = (spaced(&it.from), spaced(&it.until));
    match it.read_at {
        Some(at) => words.duty_temporary_read(&when::day(words, at), &from, &until),
        None => words.duty_temporary(&from, &until),
    }
}

// What is different, and a button that takes it out of the plan.
fn removable(
    words: Words,
    [mark, remove_mark]: [&'static str; 2],
    text: String,
    remove: impl Fn() + 'static,
) -> impl IntoView {
    let label = words.duty_remove_change(&text);
    view! {
        <li data-test=mark><span class="line-about">{text}</span>
            <button type="button" class="plain" data-test=remove_mark aria-label=label
                on:click=move |_| remove()>{words.plan_remove()}</button></li>
    }
}

fn change_text(draft: Draft, it: &DutyOverrideView) -> String {
    let words = draft.state.words;
    let (from, until) = (spaced(&it.from), spaced(&it.until));
    match &it.change {
        DutyChange::Add(who, level) => {
            words.duty_change_add(&from, u64::from(*level), &draft.alias(who), &until)
        }
        DutyChange::Remove(who) => words.duty_change_remove(&from, &draft.alias(who), &until),
        DutyChange::Replace(who, by) => {
            words.duty_change_replace(&draft.alias(by), &from, &draft.alias(who), &until)
        }
    }
}

// `2026-12-01 08:00`: days are read as they are typed here.
pub(super) fn spaced(time: &str) -> String {
    short(time).replace('T', " ")
}

#[component]
fn NewChange(draft: Draft, service: usize) -> impl IntoView {
    let words = draft.state.words;
    let text = || RwSignal::new(String::new());
    let (kind, who, by, from, until) = (text(), text(), text(), text(), text());
    kind.set("replace".to_owned());
    let replaces = move || kind.with(|kind| kind == "replace");
    let change = move || {
        let (who, by) = (who.get(), by.get());
        let given = !who.is_empty() && (!replaces() || !by.is_empty() && by != who);
        given.then(|| match kind.get().as_str() {
            "add" => DutyChange::Add(who, 1),
            "remove" => DutyChange::Remove(who),
            _ => DutyChange::Replace(who, by),
        })
    };
    let backwards = move || !until.with(String::is_empty) && until.get() <= from.get();
    let complete = move || {
        change().is_some() && !from.with(String::is_empty) && !until.with(String::is_empty) && !backwards()
    };
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(change) = change().filter(|_| complete()) else { return };
        let it = DutyOverrideView { from: from.get(), until: until.get(), change, taken: None };
        draft.change_service(service, |service| service.overrides.push(it));
        [who, by, from, until].into_iter().for_each(|field| field.set(String::new()));
    };
    let people = Memo::new(move |_| {
        let name = draft.service(service, |it| it.name.clone());
        draft.known(|duty| duty.people_of(&name))
    });
    let pick = move |mark: &'static str, label: &'static str, picked: RwSignal<String>| {
        let options = move || {
            let option = move |account: String, alias: String| {
                let this = account.clone();
                let selected = move || picked.with(|picked| *picked == this);
                view! { <option value=account prop:selected=selected>{alias}</option> }
            };
            people.get().into_iter().map(|it| option(it.account, it.alias)).collect_view()
        };
        view! {
            <label class="field">{label}
                <select data-test=mark on:change:target=move |event| picked.set(event.target().value())>
                    <option value={""} prop:selected=move || picked.with(String::is_empty)>{words.duty_pick_person()}</option>
                    {options}
                </select></label>
        }
    };
    let kinds = [
        ("replace", words.duty_kind_replace()),
        ("remove", words.duty_kind_remove()),
        ("add", words.duty_kind_add()),
    ];
    let kinds = kinds.map(|(value, text)| {
        view! { <option value=value prop:selected=move || kind.with(|kind| kind == value)>{text}</option> }
    });
    view! {
        <form autocomplete="off" on:submit=add data-test="duty-new-change">
            <label class="field">{words.duty_kind()}
                <select data-test="duty-kind" on:change:target=move |event| kind.set(event.target().value())>{kinds}</select></label>
            {pick("duty-change-who", words.duty_change_who(), who)}
            {move || replaces().then(|| pick("duty-change-by", words.duty_change_by(), by))}
            {moment("duty-change-from", words.duty_from(), from)}
            {moment("duty-change-until", words.duty_until(), until)}
            <p role="status" class="small">{move || backwards().then(|| words.duty_fault_backwards())}</p>
            <p><button type="submit" data-test="duty-add-change" disabled=move || !complete()>{words.duty_add_change()}</button></p>
        </form>
    }
}

fn moment(mark: &'static str, label: &'static str, typed: RwSignal<String>) -> impl IntoView {
    view! {
        <label class="field">{label}
            <input type="datetime-local" data-test=mark prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())/></label>
    }
}

/// Days on which layers may do otherwise.
#[component]
pub(super) fn Holidays(draft: Draft) -> impl IntoView {
    let words = draft.state.words;
    let rows = Memo::new(move |_| draft.with(|plan| plan.holidays.clone()));
    let (day, name) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let complete = move || !day.with(String::is_empty);
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        if complete() {
            let holiday = (day.get(), name.get().trim().to_owned());
            draft.change(|plan| {
                plan.holidays.retain(|(known, _)| *known != holiday.0);
                plan.holidays.push(holiday);
                plan.holidays.sort();
            });
            day.set(String::new());
            name.set(String::new());
        }
    };
    view! {
        <fieldset class="card"><legend><strong>{words.duty_holidays_title()}</strong></legend>
            <ul class="work"><For each=move || rows.get() key=Clone::clone children=move |it| holiday(draft, words, it)/></ul>
            <form autocomplete="off" on:submit=add>
                <label class="field">{words.plan_day()}
                    <input type="date" data-test="duty-holiday-day" prop:value=day on:input:target=move |event| day.set(event.target().value())/></label>
                <label class="field">{words.duty_holiday_name()}
                    <input type="text" dir="auto" maxlength="40" data-test="duty-holiday-name" prop:value=name
                        on:input:target=move |event| name.set(event.target().value())/></label>
                <p><button type="submit" data-test="duty-add-holiday" disabled=move || !complete()>{words.duty_add_holiday()}</button></p>
            </form>
        </fieldset>
    }
}

fn holiday(draft: Draft, words: Words, (day, name): (String, String)) -> impl IntoView {
    let label = words.duty_remove_change(&day);
    let this = day.clone();
    view! {
        <li data-test="duty-holiday"><span class="line-about">{day}" "<bdi>{name}</bdi></span>
            <button type="button" class="plain" data-test="duty-remove-holiday" aria-label=label
                on:click=move |_| draft.change(|plan| plan.holidays.retain(|(known, _)| *known != this))>{words.plan_remove()}</button></li>
    }
}
