//! A workshop: what is on its stage, and what is left of it afterwards.

use lotgenoot_messages::{QuestionState, QuestionView, StageView, StatementView};

use super::Model;

/// The words around a result.
#[derive(Clone, Copy, Debug)]
pub struct Labels<'a> {
    /// Agree, neither, disagree.
    pub choices: [&'a str; 3],
    /// Above the questions.
    pub questions: &'a str,
}

impl Model {
    /// What is on a stage.
    #[must_use]
    pub fn stage(&self, room: &str) -> StageView {
        self.stages.get(room).cloned().unwrap_or_default()
    }
}

/// What everybody sees of the questions: those most would like to hear first, what was answered last.
#[must_use]
pub fn shown(stage: &StageView) -> Vec<QuestionView> {
    let public = |it: &&QuestionView| matches!(it.state, QuestionState::Shown | QuestionState::Answered);
    let mut shown: Vec<_> = stage.questions.iter().filter(public).cloned().collect();
    shown.sort_by_key(|it| (it.state == QuestionState::Answered, std::cmp::Reverse(it.upvotes)));
    shown
}

/// What is left of a workshop: statements with their results and the questions, and nobody's name.
#[must_use]
pub fn result(theme: &str, stage: &StageView, labels: Labels<'_>) -> String {
    let mut text = format!("{theme}\n");
    for statement in &stage.statements {
        let Some(totals) = statement.totals else { continue };
        let counts = labels.choices.iter().zip(totals).map(|(label, count)| format!("{label}: {count}"));
        text += &format!("\n{}\n{}\n", statement.text, counts.collect::<Vec<_>>().join(", "));
    }
    let questions = shown(stage);
    if !questions.is_empty() {
        text += &format!("\n{}\n", labels.questions);
        questions.iter().for_each(|it| text += &format!("- {} ({})\n", it.text, it.upvotes));
    }
    text
}

/// Of so many, how many percent each: they add up to a hundred.
#[must_use]
pub fn percent(statement: &StatementView) -> Option<[u32; 3]> {
    let totals = statement.totals?;
    let all: u32 = totals.iter().sum();
    if all == 0 {
        return Some([0; 3]);
    }
    let mut parts = totals.map(|count| count * 100 / all);
    // What rounding has left goes to those who lost most by it.
    let mut order = [0, 1, 2];
    order.sort_by_key(|at: &usize| std::cmp::Reverse(totals[*at] * 100 % all));
    let left = 100 - parts.iter().sum::<u32>();
    order.iter().take(left as usize).for_each(|at| parts[*at] += 1);
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(text: &str, state: QuestionState, upvotes: u32) -> QuestionView {
        let (id, text) = (text.to_owned(), text.to_owned());
        QuestionView { id, text, state, upvotes, upvoted: false, yours: true }
    }

    fn statement(totals: Option<[u32; 3]>) -> StatementView {
        let text = "Controle is geen zorg".to_owned();
        StatementView { id: "s".to_owned(), text, votes: 3, yours: None, totals }
    }

    #[test]
    fn what_is_left_names_nobody_and_says_what_was_counted() {
        let questions = vec![
            question("Wie bel ik?", QuestionState::Shown, 2),
            question("Niet getoond", QuestionState::Waiting, 0),
            question("Waar kan ik heen?", QuestionState::Shown, 5),
            question("Al beantwoord", QuestionState::Answered, 9),
        ];
        let statements = vec![statement(Some([2, 0, 1])), statement(None)];
        let stage = StageView { agenda: vec!["Welkom".to_owned()], questions, statements };
        let labels = Labels { choices: ["Eens", "Weet niet", "Oneens"], questions: "Vragen" };
        assert_eq!(
            result("Dwang", &stage, labels),
            "Dwang\n\nControle is geen zorg\nEens: 2, Weet niet: 0, Oneens: 1\n\n\
             Vragen\n- Waar kan ik heen? (5)\n- Wie bel ik? (2)\n- Al beantwoord (9)\n"
        );
    }

    #[test]
    fn parts_of_a_hundred_add_up() {
        assert_eq!(percent(&statement(Some([1, 1, 1]))), Some([34, 33, 33]));
        assert_eq!(percent(&statement(Some([150, 1, 50]))), Some([75, 0, 25]));
        assert_eq!(percent(&statement(Some([0, 0, 0]))), Some([0; 3]));
        assert_eq!(percent(&statement(None)), None);
    }
}
