//! Who is on duty when, as coordinators plan it and as colleagues take it over from each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::DateTime;
use lotgenoot_protocol::duty::{
    DutyCalendarRead, DutyCalendarWritten, DutyChange, DutyOverride, DutyPlan, DutyPlanTold, DutyService,
    OwnDuty, PlanFault, PutDutyPlan, ReadDutyCalendar, TakeDuty,
};
use lotgenoot_protocol::frame::{Answer, Notice};
use lotgenoot_protocol::limits::{
    DUTY_CALENDAR_MS, DUTY_COVERAGE_MAX, DUTY_HOLE_SOON_MS, DUTY_LOOK_AHEAD_MS, DUTY_OVER_KEPT_MS,
    DUTY_OWN_MS,
};
use lotgenoot_protocol::role::{Role, Trust};
use lotgenoot_protocol::{AccountKey, Blob, Refused, RequestId, Seq, Timestamp, codec};

use super::{HelpDesk, accepted};
use crate::duty::{HOSTS, Planned, Roster, as_written, calendar_of_service, moment, read_calendar};
use crate::effect::{Batch, Op};

// Where nobody is on duty, duty is taken for this long at most. Milliseconds: a day.
const TAKEN_MS: u64 = 86_400_000;

// At which levels.
const AT_ANY: fn(u32) -> bool = |_| true;
const AT_FIRST: fn(u32) -> bool = |level| level == 1;

/// What it takes to say how duty is planned, apart from the desk: looking two weeks ahead takes a moment.
pub struct Outlook {
    trust: Trust,
    roster: Roster,
    reached: BTreeSet<AccountKey>,
    asked: BTreeMap<AccountKey, Timestamp>,
    unverified: Vec<AccountKey>,
}

impl Outlook {
    /// What is told to a coordinator, or to this colleague.
    pub fn told(&self, coordinator: bool, account: &AccountKey, now: Timestamp) -> DutyPlanTold {
        let mut coverage = Vec::new();
        if coordinator {
            let until = now.plus_ms(DUTY_LOOK_AHEAD_MS);
            let reached = |account: &AccountKey| self.reached.contains(account);
            coverage = self.roster.coverage(&self.trust, reached, now, until);
            // What is soonest is told, if not all can be.
            coverage.sort_by_key(|it| it.from);
            coverage.truncate(DUTY_COVERAGE_MAX);
        }
        DutyPlanTold {
            plan: self.roster.planned().map(|planned| planned.written().clone()),
            coverage,
            own: self.roster.own(account, now, now.plus_ms(DUTY_OWN_MS), AT_ANY),
            first: self.roster.own(account, now, now.plus_ms(DUTY_OWN_MS), AT_FIRST),
            services: self.roster.services().map(str::to_owned).collect(),
            calendar: None,
            asked_since: self.asked.get(account).copied(),
            unverified: if coordinator { self.unverified.clone() } else { Vec::new() },
            next: self.roster.next(account, &self.trust, now),
        }
    }

    /// For how long nobody is on duty in the time that is looked ahead, all services together, in milliseconds.
    pub fn uncovered_ms(&self, now: Timestamp) -> u64 {
        self.roster.uncovered_ms(&self.trust, now, now.plus_ms(DUTY_LOOK_AHEAD_MS))
    }

    /// What duty for a service would be by a calendar of another program, from `now` on.
    pub fn read_calendar(
        &self,
        read: &ReadDutyCalendar,
        now: Timestamp,
    ) -> Result<DutyCalendarRead, Refused> {
        let mut found = read_calendar(&read.file.0, &read.zone, now)?;
        let meant = self.roster.meant(&read.service);
        for it in &mut found.attendees {
            it.who = meant.find(&it.address, it.name.as_deref());
        }
        Ok(found)
    }

    /// Duty of a service as a calendar for other programs.
    pub fn write_calendar(&self, service: &str, now: Timestamp) -> DutyCalendarWritten {
        let (from, until) = blocks(now);
        let file = calendar_of_service(service, &self.roster.stretches(service, from, until), now);
        DutyCalendarWritten { service: service.to_owned(), file: Blob(file.into_bytes()) }
    }

