//! Moments, as she reads them where she is and in her language.

use crate::clock;
use crate::words::Words;

/// `HH:MM`.
pub(super) fn time(at_ms: u64) -> String {
    clock::time_of_day(at_ms, offset_minutes(at_ms))
}

/// The day and the time of a moment, as fields for them want it: what [`moment`] reads.
pub(super) fn fields(at_ms: u64) -> (String, String) {
    let at = date_of(at_ms);
    let day = format!("{:04}-{:02}-{:02}", at.get_full_year(), at.get_month() + 1, at.get_date());
    (day, time(at_ms))
}

/// A day with its year.
pub(super) fn day(words: Words, at_ms: u64) -> String {
    date(words, at_ms, &[("day", "numeric"), ("month", "long"), ("year", "numeric")])
}

/// A day with its name, for what is near.
pub(super) fn weekday(words: Words, at_ms: u64) -> String {
    date(words, at_ms, &[("weekday", "long"), ("day", "numeric"), ("month", "long")])
}

/// The moment that `2026-11-27` and `20:00` name where she is; none if they name none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds since 1970 fit")]
pub(super) fn moment(day: &str, time: &str) -> Option<u64> {
    let at = js_sys::Date::parse(&format!("{day}T{time}"));
    (at.is_finite() && at > 0.0).then_some(at as u64)
}

fn date(words: Words, at_ms: u64, parts: &[(&str, &str)]) -> String {
    let how = js_sys::Object::new();
    for (part, form) in parts {
        // An object of our own takes it.
        let _ = js_sys::Reflect::set(&how, &(*part).into(), &(*form).into());
    }
    date_of(at_ms).to_locale_date_string(words.lang().date_code(), &how).into()
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
fn date_of(at_ms: u64) -> js_sys::Date {
    js_sys::Date::new(&(at_ms as f64).into())
}

// As it is then: in another season it may be another than now.
#[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
fn offset_minutes(at_ms: u64) -> i64 {
    date_of(at_ms).get_timezone_offset() as i64
}
