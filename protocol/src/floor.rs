//! The floor of a peer room: who may speak in it now, by what its hosts have ruled.
//!
//! One implementation for the relay, which reads no word, and for every client, which does not take the relay's word for
//! it. A ruling is an entry of the room's log, signed by a host; the entries of one log give the same floor to everybody
//! who read them from the same place on. The ladder of measures and its figures: `peersupport.md` §5.4.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::codec;
use crate::ids::{LeafKey, MessageId, RoomId, SessionId};
use crate::limits::{GRANTS_MAX, HELD_WORDS_MAX, MUTE_MS, SLOW_SECONDS_MAX, SLOW_SECONDS_MIN};
use crate::sign::{Purpose, sign, verify};
use crate::time::Timestamp;

/// What a host rules about the floor.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Measure {
    /// Participants leave this much time between two messages of theirs; 0: as they like.
    #[n(0)]
    Slow {
        /// In seconds.
        #[n(0)]
        seconds: u8,
    },
    /// Somebody says nothing for ten minutes.
    #[n(1)]
    Mute {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// Somebody who was muted may speak again.
    #[n(2)]
    Unmute {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// What somebody wants to say goes to the hosts first, in her line.
    #[n(3)]
    Hold {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// Somebody who was held speaks for herself again.
    #[n(4)]
    Release {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// The first messages of everybody who comes in from now on are held; 0: nobody's.
    #[n(5)]
    Newcomers {
        /// How many.
        #[n(0)]
        words: u8,
    },
    /// One message of somebody who is held may be said.
    #[n(6)]
    LetThrough {
        /// Whose.
        #[n(0)]
        leaf: LeafKey,
        /// Which; this one and no other.
        #[n(1)]
        message: MessageId,
    },
    /// The session ends then.
    #[n(7)]
    Until {
        /// After now, within [`crate::limits::SESSION_MS_MAX`].
        #[n(0)]
        at: Timestamp,
    },
    /// It ends now.
    #[n(8)]
    End {},
    /// Somebody talks with a host alone for now: in the room she says nothing.
    #[n(9)]
    Aside {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// She is back from that.
    #[n(10)]
    Back {
        /// Who.
        #[n(0)]
        leaf: LeafKey,
    },
    /// The session opens: persons may speak from now on.
    #[n(11)]
    Open {
        /// Although there is one host only.
        #[n(0)]
        alone: bool,
        /// Although no professional can be reached.
        #[n(1)]
        unstaffed: bool,
        /// Which session of the calendar it is, if any.
        #[n(2)]
        session: Option<SessionId>,
    },
}

/// A measure in its place, with the signature of the host who took it.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Ruling {
    /// Counts the rulings of a room, from 1: of two hosts who rule at once, one looks again.
    #[n(0)]
    pub number: u64,
    /// What.
    #[n(1)]
    pub measure: Measure,
    /// The host's leaf.
    #[n(2)]
    pub by: LeafKey,
    /// Hers over room, number and measure.
    #[n(3)]
    pub signature: Blob,
}

impl Ruling {
    /// Signs a measure.
    pub fn new(key: &SigningKey, room: RoomId, number: u64, measure: Measure) -> Self {
        let by = LeafKey(key.verifying_key().to_bytes());
        let bytes = codec::to_vec(&measure);
        let signature = sign(key, Purpose::Ruling, &[&room.0, &number.to_be_bytes(), &bytes]);
        Self { number, measure, by, signature: Blob(signature.to_vec()) }
    }

    /// Whether the leaf it names has signed it for this room. Whether that leaf is a host's is the caller's to say.
    pub fn verify(&self, room: RoomId) -> bool {
        let bytes = codec::to_vec(&self.measure);
        let parts: [&[u8]; 3] = [&room.0, &self.number.to_be_bytes(), &bytes];
        verify(&self.by.0, Purpose::Ruling, &parts, &self.signature.0)
    }
}

impl Measure {
    /// Whether its figures are within their limits.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Slow { seconds } => {
                *seconds == 0 || (SLOW_SECONDS_MIN..=SLOW_SECONDS_MAX).contains(seconds)
            }
            Self::Newcomers { words } => *words <= HELD_WORDS_MAX,
            _ => true,
        }
    }

    /// Whom it is about, if about one.
    pub fn about(&self) -> Option<LeafKey> {
        match self {
            Self::Slow { .. }
            | Self::Newcomers { .. }
            | Self::Until { .. }
            | Self::End {}
            | Self::Open { .. } => None,
            Self::Mute { leaf }
            | Self::Unmute { leaf }
            | Self::Hold { leaf }
            | Self::Release { leaf }
            | Self::Aside { leaf }
            | Self::Back { leaf }
            | Self::LetThrough { leaf, .. } => Some(*leaf),
        }
    }
}

