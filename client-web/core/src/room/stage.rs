//! What is on a stage: the agenda, questions and statements, counted by everybody from the same log.
//!
//! ```text
//! question   Ask ──► Waiting ──(a leader)──► Shown ──► Answered        statement   Put ──► Open ──(a leader)──► Closed
//!                       └──────────────────► Refused                                 votes, changeable ─┘        totals
//! ```
//!
//! An upvote and a vote are a leaf's: said twice they count once, and the last counts. The log has one order, so what comes
//! after the closing is late for everybody alike, and all count the same.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_messages as ui;
use lotgenoot_protocol::{LeafKey, MessageId};
use minicbor::{Decode, Encode};

use crate::show;

// What a workshop can have on its mind.
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
}

#[derive(Clone, Debug, PartialEq, Encode, Decode)]
struct Heard {
    #[n(0)]
    from: LeafKey,
    #[n(1)]
    leads: bool,
    #[n(2)]
    what: OnStage,
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

    /// Takes in the next thing of the log. Returns whether anything has changed: what is not `from` whom it must be, is
    /// about nothing, comes too late or is too much changes nothing.
    pub(crate) fn take(&mut self, from: LeafKey, leads: bool, what: &OnStage) -> bool {
        match what {
            // Who has read it all needs nobody's word for it.
            OnStage::So(_) if self.known => false,
            OnStage::So(stage) if leads && stage.known => {
                let heard = std::mem::take(&mut self.heard);
                *self = (**stage).clone();
                for Heard { from, leads, what } in &heard {
                    self.take(*from, *leads, what);
                }
                true
            }
            OnStage::So(_) => false,
            what if !self.known => {
                if self.heard.len() < HEARD_MAX {
                    let what = match what.clone() {
                        OnStage::Ask { question, text } => OnStage::Ask { question, text: shortened(&text) },
                        OnStage::Put { statement, text } => {
                            OnStage::Put { statement, text: shortened(&text) }
                        }
                        OnStage::Agenda(items) => OnStage::Agenda(
                            items.iter().take(AGENDA_MAX).map(|item| shortened(item)).collect(),
                        ),
                        other => other,
                    };
                    self.heard.push(Heard { from, leads, what });
                }
                false
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
        let is_new = self.questions.iter().all(|it| it.id != id);
        let fits = is_new
            && self.questions.len() < QUESTIONS_MAX
            && self.questions.iter().filter(waits).count() < WAITING_EACH_MAX
            && !text.trim().is_empty();
        if fits {
            let (text, state) = (shortened(text), ui::QuestionState::Waiting);
            self.questions.push(Question { id, from, text, state, upvotes: BTreeSet::new(), before: 0 });
        }
        fits
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
mod tests {
    use super::*;
    use ui::{Choice, QuestionState};

    const LEADER: LeafKey = LeafKey([1; 32]);

    fn guest(number: u8) -> LeafKey {
        LeafKey([number; 32])
    }

    fn id(number: u8) -> MessageId {
        MessageId([number; 16])
    }

    fn with_statement() -> Stage {
        let mut stage = Stage::opened();
        let text = "Dwang is geweld".to_owned();
        assert!(stage.take(LEADER, true, &OnStage::Put { statement: id(1), text }));
        stage
    }

    fn vote(stage: &mut Stage, who: u8, choice: Choice) -> bool {
        stage.take(guest(who), false, &OnStage::Vote { statement: id(1), choice })
    }

    #[test]
    fn votes_count_once_for_each_the_last_counts_and_late_ones_do_not() {
        let mut stage = with_statement();
        for (who, choice) in [(2, Choice::Agree), (3, Choice::Disagree), (4, Choice::Agree)] {
            assert!(vote(&mut stage, who, choice));
        }
        assert!(!vote(&mut stage, 2, Choice::Agree), "said twice");
        assert!(vote(&mut stage, 4, Choice::Neither), "changed");
        assert!(!stage.take(LEADER, true, &OnStage::Vote { statement: id(1), choice: Choice::Agree }));
        let open = stage.view(&guest(4), false).statements.remove(0);
        assert_eq!((open.votes, open.yours, open.totals), (3, Some(Choice::Neither), None));
        assert!(!stage.take(guest(2), false, &OnStage::Close { statement: id(1) }), "not hers to close");
        assert!(stage.take(LEADER, true, &OnStage::Close { statement: id(1) }));
        assert!(!vote(&mut stage, 5, Choice::Agree), "late");
        assert!(!stage.take(LEADER, true, &OnStage::Close { statement: id(1) }));
        let closed = stage.view(&guest(4), false).statements.remove(0);
        assert_eq!((closed.votes, closed.yours, closed.totals), (3, None, Some([1, 1, 1])));
    }

    #[test]
    fn a_question_is_seen_by_nobody_but_leaders_and_its_author_until_one_of_them_shows_it() {
        let mut stage = Stage::opened();
        let ask = OnStage::Ask { question: id(1), text: "Wie bel ik?".to_owned() };
        assert!(stage.take(guest(2), false, &ask));
        assert!(!stage.take(guest(3), false, &ask), "an id is one question's");
        let seen = |stage: &Stage, who, leads| stage.view(&who, leads).questions.len();
        assert_eq!(
            (seen(&stage, guest(3), false), seen(&stage, guest(2), false), seen(&stage, LEADER, true)),
            (0, 1, 1)
        );
        let upvote = OnStage::Upvote { question: id(1), on: true };
        assert!(!stage.take(guest(3), false, &upvote), "nobody has shown it");
        let show = OnStage::Moderate { question: id(1), state: QuestionState::Shown };
        assert!(!stage.take(guest(3), false, &show));
        assert!(stage.take(LEADER, true, &show));
        assert!(stage.take(guest(3), false, &upvote) && !stage.take(guest(3), false, &upvote));
        assert_eq!(stage.view(&guest(3), false).questions[0].upvotes, 1);
        assert!(stage.take(guest(3), false, &OnStage::Upvote { question: id(1), on: false }));
        let refuse = OnStage::Moderate { question: id(1), state: QuestionState::Refused };
        assert!(stage.take(LEADER, true, &refuse));
        assert_eq!(seen(&stage, guest(3), false), 0);
    }

    #[test]
    fn nobody_fills_the_stage() {
        let mut stage = Stage::opened();
        let asked = (0..200_u8).filter(|number| {
            let ask = OnStage::Ask { question: id(*number), text: "x".repeat(9000) };
            stage.take(guest(2), false, &ask)
        });
        assert_eq!(asked.count(), WAITING_EACH_MAX);
        assert!(stage.questions.iter().all(|it| it.text.len() == TEXT_BYTES_MAX));
        assert!(!stage.take(guest(3), false, &OnStage::Ask { question: id(9), text: "  ".to_owned() }));
        assert!(!stage.take(guest(3), false, &OnStage::Agenda(vec!["Van mij".to_owned()])));
    }

    #[test]
    fn who_comes_later_counts_on_from_what_a_leader_says_and_nobody_else() {
        let mut stage = with_statement();
        vote(&mut stage, 2, Choice::Agree);
        let said = stage.for_newcomers().unwrap();
        let mut late = Stage::default();
        assert!(late.for_newcomers().is_none());
        assert!(!late.take(guest(9), false, &OnStage::So(said.clone())));
        // What comes between the leader's word and its place in the log.
        for stage in [&mut stage, &mut late] {
            vote(stage, 7, Choice::Agree);
        }
        assert!(late.take(LEADER, true, &OnStage::So(said)));
        for stage in [&mut stage, &mut late] {
            vote(stage, 2, Choice::Disagree);
            vote(stage, 3, Choice::Disagree);
            stage.take(LEADER, true, &OnStage::Close { statement: id(1) });
        }
        assert_eq!(late, stage);
        let other = Stage::opened();
        assert!(!stage.take(LEADER, true, &OnStage::So(Box::new(other))), "she knows it all");
    }
}
