//! The relay's side: rooms made with real MLS, members who sign in, prove their leaf, take their invitation and keep a cursor.
//!
//! One of each room has really joined and says the same ciphertext again and again, each time as a new request: the relay
//! reads its header and cannot read more. The others would only decrypt.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use ed25519_dalek::SigningKey;
use futures_util::future::try_join_all;
use lotgenoot_protocol::floor::{Measure, Ruling};
use lotgenoot_protocol::frame::{Ack, Answer, Commit, EntryKind, PutRuling, Request, Send, ServerFrame};
use lotgenoot_protocol::limits::{ADDS_PER_COMMIT_MAX, PEER_MEMBERS_MAX};
use lotgenoot_protocol::mls::{RoomKind, RoomRules};
use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{Blob, RoomId, Seq, codec};
use minicbor::{Decode, Decoder};
use openmls::prelude::{Ciphersuite, KeyPackage};
use tempfile::TempDir;

use super::machine::Process;
use super::{Dialect, Heard, Member, Shape};
use crate::cast::Actor;
use crate::line::{Line, request};
use crate::organisation::{Organisation, now};
use crate::process::RelayProcess;
use crate::relay;

/// The suite of measured rooms: the one whose handshakes are small: ciphertexts are as long in all of them.
pub const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519;
// As in the study (performance, 2); what is really said is padded to 256 or 1024 bytes.
const CONTENT_BYTES: usize = 512;
// Of an entry's frame (PROTOCOL.md).
const ENTRY: u32 = 129;

/// A relay as a process of its own on an empty folder; ends when dropped.
pub struct Ours {
    relay: RelayProcess,
    organisation: Organisation,
    folder: TempDir,
    arguments: Vec<OsString>,
}

impl Ours {
    /// Starts it. Nobody's work is asked for and nobody is too fast, or both would be all that is measured.
    pub async fn start(binary: &Path) -> Self {
        Self::with(binary, |_| vec!["--unpaced".into()]).await
    }

    /// The same where whoever is too fast is told so.
    pub async fn paced(binary: &Path) -> Self {
        Self::with(binary, |_| Vec::new()).await
    }

    /// The same behind this certificate and its key.
    pub async fn secure(binary: &Path, certificate: &str, key: &str) -> Self {
        let arguments = |folder: &Path| {
            let write = |name: &str, text: &str| {
                let path = folder.join(name);
                std::fs::write(&path, text).expect("the folder can be written");
                path.into_os_string()
            };
            let (certificate, key) = (write("cert.pem", certificate), write("key.pem", key));
            vec!["--unpaced".into(), "--tls-cert".into(), certificate, "--tls-key".into(), key]
        };
        Self::with(binary, arguments).await
    }

    async fn with(binary: &Path, arguments: impl FnOnce(&Path) -> Vec<OsString>) -> Self {
        let organisation = Organisation::new(now());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let _written = relay::config(folder.path(), &organisation.roster_file(&[], &[]));
        let arguments = arguments(folder.path());
        let relay = started(binary, folder.path(), &arguments).await;
        Self { relay, organisation, folder, arguments }
    }

    /// The same again after something was done to its folder.
    pub async fn restarted(mut self, binary: &Path, change: impl FnOnce(&Path)) -> Self {
        self.relay.kill().await;
        change(self.folder.path());
        let relay = started(binary, self.folder.path(), &self.arguments).await;
        Self { relay, ..self }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process.
    pub fn process(&self) -> Process {
        Process(self.relay.id().unwrap_or_default())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.relay.address()
    }

    /// What is said on it.
    pub fn rooms(&self) -> Rooms<'_> {
        Rooms { organisation: &self.organisation, address: self.address() }
    }

    /// All members of all rooms, each attached; the second of each talks.
    ///
    /// # Errors
    /// If the relay refuses any of it.
    pub async fn members(&self, shape: Shape) -> Result<(Said, Vec<Member>), String> {
        self.rooms().members(shape).await
    }
}

