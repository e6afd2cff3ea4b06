//! A host's measures on their way into the log, and the floor as everybody reads it there.

use lotgenoot_messages as ui;
use lotgenoot_protocol::floor::{Floor, Measure, Ruling};
use lotgenoot_protocol::frame::{Entry, PutRuling, Request};
use lotgenoot_protocol::limits::{CLOSED_KEPT_MS, SESSION_MS_MAX};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::session::{Closed, SessionNotice, SessionState, Stage};
use lotgenoot_protocol::words::Words;
use lotgenoot_protocol::{LeafKey, MessageId, RequestId, SessionId, Timestamp, codec};

use minicbor::{Decode, Encode};

use super::{Happened, Leaving, OnStage, Room, World};
use crate::group::MemberLeaf;
use crate::requests::Purpose;
use crate::show;

// Each leaf at a moment of its own.
const GO_WITHIN_MS: u64 = 600_000;

/// What a host has ruled and the log does not have yet.
#[derive(Default)]
pub(super) struct Ruler {
    // The request, and the number it asked for.
    under_way: Option<(RequestId, u64)>,
    // Somebody else has this number: hers is read first.
    taken: u64,
}

// Rulings that are kept for a floor that is on its way.
const RULINGS_KEPT: usize = 256;

/// When the session ends, as far as that is known.
#[derive(Clone, Copy, Default, Encode, Decode)]
pub(super) struct Ends {
    #[n(0)]
    at: Option<Timestamp>,
    // The relay has said that it is soon.
    #[n(1)]
    soon: bool,
}

impl Room {
    /// A host wants this, with moments by her device's clock.
    pub(crate) fn rule_from_here(&mut self, measure: Measure, world: &mut World<'_>) {
        let measure = match measure {
            // As she meant it, by a clock that may not be the relay's.
            Measure::Until { at } => Measure::Until { at: world.at_relay(at) },
            measure => measure,
        };
        self.rule(measure, world);
    }

    /// A host wants it to end then, by everybody's clock; never later than a session can last.
    pub(crate) fn ends_as_planned(&mut self, at: Timestamp, world: &mut World<'_>) {
        self.rule(Measure::Until { at }, world);
    }

    /// A host wants this. It is asked for until the log has it or the relay refuses.
    pub(crate) fn rule(&mut self, measure: Measure, world: &mut World<'_>) {
        if self.kind() == Some(RoomKind::Stage) && self.is_over() {
            return;
        }
        let latest = world.at_relay(world.now).plus_ms(SESSION_MS_MAX - 60_000);
        let measure = match measure {
            Measure::Until { at } => Measure::Until { at: at.min(latest) },
            measure => measure,
        };
        self.measures.push_back(measure);
        self.unsaved.wishes_now();
        self.work(world);
    }

    // One at a time: each has the number after the last one that was read.
    pub(super) fn rule_if_wanted(&mut self, world: &mut World<'_>) {
        let number = self.floor.number().max(self.rulings_told).saturating_add(1);
        if self.ruler.under_way.is_some() || number <= self.ruler.taken {
            return;
        }
        let Some(measure) = self.measures.front().cloned() else { return };
        let ruling = Ruling::new(&self.leaf.key, self.id, number, measure);
        let request = Request::PutRuling(PutRuling { room: self.id, ruling });
        self.ruler.under_way = Some((world.requests.ask(Purpose::Rule(self.id), request), number));
    }

    /// Another host has ruled meanwhile: once hers is read, this one is made anew. Returns whether it cannot be read, for
    /// this client was away from the log: then the relay is to say once more how many there were.
    pub(crate) fn rule_again(&mut self, asked: RequestId, world: &mut World<'_>) -> bool {
        let Some((_, number)) = self.ruler.under_way.take_if(|(request, _)| *request == asked) else {
            return false;
        };
        self.ruler.taken = number;
        self.work(world);
        self.rulings_since.is_some()
    }

    /// Its first ruling: it opens to everybody as soon as the relay has it.
    pub(crate) fn opens_at_once(&mut self) {
        self.measures.push_back(Measure::Open { alone: true, unstaffed: true, session: None });
    }

