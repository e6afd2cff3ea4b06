//! A host after a session: how it was for her, and what the next hosts are to know.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, RoomId, Writing};

use super::when;
use crate::bridge;
use crate::model::{Notice, Room};
use crate::screen::Asked;
use crate::state::state;

/// Below a group that is over.
#[component]
pub(crate) fn Debrief(room: RoomId) -> impl IntoView {
    let state = state();
    let over = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room).is_some_and(Room::is_over)))
    };
    move || over.get().then(|| view! { <StayOn room=room.clone()/><Form room=room.clone()/> })
}

/// For a while more, with whoever wants to.
#[component]
fn StayOn(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let until = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room).and_then(|room| room.view.stays_until)))
    };
    let stay = Command::StayOn { room };
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Group));
    let offer = move || {
        let stay = stay.clone();
        view! {
            <p><button type="button" data-test="stay-on" disabled=asked on:click=move |_| state.ask(Asked::Group, &stay)>{words.stay_on()}</button>" "
                <span class="small">{words.stay_on_about()}</span></p>
        }
    };
    view! {
        <div role="status">{move || until.get().map(|until| view! {
            <p class="small" data-test="stays">{words.stays(&when::time(until))}</p> })}</div>
        {move || until.get().is_none().then(offer.clone())}
    }
}

#[component]
fn Form(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let writing = Writing::Debrief(room.clone());
    let (call_me, sending) = (RwSignal::new(false), RwSignal::new(false));
    let sent = Memo::new(move |_| state.model.with(|model| model.written.contains(&writing)));
    // What did not go out can be sent again.
    Effect::new(move |_| {
        if state.model.with(|model| matches!(model.notice, Some(Notice::Failed(_)))) {
            sending.set(false);
        }
    });
    // With what else is typed and not sent: found again after a reload.
    let [how, hand_over] = ["how", "hand-over"].map(|what| format!("{what}/{room}"));
    let typed = move |key: &String| state.drafts.with(|drafts| drafts.get(key).cloned().unwrap_or_default());
    let field = move |key: &String, mark: &'static str, label: &'static str| {
        let (shown, kept) = (key.clone(), key.clone());
        view! {
            <label class="field">{label}
                <textarea rows="3" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test=mark prop:value=move || typed(&shown)
                    on:input:target=move |event| {
                        let text = event.target().value();
                        state.drafts.update(|drafts| drop(drafts.insert(kept.clone(), text)));
                    }></textarea></label>
        }
    };
    let fields = move |how: &String, hand_over: &String| {
        (
            field(how, "debrief-how", words.debrief_how()),
            field(hand_over, "debrief-hand-over", words.debrief_hand_over()),
        )
    };
    let send = {
        let (how, hand_over) = (how.clone(), hand_over.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let text =
                |key: &String| state.drafts.with_untracked(|it| it.get(key).cloned().unwrap_or_default());
            state.model.update(|model| model.notice = None);
            sending.set(true);
            let call_me = call_me.get_untracked();
            let (how, hand_over) = (text(&how).trim().to_owned(), text(&hand_over).trim().to_owned());
            bridge::send(&Command::Debrief { room: room.clone(), how, hand_over, call_me });
        }
    };
    let forget = {
        let (how, hand_over) = (how.clone(), hand_over.clone());
        move || state.drafts.update(|drafts| drafts.retain(|key, _| *key != how && *key != hand_over))
    };
    Effect::new(move |_| sent.get().then(forget.clone()));
    view! {
        <div role="status">{move || sent.get().then(|| view! { <p class="note" data-test="debrief-sent">{words.debrief_sent()}</p> })}</div>
        {move || (!sent.get()).then(|| view! {
            <form class="card debrief" autocomplete="off" on:submit=send.clone() data-test="debrief">
                <h3>{words.debrief_title()}</h3>
                <p class="small">{words.debrief_lead()}</p>
                {fields(&how, &hand_over)}
                <label class="pick"><input type="checkbox" data-test="debrief-call-me" prop:checked=call_me
                    on:change=move |_| call_me.update(|it| *it = !*it)/><span>{words.debrief_call_me()}</span></label>
                <p><button type="submit" class="main" data-test="debrief-send" disabled=sending>{words.debrief_send()}</button></p>
            </form>
        })}
    }
}
