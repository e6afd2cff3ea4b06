//! People who take turns: in which order, from when, how long each, and on which days and hours.

use leptos::html::{Button, Select};
use leptos::prelude::*;
use lotgenoot_messages::{DutyLayerView, OnHolidays, TurnUnit};

use super::{Draft, whole};
use crate::view::button::button;
use crate::words::Words;

/// Monday to Friday, and the hours of an office: what is offered when she wants hours.
const OFFICE: (u8, &str, &str) = (0x1f, "08:00", "18:00");

#[component]
pub(super) fn Layer(draft: Draft, service: usize, at: usize) -> impl IntoView {
    let words = draft.state.words;
    let layer = Place { draft, service, at };
    let level = Memo::new(move |_| layer.look(|it| it.level));
    let anchor = Memo::new(move |_| layer.look(|it| short(&it.anchor)));
    let turn = Memo::new(move |_| layer.look(|it| it.turn));
    let windows = Memo::new(move |_| layer.look(|it| it.windows.len()));
    let units = [TurnUnit::Days, TurnUnit::Weeks, TurnUnit::Months].map(|unit| {
        let selected = move || layer.look(|it| it.unit == unit);
        let value = unit_name(unit);
        view! { <option value=value prop:selected=selected>{unit_text(words, unit)}</option> }
    });
    let holidays = [OnHolidays::Same, OnHolidays::Not, OnHolidays::Also].map(|on| {
        let selected = move || layer.look(|it| it.holidays == on);
        let value = holiday_name(on);
        view! { <option value=value prop:selected=selected>{holiday_text(words, on)}</option> }
    });
    view! {
        <fieldset class="duty-layer" data-test="duty-layer">
            <legend>{move || words.duty_layer(u64::from(level.get()))}</legend>
            <Turns layer/>
            <label class="field">{words.duty_begins()}
                <input type="datetime-local" data-test="duty-anchor" prop:value=anchor
                    on:change:target=move |event| layer.change(|it| it.anchor = event.target().value())/></label>
            <label class="field">{words.duty_turn()}
                <input type="number" min="1" max="366" data-test="duty-turn" prop:value=turn
                    on:change:target=move |event| whole(&event.target().value()).into_iter().for_each(|count| layer.change(|it| it.turn = count))/></label>
            <label class="field">{words.duty_unit()}
                <select data-test="duty-unit" on:change:target=move |event| {
                    let picked = event.target().value();
                    let unit = [TurnUnit::Days, TurnUnit::Weeks, TurnUnit::Months].into_iter().find(|unit| unit_name(*unit) == picked);
                    unit.into_iter().for_each(|unit| layer.change(|it| it.unit = unit));
                }>{units}</select></label>
            {move || (windows.get() == 0).then(|| view! { <p class="small">{words.duty_always()}</p> })}
            <For each=move || 0..windows.get() key=|window| *window
                children=move |window| view! { <Window layer window/> }/>
            <p>{button("", "duty-add-window", words.duty_add_window(), move |_| {
                layer.change(|it| it.windows.push((OFFICE.0, OFFICE.1.to_owned(), OFFICE.2.to_owned())));
            })}</p>
            <label class="field">{words.duty_holidays()}
                <select data-test="duty-on-holidays" on:change:target=move |event| {
                    let picked = event.target().value();
                    let on = [OnHolidays::Same, OnHolidays::Not, OnHolidays::Also].into_iter().find(|on| holiday_name(*on) == picked);
                    on.into_iter().for_each(|on| layer.change(|it| it.holidays = on));
                }>{holidays}</select></label>
            <label class="field">{words.duty_level()}
                <input type="number" min="1" max="9" data-test="duty-level" prop:value=level
                    on:change:target=move |event| whole(&event.target().value()).into_iter().for_each(|level| layer.change(|it| it.level = level))/></label>
            <p>{button("plain", "duty-remove-layer", words.duty_remove_layer(), move |_| {
                draft.change_service(service, |it| if at < it.layers.len() { drop(it.layers.remove(at)) });
            })}</p>
        </fieldset>
    }
}

/// Which layer of the draft.
#[derive(Clone, Copy)]
struct Place {
    draft: Draft,
    service: usize,
    at: usize,
}

impl Place {
    fn look<T: Default>(self, look: impl FnOnce(&DutyLayerView) -> T) -> T {
        self.draft.service(self.service, |it| it.layers.get(self.at).map(look)).unwrap_or_default()
    }

    fn change(self, change: impl FnOnce(&mut DutyLayerView)) {
        let at = self.at;
        self.draft.change_service(self.service, |it| {
            if let Some(layer) = it.layers.get_mut(at) {
                change(layer);
            }
        });
    }
}

