//! The intake as a professional reads it: one card, safety first, her own words next. What she left open says so.

use leptos::prelude::*;
use lotgenoot_messages::{CodeWord, Intake, Safe, Urgency};

use super::code_words::meaning_text;
use super::intake::{CONSENTS, FLAGS, consent_text, flag_text};
use crate::state::state;
use crate::words::Words;

/// The card.
#[component]
pub(crate) fn IntakeCard(intake: Intake) -> impl IntoView {
    let words = state().words;
    let when = match intake.urgency {
        Urgency::Now => None,
        Urgency::Today => Some(words.duty_when_today()),
        Urgency::ContactPerson => Some(words.duty_when_contact()),
    };
    let last = (!intake.last_messages.is_empty()).then(|| {
        let last = intake.last_messages.iter().map(|text| view! { <li translate="no"><bdi>{text.clone()}</bdi></li> });
        let last = last.collect_view();
        view! { <div class="pair wide"><dt>{words.duty_last_messages()}</dt><dd data-test="last-messages"><ul>{last}</ul></dd></div> }
    });
    let code = (!intake.code_words.is_empty()).then(|| {
        let row = |code: &CodeWord| {
            view! { <li>{meaning_text(words, code.meaning)}": "<bdi translate="no">{code.word.clone()}</bdi></li> }
        };
        let rows = intake.code_words.iter().map(row).collect_view();
        view! { <div class="pair wide"><dt>{words.duty_code_words()}</dt><dd data-test="card-code-words"><ul>{rows}</ul></dd></div> }
    });
    let minutes = intake.minutes.map(|count| words.minutes(count.into()));
    let (given, not_given): (Vec<_>, Vec<_>) =
        CONSENTS.into_iter().partition(|consent| intake.consents.contains(consent));
    let flags: Vec<_> = FLAGS.into_iter().filter(|flag| intake.flags.contains(flag)).collect();
    let flags = flags.into_iter().map(|flag| view! { <li>{flag_text(words, flag)}</li> }).collect_view();
    let no_flags = intake.flags.is_empty().then(|| words.duty_nothing_said());
    let consents = |list: Vec<_>| {
        list.into_iter().map(|consent| view! { <li>{consent_text(words, consent)}</li> }).collect_view()
    };
    view! {
        <details class="card intake-card" open=true data-test="intake-card">
            <summary>{words.duty_card()}": "<bdi translate="no">{intake.nickname.clone()}</bdi></summary>
            <dl>
                {when.map(|when| view! { <div class="pair wide">{pair(words.duty_when(), when.to_owned())}</div> })}
                <div class="pair">{pair(words.intake_safe(), safe_text(words, intake.safe))}</div>
                <div class="pair">{pair(words.intake_read_along(), safe_text(words, intake.read_along))}</div>
                <div class="pair">{pair(words.duty_minutes(), said(words, minutes.unwrap_or_default()))}</div>
                <div class="pair">{pair(words.intake_where_is_he(), said(words, intake.where_is_he))}</div>
                <div class="pair">{pair(words.intake_children(), said(words, intake.children))}</div>
                <div class="pair wide">{pair(words.intake_wants(), said(words, intake.wants))}</div>
                <div class="pair wide">{pair(words.intake_tried(), said(words, intake.tried))}</div>
                <div class="pair wide flags"><dt>{words.intake_flags()}</dt><dd><ul>{flags}</ul>{no_flags}</dd></div>
                <div class="pair">{pair(words.intake_language(), said(words, intake.language))}</div>
                <div class="pair wide"><dt>{words.duty_consents()}</dt><dd><ul class="yes">{consents(given)}</ul></dd></div>
                <div class="pair wide"><dt>{words.duty_not_consented()}</dt><dd><ul class="no">{consents(not_given)}</ul></dd></div>
                <div class="pair">{pair(words.intake_safe_ways(), said(words, intake.safe_ways))}</div>
                {last}{code}
                <div class="pair">{pair(words.intake_municipality(), said(words, intake.municipality))}</div>
            </dl>
        </details>
    }
}

fn pair(question: &'static str, answer: String) -> impl IntoView {
    view! { <dt>{question}</dt><dd dir="auto" translate="no">{answer}</dd> }
}

fn said(words: Words, text: String) -> String {
    if text.trim().is_empty() { words.duty_nothing_said().to_owned() } else { text }
}

fn safe_text(words: Words, safe: Safe) -> String {
    let text = match safe {
        Safe::Yes => words.answer_yes(),
        Safe::No => words.answer_no(),
        Safe::Unknown => words.duty_nothing_said(),
    };
    text.to_owned()
}
