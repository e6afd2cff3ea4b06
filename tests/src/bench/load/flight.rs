//! The messages of one room that are on their way.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::{Pace, Shape};

/// How far a run is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Phase {
    /// Talked, and not measured yet.
    WarmUp,
    /// Talked and measured.
    Measured,
    /// Not talked any more.
    Draining,
    /// Everybody has everything.
    Over,
}

// In an open loop: so much a sender can be ahead before its server is called broken.
const AHEAD: Duration = Duration::from_secs(8);
const AHEAD_MIN: usize = 64;

/// One room's.
pub(super) struct Flight {
    slots: Box<[Slot]>,
    // Each message is finished when its sender knows that it is on disk, and all others have it.
    wanted: u32,
    open: AtomicUsize,
    changed: Notify,
    emptied: Notify,
}

#[derive(Default)]
struct Slot {
    left: AtomicU32,
    // Since the run began, in microseconds.
    sent: AtomicU64,
    measured: AtomicBool,
}

impl Flight {
    pub(super) fn new(pace: Pace, shape: Shape) -> Self {
        let slots = match pace {
            Pace::Window(window) => window * 2,
            Pace::Rate(rate) => (rate as usize * AHEAD.as_secs() as usize / shape.rooms).max(AHEAD_MIN),
        };
        Self {
            slots: (0..slots).map(|_| Slot::default()).collect(),
            wanted: shape.members as u32,
            open: AtomicUsize::new(0),
            changed: Notify::new(),
            emptied: Notify::new(),
        }
    }

    /// How many are not finished.
    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Acquire)
    }

    /// The message of this number leaves.
    ///
    /// # Panics
    /// If the one in whose place it comes is not finished.
    pub(super) fn leaves(&self, number: usize, since_begun: Duration, measured: bool) {
        let slot = self.slot(number);
        assert_eq!(slot.left.load(Ordering::Acquire), 0, "a server that is so far behind measures nothing");
        slot.sent.store(since_begun.as_micros() as u64, Ordering::Release);
        slot.measured.store(measured, Ordering::Release);
        slot.left.store(self.wanted, Ordering::Release);
        self.open.fetch_add(1, Ordering::AcqRel);
    }

    /// One of those who wait for it has it. Returns for how long it was on its way if it left while it was measured,
    /// in microseconds.
    pub(super) fn arrived(&self, number: usize, begun: Instant) -> Option<u32> {
        let slot = self.slot(number);
        let took = (begun.elapsed().as_micros() as u64).saturating_sub(slot.sent.load(Ordering::Acquire));
        let measured = slot.measured.load(Ordering::Acquire);
        if slot.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            if self.open.fetch_sub(1, Ordering::AcqRel) == 1 {
                self.emptied.notify_one();
            }
            self.changed.notify_one();
        }
        measured.then_some(u32::try_from(took).unwrap_or(u32::MAX))
    }

    /// Waits until one is finished. For the one who talks.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Waits until all are finished.
    pub(super) async fn empty(&self) {
        while self.open() > 0 {
            self.emptied.notified().await;
        }
    }

    fn slot(&self, number: usize) -> &Slot {
        &self.slots[number % self.slots.len()]
    }
}
