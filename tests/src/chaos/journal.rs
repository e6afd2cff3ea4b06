//! What one client has shown, in the order of the log.
//!
//! Somebody else's message is shown once, when its entry is read. An own message is shown as sent when the relay
//! says so, and once more when its entry is read: the last of the two is its place in the log.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_client::messages::{
    CallId, CallState, CallView, Connection, Delivery, Event, Failure, Gone, Kind, MemberId, MessageId,
    MessageView, Note, RoomId, RoomView,
};

/// Everything one client has shown.
#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) connection: Option<Connection>,
    /// A host can be reached.
    pub(super) hosts: bool,
    /// Services with somebody reachable.
    pub(super) services: Vec<String>,
    /// Every time this client was in a room, in order; the same room again is another stay.
    pub(super) stays: Vec<Stay>,
    pub(super) own: BTreeMap<MessageId, Own>,
    pub(super) calls: BTreeMap<CallId, CallView>,
    /// Own calls that were shown as stored, in any words.
    pub(super) stored: BTreeSet<CallId>,
    pub(super) alarms: Vec<RoomId>,
    pub(super) failures: Vec<Failure>,
    /// What must never be shown at all, in words.
    pub(super) wrong: Vec<String>,
}

/// One time in one room.
#[derive(Clone, Debug)]
pub(super) struct Stay {
    pub(super) room: RoomId,
    /// As it was shown last; absent before the room is there.
    pub(super) view: Option<RoomView>,
    pub(super) told: Vec<Told>,
    pub(super) ended: Option<Gone>,
    /// How many epochs were seen.
    pub(super) epochs: usize,
}

/// One line of a room.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Told {
    Said(MessageId),
    Joined(MemberId),
    Went(MemberId),
}

/// A message of this client.
#[derive(Clone, Debug)]
pub(super) struct Own {
    pub(super) room: RoomId,
    /// Which stay in it, from 1.
    pub(super) stay: usize,
    pub(super) state: Delivery,
    times_sent: usize,
}

impl Stay {
    fn in_room(room: &RoomId) -> Self {
        Self { room: room.clone(), view: None, told: Vec::new(), ended: None, epochs: 0 }
    }

    pub(super) fn kind(&self) -> Option<Kind> {
        self.view.as_ref().map(|view| view.kind)
    }

    /// This client's id in the room.
    pub(super) fn you(&self) -> Option<&MemberId> {
        self.view.as_ref()?.members.iter().find(|member| member.you).map(|member| &member.id)
    }
}

impl Journal {
    /// Writes down one event.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::Ready
            | Event::Office(_)
            | Event::Channels(_)
            | Event::Contacts(_)
            | Event::CodeWords(_)
            | Event::Link { .. }
            | Event::Device { .. }
            | Event::Devices { .. }
            | Event::Invited { .. }
            | Event::You(_)
            | Event::Tab { .. }
            | Event::MessageGone { .. }
            | Event::Unattended { .. }
            | Event::CallAlarm { .. }
            | Event::Calendar { .. }
            | Event::Letters { .. }
            | Event::Surveys { .. }
            | Event::Duty(_)
            | Event::DutyKept
            | Event::OwnLines(_)
            | Event::OwnTimes(_)
            | Event::DutyFile(_)
            | Event::DutyFileRefused { .. }
            | Event::DutyFileWritten { .. }
            | Event::DutyRefused { .. }
            | Event::DutyTaken { .. }
            | Event::Stage { .. }
            | Event::Asked { .. }
            | Event::Written(_)
            | Event::Screen { .. } => {}
            Event::Phrase { .. }
            | Event::ScreenKept { .. }
            | Event::PhraseKept
            | Event::Typed { .. }
            | Event::Stretching { .. }
            | Event::Return(_) => {}
            Event::Connection(connection) => self.connection = Some(*connection),
            Event::Open { hosts, services, .. } => {
                self.hosts = *hosts;
                self.services.clone_from(services);
            }
            Event::Room(view) => {
                let stay = self.stay(&view.room);
                if stay.view.as_ref().is_none_or(|old| old.epoch_code != view.epoch_code) {
                    stay.epochs += 1;
                }
                stay.view = Some(view.clone());
            }
            Event::RoomGone { room, why } => self.stay(room).ended = Some(*why),
            Event::Message { room, message } => self.message(room, message),
            Event::Note { room, note, .. } => {
                let told = match note {
                    Note::Joined(member) => Some(Told::Joined(member.id.clone())),
                    Note::Left(member) | Note::Removed(member) => Some(Told::Went(member.id.clone())),
                    Note::Returned(_)
                    | Note::Missed
                    | Note::Stuck(_)
                    | Note::Moved
                    | Note::WentAway(_)
                    | Note::Reported(_) => None,
                };
                self.stay(room).told.extend(told);
            }
            Event::Call(call) => {
                if call.own && call.state != CallState::NotSent {
                    self.stored.insert(call.call.clone());
                }
                if call.own && call.state == CallState::NotSent && self.stored.contains(&call.call) {
                    self.wrong
                        .push(format!("call {} was shown as stored, then as not sent", short(&call.call)));
                }
                self.calls.insert(call.call.clone(), call.clone());
            }
            Event::CallGone { call } => drop(self.calls.remove(call)),
            Event::Alarm { room } => self.alarms.push(room.clone()),
            Event::Failed { what } => self.failures.push(*what),
        }
    }

    /// The stay in this room that has not ended.
    pub(super) fn current(&self, room: &RoomId) -> Option<&Stay> {
        self.stays.iter().rev().find(|stay| stay.room == *room).filter(|stay| stay.ended.is_none())
    }

    /// How often this room was come into.
    pub(super) fn stays_in(&self, room: &RoomId) -> usize {
        self.stays.iter().filter(|stay| stay.room == *room).count()
    }

    /// Own messages that are on the way.
    pub(super) fn on_the_way(&self) -> usize {
        self.own.values().filter(|own| own.state == Delivery::Sending).count()
    }

    /// Own messages that were shown as sent.
    pub(super) fn acknowledged(&self) -> impl Iterator<Item = (&MessageId, &Own)> {
        self.own.iter().filter(|(_, own)| own.times_sent > 0)
    }

    fn message(&mut self, room: &RoomId, message: &MessageView) {
        let said = Told::Said(message.id.clone());
        if message.from.you {
            let stay = self.stays_in(room);
            let own = self.own.entry(message.id.clone()).or_insert_with(|| Own {
                room: room.clone(),
                stay,
                state: message.state,
                times_sent: 0,
            });
            if own.times_sent > 0 && message.state != Delivery::Sent {
                self.wrong.push(format!("message {} was shown as sent, then taken back", short(&message.id)));
            }
            own.state = message.state;
            if message.state != Delivery::Sent {
                return;
            }
            own.times_sent += 1;
            if own.times_sent > 2 {
                self.wrong.push(format!("own message {} was shown once too often", short(&message.id)));
            }
            let told = &mut self.stay(room).told;
            told.retain(|line| *line != said);
            told.push(said);
            return;
        }
        let told = &mut self.stay(room).told;
        if told.contains(&said) {
            self.wrong.push(format!("message {} was shown twice", short(&message.id)));
        } else {
            told.push(said);
        }
    }

    fn stay(&mut self, room: &RoomId) -> &mut Stay {
        let at = self.stays.iter().rposition(|stay| stay.room == *room && stay.ended.is_none());
        let at = at.unwrap_or_else(|| {
            self.stays.push(Stay::in_room(room));
            self.stays.len() - 1
        });
        &mut self.stays[at]
    }
}

/// An id, short enough to read.
pub(super) fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
