//! Figures for whoever keeps the relay running, as OpenMetrics, on a listener of their own.
//!
//! Whoever reads a counter every few seconds sees the second in which somebody called for help. So everything that follows
//! from what a person does changes only at the quarters of an hour, all at once, and carries no name of a service, a room, a
//! call or a colleague: at a quarter past it can be seen that somebody called in those fifteen minutes, not when (study:
//! on-call, 6). What is about the machine is as it is now; were it not, nobody would be woken in time.

mod figures;
pub(crate) mod listener;
mod text;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lotgenoot_core::figures::Figure;
use lotgenoot_core::outbox::Sent;
use lotgenoot_protocol::channel::Way;
use lotgenoot_protocol::{CallId, Timestamp};

pub(crate) use figures::Standing;
use figures::{Figures, Medium, Outcome};
use text::Text;

use crate::watch::Watch;

/// How often what follows from what people do may be seen to change, in milliseconds.
pub(crate) const STEP_MS: u64 = 900_000;

/// What is counted in this run of the relay.
pub(crate) struct Metrics {
    state: Mutex<State>,
}

struct State {
    // The quarter of an hour, counted from 1970, in which `now` is gathered.
    step: u64,
    now: Figures,
    told: Figures,
    // Calls whose first page, or the first word of a device that has it, is still to come.
    calls: BTreeMap<CallId, Mark>,
    uncovered_ms: Option<u64>,
}

struct Mark {
    stored_at: Timestamp,
    sent: bool,
    received: bool,
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new(now: Timestamp) -> Self {
        let state = State {
            step: now.0 / STEP_MS,
            now: Figures::default(),
            told: Figures::default(),
            calls: BTreeMap::new(),
            uncovered_ms: None,
        };
        Self { state: Mutex::new(state) }
    }

    /// A new call is on disk, so long after the help desk took it up.
    pub(crate) fn stored(&self, call: CallId, took: Duration, now: Timestamp) {
        let mut state = self.at(now);
        state.now.stored(took);
        state.calls.insert(call, Mark { stored_at: now, sent: false, received: false });
    }

    /// A page for this call has left the relay.
    pub(crate) fn sent(&self, call: &CallId, now: Timestamp) {
        let mut state = self.at(now);
        let State { calls, now: figures, .. } = &mut *state;
        if let Some(mark) = calls.get_mut(call).filter(|mark| !mark.sent) {
            mark.sent = true;
            figures.first_sent(now.ms_since(mark.stored_at));
        }
    }

    /// A device says that it has a page for this call.
    pub(crate) fn received(&self, call: &CallId, now: Timestamp) {
        let mut state = self.at(now);
        let State { calls, now: figures, .. } = &mut *state;
        if let Some(mark) = calls.get_mut(call).filter(|mark| !mark.received) {
            mark.received = true;
            figures.first_received(now.ms_since(mark.stored_at));
        }
    }

    /// Nothing of this call is kept any more.
    pub(crate) fn forgotten(&self, call: &CallId) {
        self.state().calls.remove(call);
    }

    /// What the desk has said of calls.
    pub(crate) fn happened<'a>(&self, figures: impl Iterator<Item = &'a Figure>, now: Timestamp) {
        let mut state = self.at(now);
        figures.for_each(|figure| state.now.happened(*figure));
    }

    /// Something was given to a provider.
    pub(crate) fn tried(&self, way: &Way, sent: Sent, now: Timestamp) {
        self.at(now).now.tried(Medium::of(way), Outcome::of(sent));
    }

    /// How things stand.
    pub(crate) fn stands(&self, standing: Standing, now: Timestamp) {
        self.at(now).now.stands(standing);
    }

    /// For how long, all services together, nobody is on duty in the two weeks ahead, in milliseconds.
    pub(crate) fn uncovered(&self, ms: u64) {
        self.state().uncovered_ms = Some(ms);
    }

    /// As it is told at `now`.
    pub(crate) fn told(&self, watch: &Watch, now: Timestamp) -> String {
        let mut text = Text::default();
        let uncovered_ms = {
            let state = self.at(now);
            state.told.tell(&mut text);
            state.uncovered_ms
        };
        of_the_machine(&mut text, watch, uncovered_ms, now);
        text.end()
    }

    // At the first word of a new quarter of an hour: what was gathered until then is what is told from now on.
    fn at(&self, now: Timestamp) -> MutexGuard<'_, State> {
        let mut state = self.state();
        let step = now.0 / STEP_MS;
        if step > state.step {
            state.step = step;
            state.told = state.now.clone();
        }
        state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a relay without a ledger says of itself.
pub(crate) fn degraded() -> String {
    let mut text = Text::default();
    degraded_is(&mut text, true);
    text.end()
}

