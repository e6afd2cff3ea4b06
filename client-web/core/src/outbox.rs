//! What was said here and is not in the log yet, in order.
//!
//! Plaintext stays until the entry comes back: a message that lost its epoch is encrypted again, and our own
//! ciphertext cannot be decrypted by us.

use std::collections::VecDeque;

use lotgenoot_protocol::{Blob, RequestId};
use sha2::{Digest, Sha256};

use crate::content::{Content, MessageId};

/// One thing said.
pub(crate) struct Item {
    pub(crate) id: MessageId,
    pub(crate) content: Content,
    pub(crate) said_at: u64,
    pub(crate) state: ItemState,
}

/// Where it is.
pub(crate) enum ItemState {
    /// To be encrypted and sent.
    Waiting,
    /// Sent; no answer yet.
    UnderWay { request: RequestId, hash: [u8; 32] },
    /// In the log; its entry has not come back yet.
    InLog { hash: [u8; 32] },
    /// Refused; waits for the user.
    NotSent,
}

/// A room's outbox.
#[derive(Default)]
pub(crate) struct Outbox {
    items: VecDeque<Item>,
}

impl Outbox {
    pub(crate) fn push(&mut self, id: MessageId, content: Content, said_at: u64) {
        self.items.push_back(Item { id, content, said_at, state: ItemState::Waiting });
    }

    /// Something that travelled in another request and will come back.
    pub(crate) fn said_elsewhere(&mut self, ciphertext: &Blob) {
        let hash = Sha256::digest(&ciphertext.0).into();
        let content = Content::Names(Vec::new());
        let state = ItemState::InLog { hash };
        self.items.push_back(Item { id: MessageId([0; 16]), content, said_at: 0, state });
    }

    /// The first item to encrypt and send.
    pub(crate) fn next_waiting(&mut self) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| matches!(item.state, ItemState::Waiting))
    }

    pub(crate) fn under_way(&mut self, id: MessageId, request: RequestId, ciphertext: &Blob) {
        let hash = Sha256::digest(&ciphertext.0).into();
        self.set(id, ItemState::UnderWay { request, hash });
    }

    /// The relay has it. Returns the item if it is something the user sees.
    pub(crate) fn accepted(&mut self, id: MessageId) -> Option<&Item> {
        let item = self.items.iter_mut().find(|item| item.id == id)?;
        if let ItemState::UnderWay { hash, .. } = item.state {
            item.state = ItemState::InLog { hash };
        }
        Some(item)
    }

    /// It must be encrypted again.
    pub(crate) fn again(&mut self, id: MessageId) {
        self.set(id, ItemState::Waiting);
    }

    /// It was refused.
    pub(crate) fn not_sent(&mut self, id: MessageId) -> Option<&Item> {
        self.set(id, ItemState::NotSent);
        self.items.iter().find(|item| item.id == id)
    }

    /// An entry that may be ours: the item it was, which is done.
    pub(crate) fn came_back(&mut self, ciphertext: &[u8]) -> Option<(Item, Option<RequestId>)> {
        let came: [u8; 32] = Sha256::digest(ciphertext).into();
        let at = self.items.iter().position(|item| match &item.state {
            ItemState::UnderWay { hash, .. } | ItemState::InLog { hash } => *hash == came,
            ItemState::Waiting | ItemState::NotSent => false,
        })?;
        let item = self.items.remove(at)?;
        let request = match item.state {
            ItemState::UnderWay { request, .. } => Some(request),
            _ => None,
        };
        Some((item, request))
    }

    /// Everything that did not reach the log: the room is gone.
    pub(crate) fn give_up(&mut self) -> Vec<MessageId> {
        let lost = |item: &Item| !matches!(item.state, ItemState::InLog { .. } | ItemState::NotSent);
        self.items.iter().filter(|item| lost(item)).map(|item| item.id).collect()
    }

    /// The words of an item, and when they were said.
    pub(crate) fn text(&self, id: MessageId) -> Option<(String, u64)> {
        let item = self.items.iter().find(|item| item.id == id)?;
        match &item.content {
            Content::Text { text, .. } => Some((text.clone(), item.said_at)),
            _ => None,
        }
    }

    /// Whether this is in here and was given up.
    pub(crate) fn is_not_sent(&self, id: MessageId) -> bool {
        self.items.iter().any(|item| item.id == id && matches!(item.state, ItemState::NotSent))
    }

    fn set(&mut self, id: MessageId, state: ItemState) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.state = state;
        }
    }
}
