//! Coming back: by a phrase, by what this device kept, after a reload, and from where it was opened last.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Return as Stands, TypedWord};

use super::Title;
use super::button::button;
use super::device::pin_field;
use crate::bridge;
use crate::model::{WayBack, is_pin};
use crate::screen::Step;
use crate::state::state;
use crate::words::Words;

/// Six words, or the same as digits; or a link, pasted so that no history has it. Hints come from her own device.
#[component]
pub(crate) fn Return() -> impl IntoView {
    let state = state();
    let words = state.words;
    let typed = RwSignal::new(String::new());
    let way_back = Memo::new(move |_| state.model.with(|model| model.way_back.clone()));
    let busy = move || way_back.with(|way| way.stands == Some(Stands::Looking));
    let hints = move || {
        way_back.with(|way| {
            let hint = |word: &TypedWord| match word {
                TypedWord::Meant(meant) => Some(words.return_meant(&meant.join(words.listed_comma()))),
                TypedWord::Known | TypedWord::Unknown => None,
            };
            way.typed.iter().filter_map(hint).map(|hint| view! { <p class="small">{hint}</p> }).collect_view()
        })
    };
    view! {
        <form class="step" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            // A link of a member of staff, or an invitation.
            if let Some((_, fragment)) = typed.get().trim().split_once('#') {
                return bridge::follow(fragment);
            }
            if !busy() {
                // The last word is looked at too, now that she is done with it.
                bridge::send(&Command::LookAt { typed: typed.get() + " " });
                bridge::send(&Command::ReturnBy { typed: typed.get() });
            }
        }>
            <Title text=words.return_title().to_owned()/>
            <p id="hint-r">{words.return_lead()}</p>
            <p class="field">
                <label for="field-r">{words.return_label()}</label>
                <textarea id="field-r" rows="3" dir="ltr" autocomplete="off" spellcheck="false" autocapitalize="none"
                    translate="no" aria-describedby="hint-r" data-test="return-field" prop:value=typed
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        state.model.update(|model| model.way_back.stands = None);
                        bridge::send(&Command::LookAt { typed: typed.get() });
                    }></textarea>
            </p>
            <div role="status" data-test="return-state">
                {hints}
                {move || stands(words, &way_back.get())}
            </div>
            <p class="buttons">
                <button type="submit" class="main" data-test="return-go" disabled=busy>{words.go_on()}</button>
                {button("", "back", words.back(), move |_| {
                    state.model.update(|model| model.way_back = WayBack::default());
                    state.go(Step::Nickname);
                })}
            </p>
        </form>
    }
}

fn stands(words: Words, way_back: &WayBack) -> Option<AnyView> {
    let text = match way_back.stands? {
        Stands::Looking => {
            let permille = way_back.permille.unwrap_or_default();
            let bar =
                view! { <p>{words.return_looking()}" "<progress max="1000" value=permille></progress></p> };
            return Some(bar.into_any());
        }
        Stands::Count(_) => words.return_count(),
        Stands::Words => words.return_words(),
        Stands::Digits => words.return_digits(),
        Stands::Nothing => words.return_nothing(),
        Stands::NotNow => words.return_not_now(),
        // Where a PIN is typed, that is said.
        Stands::Found | Stands::Pin => return None,
    };
    Some(view! { <p class="note">{text}</p> }.into_any())
}

/// Staff: what this device kept, and her PIN.
#[component]
pub(crate) fn Pin() -> impl IntoView {
    let state = state();
    let words = state.words;
    let typed = RwSignal::new(String::new());
    let too_short = RwSignal::new(false);
    let way_back = Memo::new(move |_| state.model.with(|model| model.way_back.clone()));
    let busy = move || way_back.with(|way| way.stands == Some(Stands::Looking));
    let wrong = Memo::new(move |_| {
        let opened_nothing =
            state.model.with(|model| model.pin_wrong && model.way_back.stands == Some(Stands::Pin));
        opened_nothing && !too_short.get()
    });
    view! {
        <form class="step" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            if busy() {
                return;
            }
            let pin = typed.get();
            too_short.set(!is_pin(&pin));
            if is_pin(&pin) {
                state.model.update(|model| model.way_back.stands = Some(Stands::Looking));
                bridge::send(&Command::ReturnByDevice { pin });
                typed.set(String::new());
            }
        }>
            <Title text=words.pin_title().to_owned()/>
            {pin_field(words, "pin", typed)}
            <div role="status" id="field-p-hint">
                {move || stands(words, &way_back.get())}
                {move || too_short.get().then(|| view! { <p class="note" data-test="pin-hint">{words.pin_short()}</p> })}
                {move || wrong.get().then(|| view! { <p class="note" data-test="pin-wrong">{words.pin_wrong()}</p> })}
            </div>
            <p class="buttons">
                <button type="submit" class="main" data-test="pin-go" disabled=busy>{words.go_on()}</button>
                {button("plain", "pin-without", words.pin_without(), move |_| {
                    state.model.update(|model| model.way_back = WayBack::default());
                    state.chosen.update(|chosen| chosen.without_pin = true);
                })}
            </p>
        </form>
    }
}

/// What was on the screen is being fetched.
#[component]
pub(crate) fn Returning() -> impl IntoView {
    let words = state().words;
    view! {
        <section class="step" data-test="returning">
            <Title text=words.returning_title().to_owned()/>
            <p role="status">{words.returning_lead()}</p>
        </section>
    }
}

/// It is on another screen now; here nothing of it is left.
#[component]
pub(crate) fn Elsewhere() -> impl IntoView {
    let state = state();
    let words = state.words;
    view! {
        <section class="step" data-test="elsewhere">
            <Title text=words.elsewhere_title().to_owned()/>
            <p>{words.elsewhere_lead()}</p>
            <p>{words.elsewhere_not_you()}</p>
            <p class="buttons">{button("main", "take-over", words.elsewhere_take_over(), move |_| {
                    // Until it is here again, no other screen is shown.
                    state.model.update(|model| model.way_back.stands = Some(Stands::Found));
                    bridge::send(&Command::TakeOver);
                })}</p>
        </section>
    }
}
