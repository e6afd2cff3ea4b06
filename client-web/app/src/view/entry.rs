//! On the way in: safe to type? what to be called? what does she want? how is it done here?

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{CallState, Command, Connection, Kind, Urgency};

use super::Title;
use super::button::button;
use super::calendar::{Next, next_in_short};
use crate::model::{Invitation, Model};
use crate::screen::{Asked, Opened, Step, can_raise};
use crate::state::{EARLY_FIELD, State, state};
use crate::words::Words;

/// Step 1, and what follows from a no or a perhaps.
#[component]
pub(crate) fn Safety(step: Step) -> impl IntoView {
    let state = state();
    let words = state.words;
    let go = move |step| move |_| state.go(step);
    let tips = |tips: [&'static str; 3]| tips.map(|tip| view! { <li>{tip}</li> }).collect_view();
    match step {
        Step::NotSafe => view! {
            <section class="step">
                <Title text=words.no_title().to_owned()/>
                <ul class="tips" data-test="tips">{tips([words.no_1(), words.no_2(), words.no_3()])}</ul>
                <p class="buttons">{button("", "back", words.back(), go(Step::Safe))}</p>
            </section>
        }
        .into_any(),
        Step::Unsure => view! {
            <section class="step">
                <Title text=words.unsure_title().to_owned()/>
                <ul class="tips" data-test="tips">{tips([words.unsure_1(), words.unsure_2(), words.unsure_3()])}</ul>
                <p class="buttons">
                    {button("main", "step-unsure-go", words.go_on(), go(Step::Nickname))}
                    {button("", "back", words.back(), go(Step::Safe))}
                </p>
            </section>
        }
        .into_any(),
        _ => view! {
            <section class="step">
                <p class="small">{words.step(1)}</p>
                <Title text=words.safe_title().to_owned()/>
                <p class="buttons stacked">
                    {button("main", "step-safe-yes", words.safe_yes(), go(Step::Nickname))}
                    {button("", "step-safe-unsure", words.safe_unsure(), go(Step::Unsure))}
                    {button("", "step-safe-no", words.safe_no(), go(Step::NotSafe))}
                </p>
            </section>
        }
        .into_any(),
    }
}

/// Step 2.
#[component]
pub(crate) fn Nickname() -> impl IntoView {
    let state = state();
    let words = state.words;
    if state.nickname.with_untracked(String::is_empty) {
        state.nickname.set(suggestion(words, ""));
    }
    let invitation = move || {
        let text = state.model.with(|model| model.invited.clone()).map(|invited| match invited {
            Invitation::From(partner) => words.invited_by(&partner),
            Invitation::Nothing => words.invited_not().to_owned(),
        });
        text.map(|text| view! { <p class="note" data-test="invited">{text}</p> })
    };
    view! {
        <form class="step" autocomplete="off" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            if state.nickname.with(|name| !name.trim().is_empty()) {
                state.go(Step::Choose);
            }
        }>
            <p class="small">{words.step(2)}</p>
            <Title text=words.nickname_title().to_owned()/>
            {invitation}
            <p id="hint-a">{words.nickname_hint()}</p>
            <p class="field">
                <label for="field-a">{words.nickname_label()}</label>
                <input id="field-a" type="text" dir="auto" placeholder=" " maxlength=NICKNAME_LETTERS_MAX autocomplete="off" spellcheck="false"
                    autocapitalize="words" aria-describedby="hint-a" data-test="nickname" prop:value=state.nickname
                    on:input:target=move |event| state.nickname.set(event.target().value())/>
                {button("plain", "nickname-other", words.nickname_other(), move |_| state.nickname.update(|name| *name = suggestion(words, name)))}
            </p>
            <p class="buttons">
                <button type="submit" class="main" data-test="nickname-go">{words.go_on()}</button>
                {button("", "back", words.back(), move |_| state.go(Step::Safe))}
            </p>
            <p>{button("plain", "return-open", words.return_open(), move |_| state.go(Step::Return))}</p>
        </form>
    }
}

/// Four bytes a letter at most: within the 48 bytes a name may have on the wire, less what the rooms add.
const NICKNAME_LETTERS_MAX: &str = "11";

