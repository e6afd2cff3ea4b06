//! The relay's end of one socket as others see it: somewhere to put an answer, and a bell.
//!
//! Entries are not put here: the socket's task pulls them by cursor. What waits here is bounded by the number of
//! requests a client may have open.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use lotgenoot_core::room::Grant;
use lotgenoot_protocol::frame::{Answer, Push, ServerFrame};
use lotgenoot_protocol::{AccountKey, LeafKey, Refused, RequestId, RoomId, codec};
use tokio::sync::Notify;

use crate::feed::{Feed, Watch};

/// Something for the socket's task.
pub enum Out {
    /// To be written as it is; it answers a request.
    Reply(Bytes),
    /// To be written as it is; it answers nothing.
    Push(Bytes),
    /// A room may be read from now on.
    Attached {
        /// Which request asked.
        request: RequestId,
        /// As whom.
        leaf: LeafKey,
        /// Which room.
        room: RoomId,
        /// From where to where.
        grant: Box<Grant>,
        /// Where the entries come from.
        feed: Arc<Feed>,
        /// As what it is known there.
        watch: Watch,
    },
    /// A room may not be read.
    NotAttached {
        /// Which request asked.
        request: RequestId,
        /// Which room.
        room: RoomId,
        /// Why not.
        why: Refused,
    },
}

/// A socket.
#[derive(Default)]
pub struct Outlet {
    waiting: Mutex<Vec<Out>>,
    bell: Notify,
    inbox: AtomicBool,
    gone: AtomicBool,
}

impl Outlet {
    /// Answers a request.
    pub fn answer(&self, request: RequestId, answer: Result<Answer, Refused>) {
        let answer = answer.unwrap_or_else(Answer::Refused);
        let bytes = codec::encode_server(&ServerFrame::Reply(request, answer));
        self.put(Out::Reply(bytes.into()));
    }

    /// The same without ringing: for whoever rings for something else right after it.
    pub fn answer_quietly(&self, request: RequestId, answer: Result<Answer, Refused>) {
        let answer = answer.unwrap_or_else(Answer::Refused);
        let bytes = codec::encode_server(&ServerFrame::Reply(request, answer));
        lock(&self.waiting).push(Out::Reply(bytes.into()));
    }

    /// Puts something down and rings.
    pub fn put(&self, out: Out) {
        lock(&self.waiting).push(out);
        self.bell.notify_one();
    }

    /// Rings: something may have changed.
    pub fn ring(&self) {
        self.bell.notify_one();
    }

    /// Rings if something waits that nobody has come for yet.
    pub fn ring_if_waiting(&self) {
        if !lock(&self.waiting).is_empty() {
            self.bell.notify_one();
        }
    }

    /// Rings for the inbox.
    pub fn ring_inbox(&self) {
        self.inbox.store(true, Ordering::Release);
        self.bell.notify_one();
    }

    /// Waits for the bell. A ring while nobody waits is kept.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// Its socket has ended: it counts as nobody's from now on.
    pub fn leave(&self) {
        self.gone.store(true, Ordering::Release);
    }

    /// Whether its socket has ended.
    pub fn is_gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// Everything that waits.
    pub fn take(&self) -> Vec<Out> {
        std::mem::take(&mut *lock(&self.waiting))
    }

    /// Whether the inbox has something new.
    pub fn take_inbox(&self) -> bool {
        self.inbox.load(Ordering::Acquire) && self.inbox.swap(false, Ordering::AcqRel)
    }
}

/// All sockets, by account.
#[derive(Default)]
pub struct Outlets {
    by_account: Mutex<HashMap<AccountKey, Vec<Weak<Outlet>>>>,
    // How many open desks each account has.
    desks: Mutex<HashMap<AccountKey, usize>>,
}

impl Outlets {
    /// A socket signed in.
    pub fn signed_in(&self, account: AccountKey, outlet: &Arc<Outlet>) {
        lock(&self.by_account).entry(account).or_default().push(Arc::downgrade(outlet));
    }

    /// A socket is gone.
    pub fn gone(&self, account: &AccountKey, outlet: &Arc<Outlet>) {
        let mut by_account = lock(&self.by_account);
        let Some(outlets) = by_account.get_mut(account) else { return };
        outlets.retain(|other| other.upgrade().is_some_and(|other| !Arc::ptr_eq(&other, outlet)));
        if outlets.is_empty() {
            by_account.remove(account);
        }
    }

    /// A desk opened. Returns whether it is the account's first.
    pub fn desk_opened(&self, account: AccountKey) -> bool {
        let mut desks = lock(&self.desks);
        let open = desks.entry(account).or_default();
        *open += 1;
        *open == 1
    }

    /// A desk closed. Returns whether it was the account's last.
    pub fn desk_closed(&self, account: &AccountKey) -> bool {
        let mut desks = lock(&self.desks);
        let Some(open) = desks.get_mut(account) else { return false };
        *open -= 1;
        let last = *open == 0;
        if last {
            desks.remove(account);
        }
        last
    }

    /// Something new is in these accounts' inboxes.
    pub fn ring_inboxes(&self, accounts: &[AccountKey]) {
        let by_account = lock(&self.by_account);
        for outlet in accounts.iter().filter_map(|account| by_account.get(account)).flatten() {
            if let Some(outlet) = outlet.upgrade() {
                outlet.ring_inbox();
            }
        }
    }

    /// Says the same to everybody.
    pub fn push_to_all(&self, push: Push) {
        let bytes: Bytes = codec::encode_server(&ServerFrame::Push(push)).into();
        for outlet in lock(&self.by_account).values().flatten().filter_map(Weak::upgrade) {
            outlet.put(Out::Push(bytes.clone()));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
