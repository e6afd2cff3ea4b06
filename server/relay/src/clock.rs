//! The one file that reads the time and draws what must not be guessed.
//!
//! Who sets the clock of the machine sets no clock of a call. Were the relay's time the machine's, an hour back would be an
//! hour in which nobody is paged, and a wrong year would let calls lapse and mailboxes expire. So the machine's clock is
//! read once, when the relay starts; from then on time passes at the pace of a counter that nobody sets, and the difference
//! to the machine's clock is made up for slowly (study: on-call, 3.6).

use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use lotgenoot_protocol::Timestamp;

// Of the time that passes, this share is made up for: one second in twenty. A deadline is off by so much at most.
const FOLLOWED_SHARE: u64 = 20;
// From here on the machine's clock was set, rather than a little off. Microseconds: a minute.
const SET_US: u64 = 60_000_000;

static CLOCK: Mutex<Option<Steady>> = Mutex::new(None);

/// Now. It never goes back.
pub fn now() -> Timestamp {
    let (wall_us, passed_us) = (wall_us(), passed_us());
    let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    let clock = clock.get_or_insert_with(|| Steady::begin(wall_us, passed_us));
    let now = clock.at(wall_us, passed_us);
    match clock.news() {
        Some(Off::Set { by_ms }) => tracing::error!(
            by_ms,
            "the clock of this machine was set; the relay goes on counting: restart it if the clock is right now"
        ),
        Some(Off::Right) => tracing::info!("the relay's time is the machine's again"),
        None => {}
    }
    #[cfg(feature = "faults")]
    let now = now.plus_ms(crate::faults::clock_ahead_ms());
    now
}

/// By how many milliseconds the machine's clock is ahead of ours, if somebody has set it and that is not made up for yet.
pub fn set_by_ms() -> Option<i64> {
    let clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
    clock.as_ref().and_then(Steady::set_by_ms)
}

/// What the machine's clock says: for what others judge by theirs. No deadline of ours goes by it.
pub fn machine() -> Timestamp {
    Timestamp(wall_us() / 1000)
}

/// Bytes that nobody can guess: a ChaCha stream that the operating system seeds.
pub fn random<const N: usize>() -> [u8; N] {
    rand::random()
}

/// Time as it has passed since the machine's clock was read first.
struct Steady {
    // Microseconds, all of them.
    now_us: u64,
    passed_us: u64,
    wall_us: u64,
    // What of the next microsecond may be followed.
    followed: u64,
    said: bool,
}

/// How the machine's clock stands to ours.
#[derive(Debug, Eq, PartialEq)]
enum Off {
    /// Somebody set it.
    Set {
        /// Ahead of ours by so many milliseconds; behind it if less than zero.
        by_ms: i64,
    },
    /// Again as ours.
    Right,
}

impl Steady {
    fn begin(wall_us: u64, passed_us: u64) -> Self {
        Self { now_us: wall_us, passed_us, wall_us, followed: 0, said: false }
    }

    /// The time when the machine's clock is at `wall_us` and the counter at `passed_us`.
    fn at(&mut self, wall_us: u64, passed_us: u64) -> Timestamp {
        let passed = passed_us.saturating_sub(self.passed_us);
        self.passed_us = self.passed_us.max(passed_us);
        self.wall_us = wall_us;
        let may = passed + self.followed;
        self.followed = may % FOLLOWED_SHARE;
        let expected = self.now_us + passed;
        let follows = wall_us.abs_diff(expected).min(may / FOLLOWED_SHARE);
        self.now_us = if wall_us < expected { expected - follows } else { expected + follows };
        Timestamp(self.now_us / 1000)
    }

    fn set_by_ms(&self) -> Option<i64> {
        let by_ms = (self.wall_us.abs_diff(self.now_us) / 1000) as i64;
        self.said.then_some(if self.wall_us < self.now_us { -by_ms } else { by_ms })
    }

