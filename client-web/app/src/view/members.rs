//! Who is in a room.

use leptos::prelude::*;
use lotgenoot_messages::{Command, MemberView, Role, RoomId};

use super::mark::{Who, name_of};
use crate::bridge;
use crate::state::state;

/// Folded away until somebody wants to know. A host can take people out here.
#[component]
pub(crate) fn Members(room: RoomId, can_remove: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let view_of = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.room(&room).map(|room| room.view.clone())))
    };
    let count = move || view_of.with(|view| view.as_ref().map_or(0, |view| view.members.len()));
    let row = move |member: MemberView| {
        let removable = can_remove && member.role == Role::Person && !member.you;
        let remove = {
            let (room, member) = (room.clone(), member.clone());
            move || {
                let command = Command::Remove { room: room.clone(), member: member.id.clone() };
                let label = words.host_remove(&name_of(words, &member));
                view! {
                    <button type="button" class="plain" data-test="remove" on:click=move |_| bridge::send(&command)>
                        {label}</button>
                }
            }
        };
        let unproven = member.role == Role::Unproven;
        view! {
            <li data-test="member">
                <Who member/>
                {unproven.then(|| view! { <span class="small">{words.unproven_note()}</span> })}
                {removable.then(remove)}
            </li>
        }
    };
    view! {
        <details class="members" data-test="members">
            <summary>{move || words.members(count() as u64)}</summary>
            <ul>{move || view_of.get().map(|view| view.members.into_iter().map(row.clone()).collect_view())}</ul>
            <p class="small">
                {words.epoch_code()}" "
                <span class="code" dir="ltr" data-test="epoch-code">
                    {move || view_of.with(|view| view.as_ref().map(|view| view.epoch_code.clone()))}</span>
                " "{words.epoch_code_about()}
            </p>
        </details>
    }
}
