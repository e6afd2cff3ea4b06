//! Duty as a calendar that other programs can follow (RFC 5545). Somebody's own says when and for which service, and nothing
//! else. That of a service says who besides, for whoever plans it: what is read back is the same duty.

use std::fmt::Write;

use jiff::tz::TimeZone;
use lotgenoot_protocol::duty::OwnDuty;
use lotgenoot_protocol::{AccountKey, Timestamp};
use sha2::{Digest, Sha256};

use crate::duty::civil::local;

// A line has no more octets than this (RFC 5545, 3.1).
const LINE_BYTES_MAX: usize = 75;

// Addresses that nobody has (RFC 2606): whoever gets such a calendar writes to nobody by it.
const NOWHERE: &str = "@lotgenoot.invalid";

/// A stretch of somebody's duty, at such a level.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stretch {
    /// Whose.
    pub account: AccountKey,
    /// What she is called.
    pub alias: String,
    /// At which level, from 1.
    pub level: u32,
    /// From this moment.
    pub from: Timestamp,
    /// Until just before this one.
    pub until: Timestamp,
}

/// These duties of hers, as a calendar made at `now`. A stretch keeps its name for as long as it begins when it does.
pub fn calendar(account: &AccountKey, own: &[OwnDuty], now: Timestamp) -> String {
    let mut out = begun();
    put(&mut out, "METHOD:PUBLISH");
    for duty in own {
        put(&mut out, "BEGIN:VEVENT");
        event(&mut out, &name(&[b"Lotgenoot duty 1", &account.0], duty), duty, now);
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

/// The duty of a service, everybody's, as a calendar made at `now`. The level stands as priority.
pub fn calendar_of_service(service: &str, all: &[Stretch], now: Timestamp) -> String {
    let mut out = begun();
    for it in all {
        let duty = OwnDuty { service: service.to_owned(), from: it.from, until: it.until };
        put(&mut out, "BEGIN:VEVENT");
        let level = it.level.to_be_bytes();
        event(&mut out, &name(&[b"Lotgenoot service 1", &it.account.0, &level], &duty), &duty, now);
        // RFC 5545, 3.8.1.9: from 1 to 9.
        put(&mut out, &format!("PRIORITY:{}", it.level.clamp(1, 9)));
        put(&mut out, &format!("ORGANIZER:mailto:piket{NOWHERE}"));
        let alias = quoted(&it.alias);
        put(&mut out, &format!("ATTENDEE;CN=\"{alias}\":mailto:{}", address(&it.account)));
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

/// The address under which somebody stands in a calendar: always the same, and it leads nowhere.
pub(crate) fn address(account: &AccountKey) -> String {
    let digest = Sha256::new().chain_update(b"Lotgenoot attendee 1").chain_update(account.0).finalize();
    format!("{}{NOWHERE}", hex(&digest[..16]))
}

fn begun() -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lotgenoot//duty 1//NL"] {
        put(&mut out, line);
    }
    out
}

fn event(out: &mut String, name: &str, duty: &OwnDuty, now: Timestamp) {
    put(out, &format!("UID:{name}@lotgenoot"));
    put(out, &format!("DTSTAMP:{}", utc(now)));
    put(out, &format!("DTSTART:{}", utc(duty.from)));
    put(out, &format!("DTEND:{}", utc(duty.until)));
    put(out, &format!("SUMMARY:Piketdienst {}", escaped(&duty.service)));
}

fn name(whose: &[&[u8]], duty: &OwnDuty) -> String {
    let whose = whose.iter().fold(Sha256::new(), |digest, part| digest.chain_update(part));
    let digest =
        whose.chain_update(duty.from.0.to_be_bytes()).chain_update(duty.service.as_bytes()).finalize();
    hex(&digest[..16])
}

// RFC 5545, 3.2: a quoted parameter has no quotes and no control characters in it.
fn quoted(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && *c != '"').collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut name, byte| {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

fn utc(at: Timestamp) -> String {
    local(&TimeZone::UTC, at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

// RFC 5545, 3.3.11. A line break within a name would be a line of its own.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

// Longer lines go on in the next one, after a space; never within a character.
fn put(out: &mut String, line: &str) {
    let mut bytes = 0;
    for c in line.chars() {
        if bytes + c.len_utf8() > LINE_BYTES_MAX {
            out.push_str("\r\n ");
            bytes = 1;
        }
        out.push(c);
        bytes += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    const HER: AccountKey = AccountKey([7; 32]);
    const NOW: Timestamp = Timestamp(1_796_083_200_000);

    fn duty(service: &str, hours: u64) -> OwnDuty {
        let from = NOW.plus_ms(hours * 3_600_000);
        OwnDuty { service: service.to_owned(), from, until: from.plus_ms(3_600_000) }
    }

    #[test]
    fn a_duty_is_an_event_in_utc_with_a_name_that_stays() {
        let (first, again) = (
            calendar(&HER, &[duty("wijkteam", 2)], NOW),
            calendar(&HER, &[duty("wijkteam", 2)], NOW.plus_ms(1)),
        );
        assert!(first.contains("DTSTART:20261201T020000Z\r\nDTEND:20261201T030000Z\r\n"), "{first}");
        assert!(first.contains("SUMMARY:Piketdienst wijkteam\r\n"));
        assert_eq!(first, again);
        let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).unwrap().to_owned();
        assert_ne!(uid(&first), uid(&calendar(&HER, &[duty("wijkteam", 3)], NOW)));
        assert_ne!(uid(&first), uid(&calendar(&HER, &[duty("politie", 2)], NOW)));
        assert_ne!(uid(&first), uid(&calendar(&AccountKey([8; 32]), &[duty("wijkteam", 2)], NOW)));
    }

    #[test]
    fn a_name_is_never_a_line_of_its_own_and_no_line_is_too_long() {
        let name = "a;b,c\\d\nEND:VEVENT\r\u{e9}".repeat(6);
        let text = calendar(&HER, &[duty(&name, 0)], NOW);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_BYTES_MAX));
        assert!(text.contains("Piketdienst a\\;b\\,c\\\\d\\nEND:VEVENT"));
        assert_eq!(text.lines().filter(|line| line.trim() == "END:VEVENT").count(), 1);
    }
}
