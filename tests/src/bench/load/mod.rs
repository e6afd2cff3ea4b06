//! A load: rooms in which one member talks and all others listen, over real sockets, against the relay or against the ruler.
//!
//! ```text
//! [`Dialect`]   what is said and heard       ours.rs: the real protocol · ruled.rs: the ruler's
//! [`Member`]    one connection, ready
//! [`run`]       warm-up · measured · drained; the sockets are whole afterwards and can be used again
//! ```
//!
//! A message is finished when it is stored and everybody has it. One sender a room, so that the order in which messages
//! come is the order in which they were sent, and nothing has to be marked.

mod flight;
pub mod machine;
pub mod ours;
pub mod ruled;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{FutureExt, SinkExt, StreamExt};
use hdrhistogram::Histogram;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use flight::{Flight, Phase};
use machine::{Machine, Process, Used};

use crate::line::Socket;

const WARM_UP: Duration = Duration::from_millis(700);
const MEASURED: Duration = Duration::from_millis(2500);
// In an open loop: of fewer one in a hundred says nothing.
const SAMPLES_MIN: u32 = 2_000;
const DRAINED: Duration = Duration::from_secs(20);
// Whoever is late by more than this counts from when it should have been.
const LATE: Duration = Duration::from_millis(2);

/// So many rooms of so many members.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shape {
    /// Rooms.
    pub rooms: usize,
    /// Members of each.
    pub members: usize,
}

/// How fast it is talked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Pace {
    /// So many unfinished messages in each room.
    Window(usize),
    /// So many messages a second over all rooms, whatever comes of them.
    Rate(u32),
}

impl Pace {
    /// How long it takes until there is enough of it.
    pub fn enough(self) -> Duration {
        match self {
            Self::Window(_) => MEASURED,
            Self::Rate(rate) => MEASURED.max(Duration::from_secs(1) * SAMPLES_MIN / rate),
        }
    }
}

/// What a frame is to a load.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Heard {
    /// Somebody's message, and its place in the room.
    Delivered(u64),
    /// One's own is on disk, at this place.
    Stored(u64),
    /// Anything else.
    Other,
}

/// What is said to a server, and heard from it.
pub trait Dialect: Clone + Send + Sync + 'static {
    /// The next message of this room.
    fn message(&self, room: usize) -> Bytes;
    /// What a frame is.
    fn heard(&self, frame: &[u8]) -> Heard;
    /// How a member says that it has kept everything up to this place; `None`: it does not.
    fn keeps(&self, room: usize, place: u64) -> Option<Bytes>;
}

/// One connection, ready: signed in, attached, nothing on its way.
pub struct Member {
    /// Its socket.
    pub socket: Socket,
    /// Its room, counted from zero.
    pub room: usize,
    /// Whether it is the one who talks.
    pub talks: bool,
    /// The place of the last message it has heard; zero: none yet.
    pub place: u64,
}

/// What came of a load.
#[derive(Debug)]
pub struct Carried {
    /// While it was measured.
    pub took: Duration,
    /// Messages that others got, one for each who got it.
    pub deliveries: u64,
    /// From a send while it was measured until it is said to be on disk, whenever that is, in microseconds.
    pub stored: Histogram<u64>,
    /// From such a send until another member has it, in microseconds.
    pub delivered: Histogram<u64>,
    /// What the server used.
    pub server: Used,
    /// The share of the processors that neither side used and somebody else did.
    pub others: f64,
}

impl Carried {
    /// Deliveries a second.
    pub fn rate(&self) -> f64 {
        self.deliveries as f64 / self.took.as_secs_f64()
    }

    /// Processor seconds of the server for 100,000 deliveries.
    pub fn cpu_per_100k(&self) -> f64 {
        self.server.cpu.as_secs_f64() * 100_000.0 / self.deliveries.max(1) as f64
    }
}