    /// This colleague's duty, for a calendar of hers. It begins and ends at moments that stay for a while, so that a
    /// stretch that has begun does not begin at another moment each time.
    pub fn calendar(&self, account: &AccountKey, now: Timestamp) -> Vec<OwnDuty> {
        let (from, until) = blocks(now);
        self.roster.own(account, from, until, AT_ANY)
    }
}

// This block of time, the one before and the two after.
fn blocks(now: Timestamp) -> (Timestamp, Timestamp) {
    let block = now.0 / DUTY_CALENDAR_MS;
    let at = |block: u64| Timestamp(block.saturating_mul(DUTY_CALENDAR_MS));
    (at(block.saturating_sub(1)), at(block + 3))
}

impl HelpDesk {
    /// The plan in force.
    pub fn planned(&self) -> Option<Arc<Planned>> {
        self.roster.planned().cloned()
    }

    /// The plan is what was stored, and what was changed in a batch that was refused never was.
    pub fn restore_plan(&mut self, planned: Option<Arc<Planned>>) {
        self.roster = std::mem::take(&mut self.roster).with_plan(planned);
        self.ladders.forget();
        self.check_at = Timestamp(0);
    }

    /// How duty is planned, to be looked at elsewhere.
    pub fn outlook(&self) -> Outlook {
        let reached = self.came.union(&self.on_call).copied().collect();
        let asked = self.check_ins.keys().filter_map(|who| Some((*who, self.asked_since(who)?))).collect();
        let unverified = self.unverified().copied().collect();
        Outlook { trust: self.trust.clone(), roster: self.roster.clone(), reached, asked, unverified }
    }

    /// A coordinator plans anew: made of the plan in force, or refused. It counts at once, for calls that wait too.
    pub fn put_plan(
        &mut self,
        put: &PutDutyPlan,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let known = self.roster.planned().map(|planned| planned.written());
        let plan = self.without_what_is_over(put.plan.clone(), now);
        if known == Some(&plan) {
            return Ok(accepted(Seq(0)));
        }
        if plan.number != known.map_or(0, |known| known.number) + 1 {
            return Err(Refused::Exists);
        }
        let planned = Arc::new(Planned::new(plan, &self.roster)?);
        let next = self.roster.clone().with_plan(Some(planned.clone()));
        let soon = now.plus_ms(DUTY_HOLE_SOON_MS);
        if !put.confirmed
            && let Some((service, from, until)) = next.opens_hole(&self.roster, &self.trust, now, soon)
        {
            return Err(Refused::Duty { service, layer: None, fault: PlanFault::Hole { from, until } });
        }
        self.goes_by(planned, now, batch);
        Ok(accepted(Seq(0)))
    }

