//! Who is in a room, and what a host can do about one of them.

use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use lotgenoot_messages::{Command, Kind, Measure, MemberView, Role, RoomId};

use super::button::button;
use super::focus;
use super::mark::{Who, name_of};
use super::report::Report;
use super::when;
use crate::bridge;
use crate::model::Standing;
use crate::screen::Opened;
use crate::state::state;

/// Folded away until somebody wants to know. Rows are kept as long as they say the same, so that nothing moves away
/// from under a finger.
#[component]
pub(crate) fn Members(room: RoomId, can_remove: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let of_room = {
        let room = room.clone();
        Memo::new(move |_| {
            let parts = state.model.with(|model| {
                let view = &model.room(&room)?.view;
                Some((view.members.clone(), view.epoch_code.clone()))
            });
            parts.unwrap_or_default()
        })
    };
    let count = move || of_room.with(|(members, _)| members.len());
    let report_room = room.clone();
    let row = move |member: MemberView| {
        let led = can_remove && member.role == Role::Person && !member.you;
        let unproven = member.role == Role::Unproven;
        let can_hide = !can_remove && member.role == Role::Person && !member.you;
        let hide = can_hide.then(|| view! { <Hide room=room.clone() member=member.clone()/> });
        let measures = led.then(|| view! { <About room=room.clone() member=member.clone()/> });
        view! {
            <li data-test="member">
                <Who member/>
                {unproven.then(|| view! { <span class="small">{words.unproven_note()}</span> })}
                {hide}
                {measures}
            </li>
        }
    };
    let is_person = state.model.with_untracked(|model| model.role() == Role::Person);
    let report = is_person.then(|| view! { <Report room=report_room/> });
    view! {
        <details class="members" data-test="members">
            <summary>{move || words.members(count() as u64)}</summary>
            <ul><For each=move || of_room.with(|(members, _)| members.clone()) key=Clone::clone children=row/></ul>
            <p class="small">
                {words.epoch_code()}" "
                <span class="code" dir="ltr" data-test="epoch-code">{move || of_room.with(|(_, code)| code.clone())}</span>
                ". "{words.epoch_code_about()}
            </p>
            {report}
        </details>
    }
}

/// Somebody's messages, out of her own sight; nobody else knows of it.
#[component]
fn Hide(room: RoomId, member: MemberView) -> impl IntoView {
    let state = state();
    let words = state.words;
    let name = name_of(words, &member);
    let hidden = {
        let them = (room.clone(), member.id.clone());
        Memo::new(move |_| state.hidden.with(|hidden| hidden.contains(&them)))
    };
    let label = move || if hidden.get() { words.show_member(&name) } else { words.hide_member(&name) };
    view! {
        <button type="button" class="plain" data-test="hide" on:click=move |_| {
            let them = (room.clone(), member.id.clone());
            state.hidden.update(|hidden| match hidden.iter().position(|it| *it == them) {
                Some(at) => drop(hidden.remove(at)),
                None => hidden.push(them),
            });
        }>{label}</button>
    }
}

/// What a host has ruled about her, and can.
#[component]
fn About(room: RoomId, member: MemberView) -> impl IntoView {
    let state = state();
    let words = state.words;
    let name = name_of(words, &member);
    let is_group = state
        .model
        .with_untracked(|model| model.room(&room).is_some_and(|room| room.view.kind == Kind::Peer));
    let standing = {
        let (room, id) = (room.clone(), member.id.clone());
        Memo::new(move |_| {
            let now = state.now_ms.get();
            state
                .model
                .with(|model| model.room(&room).map(|room| room.standing(&id, now)))
                .unwrap_or_default()
        })
    };
    let said = move || {
        let Standing { muted_until, held, aside } = standing.get();
        let muted = muted_until.map(|until| words.member_muted(&when::time(until)));
        let held = held.then(|| words.member_held().to_owned());
        let aside = aside.then(|| words.member_is_aside().to_owned());
        muted
            .into_iter()
            .chain(held)
            .chain(aside)
            .map(|text| view! { <span class="small" data-test="member-standing">{text}</span> })
            .collect_view()
    };
    let remove = view! { <Remove room=room.clone() member=member.id.clone() name=name.clone()/> };
    let in_group = is_group
        .then(|| view! { <InGroup room=room.clone() member=member.id.clone() name=name.clone() standing/> });
    view! {
        {said}
        <details class="about-member" data-test="about-member">
            <summary>{words.member_more(&name)}</summary>
            <p class="buttons">
                {in_group}
            </p>
            {remove}
        </details>
    }
}

