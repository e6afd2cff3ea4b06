//! Where a person talks: with the hosts, and in the group.

use leptos::prelude::*;
use lotgenoot_messages::{Command, Kind, Role, RoomId, Urgency};

use super::Title;
use super::button::button;
use super::danger::LinesInShort;
use super::entry::RulesList;
use super::floor::{ToGroup, ToLine};
use super::members::Members;
use super::survey::Survey;
use super::talk::Talk;
use super::when;
use crate::bridge;
use crate::model::{Notice, Room};
use crate::screen::{Asked, Opened};
use crate::state::state;

/// With the hosts: nobody is in a group before one of them has talked with her.
#[component]
pub(crate) fn Line(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let answered = {
        let room = room.clone();
        Memo::new(move |_| {
            state.model.with(|model| model.room(&room).is_some_and(|room| room.has_spoken(Role::Host)))
        })
    };
    let blocked = {
        let room = room.clone();
        Memo::new(move |_| {
            let now = state.now_ms.get();
            let blocked = state.model.with(|model| model.room(&room).map(|room| room.view.blocked.clone()));
            blocked.unwrap_or_default().into_iter().map(|(_, until)| until).filter(|until| *until > now).max()
        })
    };
    // What this talk is for, as it is now.
    let in_group = Memo::new(move |_| state.model.with(|model| model.other(Kind::Peer).is_some()));
    let stands = move || match (in_group.get(), blocked.get().is_some(), answered.get()) {
        (true, _, _) | (_, true, _) => words.line_private(),
        (false, false, true) => words.line_talk(),
        (false, false, false) => words.line_wait(),
    };
    let place = {
        let room = room.clone();
        move || {
            let before = state.model.with(|model| model.room(&room)?.view.before);
            let waits = !in_group.get() && blocked.get().is_none() && !answered.get();
            Some(match before.filter(|_| waits)? {
                0 => words.line_first(),
                1 => words.line_almost(),
                _ => words.line_some(),
            })
        }
    };
    view! {
        <section class="room" data-test="line">
            <div class="room-head">
                <Title text=words.line_title().to_owned()/>
                <div role="status" data-test="line-state">
                    <p>{stands}</p>
                    {move || place().map(|text| view! { <p data-test="line-place">{text}</p> })}
                </div>
                <p class="small">{words.line_place()}</p>
                {move || blocked.get().map(|until| view! {
                    <p class="note" data-test="blocked">{words.line_blocked(&when::weekday(words, until), &when::time(until))}</p>
                    <LinesInShort/>
                })}
                <details data-test="expect"><summary>{words.line_expect()}</summary>
                    <ul class="tips">
                        <li>{words.expect_1()}</li><li>{words.expect_2()}</li><li>{words.expect_3()}</li><li>{words.expect_4()}</li>
                    </ul></details>
                <details><summary>{words.line_rules()}</summary><RulesList/></details>
                <Members room=room.clone() can_remove=false/>
                <p><super::library::Open/></p>
            </div>
            <Talk room=room.clone()/>
            <Foot room/>
        </section>
    }
}

/// In the group.
#[component]
pub(crate) fn Group(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let over = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room).is_some_and(Room::is_over)))
    };
    let survey = {
        let room = room.clone();
        move || over.get().then(|| view! { <Survey room=room.clone()/> })
    };
    view! {
        <section class="room group" data-test="group">
            <div class="room-head">
                <Title text=words.peer_title().to_owned()/>
                <Members room=room.clone() can_remove=false/>
            </div>
            <Talk room=room.clone()/>
            {survey}
            <Stay room=room.clone()/>
            <Foot room/>
        </section>
    }
}

/// After the session: with a host for a while, if she wants to.
#[component]
fn Stay(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let until = {
        let room = room.clone();
        Memo::new(move |_| {
            let now = state.now_ms.get();
            state.model.with(|model| model.room(&room)?.view.stays_until).filter(|until| *until > now)
        })
    };
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Line));
    let stay = move || {
        bridge::send(&Command::Leave { room: room.clone() });
        match state.model.with_untracked(|model| model.other(Kind::Line).cloned()) {
            Some(line) => state.open(Opened::Room(line)),
            None => {
                let nickname = state.nickname.get_untracked().trim().to_owned();
                state.ask(Asked::Line, &Command::OpenLine { nickname });
            }
        }
    };
    view! {
        <div role="status">
            {move || until.get().map(|until| {
                let stay = stay.clone();
                view! {
                    <div class="card" data-test="stay">
                        <p>{words.stay_about(&when::time(until))}</p>
                        <p><button type="button" data-test="stay-go" disabled=asked on:click=move |_| stay()>{words.stay_go()}</button></p>
                    </div>
                }
            })}
        </div>
    }
}

/// Help and the way out, always there.
#[component]
fn Foot(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let in_group = state
        .model
        .with_untracked(|model| model.room(&room).is_some_and(|room| room.view.kind == Kind::Peer));
    let leave = Command::Leave { room: room.clone() };
    view! {
        <p class="room-foot">
            {in_group.then(|| view! { <ToLine/> })}
            {(!in_group).then(|| view! { <ToGroup/> })}
            {button("help", "raise", words.choose_professional(), move |_| state.wants_somebody(Urgency::Now))}
            {in_group.then(|| view! { <Recognise room=room.clone()/> })}
            <super::phrase::Offer/>
            {button("plain", "leave", words.leave(), move |_| bridge::send(&leave))}
        </p>
    }
}

/// Somebody here knows her, or may: one press, and she is out. Nobody is told why.
#[component]
fn Recognise(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let away = Command::GoAway { room };
    view! {
        <button type="button" class="plain" data-test="recognise" on:click=move |_| {
            if let Some(line) = state.model.with_untracked(|model| model.other(Kind::Line).cloned()) {
                state.open(Opened::Room(line));
            }
            bridge::send(&away);
            state.model.update(|model| model.notice = Some(Notice::WentAway));
        }>{words.recognise()}</button>
    }
}
