//! The refusals a client can act on. Part of the wire; the room goes on.

use std::fmt;

use minicbor::{Decode, Encode};

use crate::duty::{CalendarFault, PlanFault};
use crate::floor::Silence;
use crate::ids::Epoch;
use crate::policy::Rule;

/// Why a request had no effect, and what its sender can do.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Refused {
    /// Another commit won this epoch, or the message is too old. Catch up, then try again.
    #[n(0)]
    WrongEpoch {
        /// The epoch the room is in.
        #[n(0)]
        current: Epoch,
    },
    /// The commit policy says no.
    #[n(1)]
    NotAllowed {
        /// The rule that was broken.
        #[n(0)]
        rule: Rule,
    },
    /// The bytes are not what they claim to be.
    #[n(2)]
    Invalid {
        /// What was wrong, for a developer; never content.
        #[n(0)]
        what: String,
    },
    /// A limit of `limits.rs` was passed.
    #[n(3)]
    TooLarge {
        /// The constant's name.
        #[n(0)]
        limit: String,
        /// Its value.
        #[n(1)]
        max: u64,
    },
    /// Too many requests. Wait, then try again with the same request id.
    #[n(4)]
    SlowDown {
        /// How long to wait, in milliseconds.
        #[n(0)]
        retry_after_ms: u64,
    },
    /// This mailbox was opened elsewhere.
    #[n(5)]
    Fenced,
    /// No such room, or not one this leaf has a seat in; the relay does not say which.
    #[n(6)]
    UnknownRoom,
    /// The id is in use.
    #[n(7)]
    Exists,
    /// The leaf stayed away longer than entries are kept. Resync.
    #[n(8)]
    Stale,
    /// Sign in first.
    #[n(9)]
    NotSignedIn,
    /// The frame type is not known to this relay.
    #[n(10)]
    UnknownFrame {
        /// The type that was sent.
        #[n(0)]
        frame: u32,
    },
    /// Someone else took this help call first.
    #[n(11)]
    AlreadyTaken,
    /// The help call is closed, or never was.
    #[n(12)]
    NoSuchCall,
    /// The relay cannot write now. What was not confirmed is not stored.
    #[n(13)]
    Degraded,
    /// Versions or suites have nothing in common. Reload the page.
    #[n(14)]
    Incompatible,
    /// This connection has not done its proof of work: do it, then ask again.
    #[n(15)]
    Unproven,
    /// She may not speak here now: keep the words, and try again when that is over.
    #[n(16)]
    Silenced {
        /// Why.
        #[n(0)]
        why: Silence,
    },
    /// A session does not open: fewer than two hosts are here, or no professional can be reached. A host may say that it
    /// shall all the same.
    #[n(17)]
    NotAttended {
        /// Hosts who are here.
        #[n(0)]
        hosts: u32,
        /// A professional can be reached.
        #[n(1)]
        professional: bool,
    },
    /// This room is over, and what was in it is deleted. It never comes back.
    #[n(18)]
    Over,
    /// A plan of duty that cannot be used, or duty that cannot be taken.
    #[n(70)]
    Duty {
        /// In which service; empty: it is about the whole plan.
        #[n(0)]
        service: String,
        /// In which of its layers, counted from 1.
        #[n(1)]
        layer: Option<u32>,
        /// What is wrong with it.
        #[n(2)]
        fault: PlanFault,
    },
    /// A calendar of another program that cannot be read as duty. Mend it there, and read it again.
    #[n(71)]
    DutyCalendar {
        /// At which line of the file, counted from 1.
        #[n(0)]
        line: u32,
        /// What is wrong there.
        #[n(1)]
        fault: CalendarFault,
    },
}

impl Refused {
    /// A refusal of bytes that are not what they claim to be.
    pub fn invalid(what: impl Into<String>) -> Self {
        Self::Invalid { what: what.into() }
    }

    /// `Ok` if `length` is within `max`, else a refusal that names the limit.
    pub fn unless_within(length: usize, max: usize, limit: &str) -> Result<(), Self> {
        if length <= max {
            return Ok(());
        }
        Err(Self::TooLarge { limit: limit.to_owned(), max: max as u64 })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongEpoch { current } => {
                write!(f, "the room is in epoch {}; catch up and try again", current.0)
            }
            Self::NotAllowed { rule } => write!(f, "not allowed: {rule}"),
            Self::Invalid { what } => write!(f, "invalid: {what}"),
            Self::TooLarge { limit, max } => write!(f, "larger than {limit} ({max})"),
            Self::SlowDown { retry_after_ms } => write!(f, "too fast; wait {retry_after_ms} ms"),
            Self::Fenced => f.write_str("opened elsewhere"),
            Self::UnknownRoom => f.write_str("no such room, or no seat in it"),
            Self::Exists => f.write_str("that id is in use; draw another"),
            Self::Stale => f.write_str("away longer than entries are kept; resync"),
            Self::NotSignedIn => f.write_str("sign in first"),
            Self::UnknownFrame { frame } => write!(f, "frame type {frame} is not known here"),
            Self::AlreadyTaken => f.write_str("someone else took this call first"),
            Self::NoSuchCall => f.write_str("no such call, or it is closed"),
            Self::Degraded => f.write_str("the relay cannot write now; nothing was stored"),
            Self::Incompatible => f.write_str("no version or suite in common; reload the page"),
            Self::NotAttended { hosts, professional } => {
                write!(f, "{hosts} hosts are here, and a professional can be reached: {professional}")
            }
            Self::Silenced { why } => write!(f, "not now: {why}"),
            Self::Duty { service, layer: Some(layer), fault } => {
                write!(f, "service {service}, layer {layer}: {fault}")
            }
            Self::Duty { service, layer: None, fault } if service.is_empty() => {
                write!(f, "the plan: {fault}")
            }
            Self::Duty { service, layer: None, fault } => write!(f, "service {service}: {fault}"),
            Self::DutyCalendar { line, fault } => write!(f, "line {line} of the calendar: {fault}"),
            Self::Over => f.write_str("that room is over, and what was in it is deleted"),
            Self::Unproven => f.write_str("prove the work that the challenge asks for first"),
        }
    }
}

impl std::error::Error for Refused {}
