//! A workshop: what is on its stage, and what is left of it afterwards.

use lotgenoot_messages::{
    Asked, Kind, MemberView, PlannedView, QuestionState, QuestionView, Role, StageView, StatementView,
};

use super::{Model, Room};

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

    /// Her stage for this workshop: the one that is not over, if there are two.
    #[must_use]
    pub fn stage_of(&self, session: &str) -> Option<&Room> {
        let of = |room: &&Room| room.view.workshop.as_deref() == Some(session);
        let stages = self.rooms_of(Kind::Stage).filter(of);
        stages.min_by_key(|room| room.is_over())
    }

    /// Who leads it, in the order in which they came.
    #[must_use]
    pub fn leaders(&self, room: &str) -> Vec<MemberView> {
        let leads = |member: &&MemberView| matches!(member.role, Role::Host | Role::Presenter);
        let members = self.room(room).map(|room| room.view.members.as_slice()).unwrap_or_default();
        members.iter().filter(leads).cloned().collect()
    }

    /// The workshop of the calendar that a stage is for, if it is still planned.
    #[must_use]
    pub fn workshop(&self, room: &str) -> Option<&PlannedView> {
        let session = self.room(room)?.view.workshop.as_ref()?;
        self.planned.iter().flatten().find(|planned| planned.id == *session)
    }

    /// Whether nobody who leads it is connected to the relay now, as far as that is known.
    #[must_use]
    pub fn is_not_led(&self, room: &str) -> bool {
        let over = self.room(room).is_none_or(Room::is_over);
        self.is_online() && !over && self.workshop(room).is_some_and(|planned| !planned.open)
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

/// What she has typed, once it is known what became of the question she has sent; none: as it is. What has arrived is typed
/// no more, what has no place is not lost, and what she has begun meanwhile is left alone.
#[must_use]
pub fn after_asking(draft: &str, question: &str, what: Asked) -> Option<String> {
    let typed = draft.trim();
    match what {
        Asked::Sent => (!typed.is_empty() && is_of(typed, question)).then(String::new),
        Asked::NoPlace | Asked::NotSent => typed.is_empty().then(|| question.to_owned()),
    }
}

// What is on a stage may be shortened.
fn is_of(typed: &str, question: &str) -> bool {
    typed == question || (question.len() > SHORTENED_BYTES && typed.starts_with(question))
}

// A little less than a question may be long.
const SHORTENED_BYTES: usize = 290;

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
    use lotgenoot_messages::{Connection, Event, RoomView, SessionView};

    use super::*;

    fn question(text: &str, state: QuestionState, upvotes: u32) -> QuestionView {
        let (id, text) = (text.to_owned(), text.to_owned());
        QuestionView { id, text, state, upvotes, upvoted: false, yours: true, from: None }
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
    fn a_question_that_arrived_is_typed_no_more_and_one_without_a_place_is_not_lost() {
        let typed = " Wie bel ik? ";
        assert_eq!(after_asking(typed, "Wie bel ik?", Asked::Sent), Some(String::new()));
        assert_eq!(after_asking(typed, "Wie bel ik?", Asked::NoPlace), None);
        assert_eq!(after_asking("", "Wie bel ik?", Asked::NoPlace), Some("Wie bel ik?".to_owned()));
        assert_eq!(after_asking("", "Wie bel ik?", Asked::NotSent), Some("Wie bel ik?".to_owned()));
        // She was quicker than the relay, or typed it once more after it arrived.
        assert_eq!(after_asking("Wie bel ik? En hoe?", "Wie bel ik?", Asked::Sent), None);
        assert_eq!(after_asking("En hoe?", "Wie bel ik?", Asked::NoPlace), None);
        assert_eq!(after_asking("", "Wie bel ik?", Asked::Sent), None);
        let long = "a".repeat(400);
        assert_eq!(after_asking(&long, &long[..300], Asked::Sent), Some(String::new()));
    }

    fn hall(id: &str, session: &str, over: bool) -> Event {
        let mut view = RoomView::new(id.to_owned(), Kind::Stage);
        view.workshop = Some(session.to_owned());
        if over {
            view.floor.session = SessionView::Closed { unattended: false };
        }
        Event::Room(view)
    }

    #[test]
    fn a_workshop_leads_to_its_own_hall_and_not_to_one_that_is_over() {
        let mut model = Model::default();
        let of = |model: &Model, session| model.stage_of(session).map(|room| room.view.room.clone());
        assert_eq!(of(&model, "w"), None);
        for event in [hall("other", "v", false), hall("over", "w", true)] {
            model.handle(event);
        }
        assert_eq!(of(&model, "w").as_deref(), Some("over"), "what came of it is read there");
        model.handle(hall("new", "w", false));
        assert_eq!(of(&model, "w").as_deref(), Some("new"));
    }

    #[test]
    fn who_leads_is_named_in_the_panel_and_that_nobody_does_is_said_only_where_it_is_known() {
        let mut model = Model::default();
        let member = |name: &str, role| MemberView {
            id: name.to_owned(),
            name: name.to_owned(),
            role,
            service: None,
            you: false,
        };
        let mut view = RoomView::new("hall".to_owned(), Kind::Stage);
        view.workshop = Some("w".to_owned());
        let members =
            [("Sanne", Role::Presenter), ("", Role::Person), ("Roos", Role::Host), ("x", Role::Unproven)];
        view.members = members.map(|(name, role)| member(name, role)).into();
        model.handle(Event::Room(view));
        let names: Vec<_> = model.leaders("hall").into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["Sanne", "Roos"]);
        assert!(!model.is_not_led("hall"));
        model.handle(Event::Connection(Connection::Online));
        for (open, not_led) in [(true, false), (false, true)] {
            let planned = PlannedView {
                id: "w".to_owned(),
                begins_at: 0,
                minutes: 60,
                theme: "Dwang".to_owned(),
                hosts: Vec::new(),
                size: 15,
                language: "nl".to_owned(),
                by_invitation: false,
                workshop: true,
                open,
            };
            model.handle(Event::Calendar { sessions: vec![planned] });
            assert_eq!(model.is_not_led("hall"), not_led);
        }
        model.handle(hall("hall", "w", true));
        assert!(!model.is_not_led("hall"), "it is over");
    }

    #[test]
    fn parts_of_a_hundred_add_up() {
        assert_eq!(percent(&statement(Some([1, 1, 1]))), Some([34, 33, 33]));
        assert_eq!(percent(&statement(Some([150, 1, 50]))), Some([75, 0, 25]));
        assert_eq!(percent(&statement(Some([0, 0, 0]))), Some([0; 3]));
        assert_eq!(percent(&statement(None)), None);
    }
}
