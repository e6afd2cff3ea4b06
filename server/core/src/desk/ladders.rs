//! Ladders, worked out once for each service and moment: whoever looks at ten thousand calls at one moment checks a
//! colleague's certificate once. When that ends is known beforehand: at the next moment at which a shift begins or ends.
//! Until then whose turn is next is the same too; that takes a look at a month.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{AccountKey, Serial, Timestamp};

use super::calling::Ladder;
use crate::duty::{Plan, Roster};

/// The ladders of the last moment that anybody asked about.
#[derive(Default)]
pub(super) struct Ladders {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    at: Timestamp,
    ladders: BTreeMap<String, Vec<Vec<Serial>>>,
    // From when to when nothing begins or ends; the end is the next change.
    quiet: Option<(Timestamp, Option<Timestamp>)>,
    // Whose turn comes next in each service, soonest first, as it was looked up in the quiet stretch that ends then.
    coming: BTreeMap<String, (Option<Timestamp>, Vec<AccountKey>)>,
}

// How far ahead the next one of a turn is looked for. Milliseconds: a month.
const NEXT_MS: u64 = 31 * 86_400_000;

impl Ladders {
    /// Somebody was certified or revoked, or another roster is in force.
    pub(super) fn forget(&self) {
        let mut known = self.known();
        known.ladders.clear();
        known.quiet = None;
        known.coming.clear();
    }

    /// The next moment after `now` at which somebody's duty begins or ends, worked out once for each stretch between two.
    pub(super) fn next_change(&self, roster: &Roster, now: Timestamp) -> Option<Timestamp> {
        let mut known = self.known();
        match known.quiet {
            Some((from, next)) if from <= now && next.is_none_or(|next| now < next) => next,
            _ => {
                let next = roster.next_change(now);
                known.quiet = Some((now, next));
                next
            }
        }
    }

    /// Whose turn comes after those of now, within a month, soonest first; worked out once for each stretch between two
    /// changes.
    pub(super) fn coming(
        &self,
        service: &str,
        roster: &Roster,
        plan: &Plan,
        now: Timestamp,
    ) -> Vec<AccountKey> {
        let change = self.next_change(roster, now);
        if let Some((until, coming)) = self.known().coming.get(service)
            && *until == change
        {
            return coming.clone();
        }
        let coming = plan.coming(service, now, now.plus_ms(NEXT_MS));
        let coming: Vec<AccountKey> = coming.into_iter().map(|(_, _, who)| who).collect();
        self.known().coming.insert(service.to_owned(), (change, coming.clone()));
        coming
    }

    /// The ladder of `service` at `now`.
    pub(super) fn of<'a>(
        &self,
        service: &str,
        roster: &'a Roster,
        trust: &Trust,
        now: Timestamp,
    ) -> Ladder<'a> {
        let mut known = self.known();
        if known.at != now {
            known.at = now;
            known.ladders.clear();
        }
        if let Some(ladder) = known.ladders.get(service) {
            let people = |level: &Vec<Serial>| level.iter().filter_map(|who| roster.who(who)).collect();
            return ladder.iter().map(people).collect();
        }
        let ladder = roster.ladder(service, trust, now);
        let serials = ladder.iter().map(|level| level.iter().map(|colleague| colleague.serial).collect());
        known.ladders.insert(service.to_owned(), serials.collect());
        ladder
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
