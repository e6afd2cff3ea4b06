//! One WebSocket: frames in, frames out, pings, close codes.
//!
//! The task *pulls*: when the bell rings it writes what waits for it and what its readers have not seen, in one
//! write per wake-up. A reader who does not take what is written is closed, not waited for; her cursor stays.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::ops::Bound;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use lotgenoot_core::bucket::Bucket;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::gate::{Gate, Opening, Routed};
use lotgenoot_core::key_package;
use lotgenoot_core::room::{Input, entry};
use lotgenoot_protocol::codec::{self, Received};
use lotgenoot_protocol::frame::{
    Accepted, Answer, CaughtUp, Detached, KeyPackages, PublishKeyPackages, Push, Request, ServerFrame,
    StaffRegister, Welcomed,
};
use lotgenoot_protocol::limits::{
    ATTACHES_BURST, ATTACHES_PER_SECOND, ENTRIES_PER_WAKE_UP_MAX, KEY_PACKAGES_PER_ACCOUNT_MAX,
    OPEN_REQUESTS_MAX, OPENINGS_BURST, OPENINGS_PER_MINUTE, RESPONDERS_PER_RAISE_MAX, SILENCE_MS_MAX,
    SLOW_READER_MS,
};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, RoomId, Seq, VERSION};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use crate::calendar;
use crate::clock;
use crate::duty_calendar;
use crate::duty_files;
use crate::feed::{Feed, Found, Watch};
use crate::help_desk::{self, ChannelWish};
use crate::letters;
use crate::outlet::{Out, Outlet};
use crate::relay::Parts;
use crate::rooms::{self, From};
use crate::surveys;

/// A client broke the protocol.
pub(crate) const CLOSE_MISBEHAVED: u16 = 4400;
/// A client did not take what was written to it.
pub(crate) const CLOSE_SLOW: u16 = 4408;
/// Nothing was heard for too long.
pub(crate) const CLOSE_SILENT: u16 = 4410;
/// The relay is going away; connect again.
pub(crate) const CLOSE_GOING: u16 = 1001;

const FRAMES_KEPT: usize = 16;
const PING_EVERY: Duration = Duration::from_secs(20);

/// A room this socket reads.
struct Reader {
    leaf: LeafKey,
    feed: Arc<Feed>,
    watch: Watch,
    after: Seq,
    until: Option<Seq>,
    caught_up: bool,
    // What of the feed was there when all of it was written.
    seen: Option<u64>,
}

struct Connection<S> {
    socket: WebSocketStream<S>,
    gate: Gate,
    outlet: Arc<Outlet>,
    parts: Arc<Parts>,
    readers: BTreeMap<RoomId, Reader>,
    // Empty between two writes; kept for its room.
    frames: Vec<Bytes>,
    inbox_after: Option<Seq>,
    open_requests: usize,
    heard_at: Instant,
    desk_open: bool,
    // How often rooms may be read anew: whoever is shown the door need not run against it.
    attaches: Bucket,
    // How often it may have the relay make something for others to find: a room, a knock.
    openings: Bucket,
}

