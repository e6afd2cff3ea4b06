//! Calling people: whose turn it is, and their pages.

use lotgenoot_protocol::call::{Alarm, CallNotice, Page, Why};
use lotgenoot_protocol::frame::{Notice, call_notice_body};
use lotgenoot_protocol::{AccountKey, CallId, PageId, RoomId, Timestamp};

use super::HelpDesk;
use crate::call::{HelpCall, LOOK_UP_MS, Pace, Round, State, Track, Tracks};
use crate::duty::Colleague;
use crate::effect::{Batch, Op, Unwanted};
use crate::room::Room;

/// Levels in order, each with the people at it.
pub(super) type Ladder<'a> = Vec<Vec<&'a Colleague>>;

/// What people are called for.
#[derive(Clone, Copy)]
pub(super) struct Target {
    pub(super) call: CallId,
    pub(super) room: RoomId,
    pub(super) raised_at: Timestamp,
    pub(super) why: Why,
    pub(super) pace: Pace,
}

impl Target {
    pub(super) fn of(call: &HelpCall, why: Why) -> Self {
        Self { call: call.id, room: call.room, raised_at: call.raised_at, why, pace: call.pace() }
    }
}

impl HelpDesk {
    pub(super) fn look_up_all(&mut self, now: Timestamp, batch: &mut Batch) {
        let ids: Vec<CallId> =
            self.calls.values().filter(|call| is_calling(call)).map(|call| call.id).collect();
        for id in ids {
            self.look_at(id, now, batch);
        }
    }

    // Calls every level that is due and everybody at those levels who was not called in this cycle yet. When nobody is
    // reachable anywhere the call says so and looks again soon.
    pub(super) fn page_due(&self, call: &mut HelpCall, room: &mut Room, now: Timestamp, batch: &mut Batch) {
        let target = Target::of(call, Why::Call);
        let ladder = self.ladder_of(call, now);
        let State::Paging(round) = &mut call.state else { return };
        let levels = ladder.len();
        if now >= round.cycle_end(&target.pace, levels) {
            // After downtime nobody waits for levels that should have been called long ago: all together, at once.
            let missed = (round.level as usize) < levels;
            *round = std::mem::take(round).next_cycle(now);
            if missed {
                round.set_back(&target.pace, levels);
            }
        }
        let was_unstaffed = round.unstaffed;
        let said = self.ring(target, round, &ladder, room, now, batch);
        // Said anew with each cycle: "people are being called" alone would sound like somebody who could come.
        if round.unstaffed && (!was_unstaffed || said) {
            room.note(call_notice_body(&CallNotice::Unstaffed), now, batch);
        }
        let alarm_at = round.alarm_at(&target.pace);
        if alarm_at.is_some_and(|at| at <= now || round.unstaffed) {
            round.alarmed = round.cycle;
            self.alarm(call.id, call.raised_at, Alarm::Unanswered, batch);
        } else if let Some(at) = alarm_at {
            round.due = round.due.min(at);
        }
    }

    /// Calls whoever is due in `round`. Levels with nobody reachable are passed at once. Returns whether the log says
    /// that people are called.
    pub(super) fn ring(
        &self,
        target: Target,
        round: &mut Round,
        ladder: &Ladder<'_>,
        room: &mut Room,
        now: Timestamp,
        batch: &mut Batch,
    ) -> bool {
        let levels = ladder.len();
        let settling = now < self.settles_at;
        let somebody = |level: usize, may_come: &dyn Fn(&AccountKey) -> bool| {
            let mut people = ladder[level].iter().map(|colleague| &colleague.account);
            people.any(|account| may_come(account) && !round.has_declined(account))
        };
        let reachable = |level: usize| somebody(level, &|account| self.reaches(account));
        let perhaps = |level: usize| somebody(level, &|account| settling || self.reaches(account));
        let mut level = round.levels_due(&target.pace, levels, now).max(round.level).min(levels as u32);
        while (level as usize) < levels && !(0..level as usize).any(perhaps) {
            level += 1;
        }
        // What was said before a restart stays true until it is known better.
        let unstaffed = !(0..levels).any(reachable) && (round.unstaffed || !(0..levels).any(perhaps));
        let more = level > round.level || (round.unstaffed && !unstaffed);
        (round.level, round.unstaffed) = (level, unstaffed);
        let says = more && target.why == Why::Call;
        if says {
            let (page_epoch, cycle) = (round.epoch, round.cycle);
            room.note(call_notice_body(&CallNotice::Paging { page_epoch, level, cycle }), now, batch);
        }
        for colleague in ladder[..level as usize].iter().flatten() {
            if !round.has_called(&colleague.account) {
                self.page(target, round, colleague, room, now, batch);
            }
        }
        let next_level = Some(round.next_level_at(&target.pace));
        let next_cycle = round.cycle_end(&target.pace, levels);
        let next = next_level.filter(|at| *at > now && (level as usize) < levels).unwrap_or(next_cycle);
        let settled = settling.then_some(self.settles_at);
        let sooner = self.ladders.next_change(&self.roster, now).into_iter().chain(settled);
        round.due = sooner.chain([next, now.plus_ms(LOOK_UP_MS)]).min().unwrap_or(next);
        says
    }

