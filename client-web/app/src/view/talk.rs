//! A conversation: what was said, and the place to say something.

use leptos::ev::SubmitEvent;
use leptos::html::{Div, Textarea};
use leptos::prelude::*;
use lotgenoot_messages::{Command, Delivery, MessageId, MessageView, Note, Role, RoomId};

use super::button::button;
use super::floor::Floor;
use super::letters::report_view;
use super::mark::{Who, name_of};
use super::when;
use crate::bridge;
use crate::hint::{Hint, folded, hint, is_crisis};
use crate::model::{Entry, Shut, can_retry};
use crate::state::{State, state};

/// The messages of a room and the composer.
#[component]
pub(crate) fn Talk(
    /// Where.
    room: RoomId,
    /// There is no place to say something: others talk.
    #[prop(optional)]
    silent: bool,
) -> impl IntoView {
    let state = state();
    let words = state.words;
    let of_room = {
        let room = room.clone();
        move |what: fn(&crate::model::Room) -> bool| {
            let room = room.clone();
            Memo::new(move |_| state.model.with(|model| model.room(&room).is_some_and(what)))
        }
    };
    let shut = {
        let room = room.clone();
        Memo::new(move |_| {
            let now = state.now_ms.get();
            state.model.with(|model| model.room(&room).and_then(|room| room.shut(now)))
        })
    };
    let over = Memo::new(move |_| matches!(shut.get(), Some(Shut::Over { .. })));
    let behind = of_room(|room| !room.view.caught_up);
    view! {
        <div class="talk">
            <Log room=room.clone()/>
            <div role="status">
                {move || behind.get().then(|| view! { <p class="small">{words.catching_up()}</p> })}
            </div>
            <Floor room=room.clone() shut/>
            {move || (!over.get() && !silent).then(|| view! { <Composer room=room.clone() shut/> })}
        </div>
    }
}

#[component]
fn Log(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    // Whoever makes her own call came before everything.
    let own_call = {
        let room = room.clone();
        Memo::new(move |_| {
            state
                .model
                .with(|model| model.calls.iter().any(|call| call.own && call.room.as_ref() == Some(&room)))
        })
    };
    let log = NodeRef::<Div>::new();
    let entries = {
        let room = room.clone();
        Memo::new(move |_| {
            state.model.with(|model| {
                let entries = model.room(&room).map(|room| room.entries.iter()).unwrap_or_default();
                entries.filter(|entry| says_something(entry)).cloned().collect::<Vec<_>>()
            })
        })
    };
    // Follows the talk, unless she has scrolled up to read.
    Effect::new(move |before: Option<usize>| {
        let count = entries.with(Vec::len);
        if let Some(log) = log.get()
            && before != Some(count)
        {
            let near_end = log.scroll_height() - log.scroll_top() - log.client_height() < FOLLOWS_WITHIN_PX;
            if before.is_none() || near_end {
                request_animation_frame(move || log.set_scroll_top(log.scroll_height()));
            }
        }
        count
    });
    view! {
        <div class="log" role="log" tabindex="0" aria-label=words.log_label() node_ref=log data-test="log">
            {move || entries.with(Vec::is_empty).then(|| view! { <p class="small empty">{if own_call.get() { words.log_empty_call() } else { words.log_empty() }}</p> })}
            <For each=move || entries.get() key=key children=move |entry| match entry {
                Entry::Said(said) => said_view(state, room.clone(), &said).into_any(),
                Entry::Noted { note, .. } => note_view(state, &note),
            }/>
        </div>
    }
}

// That somebody is here whose name is not known yet is told by how many are here.
fn says_something(entry: &Entry) -> bool {
    !matches!(entry, Entry::Noted { note: Note::Joined(member), .. } if member.name.is_empty())
}

/// As much as the last message is high.
const FOLLOWS_WITHIN_PX: i32 = 240;

fn key(entry: &Entry) -> Result<MessageId, u64> {
    match entry {
        Entry::Said(said) => Ok(said.id.clone()),
        Entry::Noted { number, .. } => Err(*number),
    }
}

