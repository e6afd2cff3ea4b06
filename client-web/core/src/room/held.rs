//! Words that wait for a host: kept by their author until they are let through or come back, and shown to the hosts in
//! her line.
//!
//! ```text
//!   under way ──(the relay: held)──► Held ──(LetThrough, or she is released)──► waiting, encrypted anew
//!                                     └────(a host, in the line: Returned)───► Returned, with the reason
//! ```

use lotgenoot_messages as ui;
use lotgenoot_protocol::limits::{BLOCK_MS, GRANTS_MAX};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{LeafKey, MessageId, RoomId, Timestamp};
use minicbor::{Decode, Encode};

use super::{Room, World};
use crate::content::Content;
use crate::show;

// Rooms that one line remembers.
const BLOCKED_MAX: usize = 16;

/// Words that somebody wants to say in a room, as the hosts of her line see them.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub(crate) struct HeldWords {
    /// Where.
    #[n(0)]
    pub(crate) room: RoomId,
    /// Her leaf there.
    #[n(1)]
    pub(crate) leaf: LeafKey,
    /// What.
    #[n(2)]
    pub(crate) words: Words,
}

impl Room {
    /// The relay keeps them back: they go to the hosts first. Returns what is to be said in her line.
    pub(crate) fn held_back(&mut self, id: MessageId, world: &mut World<'_>) -> Option<Content> {
        // As many as hosts can have before them.
        if self.outbox.held().count() >= GRANTS_MAX {
            self.not_sent(id, world);
            return None;
        }
        let Content::Text(words) = self.outbox.hold(id)?.content.clone() else { return None };
        self.unsaved.wishes_now();
        self.show_own(id, world);
        Some(self.to_hosts(words))
    }

    /// Everything that waits for a host.
    pub(crate) fn held_contents(&self) -> Vec<Content> {
        self.outbox.held().map(|words| self.to_hosts(words.clone())).collect()
    }

    /// Whether anything waits for a host.
    pub(crate) fn holds_words(&self) -> bool {
        self.outbox.held().next().is_some()
    }

    /// There is no line any more in which they could be seen.
    pub(crate) fn nobody_sees_what_is_held(&mut self, world: &mut World<'_>) {
        let held: Vec<MessageId> = self.outbox.held().map(Words::id).collect();
        held.into_iter().for_each(|id| self.not_sent(id, world));
    }

    /// A host has given them back.
    pub(crate) fn came_back_from_hosts(&mut self, id: MessageId, reason: String, world: &mut World<'_>) {
        if self.outbox.returned(id, reason) {
            self.unsaved.wishes_now();
            self.show_own(id, world);
        }
    }

    /// Nothing is wanted any more of words that are not sent, or came back.
    pub(crate) fn discard(&mut self, id: MessageId, world: &mut World<'_>) {
        if self.outbox.discard(id) {
            self.unsaved.wishes_now();
            let room = show::hex(&self.id.0);
            world.events.push_back(ui::Event::MessageGone { room, message: show::hex(&id.0) });
        }
    }

    // They may be said now: one message, or everything.
    pub(super) fn let_through(&mut self, which: Option<MessageId>, world: &mut World<'_>) {
        let held: Vec<MessageId> = self.outbox.held().map(Words::id).collect();
        for id in held.into_iter().filter(|id| which.is_none_or(|which| which == *id)) {
            self.outbox.again(id);
            self.unsaved.wishes_now();
            self.show_own(id, world);
        }
    }

    fn to_hosts(&self, words: Words) -> Content {
        Content::Held(HeldWords {
            room: self.id,
            leaf: self.leaf.public(),
            words: words.signed(&self.leaf.key, self.id),
        })
    }

    /// In a line, at a host: somebody wants to say this there. Whether her leaf has signed it was looked at.
    pub(crate) fn look_at_held(&mut self, held: HeldWords, world: &mut World<'_>) {
        if self.held.contains(&held) {
            return;
        }
        self.held.push(held);
        if self.held.len() > GRANTS_MAX {
            self.held.remove(0);
        }
        self.show(world);
    }

    /// In a line, at a host: they were let through, or given back.
    pub(crate) fn not_held_any_more(&mut self, room: RoomId, id: MessageId, world: &mut World<'_>) {
        let before = self.held.len();
        self.held.retain(|held| held.room != room || held.words.id() != id);
        if self.held.len() != before {
            self.unsaved.room_by(world.now);
            self.show(world);
        }
    }

    /// In a line: the room in which these words are wanted, if they wait.
    pub(crate) fn held_in(&self, id: MessageId) -> Option<RoomId> {
        self.held.iter().find(|held| held.words.id() == id).map(|held| held.room)
    }

    /// In a line: a host does not let her in to that room again before then. The latest word counts; the time is bounded.
    pub(crate) fn is_blocked(&mut self, room: RoomId, until: Timestamp, world: &mut World<'_>) {
        let now = world.at_relay(world.now);
        self.blocked.retain(|_, until| *until > now);
        if self.blocked.len() < BLOCKED_MAX || self.blocked.contains_key(&room) {
            self.blocked.insert(room, until.min(now.plus_ms(BLOCK_MS)));
        }
        self.show(world);
    }

    /// In a line: whether she may be let in to that room at this moment.
    pub(crate) fn may_be_let_in(&self, room: &RoomId, world: &World<'_>) -> bool {
        self.blocked.get(room).is_none_or(|until| *until <= world.at_relay(world.now))
    }

    /// In a line: whether she may be let in to none of these rooms, of which there are some.
    pub(crate) fn is_refused_everywhere(&self, rooms: &[RoomId], at_relay: Timestamp) -> bool {
        let refused = |room: &RoomId| self.blocked.get(room).is_some_and(|until| *until > at_relay);
        !rooms.is_empty() && rooms.iter().all(refused)
    }

    pub(super) fn held_views(&self) -> Vec<ui::HeldView> {
        let view = |held: &HeldWords| ui::HeldView {
            room: show::hex(&held.room.0),
            member: show::hex(&held.leaf.0),
            message: show::hex(&held.words.id().0),
            text: held.words.text.clone(),
        };
        self.held.iter().map(view).collect()
    }
}
