//! What an entry of a room means outside the room.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::{Entry, EntryKind, OnDuty};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, LeafKey, RoomId, Timestamp, codec};

use super::{Member, room_call};
use crate::call::{Phase, SignedIntake};
use crate::content::Content;
use crate::group::MemberLeaf;
use crate::room::{Happened, OnStage, Room};
use crate::show;

// What her own client takes to let somebody in, if it is there. Then professionals take turns: few of those who are in the
// room may be reading it, so a turn is short; of two who do it at once the first commit counts.
const PERSON_LETS_IN_MS: u64 = 5_000;
const LETS_IN_STEP_MS: u64 = 1_000;

impl Member {
    pub(super) fn handle_entry(&mut self, entry: &Entry) {
        let mut happened = Vec::new();
        self.in_room(entry.room, |room, world| happened = room.handle_entry(entry, world));
        for what in happened {
            match what {
                Happened::Content { from, content } => self.handle_content(entry.room, &from, content, entry),
                Happened::Words { from } => {
                    let call = self.rooms.get(&entry.room).and_then(|room| room.call);
                    if let Some(call) = call
                        && self.calls.get_mut(&call).is_some_and(|call| call.handle_words(from))
                    {
                        self.some_may_be_needless(call, entry.at);
                        self.show_call(call);
                        self.answers_for_what_was_agreed(call);
                    }
                }
                Happened::LetThrough(words) => self.was_let_through(entry.room, words),
                // A host who comes later has not read what waits.
                Happened::Joined => {
                    self.say_who_is_blocked(entry.room);
                    self.say_where_she_is(entry.room, None);
                    self.show_what_is_held(entry.room);
                }
                Happened::Call { body } => self.handle_notice(entry.room, &body, entry.at),
                Happened::Added(added) => {
                    self.added(entry.room, &added);
                    self.say_who_is_blocked(entry.room);
                    self.say_where_she_is(entry.room, None);
                    self.show_what_is_held(entry.room);
                }
                // A host can let her in again, with keys that have nothing to do with what was refused.
                Happened::Stopped => {
                    if self.rooms.get(&entry.room).and_then(Room::kind) == Some(RoomKind::Peer) {
                        self.offer_again();
                    }
                }
                Happened::Hole => self.attach(entry.room),
                // It was opened elsewhere, and this says so; or it was not, and the vault had forgotten something.
                Happened::Lost => self.open_vault(),
                Happened::Gone(why) => {
                    self.in_room(entry.room, |room, world| room.give_up(world));
                    let kind = self.forget_room(entry.room).and_then(|room| room.kind());
                    self.line_gone(entry.room);
                    if kind == Some(RoomKind::Peer) {
                        self.offer_again();
                    }
                    self.events.push_back(ui::Event::RoomGone { room: show::hex(&entry.room.0), why });
                    self.needed_no_more(entry.room);
                }
            }
        }
        if entry.kind == EntryKind::Commit || entry.kind == EntryKind::Proposal {
            self.leave_if_all_have_moved(entry.room);
        }
        self.tell_places();
    }

    // Whoever was called and is out of the room again keeps nothing of what she was told there.
    fn needed_no_more(&mut self, room: RoomId) {
        let Some(id) = room_call(&self.calls, room).filter(|call| !call.own).map(|call| call.id) else {
            return;
        };
        let Some(call) = self.calls.get_mut(&id) else { return };
        if call.phase == Phase::WantsYou {
            (call.intake, call.signed_intake, call.agreements) = (None, None, None);
        } else {
            self.calls.remove(&id);
            self.events.push_back(ui::Event::CallGone { call: show::hex(&id.0) });
        }
        self.due.core(self.now);
    }

