//! How a member of staff is called when this screen is closed: her devices, numbers and addresses, and whether anything
//! has ever arrived there.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{ChannelView, ChannelWish, Command, Health, Way};

use super::button::button;
use super::when::{time, weekday};
use crate::bridge;
use crate::state::state;
use crate::words::Words;

// How often it is looked again after an exercise, and how far apart: half a minute in all.
const LOOKS: u32 = 15;
const LOOK_MS: u64 = 2_000;

/// What is set up, and what can be.
#[component]
pub(crate) fn Ring() -> impl IntoView {
    let state = state();
    let words = state.words;
    let online = Memo::new(move |_| state.model.with(crate::model::Model::is_online));
    // Asked on every connection.
    Effect::new(move |_| online.get().then(|| wish(ChannelWish::See)));
    let known = move || state.model.with(|model| model.channels.clone());
    // Each for itself: what is being typed or waited for stays when something else changes.
    let channels = Memo::new(move |_| known().map(|known| known.channels));
    let any = Memo::new(move |_| channels.with(|it| it.as_ref().is_some_and(|it| !it.is_empty())));
    let can = Memo::new(move |_| known().map(|known| (known.push_key, known.gateway, known.mail)));
    // Push services forget: what this account has switched on here is switched on again.
    Effect::new(move |_| {
        let dead = |it: &&ChannelView| matches!(it.health, Health::Dead(_));
        let dead: Vec<Way> =
            channels.with(|it| it.iter().flatten().filter(dead).map(|it| it.way.clone()).collect());
        if !dead.is_empty() {
            bridge::ring(None, move |way| {
                way.filter(|way| dead.contains(way)).into_iter().for_each(|way| wish(ChannelWish::Add(way)));
            });
        }
    });
    let exercise = RwSignal::new(false);
    view! {
        <section data-test="ring">
            <h2>{words.ring_title()}</h2>
            <p>{words.ring_lead()}</p>
            {move || channels.get().map(|channels| view! { <Channels words channels exercise/> })}
            {move || any.get().then(|| view! { <Exercise words on_its_way=exercise/> })}
            {move || can.get().map(|(key, gateway, mail)| view! { <Here words key/><Add gateway mail/> })}
        </section>
    }
}

#[component]
fn Channels(words: Words, channels: Vec<ChannelView>, exercise: RwSignal<bool>) -> impl IntoView {
    if channels.is_empty() {
        return view! { <p class="note" data-test="ring-none">{words.ring_none()}</p> }.into_any();
    }
    let line = move |channel: ChannelView| {
        let (id, confirmed) = (channel.id.clone(), channel.id);
        let removed = channel.way.clone();
        let name = match &channel.way {
            Way::Push { .. } => words.ring_push().to_owned(),
            Way::Text(number) => words.ring_text(number),
            Way::Voice(number) => words.ring_voice(number),
            Way::Mail(address) => words.ring_mail(address),
        };
        let (health, mark) = match channel.health {
            Health::Untried => (words.ring_untried().to_owned(), "untried"),
            Health::Works(at) => (words.ring_works(&format!("{} {}", weekday(words, at), time(at))), "works"),
            Health::Failing(since) => {
                (words.ring_failing(&format!("{} {}", weekday(words, since), time(since))), "failing")
            }
            Health::Dead(_) => (words.ring_dead().to_owned(), "dead"),
        };
        // A browser says itself that a page has arrived; nobody can say so of what was not sent.
        let is_silent = !matches!(channel.way, Way::Push { .. });
        let says = move || {
            let confirmed = confirmed.clone();
            (is_silent && exercise.get() && mark != "works").then(|| {
                button("", "ring-arrived", words.ring_arrived(), move |_| {
                    wish(ChannelWish::Confirm(confirmed.clone()));
                })
            })
        };
        let remove = move |_| {
            wish(ChannelWish::Remove(id.clone()));
            let removed = removed.clone();
            // If it is this device, it does not ring any more either.
            bridge::ring(None, move |way| {
                if way == Some(removed) {
                    bridge::ring(Some(&[]), |_| ());
                }
            });
        };
        view! {
            <li data-test="ring-channel" data-state=mark>
                <p>{name}<br/><span class="small">{health}</span></p>
                <p class="buttons">{says}{button("", "ring-remove", words.ring_remove(), remove)}</p>
            </li>
        }
    };
    view! { <ul class="plain-list" aria-live="polite">{channels.into_iter().map(line).collect_view()}</ul> }
        .into_any()
}

