//! Who is on duty when: shown to staff, planned by coordinators, taken over by professionals.

use lotgenoot_messages as ui;
use lotgenoot_protocol::duty::{
    AskDutyPlan, CheckIn, DutyChange, DutyLayer, DutyOverride, DutyPlan, DutyPlanTold, DutyService,
    DutyShift, DutyTemporary, DutyTurn, DutyWindow, Holiday, NextOnDuty, OnHolidays, OwnDuty, PlanFault,
    PutDutyPlan, TakeDuty, TurnUnit, Uncovered, Wrong,
};
use lotgenoot_protocol::frame::{Answer, Request};
use lotgenoot_protocol::role::{Role, RoleCertificate};
use lotgenoot_protocol::{AccountKey, Blob, Refused, RequestId, Timestamp};

use super::Member;
use crate::requests::Purpose;
use crate::show;

// What is shown is no older than this. Milliseconds: a quarter of an hour.
const ASK_AGAIN_MS: u64 = 900_000;

/// What is known of how duty is planned.
#[derive(Default)]
pub(crate) struct Duties {
    told: Option<DutyPlanTold>,
    // Handed in by this coordinator, and not known to be there yet.
    put: Option<DutyPlan>,
    saving: bool,
    // A calendar is being read or written.
    pub(super) file_asked: bool,
    // The screen shows it: on each connection it is asked for anew.
    wanted: bool,
    asked_at: Option<Timestamp>,
}

impl Member {
    /// The screen shows how duty is planned.
    pub(super) fn want_duty_plan(&mut self) {
        self.duties.wanted = true;
        // A coordinator is one for the relay once she has asked for the staff.
        let known = self.identity.coordinator.is_none() || self.knows_staff();
        if self.ready && known {
            self.ask_duty_plan();
        }
    }

    /// This connection may ask for it.
    pub(super) fn duty_connected(&mut self) {
        if self.duties.wanted {
            self.ask_duty_plan();
        }
    }

    /// Days go by with the screen open, and what is planned goes on with them.
    pub(super) fn look_at_duty_now_and_then(&mut self) {
        let due = self.duties.asked_at.is_none_or(|at| self.now.ms_since(at) >= ASK_AGAIN_MS);
        if due && self.duties.told.is_some() {
            self.duty_connected();
        }
    }

    fn ask_duty_plan(&mut self) {
        self.duties.asked_at = Some(self.now);
        self.requests.ask(Purpose::AskDutyPlan, Request::AskDutyPlan(AskDutyPlan {}));
    }

    pub(super) fn duty_plan_told(&mut self, told: DutyPlanTold) {
        self.duties.told = Some(told);
        self.show_duty();
    }

    /// The connection is gone: whether a change was made is seen on the next one.
    pub(super) fn duty_disconnected(&mut self) {
        self.duty_file_disconnected();
        if std::mem::take(&mut self.duties.saving) {
            self.show_duty();
        }
    }

    /// A coordinator plans anew.
    pub(super) fn put_duty(&mut self, plan: ui::DutyPlanView, confirmed: bool) {
        if self.identity.coordinator.is_none() || self.duties.saving {
            return self.duty_refused(String::new(), None, ui::DutyFault::Other);
        }
        let Some(plan) = written(plan) else {
            return self.duty_refused(String::new(), None, ui::DutyFault::Nobody);
        };
        (self.duties.saving, self.duties.put) = (true, Some(plan.clone()));
        self.show_duty();
        let put = PutDutyPlan { plan, confirmed };
        self.requests.ask(Purpose::PutDutyPlan, Request::PutDutyPlan(put));
    }

    /// A professional takes the duty of her service over.
    pub(super) fn take_duty(&mut self, service: String) {
        self.requests.ask(Purpose::TakeDuty, Request::TakeDuty(TakeDuty { service }));
    }

    /// She is there for the duty that has begun.
    pub(super) fn check_in(&mut self) {
        self.requests.ask(Purpose::CheckIn, Request::CheckIn(CheckIn {}));
    }

