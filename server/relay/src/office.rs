//! The staff, as coordinators change it: decided under one lock, durable, and then known to everybody at once.

use std::sync::Arc;

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::office::Office;
use lotgenoot_protocol::frame::{Accepted, Answer};
use lotgenoot_protocol::office::PutStaff;
use lotgenoot_protocol::{Refused, Seq};
use tokio::sync::Mutex;

use crate::clock;
use crate::help_desk::{Desk, Mail};
use crate::shared::{Known, Shared};

/// The staff of this relay's organisation.
pub struct Staff {
    shared: Arc<Shared>,
    desk: Desk,
    office: Mutex<Office>,
}

impl Staff {
    /// As it was taken up from the roster file and the ledger.
    pub fn new(shared: Arc<Shared>, desk: Desk, office: Office) -> Self {
        Self { shared, desk, office: Mutex::new(office) }
    }

    /// Who is certified, for a coordinator.
    pub async fn told(&self) -> Answer {
        Answer::Staff(self.office.lock().await.staff())
    }

    /// Changes it. Rooms, calls and duty go by it as soon as it is on disk.
    pub async fn put(&self, put: &PutStaff) -> Result<Answer, Refused> {
        let mut office = self.office.lock().await;
        let next = office.put(put, clock::now())?;
        let op = Op::PutOffice { after: office.number(), number: next.number(), record: next.record() };
        let (_, outcome) = self.shared.commit(Batch { ops: vec![op], ..Batch::default() }).await;
        outcome?;
        *office = next;
        self.shared.learn(Known::of(&office));
        self.desk.send(Mail::Staff(office.trust(), office.roster())).await;
        tracing::info!(number = office.number(), "the staff was changed");
        Ok(Answer::Accepted(Accepted { seq: Seq(0) }))
    }
}
