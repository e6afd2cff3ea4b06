//! Whether a roster will do, looked at beforehand: holes, too few, people who stand twice or cannot be called.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_protocol::duty::{NextOnDuty, OwnDuty, Uncovered, Wrong};
use lotgenoot_protocol::limits::DUTY_NEXT_MS;
use lotgenoot_protocol::role::{Role, RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, Timestamp};

use super::ics::{self, Stretch};
use super::{HOSTS, Roster, counts, role_of};

impl Roster {
    /// What wants looking at in the planned services between two moments, by service and in order. `reached` says of whom
    /// it is known that a page arrives.
    pub fn coverage(
        &self,
        trust: &Trust,
        reached: impl Fn(&AccountKey) -> bool,
        from: Timestamp,
        until: Timestamp,
    ) -> Vec<Uncovered> {
        let mut found: Vec<Uncovered> = Vec::new();
        let services: Vec<&str> = self.plan().into_iter().flat_map(|plan| plan.services()).collect();
        let moments: Vec<Timestamp> =
            self.moments(services.iter().copied(), from, until).into_iter().collect();
        for pair in moments.windows(2) {
            let (from, until) = (pair[0], pair[1]);
            for service in &services {
                for wrong in self.wrong(service, &services, trust, &reached, from) {
                    let same =
                        |it: &&mut Uncovered| it.until == from && it.service == *service && it.wrong == wrong;
                    match found.iter_mut().rfind(same) {
                        Some(known) => known.until = until,
                        None => found.push(Uncovered { service: (*service).to_owned(), from, until, wrong }),
                    }
                }
            }
        }
        found.sort_by(|one, other| {
            (&one.service, one.from, &one.wrong).cmp(&(&other.service, other.from, &other.wrong))
        });
        found
    }

    /// The first stretch between two moments in which nobody is on duty for a service where, by the roster `before`,
    /// somebody would have been.
    pub fn opens_hole(
        &self,
        before: &Roster,
        trust: &Trust,
        from: Timestamp,
        until: Timestamp,
    ) -> Option<(String, Timestamp, Timestamp)> {
        let services: BTreeSet<&str> = self.services().chain(before.services()).collect();
        let mut moments = self.moments(services.iter().copied(), from, until);
        moments.extend(before.moments(services.iter().copied(), from, until));
        let moments: Vec<Timestamp> = moments.into_iter().collect();
        for service in services {
            let mut hole: Option<(Timestamp, Timestamp)> = None;
            for pair in moments.windows(2) {
                let is_open = self.ladder(service, trust, pair[0]).is_empty()
                    && !before.ladder(service, trust, pair[0]).is_empty();
                match &mut hole {
                    Some((_, end)) if is_open => *end = pair[1],
                    Some(_) => break,
                    None if is_open => hole = Some((pair[0], pair[1])),
                    None => {}
                }
            }
            if let Some((from, until)) = hole {
                return Some((service.to_owned(), from, until));
            }
        }
        None
    }

    /// For how long nobody is on duty between two moments, planned or by shifts of the roster file, all services of
    /// professionals together, in milliseconds.
    pub fn uncovered_ms(&self, trust: &Trust, from: Timestamp, until: Timestamp) -> u64 {
        let services: Vec<&str> = self.services().filter(|service| *service != HOSTS).collect();
        let moments: Vec<Timestamp> =
            self.moments(services.iter().copied(), from, until).into_iter().collect();
        let uncovered = moments.windows(2).map(|pair| {
            let open = services.iter().filter(|service| self.ladder(service, trust, pair[0]).is_empty());
            open.count() as u64 * pair[1].ms_since(pair[0])
        });
        uncovered.sum()
    }

