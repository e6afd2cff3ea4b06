//! A coordinator's office: who works here, until when, and who comes or goes.

use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use lotgenoot_messages::{CallAlarm, ColleagueId, ColleagueView, Command, OfficeView, Role};

use super::Title;
use super::button::button;
use super::letters::Letters;
use super::mark::{look, role_text};
use super::numbers::Numbers;
use super::plan::Plan;
use super::when::day;
use crate::bridge;
use crate::clock;
use crate::model::{Alarm, Model, NewLink};
use crate::state::{State, state};
use crate::words::Words;

/// The desk of a coordinator. What wants to be done stands on top.
#[component]
pub(crate) fn Office() -> impl IntoView {
    let state = state();
    let words = state.words;
    let known = Memo::new(move |_| state.model.with(|model| model.office.is_some()));
    let saving = Memo::new(move |_| office(state, |office| office.saving));
    // What must be laid down can be asked for while the relay can be reached, and no sooner.
    let not_now = Memo::new(move |_| saving.get() || !state.model.with(Model::is_online));
    let stands = move || match (known.get(), saving.get()) {
        (false, _) => words.office_loading(),
        (true, true) => words.office_saving(),
        (true, false) => "",
    };
    view! {
        <section class="step office" data-test="office">
            <Title text=words.office_title().to_owned()/>
            <p data-test="you">{words.office_you()}</p>
            <p>{words.office_lead()}</p>
            <p role="status" data-test="office-state">{stands}</p>
            <Alarms/>
            <super::own_duty::Taken/>
            <Links/>
            <Due not_now/>
            <Letters/>
            {move || known.get().then(|| view! {
                <Colleagues not_now/>
                <Proposals not_now/>
                <Certify not_now/>
                <super::plan_duty::PlanDuty not_now/>
                <Plan not_now/>
                <super::own_lines::OwnLines not_now/>
                <Numbers/>
                <super::figures::Figures/>
                <Invite saving/>
            })}
            <super::ring::Ring/>
            <super::device::Device/>
        </section>
    }
}

/// Calls that go without an answer, or go from hand to hand. She cannot read them; she can phone whoever is on duty.
#[component]
fn Alarms() -> impl IntoView {
    let state = state();
    let words = state.words;
    let alarms = Memo::new(move |_| state.model.with(|model| model.alarms.clone()));
    let line = move |alarm: Alarm| {
        let text = match alarm.why {
            CallAlarm::HandedOverOften => words.office_alarm_often(),
            CallAlarm::Unanswered | CallAlarm::Over => words.office_alarm_unanswered(),
        };
        let since = Memo::new(move |_| words.duty_since(clock::minutes(alarm.since, state.now_ms.get())));
        view! { <li data-test="call-alarm">{text}" "<span class="small" aria-live="off">{move || since.get()}</span></li> }
    };
    view! {
        <super::desk::Unattended/>
        <div role="alert">{move || (!alarms.with(Vec::is_empty)).then(|| view! {
            <ul class="note plain-list">{alarms.get().into_iter().map(line).collect_view()}</ul>
        })}</div>
    }
}

/// Links that were just made, until she has handed them on.
#[component]
fn Links() -> impl IntoView {
    let state = state();
    let words = state.words;
    let links = Memo::new(move |_| state.model.with(|model| model.links.clone()));
    let card = move |link: NewLink| {
        let NewLink { about, fragment, invitation } = link;
        let (label, what) = if invitation {
            (words.link_from(&about), words.link_invitation().to_owned())
        } else {
            (words.link_for(&about), words.link_staff(&about))
        };
        let address = address(&fragment);
        // What is clicked is in that browser's history, secret and all.
        let paste = (!invitation).then(|| {
            let page = address.split('#').next().unwrap_or_default();
            view! { <p>{words.link_paste(page, words.return_open())}</p> }
        });
        // She has just pressed a button further down: what came of it is brought before her.
        let link = NodeRef::<Input>::new();
        Effect::new(move |_| {
            if let Some(link) = link.get() {
                let _ = link.focus();
                link.select();
            }
        });
        view! {
            <div class="card">
                <label class="field"><strong>{label}</strong>
                    <input type="text" readonly=true dir="ltr" translate="no" autocomplete="off" spellcheck="false"
                        node_ref=link data-test="new-link" prop:value=address on:click:target=move |event| event.target().select()/></label>
                <p>{what}</p>
                {paste}
                <p>{button("", "new-link-done", words.link_done(), move |_| state.model.update(|model| model.put_link_away(&fragment)))}</p>
            </div>
        }
    };
    view! { <div role="status"><For each=move || links.get() key=NewLink::clone children=card/></div> }
}

// This page's own address, with the link's secret where only a browser reads it.
fn address(fragment: &str) -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    format!("{origin}{path}#{fragment}")
}

// One colleague in the list. Rows are kept as long as what they say stays the same.
#[derive(Clone, Eq, Hash, PartialEq)]
struct Row {
    id: ColleagueId,
    name: String,
    about: String,
    marks: Vec<&'static str>,
}

