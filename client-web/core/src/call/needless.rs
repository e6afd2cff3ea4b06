//! Those who were let in to a call and were not needed: whose they are to take out, and when.
//!
//! Everybody who may be called is in the room from the beginning, so that whoever takes it can read, her phone off or not.
//! Half an hour after the lead's first words it is known who stays; the others could read what they are not for. Her own
//! client takes them out; if it is not there, the lead's does.

use lotgenoot_protocol::role::Role;
use lotgenoot_protocol::{LeafKey, Timestamp};

use super::{Call, Phase};
use crate::group::MemberLeaf;

// How long after the lead's first words nobody is taken out. Milliseconds: half an hour.
const NEEDED_MS: u64 = 1_800_000;
// How much longer the lead's client waits: hers does it, if it is there.
const LEADS_TURN_MS: u64 = 60_000;
// How soon it is looked again while it is not known who is needed.
const AGAIN_MS: u64 = 60_000;

impl Call {
    /// When [`Self::needless`] is to be asked.
    pub(crate) fn tidies_at(&self) -> Option<Timestamp> {
        self.tidies_at
    }

    /// Something happened at `at`: with words of the lead the half hour begins; without a lead there is none. `leads`
    /// says whether this client's own leaf does.
    pub(crate) fn half_hour(&mut self, leads: bool, at: Timestamp) {
        let mine = self.own || leads;
        self.tidies_at = match self.phase {
            Phase::Active if mine => {
                let turn_ms = if self.own { 0 } else { LEADS_TURN_MS };
                self.tidies_at.or(Some(at.plus_ms(NEEDED_MS + turn_ms)))
            }
            _ => None,
        };
    }

    /// Somebody else leads from here: the half hour begins anew.
    pub(super) fn begins_anew(&mut self) {
        self.tidies_at = None;
    }

    /// Who of `members` is not needed any more, if that is known at `now`: professionals who neither lead nor help, while
    /// nobody is asked for. No members: nobody knows yet who they are.
    pub(crate) fn needless(&mut self, members: Option<&[MemberLeaf]>, now: Timestamp) -> Vec<LeafKey> {
        if self.tidies_at.is_none_or(|at| at > now) {
            return Vec::new();
        }
        let is_asking = self.asks.iter().any(|asked| asked.ended.is_none());
        let is_known = self.phase == Phase::Active && !self.attention && !is_asking;
        let Some(members) = members.filter(|_| is_known) else {
            self.tidies_at = Some(now.plus_ms(AGAIN_MS));
            return Vec::new();
        };
        // Whoever is let in later is looked at later.
        self.tidies_at = Some(now.plus_ms(NEEDED_MS));
        let professional = |member: &&MemberLeaf| member.standing.role() == Some(Role::Professional);
        let needed = |key: &LeafKey| self.lead == Some(*key) || self.assistants.contains(key);
        members.iter().filter(professional).map(|member| member.key).filter(|key| !needed(key)).collect()
    }
}
