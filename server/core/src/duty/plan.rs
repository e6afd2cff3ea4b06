//! Who is on duty, as an organisation plans it: layers that rotate, holidays, changes of one evening.
//!
//! `on_duty(service, moment)` is a pure function of the plan. There is no stored position that a job moves on and that
//! can be late; turn k is always counted from the anchor, so that a day with a gap shifts nothing after it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use lotgenoot_protocol::duty::PlanFault;
use lotgenoot_protocol::{AccountKey, Refused, Timestamp};

use super::civil::{begins, ends, local};

// Further ahead nobody looks.
const LOOK_AHEAD_MS: u64 = 3660 * 86_400_000;

/// An organisation's plan.
#[derive(Clone, Debug)]
pub struct Plan {
    zone: TimeZone,
    holidays: BTreeSet<Date>,
    services: BTreeMap<String, ServicePlan>,
    // What is not by rule, in moments: looked at each time somebody asks who is on duty.
    once: BTreeMap<String, Once>,
}

#[derive(Clone, Debug, Default)]
struct Once {
    temporaries: Vec<(Timestamp, Timestamp, Vec<Stood>)>,
    overrides: Vec<(Timestamp, Timestamp, Change)>,
}

// At which level, who, from and until when.
type Stood = (u32, AccountKey, Timestamp, Timestamp);

/// Who answers for one service.
#[derive(Clone, Debug, Default)]
pub struct ServicePlan {
    /// Who is on duty as a rule.
    pub layers: Vec<Layer>,
    /// Whole stretches for which the layers do not count.
    pub temporaries: Vec<Temporary>,
    /// What is different for once.
    pub overrides: Vec<Override>,
    /// The service whose people come after its own last level.
    pub fallback: Option<String>,
    /// With fewer people than this it is understaffed.
    pub min_staff: usize,
}

/// People who take turns at one level of the ladder.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The level, from 1.
    pub level: u32,
    /// In the order of their turns.
    pub who: Vec<AccountKey>,
    /// When the first turn begins, by the wall clock.
    pub anchor: DateTime,
    /// How long a turn is.
    pub turn: Turn,
    /// On duty at these times only; none: always.
    pub windows: Vec<Window>,
    /// On holidays.
    pub holidays: OnHolidays,
}

/// How long a turn is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// So many days.
    Days(u32),
    /// So many weeks.
    Weeks(u32),
    /// So many months; from the 31st to the last day of a shorter one.
    Months(u32),
}

/// A stretch of some days of the week.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// On which days it begins: bit 0 is Monday.
    pub days: u8,
    /// From this time.
    pub from: Time,
    /// Until just before this time; if that is not later, of the next day.
    pub until: Time,
}

/// What a layer does on holidays.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnHolidays {
    /// As on any other day.
    #[default]
    Same,
    /// Nothing begins on them.
    Not,
    /// Its windows begin on them too, whatever day of the week it is.
    Also,
}

/// A stretch for which only this counts.
#[derive(Clone, Debug)]
pub struct Temporary {
    /// From this time of the wall clock.
    pub from: DateTime,
    /// Until just before this time.
    pub until: DateTime,
    /// Who: level, from, until.
    pub shifts: Vec<(AccountKey, u32, DateTime, DateTime)>,
}

/// Something that is different for once.
#[derive(Clone, Debug)]
pub struct Override {
    /// From this time of the wall clock.
    pub from: DateTime,
    /// Until just before this time.
    pub until: DateTime,
    /// What.
    pub change: Change,
}

/// What is different.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// She is on duty too.
    Add {
        /// Who.
        who: AccountKey,
        /// At this level.
        level: u32,
    },
    /// She is not on duty.
    Remove {
        /// Who.
        who: AccountKey,
    },
    /// Somebody is on duty in her place.
    Replace {
        /// Whose place.
        who: AccountKey,
        /// Who comes.
        by: AccountKey,
    },
}