impl Row {
    fn of(words: Words, colleague: &ColleagueView) -> Self {
        let ColleagueView { id, until, due, ended, uncovered, .. } = colleague;
        let until = words.office_until(&day(words, *until));
        let about = format!("{}{}{until}", role_of(words, colleague), words.listed_comma());
        let marks = [
            ended.then(|| words.office_ended()),
            (*due && !ended).then(|| words.office_ends_soon()),
            uncovered.then(|| words.office_uncovered()),
        ];
        let marks = marks.into_iter().flatten().collect();
        Self { id: id.clone(), name: name_of(words, colleague), about, marks }
    }
}

/// Whose certificates want to be renewed. She sees whom she renews: exactly those who are named.
#[component]
fn Due(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let due = Memo::new(move |_| {
        office(state, |office| {
            let due = office.colleagues.iter().filter(|colleague| colleague.due || colleague.ended);
            due.map(|colleague| Row::of(words, colleague)).collect::<Vec<_>>()
        })
    });
    let note = move |due: Vec<Row>| {
        let count = due.len() as u64;
        let command = Command::Renew { colleagues: due.iter().map(|row| row.id.clone()).collect() };
        let names = due.into_iter().map(|row| {
            let Row { name, about, .. } = row;
            view! { <li><bdi class="name" translate="no">{name}</bdi>" "<span class="small">{about}</span></li> }
        });
        view! {
            <div class="note" data-test="due">
                <p>{words.office_due(count)}</p>
                <ul>{names.collect_view()}</ul>
                <p class="buttons"><button type="button" class="main" data-test="renew" disabled=move || not_now.get()
                    on:click=move |_| send(state, &command)>{words.office_renew(count)}</button></p>
            </div>
        }
    };
    move || Some(due.get()).filter(|due| !due.is_empty()).map(note)
}

#[component]
fn Colleagues(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let rows = Memo::new(move |_| {
        office(state, |office| {
            office.colleagues.iter().map(|colleague| Row::of(words, colleague)).collect::<Vec<_>>()
        })
    });
    let row = move |row: Row| {
        let Row { id, name, about, marks } = row;
        view! {
            <li data-test="colleague">
                <span class="line-about"><bdi class="name" translate="no">{name.clone()}</bdi>" "
                    <span class="small">{about}</span>
                    {marks.into_iter().map(|mark| view! { <span class="mark">{mark}</span> }).collect_view()}</span>
                <Revoke id name not_now/>
            </li>
        }
    };
    view! {
        <h2>{words.office_colleagues()}</h2>
        <ul class="work"><For each=move || rows.get() key=Row::clone children=row/></ul>
    }
}

/// Asks once more, in place: it cannot be undone.
#[component]
fn Revoke(id: ColleagueId, name: String, not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let asked = RwSignal::new(false);
    let command = Command::Revoke { colleague: id };
    let label = words.office_revoke_of(&name);
    let sure = move || {
        let command = command.clone();
        view! {
            <div class="note">
                <p>{words.office_revoke_sure(&name)}</p>
                <p class="buttons">
                    <button type="button" data-test="revoke-sure" disabled=move || not_now.get()
                        on:click=move |_| {
                            asked.set(false);
                            send(state, &command);
                        }>{words.office_revoke_yes()}</button>
                    {button("main", "revoke-not", words.office_revoke_not(), move |_| asked.set(false))}
                </p>
            </div>
        }
    };
    let ask = move || {
        view! {
            <button type="button" class="plain" data-test="revoke" aria-label=label.clone() disabled=move || not_now.get()
                on:click=move |_| asked.set(true)>{words.office_revoke()}</button>
        }
    };
    view! {
        <div class="revoke" class:asked=asked role="status">
            {move || if asked.get() { sure().into_any() } else { ask().into_any() }}
        </div>
    }
}

// What waits for more signatures.
#[derive(Clone, Eq, Hash, PartialEq)]
struct Proposal {
    id: ColleagueId,
    name: String,
    about: String,
    signed: String,
    by_you: bool,
}

impl Proposal {
    fn of(words: Words, proposal: &ColleagueView) -> Self {
        let ColleagueView { id, signed, needed, by_you, .. } = proposal;
        let signed = words.office_signed(u64::from(*needed), u64::from(*signed));
        let (name, about) = (name_of(words, proposal), role_of(words, proposal));
        Self { id: id.clone(), name, about, signed, by_you: *by_you }
    }
}

#[component]
fn Proposals(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let rows = Memo::new(move |_| {
        office(state, |office| {
            office.proposals.iter().map(|proposal| Proposal::of(words, proposal)).collect::<Vec<_>>()
        })
    });
    let row = move |proposal: Proposal| {
        let Proposal { id, name, about, signed, by_you } = proposal;
        let label = words.office_cosign_of(&name);
        let command = Command::CoSign { proposal: id };
        let cosign = move || {
            view! {
                <button type="button" data-test="cosign" aria-label=label disabled=move || not_now.get()
                    on:click=move |_| send(state, &command)>{words.office_cosign()}</button>
            }
        };
        view! {
            <li data-test="proposal">
                <span class="line-about"><bdi class="name" translate="no">{name}</bdi>" "
                    <span class="small">{about}</span>
                    <span class="mark">{signed}</span></span>
                {by_you.then(|| view! { <span class="small">{words.office_cosigned()}</span> })}
                {(!by_you).then(cosign)}
            </li>
        }
    };
    view! {
        {move || (!rows.with(Vec::is_empty)).then(|| view! { <h2>{words.office_proposals()}</h2> })}
        <ul class="work"><For each=move || rows.get() key=Proposal::clone children=row/></ul>
    }
}

