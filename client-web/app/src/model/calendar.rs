//! What is planned, for whom it matters.

use std::collections::BTreeMap;

use lotgenoot_messages::{PlannedView, Role};

use super::Model;
use crate::clock::MINUTE_MS;

/// How long before a session its hosts gather.
const CHECK_IN_MS: u64 = 15 * MINUTE_MS;
// A custom of good practice, so that nobody who leads is drowned by it (peersupport.md §5.5).
const SESSIONS_A_DAY: usize = 2;
const SESSIONS_A_WEEK: usize = 4;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

impl Model {
    /// What has not ended, in the order in which it begins. While the relay cannot be asked nothing is said to be open.
    pub fn ahead(&self, now_ms: u64) -> impl Iterator<Item = PlannedView> {
        let ahead = self.planned.iter().flatten().filter(move |session| session.ends_at() > now_ms);
        let online = self.is_online();
        ahead.map(move |session| PlannedView { open: session.open && online, ..session.clone() })
    }

    /// Whether a professional can be reached; none while that cannot be asked.
    #[must_use]
    pub fn reaches_professional(&self) -> Option<bool> {
        self.open.as_ref().filter(|_| self.is_online()).map(|open| !open.services.is_empty())
    }

    /// Sessions that a host may open a group for at this moment: hers first.
    #[must_use]
    pub fn to_open(&self, now_ms: u64) -> Vec<PlannedView> {
        let alias = self.you.as_ref().and_then(|you| you.alias.as_deref()).unwrap_or_default();
        let due = |session: &PlannedView| {
            !session.open && !session.workshop && session.begins_at <= now_ms + CHECK_IN_MS
        };
        let mut due: Vec<_> = self.ahead(now_ms).filter(due).collect();
        due.sort_by_key(|session| !session.hosts.iter().any(|host| host == alias));
        due
    }

    /// The session of the calendar that this host leads now, or gathers for: one that is open before one that is due.
    #[must_use]
    pub fn leads(&self, now_ms: u64) -> Option<PlannedView> {
        let alias = self.you.as_ref().and_then(|you| you.alias.as_ref())?;
        let is_hers = |session: &PlannedView| !session.workshop && session.hosts.contains(alias);
        let open = self.ahead(now_ms).find(|session| session.open && is_hers(session));
        open.or_else(|| self.to_open(now_ms).into_iter().find(is_hers))
    }

    /// A group of hers that has as many participants as are planned: how many there are, and for how many it is.
    #[must_use]
    pub fn full(&self, group: &str, now_ms: u64) -> Option<(u64, u64)> {
        let size = u64::from(self.leads(now_ms)?.size);
        let members = &self.room(group)?.view.members;
        let count = members.iter().filter(|member| member.role == Role::Person).count() as u64;
        (count >= size).then_some((count, size))
    }

    /// Hosts who lead more often in a day or in a week than is good for them, by alias: what they have led counts, as
    /// long as something of it is ahead.
    #[must_use]
    pub fn overloaded(&self, now_ms: u64) -> Vec<String> {
        let mut sessions: BTreeMap<&str, Vec<&PlannedView>> = BTreeMap::new();
        for session in self.planned.iter().flatten() {
            for host in &session.hosts {
                sessions.entry(host).or_default().push(session);
            }
        }
        let too_many = |hers: &[&PlannedView], span: u64, most: usize| {
            hers.iter().any(|first| {
                let span = first.begins_at..first.begins_at + span;
                let within = || hers.iter().filter(|it| span.contains(&it.begins_at));
                within().count() > most && within().any(|it| it.ends_at() > now_ms)
            })
        };
        let many = |hers: &[&PlannedView]| {
            too_many(hers, DAY_MS, SESSIONS_A_DAY) || too_many(hers, 7 * DAY_MS, SESSIONS_A_WEEK)
        };
        sessions.into_iter().filter(|(_, hers)| many(hers)).map(|(host, _)| host.to_owned()).collect()
    }

