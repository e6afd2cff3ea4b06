//! Moments, as she reads them where she is and in her language.

use crate::clock;
use crate::words::Words;

/// `HH:MM`.
pub(super) fn time(at_ms: u64) -> String {
    clock::time_of_day(at_ms, offset_minutes())
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

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
fn date(words: Words, at_ms: u64, parts: &[(&str, &str)]) -> String {
    let how = js_sys::Object::new();
    for (part, form) in parts {
        // An object of our own takes it.
        let _ = js_sys::Reflect::set(&how, &(*part).into(), &(*form).into());
    }
    js_sys::Date::new(&(at_ms as f64).into()).to_locale_date_string(words.lang().code(), &how).into()
}

#[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
fn offset_minutes() -> i64 {
    js_sys::Date::new_0().get_timezone_offset() as i64
}