/// Why a plan cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PlanError {
    /// In which service; empty: it is about the whole plan.
    pub service: String,
    /// In which of its layers, counted from 1.
    pub layer: Option<u32>,
    /// What is wrong with it.
    pub fault: PlanFault,
}

impl PlanError {
    pub(super) fn whole(fault: PlanFault) -> Self {
        Self { service: String::new(), layer: None, fault }
    }

    pub(super) fn of(service: &str, fault: PlanFault) -> Self {
        Self { service: service.to_owned(), layer: None, fault }
    }

    pub(super) fn layer(service: &str, at: usize, fault: PlanFault) -> Self {
        Self { layer: Some(u32::try_from(at + 1).unwrap_or(u32::MAX)), ..Self::of(service, fault) }
    }
}

impl From<PlanError> for Refused {
    fn from(error: PlanError) -> Self {
        Self::Duty { service: error.service, layer: error.layer, fault: error.fault }
    }
}

impl std::fmt::Display for PlanError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Refused::from(self.clone()).fmt(f)
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// A plan in this time zone, checked whole.
    pub fn new(
        zone: &str,
        holidays: impl IntoIterator<Item = Date>,
        services: BTreeMap<String, ServicePlan>,
    ) -> Result<Self, PlanError> {
        Self::beside(zone, holidays, services, |_| None)
    }

    /// The same for an organisation that has services beside the planned ones: `others` says of a name whether it is one
    /// of them, and what that one falls back to.
    pub fn beside(
        zone: &str,
        holidays: impl IntoIterator<Item = Date>,
        services: BTreeMap<String, ServicePlan>,
        others: impl Fn(&str) -> Option<Option<String>>,
    ) -> Result<Self, PlanError> {
        let zone = TimeZone::get(zone).map_err(|_unknown| PlanError::whole(PlanFault::Zone))?;
        let mut once = BTreeMap::new();
        for (name, service) in &services {
            service.check(name)?;
            if !ends_somewhere(&services, &others, name) {
                return Err(PlanError::of(name, PlanFault::Fallback));
            }
            once.insert(name.clone(), Once::of(service, &zone));
        }
        Ok(Self { zone, holidays: holidays.into_iter().collect(), services, once })
    }

    /// The services it plans.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// How it plans this one, if it does.
    pub fn service(&self, name: &str) -> Option<&ServicePlan> {
        self.services.get(name)
    }

    /// What the wall clock shows at a moment.
    pub fn local(&self, at: Timestamp) -> DateTime {
        local(&self.zone, at)
    }

    /// Whether she is ever on duty after this moment, as far as the plan says.
    pub fn stands_after(&self, who: &AccountKey, moment: Timestamp) -> bool {
        let by_rule = |service: &ServicePlan| service.layers.iter().any(|layer| layer.who.contains(who));
        let changed = |change: &Change| match change {
            Change::Add { who: other, .. } | Change::Replace { by: other, .. } => other == who,
            Change::Remove { .. } => false,
        };
        let for_once = |once: &Once| {
            let shifts = once.temporaries.iter().flat_map(|(_, _, shifts)| shifts);
            shifts.into_iter().any(|(_, other, _, until)| other == who && *until > moment)
                || once.overrides.iter().any(|(_, until, change)| *until > moment && changed(change))
        };
        self.services.values().any(by_rule) || self.once.values().any(for_once)
    }

    /// Everybody it names for `service`, each once: those who take turns first.
    pub fn people(&self, service: &str) -> Vec<AccountKey> {
        let mut people = Vec::new();
        let Some(service) = self.services.get(service) else { return people };
        let layers = service.layers.iter().flat_map(|layer| layer.who.iter().copied());
        let shifts = service.temporaries.iter().flat_map(|it| it.shifts.iter().map(|(who, ..)| *who));
        let changes = service.overrides.iter().flat_map(|it| match it.change {
            Change::Add { who, .. } | Change::Remove { who } => vec![who],
            Change::Replace { who, by } => vec![who, by],
        });
        let mut seen = BTreeSet::new();
        people.extend(layers.chain(shifts).chain(changes).filter(|who| seen.insert(*who)));
        people
    }

    /// Whose duty begins after `now` and not after `until`, in the order in which it does: when, at which level, who.
    pub fn coming(
        &self,
        service: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Vec<(Timestamp, u32, AccountKey)> {
        let mut seen: BTreeSet<AccountKey> =
            self.on_duty(service, now).into_iter().map(|(_, who)| who).collect();
        let mut coming = Vec::new();
        let changes = self.changes(service, now, until);
        for at in changes.into_iter().filter(|at| *at > now) {
            let on = self.on_duty(service, at).into_iter();
            coming.extend(on.filter(|(_, who)| seen.insert(*who)).map(|(level, who)| (at, level, who)));
        }
        coming
    }

    /// When she is on duty between two moments, at such a level: stretches that meet are one.
    pub fn stretches(
        &self,
        service: &str,
        who: &AccountKey,
        from: Timestamp,
        until: Timestamp,
        level: fn(u32) -> bool,
    ) -> Vec<(Timestamp, Timestamp)> {
        let mut stretches: Vec<(Timestamp, Timestamp)> = Vec::new();
        let changes: Vec<Timestamp> = self.changes(service, from, until).into_iter().collect();
        for pair in changes.windows(2) {
            if !self.on_duty(service, pair[0]).iter().any(|(at, on)| on == who && level(*at)) {
                continue;
            }
            match stretches.last_mut().filter(|(_, end)| *end == pair[0]) {
                Some((_, end)) => *end = pair[1],
                None => stretches.push((pair[0], pair[1])),
            }
        }
        stretches
    }

    /// Who is on duty for `service` at `now`, by level, nobody twice: where she stands at two, the lower counts.
    pub fn on_duty(&self, service: &str, now: Timestamp) -> Vec<(u32, AccountKey)> {
        let mut standing = self.standing(service, now);
        standing.sort_by_key(|(level, _)| *level);
        let mut seen = BTreeSet::new();
        standing.retain(|(_, who)| seen.insert(*who));
        standing
    }

    /// The next moment after `now`, within a day, at which somebody's duty may begin or end.
    pub fn next_change(&self, service: &str, now: Timestamp) -> Timestamp {
        let end = now.plus_ms(86_400_000);
        let changes = self.changes(service, now, end);
        changes.into_iter().find(|at| *at > now).unwrap_or(end)
    }

    /// Everybody at every level, as the plan has it.
    pub fn standing(&self, service: &str, now: Timestamp) -> Vec<(u32, AccountKey)> {
        let Some(planned) = self.services.get(service).zip(self.once.get(service)) else { return Vec::new() };
        let (service, once) = planned;
        let is_on = |from: &Timestamp, until: &Timestamp| *from <= now && now < *until;
        let mut on: Vec<(u32, AccountKey)> = Vec::new();
        match once.temporaries.iter().find(|(from, until, _)| is_on(from, until)) {
            Some((_, _, shifts)) => {
                let shifts = shifts.iter().filter(|(_, _, from, until)| is_on(from, until));
                on.extend(shifts.map(|(level, who, ..)| (*level, *who)));
            }
            None => on.extend(service.layers.iter().flat_map(|layer| self.of_layer(layer, now))),
        }
        for (_, _, change) in once.overrides.iter().filter(|(from, until, _)| is_on(from, until)) {
            match *change {
                Change::Add { who, level } => on.push((level, who)),
                Change::Remove { who } => on.retain(|(_, other)| *other != who),
                Change::Replace { who, by } => {
                    on.iter_mut().filter(|(_, other)| *other == who).for_each(|(_, other)| *other = by);
                }
            }
        }
        // Two turns of one person that overlap are one.
        on.sort_unstable();
        on.dedup();
        on
    }

    fn of_layer(&self, layer: &Layer, now: Timestamp) -> Vec<(u32, AccountKey)> {
        let in_window = self.windows(layer, local(&self.zone, now).date(), -1..=1);
        if !in_window.into_iter().any(|(from, until)| from <= now && now < until) {
            return Vec::new();
        }
        let near = layer.turn_at(local(&self.zone, now));
        let turns = (near - 1).max(0)..=near + 1;
        let is_on = |turn: &i64| {
            let (from, until) = self.turn(layer, *turn);
            from <= now && now < until
        };
        turns.filter(is_on).map(|turn| (layer.level, layer.person(turn))).collect()
    }

    fn turn(&self, layer: &Layer, turn: i64) -> (Timestamp, Timestamp) {
        (begins(&self.zone, layer.begin(turn)), ends(&self.zone, layer.begin(turn + 1)))
    }

    // The layer's windows that begin so many days after `day`.
    fn windows(&self, layer: &Layer, day: Date, days: RangeInclusive<i64>) -> Vec<(Timestamp, Timestamp)> {
        const ALWAYS: Window = Window { days: 0x7f, from: Time::midnight(), until: Time::midnight() };
        let always = [ALWAYS];
        let windows: &[Window] = if layer.windows.is_empty() { &always } else { &layer.windows };
        let mut found = Vec::new();
        for offset in days {
            let offset = Span::new().try_days(offset);
            let Ok(date) = offset.and_then(|offset| day.checked_add(offset)) else { continue };
            let is_holiday = self.holidays.contains(&date);
            for window in windows {
                let is_day = window.days >> date.weekday().to_monday_zero_offset() & 1 == 1;
                let counts = match layer.holidays {
                    OnHolidays::Same => is_day,
                    OnHolidays::Not => is_day && !is_holiday,
                    OnHolidays::Also => is_day || is_holiday,
                };
                let last = if window.until > window.from { Ok(date) } else { date.tomorrow() };
                if let (true, Ok(last)) = (counts, last) {
                    let from = begins(&self.zone, date.to_datetime(window.from));
                    found.push((from, ends(&self.zone, last.to_datetime(window.until))));
                }
            }
        }
        found
    }

    /// Every moment between two at which something may be different, both ends included.
    pub fn changes(&self, service: &str, from: Timestamp, until: Timestamp) -> BTreeSet<Timestamp> {
        let until = until.min(from.plus_ms(LOOK_AHEAD_MS));
        let mut all = BTreeSet::from([from, until]);
        let Some((service, once)) = self.services.get(service).zip(self.once.get(service)) else {
            return all;
        };
        let mut stretch = |(begin, end): (Timestamp, Timestamp)| {
            all.extend([begin, end].into_iter().filter(|at| from < *at && *at < until));
        };
        let days = i64::try_from(until.ms_since(from) / 86_400_000).unwrap_or_default() + 2;
        for layer in &service.layers {
            self.windows(layer, local(&self.zone, from).date(), -1..=days).into_iter().for_each(&mut stretch);
            let mut turn = (layer.turn_at(local(&self.zone, from)) - 1).max(0);
            loop {
                let (begin, end) = self.turn(layer, turn);
                // At the end of the calendar there is no next turn.
                if begin >= until || end <= begin {
                    break;
                }
                stretch((begin, end));
                turn += 1;
            }
        }
        once.overrides.iter().for_each(|(from, until, _)| stretch((*from, *until)));
        for (from, until, shifts) in &once.temporaries {
            stretch((*from, *until));
            shifts.iter().for_each(|(_, _, from, until)| stretch((*from, *until)));
        }
        all
    }
}

