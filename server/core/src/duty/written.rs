//! A plan as coordinators write it and as the ledger keeps it, and what it means.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime, Time};
use lotgenoot_protocol::duty::{
    DutyChange, DutyLayer, DutyOverride, DutyPlan, DutyService, DutyTemporary, DutyWindow,
    OnHolidays as Written, PlanFault, TurnUnit,
};
use lotgenoot_protocol::limits::{
    DUTY_HOLIDAYS_MAX, DUTY_LAYERS_MAX, DUTY_OVERRIDES_MAX, DUTY_PEOPLE_MAX, DUTY_PLAN_BYTES_MAX,
    DUTY_SERVICES_MAX, DUTY_SHIFTS_MAX, DUTY_TEMPORARIES_MAX, DUTY_WINDOWS_MAX, NAME_BYTES_MAX,
};
use lotgenoot_protocol::{AccountKey, Refused, codec};

use super::Roster;
use super::plan::{
    Change, Layer, OnHolidays, Override, Plan, PlanError, ServicePlan, Temporary, Turn, Window,
};

// `2026-12-01T08:00:00`: nothing longer is a time of the wall clock.
const TIME_BYTES_MAX: usize = 19;

/// A plan that can be used.
#[derive(Clone, Debug)]
pub struct Planned {
    written: DutyPlan,
    plan: Plan,
}

impl Planned {
    /// What a coordinator has written, for the organisation of this roster, checked whole.
    pub fn new(written: DutyPlan, roster: &Roster) -> Result<Self, Refused> {
        check_limits(&written)?;
        let plan = read(&written, |name| roster.unplanned(name))?;
        for service in &written.services {
            let nobody = |who: &AccountKey| roster.colleague(who).is_none();
            if let Some(at) = service.layers.iter().position(|layer| layer.who.iter().any(nobody)) {
                return Err(PlanError::layer(&service.name, at, PlanFault::Nobody).into());
            }
            if plan.people(&service.name).iter().any(nobody) {
                return Err(PlanError::of(&service.name, PlanFault::Nobody).into());
            }
        }
        Ok(Self { written, plan })
    }

    /// A plan in force with a change for once in it, of people who are known: it names nobody new. The roster file may
    /// have changed since it was written, which is no reason to refuse.
    pub fn changed(written: DutyPlan) -> Result<Self, Refused> {
        check_limits(&written)?;
        let plan = read(&written, |_| Some(None))?;
        Ok(Self { written, plan })
    }

    /// A plan as the ledger has it. The roster file may have changed since: what it falls back to may be gone.
    pub fn from_record(record: &[u8]) -> Option<Self> {
        let written: DutyPlan = codec::from_slice(record)?;
        let plan = read(&written, |_| Some(None)).ok()?;
        Some(Self { written, plan })
    }

    /// As it was written.
    pub fn written(&self) -> &DutyPlan {
        &self.written
    }

