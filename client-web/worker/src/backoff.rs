//! How long to wait before connecting again: soon at first, and never all at the same moment.

/// Grows from a quarter of a second to ten seconds; a random half of it, so that a room does not return at once.
pub(crate) struct Backoff {
    tries: u32,
}

const FIRST_MS: f64 = 250.0;
const LONGEST_MS: f64 = 10_000.0;

impl Backoff {
    pub(crate) fn new() -> Self {
        Self { tries: 0 }
    }

    /// The connection stands: begin anew next time.
    pub(crate) fn succeeded(&mut self) {
        self.tries = 0;
    }

    /// Milliseconds until the next try. `random` is between 0 and 1.
    pub(crate) fn next_ms(&mut self, random: f64) -> i32 {
        let longest = (FIRST_MS * 2f64.powi(self.tries.min(10) as i32)).min(LONGEST_MS);
        self.tries += 1;
        (longest * (0.5 + random / 2.0)) as i32
    }
}
