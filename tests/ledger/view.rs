//! Everything a ledger can be asked, in one value that can be compared.

use lotgenoot::store::Ledger;
use lotgenoot_core::effect::Append;
use lotgenoot_core::room::Tail;
use lotgenoot_protocol::frame::InboxEntry;
use lotgenoot_protocol::limits::REPLY_MEMORY_MS;
use lotgenoot_protocol::{CallId, RoomId, Seq, Timestamp};

use crate::ops::{account, room};

/// Rooms, leaves, accounts and calls that the scripts know, of each so many.
pub(crate) const CAST: u8 = 4;

/// What a ledger says about everybody.
#[derive(Debug, PartialEq)]
pub(crate) struct View {
    rooms: Vec<Option<(Vec<u8>, Tail)>>,
    over: Vec<bool>,
    named: Vec<RoomId>,
    logs: Vec<Vec<Append>>,
    inboxes: Vec<(Vec<InboxEntry>, u32)>,
    calls: Vec<(CallId, Vec<u8>)>,
}

impl View {
    /// All that `ledger` says at `now`.
    ///
    /// # Panics
    ///
    /// If the ledger is broken, or what it says page by page is not what it says at once.
    pub(crate) fn of(ledger: &dyn Ledger, now: Timestamp) -> Self {
        let rooms = (0..CAST).map(|n| {
            let found = ledger.room(&room(n)).expect("the ledger works");
            found.map(|(record, tail)| (record, young(tail, now)))
        });
        let inboxes = (0..CAST).map(|n| {
            let inbox = ledger.inbox(&account(n), Seq(0), usize::MAX).expect("the ledger works");
            let packages = ledger.key_packages_left(&account(n)).expect("the ledger works");
            let nothing = inbox.is_empty() && packages == 0;
            assert!(nothing || ledger.has_mailbox(&account(n)), "what is there is looked up");
            (inbox, packages)
        });
        Self {
            rooms: rooms.collect(),
            over: (0..CAST).map(|n| ledger.is_over(&room(n)).expect("the ledger works")).collect(),
            named: ledger.rooms(None, usize::MAX).expect("the ledger works"),
            logs: (0..CAST).map(|n| entries(ledger, &room(n))).collect(),
            inboxes: inboxes.collect(),
            calls: ledger.calls().expect("the ledger works"),
        }
    }
}

// A ledger may forget request ids older than a day, and need not.
fn young(mut tail: Tail, now: Timestamp) -> Tail {
    tail.replies.retain(|(_, _, at)| now.ms_since(*at) < REPLY_MEMORY_MS);
    tail
}

fn entries(ledger: &dyn Ledger, room: &RoomId) -> Vec<Append> {
    let all = ledger.entries(room, Seq(0), usize::MAX).expect("the ledger works");
    let mut paged = Vec::new();
    let mut after = Seq(0);
    loop {
        let page = ledger.entries(room, after, 3).expect("the ledger works");
        let Some(last) = page.last() else { break };
        after = last.seq;
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert!(all.windows(2).all(|pair| pair[1].seq == pair[0].seq.next()), "a log without a hole");
    all
}
