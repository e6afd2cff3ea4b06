//! The letter box: what is sealed for coordinators and hosts is kept until they have read it.

use std::collections::BTreeSet;

use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::frame::{Accepted, Answer};
use lotgenoot_protocol::letters::{LetterKey, LetterKeys, Letters, PostLetter, Reader};
use lotgenoot_protocol::limits::{LETTER_READERS_MAX, LETTERS_AT_ONCE_MAX};
use lotgenoot_protocol::role::{Issuer, Role, RoleCertificate, serial_of_key};
use lotgenoot_protocol::{AccountKey, LetterId, Refused, Seq, Serial, codec};

use crate::clock;
use crate::shared::Shared;
use crate::store::{Broken, Ledger};

/// The keys of those who may read letters now: of coordinators, and of hosts if they are wanted.
pub(crate) async fn keys(shared: &Shared, hosts: bool) -> Result<Answer, Refused> {
    let keys = known(shared).await?.into_iter();
    let wanted = keys.filter(|(reader, _)| hosts || matches!(reader, Reader::Coordinator(_)));
    // Coordinators first: a letter to them is never the one for which there is no room.
    let (first, then): (Vec<_>, Vec<_>) =
        wanted.partition(|(reader, _)| matches!(reader, Reader::Coordinator(_)));
    let keys = first.into_iter().chain(then).map(|(_, key)| key).take(LETTER_READERS_MAX).collect();
    Ok(Answer::LetterKeys(LetterKeys { keys }))
}

/// Whether this account is a host's now.
pub(crate) fn is_host(shared: &Shared, account: &AccountKey) -> bool {
    reader(shared, None, account).is_ok()
}

/// A reader publishes her key.
pub(crate) async fn put_key(shared: &Shared, key: LetterKey) -> Result<Answer, Refused> {
    let reader = key.reader(&shared.known().trust, clock::now());
    let reader = reader.map_err(|error| Refused::invalid(error.to_string()))?.serial();
    commit(shared, Op::PutLetterKey { reader, record: codec::to_vec(&key) }).await
}

/// Keeps a letter for its readers. One for whom there is no key is none.
pub(crate) async fn post(shared: &Shared, post: PostLetter) -> Result<Answer, Refused> {
    let readers: BTreeSet<Serial> =
        known(shared).await?.into_iter().map(|(reader, _)| reader.serial()).collect();
    let copies: Vec<_> = post.copies.into_iter().filter(|copy| readers.contains(&copy.reader)).collect();
    if copies.is_empty() {
        return Err(Refused::invalid("a letter for nobody who reads letters here"));
    }
    commit(shared, Op::PostLetter { id: post.id, at: clock::now(), copies }).await
}

/// What waits for a coordinator, or else for the host whose account this is.
pub(crate) async fn waiting(
    shared: &Shared,
    coordinator: Option<&Issuer>,
    account: &AccountKey,
    after: Option<LetterId>,
) -> Result<Answer, Refused> {
    let reader = reader(shared, coordinator, account)?;
    let mut letters =
        read(shared, move |ledger| ledger.letters(&reader, after, LETTERS_AT_ONCE_MAX + 1)).await?;
    let more = letters.len() > LETTERS_AT_ONCE_MAX;
    letters.truncate(LETTERS_AT_ONCE_MAX);
    Ok(Answer::Letters(Letters { letters, more }))
}

/// What a coordinator has dealt with, no other need deal with; what a host has read is gone for her alone.
pub(crate) async fn put_away(
    shared: &Shared,
    coordinator: Option<&Issuer>,
    account: &AccountKey,
    id: LetterId,
) -> Result<Answer, Refused> {
    let own = reader(shared, coordinator, account)?;
    let mut readers = vec![own];
    if coordinator.is_some() {
        let others = known(shared).await?.into_iter();
        readers.extend(others.filter_map(|(reader, _)| match reader {
            Reader::Coordinator(issuer) => Some(issuer.serial).filter(|serial| *serial != own),
            Reader::Host(_) => None,
        }));
    }
    commit(shared, Op::PutLetterAway { id, readers }).await
}

fn reader(shared: &Shared, coordinator: Option<&Issuer>, account: &AccountKey) -> Result<Serial, Refused> {
    let (known, now) = (shared.known(), clock::now());
    if let Some(issuer) = coordinator {
        // Perhaps she was revoked since she asked for the staff.
        known.trust.issuer(issuer, now).map_err(|error| Refused::invalid(error.to_string()))?;
        return Ok(issuer.serial);
    }
    let certificate = known.certificate(account);
    let host = certificate.and_then(|bytes| {
        let read = RoleCertificate::from_bytes(&bytes)?;
        known.trust.role(&bytes, &read.leaf_key, now).ok().filter(|read| read.role == Role::Host)
    });
    let host = host.ok_or_else(|| Refused::invalid("letters of somebody who reads none here"))?;
    Ok(serial_of_key(&host.leaf_key))
}

// Only those who count now: a key outlives neither its certificate nor a revocation.
async fn known(shared: &Shared) -> Result<Vec<(Reader, LetterKey)>, Refused> {
    let records = read(shared, |ledger| ledger.letter_keys()).await?;
    let (known, now) = (shared.known(), clock::now());
    let keys = records.iter().filter_map(|record| codec::from_slice::<LetterKey>(record));
    Ok(keys.filter_map(|key| Some((key.reader(&known.trust, now).ok()?, key))).collect())
}

async fn read<T: Send + 'static>(
    shared: &Shared,
    read: impl FnOnce(&dyn Ledger) -> Result<T, Broken> + Send + 'static,
) -> Result<T, Refused> {
    let ledger = shared.ledger.clone();
    match tokio::task::spawn_blocking(move || read(&*ledger)).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(error)) => {
            tracing::error!(%error, "letters could not be read");
            Err(Refused::Degraded)
        }
        Err(_) => Err(Refused::Degraded),
    }
}

async fn commit(shared: &Shared, op: Op) -> Result<Answer, Refused> {
    let (_, outcome) = shared.commit(Batch { ops: vec![op], ..Batch::default() }).await;
    outcome.map(|_| Answer::Accepted(Accepted { seq: Seq(0) }))
}
