//! What only staff do: the inbox, KeyPackages, the desk, taking a call.

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::Acknowledgement;
use lotgenoot_protocol::frame::{
    AckInbox, InboxEntry, Notice, OpenDesk, Pong, PublishKeyPackages, Receipt, Request,
};
use lotgenoot_protocol::limits::{FROZEN_MS, WITHOUT_HOST_MS};
use lotgenoot_protocol::mls::RoomKind;
use lotgenoot_protocol::policy::Standing;
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, CallId, LeafKey, Refused, RoomId};

use super::{Member, OwnLine};
use crate::call::{Call, Phase};
use crate::requests::{Purpose, Wanted};
use crate::room::Room;
use crate::show;

const STAFF_KEY_PACKAGES: usize = 25;
// With fewer left than 40 % new ones are published, when a connection begins: a shift begins with one too, so that the
// moment says nothing.
const STAFF_KEY_PACKAGES_LOW: u32 = 10;

impl Member {
    /// Whoever can be called must be able to come in: KeyPackages first, then the desk.
    pub(super) fn begin_shift(&mut self) {
        // What was published and not answered is asked again as it was: the relay hands nothing out twice.
        if self.identity.staff.is_some() && !self.requests.is_publishing() {
            let enough =
                self.published == Some(self.suite) && self.key_packages_left >= STAFF_KEY_PACKAGES_LOW;
            if enough { self.open_desk() } else { self.publish() }
        }
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
                let known = self.calls.remove(&call);
                let intake = known.and_then(|known| known.intake);
                self.calls.insert(call, Call { intake, ..Call::paged(page) });
                self.link_call(call);
                self.call_changed(call);
            }
            // Of one that is long over by now nobody need hear.
            Notice::Unattended { since, .. } => {
                if self.now.ms_since(since) <= WITHOUT_HOST_MS + FROZEN_MS {
                    self.events.push_back(ui::Event::Unattended { since: since.0 });
                }
            }
            Notice::Knock { room, key_package } => self.knocked(room, &key_package),
            Notice::Taken { call, .. } => {
                if let Some(known) = self.calls.get_mut(&call).filter(|call| call.phase == Phase::WantsYou) {
                    known.phase = Phase::NotYours;
                }
                self.call_changed(call);
            }
        }
        self.requests.ask(Purpose::Ack, Request::AckInbox(AckInbox { seq: self.inbox }));
    }

    pub(super) fn handle_open(&mut self, pong: Pong) {
        self.relay_says_it_is(pong.now);
        self.calendar_named(&pong);
        self.look_for_letters_now_and_then();
        if self.open.as_ref() != Some(&pong.open) {
            let hosts = pong.open.iter().any(|service| service == "begeleider");
            let services = pong.open.iter().filter(|service| *service != "begeleider").cloned().collect();
            self.events.push_back(ui::Event::Open { hosts, services });
        }
        self.open = Some(pong.open);
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
        let make = |last_resort| self.keychain.make(self.suite, &leaf, last_resort, self.now);
        let packages: Vec<Blob> = (0..STAFF_KEY_PACKAGES).filter_map(|_| make(false)).collect();
        let last_resort = make(true);
        let all: Vec<Blob> = packages.iter().chain(&last_resort).cloned().collect();
        self.keychain.publish(&all);
        // Whether the relay has them is seen by their count, when a connection begins.
        self.published = Some(self.suite);
        self.due.core(self.now);
        let publish = PublishKeyPackages { packages, last_resort };
        self.due.keys(self.now);
        self.requests.ask(Purpose::Publish, Request::PublishKeyPackages(publish));
    }

    pub(super) fn open_desk(&mut self) {
        self.requests.ask(Purpose::Ack, Request::OpenDesk(OpenDesk {}));
    }

    pub(super) fn acknowledge(&mut self, call: &str) {
        let Some(id) = show::unhex(call).map(CallId) else { return };
        let page = self.calls.get(&id).and_then(|call| call.page.clone());
        let (Some(page), Some(staff)) = (page, &self.identity.staff) else {
            return self.fail(ui::Failure::CallGone);
        };
        // As the others in the room know her; a newer certificate may not have reached it yet.
        let leaf = LeafKey(staff.leaf.verifying_key().to_bytes());
        let carried =
            self.rooms.get(&page.room).and_then(|room| room.member_of(&leaf, self.trust(), self.now));
        let serial = carried.and_then(|member| match member.standing {
            Standing::Staff(certificate) => Some(certificate.serial),
            Standing::Person | Standing::Nobody => None,
        });
        let ack = Acknowledgement::new(
            &staff.leaf,
            self.identity.trust.organisation(),
            page.room,
            id,
            page.page_epoch,
            page.page,
            serial.unwrap_or(staff.read.serial),
        );
        self.requests.ask(Purpose::Acknowledge(id), Request::Acknowledge(ack));
    }

    pub(super) fn acknowledge_refused(&mut self, id: CallId, refused: &Refused) {
        let (phase, failure) = match refused {
            Refused::AlreadyTaken => (Phase::NotYours, ui::Failure::AlreadyTaken),
            Refused::NoSuchCall => (Phase::Closed, ui::Failure::CallGone),
            _ => return self.fail(ui::Failure::Other),
        };
        if let Some(call) = self.calls.get_mut(&id) {
            call.phase = phase;
        }
        self.call_changed(id);
        self.fail(failure);
    }
}
