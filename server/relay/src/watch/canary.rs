//! The canary: comes in by the front door like anybody, once a minute, and sees that everything answers.
//!
//! It connects to the port that people connect to (with TLS if there is any), signs in with a key nobody knows, asks the help
//! desk who is on duty, and asks for a slot that is not there, which takes a durable write. So it proves the listener, the
//! help desk's task and the disk. What lies before the port (a name, a proxy) only somebody outside can see: for that the
//! heartbeat is.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_protocol::frame::{Answer, AskDuty, Challenge, ClientFrame, Hello, Push, Request, ServerFrame};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::vault::ReadSlot;
use lotgenoot_protocol::{AccountKey, Blob, RequestId, SUBPROTOCOL, SlotId, SlotKey, VERSION, codec};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{CANARY_EVERY_MS, Watch};
use crate::clock;
use crate::stopping::Stopping;

// In which everything must have answered.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Where and as what it comes in.
pub struct Canary {
    /// The port people connect to.
    pub address: SocketAddr,
    /// The name they use.
    pub host: String,
    /// The certificate that is served there, if there is TLS.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Canary {
    /// Sings until the relay stops.
    pub async fn run(self, watch: Arc<Watch>, stopping: Stopping) {
        loop {
            let began = Instant::now();
            match tokio::time::timeout(TIME_LIMIT, self.sing()).await {
                Ok(Ok(())) => watch.sang(began.elapsed().as_millis() as u64, clock::now()),
                Ok(Err(why)) => tracing::error!(why, "the canary did not get through"),
                Err(_) => tracing::error!("the canary was not answered in time"),
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(CANARY_EVERY_MS)) => {}
                () = stopping.wait() => return,
            }
        }
    }

    /// Once in, round and out.
    pub async fn sing(&self) -> Result<(), &'static str> {
        let socket = TcpStream::connect(self.address).await.map_err(|_| "nobody listens")?;
        match &self.certificate {
            None => self.talk(socket, "ws").await,
            Some(certificate) => {
                let name = self.host.rsplit_once(':').map_or(self.host.as_str(), |(name, _)| name);
                let name = ServerName::try_from(name.to_owned()).map_err(|_| "no name for TLS")?;
                let connector = TlsConnector::from(Arc::new(pinned(certificate.clone())?));
                let socket = connector.connect(name, socket).await.map_err(|_| "no TLS")?;
                self.talk(socket, "wss").await
            }
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        socket: S,
        scheme: &str,
    ) -> Result<(), &'static str> {
        let request = format!("{scheme}://{}/ws", self.host).into_client_request();
        let mut request = request.map_err(|_| "no address")?;
        let subprotocol = SUBPROTOCOL.parse().map_err(|_| "no subprotocol")?;
        request.headers_mut().insert("Sec-WebSocket-Protocol", subprotocol);
        let (mut socket, _) = client_async(request, socket).await.map_err(|_| "no WebSocket")?;
        let Push::Challenge(Challenge { nonce, .. }) = pushed(&mut socket).await? else {
            return Err("no challenge");
        };
        let key = SigningKey::from_bytes(&clock::random());
        let signature = |purpose, more: &[&[u8]]| {
            let parts: Vec<&[u8]> =
                [&nonce.0[..], self.host.as_bytes()].into_iter().chain(more.iter().copied()).collect();
            Blob(sign(&key, purpose, &parts).to_vec())
        };
        let account = AccountKey(key.verifying_key().to_bytes());
        let hello = Hello {
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            account,
            signature: signature(Purpose::Hello, &[]),
        };
        let Answer::Welcomed(_) = ask(&mut socket, Request::Hello(hello)).await? else {
            return Err("not let in");
        };
        let duty = AskDuty { service: String::new() };
        let Answer::Duty(_) = ask(&mut socket, Request::AskDuty(duty)).await? else {
            return Err("the help desk does not answer");
        };
        let slot = SlotId(clock::random());
        let read = ReadSlot {
            slot,
            owner: SlotKey(key.verifying_key().to_bytes()),
            signature: signature(Purpose::ReadSlot, &[&slot.0]),
        };
        match ask(&mut socket, Request::ReadSlot(read)).await? {
            Answer::Refused(_) => Err("nothing can be stored"),
            _ => Ok(()),
        }
    }
}

async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    request: Request,
) -> Result<Answer, &'static str> {
    let request_id = RequestId(clock::random());
    let frame = codec::encode_client(&ClientFrame { request_id, request });
    socket.send(Message::Binary(frame.into())).await.map_err(|_| "cut off")?;
    loop {
        if let ServerFrame::Reply(id, answer) = frame_of(socket).await?
            && id == request_id
        {
            return Ok(answer);
        }
    }
}

async fn pushed<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
) -> Result<Push, &'static str> {
    loop {
        if let ServerFrame::Push(push) = frame_of(socket).await? {
            return Ok(push);
        }
    }
}

async fn frame_of<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
) -> Result<ServerFrame, &'static str> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                if let Some(frame) = codec::decode_server(&bytes).map_err(|_| "not a frame")? {
                    return Ok(frame);
                }
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err("cut off"),
            Some(Ok(_)) => {}
        }
    }
}

// Only the certificate this very relay serves: the canary knows it, and asks nobody else.
fn pinned(certificate: CertificateDer<'static>) -> Result<rustls::ClientConfig, &'static str> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let pin = Pin { certificate, provider: provider.clone() };
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|_| "no TLS version")?;
    Ok(builder.dangerous().with_custom_certificate_verifier(Arc::new(pin)).with_no_client_auth())
}

#[derive(Debug)]
struct Pin {
    certificate: CertificateDer<'static>,
    provider: Arc<rustls::crypto::CryptoProvider>,
}

impl rustls::client::danger::ServerCertVerifier for Pin {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        if end_entity.as_ref() == self.certificate.as_ref() {
            Ok(rustls::client::danger::ServerCertVerified::assertion())
        } else {
            Err(rustls::Error::General("another certificate than the relay serves".to_owned()))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
