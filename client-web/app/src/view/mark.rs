//! Who somebody is: a name, a word, a shape and, where it is proven, a mark. Never colour alone.

use leptos::prelude::*;
use lotgenoot_messages::{MemberView, Role};

use crate::state::state;
use crate::words::Words;

/// A member as she is named everywhere.
#[component]
pub(crate) fn Who(member: MemberView) -> impl IntoView {
    let words = state().words;
    let name = name_of(words, &member);
    let (class, shape) = look(member.role);
    let proven = matches!(member.role, Role::Host | Role::Professional | Role::Presenter | Role::Coordinator);
    // Her own role is no news to her.
    let role = if member.you {
        format!("({})", words.you())
    } else {
        role_text(words, member.role, member.service.as_deref())
    };
    view! {
        <span class=format!("who {class}")>
            <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false" class=class><path d=shape></path></svg>
            <bdi class="name" translate="no">{name}</bdi>
            <span class="role">{role}</span>
            {proven.then(|| view! { <span class="verified">{format!("✓ {}", words.verified())}</span> })}
        </span>
    }
}

/// Her nickname or alias, or words for having none.
pub(crate) fn name_of(words: Words, member: &MemberView) -> String {
    if member.name.is_empty() { words.nameless().to_owned() } else { member.name.clone() }
}

/// Her role in words; for a professional with her service, where it is known.
pub(crate) fn role_text(words: Words, role: Role, service: Option<&str>) -> String {
    match (role, service) {
        (Role::Person, _) => words.role_person().to_owned(),
        (Role::Host, _) => words.role_host().to_owned(),
        (Role::Professional, Some(service)) => words.role_professional_of(&words.service(service)),
        (Role::Professional, None) => words.role_professional().to_owned(),
        (Role::Presenter, _) => words.role_presenter().to_owned(),
        (Role::Coordinator, _) => words.role_coordinator().to_owned(),
        (Role::Unproven, _) => words.role_unproven().to_owned(),
    }
}

/// A class and the outline of a shape: circle, diamond, shield, square, hexagon; a ring for who is not proven.
pub(crate) fn look(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Person => ("person", "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12z"),
        Role::Host => ("host", "M8 0l8 8l-8 8l-8-8z"),
        Role::Professional => ("professional", "M1 1h14v7q0 5-7 8q-7-3-7-8z"),
        Role::Presenter => ("presenter", "M2 2h12v12h-12z"),
        Role::Coordinator => ("coordinator", "M4 1h8l4 7l-4 7h-8l-4-7z"),
        Role::Unproven => {
            ("unproven", "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM8 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8z")
        }
    }
}
