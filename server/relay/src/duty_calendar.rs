//! A member of staff's own duty under an address that nobody can guess: for the calendar on her phone, which cannot sign in.
//!
//! Looking changes nothing. Who has the address reads when she is on duty, and no more; it is hers for as long as her
//! account and the relay's secret are.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Response, StatusCode};
use lotgenoot_core::duty::calendar;
use lotgenoot_protocol::AccountKey;
use sha2::{Digest, Sha256};
use tokio::sync::oneshot;

use crate::clock;
use crate::files::{harden, plain};
use crate::help_desk::Mail;
use crate::relay::{Parts, Running};

/// Where they are.
pub(crate) const PATH: &str = "/duty/";
const ENDING: &str = ".ics";

/// The address of this account's duty, as a path.
pub(crate) fn path(secret: &[u8; 32], account: &AccountKey) -> String {
    let digest = Sha256::new().chain_update(secret).chain_update(account.0).finalize();
    // 160 bits: nobody guesses one.
    let name: String = digest[..20].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{PATH}{name}{ENDING}")
}

/// The answer to whoever asks for `path`.
pub(crate) async fn answer(path: &str, parts: &Arc<Parts>) -> Response<Full<Bytes>> {
    let Some(running) = parts.running() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "degraded\n");
    };
    let now = clock::now();
    let taken = running.calendars.lock().map_or(Ok(()), |mut bucket| bucket.take(now));
    if taken.is_err() {
        return plain(StatusCode::TOO_MANY_REQUESTS, "429\n");
    }
    let Some(account) = whose(path, running) else { return plain(StatusCode::NOT_FOUND, "404\n") };
    let (tell, told) = oneshot::channel();
    running.desk.send(Mail::OwnDuty(account, tell)).await;
    let Ok(own) = told.await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "503\n");
    };
    let mut response = Response::new(Full::new(Bytes::from(calendar(&account, &own, now))));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8; method=PUBLISH"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    harden(headers);
    response
}

// Only of those who work here now. Signatures are looked at once it is known whose: whoever guesses costs a digest for each
// member of staff, and learns nothing from how long that takes, for it is as long for every path.
fn whose(path: &str, running: &Running) -> Option<AccountKey> {
    let known = running.shared.known();
    let mut whose = None;
    for account in known.accounts() {
        if is_equal(&self::path(&running.duty_secret, account), path) {
            whose = Some(*account);
        }
    }
    whose.filter(|account| known.is_staff(account, clock::now()))
}

// No sooner for a path that is wrong from its first letter than for one that is almost right.
fn is_equal(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |differ, (one, other)| differ | (one ^ other));
    one.len() == other.len() && std::hint::black_box(differ) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_hers_to_the_last_letter() {
        let hers = path(&[7; 32], &AccountKey([1; 32]));
        assert!(is_equal(&hers, &hers.clone()));
        for at in 0..hers.len() {
            let other: String =
                hers.chars().enumerate().map(|(it, char)| if it == at { 'x' } else { char }).collect();
            assert!(!is_equal(&hers, &other), "{other}");
            assert!(!is_equal(&hers, &hers[..at]));
        }
        assert!(!is_equal(&hers, &path(&[7; 32], &AccountKey([2; 32]))));
        assert!(!is_equal(&hers, &path(&[8; 32], &AccountKey([1; 32]))));
    }
}
