//! A help call as a client knows it: what the relay's notices and the members' signatures prove, and no more.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::CallNotice;
use lotgenoot_protocol::frame::Page;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{CallId, LeafKey, RoomId, Timestamp};
use minicbor::{Decode, Encode};

use crate::room::{Room, World};
use crate::show;

/// A help call.
#[derive(Clone, Encode, Decode)]
pub(crate) struct Call {
    #[n(0)]
    pub(crate) id: CallId,
    #[n(1)]
    pub(crate) room: RoomId,
    #[n(2)]
    pub(crate) own: bool,
    #[n(3)]
    pub(crate) raised_at: u64,
    #[n(4)]
    pub(crate) phase: Phase,
    #[n(5)]
    pub(crate) lead: Option<LeafKey>,
    #[n(6)]
    pub(crate) intake: Option<Box<ui::Intake>>,
    /// A professional's page, to be answered.
    #[n(7)]
    pub(crate) page: Option<Page>,
    #[n(8)]
    pub(crate) service: String,
    /// An acknowledgement of an earlier round of paging counts for nothing any more.
    #[n(9)]
    pub(crate) round: u32,
    /// Our own raise was refused: when to look again who is on duty.
    #[n(10)]
    pub(crate) raise_again_at: Option<Timestamp>,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub(crate) enum Phase {
    #[n(0)]
    NotSent,
    #[n(1)]
    Stored,
    #[n(2)]
    Unstaffed,
    #[n(3)]
    StillWaiting,
    #[n(4)]
    Taken,
    #[n(5)]
    Active,
    #[n(6)]
    LeadLost,
    #[n(7)]
    Closed,
    #[n(8)]
    WantsYou,
    #[n(9)]
    NotYours,
}

impl Call {
    /// A call of this client's own, not yet with the relay.
    pub(crate) fn own(id: CallId, room: RoomId, service: String, intake: Box<ui::Intake>, now: u64) -> Self {
        Self {
            id,
            room,
            own: true,
            raised_at: now,
            phase: Phase::NotSent,
            lead: None,
            intake: Some(intake),
            page: None,
            service,
            round: 0,
            raise_again_at: None,
        }
    }

    /// Nobody knows of it: what was heard of it so far is of no use any more.
    pub(crate) fn not_sent(&mut self) {
        (self.phase, self.lead, self.round) = (Phase::NotSent, None, 0);
    }

    /// Somebody's call that wants this client.
    pub(crate) fn paged(page: Page) -> Self {
        Self {
            id: page.call,
            room: page.room,
            own: false,
            raised_at: page.raised_at.0,
            phase: Phase::WantsYou,
            lead: None,
            intake: None,
            round: page.page_epoch,
            page: Some(page),
            service: String::new(),
            raise_again_at: None,
        }
    }

    /// The relay's word, except an acknowledgement, which must be signed by a certified professional in the room.
    /// Returns whether anything changed.
    pub(crate) fn handle_notice(&mut self, notice: &CallNotice, room: &mut Room, world: &World<'_>) -> bool {
        let before = (self.phase, self.lead);
        match notice {
            CallNotice::Raised => self.waiting(Phase::Stored),
            CallNotice::Paging { .. } => {
                if self.phase == Phase::Unstaffed {
                    self.waiting(Phase::Stored);
                }
            }
            CallNotice::Unstaffed => self.waiting(Phase::Unstaffed),
            CallNotice::StillWaiting => self.waiting(Phase::StillWaiting),
            CallNotice::Acknowledged(ack) => {
                let professional =
                    room.find(&ack.leaf_key, world).is_some_and(|member| match &member.standing {
                        Standing::Staff(certificate) => {
                            certificate.role == Role::Professional && certificate.serial == ack.serial
                        }
                        Standing::Person | Standing::Nobody => false,
                    });
                let proven = ack.call == self.id
                    && ack.page_epoch >= self.round
                    && professional
                    && ack.verify(world.trust.organisation(), room.id);
                if proven && self.phase != Phase::Closed {
                    self.round = ack.page_epoch;
                    self.lead = Some(ack.leaf_key);
                    room.lead = self.lead;
                    let mine = ack.leaf_key == room.leaf.public();
                    room.reply_due = mine;
                    self.phase = if self.own || mine { Phase::Taken } else { Phase::NotYours };
                }
            }
            // Of a lead we know of: the page of a later round may be here before what ended the round before.
            CallNotice::LeadLost if self.lead.is_none() => {}
            CallNotice::LeadLost => {
                self.lead = None;
                self.round += 1;
                room.lead = None;
                room.reply_due = false;
                if self.phase != Phase::Closed {
                    self.phase = if self.own { Phase::LeadLost } else { Phase::NotYours };
                }
            }
            CallNotice::Closed => self.phase = Phase::Closed,
            CallNotice::Active => room.reply_due = false,
            CallNotice::Wanted { .. } => {}
        }
        (self.phase, self.lead) != before
    }

    /// Words of the lead that we could decrypt: only now is the call active for us.
    pub(crate) fn handle_words(&mut self, from: LeafKey) -> bool {
        let first = self.phase == Phase::Taken && self.lead == Some(from);
        if first {
            self.phase = Phase::Active;
        }
        first
    }

    /// The call as the interface knows it.
    pub(crate) fn view(&self, room: Option<&Room>, world: &World<'_>) -> ui::CallView {
        let joined = room.is_some_and(|room| room.group.is_some());
        let lead = || {
            let room = room?;
            room.find(&self.lead?, world).map(|member| room.member(&member))
        };
        let state = match self.phase {
            Phase::NotSent => ui::CallState::NotSent,
            Phase::Stored => ui::CallState::Stored,
            Phase::Unstaffed => ui::CallState::Unstaffed,
            Phase::StillWaiting => ui::CallState::StillWaiting,
            Phase::Taken => lead().map_or(ui::CallState::Stored, ui::CallState::Taken),
            Phase::Active => lead().map_or(ui::CallState::LeadLost, ui::CallState::Active),
            Phase::LeadLost => ui::CallState::LeadLost,
            Phase::Closed => ui::CallState::Closed,
            Phase::WantsYou => ui::CallState::WantsYou { key_on_its_way: !joined },
            Phase::NotYours => ui::CallState::NotYours,
        };
        ui::CallView {
            call: show::hex(&self.id.0),
            room: joined.then(|| show::hex(&self.room.0)),
            raised_at: self.raised_at,
            own: self.own,
            state,
            intake: self.intake.clone(),
        }
    }

    fn waiting(&mut self, phase: Phase) {
        let open = matches!(
            self.phase,
            Phase::NotSent | Phase::Stored | Phase::Unstaffed | Phase::StillWaiting | Phase::LeadLost
        );
        // "Still waiting" is not taken back by a fresh round of paging; only an answer does that.
        if self.own && open && !(self.phase == Phase::StillWaiting && phase == Phase::Stored) {
            self.phase = phase;
        }
    }
}
