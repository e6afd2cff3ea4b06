//! A call comes in while a thousand wait and two thousand members are connected: how soon does a page leave, and an open
//! desk ring?

use std::path::Path;
use std::time::{Duration, Instant};

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, Connection};
use tokio::time::timeout;

use super::stage::Stage;
use super::{Row, percentile};
use crate::organisation::SERVICE;
use crate::robot::Robot;
use crate::sink::Came;
use crate::tap::Tap;

const FIRST_SEND_MS: u64 = 250;
const RING_MS: u64 = 500;
// Not overdue: they only wait, as they do while everybody is busy.
const AGE_MS: u64 = 10_000;
// Members sign in so many at a time.
const AT_ONCE: usize = 50;
const PATIENCE: Duration = Duration::from_secs(30);

/// From the raise that leaves a client to the first page at the push service, to the ring at an open desk, and to the answer.
pub async fn calls(binary: &Path, open: usize, members: usize, measured: usize, suite: u16) -> Vec<Row> {
    let stage = Stage::set(binary, open, AGE_MS, suite).await;
    let process = stage.start(binary).await;
    let at = process.address();
    let mut connected = Vec::new();
    while connected.len() < members {
        let many = AT_ONCE.min(members - connected.len());
        let mut some: Vec<Robot> = (0..many)
            .map(|_| Robot::with_suite(Identity::person(stage.root, rand::random()), at, suite))
            .collect();
        for robot in &mut some {
            robot.sees("signed in", |it| (it.connection == Some(Connection::Online)).then_some(())).await;
        }
        connected.append(&mut some);
    }
    let mut desk = Robot::with_suite(stage.sara.identity(), at, suite);
    desk.online().await;
    let (mut sent, mut rang, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..measured {
        desk.look();
        let mut before = stage.push.came().len();
        let tap = Tap::default();
        let mut person = Robot::tapped(Identity::person(stage.root, rand::random()), at, tap.clone());
        person.online().await;
        person.raises(SERVICE, &format!("oproep {number}"));
        let id = person.call("hers", |call| call.own).await.call;
        let stored = async {
            person.call("stored", |call| call.state == CallState::Stored).await;
            Instant::now()
        };
        let rings = async {
            desk.sees("it rings", |screen| screen.calls.get(&id).map(drop)).await;
            Instant::now()
        };
        let leaves = async {
            loop {
                let came = stage.push.came_since(before).await;
                let after =
                    |came: &&Came| tap.raised.get().is_some_and(|raised| came.at.into_std() >= *raised);
                if let Some(came) = came.iter().find(after) {
                    return came.at.into_std();
                }
                before += came.len();
            }
        };
        let all = async { tokio::join!(stored, rings, leaves) };
        let (stored, rings, leaves) = timeout(PATIENCE, all).await.expect("a call is stored, and rings");
        let raised = *tap.raised.get().expect("it has left the client");
        sent.push(leaves.saturating_duration_since(raised));
        rang.push(rings.saturating_duration_since(raised));
        answered.push(stored.saturating_duration_since(raised));
    }
    vec![
        Row::new("raise to first send, median", percentile(&mut sent, 50), None),
        Row::new("raise to first send, p99", percentile(&mut sent, 99), Some(FIRST_SEND_MS)),
        Row::new("raise to the desk's ring, median", percentile(&mut rang, 50), None),
        Row::new("raise to the desk's ring, p99", percentile(&mut rang, 99), Some(RING_MS)),
        Row::new("raise to the person's \"ok\", median", percentile(&mut answered, 50), None),
        Row::new("raise to the person's \"ok\", p99", percentile(&mut answered, 99), None),
    ]
}
