//! A button that does one thing. Made in one place: every other way to write it costs a kilobyte of module for each.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// A button with a class of the style sheet (or none), a mark for tests, its words, and what it does.
pub(crate) fn button(
    class: &'static str,
    mark: &'static str,
    text: &'static str,
    act: impl Fn(MouseEvent) + 'static,
) -> AnyView {
    made(class, mark, text, Box::new(act))
}

fn made(
    class: &'static str,
    mark: &'static str,
    text: &'static str,
    act: Box<dyn Fn(MouseEvent)>,
) -> AnyView {
    let class = Some(class).filter(|class| !class.is_empty());
    view! { <button type="button" class=class data-test=mark on:click=act>{text}</button> }.into_any()
}
