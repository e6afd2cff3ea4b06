//! A slow mobile connection between a browser and a relay: so many bytes a second for all connections together, and a while
//! until each arrives. What a browser's own throttle slows is the page; this slows its workers and its sockets too.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

/// What a line can do.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Each way, for all connections together.
    pub bytes_per_second: f64,
    /// There and back.
    pub round_trip: Duration,
}

impl Line {
    /// Slow 3G, as web measurements have it: 400 kbit/s, 400 ms there and back.
    pub const SLOW_3G: Self = Self { bytes_per_second: 50_000.0, round_trip: Duration::from_millis(400) };
}

// As much as a packet carries: a long answer does not go before a short one.
const PACKET_BYTES: usize = 1_400;
// In flight, in one direction of one connection.
const FLIGHT_PACKETS: usize = 64;

/// One direction: when the next byte may leave.
struct Lane {
    line: Line,
    free_at: Mutex<Instant>,
    carried: Arc<AtomicU64>,
}

impl Lane {
    fn new(line: Line, carried: Arc<AtomicU64>) -> Arc<Self> {
        Arc::new(Self { line, free_at: Mutex::new(Instant::now()), carried })
    }

    /// When these have left.
    fn leaves(&self, bytes: usize) -> Instant {
        self.carried.fetch_add(bytes as u64, Ordering::Relaxed);
        let takes = Duration::from_secs_f64(bytes as f64 / self.line.bytes_per_second);
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        *free_at = (*free_at).max(Instant::now()) + takes;
        *free_at
    }
}

/// Carries what comes to the returned address to `to`, for as long as the runtime lives.
pub async fn carry(to: SocketAddr, line: Line) -> SocketAddr {
    carry_over(to, line, Arc::default()).await
}

/// The same without delay, and counted.
pub async fn carry_counted(to: SocketAddr) -> (SocketAddr, Counts) {
    let counts = Counts::default();
    let line = Line { bytes_per_second: f64::INFINITY, round_trip: Duration::ZERO };
    (carry_over(to, line, counts.0.clone()).await, counts)
}

/// How much was carried.
#[derive(Clone, Debug, Default)]
pub struct Counts(Arc<AtomicU64>);

impl Counts {
    /// Bytes of all connections so far, both ways.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

async fn carry_over(to: SocketAddr, line: Line, carried: Arc<AtomicU64>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it has an address");
    let (up, down) = (Lane::new(line, carried.clone()), Lane::new(line, carried));
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (up, down) = (Arc::clone(&up), Arc::clone(&down));
            tokio::spawn(async move {
                // Until both ends know of each other.
                sleep(line.round_trip).await;
                let Ok(far) = TcpStream::connect(to).await else { return };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::join!(pump(near_in, far_out, up), pump(far_in, near_out, down));
            });
        }
    });
    address
}

async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, lane: Arc<Lane>) {
    let (flies, mut lands) = mpsc::channel::<(Instant, Vec<u8>)>(FLIGHT_PACKETS);
    let later = lane.line.round_trip / 2;
    let read = async move {
        let mut packet = vec![0; PACKET_BYTES];
        while let Ok(bytes @ 1..) = from.read(&mut packet).await {
            let left = lane.leaves(bytes);
            sleep_until(left).await;
            if flies.send((left + later, packet[..bytes].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((at, packet)) = lands.recv().await {
            sleep_until(at).await;
            if to.write_all(&packet).await.is_err() {
                return;
            }
        }
        let _closed = to.shutdown().await;
    };
    tokio::join!(read, write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_carries_everything_in_order_and_no_faster_than_it_can() {
        let echo = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let to = echo.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = echo.accept().await.unwrap();
            let (mut read, mut write) = stream.into_split();
            tokio::io::copy(&mut read, &mut write).await.unwrap();
        });
        let line = Line { bytes_per_second: 200_000.0, round_trip: Duration::from_millis(60) };
        let mut near = TcpStream::connect(carry(to, line).await).await.unwrap();
        let sent: Vec<u8> = (0..50_000_u32).map(|byte| byte as u8).collect();
        let begun = Instant::now();
        near.write_all(&sent).await.unwrap();
        let mut got = vec![0; sent.len()];
        near.read_exact(&mut got).await.unwrap();
        // A quarter of a second for the bytes, 60 ms to get to know each other, 60 ms there and back.
        assert!(begun.elapsed() >= Duration::from_millis(370), "{:?}", begun.elapsed());
        assert_eq!(got, sent);
    }
}
