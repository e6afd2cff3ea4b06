//! Who is on duty: a pure function of the roster and the moment.
//!
//! - `plan`: layers that take turns, holidays, and what is different for once, by the wall clock
//! - `coverage`: whether that will do, looked at beforehand
//! - `ics`: duty as calendars of other programs, written and read
//! - `written`: a plan as coordinators write and the ledger keeps it
//! - here: the roster the desk calls by: planned services by their plan, others by shifts with optional start and end
//!
//! There is no cursor to advance and nothing to forget: the same roster and the same moment always give the same ladder.

mod civil;
mod coverage;
mod ics;
pub mod plan;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lotgenoot_protocol::frame::OnDuty;
use lotgenoot_protocol::limits::RESPONDERS_PER_RAISE_MAX;
use lotgenoot_protocol::role::{Role, RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Serial, Timestamp};

pub use ics::{Stretch, calendar, calendar_of_service, read as read_calendar};
pub use plan::{Plan, PlanError};
pub use written::Planned;
pub(crate) use written::{as_written, moment};

/// The service under which hosts on shift stand.
pub const HOSTS: &str = "begeleider";

// Whose shift begins within this time is let in to a call already: she may be needed before it is over. Milliseconds.
const NEXT_SHIFT_MS: u64 = 3_600_000;

/// Somebody a roster can name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Colleague {
    /// Where her inbox and KeyPackages are.
    pub account: AccountKey,
    /// Her role certificate.
    pub certificate: Blob,
    /// The key it certifies.
    pub leaf_key: LeafKey,
    /// Its serial.
    pub serial: Serial,
}

/// A stretch of duty. Absent ends are open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shift {
    /// Who.
    pub who: Serial,
    /// The level of the ladder, from 1.
    pub level: u32,
    /// From this moment.
    pub from: Option<Timestamp>,
    /// Until just before this moment.
    pub until: Option<Timestamp>,
}

/// Who answers for which service, and when.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    colleagues: BTreeMap<Serial, Colleague>,
    services: BTreeMap<String, Service>,
    planned: Option<Arc<Planned>>,
}

/// One service's shifts.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its shifts, in any order.
    pub shifts: Vec<Shift>,
    /// The service whose people come after its own last level.
    pub fallback: Option<String>,
}

/// Why a roster cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RosterError {
    /// A certificate that cannot be read.
    Certificate(usize),
    /// A shift of somebody the roster does not know.
    Unknown {
        /// In this service.
        service: String,
    },
    /// A shift that ends before it begins.
    Backwards {
        /// In this service.
        service: String,
    },
    /// A fallback that is not a service of this roster, or leads back.
    Fallback {
        /// Of this service.
        service: String,
    },
}

impl std::fmt::Display for RosterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Certificate(at) => {
                write!(f, "colleague {} of the roster has no readable certificate", at + 1)
            }
            Self::Unknown { service } => {
                write!(f, "a shift of service {service} names nobody the roster knows")
            }
            Self::Backwards { service } => write!(f, "a shift of service {service} ends before it begins"),
            Self::Fallback { service } => {
                write!(f, "service {service} falls back to a service that is not there, or in a circle")
            }
        }
    }
}

impl std::error::Error for RosterError {}

impl Roster {
    /// A roster of these people and services, checked whole.
    pub fn new(
        colleagues: Vec<(AccountKey, Blob)>,
        services: BTreeMap<String, Service>,
    ) -> Result<Self, RosterError> {
        let mut known = BTreeMap::new();
        for (at, (account, certificate)) in colleagues.into_iter().enumerate() {
            let read = RoleCertificate::from_bytes(&certificate).ok_or(RosterError::Certificate(at))?;
            let (leaf_key, serial) = (read.leaf_key, read.serial);
            known.insert(serial, Colleague { account, certificate, leaf_key, serial });
        }
        for (name, service) in &services {
            let service_name = || name.clone();
            if service.shifts.iter().any(|shift| !known.contains_key(&shift.who)) {
                return Err(RosterError::Unknown { service: service_name() });
            }
            let backwards = |shift: &Shift| matches!((shift.from, shift.until), (Some(from), Some(until)) if until <= from);
            if service.shifts.iter().any(backwards) {
                return Err(RosterError::Backwards { service: service_name() });
            }
            if chain(&services, name).is_none() {
                return Err(RosterError::Fallback { service: service_name() });
            }
        }
        Ok(Self { colleagues: known, services, planned: None })
    }

    /// Everybody the roster can name.
    pub fn colleagues(&self) -> impl Iterator<Item = &Colleague> {
        self.colleagues.values()
    }

    /// A certificate that takes the place of this account's, in every shift too; or somebody's first.
    pub fn certify(&mut self, account: AccountKey, certificate: Blob) {
        let Some(read) = RoleCertificate::from_bytes(&certificate) else { return };
        let (leaf_key, serial) = (read.leaf_key, read.serial);
        if let Some(before) = self.colleague(&account).map(|known| known.serial) {
            self.colleagues.remove(&before);
            let shifts = self.services.values_mut().flat_map(|service| &mut service.shifts);
            shifts.filter(|shift| shift.who == before).for_each(|shift| shift.who = serial);
        }
        self.colleagues.insert(serial, Colleague { account, certificate, leaf_key, serial });
    }

