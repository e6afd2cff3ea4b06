//! A token bucket: how often something may happen.

use lotgenoot_protocol::Timestamp;

/// `burst` at once, then one every `every_ms`.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    burst: u32,
    every_ms: u64,
    // The moment at which the bucket is full again.
    full_at: Timestamp,
}

impl Bucket {
    /// A full bucket.
    pub fn new(burst: u32, every_ms: u64) -> Self {
        Self { burst, every_ms, full_at: Timestamp(0) }
    }

    /// Takes one, or says how many milliseconds to wait.
    pub fn take(&mut self, now: Timestamp) -> Result<(), u64> {
        let debt_ms = self.full_at.ms_since(now);
        let allowed_ms = u64::from(self.burst - 1) * self.every_ms;
        if debt_ms > allowed_ms {
            return Err(debt_ms - allowed_ms);
        }
        self.full_at = now.plus_ms(debt_ms + self.every_ms);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::new(3, 100);
        let now = Timestamp(1_000_000);
        assert_eq!([bucket.take(now), bucket.take(now), bucket.take(now)], [Ok(()); 3]);
        assert_eq!(bucket.take(now), Err(100));
        assert_eq!(bucket.take(now.plus_ms(99)), Err(1));
        assert_eq!(bucket.take(now.plus_ms(100)), Ok(()));
        assert_eq!(bucket.take(now.plus_ms(10_000)), Ok(()));
    }
}
