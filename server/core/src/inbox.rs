//! What waits in an inbox whose owner does not come: of each matter the newest word, and nothing without bound.
//!
//! Whoever is on duty and away is paged in every cycle of every call, for weeks if nobody answers. When she comes she need
//! know what is so, not how often it was said. What still wants her is never forgotten; what is over is, the oldest first,
//! when there is too much of it.

use lotgenoot_protocol::call::{Alarm, Why};
use lotgenoot_protocol::codec;
use lotgenoot_protocol::frame::Notice;
use sha2::{Digest, Sha256};

/// How much waits in one inbox before what is over is forgotten: years of duty, and less than a second to read.
pub const WAITING_MAX: usize = 4096;
/// How often it is looked at how much there is: once in so many notices for one account, for counting takes its time.
pub const COUNTED_EVERY: u64 = 256;

/// What a notice is about, as a key in order of nothing. A later notice about the same takes the place of this one.
pub type Subject = Vec<u8>;

/// What this is about. A page is about its call, and about itself: whatever ends it names it.
pub fn subjects(notice: &Notice) -> Vec<Subject> {
    match notice {
        Notice::Added { room } => vec![subject(0, &[&room.0])],
        Notice::Page(page) => {
            vec![subject(1, &[&page.call.0, &of_why(&page.why)]), subject(2, &[&page.page.0])]
        }
        Notice::Taken { page, .. } => vec![subject(2, &[&page.0])],
        Notice::Unattended { room, .. } | Notice::Attended { room } => vec![subject(3, &[&room.0])],
        Notice::Knock { room, key_package } => vec![subject(4, &[&room.0, &short(key_package)])],
        Notice::Alarm { call, why, .. } => {
            let kinds: &[u8] = match why {
                Alarm::Unanswered => &[0],
                Alarm::HandedOverOften => &[1],
                // Of both.
                Alarm::Over => &[0, 1],
            };
            kinds.iter().map(|kind| subject(5, &[&call.0, &[*kind]])).collect()
        }
        Notice::DutyTaken { .. } => vec![subject(6, &[&short(&codec::to_vec(notice))])],
        Notice::CheckIn { .. } => vec![subject(7, &[])],
        Notice::NotCheckedIn { certificate, .. } => vec![subject(8, &[&short(certificate)])],
    }
}

/// Whether it may be forgotten unread when there is too much: it wants nobody.
pub fn is_past(notice: &Notice) -> bool {
    match notice {
        Notice::Page(_) | Notice::Added { .. } | Notice::Unattended { .. } | Notice::CheckIn { .. } => false,
        Notice::Alarm { why, .. } => *why == Alarm::Over,
        Notice::Taken { .. }
        | Notice::Attended { .. }
        | Notice::NotCheckedIn { .. }
        | Notice::DutyTaken { .. }
        // Who waits at the door knocks again.
        | Notice::Knock { .. } => true,
    }
}

fn subject(kind: u8, parts: &[&[u8]]) -> Subject {
    [&[kind], parts.concat().as_slice()].concat()
}

fn of_why(why: &Why) -> Vec<u8> {
    codec::to_vec(why)
}

fn short(bytes: &[u8]) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&Sha256::digest(bytes)[..16]);
    short
}