enum End {
    Gone,
    Close(u16, &'static str),
}

/// Serves one socket until it ends.
pub(crate) async fn serve<S>(socket: WebSocketStream<S>, host: String, parts: Arc<Parts>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let gate = Gate::new(clock::random(), host, parts.work_bits);
    let mut connection = Connection {
        socket,
        gate,
        outlet: Arc::default(),
        parts,
        readers: BTreeMap::new(),
        frames: Vec::new(),
        inbox_after: None,
        open_requests: 0,
        heard_at: Instant::now(),
        desk_open: false,
        attaches: Bucket::new(ATTACHES_BURST, 1000 / u64::from(ATTACHES_PER_SECOND)),
        openings: Bucket::new(OPENINGS_BURST, 60_000 / u64::from(OPENINGS_PER_MINUTE)),
    };
    let end = connection.run().await;
    connection.finish(end).await;
}

impl<S> Connection<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    async fn run(&mut self) -> End {
        let challenge = Push::Challenge(self.gate.challenge());
        if let Err(end) = self.push(challenge).await {
            return end;
        }
        if let Err(end) = self.flush().await {
            return end;
        }
        let outlet = self.outlet.clone();
        let stopping = self.parts.stopping.clone();
        let stopped = stopping.wait();
        tokio::pin!(stopped);
        let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            // A client with too many open questions is not read until some are answered.
            let may_ask = self.open_requests < OPEN_REQUESTS_MAX;
            let step = tokio::select! {
                message = self.socket.next(), if may_ask => self.heard(message).await,
                () = outlet.rung() => self.write().await,
                _ = ping.tick() => self.ping().await,
                () = &mut stopped => Err(End::Close(CLOSE_GOING, "the relay is restarting; connect again")),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    // What has come with a message is handled with it, as long as there is not too much. Of what waits for the disk here
    // one at a time: in between what waits is written.
    async fn heard(&mut self, message: Option<Result<Message, WsError>>) -> Result<(), End> {
        let mut next = Some(message);
        while let Some(message) = next {
            self.heard_at = Instant::now();
            let quick = self.handle(message).await?;
            let more = quick && self.open_requests < OPEN_REQUESTS_MAX;
            next = if more { self.socket.next().now_or_never() } else { None };
        }
        Ok(())
    }

    // Whether it took no longer than it takes to put it where it belongs.
    async fn handle(&mut self, message: Option<Result<Message, WsError>>) -> Result<bool, End> {
        match message {
            Some(Ok(Message::Binary(bytes))) => self.handle_frame(&bytes).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(true),
            Some(Ok(Message::Text(_) | Message::Frame(_))) => {
                Err(End::Close(CLOSE_MISBEHAVED, "binary frames only"))
            }
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(WsError::Capacity(_))) => {
                Err(End::Close(CLOSE_MISBEHAVED, "a frame above FRAME_BYTES_MAX"))
            }
            Some(Err(_)) => Err(End::Gone),
        }
    }

    async fn handle_frame(&mut self, bytes: &[u8]) -> Result<bool, End> {
        let frame = match codec::decode_client(bytes) {
            Ok(Received::Known(frame)) => frame,
            Ok(Received::Unknown { request_id, frame }) => {
                self.open_requests += 1;
                self.outlet.answer(request_id, Err(Refused::UnknownFrame { frame }));
                return Ok(true);
            }
            Err(misbehaved) => {
                tracing::debug!(%misbehaved, "closing");
                return Err(End::Close(CLOSE_MISBEHAVED, "bytes that are not a frame"));
            }
        };
        tracing::trace!(frame = frame.request.code(), bytes = bytes.len(), "a request");
        self.open_requests += 1;
        let opening = self.gate.vault();
        let from = From { outlet: self.outlet.clone(), request: frame.request_id, opening };
        if self.parts.is_degraded() {
            from.outlet.answer(from.request, Err(Refused::Degraded));
            return Ok(true);
        }
        let taken = match frame.request {
            Request::Attach(_) => self.attaches.take(clock::now()),
            Request::OpenRoom(_) | Request::Knock(_) => self.openings.take(clock::now()),
            _ => Ok(()),
        };
        if let Err(retry_after_ms) = taken {
            from.outlet.answer(from.request, Err(Refused::SlowDown { retry_after_ms }));
            return Ok(true);
        }
        match self.gate.route(frame.request) {
            Ok(routed) => self.dispatch(from, routed).await,
            Err(refused) => {
                from.outlet.answer(from.request, Err(refused));
                Ok(true)
            }
        }
    }

    async fn dispatch(&mut self, from: From, routed: Routed) -> Result<bool, End> {
        match routed {
            Routed::Room { room, leaf, input, lead_signature } => {
                self.bring_to_room(from, room, leaf, input, lead_signature).await;
                Ok(true)
            }
            // Seldom, and of many kinds: what all of them need would be held by every silent connection.
            other => Box::pin(self.dispatch_seldom(from, other)).await.map(|()| false),
        }
    }

