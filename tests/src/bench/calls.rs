//! A call comes in while a thousand wait and two thousand members are connected: how soon does a page leave, and an open
//! desk ring?

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use lotgenoot_client::Identity;
use lotgenoot_client::messages::{CallState, Connection};
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::fanout::KEEP_EVERY;
use super::load::machine::Process;
use super::load::ours::Rooms;
use super::load::{Pace, Shape, run};
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

/// What goes on meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Calls {
    /// Calls that wait.
    pub open: usize,
    /// Members who are connected and say nothing.
    pub members: usize,
    /// Rooms of ten that talk, half as much as they could; none: it is quiet.
    pub talking: usize,
    /// Calls that are measured.
    pub measured: usize,
    /// The MLS suite of all rooms.
    pub suite: u16,
}

/// From the raise that leaves a client to the first page at the push service, to the ring at an open desk, and to the answer.
///
/// # Errors
/// If the rooms that talk meanwhile are not made, or lose a message.
pub async fn calls(binary: &Path, what: &Calls) -> Result<Vec<Row>, String> {
    let stage = Stage::set(binary, what.open, AGE_MS, what.suite).await;
    let process = stage.start(binary).await;
    let at = process.address();
    let _connected = connected(&stage, at, what).await;
    let mut desk = Robot::with_suite(stage.sara.identity(), at, what.suite);
    desk.online().await;
    let mut rows = measured(&stage, at, &mut desk, what).await.rows("quiet");
    if what.talking > 0 {
        let shape = Shape { rooms: what.talking, members: 10 };
        let rooms = Rooms { organisation: &stage.organisation, address: at };
        let (said, members) = rooms.members(shape).await?;
        let server = Process(process.id().unwrap_or_default());
        let full = Pace::Window(16);
        let (most, members) =
            run(&said, members, shape, full, KEEP_EVERY, server, sleep(full.enough())).await?;
        let half = most.rate() / (shape.members - 1) as f64 / 2.0;
        let (over, ended) = oneshot::channel::<()>();
        let talked = run(&said, members, shape, Pace::Rate(half as u32), KEEP_EVERY, server, async {
            let _over = ended.await;
        });
        let called = async {
            let times = measured(&stage, at, &mut desk, what).await;
            drop(over);
            times
        };
        let (talked, times) = tokio::join!(talked, called);
        let (talked, _) = talked?;
        rows.extend(times.rows("talk"));
        let stored = Duration::from_micros(talked.stored.value_at_quantile(0.99));
        rows.push(Row::new(format!("talk, {half:.0} a second: message to \"ok\", p99"), stored, None));
    }
    Ok(rows)
}

async fn connected(stage: &Stage, at: SocketAddr, what: &Calls) -> Vec<Robot> {
    let mut connected = Vec::new();
    while connected.len() < what.members {
        let many = AT_ONCE.min(what.members - connected.len());
        let mut some: Vec<Robot> = (0..many)
            .map(|_| {
                Robot::with_suite(Identity::person(stage.organisation.root(), rand::random()), at, what.suite)
            })
            .collect();
        for robot in &mut some {
            robot.sees("signed in", |it| (it.connection == Some(Connection::Online)).then_some(())).await;
        }
        connected.append(&mut some);
    }
    connected
}

#[derive(Default)]
struct Times {
    sent: Vec<Duration>,
    rang: Vec<Duration>,
    answered: Vec<Duration>,
}

impl Times {
    fn rows(mut self, when: &str) -> Vec<Row> {
        let (sent, rang, answered) = (&mut self.sent, &mut self.rang, &mut self.answered);
        vec![
            Row::new(format!("{when}: raise to first send, median"), percentile(sent, 50), None),
            Row::new(format!("{when}: raise to first send, p99"), percentile(sent, 99), Some(FIRST_SEND_MS)),
            Row::new(format!("{when}: raise to the desk's ring, median"), percentile(rang, 50), None),
            Row::new(format!("{when}: raise to the desk's ring, p99"), percentile(rang, 99), Some(RING_MS)),
            Row::new(format!("{when}: raise to her \"ok\", median"), percentile(answered, 50), None),
            Row::new(format!("{when}: raise to her \"ok\", p99"), percentile(answered, 99), None),
        ]
    }
}

async fn measured(stage: &Stage, at: SocketAddr, desk: &mut Robot, what: &Calls) -> Times {
    let mut times = Times::default();
    for number in 0..what.measured {
        desk.look();
        let mut before = stage.push.came().len();
        let tap = Tap::default();
        let mut person =
            Robot::tapped(Identity::person(stage.organisation.root(), rand::random()), at, tap.clone());
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
        times.sent.push(leaves.saturating_duration_since(raised));
        times.rang.push(rings.saturating_duration_since(raised));
        times.answered.push(stored.saturating_duration_since(raised));
    }
    times
}
