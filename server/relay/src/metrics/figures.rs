//! What follows from what people do: gathered for a quarter of an hour, then told.

use std::collections::BTreeMap;
use std::time::Duration;

use lotgenoot_core::figures::Figure;
use lotgenoot_core::outbox::Sent;
use lotgenoot_protocol::channel::{Channel, Health, Way};
use lotgenoot_protocol::figures::SECONDS;

use super::text::Text;

// A commit is a matter of milliseconds; its target is a quarter of a second (study: on-call, 6).
const COMMIT_MS: [u64; 9] = [5, 10, 25, 50, 100, 250, 500, 1_000, 5_000];
const HOPS: [u64; 4] = [0, 1, 2, 3];

/// Everything of one moment.
#[derive(Clone, Default)]
pub(super) struct Figures {
    raised: u64,
    unstaffed: u64,
    still_waiting: u64,
    lead_lost: u64,
    rested: u64,
    commit: Histogram<9>,
    first_send: Histogram<12>,
    receipt: Histogram<12>,
    taken: Histogram<12>,
    spoke: Histogram<12>,
    hops: Histogram<4>,
    tried: BTreeMap<(Medium, Outcome), u64>,
    standing: Option<Standing>,
}

/// How things stand at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Standing {
    open: u64,
    unacknowledged: u64,
    /// People on duty, once for each service.
    pub(crate) on_duty: u64,
    /// Of those, whom a page is known to reach.
    pub(crate) reachable: u64,
    channels: BTreeMap<(Medium, Worth), u64>,
}

/// What a page goes over.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Medium {
    Push,
    Text,
    Voice,
    Mail,
}

/// What came of giving something to a provider.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Outcome {
    Accepted,
    Later,
    Gone,
    Refused,
}

/// What a channel is worth.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Worth {
    Untried,
    Works,
    Failing,
    Dead,
}

// Up to so much each; what is more is in the whole alone. No sum is told: with one call in a quarter of an hour it would
// be that call's.
#[derive(Clone, Copy)]
struct Histogram<const N: usize> {
    up_to: [u64; N],
    all: u64,
}

impl Figures {
    pub(super) fn stored(&mut self, took: Duration) {
        self.commit.add(took.as_millis() as u64, COMMIT_MS);
    }

    pub(super) fn first_sent(&mut self, after_ms: u64) {
        self.first_send.add(after_ms, in_ms(SECONDS));
    }

    pub(super) fn first_received(&mut self, after_ms: u64) {
        self.receipt.add(after_ms, in_ms(SECONDS));
    }

    pub(super) fn happened(&mut self, figure: Figure) {
        match figure {
            Figure::Raised => self.raised += 1,
            Figure::Unstaffed => self.unstaffed += 1,
            Figure::StillWaiting => self.still_waiting += 1,
            Figure::Taken { after_ms } => self.taken.add(after_ms, in_ms(SECONDS)),
            Figure::Spoke { after_ms } => self.spoke.add(after_ms, in_ms(SECONDS)),
            Figure::LeadLost => self.lead_lost += 1,
            Figure::Closed { hops } => self.hops.add(u64::from(hops), HOPS),
            Figure::Rested => self.rested += 1,
            // How calls end is told by the quarter of a year, where few of a kind are left out.
            Figure::Outcome(_) | Figure::Aftercare(_) => {}
        }
    }

    pub(super) fn tried(&mut self, medium: Medium, outcome: Outcome) {
        *self.tried.entry((medium, outcome)).or_default() += 1;
    }

    pub(super) fn stands(&mut self, standing: Standing) {
        self.standing = Some(standing);
    }

    pub(super) fn tell(&self, text: &mut Text) {
        for (name, count, help) in [
            ("lotgenoot_calls_raised", self.raised, "Help calls that were made."),
            (
                "lotgenoot_calls_unstaffed",
                self.unstaffed,
                "Calls for which nobody could be reached at first.",
            ),
            (
                "lotgenoot_calls_still_waiting",
                self.still_waiting,
                "Times somebody was told that nobody has answered yet.",
            ),
            ("lotgenoot_calls_lead_lost", self.lead_lost, "Times whoever had a call was gone."),
            ("lotgenoot_calls_rested", self.rested, "Calls in which nobody wrote for thirty days."),
        ] {
            text.counter(name, help).value(&[], count as f64);
        }
        let help = "From when the help desk took a call up until it was on disk.";
        self.commit.tell(
            text,
            "lotgenoot_call_commit_seconds",
            Some("seconds"),
            help,
            COMMIT_MS.map(in_seconds),
        );
        let since = |histogram: &Histogram<12>, text: &mut Text, name: &str, help: &str| {
            histogram.tell(text, name, Some("seconds"), help, SECONDS.map(|seconds| seconds as f64));
        };
        since(
            &self.first_send,
            text,
            "lotgenoot_call_first_send_seconds",
            "From then until its first page left.",
        );
        since(&self.receipt, text, "lotgenoot_call_receipt_seconds", "From then until a device had a page.");
        since(
            &self.taken,
            text,
            "lotgenoot_call_ack_seconds",
            "From when she began to wait until somebody took it.",
        );
        since(
            &self.spoke,
            text,
            "lotgenoot_call_first_reply_seconds",
            "From when she began to wait until somebody had written to her.",
        );
        let help = "Hand-overs of a call before it was closed.";
        self.hops.tell(text, "lotgenoot_call_hops", None, help, HOPS.map(|hops| hops as f64));
        let mut attempts = text.counter("lotgenoot_page_attempts", "What came of giving pages to providers.");
        for medium in Medium::ALL {
            for outcome in Outcome::ALL {
                let count = self.tried.get(&(medium, outcome)).copied().unwrap_or_default();
                attempts.value(&[("channel", medium.name()), ("result", outcome.name())], count as f64);
            }
        }
        if let Some(standing) = &self.standing {
            standing.tell(text);
        }
    }
}

