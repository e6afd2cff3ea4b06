//! Duty that is planned in another program: read from its file into the plan, and written as one.

use leptos::prelude::*;
use lotgenoot_messages::{AttendeeView, Command, DutyFileView, FileFault};

use super::Draft;
use super::once::spaced;
use crate::bridge;
use crate::model::{DutyFile, Model, SKIPPED, known_attendees, put_in, stretch};
use crate::words::Words;

/// What a relay reads at once.
const BYTES_MAX: f64 = 768.0 * 1024.0;

/// A file in, and a file out, of one service.
#[component]
pub(super) fn File(draft: Draft, service: usize, asked: RwSignal<Option<usize>>) -> impl IntoView {
    let words = draft.state.words;
    let away = Memo::new(move |_| !draft.state.model.with(Model::is_online));
    let name = Memo::new(move |_| draft.service(service, |it| it.name.clone()));
    let file = Memo::new(move |_| {
        let known = draft.known(|duty| duty.file.clone());
        // It was asked for here, and not for another service.
        let asked = asked.get() == Some(service);
        let own = name.with(|name| match &known {
            Some(DutyFile::Read(view)) => view.service == *name,
            Some(DutyFile::Written { service, .. }) => service == name,
            Some(DutyFile::Asked | DutyFile::Refused(..)) | None => asked,
        });
        known.filter(|_| own)
    });
    let begins = move || {
        asked.set(Some(service));
        draft.state.model.update(|model| model.duty.file = Some(DutyFile::Asked));
    };
    let picked = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        let input = event.target();
        let Some(picked) = input.files().and_then(|files| files.get(0)) else { return };
        begins();
        let (name, zone) = (name.get_untracked(), draft.with(|plan| plan.zone.clone()));
        leptos::task::spawn_local(async move {
            let bytes = if picked.size() > BYTES_MAX { None } else { read(&picked).await };
            // The same file, mended, is picked anew.
            input.set_value("");
            match bytes {
                Some(file) => bridge::send(&Command::ReadDutyFile { service: name, zone, file }),
                None => draft.state.model.update(|model| {
                    model.duty.file = Some(DutyFile::Refused(0, FileFault::TooLarge));
                }),
            }
        });
    };
    let write = move |_| {
        begins();
        bridge::send(&Command::WriteDutyFile { service: name.get_untracked() });
    };
    view! {
        <details data-test="duty-file"><summary>{words.duty_file_title()}</summary>
            <p class="small">{words.duty_file_about()}</p>
            <label class="field">{words.duty_file_pick()}
                <input type="file" accept=".ics,text/calendar" data-test="duty-file-pick" disabled=away
                    on:change:target=picked/></label>
            <div role="status">
                {move || file.get().map(|file| match file {
                    DutyFile::Asked => view! { <p class="small">{words.duty_file_asked()}</p> }.into_any(),
                    DutyFile::Read(found) => view! { <Found draft service found/> }.into_any(),
                    DutyFile::Refused(line, fault) => {
                        view! { <p class="note" data-test="duty-file-refused">{refused(words, line, fault)}</p> }.into_any()
                    }
                    DutyFile::Written { text, .. } => view! { <Written words text/> }.into_any(),
                })}
            </div>
            <p><button type="button" class="plain" data-test="duty-file-write" disabled=away
                on:click=write>{words.duty_file_write()}</button></p>
        </details>
    }
}

async fn read(picked: &web_sys::File) -> Option<Vec<u8>> {
    let buffer = wasm_bindgen_futures::JsFuture::from(picked.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// What it says, and who is meant.
#[component]
fn Found(draft: Draft, service: usize, found: DutyFileView) -> impl IntoView {
    let words = draft.state.words;
    let people = draft.known(|duty| duty.people_of(&found.service));
    let chosen = RwSignal::new(known_attendees(&found, &people));
    let (first, last) =
        (found.shifts.iter().map(|it| &it.2).min(), found.shifts.iter().map(|it| &it.3).max());
    let (first, last) =
        (first.map_or_else(String::new, |it| spaced(it)), last.map_or_else(String::new, |it| spaced(it)));
    let about = words.duty_file_found(found.shifts.len() as u64, &first, &last);
    let unknown: Vec<(usize, AttendeeView)> = {
        let chosen = chosen.get_untracked();
        let all = found.attendees.iter().cloned().enumerate();
        all.filter(|(at, _)| chosen.get(*at).is_some_and(String::is_empty)).collect()
    };
    let ask = move |(at, it): (usize, AttendeeView)| {
        let who = match &it.name {
            Some(name) if *name != it.address => format!("{name} ({})", it.address),
            _ => it.address.clone(),
        };
        let is = move |value: &str| chosen.with(|chosen| chosen.get(at).is_some_and(|it| it == value));
        let option = move |account: String, alias: String| {
            let this = account.clone();
            view! { <option value=account prop:selected=move || is(&this)>{alias}</option> }
        };
        let options = people.iter().map(|it| option(it.account.clone(), it.alias.clone())).collect_view();
        view! {
            <label class="field">{words.duty_file_who(u64::from(it.line), &who)}
                <select data-test="duty-file-who" on:change:target=move |event| {
                    chosen.update(|chosen| chosen.get_mut(at).into_iter().for_each(|it| *it = event.target().value()));
                }>
                    <option value={""} prop:selected=move || is("")>{words.duty_pick_person()}</option>
                    {options}
                    <option value=SKIPPED prop:selected=move || is(SKIPPED)>{words.duty_file_skip()}</option>
                </select></label>
        }
    };
    let ask = unknown.into_iter().map(ask).collect_view();
    let now = draft.state.now_ms;
    let new = Memo::new(move |_| chosen.with(|chosen| stretch(&found, chosen, now.get_untracked())));
    let put = move |_| {
        if let Some(new) = new.get_untracked() {
            draft.change_service(service, |it| put_in(it, new));
            draft.state.model.update(|model| model.duty.file = None);
        }
    };
    view! {
        <p data-test="duty-file-found">{about}</p>
        {ask}
        <p><button type="button" data-test="duty-file-put" disabled=move || new.with(Option::is_none)
            on:click=put>{words.duty_file_put()}</button></p>
    }
}

/// A link under which her browser keeps the file.
#[component]
fn Written(words: Words, text: String) -> impl IntoView {
    let text = String::from(js_sys::encode_uri_component(&text));
    let address = format!("data:text/calendar;charset=utf-8,{text}");
    view! { <p><a href=address download="rooster.ics" data-test="duty-file-save">{words.duty_file_save()}</a></p> }
}

fn refused(words: Words, line: u32, fault: FileFault) -> String {
    let why = match fault {
        FileFault::NotACalendar => words.duty_file_fault_none(),
        FileFault::Line => words.duty_file_fault_line(),
        FileFault::Time => words.duty_file_fault_time(),
        FileFault::Zone => words.duty_file_fault_zone(),
        FileFault::Backwards => words.duty_fault_backwards(),
        FileFault::Rule => words.duty_file_fault_rule(),
        FileFault::Attendee => words.duty_file_fault_attendee(),
        FileFault::Missing => words.duty_file_fault_missing(),
        FileFault::Empty => words.duty_file_fault_empty(),
        FileFault::TooLarge => words.duty_fault_large(),
        FileFault::Other => words.duty_fault_other(),
    };
    if line == 0 { words.duty_file_refused(why) } else { words.duty_file_refused_at(u64::from(line), why) }
}