fn said_view(state: State, room: RoomId, said: &MessageView) -> impl IntoView + use<> {
    let id = said.id.clone();
    let now = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room)?.message(&id).cloned()))
    };
    let delivery = move || now.with(|said| said.as_ref().map(|said| said.state));
    let text =
        Memo::new(move |_| now.with(|said| said.as_ref().map(|said| said.text.clone()).unwrap_or_default()));
    let hidden = {
        let them = (room.clone(), said.from.id.clone());
        Memo::new(move |_| state.hidden.with(|hidden| hidden.contains(&them)))
    };
    // On a host's own screen alone, and about persons.
    let heed = {
        let of_a_person = said.from.role == Role::Person;
        Memo::new(move |_| {
            of_a_person
                && state.model.with(|model| model.role() == Role::Host)
                && text.with(|it| is_crisis(it))
        })
    };
    let time = move || now.with(|said| said.as_ref().map(|said| when::time(said.at)));
    let own = said.from.you;
    let state_words = move || now.with(|said| said.as_ref().map(|said| delivery_text(state, said)));
    let what_to_do = move || {
        let room = room.clone();
        now.get().map(|said| view! { <WhatToDo room said/> })
    };
    view! {
        <article class="said" class:own=own data-test="message" class:not-sent=move || delivery().is_some_and(|it| matches!(it, Delivery::NotSent | Delivery::Returned))>
            <header><Who member=said.from.clone()/>" "<time dir="ltr">{time}</time></header>
            {move || heed.get().then(|| view! { <p class="heed" data-test="heed">{state.words.crisis_mark()}</p> })}
            <Words text hidden fold=!own/>
            {own.then(|| view! {
                <footer data-test="message-state">
                    {state_words}
                    {what_to_do}
                </footer>
            })}
        </article>
    }
}

/// What was said; folded away if she hides its author, or if it warns of itself.
#[component]
fn Words(text: Memo<String>, hidden: Memo<bool>, fold: bool) -> impl IntoView {
    let words = state().words;
    let shown = RwSignal::new(false);
    let plain = |text: String| view! { <p class="text" dir="auto" translate="no" data-test="message-text">{text}</p> };
    move || {
        if hidden.get() && !shown.get() {
            return view! {
                <p class="small" data-test="hidden">{words.hidden_message()}" "
                    <button type="button" class="plain" on:click=move |_| shown.set(true)>{words.hidden_show()}</button></p>
            }
            .into_any();
        }
        let text = text.get();
        match folded(&text).filter(|_| fold) {
            Some((warning, rest)) => view! {
                <details class="folded" data-test="folded"><summary dir="auto" translate="no">{warning.to_owned()}</summary>{plain(rest.to_owned())}</details>
            }
            .into_any(),
            None => plain(text).into_any(),
        }
    }
}

fn delivery_text(state: State, said: &MessageView) -> String {
    match said.state {
        Delivery::Sending => state.words.sending().to_owned(),
        Delivery::Sent => state.words.sent().to_owned(),
        Delivery::NotSent => state.words.not_sent().to_owned(),
        Delivery::Held => state.words.held().to_owned(),
        Delivery::Returned => state.words.returned(said.returned.as_deref().unwrap_or_default()),
    }
}

/// What she can do about words that did not arrive: once more, otherwise, or not at all.
#[component]
fn WhatToDo(room: RoomId, said: MessageView) -> impl IntoView {
    let state = state();
    let words = state.words;
    let retry = Command::Retry { message: said.id.clone() };
    let (discard, change) = (Command::Discard { message: said.id.clone() }, said.text);
    let waits = matches!(said.state, Delivery::NotSent | Delivery::Returned);
    let take_back = {
        let discard = discard.clone();
        move |_| {
            bridge::send(&discard);
            state.drafts.update(|drafts| {
                let draft = drafts.entry(room.clone()).or_default();
                *draft = if draft.trim().is_empty() { change.clone() } else { format!("{change}\n{draft}") };
            });
        }
    };
    view! {
        {can_retry(said.state).then(|| view! { " "{button("plain", "retry", words.retry(), move |_| bridge::send(&retry))} })}
        {(said.state == Delivery::Returned).then(|| view! { " "{button("plain", "change", words.returned_change(), take_back)} })}
        {waits.then(|| view! { " "{button("plain", "discard", words.message_discard(), move |_| bridge::send(&discard))} })}
    }
}

