//! How staff are called when their desk is not open: each her own ways, each with what is known of it.
//!
//! A page says nothing: "there is a call, open the app", in one size and one wording for every case. The addresses are
//! the member of staff's own; nothing is ever sent to a person.

use minicbor::{Decode, Encode};

use crate::bytes::Blob;
use crate::ids::ChannelId;
use crate::time::Timestamp;

/// Where a browser can be woken (RFC 8030), and with what its messages are encrypted (RFC 8291).
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct PushSubscription {
    /// The push service's address for this browser, https.
    #[n(0)]
    pub endpoint: String,
    /// The browser's P-256 public key, uncompressed: 65 bytes.
    #[n(1)]
    pub key: Blob,
    /// The authentication secret: 16 bytes.
    #[n(2)]
    pub auth: Blob,
}

/// A way to call somebody.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Way {
    /// A browser of hers rings, with the page closed too.
    #[n(0)]
    Push(#[n(0)] PushSubscription),
    /// A text message to this number (E.164), by the organisation's gateway.
    #[n(1)]
    Text(#[n(0)] String),
    /// A phone call to this number (E.164), by the organisation's gateway.
    #[n(2)]
    Voice(#[n(0)] String),
    /// A mail to this address (RFC 5321).
    #[n(3)]
    Mail(#[n(0)] String),
}

/// What is known of a channel.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub enum Health {
    /// Nothing has come back over it yet.
    #[default]
    #[n(0)]
    Untried,
    /// A page arrived, at this time: the device said so, or its owner.
    #[n(1)]
    Works(#[n(0)] Timestamp),
    /// What was sent over it last was not taken, since this time.
    #[n(2)]
    Failing(#[n(0)] Timestamp),
    /// The address is gone. It is not used any more.
    #[n(3)]
    Dead(#[n(0)] Timestamp),
}

/// One channel of a member of staff.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Channel {
    /// Its id, which follows from the way.
    #[n(0)]
    pub id: ChannelId,
    /// The way.
    #[n(1)]
    pub way: Way,
    /// What is known of it.
    #[n(2)]
    pub health: Health,
    /// When something arrived over it last.
    #[n(3)]
    pub worked: Option<Timestamp>,
}

/// Which channels this member of staff has.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct AskChannels {}

/// One more, or the same again.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct PutChannel {
    /// The way.
    #[n(0)]
    pub way: Way,
}

/// One less.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct RemoveChannel {
    /// Which.
    #[n(0)]
    pub channel: ChannelId,
}

/// An exercise over all channels, on the way that real pages go.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct TestChannels {}

/// What was sent over this channel has reached its owner.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct ConfirmChannel {
    /// Which.
    #[n(0)]
    pub channel: ChannelId,
}

/// Her channels, and what this relay can do.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Channels {
    /// The key browsers subscribe with (RFC 8292): P-256, uncompressed.
    #[n(0)]
    pub push_key: Blob,
    /// It can send mail.
    #[n(1)]
    pub mail: bool,
    /// It has a gateway for text messages and phone calls.
    #[n(2)]
    pub gateway: bool,
    /// Hers.
    #[n(3)]
    pub channels: Vec<Channel>,
}
