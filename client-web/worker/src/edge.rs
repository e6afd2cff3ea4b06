//! Carries bytes, time and words between the browser and the mailboxes, each on a socket of its own, and finds them first
//! if this tab was here before.

use js_sys::Uint8Array;
use lotgenoot_client::messages::{Command, Connection, Event, Return, to_bytes};
use lotgenoot_client::vault::DeviceSecret;
use lotgenoot_client::{Identity, Link, Mailbox, Mailboxes, Member, Options, Read};
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use crate::backoff::Backoff;
use crate::clock;
use crate::phrase::Phrases;
use crate::socket::Socket;
use crate::way_back::{Way, WayBack};

// Hashes of the proof of work between two looks at the socket and the page: a few milliseconds.
const TRIES: u32 = 4_000;
// Browsers hold timers of hidden tabs back; nothing here waits longer than this for one.
const TIMER_MS_MAX: u64 = 15_000;

/// The mailboxes and their sockets, or the way to them.
pub(crate) struct Edge {
    url: String,
    host: String,
    // What the address said; none for a tab that came back by itself.
    link: Option<Link>,
    // What this device kept, if a member of staff chose so.
    device: Option<String>,
    mailboxes: Option<Mailboxes>,
    wires: Vec<Wire>,
    way_back: Option<WayBack>,
    phrases: Phrases,
    sockets: u32,
    backoff: Backoff,
    timer: Option<i32>,
    on_timer: Closure<dyn FnMut()>,
    redial: Option<i32>,
    on_redial: Closure<dyn FnMut()>,
    works: bool,
    on_work: Closure<dyn FnMut()>,
}

/// A mailbox's socket.
struct Wire {
    of: Mailbox,
    number: u32,
    socket: Socket,
}

impl Edge {
    /// As the link says, or as the tab remembers; not connected yet. A link that says nothing useful is refused in
    /// words.
    pub(crate) fn start(
        url: &str,
        fragment: &str,
        tab: Option<&str>,
        device: Option<String>,
    ) -> Option<Self> {
        let host = host(url)?;
        let link = Link::parse(fragment);
        let way_back = tab.and_then(|tab| WayBack::of_tab(tab, &host));
        let mut edge = Self {
            url: url.to_owned(),
            host,
            link,
            device,
            mailboxes: None,
            wires: Vec::new(),
            way_back,
            phrases: Phrases::new(),
            sockets: 0,
            backoff: Backoff::new(),
            timer: None,
            on_timer: Closure::new(|| {
                crate::with_edge(|edge| {
                    edge.mailboxes.iter_mut().for_each(|both| both.handle_timeout(now()));
                });
            }),
            redial: None,
            on_redial: Closure::new(|| crate::with_edge(Self::connect)),
            works: false,
            on_work: Closure::new(|| {
                crate::with_edge(|edge| {
                    edge.works = false;
                    let members = edge.mailboxes.iter_mut().flat_map(Mailboxes::each);
                    members.for_each(|member| member.work(TRIES));
                });
            }),
        };
        if edge.way_back.is_some() {
            post(&Event::Return(Return::Looking));
        } else if !edge.begin_by_link() {
            post(&Event::Connection(Connection::Refused));
            return None;
        } else if edge.asks_for_pin() {
            post(&Event::Return(Return::Pin));
        }
        Some(edge)
    }

    // A device that a member of staff has chosen, and nothing that says who comes.
    fn asks_for_pin(&self) -> bool {
        let anybody = self.link.as_ref().is_some_and(|link| {
            link.staff.is_none() && link.coordinator.is_none() && link.invitation.is_none()
        });
        anybody && self.device.is_some()
    }

    /// Dials, for the way back or for whichever mailbox has no socket.
    pub(crate) fn connect(&mut self) {
        self.redial = None;
        let reached = match &mut self.way_back {
            Some(way_back) => {
                self.sockets += 1;
                way_back.dial(&self.url, self.sockets)
            }
            None => self.wire(),
        };
        if !reached {
            self.dial_later();
        }
    }

    // Whether every mailbox that wants a connection has a socket now.
    fn wire(&mut self) -> bool {
        let mut all = true;
        for of in Mailbox::ALL {
            let wants = |both: &Mailboxes| both.get(of).is_some_and(Member::wants_connection);
            if !self.mailboxes.as_ref().is_some_and(wants) || self.wires.iter().any(|wire| wire.of == of) {
                continue;
            }
            self.sockets += 1;
            match Socket::dial(&self.url, self.sockets) {
                Some(socket) => self.wires.push(Wire { of, number: self.sockets, socket }),
                None => all = false,
            }
        }
        all
    }

