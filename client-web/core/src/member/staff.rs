//! What only staff do: the inbox, KeyPackages, the desk, taking a call.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::{
    AckInbox, InboxEntry, Notice, OpenDesk, Pong, PublishKeyPackages, Receipt, Request,
};
use lotgenoot_protocol::limits::{FROZEN_MS, WITHOUT_HOST_MS};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, CallId, RoomId, Timestamp};

use super::{Member, OwnLine};
use crate::call::Phase;
use crate::reach::HOSTS;
use crate::requests::{Purpose, Wanted};
use crate::room::Room;

const STAFF_KEY_PACKAGES: usize = 25;
// With fewer left than 40 % new ones are published, when a connection begins: a shift begins with one too, so that the
// moment says nothing.
const STAFF_KEY_PACKAGES_LOW: u32 = 10;
// They live 31 days: who comes once in three weeks, and whose service is quiet, can still be let in. Milliseconds: a week.
const PUBLISHED_MS_MAX: u64 = 7 * 24 * 3600 * 1000;

impl Member {
    /// Whoever can be called must be able to come in: KeyPackages first, then the desk.
    pub(super) fn begin_shift(&mut self) {
        // What was published and not answered is asked again as it was: the relay hands nothing out twice.
        if self.identity.staff.is_some() {
            self.duty_connected();
        }
        if self.identity.staff.is_some() && !self.requests.is_publishing() {
            let enough =
                self.published == Some(self.suite) && self.key_packages_left >= STAFF_KEY_PACKAGES_LOW;
            if enough && !self.published_is_old() { self.open_desk() } else { self.publish() }
        }
    }

    // A desk that is open for weeks has its KeyPackages renewed all the same.
    fn publish_if_old(&mut self) {
        let at_the_desk = self.ready && self.identity.staff.is_some() && !self.requests.is_publishing();
        if at_the_desk && self.published_is_old() {
            self.publish();
        }
    }

    // By whichever clock: one that was wrong then or is now makes new ones once, and no harm.
    fn published_is_old(&self) -> bool {
        let now = self.at_relay();
        let age_ms = |at: Timestamp| now.ms_since(at).max(at.ms_since(now));
        self.published_at.is_none_or(|at| age_ms(at) >= PUBLISHED_MS_MAX)
    }

    pub(super) fn handle_inbox(&mut self, entry: InboxEntry) {
        if entry.seq <= self.inbox {
            return;
        }
        self.inbox = entry.seq;
        self.due.core(self.now);
        match entry.notice {
            Notice::Added { room } => {
                if let (false, Some(leaf)) = (self.rooms.contains_key(&room), self.staff_leaf()) {
                    self.keep_room(Room::invited(room, leaf));
                }
                self.attach(room);
            }
            Notice::Page(page) => {
                let (call, page_id) = (page.call, page.page);
                self.requests.ask(Purpose::Receipt, Request::Receipt(Receipt { call, page: page_id }));
                self.paged(page);
            }
            // Of one that is long over by now nobody need hear.
            Notice::Unattended { room, since, page } => {
                let receipt = Receipt { call: CallId(room.0), page };
                self.requests.ask(Purpose::Receipt, Request::Receipt(receipt));
                if self.now.ms_since(since) <= WITHOUT_HOST_MS + FROZEN_MS {
                    self.events.push_back(ui::Event::Unattended { since: Some(since.0) });
                }
            }
            Notice::Attended { .. } => self.events.push_back(ui::Event::Unattended { since: None }),
            Notice::Knock { room, key_package } => self.knocked(room, &key_package),
            Notice::Taken { call, page } => {
                if let Some(known) = self.calls.get_mut(&call) {
                    let otherwise = match (known.closed_at, known.lead) {
                        (Some(_), _) => Phase::Closed,
                        (None, Some(_)) => Phase::Active,
                        (None, None) => Phase::NotYours,
                    };
                    known.no_page(page, otherwise);
                }
                self.call_changed(call);
            }
            Notice::DutyTaken { service, certificate, from, until } => {
                self.duty_taken(service, &certificate, from, until);
            }
            // How it stands is asked for, and seen there.
            Notice::CheckIn { .. } | Notice::NotCheckedIn { .. } => self.duty_connected(),
            // What coordinators are told has its own screen.
            Notice::Alarm { call, why, since } => self.alarmed(call, why, since),
        }
        self.requests.ask(Purpose::Ack, Request::AckInbox(AckInbox { seq: self.inbox }));
    }

    pub(super) fn handle_open(&mut self, pong: Pong) {
        self.relay_says_it_is(pong.now);
        self.calendar_named(&pong);
        self.look_for_letters_now_and_then();
        self.look_at_duty_now_and_then();
        self.publish_if_old();
        let known = self.open.as_ref().map(|open| (&open.open, &open.services));
        if known != Some((&pong.open, &pong.services)) {
            let hosts = pong.open.iter().any(|service| service == HOSTS);
            let of_professionals = |services: &[String]| {
                services.iter().filter(|service| *service != HOSTS).cloned().collect::<Vec<_>>()
            };
            let (services, all) = (of_professionals(&pong.open), of_professionals(&pong.services));
            self.events.push_back(ui::Event::Open { hosts, services, all });
        }
        self.open = Some(pong);
        let is_host = self.identity.staff.as_ref().is_some_and(|staff| staff.read.role == Role::Host);
        // Who has gone along to another room is not asked back.
        let is_led = |room: &&Room| match room.kind() {
            Some(RoomKind::Peer) => is_host && room.successor.is_none(),
            // Where somebody waits.
            Some(RoomKind::Line) => is_host && room.offer.is_some(),
            _ => false,
        };
        // Into her own line a person asks by herself: perhaps nobody else is left there.
        let waits = self.rooms.values().any(Room::holds_words);
        let own = |room: &&Room| self.own_line == OwnLine::Open(room.id) && (room.offered.is_some() || waits);
        let rooms = self.rooms.values().filter(|room| is_led(room) || own(room));
        let rooms: Vec<RoomId> = rooms.map(|room| room.id).collect();
        for room in rooms {
            self.ask_duty(Wanted::CoHosts(room));
        }
    }

    pub(super) fn publish(&mut self) {
        let Some(leaf) = self.staff_leaf() else { return };
        let make = |last_resort| self.keychain.make(self.suite, &leaf, last_resort, self.at_relay());
        let packages: Vec<Blob> = (0..STAFF_KEY_PACKAGES).filter_map(|_| make(false)).collect();
        let last_resort = make(true);
        let all: Vec<Blob> = packages.iter().chain(&last_resort).cloned().collect();
        self.keychain.publish(&all);
        // Whether the relay has them is seen by their count, when a connection begins.
        (self.published, self.published_at) = (Some(self.suite), Some(self.at_relay()));
        self.due.core(self.now);
        let publish = PublishKeyPackages { packages, last_resort };
        self.due.keys(self.now);
        self.requests.ask(Purpose::Publish, Request::PublishKeyPackages(publish));
    }

    pub(super) fn open_desk(&mut self) {
        self.requests.ask(Purpose::Ack, Request::OpenDesk(OpenDesk {}));
    }
}
