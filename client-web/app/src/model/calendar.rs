//! What is planned, for whom it matters.

use std::collections::BTreeMap;

use lotgenoot_messages::PlannedView;

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

    /// Hosts who are planned more often in a day or in a week than is good for them, by alias.
    #[must_use]
    pub fn overloaded(&self) -> Vec<String> {
        let mut sessions: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for session in self.planned.iter().flatten() {
            for host in &session.hosts {
                sessions.entry(host).or_default().push(session.begins_at);
            }
        }
        let within = |begins: &[u64], span: u64| {
            let count = |from: &u64| begins.iter().filter(|at| (*from..from + span).contains(at)).count();
            begins.iter().map(count).max().unwrap_or_default()
        };
        let many = |begins: &[u64]| {
            within(begins, DAY_MS) > SESSIONS_A_DAY || within(begins, 7 * DAY_MS) > SESSIONS_A_WEEK
        };
        sessions.into_iter().filter(|(_, begins)| many(begins)).map(|(host, _)| host.to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::{Connection, Event, Role, You};

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
        model.handle(Event::Open { hosts: true, services: Vec::new() });
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
    fn who_leads_three_a_day_or_five_a_week_is_named() {
        let day = |day: u64, hour: u64| session(day * DAY_MS + hour * HOUR_MS, &["Roos", "Iris"]);
        assert!(planned(vec![day(0, 9), day(0, 20), day(1, 20), day(2, 20)]).overloaded().is_empty());
        let three = vec![day(0, 9), day(0, 15), session(20 * HOUR_MS, &["Roos"])];
        assert_eq!(planned(three).overloaded(), ["Roos"]);
        let five = (0..5).map(|it| day(it, 20)).collect();
        assert_eq!(planned(five).overloaded(), ["Iris", "Roos"]);
    }
}
