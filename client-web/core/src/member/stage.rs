//! Workshops: opened by whoever leads them, and open to whoever knocks.
//!
//! Who is planned to lead one and comes later knocks too, as the leaf her certificate is about: those who lead let her in as
//! one of them, and go on without each other.
//!
//! Rooms of hundreds are in suite 0x0003: in 0x004F a tree of 500 leaves is more than a frame holds, and what is said on a
//! stage is no secret from whoever cares to come.

use std::collections::BTreeMap;

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{OpenRoom, Request};
use lotgenoot_protocol::mls::{RoomKind, RoomRules, SUITE_CHACHA};
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::stage::Knock;
use lotgenoot_protocol::{Blob, LeafKey, MessageId, RoomId, Seq, SessionId, Timestamp};
use minicbor::{Decode, Encode};

use super::{Member, room_id};
use crate::content::Content;
use crate::group::{Change, Group};
use crate::identity::{Identity, Leaf};
use crate::requests::Purpose;
use crate::room::{OnStage, Room, SavedLeaf};
use crate::show;

// Whoever is not added by then knocks again.
const KNOCK_EVERY_MS: u64 = 15_000;
// Who opens a hall reads it a moment later.
const OPENED_MS: u64 = 1_000;

/// Workshops she wants to come to.
#[derive(Default)]
pub(crate) struct Stages {
    knocking: BTreeMap<SessionId, Knocking>,
    // Her own mailbox only: she goes to some, in the other one.
    elsewhere: bool,
}

/// What the vault knows of it.
#[derive(Default, Encode, Decode)]
pub(super) struct SavedStages {
    #[n(0)]
    knocks: Vec<SavedKnock>,
    #[n(1)]
    elsewhere: bool,
}

#[derive(Encode, Decode)]
struct SavedKnock {
    #[n(0)]
    session: SessionId,
    #[n(1)]
    leaf: SavedLeaf,
    #[n(2)]
    package: Blob,
}

struct Knocking {
    leaf: Leaf,
    package: Blob,
    // Where it is, once the relay has said.
    room: Option<RoomId>,
    again_at: Timestamp,
}

impl Member {
    /// At her own mailbox: whether she has another one for workshops.
    pub(crate) fn has_workshops(&self) -> bool {
        self.stages.elsewhere
    }

    /// She wants to go to one. Whether that is done in another mailbox: staff have no secrets here.
    pub(crate) fn goes_to_workshops(&mut self, now: Timestamp) -> bool {
        let is_person = self.identity.staff.is_none() && self.identity.coordinator.is_none();
        if is_person && !std::mem::replace(&mut self.stages.elsewhere, true) {
            self.due.core(now);
        }
        is_person
    }

    /// There are none any more.
    pub(crate) fn no_workshops(&mut self, now: Timestamp) {
        self.stages.elsewhere = false;
        self.due.core(now);
    }

    /// Who she is there.
    pub(crate) fn identity_for_workshops(&self) -> Identity {
        Identity::returning(self.root(), self.identity.secret.workshops())
    }

    /// At the mailbox for workshops: there is nothing in it, and nothing on its way.
    pub(crate) fn rests(&self) -> bool {
        self.ready
            && self.rooms.is_empty()
            && self.stages.knocking.is_empty()
            && self.events.is_empty()
            && self.requests.rests()
            && self.is_kept()
    }

    /// Whether this room is one of hers.
    pub(crate) fn is_in(&self, room: &str) -> bool {
        room_id(room).is_some_and(|room| self.rooms.contains_key(&room))
    }

    /// What is found again after a reload: before which workshops she stands, and whether she goes to some elsewhere.
    pub(super) fn saved_stages(&self) -> SavedStages {
        let knocks = self.stages.knocking.iter().map(|(session, knocking)| SavedKnock {
            session: *session,
            leaf: SavedLeaf::of(&knocking.leaf),
            package: knocking.package.clone(),
        });
        SavedStages { knocks: knocks.collect(), elsewhere: self.stages.elsewhere }
    }

