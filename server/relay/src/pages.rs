//! What comes back of pages: a device that has one, and the gateway's word. Reading an address does nothing: whoever
//! looks into mail or messages for somebody follows every link.

use std::sync::PoisonError;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use lotgenoot_core::outbox::{Handle, is_handle};

use crate::clock;
use crate::files::plain;
use crate::help_desk::Mail;
use crate::pager::STATUS_PATH;
use crate::relay::{Parts, Running};

/// Where a device says that a page has arrived: with the page's handle and nothing else.
pub const ARRIVED_PATH: &str = "/page/arrived";
const BODY_BYTES_MAX: usize = 2048;
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// Takes what is said. Whether anybody knows that page is not told.
pub(crate) async fn answer(request: Request<Incoming>, parts: &Parts) -> Response<Full<Bytes>> {
    let Some(running) = parts.running() else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "degraded\n");
    };
    let (head, body) = request.into_parts();
    let body = tokio::time::timeout(TIME_LIMIT, Limited::new(body, BODY_BYTES_MAX).collect()).await;
    let Ok(Ok(body)) = body else { return plain(StatusCode::BAD_REQUEST, "400\n") };
    let body = body.to_bytes();
    if head.uri.path() == STATUS_PATH {
        told(&head.headers, &body, running).await
    } else {
        arrived(&body, running).await
    }
}

async fn arrived(body: &[u8], running: &Running) -> Response<Full<Bytes>> {
    let handle = URL_SAFE_NO_PAD.decode(body.trim_ascii()).ok().and_then(|bytes| bytes.try_into().ok());
    // Whoever makes some up keeps nobody else from saying it.
    let Some(handle) = handle.map(Handle).filter(|handle| is_handle(&running.pages, handle)) else {
        return plain(StatusCode::BAD_REQUEST, "400\n");
    };
    let taken = running.arrivals.lock().unwrap_or_else(PoisonError::into_inner).take(clock::now());
    if taken.is_err() {
        return plain(StatusCode::TOO_MANY_REQUESTS, "429\n");
    }
    running.desk.send(Mail::Arrived(handle)).await;
    plain(StatusCode::ACCEPTED, "202\n")
}

async fn told(headers: &hyper::HeaderMap, body: &[u8], running: &Running) -> Response<Full<Bytes>> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (id, seconds) = (header("webhook-id"), header("webhook-timestamp"));
    let said = running
        .pager
        .gateway()
        .and_then(|gateway| gateway.hears(id, seconds, header("webhook-signature"), body, clock::machine()));
    match said {
        Some(said) => {
            running.desk.send(Mail::Told(said)).await;
            plain(StatusCode::ACCEPTED, "202\n")
        }
        None => plain(StatusCode::UNAUTHORIZED, "401\n"),
    }
}