/// A flower, an animal or a plant; another one than before.
fn suggestion(words: Words, but: &str) -> String {
    let names: Vec<&str> = words.nicknames().split(", ").filter(|name| *name != but).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let chosen = (js_sys::Math::random() * names.len() as f64) as usize;
    names.get(chosen).copied().unwrap_or_default().to_owned()
}

/// Step 3. Says what is open before she presses, and why something is not.
#[component]
pub(crate) fn Choose() -> impl IntoView {
    let state = state();
    let words = state.words;
    let name = state.nickname.get_untracked();
    let title =
        if name.is_empty() { words.choose_title().to_owned() } else { words.choose_title_named(&name) };
    let hosts = Memo::new(move |_| {
        state.model.with(|model| match (&model.open, model.connection) {
            // What the page came with, until more is known: she need not wait for what is still loading.
            (None, None | Some(Connection::Connecting)) => state.served_hosts,
            (Some(open), Some(Connection::Online)) => open.hosts,
            _ => false,
        })
    });
    let seen = Memo::new(move |_| state.model.with(|model| model.is_online() && model.open.is_some()));
    let about_peers = move || match (hosts.get(), seen.get()) {
        (true, _) => words.choose_peers_about(),
        (false, true) => words.choose_peers_closed(),
        (false, false) => words.choose_peers_unseen(),
    };
    let raise = Memo::new(move |_| state.model.with(can_raise));
    let staffed =
        move || state.model.with(|model| model.open.as_ref().is_none_or(|open| !open.services.is_empty()));
    let online = Memo::new(move |_| state.model.with(|model| model.is_online()));
    let degraded = Memo::new(move |_| state.model.with(Model::is_degraded));
    let about_raise = move || match (raise.get(), staffed()) {
        _ if degraded.get() => words.choose_professional_degraded(),
        (false, _) => words.choose_professional_offline(),
        (true, _) if !online.get() => words.choose_professional_later(),
        (true, false) => words.choose_professional_nobody(),
        (true, true) => words.choose_professional_about(),
    };
    // Why not, where she cannot.
    let about_later = move || if raise.get() { words.choose_later_about() } else { about_raise() };
    let intake = move |urgency| move |_| state.wants_somebody(urgency);
    view! {
        <section class="step">
            <p class="small">{words.step(3)}</p>
            <Title text=title/>
            <div class="open-now" role="status" data-test="open-now">{move || open_now(state)}</div>
            <super::aftercare::Asked/>
            {move || ways_back(state)}
            {move || super::aftercare::look_up(state)}
            <super::phrase::Offer/>
            <super::screen_code::Offer/>
            <ul class="choices">
                <li><button type="button" data-test="choose-peers" disabled=move || !hosts.get() on:click=move |_| state.go(Step::Rules)>
                    <strong>{words.choose_peers()}</strong><span>{about_peers}</span></button></li>
                <li><button type="button" data-test="raise" disabled=move || !raise.get() on:click=intake(Urgency::Now)>
                    <strong>{words.choose_professional()}</strong><span>{about_raise}</span></button></li>
                <li><button type="button" data-test="raise-later" disabled=move || !raise.get() on:click=intake(Urgency::Today)>
                    <strong>{words.choose_later()}</strong><span>{about_later}</span></button></li>
                <li><button type="button" class="urgent" data-test="choose-danger" on:click=move |_| state.danger.set(true)>
                    <strong>{words.choose_danger()}</strong><span>{words.choose_danger_about()}</span></button></li>
                <li><button type="button" data-test="choose-library" on:click=move |_| state.reading.set(true)>
                    <strong>{words.choose_library()}</strong><span>{words.choose_library_about()}</span></button></li>
            </ul>
            <Next/>
        </section>
    }
}

/// To where she already is.
pub(super) fn ways_back(state: State) -> impl IntoView {
    let words = state.words;
    let (room, call) = state.model.with(|model| {
        let room = model.rooms_of(Kind::Peer).chain(model.rooms_of(Kind::Line));
        let room = room.chain(model.rooms_of(Kind::Stage)).next();
        let call = model.calls.iter().rfind(|call| call.own && call.state != CallState::Closed);
        (room.map(|room| room.view.room.clone()), call.map(|call| call.call.clone()))
    });
    let room = room.map(|room| {
        view! { {button("main", "back-to-room", words.choose_back_to_room(), move |_| state.open(Opened::Room(room.clone())))} }
    });
    let call = call.map(|call| {
        view! { {button("main", "back-to-call", words.choose_back_to_call(), move |_| state.open(Opened::Call(call.clone())))} }
    });
    (room.is_some() || call.is_some()).then(|| view! { <p class="buttons">{room}{call}</p> })
}

