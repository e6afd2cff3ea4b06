//! In and out of rooms: what a room is attached to, who is let in, who comes again.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::Attached;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::{Blob, LeafKey, Pseudonym, Refused, RequestId, RoomId};

use super::{Member, OwnLine, room_call, room_id};
use crate::call::Phase;
use crate::content::Content;
use crate::group::{Change, Group};
use crate::identity::Leaf;
use crate::requests::{Prepared, Purpose, Wanted};
use crate::room::{Offered, Room};
use crate::show;

// Keys that a Welcome has used up leave the vault within this time: several joins are one change.
const USED_KEYS_BY_MS: u64 = 60_000;
const KNOWN_BY_MS: u64 = 20_000;

impl Member {
    pub(super) fn handle_attached(&mut self, id: RoomId, attached: Attached) {
        self.known_to_relay(id);
        self.in_room(id, |room, world| {
            room.is_attached(attached.session.as_ref(), world);
            world.requests.attached(id);
        });
        let waiting = self.rooms.get(&id).is_some_and(|room| room.group.is_none());
        if let (true, Some(invitation)) = (waiting, attached.invitation) {
            let leaf = self.rooms.get(&id).map(|room| room.leaf.clone());
            // A person is let in to a group or a stage; whoever leads her elsewhere is not what she was told.
            let is_staff = self.identity.staff.is_some();
            let fits = |group: &Group| is_staff || matches!(group.kind(), RoomKind::Peer | RoomKind::Stage);
            let joined = leaf.and_then(|leaf| {
                let keys = self.keychain.keys_for(&invitation.welcome)?;
                Group::join(id, &invitation, keys, leaf, self.trust(), self.judging()).filter(fits)
            });
            let Some(group) = joined else {
                self.forget_room(id);
                self.events
                    .push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::NotJoined });
                return self.offer_again();
            };
            self.keychain.used(&invitation.welcome);
            self.due.keys(self.now.plus_ms(USED_KEYS_BY_MS));
            self.in_room(id, |room, world| room.joined(group, invitation.seq, world));
            self.joined(id);
        }
        self.in_room(id, |room, world| room.caught_up(attached.head, world));
        self.tell_places();
    }

    // A room we have just come into: say what we are called, and know which call it is about.
    pub(super) fn joined(&mut self, id: RoomId) {
        self.is_on_stage(id);
        let Some(kind) = self.rooms.get(&id).and_then(Room::kind) else { return };
        if kind == RoomKind::Peer && self.identity.staff.is_none() {
            let nickname = self.nickname.clone();
            self.in_room(id, |room, world| {
                room.names.insert(room.leaf.name, nickname.clone());
                room.say(Content::Hello { nickname, key_package: None }, world);
            });
        }
        self.has_moved(id);
        // Hosts know her line by where she sits.
        if let (RoomKind::Peer, OwnLine::Open(line)) = (kind, self.own_line) {
            self.say_where_she_is(line, Some(id));
        }
        let about = self.calls.values().find(|call| call.room == id).map(|call| call.id);
        if let Some(call) = about {
            self.link_call(call);
            self.show_call(call);
        }
    }

    pub(super) fn attach_refused(&mut self, id: RoomId, asked: RequestId, refused: &Refused) {
        let now = self.now;
        if !self.rooms.get_mut(&id).is_some_and(|room| room.not_attached(asked, now)) {
            return;
        }
        // The log does not go back to what is here.
        if matches!(refused, Refused::Stale) {
            self.in_room(id, |room, world| room.want_resync(world));
            return self.attach(id);
        }
        if matches!(refused, Refused::Over) {
            return self.is_over(id);
        }
        // A Welcome that is not released yet, or too many rooms at once: asked again.
        let Some(room) = self.rooms.get(&id).filter(|room| room.group.is_some()) else { return };
        if !matches!(refused, Refused::UnknownRoom) {
            return;
        }
        match &room.asked {
            Some(asked) if self.requests.is_open(&asked.request) => {}
            // The room was being made when this client ended. The relay does not know it: it is made now.
            Some(asked) => {
                let prepared = Prepared { request: asked.request, frame: asked.frame.clone() };
                let call = room_call(&self.calls, id).filter(|call| call.own).map(|call| call.id);
                let purpose = call.map_or(Purpose::Open(id), Purpose::Raise);
                self.requests.ask_prepared(purpose, prepared);
            }
            None => {
                let (leaves, kind) = (room.is_leaving(), room.kind());
                self.in_room(id, |room, world| room.give_up(world));
                self.forget_room(id);
                self.line_gone(id);
                if kind == Some(RoomKind::Peer) {
                    self.offer_again();
                }
                self.events.push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::Removed });
                // Nobody takes a person out of her own call: this relay has forgotten it, and hears of it again.
                let call = room_call(&self.calls, id).filter(|call| call.own && call.phase != Phase::Closed);
                if let Some(call) = call.filter(|_| !leaves).map(|call| call.id) {
                    let _its_id = self.raise_anew(call, false);
                }
            }
        }
    }

    // Nobody keeps it any more, and neither does this client. But a call of hers that is open is hers to say it is over:
    // this relay hears of it again.
    fn is_over(&mut self, id: RoomId) {
        let kind = self.rooms.get(&id).and_then(Room::kind);
        self.in_room(id, |room, world| room.give_up(world));
        self.forget_room(id);
        self.line_gone(id);
        if kind == Some(RoomKind::Peer) {
            self.offer_again();
        }
        self.events.push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::Over });
        let Some(call) = room_call(&self.calls, id) else { return };
        let (call, open) = (call.id, call.own && !matches!(call.phase, Phase::Closed | Phase::Rests));
        if open {
            self.raise_anew(call, false);
            return;
        }
        if self.keeps_what_was_agreed(call) {
            return;
        }
        self.calls.remove(&call);
        self.due.core(self.now);
        self.events.push_back(ui::Event::CallGone { call: show::hex(&call.0) });
    }

    /// The relay has this room: what made it need not be asked again.
    pub(super) fn known_to_relay(&mut self, id: RoomId) {
        let now = self.now;
        if let Some(room) = self.rooms.get_mut(&id)
            && room.asked.take().is_some()
        {
            room.unsaved.room_by(now.plus_ms(KNOWN_BY_MS));
            if self.own_line == OwnLine::Open(id) {
                self.show_invitation(id);
            }
        }
        // A help room is there as soon as its call is stored, whoever heard that.
        let call = self.calls.values_mut().find(|call| call.room == id && call.own);
        if let Some(call) = call.filter(|call| call.phase == Phase::NotSent) {
            call.phase = Phase::Stored;
            let call = call.id;
            self.call_changed(call);
        }
    }

    pub(super) fn opened(&mut self, id: RoomId) {
        self.known_to_relay(id);
        self.attach(id);
        self.in_room(id, |room, world| room.show(world));
        match self.rooms.get(&id).and_then(Room::kind) {
            Some(RoomKind::Peer) => self.ask_duty(Wanted::CoHosts(id)),
            Some(RoomKind::Line) => {
                self.say_where_she_is(id, None);
                self.show_what_is_held(id);
                self.tell_what_waits(id);
            }
            _ => {}
        }
    }

    pub(super) fn admit(&mut self, line: &str, room: &str) {
        let (Some(line), Some(room)) = (room_id(line), room_id(room)) else { return };
        let mut may = true;
        self.in_room(line, |line, world| may = line.may_be_let_in(&room, world));
        if !may {
            return self.fail(ui::Failure::Admit);
        }
        let offer = self.rooms.get(&line).and_then(|line| line.offer.as_ref());
        let package = offer.and_then(|bytes| Group::key_package(bytes));
        let suite = self.rooms.get(&room).and_then(Room::suite);
        let Some(package) = package.filter(|package| suite == Some(package.ciphersuite().into())) else {
            // A room of another suite must be moved first.
            return self.fail(ui::Failure::Admit);
        };
        if let Some(line) = self.rooms.get_mut(&line) {
            line.offer = None;
        }
        let leaf = LeafKey::from_slice(package.leaf_node().signature_key().as_slice());
        let name = Pseudonym::from_slice(package.leaf_node().credential().serialized_content());
        let nickname = self.rooms.get(&line).and_then(|line| line.person_name());
        self.in_room(room, |room, world| {
            if let (Some(name), Some(nickname)) = (name, nickname) {
                room.names.insert(name, nickname);
            }
            room.admitting.extend(leaf.map(|leaf| (leaf, line)));
            room.want(Change::Add(vec![package]), world);
        });
    }

    pub(super) fn admitted(&mut self, line: RoomId, room: RoomId) {
        // One in which she had to stop is begun anew.
        if self.rooms.get(&room).is_some_and(|room| !room.is_stopped()) {
            return;
        }
        if let Some(offered) = self.rooms.get_mut(&line).and_then(|line| line.offered.take()) {
            self.keep_room(Room::invited(room, offered.leaf));
            self.attach(room);
        }
    }

    /// A KeyPackage for the peer room, to travel inside a line, and the leaf it is for.
    pub(crate) fn offer(&mut self) -> Option<(Leaf, Blob)> {
        let leaf = self.fresh_leaf();
        let package = self.keychain.make(self.suite, &leaf, false, self.at_relay())?;
        self.due.keys(self.now);
        Some((leaf, package))
    }

    // Out of a room and still in the line: a fresh KeyPackage, so that a host can let her in again.
    pub(super) fn offer_again(&mut self) {
        let OwnLine::Open(line) = self.own_line else { return };
        if self.rooms.get(&line).is_none_or(|line| line.offered.is_some()) {
            return;
        }
        let Some((leaf, package)) = self.offer() else { return };
        let nickname = self.nickname.clone();
        let hello = Content::Hello { nickname, key_package: Some(package.clone()) };
        self.in_room(line, |room, world| {
            room.offered = Some(Offered { leaf, package });
            room.unsaved.room_by(world.now);
            room.say(hello, world);
        });
    }

    /// She wants to go. Where she had to stop there is nobody whom she could tell so: she is simply not there any more.
    pub(super) fn leave(&mut self, id: RoomId) {
        if self.rooms.get(&id).is_some_and(Room::is_stopped) {
            self.in_room(id, |room, world| room.give_up(world));
            self.forget_room(id);
            self.line_gone(id);
            self.events.push_back(ui::Event::RoomGone { room: show::hex(&id.0), why: ui::Gone::Left });
        } else {
            self.in_room(id, |room, world| room.leave(world));
        }
    }

    pub(super) fn line_gone(&mut self, line: RoomId) {
        if self.own_line == OwnLine::Open(line) {
            self.own_line = OwnLine::None;
            self.due.core(self.now);
            self.nobody_sees_what_is_held();
        }
    }
}
