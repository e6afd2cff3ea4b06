//! What is on a stage: the agenda, questions and statements, counted by everybody from the same log.
//!
//! ```text
//! question   Ask ──► Waiting ──(a leader)──► Shown ──► Answered        statement   Put ──► Open ──(a leader)──► Closed
//!                       └──────────────────► Refused                                 votes, changeable ─┘        totals
//! ```
//!
//! An upvote and a vote are a leaf's: said twice they count once, and the last counts. The log has one order, so what comes
//! after the closing is late for everybody alike, and all count the same. A stage holds so many questions: for a new one
//! the oldest that is refused makes room, or else the oldest that was answered; while all the others still wait or are
//! shown there is no place, for nobody.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_messages as ui;
use lotgenoot_protocol::{LeafKey, MessageId, Seq};
use minicbor::{Decode, Encode};

use crate::show;

// What a workshop can have on its mind. All of it together, with a vote of everybody, is less than one message holds.
const AGENDA_MAX: usize = 20;
const QUESTIONS_MAX: usize = 60;
const WAITING_EACH_MAX: usize = 3;
const STATEMENTS_MAX: usize = 30;
const TEXT_BYTES_MAX: usize = 300;
// Between her coming and a leader's word there are seconds.
const HEARD_MAX: usize = 1_000;

