//! The relay without edges: gates, rooms, the help desk and a ledger, one frame at a time.
//!
//! It does what the real one does in the same order (decide, commit, show), and can die between any two of these.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lotgenoot::store::{Ledger, Outcome};
use lotgenoot_core::desk::HelpDesk;
use lotgenoot_core::duty::Roster;
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::gate::{Gate, Opening, Routed};
use lotgenoot_core::key_package;
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Grant, Input, Room, entry};
use lotgenoot_protocol::codec::{self, Received};
use lotgenoot_protocol::frame::{
    Accepted, Answer, CaughtUp, Detached, Duty, EntryKind, KeyPackages, Pong, Push, Request, ServerFrame,
    StaffRegister, Welcomed,
};
use lotgenoot_protocol::role::Trust;
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Refused, RequestId, RoomId, Seq, Timestamp, VERSION};

use super::vaults;

/// Where the relay dies while it handles a frame.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Crash {
    /// It does not.
    No,
    /// It has decided; nothing is on disk.
    BeforeCommit,
    /// It is on disk; nobody has been told.
    AfterCommit,
}

/// It died.
pub(super) struct Died;

/// Which socket.
pub(super) type Socket = usize;

struct Reader {
    leaf: LeafKey,
    after: Seq,
    until: Option<Seq>,
    caught_up: bool,
    // The commit that took her out, found without asking the room who may read.
    ended_by: Option<Seq>,
}

struct Connection {
    gate: Gate,
    readers: BTreeMap<RoomId, Reader>,
    inbox_after: Option<Seq>,
    desk_open: bool,
    opened_by: Option<RequestId>,
    out: Vec<Vec<u8>>,
}

/// What stays when the relay dies: the disk, and who it is.
pub(super) struct SimRelay {
    pub(super) ledger: Arc<dyn Ledger>,
    trust: Trust,
    register: (Blob, Blob),
    roster: Roster,
    host: String,
    desk: HelpDesk,
    rooms: BTreeMap<RoomId, Room>,
    // Rooms whose readers have changed since it was looked whether a host is among them.
    changed: BTreeSet<RoomId>,
    connections: BTreeMap<Socket, Connection>,
    open: Vec<String>,
    /// What was committed since somebody last looked: for the invariants.
    pub committed: Vec<Batch>,
}

impl SimRelay {
    /// A relay on `ledger`, with everything that is in it taken up.
    pub(super) fn start(
        ledger: Arc<dyn Ledger>,
        trust: Trust,
        register: (Blob, Blob),
        roster: Roster,
        host: String,
        now: Timestamp,
    ) -> Self {
        let mut desk = HelpDesk::new(trust.clone(), roster.clone(), [7; 32]);
        for (_, record) in ledger.calls().expect("the model does not break") {
            let call = HelpDesk::from_record(&record).expect("a call's record can be read");
            let (record, tail) =
                ledger.room(&call.room).expect("the model does not break").expect("a call has its room");
            let room = Room::from_record(call.room, &record, tail).expect("a room's record can be read");
            desk.restore(call, room);
        }
        let mut relay = Self {
            ledger,
            trust,
            register,
            roster,
            host,
            desk,
            rooms: BTreeMap::new(),
            changed: BTreeSet::new(),
            connections: BTreeMap::new(),
            open: Vec::new(),
            committed: Vec::new(),
        };
        relay.tell_what_is_open(now);
        relay
    }

    /// The same relay after a crash: all it knew is what was on disk.
    pub(super) fn restart(self, now: Timestamp) -> Self {
        let committed = self.committed;
        let mut next = Self::start(self.ledger, self.trust, self.register, self.roster, self.host, now);
        next.committed = committed;
        let mut batch = Batch::default();
        next.desk.restarted(now, &mut batch);
        // Only calls change here, and their batches are never refused.
        let _outcome = next.commit(batch);
        next
    }

    /// Somebody connects: the first frame for her.
    pub(super) fn connect(&mut self, socket: Socket, nonce: [u8; 32]) {
        let gate = Gate::new(nonce, self.host.clone(), 1);
        let challenge = codec::encode_server(&ServerFrame::Push(Push::Challenge(gate.challenge())));
        let connection = Connection {
            gate,
            readers: BTreeMap::new(),
            inbox_after: None,
            desk_open: false,
            opened_by: None,
            out: vec![challenge],
        };
        self.connections.insert(socket, connection);
    }