    /// She stands there again, as the same one: whoever has added her meanwhile has left a Welcome for that.
    pub(super) fn restore_stages(&mut self, saved: SavedStages) {
        self.stages.elsewhere |= saved.elsewhere;
        for SavedKnock { session, leaf, package } in saved.knocks {
            let leaf = leaf.leaf();
            // Staff are the same leaf in every room of theirs.
            let hers = |room: &Room| room.leaf.public() == leaf.public() && room.workshop == Some(session);
            if self.rooms.values().any(|room| hers(room) && !room.is_expected() && !room.is_over()) {
                continue;
            }
            self.rooms.retain(|_, room| !(hers(room) && room.is_expected()));
            let knocking = Knocking { leaf, package, room: None, again_at: self.now };
            self.stages.knocking.entry(session).or_insert(knocking);
        }
    }

    /// A presenter or host opens the stage of a workshop.
    pub(super) fn open_stage(&mut self, session: &str) {
        let session = show::unhex(session).map(SessionId);
        if session.and_then(|session| self.try_to_open_stage(session)).is_none() {
            self.fail(ui::Failure::OpenRoom);
        }
    }

    fn try_to_open_stage(&mut self, session: SessionId) -> Option<()> {
        let leaf = self.staff_leaf()?;
        let id = RoomId(self.requests.random());
        let organisation = self.trust().organisation();
        let rules = RoomRules { kind: RoomKind::Stage, organisation, hosts_in_help: false };
        let head = self.register_head.as_ref()?;
        let (group, opening) = Group::open(id, SUITE_CHACHA, rules, head, leaf, Vec::new(), self.at_relay())?;
        let open = OpenRoom { room: id, opening, session: Some(session) };
        let prepared = self.requests.prepare(Request::OpenRoom(open));
        let mut room = Room::opened(id, group, Seq(0), prepared.asked());
        room.workshop = Some(session);
        self.keep_room(room);
        self.requests.ask_prepared(Purpose::Open(id), prepared);
        Some(())
    }

    /// A colleague has opened it: she goes there.
    pub(super) fn is_led_already(&mut self, second: RoomId, session: SessionId) {
        self.events.push_back(ui::Event::RoomGone { room: show::hex(&second.0), why: ui::Gone::Left });
        self.join_stage_by(session, OPENED_MS);
    }

    /// Does something on a stage. It counts when it is in the log.
    pub(super) fn act(&mut self, room: &str, act: ui::Act) {
        let fresh = MessageId(self.requests.random());
        let what = match act {
            ui::Act::Agenda(items) => Some(OnStage::Agenda(items)),
            ui::Act::Ask(text) => Some(OnStage::Ask { question: fresh, text }),
            ui::Act::Put(text) => Some(OnStage::Put { statement: fresh, text }),
            ui::Act::Moderate(id, state) => {
                message(&id).map(|question| OnStage::Moderate { question, state })
            }
            ui::Act::Upvote(id, on) => message(&id).map(|question| OnStage::Upvote { question, on }),
            ui::Act::Vote(id, choice) => message(&id).map(|statement| OnStage::Vote { statement, choice }),
            ui::Act::Close(id) => message(&id).map(|statement| OnStage::Close { statement }),
        };
        if let Some((room, what)) = room_id(room).zip(what) {
            self.in_room(room, |room, world| {
                room.say(Content::OnStage(what), world);
            });
        }
    }

    /// Somebody wants to come to a workshop.
    pub(super) fn join_stage(&mut self, session: &str) {
        if let Some(session) = show::unhex(session).map(SessionId) {
            self.join_stage_by(session, 0);
        }
    }

    fn join_stage_by(&mut self, session: SessionId, in_ms: u64) {
        if self.stages.knocking.contains_key(&session) {
            return;
        }
        let leaf = self.staff_leaf().unwrap_or_else(|| self.fresh_leaf());
        let Some(package) = self.keychain.make(SUITE_CHACHA, &leaf, false, self.at_relay()) else {
            return self.fail(ui::Failure::Other);
        };
        self.due.keys(self.now);
        self.due.core(self.now);
        let knocking = Knocking { leaf, package, room: None, again_at: self.now.plus_ms(in_ms) };
        self.stages.knocking.insert(session, knocking);
        self.knock_if_due();
    }