async fn started(binary: &Path, folder: &Path, arguments: &[OsString]) -> RelayProcess {
    let (data, roster, client) = (folder.join("data"), folder.join("roster.toml"), folder.join("client"));
    let mut command = RelayProcess::command(binary, &data, &roster, &client, 0);
    command.args(["--work-bits", "0"]).args(arguments).env("RUST_LOG", "error");
    RelayProcess::run(&mut command).await
}

/// Rooms that are made on a relay.
#[derive(Clone, Copy)]
pub struct Rooms<'o> {
    /// Whose relay it is.
    pub organisation: &'o Organisation,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Rooms<'_> {
    /// A connection of somebody new, signed in.
    ///
    /// # Errors
    /// If the relay does not let her in.
    pub async fn signed_in(&self) -> Result<Line, String> {
        Line::signed_in(self.address).await
    }

    /// All members of all rooms, each attached; the second of each talks.
    ///
    /// # Errors
    /// If the relay refuses any of it.
    pub async fn members(&self, shape: Shape) -> Result<(Said, Vec<Member>), String> {
        let (mut members, mut rooms) = (Vec::with_capacity(shape.rooms * shape.members), Vec::new());
        for number in 0..shape.rooms {
            let Made { said, lines, .. } = self.room(shape.members).await?;
            let member = |(at, line): (usize, Line)| Member {
                socket: line.socket,
                room: number,
                talks: at == said.talks,
                place: 0,
            };
            members.extend(lines.into_iter().enumerate().map(member));
            rooms.push(said);
        }
        Ok((Said { rooms: rooms.into() }, members))
    }

    /// One room, open; and a connection of each of its members.
    ///
    /// # Errors
    /// If the relay refuses any of it.
    pub async fn room(&self, members: usize) -> Result<Made, String> {
        let stage = members > PEER_MEMBERS_MAX;
        let (kind, role) =
            if stage { (RoomKind::Stage, Role::Presenter) } else { (RoomKind::Peer, Role::Host) };
        let id = RoomId(rand::random());
        let leads = self.organisation.certify("Noor", role);
        let mut founder = Actor::with_key(leads.secret.leaf_key()).certified(leads.certificate);
        let rules = RoomRules { kind, organisation: self.organisation.id(), hosts_in_help: false };
        let opening = founder.opens(id, SUITE, rules, &self.organisation.head());
        let mut others: Vec<Actor> = (1..members).map(|_| Actor::person()).collect();

        let mut line = self.signed_in().await?;
        line.opens(id, opening).await?;
        line.attaches(id, &founder.key, None).await?;
        for some in others.chunks(ADDS_PER_COMMIT_MAX) {
            let packages: Vec<KeyPackage> = some.iter().map(|it| it.key_package(SUITE)).collect();
            let bundle = founder.commits(|builder| builder.propose_adds(packages));
            founder.hears(&bundle.commit);
            line.accepted(Request::Commit(Commit { room: id, bundle })).await?;
        }
        let comes = |key: SigningKey| async move {
            let mut line = self.signed_in().await?;
            let attached = line.attaches(id, &key, None).await?;
            let invitation = attached.invitation.ok_or("a Welcome waits")?;
            line.accepted(Request::Ack(Ack { room: id, seq: invitation.seq })).await?;
            Ok::<_, String>((line, invitation))
        };
        let mut came = try_join_all(others.iter().map(|actor| comes(actor.key.clone()))).await?;
        // On a stage only those who lead it talk.
        let talks = usize::from(!stage);
        let message = if stage {
            speaks(&mut founder)
        } else {
            let ruling = Ruling::new(
                &founder.key,
                id,
                1,
                Measure::Open { alone: true, unstaffed: true, session: None },
            );
            line.accepted(Request::PutRuling(PutRuling { room: id, ruling })).await?;
            let talker = others.first_mut().ok_or("somebody has to talk")?;
            talker.joins(&came[0].1);
            speaks(talker)
        };
        if message.len() != SaidIn::BYTES {
            return Err(format!("what is said has {} bytes and not {}", message.len(), SaidIn::BYTES));
        }
        let keys = std::iter::once(&founder).chain(&others).map(|it| it.key.clone()).collect();
        let mut lines = vec![line];
        lines.extend(came.drain(..).map(|(line, _)| line));
        Ok(Made { said: SaidIn { room: id, message, keys, talks }, lines, founder })
    }
}