    /// Whether it was changed. What is in force now is asked for, either way.
    pub(super) fn duty_answered(&mut self, answer: Answer) {
        self.duties.saving = false;
        let put = self.duties.put.take();
        match answer {
            Answer::Accepted(_) => {
                // What she sees is what she has saved, before it is asked for again.
                if let (Some(told), Some(put)) = (&mut self.duties.told, put) {
                    told.plan = Some(put);
                    self.show_duty();
                }
                self.events.push_back(ui::Event::DutyKept);
            }
            Answer::Refused(Refused::Duty { service, layer, fault }) => {
                self.duty_refused(service, layer, fault_of(fault));
            }
            Answer::Refused(Refused::Exists) => {
                self.duty_refused(String::new(), None, ui::DutyFault::Changed);
            }
            Answer::Refused(Refused::TooLarge { .. }) => {
                self.duty_refused(String::new(), None, ui::DutyFault::TooLarge);
            }
            _ => self.duty_refused(String::new(), None, ui::DutyFault::Other),
        }
        self.show_duty();
        self.ask_duty_plan();
    }

    /// A colleague has taken duty over. Only a colleague whom the organisation has certified has a name.
    pub(super) fn duty_taken(
        &mut self,
        service: String,
        certificate: &Blob,
        from: Timestamp,
        until: Timestamp,
    ) {
        let read = RoleCertificate::from_bytes(certificate);
        let by = read.and_then(|read| self.trust().role(certificate, &read.leaf_key, self.judging()).ok());
        let by = by.map(|read| read.alias);
        self.events.push_back(ui::Event::DutyTaken { service, by, from: from.0, until: until.0 });
        self.ask_duty_plan();
    }

    fn duty_refused(&mut self, service: String, layer: Option<u32>, fault: ui::DutyFault) {
        self.events.push_back(ui::Event::DutyRefused { service, layer, fault });
    }

    /// Names come from the staff, as the organisation has certified it.
    pub(super) fn show_duty(&mut self) {
        let Some(told) = &self.duties.told else { return };
        let people = self.duty_people();
        let alias = |account: &AccountKey| {
            let id = show::hex(&account.0);
            let known = people.iter().find(|person| person.account == id);
            known.map_or_else(|| "?".to_owned(), |person| person.alias.clone())
        };
        let own = |it: &OwnDuty| ui::OwnDutyView {
            service: it.service.clone(),
            from: it.from.0,
            until: it.until.0,
        };
        let view = ui::DutyView {
            plan: told.plan.as_ref().map(shown),
            coverage: told.coverage.iter().map(|it| uncovered(it, &alias)).collect(),
            own: told.own.iter().map(own).collect(),
            services: told.services.clone(),
            people: people.clone(),
            saving: self.duties.saving,
            calendar: told.calendar.clone(),
            asked_since: told.asked_since.map(|since| since.0),
            unverified: told.unverified.iter().map(alias).collect(),
            first: told.first.iter().map(own).collect(),
            next: told.next.iter().filter_map(|it| self.next_shown(it)).collect(),
        };
        self.events.push_back(ui::Event::Duty(view));
    }

    // Only a professional whom the organisation has certified is somebody to hand over to.
    fn next_shown(&self, it: &NextOnDuty) -> Option<ui::NextOnDutyView> {
        let read = RoleCertificate::from_bytes(&it.certificate)?;
        let read = self.trust().role(&it.certificate, &read.leaf_key, self.judging()).ok()?;
        let is_hers = read.role == Role::Professional && read.service == it.service;
        is_hers.then(|| ui::NextOnDutyView {
            service: it.service.clone(),
            at: it.at.0,
            account: show::hex(&it.account.0),
            alias: read.alias,
        })
    }

