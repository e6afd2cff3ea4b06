//! A coordinator plans duty: who takes turns for which service, what is different for once, and what wants looking at.
//!
//! - `layer`: people who take turns
//! - `once`: holidays, and what is different for once
//! - `file`: duty that is planned in another program
//!
//! What she changes is a draft of her own until she saves it. A row is named by its place: whoever types in it stays in it.

mod file;
mod layer;
mod once;

use leptos::prelude::*;
use lotgenoot_messages::{Command, DutyFault, DutyPlanView, DutyServiceView, UncoveredView, Wrong};

use super::button::button;
use super::own_duty::between;
use crate::bridge;
use crate::model::{DutyKnown, DutyRefused, Model, new_layer, new_plan};
use crate::state::{State, state};
use crate::words::Words;
use file::File;
use layer::Layer;
use once::{Holidays, Overrides};

/// What she is changing.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    state: State,
    plan: RwSignal<DutyPlanView>,
    changed: RwSignal<bool>,
}

impl Draft {
    fn new(state: State) -> Self {
        let draft = Self { state, plan: RwSignal::default(), changed: RwSignal::new(false) };
        let kept = Memo::new(move |_| state.model.with(|model| model.duty.kept));
        let known = Memo::new(move |_| {
            state.model.with(|model| model.duty.view.as_ref().and_then(|view| view.plan.clone()))
        });
        let outdated = Memo::new(move |_| {
            let refused = state.model.with(|model| model.duty.refused.as_ref().map(|it| it.fault));
            refused == Some(DutyFault::Changed)
        });
        Effect::new(move |before: Option<u64>| {
            // Both are looked at each time: what is not looked at is not followed.
            let (kept, outdated) = (kept.get(), outdated.get());
            if outdated || before.is_some_and(|before| before < kept) {
                draft.changed.set(false);
            }
            kept
        });
        Effect::new(move |_| {
            let known = known.get();
            if !draft.changed.get() {
                draft.plan.set(known.unwrap_or_else(|| new_plan(zone())));
            }
        });
        draft
    }

    /// What it says now.
    pub(super) fn with<T>(self, look: impl FnOnce(&DutyPlanView) -> T) -> T {
        self.plan.with(look)
    }

    /// What a service says now; nothing once it is gone.
    pub(super) fn service<T: Default>(self, at: usize, look: impl FnOnce(&DutyServiceView) -> T) -> T {
        self.plan.with(|plan| plan.services.get(at).map(look)).unwrap_or_default()
    }

    /// She changes something.
    pub(super) fn change(self, change: impl FnOnce(&mut DutyPlanView)) {
        self.unsaid();
        self.changed.set(true);
        self.plan.update(change);
    }

    // What was refused is not what she has now.
    fn unsaid(self) {
        if self.state.model.with_untracked(|model| model.duty.refused.is_some()) {
            self.state.model.update(|model| model.duty.refused = None);
        }
    }

    fn undo(self) {
        self.unsaid();
        self.changed.set(false);
    }

    /// She changes something of a service.
    pub(super) fn change_service(self, at: usize, change: impl FnOnce(&mut DutyServiceView)) {
        self.change(|plan| {
            if let Some(service) = plan.services.get_mut(at) {
                change(service);
            }
        });
    }

    /// What is known of duty.
    pub(super) fn known<T>(self, look: impl FnOnce(&DutyKnown) -> T) -> T {
        self.state.model.with(|model| look(&model.duty))
    }

    /// What somebody is called.
    pub(super) fn alias(self, account: &str) -> String {
        let unknown = self.state.words.nameless();
        self.known(|duty| duty.alias(account).unwrap_or(unknown).to_owned())
    }

    fn save(self, confirmed: bool) {
        // Made of the plan that she began with: if there is a newer one by now, she is told so.
        let mut plan = self.plan.get_untracked();
        plan.number += 1;
        self.unsaid();
        bridge::send(&Command::PutDuty { plan: Box::new(plan), confirmed });
    }
}

/// Everything about duty on a coordinator's screen.
#[component]
pub(crate) fn PlanDuty(not_now: Memo<bool>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let draft = Draft::new(state);
    bridge::send(&Command::AskDuty);
    let known = Memo::new(move |_| draft.known(|duty| duty.view.is_some()));
    let services = Memo::new(move |_| draft.with(|plan| plan.services.len()));
    let any = Memo::new(move |_| services.get() > 0);
    let in_force = Memo::new(move |_| draft.known(DutyKnown::plans_any));
    let saving = Memo::new(move |_| draft.known(|duty| duty.view.as_ref().is_some_and(|view| view.saving)));
    let blocked = Memo::new(move |_| not_now.get() || saving.get());
    // For which service a calendar was asked for last.
    let file_asked = RwSignal::new(None::<usize>);
    let nothing_new = Memo::new(move |_| blocked.get() || !draft.changed.get());
    view! {
        <h2>{words.duty_plan_title()}</h2>
        {move || known.get().then(|| view! {
            <p>{move || if in_force.get() { words.duty_plan_about() } else { words.duty_plan_none() }}</p>
        })}
        <Coverage draft/>
        {move || known.get().then(|| view! {
            <details class="duty-plan" data-test="duty-plan"><summary>{words.duty_plan_open()}</summary>
                <For each=move || 0..services.get() key=|at| *at children=move |at| view! { <Service draft at file_asked/> }/>
                <NewService draft/>
                {move || any.get().then(|| view! { <Holidays draft/> })}
                <Refused draft blocked/>
                <p class="buttons">
                    <button type="button" class="main" data-test="duty-save" disabled=nothing_new
                        on:click=move |_| draft.save(false)>{words.duty_save()}</button>
                    <button type="button" data-test="duty-undo" disabled=nothing_new
                        on:click=move |_| draft.undo()>{words.duty_undo()}</button>
                </p>
                <p role="status" class="small" data-test="duty-state">
                    {move || match (saving.get(), draft.changed.get()) {
                        (true, _) => words.duty_saving(),
                        (false, true) => words.duty_not_saved(),
                        (false, false) => "",
                    }}</p>
            </details>
        })}
    }
}

