//! Many at once, and some who mean harm: what they cost is bounded, and nobody else waits for them.

use std::time::Duration;

use futures_util::future::try_join_all;
use futures_util::stream::iter;
use futures_util::{SinkExt, StreamExt};
use lotgenoot_protocol::frame::{Answer, EntryKind, Push, Request, Send, ServerFrame};
use lotgenoot_protocol::{Blob, Refused, RoomId, Seq};
use lotgenoot_tests::bench::load::ours::{Made, Ours, SaidIn};
use lotgenoot_tests::line::{Line, heard, request};
use lotgenoot_tests::process::relay_binary;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

const PATIENCE: Duration = Duration::from_secs(120);
const AT_ONCE: usize = 64;
const SILENT: usize = 10_000;
// Files that are neither hers nor the relay's end of a connection.
const OTHER_FILES: u64 = 500;
// As it is built for tests; as it is installed 12 kB are allowed, and measured by the benchmark.
const BYTES_EACH_MAX: u64 = 13_000;
const BYTES_BESIDE: u64 = 4 * 1024 * 1024;
const SAID: usize = 50;
const FLOOD: usize = 3_000;
// What a leaf may say at once, and some seconds of what it may say in each.
const FLOOD_KEPT_MAX: usize = 300;
const FLOOD_BYTES_MAX: u64 = 16 * 1024 * 1024;
const HALL: usize = 500;
const MISSED: usize = 100;
const HALL_BYTES_MAX: u64 = 64 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_who_say_nothing_cost_little_and_hold_nobody_up() {
    let many = as_many_as(SILENT);
    let ours = Ours::start(&relay_binary()).await;
    let Made { said, mut lines, .. } = ours.rooms().room(3).await.expect("a room");
    let before = ours.process().used().expect("it runs").rss;
    let rooms = ours.rooms();
    let mut coming = iter(0..many).map(|_| rooms.signed_in()).buffer_unordered(AT_ONCE);
    let mut silent = Vec::with_capacity(many);
    while let Some(came) = coming.next().await {
        silent.push(came.expect("everybody is let in"));
    }
    let more = ours.process().used().expect("it runs").rss.saturating_sub(before);
    assert!(more <= BYTES_EACH_MAX * many as u64 + BYTES_BESIDE, "{many} hold {more} bytes");
    for places in talk(&said, &mut lines).await {
        assert!(is_whole(&places), "the others hear each other: {places:?}");
    }
    let mut last = silent.pop().expect("somebody is there");
    assert!(matches!(last.ask(Request::Ping(Default::default())).await, Ok(Answer::Pong(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_floods_a_room_is_told_to_slow_down_and_nobody_else_waits_for_her() {
    let ours = Ours::paced(&relay_binary()).await;
    let Made { said: flooded, lines: mut harm, .. } = ours.rooms().room(2).await.expect("a room");
    let Made { said, mut lines, .. } = ours.rooms().room(3).await.expect("a room");
    let before = ours.process().used().expect("it runs").rss;
    let (mut sink, mut stream) = harm.remove(flooded.talks()).socket.split();
    let (room, message) = (flooded.room, flooded.message.clone());
    let sends = tokio::spawn(async move {
        for _ in 0..FLOOD {
            let frame = request(send(room, &message)).1;
            sink.feed(Message::Binary(frame)).await.expect("she is not let go");
        }
        sink.flush().await.expect("she is not let go");
    });
    let answers = tokio::spawn(async move {
        let (mut kept, mut slowed) = (0, 0);
        while kept + slowed < FLOOD {
            let frame = stream.next().await.expect("she is not let go").expect("a frame").into_data();
            match lotgenoot_protocol::codec::decode_server(&frame).expect("a frame") {
                Some(ServerFrame::Reply(_, Answer::Accepted(_))) => kept += 1,
                Some(ServerFrame::Reply(_, Answer::Refused(Refused::SlowDown { .. }))) => slowed += 1,
                Some(ServerFrame::Reply(_, other)) => panic!("neither kept nor slowed: {other:?}"),
                _ => {}
            }
        }
        (kept, slowed)
    });
    for places in talk(&said, &mut lines).await {
        assert!(is_whole(&places), "the other room talks on: {places:?}");
    }
    timeout(PATIENCE, sends).await.expect("in time").expect("all of it was sent");
    let (kept, slowed) = timeout(PATIENCE, answers).await.expect("in time").expect("all of it was answered");
    assert!(kept <= FLOOD_KEPT_MAX, "{kept} of {FLOOD} were kept, {slowed} were not");
    let more = ours.process().used().expect("it runs").rss.saturating_sub(before);
    assert!(more <= FLOOD_BYTES_MAX, "the relay holds {more} bytes more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hall_of_five_hundred_comes_back_at_once_and_everybody_has_everything() {
    let ours = Ours::start(&relay_binary()).await;
    let Made { said, mut lines, .. } = ours.rooms().room(HALL).await.expect("a hall");
    let mut last = Seq(0);
    for _ in 0..MISSED {
        last = lines[said.talks()].stored(send(said.room, &said.message)).await.expect("it is stored");
    }
    drop(lines);
    let before = ours.process().used().expect("it runs").rss;
    let after = Seq(last.0 - MISSED as u64);
    let (address, room) = (ours.address(), said.room);
    let coming = said.keys.iter().map(|key| async move {
        let mut line = Line::signed_in(address).await?;
        line.asks_to_attach(room, key, Some(after)).await?;
        let mut places = Vec::with_capacity(MISSED);
        while places.len() < MISSED {
            if let ServerFrame::Push(Push::Entry(entry)) = heard(&mut line.socket).await? {
                places.push(entry.seq.0);
            }
        }
        Ok::<_, String>((places, line))
    });
    let here = timeout(PATIENCE, try_join_all(coming)).await.expect("in time").expect("everybody is let in");
    let expected: Vec<u64> = (after.0 + 1..=last.0).collect();
    assert!(here.iter().all(|(places, _)| *places == expected), "nothing is missing, nothing comes twice");
    let more = ours.process().used().expect("it runs").rss.saturating_sub(before);
    assert!(more <= HALL_BYTES_MAX, "the relay holds {more} bytes more");
}

// Nothing is missing, and nothing comes twice.
fn is_whole(places: &[u64]) -> bool {
    places.windows(2).all(|two| two[1] == two[0] + 1)
}

// The one who talks says it so often. Returns at which places each of the others has heard it.
async fn talk(said: &SaidIn, lines: &mut [Line]) -> Vec<Vec<u64>> {
    let places = async |line: &mut Line| {
        let mut places = Vec::with_capacity(SAID);
        while places.len() < SAID {
            if let ServerFrame::Push(Push::Entry(entry)) = heard(&mut line.socket).await.expect("it goes on")
                && entry.kind == EntryKind::Application
            {
                places.push(entry.seq.0);
            }
        }
        places
    };
    let (before, rest) = lines.split_at_mut(said.talks());
    let (talker, after) = rest.split_first_mut().expect("somebody talks");
    let says = async {
        let mut said_so_far = 0;
        while said_so_far < SAID {
            match talker.ask(send(said.room, &said.message)).await.expect("an answer") {
                Answer::Accepted(_) => said_so_far += 1,
                Answer::Refused(Refused::SlowDown { retry_after_ms }) => {
                    tokio::time::sleep(Duration::from_millis(retry_after_ms)).await;
                }
                other => panic!("not accepted: {other:?}"),
            }
        }
    };
    let hears = futures_util::future::join_all(before.iter_mut().chain(after).map(places));
    let both = async { tokio::join!(says, hears) };
    timeout(PATIENCE, both).await.expect("nobody waits for them").1
}

fn send(room: RoomId, message: &Blob) -> Request {
    Request::Send(Send { room, message: message.clone(), lead_signature: None })
}

// Or as many as this machine lets a process have files.
fn as_many_as(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).expect("up to its maximum");
    let may = limit.maximum.map_or(wanted, |may| may.saturating_sub(OTHER_FILES) as usize);
    wanted.min(may)
}
