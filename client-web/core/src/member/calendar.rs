//! The calendar: read by everybody, written by a coordinator with the key on her device.

use std::collections::VecDeque;

use lotgenoot_messages as ui;
use lotgenoot_protocol::calendar::{AskCalendar, Calendar, PlannedSession, PutCalendar};
use lotgenoot_protocol::frame::{Pong, Request};
use lotgenoot_protocol::limits::PLANNED_SESSIONS_MAX;
use lotgenoot_protocol::own_lines::OwnLines;
use lotgenoot_protocol::{SessionId, Timestamp};

use super::Member;
use super::own_lines::shown;
use crate::requests::Purpose;
use crate::show;

// Hosts gather before a session, and write about it afterwards.
const GATHER_MS: u64 = 30 * 60_000;
const JUST_MS: u64 = 4 * 3_600_000;
// Who leads how often is counted by the week (`peersupport.md` §5.5): so long what has ended is still known.
const WEEK_MS: u64 = 7 * 24 * 3_600_000;

/// What is known of what is planned.
#[derive(Default)]
pub(crate) struct Planned {
    calendar: Option<Calendar>,
    // Sessions that are open now.
    open: Vec<SessionId>,
    // It was shown, though it may be empty.
    shown: bool,
    asked: bool,
    // The newest that was looked at: one that does not count is asked for once.
    looked_at: u64,
    // Handed in by this coordinator, each made of the one before, and not known to be there yet.
    put: VecDeque<Calendar>,
    putting: bool,
}

impl Member {
    /// The relay says which calendar there is, and what of it is open.
    pub(super) fn calendar_named(&mut self, pong: &Pong) {
        // Of a change whose answer was lost it is seen now whether it was made.
        let lost = |put: &Calendar| put.number > pong.calendar;
        if !self.planned.putting && self.planned.put.back().is_some_and(lost) {
            self.planned.put.clear();
            self.fail(ui::Failure::Office);
        }
        let known = self.planned.calendar.as_ref().map_or(0, |calendar| calendar.number);
        let news = pong.calendar > known && pong.calendar != self.planned.looked_at;
        if news && !self.planned.asked {
            self.planned.asked = true;
            self.requests.ask(Purpose::AskCalendar, Request::AskCalendar(AskCalendar {}));
        }
        if self.planned.open != pong.sessions || !self.planned.shown {
            self.planned.open.clone_from(&pong.sessions);
            self.show_calendar();
        }
    }

    /// What is planned. Only what a coordinator of the organisation has signed is shown, and never an older one again.
    pub(super) fn calendar_told(&mut self, told: Option<Calendar>) {
        self.planned.asked = false;
        let known = self.planned.calendar.as_ref().map_or(0, |calendar| calendar.number);
        self.planned.looked_at = told.as_ref().map_or(self.planned.looked_at, |calendar| calendar.number);
        let newer = told.filter(|calendar| calendar.number > known);
        if let Some(calendar) = newer.filter(|calendar| calendar.verify(self.trust(), self.judging()).is_ok())
        {
            if !self.planned.putting
                && self.planned.put.drain(..).next_back().is_some_and(|put| put != calendar)
            {
                self.fail(ui::Failure::Office);
            }
            self.planned.calendar = Some(calendar);
            self.show_calendar();
        }
    }

    pub(super) fn calendar_disconnected(&mut self) {
        (self.planned.asked, self.planned.putting) = (false, false);
    }

    /// A coordinator plans a session, or plans one anew.
    pub(super) fn plan(&mut self, session: &ui::PlannedView) {
        let id = show::unhex(&session.id).map(SessionId);
        let planned = PlannedSession {
            id: id.unwrap_or_else(|| SessionId(self.requests.random())),
            begins_at: Timestamp(session.begins_at),
            minutes: session.minutes,
            theme: session.theme.trim().to_owned(),
            hosts: session.hosts.clone(),
            size: session.size,
            language: session.language.clone(),
            by_invitation: session.by_invitation,
            workshop: session.workshop.then_some(true),
        };
        self.change_calendar(|sessions, _| {
            sessions.retain(|known| known.id != planned.id);
            sessions.push(planned);
        });
    }

    /// A coordinator takes a session out of the calendar.
    pub(super) fn unplan(&mut self, session: &str) {
        let id = show::unhex(session).map(SessionId);
        self.change_calendar(|sessions, _| sessions.retain(|known| Some(known.id) != id));
    }

