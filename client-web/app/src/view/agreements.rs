//! Who does what by when: read by her and by the professionals who are there, written by whoever leads.

use leptos::ev::SubmitEvent;
use leptos::html::{Button, Textarea};
use leptos::prelude::*;
use lotgenoot_messages::{Agreement, AgreementChange, AgreementId, CallId, Command};

use super::button::button;
use super::pick::field;
use super::when;
use crate::bridge;
use crate::model::Notice;
use crate::state::{State, state};
use crate::words::Words;

/// In letters, so that what is typed fits in bytes as well; whatever does not is refused, and says so.
const WHAT_LETTERS_MAX: &str = "400";
const WHO_LETTERS_MAX: &str = "40";

/// Read only. Nothing as long as nothing was agreed.
#[component]
pub(crate) fn Agreed(
    call: CallId,
    /// Unfolded from when on; whoever reads may fold it.
    #[prop(into)]
    open: Signal<bool>,
) -> impl IntoView {
    let state = state();
    let words = state.words;
    let list = agreements(state, call);
    let ids = ids(list);
    let any = Memo::new(move |_| list.with(|list| !list.is_empty()));
    let row = move |id: AgreementId| view! { <li data-test="agreement"><Said list id/></li> };
    move || {
        any.get().then(|| {
            view! {
                <details class="card agreements" open=open data-test="agreements">
                    <summary><span role="status">{move || words.agreed(list.with(Vec::len) as u64)}</span></summary>
                    <ul class="plain-list"><For each=move || ids.get() key=Clone::clone children=row/></ul>
                </details>
            }
        })
    }
}

/// For whoever leads: the same, to be added to and changed.
#[component]
pub(crate) fn Agreements(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let list = agreements(state, call.clone());
    let ids = ids(list);
    let writing = RwSignal::new(None::<Agreement>);
    let opener = NodeRef::<Button>::new();
    let (changed, row_call) = (call.clone(), call);
    let row = move |id: AgreementId| view! { <Row call=row_call.clone() list id writing/> };
    let own = move || {
        let alias = state.model.with_untracked(|model| model.you.as_ref().and_then(|you| you.alias.clone()));
        Agreement { who: alias.unwrap_or_default(), ..Agreement::default() }
    };
    view! {
        <details class="card agreements" open=true data-test="agreements">
            <summary><span role="status">{move || words.agreed(list.with(Vec::len) as u64)}</span></summary>
            <ul class="plain-list"><For each=move || ids.get() key=Clone::clone children=row/></ul>
            {move || if writing.with(Option::is_some) {
                view! { <Form call=changed.clone() list writing opener/> }.into_any()
            } else {
                view! {
                    <p><button type="button" data-test="agreement-add" node_ref=opener on:click=move |_| writing.set(Some(own()))>{words.agreed_add()}</button></p>
                }.into_any()
            }}
        </details>
    }
}

#[component]
fn Said(list: Memo<Vec<Agreement>>, id: AgreementId) -> impl IntoView {
    let words = state().words;
    let it = one(list, id);
    move || it.get().map(|it| lines(words, it))
}

fn lines(words: Words, it: Agreement) -> impl IntoView {
    let day = when::moment(&it.by, "12:00").map(|at| words.agreed_by(&when::weekday(words, at)));
    let done = it.done.then(|| words.agreed_done().to_owned());
    let rest: Vec<String> = day.into_iter().chain(done).collect();
    let rest = (!rest.is_empty()).then(|| view! { <p class="small">{rest.join(" · ")}</p> });
    let who =
        (!it.who.is_empty()).then(|| view! { <strong><bdi translate="no">{it.who}</bdi></strong>{": "} });
    view! {
        <p class="agreed-what" data-test="agreement-what" data-done=it.done.to_string()>{who}<bdi translate="no">{it.what}</bdi></p>{rest}
    }
}