    /// The services that stand in this plan are answered by it from now on, and no others.
    #[must_use]
    pub fn with_plan(mut self, planned: Option<Arc<Planned>>) -> Self {
        self.planned = planned;
        self
    }

    /// The plan it goes by, as it was written.
    pub fn planned(&self) -> Option<&Arc<Planned>> {
        self.planned.as_ref()
    }

    fn plan(&self) -> Option<&Plan> {
        self.planned.as_deref().map(Planned::plan)
    }

    /// Whether she is certified to answer for this service at a moment.
    pub fn answers(&self, colleague: &Colleague, service: &str, trust: &Trust, at: Timestamp) -> bool {
        counts(colleague, role_of(service), trust, at)
    }

    /// The plan, if it says anything of this service.
    pub fn plan_of(&self, service: &str) -> Option<&Plan> {
        self.plan().filter(|plan| plan.service(service).is_some())
    }

    /// What a service of the roster file falls back to, if there is one of this name.
    pub fn unplanned(&self, service: &str) -> Option<Option<String>> {
        self.services.get(service).map(|service| service.fallback.clone())
    }

    /// Whether she stands in a shift after this moment, or in the plan.
    pub fn stands_after(&self, who: &Serial, moment: Timestamp) -> bool {
        let account = self.who(who).map(|colleague| colleague.account);
        let planned = self.plan().zip(account).is_some_and(|(plan, it)| plan.stands_after(&it, moment));
        planned
            || self
                .unplanned_shifts()
                .any(|shift| shift.who == *who && shift.until.is_none_or(|until| until > moment))
    }

    fn unplanned_shifts(&self) -> impl Iterator<Item = &Shift> {
        let unplanned = self.services.iter().filter(|(name, _)| self.plan_of(name).is_none());
        unplanned.flat_map(|(_, service)| &service.shifts)
    }

