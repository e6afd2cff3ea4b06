//! What the interface is told of a room, and what of it is shown again after a restore.

use std::collections::VecDeque;

use lotgenoot_messages as ui;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{LeafKey, MessageId, Seq, Timestamp};
use minicbor::{Decode, Encode};

use super::{OnStage, Room, World};
use crate::group::{Group, MemberLeaf};
use crate::show;

// A long evening's; what is older is not shown again after a reload.
const LINES_MAX: usize = 400;

/// What was shown here, as far as it is in the log.
#[derive(Clone, Default, Encode, Decode)]
pub(super) struct Transcript {
    #[n(0)]
    lines: VecDeque<Line>,
    // Others' words as they have signed them, for as long as this client runs.
    #[cbor(skip)]
    signed: VecDeque<(LeafKey, Words)>,
}

#[derive(Clone, Encode, Decode)]
enum Line {
    #[n(0)]
    Message(#[n(0)] ui::MessageView),
    #[n(1)]
    Note {
        #[n(0)]
        note: ui::Note,
        #[n(1)]
        at: u64,
    },
}

impl Transcript {
    fn has(&self, id: &str) -> bool {
        self.lines.iter().any(|line| matches!(line, Line::Message(message) if message.id == id))
    }

    fn keep(&mut self, from: LeafKey, words: Words) {
        self.signed.push_back((from, words));
        if self.signed.len() > LINES_MAX {
            self.signed.pop_front();
        }
    }

    fn push(&mut self, line: Line) {
        self.lines.push_back(line);
        if self.lines.len() > LINES_MAX {
            self.lines.pop_front();
        }
    }
}

impl Room {
    /// The room as the interface knows it.
    pub(crate) fn show(&self, world: &mut World<'_>) {
        let Some(group) = &self.group else { return };
        let members =
            group.members(world.trust, world.judging()).iter().map(|member| self.member(member)).collect();
        world.events.push_back(ui::Event::Room(ui::RoomView {
            room: show::hex(&self.id.0),
            kind: show::kind(group.kind()),
            members,
            admitted_to: self.admitted_to.map(|room| show::hex(&room.0)),
            admitted_as: self.admitted_as.map(|leaf| show::hex(&leaf.0)),
            caught_up: self.caught_up,
            epoch_code: lotgenoot_protocol::mls::epoch_code(&group.epoch_authenticator()),
            invitation: self.invited.as_ref().map(|shown| shown.view.clone()),
            move_it: self.wants_a_move(group, world),
            floor: self.floor_view(world),
            held: self.held_views(),
            place: self.waiting.view().0,
            before: self.waiting.view().1,
            stays_until: self.stays_until.map(|until| world.here(until)),
            workshop: self.workshop.map(|session| show::hex(&session.0)),
            blocked: self
                .blocked
                .iter()
                .map(|(room, until)| (show::hex(&room.0), world.here(*until)))
                .collect(),
        }));
    }

    // A host should move it: it is in another suite than rooms are opened in now, or somebody cannot follow.
    fn wants_a_move(&self, group: &Group, world: &World<'_>) -> bool {
        let is_host = group
            .member(&self.leaf.public(), world.trust, world.judging())
            .is_some_and(|own| own.standing.role() == Some(Role::Host));
        let reason = group.suite() != world.suite || self.someone_stuck;
        let open = group.kind() == RoomKind::Peer && self.is_open();
        open && is_host && reason && self.successor.is_none()
    }

    /// What this client has said here and is in the log: when, and the words.
    pub(crate) fn own_words(&self) -> impl Iterator<Item = (u64, String)> + '_ {
        self.transcript.lines.iter().filter_map(|line| match line {
            Line::Message(message) if message.from.you => Some((message.at, message.text.clone())),
            Line::Message(_) | Line::Note { .. } => None,
        })
    }

    /// A member as the interface knows her.
    pub(crate) fn member(&self, member: &MemberLeaf) -> ui::MemberView {
        let certificate = match &member.standing {
            Standing::Staff(certificate) => Some(certificate),
            Standing::Person | Standing::Nobody => None,
        };
        let said = || self.names.get(&member.name).cloned().unwrap_or_default();
        ui::MemberView {
            id: show::hex(&member.key.0),
            name: certificate.map_or_else(said, |certificate| certificate.alias.clone()),
            role: show::role(&member.standing),
            service: certificate.map(|certificate| certificate.service.clone()).filter(|it| !it.is_empty()),
            you: member.key == self.leaf.public(),
        }
    }

    // How we were shown here, for when we are not in the group any more.
    fn own_view(&self) -> ui::MemberView {
        let certificate = self.leaf.certificate.as_deref().and_then(RoleCertificate::from_bytes);
        let said = self.names.get(&self.leaf.name).cloned().unwrap_or_default();
        ui::MemberView {
            id: show::hex(&self.leaf.public().0),
            role: certificate.as_ref().map_or(ui::Role::Person, |it| show::certified_role(it.role)),
            service: certificate.as_ref().map(|it| it.service.clone()).filter(|it| !it.is_empty()),
            name: certificate.map_or(said, |it| it.alias),
            you: true,
        }
    }

    pub(super) fn show_own(&self, id: MessageId, world: &mut World<'_>) {
        let Some((words, item)) = self.outbox.words(id) else { return };
        let Some(message) = self.message(&self.leaf.public(), words, Timestamp(item.said_at), world) else {
            return;
        };
        let (state, returned) = item.state.shown();
        let message = ui::MessageView { state, returned, ..message };
        world.events.push_back(ui::Event::Message { room: show::hex(&self.id.0), message });
    }

