//! A person in her own line, with a host gone bad and a relay that lets everything pass.

use lotgenoot_client::messages::Command;
use lotgenoot_client::{Identity, Member};
use lotgenoot_core::effect::Batch;
use lotgenoot_core::room::{Input, Room};
use lotgenoot_protocol::frame::{
    Accepted, Answer, Attached, Duty, EntryKind, Invitation, KeyPackages, OnDuty, OpenRoom, Request,
};
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{AccountKey, Blob, RequestId, RoomId, Seq, Timestamp};
use openmls::prelude::{Ciphersuite, LeafNodeIndex, PreSharedKeyProposal, Proposal};
use openmls::schedule::PreSharedKeyId;
use openmls::schedule::psk::ResumptionPskUsage;

use crate::cast::{FAST, Organisation};
use crate::scene::not_allowed;
use crate::victim::{Reaction, Victim, hex, options};
use lotgenoot_tests::cast::{Actor, key_package_bytes};

#[test]
fn no_ghost_comes_into_her_line() {
    let mut line = Line::new(Ciphersuite::try_from(SUITE_POST_QUANTUM).unwrap());
    let Ok(Answer::GroupState(state)) = line.handle(Input::AskGroupState) else { panic!("no group state") };
    let ghost = Actor::person();
    let commit = ghost.comes_in(&state, ghost.shape(line.suite));
    assert!(line.host.would_process(&commit.commit).is_some());
    assert_eq!(line.handle(Input::Commit(commit.clone())).map(drop), not_allowed(Rule::Ghost));
    assert_eq!(line.victim.hears(line.room, EntryKind::Commit, &commit.commit), Reaction::Stops);
}

/// She founded the group, so she holds the key of its first epoch: the library would go along.
#[test]
fn a_key_that_everybody_holds_is_refused_all_the_same() {
    let mut line = Line::new(FAST);
    let group = line.host.group();
    let usage = ResumptionPskUsage::Application;
    let psk = PreSharedKeyId::resumption(usage, group.group_id().clone(), group.epoch(), vec![2; 32]);
    let proposal = Proposal::PreSharedKey(Box::new(PreSharedKeyProposal::new(psk)));
    let commit = line.host.commits(|builder| builder.add_proposal(proposal));
    assert_eq!(line.handle(Input::Commit(commit.clone())).map(drop), not_allowed(Rule::ProposalKind));
    assert_eq!(line.victim.hears(line.room, EntryKind::Commit, &commit.commit), Reaction::Stops);
}

#[test]
fn a_host_brings_a_colleague_into_her_line_and_nobody_else() {
    let mut line = Line::new(FAST);
    let package = line.organisation.staff(Role::Host).key_package(FAST);
    let commit = line.host.commits(|builder| builder.propose_adds([package]));
    line.handle(Input::Commit(commit.clone())).unwrap();
    assert_eq!(line.victim.hears(line.room, EntryKind::Commit, &commit.commit), Reaction::GoesOn);

    let mut line = Line::new(FAST);
    let package = Actor::person().key_package(FAST);
    let commit = line.host.commits(|builder| builder.propose_adds([package]));
    assert_eq!(line.handle(Input::Commit(commit.clone())).map(drop), not_allowed(Rule::AddOfOutsider));
    assert_eq!(line.victim.hears(line.room, EntryKind::Commit, &commit.commit), Reaction::Stops);
}

#[test]
fn a_host_may_end_her_line_by_removing_her() {
    let mut line = Line::new(FAST);
    let commit = line.host.commits(|builder| builder.propose_removals([LeafNodeIndex::new(0)]));
    line.handle(Input::Commit(commit.clone())).unwrap();
    line.victim.entry(line.room, EntryKind::Commit, &commit.commit);
    assert!(line.victim.views.is_empty(), "she sees that she is out");
}

#[test]
fn who_cannot_come_in_where_she_was_let_in_offers_a_key_package_anew() {
    let mut line = Line::new(FAST);
    let group = RoomId([8; 16]);
    let words = line.host.says(&lotgenoot_protocol::pad::pad(&admitted(group)));
    line.victim.entry(line.room, EntryKind::Application, &words);
    let before = line.victim.asked.len();
    let invitation = Invitation { welcome: Blob(vec![7; 200]), tree: Blob(vec![7; 200]), seq: Seq(3) };
    let attached =
        Attached { head: Seq(3), epoch: line.relay.epoch(), invitation: Some(invitation), session: None };
    line.victim.attaches(group, attached);
    let said = line.victim.asked[before..].iter().filter(|frame| match &frame.request {
        Request::Send(send) => send.room == line.room,
        _ => false,
    });
    assert_eq!(said.count(), 1, "so that the host sees that she waits again");
}

