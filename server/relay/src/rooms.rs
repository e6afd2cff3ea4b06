//! Awake rooms: one task owns each; everybody else sends it mail. A room that nobody reads or writes goes to sleep.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lotgenoot_core::bucket::Bucket;
use lotgenoot_core::duty::HOSTS;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::gate::Opening;
use lotgenoot_core::key_package;
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Grant, Input, Room};
use lotgenoot_protocol::frame::{Answer, Notice, OpenRoom, Push};
use lotgenoot_protocol::limits::{LINES_BURST, LINES_PER_MINUTE, MAILBOX_INPUTS_MAX};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::stage::Door;
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, RequestId, RoomId, Seq, Timestamp};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::clock;
use crate::feed::{Feed, Watch};
use crate::help_desk::{self, Desk};
use crate::outlet::{Out, Outlet};
use crate::shared::{Shared, appends};
use crate::tag::tag;

// How long a jump of the clock may go unnoticed.
const LOOK_AT_CLOCK_EVERY: Duration = Duration::from_secs(5);
const SLEEP_AFTER: Duration = Duration::from_secs(300);
// How often all rooms are looked at: a room that is over stays so much longer at most.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
const ROOMS_AT_ONCE: usize = 256;
// Inputs that share one transaction with others of their room.
const INPUTS_AT_ONCE: usize = 256;
// As long as somebody waits before she knocks again.
const KNOCK_TURN_MS: u64 = 15_000;

/// Who asked, and under which id.
#[derive(Clone)]
pub struct From {
    /// Her socket.
    pub outlet: Arc<Outlet>,
    /// Her request.
    pub request: RequestId,
    /// The vault she has open there: what she asks for is refused once it was opened elsewhere.
    pub opening: Option<Opening>,
}

impl From {
    /// Makes a batch depend on her vault being hers still.
    pub fn fence(&self, batch: &mut Batch) {
        let Some(Opening { vault, fence }) = self.opening else { return };
        let op = Op::Fence { vault, fence };
        if !batch.ops.is_empty() && !batch.ops.contains(&op) {
            batch.ops.insert(0, op);
        }
    }
}

/// Mail for a room.
pub enum Mail {
    /// Open it.
    Open(From, Box<OpenRoom>),
    /// A leaf wants something.
    Input(From, LeafKey, Input),
    /// Somebody wants to come to this stage.
    Knock(From, Blob),
    /// Look at what is due, and whether it is over.
    Look,
}

/// All awake rooms.
pub struct Rooms {
    shared: Arc<Shared>,
    // Pages whoever is on duty.
    desk: Desk,
    // How often a line may be opened: hosts can talk with so many.
    lines: Mutex<Bucket>,
    // Whether anybody can be too fast for a room.
    paced: bool,
    awake: Mutex<HashMap<RoomId, mpsc::Sender<Mail>>>,
}

impl Rooms {
    /// No room is awake yet.
    pub fn new(shared: Arc<Shared>, desk: Desk, paced: bool) -> Arc<Self> {
        let lines = Mutex::new(Bucket::new(LINES_BURST, 60_000 / u64::from(LINES_PER_MINUTE)));
        Arc::new(Self { shared, desk, lines, paced, awake: Mutex::default() })
    }

    /// Looks at every room now and then, for as long as the relay runs: what became due while a room was asleep, or the
    /// relay was down, is done, and rooms that are over are removed.
    pub async fn sweep(self: Arc<Self>) {
        loop {
            let mut after = None;
            loop {
                let ledger = self.shared.ledger.clone();
                let rooms = tokio::task::spawn_blocking(move || ledger.rooms(after, ROOMS_AT_ONCE)).await;
                let rooms = match rooms {
                    Ok(Ok(rooms)) => rooms,
                    Ok(Err(error)) => {
                        tracing::error!(%error, "rooms cannot be looked through");
                        break;
                    }
                    Err(_) => break,
                };
                let Some(last) = rooms.last().copied() else { break };
                for room in rooms.into_iter().filter(|room| !self.shared.is_help_room(room)) {
                    self.send(room, Mail::Look).await;
                }
                after = Some(last);
            }
            tokio::select! {
                () = tokio::time::sleep(SWEEP_EVERY) => {}
                () = self.shared.stopping.wait() => return,
            }
        }
    }

