//! Proof of work: what every connection pays before the relay stores anything for it.
//!
//! Sixteen small puzzles instead of a large one, so that it takes about as long every time. A call for help is never
//! asked for it, and neither is reading.

use sha2::{Digest as _, Sha256};

use crate::limits::{WORK_BITS_MAX, WORK_PUZZLES};

/// What a client must find before it is asked for it: for each puzzle a counter with which
/// SHA-256(`Lotgenoot work 1` ‖ nonce ‖ puzzle ‖ counter) begins with as many zero bits as the challenge says. The
/// puzzle is one byte, from 0; the counter eight bytes.
pub struct Work {
    nonce: Vec<u8>,
    bits: u8,
    counter: u64,
    found: Vec<u64>,
}

impl Work {
    /// The work a challenge asks for; `None` for one that asks for none, or for more than anybody should do.
    pub fn new(nonce: &[u8], bits: u8) -> Option<Self> {
        (1..=WORK_BITS_MAX).contains(&bits).then(|| Self {
            nonce: nonce.to_vec(),
            bits,
            counter: 0,
            found: Vec::with_capacity(WORK_PUZZLES),
        })
    }

    /// Tries `tries` counters; the solution, when it was found.
    pub fn round(&mut self, tries: u32) -> Option<Vec<u64>> {
        for _ in 0..tries {
            if self.found.len() == WORK_PUZZLES {
                break;
            }
            if zeros(&self.nonce, self.found.len() as u8, self.counter) >= u32::from(self.bits) {
                self.found.push(self.counter);
                self.counter = 0;
            } else {
                self.counter += 1;
            }
        }
        (self.found.len() == WORK_PUZZLES).then(|| self.found.clone())
    }
}

/// Whether `counters` solve what was asked with this nonce.
pub fn is_solved(nonce: &[u8], bits: u8, counters: &[u64]) -> bool {
    let solves = |(puzzle, counter): (usize, &u64)| zeros(nonce, puzzle as u8, *counter) >= u32::from(bits);
    counters.len() == WORK_PUZZLES && counters.iter().enumerate().all(solves)
}

fn zeros(nonce: &[u8], puzzle: u8, counter: u64) -> u32 {
    let digest = Sha256::new()
        .chain_update(b"Lotgenoot work 1")
        .chain_update(nonce)
        .chain_update([puzzle])
        .chain_update(counter.to_be_bytes())
        .finalize();
    let mut head = [0; 8];
    head.copy_from_slice(&digest[..8]);
    u64::from_be_bytes(head).leading_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONCE: [u8; 32] = [5; 32];

    fn solved(nonce: &[u8], bits: u8) -> Vec<u64> {
        let mut work = Work::new(nonce, bits).expect("work that may be asked for");
        loop {
            if let Some(counters) = work.round(100) {
                return counters;
            }
        }
    }

    #[test]
    fn what_was_found_solves_this_challenge_and_no_other() {
        let counters = solved(&NONCE, 6);
        assert!(is_solved(&NONCE, 6, &counters));
        assert!(!is_solved(&[6; 32], 6, &counters), "another nonce");
        assert!(!is_solved(&NONCE, 30, &counters), "more than was done");
        assert!(!is_solved(&NONCE, 6, &counters[1..]), "a puzzle left out");
        for at in 0..WORK_PUZZLES {
            let mut wrong = counters.clone();
            wrong[at] = (0..).find(|it| zeros(&NONCE, at as u8, *it) < 6).expect("most are wrong");
            assert!(!is_solved(&NONCE, 6, &wrong), "puzzle {at}");
        }
    }

    #[test]
    fn rounds_of_any_length_find_the_same() {
        let mut work = Work::new(&NONCE, 4).expect("work");
        let one_by_one = std::iter::repeat_with(|| work.round(1)).find_map(|found| found);
        assert_eq!(one_by_one, Some(solved(&NONCE, 4)));
    }

    #[test]
    fn nobody_is_made_to_work_for_ever() {
        assert!(Work::new(&NONCE, 0).is_none());
        assert!(Work::new(&NONCE, WORK_BITS_MAX + 1).is_none());
    }
}
