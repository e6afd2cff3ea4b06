//! The room a peer room goes on in, and who of this one was let in there.

use lotgenoot_protocol::{LeafKey, RoomId};
use minicbor::{Decode, Encode};

use super::Room;

/// Where a peer room goes on.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Successor {
    #[n(0)]
    pub(crate) room: RoomId,
    /// This client has opened it and lets the others in.
    #[n(1)]
    pub(crate) leads: bool,
    // Whose leaves in the old room were let in: what is read again after a restore lets nobody in twice.
    #[n(2)]
    let_in: Vec<LeafKey>,
}

impl Successor {
    /// One that this client has opened.
    pub(crate) fn led(room: RoomId) -> Self {
        Self { room, leads: true, let_in: Vec::new() }
    }

    /// One that another host has opened.
    pub(crate) fn of_another(room: RoomId) -> Self {
        Self { room, leads: false, let_in: Vec::new() }
    }
}

impl Room {
    /// It goes on in another room.
    pub(crate) fn goes_on_in(&mut self, successor: Successor) {
        self.successor = Some(successor);
        self.unsaved.wishes_now();
    }

    /// Whether it goes on in that room, which somebody else has opened.
    pub(crate) fn moves_to(&self, room: &RoomId) -> bool {
        self.successor.as_ref().is_some_and(|successor| successor.room == *room && !successor.leads)
    }

    /// Whether this client takes it into that room.
    pub(crate) fn leads_to(&self, room: &RoomId) -> bool {
        self.successor.as_ref().is_some_and(|successor| successor.room == *room && successor.leads)
    }

    /// Whoever sits here with this leaf is let in where this room goes on, once: the room to do it in, if that is up to
    /// this client.
    pub(crate) fn lets_into_successor(&mut self, member: LeafKey) -> Option<RoomId> {
        let successor = self.successor.as_mut().filter(|successor| successor.leads)?;
        if successor.let_in.contains(&member) {
            return None;
        }
        successor.let_in.push(member);
        self.unsaved.wishes_now();
        Some(successor.room)
    }
}
