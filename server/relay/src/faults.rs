//! Faults for the crash tests. This file is compiled only with the feature `faults`, which no release has.
//!
//! `LOTGENOOT_FAULT_WITNESS=<file>`: the writer keeps one byte in that file, 1 while a write transaction is open and
//! 0 otherwise, so that whoever killed the process knows what it was doing.
//! `LOTGENOOT_FAULT=ack-before-commit`: the writer answers first and commits `LOTGENOOT_FAULT_DELAY_MS` later: the
//! very thing that must never be, to show that the crash test would see it.
//! `LOTGENOOT_FAULT=sent-before-sending`: at its start the relay takes every page that another run was sending for sent:
//! what loses pages elsewhere (study: on-call, finding 2), to show that the crash test would see that too.
//! `LOTGENOOT_FAULT_TRAIL=<file>`: what was found at the start and what is committed of help calls and pages, and each
//! message about to leave, is written there as a row of [`Step`]s.
//! `LOTGENOOT_CLOCK_AHEAD=<file>`: the clock is ahead by as many milliseconds as that file says at the moment, so that a
//! story need not wait for what takes its time.
//! `LOTGENOOT_WALL_SET=<file>`: the machine's clock was set by as many milliseconds as that file says at the moment.

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::outbox::{Job, Sending, SendingId, Stage};
use lotgenoot_protocol::{Blob, CallId, ChannelId, PageId, codec};
use minicbor::{Decode, Encode};

use crate::store::{Broken, Ledger, Outcome};

/// The relay acknowledges before it commits.
pub const ACK_BEFORE_COMMIT: &str = "ack-before-commit";
/// What another run was sending counts as sent.
pub const SENT_BEFORE_SENDING: &str = "sent-before-sending";
const DELAY_MS: u64 = 20;

/// By how much the clock is ahead now.
pub(crate) fn clock_ahead_ms() -> u64 {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    static LAST: AtomicU64 = AtomicU64::new(0);
    // Whoever writes it empties it first: time does not go back for that moment.
    match said(FILE.get_or_init(|| env::var_os("LOTGENOOT_CLOCK_AHEAD").map(PathBuf::from))) {
        Some(ahead) => LAST.fetch_max(ahead, Ordering::Relaxed).max(ahead),
        None => LAST.load(Ordering::Relaxed),
    }
}

/// By how much the machine's clock was set.
pub(crate) fn wall_set_by_ms() -> i64 {
    static FILE: OnceLock<Option<PathBuf>> = OnceLock::new();
    said(FILE.get_or_init(|| env::var_os("LOTGENOOT_WALL_SET").map(PathBuf::from))).unwrap_or_default()
}

fn said<T: std::str::FromStr>(file: &Option<PathBuf>) -> Option<T> {
    std::fs::read_to_string(file.as_ref()?).ok()?.trim().parse().ok()
}

/// What was asked for by the environment.
pub(crate) struct Faults {
    witness: Option<File>,
    ack_before_commit: Option<Duration>,
}

impl Faults {
    /// Reads the environment. A witness that cannot be opened ends the process: a test without it proves nothing.
    pub(crate) fn from_env() -> Self {
        let witness = env::var_os("LOTGENOOT_FAULT_WITNESS").map(|path| {
            let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
            file.unwrap_or_else(|error| {
                tracing::error!(%error, "the witness cannot be opened");
                std::process::abort()
            })
        });
        let asked = env::var("LOTGENOOT_FAULT").is_ok_and(|fault| fault == ACK_BEFORE_COMMIT);
        let delay_ms = env::var("LOTGENOOT_FAULT_DELAY_MS").ok().and_then(|ms| ms.parse().ok());
        let ack_before_commit = asked.then(|| Duration::from_millis(delay_ms.unwrap_or(DELAY_MS)));
        Self { witness, ack_before_commit }
    }

    /// Says whether a write transaction is open.
    pub(crate) fn writing(&self, open: bool) {
        if let Some(witness) = &self.witness {
            // Straight into the page cache: it is there when the process is not.
            witness.write_all_at(&[u8::from(open)], 0).expect("the witness can be written");
        }
    }

    /// The answer to give before the commit, if this fault was asked for and the answer does not depend on it.
    pub(crate) fn premature(&self, batch: &Batch) -> Option<Outcome> {
        self.ack_before_commit?;
        let depends = |op: &Op| {
            matches!(
                op,
                Op::Claim { .. }
                    | Op::CreateRoom { .. }
                    | Op::Notify { .. }
                    | Op::NotifyKeyPackage { .. }
                    | Op::Publish { .. }
            )
        };
        (!batch.ops.iter().any(depends)).then(Outcome::default)
    }

