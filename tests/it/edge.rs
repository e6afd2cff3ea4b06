//! The relay's edge: what it answers to whom, and when it hangs up.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use lotgenoot::Relay;
use lotgenoot_client::messages::{CallState, Connection};
use lotgenoot_protocol::codec;
use lotgenoot_protocol::frame::{Answer, ClientFrame, Hello, Ping, Push, Request, ServerFrame};
use lotgenoot_protocol::limits::FRAME_BYTES_MAX;
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::role::Role as Certified;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::{AccountKey, Blob, Refused, RequestId, SUBPROTOCOL, VERSION};
use lotgenoot_tests::organisation::{Organisation, SERVICE, now};
use lotgenoot_tests::relay::{TestRelay, config, database};
use lotgenoot_tests::robot::Robot;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

#[tokio::test]
async fn the_page_comes_with_strict_headers_and_nothing_else_is_served() {
    let relay = relay().await;
    let page = get(relay.address(), "/", &relay.address().to_string()).await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for header in [
        "default-src 'none'",
        "require-trusted-types-for 'script'",
        "referrer-policy: no-referrer",
        "cache-control: no-store",
        "frame-ancestors 'none'",
        "permissions-policy:",
    ] {
        assert!(page.contains(header), "no {header} in {page}");
    }
    let own = relay.address().to_string();
    assert!(get(relay.address(), "/healthz", &own).await.contains("ok"));
    for path in ["/../roster.toml", "/data/lotgenoot.redb", "/nothing", "/manifest.json"] {
        assert!(get(relay.address(), path, &own).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    assert!(get(relay.address(), "/", "elders.example").await.starts_with("HTTP/1.1 421"));
}

#[tokio::test]
async fn another_page_may_not_speak_for_a_user() {
    let relay = relay().await;
    for (origin, allowed) in
        [("https://elders.example", false), (&*format!("http://{}", relay.address()), true)]
    {
        let mut request = request(relay.address());
        request.headers_mut().insert("origin", origin.parse().unwrap());
        assert_eq!(connect_async(request).await.is_ok(), allowed, "{origin}");
    }
}

#[tokio::test]
async fn a_socket_without_our_subprotocol_is_not_taken() {
    let relay = relay().await;
    let request = format!("ws://{}/ws", relay.address()).into_client_request().unwrap();
    let Err(Error::Http(response)) = connect_async(request).await else { panic!("it was taken") };
    assert_eq!(response.status(), 426);
}

#[tokio::test]
async fn nothing_is_answered_before_signing_in_and_a_sign_in_is_for_one_host() {
    let relay = relay().await;
    let (mut socket, nonce) = open(relay.address()).await;
    let early = ask(&mut socket, Request::Ping(Ping {})).await;
    assert_eq!(early, Answer::Refused(Refused::NotSignedIn));
    let elsewhere = hello(&nonce, "elders.example");
    assert_eq!(ask(&mut socket, elsewhere).await, Answer::Refused(Refused::NotSignedIn));
    let replayed = hello(&[0; 32], &relay.address().to_string());
    assert_eq!(ask(&mut socket, replayed).await, Answer::Refused(Refused::NotSignedIn));
    let own = hello(&nonce, &relay.address().to_string());
    assert!(matches!(ask(&mut socket, own).await, Answer::Welcomed(_)));
    assert!(matches!(ask(&mut socket, Request::Ping(Ping {})).await, Answer::Pong(_)));
}

#[tokio::test]
async fn garbage_and_giants_end_the_connection_with_a_code_that_says_so() {
    let relay = relay().await;
    for bytes in [vec![1, 2, 3], vec![0; FRAME_BYTES_MAX + 1]] {
        let (mut socket, _) = open(relay.address()).await;
        // The relay may hang up while we still write.
        let _hung_up = socket.send(Message::Binary(Bytes::from(bytes))).await;
        assert_eq!(close_code(&mut socket).await, Some(4400));
    }
    let (mut socket, _) = open(relay.address()).await;
    socket.send(Message::text("hallo")).await.unwrap();
    assert_eq!(close_code(&mut socket).await, Some(4400));
}

#[tokio::test]
async fn a_request_of_a_later_version_is_refused_by_type() {
    let relay = relay().await;
    let (mut socket, _) = open(relay.address()).await;
    // [9999, h'0101…', []]
    let frame = [&[0x83, 0x19, 0x27, 0x0f, 0x50][..], &[1; 16], &[0x80]].concat();
    socket.send(Message::Binary(Bytes::from(frame))).await.unwrap();
    let answer = answer(&mut socket, RequestId([1; 16])).await;
    assert_eq!(answer, Answer::Refused(Refused::UnknownFrame { frame: 9999 }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_does_not_open_is_kept_and_calls_are_refused_in_words() {
    let organisation = Organisation::new(now());
    let noor = organisation.certify("Noor", Certified::Professional);
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path(), &organisation.roster_file(&[&noor], &[]));
    std::fs::create_dir_all(&config.data).unwrap();
    let garbage = vec![7; 100_000];
    std::fs::write(database(folder.path()), &garbage).unwrap();

    let relay = Relay::open(&config).await.unwrap();
    assert!(relay.is_degraded());
    let own = relay.address().to_string();
    assert!(get(relay.address(), "/healthz", &own).await.starts_with("HTTP/1.1 503"));
    let mut person = Robot::person(organisation.root(), relay.address());
    person.sees("a fault", |screen| (screen.connection == Some(Connection::Degraded)).then_some(())).await;
    person.raises(SERVICE, "Is daar iemand?");
    person.call("not sent", |call| matches!(call.state, CallState::NotSent)).await;
    relay.shutdown().await;
    assert_eq!(std::fs::read(database(folder.path())).unwrap(), garbage, "the file was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_served_from_certificate_files() {
    let organisation = Organisation::new(now());
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(folder.path(), &organisation.roster_file(&[], &[]));
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let (cert_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert_file, certificate.pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    config.tls_cert = Some(cert_file);
    config.tls_key = Some(key_file);
    let relay = Relay::open(&config).await.unwrap();

    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority_certificate.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = TcpStream::connect(relay.address()).await.unwrap();
    let mut socket =
        TlsConnector::from(Arc::new(client)).connect("localhost".try_into().unwrap(), socket).await.unwrap();
    let port = relay.address().port();
    let ask = format!("GET /healthz HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n");
    socket.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    // A server that closes without a TLS goodbye has still answered.
    let _abrupt = socket.read_to_string(&mut answer).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    let plain = get(relay.address(), "/healthz", &format!("localhost:{port}")).await;
    assert!(!plain.contains("200"), "a port with TLS answers nothing in the clear");
    relay.shutdown().await;
}

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn relay() -> TestRelay {
    TestRelay::start(&Organisation::new(now()).roster_file(&[], &[])).await
}

pub(crate) fn request(relay: SocketAddr) -> tokio_tungstenite::tungstenite::handshake::client::Request {
    let mut request = format!("ws://{relay}/ws").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().unwrap());
    request
}

pub(crate) async fn open(relay: SocketAddr) -> (Socket, Vec<u8>) {
    let (mut socket, _) = connect_async(request(relay)).await.unwrap();
    let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("the relay speaks first") };
    let Ok(Some(ServerFrame::Push(Push::Challenge(challenge)))) = codec::decode_server(&bytes) else {
        panic!("with a challenge")
    };
    (socket, challenge.nonce.0)
}

fn hello(nonce: &[u8], host: &str) -> Request {
    let key = SigningKey::from_bytes(&[5; 32]);
    let signature = sign(&key, Purpose::Hello, &[nonce, host.as_bytes()]);
    let account = AccountKey(key.verifying_key().to_bytes());
    let signature = Blob(signature.to_vec());
    Request::Hello(Hello { versions: vec![VERSION], suites: SUITES.to_vec(), account, signature })
}

pub(crate) async fn ask(socket: &mut Socket, request: Request) -> Answer {
    let request_id = RequestId(rand::random());
    let bytes = codec::encode_client(&ClientFrame { request_id, request });
    socket.send(Message::Binary(Bytes::from(bytes))).await.unwrap();
    answer(socket, request_id).await
}

pub(crate) async fn answer(socket: &mut Socket, id: RequestId) -> Answer {
    loop {
        let Some(Ok(Message::Binary(bytes))) = socket.next().await else { panic!("no answer") };
        if let Ok(Some(ServerFrame::Reply(to, answer))) = codec::decode_server(&bytes)
            && to == id
        {
            return answer;
        }
    }
}

async fn close_code(socket: &mut Socket) -> Option<u16> {
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(frame) = message {
            return frame.map(|frame| frame.code.into());
        }
    }
    None
}

async fn get(relay: SocketAddr, path: &str, host: &str) -> String {
    let mut socket = TcpStream::connect(relay).await.unwrap();
    let ask = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    socket.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that resets after answering has still answered.
    let _reset = socket.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
