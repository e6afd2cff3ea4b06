//! One writer thread: gathers what is waiting across rooms and help calls into one transaction and one fsync, then
//! answers all of them. An idle writer commits at once; nothing waits for company.

use std::sync::Arc;
use std::thread;

use lotgenoot_core::effect::Batch;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::limits::BATCHES_PER_TRANSACTION_MAX;
use tokio::sync::{mpsc, oneshot};

use super::{Broken, Ledger, Outcome};

// Short transactions: about a tenth of a second.
const CLEARED_AT_END: usize = 64;

/// A batch that is on disk, or was refused whole.
pub type Committed = Result<Outcome, Refused>;

struct Job {
    batch: Batch,
    done: oneshot::Sender<(Batch, Committed)>,
}

enum Mail {
    Commit(Job),
    // Take out what was trimmed, while nobody waits.
    Clear,
}

/// The way to the writer thread.
#[derive(Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Mail>,
}

impl Writer {
    /// Starts the thread. It ends when the last `Writer` is gone and everything is written.
    pub fn start(ledger: Arc<dyn Ledger>) -> (Self, thread::JoinHandle<()>) {
        let (jobs, inbox) = mpsc::channel(BATCHES_PER_TRANSACTION_MAX);
        let thread = thread::spawn(move || run(&*ledger, inbox));
        (Self { jobs }, thread)
    }

    /// Makes `batch` durable and hands it back with what came of it.
    ///
    /// Never returns an I/O error: those end the process before anybody can be told anything untrue.
    pub async fn commit(&self, batch: Batch) -> (Batch, Committed) {
        let (done, answer) = oneshot::channel();
        let waiting = self.jobs.send(Mail::Commit(Job { batch, done })).await;
        match (waiting, answer.await) {
            (Ok(()), Ok(answer)) => answer,
            // The writer is gone because the relay is stopping: nothing was stored, and nobody is told it was.
            _ => (Batch::default(), Err(Refused::Degraded)),
        }
    }

    /// Has what was trimmed taken out, as long as nobody else wants to write. Whoever is too busy is asked again another
    /// time.
    pub fn clear(&self) {
        let _busy = self.jobs.try_send(Mail::Clear);
    }
}

fn run(ledger: &dyn Ledger, mut inbox: mpsc::Receiver<Mail>) {
    let (mut mails, mut jobs) = (Vec::new(), Vec::new());
    #[cfg(feature = "faults")]
    let faults = crate::faults::Faults::from_env();
    while inbox.blocking_recv_many(&mut mails, BATCHES_PER_TRANSACTION_MAX) > 0 {
        let mut clears = false;
        for mail in mails.drain(..) {
            match mail {
                Mail::Commit(job) => jobs.push(job),
                Mail::Clear => clears = true,
            }
        }
        if !jobs.is_empty() {
            #[cfg(feature = "faults")]
            answer_too_early(&faults, &mut jobs);
            let batches: Vec<&Batch> = jobs.iter().map(|job| &job.batch).collect();
            let outcomes = ledger.commit(&batches).unwrap_or_else(|error| failed(&error));
            drop(batches);
            #[cfg(feature = "faults")]
            faults.writing(false);
            for (job, outcome) in jobs.drain(..).zip(outcomes) {
                #[cfg(feature = "faults")]
                if outcome.is_ok() {
                    crate::faults::committed(&job.batch);
                }
                // Whoever asked may have gone; what she asked for is stored all the same.
                let _gone = job.done.send((job.batch, outcome));
            }
        }
        // Nor while the relay wants to end.
        while clears && inbox.is_empty() && !inbox.is_closed() {
            #[cfg(feature = "faults")]
            faults.writing(true);
            clears = ledger.clear().unwrap_or_else(|error| failed(&error)) > 0;
            #[cfg(feature = "faults")]
            faults.writing(false);
        }
    }
    // Nobody waits any more; what is left then is found at the next start.
    for _ in 0..CLEARED_AT_END {
        if ledger.clear().unwrap_or_else(|error| failed(&error)) == 0 {
            return;
        }
    }
}

fn failed<T>(error: &Broken) -> T {
    tracing::error!(%error, "the ledger failed; stopping, so that nothing untrue is said");
    std::process::abort();
}

#[cfg(feature = "faults")]
fn answer_too_early(faults: &crate::faults::Faults, jobs: &mut [Job]) {
    for job in jobs {
        if let Some(outcome) = faults.premature(&job.batch) {
            // The real answer then goes to nobody.
            let early = std::mem::replace(&mut job.done, oneshot::channel().0);
            let _gone = early.send((job.batch.clone(), Ok(outcome)));
        }
    }
    faults.linger();
    faults.writing(true);
}
