//! What one client has shown of help calls, and what it does about them by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lotgenoot_client::messages::{CallId, CallState, CallView, Command, Event, Failure, Role, RoomId, Wants};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::organisation::SERVICE;

/// The service that calls are handed over to.
pub(super) const OTHER: &str = "veilig-thuis";
// Of those who lead, how many hand over, and how many give back.
const HANDS_OVER: f64 = 0.3;
const GIVES_BACK: f64 = 0.1;

/// Everything one client has shown of help calls.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) calls: BTreeMap<CallId, SeenCall>,
    /// Rooms with words of a professional in them.
    pub(super) spoken: BTreeSet<RoomId>,
}

/// What one client has shown of one help call.
#[derive(Clone, Debug)]
pub(super) struct SeenCall {
    pub(super) view: CallView,
    /// It was shown as stored.
    pub(super) stored: bool,
    /// Who led, one after another.
    pub(super) leads: Vec<String>,
}

/// Seen by whoever plays, and by whoever judges.
pub(super) type Shared = Arc<Mutex<Seen>>;

/// What is seen now.
pub(super) fn of(shared: &Shared) -> MutexGuard<'_, Seen> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seen {
    /// Takes in one event.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Call(view) => {
                let seen = self.calls.entry(view.call.clone()).or_insert_with(|| SeenCall {
                    view: view.clone(),
                    stored: false,
                    leads: Vec::new(),
                });
                seen.stored |= view.state != CallState::NotSent;
                if let Some(lead) = view.lead.as_ref().filter(|lead| seen.leads.last() != Some(&lead.name)) {
                    seen.leads.push(lead.name.clone());
                }
                seen.view = view.clone();
            }
            Event::Message { room, message } if message.from.role == Role::Professional => {
                self.spoken.insert(room.clone());
            }
            _ => {}
        }
    }

    /// The call she has raised.
    pub(super) fn own(&self) -> Option<&SeenCall> {
        self.calls.values().find(|seen| seen.view.own)
    }

    /// Whether a professional's words are in its room.
    pub(super) fn is_spoken(&self, call: &SeenCall) -> bool {
        call.view.room.as_ref().is_some_and(|room| self.spoken.contains(room))
    }

    /// Whether nothing here waits for her.
    pub(super) fn is_idle(&self) -> bool {
        let waits = |seen: &SeenCall| match &seen.view.state {
            CallState::WantsYou { .. } | CallState::TakingOver => true,
            CallState::Taken(lead) | CallState::Active(lead) => lead.you,
            _ => false,
        };
        !self.calls.values().any(waits)
    }
}

/// A person answers the first words of whoever helps her.
#[derive(Default)]
pub(super) struct Person {
    thanked: bool,
}

impl Person {
    pub(super) fn reacts(&mut self, event: &Event) -> Vec<Command> {
        match event {
            Event::Call(call) if call.own && matches!(call.state, CallState::Active(_)) => match &call.room {
                Some(room) if !std::mem::replace(&mut self.thanked, true) => vec![says(room, "Dank je")],
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// A professional takes what rings, writes, and hands some of it over or gives it back.
pub(super) struct Professional {
    rng: StdRng,
    // For what she has said that she comes, as long as it rings.
    tried: BTreeSet<(CallId, bool)>,
    // Where she has said her first words since she took it.
    answered: BTreeSet<CallId>,
    // What she does not keep, and has not passed on yet.
    passes_on: BTreeMap<CallId, Command>,
}

impl Professional {
    pub(super) fn seeded(seed: u64) -> Self {
        let rng = StdRng::seed_from_u64(seed);
        Self { rng, tried: BTreeSet::new(), answered: BTreeSet::new(), passes_on: BTreeMap::new() }
    }

    pub(super) fn reacts(&mut self, event: &Event, seen: &Seen) -> Vec<Command> {
        match event {
            Event::Call(call) => self.sees(call).into_iter().collect(),
            // Something was in the way: whatever still rings is answered again.
            Event::Failed { what: Failure::Other } => {
                let rings = |seen: &&SeenCall| {
                    matches!(seen.view.state, CallState::WantsYou { key_on_its_way: false, .. })
                };
                let ringing = seen.calls.values().filter(rings);
                ringing.map(|seen| Command::Acknowledge { call: seen.view.call.clone() }).collect()
            }
            _ => Vec::new(),
        }
    }

    fn sees(&mut self, view: &CallView) -> Option<Command> {
        let call = view.call.clone();
        if !matches!(view.state, CallState::WantsYou { .. }) {
            self.tried.retain(|(tried, _)| *tried != call);
        }
        match &view.state {
            CallState::WantsYou { key_on_its_way: false, what } => {
                let first = self.tried.insert((call.clone(), *what == Wants::Call));
                first.then_some(Command::Acknowledge { call })
            }
            CallState::Taken(lead) if lead.you => {
                let room = view.room.as_ref().filter(|_| self.answered.insert(call.clone()))?;
                if let Some(passes_on) = self.decides(&call) {
                    self.passes_on.insert(call, passes_on);
                }
                Some(says(room, "Ik ben er en ik lees."))
            }
            CallState::TakingOver => {
                let room = view.room.as_ref().filter(|_| self.answered.insert(call))?;
                Some(says(room, "Ik neem het over."))
            }
            CallState::Active(lead) if lead.you => self.passes_on.remove(&call),
            CallState::Active(_) => None,
            _ => {
                self.answered.remove(&call);
                None
            }
        }
    }

    fn decides(&mut self, call: &CallId) -> Option<Command> {
        let (call, drawn) = (call.clone(), self.rng.random::<f64>());
        if drawn < HANDS_OVER {
            Some(Command::AskColleague { call, takes_over: true, service: OTHER.to_owned() })
        } else if drawn < HANDS_OVER + GIVES_BACK {
            Some(Command::GiveBack { call })
        } else {
            None
        }
    }
}

/// What a person writes when she raises: of this number.
pub(super) fn wants(number: usize) -> String {
    format!("oproep {number} voor {SERVICE}")
}

fn says(room: &RoomId, text: &str) -> Command {
    Command::Say { room: room.clone(), text: text.to_owned() }
}
