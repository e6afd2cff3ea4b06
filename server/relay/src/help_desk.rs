//! The task that owns the help calls and their rooms: commits what the desk decides, then shows and pages.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lotgenoot_core::desk::{Audit, HelpDesk, Outlook};
use lotgenoot_core::duty::{Planned, Roster, as_told};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::figures;
use lotgenoot_core::outbox::{Handle, Job, Outbox, SendingId, Sent};
use lotgenoot_core::room::{Input, Room};
use lotgenoot_protocol::call::{Acknowledgement, AskColleague, Decline, StepCall, Why};
use lotgenoot_protocol::channel::{Channels, Way};
use lotgenoot_protocol::duty::{DutyPlanTold, OwnDuty, PutDutyPlan, TakeDuty};
use lotgenoot_protocol::figures::PutAftercare;
use lotgenoot_protocol::frame::{Answer, Duty, Notice, Push, Raise, Receipt};
use lotgenoot_protocol::limits::MAILBOX_INPUTS_MAX;
use lotgenoot_protocol::role::{Issuer, Trust};
use lotgenoot_protocol::{AccountKey, Blob, CallId, ChannelId, LeafKey, PageId, Refused, RoomId, Timestamp};
use tokio::sync::{mpsc, oneshot};

use crate::clock;
use crate::feed::Feed;
use crate::metrics::{STEP_MS, Standing};
use crate::pager::{Callback, Pager, Status};
use crate::rooms::{From, Reply};
use crate::shared::{Services, Shared};
use crate::store::{Broken, Ledger};
use crate::tag::tag;
use crate::watch::AUDIT_EVERY_MS;

// Looks at the clock at least this often, whatever the timers say: a suspended machine wakes up late.
const SAFETY_TICK: Duration = Duration::from_secs(1);
const INPUTS_AT_ONCE: usize = 256;
// Messages that leave with one transaction.
const JOBS_AT_ONCE: usize = 256;

/// Mail for the help desk.
pub enum Mail {
    /// A new call.
    Raise(From, Box<Raise>),
    /// A call is taken.
    Acknowledge(From, AccountKey, Box<Acknowledgement>),
    /// A page arrived.
    Receipt(From, AccountKey, Receipt),
    /// A call is closed by the holder of these leaves.
    Close(From, CallId, Vec<LeafKey>),
    /// Whoever holds these leaves asks for a colleague.
    Ask(From, Vec<LeafKey>, Box<AskColleague>),
    /// Somebody who was paged does not come.
    Decline(From, AccountKey, Decline),
    /// Whoever holds these leaves goes on with a call.
    Step(From, Vec<LeafKey>, StepCall),
    /// Somebody who was paged helps with what another leads.
    Assist(From, AccountKey, Box<Acknowledgement>),
    /// A leaf wants something of a help room.
    Room(From, RoomId, LeafKey, Input, Option<Blob>),
    /// Who is on duty.
    Duty(From, String),
    /// An account came or went.
    Presence(AccountKey, bool),
    /// This account has proven to be a coordinator's: she is told when a call goes without an answer.
    Coordinator(AccountKey, Box<Issuer>),
    /// How an account is called.
    Channels(From, AccountKey, ChannelWish),
    /// What came of sending these pages.
    Sent(Vec<SendingId>, Sent),
    /// A device says that a page has arrived.
    Arrived(Handle),
    /// What the gateway says of a page.
    Told(Callback),
    /// The staff has changed.
    Staff(Trust, Roster),
    /// How duty is planned: for a coordinator, or for this account; and where its calendar is, if it has one.
    AskPlan(From, AccountKey, bool, Option<String>),
    /// When this account is on duty, for its calendar.
    OwnDuty(AccountKey, oneshot::Sender<Vec<OwnDuty>>),
    /// How duty is planned, to be looked at elsewhere.
    Outlook(oneshot::Sender<Outlook>),
    /// A coordinator plans it anew.
    PutPlan(From, Box<PutDutyPlan>),
    /// This account is there for its duty.
    CheckIn(From, AccountKey),
    /// Somebody says whether what was agreed was done.
    Aftercare(From, PutAftercare),
    /// This account takes duty over.
    TakeDuty(From, AccountKey, TakeDuty),
    /// A session has been frozen since then, for it has no host; or it is not any more.
    Unattended(RoomId, Option<Timestamp>),
}

