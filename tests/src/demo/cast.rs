//! The robots of the demo: a co-host who opened the room, and two persons in it who answer when greeted.

use std::net::SocketAddr;

use lotgenoot_client::messages::{Command, Kind};

use crate::organisation::{Organisation, Staff};
use crate::robot::Robot;

const GUESTS: [(&str, &str); 2] =
    [("Merel", "Fijn dat je er bent."), ("Tulp", "Hoi, ik ben Tulp. Ik lees mee.")];

/// The co-host and the guests.
pub struct Cast {
    /// The co-host.
    pub host: Robot,
    /// The two persons.
    pub guests: Vec<Robot>,
    /// The open room.
    pub room: String,
}

impl Cast {
    /// Opens the room and fills it.
    pub async fn start(organisation: &Organisation, co_host: &Staff, relay: SocketAddr) -> Self {
        let mut host = Robot::start(co_host.identity(), relay);
        host.online().await;
        host.act(Command::OpenPeerRoom { at_once: true });
        let room = host.room(Kind::Peer, 1).await;
        let mut guests = Vec::new();
        for (nickname, _) in GUESTS {
            let mut guest = Robot::person(organisation.root(), relay);
            let line = guest.enters(nickname).await;
            guest.says(&line, "Ik wil graag meepraten.").await;
            host.reads(&line, "Ik wil graag meepraten.").await;
            host.act(Command::Admit { line: line.clone(), room: room.clone() });
            guest.room(Kind::Peer, 2).await;
            guest.act(Command::Leave { room: line });
            guests.push(guest);
        }
        host.says(&room, "Welkom. We zijn met z'n drieën. Vertel wat je wilt, je hoeft niets.").await;
        Self { host, guests, room }
    }

    /// Lives on: each guest answers the first words of everybody who is new, until `until` is over.
    pub async fn live(&mut self, until: impl Future<Output = ()>) {
        let mut greeted: Vec<String> = Vec::new();
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(300));
        tokio::pin!(until);
        loop {
            tokio::select! {
                () = &mut until => return,
                _ = tick.tick() => {}
            }
            let room = self.room.clone();
            let own: Vec<&str> = GUESTS.iter().map(|(nickname, _)| *nickname).chain(["Iris"]).collect();
            let said = self.host.look().said.get(&room).cloned().unwrap_or_default();
            let names: Vec<String> = said.iter().map(|message| message.from.name.clone()).collect();
            for name in names.into_iter().filter(|name| !name.is_empty() && !own.contains(&name.as_str())) {
                if greeted.contains(&name) {
                    continue;
                }
                greeted.push(name.clone());
                for (guest, (_, words)) in self.guests.iter_mut().zip(GUESTS) {
                    guest.act(Command::Say { room: room.clone(), text: format!("Dag {name}. {words}") });
                }
            }
            for guest in &mut self.guests {
                guest.look();
            }
        }
    }
}
