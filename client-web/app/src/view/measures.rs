//! What a host can do about a whole group: its pace, who comes in, when it stops; and texts that are ready to be said.

use leptos::html::Button;
use leptos::prelude::*;
use lotgenoot_messages::{Command, FloorView, Measure, PlannedView, Role, RoomId, SessionView};

use super::button::button;
use super::focus;
use super::when;
use crate::bridge;
use crate::clock::MINUTE_MS;
use crate::state::{State, state};

/// Paces a room may have, in seconds.
const PACES: [u8; 4] = [0, 20, 40, 60];
/// How many of a newcomer's first messages may be read first.
const FIRST_WORDS: [u8; 4] = [0, 1, 2, 3];
/// Lengths of a session that are offered, in minutes.
const LENGTHS: [u64; 2] = [60, 90];
const LONGER_MS: u64 = 15 * MINUTE_MS;

/// Folded away until she wants it.
#[component]
pub(crate) fn Measures(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let floor = {
        let room = room.clone();
        Memo::new(move |_| {
            state
                .model
                .with(|model| model.room(&room).map(|room| room.view.floor.clone()).unwrap_or_default())
        })
    };
    let open = Memo::new(move |_| !matches!(floor.with(|floor| floor.session), SessionView::Closed { .. }));
    let of_room = room.clone();
    let rule = move |measure: Measure| bridge::send(&Command::Rule { room: of_room.clone(), measure });
    let slow = {
        let rule = rule.clone();
        move |seconds: u8| rule(Measure::Slow { seconds })
    };
    let newcomers = {
        let rule = rule.clone();
        move |count: u8| rule(Measure::Newcomers { words: count })
    };
    let pace_words = move |seconds: u8| match seconds {
        0 => words.measure_slow_off().to_owned(),
        seconds => words.measure_slow_seconds(u64::from(seconds)),
    };
    let first_words = move |count: u8| match count {
        0 => words.measure_newcomers_off().to_owned(),
        count => words.measure_newcomers_count(u64::from(count)),
    };
    let until = {
        let rule = rule.clone();
        LENGTHS.map(|minutes| {
            let rule = rule.clone();
            let at = move || state.now_ms.get_untracked() + minutes * MINUTE_MS;
            view! { <button type="button" data-test="until" data-minutes=minutes
            on:click=move |_| rule(Measure::Until { at: at() })>{words.measure_until(minutes)}</button> }
        })
    };
    let longer = {
        let rule = rule.clone();
        move || {
            let rule = rule.clone();
            let at = floor.with(|floor| floor.ends_at)?;
            Some(
                view! { {button("", "longer", words.measure_longer(), move |_| rule(Measure::Until { at: at + LONGER_MS }))} },
            )
        }
    };
    let paces =
        Choice { label: words.measure_slow(), mark: "pace", options: PACES, current: |it| it.slow_seconds };
    let firsts = Choice {
        label: words.measure_newcomers(),
        mark: "first-words",
        options: FIRST_WORDS,
        current: |it| it.newcomers,
    };
    view! {
        <details class="measures" data-test="measures" hidden=move || !open.get()>
            <summary>{words.measures()}</summary>
            {paces.view(floor, pace_words, slow)}
            {firsts.view(floor, first_words, newcomers)}
            <p class="buttons">{until}{longer}</p>
            <Close room=room.clone()/>
            <Ready room/>
        </details>
    }
}