/// In a group: each measure, or what ends it.
#[component]
fn InGroup(room: RoomId, member: String, name: String, standing: Memo<Standing>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let line = {
        let (room, member) = (room.clone(), member.clone());
        Memo::new(move |_| state.model.with(|model| model.line_of(&room, &member).cloned()))
    };
    let ruling = {
        let room = room.clone();
        move |mark: &'static str, label: &'static str, measure: Measure| {
            let rule = Command::Rule { room: room.clone(), measure };
            button("", mark, label, move |_| bridge::send(&rule))
        }
    };
    let mute = {
        let (ruling, member) = (ruling.clone(), member.clone());
        move || match standing.get().muted_until {
            Some(_) => ruling("unmute", words.member_unmute(), Measure::Unmute { member: member.clone() }),
            None => ruling("mute", words.member_mute(), Measure::Mute { member: member.clone() }),
        }
    };
    let hold = {
        let (ruling, member) = (ruling.clone(), member.clone());
        move || {
            if standing.get().held {
                ruling("release", words.member_release(), Measure::Release { member: member.clone() })
            } else {
                ruling("hold", words.member_hold(), Measure::Hold { member: member.clone() })
            }
        }
    };
    // Taking somebody aside is of use only where there is a line to talk with her.
    let aside = move || {
        let (ruling, member) = (ruling.clone(), member.clone());
        if standing.get().aside {
            return Some(ruling("back-in-group", words.member_back(), Measure::Back { member }));
        }
        let line = line.get()?;
        let rule = Command::Rule { room: room.clone(), measure: Measure::Aside { member } };
        Some(
            view! {
                {button("", "aside", words.member_aside(), move |_| {
                    bridge::send(&rule);
                    state.open(Opened::Room(line.clone()));
                })}
            }
            .into_any(),
        )
    };
    let alone = move || {
        let line = line.get()?;
        Some(view! {
            <button type="button" data-test="member-line" on:click=move |_| state.open(Opened::Room(line.clone()))>
                {words.member_line(&name)}</button>
        })
    };
    view! { {alone}{mute}{hold}{aside} }
}

/// Out of the room, with a reason that she reads in her line, and for a day if need be.
#[component]
fn Remove(room: RoomId, member: String, name: String) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = RwSignal::new(false);
    let (reason, block) = (RwSignal::new(String::new()), RwSignal::new(false));
    let typing = NodeRef::<Textarea>::new();
    let (safe, opener) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
    let enters = move || {
        let typed = typing.get().map(|it| it.focus());
        drop(typed.or_else(|| safe.get().map(|it| it.focus())));
    };
    focus::moves(asked, enters, opener);
    let line = {
        let (room, member) = (room.clone(), member.clone());
        Memo::new(move |_| state.model.with(|model| model.line_of(&room, &member).cloned()))
    };
    let label = words.host_remove(&name);
    let why = words.remove_reason(&name);
    let remove = move |_| {
        if let Some(line) = line.get_untracked() {
            let text = reason.get_untracked().trim().to_owned();
            if !text.is_empty() {
                bridge::send(&Command::Say { room: line.clone(), text });
            }
            if block.get_untracked() {
                bridge::send(&Command::Block { line, room: room.clone() });
            }
        }
        bridge::send(&Command::Remove { room: room.clone(), member: member.clone() });
        // Pressed once; what it said is said.
        reason.set(String::new());
        asked.set(false);
    };
    move || {
        if !asked.get() {
            return view! { <p><button type="button" data-test="remove" node_ref=opener on:click=move |_| asked.set(true)>{label.clone()}</button></p> }
                .into_any();
        }
        let remove = remove.clone();
        let (why, label) = (why.clone(), label.clone());
        view! {
            <div class="note">
                {line.get().map(|_| view! {
                    <label class="field">{why}
                        <textarea rows="2" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test="remove-reason" node_ref=typing
                            prop:value=reason on:input:target=move |event| reason.set(event.target().value())></textarea></label>
                    <label class="pick"><input type="checkbox" data-test="remove-block" prop:checked=block
                        on:change=move |_| block.update(|it| *it = !*it)/><span>{words.remove_block()}</span></label>
                })}
                <p class="buttons">
                    <button type="button" data-test="remove-now" on:click=remove>{label}</button>
                    <button type="button" class="main" data-test="remove-not" node_ref=safe on:click=move |_| asked.set(false)>{words.remove_not()}</button>
                </p>
            </div>
        }
        .into_any()
    }
}
