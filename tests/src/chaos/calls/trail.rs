//! The trail that the relay's runs left, read again: every help call and every page on its way as it was committed, and
//! why each page ended. Pure.
//!
//! A page may end without having reached anybody only for a reason that the ledger itself gives in that moment: the call
//! is taken or over, she has answered or has it on another device, or a newer page of the same call takes its place.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot::faults::Step;
use lotgenoot_core::call::{HelpCall, State, Tracks};
use lotgenoot_core::outbox::{Sending, SendingId, Stage};
use lotgenoot_protocol::call::Why;
use lotgenoot_protocol::{AccountKey, CallId, codec};
use minicbor::Decoder;

/// What a message is called outside.
pub(super) type Name = Vec<u8>;

/// A page over a channel, from its first commit to its end.
#[derive(Clone, Debug)]
pub(super) struct Paged {
    /// As it was last.
    pub(super) sending: Sending,
    /// Under which names it left, to ring.
    pub(super) names: BTreeSet<Name>,
    /// Why it ended; none: it is still on its way.
    pub(super) end: Option<End>,
}

/// Why a page is not on its way any more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// Nobody need come for it any more, or she has answered.
    NotWanted,
    /// A newer one took its place.
    Replaced,
    /// Nothing in the ledger says why.
    NoReason,
}

/// All that the trail says.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Help calls as they were committed last.
    pub(super) calls: BTreeMap<CallId, HelpCall>,
    /// Who led each call, one after another, as it was committed.
    pub(super) leads: BTreeMap<CallId, Vec<AccountKey>>,
    /// Pages for help calls that have ended.
    pub(super) ended: Vec<Paged>,
    /// Pages for help calls that are on their way.
    pub(super) open: BTreeMap<SendingId, Paged>,
    /// How often each message left.
    pub(super) left: BTreeMap<Name, usize>,
    /// Messages that say that it is over.
    pub(super) left_over: BTreeSet<Name>,
    /// What can never be, in words.
    pub(super) wrong: Vec<String>,
}

impl Book {
    /// Reads what the runs have left, in their order. The last step of each may be cut off.
    pub(super) fn read(trails: &[Vec<u8>]) -> Self {
        let mut book = Self::default();
        for trail in trails {
            let mut decoder = Decoder::new(trail);
            let mut together = Vec::new();
            while let Ok(step) = decoder.decode::<Step>() {
                match step {
                    Step::Found => book.finds(&std::mem::take(&mut together)),
                    Step::Committed => book.commits(&std::mem::take(&mut together)),
                    Step::Leaves { name, over, pages } => book.leaves(name, over, &pages),
                    step => together.push(step),
                }
            }
        }
        book
    }

    /// All pages for help calls.
    pub(super) fn pages(&self) -> impl Iterator<Item = &Paged> {
        self.ended.iter().chain(self.open.values())
    }

    // What a run has found is all there is: it may know of one commit more than the run before has written down.
    fn finds(&mut self, steps: &[Step]) {
        let mut gone: BTreeSet<SendingId> = self.open.keys().copied().collect();
        let mut lost: BTreeSet<CallId> = self.calls.keys().copied().collect();
        for step in steps {
            match step {
                Step::Call(id, _) => {
                    lost.remove(id);
                }
                Step::Page(record) => {
                    if let Some(sending) = codec::from_slice::<Sending>(record) {
                        gone.remove(&sending.id());
                    }
                }
                _ => {}
            }
        }
        self.wrong.extend(lost.iter().map(|call| format!("call {call:?} is not there after a restart")));
        let gone = gone.into_iter().map(|(page, channel)| Step::PageGone(page, channel));
        self.commits(&steps.iter().cloned().chain(gone).collect::<Vec<_>>());
    }

