//! The links between clients and the relay, and what goes wrong on them.

use std::collections::VecDeque;

use lotgenoot_protocol::codec::{self, Received};
use lotgenoot_protocol::frame::Request;
use rand::Rng;
use rand::rngs::StdRng;

/// How unkind the network is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unkind {
    /// Of a hundred frames, how many arrive twice.
    pub duplicate: u32,
    /// Of a hundred frames to a client, how many change places with the next.
    pub reorder: u32,
    /// Of a hundred frames to a client, how many never arrive.
    pub drop: u32,
}

/// One client's socket: frames on their way in both directions.
#[derive(Default)]
pub(super) struct Link {
    /// Open, and both ends know it.
    pub open: bool,
    /// On the way to the relay.
    pub up: VecDeque<Vec<u8>>,
    /// On the way to the client.
    pub down: VecDeque<Vec<u8>>,
}

/// What went wrong, counted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Frames that arrived twice.
    pub duplicated: u64,
    /// Frames that changed places.
    pub reordered: u64,
    /// How often a call was overtaken by what was asked after it.
    pub overtaken: u64,
    /// Frames that never arrived.
    pub dropped: u64,
    /// Sockets that broke, with everything on them.
    pub disconnects: u64,
    /// Crashes of the relay with nothing in hand.
    pub crashes_idle: u64,
    /// Crashes after deciding and before the disk.
    pub crashes_before_commit: u64,
    /// Crashes after the disk and before anybody was told.
    pub crashes_after_commit: u64,
    /// Tabs that began anew.
    pub reloads: u64,
    /// Tabs that were opened while another one stayed open.
    pub second_tabs: u64,
    /// Tabs that took over from the one that had taken over from them.
    pub taken_back: u64,
    /// Vaults that the relay showed as they had been before.
    pub rolled_back: u64,
    /// Rooms that somebody came back into by a resync.
    pub resyncs: u64,
    /// What hosts ruled about who may speak.
    pub rulings: u64,
}

impl Link {
    /// Puts a frame on its way to the relay. It may arrive twice: a client resends what was not answered.
    pub(super) fn send_up(&mut self, frame: Vec<u8>, unkind: Unkind, rng: &mut StdRng, faults: &mut Faults) {
        if rng.random_range(0..100) < unkind.duplicate {
            faults.duplicated += 1;
            self.up.push_back(frame.clone());
        }
        self.up.push_back(frame);
    }

    /// The next frame for the relay. A call is stored by another of its tasks than those that look for rooms: whatever
    /// comes after the call may be answered as if it had come before.
    pub(super) fn take_up(
        &mut self,
        unkind: Unkind,
        rng: &mut StdRng,
        faults: &mut Faults,
    ) -> Option<Vec<u8>> {
        let first = self.up.front().map(|bytes| codec::decode_client(bytes));
        let is_call =
            matches!(first, Some(Ok(Received::Known(frame))) if matches!(frame.request, Request::Raise(_)));
        if is_call && unkind.reorder > 0 && rng.random_bool(0.7) {
            faults.overtaken += u64::from(self.up.len() > 1);
            self.up.rotate_left(1);
            return None;
        }
        self.up.pop_front()
    }

    /// Puts a frame on its way to the client.
    pub(super) fn send_down(
        &mut self,
        frame: Vec<u8>,
        unkind: Unkind,
        rng: &mut StdRng,
        faults: &mut Faults,
    ) {
        if rng.random_range(0..100) < unkind.drop {
            faults.dropped += 1;
            return;
        }
        if rng.random_range(0..100) < unkind.duplicate {
            faults.duplicated += 1;
            self.down.push_back(frame.clone());
        }
        self.down.push_back(frame);
        let last = self.down.len();
        if last >= 2 && rng.random_range(0..100) < unkind.reorder {
            faults.reordered += 1;
            self.down.swap(last - 1, last - 2);
        }
    }

    /// The socket breaks: what was on it is gone.
    pub(super) fn cut(&mut self) {
        self.open = false;
        self.up.clear();
        self.down.clear();
    }
}
