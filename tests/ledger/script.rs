//! Random stories: what a few rooms and accounts may ask of a ledger, and what the model made of it.

use lotgenoot::store::{Broken, Ledger, Outcome};
use lotgenoot_core::effect::{Append, Batch, Op, Package};
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::{Blob, Refused, Seq, Timestamp};
use lotgenoot_tests::model_ledger::ModelLedger;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, prop_oneof};

use crate::ops::{HOUR_MS, START, account, batch, call, leaf, notice, package, request, room, try_commit};
use crate::view::{CAST, View};

/// One wish; what it comes to depends on what was before.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    Create(u8),
    Put(u8),
    Remove(u8),
    Say { room: u8, bytes: u16, asked: bool },
    Keep { room: u8, leaf: u8 },
    Trim { room: u8, percent: u8 },
    Notify(u8),
    NotifyPackage(u8),
    Publish { account: u8, count: u8, last_resort: bool },
    Claim(Vec<u8>),
    Ack { account: u8, percent: u8 },
    Call(u8),
    Wait { hours: u8 },
}

/// Commits, each of a few batches, each of a few wishes.
pub(crate) type Story = Vec<Vec<Vec<Wish>>>;

/// One commit, and what must come of it.
pub(crate) struct Step {
    pub(crate) batches: Vec<Batch>,
    pub(crate) outcomes: Vec<Result<Outcome, Refused>>,
    pub(crate) after: View,
    pub(crate) now: Timestamp,
    // Whether what was trimmed before is taken out first.
    clears: bool,
}

impl Step {
    /// Does it, and tells what came of it.
    pub(crate) fn play(&self, ledger: &dyn Ledger) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
        if self.clears {
            ledger.look_for_trimmed()?;
            ledger.clear()?;
        }
        try_commit(ledger, &self.batches)
    }
}

/// Stories of up to `commits` commits.
pub(crate) fn stories(commits: usize) -> impl Strategy<Value = Story> {
    vec(vec(vec(wish(), 1..7), 1..4), 1..=commits)
}

/// What a story comes to on the model. At the end everybody's KeyPackages are claimed: nothing else shows which they
/// were.
pub(crate) fn steps(story: &Story) -> Vec<Step> {
    let mut teller = Teller { model: ModelLedger::default(), now: START, told: 0 };
    let all_that_are_left = vec![vec![Wish::Claim((0..CAST).cycle().take(6 * usize::from(CAST)).collect())]];
    story.iter().chain([&all_that_are_left]).map(|commit| teller.step(commit)).collect()
}

fn wish() -> impl Strategy<Value = Wish> {
    let one = || 0..CAST;
    let percent = || 0..=100_u8;
    prop_oneof![
        2 => one().prop_map(Wish::Create),
        1 => one().prop_map(Wish::Put),
        1 => one().prop_map(Wish::Remove),
        10 => (one(), prop_oneof![9 => 0..300_u16, 1 => 3000..9000_u16], proptest::bool::weighted(0.8))
            .prop_map(|(room, bytes, asked)| Wish::Say { room, bytes, asked }),
        2 => (one(), one()).prop_map(|(room, leaf)| Wish::Keep { room, leaf }),
        3 => (one(), prop_oneof![percent(), Just(100)]).prop_map(|(room, percent)| Wish::Trim { room, percent }),
        2 => one().prop_map(Wish::Notify),
        1 => (0..16_u8).prop_map(Wish::NotifyPackage),
        1 => (one(), 0..4_u8, proptest::bool::ANY)
            .prop_map(|(account, count, last_resort)| Wish::Publish { account, count, last_resort }),
        1 => vec(one(), 0..3).prop_map(Wish::Claim),
        1 => (one(), percent()).prop_map(|(account, percent)| Wish::Ack { account, percent }),
        1 => one().prop_map(Wish::Call),
        1 => (0..30_u8).prop_map(|hours| Wish::Wait { hours }),
    ]
}

