//! A room as two parts of a vault: the room itself, and what is wanted of it.
//!
//! The *room* is heavy (a group of ten in suite 0x004F weighs 20 to 50 kB packed) and is written when its epoch has changed
//! and now and then; it is an anchor from which the log is replayed, and the relay keeps the log from there on. The
//! *wishes* are light and are written before anything that they ask for leaves this client.

use std::collections::{BTreeMap, VecDeque};

use ed25519_dalek::SigningKey;
use lotgenoot_messages::SessionView;
use lotgenoot_protocol::floor::{Floor, Measure, Ruling};
use lotgenoot_protocol::frame::{Ack, Request};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Pseudonym, RequestId, RoomId, Seq, SessionId, Timestamp};
use minicbor::{Decode, Encode};
use zeroize::Zeroize;

use super::floor::Ends;
use super::outbox::{Item, Outbox};
use super::said::Said;
use super::shown::Transcript;
use super::stage::Stage;
use super::waiting::Waiting;
use super::{Committing, HeldWords, Leaving, Offered, Renewal, Responder, Room, Successor, World};
use crate::call::Call;
use crate::group::{Change, Group, SavedGroup};
use crate::identity::Leaf;
use crate::member::Shown;
use crate::requests::Purpose;

// A replay is never longer than this.
const ENTRIES_BEFORE_ANCHOR: u64 = 192;
// What an epoch ends can be read from the vault no longer than this.
const EPOCH_BEFORE_ANCHOR_MS: u64 = 20_000;
const ENTRY_BEFORE_ANCHOR_MS: u64 = 60 * 60_000;

/// The request that makes a room known, to be said again after a restore: the relay makes sure of one effect.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Asked {
    #[n(0)]
    pub(crate) request: RequestId,
    /// The frame.
    #[n(1)]
    pub(crate) frame: Blob,
}

/// Who somebody is in one room.
#[derive(Encode, Decode)]
pub(crate) struct SavedLeaf {
    #[cbor(n(0), with = "minicbor::bytes")]
    key: [u8; 32],
    #[n(1)]
    name: Pseudonym,
    #[n(2)]
    certificate: Option<Blob>,
}

/// A room without its wishes.
#[derive(Encode, Decode)]
pub(crate) struct SavedRoom {
    #[n(0)]
    leaf: SavedLeaf,
    #[n(1)]
    group: Option<SavedGroup>,
    #[n(2)]
    last: Option<Seq>,
    #[n(3)]
    names: BTreeMap<Pseudonym, String>,
    #[n(4)]
    lead: Option<LeafKey>,
    #[n(5)]
    reply_due: bool,
    #[n(6)]
    admitted_to: Option<RoomId>,
    #[n(7)]
    offer: Option<Blob>,
    #[n(8)]
    offered: Option<SavedLeaf>,
    #[n(9)]
    asked: Option<Asked>,
    /// The wish of the commit under way, if there is one.
    #[n(10)]
    committing: Option<Option<u32>>,
    #[n(11)]
    stopped: bool,
    #[n(12)]
    epoch_min: Epoch,
    #[n(13)]
    transcript: Transcript,
    /// Help only: the call as this place of the log left it.
    #[n(14)]
    pub(crate) call: Option<Call>,
    #[n(15)]
    someone_stuck: bool,
    #[n(16)]
    invited: Option<Shown>,
    #[n(17)]
    offered_package: Option<Blob>,
    #[n(18)]
    went: Vec<LeafKey>,
    #[n(19)]
    floor: Option<Floor>,
    #[n(20)]
    session: Option<SessionView>,
    #[n(21)]
    held: Option<Vec<HeldWords>>,
    #[n(22)]
    ends: Option<Ends>,
    #[n(23)]
    admitted_as: Option<LeafKey>,
    #[n(24)]
    unstaffed: Option<bool>,
    #[n(25)]
    rulings_since: Option<Vec<(Ruling, Timestamp)>>,
    #[n(26)]
    blocked: Option<BTreeMap<RoomId, Timestamp>>,
    #[n(27)]
    closed_at: Option<Timestamp>,
    #[n(28)]
    waiting: Option<Waiting>,
    #[n(29)]
    stays_until: Option<Timestamp>,
    #[n(30)]
    stage: Option<Stage>,
    #[n(31)]
    showed: Option<(Blob, Blob)>,
    #[n(32)]
    workshop: Option<SessionId>,
}