    /// Makes the moment between answer and commit long enough to be hit.
    pub(crate) fn linger(&self) {
        if let Some(delay) = self.ack_before_commit {
            thread::sleep(delay);
        }
    }
}

/// What the relay writes into its trail, one after another.
#[derive(Clone, Debug, Encode, Decode)]
pub enum Step {
    /// A help call as it is from then on.
    #[n(0)]
    Call(#[n(0)] CallId, #[n(1)] Blob),
    /// A help call is forgotten.
    #[n(1)]
    CallGone(#[n(0)] CallId),
    /// A page on its way, as it is from then on.
    #[n(2)]
    Page(#[n(0)] Blob),
    /// A page is not on its way any more.
    #[n(3)]
    PageGone(#[n(0)] PageId, #[n(1)] ChannelId),
    /// All since the last of these was found at the start: there is nothing else.
    #[n(4)]
    Found,
    /// All since the last of these was committed together.
    #[n(5)]
    Committed,
    /// A message is about to leave.
    #[n(6)]
    Leaves {
        /// What it is called outside.
        #[cbor(n(0), with = "minicbor::bytes")]
        name: Vec<u8>,
        /// Stop ringing, rather than ring.
        #[n(1)]
        over: bool,
        /// What it settles.
        #[n(2)]
        pages: Vec<(PageId, ChannelId)>,
    },
}

impl Step {
    fn of(op: &Op) -> Option<Self> {
        match op {
            Op::PutCall { call, record } => Some(Self::Call(*call, Blob(record.clone()))),
            Op::RemoveCall { call } => Some(Self::CallGone(*call)),
            Op::PutSending { record, .. } => Some(Self::Page(Blob(record.clone()))),
            Op::RemoveSending { page, channel } => Some(Self::PageGone(*page, *channel)),
            _ => None,
        }
    }
}

/// What was found at the start, with the fault in it that was asked for.
pub(crate) fn found(ledger: &dyn Ledger) -> Result<(), Broken> {
    if env::var("LOTGENOOT_FAULT").is_ok_and(|fault| fault == SENT_BEFORE_SENDING) {
        take_for_sent(ledger)?;
    }
    if trail().is_none() {
        return Ok(());
    }
    let calls = ledger.calls()?.into_iter().map(|(id, record)| Step::Call(id, Blob(record)));
    let pages = ledger.sendings()?.into_iter().map(|record| Step::Page(Blob(record)));
    write(calls.chain(pages).chain([Step::Found]));
    Ok(())
}

/// What was committed.
pub(crate) fn committed(batch: &Batch) {
    if trail().is_none() {
        return;
    }
    let mut steps: Vec<Step> = batch.ops.iter().filter_map(Step::of).collect();
    if !steps.is_empty() {
        steps.push(Step::Committed);
        write(steps);
    }
}

/// What is about to leave.
pub(crate) fn leaves(job: &Job) {
    write([Step::Leaves { name: job.name.to_vec(), over: job.over, pages: job.sendings.clone() }]);
}

fn take_for_sent(ledger: &dyn Ledger) -> Result<(), Broken> {
    let mut batch = Batch::default();
    for record in ledger.sendings()? {
        let Some(mut sending) = codec::from_slice::<Sending>(&record) else { continue };
        if matches!(sending.stage, Stage::Leased(_)) {
            (sending.stage, sending.due) = (Stage::Accepted, sending.until);
            let (page, channel): SendingId = sending.id();
            batch.ops.push(Op::PutSending { page, channel, record: codec::to_vec(&sending) });
        }
    }
    ledger.commit(&[&batch]).map(drop)
}

// A process that is killed leaves what it has written; half a step at most is lost with it.
fn write(steps: impl IntoIterator<Item = Step>) {
    let Some(mut file) = trail() else { return };
    let bytes: Vec<u8> = steps.into_iter().flat_map(|step| codec::to_vec(&step)).collect();
    file.write_all(&bytes).expect("the trail can be written");
}

fn trail() -> Option<&'static File> {
    static FILE: OnceLock<Option<File>> = OnceLock::new();
    let open = || {
        let path = env::var_os("LOTGENOOT_FAULT_TRAIL")?;
        let file = OpenOptions::new().create(true).append(true).open(path);
        Some(file.expect("the trail can be opened"))
    };
    FILE.get_or_init(open).as_ref()
}
