//! What an entry of the log does to the room.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{Entry, EntryKind, RejectCommit, Request};
use lotgenoot_protocol::mls::{RoomKind, private_header};
use lotgenoot_protocol::policy::CommitSummary;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign, verify};
use lotgenoot_protocol::{Blob, codec};
use sha2::{Digest, Sha256};

use super::resync::Resync;
use super::{Happened, Leaving, RETRY_COMMIT_MS, Renewal, Room, World};
use crate::content::Content;
use crate::group::{Group, MemberLeaf, Processed, Unapplied};
use crate::requests::Purpose;
use crate::show;

impl Room {
    /// Applies the next entry of the log, if it is the next one.
    ///
    /// A repeat does nothing. A hole is the relay's fault: read again from what we have.
    pub(crate) fn handle_entry(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        let Some(last) = self.last.filter(|last| entry.seq > *last) else { return Vec::new() };
        if self.stopped {
            return Vec::new();
        }
        if self.resync.is_some() {
            return self.handle_entry_while_lost(entry, world);
        }
        if entry.seq != last.next() {
            self.attached = false;
            return if self.attaching.is_some() { Vec::new() } else { vec![Happened::Hole] };
        }
        let epoch = self.group.as_ref().map(Group::epoch);
        let happened = match entry.kind {
            EntryKind::Application => self.handle_message(entry, world),
            EntryKind::Commit | EntryKind::Proposal => self.handle_handshake(entry, world),
            EntryKind::Call => vec![Happened::Call { body: entry.body.clone() }],
            EntryKind::Reject => {
                self.handle_reject(entry, world);
                Vec::new()
            }
            EntryKind::Ruling => self.handle_ruling(entry, world),
            EntryKind::Session => {
                self.handle_session_notice(entry, world);
                Vec::new()
            }
        };
        self.close_if_said(world);
        if self.stopped || self.resync.is_some() {
            return happened;
        }
        self.last = Some(entry.seq);
        self.detached = 0;
        if self.leaving == Leaving::AfterWords {
            self.work(world);
        }
        let epoch_changed = self.group.as_ref().map(Group::epoch) != epoch;
        self.note_applied(entry.seq, epoch_changed, world.now);
        happened
    }

    fn handle_message(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        if let Some((content, request)) = self.outbox.came_back(&entry.body, entry.seq) {
            // It is among the wishes until the room has passed it: they belong together.
            self.unsaved.wishes_with_the_room();
            // The entry is the answer; the reply to the request adds nothing.
            if let Some(request) = request {
                world.requests.answered(&request);
            }
            if let Content::Text(words) = content {
                let me = self.leaf.public();
                self.spoke(&words.id(), entry.at, world);
                self.show_said(&me, &words, entry.at, world);
                return vec![Happened::Words { from: me }];
            }
            // Read again after a restore: what she gave back then is given back.
            match content {
                Content::Returned { room, words, .. } => self.not_held_any_more(room, words, world),
                Content::Blocked { room, until } => self.is_blocked(room, until, world),
                Content::OnStage(what) => self.own_on_stage(entry.seq, &what, world),
                Content::Reported(report) => {
                    let (room, member) = (show::hex(&report.room.0), show::hex(&report.leaf.0));
                    world.events.push_back(ui::Event::Written(ui::Writing::Report { room, member }));
                }
                _ => {}
            }
            return Vec::new();
        }
        // A commit or proposal that the relay calls words would be applied here without anybody seeing it.
        if private_header(&entry.body).is_none() {
            self.stop(entry, world);
            return vec![Happened::Stopped];
        }
        let Some(group) = &mut self.group else { return Vec::new() };
        match group.process(&entry.body, world.trust, self.lead, world.judging()) {
            Ok(Processed::Application { from, content }) => match content {
                // Somebody who is muted or held, and a relay that let it pass all the same; or words that nobody
                // could ever hold her to.
                Some(Content::Text(words)) if !self.is_heard(&from, &words, entry.at) => Vec::new(),
                Some(Content::Text(words)) => {
                    self.floor.spoke(from.key, &words.id(), entry.at);
                    self.show_said(&from.key, &words, entry.at, world);
                    // Whatever made it pass, no host need look at it any more.
                    vec![Happened::Words { from: from.key }, Happened::LetThrough(words.id())]
                }
                Some(content) => vec![Happened::Content { from, content }],
                None => Vec::new(),
            },
            // Another version's content, a repeat, or an epoch we no longer hold: nothing to show, and no harm.
            _ => Vec::new(),
        }
    }