    /// Brings mail to a room, waking it if it sleeps.
    pub async fn send(self: &Arc<Self>, room: RoomId, mut mail: Mail) {
        loop {
            let mailbox = self.mailbox(room);
            match mailbox.send(mail).await {
                Ok(()) => return,
                // It fell asleep just now: wake it again.
                Err(returned) => mail = returned.0,
            }
        }
    }

    fn mailbox(self: &Arc<Self>, room: RoomId) -> mpsc::Sender<Mail> {
        let mut awake = self.awake();
        if let Some(mailbox) = awake.get(&room).filter(|mailbox| !mailbox.is_closed()) {
            return mailbox.clone();
        }
        let (mailbox, inbox) = mpsc::channel(MAILBOX_INPUTS_MAX);
        let (rooms, known) = (self.clone(), mailbox.clone());
        tokio::spawn(async move {
            run(room, inbox, rooms.clone()).await;
            // Unless somebody has woken it again.
            let mut awake = rooms.awake();
            if awake.get(&room).is_some_and(mpsc::Sender::is_closed) {
                awake.remove(&room);
            }
        });
        awake.insert(room, known);
        mailbox
    }

    fn may_open_line(&self) -> Result<(), Refused> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.take(clock::now()).map_err(|retry_after_ms| Refused::SlowDown { retry_after_ms })
    }

    fn awake(&self) -> MutexGuard<'_, HashMap<RoomId, mpsc::Sender<Mail>>> {
        self.awake.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(id: RoomId, mut inbox: mpsc::Receiver<Mail>, rooms: Arc<Rooms>) {
    let shared = rooms.shared.clone();
    let mut room = load(id, &shared).await;
    room.iter_mut().filter(|_| !rooms.paced).for_each(Room::unpaced);
    let feed = Feed::new(room.as_ref().map_or_else(Default::default, Room::head));
    // Whoever still reads when this ends, however it does, is told.
    let ending = Ending(&feed);
    tell_session(room.as_ref(), &shared);
    let mut mails = Vec::new();
    let mut frozen = None;
    loop {
        // Whoever is on duty is paged; also for what a relay that was down has found frozen.
        let since = room.as_ref().and_then(Room::frozen_since);
        if std::mem::replace(&mut frozen, since) != since {
            rooms.desk.send(help_desk::Mail::Unattended(id, since)).await;
        }
        let due = room.as_ref().and_then(Room::poll_timeout);
        let waited = tokio::select! {
            waited = timeout(SLEEP_AFTER, inbox.recv_many(&mut mails, INPUTS_AT_ONCE)) => waited,
            () = feed.readers_changed(), if room.is_some() => {
                live(&mut room, id, &feed, &shared).await;
                continue;
            }
            () = until(due), if due.is_some() => {
                live(&mut room, id, &feed, &shared).await;
                continue;
            }
            () = shared.stopping.wait() => {
                // Everybody is let go with another word.
                std::mem::forget(ending);
                return;
            }
        };
        if waited.is_err() {
            // A session that is not over yet is looked after.
            if feed.is_read() || due.is_some() {
                continue;
            }
            return hand_on(id, inbox, &rooms).await;
        }
        if mails.is_empty() {
            return;
        }
        for group in split_openings(std::mem::take(&mut mails)) {
            match group {
                Group::Look => look(&mut room, id, &feed, &shared).await,
                Group::Open(from, open) => open_room(&mut room, from, *open, &feed, &rooms).await,
                Group::Inputs(inputs) => handle(&mut room, id, inputs, &feed, &shared).await,
                Group::Knock(from, package) => knock(room.as_ref(), from, package, &feed, &shared).await,
            }
        }
        if room.is_none() {
            return hand_on(id, inbox, &rooms).await;
        }
    }
}

