//! Workload D: who is in a room changes. What a commit takes of the relay beyond what a message takes on the same way, beside
//! what openmls' `PublicGroup` alone takes for the same commits.
//!
//! The way itself (the transaction, its sync, a write to each member) is the same for both, and five times what openmls
//! takes: it would hide what the relay does with a commit. And both come at the same pace: whoever is woken for each one
//! takes twice as much for it as whoever is at it.

use std::path::Path;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use lotgenoot_protocol::frame::{Bundle, Commit, Opening, Push, Request, Send, ServerFrame};
use lotgenoot_protocol::{Blob, Seq};
use openmls::prelude::{ProcessedMessageContent, ProposalStore, PublicGroup};
use openmls_rust_crypto::{MemoryStorage, RustCrypto};
use rustix::time::{ClockId, clock_gettime};
use tokio::sync::watch;
use tokio::time::timeout;

use super::load::histogram;
use super::load::ours::{Made, Ours, SUITE};
use super::table::{Bound, Compared, Table, median};
use crate::cast::{Actor, group_info, handshake, tree};
use crate::line::{Line, fail, heard};

const SIZES: [usize; 2] = [10, 50];
// What its own commit takes a client twice.
const MAKING_AND_MERGING: usize = 2;
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, Debug)]
enum Change {
    Update,
    Add,
    Remove,
}

/// What came of one kind of commit in one round.
struct Spent {
    accepted: Histogram<u64>,
    // Beyond a message.
    relay_ms: f64,
    message_ms: f64,
    group_ms: f64,
}

/// Measures it: so many commits of each kind a round.
///
/// # Errors
/// If the relay refuses one of them.
pub async fn commits(relay: &Path, rounds: usize, many: usize) -> Result<Table, String> {
    let mut table = Table::new("commits", "relay", "PublicGroup");
    for size in SIZES {
        let mut all: [Vec<Spent>; 2] = Default::default();
        for _ in 0..rounds {
            for (at, spent) in round(relay, size, many).await?.into_iter().enumerate() {
                all[at].push(spent);
            }
        }
        for (kind, spent) in ["update", "add and remove"].into_iter().zip(&all) {
            let of = |figure: &dyn Fn(&Spent) -> f64| median(spent.iter().map(figure));
            let relay = spent.iter().map(|it| it.relay_ms).collect();
            let cpu = Compared { ours: relay, ruler: spent.iter().map(|it| it.group_ms).collect() };
            table.row(format!("{size} members, {kind}: CPU ms"), &cpu, Some(Bound::AtMost(1.3)));
            table.own(format!("{size} members, {kind}: a message, CPU ms"), of(&|it| it.message_ms), None);
            for (name, at) in [("p50", 0.5), ("p99", 0.99)] {
                let accepted = of(&|it| it.accepted.value_at_quantile(at) as f64 / 1000.0);
                table.own(format!("{size} members, {kind}: ok {name} ms"), accepted, None);
            }
        }
    }
    Ok(table)
}