    /// A socket is gone.
    pub(super) fn disconnect(&mut self, socket: Socket, now: Timestamp) {
        let Some(connection) = self.connections.remove(&socket) else { return };
        self.changed.extend(connection.readers.keys());
        if let (true, Some(account)) = (connection.desk_open, connection.gate.account()) {
            let still = self
                .connections
                .values()
                .any(|other| other.desk_open && other.gate.account() == Some(account));
            if !still {
                self.presence(account, false, now);
            }
        }
    }

    /// A frame of a client, with the relay dying as it is told.
    pub(super) fn handle(
        &mut self,
        socket: Socket,
        bytes: &[u8],
        crash: Crash,
        now: Timestamp,
    ) -> Result<(), Died> {
        let Some(connection) = self.connections.get_mut(&socket) else { return Ok(()) };
        let Ok(Received::Known(frame)) = codec::decode_client(bytes) else {
            panic!("clients speak the protocol")
        };
        let id = frame.request_id;
        if matches!(frame.request, Request::OpenVault(_)) && connection.opened_by.replace(id) == Some(id) {
            // A client never opens its vault twice with one request: this is the network's doing.
            return Ok(());
        }
        let routed = match connection.gate.route(frame.request) {
            Ok(routed) => routed,
            Err(refused) => {
                self.answer(socket, id, Err(refused));
                return Ok(());
            }
        };
        let fence = connection.gate.vault().filter(|_| vaults::is_fenced(&routed));
        if fence.is_some_and(|opening| !self.admits(&opening)) {
            self.answer(socket, id, Err(Refused::Fenced));
            return Ok(());
        }
        let mut batch = Batch::default();
        let decided = self.decide(socket, id, routed, now, &mut batch);
        if let (Some(opening), false) = (fence, batch.ops.is_empty()) {
            batch.ops.insert(0, Op::Fence { vault: opening.vault, fence: opening.fence });
        }
        if crash == Crash::BeforeCommit {
            return Err(Died);
        }
        let outcome = self.commit(batch);
        if crash == Crash::AfterCommit {
            return Err(Died);
        }
        self.show(socket, id, decided, outcome, now);
        self.look_at_sessions(now);
        Ok(())
    }

    /// Does what is due.
    pub(super) fn handle_timeout(&mut self, now: Timestamp) {
        let mut batch = Batch::default();
        self.desk.handle_timeout(now, &mut batch);
        // Only calls change here, and their batches are never refused.
        let _outcome = self.commit(batch);
        self.look_at_sessions(now);
    }

    fn look_at_sessions(&mut self, now: Timestamp) {
        let due = |room: &Room| room.poll_timeout().is_some_and(|due| due <= now);
        let due: Vec<RoomId> = self.rooms.iter().filter(|(_, room)| due(room)).map(|(id, _)| *id).collect();
        for id in std::mem::take(&mut self.changed).into_iter().chain(due) {
            let readers = self.connections.values().filter_map(|connection| connection.readers.get(&id));
            let readers: Vec<LeafKey> = readers.map(|reader| reader.leaf).collect();
            let Some(room) = self.rooms.get_mut(&id) else { continue };
            let hosts = readers.iter().filter(|leaf| room.is_host(leaf, &self.trust, now)).count();
            let person = room.first_leaf().is_some_and(|leaf| readers.contains(&leaf));
            let mut batch = Batch::default();
            room.attended(Presence { hosts, professional: false, person }, now, &mut batch);
            // Nothing else is in it that could be refused.
            let _outcome = self.commit(batch);
        }
    }

    /// Everything that is to be written to `socket`: answers, inbox, entries by cursor.
    pub(super) fn take_output(&mut self, socket: Socket) -> Vec<Vec<u8>> {
        let Some(connection) = self.connections.get_mut(&socket) else { return Vec::new() };
        let mut out = std::mem::take(&mut connection.out);
        if let (Some(account), Some(after)) = (connection.gate.account(), connection.inbox_after) {
            for entry in self.ledger.inbox(&account, after, 1000).expect("the model does not break") {
                connection.inbox_after = Some(entry.seq);
                out.push(push(Push::Inbox(entry)));
            }
        }
        let mut ended = Vec::new();
        for (room, reader) in &mut connection.readers {
            let appends = self.ledger.entries(room, reader.after, 1000).expect("the model does not break");
            for append in appends.iter().filter(|append| reader.until.is_none_or(|until| append.seq <= until))
            {
                assert_eq!(append.seq, reader.after.next(), "a log with a hole was delivered");
                let over = reader.ended_by.is_some_and(|ended| append.seq > ended);
                assert!(!over, "somebody reads after she was removed");
                reader.after = append.seq;
                out.push(push(Push::Entry(entry(append.clone()))));
            }
            if reader.until.is_some_and(|until| reader.after >= until) {
                ended.push(*room);
            } else if !reader.caught_up {
                reader.caught_up = true;
                out.push(push(Push::CaughtUp(CaughtUp { room: *room, seq: reader.after })));
            }
        }
        for room in ended {
            connection.readers.remove(&room);
            self.changed.insert(room);
            connection.gate.detached(&room);
            out.push(push(Push::Detached(Detached { room })));
        }
        out
    }