struct Ending<'f>(&'f Feed);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

// Nothing is owned here any more. Mail that came meanwhile, or that somebody is just putting in, goes to whoever owns the
// room next, in its order: none of it must be carried out by a task that nobody can reach, and none be lost.
async fn hand_on(id: RoomId, mut inbox: mpsc::Receiver<Mail>, rooms: &Arc<Rooms>) {
    inbox.close();
    while let Some(mail) = inbox.recv().await {
        rooms.send(id, mail).await;
    }
}

// By the clock on the wall, which may jump: a machine that slept, or that was told the time. It is looked at now and then.
async fn until(due: Option<Timestamp>) {
    while let Some(wait) = due.map(|due| due.ms_since(clock::now())).filter(|wait| *wait > 0) {
        tokio::time::sleep(Duration::from_millis(wait).min(LOOK_AT_CLOCK_EVERY)).await;
    }
}

// Who is here decides whether a session goes on; and what is due is done.
async fn live(room: &mut Option<Room>, id: RoomId, feed: &Arc<Feed>, shared: &Arc<Shared>) {
    let Some(awake) = room else { return };
    let (now, mut batch) = (clock::now(), Batch::default());
    let present = presence(awake, feed, shared, now);
    awake.attended(present, now, &mut batch);
    if batch.is_empty() {
        return tell_session(room.as_ref(), shared);
    }
    let (batch, outcome) = shared.commit(batch).await;
    match outcome {
        Ok(_) => {
            tracing::info!(room = tag(id), hosts = present.hosts, "a session has changed");
            publish(feed, batch, id);
            tell_session(room.as_ref(), shared);
        }
        Err(_) => reload(room, id, shared).await,
    }
}

// What is due is done; and a room that is over for long enough is removed with everything in it.
async fn look(room: &mut Option<Room>, id: RoomId, feed: &Arc<Feed>, shared: &Arc<Shared>) {
    live(room, id, feed, shared).await;
    let mut batch = Batch::default();
    if !room.as_ref().is_some_and(|room| room.sweep(clock::now(), &mut batch)) {
        return;
    }
    let (batch, outcome) = shared.commit(batch).await;
    match outcome {
        Ok(_) => {
            tracing::info!(room = tag(id), "a room that was over was removed");
            *room = None;
            shared.set_session(id, None);
            shared.halls().set(id, None, 0, clock::now());
            publish(feed, batch, id);
        }
        Err(_) => reload(room, id, shared).await,
    }
}

// What of the calendar is open now is everybody's to know.
fn tell_session(room: Option<&Room>, shared: &Shared) {
    if let Some(room) = room.filter(|room| room.kind() == RoomKind::Stage) {
        shared.halls().set(room.id(), room.planned_session(), room.members().len(), clock::now());
    }
    if let Some(room) = room
        && shared.set_session(room.id(), room.planned_session())
    {
        shared.outlets.push_to_all(Push::Open(shared.pong(clock::now())));
    }
}

// Hosts by who reads the room; a professional by who has her desk open.
fn presence(room: &Room, feed: &Arc<Feed>, shared: &Arc<Shared>, now: Timestamp) -> Presence {
    let trust = &shared.known().trust;
    // Each once, however many tabs she has open.
    let leaves: BTreeSet<LeafKey> = feed.leaves().into_iter().collect();
    let hosts = leaves.iter().filter(|leaf| room.is_host(leaf, trust, now)).count();
    let person = room.first_leaf().is_some_and(|leaf| leaves.contains(&leaf));
    Presence { hosts, person, professional: shared.open().iter().any(|service| service != HOSTS) }
}