/// What is wanted of a room.
#[derive(Encode, Decode)]
pub(crate) struct SavedWishes {
    #[n(0)]
    outbox: Outbox,
    #[n(1)]
    wanted: Vec<(u32, SavedChange)>,
    #[n(2)]
    wants: u32,
    #[n(3)]
    leaving: Leaving,
    #[n(4)]
    admitting: BTreeMap<LeafKey, RoomId>,
    #[n(5)]
    responders: Vec<Responder>,
    #[n(6)]
    successor: Option<Successor>,
    #[n(7)]
    measures: Option<VecDeque<Measure>>,
    #[n(8)]
    ruled_before: Option<BTreeMap<LeafKey, Vec<Measure>>>,
}

#[derive(Encode, Decode)]
enum SavedChange {
    #[n(0)]
    Add(#[n(0)] Vec<Blob>),
    #[n(1)]
    Remove(#[n(0)] LeafKey),
    #[n(2)]
    Update,
    #[n(3)]
    RemoveAll(#[n(0)] Vec<LeafKey>),
}

/// What of a room its vault does not have yet.
pub(crate) struct Unsaved {
    room_by: Option<Timestamp>,
    wishes: Wishes,
    // The place of the log that a change of the vault under way has reached.
    saving: Option<Seq>,
    // And the one that the vault has.
    anchor: Option<Seq>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Wishes {
    Saved,
    WithTheRoom,
    Now,
}

impl Unsaved {
    /// A new room.
    pub(crate) fn all() -> Self {
        Self { room_by: Some(Timestamp(0)), wishes: Wishes::Now, saving: None, anchor: None }
    }

    fn nothing(anchor: Option<Seq>) -> Self {
        Self { room_by: None, wishes: Wishes::Saved, saving: None, anchor }
    }

    /// The room is to be written at this moment, if not before.
    pub(crate) fn room_by(&mut self, at: Timestamp) {
        self.room_by = Some(self.room_by.map_or(at, |by| by.min(at)));
    }

    /// The wishes are to be written before anything that asks for them leaves.
    pub(crate) fn wishes_now(&mut self) {
        self.wishes = Wishes::Now;
    }

    /// The wishes have changed, and nothing waits for them.
    pub(crate) fn wishes_with_the_room(&mut self) {
        if self.wishes == Wishes::Saved {
            self.wishes = Wishes::WithTheRoom;
        }
    }

    /// Whether the room is to be written now.
    pub(crate) fn room_is_due(&self, now: Timestamp) -> bool {
        self.room_by.is_some_and(|by| by <= now)
    }

    /// Whether the wishes are to be written now: also whenever the room is, if they have changed at all.
    pub(crate) fn wishes_are_due(&self, now: Timestamp) -> bool {
        self.wishes == Wishes::Now || (self.wishes == Wishes::WithTheRoom && self.room_is_due(now))
    }

    /// When something is to be written.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        if self.wishes == Wishes::Now { Some(Timestamp(0)) } else { self.room_by }
    }

    fn entry_applied(&mut self, seq: Seq, epoch_changed: bool, now: Timestamp) {
        let since = self.anchor.map_or(0, |anchor| seq.0.saturating_sub(anchor.0));
        if since >= ENTRIES_BEFORE_ANCHOR {
            self.room_by(now);
        }
        self.room_by(now.plus_ms(if epoch_changed {
            EPOCH_BEFORE_ANCHOR_MS
        } else {
            ENTRY_BEFORE_ANCHOR_MS
        }));
    }
}

impl Room {
    /// The room without its wishes, for a change of the vault that is about to leave.
    pub(crate) fn save(&mut self, call: Option<&Call>) -> SavedRoom {
        self.unsaved.room_by = None;
        self.unsaved.saving = self.last;
        SavedRoom {
            leaf: SavedLeaf::of(&self.leaf),
            group: self.group.as_mut().map(Group::save),
            last: self.last,
            names: self.names.clone(),
            lead: self.lead,
            reply_due: self.reply_due,
            admitted_to: self.admitted_to,
            offer: self.offer.clone(),
            offered: self.offered.as_ref().map(|offered| SavedLeaf::of(&offered.leaf)),
            offered_package: self.offered.as_ref().map(|offered| offered.package.clone()),
            asked: self.asked.clone(),
            committing: self.commit.as_ref().map(|commit| commit.want),
            stopped: self.stopped,
            epoch_min: self.epoch_min,
            transcript: self.transcript.clone(),
            call: call.cloned(),
            someone_stuck: self.someone_stuck,
            invited: self.invited.clone(),
            went: self.went.clone(),
            floor: Some(self.floor.clone()),
            session: Some(self.session),
            held: Some(self.held.clone()),
            ends: Some(self.ends),
            admitted_as: self.admitted_as,
            unstaffed: Some(self.unstaffed),
            rulings_since: self.rulings_since.clone(),
            blocked: Some(self.blocked.clone()),
            closed_at: self.closed_at,
            waiting: Some(self.waiting.clone()),
            stays_until: self.stays_until,
            showed: self.showed.clone(),
            workshop: self.workshop,
            stage: (self.kind() == Some(RoomKind::Stage)).then(|| self.stage.clone()),
        }
    }

    /// What is wanted of it.
    pub(crate) fn save_wishes(&mut self) -> Vec<u8> {
        self.unsaved.wishes = Wishes::Saved;
        let wanted = self.wanted.iter().map(|(id, change)| (*id, SavedChange::of(change))).collect();
        let outbox = std::mem::take(&mut self.outbox);
        let saved = SavedWishes {
            outbox,
            wanted,
            wants: self.wants,
            // Whether it was asked is known by this connection only.
            leaving: if self.leaving == Leaving::Asked { Leaving::Wanted } else { self.leaving },
            admitting: self.admitting.clone(),
            responders: self.responders.clone(),
            successor: self.successor.clone(),
            measures: Some(self.measures.clone()),
            ruled_before: Some(self.ruled_before.clone()),
        };
        let bytes = lotgenoot_protocol::codec::to_vec(&saved);
        self.outbox = saved.outbox;
        bytes
    }

    /// The vault has the room as it was when it was last saved: the relay need not keep what is before that.
    pub(crate) fn is_saved(&mut self, world: &mut World<'_>) {
        self.unsaved.anchor = self.unsaved.saving.take().or(self.unsaved.anchor);
        if let Some(anchor) = self.unsaved.anchor {
            self.outbox.anchored(anchor);
            self.said.anchored(anchor);
            self.ack(anchor, world);
        }
    }

    /// The vault does not have it, and may never: what was saved is to be saved again, and nobody waits for it.
    pub(crate) fn is_not_saved(&mut self, again_at: Timestamp, world: &mut World<'_>) {
        self.unsaved.saving = None;
        self.unsaved.wishes = Wishes::WithTheRoom;
        self.unsaved.room_by = Some(again_at);
        if let Some(last) = self.last.filter(|_| self.acked.is_none()) {
            self.ack(last, world);
        }
    }

    /// A room as it was saved, before its log is replayed; `None` if it cannot be read.
    pub(crate) fn restore(
        id: RoomId,
        saved: SavedRoom,
        wishes: Option<SavedWishes>,
        said: BTreeMap<u32, Vec<Item>>,
    ) -> Option<Self> {
        let leaf = saved.leaf.leaf();
        let group = match saved.group {
            Some(group) => Some(Group::restore(id, group, leaf.clone())?),
            None => None,
        };
        let mut room = Self::invited(id, leaf);
        room.renewal = if group.is_some() { Renewal::Needed } else { Renewal::Done };
        room.group = group;
        room.last = saved.last;
        room.acked = saved.last;
        room.names = saved.names;
        room.lead = saved.lead;
        room.reply_due = saved.reply_due;
        room.admitted_to = saved.admitted_to;
        room.offer = saved.offer;
        let offered = saved.offered.map(|leaf| leaf.leaf()).zip(saved.offered_package);
        room.offered = offered.map(|(leaf, package)| Offered { leaf, package });
        room.asked = saved.asked;
        room.commit = saved.committing.map(|want| Committing { request: None, want });
        room.stopped = saved.stopped;
        room.epoch_min = saved.epoch_min;
        room.transcript = saved.transcript;
        room.call = saved.call.map(|call| call.id);
        room.someone_stuck = saved.someone_stuck;
        room.invited = saved.invited;
        room.went = saved.went;
        room.floor = saved.floor.unwrap_or_default();
        room.session = saved.session.unwrap_or_default();
        room.held = saved.held.unwrap_or_default();
        room.admitted_as = saved.admitted_as;
        room.unstaffed = saved.unstaffed.unwrap_or_default();
        room.rulings_since = saved.rulings_since;
        room.closed_at = saved.closed_at;
        room.stays_until = saved.stays_until;
        room.showed = saved.showed;
        room.workshop = saved.workshop;
        room.stage = saved.stage.unwrap_or_default();
        room.blocked = saved.blocked.unwrap_or_default();
        room.waiting = saved.waiting.unwrap_or_default();
        room.ends = saved.ends.unwrap_or_default();
        room.unsaved = Unsaved::nothing(saved.last);
        if let Some(wishes) = wishes {
            room.outbox = wishes.outbox;
            room.wanted = wishes.wanted.into_iter().filter_map(|(id, it)| Some((id, it.change()?))).collect();
            room.wants = wishes.wants;
            room.leaving = wishes.leaving;
            room.admitting = wishes.admitting;
            room.responders = wishes.responders;
            room.successor = wishes.successor;
            room.measures = wishes.measures.unwrap_or_default();
            room.ruled_before = wishes.ruled_before.unwrap_or_default();
        }
        room.said = Said::restore(&said);
        room.outbox.look_for_put_away(said.into_values().flatten().collect());
        room.outbox.look_for_all(saved.last);
        Some(room)
    }

    // The log up to its end has been read again. The commit that was kept for it has come back or never got there.
    pub(super) fn replayed(&mut self) {
        if self.renewal == Renewal::Needed {
            self.drop_commit();
            self.outbox.send_what_was_not_found();
        }
    }

    pub(super) fn note_applied(&mut self, seq: Seq, epoch_changed: bool, now: Timestamp) {
        self.unsaved.entry_applied(seq, epoch_changed, now);
    }

    fn ack(&mut self, seq: Seq, world: &mut World<'_>) {
        let known = self.acked.is_some_and(|acked| acked >= seq);
        if known || self.group.is_none() {
            return;
        }
        self.acked = Some(seq);
        if self.attached {
            world.requests.ask(Purpose::Ack, Request::Ack(Ack { room: self.id, seq }));
            self.work(world);
        }
    }
}

impl SavedLeaf {
    /// It, as it is kept.
    pub(crate) fn of(leaf: &Leaf) -> Self {
        let certificate = leaf.certificate.clone().map(Blob);
        Self { key: leaf.key.to_bytes(), name: leaf.name, certificate }
    }

    /// It, as it was.
    pub(crate) fn leaf(&self) -> Leaf {
        Leaf {
            key: SigningKey::from_bytes(&self.key),
            name: self.name,
            certificate: self.certificate.clone().map(|certificate| certificate.0),
        }
    }
}

impl Drop for SavedLeaf {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl SavedChange {
    fn of(change: &Change) -> Self {
        match change {
            Change::Add(packages) => {
                Self::Add(packages.iter().filter_map(Group::key_package_bytes).collect())
            }
            Change::Remove(leaf) => Self::Remove(*leaf),
            Change::RemoveAll(leaves) => Self::RemoveAll(leaves.clone()),
            Change::Update => Self::Update,
        }
    }

    fn change(self) -> Option<Change> {
        match self {
            Self::Add(packages) => {
                let packages: Vec<_> =
                    packages.iter().filter_map(|bytes| Group::key_package(bytes)).collect();
                (!packages.is_empty()).then_some(Change::Add(packages))
            }
            Self::Remove(leaf) => Some(Change::Remove(leaf)),
            Self::RemoveAll(leaves) => Some(Change::RemoveAll(leaves)),
            Self::Update => Some(Change::Update),
        }
    }
}
