//! A help call as a client knows it: what the relay's notices and the members' signatures prove, and no more.

mod aftercare;
mod agreements;
mod asked;
mod intake;
mod needless;

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::{Acknowledgement, CallNotice, Part, Why};
use lotgenoot_protocol::frame::Page;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AskId, CallId, LeafKey, PageId, RoomId, Timestamp};
use minicbor::{Decode, Encode};

use crate::room::{Room, World};
use crate::show;

pub(crate) use aftercare::Aftercare;
pub(crate) use agreements::{Agreed, SignedAgreements};
pub(crate) use asked::{Asked, reason_meant};
pub(crate) use intake::SignedIntake;

// Requests a client remembers; those that are open are never more than four.
const ASKS_KEPT: usize = 16;

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
    /// What the lead asked of colleagues, the newest last.
    #[n(11)]
    pub(crate) asks: Vec<Asked>,
    /// Who helps the lead.
    #[n(12)]
    pub(crate) assistants: Vec<LeafKey>,
    /// The lead was called again: she is waited for.
    #[n(13)]
    pub(crate) attention: bool,
    /// The lead thinks they are done.
    #[n(14)]
    pub(crate) done_proposed: bool,
    /// When it was closed.
    #[n(15)]
    pub(crate) closed_at: Option<u64>,
    /// Requests of the lead that wait behind the page that is shown, the newest last.
    #[n(16)]
    others: Vec<Page>,
    /// What she was when the lead's requests came.
    #[n(17)]
    behind: Option<Phase>,
    /// Nobody could be reached when the relay last said something of that.
    #[cbor(n(18), default)]
    unstaffed: bool,
    /// Somebody else's: the intake as she has signed it, for those who come later.
    #[n(19)]
    pub(crate) signed_intake: Option<SignedIntake>,
    /// When those who were not needed are taken out of the room, by this device's clock.
    #[cbor(n(20), default)]
    tidies_at: Option<Timestamp>,
    /// Who does what by when, as its lead has signed it.
    #[n(30)]
    pub(crate) agreements: Option<SignedAgreements>,
    /// Staff: it has ended, she led it last, and has not said how it ended.
    #[cbor(n(31), default)]
    pub(crate) outcome_due: bool,
    /// It was handed over, accepted and spoken.
    #[cbor(n(32), default)]
    handed_over: bool,
    /// Her own: what she wants to be asked later.
    #[n(33)]
    pub(crate) aftercare: Option<Aftercare>,
    /// Staff: since when its page is on this device, until she has it; and since when she has it, until she has written.
    #[n(34)]
    pub(crate) paged_at: Option<Timestamp>,
    #[n(35)]
    pub(crate) taken_at: Option<Timestamp>,
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
    /// Staff: she accepted to take over and has not written yet.
    #[n(10)]
    TakingOver,
    /// Staff: she helps whoever leads.
    #[n(11)]
    Assisting,
    /// Nobody wrote for a long time.
    #[n(12)]
    Rests,
}

impl Call {
    /// A call of this client's own, not yet with the relay.
    pub(crate) fn own(id: CallId, room: RoomId, service: String, intake: Box<ui::Intake>, now: u64) -> Self {
        Self { own: true, intake: Some(intake), service, ..Self::new(id, room, now, Phase::NotSent) }
    }

    /// Whether she agreed that hosts may come along.
    pub(crate) fn host_comes(&self) -> bool {
        self.intake.as_ref().is_some_and(|it| it.consents.contains(&ui::Consent::HostComesAlong))
    }

