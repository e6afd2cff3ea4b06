//! What goes into the vault, and when.
//!
//! Every change of the vault holds all that is due at that moment, so that what belongs together (a line's new
//! KeyPackage and the words that offer it, a room and what was wanted of it) is never half there.

use std::collections::BTreeSet;

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::sign::{Purpose as SignFor, sign};
use lotgenoot_protocol::vault::{OpenVault, ReadParts, Vault, WriteSlot};
use lotgenoot_protocol::{Blob, PartId, RequestId, RoomId, Seq, SlotId, Timestamp, Version, codec};
use zeroize::Zeroizing;

use super::code_words::CodeWords;
use super::contacts::Contacts;
use super::office::Office;
use super::own_times::OwnTimes;
use super::{Member, OwnLine};
use crate::keychain::Keychain;
use crate::requests::Purpose;
use crate::room::Room;
use crate::vault::{Found, Keeper, Opened, PartOf, SlotKeys, TabSecret};

// The interface's own words about its screen.
const SCREEN_BYTES_MAX: usize = 16 * 1024;
// A vault that could not be opened is tried again after this.
const OPEN_AGAIN_MS: u64 = 2_000;
// Words half typed are written when she pauses for a moment.
const SCREEN_MS: u64 = 800;

/// When the parts that belong to no room are to be written.
#[derive(Default)]
pub(crate) struct Due {
    core: Option<Timestamp>,
    core_changed: bool,
    keys: Option<Timestamp>,
    screen: Option<Timestamp>,
    open_again: Option<Timestamp>,
}

impl Due {
    /// The core, at this moment.
    pub(crate) fn core(&mut self, at: Timestamp) {
        self.core = sooner(self.core, at);
    }

    /// The core has changed in a way that can wait for something else to be written.
    pub(super) fn core_with_the_rest(&mut self) {
        self.core_changed = true;
    }

    /// The keys, at this moment.
    pub(super) fn keys(&mut self, at: Timestamp) {
        self.keys = sooner(self.keys, at);
    }
}

impl Member {
    /// Opens the vault on this connection: anew, or as it was before the connection was lost.
    pub(super) fn open_vault(&mut self) {
        self.due.open_again = None;
        let open = OpenVault { vault: self.keeper.vault, fence: self.keeper.fence() };
        self.requests.ask(Purpose::OpenVault, Request::OpenVault(open));
    }

    pub(super) fn vault_opened(&mut self, vault: &Vault) {
        let opened = self.keeper.opened(vault);
        self.go_on_with(opened);
    }

    pub(super) fn parts_came(&mut self, parts: &[Option<Blob>]) {
        let opened = self.keeper.parts_came(parts);
        self.go_on_with(opened);
    }

    pub(super) fn vault_not_opened(&mut self) {
        self.keeper.disconnected();
        self.due.open_again = Some(self.now.plus_ms(OPEN_AGAIN_MS));
    }

    fn go_on_with(&mut self, opened: Opened) {
        match opened {
            Opened::Read(parts) => {
                self.requests.ask(Purpose::ReadParts, Request::ReadParts(ReadParts { parts }));
                return;
            }
            Opened::Elsewhere => return self.opened_elsewhere(),
            Opened::Restored(contents, damaged) => {
                if damaged {
                    self.fail(ui::Failure::Damaged);
                }
                if !contents.is_empty() {
                    self.restore(contents);
                }
                if self.refuses {
                    return;
                }
            }
            Opened::Again => self.go_on_without_lost_rooms(),
        }
        self.requests.vault_opened();
        self.write_slots();
        self.forget_slots();
        self.begin_if_ready();
    }

