//! Duty as a file, for coordinators: read from a calendar of another program, or written as one. Nothing changes by it.

use lotgenoot_core::desk::Outlook;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::duty::ReadDutyCalendar;
use lotgenoot_protocol::frame::Answer;
use tokio::sync::{Semaphore, oneshot};

use crate::clock;
use crate::help_desk::Mail;
use crate::relay::Running;
use crate::rooms::From;

// A long calendar takes a moment, and two at once would take it from the calls.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

/// Answers what duty would be by this calendar.
pub(crate) async fn read(running: &Running, from: From, read: Box<ReadDutyCalendar>) {
    let now = clock::now();
    elsewhere(running, from, move |outlook| outlook.read_calendar(&read, now).map(Answer::DutyCalendarRead))
        .await;
}

/// Answers with the duty of a service as a calendar.
pub(crate) async fn write(running: &Running, from: From, service: String) {
    let now = clock::now();
    elsewhere(running, from, move |outlook| {
        Ok(Answer::DutyCalendarWritten(outlook.write_calendar(&service, now)))
    })
    .await;
}

async fn elsewhere(
    running: &Running,
    from: From,
    look: impl FnOnce(Outlook) -> Result<Answer, Refused> + Send + 'static,
) {
    let (tell, told) = oneshot::channel();
    running.desk.send(Mail::Outlook(tell)).await;
    tokio::spawn(async move {
        let answer = match (told.await, ONE_AT_A_TIME.acquire().await) {
            (Ok(outlook), Ok(_turn)) => tokio::task::spawn_blocking(move || look(outlook)).await,
            _ => Ok(Err(Refused::Degraded)),
        };
        // Whatever a file makes it do, the relay goes on.
        let answer =
            answer.unwrap_or_else(|_panicked| Err(Refused::invalid("a calendar that cannot be read")));
        from.outlet.answer(from.request, answer);
    });
}