    /// The accounts of all colleagues.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountKey> {
        self.colleagues.values().map(|colleague| &colleague.account)
    }

    /// The services it knows.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        let all: BTreeSet<&str> = self
            .services
            .keys()
            .map(String::as_str)
            .chain(self.plan().into_iter().flat_map(Plan::services))
            .collect();
        all.into_iter()
    }

    /// The colleague with this certificate.
    pub fn who(&self, serial: &Serial) -> Option<&Colleague> {
        self.colleagues.get(serial)
    }

    /// The colleague whose account this is.
    pub fn colleague(&self, account: &AccountKey) -> Option<&Colleague> {
        self.colleagues.values().find(|colleague| colleague.account == *account)
    }

    /// The colleague whose account this is, if she is a professional at `now`, on duty or not.
    pub fn counting(&self, account: &AccountKey, trust: &Trust, now: Timestamp) -> Option<&Colleague> {
        let colleague = self.colleague(account)?;
        let certificate = trust.role(&colleague.certificate, &colleague.leaf_key, now);
        certificate.is_ok_and(|it| it.role == Role::Professional).then_some(colleague)
    }

    /// The ladder of `service` at `now`: levels in order, fallback services after its own, nobody twice, nobody whose
    /// certificate does not count now, at most 20 in all. Levels without anybody are left out.
    pub fn ladder(&self, service: &str, trust: &Trust, now: Timestamp) -> Vec<Vec<&Colleague>> {
        let role = role_of(service);
        let mut ladder: Vec<Vec<&Colleague>> = Vec::new();
        let mut seen: Vec<Serial> = Vec::new();
        for service in self.names(service) {
            let mut levels: BTreeMap<u32, Vec<&Colleague>> = BTreeMap::new();
            // By level, not as written: whoever stands at two is called at the lower, and a full ladder lacks its end.
            for (level, colleague) in self.standing(service, now) {
                let serial = colleague.serial;
                let counts = counts(colleague, role, trust, now);
                if counts && !seen.contains(&serial) && seen.len() < RESPONDERS_PER_RAISE_MAX {
                    seen.push(serial);
                    levels.entry(level).or_default().push(colleague);
                }
            }
            ladder.extend(levels.into_values());
        }
        ladder
    }

    /// Who may be needed for a call to `service` beside its ladder, in the order in which they may: those whose shift
    /// begins within the hour; and, if `everybody`, all professionals of the service and those it falls back to. Nobody
    /// of the ladder, nobody twice, nobody whose certificate does not count now.
    pub fn later(&self, service: &str, trust: &Trust, now: Timestamp, everybody: bool) -> Vec<&Colleague> {
        let names: Vec<&str> = self.names(service);
        let mut coming: Vec<(Timestamp, u32, &Colleague)> =
            names.iter().flat_map(|name| self.coming(name, now)).collect();
        // Those who come soonest first; those whose duty is over last.
        coming.sort_by_key(|(begins, level, _)| (*begins, *level));
        let soon = now.plus_ms(NEXT_SHIFT_MS);
        let certified = |colleague: &&Colleague| {
            RoleCertificate::from_bytes(&colleague.certificate)
                .is_some_and(|read| names.contains(&read.service.as_str()))
        };
        let standing = coming.iter().filter(|(begins, ..)| everybody || *begins <= soon);
        let rest = self.colleagues.values().filter(|_| everybody).filter(certified);
        let ladder = self.ladder(service, trust, now);
        let mut seen: Vec<Serial> = ladder.into_iter().flatten().map(|colleague| colleague.serial).collect();
        let mut later = Vec::new();
        for colleague in standing.map(|(_, _, colleague)| *colleague).chain(rest) {
            if !seen.contains(&colleague.serial) {
                seen.push(colleague.serial);
                later.extend(counts(colleague, Role::Professional, trust, now).then_some(colleague));
            }
        }
        later
    }

    /// The next moment after `now` at which a shift begins or ends; where there is a plan, within a day.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let shifts = self.unplanned_shifts().flat_map(|shift| [shift.from, shift.until]).flatten();
        let planned = self.plan().into_iter();
        let planned = planned.flat_map(|plan| plan.services().map(|name| plan.next_change(name, now)));
        shifts.filter(|at| *at > now).chain(planned).min()
    }

    /// A service and those it falls back to, in order. A name that nothing stands under leads no further.
    pub fn names<'a>(&'a self, service: &'a str) -> Vec<&'a str> {
        let mut names = vec![service];
        while let Some(next) = self.fallback(names[names.len() - 1]) {
            if names.contains(&next) {
                break;
            }
            names.push(next);
        }
        names
    }

    fn fallback(&self, service: &str) -> Option<&str> {
        match self.plan().and_then(|plan| plan.service(service)) {
            Some(planned) => planned.fallback.as_deref(),
            None => self.services.get(service)?.fallback.as_deref(),
        }
    }

    // Who stands for this service now, by level, those whose certificate does not count among them.
    fn standing(&self, service: &str, now: Timestamp) -> Vec<(u32, &Colleague)> {
        if let Some(plan) = self.plan_of(service) {
            let on = plan.on_duty(service, now).into_iter();
            return on.filter_map(|(level, who)| Some((level, self.colleague(&who)?))).collect();
        }
        let shifts = self.services.get(service).into_iter().flat_map(|service| &service.shifts);
        let on = shifts.filter(|shift| is_on(shift, now));
        let mut on: Vec<_> = on.filter_map(|shift| Some((shift.level, self.who(&shift.who)?))).collect();
        on.sort_by_key(|(level, _)| *level);
        on
    }

    // Who stands for this service at another time, and when that begins; without a beginning to come: at the end of time.
    fn coming(&self, service: &str, now: Timestamp) -> Vec<(Timestamp, u32, &Colleague)> {
        const NEVER: Timestamp = Timestamp(u64::MAX);
        if let Some(plan) = self.plan_of(service) {
            let soon = plan.coming(service, now, now.plus_ms(NEXT_SHIFT_MS));
            let others = plan.people(service).into_iter().map(|who| (NEVER, 1, who));
            let all = soon.into_iter().chain(others);
            return all.filter_map(|(at, level, who)| Some((at, level, self.colleague(&who)?))).collect();
        }
        let begins = |shift: &Shift| shift.from.filter(|from| *from > now).unwrap_or(NEVER);
        let shifts = self.services.get(service).into_iter().flat_map(|service| &service.shifts);
        shifts.filter_map(|shift| Some((begins(shift), shift.level, self.who(&shift.who)?))).collect()
    }
}

// Who answers for a service: hosts on shift for theirs, professionals for all others.
fn role_of(service: &str) -> Role {
    if service == HOSTS { Role::Host } else { Role::Professional }
}

fn counts(colleague: &Colleague, role: Role, trust: &Trust, at: Timestamp) -> bool {
    let certificate = trust.role(&colleague.certificate, &colleague.leaf_key, at);
    certificate.is_ok_and(|certificate| certificate.role == role)
}

/// The ladder as a client is told it. `reachable` says whether a channel to an account is open.
pub fn as_told(ladder: &[Vec<&Colleague>], reachable: impl Fn(&AccountKey) -> bool) -> Vec<OnDuty> {
    let mut people = Vec::new();
    for (level, colleagues) in ladder.iter().enumerate() {
        people.extend(colleagues.iter().map(|colleague| OnDuty {
            account: colleague.account,
            certificate: colleague.certificate.clone(),
            level: level as u32 + 1,
            reachable: reachable(&colleague.account),
        }));
    }
    people
}

fn is_on(shift: &Shift, now: Timestamp) -> bool {
    shift.from.is_none_or(|from| from <= now) && shift.until.is_none_or(|until| now < until)
}

// A service and those it falls back to, in order; `None` if the way leads nowhere or in a circle.
fn chain<'a>(services: &'a BTreeMap<String, Service>, name: &str) -> Option<Vec<&'a Service>> {
    let mut chain = Vec::new();
    let mut next = Some(name);
    while let Some(name) = next {
        if chain.len() > services.len() {
            return None;
        }
        let service = services.get(name)?;
        chain.push(service);
        next = service.fallback.as_deref();
    }
    Some(chain)
}