/// Before a group opens: who is there, and what is missing. Opening with less is possible, and says so.
#[component]
pub(crate) fn Opening(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let attended = {
        let room = room.clone();
        Memo::new(move |_| {
            state.model.with(|model| {
                let room =
                    model.room(&room).filter(|room| room.view.floor.session == SessionView::Waiting)?;
                let hosts = room.view.members.iter().filter(|member| member.role == Role::Host).count();
                // Who is a member may be away: what the relay has counted is so.
                let present =
                    room.view.floor.not_attended.map_or(hosts, |present| hosts.min(present as usize));
                let professional = model.reaches_professional();
                Some((present, professional))
            })
        })
    };
    // The session of the calendar it is for: hers, unless she picks another one, or none.
    let to_open = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| model.to_open(now))
    });
    let picked = RwSignal::new(None::<String>);
    let planned = Memo::new(move |_| {
        to_open.with(|sessions| match picked.get() {
            Some(id) => sessions.iter().find(|session| session.id == id).cloned(),
            None => sessions.first().cloned(),
        })
    });
    let options = move || {
        let option = |session: PlannedView| {
            let chosen =
                planned.with_untracked(|planned| planned.as_ref().is_some_and(|it| it.id == session.id));
            view! { <option value=session.id.clone() selected=chosen>{words.opening_for(&session.theme, &when::time(session.begins_at))}</option> }
        };
        let sessions = to_open.get();
        (!sessions.is_empty()).then(|| view! {
            <label class="field">{words.opening_which()}
                <select data-test="opening-which" on:change:target=move |event| picked.set(Some(event.target().value()))>
                    {sessions.into_iter().map(option).collect_view()}
                    <option value={""}>{words.opening_none()}</option>
                </select></label>
        })
    };
    let open = move |alone: bool, unstaffed: bool| {
        let planned = planned.get_untracked();
        let measure = Measure::Open { alone, unstaffed, session: planned.as_ref().map(|it| it.id.clone()) };
        state.model.update(|model| model.notice = None);
        bridge::send(&Command::Rule { room: room.clone(), measure });
        if let Some(planned) = planned {
            let measure = Measure::UntilPlanned { at: planned.ends_at() };
            bridge::send(&Command::Rule { room: room.clone(), measure });
        }
    };
    let ask = move |(hosts, professional): (usize, Option<bool>)| {
        let (alone, unstaffed) = (hosts < 2, professional != Some(true));
        let reached = match professional {
            Some(true) => words.opening_staffed(),
            Some(false) => words.opening_unstaffed(),
            None => words.opening_unknown(),
        };
        let open = open.clone();
        let label = if alone || unstaffed { words.opening_anyway() } else { words.opening_open() };
        let main = !alone && !unstaffed;
        view! {
            <div class="note" data-test="opening">
                <p>{words.opening_about()}</p>
                <ul>
                    <li>{if alone { words.opening_alone() } else { words.opening_two() }}</li>
                    <li>{reached}</li>
                </ul>
                {options}
                <p class="buttons"><button type="button" class:main=main data-test="open-group" disabled=professional.is_none()
                    on:click=move |_| open(alone, unstaffed)>{label}</button></p>
            </div>
        }
    };
    view! { <div role="status">{move || attended.get().map(ask.clone())}</div> }
}

// One number out of a few.
struct Choice {
    label: &'static str,
    mark: &'static str,
    options: [u8; 4],
    current: fn(&FloorView) -> u8,
}

impl Choice {
    fn view(
        self,
        floor: Memo<FloorView>,
        words: impl Fn(u8) -> String + Copy + Send + 'static,
        chosen: impl Fn(u8) + 'static,
    ) -> impl IntoView {
        let current = Memo::new(move |_| floor.with(self.current));
        let options = self.options.map(|option| {
            view! { <option value=option selected=move || current.get() == option>{words(option)}</option> }
        });
        view! {
            <label class="field">{self.label}
                <select data-test=self.mark prop:value=move || current.get().to_string()
                    on:change:target=move |event| event.target().value().parse().into_iter().for_each(&chosen)>{options}</select>
            </label>
        }
    }
}

/// What cannot be taken back says what it does first.
#[component]
fn Close(room: RoomId) -> impl IntoView {
    let words = state().words;
    let asked = RwSignal::new(false);
    let (safe, opener) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    // To what changes nothing.
    focus::moves(asked, move || drop(safe.get().map(|it| it.focus())), opener);
    let close = Command::Rule { room, measure: Measure::End };
    move || {
        let close = close.clone();
        if !asked.get() {
            return view! { <p><button type="button" data-test="close-group" node_ref=opener on:click=move |_| asked.set(true)>
                {words.measure_close()}</button></p> }
            .into_any();
        }
        view! {
            <div class="note">
                <p>{words.measure_close_about()}</p>
                <p class="buttons">
                    {button("", "close-group-now", words.measure_close_now(), move |_| bridge::send(&close))}
                    <button type="button" class="main" node_ref=safe on:click=move |_| asked.set(false)>{words.measure_close_not()}</button>
                </p>
            </div>
        }
        .into_any()
    }
}

/// Texts that hosts say every evening: put where she types, to be changed or sent.
#[component]
fn Ready(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let texts = [
        words.ready_welcome(),
        words.ready_round(),
        words.ready_names(),
        words.ready_heavy(),
        words.ready_last(),
        words.ready_help(),
    ];
    let rows = texts.map(|text| {
        let room = room.clone();
        view! { <li><button type="button" class="plain" data-test="ready" on:click=move |_| put(state, &room, text)>{text}</button></li> }
    });
    view! { <p class="label">{words.ready_title()}</p><ul class="ready">{rows}</ul> }
}

// After what she was typing; nothing of hers is lost.
fn put(state: State, room: &RoomId, text: &str) {
    state.drafts.update(|drafts| {
        let draft = drafts.entry(room.clone()).or_default();
        if !draft.trim().is_empty() {
            draft.push('\n');
        }
        draft.push_str(text);
    });
}
