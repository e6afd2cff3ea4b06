//! One person, some professionals, a desk, and a ledger behind it. Time is in seconds from the story's beginning.

use std::cell::RefCell;
use std::collections::BTreeMap;

use lotgenoot::store::Ledger;
use lotgenoot_core::call::{HelpCall, Round, State};
use lotgenoot_core::desk::HelpDesk;
use lotgenoot_core::duty::{Roster, Service, Shift};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::room::{Input, Room};
use lotgenoot_protocol::call::{
    Acknowledgement, AskColleague, CallNotice, Decline, Part, Reason, Step, StepCall, Urgency, sign_reply,
};
use lotgenoot_protocol::frame::{Answer, Bundle, EntryKind, Notice, Page, Raise};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{
    AccountKey, AskId, Blob, CallId, LeafKey, Refused, RequestId, RoomId, Serial, Timestamp, codec,
};
use lotgenoot_tests::model_ledger::ModelLedger;

use crate::cast::{FAST, Organisation};
use lotgenoot_tests::cast::Actor;

pub(crate) const CALL: CallId = CallId([0xca; 16]);
pub(crate) const ROOM: RoomId = RoomId([0x40; 16]);
pub(crate) const SERVICE: &str = "wijkteam";

/// Who stands where: `(who, level, from, until)`, moments in seconds.
pub(crate) type Duty = (usize, u32, Option<u64>, Option<u64>);

pub(crate) struct Scene {
    pub(crate) organisation: Organisation,
    pub(crate) staff: Vec<Actor>,
    pub(crate) person: Actor,
    pub(crate) desk: HelpDesk,
    pub(crate) ledger: ModelLedger,
    pub(crate) start: Timestamp,
    pub(crate) now: Timestamp,
    roster: Roster,
    // Every page that was ever made: an inbox forgets those that are over.
    pages: RefCell<Vec<(AccountKey, Page)>>,
}

impl Scene {
    /// As many people at each level as said, always on duty, all online.
    pub(crate) fn new(levels: &[usize]) -> Self {
        let mut scene = Self::offline(levels);
        for who in 0..scene.staff.len() {
            scene.comes(who);
        }
        scene
    }

    /// The same, nobody online.
    pub(crate) fn offline(levels: &[usize]) -> Self {
        let level_of = levels.iter().enumerate().flat_map(|(at, people)| vec![at as u32 + 1; *people]);
        let duties: Vec<Duty> = level_of.enumerate().map(|(who, level)| (who, level, None, None)).collect();
        Self::on(duties.len(), &[(SERVICE, duties, None)])
    }

    /// So many professionals with these services, nobody online.
    pub(crate) fn on(people: usize, services: &[(&str, Vec<Duty>, Option<&str>)]) -> Self {
        let organisation = Organisation::new();
        let staff = (0..people).map(|_| organisation.staff(Role::Professional)).collect();
        Self::of(organisation, staff, services)
    }

    pub(crate) fn of(
        organisation: Organisation,
        staff: Vec<Actor>,
        services: &[(&str, Vec<Duty>, Option<&str>)],
    ) -> Self {
        let start = organisation.now;
        let roster = roster_of(&staff, services, start);
        let desk = HelpDesk::new(organisation.trust.clone(), roster.clone(), [7; 32]);
        let (person, ledger) = (Actor::person(), ModelLedger::default());
        let pages = RefCell::default();
        Self { organisation, staff, person, desk, ledger, start, now: start, roster, pages }
    }

    /// Her client's request, with these professionals in the room.
    pub(crate) fn raise_of(&mut self, call: CallId, room: RoomId, in_room: &[usize]) -> Raise {
        self.raise_in(RoomKind::Help, call, room, in_room)
    }

    pub(crate) fn raise_in(
        &mut self,
        kind: RoomKind,
        call: CallId,
        room: RoomId,
        in_room: &[usize],
    ) -> Raise {
        let organisation = self.organisation.trust.organisation();
        let rules = RoomRules { kind, organisation, hosts_in_help: false };
        let mut opening = self.person.opens(room, FAST, rules, &self.organisation.head(3));
        if !in_room.is_empty() {
            let bundle = self.adds(in_room);
            self.person.hears(&bundle.commit);
            opening.bundle = Some(bundle);
        }
        let (service, urgency) = (SERVICE.to_owned(), Urgency::Now);
        Raise {
            call,
            service,
            urgency,
            room,
            opening,
            intake: self.person.says(b"intake"),
            first: Vec::new(),
        }
    }

    pub(crate) fn adds(&mut self, who: &[usize]) -> Bundle {
        let packages: Vec<_> = who.iter().map(|who| self.staff[*who].key_package(FAST)).collect();
        self.person.commits(|builder| builder.propose_adds(packages))
    }