/// Stays the same row when something about it changes, so that whoever goes by keyboard stays where she is.
#[component]
fn Row(
    call: CallId,
    list: Memo<Vec<Agreement>>,
    id: AgreementId,
    writing: RwSignal<Option<Agreement>>,
) -> impl IntoView {
    let words = state().words;
    let it = one(list, id.clone());
    let done = Memo::new(move |_| it.with(|it| it.as_ref().is_some_and(|it| it.done)));
    let send = move |change: AgreementChange| bridge::send(&Command::Agree { call: call.clone(), change });
    let (mark, away) = (send.clone(), send);
    let toggle = move |_| {
        if let Some(it) = it.get_untracked() {
            mark(AgreementChange::Put(Agreement { done: !it.done, ..it }));
        }
    };
    let shown = id.clone();
    view! {
        <li data-test="agreement">
            <Said list id=shown/>
            <p class="buttons">
                <button type="button" data-test="agreement-done" on:click=toggle>
                    {move || if done.get() { words.agreed_not_done() } else { words.agreed_is_done() }}</button>
                {button("plain", "agreement-change", words.agreed_change(), move |_| writing.set(it.get_untracked()))}
                {button("plain", "agreement-drop", words.agreed_drop(), move |_| away(AgreementChange::Drop(id.clone())))}
            </p>
        </li>
    }
}

#[component]
fn Form(
    call: CallId,
    list: Memo<Vec<Agreement>>,
    writing: RwSignal<Option<Agreement>>,
    opener: NodeRef<Button>,
) -> impl IntoView {
    let state = state();
    let words = state.words;
    let first = NodeRef::<Textarea>::new();
    let it = RwSignal::new(writing.get_untracked().unwrap_or_default());
    let [what, who, by] =
        it.with_untracked(|it| [&it.what, &it.who, &it.by].map(|text| RwSignal::new(text.clone())));
    let sent = RwSignal::new(false);
    // Another one to change comes into the same form.
    Effect::new(move |before: Option<()>| {
        let chosen = writing.get();
        if let (Some(()), Some(chosen)) = (before, chosen) {
            what.set(chosen.what.clone());
            who.set(chosen.who.clone());
            by.set(chosen.by.clone());
            it.set(chosen);
        }
        drop(first.get().map(|first| first.focus()));
    });
    // What she wrote stays until it is on the list; what was refused can be sent again.
    Effect::new(move |before: Option<()>| {
        list.track();
        if before.is_some() && sent.get_untracked() {
            writing.set(None);
        }
    });
    Effect::new(move |_| {
        if state.model.with(|model| matches!(model.notice, Some(Notice::Failed(_)))) {
            sent.set(false);
        }
    });
    on_cleanup(move || {
        request_animation_frame(move || drop(opener.try_get_untracked().flatten().map(|it| it.focus())));
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let [what, who, by] = [what, who, by].map(|text| text.get_untracked());
        let put = Agreement { what, who, by, ..it.get_untracked() };
        if put == it.get_untracked() {
            return writing.set(None);
        }
        state.model.update(|model| model.notice = None);
        sent.set(true);
        bridge::send(&Command::Agree { call: call.clone(), change: AgreementChange::Put(put) });
    };
    let nothing = Memo::new(move |_| what.with(|what| what.trim().is_empty()));
    view! {
        <form class="note agreement-form" autocomplete="off" on:submit=send data-test="agreement-form">
            <label class="field">{words.agreed_what()}
                <textarea rows="2" dir="auto" placeholder=" " maxlength=WHAT_LETTERS_MAX autocomplete="off" data-test="agreement-text" node_ref=first
                    prop:value=what on:input:target=move |event| what.set(event.target().value())></textarea></label>
            {field("text", "agreement-who", words.agreed_who(), Some(WHO_LETTERS_MAX), who)}
            {field("date", "agreement-day", words.agreed_when(), None, by)}
            <p class="small">{words.agreed_about()}</p>
            <p class="buttons">
                <button type="submit" class="main" data-test="agreement-save" disabled=move || nothing.get() || sent.get()>{words.agreed_save()}</button>
                <button type="button" data-test="agreement-not" on:click=move |_| writing.set(None)>{words.remove_not()}</button>
            </p>
        </form>
    }
}

/// Everything that was agreed in a call.
pub(super) fn agreements(state: State, call: CallId) -> Memo<Vec<Agreement>> {
    Memo::new(move |_| {
        state.model.with(|model| model.call(&call).map(|call| call.agreements.clone())).unwrap_or_default()
    })
}

fn ids(list: Memo<Vec<Agreement>>) -> Memo<Vec<AgreementId>> {
    Memo::new(move |_| list.with(|list| list.iter().map(|it| it.id.clone()).collect()))
}

fn one(list: Memo<Vec<Agreement>>, id: AgreementId) -> Memo<Option<Agreement>> {
    Memo::new(move |_| list.with(|list| list.iter().find(|it| it.id == id).cloned()))
}