    /// When this client leaves by itself, for the session has been over for a while.
    pub(super) fn over_at(&self) -> Option<Timestamp> {
        let after = match self.kind() {
            Some(RoomKind::Peer) => CLOSED_KEPT_MS,
            Some(RoomKind::Stage) => CLOSED_KEPT_MS + self.turn_to_go(),
            Some(RoomKind::Line | RoomKind::Help) | None => return None,
        };
        let stays = self.leaving == Leaving::No && !self.stopped;
        self.closed_at.filter(|_| stays).map(|at| at.plus_ms(after))
    }

    // Hundreds do not all go at one moment.
    fn turn_to_go(&self) -> u64 {
        let LeafKey(key) = self.leaf.public();
        u64::from_be_bytes(*key.first_chunk().unwrap_or(&[0; 8])) % GO_WITHIN_MS
    }

    /// Who is here may have changed: what the relay counted then says nothing now.
    pub(super) fn attended_otherwise(&mut self) {
        self.not_attended = None;
    }

    /// Whether people talk here now, or will as soon as a host is back.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.session, ui::SessionView::Open | ui::SessionView::Frozen)
    }

    /// How it is led, for the room it goes on in. Newcomers are not read first there: those who move are none.
    pub(crate) fn led_like(&self) -> Vec<Measure> {
        let seconds = u8::try_from(self.floor.slow_ms() / 1000).unwrap_or_default();
        let slow = (seconds > 0).then_some(Measure::Slow { seconds });
        slow.into_iter().chain(self.ends.at.map(|at| Measure::Until { at })).collect()
    }

    /// What holds for somebody here, to be ruled about her leaf elsewhere.
    pub(crate) fn ruled_about(&self, member: &LeafKey, leaf: LeafKey, now: Timestamp) -> Vec<Measure> {
        let muted = self.floor.muted_until(member, now).map(|_| Measure::Mute { leaf });
        let held = self.floor.is_held_by_name(member).then_some(Measure::Hold { leaf });
        let aside = self.floor.aside().any(|aside| aside == *member).then_some(Measure::Aside { leaf });
        muted.into_iter().chain(held).chain(aside).collect()
    }

    /// It does not open: so many hosts read it, and whether a professional can be reached.
    pub(crate) fn was_not_attended(&mut self, hosts: u32, professional: bool, world: &mut World<'_>) {
        self.not_attended = Some((hosts, professional));
        self.show(world);
    }

    /// The relay refuses it for good. Returns whether that is news.
    pub(crate) fn ruling_refused(&mut self, asked: RequestId, world: &mut World<'_>) -> bool {
        let refused = self.ruler.under_way.take_if(|(request, _)| *request == asked).is_some();
        if refused {
            let opens = matches!(self.measures.pop_front(), Some(Measure::Open { .. }));
            // What does not open has no end.
            self.measures.pop_front_if(|next| opens && matches!(next, Measure::Until { .. }));
            self.unsaved.wishes_now();
            self.work(world);
        }
        refused
    }

    // Who may speak, by the signed word of a host who is here.
    pub(super) fn handle_ruling(&mut self, entry: &Entry, world: &mut World<'_>) -> Vec<Happened> {
        let ruling = codec::from_slice::<Ruling>(&entry.body.0).filter(|ruling| ruling.verify(self.id));
        if self.kind() == Some(RoomKind::Stage) {
            ruling.into_iter().for_each(|ruling| self.handle_end_of_stage(&ruling, entry, world));
            return Vec::new();
        }
        let Some(ruling) = ruling.filter(|_| self.kind() == Some(RoomKind::Peer)) else {
            return Vec::new();
        };
        let by = self.find(&ruling.by, world);
        if by.is_none_or(|member| member.standing.role() != Some(Role::Host)) {
            return Vec::new();
        }
        self.floor.apply(&ruling, entry.at);
        if let Some(since) = &mut self.rulings_since {
            since.push((ruling.clone(), entry.at));
            // A host who has added her says the floor soon; if none does, she takes what is passed on.
            if since.len() > RULINGS_KEPT {
                self.rulings_since = None;
            }
        }
        let me = self.leaf.public();
        let happened = match ruling.measure {
            Measure::LetThrough { leaf, message } => {
                if leaf == me {
                    self.let_through(Some(message), world);
                }
                vec![Happened::LetThrough(message)]
            }
            Measure::Open { unstaffed, .. } => {
                (self.session, self.unstaffed) = (ui::SessionView::Open, unstaffed);
                self.not_attended = None;
                Vec::new()
            }
            Measure::Release { leaf } if leaf == me => {
                self.let_through(None, world);
                Vec::new()
            }
            _ => Vec::new(),
        };
        if ruling.by == self.leaf.public() && self.measures.front() == Some(&ruling.measure) {
            self.measures.pop_front();
            self.unsaved.wishes_with_the_room();
            if let Some((request, _)) = self.ruler.under_way.take() {
                world.requests.answered(&request);
            }
        }
        self.show(world);
        self.work(world);
        happened
    }

    // A workshop is over, by the signed word of somebody who leads it.
    fn handle_end_of_stage(&mut self, ruling: &Ruling, entry: &Entry, world: &mut World<'_>) {
        let by = self.find(&ruling.by, world).and_then(|by| by.standing.role());
        let leads = matches!(by, Some(Role::Host | Role::Presenter));
        if !leads || ruling.measure != (Measure::End {}) {
            return;
        }
        self.session = ui::SessionView::Closed { unattended: false };
        self.closed_at.get_or_insert(Timestamp(world.here(entry.at)).min(world.now));
        // Another one who leads may have wanted it too.
        self.measures.clear();
        self.unsaved.wishes_with_the_room();
        if let Some((request, _)) = self.ruler.under_way.take() {
            world.requests.answered(&request);
        }
        self.on_stage(entry.seq, ruling.by, true, &OnStage::End, world);
        self.show(world);
    }

    // The relay's word: it can only take away.
    pub(super) fn handle_session_notice(&mut self, entry: &Entry, world: &mut World<'_>) {
        let Some(notice) = codec::from_slice::<SessionNotice>(&entry.body.0) else { return };
        match notice {
            SessionNotice::Frozen => self.session = ui::SessionView::Frozen,
            SessionNotice::GoesOn => self.session = ui::SessionView::Open,
            SessionNotice::EndsSoon => self.ends.soon = true,
            SessionNotice::Ends { at } => self.ends = Ends { at: Some(at), soon: false },
            SessionNotice::Closed { why } => {
                self.session = ui::SessionView::Closed { unattended: why == Closed::Unattended };
                self.closed_at.get_or_insert(Timestamp(world.here(entry.at)).min(world.now));
            }
            SessionNotice::Away { .. } | SessionNotice::Back | SessionNotice::PlaceFree => {
                self.handle_place_notice(notice, entry, world);
            }
        }
        self.show(world);
    }

    /// A host stays on elsewhere until then.
    pub(crate) fn stays(&mut self, until: Timestamp, world: &mut World<'_>) {
        self.stays_until = Some(until);
        self.show(world);
    }

    /// How it stands with the session, for whoever has not read how it came to be so.
    pub(crate) fn session_told(&mut self, told: &SessionState, world: &World<'_>) {
        if let Stage::Closed { at, .. } = told.stage {
            self.closed_at.get_or_insert(Timestamp(world.here(at)).min(world.now));
        }
        self.rulings_told = told.rulings;
        self.unstaffed = told.unstaffed;
        self.session = match told.stage {
            Stage::Open => ui::SessionView::Open,
            Stage::Waiting => ui::SessionView::Waiting,
            Stage::Frozen { .. } => ui::SessionView::Frozen,
            Stage::Closed { why, .. } => ui::SessionView::Closed { unattended: why == Closed::Unattended },
        };
        if self.ends.at != told.ends_at {
            self.ends = Ends { at: told.ends_at, soon: false };
        }
    }

    /// The floor as a host says it is, for somebody who has come in or come back. What was ruled since then is in the log.
    pub(crate) fn floor_told(&mut self, floor: Floor, world: &mut World<'_>) {
        // Who has read what was ruled needs nobody's word for it; and there is no floor of rulings that nobody made.
        let Some(since) = &self.rulings_since else { return };
        let made =
            since.iter().map(|(ruling, _)| ruling.number).max().unwrap_or_default().max(self.rulings_told);
        if floor.number() > made {
            return;
        }
        let since = self.rulings_since.take().unwrap_or_default();
        self.floor = floor;
        since.iter().for_each(|(ruling, at)| self.floor.apply(ruling, *at));
        self.unsaved.room_by(world.now);
        self.show(world);
        self.work(world);
    }

    /// What a host says to those who have just come in, if there is anything to say.
    pub(crate) fn floor_for_newcomers(&self) -> Option<Floor> {
        // Who does not know it herself tells nobody.
        let knows = self.rulings_since.is_none() && self.floor.number() > 0;
        knows.then(|| self.floor.for_newcomers())
    }

    /// She was away from the log: what was ruled meanwhile is not known, and what is passed on is taken.
    pub(super) fn floor_is_unknown(&mut self) {
        (self.floor, self.rulings_since) = (Floor::default(), Some(Vec::new()));
        self.ruler = Ruler::default();
    }

    /// This client's own words are in the log.
    pub(super) fn spoke(&mut self, words: &MessageId, at: Timestamp, world: &mut World<'_>) {
        let me = self.leaf.public();
        let was_held = self.floor.is_held(&me);
        self.floor.spoke(me, words, at);
        // As many were let through as hosts wanted to see: what else waits goes by itself.
        if was_held && !self.floor.is_held(&me) {
            self.let_through(None, world);
            self.work(world);
        }
    }

    // Somebody who is muted or held, and a relay that let it pass all the same, is not heard.
    pub(super) fn is_heard(&self, from: &MemberLeaf, words: &Words, at: Timestamp) -> bool {
        if !words.are_by(&from.key, self.id) {
            return false;
        }
        // On a stage those who lead talk; the others ask.
        if self.kind() == Some(RoomKind::Stage) {
            return matches!(from.standing.role(), Some(Role::Host | Role::Presenter));
        }
        let asked = self.kind() == Some(RoomKind::Peer) && from.standing.role() != Some(Role::Host);
        !asked || self.floor.may_be_heard(&from.key, &words.id(), at).is_ok()
    }

    /// Whether the log has let this client say these words, as far as it was read. Unknown counts as not.
    pub(crate) fn knows_that_she_may_say(&self, words: &MessageId, now: Timestamp) -> bool {
        let told = self.floor.number() > 0 && self.rulings_since.is_none();
        told && self.floor.may_be_heard(&self.leaf.public(), words, now).is_ok()
    }

    pub(super) fn floor_view(&self, world: &World<'_>) -> ui::FloorView {
        let id = |leaf: LeafKey| show::hex(&leaf.0);
        ui::FloorView {
            slow_seconds: u8::try_from(self.floor.slow_ms() / 1000).unwrap_or(u8::MAX),
            newcomers: self.floor.newcomers(),
            muted: self.floor.muted().map(|(leaf, until)| (id(leaf), world.here(until))).collect(),
            held: self.floor.held().map(id).collect(),
            aside: self.floor.aside().map(id).collect(),
            // Lines and help rooms are open for as long as they are there; stages until they are over.
            session: match self.kind() {
                Some(RoomKind::Peer) => self.session,
                Some(RoomKind::Stage) if self.is_over() => self.session,
                _ => ui::SessionView::Open,
            },
            ends_at: self.ends.at.map(|at| world.here(at)),
            ends_soon: self.ends.soon,
            unstaffed: self.unstaffed,
            not_attended: self.not_attended.map(|(hosts, _)| hosts),
        }
    }
}

