//! What all tasks of one relay share.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{Blob, Refused, RoomId};

use crate::claims::Claims;
use crate::outlet::Outlets;
use crate::stopping::Stopping;
use crate::store::{Ledger, Outcome, Writer};

/// Shared by all tasks; each part has one owner that changes it.
pub struct Shared {
    /// The organisation.
    pub trust: Trust,
    /// The head of its staff register, signed.
    pub register_head: Blob,
    /// The register itself.
    pub register: Blob,
    /// The way to the disk.
    pub writer: Writer,
    /// What is on it.
    pub ledger: Arc<dyn Ledger>,
    /// Who is connected.
    pub outlets: Outlets,
    /// Who has claimed how many KeyPackages.
    pub claims: Claims,
    /// Heard when the relay stops.
    pub stopping: Stopping,
    // Which rooms belong to help calls: changed by the help desk alone.
    help_rooms: RwLock<HashSet<RoomId>>,
    // Which services somebody reachable is on duty for: changed by the help desk alone.
    open: RwLock<Vec<String>>,
}

impl Shared {
    /// Everything a relay needs to know.
    pub fn new(
        trust: Trust,
        (register_head, register): (Blob, Blob),
        writer: Writer,
        ledger: Arc<dyn Ledger>,
        stopping: Stopping,
    ) -> Self {
        Self {
            trust,
            register_head,
            register,
            writer,
            ledger,
            outlets: Outlets::default(),
            claims: Claims::default(),
            stopping,
            help_rooms: RwLock::default(),
            open: RwLock::default(),
        }
    }

    /// Makes a batch durable; then, and only then, rings those who have something new in their inbox.
    pub async fn commit(&self, batch: Batch) -> (Batch, Result<Outcome, Refused>) {
        let (batch, outcome) = self.writer.commit(batch).await;
        if let Ok(outcome) = &outcome {
            self.outlets.ring_inboxes(&outcome.woken);
        }
        (batch, outcome)
    }

    /// Whether a room belongs to a help call.
    pub fn is_help_room(&self, room: &RoomId) -> bool {
        self.help_rooms.read().unwrap_or_else(PoisonError::into_inner).contains(room)
    }

    /// A room belongs to a help call from now on.
    pub fn add_help_room(&self, room: RoomId) {
        self.help_rooms.write().unwrap_or_else(PoisonError::into_inner).insert(room);
    }

    /// A room does not belong to a help call after all.
    pub fn forget_help_room(&self, room: &RoomId) {
        self.help_rooms.write().unwrap_or_else(PoisonError::into_inner).remove(room);
    }

    /// The services that are open now.
    pub fn open(&self) -> Vec<String> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says which services are open. Returns whether that is news.
    pub fn set_open(&self, services: Vec<String>) -> bool {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let news = *open != services;
        *open = services;
        news
    }
}

/// The entries a batch appended to `room`.
pub(crate) fn appends<'a>(
    batch: &'a Batch,
    room: &'a RoomId,
) -> impl Iterator<Item = &'a lotgenoot_core::effect::Append> {
    batch.ops.iter().filter_map(move |op| match op {
        Op::Append(append) if append.room == *room => Some(append),
        _ => None,
    })
}
