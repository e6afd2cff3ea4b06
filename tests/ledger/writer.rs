//! The thread that writes: it gathers what waits, answers when the ledger has it, and ends with the last who could
//! ask.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use lotgenoot::store::{Broken, Committed, Ledger, Outcome, Writer};
use lotgenoot_core::effect::{Append, Batch, Op};
use lotgenoot_core::figures::Counts as Figures;
use lotgenoot_core::room::Tail;
use lotgenoot_core::survey::Counts;
use lotgenoot_core::vault::{StoredSlot, StoredVault};
use lotgenoot_protocol::frame::InboxEntry;
use lotgenoot_protocol::letters::Letter;
use lotgenoot_protocol::limits::BATCHES_PER_TRANSACTION_MAX;
use lotgenoot_protocol::{
    AccountKey, Blob, CallId, LetterId, PartId, Refused, RoomId, Seq, Serial, SlotId, Timestamp, VaultId,
};
use lotgenoot_tests::model_ledger::ModelLedger;
use tokio::task::{JoinHandle, yield_now};

use crate::ops::{START, batch, create, room, says, seqs};

const WAITING: usize = 300;

#[tokio::test]
async fn batches_that_wait_share_one_commit() {
    let ledger = SlowLedger::new();
    let (writer, _thread) = Writer::start(ledger.clone());
    let first = ask(&writer, 0).await;
    ledger.wait_until_asked();
    let mut waiting = Vec::new();
    for n in 1..=WAITING {
        waiting.push(ask(&writer, n).await);
    }
    ledger.release();
    first.await.unwrap().1.unwrap();
    for job in waiting {
        job.await.unwrap().1.unwrap();
    }
    assert_eq!(ledger.commits(), [1, WAITING]);
}

#[tokio::test]
async fn one_commit_takes_no_more_batches_than_the_limit() {
    let ledger = SlowLedger::new();
    let (writer, _thread) = Writer::start(ledger.clone());
    let mut waiting = vec![ask(&writer, 0).await];
    ledger.wait_until_asked();
    for n in 1..=BATCHES_PER_TRANSACTION_MAX + 100 {
        waiting.push(ask(&writer, n).await);
    }
    ledger.release();
    for job in waiting {
        job.await.unwrap().1.unwrap();
    }
    let commits = ledger.commits();
    assert_eq!(commits.iter().sum::<usize>(), BATCHES_PER_TRANSACTION_MAX + 101);
    assert!(commits.iter().all(|batches| *batches <= BATCHES_PER_TRANSACTION_MAX), "{commits:?}");
    assert!(commits.len() <= 4, "{commits:?}");
}

