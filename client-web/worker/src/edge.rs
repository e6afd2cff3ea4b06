//! Carries bytes, time and words between the browser and the member.

use lotgenoot_client::{Identity, Link, Member, Options};
use lotgenoot_messages::{Command, Connection, Event};
use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::mls::SUITE_POST_QUANTUM;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

use crate::backoff::Backoff;
use crate::socket::Socket;

// Browsers hold timers of hidden tabs back; nothing here waits longer than this for one.
const TIMER_MS_MAX: u64 = 15_000;

/// A member and her socket.
pub(crate) struct Edge {
    member: Member,
    url: String,
    socket: Option<Socket>,
    number: u32,
    backoff: Backoff,
    timer: Option<i32>,
    on_timer: Closure<dyn FnMut()>,
    redial: Option<i32>,
    on_redial: Closure<dyn FnMut()>,
}

impl Edge {
    /// A member as the link says, not connected yet. A link that says nothing useful is refused in words.
    pub(crate) fn start(url: &str, fragment: &str) -> Option<Self> {
        let Some(identity) = identity(fragment) else {
            post(&Event::Connection(Connection::Refused));
            return None;
        };
        let host = host(url)?;
        let member = Member::new(
            identity,
            Options { host, suite: SUITE_POST_QUANTUM, tab_has_slot: false, ids: None },
            now(),
        );
        Some(Self {
            member,
            url: url.to_owned(),
            socket: None,
            number: 0,
            backoff: Backoff::new(),
            timer: None,
            on_timer: Closure::new(|| crate::with_edge(|edge| edge.member.handle_timeout(now()))),
            redial: None,
            on_redial: Closure::new(|| crate::with_edge(Self::connect)),
        })
    }

    /// Dials.
    pub(crate) fn connect(&mut self) {
        self.redial = None;
        self.number += 1;
        self.socket = Socket::dial(&self.url, self.number);
        if self.socket.is_none() {
            self.dial_later();
        }
    }

    pub(crate) fn opened(&mut self, number: u32) {
        if number == self.number {
            self.backoff.succeeded();
            self.member.connected(now());
        }
    }

    pub(crate) fn heard(&mut self, number: u32, bytes: &[u8]) {
        if number == self.number && self.member.handle_frame(bytes, now()).is_err() {
            self.hang_up();
        }
    }

    pub(crate) fn closed(&mut self, number: u32) {
        if number == self.number {
            self.hang_up();
        }
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.member.command(command, now());
    }

    /// Whatever follows: bytes out, words to the page, the timer set anew.
    pub(crate) fn settle(&mut self) {
        if self.member.wants_to_hang_up() {
            self.hang_up();
        }
        if let Some(socket) = &self.socket {
            while let Some(bytes) = self.member.poll_transmit() {
                socket.send(&bytes);
            }
        }
        while let Some(event) = self.member.poll_event() {
            post(&event);
        }
        self.set_timer();
    }

    fn hang_up(&mut self) {
        self.socket = None;
        self.number += 1;
        self.member.disconnected(now());
        self.dial_later();
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
        if let Some(due) = self.member.poll_timeout() {
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

fn identity(fragment: &str) -> Option<Identity> {
    let link = Link::parse(fragment)?;
    match &link.staff {
        Some((secret, certificate)) => Identity::staff(link.root, secret, certificate.clone()),
        None => Some(Identity::person(link.root, seed())),
    }
}

fn seed() -> [u8; 32] {
    lotgenoot_client::random_seed()
}

// The host name with its port, as the browser dials it: what the sign-in is bound to.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    Some(rest.split('/').next()?.to_ascii_lowercase())
}

fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as u64)
}

fn timeout(callback: &Closure<dyn FnMut()>, wait_ms: i32) -> Option<i32> {
    let callback = callback.as_ref().unchecked_ref();
    scope().set_timeout_with_callback_and_timeout_and_arguments_0(callback, wait_ms).ok()
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
