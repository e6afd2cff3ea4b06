//! After a session: who wants to stay on, and how it was, which coordinators read as counts.

use lotgenoot_messages as ui;
use lotgenoot_protocol::figures::{Quarter, SECONDS};
use lotgenoot_protocol::floor::Measure;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::limits::STAY_MS;
use lotgenoot_protocol::survey::{Answers, AskSurveys, Degree, PutSurvey, Surveys};

use super::{Member, room_id};
use crate::content::Content;
use crate::requests::Purpose;

impl Member {
    /// She says how it was.
    pub(super) fn survey(&mut self, room: &str, answers: &[Option<ui::Degree>; 4]) {
        let Some(room) = room_id(room) else { return };
        let [heard, respected, informed, helped] = answers.map(|answer| answer.map(degree));
        let answers = Answers { heard, respected, informed, helped };
        self.requests.ask(Purpose::Survey(room), Request::PutSurvey(PutSurvey { room, answers }));
    }

    /// A host stays on in another room with whoever wants to.
    pub(super) fn stay_on(&mut self, over: &str) {
        let over = room_id(over).filter(|room| self.rooms.contains_key(room));
        let Some((over, next)) = over.and_then(|over| Some((over, self.open_peer_room(true)?))) else {
            return;
        };
        let mut until = self.now;
        self.in_room(next, |room, world| {
            until = world.at_relay(world.now).plus_ms(STAY_MS);
            room.rule(Measure::Until { at: until }, world);
        });
        self.in_room(over, |room, world| {
            room.say(Content::Stay { until }, world);
            room.stays(until, world);
        });
    }

    /// A coordinator asks how sessions were.
    pub(super) fn ask_surveys(&mut self) {
        self.requests.ask(Purpose::Surveys, Request::AskSurveys(AskSurveys {}));
    }

    /// How they were.
    pub(super) fn surveys_told(&mut self, told: Surveys) {
        let Surveys { months, quarters } = told;
        let months = months.into_iter().map(|month| ui::MonthView {
            year: month.year,
            month: month.month,
            counts: month.counts,
        });
        let quarters = quarters.into_iter().map(quarter).collect();
        self.events.push_back(ui::Event::Surveys { months: months.collect(), quarters });
    }
}

fn quarter(told: Quarter) -> ui::QuarterView {
    let groups = |counts: Vec<Option<u64>>| {
        SECONDS.into_iter().map(Some).chain([None]).zip(counts).collect::<Vec<(Option<u64>, Option<u64>)>>()
    };
    ui::QuarterView {
        year: told.year,
        quarter: told.quarter,
        service: told.service,
        raised: told.raised,
        unstaffed: told.unstaffed,
        still_waiting: told.still_waiting,
        taken: groups(told.taken),
        spoke: groups(told.spoke),
        lead_lost: told.lead_lost,
        hops: told.hops,
        rested: told.rested,
        with_her: told.with_her,
        outcomes: ui::OutcomeCode::ALL.into_iter().zip(told.outcomes).collect(),
        kept: told.kept,
    }
}

pub(super) fn degree(said: ui::Degree) -> Degree {
    match said {
        ui::Degree::No => Degree::No,
        ui::Degree::Partly => Degree::Partly,
        ui::Degree::Yes => Degree::Yes,
    }
}
