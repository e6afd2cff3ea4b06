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
    // At a host: what was said to her in this life.
    #[cbor(skip)]
    told: Option<u8>,
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

    /// At a host: whether it is news to her that so many wait before her.
    pub(crate) fn place_is_news(&self, before: usize) -> bool {
        self.caught_up && self.waiting.told != Some(in_words(before))
    }

    /// At a host: says how many wait before her.
    pub(crate) fn tell_place(&mut self, before: usize, world: &mut World<'_>) {
        let before = in_words(before);
        self.waiting.told = Some(before);
        self.say(Content::Place { before }, world);
    }

    /// At the person: a host says how many wait before her.
    pub(crate) fn place_told(&mut self, before: u8, world: &mut World<'_>) {
        self.waiting.before = Some(before);
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