impl ServicePlan {
    fn check(&self, name: &str) -> Result<(), PlanError> {
        for (at, layer) in self.layers.iter().enumerate() {
            if layer.level == 0 {
                return Err(PlanError::layer(name, at, PlanFault::Level));
            }
            if layer.who.is_empty() || layer.turn.is_nothing() {
                return Err(PlanError::layer(name, at, PlanFault::Turn));
            }
        }
        let added = |it: &Override| match it.change {
            Change::Add { level, .. } => Some(level),
            Change::Remove { .. } | Change::Replace { .. } => None,
        };
        let shifts = || self.temporaries.iter().flat_map(|it| &it.shifts);
        let mut levels = self.overrides.iter().filter_map(added).chain(shifts().map(|(_, level, ..)| *level));
        if levels.any(|level| level == 0) {
            return Err(PlanError::of(name, PlanFault::Level));
        }
        let overrides = self.overrides.iter().map(|it| (it.from, it.until));
        let temporaries = self.temporaries.iter().map(|it| (it.from, it.until));
        let all = overrides.chain(temporaries).chain(shifts().map(|(_, _, from, until)| (*from, *until)));
        if all.into_iter().any(|(from, until)| until <= from) {
            return Err(PlanError::of(name, PlanFault::Backwards));
        }
        if !self.temporaries.is_empty() && self.fallback.is_none() {
            return Err(PlanError::of(name, PlanFault::NoFallback));
        }
        Ok(())
    }
}

