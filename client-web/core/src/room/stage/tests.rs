//! Stages by themselves: who may do what, and that all count the same.

use lotgenoot_protocol::limits::{APPLICATION_BYTES_MAX, STAGE_MEMBERS_MAX};
use ui::{Choice, QuestionState};

use super::*;
use crate::content::Content;

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
    assert!(stage.take(Seq(1), LEADER, true, &OnStage::Put { statement: id(1), text }));
    stage
}

fn vote(stage: &mut Stage, who: u8, choice: Choice) -> bool {
    stage.take(Seq(1), guest(who), false, &OnStage::Vote { statement: id(1), choice })
}

#[test]
fn votes_count_once_for_each_the_last_counts_and_late_ones_do_not() {
    let mut stage = with_statement();
    for (who, choice) in [(2, Choice::Agree), (3, Choice::Disagree), (4, Choice::Agree)] {
        assert!(vote(&mut stage, who, choice));
    }
    assert!(!vote(&mut stage, 2, Choice::Agree), "said twice");
    assert!(vote(&mut stage, 4, Choice::Neither), "changed");
    assert!(!stage.take(Seq(1), LEADER, true, &OnStage::Vote { statement: id(1), choice: Choice::Agree }));
    let open = stage.view(&guest(4), false).statements.remove(0);
    assert_eq!((open.votes, open.yours, open.totals), (3, Some(Choice::Neither), None));
    assert!(!stage.take(Seq(1), guest(2), false, &OnStage::Close { statement: id(1) }), "not hers to close");
    assert!(stage.take(Seq(1), LEADER, true, &OnStage::Close { statement: id(1) }));
    assert!(!vote(&mut stage, 5, Choice::Agree), "late");
    assert!(!stage.take(Seq(1), LEADER, true, &OnStage::Close { statement: id(1) }));
    let closed = stage.view(&guest(4), false).statements.remove(0);
    assert_eq!((closed.votes, closed.yours, closed.totals), (3, None, Some([1, 1, 1])));
}

#[test]
fn a_question_is_seen_by_nobody_but_leaders_and_its_author_until_one_of_them_shows_it() {
    let mut stage = Stage::opened();
    let ask = OnStage::Ask { question: id(1), text: "Wie bel ik?".to_owned() };
    assert!(stage.take(Seq(1), guest(2), false, &ask));
    assert!(!stage.take(Seq(1), guest(3), false, &ask), "an id is one question's");
    let seen = |stage: &Stage, who, leads| stage.view(&who, leads).questions.len();
    assert_eq!(
        (seen(&stage, guest(3), false), seen(&stage, guest(2), false), seen(&stage, LEADER, true)),
        (0, 1, 1)
    );
    let upvote = OnStage::Upvote { question: id(1), on: true };
    assert!(!stage.take(Seq(1), guest(3), false, &upvote), "nobody has shown it");
    let show = OnStage::Moderate { question: id(1), state: QuestionState::Shown };
    assert!(!stage.take(Seq(1), guest(3), false, &show));
    assert!(stage.take(Seq(1), LEADER, true, &show));
    assert!(stage.take(Seq(1), guest(3), false, &upvote) && !stage.take(Seq(1), guest(3), false, &upvote));
    assert_eq!(stage.view(&guest(3), false).questions[0].upvotes, 1);
    assert!(stage.take(Seq(1), guest(3), false, &OnStage::Upvote { question: id(1), on: false }));
    let refuse = OnStage::Moderate { question: id(1), state: QuestionState::Refused };
    assert!(stage.take(Seq(1), LEADER, true, &refuse));
    assert_eq!(seen(&stage, guest(3), false), 0);
}

#[test]
fn nobody_fills_the_stage() {
    let mut stage = Stage::opened();
    let asked = (0..200_u8).filter(|number| {
        let ask = OnStage::Ask { question: id(*number), text: "x".repeat(9000) };
        stage.take(Seq(1), guest(2), false, &ask)
    });
    assert_eq!(asked.count(), WAITING_EACH_MAX);
    assert!(stage.questions.iter().all(|it| it.text.len() == TEXT_BYTES_MAX));
    assert!(!stage.take(Seq(1), guest(3), false, &OnStage::Ask { question: id(9), text: "  ".to_owned() }));
    assert!(!stage.take(Seq(1), guest(3), false, &OnStage::Agenda(vec!["Van mij".to_owned()])));
}

