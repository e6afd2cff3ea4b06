//! Moments, without a clock.

use minicbor::{Decode, Encode};

/// Milliseconds since 1970-01-01T00:00:00Z. Whoever drives a core says what time it is.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Encode, Decode)]
#[cbor(transparent)]
pub struct Timestamp(#[n(0)] pub u64);

impl Timestamp {
    /// This moment plus `ms` milliseconds.
    #[must_use]
    pub fn plus_ms(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; zero if `earlier` is later.
    pub fn ms_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whole seconds since 1970, the unit of MLS lifetimes and certificates.
    pub fn seconds(self) -> u64 {
        self.0 / 1000
    }
}