impl Once {
    fn of(service: &ServicePlan, zone: &TimeZone) -> Self {
        let shift = |(who, level, from, until): &(AccountKey, u32, DateTime, DateTime)| {
            (*level, *who, begins(zone, *from), ends(zone, *until))
        };
        let temporary = |it: &Temporary| {
            (begins(zone, it.from), ends(zone, it.until), it.shifts.iter().map(shift).collect())
        };
        let changed = |it: &Override| (begins(zone, it.from), ends(zone, it.until), it.change);
        Self {
            temporaries: service.temporaries.iter().map(temporary).collect(),
            overrides: service.overrides.iter().map(changed).collect(),
        }
    }
}

impl Layer {
    // When turn `turn` begins, counted from the anchor. Beyond the calendar: at its end.
    fn begin(&self, turn: i64) -> DateTime {
        let span = |count: u32, unit: fn(Span, i64) -> Result<Span, jiff::Error>| {
            unit(Span::new(), i64::from(count).saturating_mul(turn))
        };
        let since = match self.turn {
            Turn::Days(count) => span(count, |span, many| span.try_days(many)),
            Turn::Weeks(count) => span(count, |span, many| span.try_weeks(many)),
            Turn::Months(count) => span(count, |span, many| span.try_months(many)),
        };
        since.and_then(|since| self.anchor.checked_add(since)).unwrap_or(DateTime::MAX)
    }