    /// Once for each time the machine's clock was set, and once when ours is there.
    fn news(&mut self) -> Option<Off> {
        let off = self.wall_us.abs_diff(self.now_us);
        match self.said {
            false if off > SET_US => {
                self.said = true;
                self.set_by_ms().map(|by_ms| Off::Set { by_ms })
            }
            true if off < SET_US / 2 => {
                self.said = false;
                Some(Off::Right)
            }
            _ => None,
        }
    }
}

fn wall_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as u64;
    #[cfg(feature = "faults")]
    let since = since.saturating_add_signed(crate::faults::wall_set_by_ms() * 1000);
    since
}

// A machine that sleeps does not stop it: what was due meanwhile is due when it wakes.
fn passed_us() -> u64 {
    let passed = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    passed.tv_sec as u64 * 1_000_000 + passed.tv_nsec as u64 / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const START_US: u64 = 1_800_000_000_000_000;
    const SECOND_US: u64 = 1_000_000;
    const HOUR_US: u64 = 3600 * SECOND_US;

    #[test]
    fn who_sets_the_machines_clock_back_or_ahead_sets_no_deadline() {
        for set_by_us in [-(HOUR_US as i64), HOUR_US as i64, 400 * 24 * HOUR_US as i64] {
            let mut clock = Steady::begin(START_US, 7);
            let begin = clock.at(START_US, 7);
            for second in 1..=180 {
                let passed = second * SECOND_US;
                let now = clock.at((START_US + passed).saturating_add_signed(set_by_us), 7 + passed);
                let counted = now.ms_since(begin);
                let right = second * 1000;
                assert!(counted.abs_diff(right) <= right / FOLLOWED_SHARE, "{counted} ms after {right}");
            }
        }
    }

    #[test]
    fn it_never_goes_back_however_often_it_is_read_and_whatever_the_machine_says() {
        let mut clock = Steady::begin(START_US, 0);
        let (mut last, mut seed) = (Timestamp(0), 1_u64);
        for passed in (0..2_000_000_u64).step_by(17) {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let now = clock.at(START_US - HOUR_US + (seed >> 20) % (2 * HOUR_US), passed);
            assert!(last <= now);
            last = now;
        }
        assert_eq!(clock.at(START_US, 0), last, "nor does a counter that is read out of order");
    }

    #[test]
    fn it_is_the_machines_again_after_a_while_and_says_both_once() {
        let mut clock = Steady::begin(START_US, 0);
        clock.at(START_US, 0);
        assert_eq!((clock.news(), clock.set_by_ms()), (None, None));
        let ahead = 600 * SECOND_US;
        let mut said = Vec::new();
        // Ten minutes are made up for in 200.
        for second in 1..=201 * 60 {
            let passed = second * SECOND_US;
            clock.at(START_US + ahead + passed, passed);
            said.extend(clock.news());
            let is_set = matches!(said.last(), Some(Off::Set { .. }));
            assert_eq!(clock.set_by_ms().is_some(), is_set, "as long as it is not made up for");
        }
        assert!(matches!(said[..], [Off::Set { by_ms: 569_000..=600_000 }, Off::Right]), "{said:?}");
        let passed = 202 * 60 * SECOND_US;
        assert_eq!(clock.at(START_US + ahead + passed, passed).0, (START_US + ahead + passed) / 1000);
    }

    #[test]
    fn what_is_read_a_thousand_times_a_second_is_made_up_for_as_what_is_read_once() {
        let (mut often, mut once) = (Steady::begin(START_US, 0), Steady::begin(START_US, 0));
        let wall = |passed| START_US + HOUR_US + passed;
        for passed in (0..=10 * SECOND_US).step_by(1_003) {
            often.at(wall(passed), passed);
        }
        let end = 10 * SECOND_US;
        assert!(often.at(wall(end), end).0.abs_diff(once.at(wall(end), end).0) <= 1);
    }
}
