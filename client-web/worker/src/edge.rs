//! Carries bytes, time and words between the browser and the member, and finds the member's mailbox first if this tab
//! was here before.

use lotgenoot_client::messages::{Command, Connection, Event, Return};
use lotgenoot_client::vault::DeviceSecret;
use lotgenoot_client::{Identity, Link, Member, Options, Read};
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use crate::backoff::Backoff;
use crate::phrase::Phrases;
use crate::socket::Socket;
use crate::way_back::{Way, WayBack};

// Hashes of the proof of work between two looks at the socket and the page: a few milliseconds.
const TRIES: u32 = 4_000;
// Browsers hold timers of hidden tabs back; nothing here waits longer than this for one.
const TIMER_MS_MAX: u64 = 15_000;

/// A member and her socket, or the way to her.
pub(crate) struct Edge {
    url: String,
    host: String,
    // What the address said; none for a tab that came back by itself.
    link: Option<Link>,
    // What this device kept, if a member of staff chose so.
    device: Option<String>,
    member: Option<Member>,
    socket: Option<Socket>,
    number: u32,
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
            member: None,
            socket: None,
            number: 0,
            way_back,
            phrases: Phrases::new(),
            sockets: 0,
            backoff: Backoff::new(),
            timer: None,
            on_timer: Closure::new(|| {
                crate::with_edge(|edge| {
                    edge.member.iter_mut().for_each(|member| member.handle_timeout(now()))
                });
            }),
            redial: None,
            on_redial: Closure::new(|| crate::with_edge(Self::connect)),
            works: false,
            on_work: Closure::new(|| {
                crate::with_edge(|edge| {
                    edge.works = false;
                    edge.member.iter_mut().for_each(|member| member.work(TRIES));
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

    /// Dials.
    pub(crate) fn connect(&mut self) {
        self.redial = None;
        self.sockets += 1;
        let number = self.sockets;
        let socket = match (&mut self.way_back, &self.member) {
            (Some(way_back), _) => way_back.dial(&self.url, number),
            (None, Some(member)) if member.wants_connection() => {
                self.number = number;
                self.socket = Socket::dial(&self.url, number);
                self.socket.is_some()
            }
            _ => return,
        };
        if !socket {
            self.dial_later();
        }
    }

    pub(crate) fn opened(&mut self, number: u32) {
        if self.way_back.as_mut().is_some_and(|way_back| way_back.opened(number)) {
            return;
        }
        if let Some(member) = self.member.as_mut().filter(|_| number == self.number) {
            self.backoff.succeeded();
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
        let Some(member) = self.member.as_mut().filter(|_| number == self.number) else { return };
        if member.handle_frame(bytes, now()).is_err() {
            self.hang_up();
        }
    }

    pub(crate) fn closed(&mut self, number: u32) {
        if self.way_back.as_ref().is_some_and(|way_back| way_back.is(number)) {
            self.arrive(Read::NotNow);
        } else if number == self.number {
            self.hang_up();
        }
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
                if let Some(member) = &mut self.member {
                    member.command(command, now());
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
                if let Some(member) = &mut self.member {
                    member.keep_phrase(keys, now());
                }
            }
            Some((keys, Way::KeepDevice)) => {
                if let (Some(device), Some(member)) = (self.phrases.take_device(), &mut self.member) {
                    member.keep_device(keys, &device, now());
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
        if self.member.as_ref().is_some_and(Member::wants_to_hang_up) {
            self.hang_up();
        }
        self.way_back.iter_mut().for_each(WayBack::settle);
        let Some(member) = &mut self.member else { return };
        if let Some(socket) = &self.socket {
            while let Some(bytes) = member.poll_transmit() {
                socket.send(&bytes);
            }
        }
        while let Some(event) = member.poll_event() {
            post(&event);
        }
        if member.has_work() && !self.works {
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
                let there = self.member.is_some() || self.begin_by_link();
                if let (Way::Phrase, Some(member)) = (way, &mut self.member) {
                    member.keep_phrase_later(way_back.into_keys());
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
        if let (Some((secret, invitation)), Some(member)) = (invitation, &mut self.member) {
            member.carry_invitation(&secret, invitation);
        }
        began
    }

    fn be(&mut self, identity: Identity, tab_has_slot: bool) {
        self.socket = None;
        let options = Options { host: self.host.clone(), suite: SUITE_POST_QUANTUM, tab_has_slot, ids: None };
        self.member = Some(Member::new(identity, options, now()));
    }

    fn organisation(&self) -> Option<lotgenoot_protocol::role::OrganisationId> {
        let root = self.member.as_ref().map(Member::root).or(self.link.as_ref().map(|link| link.root))?;
        Some(lotgenoot_protocol::role::OrganisationId::of(&root))
    }

    fn hang_up(&mut self) {
        self.socket = None;
        self.number = 0;
        if let Some(member) = &mut self.member {
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
        if let Some(due) = self.member.as_ref().and_then(Member::poll_timeout) {
            let wait_ms = due.ms_since(now()).min(TIMER_MS_MAX);
            self.timer = timeout(&self.on_timer, wait_ms as i32);
        }
    }
}

/// Tells the page.
pub(crate) fn post(event: &Event) {
    if let Ok(json) = serde_json::to_string(event) {
        // The page is gone, or it listens; there is nothing in between.
        let _gone = scope().post_message(&JsValue::from_str(&json));
    }
}

// The host name with its port, as the browser dials it: what the sign-in is bound to.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.split('/').next()?.to_ascii_lowercase())
}

fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

pub(crate) fn timeout(callback: &Closure<dyn FnMut()>, wait_ms: i32) -> Option<i32> {
    let callback = callback.as_ref().unchecked_ref();
    scope().set_timeout_with_callback_and_timeout_and_arguments_0(callback, wait_ms).ok()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