#[component]
fn Exercise(words: Words, on_its_way: RwSignal<bool>) -> impl IntoView {
    view! {
        <p>{words.ring_counts()}</p>
        <p>{button("", "ring-test", words.ring_test(), move |_| {
            on_its_way.set(true);
            wish(ChannelWish::Test);
            look_again(LOOKS);
        })}</p>
        <p role="status">{move || on_its_way.get().then(|| words.ring_tested())}</p>
    }
}

fn look_again(left: u32) {
    if left > 0 {
        set_timeout(
            move || {
                wish(ChannelWish::See);
                look_again(left - 1);
            },
            std::time::Duration::from_millis(LOOK_MS),
        );
    }
}

#[component]
fn Here(words: Words, key: Vec<u8>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let cannot = RwSignal::new(false);
    view! {
        <p>{button("", "ring-here", words.ring_here(), move |_| {
            if asking.get_untracked() {
                return;
            }
            asking.set(true);
            cannot.set(false);
            bridge::ring(Some(&key), move |way| {
                asking.set(false);
                match way {
                    Some(way) => wish(ChannelWish::Add(way)),
                    None => cannot.set(true),
                }
            });
        })}</p>
        <div role="status">{move || match (asking.get(), cannot.get()) {
            (true, _) => view! { <p>{words.ring_asking()}</p> }.into_any(),
            (false, true) => view! { <p class="note" data-test="ring-cannot">{words.ring_cannot()}</p> }.into_any(),
            (false, false) => ().into_any(),
        }}</div>
    }
}

#[component]
fn Add(gateway: bool, mail: bool) -> impl IntoView {
    let state = state();
    let words = state.words;
    let (number, address) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let add = move |typed: RwSignal<String>, way: fn(String) -> Way| {
        let said: String = typed.get().split_whitespace().collect();
        if !said.is_empty() {
            wish(ChannelWish::Add(way(said)));
            typed.set(String::new());
            // What was wrong with the last one is not wrong with this one.
            state.model.update(|model| model.notice = None);
        }
    };
    let phone = gateway.then(|| {
        view! {
            <form autocomplete="off" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                add(number, Way::Text);
            }>
                <p class="field">
                    <label for="field-n">{words.ring_number()}</label>
                    <input id="field-n" type="tel" dir="ltr" autocomplete="off" data-test="ring-number"
                        prop:value=number on:input:target=move |event| number.set(event.target().value())/>
                </p>
                <p class="buttons">
                    <button type="submit" data-test="ring-add-text">{words.ring_add_text()}</button>
                    {button("", "ring-add-voice", words.ring_add_voice(), move |_| add(number, Way::Voice))}
                </p>
            </form>
        }
    });
    let mail = mail.then(|| {
        view! {
            <form autocomplete="off" on:submit=move |event: SubmitEvent| {
                event.prevent_default();
                add(address, Way::Mail);
            }>
                <p class="field">
                    <label for="field-m">{words.ring_address()}</label>
                    <input id="field-m" type="email" dir="ltr" autocomplete="off" data-test="ring-address"
                        prop:value=address on:input:target=move |event| address.set(event.target().value())/>
                </p>
                <p><button type="submit" data-test="ring-add-mail">{words.ring_add_mail()}</button></p>
            </form>
        }
    });
    view! { {phone}{mail} }
}

fn wish(wish: ChannelWish) {
    bridge::send(&Command::Channel(wish));
}