    /// Whether she leads more often than is good for her.
    #[must_use]
    pub fn is_overloaded(&self, now_ms: u64) -> bool {
        let alias = self.you.as_ref().and_then(|you| you.alias.as_ref());
        alias.is_some_and(|alias| self.overloaded(now_ms).contains(alias))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{Connection, Event, Kind, MemberView, RoomView, You};

    const HOUR_MS: u64 = 60 * MINUTE_MS;

    fn session(begins_at: u64, hosts: &[&str]) -> PlannedView {
        PlannedView {
            id: begins_at.to_string(),
            begins_at,
            minutes: 90,
            theme: "Slapen".to_owned(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            size: 10,
            language: "nl".to_owned(),
            by_invitation: false,
            open: false,
            workshop: false,
        }
    }

    fn planned(sessions: Vec<PlannedView>) -> Model {
        let mut model = Model::default();
        let alias = Some("Roos".to_owned());
        model.handle(Event::You(You { role: Role::Host, alias, service: None, until: None }));
        model.handle(Event::Calendar { sessions });
        model
    }

    #[test]
    fn a_host_opens_hers_from_a_quarter_before_it_begins_until_it_ends() {
        let model = planned(vec![session(8 * HOUR_MS, &["Iris"]), session(8 * HOUR_MS + 1, &["Roos"])]);
        let at = |now: u64| model.to_open(now).iter().map(|it| it.hosts[0].clone()).collect::<Vec<_>>();
        assert!(at(8 * HOUR_MS - CHECK_IN_MS - 1).is_empty());
        assert_eq!(at(8 * HOUR_MS), ["Roos", "Iris"]);
        assert!(at(10 * HOUR_MS).is_empty());
    }

    #[test]
    fn while_the_relay_is_away_nothing_is_said_to_be_open() {
        let mut model = planned(vec![PlannedView { open: true, ..session(0, &["Roos"]) }]);
        model.handle(Event::Open { hosts: true, services: Vec::new(), all: Vec::new() });
        for (connection, open, reaches) in
            [(Connection::Online, true, Some(false)), (Connection::Lost, false, None)]
        {
            model.handle(Event::Connection(connection));
            assert_eq!(model.ahead(0).map(|it| it.open).collect::<Vec<_>>(), [open]);
            assert_eq!(model.reaches_professional(), reaches);
        }
    }

    #[test]
    fn what_is_open_already_is_not_opened_again() {
        let mut model = planned(vec![PlannedView { open: true, ..session(0, &["Roos"]) }]);
        model.handle(Event::Connection(Connection::Online));
        assert!(model.to_open(0).is_empty());
    }

    #[test]
    fn a_host_leads_what_is_open_and_hers_or_else_what_is_due() {
        let due = session(8 * HOUR_MS, &["Roos"]);
        let mut open = PlannedView { open: true, ..session(7 * HOUR_MS, &["Roos", "Iris"]) };
        let mut model = planned(vec![open.clone(), due.clone()]);
        model.handle(Event::Connection(Connection::Online));
        let id = |model: &Model, now: u64| model.leads(now).map(|it| it.id);
        assert_eq!(id(&model, 8 * HOUR_MS), Some(open.id.clone()));
        open.hosts = vec!["Iris".to_owned()];
        let mut model = planned(vec![open, due.clone()]);
        model.handle(Event::Connection(Connection::Online));
        assert_eq!(id(&model, 8 * HOUR_MS), Some(due.id));
        assert_eq!(id(&model, 7 * HOUR_MS), None, "too early");
    }

    #[test]
    fn a_group_is_full_with_as_many_participants_as_were_planned() {
        let mut model = planned(vec![PlannedView { size: 2, ..session(0, &["Roos"]) }]);
        let member = |role: Role, id: &str| MemberView {
            id: id.to_owned(),
            name: id.to_owned(),
            role,
            service: None,
            you: false,
        };
        for (persons, full) in [(1, None), (2, Some((2, 2))), (3, Some((3, 2)))] {
            let persons = (0..persons).map(|it| member(Role::Person, &format!("p{it}")));
            let members = [member(Role::Host, "h1"), member(Role::Host, "h2")].into_iter().chain(persons);
            let view = RoomView { members: members.collect(), ..RoomView::new("g".to_owned(), Kind::Peer) };
            model.handle(Event::Room(view));
            assert_eq!(model.full("g", 0), full);
        }
        assert_eq!(model.full("g", 10 * HOUR_MS), None, "for as long as it is planned");
    }

    #[test]
    fn who_leads_three_a_day_or_five_a_week_is_named() {
        let day = |day: u64, hour: u64| session(day * DAY_MS + hour * HOUR_MS, &["Roos", "Iris"]);
        assert!(planned(vec![day(0, 9), day(0, 20), day(1, 20), day(2, 20)]).overloaded(0).is_empty());
        let three = vec![day(0, 9), day(0, 15), session(20 * HOUR_MS, &["Roos"])];
        assert_eq!(planned(three).overloaded(0), ["Roos"]);
        let five = (0..5).map(|it| day(it, 20)).collect();
        assert_eq!(planned(five).overloaded(0), ["Iris", "Roos"]);
    }

    #[test]
    fn what_she_has_led_this_week_counts_until_nothing_of_it_is_ahead() {
        let five = planned((0..5).map(|day| session(day * DAY_MS + 20 * HOUR_MS, &["Roos"])).collect());
        let friday = 4 * DAY_MS + 12 * HOUR_MS;
        assert_eq!(five.ahead(friday).count(), 1, "four are over");
        assert_eq!(five.overloaded(friday), ["Roos"]);
        assert!(five.is_overloaded(friday), "and she reads it herself");
        assert!(five.overloaded(5 * DAY_MS).is_empty(), "it cannot be changed any more");
        let mut iris = planned((0..5).map(|day| session(day * DAY_MS, &["Iris"])).collect());
        assert!(!iris.is_overloaded(0), "somebody else");
        iris.you = None;
        assert!(!iris.is_overloaded(0));
    }
}
