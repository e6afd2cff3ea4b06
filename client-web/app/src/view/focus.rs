//! Where the focus goes when what was pressed goes away.

use leptos::html::Button;
use leptos::prelude::*;

/// Something unfolds in the place of the button that was pressed, and folds again: the focus goes in with `enters`, and
/// back to the button.
pub(super) fn moves(unfolded: RwSignal<bool>, enters: impl Fn() + 'static, opener: NodeRef<Button>) {
    Effect::new(move |before: Option<bool>| {
        let now = unfolded.get();
        match (before, now) {
            (Some(false), true) => enters(),
            (Some(true), false) => drop(opener.get().map(|it| it.focus())),
            _ => {}
        }
        now
    });
}
