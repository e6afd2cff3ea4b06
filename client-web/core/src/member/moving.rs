//! A peer room that goes on in another one: in another suite, or because somebody cannot follow in the old one.
//!
//! A host opens the successor and says so in the room. Everybody offers a KeyPackage for it there, where the relay
//! cannot swap it; the host lets them in, and who is in leaves the old room. The host leaves it last.

use lotgenoot_messages as ui;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, LeafKey, Pseudonym, RoomId};

use super::{Member, room_id};
use crate::content::Content;
use crate::group::{Change, Group, MemberLeaf};
use crate::room::{Room, Successor};

impl Member {
    /// A host moves her room. Asked twice it moves once.
    pub(super) fn move_room(&mut self, room: &str) {
        let Some(old) = room_id(room).filter(|id| self.may_move(id)) else {
            return self.fail(ui::Failure::OpenRoom);
        };
        let Some(new) = self.open_peer_room(true) else { return };
        // As it was led there it is led here.
        let led = self.rooms.get(&old).map(Room::led_like).unwrap_or_default();
        self.in_room(new, |room, world| led.into_iter().for_each(|measure| room.rule(measure, world)));
        self.blocks_move_along(old, new);
        self.in_room(old, |room, world| {
            room.goes_on_in(Successor::led(new));
            room.say(Content::Moving { room: new }, world);
            room.show(world);
        });
    }

    fn may_move(&self, id: &RoomId) -> bool {
        self.rooms.get(id).is_some_and(|room| {
            room.kind() == Some(RoomKind::Peer)
                && room.is_open()
                && room.successor.is_none()
                && self.identity.staff.is_some()
        })
    }

    /// A host has said that this room goes on elsewhere.
    pub(super) fn moving(&mut self, old: RoomId, from: &MemberLeaf, new: RoomId) {
        let room = self.rooms.get(&old).filter(|room| room.successor.is_none());
        let goes_along =
            room.is_some_and(|room| room.kind() == Some(RoomKind::Peer) && room.leaf.public() != from.key);
        if !goes_along || from.standing.role() != Some(Role::Host) {
            return;
        }
        self.in_room(old, |room, world| {
            room.goes_on_in(Successor::of_another(new));
            room.show(world);
        });
        self.blocks_move_along(old, new);
        match self.rooms.get(&new) {
            Some(room) if room.group.is_some() => self.has_moved(new),
            Some(_) => {}
            None if self.identity.staff.is_none() => self.offer_in(old, new),
            // Colleagues on shift are asked in like everywhere.
            None => {}
        }
    }

    fn offer_in(&mut self, old: RoomId, new: RoomId) {
        let Some((leaf, package)) = self.offer() else { return };
        let nickname = self.nickname.clone();
        self.keep_room(Room::invited(new, leaf));
        self.in_room(old, |room, world| {
            room.say(Content::Hello { nickname, key_package: Some(package) }, world);
        });
        self.attach(new);
    }

    /// Somebody offers a KeyPackage in a room that this host moves: she is let in where it goes on.
    ///
    /// Once for each who sits in the old room: nobody brings others along, or comes back where she was taken out.
    pub(super) fn offered_to_move(&mut self, old: RoomId, from: &LeafKey, nickname: &str, package: &Blob) {
        let Some(package) = Group::key_package(package) else { return };
        let leaf = LeafKey::from_slice(package.leaf_node().signature_key().as_slice());
        let name = Pseudonym::from_slice(package.leaf_node().credential().serialized_content());
        let (Some(leaf), Some(name)) = (leaf, name) else { return };
        let successor = |room: &Room| room.successor.as_ref().map(|successor| successor.room);
        let new = self.rooms.get(&old).and_then(successor).and_then(|new| self.rooms.get(&new));
        if new.and_then(Room::suite) != Some(package.ciphersuite().into()) {
            return;
        }
        let mut ruled = Vec::new();
        self.in_room(old, |room, world| ruled = room.ruled_about(from, leaf, world.at_relay(world.now)));
        let Some(new) = self.rooms.get_mut(&old).and_then(|room| room.lets_into_successor(*from)) else {
            return;
        };
        self.in_room(new, |room, world| {
            if !room.has_or_wants(&leaf) {
                room.names.insert(name, nickname.to_owned());
                room.ruled_before.insert(leaf, ruled);
                room.want(Change::Add(vec![package]), world);
            }
        });
    }

    /// This client is in the room that another one goes on in: it leaves that one.
    pub(super) fn has_moved(&mut self, new: RoomId) {
        let from: Vec<RoomId> =
            self.rooms.values().filter(|room| room.moves_to(&new)).map(|it| it.id).collect();
        for old in from {
            let now = self.now;
            self.in_room(new, |room, world| room.note(ui::Note::Moved, now, world));
            self.in_room(old, |room, world| room.leave_after_words(world));
        }
    }

    /// Everybody has gone along: the host who has moved the room leaves it too.
    pub(super) fn leave_if_all_have_moved(&mut self, old: RoomId) {
        let leads = |room: &&Room| room.successor.as_ref().is_some_and(|successor| successor.leads);
        let Some(room) = self.rooms.get(&old).filter(leads) else { return };
        let persons = room.members(self.trust(), self.judging());
        if persons.iter().all(|member| !matches!(member.standing, Standing::Person)) {
            self.in_room(old, |room, world| room.leave_after_words(world));
        }
    }

    /// The room that another one was to go on in was refused: that one stays.
    pub(super) fn not_moved(&mut self, new: &RoomId) {
        for room in self.rooms.values_mut().filter(|room| room.leads_to(new)) {
            room.successor = None;
            room.unsaved.wishes_now();
        }
    }
}
