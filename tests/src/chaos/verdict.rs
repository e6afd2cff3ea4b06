//! The verdict: pure. Journals go in; what was lost, shown twice, or seen differently by two members comes out.
//!
//! The member who saw most of a room is its measure: every other stay must be a piece of what she saw, from the
//! moment that member joined, to the end if she stayed. So nothing can be missing, doubled or out of order without
//! somebody disagreeing, and an acknowledged message that nobody saw is missing from the measure itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use lotgenoot_client::messages::{CallId, CallState, Connection, Delivery, Kind, MessageId, RoomId};

use super::journal::{Journal, Own, Stay, Told, short};

/// Something that must not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Violation {
    /// An acknowledged message is not on a screen where it must be.
    Lost { message: MessageId, room: RoomId, by: String, missed_by: String },
    /// Two members saw different things, or in a different order.
    Disagree { room: RoomId, one: String, other: String, at: String },
    /// Two members are in different epochs, or see other members.
    Epoch { room: RoomId, one: String, other: String },
    /// A call that was shown as stored is not known to any professional.
    CallLost { call: CallId, by: String },
    /// A call that was shown as stored was never answered, though people were there.
    CallUnanswered { call: CallId, by: String, state: String, elsewhere: Vec<String> },
    /// Something that must never be shown at all.
    Shown { by: String, what: String },
    /// A client raised an alarm and stopped.
    Alarm { room: RoomId, by: String },
    /// Still not signed in, or a message is still on the way.
    Stuck { who: String, what: String },
    /// A person who wanted in again is still outside; and how far she got.
    NotLetIn { who: String, got: String },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lost { message, room, by, missed_by } => write!(
                f,
                "LOST message {} of {by} in room {}: acknowledged, not seen by {missed_by}",
                short(message),
                short(room)
            ),
            Self::Disagree { room, one, other, at } => {
                write!(f, "ORDER in room {}: {one} and {other} differ {at}", short(room))
            }
            Self::Epoch { room, one, other } => {
                write!(f, "EPOCH in room {}: {one} and {other} do not have the same", short(room))
            }
            Self::CallLost { call, by } => {
                write!(f, "LOST call {} of {by}: shown as stored, known to nobody", short(call))
            }
            Self::CallUnanswered { call, by, state, elsewhere } => {
                let elsewhere = elsewhere.join(", ");
                write!(f, "CALL {} of {by} was never answered: {state}; elsewhere: {elsewhere}", short(call))
            }
            Self::Shown { by, what } => write!(f, "SHOWN to {by}: {what}"),
            Self::Alarm { room, by } => write!(f, "ALARM of {by} in room {}", short(room)),
            Self::Stuck { who, what } => write!(f, "STUCK {who}: {what}"),
            Self::NotLetIn { who, got } => write!(f, "OUTSIDE {who} wanted in again: {got}"),
        }
    }
}

/// What is not as it must be, if nothing else happens any more.
pub(super) fn judge<'a>(journals: impl Iterator<Item = (&'a str, &'a Journal)>) -> Vec<Violation> {
    let journals: Vec<(&str, &Journal)> = journals.collect();
    let mut violations = Vec::new();
    for (who, journal) in &journals {
        judge_alone(who, journal, &mut violations);
    }
    judge_calls(&journals, &mut violations);

    let mut rooms: BTreeMap<&RoomId, Vec<(&str, &Stay)>> = BTreeMap::new();
    for (who, journal) in &journals {
        // Lines end when the person is let in: nobody stays to the end.
        for stay in journal.stays.iter().filter(|stay| matches!(stay.kind(), Some(Kind::Peer | Kind::Help))) {
            rooms.entry(&stay.room).or_default().push((who, stay));
        }
    }
    for (room, stays) in rooms {
        judge_room(room, &stays, &journals, &mut violations);
    }
    violations
}

fn judge_alone(who: &str, journal: &Journal, violations: &mut Vec<Violation>) {
    let by = || who.to_owned();
    violations.extend(journal.wrong.iter().map(|what| Violation::Shown { by: by(), what: what.clone() }));
    violations.extend(journal.alarms.iter().map(|room| Violation::Alarm { room: room.clone(), by: by() }));
    if journal.connection != Some(Connection::Online) {
        violations.push(Violation::Stuck { who: by(), what: format!("{:?}", journal.connection) });
    }
    // What was said just before leaving has nowhere to go; the client says so.
    let same_stay =
        |own: &Own| journal.current(&own.room).is_some() && journal.stays_in(&own.room) == own.stay;
    for (message, own) in &journal.own {
        let call = journal.calls.values().find(|call| call.room.as_ref() == Some(&own.room));
        // Nor has what was said after she closed her call; what she said herself before that arrives before.
        let too_late = call.is_some_and(|call| !call.own && call.state == CallState::Closed);
        if own.state == Delivery::Sending || (own.state == Delivery::NotSent && same_stay(own) && !too_late) {
            let kind = journal.current(&own.room).and_then(Stay::kind);
            let call =
                call.map_or_else(String::new, |call| format!(", whose call is {}", in_short(&call.state)));
            let what = format!("message {} is {:?} in a {kind:?} room{call}", short(message), own.state);
            violations.push(Violation::Stuck { who: by(), what });
        }
    }
}

