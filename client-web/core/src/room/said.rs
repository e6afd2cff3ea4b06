//! Own words that came back, put away in parts of the vault by themselves until the room has passed them.
//!
//! The wishes are written before every message: were all words of the last hundred entries in them, each message
//! would cost more than the one before.

use std::collections::BTreeMap;

use lotgenoot_protocol::{Seq, codec};

use super::Room;
use super::outbox::{Item, ItemState};

// Words that stay among the wishes.
const WORDS_AMONG_WISHES: usize = 6;

/// Which parts there are.
#[derive(Default)]
pub(super) struct Said {
    // By number: the last entry whose words are in it.
    parts: BTreeMap<u32, Seq>,
    // On its way into the vault.
    saving: Option<(u32, Vec<Item>)>,
}

impl Said {
    /// What a restore finds.
    pub(super) fn restore(parts: &BTreeMap<u32, Vec<Item>>) -> Self {
        let through = |items: &Vec<Item>| items.iter().filter_map(came_back_at).max().unwrap_or(Seq(0));
        Self { parts: parts.iter().map(|(number, items)| (*number, through(items))).collect(), saving: None }
    }

    /// The room has passed these.
    pub(super) fn anchored(&mut self, through: Seq) {
        self.parts.retain(|_, last| *last > through);
    }

    fn next(&self) -> u32 {
        self.parts.keys().next_back().map_or(0, |last| last + 1)
    }
}

impl Room {
    /// The parts that are wanted still.
    pub(crate) fn said_parts(&self) -> impl Iterator<Item = u32> + '_ {
        self.said.parts.keys().copied()
    }

    /// If there are many, the words that came back as a part of their own: they are not among the wishes any more.
    pub(crate) fn put_words_away(&mut self) -> Option<(u32, Vec<u8>)> {
        if self.outbox.came_back_count() < WORDS_AMONG_WISHES {
            return None;
        }
        let items = self.outbox.take_what_came_back();
        let (number, bytes) = (self.said.next(), codec::to_vec(&items));
        let through = items.iter().filter_map(came_back_at).max().unwrap_or(Seq(0));
        self.said.parts.insert(number, through);
        self.said.saving = Some((number, items));
        Some((number, bytes))
    }

    /// The vault has them.
    pub(crate) fn words_are_away(&mut self) {
        self.said.saving = None;
    }

    /// The vault does not take them: they are among the wishes again.
    pub(crate) fn take_words_back(&mut self) {
        if let Some((number, items)) = self.said.saving.take() {
            self.said.parts.remove(&number);
            self.outbox.put_back(items);
        }
    }
}

fn came_back_at(item: &Item) -> Option<Seq> {
    match item.state {
        ItemState::CameBack { seq, .. } => Some(seq),
        _ => None,
    }
}
