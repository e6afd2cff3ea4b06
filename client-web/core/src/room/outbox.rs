//! What was said here, in order, until the vault has it as part of the room.
//!
//! Plaintext stays until its entry has come back and the room's part of the vault has passed it: a message that lost
//! its epoch is encrypted again, and our own ciphertext can never be decrypted by us, not on a replay either.

use std::collections::VecDeque;

use lotgenoot_messages as ui;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, MessageId, RequestId, Seq};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use crate::content::Content;

/// SHA-256 of a ciphertext.
pub(crate) type Hash = [u8; 32];

/// One thing said.
#[derive(Encode, Decode)]
pub(crate) struct Item {
    #[n(0)]
    pub(crate) id: MessageId,
    #[n(1)]
    pub(crate) content: Content,
    #[n(2)]
    pub(crate) said_at: u64,
    #[n(3)]
    pub(crate) state: ItemState,
    // In a part of the vault by itself: nothing of it is kept here once its entry has come back.
    #[cbor(skip)]
    put_away: bool,
}

/// Where it is.
#[derive(Encode, Decode)]
pub(crate) enum ItemState {
    /// To be encrypted and sent.
    #[n(0)]
    Waiting,
    /// Sent; no answer yet.
    #[n(1)]
    UnderWay {
        #[n(0)]
        request: RequestId,
        #[cbor(n(1), with = "minicbor::bytes")]
        hash: Hash,
    },
    /// In the log; its entry has not come back yet.
    #[n(2)]
    InLog {
        #[cbor(n(0), with = "minicbor::bytes")]
        hash: Hash,
    },
    /// Its entry came back here. Kept for a replay that begins before it.
    #[n(3)]
    CameBack {
        #[n(0)]
        seq: Seq,
        #[cbor(n(1), with = "minicbor::bytes")]
        hash: Hash,
    },
    /// Refused; waits for the user.
    #[n(4)]
    NotSent,
    /// Travelled in another request, which is tried by itself.
    #[n(5)]
    Elsewhere {
        #[cbor(n(0), with = "minicbor::bytes")]
        hash: Hash,
    },
    /// Waits for a host.
    #[n(6)]
    Held,
    /// A host has given it back.
    #[n(7)]
    Returned {
        #[n(0)]
        reason: String,
    },
}

impl ItemState {
    /// What the user is told of it, and why it came back if it did.
    pub(crate) fn shown(&self) -> (ui::Delivery, Option<String>) {
        match self {
            Self::Waiting | Self::UnderWay { .. } => (ui::Delivery::Sending, None),
            Self::InLog { .. } | Self::CameBack { .. } | Self::Elsewhere { .. } => (ui::Delivery::Sent, None),
            Self::NotSent => (ui::Delivery::NotSent, None),
            Self::Held => (ui::Delivery::Held, None),
            Self::Returned { reason } => (ui::Delivery::Returned, Some(reason.clone())),
        }
    }
}

/// A room's outbox.
#[derive(Default, Encode, Decode)]
pub(crate) struct Outbox {
    #[n(0)]
    items: VecDeque<Item>,
}

impl Outbox {
    pub(crate) fn push(&mut self, id: MessageId, content: Content, said_at: u64) {
        let state = ItemState::Waiting;
        self.items.push_back(Item { id, content, said_at, state, put_away: false });
    }

    /// Something that travelled in another request and will come back.
    pub(crate) fn said_elsewhere(&mut self, ciphertext: &Blob) {
        let content = Content::Names(Vec::new());
        let state = ItemState::Elsewhere { hash: hash(&ciphertext.0) };
        let id = MessageId([0; 16]);
        self.items.push_back(Item { id, content, said_at: 0, state, put_away: false });
    }