    pub(crate) fn opened(&mut self, number: u32) {
        if self.way_back.as_mut().is_some_and(|way_back| way_back.opened(number)) {
            return;
        }
        if let Some(member) = self.member(number) {
            member.connected(now());
        }
    }

    pub(crate) fn heard(&mut self, number: u32, bytes: &[u8]) {
        if let Some(way_back) = self.way_back.as_mut().filter(|way_back| way_back.is(number)) {
            if let Some(read) = way_back.heard(bytes) {
                self.arrive(read);
            }
            return;
        }
        let Some(member) = self.member(number) else { return };
        let heard = member.handle_frame(bytes, now());
        // What follows from it may ask the library.
        clock::is_ahead_by(member.ahead_ms());
        // A relay that is there and refuses everybody is not asked four times a second.
        if member.is_signed_in() {
            self.backoff.succeeded();
        }
        if heard.is_err() {
            self.hang_up(number);
        }
    }

    pub(crate) fn closed(&mut self, number: u32) {
        if self.way_back.as_ref().is_some_and(|way_back| way_back.is(number)) {
            self.arrive(Read::NotNow);
        } else {
            self.hang_up(number);
        }
    }

    // Whose socket this is.
    fn member(&mut self, number: u32) -> Option<&mut Member> {
        let of = self.wires.iter().find(|wire| wire.number == number)?.of;
        self.mailboxes.as_mut()?.get_mut(of)
    }

    pub(crate) fn command(&mut self, command: Command) {
        match command {
            Command::DrawPhrase => self.phrases.draw(),
            Command::LookAt { typed } => self.phrases.look_at(&typed),
            Command::KeepPhrase => {
                if let Some(organisation) = self.organisation() {
                    self.phrases.keep(organisation);
                }
            }
            Command::ReturnBy { typed } => {
                if let Some(organisation) = self.organisation() {
                    self.phrases.return_by(&typed, organisation);
                }
            }
            Command::KeepOnDevice { pin } => self.phrases.keep_device(&pin),
            Command::ReturnByDevice { pin } => {
                if let Some(device) = self.device.as_deref().and_then(DeviceSecret::from_text) {
                    self.phrases.return_by_device(device, &pin);
                }
            }
            command => {
                let takes_over = command == Command::TakeOver;
                if let Some(both) = &mut self.mailboxes {
                    both.command(command, now());
                }
                if takes_over {
                    self.connect();
                }
            }
        }
    }

    /// One round of turning a phrase into keys.
    pub(crate) fn stretch(&mut self) {
        match self.phrases.round() {
            Some((keys, Way::Keep)) => {
                if let Some(both) = &mut self.mailboxes {
                    both.own().keep_phrase(keys, now());
                }
            }
            Some((keys, Way::KeepDevice)) => {
                if let (Some(device), Some(both)) = (self.phrases.take_device(), &mut self.mailboxes) {
                    both.own().keep_device(keys, &device, now());
                }
            }
            Some((keys, way)) => {
                self.way_back = Some(WayBack::new(keys, way, &self.host));
                self.connect();
            }
            None => {}
        }
    }

    /// Whatever follows: bytes out, words to the page, the timer set anew.
    pub(crate) fn settle(&mut self) {
        self.way_back.iter_mut().for_each(WayBack::settle);
        let Some(both) = &mut self.mailboxes else { return };
        both.settle(now());
        // One that has ended has no use for its socket.
        self.wires.retain(|wire| both.get(wire.of).is_some());
        let dead = |wire: &&Wire| both.get(wire.of).is_some_and(Member::wants_to_hang_up);
        let dead: Vec<u32> = self.wires.iter().filter(dead).map(|wire| wire.number).collect();
        dead.into_iter().for_each(|number| self.hang_up(number));
        if self.way_back.is_none() && self.redial.is_none() && !self.wire() {
            self.dial_later();
        }
        let Some(both) = &mut self.mailboxes else { return };
        for wire in &self.wires {
            let Some(member) = both.get_mut(wire.of) else { continue };
            while let Some(bytes) = member.poll_transmit() {
                wire.socket.send(&bytes);
            }
        }
        while let Some(event) = both.poll_event() {
            post(&event);
        }
        if both.each().any(|member| member.has_work()) && !self.works {
            self.works = timeout(&self.on_work, 0).is_some();
        }
        self.set_timer();
    }

