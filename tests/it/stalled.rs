//! Somebody does not take what is written to her: her phone is in a tunnel, or she means harm. It is nobody else's trouble.

use std::time::Duration;

use lotgenoot_protocol::frame::{Answer, EntryKind, Push, Request, Send, ServerFrame};
use lotgenoot_protocol::{Blob, RoomId, Seq};
use lotgenoot_tests::bench::load::machine::Process;
use lotgenoot_tests::bench::load::ours::{Made, Ours};
use lotgenoot_tests::line::{Line, heard};
use lotgenoot_tests::process::relay_binary;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);
// Nearly as long as a message may be: the operating system holds some megabytes for each socket by itself.
const LONG: usize = 60_000;
// So much fills what the database keeps in memory, which is bounded too and not what is asked here.
const BEFORE: u64 = 1_300;
const SAID: u64 = 600;
// What one socket's buffers and one room's newest entries may take; 36 MB are said.
const MORE_MAX: u64 = 12 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stands_still_costs_little_and_loses_nothing() {
    let ours = Ours::start(&relay_binary()).await;
    let Made { said, mut lines, mut founder } = ours.rooms().room(4).await.expect("a room");
    let long = founder.says(&[7; LONG]);
    let mut talks = lines.remove(0);
    let reading = lines.into_iter().map(|line| hears(line, BEFORE));
    let reading: Vec<_> = reading.collect();
    says(&mut talks, said.room, &long, BEFORE, ours.process()).await;
    let mut lines = Vec::new();
    for reader in reading {
        lines.push(all_of(reader, BEFORE).await);
    }

    // The last one reads nothing any more; the others do.
    let stalled = lines.pop().expect("four members");
    let reading: Vec<_> = lines.into_iter().map(|line| hears(line, SAID)).collect();
    let before = ours.process().used().expect("it runs").rss;
    let (last, most) = says(&mut talks, said.room, &long, SAID, ours.process()).await;
    for reader in reading {
        all_of(reader, SAID).await;
    }
    let more = most.saturating_sub(before);
    assert!(more <= MORE_MAX, "the relay holds {more} bytes more for her");

    // She comes back on another socket and has all of it, in order.
    drop(stalled);
    let mut back = Line::signed_in(ours.address()).await.expect("signed in");
    let key = said.keys.last().expect("her leaf key");
    back.asks_to_attach(said.room, key, Some(Seq(last.0 - SAID))).await.expect("asked");
    let (places, _) = timeout(PATIENCE, hears(back, SAID)).await.expect("in time").expect("a reader");
    let expected: Vec<u64> = (last.0 - SAID + 1..=last.0).collect();
    assert_eq!(places, expected, "nothing is missing, nothing comes twice");
}

type Reader = JoinHandle<(Vec<u64>, Line)>;

// Reads until it has so many messages: their places.
fn hears(mut line: Line, many: u64) -> Reader {
    tokio::spawn(async move {
        let mut places = Vec::new();
        while (places.len() as u64) < many {
            if let ServerFrame::Push(Push::Entry(entry)) = heard(&mut line.socket).await.expect("it goes on")
                && entry.kind == EntryKind::Application
            {
                places.push(entry.seq.0);
            }
        }
        (places, line)
    })
}

async fn all_of(reader: Reader, many: u64) -> Line {
    let (places, line) = timeout(PATIENCE, reader).await.expect("in time").expect("a reader");
    assert_eq!(places.len() as u64, many);
    line
}

// Says it so often, one after the other. Returns the last place, and the most memory that the relay held meanwhile.
async fn says(line: &mut Line, room: RoomId, message: &Blob, many: u64, relay: Process) -> (Seq, u64) {
    let (mut last, mut most) = (Seq(0), 0);
    for _ in 0..many {
        let send = Send { room, message: message.clone(), lead_signature: None };
        match line.ask(Request::Send(send)).await.expect("an answer") {
            Answer::Accepted(accepted) => last = accepted.seq,
            other => panic!("not accepted: {other:?}"),
        }
        most = most.max(relay.used().expect("it runs").rss);
    }
    (last, most)
}