#[tokio::test]
async fn an_idle_writer_commits_each_batch_at_once() {
    const JOBS: usize = 200;
    let ledger = SlowLedger::new();
    ledger.release();
    let (writer, _thread) = Writer::start(ledger.clone());
    let begun = Instant::now();
    for n in 0..JOBS {
        writer.commit(numbered(n)).await.1.unwrap();
    }
    assert_eq!(ledger.commits(), [1; JOBS]);
    // Waiting for company, be it 10 ms, would take longer than this on any machine.
    assert!(begun.elapsed() < Duration::from_millis(10 * JOBS as u64), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit_is_done() {
    let ledger = SlowLedger::new();
    let (writer, _thread) = Writer::start(ledger.clone());
    let first = ask(&writer, 0).await;
    ledger.wait_until_asked();
    let second = ask(&writer, 1).await;
    thread::sleep(Duration::from_millis(100));
    for _ in 0..100 {
        yield_now().await;
    }
    assert!(!first.is_finished() && !second.is_finished(), "the ledger has not said that it is done");
    assert_eq!(seqs(&*ledger, &room(1), 0), [0; 0]);
    ledger.release();
    first.await.unwrap().1.unwrap();
    second.await.unwrap().1.unwrap();
}

#[tokio::test]
async fn each_gets_the_outcome_of_her_own_batch() {
    let ledger = SlowLedger::new();
    let (writer, _thread) = Writer::start(ledger.clone());
    let plug = ask(&writer, 0).await;
    ledger.wait_until_asked();
    let asked = [batch([create(room(7))]), batch([create(room(7))]), batch(says(room(1), 1, 2, START))];
    let mut waiting = Vec::new();
    for batch in &asked {
        waiting.push(send(&writer, batch.clone()).await);
    }
    ledger.release();
    plug.await.unwrap().1.unwrap();
    let expected = [Ok(Outcome::default()), Err(Refused::Exists), Ok(Outcome::default())];
    for ((job, batch), outcome) in waiting.into_iter().zip(asked).zip(expected) {
        assert_eq!(job.await.unwrap(), (batch, outcome));
    }
    assert_eq!(seqs(&*ledger, &room(1), 0), [1, 2]);
}

#[tokio::test]
async fn what_was_asked_for_is_stored_even_if_whoever_asked_is_gone() {
    let ledger = SlowLedger::new();
    let (writer, thread) = Writer::start(ledger.clone());
    let plug = ask(&writer, 0).await;
    ledger.wait_until_asked();
    let gone = send(&writer, batch(says(room(1), 1, 1, START))).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    ledger.release();
    plug.await.unwrap().1.unwrap();
    drop(writer);
    thread.join().unwrap();
    assert_eq!(seqs(&*ledger, &room(1), 0), [1]);
}

#[tokio::test]
async fn the_thread_ends_with_the_last_writer_when_everything_is_written() {
    let ledger = SlowLedger::new();
    let (writer, thread) = Writer::start(ledger.clone());
    let other = writer.clone();
    drop(writer);
    let mut waiting = vec![ask(&other, 0).await];
    ledger.wait_until_asked();
    for n in 1..=5 {
        waiting.push(ask(&other, n).await);
    }
    // The jobs hold writers of their own until they are answered.
    drop(other);
    assert!(!thread.is_finished());
    ledger.release();
    for job in waiting {
        job.await.unwrap().1.unwrap();
    }
    thread.join().expect("the thread ends in good order");
    assert_eq!(ledger.commits().iter().sum::<usize>(), 6);
}

/// A ledger that counts its commits, and does none before it is released.
struct SlowLedger {
    model: ModelLedger,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    is_released: bool,
    // How many batches each commit had, the one that waits included.
    commits: Vec<usize>,
}

impl SlowLedger {
    fn new() -> Arc<Self> {
        Arc::new(Self { model: ModelLedger::default(), state: Mutex::default(), changed: Condvar::new() })
    }

    fn release(&self) {
        self.state().is_released = true;
        self.changed.notify_all();
    }

    fn wait_until_asked(&self) {
        let nobody_asked = |state: &mut State| state.commits.is_empty();
        let patience = Duration::from_secs(30);
        let (_held, late) = self.changed.wait_timeout_while(self.state(), patience, nobody_asked).unwrap();
        assert!(!late.timed_out(), "the writer asks the ledger");
    }

    fn commits(&self) -> Vec<usize> {
        self.state().commits.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Ledger for SlowLedger {
    fn commit(&self, batches: &[&Batch]) -> Result<Vec<Result<Outcome, Refused>>, Broken> {
        let mut state = self.state();
        state.commits.push(batches.len());
        self.changed.notify_all();
        while !state.is_released {
            state = self.changed.wait(state).unwrap();
        }
        drop(state);
        self.model.commit(batches)
    }

    fn room(&self, room: &RoomId) -> Result<Option<(Vec<u8>, Tail)>, Broken> {
        self.model.room(room)
    }

    fn is_over(&self, room: &RoomId) -> Result<bool, Broken> {
        self.model.is_over(room)
    }

    fn rooms(&self, after: Option<RoomId>, max: usize) -> Result<Vec<RoomId>, Broken> {
        self.model.rooms(after, max)
    }

    fn entries(&self, room: &RoomId, after: Seq, max: usize) -> Result<Vec<Append>, Broken> {
        self.model.entries(room, after, max)
    }

    fn inbox(&self, account: &AccountKey, after: Seq, max: usize) -> Result<Vec<InboxEntry>, Broken> {
        self.model.inbox(account, after, max)
    }

    fn key_packages_left(&self, account: &AccountKey) -> Result<u32, Broken> {
        self.model.key_packages_left(account)
    }

    fn calls(&self) -> Result<Vec<(CallId, Vec<u8>)>, Broken> {
        self.model.calls()
    }

    fn channels(&self) -> Result<Vec<(AccountKey, Vec<u8>)>, Broken> {
        self.model.channels()
    }

    fn sendings(&self) -> Result<Vec<Vec<u8>>, Broken> {
        self.model.sendings()
    }

    fn office(&self) -> Result<Option<(u64, Vec<u8>)>, Broken> {
        self.model.office()
    }

    fn calendar(&self) -> Result<Option<Vec<u8>>, Broken> {
        self.model.calendar()
    }

    fn duty_plan(&self) -> Result<Option<Vec<u8>>, Broken> {
        self.model.duty_plan()
    }

    fn check_ins(&self) -> Result<Option<Vec<u8>>, Broken> {
        self.model.check_ins()
    }

    fn surveys(&self) -> Result<Vec<(u32, Counts)>, Broken> {
        self.model.surveys()
    }

    fn figures(&self) -> Result<Vec<(u32, String, Figures)>, Broken> {
        self.model.figures()
    }

    fn letter_keys(&self) -> Result<Vec<Vec<u8>>, Broken> {
        self.model.letter_keys()
    }

    fn letters(&self, reader: &Serial, after: Option<LetterId>, max: usize) -> Result<Vec<Letter>, Broken> {
        self.model.letters(reader, after, max)
    }

    fn slot(&self, slot: &SlotId) -> Result<Option<StoredSlot>, Broken> {
        self.model.slot(slot)
    }

    fn vault(&self, vault: &VaultId) -> Result<Option<StoredVault>, Broken> {
        self.model.vault(vault)
    }

    fn vault_parts(&self, vault: &VaultId, parts: &[PartId]) -> Result<Vec<Option<Blob>>, Broken> {
        self.model.vault_parts(vault, parts)
    }

    fn untouched(&self, before: Timestamp, max: usize) -> Result<(Vec<SlotId>, Vec<VaultId>), Broken> {
        self.model.untouched(before, max)
    }
}

/// Asks for a commit and lets the question reach the writer.
async fn send(writer: &Writer, batch: Batch) -> JoinHandle<(Batch, Committed)> {
    let writer = writer.clone();
    let asking = tokio::spawn(async move { writer.commit(batch).await });
    yield_now().await;
    asking
}

async fn ask(writer: &Writer, n: usize) -> JoinHandle<(Batch, Committed)> {
    send(writer, numbered(n)).await
}

/// A batch that can be told from others.
fn numbered(n: usize) -> Batch {
    let call = CallId((n as u128).to_be_bytes());
    batch([Op::PutCall { call, record: vec![1] }])
}
