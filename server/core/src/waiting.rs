//! Whether the person of a line is there: her place is kept while she is away, for a while.
//!
//! ```text
//!            half a minute without her        ten minutes in all
//!   Here ───────────────────────────► Away ───────────────────────► Free
//!     ▲                                │                              │
//!     └──────────── she reads again ───┴──────────────────────────────┘
//! ```
//!
//! As in a session ([`crate::life`]) the clock counts, not the timer; and a relay that was down does not know who was
//! here meanwhile.

use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::limits::{AWAY_AFTER_MS, PLACE_KEPT_MS};
use lotgenoot_protocol::session::SessionNotice;
use minicbor::{Decode, Encode};

/// The place of a line's person.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Place {
    #[n(0)]
    told: Told,
    // Since when she has not been here; absent while she is. Not stored: after a start nobody is here yet.
    #[cbor(skip)]
    away_since: Option<Timestamp>,
}

// What the log says.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
enum Told {
    #[n(0)]
    Here,
    #[n(1)]
    Away(#[n(0)] Timestamp),
    #[n(2)]
    Free,
}

impl Place {
    /// Her line is opened; she reads it in a moment.
    pub fn begin(now: Timestamp) -> Self {
        Self { told: Told::Here, away_since: Some(now) }
    }

    /// The relay has started: nobody is here yet.
    pub fn restarted(&mut self, now: Timestamp) {
        self.away_since = Some(now);
    }

    /// Its record was read again, but the relay knows who was here.
    pub fn here_as(&mut self, before: &Self) {
        self.away_since = before.away_since;
    }

    /// She came or went. What has become due before that happens first.
    pub fn attended(&mut self, here: bool, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = self.handle_timeout(now);
        if !here {
            self.away_since.get_or_insert(now);
        } else {
            self.away_since = None;
            if self.told != Told::Here {
                self.told = Told::Here;
                said.push(SessionNotice::Back);
            }
        }
        said
    }

    /// When [`Self::handle_timeout`] has something to do.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        let away = self.away_since?;
        match self.told {
            Told::Here => Some(away.plus_ms(AWAY_AFTER_MS)),
            // From when she went, also if the relay was down meanwhile; but she has time to come back to it.
            Told::Away(since) => Some(since.plus_ms(PLACE_KEPT_MS).max(away.plus_ms(AWAY_AFTER_MS))),
            Told::Free => None,
        }
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Timestamp) -> Vec<SessionNotice> {
        let mut said = Vec::new();
        while let (Some(away), Some(_)) = (self.away_since, self.poll_timeout().filter(|due| *due <= now)) {
            let (told, notice) = match self.told {
                Told::Here => (Told::Away(away), SessionNotice::Away { since: away }),
                Told::Away(_) | Told::Free => (Told::Free, SessionNotice::PlaceFree),
            };
            self.told = told;
            said.push(notice);
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: Timestamp = Timestamp(10_000_000_000);

    fn at(seconds: u64) -> Timestamp {
        BEGIN.plus_ms(seconds * 1000)
    }

    fn here() -> Place {
        let mut place = Place::begin(BEGIN);
        assert_eq!(place.attended(true, at(1)), []);
        place
    }

    #[test]
    fn who_is_away_for_a_moment_is_not_said_to_be() {
        let mut place = here();
        assert_eq!(place.poll_timeout(), None);
        place.attended(false, at(100));
        assert_eq!(place.attended(true, at(129)), []);
        place.attended(false, at(200));
        assert_eq!(place.handle_timeout(at(230)), [SessionNotice::Away { since: at(200) }]);
        assert_eq!(place.attended(true, at(300)), [SessionNotice::Back]);
        assert_eq!(place.poll_timeout(), None);
    }

    #[test]
    fn her_place_is_free_after_ten_minutes_and_she_may_still_come_back() {
        let mut place = here();
        place.attended(false, at(100));
        place.handle_timeout(at(130));
        assert_eq!(place.handle_timeout(at(699)), []);
        assert_eq!(place.handle_timeout(at(700)), [SessionNotice::PlaceFree]);
        assert_eq!(place.handle_timeout(at(9000)), []);
        assert_eq!(place.attended(true, at(9000)), [SessionNotice::Back]);
        // Whoever looks only then finds what has happened in its order.
        let mut place = here();
        place.attended(false, at(100));
        let all = [SessionNotice::Away { since: at(100) }, SessionNotice::PlaceFree, SessionNotice::Back];
        assert_eq!(place.attended(true, at(800)), all);
    }

    #[test]
    fn after_a_start_of_the_relay_she_has_time_to_come_back() {
        let mut place = here();
        place.attended(false, at(100));
        place.handle_timeout(at(130));
        let mut again = place.clone();
        again.restarted(at(1000));
        assert_eq!(again.handle_timeout(at(1029)), []);
        assert_eq!(again.attended(true, at(1029)), [SessionNotice::Back]);
        place.restarted(at(1000));
        assert_eq!(place.handle_timeout(at(1030)), [SessionNotice::PlaceFree]);
    }
}