/// Runs a load and measures it until `over`. `keep_every`: how often each member says what it has kept.
///
/// # Errors
/// If a message did not reach everybody: then nothing was measured.
pub async fn run<D: Dialect>(
    dialect: &D,
    members: Vec<Member>,
    shape: Shape,
    pace: Pace,
    keep_every: Duration,
    server: Process,
    over: impl Future<Output = ()>,
) -> Result<(Carried, Vec<Member>), String> {
    let flights: Vec<Flight> = (0..shape.rooms).map(|_| Flight::new(pace, shape)).collect();
    let flights = Arc::new(flights);
    let (phases, phase) = watch::channel(Phase::WarmUp);
    let begun = Instant::now();
    let mut tasks = Vec::with_capacity(members.len());
    for (at, member) in members.into_iter().enumerate() {
        let load = Load { dialect: dialect.clone(), flights: flights.clone(), phase: phase.clone(), begun };
        let task = match pace {
            _ if !member.talks => tokio::spawn(load.listens(member, spread(keep_every, at, shape))),
            Pace::Window(window) => tokio::spawn(load.talks(member, window, None, keep_every)),
            Pace::Rate(rate) => {
                let every = Duration::from_secs(1) * shape.rooms as u32 / rate;
                let first = begun + every * member.room as u32 / shape.rooms as u32;
                tokio::spawn(load.talks(member, usize::MAX, Some((first, every)), keep_every))
            }
        };
        tasks.push(task);
    }
    drop(phase);
    sleep(WARM_UP).await;
    let (before, machine, measured) = (server.used()?, Machine::now()?, Instant::now());
    phases.send_replace(Phase::Measured);
    over.await;
    phases.send_replace(Phase::Draining);
    let took = measured.elapsed();
    let used = server.used()?.since(&before);
    let others = Machine::now()?.others(&machine, &used, took);
    let drained = timeout(DRAINED, async {
        for flight in flights.iter() {
            flight.empty().await;
        }
    });
    let drained = drained.await.is_ok();
    phases.send_replace(Phase::Over);
    let mut carried =
        Carried { took, deliveries: 0, stored: histogram(), delivered: histogram(), server: used, others };
    let mut whole = Vec::with_capacity(tasks.len());
    for task in tasks {
        let (member, tally) = task.await.map_err(|error| format!("a member ended: {error}"))??;
        carried.deliveries += tally.deliveries;
        tally.stored.into_iter().for_each(|took| carried.stored.saturating_record(took.into()));
        tally.delivered.into_iter().for_each(|took| carried.delivered.saturating_record(took.into()));
        whole.push(member);
    }
    if carried.stored.is_empty() || carried.delivered.is_empty() {
        return Err("nothing was said while it was measured".to_owned());
    }
    if !drained {
        let missing: usize = flights.iter().map(Flight::open).sum();
        return Err(format!("{missing} messages have not reached everybody"));
    }
    Ok((carried, whole))
}

// Not all of them in the same moment.
fn spread(every: Duration, at: usize, shape: Shape) -> (Duration, Duration) {
    let all = (shape.rooms * shape.members) as u32;
    (every * (at as u32 % all) / all, every)
}

struct Load<D> {
    dialect: D,
    flights: Arc<Vec<Flight>>,
    phase: watch::Receiver<Phase>,
    begun: Instant,
}

// Of one member, in microseconds: a histogram for each of ten thousand would be all the memory there is.
#[derive(Default)]
struct Tally {
    deliveries: u64,
    stored: Vec<u32>,
    delivered: Vec<u32>,
}

type Done = Result<(Member, Tally), String>;

