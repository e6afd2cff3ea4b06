//! What is known of duty, and what a coordinator begins with.

use lotgenoot_messages::{
    DutyFault, DutyLayerView, DutyPerson, DutyPlanView, DutyView, NextOnDutyView, OnHolidays, OwnDutyView,
    TurnUnit,
};

use super::duty_file::DutyFile;

// By how much clocks may differ before it matters here.
const MOMENT_MS: u64 = 60_000;

// How long before her duty ends a lead is asked whether the next one shall take over (study: on-call, T10).
const OFFERED_MS: u64 = 15 * 60_000;

/// The service under which hosts on shift stand.
const HOSTS: &str = "begeleider";

/// What is known of duty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DutyKnown {
    /// How it is planned; absent: not known yet, or not hers to see.
    pub view: Option<DutyView>,
    /// Why it was not changed, until it is.
    pub refused: Option<DutyRefused>,
    /// How often a change of hers was kept.
    pub kept: u64,
    /// Colleagues who have taken it over, until she has put that away.
    pub taken: Vec<DutyTaken>,
    /// A calendar of another program that she looks at.
    pub file: Option<DutyFile>,
}

/// Duty was not changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DutyRefused {
    /// Because of this service; empty: of the whole plan.
    pub service: String,
    /// Because of this layer of it, counted from 1.
    pub layer: Option<u32>,
    /// Why.
    pub fault: DutyFault,
}

/// A colleague has taken duty over.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct DutyTaken {
    /// Of which service.
    pub service: String,
    /// Who, if she is known.
    pub by: Option<String>,
    /// Until then, milliseconds since 1970.
    pub until: u64,
}

impl DutyKnown {
    /// A change of hers counts.
    pub fn was_kept(&mut self) {
        // A calendar that was made before says what was before.
        (self.refused, self.file) = (None, None);
        self.kept += 1;
    }

    /// A colleague has taken it over. Of several for one service the newest is shown.
    pub fn was_taken(&mut self, service: String, by: Option<String>, until: u64) {
        self.taken.retain(|known| known.service != service);
        self.taken.push(DutyTaken { service, by, until });
    }

    /// When she is on duty herself, without what is over by now.
    pub fn own(&self, now_ms: u64) -> impl Iterator<Item = OwnDutyView> {
        let own = self.view.iter().flat_map(|view| &view.own);
        own.filter(move |it| it.until > now_ms).cloned()
    }

    /// Whether she is on duty for this service at the first level now, or in a moment: what the relay says began just now may, by this
    /// device's clock, begin a little later.
    #[must_use]
    pub fn is_on(&self, service: &str, now_ms: u64) -> bool {
        let first = self.view.iter().flat_map(|view| &view.first);
        let now = |it: &OwnDutyView| it.until > now_ms && it.from <= now_ms + MOMENT_MS;
        first.filter(|it| it.service == service).any(now)
    }

    /// Whoever comes on duty when hers ends, from a quarter of an hour before on: she may have a call to hand over.
    #[must_use]
    pub fn next(&self, now_ms: u64) -> Option<&NextOnDutyView> {
        let next = self.view.iter().flat_map(|view| &view.next);
        // Of two the one of the duty that ended last: the other she has seen.
        next.filter(|it| it.at <= now_ms + OFFERED_MS).max_by_key(|it| it.at)
    }

    /// Whether a plan is in force that has duty of some service in it.
    #[must_use]
    pub fn plans_any(&self) -> bool {
        let plan = self.view.as_ref().and_then(|view| view.plan.as_ref());
        plan.is_some_and(|plan| !plan.services.is_empty())
    }

    /// Whether duty of this service is planned.
    #[must_use]
    pub fn plans(&self, service: &str) -> bool {
        let plan = self.view.as_ref().and_then(|view| view.plan.as_ref());
        plan.is_some_and(|plan| plan.services.iter().any(|it| it.name == service))
    }

    /// What a coordinator may begin to plan: all services there are or somebody is certified for, without those of `plan`.
    #[must_use]
    pub fn unplanned(&self, plan: &DutyPlanView) -> Vec<String> {
        let Some(view) = &self.view else { return Vec::new() };
        let certified = view.people.iter().filter_map(|person| person.service.clone());
        let mut all: Vec<String> = view.services.iter().cloned().chain(certified).collect();
        all.sort();
        all.dedup();
        all.retain(|name| plan.services.iter().all(|service| service.name != *name));
        all
    }

    /// Who can be on duty for a service: those who are certified for it.
    #[must_use]
    pub fn people_of(&self, service: &str) -> Vec<DutyPerson> {
        let people = self.view.iter().flat_map(|view| &view.people);
        let hers = |person: &&DutyPerson| match &person.service {
            Some(own) => own == service,
            None => service == HOSTS,
        };
        people.filter(hers).cloned().collect()
    }