    pub(super) fn handle_content(&mut self, id: RoomId, from: &MemberLeaf, content: Content, entry: &Entry) {
        let at = entry.at;
        let kind = self.rooms.get(&id).and_then(Room::kind);
        let role = from.standing.role();
        match content {
            Content::Hello { nickname, key_package } => {
                if role.is_none() {
                    self.in_room(id, |room, world| {
                        room.names.insert(from.name, nickname.clone());
                        room.show(world);
                    });
                }
                match (kind, role, key_package) {
                    (Some(RoomKind::Line), None, Some(package)) => self.in_room(id, |line, world| {
                        line.begins_to_wait(at);
                        line.offer = Some(package);
                        line.is_admitted(None, world);
                    }),
                    (Some(RoomKind::Peer), None, Some(package)) => {
                        self.offered_to_move(id, &from.key, &nickname, &package);
                    }
                    _ => {}
                }
            }
            // Only a host's word counts for what others are called.
            Content::Names(names) if role == Some(Role::Host) => self.in_room(id, |room, world| {
                for (name, said) in names {
                    room.names.entry(name).or_insert(said);
                }
                room.show(world);
            }),
            Content::Admitted { room } if kind == Some(RoomKind::Line) && role == Some(Role::Host) => {
                // A colleague let her in: the KeyPackage is used up.
                self.in_room(id, |line, world| {
                    line.is_admitted(Some(room), world);
                    line.offer = None;
                });
                self.admitted(id, room);
            }
            Content::Intake(intake) if kind == Some(RoomKind::Help) && role.is_none() => {
                self.intake_read(id, from.name, intake, None);
            }
            Content::SignedIntake(signed) if kind == Some(RoomKind::Help) => {
                let person = self.rooms.get(&id).and_then(|room| room.opener(self.trust(), self.judging()));
                let Some(person) = person.filter(|person| person.standing.role().is_none()) else { return };
                if let Some(intake) = signed.read(&person.key, id) {
                    self.intake_read(id, person.name, intake, Some(signed));
                }
            }
            Content::SignedAgreements(signed) if kind == Some(RoomKind::Help) => {
                self.agreements_read(id, from.key, signed);
            }
            Content::Invited { invitation, proof } if role.is_none() => {
                self.invitation_shown(id, from, invitation, &proof);
            }
            Content::Moving { room } => self.moving(id, from, room),
            Content::Floor(floor) if role == Some(Role::Host) && kind == Some(RoomKind::Peer) => {
                self.in_room(id, |room, world| room.floor_told(*floor, world));
            }
            Content::Blocked { room, until } if kind == Some(RoomKind::Line) && role == Some(Role::Host) => {
                self.in_room(id, |line, world| line.is_blocked(room, until, world));
            }
            Content::AmIn { room, leaf, signature } if role.is_none() => {
                self.handle_am_in(id, room, leaf, &signature);
            }
            Content::WentAway { .. } if kind == Some(RoomKind::Line) && role.is_none() => {
                let now = self.now;
                self.in_room(id, |line, world| {
                    let member = line.member(from);
                    line.note(ui::Note::WentAway(member), now, world);
                });
            }
            Content::Place { before } if kind == Some(RoomKind::Line) && role == Some(Role::Host) => {
                self.in_room(id, |line, world| line.place_told(before, world));
            }
            Content::Stay { until } if kind == Some(RoomKind::Peer) && role == Some(Role::Host) => {
                self.in_room(id, |room, world| room.stays(until, world));
            }
            // The log says that by a ruling.
            Content::OnStage(OnStage::End) => {}
            Content::OnStage(what) => {
                let leads = matches!(role, Some(Role::Host | Role::Presenter));
                self.in_room(id, |room, world| room.on_stage(entry.seq, from.key, leads, &what, world));
            }
            Content::Asks { ask, part, service } if kind == Some(RoomKind::Help) => {
                let call = self.rooms.get(&id).and_then(|room| room.call);
                let known = call.and_then(|call| self.calls.get_mut(&call));
                if known.is_some_and(|call| call.handle_asks(from.key, ask, part, &service))
                    && let Some(call) = call
                {
                    self.show_call(call);
                }
            }
            Content::Reported(report) if role.is_none() => self.handle_reported(id, &report),
            Content::Held(held) if role.is_none() => self.handle_held(id, held),
            Content::Returned { room, words, reason } => self.handle_returned(id, from, room, words, reason),
            Content::Text(_)
            | Content::Names(_)
            | Content::Admitted { .. }
            | Content::Intake(_)
            | Content::SignedIntake(_)
            | Content::SignedAgreements(_)
            | Content::Invited { .. }
            | Content::Held(_)
            | Content::Reported(_)
            | Content::Place { .. }
            | Content::Stay { .. }
            | Content::WentAway { .. }
            | Content::AmIn { .. }
            | Content::Asks { .. }
            | Content::Blocked { .. }
            | Content::Floor(_) => {}
        }
    }

