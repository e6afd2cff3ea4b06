//! The desk of a presenter: her workshops, and the stage of the one that is open.

use leptos::prelude::*;
use lotgenoot_messages::{Command, PlannedView};

use super::Title;
use super::button::button;
use super::calendar::line;
use super::desk::Desk;
use super::stage::Lead;
use crate::screen::{Asked, Opened};
use crate::state::state;

/// What she leads.
#[component]
pub(crate) fn Presenter() -> impl IntoView {
    let state = state();
    let words = state.words;
    let alias = state.model.with_untracked(|model| model.you.as_ref().and_then(|you| you.alias.clone()));
    let opened = Memo::new(move |_| {
        let Some(Opened::Room(room)) = state.chosen.with(|chosen| chosen.opened.clone()) else { return None };
        state.model.with(|model| model.room(&room).map(|room| room.view.room.clone()))
    });
    let list = view! {
        <Title text=words.presenter_title().to_owned()/>
        <p data-test="you">{words.presenter_alias(&alias.unwrap_or_default())}</p>
        <super::desk::Until/>
        <Workshops/>
        <super::device::Device/>
    };
    let conversation = move || match opened.get() {
        Some(room) => view! { <Lead room/> }.into_any(),
        None => view! { <p class="small">{words.presenter_choose()}</p> }.into_any(),
    };
    view! { <Desk list=list.into_any() conversation=conversation.into_any()/> }
}

/// Workshops that are planned, to be opened or gone to.
#[component]
pub(crate) fn Workshops() -> impl IntoView {
    let state = state();
    let words = state.words;
    let workshops = Memo::new(move |_| {
        let now = state.now_ms.get();
        state.model.with(|model| {
            let alias = model.you.as_ref().and_then(|you| you.alias.clone()).unwrap_or_default();
            let hers = model.ahead(now).filter(|it| it.workshop && it.hosts.contains(&alias));
            hers.collect::<Vec<_>>()
        })
    });
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Stage));
    let row = move |session: PlannedView| {
        let stage = {
            let id = session.id.clone();
            Memo::new(move |_| {
                state.model.with(|model| model.stage_of(&id).map(|room| room.view.room.clone()))
            })
        };
        // Where a colleague leads it already she comes to her: there is one hall.
        let is_open = session.open;
        let (open, come) = (
            Command::OpenStage { session: session.id.clone() },
            Command::JoinStage { session: session.id.clone() },
        );
        let button = move || {
            let (open, come) = (open.clone(), come.clone());
            match stage.get() {
                None if is_open => view! { <button type="button" class="main" data-test="stage-come" disabled=asked
                on:click=move |_| state.ask(Asked::Stage, &come)>{words.stage_come()}</button>
                <span role="status" class="small">{move || asked().then(|| words.stage_knocking())}</span> }
                .into_any(),
                Some(room) => view! { {button("", "stage-go", words.stage_go(), move |_| state.open(Opened::Room(room.clone())))} }
                .into_any(),
                None => view! { <button type="button" class="main" data-test="stage-open" disabled=asked
                on:click=move |_| state.ask(Asked::Stage, &open)>{words.stage_open()}</button> }
                .into_any(),
            }
        };
        view! { <li data-test="workshop"><div>{line(words, &session)}</div>{button}</li> }
    };
    view! {
        {move || workshops.with(|it| !it.is_empty()).then(|| view! { <h2>{words.presenter_workshops()}</h2> })}
        <ul class="work"><For each=move || workshops.get() key=Clone::clone children=row/></ul>
    }
}
