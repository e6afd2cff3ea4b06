//! What travels between a member and the relay, and what it means.
//!
//! A connection in one breath: the relay sends a [`frame::Push::Challenge`]; the client answers `Hello`
//! with its account key signing the nonce and the host name; it attaches to rooms by proving a leaf key;
//! the relay pushes every entry of each room's log in order and the client acknowledges by cursor.
//! Commits travel as bundles and one wins each epoch. SPEC.md shows a whole one.
//!
//! Read first: [`frame`] (what is said), [`policy`] (who may change a room), [`role`] (who is staff).
//!
//! Nothing here reads a clock, opens a socket or keeps state.

pub mod bytes;
pub mod calendar;
pub mod call;
pub mod channel;
mod checked;
pub mod codec;
pub mod duty;
pub mod figures;
pub mod floor;
pub mod frame;
pub mod ids;
pub mod invitation;
pub mod letters;
pub mod limits;
pub mod link;
pub mod mls;
pub mod office;
pub mod outcome;
pub mod own_lines;
pub mod pad;
pub mod policy;
pub mod refusal;
pub mod register;
pub mod role;
pub mod session;
pub mod sign;
pub mod stage;
pub mod survey;
pub mod time;
pub mod vault;
pub mod words;
pub mod work;

pub use bytes::Blob;
pub use ids::{
    AccountKey, AskId, CallId, ChannelId, Epoch, LeafKey, LetterId, LineId, MessageId, PageId, PartId,
    Pseudonym, RequestId, RoomId, RootKey, Seq, Serial, SessionId, SlotId, SlotKey, VaultId, Version,
};
pub use refusal::Refused;
pub use time::Timestamp;

/// The version of the wire protocol this crate speaks; the WebSocket subprotocol is `lotgenoot.1`.
pub const VERSION: u16 = 1;

/// The WebSocket subprotocol name (RFC 6455 §1.9).
pub const SUBPROTOCOL: &str = "lotgenoot.1";
