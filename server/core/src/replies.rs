//! Which requests were already answered: a repeat has no second effect and gets the same reply.

use std::collections::{BTreeMap, VecDeque};

use lotgenoot_protocol::limits::{REPLIES_PER_ROOM_MAX, REPLY_MEMORY_MS};
use lotgenoot_protocol::{RequestId, Seq, Timestamp};

/// The places that accepted requests got, for 24 hours. Refusals have no effect and need no memory.
#[derive(Clone, Debug, Default)]
pub struct Replies {
    places: BTreeMap<RequestId, Seq>,
    by_age: VecDeque<(Timestamp, RequestId)>,
}

impl Replies {
    /// The place `request` got, if it was accepted before.
    pub fn place(&self, request: &RequestId) -> Option<Seq> {
        self.places.get(request).copied()
    }

    /// Remembers that `request` got `place`.
    pub fn remember(&mut self, request: RequestId, place: Seq, now: Timestamp) {
        while let Some((at, oldest)) = self.by_age.front().copied() {
            if now.ms_since(at) < REPLY_MEMORY_MS && self.by_age.len() < REPLIES_PER_ROOM_MAX {
                break;
            }
            self.by_age.pop_front();
            self.places.remove(&oldest);
        }
        if self.places.insert(request, place).is_none() {
            self.by_age.push_back((now, request));
        }
    }
}
