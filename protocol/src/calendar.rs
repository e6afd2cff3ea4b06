//! The calendar: which sessions are planned, and which numbers the organisation lists itself; signed by a coordinator and
//! public.
//!
//! Anybody may read it: it says a theme, aliases and a time, and nothing of who comes. One calendar after the other, each
//! made of the last: of two coordinators who change it at once, one looks again.

use ed25519_dalek::SigningKey;
use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::codec;
use crate::ids::SessionId;
use crate::limits::{
    NAME_BYTES_MAX, PLANNED_HOSTS_MAX, PLANNED_SESSIONS_MAX, SESSION_MINUTES_MAX, SESSION_MINUTES_MIN,
    SESSION_SIZE_MAX, THEME_BYTES_MAX,
};
use crate::own_lines::OwnLines;
use crate::role::{Issuer, RoleError, Trust};
use crate::sign::{Purpose, sign};
use crate::time::Timestamp;

/// A session that is planned.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct PlannedSession {
    /// Its own.
    #[n(0)]
    pub id: SessionId,
    /// When it begins.
    #[n(1)]
    pub begins_at: Timestamp,
    /// How long it lasts.
    #[n(2)]
    pub minutes: u16,
    /// What it is about.
    #[n(3)]
    pub theme: String,
    /// Who leads it, by alias.
    #[n(4)]
    pub hosts: Vec<String>,
    /// For how many.
    #[n(5)]
    pub size: u8,
    /// In which language, as BCP 47 writes it.
    #[n(6)]
    pub language: String,
    /// Only with an invitation.
    #[n(7)]
    pub by_invitation: bool,
    /// It is a workshop: on a stage, led by presenters or hosts, for whoever comes. Absent: it is not.
    #[n(8)]
    pub workshop: Option<bool>,
}

impl PlannedSession {
    /// When it ends.
    pub fn ends_at(&self) -> Timestamp {
        self.begins_at.plus_ms(u64::from(self.minutes) * 60_000)
    }

    /// Whether it is a workshop.
    pub fn is_workshop(&self) -> bool {
        self.workshop == Some(true)
    }

    fn is_sound(&self) -> bool {
        let named = |name: &String| !name.is_empty() && name.len() <= NAME_BYTES_MAX;
        (SESSION_MINUTES_MIN..=SESSION_MINUTES_MAX).contains(&self.minutes)
            && !self.theme.is_empty()
            && self.theme.len() <= THEME_BYTES_MAX
            && (1..=PLANNED_HOSTS_MAX).contains(&self.hosts.len())
            && self.hosts.iter().all(named)
            && (1..=SESSION_SIZE_MAX).contains(&self.size)
            && named(&self.language)
    }
}

/// All sessions that are planned, and numbers of the organisation's own.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct Calendar {
    /// Rises with every change, from 1.
    #[n(0)]
    pub number: u64,
    /// In the order in which they begin.
    #[n(1)]
    pub sessions: Vec<PlannedSession>,
    /// What the root says of whoever signed ([`Issuer`]).
    #[n(2)]
    pub issuer: Blob,
    /// Hers over number, sessions and numbers.
    #[n(3)]
    pub signature: Blob,
    /// Absent: none.
    #[n(4)]
    pub lines: Option<OwnLines>,
}

impl Calendar {
    /// Signs these sessions; they are put in their order.
    pub fn new(issuer: &Issuer, key: &SigningKey, number: u64, sessions: Vec<PlannedSession>) -> Self {
        Self::with_lines(issuer, key, number, sessions, OwnLines::default())
    }

    /// The same, with numbers.
    pub fn with_lines(
        issuer: &Issuer,
        key: &SigningKey,
        number: u64,
        mut sessions: Vec<PlannedSession>,
        lines: OwnLines,
    ) -> Self {
        sessions.sort_by_key(|session| (session.begins_at, session.id));
        let lines = Some(lines).filter(|lines| !lines.is_empty());
        let signature = sign(key, Purpose::Calendar, &[&body(number, &sessions, lines.as_ref())]);
        let issuer = Blob(issuer.to_bytes());
        Self { number, sessions, issuer, signature: Blob(signature.to_vec()), lines }
    }

    /// Whether it counts at `now`: within its limits, in order, and signed by an issuer of this organisation.
    pub fn verify(&self, trust: &Trust, now: Timestamp) -> Result<(), RoleError> {
        let in_order = self.sessions.is_sorted_by_key(|session| (session.begins_at, session.id));
        let sound = self.sessions.len() <= PLANNED_SESSIONS_MAX
            && self.sessions.iter().all(PlannedSession::is_sound)
            && self.lines.iter().all(OwnLines::is_sound);
        let issuer =
            Issuer::from_bytes(&self.issuer).filter(|_| sound && in_order).ok_or(RoleError::Malformed)?;
        let signature = self.signature.0.as_slice().try_into().map_err(|_| RoleError::WrongSignature)?;
        let body = body(self.number, &self.sessions, self.lines.as_ref());
        trust.issuers(&[(issuer, signature)], now, Purpose::Calendar, &body, None).map(drop)
    }