    // It is ours alone, and yet somebody with our keys changed a room: the vault had forgotten that, or was made to.
    fn go_on_without_lost_rooms(&mut self) {
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.in_room(id, |room, world| room.resync_if_in_doubt(world));
        }
    }

    /// Whether nothing has to be written before the next frame leaves.
    pub(super) fn vault_knows_enough(&self) -> bool {
        self.keeper.is_failing() || !self.requests.waits_for_vault() || !self.is_due()
    }

    /// Whether the vault has everything.
    pub(super) fn is_kept(&self) -> bool {
        let due = [self.due.core, self.due.keys, self.due.screen];
        due.iter().all(Option::is_none) && !self.keeper.is_putting()
    }

    fn is_due(&self) -> bool {
        let due = |at: Option<Timestamp>| at.is_some_and(|at| at <= self.now);
        due(self.due.core)
            || due(self.due.keys)
            || due(self.due.screen)
            || self
                .rooms
                .values()
                .any(|room| room.unsaved.room_is_due(self.now) || room.unsaved.wishes_are_due(self.now))
    }

    /// When something is to be written, or a vault that could not be opened is tried again.
    pub(super) fn poll_vault_timeout(&self) -> Option<Timestamp> {
        let open_again = self.due.open_again.filter(|_| self.nonce.is_some());
        let may_put = self.requests.may_change_rooms() && self.requests.is_proven();
        let can_put = may_put && !self.keeper.is_putting();
        let rooms = self.rooms.values().filter_map(|room| room.unsaved.poll_timeout());
        let due = rooms.chain(self.due.core).chain(self.due.keys).chain(self.due.screen).min();
        let due = due.map(|due| self.keeper.again_at().map_or(due, |again| due.max(again)));
        due.filter(|_| can_put).into_iter().chain(open_again).min()
    }

    /// Asks again for a vault that could not be opened.
    pub(super) fn open_again_if_due(&mut self) {
        if self.nonce.is_some() && self.due.open_again.is_some_and(|at| at <= self.now) {
            self.open_vault();
        }
    }

    /// Makes a change of the vault with everything that is due. Whether there is one to send.
    pub(super) fn put_if_due(&mut self) -> bool {
        let may_put = self.requests.may_change_rooms() && self.requests.is_proven();
        if !may_put || !self.keeper.can_put(self.now) || !self.is_due() {
            return false;
        }
        self.make_tab_slot();
        let now = self.now;
        let (core, wanted) = (self.saved_core(), self.wanted_parts());
        let random = &mut self.requests;
        let mut too_large = false;
        let mut builder = self.keeper.begin();
        for of in self.keeper.to_forget(&wanted) {
            builder.forget(of);
        }
        if self.due.core.is_some_and(|at| at <= now) || self.due.core_changed {
            self.due.core = None;
            self.due.core_changed = false;
            let plain = Zeroizing::new(codec::to_vec(&core));
            too_large |= !builder.write(PartOf::Core, &plain, PartId(random.random()), random.random_nonce());
        }
        if self.due.keys.is_some_and(|at| at <= now) {
            self.due.keys = None;
            let plain = Zeroizing::new(codec::to_vec(&self.keychain.save()));
            too_large |= !builder.write(PartOf::Keys, &plain, PartId(random.random()), random.random_nonce());
        }
        if self.due.screen.is_some_and(|at| at <= now) {
            self.due.screen = None;
            too_large |=
                !builder.write(PartOf::Screen, &self.screen, PartId(random.random()), random.random_nonce());
        }
        for room in self.rooms.values_mut() {
            // What does not fit goes with the next change, which is made as soon as this one is there.
            if !builder.has_space() {
                break;
            }
            if room.unsaved.wishes_are_due(now) {
                if let Some((number, plain)) = room.put_words_away() {
                    let (of, plain) = (PartOf::Said(room.id, number), Zeroizing::new(plain));
                    too_large |= !builder.write(of, &plain, PartId(random.random()), random.random_nonce());
                }
                let plain = Zeroizing::new(room.save_wishes());
                let of = PartOf::Wishes(room.id);
                too_large |= !builder.write(of, &plain, PartId(random.random()), random.random_nonce());
            }
            if room.unsaved.room_is_due(now) {
                let call = self.calls.values().find(|call| call.room == room.id);
                let plain = Zeroizing::new(codec::to_vec(&room.save(call)));
                let of = PartOf::Room(room.id);
                too_large |= !builder.write(of, &plain, PartId(random.random()), random.random_nonce());
            }
        }
        let made = builder.finish(Version(random.random()), random.random_nonce());
        if too_large || made.is_none() {
            self.fail(ui::Failure::NotKept);
        }
        let Some(made) = made else { return false };
        let prepared = self.requests.prepare(Request::PutVault(made.put.clone()));
        let request = self.requests.ask_first(Purpose::PutVault, prepared);
        self.keeper.asked(request, made);
        true
    }

    // Whatever is not among these is forgotten.
    fn wanted_parts(&self) -> BTreeSet<PartOf> {
        let of_room = |room: &Room| {
            let said = room.said_parts().map(|number| PartOf::Said(room.id, number));
            said.chain([PartOf::Room(room.id), PartOf::Wishes(room.id)]).collect::<Vec<_>>()
        };
        let rooms = self.rooms.values().flat_map(of_room);
        rooms.chain([PartOf::Core, PartOf::Keys, PartOf::Screen]).collect()
    }

    pub(super) fn vault_put(&mut self, request: RequestId) {
        for of in self.keeper.put(request) {
            match of {
                PartOf::Room(room) => self.in_room(room, |room, world| room.is_saved(world)),
                PartOf::Said(room, _) => self.in_room(room, |room, _| room.words_are_away()),
                PartOf::Screen if self.due.screen.is_none() => {
                    self.events.push_back(ui::Event::ScreenKept { number: self.screen_number });
                }
                _ => {}
            }
        }
    }

    // The relay does not take it: nothing may wait for it any more, least of all somebody who needs help.
    pub(super) fn vault_not_put(&mut self) {
        let parts = self.keeper.not_put(self.now);
        // Once may be a relay that is being restarted.
        if self.keeper.failures() == 2 {
            self.fail(ui::Failure::NotKept);
        }
        let again_at = self.keeper.again_at().unwrap_or(self.now);
        for of in parts {
            match of {
                PartOf::Core => self.due.core(again_at),
                PartOf::Keys => self.due.keys(again_at),
                PartOf::Screen => self.due.screen = Some(again_at),
                PartOf::Said(room, _) => self.in_room(room, |room, _| room.take_words_back()),
                PartOf::Room(room) | PartOf::Wishes(room) => {
                    self.in_room(room, |room, world| room.is_not_saved(again_at, world));
                }
            }
        }
    }

    /// What the interface wants to find again: it is written a moment later, with the last of several changes.
    pub(super) fn keep_screen(&mut self, state: Vec<u8>, number: u64) {
        if state.len() <= SCREEN_BYTES_MAX && state != self.screen {
            self.screen = state;
            self.screen_number = number;
            // A page on which nothing has happened needs no mailbox.
            if self.keeper.holds_something() || !self.rooms.is_empty() {
                self.due.screen = sooner(self.due.screen, self.now.plus_ms(SCREEN_MS));
            }
        }
    }

    /// Somebody opened this mailbox later: this client forgets everything, and says so.
    pub(super) fn opened_elsewhere(&mut self) {
        if !std::mem::replace(&mut self.elsewhere, true) {
            self.forget();
            self.hang_up = true;
            self.show_connection(ui::Connection::Elsewhere);
        }
    }

    /// Here it goes on, and there it ends.
    pub(super) fn take_over(&mut self) {
        if std::mem::take(&mut self.elsewhere) {
            self.hang_up = false;
            self.show_connection(ui::Connection::Connecting);
        }
    }

    fn forget(&mut self) {
        self.rooms.clear();
        self.calls.clear();
        self.keychain = Keychain::default();
        self.nickname.clear();
        self.carried = None;
        self.office = Office::default();
        self.contacts = Contacts::default();
        self.code_words = CodeWords::default();
        self.devices.clear();
        self.own_times = OwnTimes::default();
        self.new_device = None;
        self.own_line = OwnLine::None;
        self.inbox = Seq(0);
        self.early.clear();
        self.published = None;
        self.screen.clear();
        self.due = Due::default();
        self.ready = false;
        self.open = None;
        self.keeper = Keeper::new(&self.identity.secret);
        self.requests.forget();
    }

    // The way back after a reload, made with the first thing that is worth finding again.
    pub(super) fn make_tab_slot(&mut self) {
        if std::mem::replace(&mut self.tab_has_slot, true) {
            return;
        }
        if !self.screen.is_empty() {
            self.due.screen = Some(self.now);
        }
        self.slots.extend(self.slot_later.take());
        let tab = TabSecret(Zeroizing::new(self.requests.random_seed()));
        self.slots.push(SlotKeys::of_tab(&tab));
        self.events.push_back(ui::Event::Tab { secret: tab.to_text() });
        self.write_slots();
    }

    pub(super) fn slot_answered(&mut self, slot: SlotId, accepted: bool) {
        self.slots.retain(|keys| keys.slot != slot);
        self.device_slot_answered(slot, accepted);
        if self.phrase.take_if(|phrase| *phrase == slot).is_some() {
            if accepted {
                self.events.push_back(ui::Event::PhraseKept);
            } else {
                self.fail(ui::Failure::NotKept);
            }
        }
    }

    pub(super) fn write_slots(&mut self) {
        let Some(nonce) = self.nonce.clone() else { return };
        let found = Found { secret: self.identity.secret.clone(), root: *self.identity.trust.root() };
        for keys in &self.slots {
            let sealed = keys.wrap(&found, self.requests.random_nonce());
            let parts: [&[u8]; 4] = [&nonce, self.host.as_bytes(), &keys.slot.0, &sealed];
            let signature = Blob(sign(&keys.owner, SignFor::WriteSlot, &parts).to_vec());
            let write =
                WriteSlot { slot: keys.slot, owner: keys.owner_key(), signature, sealed: Some(sealed) };
            self.requests.ask(Purpose::WriteSlot(keys.slot), Request::WriteSlot(write));
        }
    }
}

fn sooner(known: Option<Timestamp>, at: Timestamp) -> Option<Timestamp> {
    Some(known.map_or(at, |known| known.min(at)))
}