#[test]
fn who_comes_later_counts_on_from_what_a_leader_says_and_nobody_else() {
    let mut stage = with_statement();
    vote(&mut stage, 2, Choice::Agree);
    let said = stage.for_newcomers().unwrap();
    let mut late = Stage::default();
    assert!(late.for_newcomers().is_none());
    assert!(!late.take(Seq(2), guest(9), false, &OnStage::So(said.clone())));
    let both = |stages: [&mut Stage; 2], seq, who, leads, what: OnStage| {
        stages.map(|stage| stage.take(Seq(seq), who, leads, &what))
    };
    let choice = |choice| OnStage::Vote { statement: id(1), choice };
    // What comes between the leader's word and its place in the log.
    both([&mut stage, &mut late], 3, guest(7), false, choice(Choice::Agree));
    let so = OnStage::So(said);
    assert_eq!(
        both([&mut stage, &mut late], 4, LEADER, true, so),
        [false, true],
        "who knows need not be told"
    );
    both([&mut stage, &mut late], 5, guest(2), false, choice(Choice::Disagree));
    both([&mut stage, &mut late], 6, guest(3), false, choice(Choice::Disagree));
    both([&mut stage, &mut late], 7, LEADER, true, OnStage::Close { statement: id(1) });
    assert_eq!(late, stage);
    assert_eq!(stage.view(&guest(2), false).statements[0].totals, Some([1, 0, 2]));
}

fn ask(stage: &mut Stage, seq: u64, who: u8, number: u8) -> bool {
    let ask = OnStage::Ask { question: id(number), text: format!("Vraag {number}") };
    stage.take(Seq(seq), guest(who), false, &ask)
}

fn moderate(stage: &mut Stage, seq: u64, number: u8, state: QuestionState) -> bool {
    stage.take(Seq(seq), LEADER, true, &OnStage::Moderate { question: id(number), state })
}

// Each by somebody else, and shown at once.
fn full() -> Stage {
    let mut stage = Stage::opened();
    for number in 0..QUESTIONS_MAX as u8 {
        let seq = u64::from(number) * 2;
        assert!(ask(&mut stage, seq, number, number));
        assert!(moderate(&mut stage, seq + 1, number, QuestionState::Shown));
    }
    stage
}

#[test]
fn what_is_refused_or_answered_makes_room_for_a_question_and_what_is_shown_does_not() {
    let mut stage = full();
    assert!(!ask(&mut stage, 200, 101, 101), "all of them are shown");
    assert!(!stage.has(&id(101)));
    assert!(moderate(&mut stage, 201, 3, QuestionState::Answered));
    assert!(moderate(&mut stage, 202, 4, QuestionState::Refused));
    assert!(ask(&mut stage, 203, 101, 101));
    assert!(stage.has(&id(3)) && !stage.has(&id(4)), "nobody misses what was refused");
    assert!(ask(&mut stage, 204, 102, 102));
    assert!(!stage.has(&id(3)));
    assert!(!ask(&mut stage, 205, 103, 103));
    assert_eq!(stage.questions.len(), QUESTIONS_MAX);
}

#[test]
fn who_comes_while_questions_make_room_for_others_counts_them_as_everybody_does() {
    let mut stage = full();
    let mut late = Stage::default();
    // She hears it before a leader tells her what there is, which holds it already and has let it go again.
    for stage in [&mut stage, &mut late] {
        moderate(stage, 200, 5, QuestionState::Refused);
        ask(stage, 201, 101, 101);
        moderate(stage, 202, 101, QuestionState::Refused);
        ask(stage, 203, 102, 102);
    }
    let so = OnStage::So(stage.for_newcomers().unwrap());
    for stage in [&mut stage, &mut late] {
        ask(stage, 204, 103, 103);
        stage.take(Seq(205), LEADER, true, &so);
    }
    assert_eq!(late, stage);
    assert!(!late.has(&id(101)) && late.has(&id(102)) && !late.has(&id(103)));
}

#[test]
fn a_full_stage_is_told_in_one_message() {
    let long = "é".repeat(TEXT_BYTES_MAX / 2);
    let mut stage = Stage::opened();
    assert!(stage.take(Seq(0), LEADER, true, &OnStage::Agenda(vec![long.clone(); AGENDA_MAX])));
    for number in 0..QUESTIONS_MAX as u8 {
        let ask = OnStage::Ask { question: id(number), text: long.clone() };
        assert!(stage.take(Seq(1), guest(number), false, &ask));
    }
    for number in 0..STATEMENTS_MAX as u8 {
        stage.take(Seq(2), LEADER, true, &OnStage::Close { statement: id(number.wrapping_sub(1)) });
        let put = OnStage::Put { statement: id(number), text: long.clone() };
        assert!(stage.take(Seq(2), LEADER, true, &put));
    }
    let open = id(STATEMENTS_MAX as u8 - 1);
    for number in 0..STAGE_MEMBERS_MAX {
        let mut leaf = [0xff; 32];
        leaf[..8].copy_from_slice(&(number as u64).to_be_bytes());
        let vote = OnStage::Vote { statement: open, choice: Choice::Neither };
        assert!(stage.take(Seq(3), LeafKey(leaf), false, &vote));
    }
    let told = Content::OnStage(OnStage::So(stage.for_newcomers().unwrap())).to_bytes();
    assert!(told.len() + 1024 <= APPLICATION_BYTES_MAX, "{}", told.len());
}
