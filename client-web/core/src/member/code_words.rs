//! Words that mean something else, on the device of whoever may type them.
//!
//! Her helpers get them with her intake and look for them in what she says. Here only the one that asks for help is looked
//! for: typed anywhere, it raises a call, or rings again for the one there is. What she typed goes where it was going.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::Step;
use lotgenoot_protocol::{RoomId, Timestamp};
use minicbor::{Decode, Encode};

use super::Member;
use crate::call::{Call, Phase};

// What a helper is told may be a few sentences.
const NOTE_BYTES_MAX: usize = 2_000;

/// What was agreed, and what a helper is to know if she asks for help with one.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub(super) struct CodeWords {
    #[n(0)]
    words: Vec<ui::CodeWord>,
    #[n(1)]
    note: String,
    #[n(2)]
    service: String,
}

impl CodeWords {
    pub(super) fn words(&self) -> &[ui::CodeWord] {
        &self.words
    }

    fn view(&self, fault: Option<ui::CodeFault>) -> ui::CodeWordsView {
        ui::CodeWordsView { agreed: self.words.iter().map(|word| word.meaning).collect(), fault }
    }
}

impl Member {
    /// From now on these count, in the calls that are open too.
    pub(super) fn agree_code_words(&mut self, mut words: Vec<ui::CodeWord>, note: String, service: String) {
        words.sort_by_key(|word| word.meaning);
        words.dedup_by_key(|word| word.meaning);
        let fault = match ui::may_be_agreed(&words) {
            Err(fault) => Some(fault),
            Ok(()) if note.len() > NOTE_BYTES_MAX => Some(ui::CodeFault::TooLong),
            Ok(()) => None,
        };
        if fault.is_none() {
            self.code_words = CodeWords { words, note, service };
            self.due.core(self.now);
            let open = self.calls.values().filter(|call| call.own && call.is_open());
            let open: Vec<_> = open.filter_map(|call| Some((call.id, call.intake.clone()?))).collect();
            for (call, intake) in open {
                self.change_intake(call, intake);
            }
        }
        self.events.push_back(ui::Event::CodeWords(self.code_words.view(fault)));
    }

    /// What she typed elsewhere.
    pub(crate) fn listen(&mut self, text: &str, now: Timestamp) {
        self.now = now;
        self.listen_for_help(None, text);
    }

    /// Raises a call if this is the word that asks for help. Nothing is shown of it.
    pub(super) fn listen_for_help(&mut self, room: Option<RoomId>, text: &str) {
        if ui::spoken(self.code_words.words(), text) != Some(ui::CodeMeaning::SendHelp) {
            return;
        }
        // In the room of a call her helper hears it; a call that a code word has raised says it already. Any other that is
        // open was not raised for this: it may be for today, and nobody in it hears what she types elsewhere.
        let said = |call: &&Call| {
            let silent = call.intake.as_ref().is_some_and(|intake| intake.silent);
            call.own && call.is_open() && (silent || Some(call.room) == room)
        };
        let open = self.calls.values().find(said);
        if let Some((call, phase)) = open.map(|call| (call.id, call.phase)) {
            // Before it is with the relay it is on its way there.
            if phase != Phase::NotSent {
                self.step_silently(call, Step::Nudge);
            }
            return;
        }
        let note = self.code_words.note.clone();
        let mut consents = vec![ui::Consent::Talk];
        consents.extend((!note.is_empty()).then_some(ui::Consent::Summary));
        let nickname = self.nickname.clone();
        let intake = ui::Intake { nickname, wants: note, consents, silent: true, ..ui::Intake::default() };
        self.raise(self.code_words.service.clone(), Box::new(intake));
    }

    pub(super) fn restore_code_words(&mut self, saved: Option<CodeWords>) {
        if self.code_words.words.is_empty() {
            self.code_words = saved.unwrap_or_default();
        }
        if !self.code_words.words.is_empty() {
            self.events.push_back(ui::Event::CodeWords(self.code_words.view(None)));
        }
    }
}
