//! What one client does by itself: a person asks to be let in, a door lets in, a professional answers calls.
//! What is done for the load's sake is the director's.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lotgenoot_client::messages::{CallId, CallState, Command, Event, Failure, Kind, Role, RoomId, RoomView};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::journal::Journal;
use crate::robot::Robot;

/// One client and its journal.
pub(super) struct Player {
    pub(super) name: String,
    commands: mpsc::UnboundedSender<Command>,
    journal: Arc<Mutex<Journal>>,
    task: JoinHandle<()>,
}

/// What a client is there for.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Opens a peer room; the rest is the director's.
    Opener,
    /// On shift: lets in those who name this door.
    Door {
        at: usize,
    },
    Person(Guest),
    Professional,
}

/// A person who belongs in a room.
#[derive(Clone, Debug)]
pub(super) struct Guest {
    pub(super) name: String,
    pub(super) room: RoomId,
    pub(super) door: usize,
}

impl Drop for Player {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Player {
    /// Lets a robot play this part.
    pub(super) fn cast(name: String, robot: Robot, part: Part) -> Self {
        let mut mind = Mind::of(part);
        Self::with(name, robot, move |event, journal| mind.react(event, journal))
    }

    /// Lets a robot do what `reacts` says.
    pub(super) fn with(
        name: String,
        mut robot: Robot,
        mut reacts: impl FnMut(&Event, &Journal) -> Vec<Command> + Send + 'static,
    ) -> Self {
        let (commands, journal) = (robot.commands(), Arc::<Mutex<Journal>>::default());
        let notes = journal.clone();
        let task = tokio::spawn(async move {
            while let Some(event) = robot.notices().await {
                let mut journal = notes.lock().unwrap_or_else(PoisonError::into_inner);
                journal.take(&event);
                for command in reacts(&event, &journal) {
                    robot.act(command);
                }
            }
        });
        Self { name, commands, journal, task }
    }

    /// What it has shown so far.
    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something.
    pub(super) fn act(&self, command: Command) {
        self.commands.send(command).expect("the robot lives");
    }
}

struct Mind {
    part: Part,
    // Lines in which a person has asked, or in which this door has been asked.
    asked: BTreeSet<RoomId>,
    // Calls this client has said its first words in.
    answered: BTreeSet<CallId>,
    // Calls a professional has tried to take.
    tried: BTreeSet<CallId>,
}

impl Mind {
    fn of(part: Part) -> Self {
        Self { part, asked: BTreeSet::new(), answered: BTreeSet::new(), tried: BTreeSet::new() }
    }

    fn react(&mut self, event: &Event, journal: &Journal) -> Vec<Command> {
        match &self.part {
            Part::Opener => Vec::new(),
            Part::Door { at } => {
                let at = *at;
                self.keeps_the_door(at, event)
            }
            Part::Person(guest) => {
                let guest = guest.clone();
                self.is_a_guest(&guest, event, journal)
            }
            Part::Professional => self.answers(event, journal),
        }
    }

    fn is_a_guest(&mut self, guest: &Guest, event: &Event, journal: &Journal) -> Vec<Command> {
        match event {
            Event::Room(view) if view.kind == Kind::Line && view.members.len() > 1 && view.caught_up => {
                if !self.asked.insert(view.room.clone()) {
                    return Vec::new();
                }
                vec![Command::Say { room: view.room.clone(), text: format!("{} {}", guest.door, guest.room) }]
            }
            // In the room: the line has done its work.
            Event::Room(view) if view.kind == Kind::Peer => {
                let lines = journal.stays.iter().filter(|stay| stay.kind() == Some(Kind::Line));
                let open = lines.filter(|stay| stay.ended.is_none() && self.asked.remove(&stay.room));
                open.map(|stay| Command::Leave { room: stay.room.clone() }).collect()
            }
            // Out again, by her own will or not, or the line to ask in is gone: she asks again. Where a line of hers
            // is open this does nothing, and its end comes here as well.
            Event::RoomGone { .. } if journal.current(&guest.room).is_none() => {
                vec![Command::OpenLine { nickname: guest.name.clone() }]
            }
            Event::Call(call) if call.own && matches!(call.state, CallState::Active(_)) => match &call.room {
                Some(room) if self.answered.insert(call.call.clone()) => {
                    vec![Command::Say { room: room.clone(), text: "Dank je".to_owned() }]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn keeps_the_door(&mut self, at: usize, event: &Event) -> Vec<Command> {
        match event {
            Event::Message { room, message } if message.from.role == Role::Person => {
                match message.text.split_once(' ') {
                    Some((door, wanted)) if door == at.to_string() && self.asked.insert(room.clone()) => {
                        vec![Command::Admit { line: room.clone(), room: wanted.to_owned() }]
                    }
                    _ => Vec::new(),
                }
            }
            // She has gone in: nobody is left to talk to in this line.
            Event::Room(view) if view.kind == Kind::Line && !has_person(view) && view.caught_up => {
                vec![Command::Leave { room: view.room.clone() }]
            }
            _ => Vec::new(),
        }
    }

    fn answers(&mut self, event: &Event, journal: &Journal) -> Vec<Command> {
        match event {
            Event::Call(call) => match &call.state {
                CallState::WantsYou { key_on_its_way: false, .. } if self.tried.insert(call.call.clone()) => {
                    vec![Command::Acknowledge { call: call.call.clone() }]
                }
                CallState::Taken(lead) if lead.you => match &call.room {
                    Some(room) if self.answered.insert(call.call.clone()) => {
                        vec![Command::Say { room: room.clone(), text: "Ik ben er en ik lees.".to_owned() }]
                    }
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
            // Something was in the way: whatever still rings is answered again.
            Event::Failed { what: Failure::Other } => {
                let ringing = journal
                    .calls
                    .values()
                    .filter(|call| matches!(call.state, CallState::WantsYou { key_on_its_way: false, .. }));
                ringing.map(|call| Command::Acknowledge { call: call.call.clone() }).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn has_person(view: &RoomView) -> bool {
    view.members.iter().any(|member| member.role == Role::Person)
}
