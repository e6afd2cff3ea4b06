//! Pages on their way through channels, so that none is lost: lease, do, settle.
//!
//! ```text
//!  ring ──► Waiting ──lease──► Leased ──accepted──► Accepted ──► gone at its end, or when nobody need come
//!              ▲                 │
//!              └── later, or the lease is over, or the relay was ended in between ──┘   the same page id
//! ```
//!
//! A page is on its way in the transaction that makes it: [`Outbox::follow`] reads what the desk has decided and puts the
//! sendings beside it. Sending itself happens elsewhere. Whatever is not settled is sent again: twice is better than
//! never, and a device shows the same page once.
//!
//! Channels are not tried one after another by a clock of their own: each sending is due at its own time, the next
//! channel a while after the first (`escalation.md`). A receipt from a device of hers takes the later ones away; a
//! failure brings them forward.

mod index;
mod sending;

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_protocol::call::{Alarm, Page, Why};
use lotgenoot_protocol::channel::{Channel, Health, Way};
use lotgenoot_protocol::frame::Notice;
use lotgenoot_protocol::limits::CHANNELS_MAX;
use lotgenoot_protocol::role::{Issuer, Trust};
use lotgenoot_protocol::{AccountKey, Blob, CallId, ChannelId, PageId, Refused, Timestamp, codec};
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

pub use sending::{Handle, Sending, SendingId, Sent, Stage};

use crate::desk::Audit;
use crate::effect::{Batch, Op, Unwanted};
use index::{Index, Kind};

/// How long a page is sent if nothing takes its place, in milliseconds: longer than any cycle.
pub const RING_MS: u64 = 3_600_000;
/// How long after it was sent a page may still arrive, in milliseconds.
pub const DELIVERY_MS: u64 = 180_000;
/// How long after an exercise the next may be, in milliseconds: it rings phones.
pub const EXERCISE_MS: u64 = 30_000;
// A page for a call takes the place of one that is this much older.
const REPLACED_MS: u64 = 30_000;
/// How long a sender has, in milliseconds: more than twice its own time limit.
pub const LEASE_MS: u64 = 20_000;
/// How long after the fastest channel a text message or a mail goes, in milliseconds.
pub const SECOND_MS: u64 = 12_000;
/// How long after the fastest channel a phone call goes, in milliseconds.
pub const VOICE_MS: u64 = 30_000;
// The first wait before a sending is tried again; it doubles three times.
const BACKOFF_MS: u64 = 1_000;

/// Something to send now.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// What it settles: several pages for one device are one message, for it says nothing of them.
    pub sendings: Vec<SendingId>,
    /// Over which way.
    pub way: Way,
    /// What it is called outside: the same over all attempts, so that providers know a repeat. Nobody there can tell
    /// which page it is.
    pub name: [u8; 16],
    /// With what the device answers.
    pub handle: Handle,
    /// When it may still arrive, at the latest.
    pub until: Timestamp,
    /// When the newest of it was decided: a device goes by the newest it has heard.
    pub at: Timestamp,
    /// Stop ringing, rather than ring.
    pub over: bool,
}

/// How one member of staff is called.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
struct Reach {
    #[n(0)]
    channels: Vec<Channel>,
    // A coordinator's account is in no roster: what she has proven to be ([`Issuer`]).
    #[n(1)]
    issuer: Option<Blob>,
}

/// All channels, and what is on its way through them.
pub struct Outbox {
    boot: u64,
    secret: [u8; 32],
    staff: BTreeMap<AccountKey, Reach>,
    sendings: BTreeMap<SendingId, Sending>,
    due: BTreeSet<(Timestamp, SendingId)>,
    handles: BTreeMap<Handle, BTreeSet<SendingId>>,
    index: Index,
    exercised: BTreeMap<AccountKey, Timestamp>,
}

impl Outbox {
    /// An outbox without channels. `boot` differs with every start of the relay; `secret` makes handles.
    pub fn new(boot: u64, secret: [u8; 32]) -> Self {
        Self {
            boot,
            secret,
            staff: BTreeMap::new(),
            sendings: BTreeMap::new(),
            due: BTreeSet::new(),
            handles: BTreeMap::new(),
            index: Index::default(),
            exercised: BTreeMap::new(),
        }
    }

    /// Takes back channels that were stored; `None` if the record cannot be read.
    pub fn restore_channels(&mut self, account: AccountKey, record: &[u8]) -> Option<()> {
        self.staff.insert(account, codec::from_slice(record)?);
        Some(())
    }

