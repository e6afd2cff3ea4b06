//! Words that go to the hosts first, between a person's room and her line.

use std::collections::BTreeSet;

use lotgenoot_messages as ui;
use lotgenoot_protocol::limits::BLOCK_MS;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign, verify};
use lotgenoot_protocol::{Blob, LeafKey, MessageId, RequestId, RoomId, Timestamp};

use super::{Member, OwnLine, room_id};
use crate::content::Content;
use crate::group::MemberLeaf;
use crate::requests::{Purpose, Wanted};
use crate::room::{HeldWords, Room};
use crate::show;

impl Member {
    /// Whether the room lets her say by now what this request says: the refusal and what ended its reason have no
    /// common order.
    pub(super) fn is_released(&mut self, request: &RequestId) -> bool {
        let Some(Purpose::Send(room, message)) = self.requests.purpose(request) else { return false };
        let may = self.rooms.get(room).is_some_and(|room| room.knows_that_she_may_say(message, self.now));
        // Once: a relay that says no again is taken at its word.
        may && self.sent_again.insert(*request)
    }

    /// The relay keeps these words back. She says them to the hosts, in her line; without one, in a new one.
    pub(super) fn held_back(&mut self, room: RoomId, message: MessageId) {
        let mut held = None;
        self.in_room(room, |room, world| held = room.held_back(message, world));
        let Some(content) = held else { return };
        match self.own_line {
            OwnLine::Open(line) => {
                self.in_room(line, |line, world| {
                    line.say(content, world);
                });
                // Whoever is on shift by now may not be in it.
                self.ask_duty(Wanted::CoHosts(line));
            }
            // They are said when it is open.
            OwnLine::Asked => {}
            OwnLine::None => {
                self.own_line = OwnLine::Asked;
                self.due.core(self.now);
                self.ask_duty(Wanted::Line);
            }
        }
    }

    /// Her line is open, or another host has come into it: who is there now is shown everything that waits.
    pub(super) fn show_what_is_held(&mut self, line: RoomId) {
        if self.own_line != OwnLine::Open(line) {
            return;
        }
        let held: Vec<Content> = self.rooms.values().flat_map(Room::held_contents).collect();
        self.in_room(line, |line, world| {
            for content in held {
                line.say(content, world);
            }
        });
    }

    /// Whoever sits in a group already says so in a line she opens later: nobody lets her in once more.
    pub(super) fn say_where_she_is(&mut self, line: RoomId, room: Option<RoomId>) {
        if self.own_line != OwnLine::Open(line) || self.identity.staff.is_some() {
            return;
        }
        let sits = |it: &&Room| it.is_sat_in() && room.is_none_or(|room| room == it.id);
        let Some(room) = self.rooms.values().find(sits) else { return };
        let (id, leaf) = (room.id, room.leaf.public());
        let signature = Blob(sign(&room.leaf.key, SignFor::AmIn, &[&line.0, &id.0]).to_vec());
        self.in_room(line, |line, world| {
            line.say(Content::AmIn { room: id, leaf, signature }, world);
        });
    }

    /// At a host: the person of this line sits in that room as this leaf, if it has signed so.
    pub(super) fn handle_am_in(&mut self, line: RoomId, room: RoomId, leaf: LeafKey, signature: &Blob) {
        let is_line = self.rooms.get(&line).and_then(Room::kind) == Some(RoomKind::Line);
        if is_line && verify(&leaf.0, SignFor::AmIn, &[&line.0, &room.0], &signature.0) {
            self.in_room(line, |line, world| {
                (line.offer, line.admitted_as) = (None, Some(leaf));
                line.is_admitted(Some(room), world);
                line.show(world);
            });
        }
    }

    /// There is no line, and none comes: what waited is not sent, and she reads that.
    pub(super) fn nobody_sees_what_is_held(&mut self) {
        let lost = std::mem::take(&mut self.to_tell);
        if lost.iter().any(|it| matches!(it, Content::Reported(_))) {
            self.fail(ui::Failure::Letter);
        }
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for room in rooms {
            self.in_room(room, Room::nobody_sees_what_is_held);
        }
    }

    /// At a host: her person wants to say this in a room. Only what her leaf there has signed counts: it is what can be
    /// said there when it is let through.
    pub(super) fn handle_held(&mut self, line: RoomId, held: HeldWords) {
        let is_line = self.rooms.get(&line).and_then(Room::kind) == Some(RoomKind::Line);
        if is_line && self.identity.staff.is_some() && held.words.are_by(&held.leaf, held.room) {
            self.in_room(line, |line, world| line.look_at_held(held, world));
        }
    }

    /// A host gives words back, in the line.
    pub(super) fn handle_returned(
        &mut self,
        line: RoomId,
        from: &MemberLeaf,
        room: RoomId,
        words: MessageId,
        reason: String,
    ) {
        let is_line = self.rooms.get(&line).and_then(Room::kind) == Some(RoomKind::Line);
        if !is_line || from.standing.role() != Some(Role::Host) {
            return;
        }
        self.in_room(line, |line, world| line.not_held_any_more(room, words, world));
        if self.own_line == OwnLine::Open(line) {
            self.in_room(room, |room, world| room.came_back_from_hosts(words, reason, world));
        }
    }

    /// The room has let these words through: no host need look at them any more.
    pub(super) fn was_let_through(&mut self, room: RoomId, words: MessageId) {
        let lines: Vec<RoomId> = self.rooms.keys().copied().collect();
        for line in lines {
            self.in_room(line, |line, world| line.not_held_any_more(room, words, world));
        }
    }

