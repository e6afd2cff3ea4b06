//! The way back to a mailbox, on a socket of its own.

use lotgenoot_client::vault::{SlotKeys, TabSecret};
use lotgenoot_client::{Read, Returning};

use crate::socket::Socket;

/// What somebody has that leads back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    /// The tab's secret.
    Tab,
    /// A phrase she typed.
    Phrase,
    /// A device and the PIN she typed.
    Device,
    /// None: a phrase that is to lead back later.
    Keep,
    /// None: a device that is to lead back later.
    KeepDevice,
}

/// A slot that is being read.
pub(crate) struct WayBack {
    pub(crate) way: Way,
    returning: Returning,
    socket: Option<Socket>,
    number: u32,
}

impl WayBack {
    pub(crate) fn new(keys: SlotKeys, way: Way, host: &str) -> Self {
        Self { way, returning: Returning::new(keys, host.to_owned()), socket: None, number: 0 }
    }

    /// By what the tab kept; `None` if that is nothing of ours.
    pub(crate) fn of_tab(secret: &str, host: &str) -> Option<Self> {
        let keys = SlotKeys::of_tab(&TabSecret::from_text(secret)?);
        Some(Self::new(keys, Way::Tab, host))
    }

    pub(crate) fn is(&self, number: u32) -> bool {
        self.number == number
    }

    /// Whether it could be begun.
    pub(crate) fn dial(&mut self, url: &str, number: u32) -> bool {
        self.number = number;
        self.socket = Socket::dial(url, number);
        self.socket.is_some()
    }

    /// Whether this was its socket.
    pub(crate) fn opened(&mut self, number: u32) -> bool {
        if self.is(number) {
            self.returning.connected();
        }
        self.is(number)
    }

    /// What the slot held, once it is known.
    pub(crate) fn heard(&mut self, bytes: &[u8]) -> Option<Read> {
        match self.returning.handle_frame(bytes) {
            Ok(()) => self.returning.poll_read(),
            Err(_) => Some(Read::NotNow),
        }
    }

    pub(crate) fn settle(&mut self) {
        if let Some(socket) = &self.socket {
            while let Some(bytes) = self.returning.poll_transmit() {
                socket.send(&bytes);
            }
        }
    }

    pub(crate) fn into_keys(self) -> SlotKeys {
        self.returning.into_keys()
    }
}
