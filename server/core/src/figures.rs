//! Counting how help calls go. What is counted is read off what the desk says in a call's own log, in the transaction that
//! says it: nothing is counted twice or lost by a crash, and nothing is counted that nobody was told.

use std::collections::BTreeSet;

use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::figures::{Quarter, SECONDS};
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::limits::COUNTED_MIN;
use lotgenoot_protocol::outcome::{Code, Outcome};
use lotgenoot_protocol::survey::Degree;
use lotgenoot_protocol::{RoomId, Timestamp, codec};
use minicbor::{Decode, Encode};

use crate::desk::HelpDesk;
use crate::effect::{Append, Batch, Op};
use crate::survey::month_of;

const GROUPS: usize = SECONDS.len() + 1;
const HOPS: usize = 4;

/// Something that happened to a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Figure {
    /// It was made.
    Raised,
    /// Nobody could be reached when it was made.
    Unstaffed,
    /// Nobody had answered for long.
    StillWaiting,
    /// Somebody took it, so long after she began to wait.
    Taken {
        /// Milliseconds.
        after_ms: u64,
    },
    /// Somebody wrote to her, so long after she began to wait.
    Spoke {
        /// Milliseconds.
        after_ms: u64,
    },
    /// Whoever had it was gone.
    LeadLost,
    /// She closed it, after so many hand-overs.
    Closed {
        /// How many.
        hops: u32,
    },
    /// Nobody wrote for thirty days.
    Rested,
    /// Whoever led it last has said how it ended.
    Outcome(Outcome),
    /// Somebody has said whether what was agreed was done.
    Aftercare(Degree),
}

/// One service in one quarter.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct Counts {
    #[n(0)]
    raised: u64,
    #[n(1)]
    unstaffed: u64,
    #[n(2)]
    still_waiting: u64,
    #[n(3)]
    taken: [u64; GROUPS],
    #[n(4)]
    spoke: [u64; GROUPS],
    #[n(5)]
    lead_lost: u64,
    #[n(6)]
    hops: [u64; HOPS],
    #[n(7)]
    rested: u64,
    // Yes and no.
    #[cbor(n(18), default)]
    with_her: [u64; 2],
    // As many as there were when it was written.
    #[cbor(n(19), default)]
    outcomes: Vec<u64>,
    #[cbor(n(20), default)]
    kept: [u64; 3],
}

impl Counts {
    /// One more.
    pub fn add(&mut self, figure: Figure) {
        match figure {
            Figure::Raised => self.raised += 1,
            Figure::Unstaffed => self.unstaffed += 1,
            Figure::StillWaiting => self.still_waiting += 1,
            Figure::Taken { after_ms } => self.taken[group(after_ms)] += 1,
            Figure::Spoke { after_ms } => self.spoke[group(after_ms)] += 1,
            Figure::LeadLost => self.lead_lost += 1,
            Figure::Closed { hops } => self.hops[(hops as usize).min(HOPS - 1)] += 1,
            Figure::Rested => self.rested += 1,
            Figure::Outcome(outcome) => self.ended(outcome),
            Figure::Aftercare(kept) => self.kept[place(kept)] += 1,
        }
    }

    /// As it is told in quarter `now`. What came of calls is told when their quarter is over: whoever looked before and after
    /// one of them ended would see how that one did.
    pub fn told(&self, quarter: u32, service: String, now: u32) -> Quarter {
        let is_over = quarter < now;
        let none = |groups: usize| vec![None; groups];
        Quarter {
            year: (quarter / 4) as u16,
            quarter: (quarter % 4 + 1) as u8,
            service,
            raised: few(self.raised),
            unstaffed: few(self.unstaffed),
            still_waiting: few(self.still_waiting),
            taken: suppressed(&self.taken),
            spoke: suppressed(&self.spoke),
            lead_lost: few(self.lead_lost),
            hops: suppressed(&self.hops),
            rested: few(self.rested),
            with_her: if is_over { together(&self.with_her) } else { none(self.with_her.len()) },
            outcomes: if is_over { self.outcomes_told() } else { none(Code::ALL.len()) },
            kept: if is_over { together(&self.kept) } else { none(self.kept.len()) },
        }
    }

    fn ended(&mut self, outcome: Outcome) {
        self.with_her[usize::from(!outcome.spoke)] += 1;
        self.outcomes.resize(Code::ALL.len().max(self.outcomes.len()), 0);
        for (count, code) in self.outcomes.iter_mut().zip(Code::ALL) {
            *count += u64::from(outcome.codes.has(code));
        }
    }