    /// Takes back a sending that was stored; `None` if the record cannot be read. What another run of the relay was
    /// sending is due at once: nobody knows whether it left.
    pub fn restore(&mut self, record: &[u8]) -> Option<()> {
        let mut sending: Sending = codec::from_slice(record)?;
        if matches!(sending.stage, Stage::Leased(boot) if boot != self.boot) {
            (sending.stage, sending.due) = (Stage::Waiting, Timestamp(0));
            sending.attempt += 1;
        }
        self.insert(sending);
        Some(())
    }

    /// The relay was down, and the clock was set back meanwhile: what is made later than now was made now.
    pub fn clock_was_set_back(&mut self, now: Timestamp, batch: &mut Batch) {
        let ahead: Vec<(SendingId, u64)> = self
            .sendings
            .values()
            .map(|sending| (sending.id(), sending.at.ms_since(now)))
            .filter(|(_, ahead_ms)| *ahead_ms > 0)
            .collect();
        // What was made long before waits no longer than it would have, either.
        let late = |sending: &&Sending| {
            sending.at <= now && (sending.due > now.plus_ms(VOICE_MS) || sending.until > now.plus_ms(RING_MS))
        };
        let late: Vec<SendingId> = self.sendings.values().filter(late).map(Sending::id).collect();
        for id in late {
            self.change(&id, batch, |sending| {
                sending.due = sending.due.min(now.plus_ms(VOICE_MS));
                sending.until = sending.until.min(now.plus_ms(RING_MS));
            });
        }
        for (id, ahead_ms) in ahead {
            let sooner = |at: Timestamp| Timestamp(at.0.saturating_sub(ahead_ms));
            self.change(&id, batch, |sending| {
                (sending.at, sending.due, sending.until) = (now, sooner(sending.due), sooner(sending.until));
            });
        }
    }

    /// This account has proven to be a coordinator's.
    pub fn is_coordinator(&mut self, account: AccountKey, issuer: &Issuer, batch: &mut Batch) {
        let reach = self.staff.entry(account).or_default();
        let issuer = Some(Blob(issuer.to_bytes()));
        if reach.issuer != issuer {
            reach.issuer = issuer;
            self.keep_channels(account, batch);
        }
    }

    /// The accounts of those who have proven to be coordinators and are at `now`.
    pub fn coordinators(&self, trust: &Trust, now: Timestamp) -> BTreeSet<AccountKey> {
        let counts = |reach: &Reach| {
            let issuer = reach.issuer.as_ref().and_then(|bytes| Issuer::from_bytes(&bytes.0));
            issuer.is_some_and(|issuer| trust.issuer(&issuer, now).is_ok())
        };
        self.staff.iter().filter(|(_, reach)| counts(reach)).map(|(account, _)| *account).collect()
    }

    /// The channels of `account`.
    pub fn channels(&self, account: &AccountKey) -> &[Channel] {
        self.staff.get(account).map_or(&[], |reach| &reach.channels)
    }

    /// Everybody's channels.
    pub fn all_channels(&self) -> impl Iterator<Item = &Channel> {
        self.staff.values().flat_map(|reach| &reach.channels)
    }

    /// The call that nobody has taken for which this rings.
    pub fn called_for(&self, id: &SendingId) -> Option<CallId> {
        self.sendings.get(id).filter(|sending| sending.why == Some(Why::Call) && !sending.over)?.call
    }

    /// Whether something sent to `account` is known to arrive: over a channel on which it has.
    pub fn reaches(&self, account: &AccountKey) -> bool {
        self.channels(account).iter().any(|channel| matches!(channel.health, Health::Works(_)))
    }

    /// Everybody whom [`Self::reaches`] is true of.
    pub fn reachable(&self) -> impl Iterator<Item = AccountKey> {
        self.staff.keys().copied().filter(|account| self.reaches(account))
    }

    /// When [`Self::lease`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    /// How many sendings there are.
    pub fn len(&self) -> usize {
        self.sendings.len()
    }

    /// Whether nothing is on its way.
    pub fn is_empty(&self) -> bool {
        self.sendings.is_empty()
    }

