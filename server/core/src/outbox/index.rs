//! Where sendings are found by what they are for and by where they go: nobody looks through ten thousand for one.

use std::collections::{BTreeMap, BTreeSet};

use lotgenoot_protocol::{AccountKey, CallId, ChannelId};

use super::{Sending, SendingId};

/// Which sendings there are for whom and over what.
#[derive(Default)]
pub(super) struct Index {
    calls: BTreeMap<(AccountKey, CallId), BTreeSet<SendingId>>,
    channels: BTreeMap<(ChannelId, Kind), BTreeSet<SendingId>>,
}

/// What a sending does where it goes.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Kind {
    /// Rings for something.
    Rings,
    /// An exercise.
    Exercise,
    /// Says that nothing rings any more.
    Over,
}

impl Index {
    pub(super) fn insert(&mut self, sending: &Sending) {
        let id = sending.id();
        if let Some(call) = sending.call {
            self.calls.entry((sending.account, call)).or_default().insert(id);
        }
        self.channels.entry((sending.channel, kind(sending))).or_default().insert(id);
    }

    /// As it was when it was inserted.
    pub(super) fn remove(&mut self, sending: &Sending) {
        let id = sending.id();
        if let Some(call) = sending.call {
            take(&mut self.calls, (sending.account, call), &id);
        }
        take(&mut self.channels, (sending.channel, kind(sending)), &id);
    }

    /// What is on its way to `account` for this call.
    pub(super) fn of_call(&self, account: AccountKey, call: CallId) -> Vec<SendingId> {
        self.calls.get(&(account, call)).into_iter().flatten().copied().collect()
    }

    /// What is on its way over this channel.
    pub(super) fn of_channel(&self, channel: ChannelId, kinds: &[Kind]) -> Vec<SendingId> {
        kinds.iter().filter_map(|kind| self.channels.get(&(channel, *kind))).flatten().copied().collect()
    }

    /// Whether anything but this one rings there.
    pub(super) fn rings_beside(&self, channel: ChannelId, id: &SendingId) -> bool {
        self.channels.get(&(channel, Kind::Rings)).is_some_and(|ids| ids.iter().any(|it| it != id))
    }
}

fn kind(sending: &Sending) -> Kind {
    match (sending.over, sending.call) {
        (true, _) => Kind::Over,
        (false, Some(_)) => Kind::Rings,
        (false, None) => Kind::Exercise,
    }
}

fn take<K: Ord>(index: &mut BTreeMap<K, BTreeSet<SendingId>>, key: K, id: &SendingId) {
    if let Some(ids) = index.get_mut(&key) {
        ids.remove(id);
        if ids.is_empty() {
            index.remove(&key);
        }
    }
}
