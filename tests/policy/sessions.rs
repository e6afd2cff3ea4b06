//! Whatever hosts rule and however they come and go: who may not speak is not heard, and nobody is left alone.
//!
//! Sequences drawn from a seed, against the real room, a real member, and a rule book written a second time, in another
//! way: it remembers all that happened and looks back, where the product keeps only what it needs.

use lotgenoot_core::effect::Batch;
use lotgenoot_core::life::Presence;
use lotgenoot_core::room::Input;
use lotgenoot_protocol::floor::{Measure, Ruling, Silence};
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::limits::{MUTE_MS, WITHOUT_HOST_MS};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{Blob, MessageId, Refused, RequestId, Timestamp, codec};
use openmls::prelude::LeafNodeIndex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::scene::{ROOM, Scene};

const SEQUENCES: u64 = 120;
const STEPS: usize = 60;

#[test]
fn who_may_not_speak_is_never_heard_and_no_session_goes_on_without_a_host() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in 0..SEQUENCES {
        let mut evening = Evening::new(seed);
        for step in 0..STEPS {
            evening.step(&format!("seed {seed}, step {step}"));
        }
        accepted += evening.accepted;
        refused += evening.refused;
    }
    // Both sides of the rules were tried, often.
    assert!(accepted > 300 && refused > 300, "{accepted} accepted, {refused} refused");
}

/// Everything that happened, newest last.
#[derive(Clone, Debug)]
enum Happened {
    Ruled(Measure),
    // So many hosts are here from now on.
    Hosts(usize),
    Said(MessageId),
}

struct Evening {
    scene: Scene,
    rng: StdRng,
    now: Timestamp,
    number: u64,
    past: Vec<(Timestamp, Happened)>,
    // Words that wait: the hosts have seen them and decide.
    waiting: Vec<Words>,
    said: Vec<Words>,
    heard: usize,
    removed: bool,
    accepted: usize,
    refused: usize,
}

impl Evening {
    fn new(seed: u64) -> Self {
        let scene = Scene::new(RoomKind::Peer);
        let now = scene.now;
        let past = vec![(now, Happened::Hosts(2))];
        Self {
            scene,
            rng: StdRng::seed_from_u64(seed),
            now,
            number: 0,
            past,
            waiting: Vec::new(),
            said: Vec::new(),
            heard: 0,
            removed: false,
            accepted: 0,
            refused: 0,
        }
    }

    fn step(&mut self, at: &str) {
        match self.rng.random_range(0..20) {
            0..3 => self.now = self.now.plus_ms(self.rng.random_range(0..25_000)),
            3 => self.now = self.now.plus_ms(self.rng.random_range(0..700_000)),
            4..6 => self.hosts(),
            6 => self.look(),
            7..11 => self.rules(at),
            11 if self.rng.random_range(0..8) == 0 => self.removes(at),
            _ => self.speaks(at),
        }
    }

    fn hosts(&mut self) {
        let hosts = self.rng.random_range(0..3);
        let present = Presence { hosts, professional: true, person: false };
        self.scene.relay.attended(present, self.now, &mut Batch::default());
        self.past.push((self.now, Happened::Hosts(hosts)));
    }

    // A timer that fires late, or not at all, changes nothing.
    fn look(&mut self) {
        self.scene.relay.handle_timeout(self.now, &mut Batch::default());
    }

    fn rules(&mut self, at: &str) {
        let leaf = self.scene.second.leaf();
        let measure = match self.rng.random_range(0..9) {
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
        let answer = self.hand_in(self.scene.founder.leaf(), &Input::Rule(ruling.clone()));
        if self.removed && measure.about().is_some() {
            assert_eq!(answer, Err(Refused::UnknownRoom), "{at}");
            return;
        }
        match answer {
            Ok(()) => {
                self.number += 1;
                self.past.push((self.now, Happened::Ruled(measure)));
                self.hears(EntryKind::Ruling, &Blob(codec::to_vec(&ruling)));
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
                assert_eq!(may, Ok(()), "{at}: the relay takes what was not allowed");
                self.past.push((self.now, Happened::Said(words.id())));
                self.waiting.retain(|waits| waits.id() != words.id());
                self.hears(EntryKind::Application, &message);
                // The same words again are the same message.
                let news = usize::from(!self.said.iter().any(|said| said.id() == words.id()));
                assert_eq!(self.heard, before + news, "{at}: what was allowed is heard");
                self.said.push(words);
                self.accepted += 1;
            }
            Err(Refused::SlowDown { .. }) => {}
            Err(refused) => {
                self.refused += 1;
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

    fn hand_in(&mut self, leaf: lotgenoot_protocol::LeafKey, input: &Input) -> Result<(), Refused> {
        let (request, mut batch) = (RequestId(self.rng.random()), Batch::default());
        let trust = &self.scene.organisation.trust;
        let answer = self.scene.relay.handle(leaf, request, input, None, trust, self.now, &mut batch);
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
        if !self.is_open() {
            return Err(Forbidden::NotOpen);
        }
        let mute = self.last(|it| matches!(it, Measure::Mute { .. } | Measure::Unmute { .. }));
        if let Some((Measure::Mute { .. }, ruled_at)) = mute
            && self.now < ruled_at.plus_ms(MUTE_MS)
        {
            return Err(Forbidden::Muted);
        }
        let aside = self.last_measure(|it| matches!(it, Measure::Aside { .. } | Measure::Back { .. }));
        if matches!(aside, Some(Measure::Aside { .. })) {
            return Err(Forbidden::Aside);
        }
        if let Some(held_since) = self.held_since()
            && !self.is_let_through(held_since, words)
        {
            return Err(Forbidden::Held);
        }
        let slow = match self.last_measure(|it| matches!(it, Measure::Slow { .. })) {
            Some(Measure::Slow { seconds }) => u64::from(*seconds) * 1000,
            _ => 0,
        };
        let spoke = self.past.iter().rev().find(|(_, it)| matches!(it, Happened::Said(_)));
        match spoke {
            Some((spoke, _)) if slow > 0 && self.now < spoke.plus_ms(slow) => Err(Forbidden::Slow),
            _ => Ok(()),
        }
    }

    // At no moment was there no host for a minute and ten more; and for less than a minute now.
    fn is_open(&self) -> bool {
        let mut alone: Option<Timestamp> = None;
        for (at, happened) in &self.past {
            if let Happened::Hosts(hosts) = happened {
                match (alone, *hosts > 0) {
                    (Some(since), true) => {
                        if at.ms_since(since) >= WITHOUT_HOST_MS + 600_000 {
                            return false;
                        }
                        alone = None;
                    }
                    (None, false) => alone = Some(*at),
                    _ => {}
                }
            }
        }
        alone.is_none_or(|since| self.now.ms_since(since) < WITHOUT_HOST_MS)
    }

    // Where in the past she was held, if she still is: a second Hold changes nothing.
    fn held_since(&self) -> Option<usize> {
        let mut since = None;
        for (place, (_, happened)) in self.past.iter().enumerate() {
            match happened {
                Happened::Ruled(Measure::Hold { .. }) => since = since.or(Some(place)),
                Happened::Ruled(Measure::Release { .. }) => since = None,
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

    fn last(&self, like: impl Fn(&Measure) -> bool) -> Option<(&Measure, Timestamp)> {
        self.past.iter().rev().find_map(|(at, happened)| match happened {
            Happened::Ruled(measure) if like(measure) => Some((measure, *at)),
            _ => None,
        })
    }

    fn last_measure(&self, like: impl Fn(&Measure) -> bool) -> Option<&Measure> {
        self.last(like).map(|(measure, _)| measure)
    }
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