    pub(super) fn handle_notice(&mut self, room_id: RoomId, body: &Blob, at: Timestamp) {
        let Some(notice) = codec::from_slice::<CallNotice>(body) else { return };
        let Some(call_id) = self.rooms.get(&room_id).and_then(|room| room.call) else { return };
        if let CallNotice::Wanted { account, certificate } = &notice {
            let person =
                OnDuty { account: *account, certificate: certificate.clone(), level: 0, reachable: true };
            // The person's own client adds whoever is called later; if it is not there, a professional's.
            let own = self.calls.get(&call_id).is_some_and(|call| call.own);
            let turn_ms = if own { Some(0) } else { self.turn_to_let_in_ms(room_id) };
            if let Some(turn_ms) = turn_ms {
                let at = self.now.plus_ms(turn_ms);
                self.in_room(room_id, |room, _| room.responder_wanted(person, at));
                self.ask_responders(room_id);
            }
        }
        let Some(mut call) = self.calls.remove(&call_id) else { return };
        let mut changed = false;
        let before = call.phase;
        self.in_room(room_id, |room, world| changed = call.handle_notice(&notice, at, room, world));
        self.measure(&mut call, before, &notice);
        // Somebody has it: whom others were to let in for that is not needed. The person's client lets her in all the same.
        let taken = matches!(&notice, CallNotice::Acknowledged(_)) && !call.own && call.lead.is_some();
        self.calls.insert(call_id, call);
        self.some_may_be_needless(call_id, at);
        if taken {
            self.in_room(room_id, |room, _| room.no_responders_wanted());
        }
        if changed {
            self.show_call(call_id);
            self.answers_for_what_was_agreed(call_id);
        }
    }

    // How long a professional's client waits before it lets in somebody who is wanted; none: it is not its to do.
    fn turn_to_let_in_ms(&self, id: RoomId) -> Option<u64> {
        let staff = self.identity.staff.as_ref().filter(|staff| staff.read.role == Role::Professional)?;
        let own = LeafKey(staff.leaf.verifying_key().to_bytes());
        let room = self.rooms.get(&id)?;
        let mut professionals = room.members(self.trust(), self.judging());
        professionals.retain(|member| member.standing.role() == Some(Role::Professional));
        professionals.sort_by_key(|member| (room.lead != Some(member.key), member.index));
        let turn = professionals.iter().position(|member| member.key == own)?;
        Some(PERSON_LETS_IN_MS + turn as u64 * LETS_IN_STEP_MS)
    }

    // Newcomers have no history: a host says what the others are called, and tells the newcomer that she is in.
    pub(super) fn added(&mut self, id: RoomId, added: &[LeafKey]) {
        if added.is_empty() {
            return;
        }
        let room = self.rooms.get(&id);
        let (kind, names) = (room.and_then(Room::kind), room.map(Room::known_names).unwrap_or_default());
        let is_host = self.identity.staff.is_some();
        if kind == Some(RoomKind::Peer) && is_host && !names.is_empty() {
            self.in_room(id, |room, world| {
                room.say(Content::Names(names), world);
            });
        }
        let floor = self.rooms.get(&id).and_then(Room::floor_for_newcomers);
        if let Some(floor) = floor.filter(|_| kind == Some(RoomKind::Peer) && is_host) {
            self.in_room(id, |room, world| {
                room.say(Content::Floor(Box::new(floor)), world);
            });
        }
        if let Some(stage) = self.rooms.get(&id).and_then(Room::stage_for_newcomers) {
            self.in_room(id, |room, world| {
                room.say(Content::OnStage(stage), world);
            });
        }
        for leaf in added {
            self.in_room(id, |room, world| {
                let ruled = room.ruled_before.remove(leaf).unwrap_or_default();
                ruled.into_iter().for_each(|measure| room.rule(measure, world));
            });
            if let Some(line) = self.rooms.get_mut(&id).and_then(|room| room.admitted(leaf)) {
                self.in_room(line, |line, world| {
                    line.offer = None;
                    line.say(Content::Admitted { room: id }, world);
                    line.admitted_as = Some(*leaf);
                    line.is_admitted(Some(id), world);
                });
            }
        }
        if let (Some(RoomKind::Help), Some(call)) = (kind, room_call(&self.calls, id)) {
            let key = self.rooms.get(&id).map(|room| &room.leaf.key);
            let own = call.intake.as_ref().filter(|_| call.own).zip(key);
            let own = own.map(|(intake, key)| SignedIntake::new(key, id, intake));
            if let Some(signed) = own.or_else(|| call.signed_intake.clone()) {
                self.in_room(id, |room, world| {
                    room.say(Content::SignedIntake(signed), world);
                });
            }
            self.tell_what_was_agreed(id);
        }
    }
}