async fn load(id: RoomId, shared: &Arc<Shared>) -> Option<Room> {
    let ledger = shared.ledger.clone();
    let read = tokio::task::spawn_blocking(move || ledger.room(&id)).await;
    match read {
        Ok(Ok(Some((record, tail)))) => {
            let mut room = Room::from_record(id, &record, tail);
            room.iter_mut().for_each(|room| room.restarted(clock::now()));
            if room.is_none() {
                tracing::error!(room = tag(id), "a room's record cannot be read; restore the newest backup");
            }
            // A help room is the help desk's alone: mail that was on its way here when the call was stored finds
            // nothing, and its sender asks again.
            room.filter(|room| room.kind() != RoomKind::Help)
        }
        Ok(Ok(None)) => None,
        Ok(Err(error)) => {
            tracing::error!(%error, "a room could not be read");
            None
        }
        Err(_) => None,
    }
}

// Why there is no room: it was never here, or it is over. Whoever asks knows its id, so she was in it.
async fn not_there(id: RoomId, shared: &Arc<Shared>) -> Refused {
    let ledger = shared.ledger.clone();
    match tokio::task::spawn_blocking(move || ledger.is_over(&id)).await {
        Ok(Ok(true)) => Refused::Over,
        Ok(Ok(false)) | Err(_) => Refused::UnknownRoom,
        Ok(Err(error)) => {
            tracing::error!(%error, "whether a room is over could not be read");
            Refused::UnknownRoom
        }
    }
}

// Forgets what was not stored.
async fn reload(room: &mut Option<Room>, id: RoomId, shared: &Arc<Shared>) {
    let mut stored = load(id, shared).await;
    if let (Some(stored), Some(before)) = (&mut stored, &*room) {
        stored.here_as(before);
    }
    *room = stored;
}

enum Group {
    Look,
    Open(From, Box<OpenRoom>),
    Inputs(Vec<(From, LeafKey, Input)>),
    Knock(From, Blob),
}

// Openings are committed alone: they may be refused by the ledger, and then nothing else must be.
fn split_openings(mails: Vec<Mail>) -> Vec<Group> {
    let mut groups = Vec::new();
    for mail in mails {
        match (mail, groups.last_mut()) {
            (Mail::Look, _) => groups.push(Group::Look),
            (Mail::Open(from, open), _) => groups.push(Group::Open(from, open)),
            (Mail::Knock(from, package), _) => groups.push(Group::Knock(from, package)),
            (Mail::Input(from, leaf, input), Some(Group::Inputs(inputs))) => inputs.push((from, leaf, input)),
            (Mail::Input(from, leaf, input), _) => groups.push(Group::Inputs(vec![(from, leaf, input)])),
        }
    }
    groups
}

async fn open_room(room: &mut Option<Room>, from: From, open: OpenRoom, feed: &Arc<Feed>, rooms: &Rooms) {
    let shared = &rooms.shared;
    if let Some(room) = room {
        return from.outlet.answer(from.request, room.opened_again(&from.request));
    }
    let mut batch = Batch::default();
    let (trust, now) = (&shared.known().trust, clock::now());
    let opened = Room::open_for(open.room, &open.opening, open.session, from.request, trust, now, &mut batch);
    let opened = opened.and_then(|(room, head)| {
        // Help rooms are opened by raising a call, and only so.
        if room.kind() == RoomKind::Help {
            Err(Refused::NotAllowed { rule: Rule::NotARoom })
        } else if room.kind() == RoomKind::Line {
            rooms.may_open_line().map(|()| (room, head))
        } else {
            Ok((room, head))
        }
    });
    // Two who are planned for one workshop open one hall.
    let hall = open.session.filter(|_| opened.as_ref().is_ok_and(|(room, _)| room.kind() == RoomKind::Stage));
    let opened = opened.and_then(|opened| match hall {
        Some(session) if !shared.halls().open(session, open.room, now) => Err(Refused::Exists),
        _ => Ok(opened),
    });
    from.fence(&mut batch);
    let (opened, head) = match opened {
        Ok(opened) => opened,
        Err(refused) => return from.outlet.answer(from.request, Err(refused)),
    };
    let (batch, outcome) = shared.commit(batch).await;
    if outcome.is_err() {
        shared.halls().not_opened(&open.room);
    }
    match outcome {
        Ok(_) => {
            publish(feed, batch, open.room);
            tracing::info!(room = tag(open.room), kind = ?opened.kind(), "a room was opened");
            let opened = room.insert(opened);
            if !rooms.paced {
                opened.unpaced();
            }
            let accepted = Answer::Accepted(lotgenoot_protocol::frame::Accepted { seq: head });
            from.outlet.answer(from.request, Ok(accepted));
        }
        Err(refused) => from.outlet.answer(from.request, Err(refused)),
    }
}

