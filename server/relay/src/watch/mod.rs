//! Whether this relay can be trusted with a call right now: what the auditor and the canary found, and how long ago.
//!
//! Silence is not health. A verdict is only ever given for what was looked at a moment ago; whoever watches from outside
//! hears nothing any more when that is not so (study: on-call, 5.1).

pub mod canary;
pub mod heartbeat;

use std::fmt;
use std::sync::{Mutex, PoisonError};

use lotgenoot_core::desk::Audit;
use lotgenoot_protocol::Timestamp;

/// How often calls and pages are audited, in milliseconds.
pub const AUDIT_EVERY_MS: u64 = 10_000;
// How old the newest audit may be.
const AUDIT_AGE_MS: u64 = 30_000;
/// How often the canary sings, in milliseconds.
pub const CANARY_EVERY_MS: u64 = 60_000;
// How long ago the canary may have sung last: one time may be missed.
const CANARY_AGE_MS: u64 = 150_000;
// How late something may be looked at before it is said.
const LATE_MS: u64 = 30_000;

/// What is known of the relay's own work.
#[derive(Debug, Default)]
pub struct Watch {
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    audit: Option<(Timestamp, Audit)>,
    sang: Option<(Timestamp, u64)>,
    repaired: u64,
    clock_set_by_ms: Option<i64>,
}

/// Why nobody should rely on it now.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// Nobody has looked at the calls for too long.
    NotAudited,
    /// A call or a page had no moment to be looked at: a defect, mended for now.
    Repaired(u64),
    /// Something was looked at this many milliseconds too late.
    Late(u64),
    /// Nobody has got through the front door for too long.
    NoCanary,
    /// The machine's clock was set, by so many milliseconds: one of the two is wrong, and by it whoever is on duty.
    Clock(i64),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAudited => f.write_str("help calls have not been looked at for half a minute"),
            Self::Repaired(count) => write!(f, "{count} calls or pages had been forgotten: report this"),
            Self::Late(ms) => write!(f, "a call or page is {} s late", ms / 1000),
            Self::Clock(by_ms) => write!(
                f,
                "the machine's clock was set and is {} s from the relay's: restart the relay if the machine's is right",
                by_ms.unsigned_abs() / 1000
            ),
            Self::NoCanary => f.write_str("nobody has got through the front door for two minutes"),
        }
    }
}

impl Watch {
    /// The auditor has looked.
    pub fn audited(&self, audit: Audit, now: Timestamp) {
        let mut state = self.state();
        state.repaired += audit.repaired;
        state.audit = Some((now, audit));
    }

    /// By how many milliseconds the machine's clock was set, as long as that is not made up for.
    pub fn clock_set(&self, by_ms: Option<i64>) {
        self.state().clock_set_by_ms = by_ms;
    }

    /// The canary has got in and out again, in this many milliseconds.
    pub fn sang(&self, took_ms: u64, now: Timestamp) {
        self.state().sang = Some((now, took_ms));
    }

    /// What the auditor found last.
    pub fn audit(&self) -> Option<Audit> {
        self.state().audit.map(|(_, audit)| audit)
    }

    /// How long the canary's last song took, in milliseconds.
    pub fn song_ms(&self) -> Option<u64> {
        self.state().sang.map(|(_, ms)| ms)
    }

    /// How much had to be armed again since the relay started.
    pub fn repaired(&self) -> u64 {
        self.state().repaired
    }

    /// Whether it can be relied on now, and why not.
    pub fn verdict(&self, now: Timestamp) -> Result<(), Trouble> {
        let State { audit, sang, clock_set_by_ms, .. } = *self.state();
        let fresh = |at: Timestamp, age: u64| now.ms_since(at) <= age;
        let Some((_, audit)) = audit.filter(|(at, _)| fresh(*at, AUDIT_AGE_MS)) else {
            return Err(Trouble::NotAudited);
        };
        if audit.repaired > 0 {
            return Err(Trouble::Repaired(audit.repaired));
        }
        if audit.late_ms > LATE_MS {
            return Err(Trouble::Late(audit.late_ms));
        }
        if let Some(by_ms) = clock_set_by_ms {
            return Err(Trouble::Clock(by_ms));
        }
        sang.filter(|(at, _)| fresh(*at, CANARY_AGE_MS)).map(drop).ok_or(Trouble::NoCanary)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn well() -> Watch {
        let watch = Watch::default();
        watch.audited(Audit::default(), NOW);
        watch.sang(3, NOW);
        watch
    }

    #[test]
    fn nobody_relies_on_what_nobody_has_looked_at() {
        assert_eq!(Watch::default().verdict(NOW), Err(Trouble::NotAudited));
        assert_eq!(well().verdict(NOW), Ok(()));
        assert_eq!(well().verdict(NOW.plus_ms(AUDIT_AGE_MS)), Ok(()));
        assert_eq!(well().verdict(NOW.plus_ms(AUDIT_AGE_MS + 1)), Err(Trouble::NotAudited));
        let later = NOW.plus_ms(CANARY_AGE_MS + 1);
        let watch = well();
        watch.audited(Audit::default(), later);
        assert_eq!(watch.verdict(later), Err(Trouble::NoCanary));
    }

    #[test]
    fn a_clock_that_was_set_is_trouble_until_both_say_the_same() {
        let watch = well();
        watch.clock_set(Some(-90_000));
        assert_eq!(watch.verdict(NOW), Err(Trouble::Clock(-90_000)));
        watch.clock_set(None);
        assert_eq!(watch.verdict(NOW), Ok(()));
    }

    #[test]
    fn what_was_forgotten_or_is_late_is_said_until_an_audit_finds_nothing() {
        let watch = well();
        watch.audited(Audit { repaired: 2, ..Audit::default() }, NOW);
        assert_eq!(watch.verdict(NOW), Err(Trouble::Repaired(2)));
        watch.audited(Audit { late_ms: LATE_MS + 1, ..Audit::default() }, NOW);
        assert_eq!(watch.verdict(NOW), Err(Trouble::Late(LATE_MS + 1)));
        watch.audited(Audit { late_ms: LATE_MS, ..Audit::default() }, NOW);
        assert_eq!((watch.verdict(NOW), watch.repaired()), (Ok(()), 2));
    }
}