    pub(super) fn change_calendar(&mut self, change: impl FnOnce(&mut Vec<PlannedSession>, &mut OwnLines)) {
        let Some(keys) = &self.identity.coordinator else { return self.fail(ui::Failure::Office) };
        let (known, now) = (self.planned.put.back().or(self.planned.calendar.as_ref()), self.judging());
        // One that does not count any more, for its signer was revoked, has its number all the same.
        let number =
            known.map_or(0, |calendar| calendar.number).max(self.planned.looked_at).saturating_add(1);
        // What has ended is not carried on for ever.
        let a_week_ago = Timestamp(now.0.saturating_sub(WEEK_MS));
        let mut sessions: Vec<_> =
            known.map(|calendar| calendar.ahead(a_week_ago).cloned().collect()).unwrap_or_default();
        let mut lines = known.and_then(|calendar| calendar.lines.clone()).unwrap_or_default();
        change(&mut sessions, &mut lines);
        // What is planned comes before what has been, where there is no room for both.
        sessions.sort_by_key(PlannedSession::ends_at);
        let ended = sessions.partition_point(|session| session.ends_at() <= now);
        sessions.drain(..ended.min(sessions.len().saturating_sub(PLANNED_SESSIONS_MAX)));
        let calendar = Calendar::with_lines(&keys.issuer, &keys.key, number, sessions, lines);
        if calendar.verify(&self.identity.trust, now).is_err() {
            return self.fail(ui::Failure::Plan);
        }
        self.planned.put.push_back(calendar.clone());
        self.planned.putting = true;
        self.requests.ask(Purpose::PutCalendar, Request::PutCalendar(PutCalendar { calendar }));
    }

    /// The relay has taken it, or not: then another coordinator was first, whose calendar is read now.
    pub(super) fn calendar_put(&mut self, accepted: bool) {
        let Some(put) = self.planned.put.pop_front() else { return };
        self.planned.putting = !self.planned.put.is_empty();
        if accepted {
            self.planned.calendar = Some(put);
            return self.show_calendar();
        }
        // What was made of it is worth nothing either.
        self.planned.put.clear();
        self.planned.putting = false;
        self.fail(ui::Failure::Office);
        self.planned.asked = true;
        self.requests.ask(Purpose::AskCalendar, Request::AskCalendar(AskCalendar {}));
    }

    /// A host: the theme of the session she leads or has just led, if it was planned.
    pub(super) fn theme_just_led(&self) -> String {
        let alias = self.identity.staff.as_ref().map(|staff| &staff.read.alias);
        let sessions = self.planned.calendar.iter().flat_map(|calendar| &calendar.sessions);
        let just = |session: &&PlannedSession| {
            session.begins_at <= self.now.plus_ms(GATHER_MS) && self.now <= session.ends_at().plus_ms(JUST_MS)
        };
        let hers = sessions.filter(|session| session.hosts.iter().any(|host| Some(host) == alias));
        hers.filter(just)
            .max_by_key(|session| session.begins_at)
            .map(|session| session.theme.clone())
            .unwrap_or_default()
    }

    /// Whether somebody of this alias is planned to lead this workshop.
    pub(super) fn is_planned(&self, session: &SessionId, alias: &str) -> bool {
        let mut sessions = self.planned.calendar.iter().flat_map(|calendar| &calendar.sessions);
        sessions.any(|it| it.id == *session && it.is_workshop() && it.hosts.iter().any(|host| host == alias))
    }

    fn show_calendar(&mut self) {
        self.planned.shown = true;
        let view = |session: &PlannedSession| ui::PlannedView {
            id: show::hex(&session.id.0),
            begins_at: session.begins_at.0,
            minutes: session.minutes,
            theme: session.theme.clone(),
            hosts: session.hosts.clone(),
            size: session.size,
            language: session.language.clone(),
            by_invitation: session.by_invitation,
            workshop: session.is_workshop(),
            open: self.planned.open.contains(&session.id),
        };
        let a_week_ago = Timestamp(self.now.0.saturating_sub(WEEK_MS));
        let known = self.planned.calendar.iter().flat_map(|calendar| calendar.ahead(a_week_ago));
        let sessions = known.map(view).collect();
        self.events.push_back(ui::Event::Calendar { sessions });
        let lines = self.planned.calendar.as_ref().and_then(|calendar| calendar.lines.as_ref());
        self.events.push_back(ui::Event::OwnLines(lines.map(shown).unwrap_or_default()));
    }
}
