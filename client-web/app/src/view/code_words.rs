//! Words that mean something else, agreed with whoever helps her. What is kept is never shown again: the screen is read by
//! others too.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use lotgenoot_messages::{
    CallId, CodeFault, CodeMeaning, CodeWord, Command, MemberView, Role, may_be_agreed, spoken,
};

use super::button::button;
use super::pick::field;
use crate::bridge;
use crate::model::Entry;
use crate::state::{State, state};
use crate::words::Words;

const MEANINGS: [CodeMeaning; 3] = [CodeMeaning::ReadAlong, CodeMeaning::Stop, CodeMeaning::SendHelp];

/// Beside her call, folded away.
#[component]
pub(crate) fn CodeWords(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let agreed = Memo::new(move |_| state.model.with(|model| model.code_words.agreed.clone()));
    let writing = RwSignal::new(false);
    let saved = RwSignal::new(false);
    let list = move || {
        agreed.get().into_iter().map(|it| view! { <li>{meaning_text(words, it)}</li> }).collect_view()
    };
    let forget = move |_| {
        saved.set(false);
        let (words, note, service) = (Vec::new(), String::new(), String::new());
        bridge::send(&Command::AgreeCodeWords { words, note, service });
    };
    let call = StoredValue::new(call);
    view! {
        <details class="part" data-test="code-words">
            <summary>{words.code_title()}</summary>
            <p class="small">{words.code_about()}</p>
            <div role="status" data-test="code-agreed">{move || (!agreed.with(Vec::is_empty)).then(|| view! {
                <p>{words.code_agreed()}</p>
                <ul>{list()}</ul>
            })}{move || saved.get().then(|| view! { <p>{words.code_saved()}</p> })}</div>
            {move || if writing.get() {
                view! { <Form service=service_of(state, &call.get_value()) writing saved/> }.into_any()
            } else {
                let open = move |_| writing.set(true);
                let none = agreed.with(Vec::is_empty);
                let forget = (!none).then(|| button("plain", "code-forget", words.code_forget(), forget));
                let label = if none { words.code_write() } else { words.code_change() };
                view! { <p class="buttons">{button("", "code-write", label, open)}{forget}</p> }.into_any()
            }}
        </details>
    }
}

#[component]
fn Form(service: String, writing: RwSignal<bool>, saved: RwSignal<bool>) -> impl IntoView {
    let words = state().words;
    let typed = [(); 3].map(|()| RwSignal::new(String::new()));
    let note = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<CodeFault>);
    let fields = ["code-0", "code-1", "code-2"].into_iter().zip(MEANINGS).zip(typed);
    let fields = fields
        .map(|((mark, meaning), typed)| field("text", mark, meaning_text(words, meaning), None, typed))
        .collect_view();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let texts = typed.map(|typed| typed.get_untracked());
        let all = MEANINGS.into_iter().zip(texts).map(|(meaning, word)| CodeWord { meaning, word });
        let all: Vec<CodeWord> = all.filter(|it| !it.word.trim().is_empty()).collect();
        fault.set(may_be_agreed(&all).err());
        if !all.is_empty() && fault.get_untracked().is_none() {
            let (note, service) = (note.get_untracked(), service.clone());
            bridge::send(&Command::AgreeCodeWords { words: all, note, service });
            saved.set(true);
            writing.set(false);
        }
    };
    view! {
        <form class="note" autocomplete="off" on:submit=send data-test="code-form">
            <p class="small">{words.code_choose()}</p>
            {fields}
            // Below the words that it is about.
            <div role="alert" data-test="code-fault">{move || fault.get().map(|fault| {
                let text = match fault {
                    CodeFault::TooShort => words.code_too_short(),
                    CodeFault::TooLong => words.code_too_long(),
                    CodeFault::Alike => words.code_alike(),
                };
                view! { <p class="note alarm">{text}</p> }
            })}</div>
            <p class="small">{words.code_silent()}</p>
            <label class="field">{words.code_note()}
                <textarea rows="2" dir="auto" placeholder=" " maxlength="600" autocomplete="off" spellcheck="false" data-test="code-note"
                    on:input:target=move |event| note.set(event.target().value())></textarea></label>
            <p class="buttons">
                <button type="submit" class="main" data-test="code-save">{words.code_save()}</button>
                {button("", "code-not", words.remove_not(), move |_| writing.set(false))}
            </p>
        </form>
    }
}

/// On the screen of whoever helps her: what her last code word means, until she has said another.
#[component]
pub(crate) fn Heard(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let heard = Memo::new(move |_| {
        state.model.with(|model| {
            let call = model.call(&call)?;
            let (agreed, silent) = call.intake.as_ref().map(|it| (it.code_words.clone(), it.silent))?;
            let room = call.room.as_ref().and_then(|room| model.room(room));
            let said = room.iter().flat_map(|room| room.entries.iter().rev()).find_map(|entry| match entry {
                Entry::Said(said) if is_hers(&said.from) => spoken(&agreed, &said.text),
                _ => None,
            });
            said.or(silent.then_some(CodeMeaning::SendHelp))
        })
    });
    view! {
        <div role="alert" data-test="code-heard">{move || heard.get().map(|meaning| {
            let (what, then) = match meaning {
                CodeMeaning::ReadAlong => (words.heard_read_along(), words.heard_read_along_then()),
                CodeMeaning::Stop => (words.heard_stop(), words.heard_stop_then()),
                CodeMeaning::SendHelp => (words.heard_send_help(), words.heard_send_help_then()),
            };
            let class = if meaning == CodeMeaning::SendHelp { "note alarm" } else { "note" };
            view! { <div class=class><p><strong>{what}</strong></p><p>{then}</p></div> }
        })}</div>
    }
}

fn is_hers(from: &MemberView) -> bool {
    from.role == Role::Person && !from.you
}

/// A meaning, in words.
pub(crate) fn meaning_text(words: Words, meaning: CodeMeaning) -> &'static str {
    match meaning {
        CodeMeaning::ReadAlong => words.code_read_along(),
        CodeMeaning::Stop => words.code_stop(),
        CodeMeaning::SendHelp => words.code_send_help(),
    }
}

// Who would be called: whoever she talks with when she begins to write them. Not followed: a form that is made anew with
// everything that happens forgets what she types.
fn service_of(state: State, call: &str) -> String {
    let lead = state
        .model
        .with_untracked(|model| model.call(call).and_then(|call| call.lead.as_ref()?.service.clone()));
    lead.unwrap_or_default()
}