fn judge_calls(journals: &[(&str, &Journal)], violations: &mut Vec<Violation>) {
    let elsewhere: BTreeSet<&CallId> = journals
        .iter()
        .flat_map(|(_, journal)| journal.calls.values())
        .filter(|call| !call.own)
        .map(|call| &call.call)
        .collect();
    for (who, journal) in journals {
        for call in journal.calls.values().filter(|call| call.own) {
            let by = (*who).to_owned();
            match &call.state {
                CallState::Active(_) | CallState::Closed => {}
                _ if journal.stored.contains(&call.call) && !elsewhere.contains(&call.call) => {
                    violations.push(Violation::CallLost { call: call.call.clone(), by });
                }
                state => {
                    let elsewhere =
                        journals.iter().filter(|(other, _)| other != who).filter_map(|(other, journal)| {
                            let seen = journal.calls.get(&call.call)?;
                            Some(format!("{other} {}, told {:?}", in_short(&seen.state), journal.failures))
                        });
                    let (call, state, elsewhere) = (call.call.clone(), in_short(state), elsewhere.collect());
                    violations.push(Violation::CallUnanswered { call, by, state, elsewhere });
                }
            }
        }
    }
}

fn in_short(state: &CallState) -> String {
    format!("{state:?}").chars().take(40).collect()
}

fn judge_room(
    room: &RoomId,
    stays: &[(&str, &Stay)],
    journals: &[(&str, &Journal)],
    violations: &mut Vec<Violation>,
) {
    let staying: Vec<_> = stays.iter().filter(|(_, stay)| stay.ended.is_none()).collect();
    // Whoever opened the room was never told that she joined: she saw all of it.
    let Some((measured_by, measure)) = staying.iter().max_by_key(|(_, stay)| stay.told.len()) else { return };
    for (who, stay) in stays {
        let (expected, told) =
            (from_first_words(since_joined(&measure.told, stay)), from_first_words(&stay.told));
        let same = match stay.ended {
            None => expected == told,
            Some(_) => expected.starts_with(told),
        };
        if !same {
            differences(room, (who, told), (measured_by, expected), violations);
        }
    }
    for (who, stay) in &staying {
        let members = |stay: &Stay| {
            let view = stay.view.as_ref()?;
            Some((view.epoch_code.clone(), view.members.iter().map(|it| it.id.clone()).collect::<Vec<_>>()))
        };
        if members(stay) != members(measure) {
            let (one, other) = ((*who).to_owned(), (*measured_by).to_owned());
            violations.push(Violation::Epoch { room: room.clone(), one, other });
        }
    }
    let seen: BTreeSet<&MessageId> = said(&measure.told).collect();
    for (who, journal) in journals {
        for (message, _) in journal.acknowledged().filter(|(_, own)| own.room == *room) {
            if !seen.contains(message) {
                violations.push(Violation::Lost {
                    message: message.clone(),
                    room: room.clone(),
                    by: (*who).to_owned(),
                    missed_by: (*measured_by).to_owned(),
                });
            }
        }
    }
}

// What a stay must have seen of `measure`: everything after it joined.
fn since_joined<'a>(measure: &'a [Told], stay: &Stay) -> &'a [Told] {
    let joined = stay.you().and_then(|you| {
        measure.iter().position(|line| matches!(line, Told::Joined(member) if member == you))
    });
    joined.map_or(measure, |at| &measure[at + 1..])
}

// One commit may bring several: they are not told of each other.
fn from_first_words(told: &[Told]) -> &[Told] {
    let first = told.iter().position(|line| matches!(line, Told::Said(_)));
    &told[first.unwrap_or(told.len())..]
}

fn differences(
    room: &RoomId,
    (who, told): (&str, &[Told]),
    (measured_by, expected): (&str, &[Told]),
    violations: &mut Vec<Violation>,
) {
    let seen: BTreeSet<&MessageId> = said(told).collect();
    let missing: Vec<&MessageId> = said(expected).filter(|message| !seen.contains(message)).collect();
    let at = expected.iter().zip(told).take_while(|(one, other)| one == other).count();
    violations.push(Violation::Disagree {
        room: room.clone(),
        one: who.to_owned(),
        other: measured_by.to_owned(),
        at: format!(
            "from line {at} of {}/{} on; {} messages missing",
            told.len(),
            expected.len(),
            missing.len()
        ),
    });
}

fn said(told: &[Told]) -> impl Iterator<Item = &MessageId> {
    told.iter().filter_map(|line| match line {
        Told::Said(message) => Some(message),
        Told::Joined(_) | Told::Went(_) => None,
    })
}
