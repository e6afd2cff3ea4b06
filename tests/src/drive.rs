//! Carries bytes, time and words between a relay and a robot's mailboxes, each on a socket of its own.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_client::messages::{Command, Event};
use lotgenoot_client::{Mailbox, Mailboxes, Member};
use lotgenoot_protocol::SUBPROTOCOL;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::organisation::now;
use crate::tap::Tap;

const RECONNECT: Duration = Duration::from_millis(30);
// Hashes of the proof of work at a time.
const TRIES: u32 = 4096;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Nobody watches any more.
struct Over;

/// Runs until nobody watches any more.
pub(crate) async fn drive(
    both: Mailboxes,
    relay: SocketAddr,
    commands: mpsc::UnboundedReceiver<Command>,
    screens: mpsc::UnboundedSender<Event>,
    taps: [Option<Tap>; 2],
) {
    let mut driver = Driver { both, relay, sockets: [None, None], commands, screens, taps };
    while driver.round().await.is_ok() {}
}

struct Driver {
    both: Mailboxes,
    relay: SocketAddr,
    // In the order of `Mailbox::ALL`, like the taps.
    sockets: [Option<Socket>; 2],
    commands: mpsc::UnboundedReceiver<Command>,
    screens: mpsc::UnboundedSender<Event>,
    taps: [Option<Tap>; 2],
}

impl Driver {
    async fn round(&mut self) -> Result<(), Over> {
        self.both.settle(now());
        self.show()?;
        for (at, which) in Mailbox::ALL.into_iter().enumerate() {
            self.connects(at, which).await;
        }
        for (at, which) in Mailbox::ALL.into_iter().enumerate() {
            self.sends(at, which).await;
        }
        self.show()?;
        let due = self.both.poll_timeout().map_or(1000, |due| due.ms_since(now())).min(1000);
        let due = if self.sockets[0].is_some() { Duration::from_millis(due) } else { RECONNECT };
        let [own, workshops] = &mut self.sockets;
        tokio::select! {
            message = next(own) => self.hears(0, message),
            message = next(workshops) => self.hears(1, message),
            command = self.commands.recv() => self.both.command(command.ok_or(Over)?, now()),
            () = sleep_until(Instant::now() + due) => self.both.handle_timeout(now()),
        }
        Ok(())
    }

    fn show(&mut self) -> Result<(), Over> {
        while let Some(event) = self.both.poll_event() {
            self.screens.send(event).map_err(|_| Over)?;
        }
        Ok(())
    }

    async fn connects(&mut self, at: usize, which: Mailbox) {
        match self.both.get_mut(which) {
            None => {
                let had_one = self.sockets[at].take().is_some();
                if let Some(tap) = self.taps[at].as_ref().filter(|_| had_one) {
                    tap.ends(self.taps[0].as_ref());
                }
            }
            Some(member) if self.sockets[at].is_none() && member.wants_connection() => {
                self.sockets[at] = connect(self.relay).await;
                if self.sockets[at].is_some() {
                    member.connected(now());
                }
            }
            Some(_) => {}
        }
    }

    async fn sends(&mut self, at: usize, which: Mailbox) {
        let (Some(member), Some(socket)) = (self.both.get_mut(which), &mut self.sockets[at]) else { return };
        while member.has_work() {
            member.work(TRIES);
        }
        let sent = send(member, socket, self.taps[at].as_ref()).await;
        if sent.is_err() || member.wants_to_hang_up() {
            self.hangs_up(at);
        }
    }

    fn hears(&mut self, at: usize, message: Option<Heard>) {
        match message {
            Some(Ok(Message::Binary(bytes))) => {
                if self.taps[at].as_ref().is_some_and(|tap| !tap.lets_in(&bytes)) {
                    return;
                }
                let member = self.both.get_mut(Mailbox::ALL[at]);
                if member.is_none_or(|member| member.handle_frame(&bytes, now()).is_err()) {
                    self.hangs_up(at);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => self.hangs_up(at),
        }
    }

    fn hangs_up(&mut self, at: usize) {
        self.sockets[at] = None;
        if let Some(member) = self.both.get_mut(Mailbox::ALL[at]) {
            member.disconnected(now());
        }
    }
}

type Heard = Result<Message, tokio_tungstenite::tungstenite::Error>;

async fn next(socket: &mut Option<Socket>) -> Option<Heard> {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}

async fn send(
    member: &mut Member,
    socket: &mut Socket,
    tap: Option<&Tap>,
) -> Result<(), tokio_tungstenite::tungstenite::Error> {
    while let Some(bytes) = member.poll_transmit() {
        let bytes = match tap {
            Some(tap) => tap.outgoing(bytes),
            None => bytes,
        };
        socket.feed(Message::Binary(Bytes::from(bytes))).await?;
    }
    socket.flush().await
}

async fn connect(relay: SocketAddr) -> Option<Socket> {
    let mut request = format!("ws://{relay}/ws").into_client_request().ok()?;
    request.headers_mut().insert("sec-websocket-protocol", SUBPROTOCOL.parse().ok()?);
    let (socket, _) = connect_async(request).await.ok()?;
    Some(socket)
}