/// What wants looking at in the next two weeks.
#[component]
fn Coverage(draft: Draft) -> impl IntoView {
    let words = draft.state.words;
    let found = Memo::new(move |_| draft.known(|duty| duty.view.as_ref().map(|it| it.coverage.clone())));
    let planned =
        Memo::new(move |_| draft.known(|duty| duty.view.as_ref().is_some_and(|view| view.plan.is_some())));
    let away = Memo::new(move |_| !draft.state.model.with(Model::is_online));
    let saving = Memo::new(move |_| draft.known(|duty| duty.view.as_ref().is_some_and(|view| view.saving)));
    // As far as is known now.
    let all_is_well = move || {
        planned.get()
            && !away.get()
            && !saving.get()
            && found.with(|found| found.as_ref().is_some_and(Vec::is_empty))
    };
    let row = move |it: UncoveredView| {
        view! { <li data-test="duty-uncovered">{between(words, it.from, it.until)}": "{wrong_text(words, &it)}</li> }
    };
    let unverified = Memo::new(move |_| {
        draft.known(|duty| duty.view.as_ref().map(|view| view.unverified.clone())).unwrap_or_default()
    });
    let absent = move |name: String| {
        view! { <li data-test="duty-unverified">{words.duty_unverified(&name)}</li> }
    };
    view! {
        <div role="alert"><ul class="plain-list"><For each=move || unverified.get() key=Clone::clone children=absent/></ul></div>
        <div role="status">
            {move || all_is_well().then(|| view! { <p data-test="duty-covered">{words.duty_covered()}</p> })}
            {move || found.with(|found| found.as_ref().is_some_and(|found| !found.is_empty())).then(|| view! {
                <p><strong>{words.duty_look_at()}</strong></p>
            })}
            <ul class="plain-list"><For each=move || found.get().unwrap_or_default() key=Clone::clone children=row/></ul>
        </div>
    }
}

fn wrong_text(words: Words, it: &UncoveredView) -> String {
    let service = words.service(&it.service);
    match &it.wrong {
        Wrong::Hole => words.duty_wrong_hole(&service),
        Wrong::TooFew => words.duty_wrong_few(&service),
        Wrong::TwoLevels(name) => words.duty_wrong_levels(name, &service),
        Wrong::TwoServices(name, other) => words.duty_wrong_services(name, &words.service(other), &service),
        Wrong::Ended(name) => words.duty_wrong_ended(name, &service),
        Wrong::NotReached => words.duty_wrong_unreached(&service),
        Wrong::Unknown => words.duty_wrong_unknown(&service),
    }
}

/// Why it was not saved; a hole that opens soon can be saved all the same.
#[component]
fn Refused(draft: Draft, blocked: Memo<bool>) -> impl IntoView {
    let words = draft.state.words;
    let refused = Memo::new(move |_| draft.known(|duty| duty.refused.clone()));
    let note = move |refused: DutyRefused| {
        let hole = matches!(refused.fault, DutyFault::Hole(..));
        view! {
            <div class="note" data-test="duty-refused">
                <p>{refused_text(words, &refused)}</p>
                {hole.then(|| view! {
                    <p class="buttons"><button type="button" data-test="duty-save-anyway" disabled=blocked
                        on:click=move |_| draft.save(true)>{words.duty_save_anyway()}</button></p>
                })}
            </div>
        }
    };
    view! { <div role="alert">{move || refused.get().map(note)}</div> }
}