    // One call may have several: each stands against those without it, of which there must be none or many as well.
    fn outcomes_told(&self) -> Vec<Option<u64>> {
        let all: u64 = self.with_her.iter().sum();
        if few(all).is_none() {
            return vec![None; Code::ALL.len()];
        }
        let told = |count: &u64| few(*count).filter(|count| *count == 0 || few(all - count).is_some());
        let counts = self.outcomes.iter().chain(std::iter::repeat(&0));
        counts.take(Code::ALL.len()).map(told).collect()
    }
}

/// The quarter of a moment, by UTC: four times the year, and how many quarters of it have gone by.
pub fn quarter_of(at: Timestamp) -> u32 {
    month_of(at) / 3
}

/// What this batch says of calls: each with the service that was asked.
pub fn of(desk: &HelpDesk, batch: &Batch) -> Vec<(String, Figure)> {
    let said = batch.ops.iter().filter_map(|op| match op {
        Op::Append(append) if append.kind == EntryKind::Call => Some(append),
        _ => None,
    });
    let is_raised = |append: &&Append| codec::from_slice(&append.body) == Some(CallNotice::Raised);
    let raised: BTreeSet<RoomId> = said.clone().filter(is_raised).map(|append| append.room).collect();
    said.filter_map(|append| {
        let call = desk.call(&desk.call_in(&append.room)?)?;
        let after_ms = append.at.ms_since(call.waits_since);
        let figure = match codec::from_slice(&append.body)? {
            CallNotice::Raised => Figure::Raised,
            // It is said anew with every cycle: what counts is how it was at first.
            CallNotice::Unstaffed if raised.contains(&append.room) => Figure::Unstaffed,
            CallNotice::StillWaiting => Figure::StillWaiting,
            CallNotice::Acknowledged(_) => Figure::Taken { after_ms },
            CallNotice::Active => Figure::Spoke { after_ms },
            CallNotice::LeadLost => Figure::LeadLost,
            CallNotice::Closed => Figure::Closed { hops: call.hops },
            CallNotice::Rests => Figure::Rested,
            _ => return None,
        };
        Some((call.service.clone(), figure))
    })
    .collect()
}

/// Counts what this batch says of calls, in the same batch.
pub fn count(desk: &HelpDesk, now: Timestamp, batch: &mut Batch) -> Vec<(String, Figure)> {
    let figures = of(desk, batch);
    let quarter = quarter_of(now);
    let ops = figures.iter().map(|(service, figure)| Op::CountCall {
        quarter,
        service: service.clone(),
        figure: *figure,
    });
    batch.ops.extend(ops.collect::<Vec<_>>());
    figures
}

fn group(ms: u64) -> usize {
    SECONDS.iter().position(|seconds| ms <= seconds * 1000).unwrap_or(SECONDS.len())
}

fn place(degree: Degree) -> usize {
    match degree {
        Degree::No => 0,
        Degree::Partly => 1,
        Degree::Yes => 2,
    }
}

fn few(count: u64) -> Option<u64> {
    Some(count).filter(|count| *count == 0 || *count >= COUNTED_MIN)
}

// The groups of one whole. One that is left out alone could be worked out from the others and the whole, so the smallest of
// those goes with it.
// Of few in all, not even which groups are empty.
fn together(groups: &[u64]) -> Vec<Option<u64>> {
    if few(groups.iter().sum()).is_none() { vec![None; groups.len()] } else { suppressed(groups) }
}