/// Why somebody may not speak now.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Silence {
    /// She is muted until then.
    #[n(0)]
    Muted {
        /// When she may speak again.
        #[n(0)]
        until: Timestamp,
    },
    /// Her words go to the hosts first.
    #[n(1)]
    Held,
    /// The room is slow; hers is the next message from then on.
    #[n(2)]
    Slow {
        /// When she may speak again.
        #[n(0)]
        until: Timestamp,
    },
    /// The session is not open yet, there is no host, or it is over.
    #[n(3)]
    NotOpen,
    /// She talks with a host alone.
    #[n(4)]
    Aside,
}

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Muted { .. } => "muted",
            Self::Held => "held: it goes to the hosts first",
            Self::Slow { .. } => "the room is slow",
            Self::Aside => "aside with a host",
            Self::NotOpen => "not open yet, no host is here, or the session is over",
        })
    }
}

/// Who may speak.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct Floor {
    #[n(0)]
    number: u64,
    #[n(1)]
    slow_ms: u64,
    #[n(2)]
    newcomers: u8,
    #[n(3)]
    muted: BTreeMap<LeafKey, Timestamp>,
    #[n(4)]
    held: BTreeMap<LeafKey, Held>,
    #[n(5)]
    spoke: BTreeMap<LeafKey, Timestamp>,
    #[n(6)]
    aside: BTreeSet<LeafKey>,
}

#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
struct Held {
    // How many more of her messages; absent: until a host releases her.
    #[n(0)]
    left: Option<u8>,
    #[n(1)]
    let_through: VecDeque<MessageId>,
}

impl Floor {
    /// How many rulings it has seen.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How long participants leave between two messages, in milliseconds; 0: as they like.
    pub fn slow_ms(&self) -> u64 {
        self.slow_ms
    }

    /// How many messages of a newcomer are held.
    pub fn newcomers(&self) -> u8 {
        self.newcomers
    }

    /// Whether her words go to the hosts first.
    pub fn is_held(&self, leaf: &LeafKey) -> bool {
        self.held.contains_key(leaf)
    }

    /// Whether they do until a host releases her: not for her first messages alone.
    pub fn is_held_by_name(&self, leaf: &LeafKey) -> bool {
        self.held.get(leaf).is_some_and(|held| held.left.is_none())
    }

    /// Everybody who was muted and not unmuted since, and until when.
    pub fn muted(&self) -> impl Iterator<Item = (LeafKey, Timestamp)> {
        self.muted.iter().map(|(leaf, until)| (*leaf, *until))
    }

    /// Everybody whose words go to the hosts first.
    pub fn held(&self) -> impl Iterator<Item = LeafKey> {
        self.held.keys().copied()
    }

    /// Everybody who talks with a host alone.
    pub fn aside(&self) -> impl Iterator<Item = LeafKey> {
        self.aside.iter().copied()
    }

    /// The same for somebody who comes in later: without who spoke when.
    pub fn for_newcomers(&self) -> Self {
        Self { spoke: BTreeMap::new(), ..self.clone() }
    }

    /// Until when she is muted, if she is at this moment.
    pub fn muted_until(&self, leaf: &LeafKey, at: Timestamp) -> Option<Timestamp> {
        self.muted.get(leaf).copied().filter(|until| *until > at)
    }

    /// Carries out a ruling that was verified, as an entry of this moment. One that is older than what is known changes
    /// nothing.
    pub fn apply(&mut self, ruling: &Ruling, at: Timestamp) {
        if ruling.number <= self.number || !ruling.measure.is_sound() {
            return;
        }
        self.number = ruling.number;
        match ruling.measure {
            Measure::Slow { seconds } => self.slow_ms = u64::from(seconds) * 1000,
            Measure::Mute { leaf } => drop(self.muted.insert(leaf, at.plus_ms(MUTE_MS))),
            Measure::Unmute { leaf } => drop(self.muted.remove(&leaf)),
            // Whoever was held as a newcomer is held until she is released: what was let through stays so.
            Measure::Hold { leaf } => self.held.entry(leaf).or_default().left = None,
            Measure::Release { leaf } => drop(self.held.remove(&leaf)),
            Measure::Newcomers { words } => self.newcomers = words,
            Measure::Aside { leaf } => drop(self.aside.insert(leaf)),
            Measure::Back { leaf } => drop(self.aside.remove(&leaf)),
            // The relay's to carry out: it says so in the log.
            Measure::Until { .. } | Measure::End {} | Measure::Open { .. } => {}
            Measure::LetThrough { leaf, message } => {
                if let Some(held) = self.held.get_mut(&leaf)
                    && held.let_through.len() < GRANTS_MAX
                    && !held.let_through.contains(&message)
                {
                    held.let_through.push_back(message);
                }
            }
        }
    }

