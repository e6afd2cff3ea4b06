//! Whatever hosts rule and however they come and go: who may not speak is not heard, and nobody is left alone.
//!
//! Sequences drawn from a seed, against the real room, a real member, and a rule book written a second time, in another
//! way: it remembers all that happened and looks back, where the product keeps only what it needs. Now and then the relay
//! goes down and comes up again with what it had stored.

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::{Input, Room, Tail};
use lotgenoot_protocol::floor::{Measure, Ruling, Silence};
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::limits::{FROZEN_MS, MUTE_MS, SESSION_MS_MAX, WITHOUT_HOST_MS};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, LeafKey, MessageId, Refused, RequestId, Timestamp, codec};
use openmls::prelude::LeafNodeIndex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cast::FAST;
use crate::scene::{ROOM, Scene};
use lotgenoot_tests::cast::Actor;

const SEQUENCES: u64 = 240;
const STEPS: usize = 80;

const MINUTE_MS: u64 = 60_000;

#[test]
fn who_may_not_speak_is_never_heard_and_no_session_goes_on_without_a_host() {
    let mut tried = Tried::default();
    for seed in 0..SEQUENCES {
        let mut evening = Evening::new(seed);
        for step in 0..STEPS {
            evening.step(&format!("seed {seed}, step {step}"));
        }
        tried.add(&evening.tried);
    }
    // Both sides of the rules were tried, often; and everything else often enough.
    assert!(tried.accepted > 300 && tried.refused > 300, "{tried:?}");
    let rare = [tried.opened, tried.not_opened, tried.ended, tried.untils, tried.newcomers, tried.restarts];
    assert!(rare.iter().all(|times| *times > 10), "{tried:?}");
}

/// How often what came about.
#[derive(Debug, Default)]
struct Tried {
    accepted: usize,
    refused: usize,
    opened: usize,
    not_opened: usize,
    ended: usize,
    untils: usize,
    newcomers: usize,
    restarts: usize,
}

impl Tried {
    fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.opened += other.opened;
        self.not_opened += other.not_opened;
        self.ended += other.ended;
        self.untils += other.untils;
        self.newcomers += other.newcomers;
        self.restarts += other.restarts;
    }
}

/// Everything that happened, newest last.
#[derive(Clone, Debug)]
enum Happened {
    Ruled(Measure),
    // From now on so many hosts are here, and whether a professional can be reached.
    Here(usize, bool),
    Said(MessageId),
    // The relay was down since then, and is up again now.
    Down(Timestamp),
    // Another participant has come in her place.
    CameIn,
}

struct Evening {
    scene: Scene,
    rng: StdRng,
    now: Timestamp,
    number: u64,
    // Whether it was open when it began.
    began_open: bool,
    began: Timestamp,
    past: Vec<(Timestamp, Happened)>,
    // What the relay would find if it started now.
    record: Vec<u8>,
    // Words that wait: the hosts have seen them and decide.
    waiting: Vec<Words>,
    said: Vec<Words>,
    heard: usize,
    removed: bool,
    tried: Tried,
}

impl Evening {
    fn new(seed: u64) -> Self {
        let began_open = !seed.is_multiple_of(3);
        let scene = if began_open { Scene::new(RoomKind::Peer) } else { Scene::that_waits(RoomKind::Peer) };
        let now = scene.now;
        Self {
            rng: StdRng::seed_from_u64(seed),
            now,
            number: 0,
            began_open,
            began: now,
            past: vec![(now, Happened::Here(2, true))],
            record: scene.relay.to_record(),
            waiting: Vec::new(),
            said: Vec::new(),
            heard: 0,
            removed: false,
            tried: Tried::default(),
            scene,
        }
    }

    fn step(&mut self, at: &str) {
        match self.rng.random_range(0..21) {
            0..3 => self.now = self.now.plus_ms(self.rng.random_range(0..25_000)),
            3 => self.now = self.now.plus_ms(self.rng.random_range(0..700_000)),
            4..6 => self.hosts(),
            6 => self.look(),
            7..11 => self.rules(at),
            11..14 if self.removed => self.comes_in(at),
            11 if self.rng.random_range(0..4) == 0 => self.removes(at),
            12 if self.rng.random_range(0..4) == 0 => self.restarts(),
            _ => self.speaks(at),
        }
    }

