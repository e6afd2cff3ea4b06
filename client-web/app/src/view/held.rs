//! What waits for a host: read, let through, or given back with a reason.

use leptos::ev::SubmitEvent;
use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use lotgenoot_messages::{Command, Measure, RoomId};

use super::button::button;
use super::focus;
use crate::bridge;
use crate::hint::is_crisis;
use crate::model::Waiting;
use crate::state::state;

/// All that waits in a group. Rows are kept as long as they say the same: what is being typed in one stays.
#[component]
pub(crate) fn Held(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let waiting = Memo::new(move |_| state.model.with(|model| model.waiting(&room)));
    let some = Memo::new(move |_| waiting.with(|waiting| !waiting.is_empty()));
    view! {
        <div role="status">{move || some.get().then(|| view! { <h3>{words.held_title()}</h3> })}</div>
        <ul class="work held" data-test="held">
            <For each=move || waiting.get() key=Clone::clone children=|waiting| view! { <Row waiting/> }/>
        </ul>
    }
}

#[component]
fn Row(waiting: Waiting) -> impl IntoView {
    let state = state();
    let words = state.words;
    let Waiting { line, name, held } = waiting;
    let returning = RwSignal::new(false);
    let (typing, opener) = (NodeRef::<Textarea>::new(), NodeRef::<Button>::new());
    focus::moves(returning, move || drop(typing.get().map(|it| it.focus())), opener);
    let reason = RwSignal::new(words.held_reason_known().to_owned());
    let let_through = {
        let measure = Measure::LetThrough { member: held.member, message: held.message.clone() };
        Command::Rule { room: held.room, measure }
    };
    let label = words.held_reason(&name);
    let give_back = move || {
        let (line, message) = (line.clone(), held.message.clone());
        let ready = [words.held_reason_known(), words.held_reason_heavy(), words.held_reason_hurts()];
        let ready = ready.map(|text| {
            view! { <li><button type="button" class="plain" on:click=move |_| reason.set(text.to_owned())>{text}</button></li> }
        });
        view! {
            <form class="give-back" autocomplete="off" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                let reason = reason.get_untracked().trim().to_owned();
                if !reason.is_empty() {
                    let (line, message) = (line.clone(), message.clone());
                    bridge::send(&Command::ReturnWords { line, message, reason });
                }
            }>
                <label class="field">{label.clone()}
                    <textarea rows="2" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test="held-reason" node_ref=typing prop:value=reason
                        on:input:target=move |event| reason.set(event.target().value())></textarea></label>
                <ul class="ready">{ready}</ul>
                <p class="buttons">
                    <button type="submit" class="main" data-test="held-give-back">{words.held_return()}</button>
                    <button type="button" on:click=move |_| returning.set(false)>{words.back()}</button>
                </p>
            </form>
        }
    };
    let choose = move || {
        let let_through = let_through.clone();
        view! {
            <p class="buttons">
                {button("main", "held-let-through", words.held_let_through(), move |_| bridge::send(&let_through))}
                <button type="button" data-test="held-return" node_ref=opener on:click=move |_| returning.set(true)>{words.held_return()}</button>
            </p>
        }
    };
    // A newcomer's first words are read here before anywhere else.
    let heed = is_crisis(&held.text);
    view! {
        <li data-test="held-item">
            {heed.then(|| view! { <p class="heed" data-test="held-heed">{words.crisis_mark()}</p> })}
            <p class="held-words">{words.held_of(&name)}" "
                <q class="text" dir="auto" translate="no" data-test="held-text">{held.text}</q></p>
            {move || if returning.get() { give_back().into_any() } else { choose().into_any() }}
        </li>
    }
}