    /// Knocks where it is time to.
    pub(super) fn knock_if_due(&mut self) {
        let now = self.now;
        for (session, knocking) in &mut self.stages.knocking {
            if knocking.again_at <= now && self.ready {
                knocking.again_at = now.plus_ms(KNOCK_EVERY_MS);
                let (session, key_package) = (*session, knocking.package.clone());
                self.requests.ask(Purpose::Knock(session), Request::Knock(Knock { session, key_package }));
            }
        }
    }

    /// When [`Self::knock_if_due`] has something to do.
    pub(super) fn poll_knock(&self) -> Option<Timestamp> {
        self.stages.knocking.values().map(|knocking| knocking.again_at).min().filter(|_| self.ready)
    }

    /// The relay says where it is: the Welcome comes there.
    pub(super) fn door(&mut self, session: SessionId, room: RoomId) {
        // She is there already.
        if self.rooms.get(&room).is_some_and(|room| !room.is_expected()) {
            self.stages.knocking.remove(&session);
            return self.due.core(self.now);
        }
        let Some(knocking) = self.stages.knocking.get_mut(&session) else { return };
        let before = knocking.room.replace(room);
        let leaf = knocking.leaf.clone();
        let expected = |room: &RoomId| self.rooms.get(room).is_some_and(Room::is_expected);
        if let Some(before) = before.filter(|before| *before != room && expected(before)) {
            self.forget_room(before);
        }
        if before != Some(room) && !self.rooms.contains_key(&room) {
            let mut expected = Room::invited(room, leaf);
            (expected.knocked, expected.workshop) = (true, Some(session));
            self.keep_room(expected);
            self.attach(room);
        }
    }

    /// Nobody leads it now, or there is no room any more.
    pub(super) fn no_door(&mut self, session: SessionId) {
        if let Some(knocking) = self.stages.knocking.remove(&session) {
            self.due.core(self.now);
            if let Some(room) =
                knocking.room.filter(|room| self.rooms.get(room).is_some_and(Room::is_expected))
            {
                self.forget_room(room);
            }
            self.fail(ui::Failure::NoStage);
        }
    }

    /// She is in.
    pub(super) fn is_on_stage(&mut self, room: RoomId) {
        let before = self.stages.knocking.len();
        self.stages.knocking.retain(|_, knocking| knocking.room != Some(room));
        if self.stages.knocking.len() < before {
            self.due.core(self.now);
        }
    }

    /// At whoever of those who lead it the relay has told: somebody knocks.
    pub(super) fn knocked(&mut self, room: RoomId, key_package: &Blob) {
        let Some(package) = Group::key_package(key_package) else { return };
        let Some(stage) = self.rooms.get(&room).filter(|room| room.kind() == Some(RoomKind::Stage)) else {
            return;
        };
        let leaf = LeafKey::from_slice(package.leaf_node().signature_key().as_slice());
        let suits = stage.suite() == Some(package.ciphersuite().into()) && !stage.is_over();
        if !suits || leaf.is_none_or(|leaf| stage.has_or_wants(&leaf)) {
            return;
        }
        let may = match Standing::of(package.leaf_node(), self.trust(), self.judging()) {
            Standing::Person => true,
            // By her certificate, and because a coordinator has planned her here: who was taken out is not let in again.
            Standing::Staff(it) => {
                let leads = matches!(it.role, Role::Host | Role::Presenter);
                let planned = stage.workshop.is_some_and(|session| self.is_planned(&session, &it.alias));
                leads && planned && !stage.went.contains(&it.leaf_key)
            }
            Standing::Nobody => false,
        };
        if !may {
            return;
        }
        self.in_room(room, |room, world| room.want(Change::Add(vec![package]), world));
    }
}

fn message(id: &str) -> Option<MessageId> {
    show::unhex(id).map(MessageId)
}
