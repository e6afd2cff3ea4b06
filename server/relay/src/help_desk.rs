//! The task that owns the help calls and their rooms: commits what the desk decides, then shows and pages.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use lotgenoot_core::desk::HelpDesk;
use lotgenoot_core::duty::{Roster, as_told};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::room::{Input, Room};
use lotgenoot_protocol::call::Acknowledgement;
use lotgenoot_protocol::frame::{Answer, Duty, Push, Raise, Receipt};
use lotgenoot_protocol::limits::MAILBOX_INPUTS_MAX;
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{AccountKey, Blob, CallId, LeafKey, Refused, RoomId, Timestamp};
use tokio::sync::mpsc;

use crate::clock;
use crate::feed::Feed;
use crate::rooms::{From, Reply};
use crate::shared::{Shared, appends};
use crate::store::Broken;
use crate::tag::tag;

// Looks at the clock at least this often, whatever the timers say: a suspended machine wakes up late.
const SAFETY_TICK: Duration = Duration::from_secs(1);
const INPUTS_AT_ONCE: usize = 256;

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
    /// A leaf wants something of a help room.
    Room(From, RoomId, LeafKey, Input, Option<Blob>),
    /// Who is on duty.
    Duty(From, String),
    /// An account came or went.
    Presence(AccountKey, bool),
    /// The staff has changed.
    Staff(Trust, Roster),
}

impl Mail {
    // A raise may name a room that is somebody else's; what is asked from behind a vault may come too late.
    fn is_refusable(&self) -> bool {
        match self {
            Self::Raise(..) => true,
            Self::Acknowledge(from, ..) | Self::Close(from, ..) | Self::Room(from, ..) => {
                from.opening.is_some()
            }
            Self::Receipt(..) | Self::Duty(..) | Self::Presence(..) | Self::Staff(..) => false,
        }
    }
}

/// The way to the help desk.
#[derive(Clone)]
pub struct Desk {
    mailbox: mpsc::Sender<Mail>,
}

impl Desk {
    /// Takes up every call that is stored and starts the task.
    pub fn start(shared: Arc<Shared>, roster: Roster, page_secret: [u8; 32]) -> Result<Self, Broken> {
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
        let (mailbox, inbox) = mpsc::channel(MAILBOX_INPUTS_MAX);
        let task = Task { desk, feeds, shared };
        task.tell_what_is_open(clock::now());
        tokio::spawn(task.run(inbox));
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
    feeds: HashMap<RoomId, Arc<Feed>>,
    shared: Arc<Shared>,
}

impl Task {
    async fn run(mut self, mut inbox: mpsc::Receiver<Mail>) {
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
            if self.commit(batch).await.is_ok() {
                self.tell_what_is_open(now);
            }
        }
    }

    fn wait(&self) -> Duration {
        let due = self.desk.poll_timeout().map(|due| Duration::from_millis(due.ms_since(clock::now())));
        due.map_or(SAFETY_TICK, |due| due.min(SAFETY_TICK))
    }

    // One group is one transaction: a raise is alone in it, because the ledger may refuse it.
    async fn handle(&mut self, group: Vec<Mail>) {
        let now = clock::now();
        let mut batch = Batch::default();
        let mut answers: Vec<(From, Option<RoomId>, Reply)> = Vec::new();
        let mut raised = None;
        let mut touched = None;
        for mail in group {
            match mail {
                Mail::Raise(from, raise) => {
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
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Receipt(from, by, receipt) => {
                    let answer = self.desk.receipt(by, receipt.call, receipt.page, &mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Close(from, call, leaves) => {
                    let answer = self.desk.close(&leaves, call, now, &mut batch);
                    touched = Some(call);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Room(from, room, leaf, Input::Attach(after), _) => {
                    let reply = Reply::Attached(leaf, self.desk.attach(&room, leaf, after));
                    answers.push((from, Some(room), reply));
                }
                Mail::Room(from, room, leaf, input, signature) => {
                    let request = from.request;
                    let answer = self.desk.handle_room(
                        room,
                        leaf,
                        request,
                        &input,
                        signature.as_ref(),
                        now,
                        &mut batch,
                    );
                    touched = self.desk.call_in(&room);
                    from.fence(&mut batch);
                    answers.push((from, None, Reply::Answer(answer)));
                }
                Mail::Duty(from, service) => {
                    let people = self.people(&service, now);
                    answers.push((from, None, Reply::Answer(Ok(Answer::Duty(Duty { people })))));
                }
                Mail::Presence(account, here) => self.desk.presence(account, here, now, &mut batch),
                Mail::Staff(trust, roster) => {
                    self.desk.set_trust(trust);
                    self.desk.set_roster(roster, now, &mut batch);
                }
            }
        }
        let raised = raised.filter(|(_, room)| self.desk.owns(room));
        if let Some((_, room)) = raised {
            // Before the commit: whoever is called by it attaches at once, and must find the room here. Asked of the
            // other rooms, it would be woken there as well and have two owners.
            self.shared.add_help_room(room);
        }
        match self.commit(batch).await {
            Ok(()) => {
                if let Some((call, _)) = raised {
                    tracing::info!(call = tag(call), "a help call was stored");
                }
                for (from, room, reply) in answers {
                    match room {
                        Some(room) => {
                            let feed = self.feed(room);
                            reply.give(from, room, &feed);
                        }
                        None => reply.give(from, RoomId([0; 16]), &Feed::new(Default::default())),
                    }
                }
            }
            Err(refused) => {
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

    // Durable first; then the entries are shown and the pages ring.
    async fn commit(&mut self, batch: Batch) -> Result<(), Refused> {
        if batch.is_empty() {
            return Ok(());
        }
        let (batch, outcome) = self.shared.commit(batch).await;
        outcome?;
        let mut rooms: Vec<RoomId> = batch.cuts.iter().map(|cut| cut.room).collect();
        rooms.extend(batch.ops.iter().filter_map(|op| match op {
            Op::Append(append) => Some(append.room),
            _ => None,
        }));
        rooms.sort_unstable();
        rooms.dedup();
        for room in rooms {
            let cuts = batch.cuts.iter().copied().filter(|cut| cut.room == room);
            self.feed(room).publish(appends(&batch, &room), cuts);
        }
        Ok(())
    }

    fn feed(&mut self, room: RoomId) -> Arc<Feed> {
        let head = self.desk.room(&room).map(|room| room.head()).unwrap_or_default();
        // A feed that is new knows nothing older than the room has now; readers find the rest in the ledger.
        self.feeds.entry(room).or_insert_with(|| Feed::new(head)).clone()
    }

    fn people(&self, service: &str, now: Timestamp) -> Vec<lotgenoot_protocol::frame::OnDuty> {
        let ladder = self.desk.roster().ladder(service, &self.shared.known().trust, now);
        as_told(&ladder, |account| self.desk.is_present(account))
    }

    fn tell_what_is_open(&self, now: Timestamp) {
        let on_duty: BTreeSet<AccountKey> = self
            .desk
            .roster()
            .services()
            .flat_map(|service| self.people(service, now).into_iter().map(|person| person.account))
            .collect();
        self.shared.set_on_duty(on_duty.into_iter().collect());
        let reachable = |service: &&str| self.people(service, now).iter().any(|person| person.reachable);
        let open: Vec<String> = self.desk.roster().services().filter(reachable).map(str::to_owned).collect();
        if self.shared.set_open(open) {
            self.shared.outlets.push_to_all(Push::Open(self.shared.pong(now)));
        }
    }
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
