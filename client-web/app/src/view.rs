//! What is on the screen. One file for each screen; what several share stands in `talk`, `mark` and `danger`.
//!
//! A person and staff fetch modules of their own: what only one of them sees is reached from one function each.
//!
//! No element in a `view!` may be made of literals alone: Leptos would then write it as HTML text, which the page's
//! policy (trusted types) forbids. Words come from the locales anyway; where nothing varies, one attribute is written
//! as `{"…"}`.

mod aftercare;
mod agreements;
mod button;
mod calendar;
mod call;
mod code_words;
mod consented;
mod contact;
mod danger;
mod debrief;
mod desk;
mod device;
mod duty;
mod entry;
mod figures;
mod floor;
mod focus;
mod held;
mod host;
mod intake;
mod intake_card;
mod lead;
mod letters;
mod library;
mod mark;
mod measures;
mod members;
mod notice;
mod numbers;
mod office;
mod outcome;
mod own_duty;
mod own_lines;
mod own_times;
mod phrase;
mod pick;
mod plan;
mod plan_duty;
mod presenter;
mod report;
mod returning;
mod ring;
mod rooms;
mod screen_code;
mod stage;
mod survey;
mod talk;
mod when;

use leptos::prelude::*;

use crate::screen::{Screen, Step, screen};
use crate::state::State;

pub(crate) use danger::Bar;
pub(crate) use entry::OpenNow;

/// What is shown for a screen.
pub type Look = fn(Screen) -> AnyView;

/// The screens of a person. Until their desk is there, staff see that it is on its way.
#[must_use]
pub fn for_a_person(screen: Screen) -> AnyView {
    match screen {
        Screen::Entry(Step::Rules) => view! { <entry::Rules/> }.into_any(),
        Screen::Entry(Step::Intake) => view! { <intake::IntakeForm/> }.into_any(),
        Screen::Entry(Step::Return) => view! { <returning::Return/> }.into_any(),
        Screen::Entry(Step::Pin) => view! { <returning::Pin/> }.into_any(),
        Screen::Entry(Step::Phrase) => view! { <phrase::Phrase/> }.into_any(),
        Screen::Entry(Step::Code) => view! { <screen_code::ScreenCode/> }.into_any(),
        Screen::Entry(Step::Choose) => view! { <entry::Choose/> }.into_any(),
        Screen::Entry(Step::Nickname) => view! { <entry::Nickname/> }.into_any(),
        Screen::Entry(step) => view! { <entry::Safety step/> }.into_any(),
        Screen::Line(room) => view! { <rooms::Line room/> }.into_any(),
        Screen::Group(room) => view! { <rooms::Group room/> }.into_any(),
        Screen::Stage(room) => view! { <stage::Stage room/> }.into_any(),
        Screen::Call(call) => view! { <call::CallPage call/> }.into_any(),
        Screen::Returning | Screen::Host | Screen::Duty | Screen::Office | Screen::Presenter => {
            view! { <returning::Returning/> }.into_any()
        }
        Screen::Elsewhere => view! { <returning::Elsewhere/> }.into_any(),
    }
}

/// The screens of staff. A person's are none of theirs: who is staff is so before the desk is there.
#[must_use]
pub fn for_staff(screen: Screen) -> AnyView {
    match screen {
        Screen::Host => view! { <host::Tonight/> }.into_any(),
        Screen::Duty => view! { <duty::Duty/> }.into_any(),
        Screen::Office => view! { <office::Office/> }.into_any(),
        Screen::Presenter => view! { <presenter::Presenter/> }.into_any(),
        Screen::Elsewhere => view! { <returning::Elsewhere/> }.into_any(),
        Screen::Returning
        | Screen::Entry(_)
        | Screen::Line(_)
        | Screen::Group(_)
        | Screen::Stage(_)
        | Screen::Call(_) => view! { <returning::Returning/> }.into_any(),
    }
}

/// Everything below the bar.
#[component]
pub(crate) fn App(state: State, look: Look) -> impl IntoView {
    provide_context(state);
    let shown =
        Memo::new(move |_| state.model.with(|model| state.chosen.with(|chosen| screen(model, chosen))));
    view! {
        <notice::Notices/>
        // Hidden, not taken away: what she was typing is there when she comes back.
        <div class="screen" hidden=move || state.danger.get() || state.reading.get() data-test="screen"
            data-kept=move || (state.screen_kept.get() == state.screen_number.get()).to_string()>
            {move || look(shown.get())}
        </div>
        {move || (state.reading.get() && !state.danger.get()).then(|| view! { <library::Reading/> })}
        {move || state.danger.get().then(|| view! { <danger::Danger/> })}
    }
}

/// A screen's heading. It takes the focus when its screen comes, so that a screen reader says where she is.
#[component]
pub(crate) fn Title(
    /// What the screen is called.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let heading = NodeRef::<leptos::html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    view! { <h1 tabindex="-1" node_ref=heading>{move || text.get()}</h1> }
}