    /// When this account is on duty between two moments, planned or by a shift of the roster file, in order.
    pub fn own(
        &self,
        account: &AccountKey,
        from: Timestamp,
        until: Timestamp,
        level: fn(u32) -> bool,
    ) -> Vec<OwnDuty> {
        let mut own = Vec::new();
        for service in self.services() {
            let stretches = match self.plan_of(service) {
                Some(plan) => plan.stretches(service, account, from, until, level),
                None => self.shifts_of(service, account, from, until, level),
            };
            own.extend(stretches.into_iter().map(|(from, until)| OwnDuty {
                service: service.to_owned(),
                from,
                until,
            }));
        }
        own.sort_by_key(|it| (it.from, it.until));
        own
    }

    /// Everybody's duty for a service between two moments, planned or by shifts of the roster file, in order.
    pub fn stretches(&self, service: &str, from: Timestamp, until: Timestamp) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        let moments: Vec<Timestamp> = self.moments([service].into_iter(), from, until).into_iter().collect();
        for pair in moments.windows(2) {
            for (level, colleague) in self.standing(service, pair[0]) {
                let account = colleague.account;
                let goes_on =
                    |it: &&mut Stretch| it.until == pair[0] && it.account == account && it.level == level;
                match stretches.iter_mut().rfind(goes_on) {
                    Some(known) => known.until = pair[1],
                    None => {
                        let alias = RoleCertificate::from_bytes(&colleague.certificate).map(|it| it.alias);
                        let alias = alias.unwrap_or_default();
                        stretches.push(Stretch { account, alias, level, from: pair[0], until: pair[1] });
                    }
                }
            }
        }
        stretches
    }

    /// Who is at the first level when a stretch of duty of this account ends, of those that end within `DUTY_NEXT_MS` or ended no
    /// longer ago.
    pub fn next(&self, account: &AccountKey, trust: &Trust, now: Timestamp) -> Vec<NextOnDuty> {
        let (from, until) = (Timestamp(now.0.saturating_sub(DUTY_NEXT_MS)), now.plus_ms(DUTY_NEXT_MS));
        // What ends there may only be the end of what is looked at.
        let ending = self.own(account, from, until, |_| true).into_iter().filter(|it| it.until < until);
        let mut next = Vec::new();
        for OwnDuty { service, until: at, .. } in ending.filter(|it| it.service != HOSTS) {
            // Of her own service: another one is asked for only with the person's consent.
            let role = role_of(&service);
            let mut standing = self.standing(&service, at);
            standing.retain(|(_, colleague)| counts(colleague, role, trust, at));
            let goes_on = standing.iter().any(|(_, colleague)| colleague.account == *account);
            let Some(first) = standing.first().map(|(level, _)| *level).filter(|_| !goes_on) else {
                continue;
            };
            let first = standing.into_iter().filter(|(level, _)| *level == first);
            next.extend(first.map(|(_, colleague)| NextOnDuty {
                service: service.clone(),
                at,
                account: colleague.account,
                certificate: colleague.certificate.clone(),
            }));
        }
        next
    }

    /// Whom a calendar means by an address or, if that is nobody's, by a name: one who is certified for the service. Worked out
    /// once for all who stand in it.
    pub fn meant(&self, service: &str) -> Meant {
        let mut meant = Meant::default();
        for colleague in self.colleagues.values() {
            meant.addresses.insert(ics::address(&colleague.account), colleague.account);
            let read =
                RoleCertificate::from_bytes(&colleague.certificate).filter(|read| answers(read, service));
            if let Some(read) = read {
                meant.names.entry(read.alias.to_lowercase()).or_default().insert(colleague.account);
            }
        }
        meant
    }

    fn shifts_of(
        &self,
        service: &str,
        account: &AccountKey,
        from: Timestamp,
        until: Timestamp,
        level: fn(u32) -> bool,
    ) -> Vec<(Timestamp, Timestamp)> {
        let Some(colleague) = self.colleague(account) else { return Vec::new() };
        let shifts = self.services.get(service).into_iter().flat_map(|service| &service.shifts);
        let hers = shifts.filter(|shift| shift.who == colleague.serial && level(shift.level));
        let clipped =
            hers.map(|it| (it.from.unwrap_or(from).max(from), it.until.unwrap_or(until).min(until)));
        clipped.filter(|(from, until)| from < until).collect()
    }

    fn wrong(
        &self,
        service: &str,
        services: &[&str],
        trust: &Trust,
        reached: &impl Fn(&AccountKey) -> bool,
        at: Timestamp,
    ) -> Vec<Wrong> {
        let Some(planned) = self.plan().and_then(|plan| Some((plan, plan.service(service)?))) else {
            return Vec::new();
        };
        let (plan, rules) = planned;
        let standing = plan.standing(service, at);
        let people: BTreeSet<AccountKey> = standing.iter().map(|(_, who)| *who).collect();
        let mut there = BTreeSet::new();
        let mut wrong = Vec::new();
        for who in people {
            match self.colleague(&who) {
                None => wrong.push(Wrong::Unknown(who)),
                Some(colleague) if counts(colleague, role_of(service), trust, at) => drop(there.insert(who)),
                Some(_) => wrong.push(Wrong::Ended(who)),
            }
        }
        for who in &there {
            if standing.iter().filter(|(_, other)| other == who).count() > 1 {
                wrong.push(Wrong::TwoLevels(*who));
            }
            let elsewhere = services.iter().filter(|other| **other > service);
            let twice = elsewhere.filter(|other| plan.on_duty(other, at).iter().any(|(_, on)| on == who));
            wrong.extend(twice.map(|other| Wrong::TwoServices { who: *who, other: (*other).to_owned() }));
        }
        let ladder = self.ladder(service, trust, at);
        if ladder.is_empty() {
            wrong.push(Wrong::Hole);
        } else if there.len() < rules.min_staff {
            wrong.push(Wrong::TooFew);
        }
        if !ladder.is_empty() && !ladder.iter().flatten().any(|colleague| reached(&colleague.account)) {
            wrong.push(Wrong::NotReached);
        }
        wrong
    }

    // Every moment between two at which something may be different for these services, both ends included.
    fn moments<'a>(
        &'a self,
        services: impl Iterator<Item = &'a str>,
        from: Timestamp,
        until: Timestamp,
    ) -> BTreeSet<Timestamp> {
        let mut moments = BTreeSet::from([from, until]);
        let names: BTreeSet<&str> = services.flat_map(|service| self.names(service)).collect();
        for name in names {
            match self.plan_of(name) {
                Some(plan) => moments.extend(plan.changes(name, from, until)),
                None => {
                    let shifts = self.services.get(name).into_iter().flat_map(|service| &service.shifts);
                    moments.extend(shifts.flat_map(|shift| [shift.from, shift.until]).flatten());
                }
            }
        }
        for colleague in self.colleagues() {
            let Some(read) = RoleCertificate::from_bytes(&colleague.certificate) else { continue };
            let ends = read.issuers.iter().map(|(issuer, _)| issuer.not_after).chain([read.not_after]);
            moments.extend(ends.map(|end| Timestamp(end.saturating_mul(1000))));
        }
        moments.retain(|at| from <= *at && *at <= until);
        moments
    }
}

/// Whom calendars can mean.
#[derive(Clone, Debug, Default)]
pub struct Meant {
    addresses: BTreeMap<String, AccountKey>,
    names: BTreeMap<String, BTreeSet<AccountKey>>,
}

impl Meant {
    /// Who that is; of two with one name it is not known which.
    pub fn find(&self, address: &str, name: Option<&str>) -> Option<AccountKey> {
        let by_name = || {
            let named = self.names.get(&name?.trim().to_lowercase())?;
            named.first().filter(|_| named.len() == 1).copied()
        };
        self.addresses.get(address).copied().or_else(by_name)
    }
}

// Hosts on shift stand under a name of their own.
fn answers(read: &RoleCertificate, service: &str) -> bool {
    if service == HOSTS { read.role == Role::Host } else { read.service == service }
}
