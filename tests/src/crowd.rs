//! A thousand calls out of one: what a relay's folder looks like when it was down while many waited.

use std::path::Path;
use std::time::{Duration, Instant};

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_core::call::{HelpCall, State};
use lotgenoot_core::effect::{Batch, Op};
use lotgenoot_core::outbox::{Handle, Sending, Stage};
use lotgenoot_protocol::{CallId, PageId, RoomId, Timestamp, codec};

use crate::organisation::now;
use crate::relay::database;

const PATIENCE: Duration = Duration::from_secs(10);
const TRY_EVERY: Duration = Duration::from_millis(50);
// In one transaction.
const CALLS_AT_ONCE: usize = 500;

/// Makes the one call in the database of this folder `many`, all of which have waited for `age_ms`, each with its own
/// pages that were tried in vain.
///
/// # Panics
/// If the relay still runs, or there is not one call that waits.
pub fn multiply(folder: &Path, many: usize, age_ms: u64) {
    let ledger = opened(folder);
    let calls = ledger.calls().expect("calls");
    let [(_, record)] = &calls[..] else { panic!("one call is there, and not {}", calls.len()) };
    let call: HelpCall = codec::from_slice(record).expect("a call");
    let (room, _) = ledger.room(&call.room).expect("a room").expect("a call has its room");
    let sendings = ledger.sendings().expect("pages");
    let sendings: Vec<Sending> = sendings.iter().filter_map(|record| codec::from_slice(record)).collect();
    let of_it: Vec<Sending> = sendings.into_iter().filter(|it| it.call == Some(call.id)).collect();
    for numbers in (0..many as u64).collect::<Vec<_>>().chunks(CALLS_AT_ONCE) {
        let mut batch = Batch::default();
        for number in numbers {
            let mut copy = waited(call.clone(), age_ms);
            if *number > 0 {
                copy.id = CallId(numbered(call.id.0, *number));
                copy.room = RoomId(numbered(call.room.0, *number));
                batch.ops.push(Op::CreateRoom { room: copy.room, record: room.clone() });
            }
            for sending in &of_it {
                let page = PageId(numbered(sending.page.0, *number));
                let sending = Sending {
                    page,
                    call: Some(copy.id),
                    handle: Handle(rand::random()),
                    stage: Stage::Waiting,
                    attempt: 1,
                    due: now(),
                    at: earlier(sending.at, age_ms),
                    ..sending.clone()
                };
                let record = codec::to_vec(&sending);
                batch.ops.push(Op::PutSending { page, channel: sending.channel, record });
            }
            batch.ops.push(Op::PutCall { call: copy.id, record: codec::to_vec(&copy) });
        }
        let outcomes = ledger.commit(&[&batch]).expect("the disk takes it");
        assert!(outcomes.iter().all(Result::is_ok), "nothing of it is refused");
    }
}

/// The ledger of a relay that has stopped.
///
/// # Panics
/// If it does not let go of its database.
pub fn opened(folder: &Path) -> RedbLedger {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // The lock is released when the relay's last task is gone.
        match RedbLedger::open(&database(folder)) {
            Ok(ledger) => return ledger,
            Err(error) => assert!(Instant::now() < deadline, "it does not open: {error}"),
        }
        std::thread::sleep(TRY_EVERY);
    }
}

fn waited(mut call: HelpCall, age_ms: u64) -> HelpCall {
    for at in [&mut call.raised_at, &mut call.waits_since, &mut call.quiet_since] {
        *at = earlier(*at, age_ms);
    }
    let State::Paging(round) = &mut call.state else { panic!("it waits") };
    for at in [&mut round.cycle_since, &mut round.due, &mut round.rang_at] {
        *at = earlier(*at, age_ms);
    }
    call
}

fn earlier(at: Timestamp, ms: u64) -> Timestamp {
    Timestamp(at.0.saturating_sub(ms))
}

// The first keeps its id.
fn numbered(mut id: [u8; 16], number: u64) -> [u8; 16] {
    for (byte, other) in id.iter_mut().zip(number.to_be_bytes()) {
        *byte ^= other;
    }
    id
}