    fn page(
        &self,
        target: Target,
        round: &mut Round,
        colleague: &Colleague,
        room: &mut Room,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let account = colleague.account;
        let page = self.page_id(target.call, target.why, round.epoch, round.cycle, &account);
        let seated = room.has_seat(&colleague.leaf_key) && room.release(&colleague.leaf_key, batch);
        let leaf = colleague.leaf_key;
        let track = Track {
            page,
            cycle: round.cycle,
            leaf,
            received: false,
            seated,
            declined: None,
            seen: false,
            // Whoever is away may have left no KeyPackage: it is said again as soon as she comes.
            wanted_at: if self.is_present(&account) { now } else { Timestamp(0) },
            helps: false,
        };
        let first_time = round.tracks.insert(account, track).is_none();
        round.rang_at = now;
        if seated && first_time {
            batch.ops.push(Op::Notify { account, notice: Notice::Added { room: target.room } });
        }
        self.send_page(target, page, round.epoch, account, batch);
        if !seated {
            let certificate = colleague.certificate.clone();
            room.note(call_notice_body(&CallNotice::Wanted { account, certificate }), now, batch);
        }
    }

    pub(super) fn send_page(
        &self,
        target: Target,
        page: PageId,
        page_epoch: u32,
        account: AccountKey,
        batch: &mut Batch,
    ) {
        let Target { call, room, raised_at, why, .. } = target;
        let notice = Notice::Page(Page { call, room, page, page_epoch, raised_at, why });
        batch.ops.push(Op::Notify { account, notice });
    }

    /// The ladder of her service; her contact person, or else the deputy, before it if on duty.
    fn ladder_of(&self, call: &HelpCall, now: Timestamp) -> Ladder<'_> {
        let mut ladder = self.ladder(self.answering(&call.service, now), now);
        let on_duty = |account: &AccountKey| {
            ladder.iter().flatten().copied().find(|colleague| colleague.account == *account)
        };
        let Some(first) = call.first.iter().find_map(on_duty) else { return ladder };
        ladder.iter_mut().for_each(|level| level.retain(|colleague| colleague.account != first.account));
        ladder.retain(|level| !level.is_empty());
        ladder.insert(0, vec![first]);
        ladder
    }

    // Those who were called before they had a seat get their Welcome as soon as somebody has added them.
    pub(super) fn seat_paged(&mut self, id: CallId, batch: &mut Batch) {
        let Some(mut call) = self.calls.get(&id).cloned() else { return };
        let Some((_, room)) = self.rooms.get_mut(&call.room) else { return };
        let room_id = call.room;
        let mut changed = false;
        for tracks in all_tracks(&mut call.state) {
            for (account, track) in tracks.iter_mut().filter(|(_, track)| !track.seated) {
                if room.has_seat(&track.leaf) && room.release(&track.leaf, batch) {
                    track.seated = true;
                    changed = true;
                    let notice = Notice::Added { room: room_id };
                    batch.ops.push(Op::Notify { account: *account, notice });
                }
            }
        }
        if changed {
            self.keep(call, None, batch);
        }
    }

    pub(super) fn alarm(&self, call: CallId, since: Timestamp, why: Alarm, batch: &mut Batch) {
        for account in &self.coordinators {
            batch.ops.push(Op::Notify { account: *account, notice: Notice::Alarm { call, why, since } });
        }
    }

    /// Everybody who was called but `except` need not come any more.
    pub(super) fn call_off(
        call: CallId,
        why: Why,
        tracks: &Tracks,
        except: Option<&AccountKey>,
        batch: &mut Batch,
    ) {
        for (account, track) in tracks.iter().filter(|(account, _)| Some(*account) != except) {
            batch.unwanted.push(Unwanted { account: *account, call, why });
            batch
                .ops
                .push(Op::Notify { account: *account, notice: Notice::Taken { call, page: track.page } });
        }
    }

    pub(super) fn page_id(
        &self,
        call: CallId,
        why: Why,
        epoch: u32,
        cycle: u32,
        account: &AccountKey,
    ) -> PageId {
        use sha2::{Digest, Sha256};
        let (kind, ask) = match why {
            Why::Call => (0_u8, [0; 16]),
            Why::TakeOver(ask) => (1, ask.0),
            Why::Assist(ask) => (2, ask.0),
            Why::Attention => (3, [0; 16]),
        };
        let digest = Sha256::new()
            .chain_update(self.page_secret)
            .chain_update(call.0)
            .chain_update([kind])
            .chain_update(ask)
            .chain_update(epoch.to_be_bytes())
            .chain_update(cycle.to_be_bytes())
            .chain_update(account.0)
            .finalize();
        let mut id = [0; 16];
        id.copy_from_slice(&digest[..16]);
        PageId(id)
    }
}

// Whether people are being called for it now: without a lead, or for one who asks.
pub(super) fn is_calling(call: &HelpCall) -> bool {
    match &call.state {
        State::Paging(_) => true,
        State::Active(it) => it.asks.iter().any(|ask| ask.accepted.is_none()),
        State::Acknowledged(_) | State::Closed(_) | State::Resting(_) => false,
    }
}

/// Those who may still be let in: for the call, or for a lead's request.
pub(super) fn tracks_of(state: &State) -> Vec<&Tracks> {
    match state {
        State::Paging(it) => vec![&it.tracks],
        State::Active(it) => it.asks.iter().map(|ask| &ask.round.tracks).collect(),
        State::Acknowledged(_) | State::Closed(_) | State::Resting(_) => Vec::new(),
    }
}

// Those who may still come: for the call, or for a lead's request.
pub(super) fn all_tracks(state: &mut State) -> Vec<&mut Tracks> {
    match state {
        State::Paging(it) => vec![&mut it.tracks],
        State::Acknowledged(it) => vec![&mut it.tracks],
        State::Active(it) => it.asks.iter_mut().map(|ask| &mut ask.round.tracks).collect(),
        State::Closed(_) | State::Resting(_) => Vec::new(),
    }
}
