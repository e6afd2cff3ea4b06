//! The desk of a presenter: her workshops, and the stage of the one that is open.

use leptos::prelude::*;
use lotgenoot_messages::{Command, Kind, PlannedView};

use super::Title;
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
    let stage = Memo::new(move |_| {
        state.model.with(|model| model.rooms_of(Kind::Stage).next().map(|room| room.view.room.clone()))
    });
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
        let open = Command::OpenStage { session: session.id.clone() };
        let button = move || {
            let open = open.clone();
            match stage.get() {
                Some(room) => view! { <button type="button" data-test="stage-go"
                on:click=move |_| state.open(Opened::Room(room.clone()))>{words.stage_go()}</button> }
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