    /// Somebody may still answer it, or does.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.phase, Phase::Closed | Phase::Rests)
    }

    /// Somebody else's intake, from her or from whoever has told it on. Of two, the one that was changed more often counts.
    pub(crate) fn intake_read(&mut self, intake: Box<ui::Intake>, signed: Option<SignedIntake>) {
        let is_older = self.intake.as_ref().is_some_and(|known| known.edition > intake.edition);
        if !is_older {
            self.intake = Some(intake);
            self.signed_intake = signed.or(self.signed_intake.take());
        }
    }

    fn new(id: CallId, room: RoomId, raised_at: u64, phase: Phase) -> Self {
        Self {
            id,
            room,
            own: false,
            raised_at,
            phase,
            lead: None,
            intake: None,
            page: None,
            service: String::new(),
            round: 0,
            raise_again_at: None,
            asks: Vec::new(),
            assistants: Vec::new(),
            attention: false,
            done_proposed: false,
            closed_at: None,
            others: Vec::new(),
            behind: None,
            unstaffed: false,
            signed_intake: None,
            tidies_at: None,
            agreements: None,
            outcome_due: false,
            handed_over: false,
            aftercare: None,
            paged_at: None,
            taken_at: None,
        }
    }

    /// Nobody knows of it: what was heard of it so far is of no use any more.
    pub(crate) fn not_sent(&mut self) {
        (self.phase, self.lead, self.round) = (Phase::NotSent, None, 0);
        self.unstaffed = false;
        (self.attention, self.done_proposed, self.closed_at) = (false, false, None);
        self.tidies_at = None;
        self.asks.clear();
        self.assistants.clear();
    }

    /// Somebody's call that wants this client; `before` is what she knew of it.
    pub(crate) fn paged(page: Page, before: Option<Self>) -> Self {
        let new = Self::new(page.call, page.room, page.raised_at.0, Phase::WantsYou);
        match (page.why, before) {
            // She leads it: nothing changes but that she is waited for.
            (Why::Attention, Some(before)) => Self { attention: true, page: Some(page), ..before },
            (Why::TakeOver(ask) | Why::Assist(ask), before) => {
                let part = if matches!(page.why, Why::TakeOver(_)) { Part::TakesOver } else { Part::Assists };
                let mut call = before.unwrap_or(Self { phase: Phase::NotYours, ..new });
                call.round = page.page_epoch;
                match call.page.take().filter(|_| call.phase == Phase::WantsYou) {
                    // A call that wanted her wants her no more: somebody leads it, and asks.
                    Some(shown) if shown.why != Why::Call => call.others.push(shown),
                    Some(_) => {}
                    None => call.behind = Some(call.phase),
                }
                call.others.retain(|other| other.why != page.why);
                (call.phase, call.page) = (Phase::WantsYou, Some(page));
                // It may have been said before she was in the room.
                call.asked(ask, part, "");
                call
            }
            (Why::Call | Why::Attention, before) => {
                let known = Self { round: page.page_epoch, ..new };
                let known = match before {
                    Some(it) => Self {
                        intake: it.intake,
                        signed_intake: it.signed_intake,
                        agreements: it.agreements,
                        handed_over: it.handed_over,
                        ..known
                    },
                    None => known,
                };
                Self { page: Some(page), ..known }
            }
        }
    }

    /// This page wants her no more. Another request may; else she is what she was before, or `otherwise`.
    pub(crate) fn no_page(&mut self, page: PageId, otherwise: Phase) {
        self.others.retain(|other| other.page != page);
        let is_shown = self.page.as_ref().is_some_and(|shown| shown.page == page);
        if is_shown && self.phase == Phase::WantsYou {
            match self.others.pop() {
                Some(next) => self.page = Some(next),
                None => self.phase = self.behind.take().unwrap_or(otherwise),
            }
        }
    }

    // She has answered the page that is shown, and is `phase` by it. Another request may still want her.
    fn answered(&mut self, phase: Phase) {
        match self.others.pop().filter(|_| phase == Phase::Assisting) {
            Some(next) => (self.page, self.behind, self.phase) = (Some(next), Some(phase), Phase::WantsYou),
            None => self.phase = phase,
        }
    }

    /// The relay's word, except an acknowledgement, which must be signed by a certified professional in the room.
    /// Returns whether anything changed.
    pub(crate) fn handle_notice(
        &mut self,
        notice: &CallNotice,
        at: Timestamp,
        room: &mut Room,
        world: &World<'_>,
    ) -> bool {
        let before = (self.phase, self.lead, self.unstaffed);
        let mut changed = false;
        match notice {
            CallNotice::Unstaffed => self.unstaffed = true,
            CallNotice::Raised
            | CallNotice::Paging { .. }
            | CallNotice::Acknowledged(_)
            | CallNotice::LeadLost
            | CallNotice::Reopened => self.unstaffed = false,
            _ => {}
        }
        match notice {
            CallNotice::Raised => self.waiting(Phase::Stored),
            CallNotice::Paging { page_epoch, .. } => {
                // What began the round may be in no log she reads.
                if self.lead.is_some() && *page_epoch > self.round {
                    self.lead_lost(*page_epoch, Phase::Stored, room);
                }
                if matches!(self.phase, Phase::Unstaffed | Phase::Rests) {
                    self.waiting(Phase::Stored);
                }
            }
            // Only said of a call without a lead: what took hers away may be in no log she reads.
            CallNotice::Unstaffed if self.lead.is_some() => {
                let phase = if self.own { Phase::Unstaffed } else { Phase::NotYours };
                self.lead_lost(self.round + 1, phase, room);
            }
            CallNotice::Unstaffed => self.waiting(Phase::Unstaffed),
            // "Nobody has answered" would not be true of a call that had a lead.
            CallNotice::StillWaiting if self.phase == Phase::LeadLost => {}
            CallNotice::StillWaiting => self.waiting(Phase::StillWaiting),
            CallNotice::Acknowledged(ack) => {
                if ack.ask.is_none()
                    && ack.page_epoch >= self.round
                    && self.phase != Phase::Closed
                    && self.is_proven(ack, room, world)
                {
                    self.round = ack.page_epoch;
                    self.lead = Some(ack.leaf_key);
                    self.done_proposed = false;
                    room.lead = self.lead;
                    let mine = ack.leaf_key == room.leaf.public();
                    room.reply_due = mine;
                    self.phase = if self.own || mine { Phase::Taken } else { Phase::NotYours };
                }
            }
            // Of a lead we know of: the page of a later round may be here before what ended the round before.
            CallNotice::LeadLost if self.lead.is_none() => {}
            CallNotice::LeadLost => {
                let phase = if self.own { Phase::LeadLost } else { Phase::NotYours };
                self.lead_lost(self.round + 1, phase, room);
            }
            // What is read late of an earlier round does not take the page of this one away; its own end does
            // (`Notice::Taken`).
            CallNotice::Closed if self.phase == Phase::WantsYou => self.closed_at = Some(at.0),
            CallNotice::Rests if self.phase == Phase::WantsYou => {}
            CallNotice::Closed => {
                self.ended(&room.leaf.public());
                (self.phase, self.closed_at) = (Phase::Closed, Some(at.0));
                (self.attention, self.done_proposed) = (false, false);
            }
            CallNotice::Active => room.reply_due = false,
            CallNotice::Wanted { .. } => {}
            CallNotice::Asked { ask, part, service } => {
                changed = true;
                let asked = self.asked(*ask, *part, service);
                asked.told = true;
                asked.service.clone_from(service);
            }
            CallNotice::Accepted(ack) => changed = self.accepted(ack, room, world),
            CallNotice::AskEnded { ask, why } => {
                let own_leaf = room.leaf.public();
                if let Some(asked) = self.asks.iter_mut().find(|asked| asked.id == *ask) {
                    changed = true;
                    asked.ended = Some(*why);
                    if asked.accepted == Some(own_leaf) && self.phase == Phase::TakingOver {
                        self.phase = Phase::NotYours;
                        room.reply_due = false;
                    }
                }
            }
            CallNotice::HandedOver { ask } => changed = self.handed_over(*ask, room),
            CallNotice::Assists(ack) => {
                if ack.ask.is_none() && self.is_proven(ack, room, world) {
                    changed = self.assists(ack.leaf_key, room);
                }
            }
            CallNotice::AskReach { ask, reached } => {
                if let Some(asked) = self.asks.iter_mut().find(|asked| asked.id == *ask) {
                    changed = asked.unreached == *reached;
                    asked.unreached = !reached;
                }
            }
            CallNotice::Attention => changed = !std::mem::replace(&mut self.attention, true),
            CallNotice::DoneProposed => changed = !std::mem::replace(&mut self.done_proposed, true),
            // The page of the round that follows may be here before.
            CallNotice::Reopened if self.phase == Phase::WantsYou => self.closed_at = None,
            CallNotice::Reopened => {
                changed = true;
                self.outcome_due = false;
                self.closed_at = None;
                self.raised_at = at.0;
                self.phase = match self.lead {
                    Some(_) => Phase::Active,
                    None if self.own => Phase::Stored,
                    None => Phase::NotYours,
                };
            }
            CallNotice::Rests => {
                self.ended(&room.leaf.public());
                (self.phase, self.lead, self.attention) = (Phase::Rests, None, false);
                self.done_proposed = false;
                room.lead = None;
            }
        }
        changed || (self.phase, self.lead, self.unstaffed) != before
    }

    /// Words that we could decrypt: only now is the call active for us, or handed over.
    pub(crate) fn handle_words(&mut self, from: LeafKey) -> bool {
        let open = |asked: &&mut Asked| {
            asked.part == Part::TakesOver && asked.accepted == Some(from) && asked.ended.is_none()
        };
        let mut accepted = Vec::new();
        for asked in self.asks.iter_mut().filter(open) {
            asked.spoke = true;
            accepted.push(asked.id);
        }
        if accepted.into_iter().any(|ask| self.settle(ask)) {
            return true;
        }
        if self.lead != Some(from) {
            // Of the person: she goes on.
            let hers = !self.own && !self.assistants.contains(&from);
            return hers && std::mem::take(&mut self.done_proposed);
        }
        let first = self.phase == Phase::Taken;
        if first {
            self.phase = Phase::Active;
        }
        std::mem::take(&mut self.attention) || first
    }

    /// The lead's own word that she asks for somebody.
    pub(crate) fn handle_asks(&mut self, from: LeafKey, ask: AskId, part: Part, service: &str) -> bool {
        if self.lead != Some(from) {
            return false;
        }
        let asked = self.asked(ask, part, service);
        (asked.part, asked.said) = (part, true);
        self.settle(ask);
        true
    }

    /// The call as the interface knows it.
    pub(crate) fn view(&self, room: Option<&Room>, world: &World<'_>) -> ui::CallView {
        let room = room.filter(|room| room.group.is_some());
        let member = |leaf: &LeafKey| {
            let room = room?;
            room.find(leaf, world).map(|member| room.member(&member))
        };
        let lead = || member(&self.lead?);
        let what = match self.page.as_ref().map(|page| page.why) {
            Some(Why::TakeOver(_)) => ui::Wants::TakeOver,
            Some(Why::Assist(_)) => ui::Wants::Assist,
            Some(Why::Call | Why::Attention) | None => ui::Wants::Call,
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
            Phase::WantsYou => ui::CallState::WantsYou { key_on_its_way: room.is_none(), what },
            Phase::NotYours => ui::CallState::NotYours,
            Phase::TakingOver => ui::CallState::TakingOver,
            Phase::Assisting => ui::CallState::Assisting,
            Phase::Rests => ui::CallState::Rests,
        };
        ui::CallView {
            call: show::hex(&self.id.0),
            room: room.map(|_| show::hex(&self.room.0)),
            raised_at: self.raised_at,
            own: self.own,
            state,
            intake: self.intake.clone(),
            lead: lead(),
            asks: room
                .map(|room| {
                    self.asks.iter().filter(|asked| asked.told).map(|it| it.view(room, world)).collect()
                })
                .unwrap_or_default(),
            assistants: self.assistants.iter().filter_map(member).collect(),
            attention: self.attention,
            done_proposed: self.done_proposed,
            closed_at: self.closed_at,
            unstaffed: self.unstaffed,
            silent: self.own && self.intake.as_ref().is_some_and(|intake| intake.silent),
            agreements: self.agreed().list,
            may_agree: room.is_some_and(|room| self.may_agree(room)),
            outcome_due: self.outcome_due && room.is_some(),
            handed_over: self.handed_over,
            aftercare: self.aftercare.as_ref().map(Aftercare::view),
        }
    }

    /// The request, as far as anybody has heard of it.
    fn asked(&mut self, id: AskId, part: Part, service: &str) -> &mut Asked {
        let at = self.asks.iter().position(|asked| asked.id == id).unwrap_or_else(|| {
            if self.asks.len() == ASKS_KEPT {
                self.asks.remove(0);
            }
            self.asks.push(Asked::new(id, part, service.to_owned()));
            self.asks.len() - 1
        });
        &mut self.asks[at]
    }

    fn accepted(&mut self, ack: &Acknowledgement, room: &mut Room, world: &World<'_>) -> bool {
        let Some(id) = ack.ask.filter(|_| self.is_proven(ack, room, world)) else { return false };
        let Some(asked) = self.asks.iter_mut().find(|asked| asked.id == id) else { return false };
        asked.accepted = Some(ack.leaf_key);
        if asked.part == Part::Assists {
            // That is all that comes of it.
            self.asks.retain(|asked| asked.id != id);
            return self.assists(ack.leaf_key, room);
        }
        if ack.leaf_key == room.leaf.public() {
            self.answered(Phase::TakingOver);
            room.reply_due = true;
        }
        true
    }

    fn assists(&mut self, leaf: LeafKey, room: &Room) -> bool {
        if leaf == room.leaf.public() {
            self.answered(Phase::Assisting);
        }
        let is_new = !self.assistants.contains(&leaf);
        if is_new {
            self.assistants.push(leaf);
        }
        is_new
    }

    // The relay says that whoever accepted leads from here: by that name commits are judged. Who is shown as lead is
    // known by more than that ([`Asked::new_lead`]).
    fn handed_over(&mut self, id: AskId, room: &mut Room) -> bool {
        let Some(asked) = self.asks.iter_mut().find(|asked| asked.id == id) else { return false };
        asked.handed = true;
        if asked.part == Part::TakesOver && asked.accepted.is_some() {
            room.lead = asked.accepted;
        }
        if asked.accepted == Some(room.leaf.public()) {
            // Her own words need no reading, and what was said before she came she has not read.
            (asked.said, asked.spoke) = (true, true);
            room.reply_due = false;
        }
        self.settle(id);
        true
    }

    fn settle(&mut self, id: AskId) -> bool {
        let asked = self.asks.iter().find(|asked| asked.id == id);
        let Some(lead) = asked.and_then(Asked::new_lead) else { return false };
        self.asks.retain(|asked| asked.id != id);
        self.assistants.retain(|leaf| *leaf != lead);
        self.lead = Some(lead);
        self.handed_over = true;
        (self.attention, self.done_proposed) = (false, false);
        // What proves it may be read after she has closed the call.
        if self.phase != Phase::Closed {
            self.phase = Phase::Active;
        }
        self.begins_anew();
        true
    }

    fn lead_lost(&mut self, round: u32, phase: Phase, room: &mut Room) {
        (self.lead, self.round) = (None, round);
        (self.attention, self.done_proposed) = (false, false);
        self.asks.clear();
        room.lead = None;
        room.reply_due = false;
        if self.phase != Phase::Closed {
            self.phase = phase;
        }
    }

    // Whoever leads says how it ended. Of a call that was at rest and is closed she may have said so already.
    fn ended(&mut self, own: &LeafKey) {
        if self.phase != Phase::Rests {
            self.outcome_due = !self.own && self.lead.as_ref() == Some(own);
        }
    }

    // Whether a certified professional of this room signed it for this call.
    fn is_proven(&self, ack: &Acknowledgement, room: &Room, world: &World<'_>) -> bool {
        let professional = room.find(&ack.leaf_key, world).is_some_and(|member| match &member.standing {
            Standing::Staff(certificate) => {
                certificate.role == Role::Professional && certificate.serial == ack.serial
            }
            Standing::Person | Standing::Nobody => false,
        });
        ack.call == self.id && professional && ack.verify(world.trust.organisation(), room.id)
    }

    fn waiting(&mut self, phase: Phase) {
        let open = matches!(
            self.phase,
            Phase::NotSent
                | Phase::Stored
                | Phase::Unstaffed
                | Phase::StillWaiting
                | Phase::LeadLost
                | Phase::Rests
        );
        // "Still waiting" is not taken back by a fresh round of paging, nor by hearing that nobody can be reached, which is
        // said beside it; only an answer does that.
        let stays = self.phase == Phase::StillWaiting && matches!(phase, Phase::Stored | Phase::Unstaffed);
        if self.own && open && !stays {
            self.phase = phase;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOOR: LeafKey = LeafKey([1; 32]);
    const KARIM: LeafKey = LeafKey([2; 32]);

    #[test]
    fn a_hand_over_that_is_proven_late_does_not_open_a_call_that_she_has_closed() {
        let mut call = Call::new(CallId([1; 16]), RoomId([1; 16]), 0, Phase::Closed);
        call.lead = Some(NOOR);
        // He accepted, wrote, and the relay said so; then she closed it; and only now Noor's own word is read.
        let (ask, accepted) = (AskId([1; 16]), Some(KARIM));
        let asked = Asked::new(ask, Part::TakesOver, String::new());
        call.asks.push(Asked { accepted, spoke: true, handed: true, ..asked });
        assert!(call.handle_asks(NOOR, ask, Part::TakesOver, ""));
        assert_eq!(call.lead, Some(KARIM));
        assert_eq!(call.phase, Phase::Closed);
    }
}