    /// A participant has come in.
    pub fn joined(&mut self, leaf: LeafKey) {
        if self.newcomers > 0 {
            self.held.insert(leaf, Held { left: Some(self.newcomers), let_through: VecDeque::new() });
        }
    }

    /// Somebody is out: nothing is remembered of her.
    pub fn gone(&mut self, leaf: &LeafKey) {
        self.muted.remove(leaf);
        self.held.remove(leaf);
        self.spoke.remove(leaf);
        self.aside.remove(leaf);
    }

    /// Whether a participant's message counts that came at this moment. What the relay should not have passed on is not
    /// shown either; the pace of the room is left to the relay.
    pub fn may_be_heard(&self, leaf: &LeafKey, message: &MessageId, at: Timestamp) -> Result<(), Silence> {
        if let Some(until) = self.muted_until(leaf, at) {
            return Err(Silence::Muted { until });
        }
        if self.aside.contains(leaf) {
            return Err(Silence::Aside);
        }
        match self.held.get(leaf) {
            Some(held) if !held.let_through.contains(message) => Err(Silence::Held),
            _ => Ok(()),
        }
    }

    /// Whether a participant may say this now. Hosts are not asked.
    pub fn may_speak(&self, leaf: &LeafKey, message: &MessageId, at: Timestamp) -> Result<(), Silence> {
        self.may_be_heard(leaf, message, at)?;
        let until = self.spoke.get(leaf).map(|spoke| spoke.plus_ms(self.slow_ms));
        match until.filter(|until| self.slow_ms > 0 && *until > at) {
            Some(until) => Err(Silence::Slow { until }),
            None => Ok(()),
        }
    }

