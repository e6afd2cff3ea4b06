//! Who is on duty: a pure function of the roster and the moment.
//!
//! First form: levels of people with optional start and end. There is no cursor to advance and nothing to forget:
//! the same roster and the same moment always give the same ladder.

use std::collections::BTreeMap;

use lotgenoot_protocol::frame::OnDuty;
use lotgenoot_protocol::limits::RESPONDERS_PER_RAISE_MAX;
use lotgenoot_protocol::role::{Role, RoleCertificate, Trust};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, Serial, Timestamp};

/// The service under which hosts on shift stand.
pub const HOSTS: &str = "begeleider";

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
        Ok(Self { colleagues: known, services })
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

    /// Whether she stands in a shift after this moment.
    pub fn stands_after(&self, who: &Serial, moment: Timestamp) -> bool {
        let mut shifts = self.services.values().flat_map(|service| &service.shifts);
        shifts.any(|shift| shift.who == *who && shift.until.is_none_or(|until| until > moment))
    }

    /// The accounts of all colleagues.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountKey> {
        self.colleagues.values().map(|colleague| &colleague.account)
    }

    /// The services it knows.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The colleague whose account this is.
    pub fn colleague(&self, account: &AccountKey) -> Option<&Colleague> {
        self.colleagues.values().find(|colleague| colleague.account == *account)
    }

    /// The ladder of `service` at `now`: levels in order, fallback services after its own, nobody twice, nobody whose
    /// certificate does not count now, at most 20 in all. Levels without anybody are left out.
    pub fn ladder(&self, service: &str, trust: &Trust, now: Timestamp) -> Vec<Vec<&Colleague>> {
        let role = if service == HOSTS { Role::Host } else { Role::Professional };
        let mut ladder: Vec<Vec<&Colleague>> = Vec::new();
        let mut seen: Vec<Serial> = Vec::new();
        for service in chain(&self.services, service).unwrap_or_default() {
            let mut levels: BTreeMap<u32, Vec<&Colleague>> = BTreeMap::new();
            // By level, not as written: whoever stands at two is called at the lower, and a full ladder lacks its end.
            let mut shifts: Vec<&Shift> = service.shifts.iter().filter(|shift| is_on(shift, now)).collect();
            shifts.sort_by_key(|shift| shift.level);
            for shift in shifts {
                let Some(colleague) = self.colleagues.get(&shift.who) else { continue };
                let counts = trust
                    .role(&colleague.certificate, &colleague.leaf_key, now)
                    .is_ok_and(|certificate| certificate.role == role);
                if counts && !seen.contains(&shift.who) && seen.len() < RESPONDERS_PER_RAISE_MAX {
                    seen.push(shift.who);
                    levels.entry(shift.level).or_default().push(colleague);
                }
            }
            ladder.extend(levels.into_values());
        }
        ladder
    }

    /// The next moment after `now` at which a shift begins or ends.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let shifts = self.services.values().flat_map(|service| &service.shifts);
        shifts.flat_map(|shift| [shift.from, shift.until]).flatten().filter(|at| *at > now).min()
    }
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
