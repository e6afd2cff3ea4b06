//! What she may tell a professional beforehand, in the order in which it will be read. One choice is needed; the rest
//! may stay open.

use leptos::ev::SubmitEvent;
use leptos::html::Fieldset;
use leptos::prelude::*;
use lotgenoot_messages::{Command, Consent, Flag, Intake, Safe, Urgency};

use super::Title;
use super::button::button;
use super::contact::called_first;
use super::pick::radio;
use crate::consent::{as_consented, leaves_something_behind};
use crate::model::{Model, Open};
use crate::screen::{Asked, Step, can_raise};
use crate::state::{State, state};
use crate::words::Words;

/// The form.
#[component]
pub(crate) fn IntakeForm() -> impl IntoView {
    let state = state();
    let words = state.words;
    state.intake.update(|intake| {
        if intake.language.is_empty() {
            words.language_name().clone_into(&mut intake.language);
        }
    });
    let consent = NodeRef::<Fieldset>::new();
    let skip = move |_| {
        if let Some(consent) = consent.get() {
            consent.scroll_into_view();
            let _ = consent.focus();
        }
    };
    view! {
        <form class="step intake" autocomplete="off" data-test="intake" on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            raise(state);
        }>
            <Title text=words.intake_title().to_owned()/>
            <p>{words.intake_lead()}</p>
            <p>{button("plain", "intake-skip", words.intake_skip(), skip)}</p>
            <Services/>
            <When/>
            <Now/>
            <Part title=words.intake_where() open=false>
                <Text name="where" label=words.intake_where_is_he() hint=words.intake_where_is_he_hint() of=|intake| &mut intake.where_is_he/>
                <Text name="children" label=words.intake_children() of=|intake| &mut intake.children/>
            </Part>
            <Part title=words.intake_words() open=true>
                <Text name="wants" label=words.intake_wants() of=|intake| &mut intake.wants/>
                <Text name="tried" label=words.intake_tried() of=|intake| &mut intake.tried/>
            </Part>
            <Part title=words.intake_flags() open=false><Flags/></Part>
            <Part title=words.intake_language() open=false>
                <Text name="language" label=words.intake_language_label() of=|intake| &mut intake.language/>
            </Part>
            <Consents fieldset=consent/>
            <Part title=words.intake_reach() open=false>
                <Text name="safe-ways" label=words.intake_safe_ways() of=|intake| &mut intake.safe_ways/>
                <Text name="municipality" label=words.intake_municipality() hint=words.intake_municipality_hint() of=|intake| &mut intake.municipality/>
            </Part>
            <Send/>
        </form>
    }
}

#[component]
fn Part(title: &'static str, open: bool, children: Children) -> impl IntoView {
    let words = state().words;
    view! {
        <details class="part" open=open>
            <summary>{title}<span class="small">{format!(" ({})", words.intake_optional())}</span></summary>
            {children()}
        </details>
    }
}

/// Whom she asks, and whether anybody there can be reached now. Shown when there is something to choose.
#[component]
fn Services() -> impl IntoView {
    let state = state();
    let words = state.words;
    let all = Memo::new(move |_| services(state));
    move || {
        let all = all.get();
        (all.len() > 1).then(|| {
            let options = all.into_iter().map(|(service, open)| {
                let name = words.service(&service);
                let label = if open { words.intake_service_open(&name) } else { words.intake_service_closed(&name) };
                let is = service.clone();
                let checked = move || service_of(state).as_ref() == Some(&is);
                view! { <label class="pick"><input type="radio" name="service" data-test=format!("service-{service}")
                    prop:checked=checked on:change=move |_| state.service.set(Some(service.clone()))/><span>{label}</span></label> }
            });
            view! { <fieldset><legend>{words.intake_service()}</legend>{options.collect_view()}</fieldset> }
        })
    }
}

/// How soon, for whoever does not need somebody now.
#[component]
fn When() -> impl IntoView {
    let state = state();
    let words = state.words;
    let later = state.intake.with_untracked(|intake| intake.urgency != Urgency::Now);
    let chosen = state.model.with_untracked(|model| model.contacts.person.is_some());
    later.then(|| {
        let all = [
            Some((words.intake_when_today(), Urgency::Today)),
            chosen.then(|| (words.intake_when_contact(), Urgency::ContactPerson)),
        ];
        let options = all.into_iter().flatten().map(|(label, urgency)| {
            let checked = move || state.intake.with(|intake| intake.urgency == urgency);
            let choose = move || state.intake.update(|intake| intake.urgency = urgency);
            radio("when", format!("when-{}", urgency as u8), label, checked, choose)
        });
        view! { <fieldset class="picks"><legend>{words.intake_when()}</legend>{options.collect_view()}</fieldset> }
    })
}

