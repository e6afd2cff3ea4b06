//! A connection that speaks the protocol and nothing more: no keys are kept, nothing is checked, nothing comes back by itself.

use std::fmt::Display;
use std::net::SocketAddr;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_protocol::frame::{
    Answer, Attach, Attached, ClientFrame, Hello, OpenRoom, Opening, Push, Request, ServerFrame,
};
use lotgenoot_protocol::mls::SUITES;
use lotgenoot_protocol::sign::{Purpose, sign};
use lotgenoot_protocol::{AccountKey, Blob, LeafKey, RequestId, RoomId, SUBPROTOCOL, Seq, VERSION, codec};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

const READ_BUFFER_BYTES: usize = 8 * 1024;

/// A member's end of a connection.
pub type Socket<S = TcpStream> = WebSocketStream<S>;

/// One connection that asks one thing at a time.
pub struct Line<S = TcpStream> {
    /// The socket; what it hears beside its answers is not kept.
    pub socket: Socket<S>,
    nonce: Vec<u8>,
    host: String,
}

impl Line {
    /// Dials and signs in as somebody new.
    ///
    /// # Errors
    /// If the relay does not let her in.
    pub async fn signed_in(relay: SocketAddr) -> Result<Self, String> {
        Self::signed_in_over(connected(relay).await?, relay).await
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    /// Signs in as somebody new, over what leads to the relay.
    ///
    /// # Errors
    /// If the relay does not let her in.
    pub async fn signed_in_over(stream: S, relay: SocketAddr) -> Result<Self, String> {
        let mut socket = upgraded(stream, relay, Some(SUBPROTOCOL)).await?;
        let nonce = loop {
            if let ServerFrame::Push(Push::Challenge(challenge)) = heard(&mut socket).await? {
                break challenge.nonce.0;
            }
        };
        let mut line = Self { socket, nonce, host: relay.to_string() };
        let key = SigningKey::from_bytes(&rand::random());
        let hello = Hello {
            versions: vec![VERSION],
            suites: SUITES.to_vec(),
            account: AccountKey(key.verifying_key().to_bytes()),
            signature: Blob(sign(&key, Purpose::Hello, &[&line.nonce, line.host.as_bytes()]).to_vec()),
        };
        match line.ask(Request::Hello(hello)).await? {
            Answer::Welcomed(_) => Ok(line),
            other => Err(format!("not welcomed: {other:?}")),
        }
    }

    /// Opens a room.
    ///
    /// # Errors
    /// If the relay does not.
    pub async fn opens(&mut self, room: RoomId, opening: Opening) -> Result<(), String> {
        self.accepted(Request::OpenRoom(OpenRoom { room, opening, session: None })).await
    }

    /// Reads a room as the holder of this leaf key, from after this entry or from her cursor.
    ///
    /// # Errors
    /// If the relay does not let her.
    pub async fn attaches(
        &mut self,
        room: RoomId,
        key: &SigningKey,
        after: Option<Seq>,
    ) -> Result<Attached, String> {
        match self.ask(self.attach(room, key, after)).await? {
            Answer::Attached(attached) => Ok(attached),
            other => Err(format!("not attached: {other:?}")),
        }
    }

    /// The same without waiting for the answer: what was asked for may come right behind it.
    ///
    /// # Errors
    /// If the connection ends.
    pub async fn asks_to_attach(
        &mut self,
        room: RoomId,
        key: &SigningKey,
        after: Option<Seq>,
    ) -> Result<(), String> {
        let (_, frame) = request(self.attach(room, key, after));
        self.socket.send(Message::Binary(frame)).await.map_err(fail("a request cannot be sent"))
    }

    fn attach(&self, room: RoomId, key: &SigningKey, after: Option<Seq>) -> Request {
        let signature = sign(key, Purpose::Attach, &[&self.nonce, self.host.as_bytes(), &room.0]);
        let leaf = LeafKey(key.verifying_key().to_bytes());
        Request::Attach(Attach { room, leaf, signature: Blob(signature.to_vec()), after })
    }

    /// Asks what is answered with "done".
    ///
    /// # Errors
    /// If it is answered with anything else.
    pub async fn accepted(&mut self, what: Request) -> Result<(), String> {
        self.stored(what).await.map(drop)
    }

    /// The same, and where it is in the room.
    ///
    /// # Errors
    /// If it is answered with anything else.
    pub async fn stored(&mut self, what: Request) -> Result<Seq, String> {
        match self.ask(what).await? {
            Answer::Accepted(accepted) => Ok(accepted.seq),
            other => Err(format!("not accepted: {other:?}")),
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// If the connection ends before it.
    pub async fn ask(&mut self, what: Request) -> Result<Answer, String> {
        let (id, frame) = request(what);
        self.socket.send(Message::Binary(frame)).await.map_err(fail("a request cannot be sent"))?;
        loop {
            match heard(&mut self.socket).await? {
                ServerFrame::Reply(to, answer) if to == id => return Ok(answer),
                _ => {}
            }
        }
    }
}

/// A request as it goes over the wire, and its id.
pub fn request(request: Request) -> (RequestId, Bytes) {
    let request_id = RequestId(rand::random());
    (request_id, codec::encode_client(&ClientFrame { request_id, request }).into())
}

/// The next frame of the relay that this version knows.
///
/// # Errors
/// If the connection ends.
pub async fn heard<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut Socket<S>) -> Result<ServerFrame, String> {
    loop {
        let frame = socket.next().await.ok_or("the relay hung up")?.map_err(fail("the relay hung up"))?;
        if let Message::Binary(bytes) = frame
            && let Some(frame) = codec::decode_server(&bytes).map_err(fail("not a frame"))?
        {
            return Ok(frame);
        }
    }
}

/// A WebSocket to a server on this machine.
///
/// # Errors
/// If it is not accepted.
pub async fn dialled(address: SocketAddr, subprotocol: Option<&str>) -> Result<Socket, String> {
    upgraded(connected(address).await?, address, subprotocol).await
}

/// What leads to a server on this machine.
///
/// # Errors
/// If nobody listens there.
pub async fn connected(address: SocketAddr) -> Result<TcpStream, String> {
    let socket = TcpSocket::new_v4().map_err(fail("no socket"))?;
    let socket = socket.connect(address).await.map_err(fail("nobody listens"))?;
    socket.set_nodelay(true).map_err(fail("no socket"))?;
    Ok(socket)
}

async fn upgraded<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    address: SocketAddr,
    subprotocol: Option<&str>,
) -> Result<Socket<S>, String> {
    let mut request = format!("ws://{address}/ws").into_client_request().map_err(fail("an address"))?;
    if let Some(subprotocol) = subprotocol {
        let value = subprotocol.parse().map_err(fail("a subprotocol"))?;
        request.headers_mut().insert("sec-websocket-protocol", value);
    }
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    let upgraded = client_async_with_config(request, stream, Some(config)).await;
    upgraded.map(|(socket, _)| socket).map_err(fail("not accepted"))
}

pub(crate) fn fail<E: Display>(what: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{what}: {error}")
}
