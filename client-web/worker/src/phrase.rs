//! Phrases: drawn, looked at while they are typed, and turned into keys round by round, so that the page hears how far
//! it is and the sockets are looked after in between.

use lotgenoot_client::messages::{Event, Return, TypedWord};
use lotgenoot_client::phrase::{self, NotAPhrase, Phrase, Stretch, Typed};
use lotgenoot_client::vault::{DeviceSecret, SlotKeys};
use lotgenoot_protocol::role::OrganisationId;
use wasm_bindgen::prelude::*;

use crate::edge::{post, timeout};
use crate::way_back::Way;

/// The phrase that was drawn, and one that is being turned into keys.
pub(crate) struct Phrases {
    drawn: Option<Phrase>,
    stretching: Option<(Stretch, Way)>,
    device: Option<String>,
    on_round: Closure<dyn FnMut()>,
}

impl Phrases {
    pub(crate) fn new() -> Self {
        let on_round = Closure::new(|| crate::with_edge(crate::edge::Edge::stretch));
        Self { drawn: None, stretching: None, device: None, on_round }
    }

    pub(crate) fn draw(&mut self) {
        let drawn = Phrase::draw(|| {
            let [first, second, ..] = lotgenoot_client::random_seed();
            [first, second]
        });
        let words = drawn.words().map(str::to_owned).to_vec();
        post(&Event::Phrase { words, digits: drawn.digits().to_vec() });
        self.drawn = Some(drawn);
    }

    pub(crate) fn look_at(&self, typed: &str) {
        let mut looked_at = phrase::look_at(typed);
        // A word that she is in the middle of is no slip yet: a hint that comes and goes moves what is below it.
        if !typed.ends_with(char::is_whitespace)
            && let Some(last) = looked_at.last_mut()
        {
            *last = Typed::Known;
        }
        let words = looked_at.into_iter().map(|word| match word {
            Typed::Known => TypedWord::Known,
            Typed::Meant(words) => TypedWord::Meant(words.into_iter().map(str::to_owned).collect()),
            Typed::Unknown => TypedWord::Unknown,
        });
        post(&Event::Typed { words: words.collect() });
    }

    pub(crate) fn keep(&mut self, organisation: OrganisationId) {
        if let Some(phrase) = self.drawn.take() {
            self.begin(&phrase, organisation, Way::Keep);
        }
    }

    pub(crate) fn return_by(&mut self, typed: &str, organisation: OrganisationId) {
        match Phrase::read(typed) {
            Ok(phrase) => {
                post(&Event::Return(Return::Looking));
                self.begin(&phrase, organisation, Way::Phrase);
            }
            Err(NotAPhrase::Count(count)) => {
                post(&Event::Return(Return::Count(u32::try_from(count).unwrap_or(u32::MAX))));
            }
            Err(NotAPhrase::Words(_)) => post(&Event::Return(Return::Words)),
            Err(NotAPhrase::Digits) => post(&Event::Return(Return::Digits)),
        }
    }

    /// Does one round; the keys, when it was the last.
    pub(crate) fn round(&mut self) -> Option<(SlotKeys, Way)> {
        let (mut stretch, way) = self.stretching.take()?;
        let before = stretch.progress();
        let keys = stretch.round();
        post(&Event::Stretching { permille: stretch.progress() });
        match keys {
            Some(keys) => Some((keys, way)),
            None if stretch.progress() > before => {
                self.stretching = Some((stretch, way));
                self.next();
                None
            }
            // No memory for it now.
            None => {
                post(&Event::Return(Return::NotNow));
                None
            }
        }
    }

    /// This device and a PIN are to lead back later.
    pub(crate) fn keep_device(&mut self, pin: &str) {
        let device = DeviceSecret(lotgenoot_client::random_seed().into());
        self.device = Some(device.to_text());
        self.stretching = Some((Stretch::of_device(device, pin), Way::KeepDevice));
        self.next();
    }

    /// By this device and a PIN.
    pub(crate) fn return_by_device(&mut self, device: DeviceSecret, pin: &str) {
        post(&Event::Return(Return::Looking));
        self.stretching = Some((Stretch::of_device(device, pin), Way::Device));
        self.next();
    }

    /// The device that was to be kept.
    pub(crate) fn take_device(&mut self) -> Option<DeviceSecret> {
        DeviceSecret::from_text(&self.device.take()?)
    }

    fn begin(&mut self, phrase: &Phrase, organisation: OrganisationId, way: Way) {
        self.stretching = Some((Stretch::begin(phrase, organisation), way));
        post(&Event::Stretching { permille: 0 });
        self.next();
    }

    fn next(&self) {
        let _timer = timeout(&self.on_round, 0);
    }
}
