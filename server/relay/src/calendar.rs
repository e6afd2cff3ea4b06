//! The calendar: taken from a coordinator who has signed it, told to everybody.

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::calendar::{Calendar, CalendarTold, PutCalendar};
use lotgenoot_protocol::frame::{Accepted, Answer, Push};
use lotgenoot_protocol::{Refused, Seq, codec};

use crate::clock;
use crate::shared::Shared;

/// What is planned, for whoever asks.
pub fn told(shared: &Shared) -> Answer {
    Answer::Calendar(CalendarTold { calendar: shared.calendar().as_deref().cloned() })
}

/// Plans anew. Whoever is connected hears that there is another calendar.
pub async fn put(shared: &Shared, put: PutCalendar) -> Result<Answer, Refused> {
    let now = clock::now();
    let calendar = put.calendar;
    calendar.verify(&shared.known().trust, now).map_err(|error| Refused::invalid(error.to_string()))?;
    let op = Op::PutCalendar { number: calendar.number, record: codec::to_vec(&calendar) };
    let (_, outcome) = shared.commit(Batch { ops: vec![op], ..Batch::default() }).await;
    outcome?;
    tracing::info!(number = calendar.number, sessions = calendar.sessions.len(), "the calendar was changed");
    shared.plan(calendar);
    shared.outlets.push_to_all(Push::Open(shared.pong(now)));
    Ok(Answer::Accepted(Accepted { seq: Seq(0) }))
}

/// The calendar in a record of the ledger.
pub(crate) fn stored(record: &[u8]) -> Option<Calendar> {
    codec::from_slice(record)
}
