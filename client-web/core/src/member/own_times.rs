//! How fast a professional answers, for herself alone: measured on her device, kept in her vault, told to nobody.

use std::collections::VecDeque;

use lotgenoot_messages as ui;
use lotgenoot_protocol::call::CallNotice;
use minicbor::{Decode, Encode};

use super::Member;
use crate::call::{Call, Phase};

// Of more than these nobody learns anything new about herself.
const KEPT_MAX: usize = 20;

/// The newest times, milliseconds each.
#[derive(Clone, Debug, Default, Encode, Decode)]
pub(super) struct OwnTimes {
    // From the page on this device until she had the call.
    #[n(0)]
    taken: VecDeque<u64>,
    // From then until her first words were there.
    #[n(1)]
    spoke: VecDeque<u64>,
}

impl OwnTimes {
    fn view(&self) -> ui::OwnTimesView {
        ui::OwnTimesView {
            calls: self.taken.len() as u32,
            taken_ms: median(&self.taken),
            spoke_ms: median(&self.spoke),
        }
    }
}

impl Member {
    /// What a notice about this call means for her times; `before` is where the call stood until then.
    pub(super) fn measure(&mut self, call: &mut Call, before: Phase, notice: &CallNotice) {
        let own = self.identity.staff.as_ref().map(|staff| staff.leaf.verifying_key().to_bytes());
        let leads = call.lead.is_some_and(|lead| own == Some(lead.0));
        let has_it = (call.phase == Phase::Taken && leads) || call.phase == Phase::TakingOver;
        if has_it && call.phase != before {
            if let Some(paged) = call.paged_at.take() {
                keep(&mut self.own_times.taken, self.now.ms_since(paged));
                self.times_changed();
            }
            call.taken_at = Some(self.now);
        }
        let spoken = matches!(notice, CallNotice::Active | CallNotice::HandedOver { .. }) && leads;
        if let Some(taken) = call.taken_at.take_if(|_| spoken) {
            keep(&mut self.own_times.spoke, self.now.ms_since(taken));
            self.times_changed();
        }
    }

    /// Shown once there are any.
    pub(super) fn show_own_times(&mut self) {
        if !self.own_times.taken.is_empty() {
            self.events.push_back(ui::Event::OwnTimes(self.own_times.view()));
        }
    }

    fn times_changed(&mut self) {
        self.due.core(self.now);
        self.show_own_times();
    }
}

fn keep(times: &mut VecDeque<u64>, ms: u64) {
    if times.len() == KEPT_MAX {
        times.pop_front();
    }
    times.push_back(ms);
}

fn median(times: &VecDeque<u64>) -> Option<u64> {
    let mut sorted: Vec<u64> = times.iter().copied().collect();
    sorted.sort_unstable();
    let half = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted.get(half).copied(),
        _ => Some((sorted.get(half.checked_sub(1)?)? + sorted.get(half)?) / 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_the_last_twenty() {
        let mut times = VecDeque::new();
        assert_eq!(median(&times), None);
        keep(&mut times, 900_000);
        assert_eq!(median(&times), Some(900_000));
        keep(&mut times, 100_000);
        assert_eq!(median(&times), Some(500_000));
        for second in 1..=KEPT_MAX as u64 {
            keep(&mut times, second * 1_000);
        }
        assert_eq!((times.len(), median(&times)), (KEPT_MAX, Some(10_500)));
    }
}