    /// The call of most stories: raised now, with everybody of `in_room` in its room.
    pub(crate) fn raises(&mut self, in_room: &[usize]) -> Batch {
        let raise = self.raise_of(CALL, ROOM, in_room);
        self.tries_raise(&raise).expect("it is stored").1
    }

    pub(crate) fn tries_raise(&mut self, raise: &Raise) -> Result<(Answer, Batch), Refused> {
        let (request, now) = (RequestId([1; 16]), self.now);
        self.does(|desk, batch| desk.raise(raise, request, now, batch))
    }

    /// One input. A refusal changes nothing; what is accepted is stored.
    pub(crate) fn does(
        &mut self,
        act: impl FnOnce(&mut HelpDesk, &mut Batch) -> Result<Answer, Refused>,
    ) -> Result<(Answer, Batch), Refused> {
        let (before, mut batch) = (state(&self.desk), Batch::default());
        match act(&mut self.desk, &mut batch) {
            Ok(answer) => {
                self.store(&batch);
                Ok((answer, batch))
            }
            Err(refused) => {
                assert!(batch.is_empty(), "a refusal asks for nothing");
                assert_eq!(before, state(&self.desk), "a refusal leaves no trace");
                Err(refused)
            }
        }
    }

    pub(crate) fn comes(&mut self, who: usize) -> Batch {
        self.presence(who, true)
    }

    pub(crate) fn goes(&mut self, who: usize) -> Batch {
        self.presence(who, false)
    }

    fn presence(&mut self, who: usize, here: bool) -> Batch {
        let mut batch = Batch::default();
        self.desk.presence(self.account(who), here, self.now, &mut batch);
        self.store(&batch);
        batch
    }

    pub(crate) fn page_of(&self, who: usize) -> Page {
        self.newest_page_of(who).expect("she was paged")
    }

    pub(crate) fn newest_page_of(&self, who: usize) -> Option<Page> {
        let (pages, account) = (self.pages.borrow(), self.account(who));
        pages.iter().rev().find(|(whose, _)| *whose == account).map(|(_, page)| page.clone())
    }

    /// What `who` signs when she answers her last page.
    pub(crate) fn ack_of(&self, who: usize) -> Acknowledgement {
        self.ack_to(who, &self.page_of(who))
    }

    pub(crate) fn ack_to(&self, who: usize, page: &Page) -> Acknowledgement {
        let (key, organisation) = (&self.staff[who].key, self.organisation.trust.organisation());
        Acknowledgement::new(key, organisation, page, Serial(self.staff[who].name.0))
    }

    pub(crate) fn acknowledges(&mut self, who: usize) -> Result<(Answer, Batch), Refused> {
        let ack = self.ack_of(who);
        self.hands_in(who, &ack)
    }

    pub(crate) fn hands_in(&mut self, who: usize, ack: &Acknowledgement) -> Result<(Answer, Batch), Refused> {
        let (by, now) = (self.account(who), self.now);
        self.does(|desk, batch| desk.acknowledge(by, ack, now, batch))
    }

    pub(crate) fn in_room(
        &mut self,
        leaf: LeafKey,
        input: &Input,
        signature: Option<&[u8]>,
    ) -> Result<(Answer, Batch), Refused> {
        let (request, now) = (RequestId(rand::random()), self.now);
        self.does(|desk, batch| desk.handle_room(ROOM, leaf, request, input, signature, now, batch))
    }

    /// `who` takes her Welcome and is in.
    pub(crate) fn joins(&mut self, who: usize) {
        let leaf = self.staff[who].leaf();
        let grant = self.desk.attach(&ROOM, leaf, None).expect("she may read");
        let invitation = grant.attached.invitation.expect("a Welcome waits");
        self.staff[who].joins(&invitation);
        self.in_room(leaf, &Input::Ack(invitation.seq), None).expect("a cursor");
    }

    /// `who` says something that proves it is hers.
    pub(crate) fn speaks(&mut self, who: usize) -> Batch {
        let (leaf, words) = (self.staff[who].leaf(), self.staff[who].speaks("ik ben er"));
        let signed = sign_reply(&self.staff[who].key, CALL, &words);
        self.in_room(leaf, &Input::Send(words), Some(&signed)).expect("she may speak").1
    }

    pub(crate) fn person_speaks(&mut self) -> Batch {
        let (leaf, words) = (self.person.leaf(), self.person.speaks("ben je er nog?"));
        self.in_room(leaf, &Input::Send(words), None).expect("she may speak").1
    }

    /// Raised, taken by `lead` and answered; everybody of `in_room` has joined.
    pub(crate) fn active(levels: &[usize], lead: usize) -> Self {
        let mut scene = Self::new(levels);
        let everybody: Vec<usize> = (0..scene.staff.len()).collect();
        scene.raises(&everybody);
        scene.runs_to(180);
        everybody.iter().for_each(|who| scene.joins(*who));
        scene.acknowledges(lead).expect("she takes it");
        scene.speaks(lead);
        assert!(matches!(scene.call().state, State::Active(_)));
        scene
    }

