//! What those who are paged say: it arrived, I come, I come too, I do not come.

use lotgenoot_protocol::call::{Acknowledgement, Alarm, CallNotice, Decline, Part, Why};
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::{AccountKey, AskId, CallId, LeafKey, PageId, Refused, Seq, Timestamp};

use super::calling::all_tracks;
use super::{HelpDesk, accepted};
use crate::call::{HelpCall, Lead, Round, State, Tracks};
use crate::effect::Batch;

impl HelpDesk {
    /// Somebody takes a call, or accepts a lead's request. The first is lead; a repeat is fine; anybody else is too
    /// late, and may [assist](Self::assist).
    pub fn acknowledge(
        &mut self,
        by: AccountKey,
        ack: &Acknowledgement,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&ack.call)?;
        if ack.ask.is_some() {
            return self.accept(call, by, ack, now, batch);
        }
        let round = match &call.state {
            State::Paging(round) => round,
            State::Closed(_) | State::Resting(_) => return Err(Refused::NoSuchCall),
            State::Acknowledged(_) | State::Active(_) => {
                let again = call.lead().is_some_and(|lead| lead.leaf == ack.leaf_key);
                return if again { Ok(accepted(Seq(0))) } else { Err(Refused::AlreadyTaken) };
            }
        };
        if !self.counts(&call, by, ack, Why::Call, round.epoch, &round.tracks, now) {
            return Err(stranger());
        }
        let round = round.clone();
        Self::call_off(call.id, Why::Call, &round.tracks, Some(&by), batch);
        if round.alarmed > 0 {
            self.alarm(call.id, call.raised_at, Alarm::Over, batch);
        }
        let lead = Lead { leaf: ack.leaf_key, account: by };
        call.state = State::Acknowledged(round.acknowledge(lead, now));
        let seq = self.note(&call.room, &CallNotice::Acknowledged(ack.clone()), now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// Somebody who was paged and came too late to lead helps.
    pub fn assist(
        &mut self,
        by: AccountKey,
        ack: &Acknowledgement,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&ack.call)?;
        let (epoch, tracks) = match &call.state {
            State::Acknowledged(it) => (it.epoch, &it.tracks),
            State::Active(it) => (it.epoch, &it.tracks),
            State::Paging(_) => return Err(stranger()),
            State::Closed(_) | State::Resting(_) => return Err(Refused::NoSuchCall),
        };
        if ack.ask.is_some() || !self.counts(&call, by, ack, Why::Call, epoch, tracks, now) {
            return Err(stranger());
        }
        if call.lead().is_some_and(|lead| lead.leaf == ack.leaf_key) {
            return Ok(accepted(Seq(0)));
        }
        let tracks = match &mut call.state {
            State::Acknowledged(it) => &mut it.tracks,
            State::Active(it) => &mut it.tracks,
            State::Paging(_) | State::Closed(_) | State::Resting(_) => return Err(stranger()),
        };
        // The answer was lost on its way to her: she says it again.
        if tracks.get_mut(&by).is_some_and(|track| std::mem::replace(&mut track.helps, true)) {
            return Ok(accepted(Seq(0)));
        }
        let seq = self.note(&call.room, &CallNotice::Assists(ack.clone()), now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    // Somebody accepts what a lead asked. Only the first does.
    fn accept(
        &mut self,
        mut call: HelpCall,
        by: AccountKey,
        ack: &Acknowledgement,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let active = match &call.state {
            State::Active(active) => active,
            State::Paging(_) | State::Acknowledged(_) => return Err(Refused::AlreadyTaken),
            State::Closed(_) | State::Resting(_) => return Err(Refused::NoSuchCall),
        };
        if active.lead.leaf == ack.leaf_key {
            return Ok(accepted(Seq(0)));
        }
        let helps = |(ask, leaf): &(AskId, LeafKey)| Some(*ask) == ack.ask && *leaf == ack.leaf_key;
        if active.helpers.iter().any(helps) {
            return Ok(accepted(Seq(0)));
        }
        let mut asks = active.asks.iter().cloned();
        let mut ask = asks.find(|ask| Some(ask.id) == ack.ask).ok_or(Refused::AlreadyTaken)?;
        if let Some(before) = ask.accepted {
            let again = before.leaf == ack.leaf_key;
            return if again { Ok(accepted(Seq(0))) } else { Err(Refused::AlreadyTaken) };
        }
        let Round { epoch, tracks, .. } = &ask.round;
        if !self.counts(&call, by, ack, ask.why(), *epoch, tracks, now) {
            return Err(stranger());
        }
        Self::call_off(call.id, ask.why(), tracks, Some(&by), batch);
        let seq = self.note(&call.room, &CallNotice::Accepted(ack.clone()), now, batch);
        let State::Active(active) = &mut call.state else { return Err(Refused::NoSuchCall) };
        let at = active.asks.iter().position(|it| it.id == ask.id);
        match (ask.part, at) {
            (Part::TakesOver, Some(at)) => {
                ask.accept(Lead { leaf: ack.leaf_key, account: by }, now);
                active.asks[at] = ask;
            }
            (Part::Assists, Some(at)) => {
                active.asks.remove(at);
                active.helps(ask.id, ack.leaf_key);
            }
            (_, None) => {}
        }
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// A page arrived on a device.
    pub fn receipt(
        &mut self,
        by: AccountKey,
        call: CallId,
        page: PageId,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&call)?;
        let mut changed = false;
        let tracks = all_tracks(&mut call.state).into_iter().filter_map(|tracks| tracks.get_mut(&by));
        for track in tracks.filter(|track| track.page == page) {
            changed |= !std::mem::replace(&mut track.received, true);
        }
        if let State::Active(active) = &mut call.state
            && let Some(attention) = active.attention.as_mut().filter(|it| it.page == page && !it.received)
        {
            attention.received = true;
            changed = true;
        }
        if changed {
            self.keep(call, None, batch);
        }
        Ok(accepted(Seq(0)))
    }

    /// Somebody has seen her page on a channel that cannot answer. It never takes the call; the next level waits a
    /// little, once a cycle.
    pub fn seen(&mut self, call: CallId, page: PageId, now: Timestamp, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&call).cloned() else { return };
        let State::Paging(round) = &mut call.state else { return };
        let Some(track) = round.tracks.values_mut().find(|track| track.page == page && !track.seen) else {
            return;
        };
        track.seen = true;
        round.seen();
        self.page_and_keep(call, now, batch);
    }

    /// Somebody who was paged does not come. When nobody is left of those who were called, the next are.
    pub fn decline(
        &mut self,
        by: AccountKey,
        decline: &Decline,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&decline.call)?;
        let mut changed = false;
        for tracks in all_tracks(&mut call.state) {
            if let Some(track) = tracks.get_mut(&by).filter(|it| it.page == decline.page) {
                changed |= track.declined.replace(decline.reason).is_none();
            }
        }
        if !changed {
            return Ok(accepted(Seq(0)));
        }
        match &call.state {
            State::Paging(_) => self.page_and_keep(call, now, batch),
            _ => {
                self.look_at_asks(&mut call, now, batch);
                self.keep(call, None, batch);
            }
        }
        Ok(accepted(Seq(0)))
    }