    fn commits(&mut self, steps: &[Step]) {
        let mut made = BTreeSet::new();
        for step in steps {
            match step {
                Step::Call(id, record) => self.call(*id, record),
                Step::CallGone(id) => drop(self.calls.remove(id)),
                Step::Page(record) => {
                    let sending: Option<Sending> = codec::from_slice(record);
                    made.extend(sending.filter(|it| !it.over).map(|it| (it.account, it.call, it.channel)));
                }
                _ => {}
            }
        }
        for step in steps {
            match step {
                Step::Page(record) => match codec::from_slice::<Sending>(record) {
                    Some(sending) => self.page(sending),
                    None => self.wrong.push("a page on its way cannot be read".to_owned()),
                },
                Step::PageGone(page, channel) => {
                    if let Some(paged) = self.open.remove(&(*page, *channel)) {
                        let it = &paged.sending;
                        let is_replaced = made.contains(&(it.account, it.call, it.channel));
                        self.ends(paged, is_replaced);
                    }
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, id: CallId, record: &[u8]) {
        let Some(call) = codec::from_slice::<HelpCall>(record) else {
            self.wrong.push(format!("call {id:?} cannot be read"));
            return;
        };
        if let Some(lead) = call.lead() {
            let leads = self.leads.entry(id).or_default();
            if leads.last() != Some(&lead.account) {
                leads.push(lead.account);
            }
        }
        self.calls.insert(id, call);
    }

    fn page(&mut self, sending: Sending) {
        let id = sending.id();
        // Exercises and alarms are for no call of somebody.
        if sending.call.is_none_or(|call| !self.calls.contains_key(&call)) || sending.why.is_none() {
            return;
        }
        match self.open.remove(&id) {
            Some(known) if sending.over => self.ends(known, false),
            // It rings anew under the same page: another message.
            Some(known) if known.sending.at != sending.at => {
                self.ends(known, true);
                self.open.insert(id, Paged { sending, names: BTreeSet::new(), end: None });
            }
            Some(known) => drop(self.open.insert(id, Paged { sending, ..known })),
            None if sending.over => {}
            None => drop(self.open.insert(id, Paged { sending, names: BTreeSet::new(), end: None })),
        }
    }

    fn ends(&mut self, mut paged: Paged, is_replaced: bool) {
        let end = if !self.wants(&paged.sending) {
            End::NotWanted
        } else if is_replaced {
            End::Replaced
        } else {
            End::NoReason
        };
        paged.end = Some(end);
        self.ended.push(paged);
    }

    fn leaves(&mut self, name: Name, over: bool, pages: &[SendingId]) {
        if over {
            self.left_over.insert(name);
            return;
        }
        for id in pages {
            if let Some(paged) = self.open.get_mut(id) {
                paged.names.insert(name.clone());
            }
        }
        *self.left.entry(name).or_default() += 1;
    }

    /// Whether the call still calls her by this very page.
    pub(super) fn wants(&self, sending: &Sending) -> bool {
        let Some(call) = sending.call.and_then(|call| self.calls.get(&call)) else { return false };
        let rings = |tracks: &Tracks| {
            let track = tracks.get(&sending.account).filter(|track| track.page == sending.page);
            track.is_some_and(|track| track.declined.is_none() && !track.received)
        };
        match (&call.state, sending.why) {
            (State::Paging(round), Some(Why::Call)) => rings(&round.tracks),
            (State::Active(active), Some(why @ (Why::TakeOver(_) | Why::Assist(_)))) => {
                let mut asks = active.asks.iter().filter(|ask| ask.why() == why && ask.accepted.is_none());
                asks.any(|ask| rings(&ask.round.tracks))
            }
            (State::Active(active), Some(Why::Attention)) => {
                active.attention.is_some_and(|it| it.page == sending.page && !it.received)
            }
            _ => false,
        }
    }
}

impl Paged {
    /// The relay says that its provider has it, and not only that she has the page by another channel.
    pub(super) fn is_said_to_be_sent(&self) -> bool {
        self.sending.stage == Stage::Accepted && !self.sending.needless
    }
}