    fn hosts(&mut self) {
        let (hosts, professional) = (self.rng.random_range(0..3), self.rng.random_range(0..4) > 0);
        let (present, mut batch) = (Presence { hosts, professional, person: false }, Batch::default());
        self.scene.relay.attended(present, self.now, &mut batch);
        self.keeps(&batch);
        self.past.push((self.now, Happened::Here(hosts, professional)));
    }

    // What was due when it went down was done; what has become due meanwhile is seen when it is up.
    fn restarts(&mut self) {
        self.look();
        let down = self.now;
        let longest = if self.rng.random_range(0..4) == 0 { 700_000 } else { 25_000 };
        self.now = self.now.plus_ms(self.rng.random_range(0..longest));
        let tail = Tail { head: self.scene.relay.head(), ..Tail::default() };
        let mut relay = Room::from_record(ROOM, &self.record, tail).expect("what it has written");
        relay.restarted(self.now);
        self.scene.relay = relay;
        self.past.push((self.now, Happened::Down(down)));
        self.tried.restarts += 1;
    }

    fn keeps(&mut self, batch: &Batch) {
        for op in &batch.ops {
            if let Op::PutRoom { record, .. } = op {
                self.record.clone_from(record);
            }
        }
    }

    // A timer that fires late, or not at all, changes nothing.
    fn look(&mut self) {
        let mut batch = Batch::default();
        self.scene.relay.handle_timeout(self.now, &mut batch);
        self.keeps(&batch);
    }