    /// A participant has said this.
    pub fn spoke(&mut self, leaf: LeafKey, message: &MessageId, at: Timestamp) {
        self.spoke.insert(leaf, at);
        let Some(held) = self.held.get_mut(&leaf) else { return };
        held.let_through.retain(|let_through| let_through != message);
        if let Some(left) = &mut held.left {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.held.remove(&leaf);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId([1; 16]);
    const TULIP: LeafKey = LeafKey([2; 32]);
    const IRIS: LeafKey = LeafKey([3; 32]);
    const BEGIN: Timestamp = Timestamp(1_000_000);

    fn words(number: u8) -> MessageId {
        MessageId([number; 16])
    }

    fn floor(measures: &[Measure]) -> Floor {
        let mut floor = Floor::default();
        for measure in measures {
            rules(&mut floor, measure.clone(), BEGIN);
        }
        floor
    }

    fn rules(floor: &mut Floor, measure: Measure, at: Timestamp) {
        let key = SigningKey::from_bytes(&[9; 32]);
        floor.apply(&Ruling::new(&key, ROOM, floor.number() + 1, measure), at);
    }

    #[test]
    fn a_ruling_counts_in_its_room_and_place_only() {
        let key = SigningKey::from_bytes(&[9; 32]);
        let ruling = Ruling::new(&key, ROOM, 4, Measure::Mute { leaf: TULIP });
        assert!(ruling.verify(ROOM));
        assert!(!ruling.verify(RoomId([8; 16])));
        for forged in [
            Ruling { number: 5, ..ruling.clone() },
            Ruling { measure: Measure::Mute { leaf: IRIS }, ..ruling.clone() },
            Ruling { by: TULIP, ..ruling.clone() },
        ] {
            assert!(!forged.verify(ROOM));
        }
    }

    #[test]
    fn who_is_muted_is_heard_again_after_ten_minutes_or_when_a_host_says_so() {
        let mut floor = floor(&[Measure::Mute { leaf: TULIP }]);
        let until = BEGIN.plus_ms(MUTE_MS);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Err(Silence::Muted { until }));
        assert_eq!(floor.may_speak(&IRIS, &words(1), BEGIN), Ok(()));
        assert_eq!(floor.may_speak(&TULIP, &words(1), until), Ok(()));
        rules(&mut floor, Measure::Unmute { leaf: TULIP }, BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Ok(()));
    }

    #[test]
    fn in_a_slow_room_everybody_waits_after_her_own_words_and_not_after_others() {
        let mut floor = floor(&[Measure::Slow { seconds: 20 }]);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Ok(()));
        floor.spoke(TULIP, &words(1), BEGIN);
        let until = BEGIN.plus_ms(20_000);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN.plus_ms(19_999)), Err(Silence::Slow { until }));
        assert_eq!(floor.may_speak(&IRIS, &words(3), BEGIN.plus_ms(1)), Ok(()));
        assert_eq!(floor.may_speak(&TULIP, &words(2), until), Ok(()));
        assert_eq!(floor.may_be_heard(&TULIP, &words(2), BEGIN), Ok(()), "the pace is the relay's to keep");
        rules(&mut floor, Measure::Slow { seconds: 0 }, BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN), Ok(()));
    }

    #[test]
    fn who_is_held_says_what_was_let_through_once_and_nothing_else() {
        let through = Measure::LetThrough { leaf: TULIP, message: words(1) };
        let mut floor = floor(&[Measure::Hold { leaf: TULIP }, through]);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN), Err(Silence::Held));
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Ok(()));
        floor.spoke(TULIP, &words(1), BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Err(Silence::Held));
        rules(&mut floor, Measure::Release { leaf: TULIP }, BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN), Ok(()));
    }

    #[test]
    fn a_newcomer_speaks_for_herself_after_as_many_messages_as_the_hosts_wanted_to_see() {
        let mut floor = floor(&[Measure::Newcomers { words: 2 }]);
        floor.joined(TULIP);
        for number in 1..=2 {
            assert_eq!(floor.may_speak(&TULIP, &words(number), BEGIN), Err(Silence::Held));
            rules(&mut floor, Measure::LetThrough { leaf: TULIP, message: words(number) }, BEGIN);
            assert_eq!(floor.may_speak(&TULIP, &words(number), BEGIN), Ok(()));
            floor.spoke(TULIP, &words(number), BEGIN);
        }
        assert_eq!(floor.may_speak(&TULIP, &words(3), BEGIN), Ok(()));
    }

    #[test]
    fn a_newcomer_who_is_held_by_name_stays_held() {
        let mut floor = floor(&[Measure::Newcomers { words: 1 }]);
        floor.joined(TULIP);
        rules(&mut floor, Measure::LetThrough { leaf: TULIP, message: words(1) }, BEGIN);
        rules(&mut floor, Measure::Hold { leaf: TULIP }, BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Ok(()), "what was let through stays so");
        floor.spoke(TULIP, &words(1), BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN), Err(Silence::Held));
    }

    #[test]
    fn who_talks_with_a_host_alone_says_nothing_here_until_she_is_back() {
        let mut floor = floor(&[Measure::Aside { leaf: TULIP }]);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN.plus_ms(MUTE_MS)), Err(Silence::Aside));
        assert_eq!(floor.may_speak(&IRIS, &words(2), BEGIN), Ok(()));
        rules(&mut floor, Measure::Back { leaf: TULIP }, BEGIN);
        assert_eq!(floor.may_speak(&TULIP, &words(1), BEGIN), Ok(()));
    }

    #[test]
    fn who_was_muted_and_is_let_through_stays_silent() {
        let through = Measure::LetThrough { leaf: TULIP, message: words(1) };
        let floor = floor(&[Measure::Hold { leaf: TULIP }, through, Measure::Mute { leaf: TULIP }]);
        assert!(matches!(floor.may_speak(&TULIP, &words(1), BEGIN), Err(Silence::Muted { .. })));
    }

    #[test]
    fn an_older_ruling_takes_nothing_back() {
        let key = SigningKey::from_bytes(&[9; 32]);
        let mut floor = floor(&[Measure::Hold { leaf: TULIP }, Measure::Mute { leaf: IRIS }]);
        floor.apply(&Ruling::new(&key, ROOM, 2, Measure::Release { leaf: TULIP }), BEGIN);
        assert!(floor.is_held(&TULIP));
    }

    #[test]
    fn figures_beyond_their_limits_change_nothing() {
        for measure in [
            Measure::Slow { seconds: SLOW_SECONDS_MIN - 1 },
            Measure::Slow { seconds: SLOW_SECONDS_MAX + 1 },
            Measure::Newcomers { words: HELD_WORDS_MAX + 1 },
        ] {
            assert!(!measure.is_sound());
            assert_eq!(floor(std::slice::from_ref(&measure)), Floor::default(), "{measure:?}");
        }
    }

    #[test]
    fn nothing_is_remembered_of_who_is_gone() {
        let mut floor = floor(&[
            Measure::Hold { leaf: TULIP },
            Measure::Mute { leaf: TULIP },
            Measure::Slow { seconds: 30 },
        ]);
        floor.spoke(TULIP, &words(1), BEGIN);
        floor.gone(&TULIP);
        assert_eq!(floor.may_speak(&TULIP, &words(2), BEGIN), Ok(()));
    }
}
