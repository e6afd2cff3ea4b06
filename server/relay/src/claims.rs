//! Who has claimed how many one-time KeyPackages lately: nobody may use up everybody's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use lotgenoot_core::bucket::Bucket;
use lotgenoot_protocol::limits::CLAIMS_PER_HOUR_MAX;
use lotgenoot_protocol::{AccountKey, Timestamp};

const HOUR_MS: u64 = 3600 * 1000;
// Buckets that are full again say nothing: they are thrown away when there are this many.
const ACCOUNTS_MAX: usize = 10_000;

/// The allowances of all who claim.
#[derive(Default)]
pub struct Claims {
    buckets: Mutex<HashMap<AccountKey, (Bucket, Timestamp)>>,
}

impl Claims {
    /// Whether `account` may take `count` more one-time KeyPackages `now`; if so, they are counted.
    pub fn may_take(&self, account: AccountKey, count: usize, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ACCOUNTS_MAX && !buckets.contains_key(&account) {
            buckets.retain(|_, (_, last)| now.ms_since(*last) < HOUR_MS);
            // Still as many: whoever is new gets what cannot be used up, and is not remembered.
            if buckets.len() >= ACCOUNTS_MAX {
                return false;
            }
        }
        let every_ms = HOUR_MS / u64::from(CLAIMS_PER_HOUR_MAX);
        let fresh = || (Bucket::new(CLAIMS_PER_HOUR_MAX, every_ms), now);
        let (bucket, last) = buckets.entry(account).or_insert_with(fresh);
        *last = now;
        let before = *bucket;
        let all = (0..count).all(|_| bucket.take(now).is_ok());
        if !all {
            *bucket = before;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: AccountKey = AccountKey([1; 32]);

    #[test]
    fn an_hours_allowance_is_there_at_once_and_comes_back_over_an_hour() {
        let claims = Claims::default();
        let start = Timestamp(1_000_000);
        assert!(claims.may_take(ME, 40, start));
        assert!(claims.may_take(ME, 20, start));
        assert!(!claims.may_take(ME, 1, start));
        assert!(claims.may_take(AccountKey([2; 32]), 20, start), "others have their own");
        let later = start.plus_ms(HOUR_MS / 6);
        assert!(!claims.may_take(ME, 11, later), "what cannot be taken whole is not taken");
        assert!(claims.may_take(ME, 10, later));
        assert!(!claims.may_take(ME, 1, later));
    }

    #[test]
    fn however_many_claim_memory_is_bounded_and_who_was_known_keeps_her_allowance() {
        let claims = Claims::default();
        let start = Timestamp(1_000_000);
        let account = |number: usize| {
            let mut account = [0; 32];
            account[..8].copy_from_slice(&number.to_be_bytes());
            AccountKey(account)
        };
        let taken =
            (0..ACCOUNTS_MAX * 2).filter(|number| claims.may_take(account(*number), 1, start)).count();
        assert_eq!(taken, ACCOUNTS_MAX);
        assert_eq!(claims.buckets.lock().unwrap().len(), ACCOUNTS_MAX);
        assert!(claims.may_take(account(0), 59, start));
        assert!(!claims.may_take(account(0), 1, start));
        assert!(
            claims.may_take(account(ACCOUNTS_MAX), 1, start.plus_ms(HOUR_MS)),
            "after an hour there is room"
        );
    }
}
