//! Counting what people say of sessions.

use lotgenoot_protocol::Timestamp;
use lotgenoot_protocol::limits::COUNTED_MIN;
use lotgenoot_protocol::survey::{Answers, Degree, Month, QUESTIONS};
use minicbor::{Decode, Encode};

const DEGREES: [Degree; 3] = [Degree::No, Degree::Partly, Degree::Yes];

/// What was said in one month.
#[derive(Clone, Debug, Default, Eq, PartialEq, Encode, Decode)]
pub struct Counts {
    #[n(0)]
    by_question: [[u64; 3]; QUESTIONS],
}

impl Counts {
    /// One more.
    pub fn add(&mut self, answers: &Answers) {
        for (counts, answer) in self.by_question.iter_mut().zip(answers.list()) {
            if let Some(at) = answer.and_then(|answer| DEGREES.iter().position(|degree| *degree == answer)) {
                counts[at] += 1;
            }
        }
    }

    /// As it is told: what so few have said that they might be recognised is left out.
    pub fn told(&self, month: u32) -> Month {
        let told = |count: &u64| Some(*count).filter(|count| *count == 0 || *count >= COUNTED_MIN);
        let counts = self.by_question.iter().map(|counts| counts.iter().map(told).collect()).collect();
        Month { year: (month / 12) as u16, month: (month % 12 + 1) as u8, counts }
    }
}

/// The month of a moment, by UTC: twelve times the year, and how many months of it have gone by.
///
/// The days of the calendar by Howard Hinnant's `civil_from_days` (public domain).
pub fn month_of(at: Timestamp) -> u32 {
    let days = at.0 / 86_400_000 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day + 2) / 153;
    let month = if from_march < 10 { from_march + 2 } else { from_march - 10 };
    let year = year + era * 400 + u64::from(from_march >= 10);
    (year * 12 + month) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_in_its_month() {
        let month = |seconds: u64| {
            let month = month_of(Timestamp(seconds * 1000));
            (month / 12, month % 12 + 1)
        };
        assert_eq!(month(0), (1970, 1));
        assert_eq!(month(951_782_399), (2000, 2), "the last second of the 28th");
        assert_eq!(month(951_868_799), (2000, 2), "a leap year's 29th");
        assert_eq!(month(951_868_800), (2000, 3));
        assert_eq!(month(1_798_761_599), (2026, 12));
        assert_eq!(month(1_798_761_600), (2027, 1));
    }

    #[test]
    fn what_few_have_said_is_not_told_and_what_nobody_has_said_is() {
        let mut counts = Counts::default();
        let answers = Answers { heard: Some(Degree::Yes), informed: Some(Degree::No), ..Answers::default() };
        for _ in 0..COUNTED_MIN {
            counts.add(&answers);
        }
        counts.add(&Answers { heard: Some(Degree::Partly), ..Answers::default() });
        let told = counts.told(2026 * 12 + 10);
        assert_eq!((told.year, told.month), (2026, 11));
        assert_eq!(told.counts[0], [Some(0), None, Some(COUNTED_MIN)]);
        assert_eq!(told.counts[1], [Some(0); 3]);
        assert_eq!(told.counts[2], [Some(COUNTED_MIN), Some(0), Some(0)]);
    }
}
