//! How a session was: said by whoever was there, read by coordinators as counts.

use lotgenoot_messages as ui;
use lotgenoot_protocol::frame::Request;
use lotgenoot_protocol::survey::{Answers, AskSurveys, Degree, Month, PutSurvey};

use super::{Member, room_id};
use crate::requests::Purpose;

impl Member {
    /// She says how it was.
    pub(super) fn survey(&mut self, room: &str, answers: &[Option<ui::Degree>; 4]) {
        let Some(room) = room_id(room) else { return };
        let [heard, respected, informed, helped] = answers.map(|answer| answer.map(degree));
        let answers = Answers { heard, respected, informed, helped };
        self.requests.ask(Purpose::Survey(room), Request::PutSurvey(PutSurvey { room, answers }));
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