    // The slot was read, or could not be.
    fn arrive(&mut self, read: Read) {
        let Some(way_back) = self.way_back.take() else { return };
        let way = way_back.way;
        match read {
            Read::Found(found) => {
                post(&Event::Return(Return::Found));
                self.be(Identity::returning(found.root, found.secret), way == Way::Tab);
                self.backoff.succeeded();
                self.connect();
            }
            Read::Nothing if way == Way::Device => {
                post(&Event::Return(Return::Pin));
                self.connect();
            }
            // A slot that was forgotten, or a phrase that was never used: a mailbox like any other, and empty.
            Read::Nothing => {
                post(&Event::Return(Return::Nothing));
                let there = self.mailboxes.is_some() || self.begin_by_link();
                if let (Way::Phrase, Some(both)) = (way, &mut self.mailboxes) {
                    both.own().keep_phrase_later(way_back.into_keys());
                }
                if there { self.connect() } else { post(&Event::Connection(Connection::Refused)) }
            }
            Read::NotNow if way == Way::Tab => {
                post(&Event::Connection(Connection::Lost));
                self.way_back = Some(way_back);
                self.dial_later();
            }
            Read::NotNow => {
                post(&Event::Return(Return::NotNow));
                self.connect();
            }
        }
    }

    fn begin_by_link(&mut self) -> bool {
        let identity = self.link.as_ref().and_then(|link| match (&link.staff, &link.coordinator) {
            (Some((secret, certificate)), _) => Identity::staff(link.root, secret, certificate.clone()),
            (None, Some((secret, issuer))) => Identity::coordinator(link.root, secret, issuer),
            (None, None) => Some(Identity::person(link.root, lotgenoot_client::random_seed())),
        });
        let began = identity.map(|identity| self.be(identity, false)).is_some();
        let invitation = self.link.as_ref().and_then(|link| link.invitation.clone());
        if let (Some((secret, invitation)), Some(both)) = (invitation, &mut self.mailboxes) {
            both.own().carry_invitation(&secret, invitation);
        }
        began
    }

    fn be(&mut self, identity: Identity, tab_has_slot: bool) {
        self.wires.clear();
        let options = Options { host: self.host.clone(), suite: SUITE_POST_QUANTUM, tab_has_slot, ids: None };
        self.mailboxes = Some(Mailboxes::new(identity, options, now()));
    }

    fn organisation(&self) -> Option<lotgenoot_protocol::role::OrganisationId> {
        let known = self.mailboxes.as_ref().and_then(|both| both.get(Mailbox::Own)).map(Member::root);
        let root = known.or(self.link.as_ref().map(|link| link.root))?;
        Some(lotgenoot_protocol::role::OrganisationId::of(&root))
    }

    fn hang_up(&mut self, number: u32) {
        let Some(at) = self.wires.iter().position(|wire| wire.number == number) else { return };
        let wire = self.wires.swap_remove(at);
        if let Some(member) = self.mailboxes.as_mut().and_then(|both| both.get_mut(wire.of)) {
            member.disconnected(now());
            if member.wants_connection() {
                self.dial_later();
            }
        }
    }

    fn dial_later(&mut self) {
        if self.redial.is_none() {
            let wait_ms = self.backoff.next_ms(js_sys::Math::random());
            self.redial = timeout(&self.on_redial, wait_ms);
        }
    }

    fn set_timer(&mut self) {
        if let Some(timer) = self.timer.take() {
            scope().clear_timeout_with_handle(timer);
        }
        if let Some(due) = self.mailboxes.as_ref().and_then(Mailboxes::poll_timeout) {
            let wait_ms = due.ms_since(now()).min(TIMER_MS_MAX);
            self.timer = timeout(&self.on_timer, wait_ms as i32);
        }
    }
}

/// Tells the page.
pub(crate) fn post(event: &Event) {
    // The page is gone, or it listens; there is nothing in between.
    let _gone = scope().post_message(&Uint8Array::from(&to_bytes(event)[..]));
}

// The host name with its port, as the browser dials it: what the sign-in is bound to.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.split('/').next()?.to_ascii_lowercase())
}

fn now() -> Timestamp {
    Timestamp(clock::device_ms() as u64)
}

pub(crate) fn timeout(callback: &Closure<dyn FnMut()>, wait_ms: i32) -> Option<i32> {
    let callback = callback.as_ref().unchecked_ref();
    scope().set_timeout_with_callback_and_timeout_and_arguments_0(callback, wait_ms).ok()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