/// A measure of the interface, if it names its members as they are named.
pub(crate) fn measure(said: &ui::Measure) -> Option<Measure> {
    let leaf = |member: &str| show::unhex(member).map(LeafKey);
    Some(match said {
        ui::Measure::Slow { seconds } => Measure::Slow { seconds: *seconds },
        ui::Measure::Mute { member } => Measure::Mute { leaf: leaf(member)? },
        ui::Measure::Unmute { member } => Measure::Unmute { leaf: leaf(member)? },
        ui::Measure::Hold { member } => Measure::Hold { leaf: leaf(member)? },
        ui::Measure::Release { member } => Measure::Release { leaf: leaf(member)? },
        ui::Measure::Newcomers { words } => Measure::Newcomers { words: *words },
        ui::Measure::Until { at } | ui::Measure::UntilPlanned { at } => Measure::Until { at: Timestamp(*at) },
        ui::Measure::End => Measure::End {},
        ui::Measure::Aside { member } => Measure::Aside { leaf: leaf(member)? },
        ui::Measure::Back { member } => Measure::Back { leaf: leaf(member)? },
        ui::Measure::Open { alone, unstaffed, session } => Measure::Open {
            alone: *alone,
            unstaffed: *unstaffed,
            session: session.as_deref().and_then(show::unhex).map(SessionId),
        },
        ui::Measure::LetThrough { member, message } => {
            Measure::LetThrough { leaf: leaf(member)?, message: show::unhex(message).map(MessageId)? }
        }
    })
}
