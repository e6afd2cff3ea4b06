//! Whom she wants to be called first: chosen among the professionals she talks with.

use leptos::prelude::*;
use lotgenoot_messages::{Command, ContactPlace, ContactView, MemberView, Role, RoomId};

use super::button::button;
use super::mark::name_of;
use crate::bridge;
use crate::model::{Entry, Room};
use crate::state::{State, state};
use crate::words::Words;

/// Beside her call, folded away. Shown once a professional is there, or one is chosen.
#[component]
pub(crate) fn Contact(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let here = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| talked_with(model.room(&room)?)))
    };
    let chosen = Memo::new(move |_| state.model.with(|model| model.contacts.clone()));
    // Both are looked at: what is not looked at is not followed.
    let any = Memo::new(move |_| {
        let chosen = chosen.with(|it| it.person.is_some() || it.deputy.is_some());
        here.with(Option::is_some) || chosen
    });
    let places = [
        (ContactPlace::Person, words.contact_person(), "contact-person"),
        (ContactPlace::Deputy, words.contact_deputy(), "contact-deputy"),
    ];
    let chosen_row = move |(place, label, mark): (ContactPlace, &'static str, &'static str)| {
        let who = Memo::new(move |_| {
            chosen.with(|it| match place {
                ContactPlace::Person => it.person.clone(),
                ContactPlace::Deputy => it.deputy.clone(),
            })
        });
        move || {
            let drop = move |_| bridge::send(&Command::DropContact { place });
            who.get().map(|who| {
                let text = format!("{label}: {}", named(words, &who));
                view! { <li data-test=mark>{text}" "{button("plain", "contact-drop", words.contact_drop(), drop)}</li> }
            })
        }
    };
    let choice = move |member: MemberView| {
        let name = name_of(words, &member);
        let buttons = [
            (ContactPlace::Person, words.contact_choose(&name), "contact-choose"),
            (ContactPlace::Deputy, words.contact_choose_deputy(&name), "contact-choose-deputy"),
        ];
        let id = StoredValue::new((room.clone(), member.id.clone()));
        let is_chosen = move |place| {
            chosen.with(|it| {
                let who = if place == ContactPlace::Person { &it.person } else { &it.deputy };
                who.as_ref().is_some_and(|who| who.id == member.id)
            })
        };
        let is_chosen = StoredValue::new(is_chosen);
        buttons
            .map(|(place, label, mark)| {
                let press = move |_| {
                    let (room, member) = id.get_value();
                    bridge::send(&Command::ChooseContact { room, member, place });
                };
                view! { <p><button type="button" data-test=mark disabled=move || is_chosen.with_value(|it| it(place)) on:click=press>{label}</button></p> }
            })
            .collect_view()
    };
    view! {
        {move || any.get().then(|| view! {
            <details class="part" data-test="contact">
                <summary>{words.contact_title()}</summary>
                <p class="small">{words.contact_about()}</p>
                <div role="status"><ul class="plain-list">{places.map(chosen_row).collect_view()}</ul></div>
                {
                    let choice = choice.clone();
                    move || here.get().unwrap_or_default().into_iter().map(choice.clone()).collect_view()
                }
            </details>
        })}
    }
}

/// Who is called first, said before she sends her call: only if it is true for this service.
pub(crate) fn called_first(state: State, service: Option<&str>) -> Option<String> {
    let words = state.words;
    let chosen = state.model.with(|model| model.contacts.clone());
    let mut there = chosen.person.iter().chain(&chosen.deputy).filter(|who| Some(&*who.service) == service);
    let first = there.next().map(|who| who.name.clone())?;
    Some(match there.next() {
        Some(second) => words.contact_first_of_two(&first, &second.name),
        None => words.contact_first(&first),
    })
}

// Everybody who was called is in the room; those who have said something she knows.
fn talked_with(room: &Room) -> Option<Vec<MemberView>> {
    let said = |member: &MemberView| {
        let mut entries = room.entries.iter();
        entries.any(|entry| matches!(entry, Entry::Said(said) if said.from.id == member.id))
    };
    let members = room.view.members.iter().filter(|member| member.role == Role::Professional);
    let found: Vec<_> = members.filter(|member| said(member)).cloned().collect();
    (!found.is_empty()).then_some(found)
}

fn named(words: Words, who: &ContactView) -> String {
    words.call_who(&who.name, &words.service(&who.service))
}
