//! A device that finds the way back with a PIN: for staff, who choose it, on what is theirs alone.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Return as Stands};

use super::button::button;
use crate::bridge;
use crate::model::is_pin;
use crate::state::{State, state};
use crate::words::Words;

/// What it means comes before the choice; what was chosen can be undone from any device.
#[component]
pub(crate) fn Device() -> impl IntoView {
    let state = state();
    let words = state.words;
    let count = Memo::new(move |_| state.model.with(|model| model.devices));
    let about = [words.device_own(), words.device_pin(), words.device_whoever(), words.device_stays()];
    view! {
        <details class="card" data-test="device">
            <summary>{words.device_open()}</summary>
            <p>{words.device_lead()}</p>
            <ul>{about.map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
            <Keep state/>
            <div role="status">{move || (count.get() > 0).then(|| view! {
                <p class="note" data-test="device-count">{words.device_count(count.get().into())}</p>
            })}</div>
            {move || (count.get() > 0).then(|| view! {
                <p>{button("", "device-forget", words.device_forget(), move |_| bridge::send(&Command::ForgetDevices))}</p>
            })}
        </details>
    }
}

#[component]
fn Keep(state: State) -> impl IntoView {
    let words = state.words;
    let typed = RwSignal::new(String::new());
    let too_short = RwSignal::new(false);
    let under_way = Memo::new(move |_| state.model.with(|model| model.way_back.permille));
    let busy = move || under_way.get().is_some();
    let not_now = Memo::new(move |_| state.model.with(|model| model.way_back.stands == Some(Stands::NotNow)));
    view! {
        <form autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            if busy() {
                return;
            }
            let pin = typed.get();
            too_short.set(!is_pin(&pin));
            if is_pin(&pin) {
                state.model.update(|model| {
                    model.notice = None;
                    model.way_back.stands = None;
                });
                bridge::send(&Command::KeepOnDevice { pin });
                typed.set(String::new());
            }
        }>
            {pin_field(words, "device-pin", typed)}
            <div role="status" id="field-p-hint" data-test="device-state">
                {move || match (under_way.get(), too_short.get()) {
                    (Some(permille), _) => view! {
                        <p>{words.phrase_keeping()}" "<progress max="1000" value=permille></progress></p>
                    }.into_any(),
                    (None, true) => view! { <p class="note" data-test="device-hint">{words.pin_short()}</p> }.into_any(),
                    (None, false) if not_now.get() => view! { <p class="note">{words.return_not_now()}</p> }.into_any(),
                    (None, false) => ().into_any(),
                }}
            </div>
            <p><button type="submit" data-test="device-keep" disabled=busy>{words.device_keep()}</button></p>
        </form>
    }
}

/// Where a PIN is typed; what is wrong with it stands in `field-p-hint`.
pub(super) fn pin_field(words: Words, test: &'static str, typed: RwSignal<String>) -> impl IntoView {
    view! {
        <p class="field">
            <label for="field-p">{words.pin_label()}</label>
            <input id="field-p" type="password" inputmode="numeric" dir="ltr" autocomplete="off" aria-describedby="field-p-hint"
                data-test=test prop:value=typed on:input:target=move |event| typed.set(event.target().value())/>
        </p>
    }
}