impl Mail {
    // A raise may name a room that is somebody else's; what is asked from behind a vault may come too late. A plan is the
    // next one or none.
    fn is_refusable(&self) -> bool {
        match self {
            Self::Raise(..) | Self::PutPlan(..) | Self::TakeDuty(..) => true,
            Self::Acknowledge(from, ..)
            | Self::Close(from, ..)
            | Self::Ask(from, ..)
            | Self::Step(from, ..)
            | Self::Assist(from, ..)
            | Self::Room(from, ..) => from.opening.is_some(),
            Self::Receipt(..)
            | Self::Decline(..)
            | Self::Duty(..)
            | Self::Outlook(..)
            | Self::Presence(..)
            | Self::Coordinator(..)
            | Self::Channels(..)
            | Self::Sent(..)
            | Self::Arrived(..)
            | Self::Told(..)
            | Self::Staff(..)
            | Self::AskPlan(..)
            | Self::OwnDuty(..)
            | Self::CheckIn(..)
            | Self::Aftercare(..)
            | Self::Unattended(..) => false,
        }
    }
}

/// What a member of staff wants of her channels.
pub enum ChannelWish {
    /// To see them.
    See,
    /// One more.
    Put(Way),
    /// One less.
    Remove(ChannelId),
    /// An exercise.
    Test,
    /// What was sent over this one has arrived.
    Confirm(ChannelId),
}

/// The way to the help desk.
#[derive(Clone)]
pub struct Desk {
    mailbox: mpsc::Sender<Mail>,
}

impl Desk {
    /// Takes up every call that is stored and starts the task. Where a relay ran `before`, people are on their way back.
    /// Where figures are told it `looks_ahead` for hours in which nobody is on duty.
    pub fn start(
        shared: Arc<Shared>,
        roster: Roster,
        page_secret: [u8; 32],
        pager: Arc<Pager>,
        before: bool,
        looks_ahead: bool,
    ) -> Result<Self, Broken> {
        let boot = u64::from_be_bytes(clock::random());
        #[cfg(feature = "faults")]
        crate::faults::found(&*shared.ledger)?;
        let outbox = read_outbox(&*shared.ledger, boot, page_secret)?;
        let mut desk = HelpDesk::new(shared.known().trust.clone(), roster, page_secret);
        let mut feeds = HashMap::new();
        for (id, record) in shared.ledger.calls()? {
            let call = HelpDesk::from_record(&record).ok_or_else(|| {
                Broken::new("a help call's record cannot be read; restore the newest backup")
            })?;
            let stored = shared.ledger.room(&call.room)?;
            let room = stored
                .and_then(|(record, tail)| Room::from_record(call.room, &record, tail))
                .ok_or_else(|| Broken::new("a help call's room cannot be read; restore the newest backup"))?;
            tracing::info!(call = tag(id), closed = call.is_closed(), "a help call was taken up");
            shared.add_help_room(call.room);
            feeds.insert(call.room, Feed::new(room.head()));
            desk.restore(call, room);
        }
        if let Some(record) = shared.ledger.duty_plan()? {
            let planned = Planned::from_record(&record);
            let unreadable = || Broken::new("the plan of duty cannot be read; restore the newest backup");
            desk.restore_plan(Some(Arc::new(planned.ok_or_else(unreadable)?)));
        }
        if let Some(record) = shared.ledger.check_ins()? {
            let unreadable = || Broken::new("who is on duty cannot be read; restore the newest backup");
            desk.restore_check_ins(&record).ok_or_else(unreadable)?;
        }
        let (mailbox, inbox) = mpsc::channel(MAILBOX_INPUTS_MAX);
        desk.set_coordinators(outbox.coordinators(&shared.known().trust, clock::now()));
        let own = mailbox.downgrade();
        let (audited_at, looked_at) = (Timestamp(0), looks_ahead.then_some(Timestamp(0)));
        let task = Task { desk, outbox, boot, page_secret, pager, own, feeds, shared, audited_at, looked_at };
        task.tell_what_is_open(clock::now());
        tokio::spawn(task.run(inbox, before));
        Ok(Self { mailbox })
    }

