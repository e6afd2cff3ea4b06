//! After a session: who wants to stay on, and how it was, which coordinators read as counts.

use lotgenoot_messages as ui;
use lotgenoot_protocol::floor::Measure;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::limits::STAY_MS;
use lotgenoot_protocol::survey::{Answers, AskSurveys, Degree, Month, PutSurvey};

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
    pub(super) fn surveys_told(&mut self, months: &[Month]) {
        let months = months.iter().map(|month| ui::MonthView {
            year: month.year,
            month: month.month,
            counts: month.counts.clone(),
        });
        self.events.push_back(ui::Event::Surveys { months: months.collect() });
    }
}

fn degree(said: ui::Degree) -> Degree {
    match said {
        ui::Degree::No => Degree::No,
        ui::Degree::Partly => Degree::Partly,
        ui::Degree::Yes => Degree::Yes,
    }
}
