//! What is done as soon as it is possible: leave, change members, speak.

use lotgenoot_protocol::call::sign_reply;
use lotgenoot_protocol::frame::{Commit, Propose, Request, Send};
use lotgenoot_protocol::role::Role;
use sha2::{Digest, Sha256};

use super::{Committing, Leaving, RETRY_COMMIT_MS, Renewal, Room, World};
use crate::content::Content;
use crate::group::{Change, MemberLeaf};
use crate::requests::Purpose;

// Hosts carry out a leave first; the others wait their turn, so that not everybody commits at once.
const CARRY_OUT_STEP_MS: u64 = 1_500;

impl Room {
    // Everything that can be done now, in this order: leave, change members, speak.
    pub(crate) fn work(&mut self, world: &mut World<'_>) {
        self.resync_if_due(world);
        // Nobody speaks before the relay knows that she has joined, which it is told once the vault has the room.
        let ready = self.attached && self.caught_up && self.acked.is_some();
        let ready = ready && !self.stopped && self.resync.is_none();
        let at_floor =
            self.group.as_ref().is_some_and(|group| group.is_active() && group.epoch() >= self.epoch_min);
        if !ready || !at_floor {
            return;
        }
        if self.leaving == Leaving::AfterWords && !self.outbox.is_on_its_way() && self.wanted.is_empty() {
            self.leaving = Leaving::Wanted;
        }
        match self.leaving {
            // A commit that is under way may be in the log already: dropped now, it could not be merged when it
            // comes back, and this client would have to stop. Its answer or its entry leads here again.
            Leaving::Wanted if self.commit.is_some() => return,
            Leaving::Wanted => {
                self.ask_to_leave(world);
                return;
            }
            Leaving::Asked => return,
            Leaving::No | Leaving::AfterWords => {}
        }
        self.rule_if_wanted(world);
        self.commit_if_due(world);
        if self.renewal == Renewal::Done {
            self.flush(world);
        }
    }

    fn ask_to_leave(&mut self, world: &mut World<'_>) {
        self.drop_commit();
        let Some(group) = &mut self.group else { return };
        if let Some(message) = group.leave() {
            self.leaving = Leaving::Asked;
            world.requests.ask(Purpose::Leave(self.id), Request::Propose(Propose { room: self.id, message }));
        }
    }

    fn commit_if_due(&mut self, world: &mut World<'_>) {
        let Some(group) = &mut self.group else { return };
        if self.commit.is_some() || self.commit_at.is_some_and(|at| at > world.now) {
            return;
        }
        let speaks = self.outbox.next_waiting().is_some();
        let carry_out = group.must_commit_first()
            && (speaks || !self.wanted.is_empty() || self.carry_out_at.is_none_or(|at| at <= world.now));
        let renews = self.renewal != Renewal::Done;
        let (want, change) = match self.wanted.front() {
            _ if renews => (None, Change::Update),
            Some((want, change)) => (Some(*want), change.clone()),
            None if carry_out => (None, Change::Update),
            None => return,
        };
        group.drop_pending_commit();
        match (group.commit(&change), want) {
            (Some(bundle), want) => {
                self.commit_at = None;
                if renews {
                    self.renewal = Renewal::UnderWay(Sha256::digest(&bundle.commit.0).into());
                }
                // The vault holds what is pending before it leaves: it may be in the log when nobody here knows it.
                self.unsaved.room_by(world.now);
                let request = Request::Commit(Commit { room: self.id, bundle });
                let request = Some(world.requests.ask(Purpose::Commit(self.id), request));
                self.commit = Some(Committing { request, want });
            }
            (None, Some(want)) => {
                // What was wanted has happened already or cannot happen any more.
                self.cannot_be(want);
                self.unsaved.wishes_now();
                self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
            }
            (None, None) => self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS)),
        }
    }

    fn flush(&mut self, world: &mut World<'_>) {
        let Some(group) = &mut self.group else { return };
        while let Some(item) = self.outbox.next_waiting() {
            let content = match &item.content {
                Content::Text(words) => Content::Text(words.clone().signed(&self.leaf.key, self.id)),
                content => content.clone(),
            };
            let Some(message) = group.encrypt(&content) else { return };
            let id = item.id;
            let lead_signature = match self.call {
                Some(call) if self.reply_due && matches!(item.content, Content::Text(_)) => {
                    Some(sign_reply(&self.leaf.key, call, &message))
                }
                _ => None,
            };
            let send = Send { room: self.id, message: message.clone(), lead_signature };
            let request = world.requests.ask(Purpose::Send(self.id, id), Request::Send(send));
            self.outbox.under_way(id, request, &message);
            self.unsaved.wishes_now();
        }
    }

    // How long to wait before carrying out somebody's leave: hosts first, then in leaf order.
    pub(super) fn turn_to_carry_out(&self, world: &World<'_>) -> u64 {
        let Some(group) = &self.group else { return 0 };
        let mut members = group.members(world.trust, world.judging());
        let leads =
            |member: &MemberLeaf| matches!(member.standing.role(), Some(Role::Host | Role::Presenter));
        members.sort_by_key(|member| (!leads(member), member.index));
        let own = self.leaf.public();
        let turn = members.iter().position(|member| member.key == own).unwrap_or(0);
        turn as u64 * CARRY_OUT_STEP_MS
    }
}
