//! Why she cannot say anything now, where she can instead, and until when the group is open.

use leptos::prelude::*;
use lotgenoot_messages::{Command, Kind, RoomId, SessionView};

use super::button::button;
use super::danger::LinesInShort;
use super::when;
use crate::model::{Model, Room, Shut};
use crate::screen::{Asked, Opened};
use crate::state::{State, state};

/// Above the composer of a conversation. A screen reader says it when it changes.
#[component]
pub(crate) fn Floor(room: RoomId, shut: Memo<Option<Shut>>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let of = {
        let room = room.clone();
        move |state: State| {
            state.model.with(|model| {
                let room = model.room(&room)?;
                let floor = &room.view.floor;
                let open = matches!(floor.session, SessionView::Open | SessionView::Frozen);
                let unstaffed = floor.unstaffed && open && model.reaches_professional() == Some(false);
                Some((room.is_held(), pace(model, room), floor.ends_at, floor.ends_soon, unstaffed))
            })
        }
    };
    let stands = Memo::new(move |_| of(state).unwrap_or_default());
    let is_stage = state
        .model
        .with_untracked(|model| model.room(&room).is_some_and(|room| room.view.kind == Kind::Stage));
    let why = move |shut: Shut| {
        match shut {
        Shut::Alarm => view! { <p class="note alarm" data-test="alarm">{words.alarm()}</p> }.into_any(),
        // Said at the top of the stage, where everybody sees it.
        Shut::Over { .. } if is_stage => ().into_any(),
        Shut::Over { unattended } => {
            let text = if unattended { words.floor_closed_unattended() } else { words.floor_closed() };
            view! { <p class="note" data-test="floor" data-state="closed">{text}</p><LinesInShort/> }.into_any()
        }
        Shut::Frozen => {
            view! { <p class="note" data-test="floor" data-state="frozen">{words.floor_frozen()}</p> }.into_any()
        }
        Shut::Waiting => {
            view! { <p class="note" data-test="floor" data-state="waiting">{words.floor_waiting()}</p> }.into_any()
        }
        Shut::Muted { until } => view! {
            <p class="note" data-test="floor" data-state="muted">{words.floor_muted(&when::time(until))}" "<ToLine/></p>
        }
        .into_any(),
        Shut::Aside => view! {
            <p class="note" data-test="floor" data-state="aside">{words.floor_aside()}" "<ToLine/></p>
        }
        .into_any(),
    }
    };
    let held = move || (stands.get().0 && shut.get().is_none()).then(|| words.floor_held());
    let slow = move || stands.get().1.filter(|_| shut.get().is_none()).map(|pace| words.floor_slow(pace));
    let over = move || matches!(shut.get(), Some(Shut::Over { .. }));
    let ends = move || {
        let (_, _, at, soon, _) = stands.get();
        let time = when::time(at.filter(|_| !over())?);
        Some(if soon { words.floor_ends_soon(&time) } else { words.floor_ends(&time) })
    };
    let unstaffed = move || stands.get().4.then(|| words.floor_unstaffed());
    view! {
        <div role="status" class="floor">
            {move || shut.get().map(why)}
            {move || held().map(|text| view! { <p class="small" data-test="floor-held">{text}</p> })}
            {move || slow().map(|text| view! { <p class="small" data-test="floor-slow">{text}</p> })}
            {move || unstaffed().map(|text| view! { <p class="small" data-test="floor-unstaffed">{text}</p> })}
            {move || ends().map(|text| view! { <p class="small" data-test="floor-ends">{text}</p> })}
        </div>
    }
}

// Seconds between two messages of hers, in a slow room. Hosts set the pace.
fn pace(model: &Model, room: &Room) -> Option<u64> {
    let seconds = room.view.floor.slow_seconds;
    (seconds > 0 && !model.is_staff()).then_some(u64::from(seconds))
}

/// To a host, alone: into her line, or a new one.
#[component]
pub(crate) fn ToLine() -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Line));
    view! {
        <button type="button" class="plain" data-test="to-line" disabled=asked on:click=move |_| {
            match state.model.with_untracked(|model| model.other(Kind::Line).cloned()) {
                Some(line) => state.open(Opened::Room(line)),
                None => {
                    let nickname = state.nickname.get_untracked().trim().to_owned();
                    state.ask(Asked::Line, &Command::OpenLine { nickname });
                }
            }
        }>{words.to_line()}</button>
    }
}

/// From a line back into the group, if she is in one.
#[component]
pub(crate) fn ToGroup() -> impl IntoView {
    let state = state();
    let words = state.words;
    let group = Memo::new(move |_| state.model.with(|model| model.other(Kind::Peer).cloned()));
    move || {
        group.get().map(|group| {
            view! {
                {button("plain", "to-group", words.to_group(), move |_| state.open(Opened::Room(group.clone())))}
            }
        })
    }
}