// Where an entry is and what it is, without its body. Both sides share the processors with the load: what this one would
// take for bodies that nobody looks at would be counted against the relay.
fn entry(frame: &[u8]) -> Option<(Seq, EntryKind)> {
    let mut decoder = Decoder::new(frame);
    decoder.array().ok()?;
    if decoder.u32().ok()? != ENTRY {
        return None;
    }
    // An entry answers no request.
    decoder.null().ok()?;
    let Placed { seq, kind } = decoder.decode().ok()?;
    Some((seq, kind))
}

#[derive(Decode)]
struct Placed {
    #[n(1)]
    seq: Seq,
    #[n(2)]
    kind: EntryKind,
}

// With the words' id in the clear, which the relay reads.
fn speaks(actor: &mut Actor) -> Blob {
    let id = actor.words("hoi").id();
    actor.says_beside(&id.0, &[7; CONTENT_BYTES])
}

/// A room that is open.
pub struct Made {
    /// What is said in it.
    pub said: SaidIn,
    /// A connection of each of its members, its founder's first.
    pub lines: Vec<Line>,
    /// Who opened it and leads it.
    pub founder: Actor,
}

/// What is said in each room.
#[derive(Clone)]
pub struct Said {
    rooms: Arc<[SaidIn]>,
}

/// What is said in one room.
pub struct SaidIn {
    /// Which.
    pub room: RoomId,
    /// The ciphertext.
    pub message: Blob,
    /// The leaf keys of its members.
    pub keys: Vec<SigningKey>,
    // Which of its members talks.
    talks: usize,
}

impl SaidIn {
    /// How long what is said is.
    pub const BYTES: usize = 674;

    /// Which of its members talks.
    pub fn talks(&self) -> usize {
        self.talks
    }
}

impl Said {
    /// The rooms.
    pub fn rooms(&self) -> &[SaidIn] {
        &self.rooms
    }
}

impl Dialect for Said {
    fn message(&self, room: usize) -> Bytes {
        let SaidIn { room, message, .. } = &self.rooms[room];
        let send = Send { room: *room, message: message.clone(), lead_signature: None };
        request(Request::Send(send)).1
    }

    fn heard(&self, frame: &[u8]) -> Heard {
        if let Some((seq, kind)) = entry(frame) {
            return if kind == EntryKind::Application { Heard::Delivered(seq.0) } else { Heard::Other };
        }
        match codec::decode_server(frame) {
            Ok(Some(ServerFrame::Reply(_, Answer::Accepted(accepted)))) if accepted.seq > Seq(0) => {
                Heard::Stored(accepted.seq.0)
            }
            Ok(Some(ServerFrame::Reply(_, Answer::Refused(why)))) => panic!("the relay refuses: {why}"),
            _ => Heard::Other,
        }
    }

    fn keeps(&self, room: usize, place: u64) -> Option<Bytes> {
        let ack = Ack { room: self.rooms[room].room, seq: Seq(place) };
        (place > 0).then(|| request(Request::Ack(ack)).1)
    }
}

#[cfg(test)]
mod tests {
    use lotgenoot_protocol::Timestamp;
    use lotgenoot_protocol::frame::{Accepted, Entry, Push};

    use super::*;

    #[test]
    fn an_entry_is_known_by_its_first_bytes() {
        let room = RoomId([1; 16]);
        let says = |kind| Entry { room, seq: Seq(7), kind, at: Timestamp(3), body: Blob(vec![5; 700]) };
        let frame = |push| codec::encode_server(&ServerFrame::Push(push));
        for kind in [EntryKind::Application, EntryKind::Commit] {
            assert_eq!(entry(&frame(Push::Entry(says(kind)))), Some((Seq(7), kind)));
        }
        let accepted = Answer::Accepted(Accepted { seq: Seq(7) });
        let id = lotgenoot_protocol::RequestId([2; 16]);
        assert_eq!(entry(&codec::encode_server(&ServerFrame::Reply(id, accepted))), None);
    }
}