    /// What it means.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

fn check_limits(plan: &DutyPlan) -> Result<(), Refused> {
    let within = Refused::unless_within;
    within(codec::to_vec(plan).len(), DUTY_PLAN_BYTES_MAX, "DUTY_PLAN_BYTES_MAX")?;
    within(plan.services.len(), DUTY_SERVICES_MAX, "DUTY_SERVICES_MAX")?;
    within(plan.holidays.len(), DUTY_HOLIDAYS_MAX, "DUTY_HOLIDAYS_MAX")?;
    for holiday in &plan.holidays {
        within(holiday.name.len(), NAME_BYTES_MAX, "NAME_BYTES_MAX")?;
    }
    for service in &plan.services {
        within(service.name.len(), NAME_BYTES_MAX, "NAME_BYTES_MAX")?;
        within(service.layers.len(), DUTY_LAYERS_MAX, "DUTY_LAYERS_MAX")?;
        within(service.overrides.len(), DUTY_OVERRIDES_MAX, "DUTY_OVERRIDES_MAX")?;
        within(service.temporaries.len(), DUTY_TEMPORARIES_MAX, "DUTY_TEMPORARIES_MAX")?;
        for layer in &service.layers {
            within(layer.who.len(), DUTY_PEOPLE_MAX, "DUTY_PEOPLE_MAX")?;
            within(layer.windows.len(), DUTY_WINDOWS_MAX, "DUTY_WINDOWS_MAX")?;
        }
        for temporary in &service.temporaries {
            within(temporary.shifts.len(), DUTY_SHIFTS_MAX, "DUTY_SHIFTS_MAX")?;
        }
    }
    Ok(())
}

fn read(written: &DutyPlan, others: impl Fn(&str) -> Option<Option<String>>) -> Result<Plan, PlanError> {
    let mut holidays = BTreeSet::new();
    for holiday in &written.holidays {
        holidays.insert(day(&holiday.date).ok_or_else(|| PlanError::whole(PlanFault::Time))?);
    }
    let mut services = BTreeMap::new();
    for service in &written.services {
        let named = !service.name.trim().is_empty();
        if !named || services.insert(service.name.clone(), read_service(service)?).is_some() {
            return Err(PlanError::of(&service.name, PlanFault::Name));
        }
    }
    Plan::beside(&written.zone, holidays, services, others)
}

fn read_service(service: &DutyService) -> Result<ServicePlan, PlanError> {
    let unreadable = || PlanError::of(&service.name, PlanFault::Time);
    let mut layers = Vec::new();
    for (at, layer) in service.layers.iter().enumerate() {
        let read = read_layer(layer);
        layers.push(read.ok_or_else(|| PlanError::layer(&service.name, at, PlanFault::Time))?);
    }
    let temporaries: Option<Vec<Temporary>> = service.temporaries.iter().map(read_temporary).collect();
    let overrides: Option<Vec<Override>> = service.overrides.iter().map(read_override).collect();
    Ok(ServicePlan {
        layers,
        temporaries: temporaries.ok_or_else(unreadable)?,
        overrides: overrides.ok_or_else(unreadable)?,
        fallback: service.fallback.clone(),
        min_staff: service.min_staff as usize,
    })
}

fn read_layer(layer: &DutyLayer) -> Option<Layer> {
    let count = layer.turn.count;
    Some(Layer {
        level: layer.level,
        who: layer.who.clone(),
        anchor: moment(&layer.anchor)?,
        turn: match layer.turn.unit {
            TurnUnit::Days => Turn::Days(count),
            TurnUnit::Weeks => Turn::Weeks(count),
            TurnUnit::Months => Turn::Months(count),
        },
        windows: layer.windows.iter().map(read_window).collect::<Option<_>>()?,
        holidays: match layer.holidays {
            Written::Same => OnHolidays::Same,
            Written::Not => OnHolidays::Not,
            Written::Also => OnHolidays::Also,
        },
    })
}

fn read_window(window: &DutyWindow) -> Option<Window> {
    Some(Window { days: window.days, from: time(&window.from)?, until: time(&window.until)? })
}

fn read_temporary(temporary: &DutyTemporary) -> Option<Temporary> {
    let shifts = temporary.shifts.iter();
    let shifts = shifts.map(|it| Some((it.who, it.level, moment(&it.from)?, moment(&it.until)?)));
    Some(Temporary {
        from: moment(&temporary.from)?,
        until: moment(&temporary.until)?,
        shifts: shifts.collect::<Option<_>>()?,
    })
}

fn read_override(it: &DutyOverride) -> Option<Override> {
    Some(Override {
        from: moment(&it.from)?,
        until: moment(&it.until)?,
        change: match it.change {
            DutyChange::Add { who, level } => Change::Add { who, level },
            DutyChange::Remove { who } => Change::Remove { who },
            DutyChange::Replace { who, by } => Change::Replace { who, by },
        },
    })
}

fn day(text: &str) -> Option<Date> {
    plain(text)?.parse().ok().filter(|day: &Date| day.year() >= 1970)
}

fn time(text: &str) -> Option<Time> {
    plain(text)?.parse().ok()
}

/// A day and a time as a plan writes them.
pub(crate) fn moment(text: &str) -> Option<DateTime> {
    // A day alone would be read as its midnight, which nobody has written.
    let text = plain(text).filter(|text| text.contains('T'))?;
    text.parse().ok().filter(|at: &DateTime| at.year() >= 1970)
}

// No offset, no zone, no parts of a second.
fn plain(text: &str) -> Option<&str> {
    let known = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'T');
    (text.len() <= TIME_BYTES_MAX && text.bytes().all(known)).then_some(text)
}

/// As a plan writes a time of the wall clock.
pub(crate) fn as_written(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
