//! Reading a room's log on this connection: asked for, granted, refused, up to its end.

use lotgenoot_protocol::frame::{Ack, Attach, Request};
use lotgenoot_protocol::session::SessionState;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::{Blob, RequestId, Seq, Timestamp};

use super::{Room, World};
use crate::group::Group;
use crate::requests::Purpose;

// A refusal to let us read is asked about again, after twice as long each time.
const RETRY_ATTACH_MS: u64 = 500;
const RETRY_ATTACH_MS_MAX: u64 = 30_000;
const RETRY_EXPECTED_MS_MAX: u64 = 2_000;

impl Room {
    /// Asks to read on from what we have.
    pub(crate) fn attach(&mut self, nonce: &[u8], host: &str, world: &mut World<'_>) {
        let signature = sign(&self.leaf.key, SignFor::Attach, &[nonce, host.as_bytes(), &self.id.0]);
        let request = Attach {
            room: self.id,
            leaf: self.leaf.public(),
            signature: Blob(signature.to_vec()),
            // Who has lost the room reads on from wherever the relay has her.
            after: self.last.filter(|_| self.resync.is_none()),
        };
        self.attached = false;
        self.attach_at = None;
        self.attaching = Some(world.requests.ask(Purpose::Attach(self.id), Request::Attach(request)));
    }

    /// The relay lets us read. It is told at once what the vault has: until it knows that we have joined we may not
    /// speak, and the word that said so may have been lost with the last connection.
    pub(crate) fn is_attached(&mut self, session: Option<&SessionState>, world: &mut World<'_>) {
        if let Some(told) = session {
            self.session_told(told, world);
        }
        self.attached = true;
        self.attended_otherwise();
        self.attaching = None;
        self.refusals = 0;
        if let Some(seq) = self.acked.filter(|_| self.group.is_some()) {
            world.requests.ask(Purpose::Ack, Request::Ack(Ack { room: self.id, seq }));
        }
    }

    /// The relay does not let us read, for now: it is asked again after a while. Returns whether that counts: the
    /// answer to an older wish is older than what made us ask anew.
    pub(crate) fn not_attached(&mut self, asked: RequestId, now: Timestamp) -> bool {
        if self.attaching != Some(asked) {
            return false;
        }
        // Who is about to be added waits at the door.
        let most =
            if self.knocked && self.group.is_none() { RETRY_EXPECTED_MS_MAX } else { RETRY_ATTACH_MS_MAX };
        let wait = RETRY_ATTACH_MS.saturating_mul(1 << self.refusals.min(16)).min(most);
        self.attaching = None;
        self.refusals += 1;
        self.attach_at = Some(now.plus_ms(wait));
        true
    }

    /// The relay shows us the door: cut off, or too far behind what this socket may read. Returns whether to ask again at
    /// once, and be told; who has been shown it before and has read nothing since asks later.
    pub(crate) fn was_detached(&mut self, now: Timestamp) -> bool {
        let wait = RETRY_ATTACH_MS.saturating_mul(1 << self.detached.min(16)).min(RETRY_ATTACH_MS_MAX);
        self.disconnected();
        self.detached += 1;
        let at_once = self.detached == 1;
        self.attach_at = (!at_once).then(|| now.plus_ms(wait));
        at_once
    }

    /// Whether it is time to ask again to read.
    pub(crate) fn should_attach(&self, now: Timestamp) -> bool {
        self.attach_at.is_some_and(|at| at <= now)
    }

    /// The connection is gone.
    pub(crate) fn disconnected(&mut self) {
        self.attached = false;
        self.attaching = None;
        self.caught_up = false;
        self.resync_disconnected();
        self.attach_at = None;
        self.refusals = 0;
    }

    /// The Welcome worked: read from the next entry. Once the vault has the room, the relay is told that the Welcome
    /// is not needed any more.
    pub(crate) fn joined(&mut self, group: Group, since: Seq, world: &mut World<'_>) {
        self.group = Some(group);
        self.last = Some(since);
        // Where nothing was ruled before she came, she will have read it all.
        if self.rulings_told > 0 {
            self.floor_is_unknown();
        }
        self.unsaved.room_by(world.now);
        self.show(world);
    }

    /// The end of the log was reached.
    pub(crate) fn caught_up(&mut self, seq: Seq, world: &mut World<'_>) {
        if self.last == Some(seq) && !self.caught_up && self.resync.is_none() {
            self.caught_up = true;
            self.replayed();
            self.show(world);
        }
        self.work(world);
    }
}
