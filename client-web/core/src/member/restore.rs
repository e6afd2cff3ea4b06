//! How what was kept comes out of the vault.

use std::collections::BTreeMap;

use lotgenoot_messages as ui;
use lotgenoot_protocol::register::RegisterHead;
use lotgenoot_protocol::{Blob, RoomId, RootKey, Seq, Serial, Timestamp, codec};
use minicbor::{Decode, Encode};

use super::code_words::CodeWords;
use super::contacts::Contacts;
use super::devices::SavedDevice;
use super::invited::Carried;
use super::own_times::OwnTimes;
use super::stage::SavedStages;
use super::{Member, OwnLine};
use crate::call::{Call, Phase};
use crate::content::Content;
use crate::identity::{Coordinator, Staff};
use crate::requests::Wanted;
use crate::room::{Item, Room, SavedRoom, SavedWishes};
use crate::vault::{Contents, PartOf};

/// Who this client is, and what it asked for that is no room yet.
#[derive(Encode, Decode)]
pub(super) struct SavedCore {
    #[n(0)]
    root: RootKey,
    #[n(1)]
    certificate: Option<Blob>,
    #[n(2)]
    nickname: String,
    #[n(3)]
    own_line: OwnLine,
    /// Calls without a room.
    #[n(4)]
    calls: Vec<Call>,
    #[n(5)]
    inbox: Seq,
    #[n(6)]
    register_head: Option<Blob>,
    #[n(7)]
    revoked: Vec<Serial>,
    #[n(8)]
    published: Option<u16>,
    #[n(9)]
    suite: u16,
    #[n(10)]
    carried: Option<Carried>,
    #[n(11)]
    issuer: Option<Blob>,
    #[n(12)]
    devices: Vec<SavedDevice>,
    #[n(13)]
    to_tell: Option<Vec<Content>>,
    #[n(14)]
    stages: Option<SavedStages>,
    /// When its KeyPackages were published.
    #[n(15)]
    published_at: Option<Timestamp>,
    #[n(16)]
    contacts: Option<Contacts>,
    #[n(17)]
    code_words: Option<CodeWords>,
    /// How fast she answers.
    #[n(26)]
    own_times: Option<OwnTimes>,
}

impl Member {
    /// The core, as it is now.
    pub(super) fn saved_core(&self) -> SavedCore {
        SavedCore {
            root: *self.identity.trust.root(),
            certificate: self.identity.staff.as_ref().map(|staff| Blob(staff.certificate.clone())),
            nickname: self.nickname.clone(),
            own_line: self.own_line,
            calls: self.calls.values().filter(|call| !self.rooms.contains_key(&call.room)).cloned().collect(),
            inbox: self.inbox,
            register_head: self.register_head.as_ref().map(|head| Blob(head.to_bytes())),
            revoked: self.identity.trust.revoked().collect(),
            published: self.published,
            published_at: self.published_at,
            contacts: Some(self.contacts.clone()),
            code_words: Some(self.code_words.clone()),
            suite: self.suite,
            carried: self.carried.clone(),
            to_tell: Some(self.to_tell.clone()),
            stages: Some(self.saved_stages()),
            issuer: self.identity.coordinator.as_ref().map(|it| Blob(it.issuer.to_bytes())),
            devices: self.devices.iter().map(SavedDevice::of).collect(),
            own_times: Some(self.own_times.clone()),
        }
    }

    /// Everything that was on the screen, and everything that was wanted, as it was when it was last written.
    pub(super) fn restore(&mut self, contents: Contents) {
        let mut rooms: BTreeMap<RoomId, SavedRoom> = BTreeMap::new();
        let mut wishes: BTreeMap<RoomId, SavedWishes> = BTreeMap::new();
        let mut said: BTreeMap<RoomId, BTreeMap<u32, Vec<Item>>> = BTreeMap::new();
        let mut damaged = false;
        let (mut calls, mut stages) = (Vec::new(), SavedStages::default());
        for (of, plain) in &contents {
            let read: Option<()> = match of {
                PartOf::Core => codec::from_slice(plain).map(|mut core: SavedCore| {
                    stages = core.stages.take().unwrap_or_default();
                    calls = self.restore_core(core);
                }),
                PartOf::Keys => codec::from_slice(plain).map(|saved| self.keychain.restore(saved)),
                PartOf::Screen => {
                    self.screen = plain.to_vec();
                    Some(())
                }
                PartOf::Room(id) => codec::from_slice(plain).map(|saved| drop(rooms.insert(*id, saved))),
                PartOf::Said(id, number) => codec::from_slice(plain)
                    .map(|items| drop(said.entry(*id).or_default().insert(*number, items))),
                PartOf::Wishes(id) => codec::from_slice(plain).map(|saved| drop(wishes.insert(*id, saved))),
            };
            damaged |= read.is_none();
        }
        if self.refuses {
            return self.show_connection(ui::Connection::Refused);
        }
        for (id, saved) in rooms {
            let call = saved.call.clone();
            let room = Room::restore(id, saved, wishes.remove(&id), said.remove(&id).unwrap_or_default());
            damaged |= room.is_none();
            if let (Some(room), None) = (room, self.rooms.get(&id)) {
                self.keep_room(room);
                if let Some(call) = call {
                    self.calls.insert(call.id, call);
                }
            }
        }
        if damaged {
            self.fail(ui::Failure::Damaged);
        }
        self.restore_stages(stages);
        self.make_tab_slot();
        self.raise_again(calls);
        self.show_again();
    }

