//! One page on its way through one channel.

use lotgenoot_protocol::call::Why;
use lotgenoot_protocol::{AccountKey, CallId, ChannelId, PageId, Timestamp};
use minicbor::{Decode, Encode};

/// Which: a page over a channel. The same page over the same channel is the same sending, however often it is tried.
pub type SendingId = (PageId, ChannelId);

/// What a device answers a page with, when it has arrived: nobody else can guess it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Handle(pub [u8; 16]);

impl<C> Encode<C> for Handle {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Handle {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?.try_into();
        bytes.map(Self).map_err(|_| minicbor::decode::Error::message("a handle has 16 bytes"))
    }
}

/// A page on its way.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Sending {
    /// Which page.
    #[n(0)]
    pub page: PageId,
    /// Over which channel.
    #[n(1)]
    pub channel: ChannelId,
    /// Whose.
    #[n(2)]
    pub account: AccountKey,
    /// For which call; none: an exercise.
    #[n(3)]
    pub call: Option<CallId>,
    /// With what her device answers. Pages that went out as one have one.
    #[n(4)]
    pub handle: Handle,
    /// Where it stands.
    #[n(5)]
    pub stage: Stage,
    /// How often it was tried.
    #[n(6)]
    pub attempt: u32,
    /// When something is to be done with it.
    #[n(7)]
    pub due: Timestamp,
    /// From when on it is worth nothing.
    #[n(8)]
    pub until: Timestamp,
    /// It is not wanted any more, and her device is to stop ringing.
    #[n(9)]
    pub over: bool,
    /// When it was made, or was over: a device goes by the newest it has heard.
    #[n(10)]
    pub at: Timestamp,
    /// A device of hers has it.
    #[n(11)]
    pub received: bool,
    /// For what she is paged; none: an exercise, an alarm, a group without a host.
    #[n(12)]
    pub why: Option<Why>,
    /// Its provider has said that it came. That proves nothing but that a later *failed* is no news.
    #[cbor(n(13), default)]
    pub delivered: bool,
    /// She has the page, by this channel or another: it is not sent again, whatever comes of sending it now.
    #[cbor(n(14), default)]
    pub needless: bool,
}

/// Where a sending stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Encode, Decode)]
pub enum Stage {
    /// For its turn.
    #[n(0)]
    Waiting,
    /// Somebody of this run of the relay is sending it. When that run is over, or the time is, it is sent again.
    #[n(1)]
    Leased(#[n(0)] u64),
    /// The provider has it. Whether it arrives, only her device says.
    #[n(2)]
    Accepted,
}

impl Sending {
    /// Its name.
    pub fn id(&self) -> SendingId {
        (self.page, self.channel)
    }

    // What goes first: what rings for the first time, then what is tried again, then what stops ringing.
    pub(super) fn class(&self) -> u8 {
        match (self.over, self.attempt) {
            (false, 0) => 0,
            (false, _) => 1,
            (true, _) => 2,
        }
    }
}

/// What came of sending.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sent {
    /// The provider took it.
    Accepted,
    /// It was not even tried: too much else was on its way.
    Untried,
    /// Not now: it may be taken later, or may have been taken and nobody knows. After this long, if the provider said
    /// so, in milliseconds.
    Later(Option<u64>),
    /// There is no such address any more.
    Gone,
    /// The provider does not take it from us: an operator must look.
    Ours,
}
