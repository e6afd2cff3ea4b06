//! A host's evening: who waits, which groups are open, whether a professional can be reached.

use leptos::prelude::*;
use lotgenoot_messages::{Command, Kind, RoomId};

use super::Title;
use super::desk::Desk;
use super::entry::open_now;
use super::members::Members;
use super::talk::Talk;
use crate::bridge;
use crate::clock;
use crate::model::Room;
use crate::screen::{Asked, Opened};
use crate::state::{State, state};

/// The desk of a host.
#[component]
pub(crate) fn Tonight() -> impl IntoView {
    let state = state();
    let words = state.words;
    let alias = state.model.with_untracked(|model| model.you.as_ref().and_then(|you| you.alias.clone()));
    let opened = Memo::new(move |_| {
        let Some(Opened::Room(room)) = state.chosen.with(|chosen| chosen.opened.clone()) else { return None };
        state.model.with(|model| model.room(&room).map(|room| (room.view.room.clone(), room.view.kind)))
    });
    let list = view! {
        <Title text=words.host_title().to_owned()/>
        <p data-test="you">{words.host_alias(&alias.unwrap_or_default())}</p>
        <Lines/>
        <Groups/>
        <h2>{words.host_professionals()}</h2>
        <div class="open-now" role="status" data-test="open-now">{move || open_now(state)}</div>
    };
    let conversation = move || match opened.get() {
        Some((room, Kind::Line)) => view! { <LineTalk room/> }.into_any(),
        Some((room, _)) => view! { <GroupTalk room/> }.into_any(),
        None => view! { <p class="small">{words.host_choose()}</p> }.into_any(),
    };
    view! { <Desk list=list.into_any() conversation=conversation.into_any()/> }
}

fn rooms_of(state: State, kind: Kind) -> Memo<Vec<Room>> {
    Memo::new(move |_| state.model.with(|model| model.rooms_of(kind).cloned().collect()))
}

#[component]
fn Lines() -> impl IntoView {
    let state = state();
    let words = state.words;
    let lines = rooms_of(state, Kind::Line);
    let row = move |room: Room| {
        let name = room.person_name().unwrap_or(words.nameless()).to_owned();
        let since = room.since();
        let waiting =
            move || since.map(|since| words.host_waiting(clock::minutes(since, state.now_ms.get())));
        let label = words.host_open_line(&name);
        let id = room.view.room;
        view! {
            <li data-test="line-item">
                <span class="line-about"><bdi class="name" translate="no" data-test="line-name">{name}</bdi>" "
                    <span class="small">{waiting}</span></span>
                <button type="button" data-test="line-open" on:click=move |_| state.open(Opened::Room(id.clone()))>{label}</button>
            </li>
        }
    };
    view! {
        <h2>{words.host_lines()}</h2>
        <ul class="work" data-test="lines-waiting">{move || lines.get().into_iter().map(row).collect_view()}</ul>
        {move || lines.with(Vec::is_empty).then(|| view! { <p class="small">{words.host_no_lines()}</p> })}
    }
}

#[component]
fn Groups() -> impl IntoView {
    let state = state();
    let words = state.words;
    let groups = rooms_of(state, Kind::Peer);
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Group));
    let row = move |(number, room): (u64, Room)| {
        let count = room.view.members.len() as u64;
        let id = room.view.room;
        view! {
            <li data-test="group-item">
                <span class="line-about"><span class="name">{words.peer_title_number(number)}</span>" "
                    <span class="small">{words.host_room_about(count)}</span></span>
                <button type="button" data-test="group-open" on:click=move |_| state.open(Opened::Room(id.clone()))>
                    {words.host_enter_room(number)}</button>
            </li>
        }
    };
    view! {
        <h2>{words.host_rooms()}</h2>
        <ul class="work">{move || (1..).zip(groups.get()).map(row).collect_view()}</ul>
        {move || groups.with(Vec::is_empty).then(|| view! { <p class="small">{words.host_no_rooms()}</p> })}
        <p><button type="button" class="main" data-test="open-peer-room" disabled=asked
            on:click=move |_| state.ask(Asked::Group, &Command::OpenPeerRoom)>{words.host_open_room()}</button></p>
    }
}

#[component]
fn LineTalk(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let name = {
        let room = room.clone();
        Memo::new(move |_| {
            let name = state.model.with(|model| model.room(&room)?.person_name().map(str::to_owned));
            name.unwrap_or(words.nameless().to_owned())
        })
    };
    let groups = rooms_of(state, Kind::Peer);
    let admit = {
        let line = room.clone();
        move |(number, group): (u64, Room)| {
            let command = Command::Admit { line: line.clone(), room: group.view.room };
            view! { <button type="button" class="main" data-test="admit" on:click=move |_| {
                state.model.update(|model| model.notice = None);
                bridge::send(&command);
            }>{words.host_admit(number)}</button> }
        }
    };
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room" data-test="line">
            <div class="room-head">
                <h2>{move || words.line_with(&name.get())}</h2>
                <p class="buttons">{move || (1..).zip(groups.get()).map(admit.clone()).collect_view()}</p>
                {move || groups.with(Vec::is_empty)
                    .then(|| view! { <p class="small">{words.host_admit_none(&name.get())}</p> })}
                <Members room=room.clone() can_remove=true/>
            </div>
            <Talk room=room.clone()/>
            <p class="room-foot"><button type="button" class="plain" data-test="leave" on:click=move |_| bridge::send(&leave)>
                {words.leave()}</button></p>
        </section>
    }
}

#[component]
fn GroupTalk(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let number = state.model.with_untracked(|model| model.group_number(&room)).unwrap_or(1);
    let leave = Command::Leave { room: room.clone() };
    view! {
        <section class="room group" data-test="group">
            <div class="room-head">
                <h2>{words.peer_title_number(number)}</h2>
                <Members room=room.clone() can_remove=true/>
            </div>
            <Talk room=room.clone()/>
            <p class="room-foot"><button type="button" class="plain" data-test="leave" on:click=move |_| bridge::send(&leave)>
                {words.leave()}</button></p>
        </section>
    }
}