struct Teller {
    model: ModelLedger,
    now: Timestamp,
    // Makes every record, body, request and KeyPackage one of its kind.
    told: u64,
}

impl Teller {
    fn step(&mut self, commit: &[Vec<Wish>]) -> Step {
        let mut batches = Vec::new();
        let mut outcomes = Vec::new();
        for wishes in commit {
            // Each batch is told after the one before it was applied or refused.
            batches.push(self.batch(wishes));
            outcomes.extend(try_commit(&self.model, &batches[batches.len() - 1..]).expect("the model works"));
        }
        // No two commits leave the same: what is found after a crash says how many there were.
        self.told += 1;
        batches.push(batch([Op::PutCall { call: call(CAST), record: self.told.to_be_bytes().to_vec() }]));
        outcomes.extend(try_commit(&self.model, &batches[batches.len() - 1..]).expect("the model works"));
        let clears = self.told.is_multiple_of(2);
        Step { batches, outcomes, after: View::of(&self.model, self.now), now: self.now, clears }
    }

    fn batch(&mut self, wishes: &[Wish]) -> Batch {
        let mut heads: Vec<Seq> = (0..CAST).map(|n| self.model.head(&room(n))).collect();
        batch(wishes.iter().filter_map(|wish| self.op(wish, &mut heads)).collect::<Vec<_>>())
    }

    fn op(&mut self, wish: &Wish, heads: &mut [Seq]) -> Option<Op> {
        self.told += 1;
        let record = format!("record {}", self.told).into_bytes();
        Some(match *wish {
            Wish::Create(n) => Op::CreateRoom { room: room(n), record },
            Wish::Put(n) => Op::PutRoom { room: room(n), record },
            Wish::Remove(n) => Op::RemoveRoom { room: room(n) },
            Wish::Say { room: n, bytes, asked } => {
                let head = &mut heads[usize::from(n)];
                *head = head.next();
                let request = asked.then(|| request(self.told));
                let body = Blob(vec![self.told as u8; usize::from(bytes)]);
                let kind = if asked { EntryKind::Application } else { EntryKind::Call };
                Op::Append(Append { room: room(n), seq: *head, kind, at: self.now, request, body })
            }
            Wish::Keep { room: n, leaf: who } => {
                Op::Cursor { room: room(n), leaf: leaf(who), seq: heads[usize::from(n)] }
            }
            Wish::Trim { room: n, percent } => {
                Op::Trim { room: room(n), through: share(heads[usize::from(n)], percent) }
            }
            Wish::Notify(n) => Op::Notify { account: account(n), notice: notice(self.told as u8) },
            Wish::NotifyPackage(ago) => {
                let key_package = package(self.told.saturating_sub(u64::from(ago)) * 10).reference;
                Op::NotifyKeyPackage { key_package, notice: notice(self.told as u8) }
            }
            Wish::Publish { account: n, count, last_resort } => {
                // Some are over when they are claimed.
                let package = |nth: u64| {
                    let until = self.now.plus_ms(1 + (self.told + nth) % 40 * HOUR_MS);
                    Package { until, ..package(self.told * 10 + nth) }
                };
                let packages = (0..u64::from(count)).map(package).collect();
                let last_resort = last_resort.then(|| package(9));
                Op::Publish { account: account(n), packages, last_resort }
            }
            Wish::Claim(ref accounts) => Op::Claim {
                accounts: accounts.iter().copied().map(account).collect(),
                one_time: accounts.len() != 2,
                now: self.now,
            },
            Wish::Ack { account: n, percent } => {
                let seq = share(self.model.inbox_head(&account(n)), percent);
                Op::AckInbox { account: account(n), seq }
            }
            Wish::Call(n) => Op::PutCall { call: call(n), record },
            Wish::Wait { hours } => {
                self.now = self.now.plus_ms(u64::from(hours) * HOUR_MS);
                return None;
            }
        })
    }
}

fn share(of: Seq, percent: u8) -> Seq {
    Seq(of.0 * u64::from(percent) / 100)
}