/// As many as one line remembers: what is known of one is still corrected.
#[test]
fn a_later_word_on_a_room_counts_also_when_no_more_rooms_are_remembered() {
    let mut line = Line::new(FAST);
    let now = line.victim.now;
    let until = |hours: u64| now.plus_ms(hours * 3_600_000);
    for (room, hours) in (0..17).map(|number| (number, 1)).chain([(3, 20)]) {
        let words = line.host.says(&lotgenoot_protocol::pad::pad(&blocked(RoomId([room; 16]), until(hours))));
        line.says(&words);
    }
    let blocked: Vec<_> = line.victim.view(line.room).blocked.clone();
    assert_eq!(blocked.len(), 16, "the seventeenth is one too many");
    let hours = |number: u8| {
        let found = blocked.iter().find(|(room, _)| *room == hex(RoomId([number; 16])));
        found.map(|(_, until)| (*until - now.0) / 3_600_000)
    };
    assert_eq!((hours(2), hours(3)), (Some(1), Some(20)));
}

// A Blocked: `[12, [room, until]]`.
fn blocked(room: RoomId, until: Timestamp) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    let head = encoder.array(2).unwrap().u32(12).unwrap().array(2).unwrap();
    head.bytes(&room.0).unwrap().u64(until.0).unwrap();
    bytes
}

// A host's word in a line: you are in, the Welcome waits in this room.
pub(crate) fn admitted(group: RoomId) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = minicbor::Encoder::new(&mut bytes);
    encoder.array(2).unwrap().u32(3).unwrap().array(1).unwrap().bytes(&group.0).unwrap();
    bytes
}

pub(crate) struct Line {
    pub(crate) organisation: Organisation,
    suite: Ciphersuite,
    relay: Room,
    pub(crate) victim: Victim,
    pub(crate) host: Actor,
    pub(crate) room: RoomId,
    said: Seq,
}

impl Line {
    pub(crate) fn new(suite: Ciphersuite) -> Self {
        let organisation = Organisation::new();
        let mut host = organisation.staff(Role::Host);
        let identity = Identity::person(organisation.root(), rand::random());
        let member = Member::new(identity, options(u16::from(suite)), organisation.now);
        let mut victim = Victim::new(member, Actor::person().leaf(), organisation.now);
        victim.signs_in(&organisation.head(1));

        let opened = opens(&mut victim, &mut host, suite);
        let OpenRoom { room, opening, .. } = opened;
        let (mut batch, now) = (Batch::default(), organisation.now);
        let request = RequestId(rand::random());
        let opened = Room::open(room, &opening, request, &organisation.trust, now, &mut batch);
        let (mut relay, _) = opened.expect("the relay opens it");
        victim.leaf = relay.first_leaf().unwrap();
        let grant = relay.attach(host.leaf(), None).unwrap();
        let invitation = grant.attached.invitation.unwrap();
        host.joins(&invitation);
        let (trust, ack) = (&organisation.trust, Input::Ack(invitation.seq));
        let request = RequestId(rand::random());
        relay.handle(host.leaf(), request, &ack, None, trust, now, &mut batch).unwrap();
        let attached = Attached { head: Seq(1), epoch: relay.epoch(), invitation: None, session: None };
        victim.attaches(room, attached);
        assert!(victim.speaks(room), "she is in her line");
        Self { organisation, suite, relay, victim, host, room, said: Seq(1) }
    }

    /// The host's words, as the next entry of the line.
    pub(crate) fn says(&mut self, words: &Blob) {
        self.victim.is_at(self.said);
        self.victim.entry(self.room, EntryKind::Application, words);
        self.said = self.said.next();
    }

    /// She is back on another connection; nothing was said meanwhile.
    pub(crate) fn is_read_again(&mut self) {
        let (head, epoch) = (self.said, self.relay.epoch());
        self.victim.attaches(self.room, Attached { head, epoch, invitation: None, session: None });
    }

    fn handle(&mut self, input: Input) -> Result<Answer, lotgenoot_protocol::Refused> {
        let (request, mut batch) = (RequestId(rand::random()), Batch::default());
        let (trust, now, leaf) = (&self.organisation.trust, self.organisation.now, self.host.leaf());
        self.relay.handle(leaf, request, &input, None, trust, now, &mut batch)
    }
}

// She asks who is on duty, claims the host's KeyPackage and opens her line with it.
fn opens(victim: &mut Victim, host: &mut Actor, suite: Ciphersuite) -> OpenRoom {
    victim.member.command(Command::OpenLine { nickname: "Merel".to_owned() }, victim.now);
    victim.take();
    let duty = victim.last_request(|request| matches!(request, Request::AskDuty(_)));
    let certificate = Blob(host.certificate.clone().unwrap());
    let on_duty = OnDuty { account: AccountKey([1; 32]), certificate, level: 1, reachable: true };
    victim.reply(duty.0, Answer::Duty(Duty { people: vec![on_duty] }));
    let claim = victim.last_request(|request| matches!(request, Request::ClaimKeyPackages(_)));
    let packages = vec![Some(key_package_bytes(host.key_package(suite)))];
    victim.reply(claim.0, Answer::KeyPackages(KeyPackages { packages }));
    let (request, opening) = victim.last_request(|request| matches!(request, Request::OpenRoom(_)));
    victim.reply(request, Answer::Accepted(Accepted { seq: Seq(1) }));
    match opening {
        Request::OpenRoom(open) => open,
        _ => unreachable!("asked for just that"),
    }
}
