//! A ruler, and nothing to build on: the least a relay does that makes messages durable before it shows them.
//!
//! Bare tungstenite and redb with one writer that commits in groups (study: performance, 1). Nobody signs in, nothing is
//! checked, no cursor is kept and nothing is ever deleted: what the relay does beyond this is what its ratio tells.
//!
//! ```text
//! to it      join     room 4
//!            send     payload
//! from it    1 · seq 8 · payload     somebody else's message
//!            2 · seq 8               the sender's own is on disk
//!            3                       joined; what was asked for has been written
//! ```

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{SinkExt, StreamExt};
use redb::{Database, TableDefinition};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio_tungstenite::accept_async_with_config;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

const LOG: TableDefinition<u64, &[u8]> = TableDefinition::new("log");
const CACHE_BYTES: usize = 64 * 1024 * 1024;
const BACKLOG: u32 = 4096;
const READ_BUFFER_BYTES: usize = 4 * 1024;
// In one transaction.
const AT_ONCE: usize = 1024;
// Of each room, for those who come back.
const KEPT: usize = 512;

/// What a frame of it begins with.
pub(super) const DELIVERED: u8 = 1;
/// See [`DELIVERED`].
pub(super) const STORED: u8 = 2;
/// See [`DELIVERED`].
pub(super) const JOINED: u8 = 3;

/// What a member says first: which room, and how many of the newest messages are wanted.
pub(super) fn join(room: u32, newest: u32) -> Bytes {
    let mut frame = BytesMut::with_capacity(8);
    frame.put_u32(room);
    frame.put_u32(newest);
    frame.freeze()
}

#[derive(Default)]
struct Room {
    seq: u64,
    kept: VecDeque<Bytes>,
    members: Vec<Arc<Queue>>,
}

#[derive(Default)]
struct Queue {
    frames: Mutex<Vec<Bytes>>,
    bell: Notify,
}

impl Queue {
    fn put(&self, frame: Bytes) {
        lock(&self.frames).push(frame);
        self.bell.notify_one();
    }
}

struct Job {
    room: Arc<Mutex<Room>>,
    number: u32,
    payload: Bytes,
    sender: Arc<Queue>,
}

#[derive(Clone)]
struct Ruler {
    rooms: Arc<Mutex<HashMap<u32, Arc<Mutex<Room>>>>>,
    jobs: mpsc::Sender<Job>,
}

/// Serves on a free port of this machine until it is ended; says where in the way the relay does.
///
/// # Errors
/// If the folder or the port cannot be had.
pub async fn serve(data: &Path, announce: impl FnOnce(SocketAddr)) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(data)?;
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    let db = builder.create(data.join("ruler.redb"))?;
    let (jobs, inbox) = mpsc::channel(AT_ONCE);
    let (stored, showing) = mpsc::unbounded_channel();
    thread::spawn(move || write(&db, inbox, &stored));
    tokio::spawn(show_all(showing));
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = socket.listen(BACKLOG)?;
    announce(listener.local_addr()?);
    let ruler = Ruler { rooms: Arc::default(), jobs };
    loop {
        let (socket, _) = listener.accept().await?;
        tokio::spawn(member(socket, ruler.clone()));
    }
}

async fn member(socket: TcpStream, ruler: Ruler) -> Option<()> {
    socket.set_nodelay(true).ok()?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER_BYTES);
    let mut socket = accept_async_with_config(socket, Some(config)).await.ok()?;
    let first = socket.next().await?.ok()?.into_data();
    let number = u32::from_be_bytes(first.get(..4)?.try_into().ok()?);
    let newest = u32::from_be_bytes(first.get(4..8)?.try_into().ok()?) as usize;
    let room = lock(&ruler.rooms).entry(number).or_default().clone();
    let queue = Arc::new(Queue::default());
    {
        let mut room = lock(&room);
        let skip = room.kept.len().saturating_sub(newest);
        room.kept.iter().skip(skip).for_each(|frame| queue.put(frame.clone()));
        queue.put(Bytes::from_static(&[JOINED]));
        room.members.push(queue.clone());
    }
    loop {
        tokio::select! {
            message = socket.next() => match message {
                Some(Ok(Message::Binary(payload))) => {
                    let job = Job { room: room.clone(), number, payload, sender: queue.clone() };
                    ruler.jobs.send(job).await.ok()?;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => break,
            },
            () = queue.bell.notified() => {
                let frames = std::mem::take(&mut *lock(&queue.frames));
                for frame in frames {
                    socket.feed(Message::Binary(frame)).await.ok()?;
                }
                socket.flush().await.ok()?;
            }
        }
    }
    lock(&room).members.retain(|other| !Arc::ptr_eq(other, &queue));
    Some(())
}

fn write(db: &Database, mut inbox: mpsc::Receiver<Job>, stored: &mpsc::UnboundedSender<Vec<Job>>) {
    let mut jobs = Vec::new();
    let mut position = 0;
    while inbox.blocking_recv_many(&mut jobs, AT_ONCE) > 0 {
        let transaction = db.begin_write().expect("a transaction");
        {
            let mut log = transaction.open_table(LOG).expect("the log");
            for job in &jobs {
                position += 1;
                let mut row = BytesMut::with_capacity(4 + job.payload.len());
                row.put_u32(job.number);
                row.put_slice(&job.payload);
                log.insert(position, &row[..]).expect("a row");
            }
        }
        transaction.commit().expect("the disk takes it");
        // Nobody shows them any more once the ruler is going.
        let _going = stored.send(std::mem::take(&mut jobs));
    }
}

// Beside the writer, which is at the next transaction already.
async fn show_all(mut stored: mpsc::UnboundedReceiver<Vec<Job>>) {
    while let Some(jobs) = stored.recv().await {
        jobs.into_iter().for_each(show);
    }
}

fn show(job: Job) {
    let mut room = lock(&job.room);
    room.seq += 1;
    let frame = |kind: u8, payload: &[u8]| {
        let mut frame = BytesMut::with_capacity(9 + payload.len());
        frame.put_u8(kind);
        frame.put_u64(room.seq);
        frame.put_slice(payload);
        frame.freeze()
    };
    let (delivered, stored) = (frame(DELIVERED, &job.payload), frame(STORED, &[]));
    job.sender.put(stored);
    room.kept.push_back(delivered.clone());
    if room.kept.len() > KEPT {
        room.kept.pop_front();
    }
    for member in room.members.iter().filter(|member| !Arc::ptr_eq(member, &job.sender)) {
        member.put(delivered.clone());
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