    /// A host gives words back, with a reason.
    pub(super) fn return_words(&mut self, line: &str, message: &str, reason: String) {
        let (Some(line), Some(words)) = (room_id(line), show::unhex(message).map(MessageId)) else { return };
        let room = self.rooms.get(&line).and_then(|line| line.held_in(words));
        let Some(room) = room else { return };
        self.in_room(line, |line, world| {
            line.not_held_any_more(room, words, world);
            line.say(Content::Returned { room, words, reason }, world);
        });
    }

    /// She goes out of a room at once. Those in it read that she is gone; the hosts read in her line that she would
    /// rather not be there, and no more.
    pub(super) fn go_away(&mut self, room: &str) {
        let Some(room) = room_id(room).filter(|room| self.rooms.contains_key(room)) else { return };
        self.tell_hosts(Content::WentAway { room });
        self.leave(room);
    }

    /// Says something to the hosts in her line, which is opened for it if there is none.
    pub(super) fn tell_hosts(&mut self, content: Content) {
        if let OwnLine::Open(line) = self.own_line {
            return self.in_room(line, |line, world| {
                line.say(content, world);
            });
        }
        self.to_tell.push(content);
        self.due.core(self.now);
        if self.own_line == OwnLine::None {
            self.own_line = OwnLine::Asked;
            self.due.core(self.now);
            self.ask_duty(Wanted::Line);
        }
    }

    /// Her line is open: what the hosts are to know is said there.
    pub(super) fn tell_what_waits(&mut self, line: RoomId) {
        if self.own_line != OwnLine::Open(line) {
            return;
        }
        let to_tell = std::mem::take(&mut self.to_tell);
        self.in_room(line, |line, world| {
            for content in to_tell {
                line.say(content, world);
            }
        });
    }

    /// A host does not let this person in to that room again for a day, and says so in her line: to her and to the other
    /// hosts there.
    pub(super) fn block(&mut self, line: &str, room: &str) {
        let (Some(line), Some(room)) = (room_id(line), room_id(room)) else { return };
        self.in_room(line, |line, world| {
            let until = world.at_relay(world.now).plus_ms(BLOCK_MS);
            line.is_blocked(room, until, world);
            line.say(Content::Blocked { room, until }, world);
        });
        self.tell_places();
    }

    /// A host who comes into a line later hears who is not to be let in where: from the first host there.
    pub(super) fn say_who_is_blocked(&mut self, line: RoomId) {
        let me = self.identity.staff.as_ref().map(|staff| LeafKey(staff.leaf.verifying_key().to_bytes()));
        if !me.is_some_and(|me| self.leads_line(line, &me)) {
            return;
        }
        let Some(room) = self.rooms.get(&line) else { return };
        let blocked: Vec<_> = room.blocked.iter().map(|(room, until)| (*room, *until)).collect();
        self.in_room(line, |line, world| {
            for (room, until) in blocked {
                line.say(Content::Blocked { room, until }, world);
            }
        });
    }

    /// At a host: whoever waits is told how many wait before her.
    pub(super) fn tell_places(&mut self) {
        let Some(me) = self.identity.staff.as_ref().map(|it| LeafKey(it.leaf.verifying_key().to_bytes()))
        else {
            return;
        };
        // Whoever is let in nowhere stays to talk, and stands in nobody's way.
        let groups: Vec<RoomId> =
            self.rooms.values().filter(|it| it.takes_people()).map(|it| it.id).collect();
        let at_relay = Timestamp(self.now.0.saturating_add_signed(self.ahead_ms));
        let lines = self.rooms.values().filter(|line| !line.is_refused_everywhere(&groups, at_relay));
        let waiting = lines.filter_map(|line| Some((line.waits_since()?, line.id)));
        let waiting: BTreeSet<(Timestamp, RoomId)> = waiting.collect();
        let told: BTreeSet<RoomId> = waiting.iter().map(|(_, line)| *line).collect();
        for line in self.rooms.values_mut().filter(|line| !told.contains(&line.id)) {
            line.tells_no_place();
        }
        for (before, (_, line)) in waiting.into_iter().enumerate() {
            let hosts_before = self.hosts_before(line, &me);
            self.in_room(line, |line, world| match hosts_before {
                Some(hosts_before) => line.tell_place(before, hosts_before, world),
                None => line.tells_no_place(),
            });
        }
    }

    // Of several hosts the first says what is to be said once.
    fn leads_line(&self, line: RoomId, me: &LeafKey) -> bool {
        self.hosts_before(line, me) == Some(0)
    }

    // How many hosts of this line come before this one in its tree.
    fn hosts_before(&self, line: RoomId, me: &LeafKey) -> Option<usize> {
        let room = self.rooms.get(&line).filter(|room| room.kind() == Some(RoomKind::Line))?;
        let hosts = room.members(self.trust(), self.judging()).into_iter();
        let hosts: Vec<_> = hosts.filter(|it| it.standing.role() == Some(Role::Host)).collect();
        let mine = hosts.iter().find(|host| host.key == *me)?.index;
        Some(hosts.iter().filter(|host| host.index < mine).count())
    }

    /// A group goes on elsewhere: who is not let in there is not let in here.
    pub(super) fn blocks_move_along(&mut self, old: RoomId, new: RoomId) {
        for line in self.rooms.values_mut() {
            if let Some(until) = line.blocked.get(&old).copied() {
                line.blocked.insert(new, until);
                line.unsaved.room_by(self.now);
            }
        }
    }

    /// What she does not want to say any more.
    pub(super) fn discard(&mut self, message: &str) {
        let Some(message) = show::unhex(message).map(MessageId) else { return };
        let rooms: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in rooms {
            self.in_room(id, |room, world| room.discard(message, world));
        }
    }
}