/// Something that happens on a stage.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) enum OnStage {
    /// A leader: the agenda.
    #[n(0)]
    Agenda(#[n(0)] Vec<String>),
    /// Somebody asks.
    #[n(1)]
    Ask {
        #[n(0)]
        question: MessageId,
        #[n(1)]
        text: String,
    },
    /// A leader: what becomes of a question.
    #[n(2)]
    Moderate {
        #[n(0)]
        question: MessageId,
        #[n(1)]
        state: ui::QuestionState,
    },
    /// Somebody would like to hear the answer too, or not any more.
    #[n(3)]
    Upvote {
        #[n(0)]
        question: MessageId,
        #[n(1)]
        on: bool,
    },
    /// A leader: a statement to vote on.
    #[n(4)]
    Put {
        #[n(0)]
        statement: MessageId,
        #[n(1)]
        text: String,
    },
    /// Somebody votes, or votes otherwise.
    #[n(5)]
    Vote {
        #[n(0)]
        statement: MessageId,
        #[n(1)]
        choice: ui::Choice,
    },
    /// A leader: nobody votes any more.
    #[n(6)]
    Close {
        #[n(0)]
        statement: MessageId,
    },
    /// A leader, to those who have just come: what is on the stage.
    #[n(7)]
    So(#[n(0)] Box<Stage>),
    /// It is over. Never said: the relay must know it too, so it is a leader's ruling in the log.
    #[n(8)]
    End,
}

/// What is on a stage.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub(crate) struct Stage {
    #[n(0)]
    agenda: Vec<String>,
    #[n(1)]
    questions: Vec<Question>,
    #[n(2)]
    statements: Vec<Statement>,
    #[n(3)]
    known: bool,
    // Who has come later knows nothing until a leader says what there is; and what she has heard since is counted on top of
    // that. What is counted already counts once.
    #[n(4)]
    heard: Vec<Heard>,
    // Up to which entry of the log that is: what was heard after it is counted, and nothing twice.
    #[n(5)]
    through: Option<Seq>,
    #[n(6)]
    over: bool,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Heard {
    #[n(0)]
    from: LeafKey,
    #[n(1)]
    leads: bool,
    #[n(2)]
    what: OnStage,
    #[n(3)]
    seq: Seq,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Question {
    #[n(0)]
    id: MessageId,
    #[n(1)]
    from: LeafKey,
    #[n(2)]
    text: String,
    #[n(3)]
    state: ui::QuestionState,
    #[n(4)]
    upvotes: BTreeSet<LeafKey>,
    // Those of before this client came.
    #[n(5)]
    before: u32,
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Statement {
    #[n(0)]
    id: MessageId,
    #[n(1)]
    text: String,
    #[n(2)]
    votes: BTreeMap<LeafKey, ui::Choice>,
    // Agree, neither, disagree: once it is closed.
    #[n(3)]
    totals: Option<[u32; 3]>,
}

impl Stage {
    /// Of whoever opens it: she knows it all.
    pub(crate) fn opened() -> Self {
        Self { known: true, ..Self::default() }
    }

    /// Takes in the next thing of the log, at this place. Returns whether anything has changed: what is not `from` whom it
    /// must be, is about nothing, comes too late or is too much changes nothing.
    pub(crate) fn take(&mut self, seq: Seq, from: LeafKey, leads: bool, what: &OnStage) -> bool {
        match what {
            OnStage::So(told) if !self.known && leads && told.known => {
                let heard = std::mem::take(&mut self.heard);
                *self = (**told).clone();
                let through = self.through;
                for Heard { from, leads, what, seq } in
                    heard.iter().filter(|it| through.is_none_or(|through| it.seq > through))
                {
                    self.take(*seq, *from, *leads, what);
                }
                self.through = Some(seq);
                true
            }
            what if !self.known => {
                self.hear(Heard { from, leads, what: what.clone(), seq });
                false
            }
            what => {
                self.through = Some(seq);
                self.count(from, leads, what)
            }
        }
    }

    /// Whether she knows what is on it: she has read it all, or a leader has told her.
    pub(crate) fn is_known(&self) -> bool {
        self.known
    }

    /// Whether this question has a place.
    pub(crate) fn has(&self, question: &MessageId) -> bool {
        self.questions.iter().any(|it| it.id == *question)
    }

    /// What somebody has asked, of which nobody knows yet whether it has a place.
    pub(crate) fn heard_of(&self, from: &LeafKey) -> Vec<(MessageId, String)> {
        let asked = |heard: &Heard| match &heard.what {
            OnStage::Ask { question, text } if heard.from == *from => Some((*question, text.clone())),
            _ => None,
        };
        self.heard.iter().filter_map(asked).collect()
    }

    fn hear(&mut self, heard: Heard) {
        if self.heard.len() >= HEARD_MAX || matches!(heard.what, OnStage::So(_)) {
            return;
        }
        let what = match heard.what {
            OnStage::Ask { question, text } => OnStage::Ask { question, text: shortened(&text) },
            OnStage::Put { statement, text } => OnStage::Put { statement, text: shortened(&text) },
            OnStage::Agenda(items) => {
                OnStage::Agenda(items.iter().take(AGENDA_MAX).map(|item| shortened(item)).collect())
            }
            other => other,
        };
        self.heard.push(Heard { what, ..heard });
    }

    fn count(&mut self, from: LeafKey, leads: bool, what: &OnStage) -> bool {
        match what {
            // What comes after the end is late for everybody alike.
            _ if self.over => false,
            OnStage::End if leads => {
                self.statements.iter_mut().filter(|it| it.totals.is_none()).for_each(Statement::close);
                self.over = true;
                true
            }
            OnStage::Agenda(items) if leads && items.len() <= AGENDA_MAX => {
                self.agenda = items.iter().map(|item| shortened(item)).collect();
                true
            }
            OnStage::Ask { question, text } => self.ask(*question, from, text),
            OnStage::Moderate { question, state } if leads => {
                let found = self.questions.iter_mut().find(|it| it.id == *question);
                found.is_some_and(|it| std::mem::replace(&mut it.state, *state) != *state)
            }
            OnStage::Upvote { question, on } => {
                let shown = |it: &&mut Question| it.id == *question && it.state == ui::QuestionState::Shown;
                let found = self.questions.iter_mut().find(shown);
                found.is_some_and(|it| if *on { it.upvotes.insert(from) } else { it.upvotes.remove(&from) })
            }
            OnStage::Put { statement, text } if leads => {
                // One at a time.
                let is_new = self.statements.iter().all(|it| it.id != *statement && it.totals.is_some());
                let fits = is_new && self.statements.len() < STATEMENTS_MAX && !text.trim().is_empty();
                if fits {
                    let (votes, totals) = (BTreeMap::new(), None);
                    self.statements.push(Statement { id: *statement, text: shortened(text), votes, totals });
                }
                fits
            }
            // Who leads asks, and does not answer.
            OnStage::Vote { statement, choice } if !leads => {
                let open = |it: &&mut Statement| it.id == *statement && it.totals.is_none();
                let found = self.statements.iter_mut().find(open);
                found.is_some_and(|it| it.votes.insert(from, *choice) != Some(*choice))
            }
            OnStage::Close { statement } if leads => {
                let open = |it: &&mut Statement| it.id == *statement && it.totals.is_none();
                self.statements.iter_mut().find(open).map(Statement::close).is_some()
            }
            _ => false,
        }
    }

    fn ask(&mut self, id: MessageId, from: LeafKey, text: &str) -> bool {
        let waits = |it: &&Question| it.from == from && it.state == ui::QuestionState::Waiting;
        let fits = !self.has(&id)
            && self.questions.iter().filter(waits).count() < WAITING_EACH_MAX
            && !text.trim().is_empty()
            && self.makes_room();
        if fits {
            let (text, state) = (shortened(text), ui::QuestionState::Waiting);
            self.questions.push(Question { id, from, text, state, upvotes: BTreeSet::new(), before: 0 });
        }
        fits
    }

    fn makes_room(&mut self) -> bool {
        if self.questions.len() < QUESTIONS_MAX {
            return true;
        }
        let oldest = |state| self.questions.iter().position(|it| it.state == state);
        let settled = oldest(ui::QuestionState::Refused).or_else(|| oldest(ui::QuestionState::Answered));
        settled.map(|at| self.questions.remove(at)).is_some()
    }

    /// For those who come now; nothing if whoever is asked does not know herself, or there is nothing.
    pub(crate) fn for_newcomers(&self) -> Option<Box<Self>> {
        let mut told = self.known.then(|| Box::new(self.clone()))?;
        // Who would like to hear an answer is a number: all together stay below what one message holds.
        for question in &mut told.questions {
            question.before += question.upvotes.len() as u32;
            question.upvotes.clear();
        }
        Some(told)
    }

    /// As this member sees it. What nobody has moderated is for its author and those who lead.
    pub(crate) fn view(&self, me: &LeafKey, leads: bool) -> ui::StageView {
        let question = |it: &Question| ui::QuestionView {
            id: show::hex(&it.id.0),
            text: it.text.clone(),
            state: it.state,
            upvotes: it.before + it.upvotes.len() as u32,
            upvoted: it.upvotes.contains(me),
            yours: it.from == *me,
            from: leads.then(|| show::hex(&it.from.0)),
        };
        let statement = |it: &Statement| ui::StatementView {
            id: show::hex(&it.id.0),
            text: it.text.clone(),
            votes: it.totals.map_or(it.votes.len() as u32, |totals| totals.iter().sum()),
            yours: it.votes.get(me).copied(),
            totals: it.totals,
        };
        let public = |it: &&Question| {
            let moderated = matches!(it.state, ui::QuestionState::Shown | ui::QuestionState::Answered);
            leads || moderated || it.from == *me
        };
        ui::StageView {
            agenda: self.agenda.clone(),
            questions: self.questions.iter().filter(public).map(question).collect(),
            statements: self.statements.iter().map(statement).collect(),
        }
    }
}

impl Statement {
    fn close(&mut self) {
        let count = |choice| self.votes.values().filter(|vote| **vote == choice).count() as u32;
        self.totals = Some([ui::Choice::Agree, ui::Choice::Neither, ui::Choice::Disagree].map(count));
        // Who said what is nobody's any more.
        self.votes.clear();
    }
}

fn shortened(text: &str) -> String {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].trim().to_owned()
}

#[cfg(test)]
mod tests;
