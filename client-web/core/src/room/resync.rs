//! The way back into a room whose state was lost here: a resync (RFC 9420 §12.4.3.2, an external commit that removes the
//! own leaf).
//!
//! Never on an error alone. Either the log holds a commit that this very leaf has signed and this client does not know,
//! while nobody else has the mailbox open; or the log has been trimmed beyond what this client has. What comes out is a
//! candidate: it is the room only once the same bytes are in the log.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{Commit, Entry, EntryKind, GroupState, OneRoom, Request};
use lotgenoot_protocol::{RequestId, Timestamp};
use sha2::{Digest, Sha256};

use super::outbox::Hash;
use super::{Happened, Leaving, Renewal, Room, World};
use crate::group::Group;
use crate::requests::Purpose;
use crate::show;

// A race that was lost is run again after a moment, ever later, and not for ever.
const AGAIN_MS: u64 = 1_000;
const TRIES_MAX: u32 = 6;

/// How far the way back is.
pub(super) enum Resync {
    /// Another client with our keys changed the room: whether the mailbox is open elsewhere is being asked.
    InDoubt,
    /// It is wanted, from this moment on.
    Wanted(Timestamp),
    /// What the room is now is being asked.
    Asked,
    /// The commit is on its way; this group is the room once it is in the log.
    Candidate { group: Box<Group>, hash: Hash, request: RequestId },
}

impl Room {
    /// The mailbox is ours alone: what changed the room was forgotten here.
    pub(crate) fn resync_if_in_doubt(&mut self, world: &mut World<'_>) {
        if matches!(self.resync, Some(Resync::InDoubt)) {
            self.want_resync(world);
        }
    }

    /// What this client has of the room is of no use any more.
    pub(crate) fn want_resync(&mut self, world: &mut World<'_>) {
        if self.stopped || self.group.is_none() || self.leaving != Leaving::No {
            return;
        }
        if !matches!(self.resync, None | Some(Resync::InDoubt)) {
            return;
        }
        self.resync = Some(Resync::Wanted(world.now));
        self.work(world);
    }

    /// The connection is gone: what was asked is asked anew.
    pub(super) fn resync_disconnected(&mut self) {
        if matches!(self.resync, Some(Resync::Asked)) {
            self.resync = Some(Resync::Wanted(Timestamp(0)));
        }
    }

    pub(super) fn resync_if_due(&mut self, world: &mut World<'_>) {
        if self.attached && matches!(self.resync, Some(Resync::Wanted(at)) if at <= world.now) {
            self.resync = Some(Resync::Asked);
            let ask = Request::AskGroupState(OneRoom { room: self.id });
            world.requests.ask(Purpose::State(self.id), ask);
        }
    }

    pub(super) fn resync_at(&self) -> Option<Timestamp> {
        match self.resync {
            Some(Resync::Wanted(at)) if self.attached => Some(at),
            _ => None,
        }
    }

    /// What the room is now.
    pub(crate) fn handle_state(&mut self, state: &GroupState, world: &mut World<'_>) {
        if !matches!(self.resync, Some(Resync::Asked)) {
            return;
        }
        let came = self
            .group
            .as_ref()
            .and_then(|group| group.come_back(self.id, state, world.trust, world.judging()));
        let Some((group, bundle)) = came else { return self.stop_for_good(world) };
        let hash = Sha256::digest(&bundle.commit.0).into();
        let request = Request::Commit(Commit { room: self.id, bundle });
        let request = world.requests.ask(Purpose::Resync(self.id), request);
        self.resync = Some(Resync::Candidate { group: Box::new(group), hash, request });
    }

    /// Somebody else was first, or the relay cannot say now: once more, a little later.
    pub(crate) fn resync_again(&mut self, world: &mut World<'_>) {
        if !matches!(self.resync, Some(Resync::Asked | Resync::Candidate { .. })) {
            return;
        }
        self.resyncs += 1;
        if self.resyncs > TRIES_MAX {
            return self.stop_for_good(world);
        }
        self.resync = Some(Resync::Wanted(world.now.plus_ms(AGAIN_MS << self.resyncs)));
    }

    /// It is refused: this client is not let in again by itself.
    pub(crate) fn stop_for_good(&mut self, world: &mut World<'_>) {
        if !std::mem::replace(&mut self.stopped, true) {
            world.events.push_back(ui::Event::Alarm { room: show::hex(&self.id.0) });
            self.close_if_said(world);
        }
    }

    // Looks for the way back in an entry that cannot be applied. What the relay tells of a help call on the way is
    // kept: whose word it is can be known once she is back.
    pub(super) fn handle_entry_while_lost(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        if entry.kind == EntryKind::Call {
            self.told_while_lost.insert(entry.seq, entry.body.clone());
            return Vec::new();
        }
        let came: Hash = Sha256::digest(&entry.body.0).into();
        let found = matches!(&self.resync, Some(Resync::Candidate { hash, .. }) if *hash == came);
        if !found {
            return Vec::new();
        }
        let Some(Resync::Candidate { group, request, .. }) = self.resync.take() else { return Vec::new() };
        world.requests.answered(&request);
        self.group = Some(*group);
        self.last = Some(entry.seq);
        self.resyncs = 0;
        self.commit = None;
        self.floor_is_unknown();
        self.stage_is_unknown();
        // What let them through, or gave them back, may have been missed: they are said again, and held again if need be.
        self.let_through(None, world);
        // A commit of this very instance: nobody has used what it speaks with.
        self.renewal = Renewal::Done;
        self.caught_up = true;
        self.outbox.send_what_was_not_found();
        self.unsaved.room_by(world.now);
        self.unsaved.wishes_now();
        self.note(ui::Note::Missed, entry.at, world);
        self.show(world);
        self.work(world);
        let told = std::mem::take(&mut self.told_while_lost);
        let before = told.into_iter().filter(|(seq, _)| *seq < entry.seq);
        before.map(|(_, body)| Happened::Call { body }).collect()
    }
}
