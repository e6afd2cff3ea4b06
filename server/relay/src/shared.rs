//! What all tasks of one relay share.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use lotgenoot_core::duty::Colleague;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::halls::Halls;
use lotgenoot_core::office::Office;
use lotgenoot_protocol::calendar::Calendar;
use lotgenoot_protocol::frame::Pong;
use lotgenoot_protocol::role::{RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, RoomId, SessionId, Timestamp};

use crate::claims::Claims;
use crate::clock;
use crate::metrics::Metrics;
use crate::outlet::Outlets;
use crate::stopping::Stopping;
use crate::store::{Ledger, Outcome, Writer};
use crate::watch::Watch;

/// The organisation at one moment.
pub struct Known {
    /// Its root, and what is revoked.
    pub trust: Trust,
    /// The head of its staff register, signed.
    pub register_head: Blob,
    /// The register itself.
    pub register: Blob,
    certificates: BTreeMap<AccountKey, Blob>,
}

impl Known {
    /// As the office has it.
    pub fn of(office: &Office) -> Self {
        let (register_head, register) = office.register();
        let certified = |it: &Colleague| (it.account, it.certificate.clone());
        let certificates = office.roster().colleagues().map(certified).collect();
        Self { trust: office.trust(), register_head, register, certificates }
    }

    /// Whose leaf key this is, if she is on the staff.
    pub fn account_of(&self, leaf: &LeafKey) -> Option<AccountKey> {
        let mut certificates = self.certificates.iter();
        let hers = |bytes: &Blob| RoleCertificate::from_bytes(bytes).is_some_and(|it| it.leaf_key == *leaf);
        certificates.find(|(_, bytes)| hers(bytes)).map(|(account, _)| *account)
    }

    /// The accounts of everybody who was ever certified.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountKey> {
        self.certificates.keys()
    }

    /// Whether this account's certificate counts at `now`.
    pub fn is_staff(&self, account: &AccountKey, now: Timestamp) -> bool {
        self.certificates.get(account).is_some_and(|bytes| {
            let read = RoleCertificate::from_bytes(bytes);
            read.is_some_and(|read| self.trust.role(bytes, &read.leaf_key, now).is_ok())
        })
    }

    /// The newest certificate of this account.
    pub fn certificate(&self, account: &AccountKey) -> Option<Blob> {
        self.certificates.get(account).cloned()
    }
}

/// What people can ask for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Services {
    /// Services with somebody reachable.
    pub open: Vec<String>,
    /// All of them.
    pub all: Vec<String>,
}

/// Shared by all tasks; each part has one owner that changes it.
pub struct Shared {
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
    /// Whether it can be relied on.
    pub watch: Arc<Watch>,
    /// What is counted for whoever keeps it running.
    pub(crate) metrics: Arc<Metrics>,
    // The organisation: changed when a coordinator changes the staff.
    known: RwLock<Arc<Known>>,
    // Which rooms belong to help calls: changed by the help desk alone.
    help_rooms: RwLock<HashSet<RoomId>>,
    // Which services somebody reachable is on duty for, and all there are: changed by the help desk alone.
    open: RwLock<Services>,
    // What is planned: changed when a coordinator plans anew.
    calendar: RwLock<Option<Arc<Calendar>>>,
    // Which rooms are open for a session of the calendar: each changed by the room's task.
    sessions: RwLock<BTreeMap<RoomId, SessionId>>,
    // Which of them are stages: the same.
    halls: Mutex<Halls>,
}

impl Shared {
    /// Everything a relay needs to know.
    pub fn new(known: Known, writer: Writer, ledger: Arc<dyn Ledger>, stopping: Stopping) -> Self {
        Self {
            writer,
            ledger,
            outlets: Outlets::default(),
            claims: Claims::default(),
            stopping,
            watch: Arc::default(),
            metrics: Arc::new(Metrics::new(clock::now())),
            known: RwLock::new(Arc::new(known)),
            help_rooms: RwLock::default(),
            open: RwLock::default(),
            calendar: RwLock::default(),
            sessions: RwLock::default(),
            halls: Mutex::default(),
        }
    }

    /// The organisation, as it is now.
    pub fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The organisation is like this from now on.
    pub fn learn(&self, known: Known) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
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
        self.services().open
    }

    fn services(&self) -> Services {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is planned.
    pub fn calendar(&self) -> Option<Arc<Calendar>> {
        self.calendar.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// This is planned from now on. A calendar that is older than the one that is known changes nothing.
    pub fn plan(&self, calendar: Calendar) {
        let mut known = self.calendar.write().unwrap_or_else(PoisonError::into_inner);
        if known.as_ref().is_none_or(|known| known.number < calendar.number) {
            *known = Some(Arc::new(calendar));
        }
    }

    /// For which session of the calendar a room is open now. Returns whether that is news.
    pub fn set_session(&self, room: RoomId, session: Option<SessionId>) -> bool {
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        match session {
            Some(session) => sessions.insert(room, session) != Some(session),
            None => sessions.remove(&room).is_some(),
        }
    }

    /// Which stage is a workshop's hall.
    pub fn halls(&self) -> MutexGuard<'_, Halls> {
        self.halls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is open, and what is planned.
    pub fn pong(&self, now: Timestamp) -> Pong {
        let open: BTreeSet<SessionId> =
            self.sessions.read().unwrap_or_else(PoisonError::into_inner).values().copied().collect();
        let calendar = self.calendar();
        // Only what is planned: what a host may call her room by otherwise is nobody's to carry.
        let planned = calendar.iter().flat_map(|calendar| &calendar.sessions).map(|session| session.id);
        let sessions = planned.filter(|session| open.contains(session)).collect();
        let Services { open, all: services } = self.services();
        Pong { now, open, calendar: calendar.map_or(0, |calendar| calendar.number), sessions, services }
    }

    /// Says which services there are, and which are open. Returns whether that is news.
    pub fn set_open(&self, services: Services) -> bool {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let news = *open != services;
        *open = services;
        news
    }
}

/// The entries a batch appended to `room`.
pub(crate) fn appends(batch: Batch, room: RoomId) -> impl Iterator<Item = lotgenoot_core::effect::Append> {
    batch.ops.into_iter().filter_map(move |op| match op {
        Op::Append(append) if append.room == room => Some(append),
        _ => None,
    })
}