#[component]
fn Now() -> impl IntoView {
    let words = state().words;
    let minutes = [None, Some(5), Some(15), Some(30), Some(60)].map(|minutes| {
        (minutes.map_or(words.minutes_unsaid().to_owned(), |count| words.minutes(count.into())), minutes)
    });
    let safe = move || {
        [
            (words.answer_yes(), Safe::Yes),
            (words.answer_no(), Safe::No),
            (words.answer_unknown(), Safe::Unknown),
        ]
        .map(|(label, safe)| (label.to_owned(), safe))
    };
    view! {
        <Part title=words.intake_now() open=true>
            {picks("safe", words.intake_safe(), safe(), |intake| &mut intake.safe)}
            {picks("read-along", words.intake_read_along(), safe(), |intake| &mut intake.read_along)}
            {picks("minutes", words.intake_minutes(), minutes, |intake| &mut intake.minutes)}
        </Part>
    }
}

/// A question with a few answers.
fn picks<T: Copy + PartialEq + Send + Sync + 'static, const N: usize>(
    name: &'static str,
    legend: &'static str,
    answers: [(String, T); N],
    of: fn(&mut Intake) -> &mut T,
) -> impl IntoView {
    let state = state();
    let options = answers.into_iter().enumerate().map(|(index, (label, answer))| {
        let checked = move || state.intake.with(|intake| *of(&mut intake.clone()) == answer);
        view! { <label class="pick"><input type="radio" name=name data-test=format!("intake-{name}-{index}") prop:checked=checked
            on:change=move |_| state.intake.update(|intake| *of(intake) = answer)/><span>{label}</span></label> }
    });
    view! { <fieldset class="picks"><legend>{legend}</legend>{options.collect_view()}</fieldset> }
}

#[component]
fn Text(
    name: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    of: fn(&mut Intake) -> &mut String,
) -> impl IntoView {
    let state = state();
    let now = state.intake.with_untracked(|intake| of(&mut intake.clone()).clone());
    let id = format!("q-{name}");
    view! {
        <p class="field">
            <label for=id.clone()>{label}</label>
            {(!hint.is_empty()).then(|| view! { <span class="small" id=format!("{id}-hint")>{hint}</span> })}
            <textarea rows="2" id=id.clone() dir="auto" placeholder=" " autocomplete="off" spellcheck="false" data-test=format!("intake-{name}")
                aria-describedby=(!hint.is_empty()).then(|| format!("{id}-hint")) prop:value=now
                on:input:target=move |event| state.intake.update(|intake| *of(intake) = event.target().value())></textarea>
        </p>
    }
}

#[component]
fn Flags() -> impl IntoView {
    let state = state();
    let words = state.words;
    let boxes = FLAGS.map(|flag| {
        let set = move || state.intake.with(|intake| intake.flags.contains(&flag));
        view! { <label class="pick"><input type="checkbox" data-test=format!("flag-{}", flag as u8) prop:checked=set
            on:change=move |_| state.intake.update(|intake| toggle(&mut intake.flags, flag))/><span>{flag_text(words, flag)}</span></label> }
    });
    view! { <p class="small">{words.intake_flags_lead()}</p><div class="picks-column">{boxes.collect_view()}</div> }
}

