//! The ruler's side: its process, and members of its rooms.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use bytes::Bytes;
use futures_util::future::try_join_all;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;

use super::machine::Process;
use super::{Dialect, Heard, Member, Shape};
use crate::bench::ruler::{self, DELIVERED, JOINED, STORED};
use crate::line::{Socket, dialled, fail};

/// The ruler as a process of its own; ends when dropped.
pub struct Ruler {
    child: Child,
    address: SocketAddr,
}

impl Ruler {
    /// Starts `program ruler` on this folder.
    ///
    /// # Errors
    /// If it does not say where it listens.
    pub async fn start(program: &Path, data: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command
            .arg("ruler")
            .arg("--data")
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(fail("the ruler does not start"))?;
        let stdout = child.stdout.take().ok_or("its output is piped")?;
        let line =
            BufReader::new(stdout).lines().next_line().await.map_err(fail("the ruler says nothing"))?;
        let address = line.as_deref().and_then(|line| line.strip_prefix("listening ")?.parse().ok());
        Ok(Self { child, address: address.ok_or("the ruler does not say where it listens")? })
    }

    /// The process.
    pub fn process(&self) -> Process {
        Process(self.child.id().unwrap_or_default())
    }

    /// Somebody in a room, who has been given up to `newest` of its messages. Returns how many came, too.
    ///
    /// # Errors
    /// If it does not let her in.
    pub async fn join(&self, room: usize, newest: u32) -> Result<(Socket, u64), String> {
        let mut socket = dialled(self.address, None).await?;
        let join = ruler::join(room as u32, newest);
        socket.send(Message::Binary(join)).await.map_err(fail("a member cannot join"))?;
        let mut came = 0;
        loop {
            let frame = socket.next().await.ok_or("the ruler hung up")?.map_err(fail("the ruler hung up"))?;
            match frame.into_data().first() {
                Some(&DELIVERED) => came += 1,
                Some(&JOINED) => return Ok((socket, came)),
                _ => {}
            }
        }
    }

    /// All members of all rooms; the first of each talks.
    ///
    /// # Errors
    /// If one of them does not get in.
    pub async fn members(&self, shape: Shape) -> Result<Vec<Member>, String> {
        let mut members = Vec::with_capacity(shape.rooms * shape.members);
        for room in 0..shape.rooms {
            let joining = (0..shape.members).map(|_| self.join(room, 0));
            let joined = try_join_all(joining).await?;
            let member = |(at, (socket, _))| Member { socket, room, talks: at == 0, place: 0 };
            members.extend(joined.into_iter().enumerate().map(member));
        }
        Ok(members)
    }
}

/// What the ruler understands.
#[derive(Clone)]
pub struct Ruled {
    /// What everybody says: as long as the ciphertext on the other side.
    pub payload: Bytes,
}

impl Dialect for Ruled {
    fn message(&self, _room: usize) -> Bytes {
        self.payload.clone()
    }

    fn heard(&self, frame: &[u8]) -> Heard {
        match frame.first() {
            Some(&DELIVERED) => Heard::Delivered(place(frame)),
            Some(&STORED) => Heard::Stored(place(frame)),
            _ => Heard::Other,
        }
    }

    fn keeps(&self, _room: usize, _place: u64) -> Option<Bytes> {
        None
    }
}

fn place(frame: &[u8]) -> u64 {
    frame.get(1..9).and_then(|it| it.try_into().ok()).map_or(0, u64::from_be_bytes)
}