fn of_the_machine(text: &mut Text, watch: &Watch, uncovered_ms: Option<u64>, now: Timestamp) {
    degraded_is(text, false);
    let reliable = watch.verdict(now).is_ok();
    text.gauge("lotgenoot_reliable", None, "Whether calls and pages are looked after at this moment.")
        .value(&[], f64::from(u8::from(reliable)));
    text.counter(
        "lotgenoot_lost_pages",
        "Calls and pages that the auditor found forgotten, and armed again. More than none is a defect.",
    )
    .value(&[], watch.repaired() as f64);
    if let Some(audit) = watch.audit() {
        text.gauge(
            "lotgenoot_audit_late_seconds",
            Some("seconds"),
            "How much later than it should be something was looked at when it was audited last.",
        )
        // Whole seconds: by less, one could tell from nothing that something rings.
        .value(&[], seconds(audit.late_ms / 1000 * 1000));
    }
    if let Some(ms) = watch.song_ms() {
        text.gauge(
            "lotgenoot_canary_seconds",
            Some("seconds"),
            "How long it took to come in by the front door, ask, and have something written to disk.",
        )
        .value(&[], seconds(ms));
    }
    if let Some(ms) = uncovered_ms {
        text.gauge(
            "lotgenoot_duty_uncovered_seconds",
            Some("seconds"),
            "For how long nobody is on duty in the fourteen days ahead, all services together.",
        )
        .value(&[], seconds(ms));
    }
}

fn degraded_is(text: &mut Text, is: bool) {
    text.gauge("lotgenoot_degraded", None, "Whether the database could not be opened: calls are refused.")
        .value(&[], f64::from(u8::from(is)));
}

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_800_000_000_000 / STEP_MS * STEP_MS);
    const CALL: CallId = CallId([1; 16]);

    fn told(metrics: &Metrics, now: Timestamp) -> String {
        metrics.told(&Watch::default(), now)
    }

    #[test]
    fn what_people_do_is_seen_at_the_quarters_of_an_hour_and_at_no_other_moment() {
        let metrics = Metrics::new(NOON.plus_ms(1_000));
        let before = told(&metrics, NOON.plus_ms(2_000));
        metrics.stored(CALL, Duration::from_millis(4), NOON.plus_ms(3_000));
        metrics.sent(&CALL, NOON.plus_ms(3_000));
        metrics.received(&CALL, NOON.plus_ms(5_000));
        metrics.happened([Figure::Raised].iter(), NOON.plus_ms(3_000));
        metrics.stands(Standing::of(1, 1), NOON.plus_ms(9_000));
        for ms in [3_000, 60_000, STEP_MS - 1] {
            assert_eq!(told(&metrics, NOON.plus_ms(ms)), before, "{ms} ms after");
        }
        let step = told(&metrics, NOON.plus_ms(STEP_MS));
        assert!(step.contains("\nlotgenoot_calls_raised_total 1\n"), "{step}");
        assert!(step.contains("\nlotgenoot_calls_unacknowledged 1\n"), "{step}");
        assert!(step.contains("\nlotgenoot_call_receipt_seconds_bucket{le=\"2.0\"} 1\n"), "{step}");
        metrics.happened([Figure::Raised].iter(), NOON.plus_ms(STEP_MS + 1));
        assert_eq!(told(&metrics, NOON.plus_ms(2 * STEP_MS - 1)), step);
        assert!(told(&metrics, NOON.plus_ms(2 * STEP_MS)).contains("\nlotgenoot_calls_raised_total 2\n"));
    }

    #[test]
    fn whoever_asks_seldom_is_told_nothing_of_the_quarter_that_goes_on() {
        let metrics = Metrics::new(NOON);
        metrics.happened([Figure::Raised].iter(), NOON.plus_ms(1));
        // Nobody asks for an hour and a half; somebody calls a moment before somebody does.
        metrics.happened([Figure::Raised].iter(), NOON.plus_ms(6 * STEP_MS + 7));
        let told = told(&metrics, NOON.plus_ms(6 * STEP_MS + 8));
        assert!(told.contains("\nlotgenoot_calls_raised_total 1\n"), "{told}");
    }

    #[test]
    fn the_first_page_and_the_first_word_of_a_device_count_once_for_each_call() {
        let metrics = Metrics::new(NOON);
        metrics.sent(&CALL, NOON);
        metrics.stored(CALL, Duration::from_millis(4), NOON);
        for ms in [500, 1_500, 40_000] {
            metrics.sent(&CALL, NOON.plus_ms(ms));
            metrics.received(&CALL, NOON.plus_ms(ms));
        }
        metrics.forgotten(&CALL);
        metrics.received(&CALL, NOON.plus_ms(50_000));
        let told = told(&metrics, NOON.plus_ms(STEP_MS));
        for name in ["first_send", "receipt"] {
            assert!(
                told.contains(&format!("lotgenoot_call_{name}_seconds_bucket{{le=\"+Inf\"}} 1\n")),
                "{told}"
            );
            assert!(
                told.contains(&format!("lotgenoot_call_{name}_seconds_bucket{{le=\"1.0\"}} 1\n")),
                "{told}"
            );
        }
    }
}
