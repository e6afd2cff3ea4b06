//! The rules of a help call, written a second time: as a rule book says them, not as the desk does them.
//!
//! Where the desk has a choice (when it looks at a request again), the rule book says what is allowed and takes over
//! what happened.

use lotgenoot_core::call::{HelpCall, State};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_protocol::AskId;
use lotgenoot_protocol::call::{CallNotice, Ended, Part, Why};
use lotgenoot_protocol::frame::Notice;

use crate::scene::notices;

const SECOND: u64 = 1000;
const DAY: u64 = 86_400 * SECOND;

/// A call as the rule book has it. Moments in milliseconds, people by number.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) now: u64,
    pub(crate) at: At,
    pub(crate) epoch: u32,
    pub(crate) hops: u32,
    pub(crate) here: [bool; 3],
    quiet: u64,
    asks: Vec<Asked>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum At {
    Paging,
    Taken { lead: usize, due: u64 },
    Led(Led),
    Closed { at: u64, led: Option<Led> },
    Resting,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Led {
    pub(crate) lead: usize,
    gone: Option<u64>,
    waits: Option<u64>,
    attention: Option<u64>,
}

#[derive(Clone, Debug)]
struct Asked {
    id: AskId,
    part: Part,
    since: u64,
    accepted: Option<(usize, u64)>,
}

impl Model {
    pub(crate) fn new(now: u64) -> Self {
        Self { now, at: At::Paging, epoch: 1, hops: 0, here: [false; 3], quiet: now, asks: Vec::new() }
    }

    pub(crate) fn lead(&self) -> Option<usize> {
        match &self.at {
            At::Taken { lead, .. } => Some(*lead),
            At::Led(led) => Some(led.lead),
            At::Paging | At::Closed { .. } | At::Resting => None,
        }
    }

    /// Whoever accepted to take over and has not written yet.
    pub(crate) fn accepted(&self) -> Option<usize> {
        self.asks.iter().find_map(|ask| ask.accepted).map(|(who, _)| who)
    }

    /// Time has passed: one thing at most is due.
    pub(crate) fn looks(&mut self) {
        let (now, silent) = (self.now, self.now - self.quiet >= 30 * DAY);
        match &mut self.at {
            At::Taken { due, .. } if *due <= now => self.pages_anew(),
            At::Paging | At::Led(_) if silent => {
                self.asks.clear();
                self.at = At::Resting;
            }
            At::Led(Led { attention: Some(due), .. }) if *due <= now => self.pages_anew(),
            At::Led(led) if led.attention.is_none() => {
                let both = led.gone.zip(led.waits).map(|(gone, waits)| gone.max(waits));
                if both.is_some_and(|since| now >= since + 180 * SECOND) {
                    led.attention = Some(now + 60 * SECOND);
                }
            }
            _ => {}
        }
    }

    fn pages_anew(&mut self) {
        self.asks.clear();
        self.epoch += 1;
        self.at = At::Paging;
    }

    pub(crate) fn presence(&mut self, who: usize, here: bool) {
        let changed = std::mem::replace(&mut self.here[who], here) != here;
        let now = self.now;
        if let At::Led(led) = &mut self.at
            && led.lead == who
            && changed
        {
            led.gone = (!here).then_some(now);
        }
        let calling = matches!(self.at, At::Paging) || self.asks.iter().any(|ask| ask.accepted.is_none());
        if here && changed && calling {
            self.looks();
        }
    }

    /// An acknowledgement counted.
    pub(crate) fn acknowledged(&mut self, who: usize, ask: Option<AskId>) {
        let Some(id) = ask else {
            assert_eq!(self.at, At::Paging, "only what nobody leads is taken");
            self.at = At::Taken { lead: who, due: self.now + 120 * SECOND };
            return;
        };
        assert_ne!(self.lead(), Some(who), "nobody takes over from herself");
        let at = self.asks.iter().position(|ask| ask.id == id).expect("an open request");
        assert!(self.asks[at].accepted.is_none(), "accepted once");
        match self.asks[at].part {
            Part::Assists => drop(self.asks.remove(at)),
            Part::TakesOver => self.asks[at].accepted = Some((who, self.now)),
        }
    }

    /// Signed words of `who` are in the room.
    pub(crate) fn spoke(&mut self, who: usize) {
        let (now, here) = (self.now, self.here);
        self.heard();
        let led =
            |lead: usize| Led { lead, gone: (!here[lead]).then_some(now), waits: None, attention: None };
        match &mut self.at {
            At::Taken { lead, .. } if *lead == who => self.at = At::Led(led(who)),
            At::Led(it) if it.lead == who => (it.waits, it.attention) = (None, None),
            At::Led(_) => {
                let takes = |ask: &Asked| ask.accepted.is_some_and(|(by, _)| by == who);
                if let Some(at) = self.asks.iter().position(takes) {
                    self.asks.remove(at);
                    self.hops += 1;
                    self.at = At::Led(led(who));
                }
            }
            _ => {}
        }
    }

    pub(crate) fn person_spoke(&mut self) {
        let now = self.now;
        self.heard();
        match &mut self.at {
            At::Led(led) => drop(led.waits.get_or_insert(now)),
            // Nobody has closed it: she goes on with it.
            At::Resting => self.pages_anew(),
            _ => {}
        }
    }

    fn heard(&mut self) {
        self.quiet = self.now;
    }

    pub(crate) fn closed(&mut self) {
        let led = match &self.at {
            At::Led(led) => Some(Led { attention: None, ..led.clone() }),
            At::Closed { .. } => return,
            _ => None,
        };
        self.asks.clear();
        self.at = At::Closed { at: self.now, led };
    }

    pub(crate) fn reopened(&mut self) {
        let now = self.now;
        match &self.at {
            At::Closed { at, led: Some(led) } if now - at <= 60 * SECOND => {
                let gone = (!self.here[led.lead]).then(|| led.gone.unwrap_or(now));
                self.at = At::Led(Led { gone, ..led.clone() });
            }
            At::Closed { .. } | At::Resting => self.pages_anew(),
            At::Paging | At::Taken { .. } | At::Led(_) => return,
        }
        self.heard();
    }

    pub(crate) fn nudged(&mut self, call: &HelpCall) {
        let now = self.now;
        self.heard();
        if let At::Led(led) = &mut self.at
            && led.attention.is_none()
        {
            led.waits.get_or_insert(now);
            let State::Active(active) = &call.state else { panic!("it is led") };
            let due = active.attention.expect("she is called again").due.0;
            assert!((now + 60 * SECOND..=now + 180 * SECOND).contains(&due), "one to three minutes");
            led.attention = Some(due);
        }
    }

    pub(crate) fn gave_back(&mut self) {
        self.pages_anew();
    }

    pub(crate) fn asked(&mut self, id: AskId, part: Part) {
        self.asks.push(Asked { id, part, since: self.now, accepted: None });
    }

    pub(crate) fn may_ask(&self, who: usize, part: Part) -> bool {
        let one = part == Part::TakesOver && self.asks.iter().any(|ask| ask.part == Part::TakesOver);
        matches!(&self.at, At::Led(led) if led.lead == who) && !one && self.asks.len() < 4
    }

    pub(crate) fn newest_ask(&self) -> Option<AskId> {
        self.asks.last().map(|ask| ask.id)
    }

    /// Requests that ended, each for a reason that may be.
    pub(crate) fn ended(&mut self, batch: &Batch) {
        for notice in notices(batch) {
            let CallNotice::AskEnded { ask, why } = notice else { continue };
            let Some(at) = self.asks.iter().position(|known| known.id == ask) else { continue };
            let asked = self.asks.remove(at);
            let waited = self.now - asked.since;
            match (why, asked.accepted) {
                (Ended::NobodyCame, None) => assert!(waited >= 180 * SECOND),
                (Ended::NoWords, Some((_, since))) => assert!(self.now >= since + 120 * SECOND),
                (Ended::Declined(_) | Ended::Withdrawn, _) => {}
                (why, accepted) => panic!("{why:?} of {accepted:?}"),
            }
        }
    }

    /// The desk and the rule book have the same call.
    pub(crate) fn agrees(&self, call: &HelpCall) {
        let who = |account: &lotgenoot_protocol::AccountKey| usize::from(account.0[0]);
        match (&call.state, &self.at) {
            (State::Paging(_), At::Paging)
            | (State::Closed(_), At::Closed { .. })
            | (State::Resting(_), At::Resting) => {}
            (State::Acknowledged(it), At::Taken { lead, due }) => {
                assert_eq!((who(&it.lead.account), it.due.0), (*lead, *due));
            }
            (State::Active(it), At::Led(led)) => {
                assert_eq!(who(&it.lead.account), led.lead);
                assert_eq!(it.attention.map(|attention| attention.due.0), led.attention, "called again");
                assert_eq!(it.gone_since.map(|at| at.0), led.gone, "gone");
                assert_eq!(it.unanswered_since.map(|at| at.0), led.waits, "waits");
                let asks = it.asks.iter().map(|ask| (ask.id, ask.accepted.map(|by| who(&by.account))));
                let known = self.asks.iter().map(|ask| (ask.id, ask.accepted.map(|(by, _)| by)));
                assert_eq!(asks.collect::<Vec<_>>(), known.collect::<Vec<_>>());
                for ask in &self.asks {
                    assert!(self.now < ask.since + (600 + 120) * SECOND, "no request is left open for ever");
                }
            }
            (state, at) => panic!("the desk has {state:?}, the rule book {at:?}"),
        }
        assert_eq!((call.epoch(), call.hops), (self.epoch, self.hops));
    }

    /// With the lead, what she asked for is over, and it is said.
    pub(crate) fn said_over(before: &HelpCall, after: &HelpCall, batch: &Batch) {
        let open = |call: &HelpCall| match &call.state {
            State::Active(it) => it.asks.iter().map(|ask| ask.id).collect(),
            _ => Vec::new(),
        };
        let (was, is) = (open(before), open(after));
        let said = notices(batch);
        for id in was.into_iter().filter(|id| !is.contains(id)) {
            let over = said.iter().any(|notice| match notice {
                CallNotice::AskEnded { ask, .. } | CallNotice::HandedOver { ask } => *ask == id,
                CallNotice::Accepted(ack) => ack.ask == Some(id),
                _ => false,
            });
            assert!(over, "nobody was told that a request is over");
        }
    }

    /// Nobody is paged for what is taken, closed or at rest.
    pub(crate) fn pages_fit(&self, batch: &Batch) {
        for op in &batch.ops {
            let Op::Notify { notice: Notice::Page(page), .. } = op else { continue };
            match (page.why, &self.at) {
                (Why::Call, At::Paging) => assert_eq!(page.page_epoch, self.epoch),
                (Why::Attention, At::Led(led)) => assert!(led.attention.is_some()),
                (Why::TakeOver(_) | Why::Assist(_), At::Led(_)) => {}
                (why, at) => panic!("a page for {why:?} while {at:?}"),
            }
        }
    }
}
