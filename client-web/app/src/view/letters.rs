//! Letters that wait for a coordinator or host.

use leptos::prelude::*;
use lotgenoot_messages::{Command, LetterSays, LetterView, ReportView, Role};

use super::mark::role_text;
use super::when;
use crate::bridge;
use crate::state::state;
use crate::words::Words;

/// The letters, the oldest first.
#[component]
pub(crate) fn Letters() -> impl IntoView {
    let state = state();
    let words = state.words;
    let letters = Memo::new(move |_| state.model.with(|model| model.letters.clone()).unwrap_or_default());
    let some = Memo::new(move |_| letters.with(|letters| !letters.is_empty()));
    let is_host = state.model.with_untracked(|model| model.role() == Role::Host);
    let card = move |letter: LetterView| {
        let LetterView { id, at, says } = letter;
        let (day, time) = (when::weekday(words, at), when::time(at));
        let away = Command::PutLetterAway { letter: id };
        let label = if is_host { words.letter_read() } else { words.letter_done() };
        view! {
            <li data-test="letter"><div>
                <p class="small">{words.letter_at(&day, &time)}</p>
                {says_view(words, says)}
                <p class="buttons"><button type="button" data-test="letter-away" on:click=move |_| bridge::send(&away)>{label}</button></p>
            </div></li>
        }
    };
    view! {
        <div role="status">{move || some.get().then(|| view! { <h2>{words.letters_title()}</h2> })}</div>
        <ul class="work letters" data-test="letters"><For each=move || letters.get() key=Clone::clone children=card/></ul>
    }
}

fn says_view(words: Words, says: Option<LetterSays>) -> AnyView {
    match says {
        None => view! { <p>{words.letter_unreadable()}</p> }.into_any(),
        Some(LetterSays::Debrief { alias, theme, how, hand_over, call_me }) => view! {
            <p class="name">{words.letter_debrief(&alias)}</p>
            {about(theme)}
            {call_me.then(|| view! { <p class="mark" data-test="letter-call-me">{words.letter_call_me(&alias)}</p> })}
            {part(words.debrief_how(), how)}
            {part(words.debrief_hand_over(), hand_over)}
        }
        .into_any(),
        Some(LetterSays::HandOver { alias, theme, words: said }) => view! {
            <p class="name">{words.letter_hand_over(&alias)}</p>
            {about(theme)}
            {part("", said)}
        }
        .into_any(),
        Some(LetterSays::Report(report)) => report_view(words, report),
    }
}

/// What is reported: about whom, what was said, and whether that is proven.
pub(crate) fn report_view(words: Words, report: ReportView) -> AnyView {
    let ReportView { about, role, said, proven, why } = report;
    let about = if about.is_empty() { words.nameless().to_owned() } else { about };
    let proof = if proven { words.report_proven(&about) } else { words.report_not_proven().to_owned() };
    let said = said.map(|said| {
        view! {
            <blockquote dir="auto" translate="no" data-test="report-said">{said}</blockquote>
            <p class="small" data-test="report-proof">{proof}</p>
        }
    });
    view! {
        <p class="name" data-test="report-about">{words.report_about(&about, &role_text(words, role, None))}</p>
        {said}
        {part(words.report_why_said(), why)}
    }
    .into_any()
}

fn about(theme: String) -> Option<AnyView> {
    (!theme.is_empty()).then(|| view! { <p class="small" dir="auto">{theme}</p> }.into_any())
}

fn part(label: &'static str, text: String) -> Option<AnyView> {
    if text.is_empty() {
        return None;
    }
    let label = (!label.is_empty()).then(|| view! { <p class="small">{label}</p> });
    Some(view! { {label}<p class="typed" dir="auto" translate="no">{text}</p> }.into_any())
}
