//! What she agreed to, beside her call: each can be given and taken back while it goes on.

use leptos::prelude::*;
use lotgenoot_messages::{CallId, Command, Consent, Intake};

use super::intake::{consent_name, consent_text};
use super::pick::tick;
use crate::bridge;
use crate::consent::as_consented;
use crate::state::{State, state};

// Whether somebody may talk with her at all is closing or not; and whether a host may come along was settled when the
// conversation was made.
const CHANGEABLE: [Consent; 5] = [
    Consent::Summary,
    Consent::LastMessages,
    Consent::Municipality,
    Consent::Identity,
    Consent::ShareWithPartner,
];

/// Folded away.
#[component]
pub(crate) fn Consented(call: CallId) -> impl IntoView {
    let state = state();
    let words = state.words;
    let said = StoredValue::new(call);
    let given =
        Memo::new(move |_| of_call(state, &said.get_value()).map(|it| it.consents).unwrap_or_default());
    let changed = RwSignal::new(false);
    let row = move |consent: Consent| {
        let set = move || given.with(|given| given.contains(&consent));
        let change = move || {
            let call = said.get_value();
            if let Some(intake) = of_call(state, &call).map(|intake| with(state, *intake, consent)) {
                bridge::send(&Command::ChangeIntake { call, intake: Box::new(intake) });
                changed.set(true);
            }
        };
        tick(consent_name(consent).to_owned(), consent_text(words, consent), set, change)
    };
    view! {
        <details class="part" data-test="consented">
            <summary>{words.consented_title()}</summary>
            <p class="small">{words.consented_about()}</p>
            <div class="picks-column">{CHANGEABLE.map(row).collect_view()}</div>
            <p role="status">{move || changed.get().then(|| words.consented_changed())}</p>
        </details>
    }
}

fn of_call(state: State, call: &str) -> Option<Box<Intake>> {
    state.model.with(|model| model.call(call)?.intake.clone())
}

// What she wrote and did not send lies where she wrote it: if she says yes to it now, it goes along.
fn with(state: State, told: Intake, consent: Consent) -> Intake {
    let mut consents = told.consents.clone();
    match consents.iter().position(|it| *it == consent) {
        Some(at) => drop(consents.remove(at)),
        None => consents.push(consent),
    }
    let written = state.intake.get_untracked();
    let is_of_this_call = !told.silent && written.consents.contains(&Consent::Talk);
    let nickname = told.nickname.clone();
    let base = if is_of_this_call { Intake { nickname, ..written } } else { told };
    as_consented(Intake { consents, ..base })
}