    /// What somebody is called.
    #[must_use]
    pub fn alias(&self, account: &str) -> Option<&str> {
        let mut people = self.view.iter().flat_map(|view| &view.people);
        people.find(|person| person.account == account).map(|person| person.alias.as_str())
    }
}

/// A plan of nothing, in this time zone.
#[must_use]
pub fn new_plan(zone: String) -> DutyPlanView {
    DutyPlanView { number: 0, zone, holidays: Vec::new(), services: Vec::new() }
}

/// A layer to begin with: nobody yet, a week each, from this day at eight, always.
#[must_use]
pub fn new_layer(level: u32, day: &str) -> DutyLayerView {
    DutyLayerView {
        level,
        who: Vec::new(),
        anchor: format!("{day}T08:00"),
        turn: 1,
        unit: TurnUnit::Weeks,
        windows: Vec::new(),
        holidays: OnHolidays::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotgenoot_messages::DutyServiceView;

    fn person(alias: &str, service: Option<&str>) -> DutyPerson {
        let service = service.map(str::to_owned);
        DutyPerson { account: alias.to_lowercase(), alias: alias.to_owned(), service }
    }

    fn known() -> DutyKnown {
        let people = vec![
            person("Esra", Some("wijkteam")),
            person("Noor", Some("veilig-thuis")),
            person("Roos", None),
        ];
        let services = vec![HOSTS.to_owned(), "wijkteam".to_owned()];
        let own = [(0, 10), (20, 30)].map(|(from, until)| (from * MOMENT_MS, until * MOMENT_MS));
        let own = own.map(|(from, until)| OwnDutyView { service: "wijkteam".to_owned(), from, until });
        let (first, own) = (own.to_vec(), own.to_vec());
        let view = DutyView { services, people, own, first, ..DutyView::default() };
        DutyKnown { view: Some(view), ..DutyKnown::default() }
    }

    #[test]
    fn whoever_is_certified_for_a_service_can_stand_there_and_hosts_on_their_shift() {
        let aliases = |service: &str| -> Vec<String> {
            known().people_of(service).into_iter().map(|person| person.alias).collect()
        };
        assert_eq!(aliases("wijkteam"), ["Esra"]);
        assert_eq!(aliases(HOSTS), ["Roos"]);
        assert_eq!(aliases("politie"), [""; 0]);
    }

    #[test]
    fn what_is_planned_already_is_not_offered_again() {
        let mut plan = new_plan("Europe/Amsterdam".to_owned());
        assert_eq!(known().unplanned(&plan), [HOSTS, "veilig-thuis", "wijkteam"]);
        plan.services.push(DutyServiceView { name: "wijkteam".to_owned(), ..DutyServiceView::default() });
        assert_eq!(known().unplanned(&plan), [HOSTS, "veilig-thuis"]);
    }

    #[test]
    fn her_own_duty_is_what_is_not_over() {
        let known = known();
        assert_eq!(known.own(9 * MOMENT_MS).count(), 2);
        assert_eq!(known.own(10 * MOMENT_MS).count(), 1);
        assert!(known.is_on("wijkteam", 9 * MOMENT_MS) && !known.is_on("wijkteam", 10 * MOMENT_MS));
        assert!(!known.is_on(HOSTS, 9 * MOMENT_MS));
    }

    #[test]
    fn who_comes_next_is_shown_from_a_quarter_of_an_hour_before() {
        let mut known = known();
        let next = |at: u64, alias: &str| NextOnDutyView {
            service: "wijkteam".to_owned(),
            at: at * MOMENT_MS,
            account: alias.to_lowercase(),
            alias: alias.to_owned(),
        };
        known.view.iter_mut().for_each(|view| view.next = vec![next(20, "Esra"), next(50, "Karim")]);
        let alias = |minute: u64| known.next(minute * MOMENT_MS).map(|it| it.alias.as_str());
        assert_eq!(
            (alias(4), alias(5), alias(21), alias(35)),
            (None, Some("Esra"), Some("Esra"), Some("Karim"))
        );
    }

    #[test]
    fn whoever_stands_behind_a_colleague_can_take_over_from_her() {
        let mut known = known();
        known.view.iter_mut().for_each(|view| view.first.clear());
        assert!(known.own(9 * MOMENT_MS).count() > 0 && !known.is_on("wijkteam", 9 * MOMENT_MS));
    }

    #[test]
    fn what_begins_within_a_moment_is_hers_whatever_her_clock_says() {
        let known = known();
        assert!(known.is_on("wijkteam", 19 * MOMENT_MS));
        assert!(!known.is_on("wijkteam", 19 * MOMENT_MS - 1));
    }

    #[test]
    fn what_was_refused_is_behind_her_once_something_was_kept() {
        let mut known = known();
        let fault = DutyFault::Hole(1, 2);
        known.refused = Some(DutyRefused { service: String::new(), layer: None, fault });
        known.was_kept();
        assert_eq!((known.refused, known.kept), (None, 1));
    }
}
