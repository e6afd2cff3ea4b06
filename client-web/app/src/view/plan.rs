//! A coordinator's calendar: what is planned, and a form for the next.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, PlannedView, Role};

use super::calendar::line;
use super::when;
use crate::bridge;
use crate::state::{State, state};

/// Lengths that are offered, in minutes.
const LENGTHS: [u16; 4] = [60, 75, 90, 120];
const SIZES: [u8; 4] = [5, 8, 10, 15];
const LANGUAGES: [&str; 3] = ["nl", "en", "ar"];

/// The calendar as she keeps it.
#[component]
pub(crate) fn Plan(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let planned = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.ahead(now).collect::<Vec<_>>())
    });
    let overloaded = Memo::new(move |_| state.model.with(crate::model::Model::overloaded));
    let row = move |session: PlannedView| {
        let label = words.plan_remove_of(&session.theme);
        let unplan = Command::Unplan { session: session.id.clone() };
        view! {
            <li data-test="plan-item"><div>{line(words, &session)}</div>
                <button type="button" aria-label=label data-test="unplan" disabled=not_now
                    on:click=move |_| send(state, &unplan)>{words.plan_remove()}</button></li>
        }
    };
    view! {
        <h2>{words.plan_title()}</h2>
        {move || planned.with(Vec::is_empty).then(|| view! { <p class="small">{words.plan_nothing()}</p> })}
        <ul class="work"><For each=move || planned.get() key=Clone::clone children=row/></ul>
        <div role="status">{move || overloaded.get().into_iter().map(|host| view! {
            <p class="note" data-test="overloaded">{words.plan_overloaded(&host)}</p> }).collect_view()}</div>
        <Form not_now/>
    }
}

/// A new session.
#[component]
fn Form(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let (theme, day, time) = (text(""), text(""), text("20:00"));
    let (minutes, size) = (RwSignal::new(90_u16), RwSignal::new(10_u8));
    let language = RwSignal::new(words.lang().code().to_owned());
    let workshop = RwSignal::new(false);
    let (picked, by_invitation) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false));
    let hosts = Memo::new(move |_| {
        state.model.with(|model| {
            let colleagues = model.office.iter().flat_map(|office| &office.colleagues);
            let leads = |role| role == Role::Host || workshop.get() && role == Role::Presenter;
            let hosts = colleagues.filter(|it| leads(it.role) && !it.ended);
            hosts.map(|it| it.alias.clone()).collect::<Vec<_>>()
        })
    });
    let begins_at = move || when::moment(&day.get(), &time.get());
    let complete = move || {
        begins_at().is_some() && !theme.with(|theme| theme.trim().is_empty()) && !picked.with(Vec::is_empty)
    };
    let plan = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(begins_at) = begins_at().filter(|_| complete() && !not_now.get()) else { return };
        let session = PlannedView {
            id: String::new(),
            begins_at,
            minutes: minutes.get(),
            theme: theme.get(),
            hosts: picked.get(),
            size: size.get(),
            language: language.get(),
            by_invitation: by_invitation.get(),
            open: false,
            workshop: workshop.get(),
        };
        send(state, &Command::Plan { session });
        theme.set(String::new());
    };
    let host = move |alias: String| {
        let this = alias.clone();
        let checked = Memo::new(move |_| picked.with(|picked| picked.contains(&this)));
        let name = alias.clone();
        view! {
            <label class="pick"><input type="checkbox" data-test="plan-host" prop:checked=checked on:change=move |_| {
                picked.update(|picked| match picked.iter().position(|it| *it == alias) {
                    Some(at) => drop(picked.remove(at)),
                    None => picked.push(alias.clone()),
                });
            }/><span><bdi>{name}</bdi></span></label>
        }
    };
    let lengths = LENGTHS.map(|it| {
        view! { <option value=it selected=move || minutes.get() == it>{words.plan_minutes(u64::from(it))}</option> }
    });
    let sizes = SIZES.map(|it| {
        view! { <option value=it selected=move || size.get() == it>{words.planned_size(u64::from(it))}</option> }
    });
    let languages = LANGUAGES.map(|it| {
        view! { <option value=it selected=move || language.get() == it>{words.planned_language(it)}</option> }
    });
    view! {
        <h3>{words.plan_new()}</h3>
        <form class="plan" autocomplete="off" on:submit=plan data-test="plan">
            <label class="field">{words.plan_theme()}
                <input type="text" dir="auto" maxlength="60" autocomplete="off" data-test="plan-theme" prop:value=theme
                    on:input:target=move |event| theme.set(event.target().value())/></label>
            <label class="field">{words.plan_day()}
                <input type="date" data-test="plan-day" prop:value=day on:input:target=move |event| day.set(event.target().value())/></label>
            <label class="field">{words.plan_time()}
                <input type="time" data-test="plan-time" prop:value=time on:input:target=move |event| time.set(event.target().value())/></label>
            <label class="field">{words.plan_length()}
                <select data-test="plan-minutes" on:change:target=move |event| event.target().value().parse().into_iter().for_each(|it| minutes.set(it))>
                    {lengths}</select></label>
            <label class="field">{words.plan_size()}
                <select data-test="plan-size" on:change:target=move |event| event.target().value().parse().into_iter().for_each(|it| size.set(it))>
                    {sizes}</select></label>
            <label class="field">{words.plan_language()}
                <select data-test="plan-language" on:change:target=move |event| language.set(event.target().value())>{languages}</select></label>
            <fieldset class="picks"><legend>{words.plan_hosts()}</legend>
                <For each=move || hosts.get() key=Clone::clone children=host/></fieldset>
            <label class="pick"><input type="checkbox" data-test="plan-by-invitation" prop:checked=by_invitation
                on:change=move |_| by_invitation.update(|it| *it = !*it)/><span>{words.planned_by_invitation()}</span></label>
            <label class="pick"><input type="checkbox" data-test="plan-workshop" prop:checked=workshop
                on:change=move |_| workshop.update(|it| *it = !*it)/><span>{words.plan_workshop()}</span></label>
            <p><button type="submit" data-test="plan-go" disabled=move || not_now.get() || !complete()>{words.plan_go()}</button></p>
        </form>
    }
}

fn text(value: &str) -> RwSignal<String> {
    RwSignal::new(value.to_owned())
}

fn send(state: State, command: &Command) {
    state.model.update(|model| model.notice = None);
    bridge::send(command);
}