    // Whether this acknowledgement proves everything it must.
    #[allow(clippy::too_many_arguments)]
    fn counts(
        &self,
        call: &HelpCall,
        by: AccountKey,
        ack: &Acknowledgement,
        why: Why,
        epoch: u32,
        tracks: &Tracks,
        now: Timestamp,
    ) -> bool {
        let Some((track, colleague)) = tracks.get(&by).zip(self.roster.colleague(&by)) else { return false };
        let Some(room) = self.room(&call.room) else { return false };
        // A page of an earlier cycle counts too: whoever answers it does not know that it rang again meanwhile.
        let is_page = |cycle| ack.page == self.page_id(call.id, why, epoch, cycle, &by);
        ack.page_epoch == epoch
            && (1..=track.cycle).any(is_page)
            && ack.leaf_key == track.leaf
            && ack.leaf_key == colleague.leaf_key
            // By the certificate the others in the room see: the roster may have a newer one than she knows of.
            && room.certificate(&ack.leaf_key).is_some_and(|carried| {
                let counts = self.trust.role(carried, &ack.leaf_key, now);
                counts.is_ok_and(|certificate| certificate.serial == ack.serial)
            })
            && ack.verify(self.trust.organisation(), call.room)
            && room.has_seat(&ack.leaf_key)
    }
}

fn stranger() -> Refused {
    Refused::NotAllowed { rule: Rule::Stranger }
}