    pub(crate) fn steps(&mut self, leaf: LeafKey, step: Step) -> Result<(Answer, Batch), Refused> {
        let (request, now) = (RequestId(rand::random()), self.now);
        self.does(|desk, batch| desk.step(&[leaf], &StepCall { call: CALL, step }, request, now, batch))
    }

    pub(crate) fn person_steps(&mut self, step: Step) -> Batch {
        self.steps(self.person.leaf(), step).expect("she may").1
    }

    /// The lead asks for somebody of a service, or for one by name.
    pub(crate) fn asks(
        &mut self,
        who: usize,
        ask: u8,
        part: Part,
        only: Option<usize>,
    ) -> Result<(Answer, Batch), Refused> {
        let ask = self.ask(ask, part, only);
        let (by, request, now) = ([self.staff[who].leaf()], RequestId(rand::random()), self.now);
        self.does(|desk, batch| desk.ask_colleague(&by, &ask, request, now, batch))
    }

    pub(crate) fn ask(&self, ask: u8, part: Part, only: Option<usize>) -> AskColleague {
        let (service, account) = (SERVICE.to_owned(), only.map(account));
        AskColleague { call: CALL, ask: AskId([ask; 16]), part, service, account }
    }

    pub(crate) fn declines(&mut self, who: usize, reason: Reason) -> Batch {
        let (by, page, now) = (self.account(who), self.page_of(who).page, self.now);
        let decline = Decline { call: CALL, page, reason };
        self.does(|desk, batch| desk.decline(by, &decline, now, batch)).expect("she may").1
    }

    pub(crate) fn lead(&self) -> Option<usize> {
        self.call().lead().map(|lead| usize::from(lead.account.0[0]))
    }

    pub(crate) fn closes(&mut self) -> Result<(Answer, Batch), Refused> {
        let (by, now) = ([self.person.leaf()], self.now);
        self.does(|desk, batch| desk.close(&by, CALL, now, batch))
    }

    /// Does everything as it falls due, up to `seconds` after the beginning.
    pub(crate) fn runs_to(&mut self, seconds: u64) -> Vec<(u64, Batch)> {
        let end = self.start.plus_ms(seconds * 1000);
        let mut done = Vec::new();
        while let Some(due) = self.desk.poll_timeout().filter(|due| *due <= end) {
            assert!(due > self.now || done.is_empty(), "the same moment is due twice");
            self.now = due.max(self.now);
            done.push((self.now.ms_since(self.start) / 1000, self.wakes()));
        }
        self.now = end;
        done
    }

    /// One look at whatever is due now.
    pub(crate) fn wakes(&mut self) -> Batch {
        let mut batch = Batch::default();
        self.desk.handle_timeout(self.now, &mut batch);
        self.store(&batch);
        batch
    }

    /// The desk dies and is taken up again from what was stored; whoever was online is again, before anything else.
    pub(crate) fn restarts(&mut self) {
        self.desk = self.twin();
    }

    /// What a restart really is: the relay is taken up again, and nobody's socket is open yet.
    pub(crate) fn boots(&mut self) -> Batch {
        let mut batch = Batch::default();
        self.desk = self.twin();
        for who in 0..self.staff.len() {
            self.desk.presence(self.account(who), false, self.now, &mut Batch::default());
        }
        self.desk.restarted(self.now, &mut batch);
        self.store(&batch);
        batch
    }