impl<D: Dialect> Load<D> {
    async fn listens(mut self, mut member: Member, (first, every): (Duration, Duration)) -> Done {
        let flights = self.flights.clone();
        let flight = &flights[member.room];
        let mut tally = Tally::default();
        let mut number = 0;
        let mut keep = interval_at(self.begun + first, every);
        keep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let frame = match member.socket.next().now_or_never() {
                Some(frame) => frame,
                None => tokio::select! {
                    frame = member.socket.next() => frame,
                    _ = keep.tick() => {
                        if let Some(frame) = self.dialect.keeps(member.room, member.place) {
                            member.socket.send(Message::Binary(frame)).await.map_err(gone)?;
                        }
                        continue;
                    }
                    over = over(&mut self.phase) => {
                        over?;
                        return Ok((member, tally));
                    }
                },
            };
            let frame = binary(frame)?;
            if let Heard::Delivered(place) = self.dialect.heard(&frame) {
                let arrived = flight.arrived(number, self.begun);
                (number, member.place) = (number + 1, place);
                tally.deliveries += u64::from(*self.phase.borrow() == Phase::Measured);
                tally.delivered.extend(arrived);
            }
        }
    }

    // `schedule`: when the first message is due, and how long after it the next.
    async fn talks(
        mut self,
        mut member: Member,
        window: usize,
        schedule: Option<(Instant, Duration)>,
        keep_every: Duration,
    ) -> Done {
        let flights = self.flights.clone();
        let flight = &flights[member.room];
        let mut tally = Tally::default();
        let (mut said, mut stored) = (0, 0);
        let mut due = schedule.map(|(first, _)| first);
        let mut keep = interval_at(self.begun + keep_every, keep_every);
        keep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let phase = *self.phase.borrow();
            if phase == Phase::Over {
                return Ok((member, tally));
            }
            let mut any = false;
            while phase < Phase::Draining && flight.open() < window {
                let now = Instant::now();
                let sent_at = match (&mut due, schedule) {
                    (Some(due), Some((_, every))) if *due <= now => {
                        let from = if now - *due > LATE { *due } else { now };
                        *due += every;
                        from
                    }
                    (Some(_), _) => break,
                    (None, _) => now,
                };
                flight.leaves(said, sent_at - self.begun, phase == Phase::Measured);
                said += 1;
                member.socket.feed(Message::Binary(self.dialect.message(member.room))).await.map_err(gone)?;
                any = true;
            }
            if any {
                member.socket.flush().await.map_err(gone)?;
            }
            let frame = tokio::select! {
                frame = member.socket.next() => Some(frame),
                () = flight.changed() => None,
                _ = keep.tick() => {
                    if let Some(frame) = self.dialect.keeps(member.room, member.place) {
                        member.socket.send(Message::Binary(frame)).await.map_err(gone)?;
                    }
                    None
                }
                () = at(due), if due.is_some() && phase < Phase::Draining => None,
                changed = self.phase.changed() => {
                    changed.map_err(|_| "the run ended early")?;
                    None
                }
            };
            let mut next = frame;
            while let Some(frame) = next {
                let frame = binary(frame)?;
                match self.dialect.heard(&frame) {
                    Heard::Stored(_) => {
                        tally.stored.extend(flight.arrived(stored, self.begun));
                        stored += 1;
                    }
                    Heard::Delivered(place) => member.place = place,
                    Heard::Other => {}
                }
                next = member.socket.next().now_or_never();
            }
        }
    }
}

async fn over(phase: &mut watch::Receiver<Phase>) -> Result<(), String> {
    phase
        .wait_for(|phase| *phase == Phase::Over)
        .await
        .map(drop)
        .map_err(|_| "the run ended early".to_owned())
}

async fn at(due: Option<Instant>) {
    if let Some(due) = due {
        sleep_until(due).await;
    }
}

type Frame = Option<Result<Message, tokio_tungstenite::tungstenite::Error>>;

fn binary(frame: Frame) -> Result<Bytes, String> {
    match frame {
        Some(Ok(Message::Close(frame))) => Err(format!("a member was let go: {frame:?}")),
        Some(Ok(message)) => Ok(message.into_data()),
        Some(Err(error)) => Err(gone(error)),
        None => Err("a member's connection ended".to_owned()),
    }
}

fn gone(error: tokio_tungstenite::tungstenite::Error) -> String {
    format!("a member's connection ended: {error}")
}

/// Microseconds up to a minute, three figures.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("these bounds are bounds")
}