    async fn bring_to_room(
        &mut self,
        from: From,
        room: RoomId,
        leaf: LeafKey,
        input: Input,
        lead_signature: Option<Blob>,
    ) {
        let parts = self.parts.clone();
        let Some(running) = parts.running() else { return };
        if let (Input::Ack(seq), Some(reader)) = (&input, self.readers.get(&room)) {
            // What is acknowledged must have been written: a cursor never runs ahead of its reader.
            if *seq > reader.after {
                let refused = Refused::invalid("an entry that was not delivered");
                return from.outlet.answer(from.request, Err(refused));
            }
        }
        if running.shared.is_help_room(&room) {
            running.desk.send(help_desk::Mail::Room(from, room, leaf, input, lead_signature)).await;
        } else {
            running.rooms.send(room, rooms::Mail::Input(from, leaf, input)).await;
        }
    }

    async fn dispatch_seldom(&mut self, from: From, routed: Routed) -> Result<(), End> {
        let parts = self.parts.clone();
        let Some(running) = parts.running() else { return Ok(()) };
        let account = self.gate.account();
        match (routed, account) {
            (Routed::SignedIn(account), _) => self.signed_in(from, account).await,
            (Routed::Room { room, leaf, input, lead_signature }, _) => {
                self.bring_to_room(from, room, leaf, input, lead_signature).await;
            }
            (Routed::Proven, _) => from.outlet.answer(from.request, Ok(accepted())),
            (Routed::Detach(room), _) => {
                self.drop_reader(&room);
                from.outlet.answer(from.request, Ok(accepted()));
            }
            (Routed::Open(open), _) => {
                running.rooms.send(open.room, rooms::Mail::Open(from, Box::new(open))).await;
            }
            (Routed::Raise(raise), _) => {
                running.desk.send(help_desk::Mail::Raise(from, Box::new(raise))).await
            }
            (Routed::Acknowledge(ack), Some(account)) => {
                running.desk.send(help_desk::Mail::Acknowledge(from, account, Box::new(ack))).await;
            }
            (Routed::Receipt(receipt), Some(account)) => {
                running.desk.send(help_desk::Mail::Receipt(from, account, receipt)).await;
            }
            (Routed::CloseCall(call, leaves), _) => {
                running.desk.send(help_desk::Mail::Close(from, call, leaves)).await;
            }
            (Routed::AskColleague(ask, leaves), _) => {
                running.desk.send(help_desk::Mail::Ask(from, leaves, Box::new(ask))).await;
            }
            (Routed::Decline(decline), Some(account)) => {
                running.desk.send(help_desk::Mail::Decline(from, account, decline)).await;
            }
            (Routed::StepCall(step, leaves), _) => {
                running.desk.send(help_desk::Mail::Step(from, leaves, step)).await;
            }
            (Routed::Aftercare(put), _) => {
                running.desk.send(help_desk::Mail::Aftercare(from, put)).await;
            }
            (Routed::Assist(ack), Some(account)) => {
                running.desk.send(help_desk::Mail::Assist(from, account, Box::new(ack))).await;
            }
            (
                wish @ (Routed::AskChannels
                | Routed::PutChannel(_)
                | Routed::RemoveChannel(_)
                | Routed::TestChannels
                | Routed::ConfirmChannel(_)),
                Some(account),
            ) => self.channels(from, account, wish).await,
            (Routed::Duty(service), _) => running.desk.send(help_desk::Mail::Duty(from, service)).await,
            (Routed::Publish(publish), Some(account)) => self.publish(from, account, publish).await,
            (Routed::Claim(accounts), Some(account)) => self.claim(from, account, accounts).await,
            (Routed::AckInbox(seq), Some(account)) => {
                let mut batch = Batch { ops: vec![Op::AckInbox { account, seq }], ..Batch::default() };
                from.fence(&mut batch);
                let (_, outcome) = running.shared.commit(batch).await;
                from.outlet.answer(from.request, outcome.map(|_| accepted()));
            }
            (Routed::Ping, _) => {
                let pong = running.shared.pong(clock::now());
                from.outlet.answer(from.request, Ok(Answer::Pong(pong)));
            }
            (Routed::OpenDesk, Some(account)) => {
                if !std::mem::replace(&mut self.desk_open, true)
                    && running.shared.outlets.desk_opened(account)
                {
                    running.desk.send(help_desk::Mail::Presence(account, true)).await;
                }
                from.outlet.answer(from.request, Ok(accepted()));
            }
            (Routed::Register, _) => {
                let register = running.shared.known().register.clone();
                from.outlet.answer(from.request, Ok(Answer::StaffRegister(StaffRegister { register })));
            }
            (Routed::AskStaff(issuer), account) => {
                let answer = match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => {
                        self.gate.is_coordinator((*issuer).clone());
                        if let Some(account) = account {
                            running.desk.send(help_desk::Mail::Coordinator(account, issuer)).await;
                        }
                        Ok(running.staff.told().await)
                    }
                    Err(error) => Err(Refused::invalid(error.to_string())),
                };
                from.outlet.answer(from.request, answer);
            }
            (Routed::PutStaff(issuer, put), _) => {
                // Perhaps she was revoked since she asked.
                let answer = match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => running.staff.put(&put).await,
                    Err(error) => Err(Refused::invalid(error.to_string())),
                };
                from.outlet.answer(from.request, answer);
            }
            (Routed::Knock(knock), _) => {
                let hall = running.shared.halls().of(&knock.session);
                match hall {
                    Some(hall) => running.rooms.send(hall, rooms::Mail::Knock(from, knock.key_package)).await,
                    None => from.outlet.answer(from.request, Err(Refused::UnknownRoom)),
                }
            }
            (Routed::Surveys(issuer), _) => {
                let answer = match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => surveys::told(&running.shared).await,
                    Err(error) => Err(Refused::invalid(error.to_string())),
                };
                from.outlet.answer(from.request, answer);
            }
            (Routed::LetterKeys(hosts), _) => {
                // Who leads is told to those who lead: nobody else need find her.
                let hosts =
                    hosts && account.is_some_and(|account| letters::is_host(&running.shared, &account));
                let answer = letters::keys(&running.shared, hosts).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::PutLetterKey(key), _) => {
                let answer = letters::put_key(&running.shared, *key).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::PostLetter(post), _) => {
                let answer = letters::post(&running.shared, post).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::Letters(coordinator, after), Some(account)) => {
                let answer = letters::waiting(&running.shared, coordinator.as_deref(), &account, after).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::PutLetterAway(coordinator, id), Some(account)) => {
                let answer = letters::put_away(&running.shared, coordinator.as_deref(), &account, id).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::AskCalendar, _) => from.outlet.answer(from.request, Ok(calendar::told(&running.shared))),
            (Routed::PutCalendar(put), _) => {
                let answer = calendar::put(&running.shared, *put).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::AskDutyPlan(issuer), Some(account)) => {
                let known = running.shared.known();
                let coordinator =
                    issuer.is_some_and(|issuer| known.trust.issuer(&issuer, clock::now()).is_ok());
                let is_staff = known.certificate(&account).is_some();
                if coordinator || is_staff {
                    let calendar = is_staff.then(|| duty_calendar::path(&running.duty_secret, &account));
                    running.desk.send(help_desk::Mail::AskPlan(from, account, coordinator, calendar)).await;
                } else {
                    let refused = Refused::invalid("only staff are told who is on duty when");
                    from.outlet.answer(from.request, Err(refused));
                }
            }
            (Routed::PutDutyPlan(issuer, put), _) => {
                // Perhaps she was revoked since she asked.
                match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => running.desk.send(help_desk::Mail::PutPlan(from, put)).await,
                    Err(error) => {
                        from.outlet.answer(from.request, Err(Refused::invalid(error.to_string())));
                    }
                }
            }
            (Routed::ReadDutyCalendar(issuer, read), _) => {
                match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => duty_files::read(running, from, read).await,
                    Err(error) => {
                        from.outlet.answer(from.request, Err(Refused::invalid(error.to_string())));
                    }
                }
            }
            (Routed::WriteDutyCalendar(issuer, service), _) => {
                match running.shared.known().trust.issuer(&issuer, clock::now()) {
                    Ok(()) => duty_files::write(running, from, service).await,
                    Err(error) => {
                        from.outlet.answer(from.request, Err(Refused::invalid(error.to_string())));
                    }
                }
            }
            (Routed::CheckIn, Some(account)) => {
                running.desk.send(help_desk::Mail::CheckIn(from, account)).await;
            }
            (Routed::TakeDuty(take), Some(account)) => {
                running.desk.send(help_desk::Mail::TakeDuty(from, account, take)).await;
            }
            (Routed::ReadSlot(slot, owner), _) => {
                let answer = running.vaults.read_slot(slot, owner).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::WriteSlot(slot, owner, sealed), _) => {
                let answer = running.vaults.write_slot(slot, owner, sealed).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::OpenVault(vault, fence), Some(account)) => {
                let answer = running.vaults.open(vault, account, fence).await;
                if let Ok(Answer::Vault(open)) = &answer {
                    self.gate.vault_opened(Some(Opening { vault, fence: open.fence }));
                }
                from.outlet.answer(from.request, answer);
            }
            (Routed::ReadParts(opening, parts), Some(account)) => {
                let answer = running.vaults.read_parts(opening, account, parts).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::PutVault(opening, put), Some(account)) => {
                let answer = running.vaults.put(opening, account, put).await;
                from.outlet.answer(from.request, answer);
            }
            (Routed::ForgetVault(opening), Some(account)) => {
                let answer = running.vaults.forget(opening, account).await;
                if answer.is_ok() {
                    self.gate.vault_opened(None);
                }
                from.outlet.answer(from.request, answer);
            }
            (_, None) => from.outlet.answer(from.request, Err(Refused::NotSignedIn)),
        }
        Ok(())
    }

    // Only staff are called: nothing is ever sent to a person.
    async fn channels(&mut self, from: From, account: AccountKey, wish: Routed) {
        let Some(running) = self.parts.running() else { return };
        let is_staff = running.shared.known().certificate(&account).is_some() || self.gate.coordinates();
        let wish = match wish {
            _ if !is_staff => {
                return from.outlet.answer(from.request, Err(Refused::invalid("only staff are called")));
            }
            Routed::PutChannel(way) => ChannelWish::Put(way),
            Routed::RemoveChannel(channel) => ChannelWish::Remove(channel),
            Routed::ConfirmChannel(channel) => ChannelWish::Confirm(channel),
            Routed::TestChannels => ChannelWish::Test,
            _ => ChannelWish::See,
        };
        running.desk.send(help_desk::Mail::Channels(from, account, wish)).await;
    }

    async fn signed_in(&mut self, from: From, account: AccountKey) {
        let parts = self.parts.clone();
        let Some(running) = parts.running() else { return };
        let ledger = running.shared.ledger.clone();
        let key_packages = if ledger.has_mailbox(&account) {
            let left = tokio::task::spawn_blocking(move || ledger.key_packages_left(&account)).await;
            left.ok().and_then(Result::ok).unwrap_or_default()
        } else {
            0
        };
        running.shared.outlets.signed_in(account, &self.outlet);
        let known = running.shared.known();
        let (register_head, certificate) = (known.register_head.clone(), known.certificate(&account));
        let welcomed =
            Welcomed { version: VERSION, now: clock::now(), key_packages, register_head, certificate };
        from.outlet.answer(from.request, Ok(Answer::Welcomed(welcomed)));
        self.inbox_after = Some(Seq(0));
        self.outlet.ring_inbox();
    }

    async fn publish(&mut self, from: From, account: AccountKey, publish: PublishKeyPackages) {
        let Some(running) = self.parts.running() else { return };
        let now = clock::now();
        let checked = Refused::unless_within(
            publish.packages.len(),
            KEY_PACKAGES_PER_ACCOUNT_MAX,
            "KEY_PACKAGES_PER_ACCOUNT_MAX",
        )
        .and_then(|()| {
            let check = |bytes| key_package::package(bytes, now);
            let packages = publish.packages.into_iter().map(check).collect::<Result<Vec<_>, _>>()?;
            let last_resort = publish.last_resort.map(check).transpose()?;
            Ok(Op::Publish { account, packages, last_resort })
        });
        let answer = match checked {
            Ok(op) => {
                let mut batch = Batch { ops: vec![op], ..Batch::default() };
                from.fence(&mut batch);
                running.shared.commit(batch).await.1.map(|_| accepted())
            }
            Err(refused) => Err(refused),
        };
        from.outlet.answer(from.request, answer);
    }

    async fn claim(&mut self, from: From, account: AccountKey, accounts: Vec<AccountKey>) {
        let Some(running) = self.parts.running() else { return };
        let within =
            Refused::unless_within(accounts.len(), RESPONDERS_PER_RAISE_MAX, "RESPONDERS_PER_RAISE_MAX");
        let answer = match within {
            Ok(()) => {
                // Whoever claims too often gets what cannot be used up: nobody's call for help is ever refused for it.
                let now = clock::now();
                let one_time = running.shared.claims.may_take(account, accounts.len(), now);
                let batch = Batch { ops: vec![Op::Claim { accounts, one_time, now }], ..Batch::default() };
                let (_, outcome) = running.shared.commit(batch).await;
                outcome.map(|outcome| Answer::KeyPackages(KeyPackages { packages: outcome.claimed }))
            }
            Err(refused) => Err(refused),
        };
        from.outlet.answer(from.request, answer);
    }

    // Everything this socket has coming, in one write: answers first, then the inbox, then each room's entries.
    async fn write(&mut self) -> Result<(), End> {
        for out in self.outlet.take() {
            match out {
                Out::Reply(bytes) => {
                    self.open_requests = self.open_requests.saturating_sub(1);
                    self.feed(bytes).await?;
                }
                Out::Push(bytes) => self.feed(bytes).await?,
                Out::Attached { request, leaf, room, grant, feed, watch } => {
                    self.open_requests = self.open_requests.saturating_sub(1);
                    self.gate.attached(room, leaf);
                    let reader = Reader {
                        leaf,
                        feed,
                        watch,
                        after: grant.after,
                        until: grant.until,
                        caught_up: false,
                        seen: None,
                    };
                    if let Some(before) = self.readers.insert(room, reader) {
                        before.feed.unwatch(before.watch);
                    }
                    let answer = Answer::Attached(grant.attached);
                    let bytes = codec::encode_server(&ServerFrame::Reply(request, answer));
                    self.feed(bytes.into()).await?;
                }
                Out::NotAttached { request, room, why } => {
                    self.open_requests = self.open_requests.saturating_sub(1);
                    if !self.readers.contains_key(&room) {
                        self.gate.detached(&room);
                    }
                    let answer = Answer::Refused(why);
                    self.feed(codec::encode_server(&ServerFrame::Reply(request, answer)).into()).await?;
                }
            }
        }
        if self.outlet.take_inbox() {
            Box::pin(self.write_inbox()).await?;
        }
        let mut room = None;
        while let Some(next) = self.news_after(room) {
            self.write_room(next).await?;
            room = Some(next);
        }
        self.flush().await
    }

    // The next room of those this socket reads in which there is something it has not written.
    fn news_after(&self, room: Option<RoomId>) -> Option<RoomId> {
        let from = room.map_or(Bound::Unbounded, Bound::Excluded);
        let mut readers = self.readers.range((from, Bound::Unbounded));
        readers.find(|(_, reader)| reader.seen != Some(reader.feed.version())).map(|(room, _)| *room)
    }

    async fn write_inbox(&mut self) -> Result<(), End> {
        let (Some(account), Some(after)) = (self.gate.account(), self.inbox_after) else { return Ok(()) };
        let Some(running) = self.parts.running() else { return Ok(()) };
        let ledger = running.shared.ledger.clone();
        if !ledger.has_mailbox(&account) {
            return Ok(());
        }
        let read = move || ledger.inbox(&account, after, ENTRIES_PER_WAKE_UP_MAX);
        let Ok(Ok(entries)) = tokio::task::spawn_blocking(read).await else {
            return Err(End::Close(CLOSE_GOING, "the inbox cannot be read now; connect again"));
        };
        if entries.len() == ENTRIES_PER_WAKE_UP_MAX {
            self.outlet.ring_inbox();
        }
        for entry in entries {
            self.inbox_after = Some(entry.seq);
            self.push(Push::Inbox(entry)).await?;
        }
        Ok(())
    }

    async fn write_room(&mut self, room: RoomId) -> Result<(), End> {
        let Some(reader) = self.readers.get_mut(&room) else { return Ok(()) };
        // Looked at before the feed: what comes in between is news.
        let version = reader.feed.version();
        let after = reader.after;
        let mut frames = std::mem::take(&mut self.frames);
        let (found, until) =
            reader.feed.read(&reader.leaf, after, reader.until, ENTRIES_PER_WAKE_UP_MAX, &mut frames);
        reader.until = until;
        if let Found::More(last) | Found::End(last) = found {
            reader.after = after.max(last);
        }
        if matches!(found, Found::Older) {
            Box::pin(self.read_ledger(room, after, until, &mut frames)).await?;
        }
        for frame in frames.drain(..) {
            self.feed(frame).await?;
        }
        // What one burst needed is not held by thousands who are silent afterwards.
        frames.shrink_to(FRAMES_KEPT);
        self.frames = frames;
        match found {
            Found::End(head) => {
                if let Some(reader) = self.readers.get_mut(&room) {
                    reader.seen = Some(version);
                }
                self.end_of_log(room, head).await
            }
            Found::Gone => {
                self.drop_reader(&room);
                self.push(Push::Detached(Detached { room })).await
            }
            // Come back after looking at the input.
            Found::More(_) | Found::Older => {
                self.outlet.ring();
                Ok(())
            }
        }
    }

    async fn read_ledger(
        &mut self,
        room: RoomId,
        after: Seq,
        until: Option<Seq>,
        frames: &mut Vec<Bytes>,
    ) -> Result<(), End> {
        let Some(running) = self.parts.running() else { return Ok(()) };
        let ledger = running.shared.ledger.clone();
        let read = move || ledger.entries(&room, after, ENTRIES_PER_WAKE_UP_MAX);
        let Ok(Ok(appends)) = tokio::task::spawn_blocking(read).await else {
            return Err(End::Close(CLOSE_GOING, "the log cannot be read now; connect again"));
        };
        let contiguous = appends.first().is_none_or(|first| first.seq == after.next());
        let wanted = appends.into_iter().take_while(|append| until.is_none_or(|until| append.seq <= until));
        frames.extend(wanted.map(|append| Bytes::from(encoded(Push::Entry(entry(append))))));
        match self.readers.get_mut(&room) {
            Some(reader) if contiguous && !frames.is_empty() => {
                reader.after = Seq(after.0 + frames.len() as u64);
                Ok(())
            }
            // Never a log with a hole: the leaf attaches again and is told that it is stale.
            _ => {
                frames.clear();
                self.drop_reader(&room);
                self.push(Push::Detached(Detached { room })).await
            }
        }
    }

    async fn end_of_log(&mut self, room: RoomId, head: Seq) -> Result<(), End> {
        let Some(reader) = self.readers.get_mut(&room) else { return Ok(()) };
        if reader.until.is_some_and(|until| reader.after >= until) {
            self.drop_reader(&room);
            return self.push(Push::Detached(Detached { room })).await;
        }
        if !reader.caught_up {
            reader.caught_up = true;
            let seq = head.max(reader.after);
            self.push(Push::CaughtUp(CaughtUp { room, seq })).await?;
        }
        Ok(())
    }

    fn drop_reader(&mut self, room: &RoomId) {
        if let Some(reader) = self.readers.remove(room) {
            reader.feed.unwatch(reader.watch);
        }
        self.gate.detached(room);
    }

    async fn push(&mut self, push: Push) -> Result<(), End> {
        self.feed(encoded(push).into()).await
    }

    async fn feed(&mut self, bytes: Bytes) -> Result<(), End> {
        self.within(Message::Binary(bytes)).await
    }

    // Whoever takes what is written at once, and nearly everybody does, is not timed: a timer for each frame costs more
    // than the frame.
    async fn within(&mut self, message: Message) -> Result<(), End> {
        let ready = poll_fn(|cx| Poll::Ready(self.socket.poll_ready_unpin(cx))).await;
        let ready = match ready {
            Poll::Ready(ready) => Ok(ready),
            Poll::Pending => patiently(poll_fn(|cx| self.socket.poll_ready_unpin(cx))).await,
        };
        taken(ready)?;
        self.socket.start_send_unpin(message).map_err(|_| End::Gone)
    }

    async fn flush(&mut self) -> Result<(), End> {
        let flushed = poll_fn(|cx| Poll::Ready(self.socket.poll_flush_unpin(cx))).await;
        taken(match flushed {
            Poll::Ready(flushed) => Ok(flushed),
            Poll::Pending => patiently(self.socket.flush()).await,
        })
    }

    async fn ping(&mut self) -> Result<(), End> {
        if self.heard_at.elapsed() > Duration::from_millis(SILENCE_MS_MAX) {
            return Err(End::Close(CLOSE_SILENT, "nothing heard; connect again"));
        }
        self.within(Message::Ping(Bytes::new())).await?;
        self.flush().await
    }

    async fn finish(&mut self, end: End) {
        // What was granted and not come for is not read either.
        self.outlet.leave();
        for out in self.outlet.take() {
            if let Out::Attached { feed, watch, .. } = out {
                feed.unwatch(watch);
            }
        }
        for reader in self.readers.values() {
            reader.feed.unwatch(reader.watch);
        }
        if let (Some(account), Some(running)) = (self.gate.account(), self.parts.running()) {
            running.shared.outlets.gone(&account, &self.outlet);
            if self.desk_open && running.shared.outlets.desk_closed(&account) {
                running.desk.send(help_desk::Mail::Presence(account, false)).await;
            }
        }
        if let End::Close(code, reason) = end {
            let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
            // A courtesy: whoever does not take it in a second does not get it.
            let _courtesy = timeout(Duration::from_secs(1), self.socket.close(Some(frame))).await;
        }
    }
}

async fn patiently<T>(write: impl Future<Output = T>) -> Result<T, Elapsed> {
    timeout(Duration::from_millis(SLOW_READER_MS), write).await
}

fn taken(written: Result<Result<(), WsError>, Elapsed>) -> Result<(), End> {
    match written {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(CLOSE_SLOW, "not reading fast enough; connect again")),
    }
}

fn encoded(push: Push) -> Vec<u8> {
    codec::encode_server(&ServerFrame::Push(push))
}

fn accepted() -> Answer {
    Answer::Accepted(Accepted { seq: Seq(0) })
}

#[cfg(test)]
mod tests {
    use tokio::io::DuplexStream;

    use super::*;

    const BYTES_MAX: usize = 4608;

    fn bytes_of<F: Future>(_: impl FnOnce(WebSocketStream<DuplexStream>, String, Arc<Parts>) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_silent_connection_holds_little() {
        let bytes = bytes_of(serve::<DuplexStream>);
        assert!(bytes <= BYTES_MAX, "its task has {bytes} bytes");
    }
}