    /// Brings mail.
    pub async fn send(&self, mail: Mail) {
        // The desk ends only with the relay.
        let _stopping = self.mailbox.send(mail).await;
    }
}

struct Task {
    desk: HelpDesk,
    outbox: Outbox,
    boot: u64,
    page_secret: [u8; 32],
    pager: Arc<Pager>,
    // To itself: what came of sending.
    own: mpsc::WeakSender<Mail>,
    feeds: HashMap<RoomId, Arc<Feed>>,
    shared: Arc<Shared>,
    audited_at: Timestamp,
    // When it was looked at last who is on duty in the weeks to come; never, where nobody is told.
    looked_at: Option<Timestamp>,
}

impl Task {
    async fn run(mut self, mut inbox: mpsc::Receiver<Mail>, before: bool) {
        let (mut batch, now) = (Batch::default(), clock::now());
        if before {
            self.outbox.clock_was_set_back(now, &mut batch);
            self.desk.restarted(now, &mut batch);
        }
        // What is overdue takes the place of what was on its way, before any of that leaves one by one: nobody's device is
        // called a thousand times because a thousand calls waited while the relay was down.
        self.desk.set_on_call(self.outbox.reachable().collect(), now, &mut batch);
        self.desk.handle_timeout(now, &mut batch);
        // What cannot be stored now is not known later either: the next restart says it again.
        let _stored = self.commit(batch, now, None).await;
        let mut mails = Vec::new();
        let stopping = self.shared.stopping.clone();
        loop {
            let wait = self.wait();
            tokio::select! {
                received = inbox.recv_many(&mut mails, INPUTS_AT_ONCE) => if received == 0 { return },
                () = tokio::time::sleep(wait) => {}
                () = stopping.wait() => return,
            }
            for group in groups(std::mem::take(&mut mails)) {
                self.handle(group).await;
            }
            let now = clock::now();
            let mut batch = Batch::default();
            self.desk.handle_timeout(now, &mut batch);
            if self.commit(batch, now, None).await.is_ok() {
                self.tell_what_is_open(now);
            }
            self.audit_if_due(clock::now());
        }
    }

    // After everything that was due has been done: what is late now is late.
    fn audit_if_due(&mut self, now: Timestamp) {
        if now.ms_since(self.audited_at) < AUDIT_EVERY_MS && self.audited_at <= now {
            return;
        }
        self.audited_at = now;
        let audit = self.desk.audit(now).and(self.outbox.audit(now));
        if audit.repaired > 0 {
            tracing::error!(
                repaired = audit.repaired,
                "calls or pages had been forgotten and were armed again: report this"
            );
        }
        self.shared.watch.audited(audit, now);
        self.shared.watch.clock_set(clock::set_by_ms());
        self.shared.metrics.stands(self.standing(audit, now), now);
        self.look_ahead_if_due(now);
    }

    fn standing(&self, audit: Audit, now: Timestamp) -> Standing {
        let mut standing = Standing::of(audit.open, audit.without_lead);
        for service in self.desk.roster().services() {
            let people = self.people(service, now);
            standing.on_duty += people.len() as u64;
            standing.reachable += people.iter().filter(|person| person.reachable).count() as u64;
        }
        self.outbox.all_channels().for_each(|channel| standing.channel(channel));
        standing
    }

    // Elsewhere: it takes its time, and nobody's call waits for that.
    fn look_ahead_if_due(&mut self, now: Timestamp) {
        if self.looked_at.is_none_or(|at| now.ms_since(at) < STEP_MS) {
            return;
        }
        self.looked_at = Some(now);
        let (outlook, shared) = (self.desk.outlook(), self.shared.clone());
        tokio::task::spawn_blocking(move || shared.metrics.uncovered(outlook.uncovered_ms(now)));
    }

    fn wait(&self) -> Duration {
        let due = self.desk.poll_timeout().into_iter().chain(self.outbox.poll_timeout()).min();
        let due = due.map(|due| Duration::from_millis(due.ms_since(clock::now())));
        due.map_or(SAFETY_TICK, |due| due.min(SAFETY_TICK))
    }