    // Returns the calls that had no room.
    fn restore_core(&mut self, core: SavedCore) -> Vec<Call> {
        let trust = &mut self.identity.trust;
        if core.root != *trust.root() {
            // Another organisation's root than the one that was pinned when this mailbox was made.
            self.refuses = true;
            return Vec::new();
        }
        core.revoked.into_iter().for_each(|serial| trust.revoke(serial));
        let kept = core.certificate.clone();
        let known = kept.as_ref().map(|certificate| &certificate.0[..]);
        self.restore_staff(core.certificate);
        self.restore_coordinator(core.issuer);
        self.restore_devices(core.devices);
        let saved = core.register_head.and_then(|bytes| RegisterHead::from_bytes(&bytes));
        if let Some(saved) = saved {
            let older = self.register_head.as_ref().is_none_or(|head| head.version < saved.version);
            let follows = match (&self.register, &self.register_head) {
                (Some(register), Some(head)) if !older => {
                    register.verify(head, Some(&saved), &self.identity.trust).is_ok()
                }
                _ => true,
            };
            if !follows {
                self.refuses = true;
                return Vec::new();
            }
            if older {
                // What it knew of the suite is newer too.
                self.suite = core.suite;
                self.register_head = Some(saved);
            }
        }
        if self.nickname.is_empty() {
            self.nickname = core.nickname;
        }
        if self.own_line == OwnLine::None {
            self.own_line = core.own_line;
            if self.own_line == OwnLine::Asked {
                self.ask_duty(Wanted::Line);
            }
        }
        self.restore_contacts(core.contacts);
        self.restore_code_words(core.code_words);
        self.carried = self.carried.take().or(core.carried);
        self.to_tell.extend(core.to_tell.unwrap_or_default());
        self.own_times = core.own_times.unwrap_or_default();
        self.inbox = self.inbox.max(core.inbox);
        // Those that were published with another certificate are replaced.
        let same = self.identity.staff.as_ref().is_none_or(|staff| known == Some(&staff.certificate[..]));
        if self.published.is_none() && same {
            (self.published, self.published_at) = (core.published, core.published_at);
        }
        core.calls
    }

    // Staff who came back without their link; or with a newer certificate than the vault's.
    fn restore_staff(&mut self, certificate: Option<Blob>) {
        let saved = certificate.and_then(|bytes| Staff::of(&self.identity.secret, bytes.0));
        let Some(saved) = saved else { return };
        let known = self.identity.staff.as_ref();
        if known.is_none_or(|known| known.read.not_after < saved.read.not_after) {
            self.identity.staff = Some(saved);
            self.events.push_back(ui::Event::You(self.you()));
        } else if known.is_some_and(|known| known.certificate != saved.certificate) {
            self.due.core(self.now);
        }
    }

    fn restore_coordinator(&mut self, issuer: Option<Blob>) {
        let saved = issuer.and_then(|issuer| Coordinator::of(&self.identity.secret, &issuer));
        let known = self.identity.coordinator.as_ref().map_or(0, |known| known.issuer.not_after);
        if let Some(saved) = saved.filter(|saved| saved.issuer.not_after > known) {
            self.identity.coordinator = Some(saved);
            self.events.push_back(ui::Event::You(self.you()));
        }
    }

    fn show_again(&mut self) {
        let ids: Vec<RoomId> = self.rooms.keys().copied().collect();
        for id in ids {
            self.in_room(id, |room, world| room.show_again(world));
        }
        let calls: Vec<_> = self.calls.keys().copied().collect();
        for call in calls {
            self.show_call(call);
        }
        self.show_own_times();
        if !self.screen.is_empty() {
            self.events.push_back(ui::Event::Screen { state: self.screen.clone() });
        }
    }

    // Calls that were without a room. Of one that was raised it is not known whether the relay had it: it is made anew,
    // as another call. What was said in rooms is looked after there.
    fn raise_again(&mut self, calls: Vec<Call>) {
        for call in calls {
            if self.rooms.contains_key(&call.room) {
                continue;
            }
            if call.own && call.phase == Phase::NotSent {
                self.raise(call.service, call.intake.unwrap_or_default());
            } else {
                self.calls.entry(call.id).or_insert(call);
            }
        }
        if matches!(self.own_line, OwnLine::Open(line) if !self.rooms.contains_key(&line)) {
            self.own_line = OwnLine::None;
            self.nobody_sees_what_is_held();
        }
    }
}