    /// The next thing on the stage, by whoever the log says. Whoever has asked is told whether there is a place for it.
    pub(crate) fn on_stage(
        &mut self,
        seq: Seq,
        from: LeafKey,
        leads: bool,
        what: &OnStage,
        world: &mut World<'_>,
    ) {
        if self.kind() != Some(RoomKind::Stage) {
            return;
        }
        let me = self.leaf.public();
        let heard = self.stage.heard_of(&me);
        let changed = self.stage.take(seq, from, leads, what);
        if changed {
            self.show_stage(world);
        }
        let asked = match what {
            OnStage::Ask { question, text } if from == me => vec![(*question, text.clone())],
            OnStage::So(_) if changed => heard,
            _ => Vec::new(),
        };
        for (question, text) in asked {
            // As long as nobody has told her what there is, it counts as sent, which it is.
            let placed = !self.stage.is_known() || self.stage.has(&question);
            self.show_asked(text, if placed { ui::Asked::Sent } else { ui::Asked::NoPlace }, world);
        }
    }

    /// What became of a question of hers.
    pub(super) fn show_asked(&self, text: String, what: ui::Asked, world: &mut World<'_>) {
        world.events.push_back(ui::Event::Asked { room: show::hex(&self.id.0), text, what });
    }

    /// This client's own, now that it is in the log.
    pub(super) fn own_on_stage(&mut self, seq: Seq, what: &OnStage, world: &mut World<'_>) {
        let own = self.find(&self.leaf.public(), world);
        let role = own.and_then(|own| own.standing.role());
        let leads = matches!(role, Some(Role::Host | Role::Presenter));
        self.on_stage(seq, self.leaf.public(), leads, what, world);
    }

    /// She was away from the log: what is on the stage is not known until a leader says it.
    pub(super) fn stage_is_unknown(&mut self) {
        self.stage = super::Stage::default();
    }

    /// What a leader says to those who have just come.
    pub(crate) fn stage_for_newcomers(&self) -> Option<OnStage> {
        let is_stage = self.kind() == Some(RoomKind::Stage);
        self.stage.for_newcomers().filter(|_| is_stage).map(OnStage::So)
    }

    fn show_stage(&self, world: &mut World<'_>) {
        let stage = self.stage.view(&self.leaf.public(), self.leaf.certificate.is_some());
        world.events.push_back(ui::Event::Stage { room: show::hex(&self.id.0), stage });
    }

    /// Everything that was on the screen, once more.
    pub(crate) fn show_again(&self, world: &mut World<'_>) {
        self.show(world);
        if self.kind() == Some(RoomKind::Stage) {
            self.show_stage(world);
        }
        let room = show::hex(&self.id.0);
        for line in self.transcript.lines.iter().cloned() {
            world.events.push_back(match line {
                Line::Message(message) => ui::Event::Message { room: room.clone(), message },
                Line::Note { note, at } => ui::Event::Note { room: room.clone(), note, at },
            });
        }
        for item in self.outbox.not_in_log() {
            self.show_own(item.id, world);
        }
    }

    // Words that are in the log.
    pub(super) fn show_said(&mut self, from: &LeafKey, words: &Words, at: Timestamp, world: &mut World<'_>) {
        // Somebody whose vault had forgotten that it was sent has sent it again.
        if self.transcript.has(&show::hex(&words.id().0)) {
            return;
        }
        if let Some(message) = self.message(from, words, at, world) {
            self.transcript.keep(*from, words.clone());
            self.transcript.push(Line::Message(message.clone()));
            world.events.push_back(ui::Event::Message { room: show::hex(&self.id.0), message });
        }
    }

    /// These words, as this leaf has signed them here.
    pub(crate) fn words_of(&self, id: MessageId, from: LeafKey) -> Option<Words> {
        let mut signed = self.transcript.signed.iter();
        signed.find(|(leaf, words)| *leaf == from && words.id() == id).map(|(_, words)| words.clone())
    }

    /// What the author of something that was said here is called.
    pub(super) fn author(&self, leaf: &LeafKey) -> Option<String> {
        let id = show::hex(&leaf.0);
        self.transcript.lines.iter().find_map(|line| match line {
            Line::Message(message) if message.from.id == id => Some(message.from.name.clone()),
            Line::Message(_) | Line::Note { .. } => None,
        })
    }

    /// A message as it was read here.
    pub(crate) fn read_here(&self, id: &str) -> Option<&ui::MessageView> {
        self.transcript.lines.iter().find_map(|line| match line {
            Line::Message(message) if message.id == id => Some(message),
            Line::Message(_) | Line::Note { .. } => None,
        })
    }

    pub(crate) fn note(&mut self, note: ui::Note, at: Timestamp, world: &mut World<'_>) {
        self.transcript.push(Line::Note { note: note.clone(), at: at.0 });
        world.events.push_back(ui::Event::Note { room: show::hex(&self.id.0), note, at: at.0 });
    }

    fn message(
        &self,
        from: &LeafKey,
        words: &Words,
        at: Timestamp,
        world: &World<'_>,
    ) -> Option<ui::MessageView> {
        let known = self.find(from, world).map(|member| self.member(&member));
        let own = || (*from == self.leaf.public()).then(|| self.own_view());
        let from = known.or_else(own)?;
        Some(ui::MessageView {
            id: show::hex(&words.id().0),
            from,
            text: words.text.clone(),
            at: at.0,
            state: ui::Delivery::Sent,
            returned: None,
        })
    }
}