    /// What has not ended at `now`.
    pub fn ahead(&self, now: Timestamp) -> impl Iterator<Item = &PlannedSession> {
        self.sessions.iter().filter(move |session| session.ends_at() > now)
    }
}

fn body(number: u64, sessions: &Vec<PlannedSession>, lines: Option<&OwnLines>) -> Vec<u8> {
    let lines = lines.map(codec::to_vec).unwrap_or_default();
    [&number.to_be_bytes()[..], &codec::to_vec(sessions), &lines].concat()
}

/// What is planned?
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskCalendar {}

/// The calendar, if there is one.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct CalendarTold {
    /// As its coordinator has signed it.
    #[n(0)]
    pub calendar: Option<Calendar>,
}

/// A calendar that takes the place of the one before it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutCalendar {
    /// Signed, with the next number.
    #[n(0)]
    pub calendar: Calendar,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{RootKey, Serial};
    use crate::own_lines::LineCheck;
    use crate::role::Role;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn organisation() -> (Trust, Issuer, SigningKey) {
        let (root, key) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let valid = (NOW.seconds() - 60, NOW.seconds() + 3600);
        let public = key.verifying_key().to_bytes();
        let issuer = Issuer::new(&root, Serial([3; 16]), public, &[Role::Host], 1, valid);
        (Trust::new(RootKey(root.verifying_key().to_bytes())), issuer, key)
    }

    fn planned(begins_at: Timestamp) -> PlannedSession {
        PlannedSession {
            id: SessionId([begins_at.0 as u8; 16]),
            begins_at,
            minutes: 90,
            theme: "Samen staan we sterker".to_owned(),
            hosts: vec!["Roos".to_owned(), "Iris".to_owned()],
            size: 10,
            language: "nl".to_owned(),
            by_invitation: false,
            workshop: None,
        }
    }

    #[test]
    fn a_calendar_counts_as_its_coordinator_signed_it_and_in_no_other_way() {
        let (trust, issuer, key) = organisation();
        let sessions = vec![planned(NOW.plus_ms(2)), planned(NOW.plus_ms(1))];
        let calendar = Calendar::new(&issuer, &key, 4, sessions);
        assert_eq!(calendar.verify(&trust, NOW), Ok(()));
        assert_eq!(calendar.sessions[0].begins_at, NOW.plus_ms(1), "in the order in which they begin");
        let mut moved = calendar.clone();
        moved.sessions[0].begins_at = NOW;
        let other = SigningKey::from_bytes(&[9; 32]);
        let lines =
            OwnLines { lines: Vec::new(), checks: vec![LineCheck { line: "csg".to_owned(), checked: NOW }] };
        let listed = Calendar::with_lines(&issuer, &key, 4, Vec::new(), lines.clone());
        assert_eq!(listed.verify(&trust, NOW), Ok(()));
        for forged in [
            Calendar { number: 5, ..calendar.clone() },
            Calendar { sessions: Vec::new(), ..calendar.clone() },
            moved,
            Calendar { lines: None, ..listed },
            Calendar { lines: Some(lines), ..calendar.clone() },
            Calendar::new(&issuer, &other, 4, calendar.sessions.clone()),
        ] {
            assert_eq!(forged.verify(&trust, NOW), Err(RoleError::WrongSignature));
        }
        assert!(calendar.verify(&trust, NOW.plus_ms(3_700_000)).is_err(), "her key has ended");
    }

    #[test]
    fn what_nobody_could_lead_or_read_is_not_planned() {
        let (trust, issuer, key) = organisation();
        let one = planned(NOW);
        for wrong in [
            PlannedSession { minutes: 5, ..one.clone() },
            PlannedSession { minutes: SESSION_MINUTES_MAX + 1, ..one.clone() },
            PlannedSession { theme: String::new(), ..one.clone() },
            PlannedSession { theme: "x".repeat(THEME_BYTES_MAX + 1), ..one.clone() },
            PlannedSession { hosts: Vec::new(), ..one.clone() },
            PlannedSession { size: SESSION_SIZE_MAX + 1, ..one.clone() },
        ] {
            let calendar = Calendar::new(&issuer, &key, 1, vec![wrong]);
            assert_eq!(calendar.verify(&trust, NOW), Err(RoleError::Malformed));
        }
    }

    #[test]
    fn what_has_ended_is_not_ahead() {
        let (_, issuer, key) = organisation();
        let calendar = Calendar::new(&issuer, &key, 1, vec![planned(NOW)]);
        assert_eq!(calendar.ahead(NOW.plus_ms(90 * 60_000 - 1)).count(), 1);
        assert_eq!(calendar.ahead(NOW.plus_ms(90 * 60_000)).count(), 0);
    }
}