    fn rules(&mut self, at: &str) {
        let leaf = self.scene.second.leaf();
        let measure = match self.rng.random_range(0..14) {
            9..11 => Measure::Open {
                alone: self.rng.random_range(0..2) == 0,
                unstaffed: self.rng.random_range(0..2) == 0,
                session: None,
            },
            11 | 13 => Measure::Newcomers { words: self.rng.random_range(0..3) },
            12 => self.an_end(),
            0 => Measure::Mute { leaf },
            1 => Measure::Unmute { leaf },
            2 => Measure::Hold { leaf },
            3 => Measure::Release { leaf },
            4 => Measure::Aside { leaf },
            5 => Measure::Back { leaf },
            6 => Measure::Slow { seconds: self.rng.random_range(0..2) * 20 },
            _ => match self.waiting.last() {
                Some(words) => Measure::LetThrough { leaf, message: words.id() },
                None => Measure::Slow { seconds: 0 },
            },
        };
        let ruling = Ruling::new(&self.scene.founder.key, ROOM, self.number + 1, measure.clone());
        let (may_open, stood) = (self.may_open(&measure), self.stands());
        let answer = self.hand_in(self.scene.founder.leaf(), &Input::Rule(ruling.clone()));
        if self.removed && measure.about().is_some() {
            assert_eq!(answer, Err(Refused::UnknownRoom), "{at}");
            return;
        }
        match answer {
            Ok(()) => {
                assert!(may_open, "{at}: it opens, though {stood:?}: {measure:?}");
                self.number += 1;
                match measure {
                    Measure::Open { .. } => self.tried.opened += 1,
                    Measure::Until { .. } => self.tried.untils += 1,
                    Measure::End {} => self.tried.ended += 1,
                    _ => {}
                }
                self.past.push((self.now, Happened::Ruled(measure)));
                self.hears(EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
            }
            Err(Refused::SlowDown { .. }) => {}
            Err(Refused::NotAttended { .. } | Refused::Silenced { why: Silence::NotOpen }) if !may_open => {
                self.tried.not_opened += 1;
            }
            Err(other) => panic!("{at}: {other:?}"),
        }
    }

    // Now seldom; else at a moment, some of which are none that a session can end at.
    fn an_end(&mut self) -> Measure {
        let later = self.now.plus_ms(self.rng.random_range(1..30 * MINUTE_MS));
        match self.rng.random_range(0..6) {
            0 => Measure::End {},
            1 => Measure::Until { at: self.now },
            2 => Measure::Until { at: self.now.plus_ms(SESSION_MS_MAX + 1) },
            _ => Measure::Until { at: later },
        }
    }

    // Somebody else, who has read nothing of what was.
    fn comes_in(&mut self, at: &str) {
        let mut other = Actor::person();
        let package = other.key_package(FAST);
        let bundle = self.scene.founder.commits(|builder| builder.propose_adds([package]));
        match self.hand_in(self.scene.founder.leaf(), &Input::Commit(bundle.clone())) {
            Ok(()) => {
                self.hears(EntryKind::Commit, &bundle.commit);
                self.scene.founder.hears(&bundle.commit);
                let attached = self.scene.relay.attach(other.leaf(), None).expect("she is a member").attached;
                let invitation = attached.invitation.expect("a Welcome waits");
                other.joins(&invitation);
                self.hand_in(other.leaf(), &Input::Ack(invitation.seq)).expect("she is in");
                self.scene.second = other;
                (self.removed, self.waiting, self.said) = (false, Vec::new(), Vec::new());
                self.past.push((self.now, Happened::CameIn));
                let held = self.held_since().is_some();
                self.tried.newcomers += usize::from(held);
            }
            Err(Refused::SlowDown { .. }) => {}
            Err(other) => panic!("{at}: {other:?}"),
        }
    }

    fn removes(&mut self, at: &str) {
        if self.removed {
            return;
        }
        let bundle = self.scene.founder.commits(|builder| builder.propose_removals([LeafNodeIndex::new(2)]));
        match self.hand_in(self.scene.founder.leaf(), &Input::Commit(bundle.clone())) {
            Ok(()) => {
                self.removed = true;
                self.hears(EntryKind::Commit, &bundle.commit);
                self.scene.founder.hears(&bundle.commit);
            }
            Err(Refused::SlowDown { .. }) => {}
            Err(other) => panic!("{at}: {other:?}"),
        }
    }

    fn speaks(&mut self, at: &str) {
        let leaf = self.scene.second.leaf();
        // Something that waits, or that was said already, now and then; else something new.
        let again = match self.rng.random_range(0..6) {
            0..3 => self.waiting.last().cloned(),
            3 => self.said.last().cloned(),
            _ => None,
        };
        let words = again.unwrap_or_else(|| self.scene.second.words(&format!("{at} zegt zij")));
        let message = self.scene.second.speaks_as(&words, &words.id().0);
        let may = self.may_speak(&words.id());
        let before = self.heard;
        match self.hand_in(leaf, &Input::Send(message.clone())) {
            Ok(()) => {
                let forgotten = may == Err(Forbidden::Slow) && self.pace_may_be_forgotten();
                assert!(may.is_ok() || forgotten, "{at}: the relay takes what was not allowed: {may:?}");
                self.past.push((self.now, Happened::Said(words.id())));
                self.waiting.retain(|waits| waits.id() != words.id());
                self.hears(EntryKind::Application, &message);
                // The same words again are the same message.
                let news = usize::from(!self.said.iter().any(|said| said.id() == words.id()));
                assert_eq!(self.heard, before + news, "{at}: what was allowed is heard");
                self.said.push(words);
                self.tried.accepted += 1;
            }
            Err(Refused::SlowDown { .. }) => {}
            Err(refused) => {
                self.tried.refused += 1;
                let Err(why) = may else { panic!("{at}: {refused:?}, though she may speak") };
                match (&refused, why) {
                    (Refused::UnknownRoom, Forbidden::Removed) => {}
                    (Refused::Silenced { why: said }, why) => {
                        assert!(why.is(said), "{at}: {said:?}, not {why:?}")
                    }
                    _ => panic!("{at}: {refused:?} for {why:?}"),
                }
                // Nor does a relay gone bad make anybody hear what a host has forbidden.
                if matches!(why, Forbidden::Removed | Forbidden::Muted | Forbidden::Aside | Forbidden::Held) {
                    self.hears(EntryKind::Application, &message);
                    assert_eq!(self.heard, before, "{at}: heard, though {why:?}");
                }
                if why == Forbidden::Held && !self.waiting.iter().any(|waits| waits.id() == words.id()) {
                    self.waiting.push(words);
                }
            }
        }
    }

    fn hand_in(&mut self, leaf: LeafKey, input: &Input) -> Result<(), Refused> {
        let (request, mut batch) = (RequestId(self.rng.random()), Batch::default());
        let trust = &self.scene.organisation.trust;
        let answer = self.scene.relay.handle(leaf, request, input, None, trust, self.now, &mut batch);
        self.keeps(&batch);
        answer.map(drop)
    }

    fn hears(&mut self, kind: EntryKind, body: &Blob) {
        self.scene.victim.now = self.now;
        self.scene.victim.entry(ROOM, kind, body);
        self.heard = self.scene.victim.read(ROOM).len();
    }

    // ---- the rule book, written again

    fn may_speak(&self, words: &MessageId) -> Result<(), Forbidden> {
        if self.removed {
            return Err(Forbidden::Removed);
        }
        if self.stands() != Stands::Open {
            return Err(Forbidden::NotOpen);
        }
        let mute = last(self.hers(), |it| matches!(it, Measure::Mute { .. } | Measure::Unmute { .. }));
        if let Some((Measure::Mute { .. }, ruled_at)) = mute
            && self.now < ruled_at.plus_ms(MUTE_MS)
        {
            return Err(Forbidden::Muted);
        }
        let aside = last(self.hers(), |it| matches!(it, Measure::Aside { .. } | Measure::Back { .. }));
        if matches!(aside, Some((Measure::Aside { .. }, _))) {
            return Err(Forbidden::Aside);
        }
        if let Some(held_since) = self.held_since()
            && !self.is_let_through(held_since, words)
        {
            return Err(Forbidden::Held);
        }
        let slow = match last(&self.past, |it| matches!(it, Measure::Slow { .. })) {
            Some((Measure::Slow { seconds }, _)) => u64::from(*seconds) * 1000,
            _ => 0,
        };
        let spoke = self.hers().iter().rev().find(|(_, it)| matches!(it, Happened::Said(_)));
        match spoke {
            Some((spoke, _)) if slow > 0 && self.now < spoke.plus_ms(slow) => Err(Forbidden::Slow),
            _ => Ok(()),
        }
    }

    // Who spoke when is not written for its own sake: a relay that was down since then may not know.
    fn pace_may_be_forgotten(&self) -> bool {
        let newest =
            self.past.iter().rev().find(|(_, it)| matches!(it, Happened::Said(_) | Happened::Down(_)));
        matches!(newest, Some((_, Happened::Down(_))))
    }

    // Whether a ruling of this kind is taken, as far as it is one that opens: by two hosts and with a professional, or
    // by explicit choice; and not what is over.
    fn may_open(&self, measure: &Measure) -> bool {
        let Measure::Open { alone, unstaffed, .. } = measure else { return true };
        let here = self.past.iter().rev().find_map(|(_, it)| match it {
            Happened::Here(hosts, professional) => Some((*hosts, *professional)),
            Happened::Down(_) => Some((0, false)),
            _ => None,
        });
        let (hosts, professional) = here.unwrap_or_default();
        match self.stands() {
            Stands::Open | Stands::Frozen => true,
            Stands::Over => false,
            Stands::Waiting => (*alone || hosts >= 2) && (*unstaffed || professional),
        }
    }

    // Where it stands, by the clock, whether anybody has looked or not.
    fn stands(&self) -> Stands {
        let (mut open, mut end) = (self.began_open, None::<Timestamp>);
        // Since when nobody leads.
        let mut alone = None::<Timestamp>;
        let lonely = |open: bool, alone: Option<Timestamp>, at: Timestamp| {
            let longest = if open { WITHOUT_HOST_MS + FROZEN_MS } else { FROZEN_MS };
            alone.is_some_and(|since| at.ms_since(since) >= longest)
        };
        let frozen = |open: bool, alone: Option<Timestamp>, at: Timestamp| {
            open && alone.is_some_and(|since| at.ms_since(since) >= WITHOUT_HOST_MS)
        };
        let mut before = self.began;
        for (at, happened) in &self.past {
            assert!(before <= *at, "in the order in which it happened");
            before = *at;
            // While it was down nobody could see who was there.
            let seen = if let Happened::Down(down) = happened { *down } else { *at };
            if end.is_some_and(|end| end <= *at) || lonely(open, alone, seen) {
                return Stands::Over;
            }
            match happened {
                Happened::Here(0, _) => alone = alone.or(Some(*at)),
                Happened::Here(..) => alone = None,
                Happened::Down(_) if frozen(open, alone, seen) => {}
                Happened::Down(_) => alone = Some(*at),
                Happened::Ruled(Measure::Open { .. }) if !open => {
                    (open, alone) = (true, alone.map(|_| *at));
                    // What nobody has planned an end for has one all the same.
                    end = end.or(Some(at.plus_ms(SESSION_MS_MAX)));
                }
                Happened::Ruled(Measure::End {}) => return Stands::Over,
                Happened::Ruled(Measure::Until { at: until })
                    if *at < *until && until.ms_since(*at) <= SESSION_MS_MAX =>
                {
                    end = Some(*until);
                }
                _ => {}
            }
        }
        if end.is_some_and(|end| end <= self.now) || lonely(open, alone, self.now) {
            Stands::Over
        } else if frozen(open, alone, self.now) {
            Stands::Frozen
        } else if open {
            Stands::Open
        } else {
            Stands::Waiting
        }
    }

    // What has happened since she is here.
    fn hers(&self) -> &[(Timestamp, Happened)] {
        &self.past[self.came_in()..]
    }

    fn came_in(&self) -> usize {
        self.past.iter().rposition(|(_, it)| matches!(it, Happened::CameIn)).unwrap_or_default()
    }

    // Where in the past she was held, if she still is: for her first messages, or until she is released. A second Hold
    // changes nothing but that.
    fn held_since(&self) -> Option<usize> {
        let came_in = self.came_in();
        let is_newcomers = |it: &Measure| matches!(it, Measure::Newcomers { .. });
        let first = match last(&self.past[..came_in], is_newcomers) {
            Some((Measure::Newcomers { words }, _)) => *words,
            _ => 0,
        };
        let mut since = (first > 0).then_some(came_in);
        let mut left = Some(first).filter(|words| *words > 0);
        for (place, (_, happened)) in self.past.iter().enumerate().skip(came_in) {
            match happened {
                Happened::Ruled(Measure::Hold { .. }) => (since, left) = (since.or(Some(place)), None),
                Happened::Ruled(Measure::Release { .. }) => (since, left) = (None, None),
                Happened::Said(_) => {
                    left = left.map(|left| left - 1);
                    if left == Some(0) {
                        (since, left) = (None, None);
                    }
                }
                _ => {}
            }
        }
        since
    }

    // Let through since she is held, and not said since then.
    fn is_let_through(&self, since: usize, words: &MessageId) -> bool {
        let mut granted = false;
        for (_, happened) in &self.past[since..] {
            match happened {
                Happened::Ruled(Measure::LetThrough { message, .. }) if message == words => granted = true,
                Happened::Said(said) if said == words => granted = false,
                _ => {}
            }
        }
        granted
    }
}

fn last(past: &[(Timestamp, Happened)], like: impl Fn(&Measure) -> bool) -> Option<(&Measure, Timestamp)> {
    past.iter().rev().find_map(|(at, happened)| match happened {
        Happened::Ruled(measure) if like(measure) => Some((measure, *at)),
        _ => None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Stands {
    Waiting,
    Open,
    Frozen,
    Over,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Forbidden {
    Removed,
    NotOpen,
    Muted,
    Aside,
    Held,
    Slow,
}

impl Forbidden {
    fn is(self, said: &Silence) -> bool {
        matches!(
            (self, said),
            (Self::NotOpen, Silence::NotOpen)
                | (Self::Muted, Silence::Muted { .. })
                | (Self::Aside, Silence::Aside)
                | (Self::Held, Silence::Held)
                | (Self::Slow, Silence::Slow { .. })
        )
    }
}
