//! A coordinator's calendar: what is planned, and a form for the next, or to change one.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
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
    let overloaded = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.overloaded(now))
    });
    let changing = RwSignal::new(None::<PlannedView>);
    // What was taken out meanwhile is not put in again by saving it.
    Effect::new(move |_| {
        let known: Vec<_> = planned.with(|planned| planned.iter().map(|it| it.id.clone()).collect());
        if changing.with_untracked(|it| it.as_ref().is_some_and(|it| !known.contains(&it.id))) {
            changing.set(None);
        }
    });
    let row = move |session: PlannedView| {
        let change = words.plan_change_of(&session.theme);
        let this = session.clone();
        let label = words.plan_remove_of(&session.theme);
        let unplan = Command::Unplan { session: session.id.clone() };
        view! {
            <li data-test="plan-item"><div>{line(words, &session)}</div>
                <button type="button" aria-label=change data-test="replan" disabled=not_now
                    on:click=move |_| changing.set(Some(this.clone()))>{words.plan_change()}</button>
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
        <Form not_now changing/>
    }
}

/// A new session; or one that is changed, which keeps its id.
#[component]
fn Form(not_now: Memo<bool>, changing: RwSignal<Option<PlannedView>>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let (theme, day, time) = (text(""), text(""), text("20:00"));
    let (minutes, size) = (RwSignal::new(90_u16), RwSignal::new(10_u8));
    let language = RwSignal::new(words.lang().code().to_owned());
    let workshop = RwSignal::new(false);
    let (picked, by_invitation) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false));
    let first = NodeRef::<Input>::new();
    let written = move |id: String, begins_at: u64| PlannedView {
        id,
        begins_at,
        minutes: minutes.get_untracked(),
        theme: theme.get_untracked(),
        hosts: picked.get_untracked(),
        size: size.get_untracked(),
        language: language.get_untracked(),
        by_invitation: by_invitation.get_untracked(),
        open: false,
        workshop: workshop.get_untracked(),
    };
    let fill = move |session: PlannedView, (date, clock): (String, String)| {
        theme.set(session.theme);
        day.set(date);
        time.set(clock);
        minutes.set(session.minutes);
        size.set(session.size);
        language.set(session.language);
        workshop.set(session.workshop);
        by_invitation.set(session.by_invitation);
        picked.set(session.hosts);
        if let Some(first) = first.get_untracked() {
            // A page that is going has no focus to give.
            let _ = first.focus();
        }
    };
    // What is to be changed comes into the form, and she to its first field; afterwards what she was writing before.
    Effect::new(move |before: Option<Option<(PlannedView, (String, String))>>| {
        let before = before.flatten();
        let Some(session) = changing.get() else {
            before.into_iter().for_each(|(session, begins)| fill(session, begins));
            return None;
        };
        let new = || (written(String::new(), 0), (day.get_untracked(), time.get_untracked()));
        let before = before.unwrap_or_else(new);
        let begins = when::fields(session.begins_at);
        fill(session, begins);
        Some(before)
    });
    let hosts = Memo::new(move |_| {
        state.model.with(|model| {
            let colleagues = model.office.iter().flat_map(|office| &office.colleagues);
            let leads = |role| role == Role::Host || workshop.get() && role == Role::Presenter;
            let hosts = colleagues.filter(|it| leads(it.role) && !it.ended);
            let mut hosts: Vec<_> = hosts.map(|it| it.alias.clone()).collect();
            // Whoever was planned and leads nothing any more can be taken out.
            let gone = picked
                .with(|picked| picked.iter().filter(|it| !hosts.contains(it)).cloned().collect::<Vec<_>>());
            hosts.extend(gone);
            hosts
        })
    });
    let begins_at = move || when::moment(&day.get(), &time.get());
    let complete = move || {
        begins_at().is_some() && !theme.with(|theme| theme.trim().is_empty()) && !picked.with(Vec::is_empty)
    };
    let plan = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(begins_at) = begins_at().filter(|_| complete() && !not_now.get()) else { return };
        let changed = changing.get_untracked();
        let session = written(changed.as_ref().map(|it| it.id.clone()).unwrap_or_default(), begins_at);
        send(state, &Command::Plan { session });
        match changed {
            Some(_) => changing.set(None),
            None => theme.set(String::new()),
        }
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
        <h3 data-test="plan-what">{move || if changing.with(Option::is_some) { words.plan_changing() } else { words.plan_new() }}</h3>
        <form class="plan" autocomplete="off" on:submit=plan data-test="plan">
            <label class="field">{words.plan_theme()}
                <input type="text" dir="auto" placeholder=" " maxlength="60" autocomplete="off" data-test="plan-theme" node_ref=first prop:value=theme
                    on:input:target=move |event| theme.set(event.target().value())/></label>
            <label class="field">{words.plan_day()}
                <input type="date" data-test="plan-day" prop:value=day on:input:target=move |event| day.set(event.target().value())/></label>
            <label class="field">{words.plan_time()}
                <input type="time" data-test="plan-time" prop:value=time on:input:target=move |event| time.set(event.target().value())/></label>
            <label class="field">{words.plan_length()}
                <select data-test="plan-minutes" prop:value=move || minutes.get().to_string() on:change:target=move |event| event.target().value().parse().into_iter().for_each(|it| minutes.set(it))>
                    {lengths}</select></label>
            <label class="field">{words.plan_size()}
                <select data-test="plan-size" prop:value=move || size.get().to_string() on:change:target=move |event| event.target().value().parse().into_iter().for_each(|it| size.set(it))>
                    {sizes}</select></label>
            <label class="field">{words.plan_language()}
                <select data-test="plan-language" prop:value=language on:change:target=move |event| language.set(event.target().value())>{languages}</select></label>
            <fieldset class="picks"><legend>{words.plan_hosts()}</legend>
                <For each=move || hosts.get() key=Clone::clone children=host/></fieldset>
            <label class="pick"><input type="checkbox" data-test="plan-by-invitation" prop:checked=by_invitation
                on:change=move |_| by_invitation.update(|it| *it = !*it)/><span>{words.planned_by_invitation()}</span></label>
            <label class="pick"><input type="checkbox" data-test="plan-workshop" prop:checked=workshop
                on:change=move |_| workshop.update(|it| *it = !*it)/><span>{words.plan_workshop()}</span></label>
            <p class="buttons"><button type="submit" data-test="plan-go" disabled=move || not_now.get() || !complete()>
                {move || if changing.with(Option::is_some) { words.plan_save() } else { words.plan_go() }}</button>
                {move || changing.with(Option::is_some).then(|| view! {
                    <button type="button" data-test="plan-not" on:click=move |_| changing.set(None)>{words.back()}</button> })}</p>
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
