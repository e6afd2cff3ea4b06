//! What is planned, in words.

use leptos::prelude::*;
use lotgenoot_messages::{Command, PlannedView};

use super::entry::listed_names;
use super::when;
use crate::screen::{Asked, Opened};
use crate::state::{State, state};
use crate::words::Words;

/// How many of what is planned stand on a person's way in.
const NEXT: usize = 3;

/// What is open now and what comes next.
#[component]
pub(crate) fn Next() -> impl IntoView {
    let state = state();
    let words = state.words;
    let next = Memo::new(move |_| ahead(state, NEXT));
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Stage));
    let row = move |session: PlannedView| {
        let (id, join) = (session.id.clone(), Command::JoinStage { session: session.id.clone() });
        let go = (session.workshop && session.open).then(|| view! {
            <p><button type="button" data-test="stage-join" disabled=asked on:click=move |_| {
                let there = state.model.with_untracked(|model| {
                    let open = model.stage_of(&id).filter(|room| !room.is_over());
                    open.map(|room| room.view.room.clone())
                });
                match there {
                    Some(room) => state.open(Opened::Room(room)),
                    None => state.ask(Asked::Stage, &join),
                }
            }>{words.stage_go()}</button>" "<span role="status" class="small">{move || asked().then(|| words.stage_knocking())}</span></p>
        });
        view! { <li>{line(words, &session)}{go}</li> }
    };
    let some = Memo::new(move |_| next.with(|next| !next.is_empty()));
    view! {
        {move || some.get().then(|| view! { <h2>{words.planned_title()}</h2> })}
        <ul class="planned" data-test="planned">
            <For each=move || next.get() key=Clone::clone children=row/>
        </ul>
    }
}

/// The same in one sentence, for the front page.
pub(crate) fn next_in_short(state: State) -> Option<String> {
    let words = state.words;
    let next = ahead(state, 1).into_iter().next()?;
    let time = when::time(next.begins_at);
    Some(if next.open {
        words.planned_open_now(&next.theme, &when::time(next.ends_at()))
    } else {
        words.planned_next(&when::weekday(words, next.begins_at), &next.theme, &time)
    })
}

// Anew every minute and not every second: what has ended goes.
fn ahead(state: State, count: usize) -> Vec<PlannedView> {
    let now = state.now_ms.get();
    state.model.with(|model| model.ahead(now).take(count).collect())
}

/// One session.
pub(crate) fn line(words: Words, session: &PlannedView) -> impl IntoView + use<> {
    let day = when::weekday(words, session.begins_at);
    let (from, until) = (when::time(session.begins_at), when::time(session.ends_at()));
    let when = words.planned_when(&day, &from, &until);
    let names = listed_names(words, &session.hosts);
    let hosts = if session.workshop { words.planned_presenters(&names) } else { words.planned_hosts(&names) };
    let about = [
        if session.workshop {
            words.planned_workshop().to_owned()
        } else {
            words.planned_size(u64::from(session.size))
        },
        words.planned_language(&session.language),
        if session.by_invitation { words.planned_by_invitation().to_owned() } else { String::new() },
    ];
    let about = about.join(" ");
    let theme = session.theme.clone();
    view! {
        <p class="planned-when">{when}{session.open.then(|| view! { " "<strong class="waits" data-test="planned-open">{words.planned_open()}</strong> })}</p>
        <p class="planned-theme"><bdi>{theme}</bdi></p>
        <p class="small">{hosts}" "{about}</p>
    }
}
