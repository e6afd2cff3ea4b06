//! Tabs that are reloaded, and tabs that are open twice: nothing that was seen is lost, and only one of two writes.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{Command, Delivery, Event, RoomId};
use rand::Rng;
use rand::seq::IndexedRandom;

use super::network::Link;
use super::story::{Story, Tab};
use super::vaults::Snapshot;
use crate::robot::Screen;

/// What earlier tabs of one client have shown.
#[derive(Default)]
pub(super) struct Memory {
    // Words that were in the log, by room and visit.
    seen: Vec<(RoomId, u32, String)>,
    // Rooms that an earlier tab showed and this one has not shown yet.
    returning: BTreeSet<RoomId>,
    // Vaults as they were: what a malicious relay can go back to.
    snapshots: Vec<Snapshot>,
    // It did: what was seen in between need not come back.
    pub(super) rolled_back: bool,
}

impl Memory {
    /// Takes in what happens on the screen.
    pub(super) fn note(&mut self, event: &Event) {
        if let Event::RoomGone { room, .. } = event {
            self.returning.remove(room);
        }
    }

    /// Whether this room was on the screen before, so that it is shown again and not come into.
    pub(super) fn comes_back(&mut self, room: &RoomId) -> bool {
        self.returning.remove(room)
    }

    /// At the end: what somebody has seen in a room she has not left is still there.
    pub(super) fn all_came_back(&self, at: usize, screen: &Screen, visits: &BTreeMap<RoomId, u32>) {
        for (room, visit, text) in self.seen.iter().filter(|_| !self.rolled_back) {
            let stayed = screen.rooms.contains_key(room) && visits.get(room) == Some(visit);
            let there = screen.find(room, text).is_some_and(|message| message.state == Delivery::Sent);
            assert!(!stayed || there, "client {at}: “{text}” did not come back after a reload");
        }
    }

    fn remember(&mut self, screen: &Screen, visits: &BTreeMap<RoomId, u32>) {
        for room in screen.rooms.keys() {
            let visit = visits.get(room).copied().unwrap_or_default();
            let said = screen.said.get(room).into_iter().flatten();
            for message in said.filter(|message| message.state == Delivery::Sent) {
                self.seen.push((room.clone(), visit, message.text.clone()));
            }
            self.returning.insert(room.clone());
        }
    }
}

impl Story {
    /// The tab is gone, with everything it knew; another one begins with what the tab kept.
    pub(super) fn reload(&mut self, at: usize) {
        self.faults.reloads += 1;
        self.disconnect(at);
        let _gone = self.begin_anew(at);
    }

    /// The relay remembers her vault; or the tab is gone, and the next one is shown an older vault than the last.
    pub(super) fn roll_back(&mut self, at: usize) {
        let identity = (self.clients[at].identity)();
        if let Some(snapshot) = self.relay.as_ref().expect("it runs").snapshot(&identity) {
            self.clients[at].tabs.snapshots.push(snapshot);
        }
        let snapshots = &self.clients[at].tabs.snapshots;
        if snapshots.len() < 3 {
            return;
        }
        let older = snapshots[self.rng.random_range(0..snapshots.len() - 1)].clone();
        self.faults.rolled_back += 1;
        self.disconnect(at);
        let now = self.now;
        self.relay.as_mut().expect("it runs").roll_back(&older, now);
        let _gone = self.begin_anew(at);
        self.clients[at].tabs.rolled_back = true;
    }

    /// Another tab of the same mailbox, while this one stays open and knows nothing of it.
    pub(super) fn open_second_tab(&mut self, at: usize) {
        self.faults.second_tabs += 1;
        let old = self.begin_anew(at);
        self.left_open.push((at, old));
    }

    /// Somebody goes on using a tab that was left open.
    pub(super) fn use_tab_left_open(&mut self) {
        let which = self.rng.random_range(0..self.left_open.len());
        let at = self.left_open[which].0;
        if !self.left_open[which].1.member.wants_connection() {
            if self.rng.random_bool(0.3) {
                self.take_back(which);
            } else {
                self.close(which);
            }
            return;
        }
        match self.rng.random_range(0..4) {
            0 => {
                let rooms: Vec<RoomId> = self.clients[at].screen.rooms.keys().cloned().collect();
                if let Some(room) = rooms.choose(&mut self.rng).cloned() {
                    let text = self.words(at, &room);
                    let now = self.now;
                    self.left_open[which].1.member.command(Command::Say { room, text }, now);
                }
            }
            1 => self.let_tab_learn(which),
            _ => (0..3).for_each(|_| self.carry(which)),
        }
    }

