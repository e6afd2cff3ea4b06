//! What crosses a robot's sockets, written down; and clients that are broken or have been tampered with.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use lotgenoot_client::messages::RoomId;
use lotgenoot_protocol::codec::{self, Received};
use lotgenoot_protocol::frame::{EntryKind, Push, Request, ServerFrame};

/// Writes down every frame, and can play a broken client.
#[derive(Clone, Default)]
pub struct Tap {
    /// Every frame of every socket that has this tap.
    pub frames: Arc<Mutex<Vec<u8>>>,
    /// Put in the clear into what is sent from then on: instead of the end of each ciphertext.
    pub leak: Arc<Mutex<Option<String>>>,
    /// How large each change of the vault was, in bytes.
    pub puts: Arc<Mutex<Vec<usize>>>,
    /// How large each message said in a room was, in bytes.
    pub sends: Arc<Mutex<Vec<usize>>>,
    /// How large each call for help was, in bytes.
    pub raises: Arc<Mutex<Vec<usize>>>,
    /// How much came down, in bytes.
    pub down: Arc<Mutex<usize>>,
    /// In this room she hears of no commit from then on: as far as she knows she was not taken out of it.
    pub stays: Arc<Mutex<Option<RoomId>>>,
    /// The last place of that room's log that came down since then.
    pub heard: Arc<AtomicU64>,
    /// How often she was told that she may not read it any more.
    pub cut: Arc<AtomicUsize>,
    /// When the first call for help left.
    pub raised: Arc<OnceLock<Instant>>,
    /// Her mailbox here has ended: how many changes of her own vault had left by then.
    pub ended: Arc<Mutex<Option<usize>>>,
}

impl Tap {
    pub(crate) fn outgoing(&self, bytes: Vec<u8>) -> Vec<u8> {
        let leak = self.leak.lock().expect("nobody panics with it").clone();
        let bytes = leak.and_then(|leak| leaking(&bytes, &leak)).unwrap_or(bytes);
        if let Ok(Received::Known(frame)) = codec::decode_client(&bytes) {
            let sizes = match frame.request {
                Request::PutVault(_) => Some(&self.puts),
                Request::Send(_) => Some(&self.sends),
                Request::Raise(_) => {
                    let _earlier = self.raised.set(Instant::now());
                    Some(&self.raises)
                }
                _ => None,
            };
            sizes.into_iter().for_each(|it| it.lock().expect("nobody panics with it").push(bytes.len()));
        }
        self.write(&bytes);
        bytes
    }

    /// Notes that she has this mailbox no more, and what her own has put away until now.
    pub(crate) fn ends(&self, own: Option<&Self>) {
        let puts = own.map_or(0, |own| own.puts.lock().expect("nobody panics with it").len());
        *self.ended.lock().expect("nobody panics with it") = Some(puts);
    }

    /// Notes what came down. Whether it may reach the client.
    pub(crate) fn lets_in(&self, bytes: &[u8]) -> bool {
        *self.down.lock().expect("nobody panics with it") += bytes.len();
        self.write(bytes);
        let stays = self.stays.lock().expect("nobody panics with it").clone();
        let Some(stays) = stays else { return true };
        let is_there = |room: &lotgenoot_protocol::RoomId| {
            room.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == stays
        };
        match codec::decode_server(bytes) {
            Ok(Some(ServerFrame::Push(Push::Entry(entry)))) if is_there(&entry.room) => {
                self.heard.fetch_max(entry.seq.0, Ordering::Relaxed);
                entry.kind != EntryKind::Commit
            }
            Ok(Some(ServerFrame::Push(Push::Detached(detached)))) if is_there(&detached.room) => {
                self.cut.fetch_add(1, Ordering::Relaxed);
                true
            }
            _ => true,
        }
    }

    fn write(&self, bytes: &[u8]) {
        self.frames.lock().expect("nobody panics with it").extend_from_slice(bytes);
    }
}

// The same request with words where the ciphertext ends (RFC 9420 §6.3), as of a client that does not encrypt. Elsewhere in
// a PrivateMessage the relay takes nothing that is not of its kind.
fn leaking(bytes: &[u8], leak: &str) -> Option<Vec<u8>> {
    let Ok(Received::Known(mut frame)) = codec::decode_client(bytes) else { return None };
    let Request::Send(send) = &mut frame.request else { return None };
    let end = send.message.0.len();
    send.message.0.get_mut(end - leak.len()..)?.copy_from_slice(leak.as_bytes());
    Some(codec::encode_client(&frame))
}
