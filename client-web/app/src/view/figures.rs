//! How help calls went, in numbers, for a coordinator: a table for each quarter and service, its times as bars, and the same
//! as text to take along.

use leptos::prelude::*;
use lotgenoot_messages::QuarterView;

use super::outcome::outcome_text;
use crate::model::figures::{csv, share};
use crate::state::state;
use crate::words::Words;

/// All quarters there are.
#[component]
pub(crate) fn Figures() -> impl IntoView {
    let state = state();
    let words = state.words;
    let quarters = Memo::new(move |_| state.model.with(|model| model.quarters.clone()));
    let none = move || quarters.with(Vec::is_empty);
    let text = move || quarters.with(|quarters| csv(quarters));
    view! {
        <h2>{words.figures_title()}</h2>
        <p class="small">{words.figures_about()}</p>
        {move || none().then(|| view! { <p data-test="figures-none">{words.numbers_none()}</p> })}
        {move || quarters.get().into_iter().map(|quarter| of_quarter(words, &quarter)).collect_view()}
        {move || (!none()).then(|| view! {
            <details class="part"><summary data-test="figures-csv">{words.figures_csv()}</summary>
                <label>{words.figures_csv_about()}
                    <textarea readonly rows="8" dir="ltr" translate="no" data-test="figures-text" prop:value=text></textarea></label>
            </details>
        })}
    }
}

fn of_quarter(words: Words, it: &QuarterView) -> impl IntoView + use<> {
    let count =
        |count: Option<u64>| count.map_or_else(|| words.figures_left_out().to_owned(), |it| it.to_string());
    let row = |label: &'static str, value: Option<u64>| {
        view! { <tr><th scope="row">{label}</th><td dir="ltr">{count(value)}</td></tr> }
    };
    let hops = [
        words.figures_hops_none(),
        words.figures_hops_one(),
        words.figures_hops_two(),
        words.figures_hops_more(),
    ];
    let rows = [
        (words.figures_raised(), it.raised),
        (words.figures_unstaffed(), it.unstaffed),
        (words.figures_still_waiting(), it.still_waiting),
        (words.figures_lead_lost(), it.lead_lost),
    ];
    let rows = rows.into_iter().chain(hops.into_iter().zip(it.hops.iter().copied()));
    let rows = rows.chain([(words.figures_rested(), it.rested)]).map(|(label, value)| row(label, value));
    let (year, quarter) = (u64::from(it.year), u64::from(it.quarter));
    let title = words.figures_quarter(quarter, &words.service(&it.service), year);
    view! {
        <table class="numbers" data-test="figures"><caption>{title}</caption>
            <thead><tr><td>{""}</td><th scope="col">{words.figures_count()}</th></tr></thead>
            <tbody>{rows.collect_view()}</tbody></table>
        {ended(words, it)}
        {times(words, words.figures_taken(), &it.taken)}
        {times(words, words.figures_spoke(), &it.spoke)}
    }
}

// How they ended, and what came of what was agreed: what nobody has said anything of yet is not shown.
fn ended(words: Words, it: &QuarterView) -> impl IntoView + use<> {
    let pairs = |labels: &[&'static str], counts: &[Option<u64>]| {
        labels.iter().copied().zip(counts.iter().copied()).collect::<Vec<(&'static str, Option<u64>)>>()
    };
    let with_her = pairs(&[words.figures_spoke_yes(), words.figures_spoke_no()], &it.with_her);
    let codes = it.outcomes.iter().map(|(code, count)| (outcome_text(words, *code), *count));
    let kept =
        pairs(&[words.figures_kept_no(), words.figures_kept_partly(), words.figures_kept_yes()], &it.kept);
    let said = |rows: &[(&'static str, Option<u64>)]| rows.iter().any(|(_, count)| *count != Some(0));
    let outcomes = said(&with_her).then(|| with_her.into_iter().chain(codes).collect::<Vec<_>>());
    let kept = Some(kept).filter(|kept| said(kept));
    let table = move |title: &'static str, mark: &'static str, rows: Vec<(&'static str, Option<u64>)>| {
        let row = |(label, count): (&'static str, Option<u64>)| {
            let count = count.map_or_else(|| words.figures_left_out().to_owned(), |it| it.to_string());
            view! { <tr><th scope="row">{label}</th><td dir="ltr">{count}</td></tr> }
        };
        view! {
            <table class="numbers" data-test=mark><caption>{title}</caption>
                <thead><tr><td>{""}</td><th scope="col">{words.figures_count()}</th></tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody></table>
        }
    };
    view! {
        {outcomes.map(|rows| table(words.figures_outcomes(), "figures-outcomes", rows))}
        {kept.map(|rows| table(words.figures_kept(), "figures-kept", rows))}
    }
}

// Bars that are read as well as seen: each row says its number.
fn times(words: Words, title: &'static str, groups: &[(Option<u64>, Option<u64>)]) -> impl IntoView + use<> {
    let most = groups.iter().filter_map(|(_, count)| *count).max().unwrap_or(0);
    let last = groups.iter().filter_map(|(up_to, _)| *up_to).max().unwrap_or(0);
    let row = |(up_to, count): &(Option<u64>, Option<u64>)| {
        let label = match up_to {
            Some(seconds) => words.figures_up_to(*seconds),
            None => words.figures_longer(last),
        };
        let said = count.map_or_else(|| words.figures_left_out().to_owned(), |count| count.to_string());
        let part = share(*count, most).to_string();
        view! {
            <tr><th scope="row">{label}</th><td dir="ltr">{said}</td>
                <td aria-hidden="true"><progress max="100" value=part></progress></td></tr>
        }
    };
    view! {
        <table class="numbers" data-test="figures-times"><caption>{title}</caption>
            <thead><tr><td>{""}</td><th scope="col">{words.figures_count()}</th><td>{""}</td></tr></thead>
            <tbody>{groups.iter().map(row).collect_view()}</tbody></table>
    }
}
