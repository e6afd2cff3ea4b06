//! What the views share: what is known, what she chose, and what she is in the middle of typing.

use std::collections::BTreeMap;

use leptos::prelude::*;
use lotgenoot_messages::{Command, Intake, RoomId, Urgency};

use crate::bridge;
use crate::model::Model;
use crate::screen::{Asked, Chosen, Hidden, Kept, Opened, Step, known};
use crate::words::Words;

/// Handed to every view as context.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// The words of her language.
    pub(crate) words: Words,
    /// What is known.
    pub(crate) model: RwSignal<Model>,
    /// What she chose.
    pub(crate) chosen: RwSignal<Chosen>,
    /// The emergency card lies on top.
    pub(crate) danger: RwSignal<bool>,
    /// The library lies on top.
    pub(crate) reading: RwSignal<bool>,
    /// The library as it came with the page.
    pub(crate) library: StoredValue<Option<web_sys::Element>, LocalStorage>,
    /// What she wants to be called.
    pub(crate) nickname: RwSignal<String>,
    /// What is typed and not sent, by room.
    pub(crate) drafts: RwSignal<BTreeMap<RoomId, String>>,
    /// What she has typed for a line that is not open yet.
    pub(crate) early: RwSignal<String>,
    /// She was typing it when her line opened.
    pub(crate) types: RwSignal<bool>,
    /// The page came with word that a host is there: true until more is known.
    pub(crate) served_hosts: bool,
    /// Whose messages she does not want to read.
    pub(crate) hidden: RwSignal<Hidden>,
    /// What she wants a professional to know.
    pub(crate) intake: RwSignal<Intake>,
    /// The service she picked; none: the first that is open.
    pub(crate) service: RwSignal<Option<String>>,
    /// What opens this screen once it is locked; none: nothing locks it.
    pub(crate) code: RwSignal<Option<String>>,
    /// Her phrase leads back here.
    pub(crate) has_phrase: RwSignal<bool>,
    /// The number of what is to be found again after a reload, and of what is in the vault.
    pub(crate) screen_number: RwSignal<u64>,
    pub(crate) screen_kept: RwSignal<u64>,
    /// The clock, milliseconds since 1970; moves every second.
    pub(crate) now_ms: RwSignal<u64>,
}

impl State {
    /// Nothing known yet.
    pub(crate) fn new(words: Words) -> Self {
        Self {
            words,
            model: RwSignal::default(),
            chosen: RwSignal::default(),
            danger: RwSignal::default(),
            reading: RwSignal::default(),
            library: StoredValue::new_local(document().get_element_by_id("library")),
            nickname: RwSignal::default(),
            drafts: RwSignal::default(),
            early: RwSignal::default(),
            types: RwSignal::default(),
            served_hosts: served_hosts(),
            hidden: RwSignal::default(),
            intake: RwSignal::default(),
            service: RwSignal::default(),
            code: RwSignal::default(),
            has_phrase: RwSignal::default(),
            screen_number: RwSignal::default(),
            screen_kept: RwSignal::default(),
            now_ms: RwSignal::new(now_ms()),
        }
    }

    /// What is to be found again after a reload.
    pub(crate) fn kept(self) -> Kept {
        let (step, opened) = self.chosen.with(|chosen| (chosen.step, chosen.opened.clone()));
        // A phrase is shown once.
        let step = if step == Step::Phrase { Step::Choose } else { step };
        let (drafts, intake) = (self.drafts.get(), self.intake.get());
        let known = self.model.with(known);
        Kept {
            step,
            opened,
            nickname: self.nickname.get(),
            drafts,
            intake,
            service: self.service.get(),
            known,
            hidden: self.hidden.get(),
            code: self.code.get(),
            has_phrase: self.has_phrase.get(),
        }
    }

    /// The screen as it was.
    pub(crate) fn restore(self, kept: Kept) {
        self.model.with_untracked(|model| self.chosen.update(|chosen| chosen.go_back_to(&kept, model)));
        let Kept { nickname, drafts, intake, service, hidden, code, has_phrase, .. } = kept;
        self.code.set(code);
        self.has_phrase.set(has_phrase);
        self.hidden.set(hidden);
        self.nickname.set(nickname);
        self.drafts.set(drafts);
        self.intake.set(intake);
        self.service.set(service);
    }

    /// Forgets everything; the views follow.
    pub(crate) fn wipe(self) {
        self.model.set(Model::default());
        self.chosen.set(Chosen::default());
        self.danger.set(false);
        self.reading.set(false);
        self.nickname.set(String::new());
        self.drafts.set(BTreeMap::new());
        self.early.set(String::new());
        self.hidden.set(Hidden::new());
        self.intake.set(Intake::default());
        self.service.set(None);
        self.code.set(None);
        self.has_phrase.set(false);
    }

    /// What she has typed for this line meanwhile stands in it, not sent.
    pub(crate) fn go_on_typing(self, line: &RoomId) {
        let typed = self.early.get_untracked();
        if !typed.is_empty() {
            self.early.set(String::new());
            let typing = document().active_element().is_some_and(|it| it.id() == EARLY_FIELD);
            self.types.set(typing);
            self.drafts.update(|drafts| drop(drafts.insert(line.clone(), typed)));
        }
    }

    /// Goes to a step; whatever was opened stays there to come back to.
    pub(crate) fn go(self, step: Step) {
        self.chosen.update(|chosen| {
            chosen.step = step;
            chosen.opened = None;
            chosen.asked = None;
        });
    }

    /// Goes to what a professional may know, of somebody who wants one so soon.
    pub(crate) fn wants_somebody(self, urgency: Urgency) {
        self.intake.update(|intake| intake.urgency = urgency);
        self.go(Step::Intake);
    }

    /// Looks at a conversation.
    pub(crate) fn open(self, what: Opened) {
        self.chosen.update(|chosen| chosen.opened = Some(what));
    }

    /// Sends a command whose answer she waits for.
    pub(crate) fn ask(self, what: Asked, command: &Command) {
        self.model.update(|model| model.notice = None);
        self.chosen.update(|chosen| chosen.asked = Some(what));
        bridge::send(command);
    }
}

/// The shared state, inside a view.
pub(crate) fn state() -> State {
    expect_context()
}

/// Where she types for a line that is not open yet.
pub(crate) const EARLY_FIELD: &str = "field-e";

// The first line of what the page came with is about hosts.
fn served_hosts() -> bool {
    document().query_selector("#open-served > p.open:first-child").is_ok_and(|said| said.is_some())
}

/// The device's clock.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "milliseconds since 1970 are whole and fit"
)]
pub(crate) fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}
