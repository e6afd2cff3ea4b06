//! How a member of staff is called when her desk is closed.

use minicbor::{Decode, Encode};

/// A way to call her.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Way {
    /// A browser of hers (RFC 8030, RFC 8291).
    #[n(0)]
    Push {
        /// The push service's address for it.
        #[n(0)]
        endpoint: String,
        /// The browser's P-256 public key: 65 bytes.
        #[cbor(n(1), with = "minicbor::bytes")]
        key: Vec<u8>,
        /// The authentication secret: 16 bytes.
        #[cbor(n(2), with = "minicbor::bytes")]
        auth: Vec<u8>,
    },
    /// Text messages to this number (E.164).
    #[n(1)]
    Text(#[n(0)] String),
    /// Phone calls to this number (E.164).
    #[n(2)]
    Voice(#[n(0)] String),
    /// Mail to this address.
    #[n(3)]
    Mail(#[n(0)] String),
}

/// What is known of a channel.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Health {
    /// Nothing has come back over it yet.
    #[n(0)]
    Untried,
    /// Something arrived, at this time by the relay's clock, in milliseconds since 1970.
    #[n(1)]
    Works(#[n(0)] u64),
    /// What was sent over it last was not taken, since this time.
    #[n(2)]
    Failing(#[n(0)] u64),
    /// The address is gone, since this time. It is not used any more.
    #[n(3)]
    Dead(#[n(0)] u64),
}

/// One of her channels.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct ChannelView {
    /// Its id.
    #[n(0)]
    pub id: String,
    /// The way.
    #[n(1)]
    pub way: Way,
    /// What is known of it.
    #[n(2)]
    pub health: Health,
}

/// Her channels, and what this relay can do.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub struct ChannelsView {
    /// The key browsers subscribe with (RFC 8292).
    #[cbor(n(0), with = "minicbor::bytes")]
    pub push_key: Vec<u8>,
    /// It sends mail.
    #[n(1)]
    pub mail: bool,
    /// It sends text messages and calls phones.
    #[n(2)]
    pub gateway: bool,
    /// Hers.
    #[n(3)]
    pub channels: Vec<ChannelView>,
}

/// What she wants of them.
#[derive(Clone, Debug, Eq, PartialEq, Encode, Decode)]
pub enum ChannelWish {
    /// To see them ([`crate::Event::Channels`]); so does every other wish.
    #[n(0)]
    See,
    /// One more.
    #[n(1)]
    Add(#[n(0)] Way),
    /// One less.
    #[n(2)]
    Remove(#[n(0)] String),
    /// An exercise over all of them.
    #[n(3)]
    Test,
    /// What was sent over this one has arrived.
    #[n(4)]
    Confirm(#[n(0)] String),
}
