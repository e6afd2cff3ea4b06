//! A room seen from three sides at once: the relay's, an honest client's, and the bare library's.
//!
//! The first actor founds the room, the victim is at leaf 1, the second actor at leaf 2.

use lotgenoot_core::effect::Batch;
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Input, Room};
use lotgenoot_protocol::frame::{Answer, Bundle, EntryKind, GroupState, Invitation, Opening};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::policy::Rule;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, Epoch, LeafKey, Refused, RequestId, RoomId, Seq, Timestamp};
use openmls::prelude::{
    Ciphersuite, KeyPackage, KeyPackageIn, MlsMessageBodyIn, OpenMlsProvider, ProtocolVersion,
};
use openmls_rust_crypto::OpenMlsRustCrypto;

use crate::cast::{FAST, Organisation};
use crate::victim::{Reaction, Victim};
use lotgenoot_tests::cast::{Actor, read};

pub(crate) const ROOM: RoomId = RoomId([0x10; 16]);

pub(crate) struct Scene {
    pub(crate) organisation: Organisation,
    pub(crate) suite: Ciphersuite,
    pub(crate) relay: Room,
    pub(crate) victim: Victim,
    pub(crate) founder: Actor,
    pub(crate) second: Actor,
    pub(crate) lead: Option<LeafKey>,
    pub(crate) now: Timestamp,
}

/// What became of a commit on each side.
#[derive(Debug, PartialEq)]
pub(crate) struct Verdict {
    /// Whether openmls itself has nothing against it: then the policy alone stops it.
    pub(crate) library: bool,
    pub(crate) relay: Result<(), Refused>,
    pub(crate) client: Reaction,
}

impl Verdict {
    /// Refused by the policy on both sides, and by nothing but the policy.
    pub(crate) fn refused(rule: Rule) -> Self {
        let relay = Err(Refused::NotAllowed { rule });
        Self { library: true, relay, client: Reaction::Stops }
    }

    pub(crate) fn accepted() -> Self {
        Self { library: true, relay: Ok(()), client: Reaction::GoesOn }
    }
}

impl Scene {
    pub(crate) fn new(kind: RoomKind) -> Self {
        Self::in_suite(kind, FAST)
    }

    /// A session that no host has opened yet.
    pub(crate) fn that_waits(kind: RoomKind) -> Self {
        let organisation = Organisation::new();
        let (founder, second) = (organisation.staff(Role::Host), Actor::person());
        Self::founded(organisation, kind, FAST, founder, second, |_| {}).begun()
    }

    pub(crate) fn in_suite(kind: RoomKind, suite: Ciphersuite) -> Self {
        let organisation = Organisation::new();
        let (founder, second) = match kind {
            RoomKind::Peer => (organisation.staff(Role::Host), Actor::person()),
            RoomKind::Line => (Actor::person(), organisation.staff(Role::Host)),
            RoomKind::Help => (Actor::person(), organisation.staff(Role::Professional)),
            RoomKind::Stage => (organisation.staff(Role::Presenter), Actor::person()),
        };
        Self::of(organisation, kind, suite, founder, second)
    }

    /// In which the victim has not said anything yet.
    pub(crate) fn of_silence(kind: RoomKind) -> Self {
        let organisation = Organisation::new();
        let (founder, second) = (organisation.staff(Role::Host), Actor::person());
        Self::come_into(organisation, kind, FAST, founder, second)
    }

    pub(crate) fn of(
        organisation: Organisation,
        kind: RoomKind,
        suite: Ciphersuite,
        founder: Actor,
        second: Actor,
    ) -> Self {
        let mut scene = Self::come_into(organisation, kind, suite, founder, second);
        assert!(scene.victim.speaks(ROOM), "she is in and can speak");
        scene
    }

    fn come_into(
        organisation: Organisation,
        kind: RoomKind,
        suite: Ciphersuite,
        founder: Actor,
        second: Actor,
    ) -> Self {
        let mut scene = Self::founded(organisation, kind, suite, founder, second, |_| {}).begun();
        scene.relay.open_session(scene.now);
        scene
    }

    // Both have come in.
    fn begun(mut self) -> Self {
        let invitation = self.invitation(self.second.leaf());
        self.second.joins(&invitation);
        let invitation = self.invitation(self.victim.leaf);
        let epoch = self.relay.epoch();
        self.victim.is_invited(ROOM, invitation, epoch);
        self
    }

    /// A room whose second actor the relay would never have let in. The relay of this scene knows only the founder.
    pub(crate) fn without_relay(
        organisation: Organisation,
        kind: RoomKind,
        mut founder: Actor,
        second: Actor,
    ) -> Self {
        let (mut victim, opening) = begin(&organisation, kind, FAST, &mut founder);
        let relay = opened(&organisation, &opening, &mut Batch::default());
        let first = vec![validated(&victim.packages[0]), second.key_package(FAST)];
        let bundle = founder.commits(|builder| builder.propose_adds(first));
        founder.hears(&bundle.commit);
        let (tree, welcome) = (founder.states().tree, bundle.welcome.expect("a Welcome"));
        victim.is_invited(ROOM, Invitation { welcome, tree, seq: Seq(1) }, Epoch(1));
        let (suite, now) = (FAST, organisation.now);
        Self { organisation, suite, relay, victim, founder, second, lead: None, now }
    }