/// Somebody new. What she may certify is all that is offered.
#[component]
fn Certify(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let roles = Memo::new(move |_| office(state, |office| office.may_certify.clone()));
    let (picked, alias, service) =
        (RwSignal::new(None::<Role>), RwSignal::new(String::new()), RwSignal::new(String::new()));
    // Until she picks one: the first.
    let role = Memo::new(move |_| {
        let roles = roles.get();
        picked.get().filter(|role| roles.contains(role)).or_else(|| roles.first().copied())
    });
    let wants_service = Memo::new(move |_| role.get() == Some(Role::Professional));
    let complete = move || is_given(alias) && (!wants_service.get() || is_given(service));
    let certify = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(role) = role.get().filter(|_| complete() && !not_now.get()) else { return };
        let service = if wants_service.get() { taken(service) } else { String::new() };
        send(state, &Command::Certify { role, alias: taken(alias), service });
    };
    let picks = move || {
        let pick = move |this: Role| {
            let checked = move || role.get() == Some(this);
            view! { <label class="pick"><input type="radio" name="certify-role" data-test=format!("certify-role-{}", look(this).0)
            prop:checked=checked on:change=move |_| picked.set(Some(this))/><span>{role_text(words, this, None)}</span></label> }
        };
        roles.get().into_iter().map(pick).collect_view()
    };
    let away = Memo::new(move |_| !state.model.with(Model::is_online));
    let form = move || {
        view! {
            <h2>{words.office_certify()}</h2>
            <form autocomplete="off" on:submit=certify>
                <fieldset class="picks" data-test="certify-role"><legend>{words.office_certify_role()}</legend>{picks}</fieldset>
                {field("certify-alias", words.office_certify_alias(), words.office_certify_alias_hint(), alias)}
                {move || wants_service.get().then(|| {
                    field("certify-service", words.office_certify_service(), words.office_certify_service_hint(), service)
                })}
                <p><button type="submit" data-test="certify-go" disabled=move || not_now.get() || !complete()>
                    {words.office_certify_go()}</button></p>
                <div role="status">{move || away.get().then(|| view! {
                    <p class="note" data-test="certify-away">{words.office_away()}</p>
                })}</div>
            </form>
        }
    };
    let offered = Memo::new(move |_| !roles.with(Vec::is_empty));
    move || offered.get().then(form)
}

/// A link for somebody whom a partner sends.
#[component]
fn Invite(saving: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let partner = RwSignal::new(String::new());
    let invite = move |event: SubmitEvent| {
        event.prevent_default();
        if is_given(partner) && !saving.get() {
            send(state, &Command::Invite { partner: taken(partner) });
        }
    };
    view! {
        <h2>{words.office_invite()}</h2>
        <form autocomplete="off" on:submit=invite>
            {field("invite-partner", words.office_invite_partner(), words.office_invite_hint(), partner)}
            <p><button type="submit" data-test="invite-go" disabled=move || saving.get() || !is_given(partner)>
                {words.office_invite_go()}</button></p>
        </form>
    }
}

fn field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    typed: RwSignal<String>,
) -> impl IntoView {
    view! {
        <p class="field">
            <label for=name>{label}</label>
            <span class="small" id=format!("{name}-hint")>{hint}</span>
            <input id=name type="text" dir="auto" placeholder=" " autocomplete="off" spellcheck="false" aria-describedby=format!("{name}-hint")
                data-test=name prop:value=typed on:input:target=move |event| typed.set(event.target().value())/>
        </p>
    }
}

fn is_given(typed: RwSignal<String>) -> bool {
    typed.with(|typed| !typed.trim().is_empty())
}

// What was typed; the field is empty for the next one.
fn taken(typed: RwSignal<String>) -> String {
    let text = typed.get().trim().to_owned();
    typed.set(String::new());
    text
}

// The last thing that did not work is behind her.
fn send(state: State, command: &Command) {
    state.model.update(|model| model.notice = None);
    bridge::send(command);
}

fn office<T: Default>(state: State, what: impl FnOnce(&OfficeView) -> T) -> T {
    state.model.with(|model| model.office.as_ref().map(what)).unwrap_or_default()
}

fn name_of(words: Words, colleague: &ColleagueView) -> String {
    if colleague.alias.is_empty() { words.nameless().to_owned() } else { colleague.alias.clone() }
}

fn role_of(words: Words, colleague: &ColleagueView) -> String {
    role_text(words, colleague.role, colleague.service.as_deref())
}