// One of those who lead the stage now hears of it, and adds her. They take turns: whoever was told to one who does not add
// her (her laptop has just died, say) knocks again when it is another one's turn; and within a turn one commit adds many.
async fn knock(room: Option<&Room>, from: From, key_package: Blob, feed: &Arc<Feed>, shared: &Arc<Shared>) {
    let now = clock::now();
    let stage = room.filter(|room| room.kind() == RoomKind::Stage && room.planned_session().is_some());
    let checked = key_package::check(&key_package, now).map(drop);
    let (Some(stage), Ok(())) = (stage, &checked) else {
        let refused = checked.err().unwrap_or(Refused::UnknownRoom);
        return from.outlet.answer(from.request, Err(refused));
    };
    let known = shared.known();
    let leads = |leaf: &LeafKey| stage.is_host(leaf, &known.trust, now);
    let leaders: BTreeSet<LeafKey> = feed.leaves().into_iter().filter(leads).collect();
    let leaders: Vec<AccountKey> = leaders.iter().filter_map(|leaf| known.account_of(leaf)).collect();
    let turn = usize::try_from(now.0 / KNOCK_TURN_MS).unwrap_or_default();
    let Some(leader) = leaders.get(turn % leaders.len().max(1)) else {
        return from.outlet.answer(from.request, Err(Refused::UnknownRoom));
    };
    let room = stage.id();
    let op = Op::Notify { account: *leader, notice: Notice::Knock { room, key_package } };
    let (_, outcome) = shared.commit(Batch { ops: vec![op], ..Batch::default() }).await;
    from.outlet.answer(from.request, outcome.map(|_| Answer::Door(Door { room })));
}

async fn handle(
    room: &mut Option<Room>,
    id: RoomId,
    inputs: Vec<(From, LeafKey, Input)>,
    feed: &Arc<Feed>,
    shared: &Arc<Shared>,
) {
    let Err(refused) = together(room, id, &inputs, feed, shared).await else { return };
    // Nothing of it is stored: the room is what the ledger says it is.
    reload(room, id, shared).await;
    let alone = refused == Refused::Fenced && inputs.len() > 1;
    for input in &inputs {
        let refused = if alone {
            together(room, id, std::slice::from_ref(input), feed, shared).await
        } else {
            Err(refused.clone())
        };
        if let Err(refused) = refused {
            input.0.outlet.answer(input.0.request, Err(refused));
            if alone {
                reload(room, id, shared).await;
            }
        }
    }
}