/// Who takes turns, in which order.
#[component]
fn Turns(layer: Place) -> impl IntoView {
    let draft = layer.draft;
    let words = draft.state.words;
    let who = Memo::new(move |_| layer.look(|it| it.who.clone()));
    // Known by her account, and by how often she stands before: whoever moves a row stays in it.
    let rows = Memo::new(move |_| {
        let who = who.get();
        let before = |at: usize| who[..at].iter().filter(|it| **it == who[at]).count();
        (0..who.len()).map(|at| (who[at].clone(), before(at))).collect::<Vec<_>>()
    });
    let add = NodeRef::<Select>::new();
    let row = move |(account, before): (String, usize)| {
        let name = {
            let account = account.clone();
            Memo::new(move |_| draft.alias(&account))
        };
        let at =
            Memo::new(move |_| rows.with(|rows| rows.iter().position(|it| *it == (account.clone(), before))));
        let (up, away) = (NodeRef::<Button>::new(), NodeRef::<Button>::new());
        let is_later = Memo::new(move |_| at.get().is_some_and(|at| at > 0));
        let earlier = move |_| {
            at.get_untracked().filter(|at| *at > 0).into_iter().for_each(|at| {
                layer.change(|it| it.who.swap(at - 1, at));
            });
            // A row that is moved loses the focus, and the button of the first one is gone.
            request_animation_frame(move || focused(up.get_untracked().or_else(|| away.get_untracked())));
        };
        let remove = move |_| {
            at.get_untracked().into_iter().for_each(|at| layer.change(|it| drop(it.who.remove(at))));
            focused(add.get_untracked());
        };
        let earlier = move || {
            is_later.get().then(|| {
                view! {
                    <button type="button" class="plain" data-test="duty-earlier" node_ref=up
                        aria-label=move || words.duty_earlier(&name.get()) on:click=earlier>{"↑"}</button>
                }
            })
        };
        view! {
            <li data-test="duty-turn-of"><bdi class="name" translate="no">{name}</bdi>" "{earlier}" "
                <button type="button" class="plain" data-test="duty-not-in-turn" node_ref=away
                    aria-label=move || words.duty_not_in_turn(&name.get()) on:click=remove>{"×"}</button></li>
        }
    };
    let offered = Memo::new(move |_| {
        let service = draft.service(layer.service, |it| it.name.clone());
        let people = draft.known(|duty| duty.people_of(&service));
        let who = who.get();
        people.into_iter().filter(|person| !who.contains(&person.account)).collect::<Vec<_>>()
    });
    view! {
        <p>{words.duty_turns()}</p>
        {move || who.with(Vec::is_empty).then(|| view! { <p class="small">{words.duty_nobody_yet()}</p> })}
        <ol data-test="duty-turns"><For each=move || rows.get() key=Clone::clone children=row/></ol>
        <label class="field">{words.duty_add_person()}
            <select data-test="duty-add-person" node_ref=add on:change:target=move |event| {
                let picked = event.target().value();
                if !picked.is_empty() {
                    layer.change(|it| it.who.push(picked));
                }
            }>
                {move || {
                    // Made anew after each: it says again that nobody is picked.
                    let people = offered.get().into_iter();
                    let people = people.map(|it| view! { <option value=it.account>{it.alias}</option> }).collect_view();
                    view! { <option value={""} prop:selected={true}>{words.duty_pick_person()}</option>{people} }
                }}
            </select></label>
    }
}

// A page that is going has no focus to give.
fn focused(element: Option<impl std::ops::Deref<Target = web_sys::HtmlElement>>) {
    element.into_iter().for_each(|element| drop(element.focus()));
}

/// Days and hours.
#[component]
fn Window(layer: Place, window: usize) -> impl IntoView {
    let words = layer.draft.state.words;
    let look = move || layer.look(|it| it.windows.get(window).cloned()).unwrap_or_default();
    let change = move |change: &dyn Fn(&mut (u8, String, String))| {
        layer.change(|it| it.windows.get_mut(window).into_iter().for_each(change));
    };
    let days = (0..7_u8).map(|day| {
        let checked = move || look().0 >> day & 1 == 1;
        view! {
            <label class="pick"><input type="checkbox" data-test="duty-day" prop:checked=checked
                on:change=move |_| change(&|it| it.0 ^= 1 << day)/><span>{words.duty_day(u64::from(day))}</span></label>
        }
    });
    view! {
        <fieldset class="picks" data-test="duty-window"><legend>{words.duty_window()}</legend>
            {days.collect_view()}
            <label class="field">{words.duty_from()}
                <input type="time" data-test="duty-window-from" prop:value=move || short(&look().1)
                    on:change:target=move |event| { let at = event.target().value(); change(&|it| it.1.clone_from(&at)) }/></label>
            <label class="field">{words.duty_until()}
                <input type="time" data-test="duty-window-until" prop:value=move || short(&look().2)
                    on:change:target=move |event| { let at = event.target().value(); change(&|it| it.2.clone_from(&at)) }/></label>
            {button("plain", "duty-remove-window", words.duty_remove_window(), move |_| {
                layer.change(|it| if window < it.windows.len() { drop(it.windows.remove(window)) });
            })}
        </fieldset>
    }
}

// A field of a day and time does not want seconds that are none.
pub(super) fn short(time: &str) -> String {
    let seconds = time.matches(':').count() == 2 && time.ends_with(":00");
    if seconds { time[..time.len() - 3].to_owned() } else { time.to_owned() }
}

fn unit_name(unit: TurnUnit) -> &'static str {
    match unit {
        TurnUnit::Days => "days",
        TurnUnit::Weeks => "weeks",
        TurnUnit::Months => "months",
    }
}

fn unit_text(words: Words, unit: TurnUnit) -> &'static str {
    match unit {
        TurnUnit::Days => words.duty_days(),
        TurnUnit::Weeks => words.duty_weeks(),
        TurnUnit::Months => words.duty_months(),
    }
}

fn holiday_name(on: OnHolidays) -> &'static str {
    match on {
        OnHolidays::Same => "same",
        OnHolidays::Not => "not",
        OnHolidays::Also => "also",
    }
}

fn holiday_text(words: Words, on: OnHolidays) -> &'static str {
    match on {
        OnHolidays::Same => words.duty_holidays_same(),
        OnHolidays::Not => words.duty_holidays_not(),
        OnHolidays::Also => words.duty_holidays_also(),
    }
}