/// Why duty was not changed, in words.
pub(super) fn refused_text(words: Words, refused: &DutyRefused) -> String {
    let service = words.service(&refused.service);
    let why = match refused.fault {
        DutyFault::Zone => words.duty_fault_zone().to_owned(),
        DutyFault::Level => words.duty_fault_level().to_owned(),
        DutyFault::Turn => words.duty_fault_turn().to_owned(),
        DutyFault::Backwards => words.duty_fault_backwards().to_owned(),
        DutyFault::Fallback => words.duty_fault_fallback().to_owned(),
        DutyFault::NoFallback => words.duty_fault_no_fallback().to_owned(),
        DutyFault::Time => words.duty_fault_time().to_owned(),
        DutyFault::Nobody => words.duty_fault_nobody().to_owned(),
        DutyFault::Name => words.duty_fault_name().to_owned(),
        DutyFault::NoPlan => words.duty_fault_no_plan().to_owned(),
        DutyFault::NotHers => words.duty_fault_not_hers().to_owned(),
        DutyFault::Hole(from, until) => words.duty_fault_hole(&between(words, from, until)),
        DutyFault::Changed => words.duty_fault_changed().to_owned(),
        DutyFault::TooLarge => words.duty_fault_large().to_owned(),
        DutyFault::Other => words.duty_fault_other().to_owned(),
    };
    match (refused.service.is_empty(), refused.layer) {
        (true, _) => why,
        (false, None) => words.duty_fault_in(&service, &why),
        (false, Some(layer)) => words.duty_fault_in_layer(u64::from(layer), &service, &why),
    }
}

/// One service of the plan.
#[component]
fn Service(draft: Draft, at: usize, file_asked: RwSignal<Option<usize>>) -> impl IntoView {
    let words = draft.state.words;
    let name = Memo::new(move |_| draft.service(at, |service| service.name.clone()));
    let layers = Memo::new(move |_| draft.service(at, |service| service.layers.len()));
    let others = Memo::new(move |_| {
        let name = name.get();
        let mut all =
            draft.known(|duty| duty.view.as_ref().map_or_else(Vec::new, |view| view.services.clone()));
        all.extend(draft.with(|plan| plan.services.iter().map(|it| it.name.clone()).collect::<Vec<_>>()));
        all.sort();
        all.dedup();
        all.retain(|other| *other != name);
        all
    });
    let fallback = Memo::new(move |_| draft.service(at, |service| service.fallback.clone()));
    let option = move |other: String| {
        let (value, this) = (other.clone(), other.clone());
        let selected = move || fallback.with(|fallback| fallback.as_deref() == Some(&this));
        view! { <option value=value prop:selected=selected>{words.service(&other)}</option> }
    };
    let min = Memo::new(move |_| draft.service(at, |service| service.min_staff));
    let add_layer = move |_| {
        draft.change_service(at, |service| {
            let level = service.layers.iter().map(|layer| layer.level).max().unwrap_or_default() + 1;
            service.layers.push(new_layer(level, &today()));
        });
    };
    view! {
        <fieldset class="card" data-test="duty-service">
            <legend><strong>{move || words.service(&name.get())}</strong></legend>
            <For each=move || 0..layers.get() key=|layer| *layer
                children=move |layer| view! { <Layer draft service=at at=layer/> }/>
            <p>{button("", "duty-add-layer", words.duty_add_layer(), add_layer)}</p>
            <label class="field">{words.duty_min()}
                <input type="number" min="0" max="20" data-test="duty-min" prop:value=min
                    on:change:target=move |event| whole(&event.target().value()).into_iter().for_each(|count| {
                        draft.change_service(at, |service| service.min_staff = count);
                    })/></label>
            <label class="field">{words.duty_fallback()}
                <select data-test="duty-fallback" on:change:target=move |event| {
                    let picked = Some(event.target().value()).filter(|picked| !picked.is_empty());
                    draft.change_service(at, |service| service.fallback = picked);
                }>
                    <option value={""} prop:selected=move || fallback.with(Option::is_none)>{words.duty_fallback_none()}</option>
                    <For each=move || others.get() key=Clone::clone children=option/>
                </select></label>
            <Overrides draft service=at/>
            <File draft service=at asked=file_asked/>
            <p>{button("plain", "duty-remove-service", words.duty_remove_service(), move |_| {
                draft.change(|plan| if at < plan.services.len() { drop(plan.services.remove(at)) });
            })}</p>
        </fieldset>
    }
}

/// One more service.
#[component]
fn NewService(draft: Draft) -> impl IntoView {
    let words = draft.state.words;
    let offered = Memo::new(move |_| draft.with(|plan| draft.known(|duty| duty.unplanned(plan))));
    let add = move |name: String| {
        let service = DutyServiceView {
            min_staff: 1,
            layers: vec![new_layer(1, &today())],
            name,
            ..DutyServiceView::default()
        };
        draft.change(|plan| plan.services.push(service));
    };
    let offer = move |name: String| {
        let label = words.duty_add_service(&words.service(&name));
        let add = move |_| add(name.clone());
        view! { <li><button type="button" data-test="duty-add-service" on:click=add>{label}</button></li> }
    };
    view! { <ul class="plain-list"><For each=move || offered.get() key=Clone::clone children=offer/></ul> }
}

/// A whole number that somebody typed.
pub(super) fn whole(typed: &str) -> Option<u32> {
    typed.trim().parse().ok()
}

// The day it is where she is.
pub(super) fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

// The time zone of her device: that of the organisation, as a rule.
fn zone() -> String {
    let (languages, how) = (js_sys::Array::new(), js_sys::Object::new());
    let options = js_sys::Intl::DateTimeFormat::new(&languages, &how).resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok().and_then(|zone| zone.as_string());
    zone.unwrap_or_else(|| "Europe/Amsterdam".to_owned())
}