impl Standing {
    /// So many calls are open, and so many of those has nobody taken.
    pub(crate) fn of(open: u64, unacknowledged: u64) -> Self {
        Self { open, unacknowledged, ..Self::default() }
    }

    /// One more channel of somebody.
    pub(crate) fn channel(&mut self, channel: &Channel) {
        *self.channels.entry((Medium::of(&channel.way), Worth::of(channel.health))).or_default() += 1;
    }

    fn tell(&self, text: &mut Text) {
        text.gauge("lotgenoot_calls_open", None, "Help calls that are open.").value(&[], self.open as f64);
        text.gauge("lotgenoot_calls_unacknowledged", None, "Open help calls that nobody has taken.")
            .value(&[], self.unacknowledged as f64);
        if self.on_duty > 0 {
            text.gauge(
                "lotgenoot_duty_reachable_ratio",
                Some("ratio"),
                "Of those on duty, once for each service, how many a page is known to reach.",
            )
            .value(&[], self.reachable as f64 / self.on_duty as f64);
        }
        let mut channels =
            text.gauge("lotgenoot_channels", None, "Channels of staff, by what they are worth.");
        for medium in Medium::ALL {
            for worth in Worth::ALL {
                let count = self.channels.get(&(medium, worth)).copied().unwrap_or_default();
                channels.value(&[("channel", medium.name()), ("health", worth.name())], count as f64);
            }
        }
    }
}

impl Medium {
    const ALL: [Self; 4] = [Self::Push, Self::Text, Self::Voice, Self::Mail];

    pub(super) fn of(way: &Way) -> Self {
        match way {
            Way::Push(_) => Self::Push,
            Way::Text(_) => Self::Text,
            Way::Voice(_) => Self::Voice,
            Way::Mail(_) => Self::Mail,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Text => "text",
            Self::Voice => "voice",
            Self::Mail => "mail",
        }
    }
}

impl Outcome {
    const ALL: [Self; 4] = [Self::Accepted, Self::Later, Self::Gone, Self::Refused];

    pub(super) fn of(sent: Sent) -> Self {
        match sent {
            Sent::Accepted => Self::Accepted,
            Sent::Untried | Sent::Later(_) => Self::Later,
            Sent::Gone => Self::Gone,
            Sent::Ours => Self::Refused,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Later => "later",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }
}

impl Worth {
    const ALL: [Self; 4] = [Self::Untried, Self::Works, Self::Failing, Self::Dead];

    fn of(health: Health) -> Self {
        match health {
            Health::Untried => Self::Untried,
            Health::Works(_) => Self::Works,
            Health::Failing(_) => Self::Failing,
            Health::Dead(_) => Self::Dead,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Untried => "untried",
            Self::Works => "works",
            Self::Failing => "failing",
            Self::Dead => "dead",
        }
    }
}

impl<const N: usize> Default for Histogram<N> {
    fn default() -> Self {
        Self { up_to: [0; N], all: 0 }
    }
}

impl<const N: usize> Histogram<N> {
    fn add(&mut self, value: u64, limits: [u64; N]) {
        self.all += 1;
        for (count, limit) in self.up_to.iter_mut().zip(limits) {
            *count += u64::from(value <= limit);
        }
    }

    fn tell(&self, text: &mut Text, name: &str, unit: Option<&str>, help: &str, limits: [f64; N]) {
        let mut family = text.histogram(name, unit, help);
        limits.into_iter().zip(self.up_to).for_each(|(limit, count)| family.up_to(limit, count));
        family.up_to(f64::INFINITY, self.all);
    }
}

fn in_ms<const N: usize>(seconds: [u64; N]) -> [u64; N] {
    seconds.map(|seconds| seconds * 1000)
}

fn in_seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}