    fn handle_handshake(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        let Some(group) = &mut self.group else { return Vec::new() };
        match group.process(&entry.body, world.trust, self.lead, world.judging()) {
            Ok(Processed::Commit { summary, gone, own }) => {
                self.carry_out_at = None;
                if own {
                    self.own_commit_merged(entry, world);
                } else if self.commit.is_some() {
                    self.drop_commit();
                    self.commit_at = Some(world.now.plus_ms(RETRY_COMMIT_MS));
                }
                self.note_changes(&summary, &gone, entry, world);
                if !self.group.as_ref().is_some_and(Group::is_active) {
                    return vec![Happened::Gone(ui::Gone::Removed)];
                }
                self.show(world);
                self.work(world);
                match (own, summary.added.is_empty() && !summary.resync) {
                    (true, _) => vec![Happened::Added(summary.added.iter().map(|it| it.leaf_key).collect())],
                    (false, false) => vec![Happened::Joined],
                    (false, true) => Vec::new(),
                }
            }
            Ok(Processed::Leaving { leaver }) if leaver == self.leaf.public() => {
                vec![Happened::Gone(ui::Gone::Left)]
            }
            Ok(Processed::Leaving { .. }) => {
                self.drop_commit();
                self.carry_out_at = Some(world.now.plus_ms(self.turn_to_carry_out(world)));
                self.work(world);
                Vec::new()
            }
            Ok(Processed::Application { .. } | Processed::Own) => Vec::new(),
            Err(Unapplied::NotMine) => {
                self.resync = Some(Resync::InDoubt);
                vec![Happened::Lost]
            }
            Err(Unapplied::Forbidden | Unapplied::Broken | Unapplied::Unreadable) => {
                self.stop(entry, world);
                vec![Happened::Stopped]
            }
        }
    }

    // Somebody here has stopped: seen by all, and a host can do something for her.
    fn handle_reject(&mut self, entry: &Entry, world: &mut World<'_>) {
        let Some(reject) = codec::from_slice::<RejectCommit>(&entry.body.0) else { return };
        let parts: [&[u8]; 3] = [&self.id.0, &reject.seq.0.to_be_bytes(), &reject.hash.0];
        let signed = |it: &MemberLeaf| verify(&it.key.0, SignFor::Reject, &parts, &reject.signature.0);
        let members = self.members(world.trust, world.judging());
        if let Some(member) = members.iter().find(|member| reject.room == self.id && signed(member)) {
            let view = self.member(member);
            self.someone_stuck = true;
            self.note(ui::Note::Stuck(view), entry.at, world);
            self.show(world);
        }
    }

    // The relay let something pass that must not be merged, or that cannot be. Stop, say so, and say so to others.
    fn stop(&mut self, entry: &Entry, world: &mut World<'_>) {
        self.stopped = true;
        let hash: [u8; 32] = Sha256::digest(&entry.body.0).into();
        let parts: [&[u8]; 3] = [&self.id.0, &entry.seq.0.to_be_bytes(), &hash];
        let signature = Blob(sign(&self.leaf.key, SignFor::Reject, &parts).to_vec());
        let reject = RejectCommit { room: self.id, seq: entry.seq, hash: Blob(hash.to_vec()), signature };
        world.requests.ask(Purpose::Reject(self.id), Request::RejectCommit(reject));
        world.events.push_back(ui::Event::Alarm { room: show::hex(&self.id.0) });
    }