// All of them in one transaction, and answered; or none of them, and not answered.
async fn together(
    room: &mut Option<Room>,
    id: RoomId,
    inputs: &[(From, LeafKey, Input)],
    feed: &Arc<Feed>,
    shared: &Arc<Shared>,
) -> Result<(), Refused> {
    let Some(room) = room else {
        let why = not_there(id, shared).await;
        for (from, _, input) in inputs {
            let reply = match input {
                Input::Attach(_) => Reply::NotAttached(why.clone()),
                _ => Reply::Answer(Err(why.clone())),
            };
            reply.give(from, id, feed, None);
        }
        return Ok(());
    };
    let now = clock::now();
    let mut batch = Batch::default();
    let mut replies = Vec::with_capacity(inputs.len());
    for (from, leaf, input) in inputs {
        if let Input::Attach(after) = input {
            replies.push(Reply::attached(*leaf, room.attach(*leaf, *after)));
            continue;
        }
        let before = batch.ops.len();
        if matches!(input, Input::Rule(_)) {
            // Whether it may open now is asked of this moment.
            room.attended(presence(room, feed, shared, now), now, &mut batch);
        }
        let answer = room.handle(*leaf, from.request, input, None, &shared.known().trust, now, &mut batch);
        if batch.ops.len() > before {
            from.fence(&mut batch);
        }
        replies.push(Reply::Answer(answer));
    }

    // Durable first, visible second: no member may see what a crash could take back.
    let committed = if batch.is_empty() {
        None
    } else {
        let (committed, outcome) = shared.commit(batch).await;
        outcome?;
        tracing::trace!(room = tag(id), ops = committed.ops.len(), "committed");
        Some(committed)
    };
    // Who asked and reads here too is woken once, for both. A new reader is known before what ends her reading is published,
    // and begins to read after it.
    let mut attached = Vec::new();
    for ((from, ..), reply) in inputs.iter().zip(replies) {
        match reply {
            Reply::Answer(answer) => from.outlet.answer_quietly(from.request, answer),
            Reply::NotAttached(why) => not_attached(from, id, why),
            Reply::Attached(leaf, grant) => {
                let watch = feed.watch(&from.outlet, leaf, grant.until);
                attached.push((from, leaf, grant, watch));
            }
        }
    }
    if let Some(committed) = committed {
        publish(feed, committed, id);
        tell_session(Some(room), shared);
    }
    for (from, leaf, grant, watch) in attached {
        reads_from_now(from, id, leaf, grant, feed, watch);
    }
    for (from, _, _) in inputs {
        from.outlet.ring_if_waiting();
    }
    Ok(())
}

fn publish(feed: &Feed, mut committed: Batch, room: RoomId) {
    let cuts = std::mem::take(&mut committed.cuts);
    feed.publish(appends(committed, room), cuts.into_iter());
}

/// An answer that waits for the disk.
pub(crate) enum Reply {
    /// For the client.
    Answer(Result<Answer, Refused>),
    /// For the socket's task first, which reads from now on.
    Attached(LeafKey, Grant),
    /// For the socket's task first, which does not.
    NotAttached(Refused),
}

impl Reply {
    /// Of a room that was asked whether this leaf may read it.
    pub(crate) fn attached(leaf: LeafKey, grant: Result<Grant, Refused>) -> Self {
        grant.map_or_else(Self::NotAttached, |grant| Self::Attached(leaf, grant))
    }

    /// Gives it to whoever asked. `last` is where her reading has ended since.
    pub(crate) fn give(self, from: &From, room: RoomId, feed: &Arc<Feed>, last: Option<Seq>) {
        match self {
            Self::Answer(answer) => from.outlet.answer(from.request, answer),
            Self::NotAttached(why) => not_attached(from, room, why),
            Self::Attached(leaf, grant) => {
                let watch = feed.watch(&from.outlet, leaf, grant.until.or(last));
                reads_from_now(from, room, leaf, grant, feed, watch);
            }
        }
    }
}

fn not_attached(from: &From, room: RoomId, why: Refused) {
    from.outlet.put(Out::NotAttached { request: from.request, room, why });
}

fn reads_from_now(from: &From, room: RoomId, leaf: LeafKey, grant: Grant, feed: &Arc<Feed>, watch: Watch) {
    let (request, grant, feed) = (from.request, Box::new(grant), feed.clone());
    from.outlet.put(Out::Attached { request, leaf, room, grant, feed, watch });
}