    /// A channel of hers from now on. The same way again is the same channel, and alive again.
    pub fn put_channel(&mut self, account: AccountKey, way: Way, batch: &mut Batch) -> Result<(), Refused> {
        let id = channel_id(&account, &way);
        let channels = &mut self.staff.entry(account).or_default().channels;
        match channels.iter_mut().find(|channel| channel.id == id) {
            Some(known) if matches!(known.health, Health::Dead(_)) => known.health = Health::Untried,
            Some(_) => return Ok(()),
            None => {
                Refused::unless_within(channels.len() + 1, CHANNELS_MAX, "CHANNELS_MAX")?;
                channels.push(Channel { id, way, health: Health::Untried, worked: None });
            }
        }
        self.keep_channels(account, batch);
        Ok(())
    }

    /// Not a channel of hers any more, nor what is on its way through it.
    pub fn remove_channel(&mut self, account: AccountKey, channel: ChannelId, batch: &mut Batch) {
        let Some(Reach { channels, .. }) = self.staff.get_mut(&account) else { return };
        let before = channels.len();
        channels.retain(|known| known.id != channel);
        if channels.len() == before {
            return;
        }
        for id in self.index.of_channel(channel, &[Kind::Rings, Kind::Exercise, Kind::Over]) {
            self.discard(&id, batch);
        }
        self.keep_channels(account, batch);
    }

    /// What was sent over this channel has reached its owner: she says so. Of what was not sent nobody can say that.
    pub fn confirm(&mut self, account: AccountKey, channel: ChannelId, now: Timestamp, batch: &mut Batch) {
        let mut sent = self.index.of_channel(channel, &[Kind::Rings, Kind::Exercise]);
        let left = |it: &Sending| it.account == account && it.stage == Stage::Accepted;
        sent.retain(|id| self.sendings.get(id).is_some_and(left));
        if sent.is_empty() {
            return;
        }
        for id in sent {
            self.change(&id, batch, |sending| sending.received = true);
        }
        self.note(&account, &channel, |_| Health::Works(now), batch);
    }

