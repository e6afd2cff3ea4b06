//! One answer of several, and a field for a line: each made in one place, as buttons are.

use leptos::prelude::*;

/// A radio button of this group.
pub(crate) fn radio(
    group: &'static str,
    mark: String,
    text: &'static str,
    chosen: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    made("radio", Some(group), mark, text, Box::new(chosen), Box::new(choose))
}

/// A box to tick.
pub(crate) fn tick(
    mark: String,
    text: &'static str,
    chosen: impl Fn() -> bool + Send + 'static,
    choose: impl Fn() + 'static,
) -> AnyView {
    made("checkbox", None, mark, text, Box::new(chosen), Box::new(choose))
}

/// A field of this kind (`text`, `date`, `time`) with its label.
pub(crate) fn field(
    kind: &'static str,
    mark: &'static str,
    label: &'static str,
    letters_max: Option<&'static str>,
    value: RwSignal<String>,
) -> AnyView {
    let dir = (kind == "text").then_some("auto");
    view! {
        <label class="field">{label}
            <input type=kind dir=dir maxlength=letters_max autocomplete="off" data-test=mark prop:value=value
                on:input:target=move |event| value.set(event.target().value())/></label>
    }
    .into_any()
}

fn made(
    kind: &'static str,
    group: Option<&'static str>,
    mark: String,
    text: &'static str,
    chosen: Box<dyn Fn() -> bool + Send>,
    choose: Box<dyn Fn()>,
) -> AnyView {
    view! {
        <label class="pick"><input type=kind name=group data-test=mark prop:checked=chosen on:change=move |_| choose()/><span>{text}</span></label>
    }
    .into_any()
}
