//! How sessions were and how help calls went, told to coordinators.

use lotgenoot_core::figures::quarter_of;
use lotgenoot_protocol::Refused;
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::limits::{MONTHS_TOLD_MAX, QUARTERS_TOLD_MAX};
use lotgenoot_protocol::survey::Surveys;

use crate::clock;
use crate::shared::Shared;

/// The newest first.
pub(crate) async fn told(shared: &Shared) -> Result<Answer, Refused> {
    let ledger = shared.ledger.clone();
    let read = move || Ok::<_, crate::store::Broken>((ledger.surveys()?, ledger.figures()?));
    let found = tokio::task::spawn_blocking(read).await;
    let Ok(Ok((surveys, figures))) = found else { return Err(Refused::Degraded) };
    let newest = surveys.iter().rev().take(MONTHS_TOLD_MAX);
    let months = newest.map(|(month, counts)| counts.told(*month)).collect();
    let newest = figures.into_iter().rev().take(QUARTERS_TOLD_MAX);
    let now = quarter_of(clock::now());
    let quarters = newest.map(|(quarter, service, counts)| counts.told(quarter, service, now)).collect();
    Ok(Answer::Surveys(Surveys { months, quarters }))
}