fn note_view(state: State, note: &Note) -> AnyView {
    let words = state.words;
    let text = match note {
        Note::Reported(report) => {
            return view! { <div class="card reported" data-test="reported">{report_view(words, (**report).clone())}</div> }
                .into_any();
        }
        Note::Joined(member) => words.note_joined(&name_of(words, member)),
        Note::Left(member) => words.note_left(&name_of(words, member)),
        Note::Removed(member) => words.note_removed(&name_of(words, member)),
        Note::Returned(member) => words.note_returned(&name_of(words, member)),
        Note::Missed => words.note_missed().to_owned(),
        Note::Stuck(member) => words.note_stuck(&name_of(words, member)),
        Note::WentAway(member) => words.note_went_away(&name_of(words, member)),
        Note::Moved => words.note_moved().to_owned(),
    };
    view! { <p class="noted" data-test="note">{text}</p> }.into_any()
}

#[component]
fn Composer(room: RoomId, shut: Memo<Option<Shut>>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asking = RwSignal::new(None::<Hint>);
    let draft = {
        let room = room.clone();
        Memo::new(move |_| state.drafts.with(|drafts| drafts.get(&room).cloned().unwrap_or_default()))
    };
    let keep = {
        let room = room.clone();
        move |text: String| state.drafts.update(|drafts| drop(drafts.insert(room.clone(), text)))
    };
    let say = {
        let keep = keep.clone();
        move |anyway: bool| {
            let text = draft.get().trim().to_owned();
            if text.is_empty() || shut.get_untracked().is_some() {
                return;
            }
            let found = hint(&text).filter(|_| !anyway);
            asking.set(found);
            if found.is_none() {
                bridge::send(&Command::Say { room: room.clone(), text });
                keep(String::new());
            }
        }
    };
    // Who was typing before it opened goes on typing, whatever else has come onto the screen with it.
    let typing = NodeRef::<Textarea>::new();
    Effect::new(move |_| {
        if let Some(field) = typing.get().filter(|_| state.types.get_untracked()) {
            state.types.set(false);
            request_animation_frame(move || {
                let _ = field.focus();
                let end = field.value().encode_utf16().count() as u32;
                let _ = field.set_selection_range(end, end);
            });
        }
    });
    let say_anyway = say.clone();
    let say_by_key = say.clone();
    view! {
        <form class="composer" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            say(false);
        }>
            <div role="status">{move || asking.get().map(|found| view! {
                <p class="note" data-test="hint">
                    {hint_text(state, found)}" "{words.hint_ask()}" "
                    {button("plain", "hint-send", words.hint_send(), {
                        let say = say_anyway.clone();
                        move |_| say(true)
                    })}
                    {button("plain", "hint-change", words.hint_change(), move |_| asking.set(None))}
                </p>
            })}</div>
            <div class="composer-row">
                <textarea rows="2" node_ref=typing data-test="composer" aria-label=words.composer_label() placeholder=words.composer_hint()
                    dir="auto" autocomplete="off" spellcheck="false" prop:value=draft
                    on:input:target=move |event| keep(event.target().value())
                    on:keydown=move |event| {
                        // With a real keyboard Enter sends; on glass it is too close to the other keys.
                        let enter = event.key() == "Enter" && !event.shift_key() && !event.is_composing();
                        if enter && has_keyboard() {
                            event.prevent_default();
                            say_by_key(false);
                        }
                    }></textarea>
                <button type="submit" class="main" data-test="send" disabled=move || shut.get().is_some()>{words.send()}</button>
            </div>
        </form>
    }
}

pub(super) fn hint_text(state: State, found: Hint) -> &'static str {
    match found {
        Hint::Phone => state.words.hint_phone(),
        Hint::Mail => state.words.hint_mail(),
        Hint::Postcode => state.words.hint_postcode(),
        Hint::Plate => state.words.hint_plate(),
        Hint::Street => state.words.hint_street(),
        Hint::Name => state.words.hint_name(),
    }
}

fn has_keyboard() -> bool {
    window()
        .match_media("(hover: hover) and (pointer: fine)")
        .ok()
        .flatten()
        .is_some_and(|query| query.matches())
}
