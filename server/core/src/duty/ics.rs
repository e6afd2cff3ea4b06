//! Somebody's duty as a calendar that her own programs can follow (RFC 5545): when and for which service, and nothing else.

use std::fmt::Write;

use jiff::tz::TimeZone;
use lotgenoot_protocol::duty::OwnDuty;
use lotgenoot_protocol::{AccountKey, Timestamp};
use sha2::{Digest, Sha256};

use super::civil::local;

// A line has no more octets than this (RFC 5545, 3.1).
const LINE_BYTES_MAX: usize = 75;

/// These duties of hers, as a calendar made at `now`. A stretch keeps its name for as long as it begins when it does.
pub fn calendar(account: &AccountKey, own: &[OwnDuty], now: Timestamp) -> String {
    let mut out = String::new();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lotgenoot//duty 1//NL", "METHOD:PUBLISH"] {
        put(&mut out, line);
    }
    for duty in own {
        put(&mut out, "BEGIN:VEVENT");
        put(&mut out, &format!("UID:{}@lotgenoot", name(account, duty)));
        put(&mut out, &format!("DTSTAMP:{}", utc(now)));
        put(&mut out, &format!("DTSTART:{}", utc(duty.from)));
        put(&mut out, &format!("DTEND:{}", utc(duty.until)));
        put(&mut out, &format!("SUMMARY:Piketdienst {}", escaped(&duty.service)));
        put(&mut out, "END:VEVENT");
    }
    put(&mut out, "END:VCALENDAR");
    out
}

fn name(account: &AccountKey, duty: &OwnDuty) -> String {
    let digest = Sha256::new()
        .chain_update(b"Lotgenoot duty 1")
        .chain_update(account.0)
        .chain_update(duty.from.0.to_be_bytes())
        .chain_update(duty.service.as_bytes())
        .finalize();
    digest[..16].iter().fold(String::new(), |mut name, byte| {
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