    // One group is one transaction: a raise is alone in it, because the ledger may refuse it.
    async fn handle(&mut self, group: Vec<Mail>) {
        let (now, begun) = (clock::now(), Instant::now());
        let mut batch = Batch::default();
        let mut answers: Vec<(From, Option<RoomId>, Reply)> = Vec::new();
        let mut raised = None;
        let mut is_new = false;
        let mut touched = None;
        let plan = self.desk.planned();
        for mail in group {
            match mail {
                Mail::Raise(from, raise) => {
                    is_new = self.desk.call(&raise.call).is_none();
                    let answer = if self.is_anothers(raise.room).await {
                        Err(Refused::Exists)
                    } else {
                        self.desk.raise(&raise, from.request, now, &mut batch)
                    };
                    // Not fenced: a call for help from a page that was left open elsewhere is a call for help.
                    raised = Some((raise.call, raise.room));
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Acknowledge(from, by, ack) => {
                    let answer = self.desk.acknowledge(by, &ack, now, &mut batch);
                    tracing::info!(call = tag(ack.call), taken = answer.is_ok(), "an acknowledgement");
                    touched = Some(ack.call);
                    if answer.is_ok() {
                        self.outbox.answered(&by, &ack.call, now, &mut batch);
                    }
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Receipt(from, by, receipt) => {
                    self.outbox.arrived(&by, receipt.page, &mut batch);
                    let answer = self.desk.receipt(by, receipt.call, receipt.page, &mut batch);
                    if answer.is_ok() {
                        self.shared.metrics.received(&receipt.call, now);
                    }
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Close(from, call, leaves) => {
                    let answer = self.desk.close(&leaves, call, now, &mut batch);
                    touched = Some(call);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Ask(from, leaves, ask) => {
                    let answer = self.desk.ask_colleague(&leaves, &ask, from.request, now, &mut batch);
                    touched = Some(ask.call);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Step(from, leaves, step) => {
                    let answer = self.desk.step(&leaves, &step, from.request, now, &mut batch);
                    touched = Some(step.call);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Assist(from, by, ack) => {
                    let answer = self.desk.assist(by, &ack, now, &mut batch);
                    touched = Some(ack.call);
                    if answer.is_ok() {
                        self.outbox.answered(&by, &ack.call, now, &mut batch);
                    }
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Decline(from, by, decline) => {
                    let answer = self.desk.decline(by, &decline, now, &mut batch);
                    if answer.is_ok() {
                        self.outbox.answered(&by, &decline.call, now, &mut batch);
                    }
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Room(from, room, leaf, Input::Attach(after), _) => {
                    let reply = Reply::attached(leaf, self.desk.attach(&room, leaf, after));
                    answers.push((from, Some(room), reply));
                }
                Mail::Room(from, room, leaf, input, signature) => {
                    let request = from.request;
                    let answer = self.desk.handle_room(
                        room,
                        leaf,
                        request,
                        &input,
                        signature.as_ref().map(|signature| &signature[..]),
                        now,
                        &mut batch,
                    );
                    touched = self.desk.call_in(&room);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Duty(from, service) => {
                    let people = self.desk.told(&service, now);
                    answers.push((from, None, Reply::Answer(Ok(Answer::Duty(Duty { people })))));
                }
                Mail::Presence(account, here) => self.desk.presence(account, here, now, &mut batch),
                Mail::Coordinator(account, issuer) => {
                    self.desk.coordinator(account);
                    self.outbox.is_coordinator(account, &issuer, &mut batch);
                }
                Mail::Channels(from, account, wish) => {
                    let answer = self.channels(account, wish, now, &mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Sent(sendings, sent) => {
                    if matches!(sent, Sent::Ours | Sent::Gone) {
                        tracing::warn!(?sent, "a page was not taken");
                    }
                    self.outbox.settle(&sendings, sent, now, &mut batch);
                }
                Mail::Arrived(handle) => drop(self.arrived(&handle, now, &mut batch)),
                Mail::Told(Callback { handle, status }) => match status {
                    Status::Delivered => self.outbox.delivered(&handle, &mut batch),
                    Status::Failed => self.outbox.failed(&handle, now, &mut batch),
                    Status::Seen => {
                        for (call, page) in self.arrived(&handle, now, &mut batch) {
                            self.desk.seen(call, page, now, &mut batch);
                        }
                    }
                },
                Mail::OwnDuty(account, tell) => {
                    // Elsewhere, as the next; whoever asked may have gone.
                    let outlook = self.desk.outlook();
                    tokio::task::spawn_blocking(move || drop(tell.send(outlook.calendar(&account, now))));
                }
                Mail::AskPlan(from, account, coordinator, calendar) => {
                    // Elsewhere: two weeks are looked at, and nobody's call waits for that.
                    let outlook = self.desk.outlook();
                    tokio::task::spawn_blocking(move || {
                        let told = DutyPlanTold { calendar, ..outlook.told(coordinator, &account, now) };
                        from.outlet.answer(from.request, Ok(Answer::DutyPlan(told)));
                    });
                }
                Mail::Outlook(tell) => drop(tell.send(self.desk.outlook())),
                Mail::PutPlan(from, put) => {
                    let answer = self.desk.put_plan(&put, now, &mut batch);
                    tracing::info!(number = put.plan.number, taken = answer.is_ok(), "a plan of duty");
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Aftercare(from, put) => {
                    let answer = self.desk.aftercare(&put, from.request, now, &mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::CheckIn(from, by) => {
                    let answer = self.desk.check_in(by, now, &mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::TakeDuty(from, by, take) => {
                    let answer = self.desk.take_duty(by, &take, from.request, now, &mut batch);
                    tracing::info!(taken = answer.is_ok(), "duty was taken over");
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Unattended(room, Some(since)) => self.desk.unattended(room, since, now, &mut batch),
                Mail::Unattended(room, None) => self.desk.attended(room, &mut batch),
                Mail::Staff(trust, roster) => {
                    // One of them may have been revoked.
                    self.desk.set_coordinators(self.outbox.coordinators(&trust, now));
                    self.desk.set_staff(trust, roster, now, &mut batch);
                }
            }
        }
        let raised = raised.filter(|(call, room)| self.desk.call(call).is_some_and(|it| it.room == *room));
        if let Some((_, room)) = raised {
            // Before the commit: whoever is called by it attaches at once, and must find the room here. Asked of the
            // other rooms, it would be woken there as well and have two owners.
            self.shared.add_help_room(room);
        }
        let cuts = batch.cuts.clone();
        match self.commit(batch, now, raised.filter(|_| is_new).map(|(call, _)| (call, begun))).await {
            Ok(()) => {
                if let Some((call, _)) = raised {
                    tracing::info!(call = tag(call), "a help call was stored");
                }
                for (from, room, reply) in answers {
                    match room {
                        Some(room) => {
                            let feed = self.feed(room);
                            // Her reading may have ended in this very turn.
                            let cut = match &reply {
                                Reply::Attached(leaf, _) => {
                                    cuts.iter().find(|cut| cut.room == room && cut.leaf == *leaf)
                                }
                                _ => None,
                            };
                            reply.give(&from, room, &feed, cut.map(|cut| cut.last));
                        }
                        None => {
                            reply.give(&from, RoomId([0; 16]), &Feed::new(Default::default()), None);
                        }
                    }
                }
            }
            Err(refused) => {
                self.desk.restore_plan(plan);
                // The room id is somebody else's: this call was never stored, so it never was.
                if let Some((call, room)) = raised {
                    self.desk.forget(&call);
                    self.shared.forget_help_room(&room);
                } else if let Some(call) = touched {
                    self.reload(call).await;
                }
                for (from, _, _) in answers {
                    from.outlet.answer(from.request, Err(refused.clone()));
                }
            }
        }
        self.tell_what_is_open(now);
    }

    fn channels(
        &mut self,
        account: AccountKey,
        wish: ChannelWish,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        match wish {
            ChannelWish::See => {}
            ChannelWish::Put(way) => {
                self.pager.check(&way)?;
                self.outbox.put_channel(account, way, batch)?;
            }
            ChannelWish::Remove(channel) => self.outbox.remove_channel(account, channel, batch),
            ChannelWish::Test => self.outbox.exercise(account, PageId(clock::random()), now, batch)?,
            ChannelWish::Confirm(channel) => self.outbox.confirm(account, channel, now, batch),
        }
        Ok(Answer::Channels(Channels {
            push_key: Blob(self.pager.push_key()),
            mail: self.pager.mails(),
            gateway: self.pager.gateway().is_some(),
            channels: self.outbox.channels(&account).to_vec(),
        }))
    }

    fn arrived(&mut self, handle: &Handle, now: Timestamp, batch: &mut Batch) -> Vec<(CallId, PageId)> {
        let mut pages = Vec::new();
        for (account, call, page) in self.outbox.received(handle, now, batch) {
            if let Some(call) = call {
                // A call that is over by now needs no receipt.
                if self.desk.receipt(account, call, page, batch).is_ok() {
                    self.shared.metrics.received(&call, now);
                }
                pages.push((call, page));
            }
        }
        pages
    }

    // Nothing of a refused batch is stored: the call and its room are what the ledger says they are.
    async fn reload(&mut self, call: CallId) {
        let ledger = self.shared.ledger.clone();
        let read = move || {
            let (_, record) = ledger.calls().ok()?.into_iter().find(|(id, _)| *id == call)?;
            let call = HelpDesk::from_record(&record)?;
            let (record, tail) = ledger.room(&call.room).ok()??;
            let room = Room::from_record(call.room, &record, tail)?;
            Some((call, room))
        };
        match tokio::task::spawn_blocking(read).await {
            Ok(Some((stored, room))) => {
                self.desk.forget(&call);
                self.desk.restore(stored, room);
            }
            _ => tracing::error!(call = tag(call), "a help call cannot be read again; restart the relay"),
        }
    }

    // Whether a room of this id is there already that is not one of ours.
    async fn is_anothers(&self, room: RoomId) -> bool {
        let ledger = self.shared.ledger.clone();
        let read = move || ledger.room(&room);
        // When the ledger cannot be read, the commit that follows says so; a call is never refused for that here.
        !self.desk.owns(&room) && matches!(tokio::task::spawn_blocking(read).await, Ok(Ok(Some(_))))
    }

    // Durable first; then the entries are shown and the pages ring. What rings over channels is in the same batch, and
    // leased in it: it leaves as soon as it is stored.
    async fn commit(
        &mut self,
        mut batch: Batch,
        now: Timestamp,
        raised: Option<(CallId, Instant)>,
    ) -> Result<(), Refused> {
        self.desk.set_on_call(self.outbox.reachable().collect(), now, &mut batch);
        self.outbox.follow(now, &mut batch);
        let figures = figures::count(&self.desk, now, &mut batch);
        let jobs = self.outbox.lease(now, JOBS_AT_ONCE, &mut batch);
        if batch.is_empty() {
            return Ok(());
        }
        let (batch, outcome) = self.shared.commit(batch).await;
        if let Err(refused) = outcome {
            self.reload_outbox().await;
            return Err(refused);
        }
        let stored_at = clock::now();
        if let Some((call, begun)) = raised {
            self.shared.metrics.stored(call, begun.elapsed(), stored_at);
        }
        self.shared.metrics.happened(figures.iter().map(|(_, figure)| figure), stored_at);
        self.count_first_pages(&batch, &jobs, stored_at);
        jobs.into_iter().for_each(|job| self.send(job));
        let mut rooms: Vec<RoomId> = batch.cuts.iter().map(|cut| cut.room).collect();
        rooms.extend(batch.ops.iter().filter_map(|op| match op {
            Op::Append(append) => Some(append.room),
            _ => None,
        }));
        rooms.sort_unstable();
        rooms.dedup();
        for room in rooms {
            let cuts = batch.cuts.iter().copied().filter(|cut| cut.room == room);
            let appends = batch.ops.iter().filter_map(|op| match op {
                Op::Append(append) if append.room == room => Some(append.clone()),
                _ => None,
            });
            self.feed(room).publish(appends, cuts);
        }
        for op in &batch.ops {
            if let Op::RemoveCall { call } = op {
                self.shared.metrics.forgotten(call);
            }
            if let Op::RemoveRoom { room } = op {
                tracing::info!(room = tag(*room), "a help call was forgotten");
                self.feeds.remove(room);
                self.shared.forget_help_room(room);
            }
        }
        Ok(())
    }

    // What is stored leaves now: to a desk that is open, or over a channel.
    fn count_first_pages(&self, batch: &Batch, jobs: &[Job], now: Timestamp) {
        let at_a_desk = batch.ops.iter().filter_map(|op| match op {
            Op::Notify { account, notice: Notice::Page(page) } if page.why == Why::Call => {
                self.desk.is_present(account).then_some(page.call)
            }
            _ => None,
        });
        let sendings = jobs.iter().flat_map(|job| &job.sendings);
        let by_channel = sendings.filter_map(|id| self.outbox.called_for(id));
        at_a_desk.chain(by_channel).for_each(|call| self.shared.metrics.sent(&call, now));
    }

    fn send(&self, job: Job) {
        let (pager, own, metrics) = (self.pager.clone(), self.own.clone(), self.shared.metrics.clone());
        #[cfg(feature = "faults")]
        crate::faults::leaves(&job);
        tokio::spawn(async move {
            let sent = pager.send(&job).await;
            metrics.tried(&job.way, sent, clock::now());
            // When the relay is stopping, the next one sends it again.
            if let Some(desk) = own.upgrade() {
                let _stopping = desk.send(Mail::Sent(job.sendings, sent)).await;
            }
        });
    }

    // What was changed in a batch that was refused never was.
    async fn reload_outbox(&mut self) {
        let (ledger, boot, secret) = (self.shared.ledger.clone(), self.boot, self.page_secret);
        match tokio::task::spawn_blocking(move || read_outbox(&*ledger, boot, secret)).await {
            Ok(Ok(outbox)) => self.outbox = outbox,
            _ => tracing::error!("the pages on their way cannot be read again; restart the relay"),
        }
    }

    fn feed(&mut self, room: RoomId) -> Arc<Feed> {
        let head = self.desk.room(&room).map(|room| room.head()).unwrap_or_default();
        // A feed that is new knows nothing older than the room has now; readers find the rest in the ledger.
        self.feeds.entry(room).or_insert_with(|| Feed::new(head)).clone()
    }

    fn people(&self, service: &str, now: Timestamp) -> Vec<lotgenoot_protocol::frame::OnDuty> {
        let ladder = self.desk.ladder(service, now);
        as_told(&ladder, |account| self.desk.reaches(account))
    }

    fn tell_what_is_open(&self, now: Timestamp) {
        let reachable = |service: &&str| self.people(service, now).iter().any(|person| person.reachable);
        let services = || self.desk.roster().services();
        let open = services().filter(reachable).map(str::to_owned).collect();
        let all = services().map(str::to_owned).collect();
        if self.shared.set_open(Services { open, all }) {
            self.shared.outlets.push_to_all(Push::Open(self.shared.pong(now)));
        }
    }
}

fn read_outbox(ledger: &dyn Ledger, boot: u64, secret: [u8; 32]) -> Result<Outbox, Broken> {
    let unreadable = |what| Broken::new(format!("{what} cannot be read; restore the newest backup"));
    let mut outbox = Outbox::new(boot, secret);
    for (account, record) in ledger.channels()? {
        outbox.restore_channels(account, &record).ok_or_else(|| unreadable("how somebody is called"))?;
    }
    for record in ledger.sendings()? {
        outbox.restore(&record).ok_or_else(|| unreadable("a page on its way"))?;
    }
    Ok(outbox)
}

fn groups(mails: Vec<Mail>) -> Vec<Vec<Mail>> {
    let mut groups: Vec<Vec<Mail>> = Vec::new();
    let mut alone = true;
    for mail in mails {
        // What the ledger may refuse is alone in its transaction.
        let refusable = mail.is_refusable();
        match groups.last_mut() {
            Some(group) if !refusable && !alone => group.push(mail),
            _ => groups.push(vec![mail]),
        }
        alone = refusable;
    }
    groups
}
