//! The port of the figures: this machine alone, one path, nothing to ask for and nothing to change.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::{degraded, text};
use crate::clock;
use crate::config::own_names;
use crate::files::{harden, plain};
use crate::relay::Parts;

/// What is asked for.
const PATH: &str = "/metrics";
// Whoever scrapes asks once in a while, over one connection.
const AT_ONCE: usize = 8;
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Answers until the relay stops.
pub(crate) async fn run(listener: TcpListener, address: SocketAddr, parts: Arc<Parts>) {
    let (room, stopping) = (Arc::new(Semaphore::new(AT_ONCE)), parts.stopping.clone());
    let hosts: Arc<[String]> = own_names(address).into();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.wait() => return,
        };
        match accepted {
            Ok((socket, _)) => {
                // Whoever is one too many is hung up on.
                let Ok(place) = room.clone().try_acquire_owned() else { continue };
                let (parts, hosts) = (parts.clone(), hosts.clone());
                tokio::spawn(async move {
                    serve(socket, &parts, &hosts).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept whoever asks for figures");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn serve(socket: TcpStream, parts: &Arc<Parts>, hosts: &Arc<[String]>) {
    let answer = |request: Request<Incoming>| {
        let answer = answer(&request, parts, hosts);
        async move { Ok::<_, std::convert::Infallible>(answer) }
    };
    let http = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIME_LIMIT)
        .serve_connection(TokioIo::new(socket), service_fn(answer));
    let stopping = parts.stopping.clone();
    tokio::select! {
        served = http => if let Err(error) = served {
            tracing::trace!(%error, "a connection for figures ended");
        },
        () = stopping.wait() => {}
    }
}

fn answer(request: &Request<Incoming>, parts: &Parts, hosts: &[String]) -> Response<Full<Bytes>> {
    // A page in a browser on this machine cannot have itself called by our name.
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).map(str::to_ascii_lowercase);
    if !host.is_some_and(|host| hosts.contains(&host)) {
        return plain(StatusCode::MISDIRECTED_REQUEST, "421\n");
    }
    match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, PATH) => {}
        (_, PATH) => return plain(StatusCode::METHOD_NOT_ALLOWED, "405\n"),
        _ => return plain(StatusCode::NOT_FOUND, "404\n"),
    }
    let told = parts.running().map_or_else(degraded, |running| {
        let shared = &running.shared;
        shared.metrics.told(&shared.watch, clock::now())
    });
    let mut response = Response::new(Full::new(Bytes::from(told)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(text::CONTENT_TYPE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    harden(headers);
    response
}
