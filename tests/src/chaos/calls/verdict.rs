//! The verdict: what the trail says was committed, held against what came to the sinks and what everybody has shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use lotgenoot_client::messages::CallState;
use lotgenoot_core::call::{HelpCall, State};
use lotgenoot_protocol::{AccountKey, CallId};

use super::people::{Caller, Responder, names};
use super::seen::{self, SeenCall, wants};
use super::sinks::Landed;
use super::trail::{Book, End, Name, Paged};
use crate::chaos::journal::short;

/// Something that must not be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Violation {
    /// A call that was answered "ok" is not in the ledger.
    CallLost { call: String },
    /// A call that was answered "ok" was neither helped nor is anybody called for it.
    CallForgotten { call: String, shown: String, stored: String },
    /// Whoever led it never read what she wrote.
    IntakeNotRead { call: String },
    /// A page that was committed never came to its sink, and nothing says why it need not.
    PageLost { page: String },
    /// The relay says that its provider has it, and it never came there.
    SaidToBeSent { page: String },
    /// A page came under two names: her device would show it twice.
    TwoNames { page: String },
    /// Something came that the trail says nothing of.
    Unknown { to: String },
    /// Somebody was shown a lead who was none, or leads in another order.
    Leads { call: String, by: String, shown: Vec<String>, led: Vec<String> },
    /// Somebody shows another lead than the ledger in the end.
    OtherLead { call: String, by: String, shown: String, led: String },
    /// Closed on one side only.
    NotClosed { call: String, shown: String, stored: String },
    /// It was raised, and never answered at all.
    NotStored { who: usize },
    /// What can never be, in words.
    Wrong { what: String },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CallLost { call } => write!(f, "LOST call {call}: shown as stored, not in the ledger"),
            Self::CallForgotten { call, shown, stored } => {
                write!(f, "CALL {call} waits, and nobody is called for it: shown {shown}, stored {stored}")
            }
            Self::IntakeNotRead { call } => write!(f, "CALL {call}: no lead has read her words"),
            Self::PageLost { page } => write!(f, "LOST page {page}: it ended, never came, and was wanted"),
            Self::SaidToBeSent { page } => write!(f, "LOST page {page}: said to be sent, never came"),
            Self::TwoNames { page } => write!(f, "TWICE page {page} left under two names"),
            Self::Unknown { to } => write!(f, "UNKNOWN to the relay, and came to {to}"),
            Self::Leads { call, by, shown, led } => {
                write!(f, "LEADS of call {call}: {by} was shown {shown:?}, but they were {led:?}")
            }
            Self::OtherLead { call, by, shown, led } => {
                write!(f, "LEADS of call {call}: in the end {by} is shown {shown}, but it is {led}")
            }
            Self::NotClosed { call, shown, stored } => {
                write!(f, "CALL {call} is shown {shown}, and stored {stored}")
            }
            Self::NotStored { who } => write!(f, "STUCK person {who}: her call was never answered at all"),
            Self::Wrong { what } => write!(f, "WRONG {what}"),
        }
    }
}

/// All that is known when nothing happens any more.
pub(super) struct Case<'a> {
    pub(super) book: &'a Book,
    pub(super) landed: &'a BTreeMap<Name, Landed>,
    pub(super) callers: &'a [Caller],
    pub(super) responders: &'a [Responder],
}