/// How it is done here; then the line to the hosts.
#[component]
pub(crate) fn Rules() -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Line));
    view! {
        <section class="step">
            <Title text=words.rules_title().to_owned()/>
            <RulesList/>
            <p class="buttons">
                <button type="button" class="main" data-test="rules-accept" disabled=asked on:click=move |_| {
                    let nickname = state.nickname.get().trim().to_owned();
                    state.ask(Asked::Line, &Command::OpenLine { nickname });
                }>{words.rules_accept()}</button>
                {button("", "back", words.back(), move |_| state.go(Step::Choose))}
            </p>
            <p role="status">{move || asked().then(|| words.rules_sending())}</p>
            {move || asked().then(|| view! { <Early state/> })}
        </section>
    }
}

// Until her line is open, which may take a while on a slow connection, she can begin.
#[component]
fn Early(state: State) -> impl IntoView {
    let words = state.words;
    view! {
        <p class="field">
            <label for=EARLY_FIELD>{words.rules_early()}</label>
            <textarea id=EARLY_FIELD rows="3" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" translate="no" data-test="early"
                prop:value=state.early on:input:target=move |event| state.early.set(event.target().value())></textarea>
        </p>
    }
}

/// The rules, to be read again at any time.
#[component]
pub(crate) fn RulesList() -> impl IntoView {
    let words = state().words;
    let rules = [
        words.rule_1(),
        words.rule_2(),
        words.rule_3(),
        words.rule_4(),
        words.rule_5(),
        words.rule_6(),
        words.rule_7(),
        words.rule_8(),
        words.rule_9(),
    ];
    view! { <ol class="rules" data-test="rules">{rules.map(|rule| view! { <li>{rule}</li> }).collect_view()}</ol> }
}

/// What is open now, on the front page.
#[component]
pub(crate) fn OpenNow(state: State) -> impl IntoView {
    let next = Memo::new(move |_| next_in_short(state));
    // What the page came with stays until more is known, or nothing can be.
    let served = document().get_element_by_id("open-served");
    let known = Memo::new(move |_| {
        state.model.with(|model| match model.connection {
            None | Some(Connection::Connecting) => false,
            Some(Connection::Online) => model.open.is_some(),
            Some(_) => true,
        })
    });
    let is_served = RwSignal::new(served.is_some());
    let served = StoredValue::new_local(served);
    Effect::new(move |_| {
        if known.get() {
            is_served.set(false);
            served.with_value(|served| served.iter().for_each(web_sys::Element::remove));
        }
    });
    view! {
        <div role="status" data-test="open-now-front">{move || (!is_served.get()).then(|| open_now(state))}</div>
        {move || next.get().map(|next| view! { <p class="small" data-test="planned-front">{next}</p> })}
    }
}

/// Who can be reached, in sentences. Also on the desk of a host.
pub(crate) fn open_now(state: State) -> impl IntoView {
    let words = state.words;
    let (open, connection) = state.model.with(|model| (model.open.clone(), model.connection));
    let Some(open) = open.filter(|_| connection == Some(Connection::Online)) else {
        let comes = matches!(connection, None | Some(Connection::Connecting | Connection::Online));
        let text = if comes { words.open_unknown() } else { words.open_not_seen() };
        return view! { <p>{text}</p> }.into_any();
    };
    let hosts = if open.hosts { words.open_hosts() } else { words.open_no_hosts() };
    let services = if open.services.is_empty() {
        words.open_no_services().to_owned()
    } else {
        words.open_services(&listed(words, &open.services))
    };
    view! {
        <p class=if open.hosts { "open" } else { "closed" }>{hosts}</p>
        <p class=if open.services.is_empty() { "closed" } else { "open" }>{services}</p>
    }
    .into_any()
}

fn listed(words: Words, services: &[String]) -> String {
    let names: Vec<String> = services.iter().map(|service| words.service(service)).collect();
    listed_names(words, &names)
}

/// `a, b and c`.
pub(super) fn listed_names(words: Words, names: &[String]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => {
            words.listed_and(last, &others.join(words.listed_comma()))
        }
        _ => names.concat(),
    }
}