    /// The call is one of so many that are all alike.
    pub(crate) fn is_one_of(&mut self, many: usize) {
        let template = self.call().clone();
        let (record, tail) = self.ledger.room(&template.room).unwrap().expect("a call has its room");
        for number in 1..many as u64 {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&number.to_be_bytes());
            let mut call = template.clone();
            (call.id, call.room) = (CallId(id), RoomId(id));
            // A record carries the id of its group, and nothing in such a story looks at the group.
            let room = Room::from_record(ROOM, &record, tail.clone()).expect("a room's record can be read");
            self.desk.restore(call, room);
        }
    }

    /// The call was raised at this moment, however long ago or in the future that is, and it is that moment now.
    pub(crate) fn was_raised_at(&mut self, at: Timestamp) {
        let raised = self.call().clone();
        let call = HelpCall {
            raised_at: at,
            quiet_since: at,
            waits_since: at,
            told_still_waiting: false,
            state: State::Paging(Round::begin(1, at)),
            ..raised
        };
        let (record, tail) = self.ledger.room(&call.room).unwrap().expect("a call has its room");
        let room = Room::from_record(call.room, &record, tail).expect("a room's record can be read");
        self.desk.forget(&call.id);
        self.desk.restore(call, room);
        (self.start, self.now) = (at, at);
    }

    pub(crate) fn twin(&self) -> HelpDesk {
        let trust = self.organisation.trust.clone();
        let mut desk = HelpDesk::new(trust, self.roster.clone(), [7; 32]);
        desk.settle_until(self.desk.settles_at());
        for who in (0..self.staff.len()).filter(|who| self.desk.is_present(&self.account(*who))) {
            desk.presence(self.account(who), true, self.now, &mut Batch::default());
        }
        for (_, record) in self.ledger.calls().unwrap() {
            let call = HelpDesk::from_record(&record).expect("a call's record can be read");
            let (record, tail) = self.ledger.room(&call.room).unwrap().expect("a call has its room");
            let room = Room::from_record(call.room, &record, tail).expect("a room's record can be read");
            desk.restore(call, room);
        }
        desk
    }

    /// Who is paged by this batch, in order.
    pub(crate) fn paged(&self, batch: &Batch) -> Vec<usize> {
        self.told(batch, |notice| matches!(notice, Notice::Page(_)))
    }

    pub(crate) fn told(&self, batch: &Batch, what: impl Fn(&Notice) -> bool) -> Vec<usize> {
        let told = batch.ops.iter().filter_map(|op| match op {
            Op::Notify { account, notice } if what(notice) => Some(*account),
            _ => None,
        });
        let mut who: Vec<usize> = told.map(|account| usize::from(account.0[0])).collect();
        who.sort_unstable();
        who
    }

    /// Who is paged when.
    pub(crate) fn pages(&self, done: &[(u64, Batch)]) -> Vec<(u64, Vec<usize>)> {
        let pages = done.iter().map(|(at, batch)| (*at, self.paged(batch)));
        pages.filter(|(_, who)| !who.is_empty()).collect()
    }

    pub(crate) fn account(&self, who: usize) -> AccountKey {
        account(who)
    }

    pub(crate) fn call(&self) -> &HelpCall {
        self.desk.call(&CALL).expect("it is known")
    }

    pub(crate) fn is_paging(&self) -> bool {
        matches!(self.call().state, State::Paging(_))
    }

    pub(crate) fn store(&self, batch: &Batch) {
        self.pages.borrow_mut().extend(batch.ops.iter().filter_map(|op| match op {
            Op::Notify { account, notice: Notice::Page(page) } => Some((*account, page.clone())),
            _ => None,
        }));
        let outcomes = self.ledger.commit(&[batch]).expect("logs have no holes");
        outcomes.into_iter().for_each(|outcome| drop(outcome.expect("nothing is refused")));
    }
}

/// What the desk says about a call, in order.
pub(crate) fn notices(batch: &Batch) -> Vec<CallNotice> {
    let entries = batch.ops.iter().filter_map(|op| match op {
        Op::Append(append) if append.kind == EntryKind::Call => Some(&append.body),
        _ => None,
    });
    entries.map(|body| codec::from_slice(body).expect("a notice")).collect()
}

/// Everything that can be seen of a desk: when it wants to be polled, its calls, and its rooms as head and record.
pub(crate) type Seen = (Option<Timestamp>, Vec<HelpCall>, Vec<(u64, Vec<u8>)>);

pub(crate) fn state(desk: &HelpDesk) -> Seen {
    let calls: Vec<HelpCall> = desk.calls().cloned().collect();
    let rooms = calls.iter().filter_map(|call| desk.room(&call.room));
    let rooms = rooms.map(|room| (room.head().0, room.to_record())).collect();
    (desk.poll_timeout(), calls, rooms)
}

pub(crate) fn account(who: usize) -> AccountKey {
    AccountKey([who as u8; 32])
}

pub(crate) fn roster_of(
    staff: &[Actor],
    services: &[(&str, Vec<Duty>, Option<&str>)],
    start: Timestamp,
) -> Roster {
    let certificate = |actor: &Actor| Blob(actor.certificate.clone().expect("staff"));
    let colleagues =
        staff.iter().enumerate().map(|(who, actor)| (account(who), certificate(actor))).collect();
    let at = |seconds: u64| start.plus_ms(seconds * 1000);
    let services = services.iter().map(|(name, duties, fallback)| {
        let shift = |(who, level, from, until): &Duty| Shift {
            who: Serial(staff[*who].name.0),
            level: *level,
            from: from.map(at),
            until: until.map(at),
        };
        let shifts = duties.iter().map(shift).collect();
        ((*name).to_owned(), Service { shifts, fallback: fallback.map(str::to_owned) })
    });
    Roster::new(colleagues, services.collect::<BTreeMap<_, _>>()).expect("a good roster")
}