/// The consequences first, then the choices.
#[component]
fn Consents(fieldset: NodeRef<Fieldset>) -> impl IntoView {
    let state = state();
    let words = state.words;
    let before = [
        words.consent_volunteer(),
        words.consent_professional(),
        words.consent_police(),
        words.consent_anonymous(),
    ];
    let boxes = CONSENTS.map(|consent| {
        let set = move || state.intake.with(|intake| intake.consents.contains(&consent));
        let class = if consent == Consent::Talk { "pick needed" } else { "pick" };
        view! { <label class=class><input type="checkbox" data-test=consent_name(consent) prop:checked=set
        on:change=move |_| state.intake.update(|intake| toggle(&mut intake.consents, consent))/>
        <span>{consent_text(words, consent)}</span></label> }
    });
    view! {
        <fieldset class="card consent" tabindex="-1" node_ref=fieldset data-test="consents">
            <legend>{words.consent_title()}</legend>
            <p><strong>{words.consent_read()}</strong></p>
            <ul data-test="consent-consequences">{before.map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
            <p>{words.consent_each()}</p>
            <div class="picks-column">{boxes.collect_view()}</div>
        </fieldset>
    }
}

#[component]
fn Send() -> impl IntoView {
    let state = state();
    let words = state.words;
    let degraded = Memo::new(move |_| state.model.with(Model::is_degraded));
    let consented = move || state.intake.with(|intake| intake.consents.contains(&Consent::Talk));
    let asked = move || state.chosen.with(|chosen| chosen.asked == Some(Asked::Call));
    let possible = Memo::new(move |_| state.model.with(can_raise));
    let online = Memo::new(move |_| state.model.with(|model| model.is_online()));
    let later = state.intake.with_untracked(|intake| intake.urgency != Urgency::Now);
    view! {
        <p class="left-behind" role="status" data-test="left-behind">{move || state.intake.with(leaves_something_behind)
            .then(|| view! { <span class="note">{words.consent_left_behind()}</span> })}</p>
        <p>{words.raise_about()}</p>
        {later.then(|| view! { <p data-test="raise-later">{words.raise_later()}</p> })}
        <p role="status" data-test="called-first">{move || called_first(state, service_of(state).as_deref())}</p>
        <p role="status" data-test="raise-status">{move || match (asked(), possible.get(), consented()) {
            _ if degraded.get() => words.choose_professional_degraded(),
            (true, ..) => words.raising(),
            (false, false, _) => words.choose_professional_offline(),
            (false, true, false) => words.consent_needed(),
            (false, true, true) if !online.get() => words.choose_professional_later(),
            (false, true, true) => "",
        }}</p>
        <p class="buttons">
            <button type="submit" class="main" data-test="raise-send" disabled=move || asked() || !possible.get() || !consented()>
                {words.raise_send()}</button>
            {button("", "back", words.back(), move |_| state.go(Step::Choose))}
        </p>
    }
}

fn raise(state: State) {
    let intake = state.intake.get();
    if !intake.consents.contains(&Consent::Talk) {
        return;
    }
    let intake = as_consented(Intake { nickname: state.nickname.get(), ..intake });
    // As long as it is not known which there are, the client takes the first that is open once it is.
    let service = service_of(state).unwrap_or_default();
    state.ask(Asked::Call, &Command::Raise { service, intake: Box::new(intake) });
}

fn services(state: State) -> Vec<(String, bool)> {
    state.model.with(|model| model.open.as_ref().map(Open::choices).unwrap_or_default())
}

fn service_of(state: State) -> Option<String> {
    let all = services(state);
    let is_there = |service: &String| all.iter().any(|(other, _)| other == service);
    // Else where her contact person works, as long as somebody can be reached there.
    let hers = state.model.with(|model| model.contacts.person.as_ref().map(|who| who.service.clone()));
    let hers = hers.filter(|service| all.contains(&(service.clone(), true)));
    let chosen = state.service.get().filter(is_there).or(hers);
    chosen.or_else(|| all.into_iter().next().map(|(first, _)| first))
}

fn toggle<T: PartialEq>(list: &mut Vec<T>, item: T) {
    match list.iter().position(|other| *other == item) {
        Some(index) => drop(list.remove(index)),
        None => list.push(item),
    }
}

/// In the order of the card.
pub(crate) const FLAGS: [Flag; 6] =
    [Flag::Strangulation, Flag::Separation, Flag::Stalking, Flag::Threats, Flag::Weapon, Flag::Fear];

/// In the order of the card.
pub(crate) const CONSENTS: [Consent; 7] = [
    Consent::Talk,
    Consent::Summary,
    Consent::LastMessages,
    Consent::Municipality,
    Consent::Identity,
    Consent::ShareWithPartner,
    Consent::HostComesAlong,
];

/// A red flag in her words.
pub(crate) fn flag_text(words: Words, flag: Flag) -> &'static str {
    match flag {
        Flag::Strangulation => words.flag_strangulation(),
        Flag::Separation => words.flag_separation(),
        Flag::Stalking => words.flag_stalking(),
        Flag::Threats => words.flag_threats(),
        Flag::Weapon => words.flag_weapon(),
        Flag::Fear => words.flag_fear(),
    }
}

/// A consent as she gave it.
pub(crate) fn consent_text(words: Words, consent: Consent) -> &'static str {
    match consent {
        Consent::Talk => words.consent_talk(),
        Consent::Summary => words.consent_summary(),
        Consent::LastMessages => words.consent_last_messages(),
        Consent::Municipality => words.consent_municipality(),
        Consent::Identity => words.consent_identity(),
        Consent::ShareWithPartner => words.consent_share_with_partner(),
        Consent::HostComesAlong => words.consent_host_comes_along(),
    }
}

pub(crate) fn consent_name(consent: Consent) -> &'static str {
    match consent {
        Consent::Talk => "consent-talk",
        Consent::Summary => "consent-summary",
        Consent::LastMessages => "consent-last-messages",
        Consent::Municipality => "consent-municipality",
        Consent::Identity => "consent-identity",
        Consent::ShareWithPartner => "consent-share-with-partner",
        Consent::HostComesAlong => "consent-host-comes-along",
    }
}
