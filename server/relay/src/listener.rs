//! One port: the client's files, `/healthz`, and `/ws`. TLS if there is a certificate.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{
    CONNECTION, HOST, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use hyper::service::service_fn;
use hyper::upgrade::Upgraded;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use lotgenoot_protocol::SUBPROTOCOL;
use lotgenoot_protocol::limits::FRAME_BYTES_MAX;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::clock;
use crate::config::Config;
use crate::connection;
use crate::duty_calendar;
use crate::files::plain;
use crate::pager::STATUS_PATH;
use crate::pages;
use crate::relay::Parts;
use crate::store::Broken;
use lotgenoot_protocol::calendar::Calendar;

// tokio's own is 128; two hundred members who reconnect at once overrun it and wait a second.
const BACKLOG: u32 = 4096;
// Whoever has not said what she wants by then is not served.
const HANDSHAKE: Duration = Duration::from_secs(10);
const READ_BUFFER_BYTES: usize = 4 * 1024;
const WRITE_BUFFER_BYTES: usize = 32 * 1024;
const WRITE_BUFFER_BYTES_MAX: usize = 4 * FRAME_BYTES_MAX;

/// Listens on `address`.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, Broken> {
    let bound = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    bound().map_err(|error| {
        Broken::new(format!("cannot listen on {address}: {error}; is another relay running?"))
    })
}

/// The certificate that is served, if there is one.
pub(crate) fn certificate(config: &Config) -> Result<Option<CertificateDer<'static>>, Broken> {
    let Some(path) = &config.tls_cert else { return Ok(None) };
    CertificateDer::from_pem_file(path)
        .map(Some)
        .map_err(|error| Broken::new(format!("the TLS file {} cannot be used: {error}", path.display())))
}

/// The TLS acceptor the configuration asks for.
pub(crate) fn tls(config: &Config) -> Result<Option<TlsAcceptor>, Broken> {
    let (Some(cert), Some(key)) = (&config.tls_cert, &config.tls_key) else { return Ok(None) };
    let unreadable = |path: &Path, error: &dyn std::fmt::Display| {
        Broken::new(format!("the TLS file {} cannot be used: {error}", path.display()))
    };
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(cert, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, &error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|error| unreadable(cert, &error))?;
    Ok(Some(TlsAcceptor::from(Arc::new(tls))))
}

/// Serves one connection until it ends.
pub(crate) async fn serve(socket: TcpStream, tls: Option<TlsAcceptor>, parts: Arc<Parts>) {
    // Small frames matter more than full packets here.
    let _best_effort = socket.set_nodelay(true);
    match tls {
        None => serve_http(socket, parts).await,
        Some(tls) => {
            if let Ok(Ok(socket)) = timeout(HANDSHAKE, tls.accept(socket)).await {
                serve_http(socket, parts).await;
            }
        }
    }
}

async fn serve_http<S>(socket: S, parts: Arc<Parts>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let answer = |request: Request<Incoming>| {
        let parts = parts.clone();
        async move { Ok::<_, std::convert::Infallible>(route::<S>(request, &parts).await) }
    };
    let http = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HANDSHAKE)
        .serve_connection(TokioIo::new(socket), service_fn(answer))
        .with_upgrades();
    if let Err(error) = http.await {
        tracing::trace!(%error, "a connection ended");
    }
}

// `S`: what the connection runs over.
async fn route<S>(request: Request<Incoming>, parts: &Arc<Parts>) -> Response<Full<Bytes>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).map(str::to_ascii_lowercase);
    let Some(host) = host.filter(|host| parts.hosts.contains(host)) else {
        return plain(StatusCode::MISDIRECTED_REQUEST, "421\n");
    };
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/ws") => upgrade::<S>(request, host, parts),
        (&Method::POST, pages::ARRIVED_PATH | STATUS_PATH) => pages::answer(request, parts).await,
        (&Method::GET, "/healthz") if parts.is_degraded() => {
            plain(StatusCode::SERVICE_UNAVAILABLE, "degraded\n")
        }
        (&Method::GET, "/healthz") => plain(StatusCode::OK, "ok\n"),
        (&Method::GET, path) if path.starts_with(duty_calendar::PATH) => {
            duty_calendar::answer(path, parts).await
        }
        (&Method::GET | &Method::HEAD, path) => {
            let open = parts.running().map(|running| {
                let (now, trust) = (clock::now(), &running.shared.known().trust);
                // Whoever signed it may have been revoked since.
                let counts = |calendar: &Arc<Calendar>| calendar.verify(trust, now).is_ok();
                (running.shared.pong(now), running.shared.calendar().filter(counts))
            });
            parts.files.answer(path, request.headers(), open)
        }
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "405\n"),
    }
}

fn upgrade<S>(mut request: Request<Incoming>, host: String, parts: &Arc<Parts>) -> Response<Full<Bytes>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let headers = request.headers();
    let is = |name, wanted: &str| {
        let value = headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
        value.split(',').any(|part| part.trim().eq_ignore_ascii_case(wanted))
    };
    let key = headers.get(SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let ours = is(UPGRADE, "websocket")
        && is(CONNECTION, "upgrade")
        && is(SEC_WEBSOCKET_VERSION, "13")
        && is(SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL);
    let (true, Some(accept)) = (ours, key.and_then(|key| HeaderValue::from_str(&key).ok())) else {
        return plain(StatusCode::UPGRADE_REQUIRED, "426\n");
    };
    // A browser says from which page it comes: only our own may speak for a user.
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let foreign =
        origin.is_some_and(|origin| origin.split_once("://").map(|(_, rest)| rest) != Some(host.as_str()));
    if foreign {
        return plain(StatusCode::FORBIDDEN, "403\n");
    }
    let upgrading = hyper::upgrade::on(&mut request);
    let parts = parts.clone();
    tokio::spawn(async move {
        let upgraded = upgrading.await;
        // The socket itself: what HTTP needed around it would be gone through for every frame.
        if let Ok(Ok(raw)) = upgraded.map(Upgraded::downcast::<TokioIo<S>>) {
            let (socket, read) = parts_of(raw);
            let socket =
                WebSocketStream::from_partially_read(socket, read, Role::Server, Some(websocket())).await;
            connection::serve(socket, host, parts).await;
        }
    });
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
    response
}

// What was read already is copied, a few bytes at most: what HTTP read into is 8 kB, and would be held as long as the
// connection lasts.
fn parts_of<S>(raw: hyper::upgrade::Parts<TokioIo<S>>) -> (S, Vec<u8>) {
    (raw.io.into_inner(), raw.read_buf.to_vec())
}

fn websocket() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX))
}