    /// An exercise: all her channels at once, on the way that pages go. `page` is drawn at random.
    pub fn exercise(
        &mut self,
        account: AccountKey,
        page: PageId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<(), Refused> {
        let waited = self.exercised.get(&account).map_or(EXERCISE_MS, |last| now.ms_since(*last));
        if waited < EXERCISE_MS {
            return Err(Refused::SlowDown { retry_after_ms: EXERCISE_MS - waited });
        }
        self.exercised.retain(|_, last| now.ms_since(*last) < EXERCISE_MS);
        self.exercised.insert(account, now);
        self.try_all(account, page, now, batch);
        Ok(())
    }

    fn try_all(&mut self, account: AccountKey, page: PageId, now: Timestamp, batch: &mut Batch) {
        self.ring(account, None, None, page, now, batch);
        for id in self.of_page(page) {
            self.change(&id, batch, |sending| sending.due = now);
        }
    }

    /// What the desk has decided in `batch` is sent, or stopped, in the same transaction.
    pub fn follow(&mut self, now: Timestamp, batch: &mut Batch) {
        let notices: Vec<(AccountKey, Notice)> = batch
            .ops
            .iter()
            .filter_map(|op| match op {
                Op::Notify { account, notice } => Some((*account, notice.clone())),
                _ => None,
            })
            .collect();
        // First, so that what rings anew in the same batch rings.
        for Unwanted { account, call, why } in std::mem::take(&mut batch.unwanted) {
            let mut of_it = self.index.of_call(account, call);
            of_it.retain(|id| self.sendings.get(id).is_some_and(|it| it.why == Some(why)));
            self.stop(of_it, now, batch);
        }
        for (account, notice) in notices {
            match notice {
                Notice::Page(Page { call, page, why, .. }) => {
                    self.ring(account, Some(call), Some(why), page, now, batch);
                }
                Notice::Unattended { room, page, .. } => {
                    self.ring(account, Some(CallId(room.0)), None, page, now, batch);
                }
                Notice::Attended { room } => {
                    self.stop(self.index.of_call(account, CallId(room.0)), now, batch);
                }
                Notice::CheckIn { page, .. } => self.try_all(account, page, now, batch),
                Notice::Taken { page, .. } => self.stop(self.of_page(page), now, batch),
                Notice::Alarm { call, why, .. } => {
                    let page = self.alarm_page(&call, &account);
                    match why {
                        Alarm::Over => self.stop(self.of_page(page), now, batch),
                        Alarm::Unanswered | Alarm::HandedOverOften => {
                            self.ring(account, Some(call), None, page, now, batch);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Looks at every page on its way: each has its moment, and none is long past it.
    pub fn audit(&mut self, now: Timestamp) -> Audit {
        let all = self.sendings.values().map(|sending| (sending.due, sending.id()));
        let missing: Vec<_> = all.filter(|due| !self.due.contains(due)).collect();
        let repaired = missing.len() as u64;
        self.due.extend(missing);
        let late_ms = self.due.first().map_or(0, |(due, _)| now.ms_since(*due));
        Audit { late_ms, repaired, ..Audit::default() }
    }

    /// She has said what she does with this call: nothing of hers rings for it any more.
    pub fn answered(&mut self, account: &AccountKey, call: &CallId, now: Timestamp, batch: &mut Batch) {
        self.stop(self.index.of_call(*account, *call), now, batch);
    }

    /// This page has arrived at a desk of hers: no further channel is needed for it, and none is tried again.
    pub fn arrived(&mut self, account: &AccountKey, page: PageId, batch: &mut Batch) {
        for id in self.of_page(page) {
            let hers = |it: &&Sending| it.account == *account && !it.over;
            match self.sendings.get(&id).filter(hers).map(|sending| sending.stage) {
                Some(Stage::Waiting) => self.discard(&id, batch),
                Some(Stage::Leased(_)) => self.change(&id, batch, |sending| sending.needless = true),
                Some(Stage::Accepted) | None => {}
            }
        }
    }

    /// A device of hers has it. Returns which pages of which calls those were; nothing if nobody knows the handle.
    pub fn received(
        &mut self,
        handle: &Handle,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Vec<(AccountKey, Option<CallId>, PageId)> {
        let ids: Vec<SendingId> = self.handles.get(handle).into_iter().flatten().copied().collect();
        let mut received = Vec::new();
        for id in ids {
            let Some(sending) = self.sendings.get(&id) else { continue };
            let (account, channel) = (sending.account, sending.channel);
            received.push((account, sending.call, sending.page));
            self.note(&account, &channel, |_| Health::Works(now), batch);
            if sending_is_exercise(&received) {
                // Each channel is tried for itself.
                self.discard(&id, batch);
            } else {
                self.change(&id, batch, |sending| sending.received = true);
                self.arrived(&account, id.0, batch);
            }
        }
        received
    }

    /// The provider says that it came: it may have or not, only a device of hers says so.
    pub fn delivered(&mut self, handle: &Handle, batch: &mut Batch) {
        let ids: Vec<SendingId> = self.handles.get(handle).into_iter().flatten().copied().collect();
        for id in ids {
            if self.sendings.get(&id).is_some_and(|sending| !sending.delivered) {
                self.change(&id, batch, |sending| sending.delivered = true);
            }
        }
    }

    /// The provider says that it did not come: the other channels need not wait for their time. Its words may come in any
    /// order: what was heard of before goes on counting (study: on-call, 1.5).
    pub fn failed(&mut self, handle: &Handle, now: Timestamp, batch: &mut Batch) {
        let ids: Vec<SendingId> = self.handles.get(handle).into_iter().flatten().copied().collect();
        for id in ids {
            let fails = |sending: &&Sending| !sending.received && !sending.delivered && !sending.over;
            if let Some(account) = self.sendings.get(&id).filter(fails).map(|sending| sending.account) {
                let failing = |known: &Channel| match known.health {
                    Health::Failing(since) => Health::Failing(since),
                    _ => Health::Failing(now),
                };
                self.note(&account, &id.1, failing, batch);
                self.bring_forward(id.0, now, batch);
            }
        }
    }

    /// Takes what is due, to be sent now by whoever asks: at most `max` messages. What is worth nothing any more is
    /// forgotten. To be sent only once `batch` is stored.
    pub fn lease(&mut self, now: Timestamp, max: usize, batch: &mut Batch) -> Vec<Job> {
        let due: Vec<SendingId> =
            self.due.iter().take_while(|(due, _)| *due <= now).map(|(_, id)| *id).collect();
        let mut ready = Vec::new();
        for id in due {
            match self.sendings.get(&id) {
                // Nobody has settled it, and it need not be.
                Some(sending) if sending.needless && sending.until > now => self.is_with_her(&id, batch),
                Some(sending) if sending.until > now && self.way(sending).is_some() => {
                    ready.push((sending.class(), sending.due, id));
                }
                _ => self.ended(&id, batch),
            }
        }
        ready.sort_unstable();
        let mut jobs: Vec<Job> = Vec::new();
        let mut at = BTreeMap::new();
        for (_, _, id) in ready {
            let Some(sending) = self.sendings.get(&id) else { continue };
            // What was sent before, or may have been, is the same message again.
            let is_again = sending.attempt > 0 || sending.stage != Stage::Waiting;
            let key = (sending.channel, sending.over, is_again.then_some(sending.handle));
            let place = match at.get(&key) {
                Some(place) => *place,
                None if jobs.len() == max => continue,
                None => {
                    let Some(way) = self.way(sending) else { continue };
                    let (handle, over) = (sending.handle, sending.over);
                    let name = self.digest(b"name", &[&handle.0, &[u8::from(over)]]);
                    let (until, made) = (now.plus_ms(DELIVERY_MS), sending.at);
                    jobs.push(Job { sendings: Vec::new(), way, name, handle, until, at: made, over });
                    at.insert(key, jobs.len() - 1);
                    jobs.len() - 1
                }
            };
            let Some(job) = jobs.get_mut(place) else { continue };
            job.sendings.push(id);
            job.at = job.at.max(sending.at);
            let (handle, boot) = (job.handle, self.boot);
            self.change(&id, batch, |sending| {
                sending.attempt += u32::from(sending.stage != Stage::Waiting);
                sending.handle = handle;
                sending.stage = Stage::Leased(boot);
                sending.due = now.plus_ms(LEASE_MS).min(sending.until);
            });
        }
        jobs
    }

    /// What came of it. A sending that is not leased any more, for it was stopped or sent by somebody else, stays as it
    /// is.
    pub fn settle(&mut self, job: &[SendingId], sent: Sent, now: Timestamp, batch: &mut Batch) {
        for id in job {
            let Some(sending) = self.sendings.get(id).cloned() else { continue };
            let Stage::Leased(_) = sending.stage else { continue };
            let (account, channel) = (sending.account, sending.channel);
            match sent {
                Sent::Accepted if sending.over => self.discard(id, batch),
                Sent::Accepted => self.change(id, batch, |sending| {
                    (sending.stage, sending.due) = (Stage::Accepted, sending.until);
                }),
                Sent::Untried | Sent::Later(_) if sending.needless => self.is_with_her(id, batch),
                Sent::Untried | Sent::Later(_) => self.change(id, batch, |sending| {
                    let after = if let Sent::Later(Some(after)) = sent { after } else { 0 };
                    let wait = backoff(sending).max(after);
                    // What was not tried goes as first as it was.
                    sending.attempt += u32::from(matches!(sent, Sent::Later(_)));
                    (sending.stage, sending.due) = (Stage::Waiting, now.plus_ms(wait).min(sending.until));
                }),
                Sent::Gone | Sent::Ours => self.discard(id, batch),
            }
            let health = |channel: &Channel| match (sent, channel.health) {
                // What could be reached can be reached again.
                (Sent::Accepted, Health::Failing(_)) => channel.worked.map_or(Health::Untried, Health::Works),
                (Sent::Gone, _) => Health::Dead(now),
                // It worked, and may again in a moment; or nothing was learned of it.
                (Sent::Later(_), known @ Health::Works(_)) | (Sent::Accepted | Sent::Untried, known) => known,
                (_, Health::Failing(since)) => Health::Failing(since),
                (Sent::Later(_) | Sent::Ours, _) => Health::Failing(now),
            };
            self.note(&account, &channel, health, batch);
            let failed = matches!(sent, Sent::Later(_) | Sent::Gone | Sent::Ours);
            if failed && !sending.over && !sending.needless {
                self.bring_forward(sending.page, now, batch);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn ring(
        &mut self,
        account: AccountKey,
        call: Option<CallId>,
        why: Option<Why>,
        page: PageId,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let alive = |channel: &&Channel| !matches!(channel.health, Health::Dead(_));
        let channels: Vec<(ChannelId, u64)> = self
            .channels(&account)
            .iter()
            .filter(alive)
            .map(|channel| (channel.id, delay_ms(&channel.way)))
            .collect();
        let fastest = channels.iter().map(|(_, delay)| *delay).min().unwrap_or(0);
        // The next cycle's page takes the place of this one's.
        let older = |it: &Sending| it.page != page && !it.over && now.ms_since(it.at) >= REPLACED_MS;
        for id in call.map(|call| self.index.of_call(account, call)).unwrap_or_default() {
            if self.sendings.get(&id).is_some_and(older) {
                self.ended(&id, batch);
            }
        }
        for (channel, delay) in channels {
            // Whatever it is that rings, it is not over there.
            for id in self.index.of_channel(channel, &[Kind::Over]) {
                self.discard(&id, batch);
            }
            match self.sendings.get(&(page, channel)) {
                Some(known) if now.ms_since(known.at) < REPLACED_MS => continue,
                Some(_) => self.ended(&(page, channel), batch),
                None => {}
            }
            let sending = Sending {
                page,
                channel,
                account,
                call,
                handle: self.handle(&page, &channel, now),
                stage: Stage::Waiting,
                attempt: 0,
                due: now.plus_ms(delay - fastest),
                until: now.plus_ms(RING_MS),
                over: false,
                at: now,
                received: false,
                why,
                delivered: false,
                needless: false,
            };
            batch.ops.push(put(&sending));
            self.insert(sending);
        }
    }

    // What has not left is not sent; a browser that rings is told to stop, if nothing else rings there.
    fn stop(&mut self, which: Vec<SendingId>, now: Timestamp, batch: &mut Batch) {
        let mut rang: BTreeMap<ChannelId, SendingId> = BTreeMap::new();
        for id in which {
            let Some(sending) = self.sendings.get(&id).filter(|sending| !sending.over) else { continue };
            let has_left = sending.stage != Stage::Waiting || sending.attempt > 0;
            let rings = has_left && matches!(self.way(sending), Some(Way::Push(_)));
            if rings && !rang.contains_key(&sending.channel) {
                rang.insert(sending.channel, id);
            } else {
                self.discard(&id, batch);
            }
        }
        for (channel, id) in rang {
            if self.index.rings_beside(channel, &id) {
                self.discard(&id, batch);
            } else {
                self.change(&id, batch, |sending| {
                    (sending.over, sending.stage, sending.attempt) = (true, Stage::Waiting, 0);
                    (sending.due, sending.at, sending.needless) = (now, now, false);
                });
            }
        }
    }

    fn bring_forward(&mut self, page: PageId, now: Timestamp, batch: &mut Batch) {
        for id in self.of_page(page) {
            let waits = |sending: &Sending| {
                sending.stage == Stage::Waiting && sending.attempt == 0 && !sending.over && sending.due > now
            };
            if self.sendings.get(&id).is_some_and(waits) {
                self.change(&id, batch, |sending| sending.due = now);
            }
        }
    }

    // As if its provider had taken it and she had said so: a browser of hers can be told to stop.
    fn is_with_her(&mut self, id: &SendingId, batch: &mut Batch) {
        self.change(id, batch, |sending| {
            (sending.stage, sending.due, sending.received) = (Stage::Accepted, sending.until, true);
        });
    }

    fn way(&self, sending: &Sending) -> Option<Way> {
        let channels = self.channels(&sending.account).iter();
        let channel = channels.into_iter().find(|channel| channel.id == sending.channel)?;
        (!matches!(channel.health, Health::Dead(_))).then(|| channel.way.clone())
    }

    fn note(
        &mut self,
        account: &AccountKey,
        channel: &ChannelId,
        health: impl FnOnce(&Channel) -> Health,
        batch: &mut Batch,
    ) {
        let Some(Reach { channels, .. }) = self.staff.get_mut(account) else { return };
        let Some(known) = channels.iter_mut().find(|it| it.id == *channel) else { return };
        let health = health(known);
        if let Health::Works(at) = health {
            known.worked = Some(at);
        }
        if known.health != health {
            known.health = health;
            self.keep_channels(*account, batch);
        }
    }

    fn keep_channels(&self, account: AccountKey, batch: &mut Batch) {
        let reach = self.staff.get(&account).cloned().unwrap_or_default();
        batch.ops.push(Op::PutChannels { account, record: codec::to_vec(&reach) });
    }

    fn of_page(&self, page: PageId) -> Vec<SendingId> {
        let all = (page, ChannelId([0; 16]))..=(page, ChannelId([0xff; 16]));
        self.sendings.range(all).map(|(id, _)| *id).collect()
    }

    fn change(&mut self, id: &SendingId, batch: &mut Batch, change: impl FnOnce(&mut Sending)) {
        let Some(mut sending) = self.take(id) else { return };
        change(&mut sending);
        batch.ops.push(put(&sending));
        self.insert(sending);
    }

    // Its time is over. A browser that has not said by then that it arrived is not known to be reached any more.
    fn ended(&mut self, id: &SendingId, batch: &mut Batch) {
        let Some(sending) = self.sendings.get(id) else { return };
        let (account, channel) = (sending.account, sending.channel);
        let is_push = matches!(self.way(sending), Some(Way::Push(_)));
        let missed = is_push && sending.stage == Stage::Accepted && !sending.received && !sending.over;
        self.discard(id, batch);
        if missed {
            let unheard = |known: &Channel| match known.health {
                Health::Works(_) => Health::Untried,
                other => other,
            };
            self.note(&account, &channel, unheard, batch);
        }
    }

    fn discard(&mut self, id: &SendingId, batch: &mut Batch) {
        if self.take(id).is_some() {
            batch.ops.push(Op::RemoveSending { page: id.0, channel: id.1 });
        }
    }

    fn insert(&mut self, sending: Sending) {
        let id = sending.id();
        self.due.insert((sending.due, id));
        self.handles.entry(sending.handle).or_default().insert(id);
        self.index.insert(&sending);
        self.sendings.insert(id, sending);
    }

    fn take(&mut self, id: &SendingId) -> Option<Sending> {
        let sending = self.sendings.remove(id)?;
        self.due.remove(&(sending.due, *id));
        self.index.remove(&sending);
        remove(&mut self.handles, &sending.handle, id);
        Some(sending)
    }

    // Another one each time a page is made: an answer to the last one says nothing of this one.
    fn handle(&self, page: &PageId, channel: &ChannelId, now: Timestamp) -> Handle {
        let mut handle = self.digest(b"handle", &[&page.0, &channel.0, &now.0.to_be_bytes()]);
        let mark = digest(&self.secret, b"handle of ours", &[&handle[..8]]);
        handle[8..].copy_from_slice(&mark[..8]);
        Handle(handle)
    }

    fn alarm_page(&self, call: &CallId, account: &AccountKey) -> PageId {
        PageId(self.digest(b"alarm", &[&call.0, &account.0]))
    }

    fn digest(&self, label: &[u8], parts: &[&[u8]]) -> [u8; 16] {
        digest(&self.secret, label, parts)
    }
}

fn remove<K: Ord>(index: &mut BTreeMap<K, BTreeSet<SendingId>>, key: &K, id: &SendingId) {
    if let Some(with) = index.get_mut(key) {
        with.remove(id);
        if with.is_empty() {
            index.remove(key);
        }
    }
}

/// Whether this handle was made by an outbox with this secret: what is not is not worth looking for.
pub fn is_handle(secret: &[u8; 32], handle: &Handle) -> bool {
    digest(secret, b"handle of ours", &[&handle.0[..8]])[..8] == handle.0[8..]
}

fn digest(secret: &[u8; 32], label: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut digest = Sha256::new().chain_update(secret).chain_update(label);
    for part in parts {
        digest.update(part);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&digest.finalize()[..16]);
    short
}

/// A channel is named by whose it is and where it leads.
pub fn channel_id(account: &AccountKey, way: &Way) -> ChannelId {
    let digest = Sha256::new()
        .chain_update(b"Lotgenoot channel 1")
        .chain_update(account.0)
        .chain_update(codec::to_vec(way))
        .finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    ChannelId(id)
}

fn delay_ms(way: &Way) -> u64 {
    match way {
        Way::Push(_) => 0,
        Way::Text(_) | Way::Mail(_) => SECOND_MS,
        Way::Voice(_) => VOICE_MS,
    }
}

// 1, 2, 4, 8, 8 … seconds, a fifth more or less: not all that failed together come back together.
fn backoff(sending: &Sending) -> u64 {
    let base = BACKOFF_MS << sending.attempt.min(3);
    let byte = u64::from(sending.handle.0[sending.attempt as usize % 16]);
    base * 4 / 5 + base * 2 / 5 * byte / 255
}

fn sending_is_exercise(received: &[(AccountKey, Option<CallId>, PageId)]) -> bool {
    received.last().is_some_and(|(_, call, _)| call.is_none())
}

fn put(sending: &Sending) -> Op {
    Op::PutSending { page: sending.page, channel: sending.channel, record: codec::to_vec(sending) }
}
