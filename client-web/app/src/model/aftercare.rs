//! What she can look up of calls that are over, and what she wanted to be asked about them.

use lotgenoot_messages::{CallState, CallView};

use super::Model;

impl Model {
    /// The call of hers about which she wanted to be asked by now, the oldest such moment first. Not while it goes on.
    #[must_use]
    pub fn asks_about(&self, now_ms: u64) -> Option<&CallView> {
        let due = self.calls.iter().filter_map(|call| Some((due(call, now_ms)?, call)));
        due.min_by_key(|(at, _)| *at).map(|(_, call)| call)
    }

    /// Whether she wanted to be asked about this one by now.
    #[must_use]
    pub fn is_asked_about(&self, call: &str, now_ms: u64) -> bool {
        self.call(call).is_some_and(|call| due(call, now_ms).is_some())
    }

    /// Calls of hers that are over, with something agreed in them; the newest first.
    #[must_use]
    pub fn looked_up(&self) -> Vec<&CallView> {
        let agreed = |call: &&CallView| call.own && is_over(call) && !call.agreements.is_empty();
        let mut all: Vec<&CallView> = self.calls.iter().filter(agreed).collect();
        all.sort_by_key(|call| std::cmp::Reverse(call.raised_at));
        all
    }
}

// Since when she is asked about it.
fn due(call: &CallView, now_ms: u64) -> Option<u64> {
    let open = call.aftercare.as_ref().filter(|it| it.kept.is_none() && it.at <= now_ms)?;
    (call.own && is_over(call)).then_some(open.at)
}

fn is_over(call: &CallView) -> bool {
    matches!(call.state, CallState::Closed | CallState::Rests)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{AftercareView, AftercareWay, Degree};

    fn call(id: &str, state: CallState, at: Option<u64>) -> CallView {
        let aftercare = at.map(|at| AftercareView { at, way: AftercareWay::Question, kept: None });
        CallView { own: true, aftercare, ..CallView::new(id.to_owned(), state) }
    }

    fn asked(calls: Vec<CallView>, now_ms: u64) -> Option<String> {
        let model = Model { calls, ..Model::default() };
        model.asks_about(now_ms).map(|call| call.call.clone())
    }

    #[test]
    fn she_is_asked_after_the_moment_she_chose_about_what_is_over_and_once() {
        let closed = |at| call("c", CallState::Closed, Some(at));
        assert_eq!(asked(vec![closed(10)], 9), None);
        assert_eq!(asked(vec![closed(10)], 10).as_deref(), Some("c"));
        assert_eq!(asked(vec![call("c", CallState::Stored, Some(10))], 11), None, "it goes on");
        assert_eq!(asked(vec![call("c", CallState::Closed, None)], 11), None, "she did not want it");
        let mut answered = closed(10);
        answered.aftercare.iter_mut().for_each(|it| it.kept = Some(Degree::No));
        assert_eq!(asked(vec![answered], 11), None);
        let both = vec![closed(8), call("d", CallState::Rests, Some(7))];
        assert_eq!(asked(both.clone(), 11).as_deref(), Some("d"));
        // On the page of each it is asked about that one.
        let model = Model { calls: both, ..Model::default() };
        assert!(
            model.is_asked_about("c", 8) && !model.is_asked_about("c", 7) && !model.is_asked_about("e", 8)
        );
    }
}