    /// Everything on the way to and from a tab that was left open arrives; it connects if it is not.
    pub(super) fn let_tab_learn(&mut self, which: usize) {
        let (now, nonce) = (self.now, self.rng.random());
        let Some((_, tab)) = self.left_open.get_mut(which) else { return };
        if !tab.link.open && tab.member.wants_connection() {
            tab.link.open = true;
            self.relay.as_mut().expect("it runs").connect(tab.socket, nonce);
            tab.member.connected(now);
        }
        (0..20).for_each(|_| self.carry(which));
    }

    /// What tabs that were left open show: words that got into the log are not lost either.
    pub(super) fn look_at_tabs_left_open(&mut self) {
        for (at, tab) in &mut self.left_open {
            let client = &mut self.clients[*at];
            while let Some(event) = tab.member.poll_event() {
                match event {
                    Event::Message { room, message }
                        if message.from.you && message.state == Delivery::Sent =>
                    {
                        let visit = client.visits.get(&room).copied().unwrap_or_default();
                        client.tabs.seen.push((room, visit, message.text));
                    }
                    Event::Alarm { .. } => panic!("an honest client raised an alarm in a tab left open"),
                    _ => {}
                }
            }
        }
    }

    // A new tab in the place of the old one, which is handed back as it was.
    fn begin_anew(&mut self, at: usize) -> Tab {
        let own = &self.clients[at];
        // Staff come back without their link, as soon as there is something to come back to.
        let identity = (own.identity)();
        let stored = self.relay.as_ref().expect("it runs").has_vault(&identity);
        let identity =
            if stored { Identity::returning(identity.root(), identity.secret()) } else { identity };
        let mut tab = self.fresh_tab(identity);
        let client = &mut self.clients[at];
        std::mem::swap(&mut client.tab, &mut tab);
        client.tabs.remember(&client.screen, &client.visits);
        client.screen = Screen::default();
        tab
    }

    /// At the end: tabs that were left open learn that they are over, or that they are not; then they are closed.
    pub(super) fn close_tabs_left_open(&mut self) {
        for which in 0..self.left_open.len() {
            self.let_tab_learn(which);
        }
        while !self.left_open.is_empty() {
            self.close(0);
        }
    }

    /// If the mailbox was opened elsewhere last, she takes over.
    pub(super) fn go_on_here(&mut self, at: usize) {
        let now = self.now;
        let client = &mut self.clients[at];
        if !client.tab.member.wants_connection() {
            client.tab.member.command(Command::TakeOver, now);
            client.tabs.remember(&client.screen, &client.visits);
            client.screen = Screen::default();
        }
    }

    fn take_back(&mut self, which: usize) {
        self.faults.taken_back += 1;
        let now = self.now;
        let (at, mut tab) = self.left_open.swap_remove(which);
        tab.member.command(Command::TakeOver, now);
        let client = &mut self.clients[at];
        std::mem::swap(&mut client.tab, &mut tab);
        client.tabs.remember(&client.screen, &client.visits);
        client.screen = Screen::default();
        self.left_open.push((at, tab));
    }

    fn close(&mut self, which: usize) {
        let (_, tab) = self.left_open.swap_remove(which);
        self.relay.as_mut().expect("it runs").disconnect(tab.socket, self.now);
    }

    // One frame each way.
    fn carry(&mut self, which: usize) {
        let Some((_, tab)) = self.left_open.get_mut(which) else { return };
        let Tab { link: Link { up, .. }, socket, .. } = tab;
        let (frame, socket) = (up.pop_front(), *socket);
        if let Some(frame) = frame {
            self.hand_in(socket, &frame);
        }
        let now = self.now;
        let tab = &mut self.left_open[which].1;
        if let Some(frame) = tab.link.down.pop_front() {
            tab.member.handle_frame(&frame, now).expect("the relay speaks the protocol");
        }
        self.settle();
    }
}
