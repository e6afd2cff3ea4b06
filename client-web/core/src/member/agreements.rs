//! Who does what by when: written by the lead of a call, read by everybody in its room.

use lotgenoot_messages as ui;
use lotgenoot_protocol::{CallId, LeafKey, RoomId};

use super::{Member, room_call};
use crate::call::{Agreed, Call, SignedAgreements};
use crate::content::Content;
use crate::show;

// What an agreement is told from others by, in bytes of chance.
const ID_BYTES: usize = 8;
// Calls whose room is gone, in a person's vault.
const KEPT_MAX: usize = 8;

impl Member {
    /// The lead writes down what was agreed.
    pub(super) fn agree(&mut self, call: &str, change: ui::AgreementChange) {
        let Some(id) = show::unhex(call).map(CallId) else { return };
        let new = show::hex(&self.requests.random()[..ID_BYTES]);
        let known = self.calls.get(&id);
        let room = known.and_then(|call| self.rooms.get(&call.room));
        let Some((call, _)) = known.zip(room).filter(|(call, room)| call.may_agree(room)) else {
            return self.fail(ui::Failure::CallGone);
        };
        match call.agreed().changed(change, &new) {
            Ok(agreed) => self.say_what_was_agreed(id, &agreed),
            Err(failure) => self.fail(failure),
        }
    }

    /// Somebody has written down what was agreed, or tells it.
    pub(super) fn agreements_read(&mut self, room: RoomId, from: LeafKey, signed: SignedAgreements) {
        let (now, trust) = (self.judging(), &self.identity.trust);
        let Some(call) = self.calls.values_mut().find(|call| call.room == room) else { return };
        let id = call.id;
        if call.handle_agreements(from, signed, room, trust, now) {
            self.call_changed(id);
        }
    }

    /// Whoever leads from here on signs what was agreed before: those who come later need not know who led until then.
    pub(super) fn answers_for_what_was_agreed(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let own = self.rooms.get(&call.room).map(|room| room.leaf.public());
        if let Some(agreed) = own.and_then(|own| call.agreed_before(&own)) {
            self.say_what_was_agreed(id, &agreed);
        }
    }

    /// Nobody keeps the room of this call any more. What was agreed in it is hers to look up all the same; of what she has
    /// gathered so the oldest goes. Returns whether the call stays.
    pub(super) fn keeps_what_was_agreed(&mut self, id: CallId) -> bool {
        let stays = self.calls.get(&id).is_some_and(|call| call.own && call.is_to_look_up());
        if !stays {
            return false;
        }
        let alone = |call: &&Call| call.own && call.id != id && !self.rooms.contains_key(&call.room);
        let mut kept: Vec<(u64, CallId)> =
            self.calls.values().filter(alone).map(|call| (call.raised_at, call.id)).collect();
        kept.sort_unstable();
        let too_many = (kept.len() + 1).saturating_sub(KEPT_MAX);
        for (_, old) in kept.into_iter().take(too_many) {
            self.calls.remove(&old);
            self.events.push_back(ui::Event::CallGone { call: show::hex(&old.0) });
        }
        self.call_changed(id);
        true
    }

    /// Whoever has just come in has not read it.
    pub(super) fn tell_what_was_agreed(&mut self, room: RoomId) {
        let signed = room_call(&self.calls, room).and_then(|call| call.agreements.clone());
        if let Some(signed) = signed {
            self.in_room(room, |room, world| {
                room.say(Content::SignedAgreements(signed), world);
            });
        }
    }

    fn say_what_was_agreed(&mut self, id: CallId, agreed: &Agreed) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(room) = self.rooms.get(&call.room) else { return };
        let certificate = room.leaf.certificate.clone().unwrap_or_default();
        let signed = SignedAgreements::new(&room.leaf.key, certificate, room.id, agreed);
        // Her own word is not read back.
        call.agreements = Some(signed.clone());
        let room = room.id;
        self.in_room(room, |room, world| {
            room.say(Content::SignedAgreements(signed), world);
        });
        self.call_changed(id);
    }
}
