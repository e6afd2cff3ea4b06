//! A year and a month: when something was checked.

use serde::Deserialize;

/// Longer ago than this, somebody should look again. Months: half a year, as the design has it.
pub const STALE_MONTHS: u32 = 6;

/// Written as `2026-12`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd)]
#[serde(try_from = "String")]
pub struct Month {
    /// Since year 0.
    pub year: u32,
    /// 1 to 12.
    pub month: u32,
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(said: String) -> Result<Self, String> {
        let read = || {
            let (year, month) = said.split_once('-')?;
            let whole = |part: &str, digits| (part.len() == digits).then(|| part.parse().ok()).flatten();
            Some(Self { year: whole(year, 4)?, month: whole(month, 2)? })
        };
        read().filter(|it| (1..=12).contains(&it.month)).ok_or_else(|| format!("`{said}` is no month"))
    }
}