    fn duty_people(&self) -> Vec<ui::DutyPerson> {
        let person = |(account, read): (AccountKey, RoleCertificate)| ui::DutyPerson {
            account: show::hex(&account.0),
            alias: read.alias,
            service: Some(read.service).filter(|service| !service.is_empty()),
        };
        let on_duty = |(_, read): &(AccountKey, RoleCertificate)| read.role != Role::Presenter;
        let mut people: Vec<ui::DutyPerson> = self.staff_read().filter(on_duty).map(person).collect();
        people.sort_by(|one, other| one.alias.cmp(&other.alias));
        people
    }
}

fn uncovered(it: &Uncovered, alias: &impl Fn(&AccountKey) -> String) -> ui::UncoveredView {
    ui::UncoveredView {
        service: it.service.clone(),
        from: it.from.0,
        until: it.until.0,
        wrong: match &it.wrong {
            Wrong::Hole => ui::Wrong::Hole,
            Wrong::TooFew => ui::Wrong::TooFew,
            Wrong::TwoLevels(who) => ui::Wrong::TwoLevels(alias(who)),
            Wrong::TwoServices { who, other } => ui::Wrong::TwoServices(alias(who), other.clone()),
            Wrong::Ended(who) => ui::Wrong::Ended(alias(who)),
            Wrong::NotReached => ui::Wrong::NotReached,
            Wrong::Unknown(_) => ui::Wrong::Unknown,
        },
    }
}

fn fault_of(fault: PlanFault) -> ui::DutyFault {
    match fault {
        PlanFault::Zone => ui::DutyFault::Zone,
        PlanFault::Level => ui::DutyFault::Level,
        PlanFault::Turn => ui::DutyFault::Turn,
        PlanFault::Backwards => ui::DutyFault::Backwards,
        PlanFault::Fallback => ui::DutyFault::Fallback,
        PlanFault::NoFallback => ui::DutyFault::NoFallback,
        PlanFault::Time => ui::DutyFault::Time,
        PlanFault::Nobody => ui::DutyFault::Nobody,
        PlanFault::Name => ui::DutyFault::Name,
        PlanFault::NoPlan => ui::DutyFault::NoPlan,
        PlanFault::NotHers => ui::DutyFault::NotHers,
        PlanFault::Hole { from, until } => ui::DutyFault::Hole(from.0, until.0),
    }
}

// ---- The plan as the interface shows it, and back

fn shown(plan: &DutyPlan) -> ui::DutyPlanView {
    ui::DutyPlanView {
        number: plan.number,
        zone: plan.zone.clone(),
        holidays: plan.holidays.iter().map(|it| (it.date.clone(), it.name.clone())).collect(),
        services: plan.services.iter().map(shown_service).collect(),
    }
}

fn shown_service(service: &DutyService) -> ui::DutyServiceView {
    let hex = |account: &AccountKey| show::hex(&account.0);
    let shift = |it: &DutyShift| (hex(&it.who), it.level, it.from.clone(), it.until.clone());
    let temporary = |it: &DutyTemporary| ui::DutyTemporaryView {
        from: it.from.clone(),
        until: it.until.clone(),
        shifts: it.shifts.iter().map(shift).collect(),
        read_at: it.read_at.map(|at| at.0),
    };
    let changed = |it: &DutyOverride| ui::DutyOverrideView {
        from: it.from.clone(),
        until: it.until.clone(),
        change: match &it.change {
            DutyChange::Add { who, level } => ui::DutyChange::Add(hex(who), *level),
            DutyChange::Remove { who } => ui::DutyChange::Remove(hex(who)),
            DutyChange::Replace { who, by } => ui::DutyChange::Replace(hex(who), hex(by)),
        },
        taken: it.taken.as_ref().map(|request| show::hex(&request.0)),
    };
    ui::DutyServiceView {
        name: service.name.clone(),
        fallback: service.fallback.clone(),
        min_staff: service.min_staff,
        layers: service.layers.iter().map(shown_layer).collect(),
        temporaries: service.temporaries.iter().map(temporary).collect(),
        overrides: service.overrides.iter().map(changed).collect(),
    }
}

