//! Saying that somebody has said or done what is not right: to the hosts, or past them to the coordinator.

use leptos::ev::SubmitEvent;
use leptos::html::{Button, Select};
use leptos::prelude::*;
use lotgenoot_messages::{Command, MemberView, MessageId, Role, RoomId, Writing};

use super::button::button;
use super::focus;
use super::mark::{name_of, role_text};
use crate::bridge;
use crate::model::Notice;
use crate::state::state;

// So many of somebody's last messages can be pointed at.
const LAST: usize = 12;
// So much of each is shown.
const BEGINNING: usize = 60;

/// Folded away until she wants it.
#[component]
pub(crate) fn Report(room: RoomId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = RwSignal::new(false);
    let (opener, first) = (NodeRef::<Button>::new(), NodeRef::<Select>::new());
    focus::moves(asked, move || drop(first.get().map(|it| it.focus())), opener);
    // What is to be chosen from stays as it was when she chose whom it is about: nothing slides under her choice.
    let theirs = RwSignal::new(Vec::<(MessageId, String)>::new());
    let (about, message) = (RwSignal::new(String::new()), RwSignal::new(None::<MessageId>));
    let (why, to_hosts) = (RwSignal::new(String::new()), RwSignal::new(true));
    // On its way; and whether the last one has gone.
    let (sending, gone) = (RwSignal::new(None::<Writing>), RwSignal::new(false));
    let there = {
        let room = room.clone();
        Memo::new(move |_| state.model.with(|model| model.others_in(&room)))
    };
    let stands = move || match (sending.with(Option::is_some), gone.get()) {
        (true, _) => Some(words.report_sending()),
        (false, true) => Some(words.report_sent()),
        (false, false) => None,
    };
    let of = room.clone();
    let choose = move |id: String| {
        theirs.set(state.model.with_untracked(|model| model.last_words_of(&of, &id, LAST)));
        let is_host = there.with(|there| there.iter().any(|it| it.id == id && it.role != Role::Person));
        // Whom it is about need not read it.
        to_hosts.set(!is_host);
        message.set(None);
        about.set(id);
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let (member, message) = (about.get_untracked(), message.get_untracked());
        if member.is_empty() {
            return;
        }
        let writing = Writing::Report { room: room.clone(), member: member.clone() };
        state.model.update(|model| {
            model.notice = None;
            model.written.retain(|known| *known != writing);
        });
        gone.set(false);
        sending.set(Some(writing));
        let (text, to_hosts) = (why.get_untracked().trim().to_owned(), to_hosts.get_untracked());
        bridge::send(&Command::Report { room: room.clone(), member, message, why: text, to_hosts });
    };
    let begin_anew = {
        let choose = choose.clone();
        move || {
            choose(String::new());
            why.set(String::new());
            asked.set(false);
        }
    };
    // What she wrote is hers until it has gone; if it does not go, it is still there.
    let done = begin_anew.clone();
    Effect::new(move |_| {
        let Some(writing) = sending.get() else { return };
        let (sent, failed) = state.model.with(|model| {
            let failed = matches!(model.notice, Some(Notice::Failed(_)));
            (model.written.contains(&writing), failed)
        });
        // Once: whatever she begins after that is another one.
        if sent || failed {
            sending.set(None);
            gone.set(sent);
        }
        if sent {
            done();
        }
    });
    let person = move |member: MemberView| {
        let label = format!(
            "{}, {}",
            name_of(words, &member),
            role_text(words, member.role, member.service.as_deref())
        );
        view! { <option value=member.id>{label}</option> }
    };
    let said = move |(id, text): (MessageId, String)| view! { <option value=id dir="auto">{beginning(&text)}</option> };
    let form = move || {
        let (choose, not) = (choose.clone(), begin_anew.clone());
        view! {
            <form class="note report" autocomplete="off" on:submit=send.clone() data-test="report-form">
                <label class="field">{words.report_who()}
                    <select node_ref=first data-test="report-who" prop:value=about on:change:target=move |event| choose(event.target().value())>
                        <option value="">{words.report_choose()}</option>
                        {there.get_untracked().into_iter().map(person).collect_view()}
                    </select></label>
                <label class="field">{words.report_what()}
                    <select data-test="report-what" translate="no" prop:value=move || message.get().unwrap_or_default() on:change:target=move |event| {
                        message.set(Some(event.target().value()).filter(|id| !id.is_empty()));
                    }>
                        <option value="">{words.report_no_message()}</option>
                        {move || theirs.get().into_iter().map(said).collect_view()}
                    </select></label>
                <label class="field">{words.report_why()}
                    <textarea rows="3" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test="report-why" prop:value=why
                        on:input:target=move |event| why.set(event.target().value())></textarea></label>
                <fieldset class="picks"><legend>{words.report_to()}</legend>
                    <label class="pick"><input type="radio" name="report-to" data-test="report-hosts" prop:checked=to_hosts
                        on:change=move |_| to_hosts.set(true)/><span>{words.report_hosts()}</span></label>
                    <label class="pick"><input type="radio" name="report-to" data-test="report-past" prop:checked=move || !to_hosts.get()
                        on:change=move |_| to_hosts.set(false)/><span>{words.report_past()}</span></label>
                </fieldset>
                <p class="buttons">
                    <button type="submit" class="main" data-test="report-send" disabled=move || about.with(String::is_empty) || sending.with(Option::is_some)>{words.report_send()}</button>
                    {button("", "report-not", words.remove_not(), move |_| not())}
                </p>
            </form>
        }
    };
    view! {
        <div role="status">{move || stands().map(|text| view! { <p class="small" data-test="report-state">{text}</p> })}</div>
        {move || if asked.get() { form().into_any() } else {
            view! { <p><button type="button" class="plain" data-test="report" node_ref=opener on:click=move |_| asked.set(true)>{words.report()}</button></p> }.into_any()
        }}
    }
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(BEGINNING) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