impl Case<'_> {
    /// What is not as it must be.
    pub(super) fn judge(&self) -> Vec<Violation> {
        let mut violations: Vec<Violation> =
            self.book.wrong.iter().map(|what| Violation::Wrong { what: what.clone() }).collect();
        self.judge_calls(&mut violations);
        self.judge_leads(&mut violations);
        self.judge_pages(&mut violations);
        violations
    }

    fn judge_calls(&self, violations: &mut Vec<Violation>) {
        for caller in self.callers {
            let Some((view, is_spoken)) = caller.sees(|seen| {
                let own = seen.own()?;
                own.stored.then(|| (own.view.clone(), seen.is_spoken(own)))
            }) else {
                violations.push(Violation::NotStored { who: caller.number });
                continue;
            };
            let call = short(&view.call).to_owned();
            let Some(stored) = id_of(&view.call).and_then(|id| self.book.calls.get(&id)) else {
                violations.push(Violation::CallLost { call });
                continue;
            };
            let (shown, state) = (in_short(&view.state), state_of(stored));
            let closed = (view.state == CallState::Closed, stored.is_closed());
            if closed.0 != closed.1 {
                violations.push(Violation::NotClosed {
                    call: call.clone(),
                    shown: shown.clone(),
                    stored: state,
                });
            }
            let is_helped = matches!(view.state, CallState::Active(_)) && is_spoken;
            if !is_helped && !closed.0 && !self.is_called(stored) {
                let stored = state_of(stored);
                violations.push(Violation::CallForgotten { call: call.clone(), shown, stored });
            }
            if self.book.leads.contains_key(&stored.id) && !self.is_read(&view.call, caller.number) {
                violations.push(Violation::IntakeNotRead { call });
            }
        }
    }

    // Nobody leads it, and whoever is on duty is being called: by a page that has come, or will.
    fn is_called(&self, call: &HelpCall) -> bool {
        let State::Paging(round) = &call.state else { return false };
        let has_page = |account: &AccountKey| {
            let of_it = |it: &&Paged| it.sending.account == *account && it.sending.call == Some(call.id);
            self.book.pages().filter(of_it).any(|it| it.end.is_none() || self.has_come(it))
        };
        round.due > call.raised_at && round.tracks.keys().any(has_page)
    }

    fn is_read(&self, call: &str, number: usize) -> bool {
        let mut desks = self.responders.iter().flat_map(|it| it.desks().0);
        desks.any(|desk| {
            let desk = seen::of(&desk);
            let intake = desk.calls.get(call).and_then(|seen| seen.view.intake.as_ref());
            intake.is_some_and(|intake| intake.wants == wants(number))
        })
    }

    fn judge_leads(&self, violations: &mut Vec<Violation>) {
        let names = names(self.responders);
        let mut judge = |by: &str, id: &str, seen: &SeenCall, is_last: bool| {
            let stored = id_of(id).and_then(|id| self.book.calls.get(&id));
            let Some(stored) = stored else { return };
            let name = |account: &AccountKey| names.get(account).copied().unwrap_or_default().to_owned();
            let led: Vec<String> =
                self.book.leads.get(&stored.id).map_or(&[][..], Vec::as_slice).iter().map(name).collect();
            let (call, by) = (short(id).to_owned(), by.to_owned());
            if !is_part_of(&seen.leads, &led) {
                let (shown, by, call) = (seen.leads.clone(), by.clone(), call.clone());
                violations.push(Violation::Leads { call, by, shown, led });
            }
            let shown = match &seen.view.state {
                CallState::Taken(lead) | CallState::Active(lead) => &lead.name,
                _ => return,
            };
            let led = stored.lead().map(|lead| name(&lead.account)).unwrap_or_default();
            if is_last && *shown != led {
                violations.push(Violation::OtherLead { call, by, shown: shown.clone(), led });
            }
        };
        for caller in self.callers {
            caller.sees(|seen| {
                seen.calls.iter().for_each(|(id, call)| judge(caller.player.name.as_str(), id, call, true));
            });
        }
        for responder in self.responders {
            let (desks, is_open) = responder.desks();
            for (at, desk) in desks.iter().enumerate() {
                let is_last = is_open && at + 1 == desks.len();
                let desk = seen::of(desk);
                desk.calls.iter().for_each(|(id, call)| judge(&responder.alias, id, call, is_last));
            }
        }
    }

    fn judge_pages(&self, violations: &mut Vec<Violation>) {
        for paged in self.book.pages() {
            let page = self.in_words(paged);
            if paged.names.len() > 1 {
                violations.push(Violation::TwoNames { page: page.clone() });
            }
            if self.has_come(paged) {
                continue;
            }
            let is_refused =
                paged.names.iter().any(|name| self.landed.get(name).is_some_and(|it| it.refused));
            if paged.is_said_to_be_sent() {
                violations.push(Violation::SaidToBeSent { page });
            } else if !is_refused && paged.end == Some(End::NoReason) {
                violations.push(Violation::PageLost { page });
            } else if paged.end.is_none() && self.book.wants(&paged.sending) {
                // It is still being tried: by then everybody takes what comes.
                violations.push(Violation::PageLost { page: format!("{page}, still on its way") });
            }
        }
        let left: BTreeSet<&Name> = self.book.left.keys().chain(&self.book.left_over).collect();
        let unknown = self.landed.iter().filter(|(name, _)| !left.contains(name));
        violations.extend(unknown.map(|(_, it)| Violation::Unknown { to: it.to.clone() }));
    }

    /// Whether it was taken at its sink.
    pub(super) fn has_come(&self, paged: &Paged) -> bool {
        paged.names.iter().any(|name| self.landed.get(name).is_some_and(|it| it.taken > 0))
    }

    fn in_words(&self, paged: &Paged) -> String {
        let it = &paged.sending;
        let whose = names(self.responders).get(&it.account).copied().unwrap_or("nobody").to_owned();
        let (page, why) = (it.page, it.why);
        format!("{page:?} for {whose} ({why:?}, {:?}, tried {} times)", it.stage, it.attempt)
    }
}

/// The id of a call as the ledger has it.
pub(super) fn id_of(call: &str) -> Option<CallId> {
    let digits = (0..call.len()).step_by(2).map(|at| u8::from_str_radix(call.get(at..at + 2)?, 16).ok());
    CallId::from_slice(&digits.collect::<Option<Vec<u8>>>()?)
}

// Whether what one was shown can be seen of what happened by somebody who is not always there.
fn is_part_of(shown: &[String], happened: &[String]) -> bool {
    let mut happened = happened.iter();
    shown.iter().all(|lead| happened.any(|other| other == lead))
}

fn state_of(call: &HelpCall) -> String {
    match &call.state {
        State::Paging(round) => format!("paging in round {}, cycle {}", round.epoch, round.cycle),
        State::Acknowledged(_) => "acknowledged".to_owned(),
        State::Active(_) => "active".to_owned(),
        State::Closed(_) => "closed".to_owned(),
        State::Resting(_) => "resting".to_owned(),
    }
}

fn in_short(state: &CallState) -> String {
    format!("{state:?}").chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn whoever_was_away_may_have_missed_a_lead_but_was_never_shown_another() {
        assert!(is_part_of(&leads("noor karim"), &leads("noor sara karim")));
        assert!(!is_part_of(&leads("karim noor"), &leads("noor sara karim")));
        assert!(!is_part_of(&leads("iris"), &leads("noor")));
    }

    #[test]
    fn an_id_is_read_as_clients_write_it() {
        assert_eq!(id_of(&"0a".repeat(16)), Some(CallId([10; 16])));
        assert_eq!(id_of("0a"), None);
        assert_eq!(id_of("een oproep"), None);
    }
}