    fn own_commit_merged(&mut self, entry: &Entry, world: &mut World<'_>) {
        let commit = self.commit.take();
        if let Some(request) = commit.as_ref().and_then(|commit| commit.request) {
            world.requests.answered(&request);
        }
        if let Some(want) = commit.and_then(|commit| commit.want) {
            self.wanted.retain(|(id, _)| *id != want);
            self.unsaved.wishes_with_the_room();
        }
        self.commit_at = None;
        // Of this very instance: from here on what it says uses keys that nobody has used.
        let hash: [u8; 32] = Sha256::digest(&entry.body.0).into();
        if self.renewal == Renewal::UnderWay(hash) {
            self.renewal = Renewal::Done;
        }
    }

    // On a stage nobody is told of one among hundreds.
    fn is_unnamed(&self, member: &MemberLeaf) -> bool {
        self.kind() == Some(RoomKind::Stage) && member.standing.role().is_none()
    }

    fn note_changes(
        &mut self,
        summary: &CommitSummary,
        gone: &[MemberLeaf],
        entry: &Entry,
        world: &mut World<'_>,
    ) {
        for member in gone {
            let left = summary.left.contains(&member.key);
            // Who goes from a stage by herself comes back when she knocks.
            let may_come_back = left && self.kind() == Some(RoomKind::Stage);
            if member.standing.role().is_some() && !may_come_back && !self.went.contains(&member.key) {
                self.went.push(member.key);
            }
            let view = self.member(member);
            if self.is_unnamed(member) {
                continue;
            }
            self.note(if left { ui::Note::Left(view) } else { ui::Note::Removed(view) }, entry.at, world);
        }
        if summary.resync
            && let Some(member) = self.find(&summary.committer, world)
        {
            let view = self.member(&member);
            self.note(ui::Note::Returned(view), entry.at, world);
            // Every leader tells her what is on the stage: nobody knows here whose connection is gone.
            let own = self.find(&self.leaf.public(), world).and_then(|own| own.standing.role());
            let tells = matches!(own, Some(Role::Host | Role::Presenter)) && member.key != self.leaf.public();
            if let Some(stage) = self.stage_for_newcomers().filter(|_| tells) {
                self.say(Content::OnStage(stage), world);
            }
            // She has missed what was ruled meanwhile: the first host here tells her.
            let hosts = self.members(world.trust, world.judging()).into_iter();
            let others = hosts.filter(|it| it.standing.role() == Some(Role::Host) && it.key != member.key);
            let first = others.min_by_key(|it| it.index);
            let tells = first.is_some_and(|it| it.key == self.leaf.public());
            if let Some(floor) = self.floor_for_newcomers().filter(|_| tells) {
                self.say(Content::Floor(Box::new(floor)), world);
            }
        }
        // A host who comes into a line later has no history: the person says once more who she is and what she offers.
        let is_person = self.leaf.certificate.is_none() && self.kind() == Some(RoomKind::Line);
        if let Some(offered) = self.offered.clone().filter(|_| is_person && !summary.added.is_empty()) {
            let nickname = self.names.get(&self.leaf.name).cloned().unwrap_or_default();
            self.say(Content::Hello { nickname, key_package: Some(offered.package) }, world);
        }
        if let Some((invitation, proof)) = self.showed.clone().filter(|_| !summary.added.is_empty()) {
            self.say(Content::Invited { invitation, proof }, world);
        }
        // Who came after it was said must hear it too.
        let leads = self.successor.as_ref().filter(|successor| successor.leads && !summary.added.is_empty());
        if let Some(room) = leads.map(|successor| successor.room) {
            self.say(Content::Moving { room }, world);
        }
        summary.removed.iter().chain(&summary.left).for_each(|leaf| self.floor.gone(leaf));
        self.attended_otherwise();
        for added in &summary.added {
            if self.find(&added.leaf_key, world).is_some_and(|member| member.standing.role().is_none()) {
                self.floor.joined(added.leaf_key);
            }
            if let Some(member) = self.find(&added.leaf_key, world).filter(|member| !self.is_unnamed(member))
            {
                let view = self.member(&member);
                self.note(ui::Note::Joined(view), entry.at, world);
            }
        }
    }
}
