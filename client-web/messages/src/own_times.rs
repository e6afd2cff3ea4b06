//! How fast a professional answers: for herself, on her own device.

use minicbor::{Decode, Encode};

/// The medians of her last times.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct OwnTimesView {
    /// Of so many calls.
    #[n(0)]
    pub calls: u32,
    /// From the page on this device until she had the call, milliseconds.
    #[n(1)]
    pub taken_ms: Option<u64>,
    /// From then until her first words were there, milliseconds.
    #[n(2)]
    pub spoke_ms: Option<u64>,
}