fn shown_layer(layer: &DutyLayer) -> ui::DutyLayerView {
    let window = |it: &DutyWindow| (it.days, it.from.clone(), it.until.clone());
    ui::DutyLayerView {
        level: layer.level,
        who: layer.who.iter().map(|account| show::hex(&account.0)).collect(),
        anchor: layer.anchor.clone(),
        turn: layer.turn.count,
        unit: match layer.turn.unit {
            TurnUnit::Days => ui::TurnUnit::Days,
            TurnUnit::Weeks => ui::TurnUnit::Weeks,
            TurnUnit::Months => ui::TurnUnit::Months,
        },
        windows: layer.windows.iter().map(window).collect(),
        holidays: match layer.holidays {
            OnHolidays::Same => ui::OnHolidays::Same,
            OnHolidays::Not => ui::OnHolidays::Not,
            OnHolidays::Also => ui::OnHolidays::Also,
        },
    }
}

// None where it names an account that is none.
fn written(plan: ui::DutyPlanView) -> Option<DutyPlan> {
    let holiday = |(date, name): (String, String)| Holiday { date, name };
    Some(DutyPlan {
        number: plan.number,
        zone: plan.zone,
        holidays: plan.holidays.into_iter().map(holiday).collect(),
        services: plan.services.into_iter().map(written_service).collect::<Option<_>>()?,
    })
}

fn written_service(service: ui::DutyServiceView) -> Option<DutyService> {
    let temporary = |it: ui::DutyTemporaryView| {
        let shift = |(who, level, from, until): (String, u32, String, String)| {
            Some(DutyShift { who: account(&who)?, level, from, until })
        };
        let shifts = it.shifts.into_iter().map(shift).collect::<Option<_>>()?;
        Some(DutyTemporary { from: it.from, until: it.until, shifts, read_at: it.read_at.map(Timestamp) })
    };
    let changed = |it: ui::DutyOverrideView| {
        let change = match it.change {
            ui::DutyChange::Add(who, level) => DutyChange::Add { who: account(&who)?, level },
            ui::DutyChange::Remove(who) => DutyChange::Remove { who: account(&who)? },
            ui::DutyChange::Replace(who, by) => {
                DutyChange::Replace { who: account(&who)?, by: account(&by)? }
            }
        };
        let taken = it.taken.and_then(|taken| show::unhex(&taken)).map(RequestId);
        Some(DutyOverride { from: it.from, until: it.until, change, taken })
    };
    Some(DutyService {
        name: service.name.trim().to_owned(),
        fallback: service.fallback,
        min_staff: service.min_staff,
        layers: service.layers.into_iter().map(written_layer).collect::<Option<_>>()?,
        temporaries: service.temporaries.into_iter().map(temporary).collect::<Option<_>>()?,
        overrides: service.overrides.into_iter().map(changed).collect::<Option<_>>()?,
    })
}

fn written_layer(layer: ui::DutyLayerView) -> Option<DutyLayer> {
    let window = |(days, from, until): (u8, String, String)| DutyWindow { days, from, until };
    Some(DutyLayer {
        level: layer.level,
        who: layer.who.iter().map(|who| account(who)).collect::<Option<_>>()?,
        anchor: layer.anchor,
        turn: DutyTurn {
            count: layer.turn,
            unit: match layer.unit {
                ui::TurnUnit::Days => TurnUnit::Days,
                ui::TurnUnit::Weeks => TurnUnit::Weeks,
                ui::TurnUnit::Months => TurnUnit::Months,
            },
        },
        windows: layer.windows.into_iter().map(window).collect(),
        holidays: match layer.holidays {
            ui::OnHolidays::Same => OnHolidays::Same,
            ui::OnHolidays::Not => OnHolidays::Not,
            ui::OnHolidays::Also => OnHolidays::Also,
        },
    })
}

fn account(text: &str) -> Option<AccountKey> {
    show::unhex(text).map(AccountKey)
}