    /// A colleague takes the place of whoever is on duty at the first level of her service, until that duty ends, and for
    /// a week at most. What was taken from her before is hers again, and nothing else changes.
    pub fn take_duty(
        &mut self,
        by: AccountKey,
        take: &TakeDuty,
        request: RequestId,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Answer, Refused> {
        let name = &take.service;
        let refused = |fault| Refused::Duty { service: name.clone(), layer: None, fault };
        let certificate = self.certified_for(&by, name, now).ok_or_else(|| refused(PlanFault::NotHers))?;
        let planned = self.roster.planned().cloned().ok_or_else(|| refused(PlanFault::NoPlan))?;
        let mut plan = self.without_what_is_over(planned.written().clone(), now);
        let known = plan.services.iter_mut().find(|service| service.name == *name);
        let service = known.ok_or_else(|| refused(PlanFault::NoPlan))?;
        if service.overrides.iter().any(|it| it.taken == Some(request)) {
            return Ok(accepted(Seq(0)));
        }
        let at_first = |at: Timestamp| {
            let on = planned.plan().on_duty(name, at).into_iter();
            on.filter(|(level, _)| AT_FIRST(*level)).map(|(_, who)| who).collect::<Vec<_>>()
        };
        let before = at_first(now);
        let others: Vec<AccountKey> = before.iter().copied().filter(|who| *who != by).collect();
        if others.is_empty() && !before.is_empty() {
            return Ok(accepted(Seq(0)));
        }
        let ahead = now.plus_ms(DUTY_OWN_MS);
        let (at, mut last) = (planned.plan().local(now), now);
        for who in &others {
            let stretches = planned.plan().stretches(name, who, now, ahead, AT_FIRST);
            let until = stretches.first().map_or(ahead, |(_, end)| *end);
            last = last.max(until);
            if gives_back(&mut service.overrides, *who, by, at) {
                continue;
            }
            let change = DutyChange::Replace { who: *who, by };
            service.overrides.push(taken(&planned, change, request, now, until));
        }
        if others.is_empty() {
            let end = now.plus_ms(TAKEN_MS);
            let changes = planned.plan().changes(name, now, end);
            last = changes.into_iter().find(|at| *at > now && !at_first(*at).is_empty()).unwrap_or(end);
            let change = DutyChange::Add { who: by, level: 1 };
            service.overrides.push(taken(&planned, change, request, now, last));
        }
        plan.number += 1;
        let planned = Arc::new(Planned::changed(plan)?);
        self.goes_by(planned, now, batch);
        let told = others.iter().chain(self.coordinators.iter().filter(|it| !others.contains(it)));
        for account in told.filter(|account| **account != by) {
            let (service, certificate) = (name.clone(), certificate.clone());
            let notice = Notice::DutyTaken { service, certificate, from: now, until: last };
            batch.ops.push(Op::Notify { account: *account, notice });
        }
        Ok(accepted(Seq(0)))
    }

    fn goes_by(&mut self, planned: Arc<Planned>, now: Timestamp, batch: &mut Batch) {
        let written = planned.written();
        batch.ops.push(Op::PutDutyPlan { number: written.number, record: codec::to_vec(written) });
        self.restore_plan(Some(planned));
        self.look_up_all(now, batch);
    }

    // Her certificate, if it makes her one of those who answer for this service.
    fn certified_for(&self, account: &AccountKey, service: &str, now: Timestamp) -> Option<Blob> {
        let colleague = self.roster.colleague(account)?;
        let read = self.trust.role(&colleague.certificate, &colleague.leaf_key, now).ok()?;
        let hers = match read.role {
            Role::Professional => service != HOSTS && read.service == service,
            Role::Host => service == HOSTS,
            Role::Presenter => false,
        };
        hers.then(|| colleague.certificate.clone())
    }

    // What was different for once, and has been over for a while, is not carried on for ever.
    fn without_what_is_over(&self, mut plan: DutyPlan, now: Timestamp) -> DutyPlan {
        let Some(planned) = self.roster.planned() else { return plan };
        let kept = planned.plan().local(Timestamp(now.0.saturating_sub(DUTY_OVER_KEPT_MS)));
        let is_over = |until: &str| moment(until).is_some_and(|until| until < kept);
        let forget = |service: &mut DutyService| {
            service.overrides.retain(|it| !is_over(&it.until));
            service.temporaries.retain(|it| !is_over(&it.until));
        };
        plan.services.iter_mut().for_each(forget);
        plan
    }
}

// Ends what `who` has taken from `by` and still has, now rather than later; whether there was something.
fn gives_back(overrides: &mut Vec<DutyOverride>, who: AccountKey, by: AccountKey, now: DateTime) -> bool {
    let from_her = DutyChange::Replace { who: by, by: who };
    let goes_on = |it: &DutyOverride| {
        let begun = moment(&it.from).is_some_and(|from| from <= now);
        begun && moment(&it.until).is_some_and(|until| now < until)
    };
    let is_taken = |it: &DutyOverride| it.taken.is_some() && it.change == from_her && goes_on(it);
    let Some(at) = overrides.iter().rposition(is_taken) else { return false };
    overrides[at].until = as_written(now);
    // In the second in which it was taken: as if it never was.
    if overrides[at].until <= overrides[at].from {
        overrides.remove(at);
    }
    true
}

fn taken(
    planned: &Planned,
    change: DutyChange,
    request: RequestId,
    from: Timestamp,
    until: Timestamp,
) -> DutyOverride {
    let written = |at: Timestamp| as_written(planned.plan().local(at));
    // Begun a moment ago rather than in a moment: whoever takes it has it now.
    DutyOverride { from: written(from), until: written(until), change, taken: Some(request) }
}
