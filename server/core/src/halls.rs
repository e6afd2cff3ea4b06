//! Which stage is a workshop's hall, while somebody leads it.
//!
//! There is one: who comes later is told where it is, whoever she is. A second is not opened while there is one, and if
//! there are two all the same (one of them was not led for a moment) people are told the one in which more of them sit.

use std::collections::BTreeMap;

use lotgenoot_protocol::{RoomId, SessionId, Timestamp};

// Between opening a stage and reading it there are two round trips.
const OPENING_MS: u64 = 10_000;

/// The halls of all workshops.
#[derive(Debug, Default)]
pub struct Halls(BTreeMap<RoomId, Hall>);

#[derive(Debug)]
struct Hall {
    session: SessionId,
    members: usize,
    // She who opens it does not read it yet: until then nobody else opens another.
    opening_until: Option<Timestamp>,
}

impl Halls {
    /// Somebody opens this room for a workshop. Returns whether she may: there is no other.
    pub fn open(&mut self, session: SessionId, room: RoomId, now: Timestamp) -> bool {
        // Who was about to read hers has not come.
        self.0.retain(|_, hall| hall.opening_until.is_none_or(|until| until > now));
        let other = |(id, hall): (&RoomId, &Hall)| *id != room && hall.session == session;
        let may = !self.0.iter().any(other);
        if may {
            let opening_until = Some(now.plus_ms(OPENING_MS));
            self.0.insert(room, Hall { session, members: 1, opening_until });
        }
        may
    }

    /// It could not be opened after all.
    pub fn not_opened(&mut self, room: &RoomId) {
        self.0.remove(room);
    }

    /// This room is led for that workshop now, with so many members; or for none.
    pub fn set(&mut self, room: RoomId, session: Option<SessionId>, members: usize, now: Timestamp) {
        match session {
            Some(session) => drop(self.0.insert(room, Hall { session, members, opening_until: None })),
            None => self.0.retain(|id, hall| *id != room || hall.opening_until.is_some_and(|it| it > now)),
        }
    }

    /// Where this workshop is.
    pub fn of(&self, session: &SessionId) -> Option<RoomId> {
        let halls = self.0.iter().filter(|(_, hall)| hall.session == *session);
        halls.max_by_key(|(_, hall)| (hall.opening_until.is_none(), hall.members)).map(|(room, _)| *room)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSHOP: SessionId = SessionId([1; 16]);
    const FIRST: RoomId = RoomId([1; 16]);
    const SECOND: RoomId = RoomId([2; 16]);
    const NOW: Timestamp = Timestamp(1_000_000);

    fn led(first: usize) -> Halls {
        let mut halls = Halls::default();
        assert!(halls.open(WORKSHOP, FIRST, NOW));
        halls.set(FIRST, Some(WORKSHOP), first, NOW);
        halls
    }

    #[test]
    fn a_workshop_has_one_hall_from_the_moment_somebody_opens_it() {
        let mut halls = Halls::default();
        assert!(halls.open(WORKSHOP, FIRST, NOW));
        assert!(!halls.open(WORKSHOP, SECOND, NOW));
        // Of another workshop that says nothing, and a repeat is the same opening.
        assert!(halls.open(SessionId([2; 16]), SECOND, NOW));
        assert!(halls.open(WORKSHOP, FIRST, NOW));
        halls.set(FIRST, Some(WORKSHOP), 1, NOW);
        assert!(!halls.open(WORKSHOP, SECOND, NOW.plus_ms(OPENING_MS + 1)));
        assert_eq!(halls.of(&WORKSHOP), Some(FIRST));
    }

    #[test]
    fn who_opens_a_hall_and_is_gone_before_she_reads_it_keeps_nobody_out() {
        let mut halls = Halls::default();
        assert!(halls.open(WORKSHOP, FIRST, NOW));
        halls.set(FIRST, None, 1, NOW);
        assert!(!halls.open(WORKSHOP, SECOND, NOW.plus_ms(1)), "she may be about to read it");
        assert!(halls.open(WORKSHOP, SECOND, NOW.plus_ms(OPENING_MS)));
        assert_eq!(halls.of(&WORKSHOP), Some(SECOND));
        let mut refused = Halls::default();
        assert!(refused.open(WORKSHOP, FIRST, NOW));
        refused.not_opened(&FIRST);
        assert!(refused.open(WORKSHOP, SECOND, NOW));
    }

    #[test]
    fn a_hall_that_nobody_leads_is_none_and_the_fuller_of_two_is_the_one() {
        let mut halls = led(200);
        halls.set(FIRST, None, 200, NOW);
        assert_eq!(halls.of(&WORKSHOP), None);
        assert!(halls.open(WORKSHOP, SECOND, NOW));
        halls.set(SECOND, Some(WORKSHOP), 1, NOW);
        halls.set(FIRST, Some(WORKSHOP), 200, NOW);
        assert_eq!(halls.of(&WORKSHOP), Some(FIRST));
        halls.set(SECOND, Some(WORKSHOP), 2, NOW);
        assert_eq!(halls.of(&WORKSHOP), Some(FIRST));
        halls.set(FIRST, None, 200, NOW);
        assert_eq!(halls.of(&WORKSHOP), Some(SECOND));
    }
}