    /// The ledger.
    pub(super) fn ledger(&self) -> &Arc<dyn Ledger> {
        &self.ledger
    }

    // What is acknowledged must have been written, as at the real relay's edge: an acknowledgement that overtook a
    // renewed attachment would take away what is still to be read.
    fn is_ahead(&self, socket: Socket, room: &RoomId, seq: Seq) -> bool {
        let reader = self.connections.get(&socket).and_then(|connection| connection.readers.get(room));
        reader.is_some_and(|reader| seq > reader.after)
    }

    fn decide(
        &mut self,
        socket: Socket,
        id: RequestId,
        routed: Routed,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Decided {
        let account = self.connections.get(&socket).and_then(|connection| connection.gate.account());
        match (routed, account) {
            (Routed::SignedIn(account), _) => Decided::SignedIn(account),
            (Routed::Room { room, leaf, input: Input::Attach(after), .. }, _) => {
                let grant = if self.desk.owns(&room) {
                    self.desk.attach(&room, leaf, after)
                } else {
                    match self.wake(&room, now) {
                        Some(room) => room.attach(leaf, after),
                        None => Err(Refused::UnknownRoom),
                    }
                };
                Decided::Attached(room, leaf, grant)
            }
            (Routed::Room { room, input: Input::Ack(seq), .. }, _) if self.is_ahead(socket, &room, seq) => {
                Decided::Answer(Err(Refused::invalid("an entry that was not delivered")))
            }
            (Routed::Room { room, leaf, input, lead_signature }, _) => {
                if self.desk.owns(&room) {
                    let signature = lead_signature.as_ref().map(|signature| &signature[..]);
                    return Decided::Answer(
                        self.desk.handle_room(room, leaf, id, &input, signature, now, batch),
                    );
                }
                let trust = self.trust.clone();
                Decided::Answer(match self.wake(&room, now) {
                    Some(room) => room.handle(leaf, id, &input, None, &trust, now, batch),
                    None => Err(Refused::UnknownRoom),
                })
            }
            (Routed::Proven, _) => Decided::Answer(Ok(accepted())),
            (Routed::Detach(room), _) => Decided::Detach(room),
            (Routed::Open(open), _) => {
                if let Some(room) = self.wake(&open.room, now) {
                    return Decided::Answer(room.opened_again(&id));
                }
                match Room::open(open.room, &open.opening, id, &self.trust, now, batch) {
                    Ok((room, head)) => {
                        self.rooms.insert(open.room, room);
                        Decided::Answer(Ok(Answer::Accepted(Accepted { seq: head })))
                    }
                    Err(refused) => Decided::Answer(Err(refused)),
                }
            }
            (Routed::Raise(raise), _) => Decided::Answer(self.desk.raise(&raise, id, now, batch)),
            (Routed::Acknowledge(ack), Some(account)) => {
                Decided::Answer(self.desk.acknowledge(account, &ack, now, batch))
            }
            (Routed::Receipt(receipt), Some(account)) => {
                Decided::Answer(self.desk.receipt(account, receipt.call, receipt.page, batch))
            }
            (Routed::CloseCall(call, leaves), _) => {
                Decided::Answer(self.desk.close(&leaves, call, now, batch))
            }
            (Routed::AskColleague(ask, leaves), _) => {
                Decided::Answer(self.desk.ask_colleague(&leaves, &ask, id, now, batch))
            }
            (Routed::Decline(decline), Some(account)) => {
                Decided::Answer(self.desk.decline(account, &decline, now, batch))
            }
            (Routed::StepCall(step, leaves), _) => {
                Decided::Answer(self.desk.step(&leaves, &step, id, now, batch))
            }
            (Routed::Aftercare(put), _) => Decided::Answer(self.desk.aftercare(&put, id, now, batch)),
            (Routed::Assist(ack), Some(account)) => {
                Decided::Answer(self.desk.assist(account, &ack, now, batch))
            }
            (Routed::Duty(service), _) => {
                let people = self.desk.told(&service, now);
                Decided::Answer(Ok(Answer::Duty(Duty { people })))
            }
            (Routed::Publish(publish), Some(account)) => {
                let check = |bytes: Blob| key_package::package(bytes, now);
                let packages: Result<Vec<_>, _> = publish.packages.into_iter().map(check).collect();
                let last_resort = publish.last_resort.map(check).transpose();
                match (packages, last_resort) {
                    (Ok(packages), Ok(last_resort)) => {
                        batch.ops.push(Op::Publish { account, packages, last_resort });
                        Decided::Answer(Ok(accepted()))
                    }
                    (Err(refused), _) | (_, Err(refused)) => Decided::Answer(Err(refused)),
                }
            }
            (Routed::Claim(accounts), _) => {
                batch.ops.push(Op::Claim { accounts, one_time: true, now });
                Decided::Claim
            }
            (Routed::AckInbox(seq), Some(account)) => {
                batch.ops.push(Op::AckInbox { account, seq });
                Decided::Answer(Ok(accepted()))
            }
            (Routed::OpenVault(vault, fence), Some(account)) => {
                self.open_vault(vault, fence, account, now, batch)
            }
            (Routed::ReadParts(opening, parts), Some(account)) => {
                Decided::Answer(self.read_parts(opening, account, &parts).map(Answer::Parts))
            }
            (Routed::PutVault(opening, put), Some(account)) => {
                batch.ops.push(vaults::put(opening, account, put, now));
                Decided::Answer(Ok(accepted()))
            }
            (Routed::WriteSlot(slot, owner, Some(sealed)), _) => {
                batch.ops.push(Op::PutSlot { slot, owner, sealed, at: now });
                Decided::Answer(Ok(accepted()))
            }
            // What the stories never do: they come back with the account's secret itself.
            (
                Routed::ReadSlot(..)
                | Routed::WriteSlot(..)
                | Routed::ForgetVault(_)
                | Routed::AskStaff(_)
                | Routed::Surveys(_)
                | Routed::Knock(_)
                | Routed::LetterKeys(_)
                | Routed::PutLetterKey(_)
                | Routed::PostLetter(_)
                | Routed::Letters(..)
                | Routed::PutLetterAway(..)
                | Routed::AskCalendar
                | Routed::PutCalendar(_)
                | Routed::AskDutyPlan(_)
                | Routed::PutDutyPlan(..)
                | Routed::ReadDutyCalendar(..)
                | Routed::WriteDutyCalendar(..)
                | Routed::TakeDuty(_)
                | Routed::CheckIn
                | Routed::AskChannels
                | Routed::PutChannel(_)
                | Routed::RemoveChannel(_)
                | Routed::TestChannels
                | Routed::ConfirmChannel(_)
                | Routed::PutStaff(..),
                _,
            ) => Decided::Answer(Err(Refused::Degraded)),
            (Routed::Register, _) => {
                let register = self.register.1.clone();
                Decided::Answer(Ok(Answer::StaffRegister(StaffRegister { register })))
            }
            (Routed::Ping, _) => Decided::Answer(Ok(Answer::Pong(self.pong(now)))),
            (Routed::OpenDesk, Some(account)) => {
                self.desk.presence(account, true, now, batch);
                Decided::DeskOpen
            }
            (_, None) => Decided::Answer(Err(Refused::NotSignedIn)),
        }
    }

    fn show(
        &mut self,
        socket: Socket,
        id: RequestId,
        decided: Decided,
        outcome: Result<Outcome, Refused>,
        now: Timestamp,
    ) {
        let answer = match (decided, outcome) {
            (_, Err(refused)) => Err(refused),
            (Decided::Answer(answer), _) => answer,
            (Decided::Claim, Ok(outcome)) => {
                Ok(Answer::KeyPackages(KeyPackages { packages: outcome.claimed }))
            }
            (Decided::SignedIn(account), _) => {
                let left = self.ledger.key_packages_left(&account).expect("the model does not break");
                let register_head = self.register.0.clone();
                if let Some(connection) = self.connections.get_mut(&socket) {
                    connection.inbox_after = Some(Seq(0));
                }
                Ok(Answer::Welcomed(Welcomed {
                    version: VERSION,
                    now,
                    key_packages: left,
                    register_head,
                    certificate: None,
                }))
            }
            (Decided::DeskOpen, _) => {
                if let Some(connection) = self.connections.get_mut(&socket) {
                    connection.desk_open = true;
                }
                Ok(accepted())
            }
            (Decided::VaultOpened(opening, account), _) => {
                if let Some(connection) = self.connections.get_mut(&socket) {
                    connection.gate.vault_opened(Some(opening));
                }
                Ok(Answer::Vault(self.vault(opening, account)))
            }
            (Decided::Detach(room), _) => {
                if let Some(connection) = self.connections.get_mut(&socket) {
                    connection.readers.remove(&room);
                }
                self.changed.insert(room);
                Ok(accepted())
            }
            (Decided::Attached(_, _, Err(refused)), _) => Err(refused),
            (Decided::Attached(room, leaf, Ok(grant)), _) => {
                if let Some(connection) = self.connections.get_mut(&socket) {
                    let reader = Reader {
                        leaf,
                        after: grant.after,
                        until: grant.until,
                        caught_up: false,
                        ended_by: None,
                    };
                    connection.readers.insert(room, reader);
                }
                self.changed.insert(room);
                Ok(Answer::Attached(grant.attached))
            }
        };
        self.answer(socket, id, answer);
        self.tell_what_is_open(now);
    }

    fn commit(&mut self, batch: Batch) -> Result<Outcome, Refused> {
        let mut outcomes = self.ledger.commit(&[&batch]).expect("the model does not break");
        let outcome = outcomes.pop().expect("one outcome a batch");
        if outcome.is_ok() {
            for cut in &batch.cuts {
                for connection in self.connections.values_mut() {
                    if let Some(reader) =
                        connection.readers.get_mut(&cut.room).filter(|it| it.leaf == cut.leaf)
                    {
                        reader.until = Some(cut.last);
                    }
                }
            }
            self.end_those_who_are_out(&batch);
            self.committed.push(batch);
        }
        outcome
    }

    fn end_those_who_are_out(&mut self, batch: &Batch) {
        for op in &batch.ops {
            let Op::Append(append) = op else { continue };
            if append.kind != EntryKind::Commit {
                continue;
            }
            let Some(members) = self.load(&append.room).map(|room| room.members()) else { continue };
            let readers = self.connections.values_mut().filter_map(|it| it.readers.get_mut(&append.room));
            for reader in readers.filter(|reader| !members.contains(&reader.leaf)) {
                reader.ended_by.get_or_insert(append.seq);
            }
        }
    }

    fn presence(&mut self, account: AccountKey, here: bool, now: Timestamp) {
        let mut batch = Batch::default();
        self.desk.presence(account, here, now, &mut batch);
        // Presence changes calls only, and their batches are never refused.
        let _outcome = self.commit(batch);
        self.tell_what_is_open(now);
    }

    fn tell_what_is_open(&mut self, now: Timestamp) {
        let reachable = |service: &&str| {
            let ladder = self.desk.roster().ladder(service, &self.trust, now);
            ladder.iter().flatten().any(|colleague| self.desk.is_present(&colleague.account))
        };
        let open: Vec<String> = self.desk.roster().services().filter(reachable).map(str::to_owned).collect();
        if open != self.open {
            self.open.clone_from(&open);
            let frame = push(Push::Open(self.pong(now)));
            for connection in self.connections.values_mut().filter(|it| it.gate.account().is_some()) {
                connection.out.push(frame.clone());
            }
        }
    }

    // Nothing is planned here.
    fn pong(&self, now: Timestamp) -> Pong {
        let services = self.desk.roster().services().map(str::to_owned).collect();
        Pong { now, open: self.open.clone(), calendar: 0, sessions: Vec::new(), services }
    }

    fn wake(&mut self, id: &RoomId, now: Timestamp) -> Option<&mut Room> {
        if !self.rooms.contains_key(id) {
            let mut room = self.load(id)?;
            room.restarted(now);
            self.rooms.insert(*id, room);
        }
        self.rooms.get_mut(id)
    }

    fn load(&self, id: &RoomId) -> Option<Room> {
        let (record, tail) = self.ledger.room(id).expect("the model does not break")?;
        Some(Room::from_record(*id, &record, tail).expect("a room's record can be read"))
    }

    fn answer(&mut self, socket: Socket, id: RequestId, answer: Result<Answer, Refused>) {
        if let Some(connection) = self.connections.get_mut(&socket) {
            let answer = answer.unwrap_or_else(Answer::Refused);
            connection.out.push(codec::encode_server(&ServerFrame::Reply(id, answer)));
        }
    }
}

pub(super) enum Decided {
    Answer(Result<Answer, Refused>),
    VaultOpened(Opening, AccountKey),
    Attached(RoomId, LeafKey, Result<Grant, Refused>),
    Claim,
    Detach(RoomId),
    DeskOpen,
    SignedIn(AccountKey),
}

fn push(push: Push) -> Vec<u8> {
    codec::encode_server(&ServerFrame::Push(push))
}

fn accepted() -> Answer {
    Answer::Accepted(Accepted { seq: Seq(0) })
}