    // The turn in which this time of the wall clock lies, give or take one; negative before the anchor.
    fn turn_at(&self, at: DateTime) -> i64 {
        let days = || {
            let since = self.anchor.date().until(at.date());
            since.map_or(0, |since| i64::from(since.get_days()))
        };
        match self.turn {
            Turn::Days(count) => days().div_euclid(i64::from(count)),
            Turn::Weeks(count) => days().div_euclid(7 * i64::from(count)),
            Turn::Months(count) => {
                let months = |at: DateTime| i64::from(at.year()) * 12 + i64::from(at.month());
                (months(at) - months(self.anchor)).div_euclid(i64::from(count))
            }
        }
    }

    fn person(&self, turn: i64) -> AccountKey {
        let people = i64::try_from(self.who.len()).unwrap_or(i64::MAX);
        self.who[usize::try_from(turn.rem_euclid(people)).unwrap_or(0)]
    }
}

// Whether the services one falls back to, and those they fall back to, are there and come to an end.
fn ends_somewhere(
    services: &BTreeMap<String, ServicePlan>,
    others: &impl Fn(&str) -> Option<Option<String>>,
    name: &str,
) -> bool {
    let (mut name, mut passed) = (name.to_owned(), BTreeSet::new());
    loop {
        if !passed.insert(name.clone()) {
            return false;
        }
        let planned = services.get(&name).map(|service| service.fallback.clone());
        match planned.or_else(|| others(&name)) {
            Some(Some(next)) => name = next,
            Some(None) => return true,
            None => return false,
        }
    }
}

impl Turn {
    fn is_nothing(self) -> bool {
        matches!(self, Self::Days(0) | Self::Weeks(0) | Self::Months(0))
    }
}