fn suppressed(groups: &[u64]) -> Vec<Option<u64>> {
    let mut told: Vec<Option<u64>> = groups.iter().map(|count| few(*count)).collect();
    if told.iter().filter(|count| count.is_none()).count() == 1 {
        let rest = groups.iter().enumerate().filter(|(at, count)| told[*at].is_some() && **count > 0);
        if let Some((at, _)) = rest.min_by_key(|(_, count)| **count) {
            told[at] = None;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_its_quarter_and_a_time_in_its_group() {
        assert_eq!(quarter_of(Timestamp(1_798_761_599_000)), 2026 * 4 + 3);
        assert_eq!(quarter_of(Timestamp(1_798_761_600_000)), 2027 * 4);
        assert_eq!([0, 1_000, 1_001, 60_000, 600_000, 600_001].map(group), [0, 0, 1, 7, 11, 12]);
    }

    #[test]
    fn what_few_calls_share_is_left_out_and_cannot_be_worked_out() {
        assert_eq!(suppressed(&[0, 40, 3, 12]), [Some(0), Some(40), None, None], "12 goes with 3");
        assert_eq!(suppressed(&[4, 40, 3, 12]), [None, Some(40), None, Some(12)]);
        assert_eq!(suppressed(&[0, 40, 0, 12]), [Some(0), Some(40), Some(0), Some(12)]);
        assert_eq!(
            suppressed(&[9, 0]),
            [None, Some(0)],
            "there is nothing to hide it behind: the whole is left out too"
        );
        let mut counts = Counts::default();
        for _ in 0..9 {
            counts.add(Figure::Raised);
        }
        assert_eq!(counts.told(2026 * 4 + 3, "wijkteam".to_owned(), 2026 * 4 + 3).raised, None);
        counts.add(Figure::Raised);
        let told = counts.told(2026 * 4 + 3, "wijkteam".to_owned(), 2026 * 4 + 3);
        assert_eq!((told.year, told.quarter, told.raised), (2026, 4, Some(10)));
    }

    #[test]
    fn what_came_of_calls_is_told_where_neither_those_with_it_nor_those_without_are_few() {
        let mut counts = Counts::default();
        let mut ended = |times: u64, spoke: bool, codes: &[Code]| {
            let outcome = Outcome { spoke, codes: codes.iter().copied().collect() };
            (0..times).for_each(|_| counts.add(Figure::Outcome(outcome)));
        };
        ended(12, true, &[Code::Information, Code::SafetyPlan]);
        ended(11, true, &[Code::Information]);
        ended(9, true, &[Code::Information, Code::Shelter]);
        ended(10, false, &[Code::Information, Code::NotReached]);
        let told = counts.told(2026 * 4, "wijkteam".to_owned(), 2026 * 4 + 1);
        let count = |code: Code| told.outcomes[code as usize];
        let running = counts.told(2026 * 4, "wijkteam".to_owned(), 2026 * 4);
        assert!(running.with_her.iter().chain(&running.outcomes).chain(&running.kept).all(Option::is_none));
        assert_eq!(told.with_her, [Some(32), Some(10)]);
        assert_eq!((count(Code::Information), count(Code::SafetyPlan)), (Some(42), Some(12)));
        assert_eq!((count(Code::Shelter), count(Code::Misuse)), (None, Some(0)));
        counts.add(Figure::Outcome(Outcome { spoke: true, codes: [].into_iter().collect() }));
        let told = counts.told(2026 * 4, "wijkteam".to_owned(), 2026 * 4 + 1);
        assert_eq!(told.outcomes[Code::Information as usize], None, "the one without it would be known");
    }

    #[test]
    fn counts_of_before_there_were_outcomes_are_read() {
        #[derive(Encode)]
        struct Before {
            #[n(0)]
            raised: u64,
            #[n(1)]
            unstaffed: u64,
            #[n(2)]
            still_waiting: u64,
            #[n(3)]
            taken: [u64; GROUPS],
            #[n(4)]
            spoke: [u64; GROUPS],
            #[n(5)]
            lead_lost: u64,
            #[n(6)]
            hops: [u64; HOPS],
            #[n(7)]
            rested: u64,
        }
        let (taken, spoke) = ([0; GROUPS], [0; GROUPS]);
        let before = Before {
            raised: 12,
            unstaffed: 0,
            still_waiting: 0,
            taken,
            spoke,
            lead_lost: 0,
            hops: [0; HOPS],
            rested: 0,
        };
        let mut counts: Counts = codec::from_slice(&codec::to_vec(&before)).expect("it is read");
        counts.add(Figure::Aftercare(Degree::Yes));
        let again: Counts = codec::from_slice(&codec::to_vec(&counts)).expect("and written");
        assert_eq!((again.raised, again.kept), (12, [0, 0, 1]));
    }

    /// Whatever the counts are: no group between nothing and ten is told, nor follows from the whole and the others.
    #[test]
    fn no_group_of_few_follows_from_what_is_told() {
        let mut seed = 1_u64;
        for _ in 0..5_000 {
            let groups: Vec<u64> = (0..6)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    (seed >> 33) % 25
                })
                .collect();
            let told = suppressed(&groups);
            let hidden: Vec<u64> = groups
                .iter()
                .zip(&told)
                .filter(|(_, told)| told.is_none())
                .map(|(count, _)| *count)
                .collect();
            let rest = groups.iter().zip(&told).any(|(count, told)| told.is_some() && *count > 0);
            assert!(hidden.len() != 1 || !rest, "{groups:?} {told:?}");
            for (count, told) in groups.iter().zip(&told) {
                assert!(told.is_none_or(|told| told == *count && (told == 0 || told >= COUNTED_MIN)));
            }
        }
    }
}
