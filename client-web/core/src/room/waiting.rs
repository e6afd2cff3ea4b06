//! A line as a waiting room: whether its person is there, since when she waits, and how many wait before her.

use lotgenoot_messages as ui;
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::frame::Entry;
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::session::SessionNotice;
use minicbor::{Decode, Encode};

use super::{Room, World};
use crate::content::Content;

// From here on, how many they are is not said: "some".
const SOME: u8 = 3;
// So long a host waits for each who is before her in the line to say it.
const DEPUTY_MS: u64 = 10_000;

/// How it stands with a line's person.
#[derive(Clone, Default, Encode, Decode)]
pub(crate) struct Waiting {
    #[n(0)]
    place: ui::PlaceView,
    // Since when she waits, by the relay's clock.
    #[n(1)]
    since: Option<Timestamp>,
    // At the person: so many wait before her, as a host has said.
    #[n(2)]
    before: Option<u8>,
    // At a host, in this life: what she has seen to it that is said, what another host has said, and what is to be
    // said when, should nobody say anything until then.
    #[cbor(skip)]
    told: Option<u8>,
    #[cbor(skip)]
    heard: Option<u8>,
    #[cbor(skip)]
    due: Option<(u8, Timestamp)>,
}

impl Waiting {
    /// What is shown of it.
    pub(super) fn view(&self) -> (ui::PlaceView, Option<u8>) {
        (self.place, self.before)
    }
}

impl Room {
    /// The relay's word on whether she is there.
    pub(super) fn handle_place_notice(&mut self, notice: SessionNotice, entry: &Entry, world: &World<'_>) {
        self.waiting.place = match notice {
            SessionNotice::Away { since } => ui::PlaceView::Away { since: world.here(since) },
            SessionNotice::PlaceFree => ui::PlaceView::Free,
            SessionNotice::Back => {
                // Whose place was free waits from now on.
                if self.waiting.place == ui::PlaceView::Free && self.waiting.since.is_some() {
                    self.waiting.since = Some(entry.at);
                }
                ui::PlaceView::Here
            }
            _ => return,
        };
    }

    /// At a host: she offers a KeyPackage. She waits from then on, if she did not before.
    pub(crate) fn begins_to_wait(&mut self, at: Timestamp) {
        let was_in = self.admitted_to.is_some();
        if was_in || self.waiting.since.is_none() {
            self.waiting.since = Some(at);
        }
    }

    /// At a host: since when its person waits to be let in, if she does and her place is kept.
    pub(crate) fn waits_since(&self) -> Option<Timestamp> {
        let waits = self.kind() == Some(RoomKind::Line) && self.offer.is_some() && self.admitted_to.is_none();
        self.waiting.since.filter(|_| waits && self.waiting.place != ui::PlaceView::Free)
    }

    /// At a host: when there may be something to say to her.
    pub(super) fn place_timeout(&self) -> Option<Timestamp> {
        let (_, at) = self.waiting.due?;
        (self.caught_up && self.waits_since().is_some()).then_some(at)
    }

    /// At a host who is none here, or not any more; or of a line whose person does not wait.
    pub(crate) fn tells_no_place(&mut self) {
        self.waiting.due = None;
    }

    /// At a host: so many wait before her. It is said by the first host of the line; by the next one if nobody has
    /// said anything for a while, and so on. Hosts need not see the same lines: only what is news to a host makes her
    /// speak, never what another one has said.
    pub(crate) fn tell_place(&mut self, before: usize, hosts_before: usize, world: &mut World<'_>) {
        let before = in_words(before);
        if !self.caught_up {
            return;
        }
        if self.waiting.told == Some(before) {
            self.waiting.due = None;
            return;
        }
        let wait = DEPUTY_MS.saturating_mul(u64::try_from(hosts_before).unwrap_or(u64::MAX));
        let at = match self.waiting.due {
            Some((due, at)) if due == before => at,
            _ => world.now.plus_ms(wait),
        };
        if hosts_before > 0 && self.waiting.heard == Some(before) {
            (self.waiting.told, self.waiting.due) = (Some(before), None);
        } else if at <= world.now {
            (self.waiting.told, self.waiting.due) = (Some(before), None);
            self.say(Content::Place { before }, world);
        } else {
            self.waiting.due = Some((before, at));
        }
    }

    /// A host says how many wait before her: to her, and to the other hosts, who then need not.
    pub(crate) fn place_told(&mut self, before: u8, world: &mut World<'_>) {
        self.waiting.before = Some(before);
        self.waiting.heard = Some(before);
        if let Some((due, _)) = self.waiting.due.take() {
            self.waiting.told = Some(due);
        }
        self.show(world);
    }
}

// Nobody, one or two, or some.
fn in_words(before: usize) -> u8 {
    match before {
        0 => 0,
        1 | 2 => 1,
        _ => SOME,
    }
}
