//! How sessions were, told to coordinators.

use lotgenoot_protocol::Refused;
use lotgenoot_protocol::frame::Answer;
use lotgenoot_protocol::limits::MONTHS_TOLD_MAX;
use lotgenoot_protocol::survey::Surveys;

use crate::shared::Shared;

/// The newest months first.
pub(crate) async fn told(shared: &Shared) -> Result<Answer, Refused> {
    let ledger = shared.ledger.clone();
    let found = tokio::task::spawn_blocking(move || ledger.surveys()).await;
    let Ok(Ok(counts)) = found else { return Err(Refused::Degraded) };
    let newest = counts.iter().rev().take(MONTHS_TOLD_MAX);
    let months = newest.map(|(month, counts)| counts.told(*month)).collect();
    Ok(Answer::Surveys(Surveys { months }))
}
