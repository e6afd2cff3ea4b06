//! Growth: what a delivery costs when there are many rooms, and a month of log; and who waits while that month is taken out.
//!
//! Beside the same load on a relay that has just begun, in the same minutes. The log is written straight into the ledger: a
//! month of a region, of which everything is still kept because somebody in each room is away.

use std::path::Path;
use std::time::Duration;

use lotgenoot::store::{Ledger, RedbLedger};
use lotgenoot_core::effect::{Append, Batch, Op};
use lotgenoot_protocol::frame::EntryKind;
use lotgenoot_protocol::{Blob, RequestId, RoomId, Seq, Timestamp};
use tokio::time::sleep;

use super::fanout::KEEP_EVERY;
use super::load::ours::Ours;
use super::load::{Carried, Pace, Shape, run};
use super::table::{Bound, Compared, Table};
use crate::crowd::opened;
use crate::organisation::now;
use crate::relay::database;

const FLAT: f64 = 1.15;
const MEMBERS: usize = 10;
const FEW: Shape = Shape { rooms: 10, members: MEMBERS };
// As many messages in all, however many rooms there are.
const RATE: Pace = Pace::Rate(2_000);
const LOG_ROOMS: u64 = 1_000;
const LOG_DAYS: u64 = 30;
const DAY_MS: u64 = 24 * 3600 * 1000;
// What is said is padded to that at least.
const BODY_BYTES: usize = 300;
const HEADER_BYTES: usize = 58;
// In one transaction.
const AT_ONCE: u64 = 20_000;
const DELETED_WITHIN: Duration = Duration::from_secs(600);
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Measures it with so many entries of log (none: not that), and with each of these many rooms.
///
/// # Errors
/// If the relay refuses something, or a message does not arrive.
pub async fn growth(relay: &Path, entries: u64, many: &[usize], rounds: usize) -> Result<Table, String> {
    let mut table = Table::new("growth", "grown", "new");
    rooms(relay, many, rounds, &mut table).await?;
    if entries > 0 {
        log(relay, entries, rounds, &mut table).await?;
    }
    Ok(table)
}

async fn rooms(relay: &Path, many: &[usize], rounds: usize, table: &mut Table) -> Result<(), String> {
    for rooms in many.iter().copied() {
        let (mut many, mut few) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            few.push(carried(&Ours::start(relay).await, FEW).await?);
            many.push(carried(&Ours::start(relay).await, Shape { rooms, members: MEMBERS }).await?);
        }
        compare(
            &format!("{rooms} rooms beside {}", FEW.rooms),
            &many,
            &few,
            Some(Bound::AtMost(FLAT)),
            table,
        );
    }
    Ok(())
}

async fn log(relay: &Path, entries: u64, rounds: usize, table: &mut Table) -> Result<(), String> {
    let mut old = Ours::start(relay).await;
    old.rooms().room(MEMBERS).await?;
    old = old.restarted(relay, |folder| write(folder, entries)).await;
    let what = format!("{entries} entries of log");
    let kept = entries as f64 * (BODY_BYTES + HEADER_BYTES) as f64;
    table.own(format!("{what}: MB"), size(old.folder())? / 1e6, None);
    table.own(
        format!("{what}: bytes of file for a byte kept"),
        size(old.folder())? / kept,
        Some(Bound::Own(2.0)),
    );
    let (mut grown, mut new) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        grown.push(carried(&old, FEW).await?);
        new.push(carried(&Ours::start(relay).await, FEW).await?);
    }
    compare(&what, &grown, &new, Some(Bound::AtMost(FLAT)), table);
    let rss = old.process().used()?.rss as f64 / 1e6;
    table.own(format!("{what}: RSS MB"), rss, None);

    // Whoever was away has come: all of it may go.
    old = old.restarted(relay, |folder| trim(folder, entries)).await;
    let during = carried(&old, FEW).await?;
    // What that takes is no delivery's.
    compare("while all of it is taken out", &[during], &new[..1], None, table);
    let waited = tokio::time::Instant::now();
    let left = loop {
        let (cpu, at) = (old.process().used()?.cpu, tokio::time::Instant::now());
        sleep(LOOK_EVERY).await;
        let busy = (old.process().used()?.cpu - cpu).as_secs_f64() / at.elapsed().as_secs_f64();
        if busy < 0.02 || waited.elapsed() > DELETED_WITHIN {
            break waited.elapsed();
        }
    };
    table.own("all of it taken out, s".to_owned(), left.as_secs_f64(), None);
    table.own("the file afterwards: MB".to_owned(), size(old.folder())? / 1e6, None);
    Ok(())
}

async fn carried(ours: &Ours, shape: Shape) -> Result<Carried, String> {
    let (said, members) = ours.members(shape).await?;
    let carried = run(&said, members, shape, RATE, KEEP_EVERY, ours.process(), sleep(RATE.enough())).await?;
    Ok(carried.0)
}

fn compare(what: &str, grown: &[Carried], new: &[Carried], flat: Option<Bound>, table: &mut Table) {
    let both = |figure: &dyn Fn(&Carried) -> f64| Compared {
        ours: grown.iter().map(figure).collect(),
        ruler: new.iter().map(figure).collect(),
    };
    table.row(format!("{what}: CPU-s per 100k"), &both(&Carried::cpu_per_100k), flat);
    for (name, at) in [("p50", 0.5), ("p99", 0.99)] {
        let stored = both(&move |it: &Carried| it.stored.value_at_quantile(at) as f64 / 1000.0);
        table.row(format!("{what}: ack {name} ms"), &stored, None);
    }
}

fn size(folder: &Path) -> Result<f64, String> {
    let file = std::fs::metadata(database(folder)).map_err(|error| format!("no database: {error}"))?;
    Ok(file.len() as f64)
}

// As many rooms like the one that is there, with a month behind them.
fn write(folder: &Path, entries: u64) {
    let ledger = opened(folder);
    let first = *ledger.rooms(None, 1).expect("rooms").first().expect("a room is there");
    let (record, _) = ledger.room(&first).expect("a room").expect("it was just there");
    let rooms = (0..LOG_ROOMS).map(|at| Op::CreateRoom { room: room(at), record: record.clone() });
    commit(&ledger, rooms.collect());
    let begun = now().0 - LOG_DAYS * DAY_MS;
    let mut written = 0;
    while written < entries {
        let some = written..entries.min(written + AT_ONCE);
        written = some.end;
        let entry = |number: u64| {
            Op::Append(Append {
                room: room(number % LOG_ROOMS),
                seq: Seq(number / LOG_ROOMS + 1),
                kind: EntryKind::Application,
                at: Timestamp(begun + LOG_DAYS * DAY_MS * number / entries),
                request: Some(RequestId((u128::from(number) << 64).to_be_bytes())),
                body: Blob(vec![number as u8; BODY_BYTES]),
            })
        };
        commit(&ledger, some.map(entry).collect());
    }
}

fn trim(folder: &Path, entries: u64) {
    let ledger = opened(folder);
    let through = Seq(entries.div_ceil(LOG_ROOMS));
    commit(&ledger, (0..LOG_ROOMS).map(|at| Op::Trim { room: room(at), through }).collect());
}

fn commit(ledger: &RedbLedger, ops: Vec<Op>) {
    let batch = Batch { ops, ..Batch::default() };
    let outcomes = ledger.commit(&[&batch]).expect("the disk takes it");
    assert!(outcomes.iter().all(Result::is_ok), "nothing of it is refused");
}

fn room(at: u64) -> RoomId {
    RoomId((u128::from(at) + (1 << 64)).to_be_bytes())
}