async fn round(relay: &Path, size: usize, many: usize) -> Result<[Spent; 2], String> {
    let ours = Ours::start(relay).await;
    let Made { said, mut lines, mut founder } = ours.rooms().room(size).await?;
    let (process, room) = (ours.process(), said.room);
    let mut line = lines.remove(0);
    // The others take what comes, and do nothing with it.
    let mut others: Vec<watch::Receiver<Seq>> = lines.into_iter().map(follows).collect();
    let kinds = [&[Change::Update][..], &[Change::Add, Change::Remove]];
    let mut last = Seq(0);
    let mut messages = Vec::with_capacity(kinds.len());
    for changes in kinds {
        let begun = process.used()?;
        for at in 0..many {
            // As long as a commit takes its maker: a relay that rests between two takes more for each.
            for _ in 0..MAKING_AND_MERGING {
                let _unsent = commit(&mut founder, changes[at % changes.len()]);
            }
            let send = Send { room, message: said.message.clone(), lead_signature: None };
            last = line.stored(Request::Send(send)).await?;
        }
        all_have(&mut others, last).await?;
        messages.push(process.used()?.since(&begun).cpu);
    }
    let mut all = Vec::new();
    for (changes, message) in kinds.into_iter().zip(messages) {
        let mut alone = Alone::beside(&founder)?;
        let mut accepted = histogram();
        let mut made: Vec<Blob> = Vec::with_capacity(many);
        let begun = process.used()?;
        for at in 0..many {
            let bundle = commit(&mut founder, changes[at % changes.len()]);
            let asked = Instant::now();
            last = line.stored(Request::Commit(Commit { room, bundle: bundle.clone() })).await?;
            accepted.saturating_record(asked.elapsed().as_micros() as u64);
            founder.hears(&bundle.commit);
            made.push(bundle.commit);
        }
        all_have(&mut others, last).await?;
        let relay = process.used()?.since(&begun).cpu;
        let group = alone.follows(&made)?;
        let beyond = relay.checked_sub(message).filter(|it| !it.is_zero());
        let beyond =
            beyond.ok_or("commits that cost no more than messages: the machine is too noisy to tell")?;
        let each = |it: Duration| it.as_secs_f64() * 1000.0 / many as f64;
        all.push(Spent {
            accepted,
            relay_ms: each(beyond),
            message_ms: each(message),
            group_ms: each(group),
        });
    }
    all.try_into().map_err(|_| "two kinds of commits".to_owned())
}

// Reads to the end, and tells how far it is.
fn follows(mut line: Line) -> watch::Receiver<Seq> {
    let (told, place) = watch::channel(Seq(0));
    tokio::spawn(async move {
        while let Ok(frame) = heard(&mut line.socket).await {
            if let ServerFrame::Push(Push::Entry(entry)) = frame {
                told.send_replace(entry.seq);
            }
        }
    });
    place
}

async fn all_have(others: &mut [watch::Receiver<Seq>], last: Seq) -> Result<(), String> {
    for other in others {
        let has = timeout(PATIENCE, other.wait_for(|place| *place >= last)).await;
        has.map_err(|_| "not everybody has everything")?.map_err(fail("somebody was let go"))?;
    }
    Ok(())
}

fn commit(founder: &mut Actor, change: Change) -> Bundle {
    match change {
        Change::Update => founder.commits(|builder| builder.force_self_update(true)),
        Change::Add => {
            let package = Actor::person().key_package(SUITE);
            founder.commits(|builder| builder.propose_adds([package]))
        }
        Change::Remove => {
            let last = founder.group().members().map(|member| member.index).max();
            founder.commits(|builder| builder.propose_removals(last))
        }
    }
}

/// What the relay asks of openmls, without the relay.
struct Alone {
    group: PublicGroup,
    crypto: RustCrypto,
    storage: MemoryStorage,
}

impl Alone {
    // As it stands for the founder.
    fn beside(founder: &Actor) -> Result<Self, String> {
        let Opening { group_info: info, tree: leaves, .. } = founder.states();
        let (crypto, storage) = (RustCrypto::default(), MemoryStorage::default());
        let made = PublicGroup::from_external(
            &crypto,
            &storage,
            tree(&leaves),
            group_info(&info),
            ProposalStore::new(),
        );
        let (group, _) = made.map_err(fail("a group that does not verify"))?;
        Ok(Self { group, crypto, storage })
    }

    // Processor time of this thread.
    fn follows(&mut self, commits: &[Blob]) -> Result<Duration, String> {
        let mut took = Duration::ZERO;
        for commit in commits {
            let message = handshake(commit);
            let begun = processor();
            let processed =
                self.group.process_message(&self.crypto, message).map_err(fail("not verified"))?;
            let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
                return Err("not a commit".to_owned());
            };
            self.group.merge_commit(&self.storage, *staged).map_err(fail("not merged"))?;
            took += processor().saturating_sub(begun);
        }
        Ok(took)
    }
}

fn processor() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
