//! A lead asks for a colleague: to take over, or to help. The lead stays until the colleague has written.

use lotgenoot_protocol::call::{AskColleague, CallNotice, Ended, Part, Urgency};
use lotgenoot_protocol::frame::{Answer, call_notice_body};
use lotgenoot_protocol::limits::ASKS_MAX;
use lotgenoot_protocol::{AccountKey, AskId, LeafKey, Refused, RequestId, Seq, Timestamp};

use super::calling::{Ladder, Target};
use super::{HelpDesk, accepted};
use crate::call::{Ask, HelpCall, Pace, State};
use crate::duty::HOSTS;
use crate::effect::Batch;
use crate::room::Room;

impl HelpDesk {
    /// The lead asks for a colleague. The same request id or the same ask again is the same request; one hand-over at
    /// a time.
    pub fn ask_colleague(
        &mut self,
        by: &[LeafKey],
        ask: &AskColleague,
        request: RequestId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let mut call = self.find(&ask.call)?;
        let lead = call.lead().filter(|lead| by.contains(&lead.leaf)).copied().ok_or(Refused::NoSuchCall)?;
        if call.is_repeat(request) {
            return Ok(accepted(Seq(0)));
        }
        if ask.service == HOSTS || !self.roster.services().any(|service| service == ask.service) {
            return Err(Refused::invalid("no such service"));
        }
        if ask
            .account
            .is_some_and(|account| account == lead.account || self.roster.colleague(&account).is_none())
        {
            return Err(Refused::invalid("no such colleague"));
        }
        // Who has not written herself yet has nothing to hand over: she gives the call back.
        let State::Active(active) = &mut call.state else {
            return Err(Refused::invalid("a lead writes before she asks for anybody"));
        };
        if active.asks.iter().any(|known| known.id == ask.ask) {
            return Ok(accepted(Seq(0)));
        }
        let hands_over = |it: &Ask| it.part == Part::TakesOver;
        if ask.part == Part::TakesOver && active.asks.iter().any(hands_over) {
            return Err(Refused::Exists);
        }
        if active.asks.len() == ASKS_MAX {
            return Err(Refused::TooLarge { limit: "ASKS_MAX".to_owned(), max: ASKS_MAX as u64 });
        }
        let (epoch, service) = (active.epoch, ask.service.clone());
        active.asks.push(Ask::begin(ask.ask, ask.part, service.clone(), ask.account, epoch, now));
        let notice = CallNotice::Asked { ask: ask.ask, part: ask.part, service };
        let seq = self.note(&call.room, &notice, now, batch);
        self.look_at_asks(&mut call, now, batch);
        self.keep(call, None, batch);
        Ok(accepted(seq))
    }

    /// The lead wants that colleague no more.
    pub(super) fn end_ask(&mut self, call: &mut HelpCall, id: AskId, now: Timestamp, batch: &mut Batch) {
        let State::Active(active) = &mut call.state else { return };
        let Some(at) = active.asks.iter().position(|ask| ask.id == id) else { return };
        let ask = active.asks.remove(at);
        self.ended(call, &ask, Ended::Withdrawn, now, batch);
    }

    /// Whatever is due of the lead's requests happens.
    pub(super) fn look_at_asks(&mut self, call: &mut HelpCall, now: Timestamp, batch: &mut Batch) {
        let State::Active(active) = &mut call.state else { return };
        if active.asks.is_empty() {
            return;
        }
        let Some((id, mut room)) = self.rooms.remove(&call.room) else { return };
        let State::Active(active) = &mut call.state else { return };
        let lead = active.lead.account;
        let mut over = Vec::new();
        let mut asks = std::mem::take(&mut active.asks);
        let target = |ask: &Ask| Target { pace: Pace::of(Urgency::Now), ..Target::of(call, ask.why()) };
        asks.retain_mut(|ask| {
            let target = target(ask);
            let ended = self.look_at_ask(target, ask, lead, &mut room, now, batch);
            over.extend(ended.map(|why| (ask.clone(), why)));
            ended.is_none()
        });
        if let State::Active(active) = &mut call.state {
            active.asks = asks;
        }
        self.rooms.insert(call.room, (id, room));
        for (ask, why) in over {
            self.ended(call, &ask, why, now, batch);
        }
    }

    fn look_at_ask(
        &self,
        target: Target,
        ask: &mut Ask,
        lead: AccountKey,
        room: &mut Room,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Option<Ended> {
        if ask.accepted.is_some() {
            return (ask.due <= now).then_some(Ended::NoWords);
        }
        let ladder = self.ladder_for(ask, lead, now);
        if now >= ask.round.cycle_end(&target.pace, ladder.len()) {
            return Some(Ended::NobodyCame);
        }
        let was = ask.round.unstaffed;
        self.ring(target, &mut ask.round, &ladder, room, now, batch);
        ask.due = ask.round.due;
        let unstaffed = ask.round.unstaffed;
        let declined = ask.round.tracks.values().filter_map(|track| track.declined).next_back();
        let ended = declined.filter(|_| unstaffed).map(Ended::Declined);
        // The lead need not wait three minutes to hear that there is nobody.
        if ended.is_none() && unstaffed != was {
            let notice = CallNotice::AskReach { ask: ask.id, reached: !unstaffed };
            room.note(call_notice_body(&notice), now, batch);
        }
        ended
    }

    // Whoever is asked by name need not be on duty; nobody is asked to take over from herself.
    fn ladder_for(&self, ask: &Ask, lead: AccountKey, now: Timestamp) -> Ladder<'_> {
        if let Some(only) = ask.only {
            let counts = self.roster.counting(&only, &self.trust, now);
            return counts.map(|colleague| vec![colleague]).into_iter().collect();
        }
        let mut ladder = self.ladder(&ask.service, now);
        ladder.iter_mut().for_each(|level| level.retain(|colleague| colleague.account != lead));
        ladder.retain(|level| !level.is_empty());
        ladder
    }

    pub(super) fn ended(
        &mut self,
        call: &HelpCall,
        ask: &Ask,
        why: Ended,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        Self::call_off(call.id, ask.why(), &ask.round.tracks, None, batch);
        self.note(&call.room, &CallNotice::AskEnded { ask: ask.id, why }, now, batch);
    }
}
