//! The one file that reads the time and draws what must not be guessed.

use std::time::{SystemTime, UNIX_EPOCH};

use lotgenoot_protocol::Timestamp;

/// Now.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = Timestamp(since.as_millis() as u64);
    #[cfg(feature = "faults")]
    let now = now.plus_ms(crate::faults::clock_ahead_ms());
    now
}

/// Bytes that nobody can guess: a ChaCha stream that the operating system seeds.
pub fn random<const N: usize>() -> [u8; N] {
    rand::random()
}