    /// The first item to encrypt and send.
    pub(crate) fn next_waiting(&mut self) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| matches!(item.state, ItemState::Waiting))
    }

    pub(crate) fn under_way(&mut self, id: MessageId, request: RequestId, ciphertext: &Blob) {
        self.set(id, ItemState::UnderWay { request, hash: hash(&ciphertext.0) });
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

    /// An entry that may be ours: what it was, and the request that is answered with it.
    pub(crate) fn came_back(&mut self, ciphertext: &[u8], seq: Seq) -> Option<(Content, Option<RequestId>)> {
        let came = hash(ciphertext);
        let at = self.items.iter().position(|item| match &item.state {
            ItemState::UnderWay { hash, .. } | ItemState::InLog { hash } | ItemState::Elsewhere { hash } => {
                *hash == came
            }
            ItemState::Waiting
            | ItemState::CameBack { .. }
            | ItemState::NotSent
            | ItemState::Held
            | ItemState::Returned { .. } => false,
        })?;
        let item = self.items.get_mut(at)?;
        let request = match item.state {
            ItemState::UnderWay { request, .. } => Some(request),
            _ => None,
        };
        item.state = ItemState::CameBack { seq, hash: came };
        let content = item.content.clone();
        if item.put_away {
            self.items.remove(at);
        }
        Some((content, request))
    }

    /// How much is kept for a replay only.
    pub(crate) fn came_back_count(&self) -> usize {
        self.items.iter().filter(|item| matches!(item.state, ItemState::CameBack { .. })).count()
    }

    /// Takes that out.
    pub(crate) fn take_what_came_back(&mut self) -> Vec<Item> {
        let items = std::mem::take(&mut self.items);
        let (came, others) =
            items.into_iter().partition(|item| matches!(item.state, ItemState::CameBack { .. }));
        self.items = others;
        let came: VecDeque<Item> = came;
        came.into()
    }

    /// And puts it back.
    pub(crate) fn put_back(&mut self, items: Vec<Item>) {
        items.into_iter().rev().for_each(|item| self.items.push_front(item));
    }

    /// After a restore: these are in parts by themselves.
    pub(crate) fn look_for_put_away(&mut self, items: Vec<Item>) {
        self.put_back(items.into_iter().map(|item| Item { put_away: true, ..item }).collect());
    }

    /// The room's part of the vault has everything up to here: a replay begins later.
    pub(crate) fn anchored(&mut self, through: Seq) {
        let past = |item: &Item| matches!(item.state, ItemState::CameBack { seq, .. } if seq <= through);
        self.items.retain(|item| !past(item));
    }

    /// After a restore, before the replay: all that was sent is looked for in the log.
    pub(crate) fn look_for_all(&mut self, anchor: Option<Seq>) {
        self.anchored(anchor.unwrap_or(Seq(0)));
        for item in &mut self.items {
            if let ItemState::UnderWay { hash, .. } | ItemState::CameBack { hash, .. } = item.state {
                item.state = ItemState::InLog { hash };
            }
        }
    }

    /// After the replay: what is not in the log never got there, for nobody else may send for us any more.
    pub(crate) fn send_what_was_not_found(&mut self) {
        for item in &mut self.items {
            if matches!(item.state, ItemState::InLog { .. }) {
                item.state = ItemState::Waiting;
            }
        }
    }

    /// Everything that did not reach the log: the room is gone.
    pub(crate) fn give_up(&mut self) -> Vec<MessageId> {
        let lost = |item: &&mut Item| {
            matches!(item.state, ItemState::Waiting | ItemState::UnderWay { .. } | ItemState::Held)
        };
        let lost = self.items.iter_mut().filter(lost);
        lost.map(|item| {
            item.state = ItemState::NotSent;
            item.id
        })
        .collect()
    }

    /// Whether something is not in the log yet, or its entry has not come back.
    pub(crate) fn is_on_its_way(&self) -> bool {
        !self.items.iter().all(|item| match item.state {
            ItemState::CameBack { .. } | ItemState::NotSent | ItemState::Held => true,
            ItemState::Returned { .. } => true,
            ItemState::Waiting | ItemState::UnderWay { .. } => false,
            ItemState::InLog { .. } | ItemState::Elsewhere { .. } => false,
        })
    }

    /// Words that are not in the log yet, and where they are.
    pub(crate) fn not_in_log(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| !matches!(item.state, ItemState::CameBack { .. }))
    }

    /// The words of an item, if it is any.
    pub(crate) fn words(&self, id: MessageId) -> Option<(&Words, &Item)> {
        let item = self.items.iter().find(|item| item.id == id)?;
        Some((words_of(item)?, item))
    }

    /// It waits for a host.
    pub(crate) fn hold(&mut self, id: MessageId) -> Option<&Item> {
        self.set(id, ItemState::Held);
        self.items.iter().find(|item| item.id == id)
    }

    /// All words that wait for a host.
    pub(crate) fn held(&self) -> impl Iterator<Item = &Words> {
        self.items.iter().filter(|item| matches!(item.state, ItemState::Held)).filter_map(words_of)
    }

    /// A host has given it back. Returns whether it was waiting for that.
    pub(crate) fn returned(&mut self, id: MessageId, reason: String) -> bool {
        let held = |item: &&mut Item| item.id == id && matches!(item.state, ItemState::Held);
        let item = self.items.iter_mut().find(held);
        item.map(|item| item.state = ItemState::Returned { reason }).is_some()
    }

    /// Nothing is wanted of it any more. Returns whether it was waiting for the user.
    pub(crate) fn discard(&mut self, id: MessageId) -> bool {
        let before = self.items.len();
        let waits = |item: &Item| {
            matches!(item.state, ItemState::NotSent | ItemState::Returned { .. } | ItemState::Held)
        };
        self.items.retain(|item| item.id != id || !waits(item));
        self.items.len() < before
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

fn words_of(item: &Item) -> Option<&Words> {
    match &item.content {
        Content::Text(words) => Some(words),
        _ => None,
    }
}

fn hash(ciphertext: &[u8]) -> Hash {
    Sha256::digest(ciphertext).into()
}