    /// A person's line with two hosts: the victim is the later one, at leaf 2.
    pub(crate) fn of_the_second_host() -> Self {
        let organisation = Organisation::new();
        let (founder, second) = (Actor::person(), organisation.staff(Role::Host));
        Self::founded(organisation, RoomKind::Line, FAST, founder, second, |seats| seats.reverse()).begun()
    }

    fn founded(
        organisation: Organisation,
        kind: RoomKind,
        suite: Ciphersuite,
        mut founder: Actor,
        second: Actor,
        seat: impl FnOnce(&mut Vec<KeyPackage>),
    ) -> Self {
        let (victim, mut opening) = begin(&organisation, kind, suite, &mut founder);
        let mut first = vec![validated(&victim.packages[0]), second.key_package(suite)];
        seat(&mut first);
        let bundle = founder.commits(|builder| builder.propose_adds(first));
        opening.bundle = Some(bundle.clone());
        let relay = gathers(&organisation, &opening, &mut Batch::default());
        founder.hears(&bundle.commit);
        let now = organisation.now;
        Self { organisation, suite, relay, victim, founder, second, lead: None, now }
    }

    /// What the three sides make of a commit that the holder of `seat` hands in. The library's word is that of an
    /// actor who did not make it.
    pub(crate) fn tries(&mut self, seat: LeafKey, bundle: &Bundle) -> Verdict {
        let witness = if seat == self.founder.leaf() { &self.second } else { &self.founder };
        let library = witness.would_process(&bundle.commit).is_some();
        let before = (self.relay.epoch(), self.relay.members());
        let relay = self.handle(seat, Input::Commit(bundle.clone())).map(drop);
        if relay.is_err() {
            assert_eq!(before, (self.relay.epoch(), self.relay.members()), "a refusal leaves no trace");
        }
        let client = self.victim.hears(ROOM, EntryKind::Commit, &bundle.commit);
        Verdict { library, relay, client }
    }

    /// An honest commit of one of the two actors: everybody follows.
    pub(crate) fn passes(&mut self, seat: LeafKey, bundle: &Bundle) {
        assert_eq!(self.tries(seat, bundle), Verdict::accepted());
        for actor in [&mut self.founder, &mut self.second] {
            if actor.group().is_active() {
                actor.hears(&bundle.commit);
            }
        }
    }

    /// One input to the relay. Time goes by, so that nobody is too fast.
    pub(crate) fn handle(&mut self, leaf: LeafKey, input: Input) -> Result<Answer, Refused> {
        self.now = self.now.plus_ms(11_000);
        let (request, mut batch) = (RequestId(rand::random()), Batch::default());
        let trust = &self.organisation.trust;
        let answer = self.relay.handle(leaf, request, &input, self.lead, trust, self.now, &mut batch);
        if answer.is_err() {
            assert!(batch.is_empty(), "a refusal changes nothing");
        }
        answer
    }

    /// Attaches, takes the Welcome and says that it worked.
    pub(crate) fn invitation(&mut self, leaf: LeafKey) -> Invitation {
        self.relay.release(&leaf, &mut Batch::default());
        let Ok(Answer::Attached(attached)) = self.handle(leaf, Input::Attach(None)) else {
            panic!("not attached")
        };
        let invitation = attached.invitation.expect("a Welcome waits");
        self.handle(leaf, Input::Ack(invitation.seq)).expect("a cursor");
        invitation
    }

    pub(crate) fn state(&mut self, leaf: LeafKey) -> GroupState {
        match self.handle(leaf, Input::AskGroupState) {
            Ok(Answer::GroupState(state)) => state,
            other => panic!("no group state: {other:?}"),
        }
    }

    /// The founder hears somebody's wish to leave and makes the commit that carries it out.
    pub(crate) fn founder_carries_out(&mut self, leave: &Blob) -> Bundle {
        self.founder.hears(leave);
        self.founder.commits(|builder| builder)
    }
}

fn begin(
    organisation: &Organisation,
    kind: RoomKind,
    suite: Ciphersuite,
    founder: &mut Actor,
) -> (Victim, Opening) {
    let role = if kind == RoomKind::Help { Role::Professional } else { Role::Host };
    let head = organisation.head(3);
    let victim = Victim::staff(organisation, role, u16::from(suite), &head);
    let rules = RoomRules { kind, organisation: organisation.trust.organisation(), hosts_in_help: false };
    (victim, founder.opens(ROOM, suite, rules, &head))
}

fn opened(organisation: &Organisation, opening: &Opening, batch: &mut Batch) -> Room {
    let mut room = gathers(organisation, opening, batch);
    room.open_session(organisation.now);
    room
}

// Its hosts are there, and have not opened it.
fn gathers(organisation: &Organisation, opening: &Opening, batch: &mut Batch) -> Room {
    let request = RequestId(rand::random());
    let opened = Room::open(ROOM, opening, request, &organisation.trust, organisation.now, batch);
    let mut room = opened.expect("the relay opens it").0;
    room.attended(Presence::FULL, organisation.now, &mut Batch::default());
    room
}

pub(crate) fn validated(bytes: &Blob) -> KeyPackage {
    let MlsMessageBodyIn::KeyPackage(package) = read(bytes).extract() else { panic!("not a KeyPackage") };
    let package: KeyPackageIn = package;
    package.validate(OpenMlsRustCrypto::default().crypto(), ProtocolVersion::Mls10).expect("a KeyPackage")
}

pub(crate) fn not_allowed<T>(rule: Rule) -> Result<T, Refused> {
    Err(Refused::NotAllowed { rule })
}
